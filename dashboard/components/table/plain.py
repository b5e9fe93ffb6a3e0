"""A small table that only has to be read."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st


def plain_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, label: str) -> None:
    """Show texts as a table; the first of each row is its name, `label` is for screen readers."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(f"<tr>{row(texts)}</tr>" for texts in rows)
    st.html(
        f'<table class="plain-table" aria-label="{escape(label)}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def row(texts: Sequence[str]) -> str:
    name, *others = map(escape, texts)
    return f'<th scope="row">{name}</th>' + "".join(f"<td>{text}</td>" for text in others)
