"""Words of the strip that a first visit meets above the chart."""

WORDS = {
    "title": "First steps",
    "again": "First steps",
    "again_help": "Three small experiments that show what a learning rate does.",
    "close": "Close",
    "close_help": "Close the first steps; “First steps” under the chart brings them back.",
    "progress": "{number} of {total}",
    "about": "A network learns to tell the coloured dots apart. In one epoch it looks at each training dot once and corrects itself as it goes; the accuracy curve shows how many dots it gets right after each epoch.",
    "about_short": "A network learns to tell the coloured dots apart. One epoch: it looks at each of them once. The curve: how many it gets right.",
    "ask_large": "Drag the learning rate to 1. What do you expect?",
    "ask_tiny": "Now a tiny one: drag the learning rate to 1e-4, which is 0.0001. What do you expect?",
    "ask_good": "And one in between: drag the learning rate to 0.1. What do you expect?",
    "seen_large": "A rate of 1 is too large: every correction overshoots, so accuracy jumps up and down to the end and gets nowhere.",
    "seen_tiny": "A rate of 0.0001 is too small: every correction is so slight that accuracy creeps, and is far from done at the end.",
    "seen_good": "A rate of 0.1 is good: within a few epochs about 8 in 10 dots are right, and it stays so. The others lie among dots of another class.",
    "ask_end": "Too large jumps, too small creeps, in between it learns. A tutorial claims much more about it: is it true?",
    "set": "Set it to {rate}",
    "claims": "See its claims checked",
    "elsewhere": "These steps speak of the tutorial’s own settings; the page has others now.",
    "set_elsewhere": "Tutorial’s settings, rate {rate}",
}
