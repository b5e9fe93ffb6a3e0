"""Tables of lines that every page with lines has: settings, and differences."""

from __future__ import annotations

import html
from collections.abc import Sequence

from dashboard.components.controls.form import Form
from dashboard.components.table.sortable import sortable
from dashboard.lines import difference_table
from dashboard.lines.differences import Compared
from dashboard.lines.settings_table import Setting
from dashboard.text import Words


def differences_table(of: Compared, form: Form, first: str) -> None:
    """How far each line ends from what it is compared to, in the order that the link has."""
    words = form.words
    rows = difference_table.rows(of, words)
    if len(rows) < 2:
        return  # the headline says it
    sortable(
        difference_table.columns(of, words, first),
        rows,
        label=words("compare.tab_difference"),
        order=form.get("order"),
        sort_by=words("compare.sort_by"),
        key=form.key("differences"),
        on_order=lambda order: form.change("order", order),
        on_open=lambda _: None,
    )


def settings_html(rows: Sequence[Setting], names: Sequence[str], words: Words) -> str:
    """A row a setting, a column a pin; where the pins differ, that is marked."""
    headings = "".join(f'<th scope="col">{html.escape(pin)}</th>' for pin in names)
    mark = f'<i role="img" aria-label="{words("compare.differs")}">≠</i>'
    body = "".join(
        f'<tr class="{"differs" if row.differs else "alike"}">'
        f'<th scope="row">{mark if row.differs else ""}{html.escape(row.label)}</th>'
        + "".join(f"<td>{html.escape(value)}</td>" for value in row.values)
        + "</tr>"
        for row in rows
    )
    head = f'<tr><th scope="col">{words("compare.setting")}</th>{headings}</tr>'
    return (
        '<div class="compare-settings" tabindex="0">'
        f'<table class="plain-table"><thead>{head}</thead><tbody>{body}</tbody></table></div>'
    )
