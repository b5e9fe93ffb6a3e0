"""Words on settings that become others at the start of an epoch."""

WORDS = {
    "from": "从第 {epoch} 轮起：{what}。",
    "nothing": "没有别的变化",
    "piece": "{field} {value}",
    "comma": "，",
    "between": "",
    "more": "另有 {count} 处变化。",
}
