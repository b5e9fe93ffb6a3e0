"""When a page is at rest: what it was asked for has come, and it is not about to ask for more.

Streamlit's own word, `data-test-script-state`, changes only when the server has answered: for a
moment after a click, or after the end of a job, the page still says that its script has ended. What
is pressed then may be replaced under the finger.
"""

from __future__ import annotations

from playwright.sync_api import Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE_MS = 240_000.0  # a page's first script may wait for a busy machine

NEW = ForwardMsg.DESCRIPTOR.fields_by_name["new_session"].number
ENDED = ForwardMsg.DESCRIPTOR.fields_by_name["script_finished"].number
RERUN = BackMsg.DESCRIPTOR.fields_by_name["rerun_script"].number
FOR_ANOTHER = ForwardMsg.FINISHED_EARLY_FOR_RERUN

# Goes into every page before its own scripts: follows what it asks its server, and what it is told.
FOLLOWED = f"""(() => {{
    const ASKED = 0, RUNS = 1, RESTS = 2;
    window.lrlScript = ASKED;  // by its opening
    // The fields of a message, by number: the value of a number, or where other things begin.
    const fields = (data) => {{
        const bytes = new Uint8Array(data), found = {{}};
        let at = 0;
        const number = () => {{
            let value = 0, place = 1, byte;
            do {{ byte = bytes[at++]; value += (byte & 127) * place; place *= 128; }}
            while (byte & 128);
            return value;
        }};
        while (at < bytes.length) {{
            const tag = number(), kind = tag % 8;
            if (kind === 0) found[(tag - kind) / 8] = number();
            else if (kind === 2) {{ found[(tag - kind) / 8] = at; at = number() + at; }}
            else break;
        }}
        return found;
    }};
    const heard = (told) => {{
        if ({NEW} in told) window.lrlScript = RUNS;
        if (!({ENDED} in told) || window.lrlScript !== RUNS) return;
        if (told[{ENDED}] === {FOR_ANOTHER}) window.lrlScript = ASKED;
        else requestAnimationFrame(() => setTimeout(() => {{  // once the page has heard it, too
            if (window.lrlScript === RUNS) window.lrlScript = RESTS;
        }}));
    }};
    window.WebSocket = class extends WebSocket {{
        constructor(...given) {{
            super(...given);
            this.asks = this.url.endsWith("/_stcore/stream");
            if (this.asks) this.addEventListener("message", ({{ data }}) => heard(fields(data)));
        }}
        send(data) {{
            if (this.asks && {RERUN} in fields(data)) window.lrlScript = ASKED;
            super.send(data);
        }}
    }};
}})();"""

# What is pressed asks its server a moment later, so a moment later it is looked for.
AT_REST = """async () => {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return window.lrlScript === 2
        && !document.documentElement.hasAttribute("data-lrl-tells")
        && document.querySelector("[data-test-script-state=notRunning]") !== null;
}"""


def at_rest(page: Page) -> None:
    """Wait until the page's script has ended; until then its buttons may be replaced."""
    page.wait_for_function(AT_REST, timeout=PATIENCE_MS)
