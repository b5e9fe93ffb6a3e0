"""Words of the dials, heard by screen readers."""

WORDS = {
    "exact": "精确数值",
    "help": "说明",
}
