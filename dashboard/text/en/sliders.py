"""Words of the sliders, heard by screen readers."""

WORDS = {
    "exact": "Exact value",
    "help": "Help",
}
