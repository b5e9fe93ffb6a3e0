"""Words that every page uses."""

WORDS = {
    "title": "学习率实验室",
    "language": "语言",
    "device_loading": "正在加载 TensorFlow …",
    "device": "{device}",
    "refused": "**{label}** 应为{expected}，而这里是 `{got}`。{kept}",
    "refused_link": "链接中的其他设置照常生效。",
    "refused_kept": "仍沿用之前的值。",
    "refused_unknown": "链接里的字段 `{name}` 无法识别，其他设置照常生效。",
    "refused_idle": "**{label}** 在这里不起作用，已忽略：链接中同时指定了{because}。",
    "number_from": " {low} 到 {high} 之间的数",
    "number_above": "大于 {low} 且不超过 {high} 的数",
    "whole_from": " {low} 到 {high} 之间的整数",
    "one_of": "以下之一：{options}",
    "true_or_false": " true 或 false",
    "list_of": "至多 {most} 个 {low} 到 {high} 之间的整数，用逗号分隔，或填 none",
    "too_large": "更小的值：{what}合计不能超过 {limit}",
    "too_many_jobs": "你已有 {limit} 个训练在进行。请先停止一个，或等其中一个结束。",
    "unknown_job": "这次训练的结果已不再保留。动一下任意控件，或重新打开链接即可。",
    "page_failed": "页面出了点问题，不是你的错。所有设置都在地址栏里：刷新即可继续。",
}
