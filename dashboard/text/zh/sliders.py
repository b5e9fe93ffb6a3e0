"""Words of the sliders, heard by screen readers."""

WORDS = {
    "exact": "精确数值",
    "help": "说明",
}
