"""Words of the frame around every page."""

WORDS = {
    "pages": "页面",
    "skip": "跳到正文",
    "more": "更多",
    "controls": "控件",
    "present": "演示",
    "present_help": "用于投影：字更大、线更粗，控件收起。",
    "cluster_gone": "计算集群没有响应：现由本机代为训练。",
    "cluster_missed": "计算集群没有响应：你要的训练会等它恢复后进行。",
    "store_silent": "结果库没有响应：以前的训练结果暂不显示；训练会重新进行，等它恢复响应后再保存。",
    "store_failing": "结果库无法读取：以前的训练结果暂不显示；训练会重新进行，等它可用后再保存。",
    "store_read_only": "结果库只能读取：以前的训练结果照常显示，新的训练结果不会保存。",
    "store_behind": "结果库暂时无法写入：等它恢复后，新的训练结果会保存。",
}
