// What this visitor tried, in order: one click goes back to it, pins it, or names it.

import { make } from "../live/head.js";
import { fill, written } from "../live/numbers.js";
import { ENDED } from "../live/report.js";
import { NAME_MOST, added, entry, file, pieces, raised } from "./entries.js";
import { Store } from "./store.js";

const STAYS = 1000; // ms that a run is looked at before it counts as tried: none on the way to it
const CLICK = 300; // ms from a press to the end of its click
const ROOM = matchMedia("(min-width: 640px)"); // beside the chart, where it is open from the start

const lists = new WeakMap();

/** Streamlit calls this with each rerun. */
export default function (component) {
  const place = component.parentElement;
  if (!lists.has(place)) lists.set(place, new History(place));
  const list = lists.get(place);
  list.update(component);
  return () =>
    setTimeout(() => {
      if (place.isConnected) return; // an earlier call ends; the place has stayed
      lists.delete(place);
      list.close();
    });
}

function button(className, act) {
  const made = make("button", className);
  made.type = "button";
  made.onclick = act;
  return made;
}

class History {
  job = null; // of the entry that was made last, or is about to be, and its cause
  cause = null;
  /** @type {number | undefined} */
  waiting = undefined;
  cleared = null; // entries that can be brought back
  naming = null; // the key of the entry that is being named

  constructor(place) {
    this.store = new Store();
    this.title = make("summary");
    this.list = make("ol", "lrl-history-list");
    this.list.reversed = true;
    this.empty = make("p", "lrl-history-empty");
    this.note = make("p", "lrl-history-note");
    this.status = make("p", "lrl-history-status");
    this.status.setAttribute("role", "status");
    this.download = button("lrl-history-act", () => this.save());
    this.clear = button("lrl-history-act", () => this.forget());
    this.undo = button("lrl-history-act", () => this.bringBack());
    const foot = make("div", "lrl-history-foot", this.download, this.clear, this.status, this.undo);
    this.element = make("details", "lrl-history", this.title, this.empty, this.note, this.list, foot);
    this.element.open = ROOM.matches;
    place.replaceChildren(this.element);
    this.heard = () => this.hear();
    this.elsewhere = ({ key }) => key === this.store.key && this.show();
    document.addEventListener(ENDED, this.heard);
    addEventListener("storage", this.elsewhere); // of another tab
  }

  update({ data, setTriggerValue }) {
    this.data = data;
    this.trigger = setTriggerValue;
    const { words } = data;
    this.empty.textContent = words.empty;
    this.note.textContent = words.note;
    this.download.textContent = words.download;
    this.download.title = words.download_help;
    this.clear.textContent = words.clear;
    this.clear.title = words.clear_help;
    this.undo.textContent = words.undo;
    this.show();
    this.hear(); // what has ended before this script was here
  }

  /** A run has ended: that of the current experiment becomes an entry, if it stays for a moment. */
  hear() {
    const { current, chart } = this.data;
    const ended = window.__lrl?.charts[chart]?.ended;
    const isKept = ended?.job === this.job && ended?.cause === this.cause; // the verdict may come late
    if (!ended || ended.job !== current.job || isKept) return;
    clearTimeout(this.waiting);
    const { key, query, own } = current;
    this.late = () => {
      this.late = null;
      Object.assign(this, { job: ended.job, cause: ended.cause });
      const one = entry({ ...ended, key, query, own, time: Date.now() });
      if (one) this.keep(added(this.store.entries, one));
    };
    this.waiting = setTimeout(() => this.data.current.job === ended.job && this.late?.(), STAYS);
  }

  keep(entries) {
    this.store.entries = entries;
    this.show();
  }

  /** The whole list again, the newest on top; the focus stays where it was. */
  show() {
    if (this.naming) return; // somebody types
    const { words } = this.data;
    const { entries } = this.store;
    const focused = document.activeElement;
    const focus = focused instanceof HTMLElement ? focused.dataset.lrlFocus : "";
    this.title.textContent = entries.length
      ? fill(words.title_count, { count: entries.length })
      : words.title;
    this.empty.hidden = entries.length > 0;
    this.note.hidden = this.download.hidden = this.clear.hidden = entries.length === 0;
    this.undo.hidden = !this.cleared;
    if (!this.cleared && this.status.textContent === words.cleared) this.status.textContent = "";
    const items = entries.map((one, place) => this.item(one, entries[place - 1]));
    const within = this.list.contains(document.activeElement);
    this.list.replaceChildren(...items.reverse());
    if (within)
      this.list
        .querySelector(`[data-lrl-focus="${CSS.escape(focus ?? "")}"]`)
        ?.focus({ preventScroll: true });
  }

