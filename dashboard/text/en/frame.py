"""Words of the frame around every page."""

WORDS = {
    "pages": "Pages",
    "skip": "Skip to main content",
    "more": "More",
    "controls": "Controls",
    "present": "Present",
    "present_help": "For a projector: large type and thick lines; the controls fold away.",
}
