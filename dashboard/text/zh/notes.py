"""What never does anything in an experiment."""

WORDS = {
    "never_warm": "训练在预热中就结束了，学习率只到 {end}（设定值 {rate}）：调度从未开始。",
    "lowest_not_below": "学习率永远不会降低：最低学习率 {lowest} 并不低于学习率 {rate}。",
    "patience_too_long": "学习率从未降低：最早要到第 {first} 轮之后，而一共只有 {epochs} 轮。",
    "cooldown_of_one": "冷却为 1 不起作用：结束冷却的那一轮会计数。",
    "step_too_late": "学习率从未下降一级：第一次要到第 {first} 轮之后，而一共只有 {epochs} 轮。",
    "stays": "学习率保持不变：{field} 为 {value}。",
    "nesterov_alone": "没有动量时，Nesterov 不起作用。",
    "change_too_late": "第 {epoch} 轮起的变化不会发生：一共只有 {epochs} 轮。",
}
