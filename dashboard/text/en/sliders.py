"""Words of the sliders, heard by screen readers."""

WORDS = {
    "exact": "{label}, exact value",
    "help": "Help on {label}",
}
