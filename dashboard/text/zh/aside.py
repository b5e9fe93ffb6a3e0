"""What is said where a step sets something else aside."""

WORDS = {
    "one": "{what} 先放在一边。",
    "several": "{what} 先放在一边。",
    "schedule": "“{name}”（{what}）先放在一边。",
    "piece": "{field} {value}",
    "between": "、",
    "undo": "撤销",
}
