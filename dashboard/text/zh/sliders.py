"""Words of the sliders, heard by screen readers."""

WORDS = {
    "exact": "{label}：精确数值",
    "help": "{label}：说明",
}
