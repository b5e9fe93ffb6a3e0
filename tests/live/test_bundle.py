"""Scripts in one, and style sheets in one."""

from __future__ import annotations

import pytest

from dashboard.components.live.bundle import IMPORT, in_order, script_bundle, style_bundle
from tests.dashboard.scripts import answer

SCRIPTS = {
    "page/page.js": """\
import { named as called, Kind } from "../parts/first.js";
import {
  later,
} from "./second.js";

const own = "page";
export default function (more) {
  return [called(), new Kind().own, later, own, more];
}
[1].forEach(() => 0);
""",
    "page/second.js": """\
import { named } from "../parts/first.js";
const own = "second";
export const later = `${named()} and ${own}`;
""",
    "parts/first.js": """\
const own = "first";
export function named() {
  return own;
}
export async function unused() {}
export class Kind {
  own = own;
}
""",
}
IN_ORDER = ["parts/first.js", "page/second.js", "page/page.js"]


def test_scripts_in_one_do_what_they_did_apart_and_share_no_name():
    program = f"""
        const source = {script_bundle(SCRIPTS)!r};
        const all = await import("data:text/javascript," + encodeURIComponent(source));
        console.log(JSON.stringify(all.default["page/page.js"](JSON.parse(process.argv[1]))));
    """
    assert answer(program, "more") == ["first", "first", "first and second", "page", "more"]


@pytest.mark.parametrize("names", [list(SCRIPTS), IN_ORDER, IN_ORDER[::-1]])
def test_what_is_imported_comes_first_whatever_the_order_of_the_files(names):
    assert in_order({name: SCRIPTS[name] for name in names}, IMPORT, 2) == IN_ORDER


def test_a_style_sheet_that_others_import_is_there_once_and_before_them():
    sheets = {
        "a/one.css": '@import "../b/both.css";\n.one {}\n',
        "a/two.css": '@import "one.css";\n@import "../b/both.css";\n.two {}\n',
        "b/both.css": ".both {}\n",
    }
    assert style_bundle(sheets) == ".both {}\n.one {}\n.two {}\n"


def test_style_sheets_keep_the_order_in_which_another_imports_them():
    sheets = {
        "a.css": ".a {}\n",
        "b.css": ".b {}\n",
        "c.css": '@import "b.css";\n@import "a.css";\n',
    }
    assert style_bundle(sheets) == ".b {}\n.a {}\n"


@pytest.mark.parametrize(
    "source",
    [
        'import "./other.js";',
        'import * as all from "./other.js";',
        'export { one } from "./other.js";',
        "export let one = 1;",
        "export default class {}",
    ],
)
def test_another_way_to_import_or_export_is_refused(source):
    with pytest.raises(ValueError, match="must import and export as the others do"):
        script_bundle({"some.js": source, "other.js": ""})


def test_imports_in_a_circle_are_refused():
    circle = {name: f'import {{ x }} from "./{other}";\n' for name, other in ("ab", "bc", "ca")}
    with pytest.raises(ValueError, match="got a → b → c → a"):
        script_bundle(circle)


def test_an_import_of_what_is_not_there_is_refused():
    with pytest.raises(KeyError, match=r"none\.js"):
        script_bundle({"some.js": 'import { x } from "./none.js";\n'})
