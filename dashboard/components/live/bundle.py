"""Scripts that import each other as one script, and style sheets as one, from their texts by name.

Names are addresses below one folder, such as "live/chart.js". A script becomes a function of its
own, so that what it names is its own; the function returns what the script exports.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
DEFAULT = re.compile(r"^export default function ", re.MULTILINE)
SHEET = re.compile(r'^@import "([^"]+)";\n', re.MULTILINE)
LEFT = re.compile(r"^\s*(?:import|export|@import)\b.*", re.MULTILINE)
MAIN = "$main"  # what a script exports without a name


def script_bundle(sources: Mapping[str, str]) -> str:
    """One script whose default export holds the default exports of all, by their names.

    Raises `ValueError` for a script that imports or exports in another way than ours do.

    >>> print(script_bundle({"b.js": 'import { a } from "./a.js";\\nexport default function () {}',
    ...                      "a.js": "export const a = 1;"}))
    const a_js = (() => {
    const a = 1;
    return { a };
    })();
    const b_js = (() => {
    const { a } = a_js;
    function $main() {}
    return { $main };
    })();
    export default { "b.js": b_js.$main };
    """
    order = in_order(sources, IMPORT, 2)
    parts = [as_function(name, sources[name]) for name in order]
    mains = [f'"{name}": {word(name)}.{MAIN}' for name in order if DEFAULT.search(sources[name])]
    return "\n".join([*parts, f"export default {{ {', '.join(mains)} }};"])


def style_bundle(sources: Mapping[str, str]) -> str:
    """One style sheet: what another imports comes before it, and once.

    >>> style_bundle({"b/b.css": '@import "../a.css";\\nb { }\\n', "a.css": "a { }\\n"})
    'a { }\\nb { }\\n'
    """
    return "".join(SHEET.sub("", sources[name]) for name in in_order(sources, SHEET, 1))


def in_order(sources: Mapping[str, str], imports: re.Pattern[str], group: int) -> list[str]:
    """The names, each behind all that it imports, in its order: of two rules the later one holds.

    Raises `ValueError` for imports in a circle.
    """
    imported_by = {name: targets(name, sources[name], imports, group) for name in sources}
    found: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise ValueError(f"bundle: imports must go one way, got {' → '.join((*above, name))}.")
        if name in found:
            return
        for other in imported_by[name]:
            visit(other, (*above, name))
        found.append(name)

    anywhere = {other for others in imported_by.values() for other in others}
    for name in sorted(sources, key=anywhere.__contains__):  # first what nobody imports
        visit(name, ())
    return found


def targets(name: str, source: str, imports: re.Pattern[str], group: int) -> list[str]:
    return [beside(name, match[group]) for match in imports.finditer(source)]


def beside(name: str, address: str) -> str:
    """The name behind a relative address in a file.

    >>> beside("live/frame.js", "../slider/tip.js")
    'slider/tip.js'
    """
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def as_function(name: str, source: str) -> str:
    """A script as a function that is called at once."""

    def take(match: re.Match[str]) -> str:
        names = re.sub(r"\s+as\s+", ": ", match[1].strip())
        return f"const {{ {names} }} = {word(beside(name, match[2]))};\n"

    body = DEFAULT.sub(f"function {MAIN}", EXPORT.sub("", IMPORT.sub(take, source)))
    if left := LEFT.search(body):
        raise ValueError(f"bundle: {name} must import and export as the others do, got {left[0]}.")
    return f"const {word(name)} = (() => {{\n{body.rstrip()}\nreturn {exports(source)};\n}})();"


def exports(source: str) -> str:
    return f"{{ {', '.join(exported_names(source))} }}"


def exported_names(source: str) -> Iterator[str]:
    if DEFAULT.search(source):
        yield MAIN
    yield from EXPORT.findall(source)


def word(name: str) -> str:
    """A name that a script may have for another."""
    return re.sub(r"\W", "_", name)
