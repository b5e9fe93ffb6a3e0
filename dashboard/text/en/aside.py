"""What is said where a step sets something else aside."""

WORDS = {
    "one": "{what} is set aside.",
    "several": "{what} are set aside.",
    "schedule": "“{name}” ({what}) is set aside.",
    "piece": "{field} {value}",
    "between": ", ",
    "undo": "Undo",
}
