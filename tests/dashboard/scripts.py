"""The browser's own scripts, asked by tests without a browser."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

ROOT = Path(__file__).parents[2]
PROGRAM = """
import { NAME } from "./dashboard/components/live/MODULE.js";
const [bind, found] = JSON.parse(process.argv[1]);
const run = ({ kind, columns }) => ({
  outcome: { kind },
  count: Object.values(columns)[0].length,
  columns: Object.fromEntries(
    Object.entries(columns).map(([field, values]) => [field, Float64Array.from(values)])),
});
const runs = new Map(found.map((one, number) => [number, run(one)]));
const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
console.log(JSON.stringify(NAME(bind, { runs }), plain));
"""


def asked(module: str, name: str, bind: dict[str, Any], found: list[dict[str, Any]]) -> Any:
    """What `name` of `dashboard/components/live/<module>.js` makes of a bind and these runs.

    A run is `{"kind": how it ended, "columns": {field: values by epoch}}`. Playwright brings the
    Node.js that this takes.
    """
    program = PROGRAM.replace("NAME", name).replace("MODULE", module)
    return answer(program, [bind, found])


def answer(program: str, given: Any) -> Any:
    """What a program logs as JSON, with `process.argv[1]` as JSON of what it is given."""
    node, _ = compute_driver_executable()
    command = [node, "--input-type=module", "-e", program, json.dumps(given)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return json.loads(said)


CALL = """
import * as MODULE from "./dashboard/components/live/MODULE.js";
const given = JSON.parse(process.argv[1]);
const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
console.log(JSON.stringify(given.map((values) => MODULE.NAME(...values)), plain));
"""


def call(module: str, name: str, *given: list[Any]) -> list[Any]:
    """What `name` of a module answers to each of these lists of arguments."""
    program = CALL.replace("MODULE", module).replace("NAME", name)
    found: list[Any] = answer(program, list(given))
    return found
