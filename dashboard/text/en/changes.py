"""Words on settings that become others at the start of an epoch."""

WORDS = {
    "from": "From epoch {epoch} on: {what}.",
    "nothing": "nothing else",
    "piece": "{field} {value}",
    "comma": ", ",
    "between": " ",
    "more": "And {count} more.",
}