  item(one, before) {
    const { words, current, can_pin } = this.data;
    const said = this.said(one, before);
    const what = said.map(({ text }) => text).join(words.between);
    const go = button("lrl-history-go", () => this.trigger("return", one.query));
    go.append(...(one.name ? [one.name] : this.marked(said)));
    const result = this.result(one);
    go.setAttribute("aria-label", `${go.textContent}: ${result.textContent}`);
    go.title = one.name ? `${what}\n${words.return_help}` : words.return_help;
    go.dataset.lrlFocus = `go-${one.key}`;
    const pin = button("lrl-history-act", () => this.pin(one));
    pin.textContent = words.pin;
    pin.disabled = !can_pin;
    pin.setAttribute("aria-label", fill(words.pin_what, { what: one.name || what }));
    pin.dataset.lrlFocus = `pin-${one.key}`;
    const name = button("lrl-history-act", () => this.ask(one, go));
    name.textContent = words.name;
    name.setAttribute("aria-label", fill(words.name_what, { what: one.name || what }));
    name.dataset.lrlFocus = `name-${one.key}`;
    const item = make("li", "", go, result, pin, name);
    if (one.key === current.key) item.setAttribute("aria-current", "true");
    return item;
  }

  /** What is not as in the tutorial, piece by piece. */
  said(one, before) {
    const { words, known } = this.data;
    const [first, ...others] = pieces(one, before, { ...known, yes: words.yes, no: words.no });
    return first
      ? [{ ...first, text: raised(first.text) }, ...others]
      : [{ text: words.tutorial, fresh: false }];
  }

  /** The same to the eye, what is new in bold. */
  marked(said) {
    const { between } = this.data.words;
    return said.flatMap(({ text, fresh }, place) => [
      place ? between : "",
      fresh ? make("b", "", text) : text,
    ]);
  }

  /** Final test accuracy and the cause of the verdict, or where the run diverged. */
  result({ outcome, epochs, final, cause }) {
    const { words } = this.data;
    const diverged = outcome === "diverged";
    const figure = diverged || final === null ? "–" : written("val_accuracy", final);
    const why = diverged ? fill(words.cause_diverged, { epoch: epochs }) : (words[`cause_${cause}`] ?? "");
    return make("span", "lrl-history-result", make("b", "", figure), " ", make("span", "", why));
  }

  pin({ query, name }) {
    this.status.textContent = this.data.words.pinned;
    this.trigger("pin", { query, name });
  }

  /** A field in the place of the entry; what is entered becomes its name, nothing takes it away. */
  ask(one, go) {
    const { words } = this.data;
    const field = make("input", "lrl-history-name");
    Object.assign(field, {
      type: "text",
      maxLength: NAME_MOST,
      value: one.name,
      placeholder: go.textContent,
    });
    field.setAttribute("aria-label", words.name_label);
    this.naming = one.key;
    const rename = (name) => {
      if (!this.naming) return false; // leaving the field follows Enter
      this.naming = null;
      const isRenamed = (other) => (other.key === one.key ? { ...other, name } : other);
      this.store.entries = this.store.entries.map(isRenamed);
      return true;
    };
    const end = (name) => {
      if (!rename(name)) return;
      this.show();
      this.list
        .querySelector(`[data-lrl-focus="${CSS.escape(`name-${one.key}`)}"]`)
        ?.focus({ preventScroll: true });
    };
    field.onkeydown = (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault(); // the button that has the focus then is not pressed by it
      end(event.key === "Enter" ? field.value.trim() : one.name);
    };
    // What was pressed to leave must still be there when it is let go.
    field.onblur = () => rename(field.value.trim()) && setTimeout(() => this.show(), CLICK);
    go.replaceWith(field);
    field.focus();
    field.select();
  }

  forget() {
    this.cleared = this.store.entries;
    this.keep([]);
    this.status.textContent = this.data.words.cleared;
    this.undo.focus();
  }

  /** What was cleared, and after it what came since. */
  bringBack() {
    const since = this.store.entries;
    const before = this.cleared;
    this.cleared = null;
    this.keep(since.reduce(added, before));
    this.clear.focus();
  }

  /** All entries as a file, made here. */
  save() {
    const page = `${location.origin}${new URL(".", document.baseURI).pathname}`;
    const blob = new Blob([file(this.store.entries, page)], { type: "application/json" });
    const link = Object.assign(make("a"), { href: URL.createObjectURL(blob), download: "history.json" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), STAYS);
  }

  close() {
    clearTimeout(this.waiting);
    if (this.late && this.data.current.job === this.job) {
      this.show = () => {};
      this.late();
    }
    document.removeEventListener(ENDED, this.heard);
    removeEventListener("storage", this.elsewhere);
  }
}
