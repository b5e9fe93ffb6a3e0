"""What nobody foresaw is one sentence of the visitor's language, and a traceback in the log."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.text import LANGUAGES, Words
from tests.dashboard.page_app import PATIENCE


def script(does: str, language: str) -> None:
    """A page with one button; `does` says what the page or the button goes through."""
    import streamlit as st

    from dashboard import failure
    from dashboard.text import Words

    def fail() -> None:
        raise RuntimeError("nobody foresaw this")

    def page() -> None:
        st.button("press", on_click=lambda: failure.act_safely(fail))
        if does == "fails":
            fail()
        if does == "stops":
            st.stop()
        if does == "reruns" and not st.session_state.get("again"):
            st.session_state["again"] = True
            st.rerun()
        st.text("drawn")

    failure.draw_page(page, Words(language))


def shown(does: str, language: str = "en") -> AppTest:
    given = {"does": does, "language": language}
    return AppTest.from_function(script, kwargs=given, default_timeout=PATIENCE).run()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_fails_says_so_and_the_log_says_why(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        app = shown("fails", language)
    assert [error.value for error in app.error] == [Words(language)("common.page_failed")]
    assert not app.exception
    assert "nobody foresaw this" in caplog.text


@pytest.mark.parametrize(("does", "texts"), [("stops", []), ("reruns", ["drawn"])])
def test_what_streamlit_raises_for_itself_passes(does: str, texts: list[str]) -> None:
    app = shown(does)
    assert [text.value for text in app.text] == texts
    assert not app.error


def test_a_control_that_fails_says_so_below_the_page_and_only_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = shown("draws")
    with caplog.at_level(logging.ERROR):
        app.button[0].click().run()
    assert [text.value for text in app.text] == ["drawn"]
    assert [error.value for error in app.error] == [Words("en")("common.page_failed")]
    assert "nobody foresaw this" in caplog.text
    app.run()
    assert not app.error
