"""Words of the dials, heard by screen readers."""

WORDS = {
    "exact": "Exact value",
    "help": "Help",
}
