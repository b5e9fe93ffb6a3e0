"""What is said where a step sets something else aside."""

WORDS = {
    "one": "{what} 暂不使用。",
    "several": "{what} 暂不使用。",
    "schedule": "“{name}”（{what}）暂不使用。",
    "piece": "{field} {value}",
    "between": "、",
    "undo": "撤销",
}
