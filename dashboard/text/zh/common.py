"""Words that every page uses."""

WORDS = {
    "title": "学习率实验室",
    "language": "语言",
    "device_loading": "正在加载 TensorFlow …",
    "one_core": "CPU · 1 核",
    "cores": "CPU · {count} 核",
    "full_runs": "一次训练不了这么多：共 {got:,} 次训练，最多 {most:,} 次。请减少一些。",
    "full_epochs": "一次训练不了这么多：所有训练共 {got:,} 轮，最多 {most:,} 轮。请减少一些。",
    "full_jobs": "现在没有余地开始这次训练：每位访客最多同时进行 {most:,} 个，这将是第 {got:,} 个。请停止自己的一个训练，或等其中一个结束后再试。",
    "full_seconds": "这超出了一位访客同时可做的工作量：估计约需 {got:,} 秒，最多 {most:,} 秒。请减少训练次数或规模，或停止正在进行的训练。",
    "full_waiting": "现在没有余地开始这次训练：加上它，所有访客共有 {got:,} 轮在进行或等待，最多 {most:,} 轮。请等其中一些结束后再试。",
    "full_fit": "对普通的 Keras 来说这太多了：大约要 {got:,} 秒，最多 {most:,} 秒。请减少轮数或数据点，或者把网络变小。",
    "full_looks": "正在查看训练内部的访客太多：最多同时 {most:,} 个，这将是第 {got:,} 个。请稍后再试。",
    "of_runs": "{said}（{total} 次中的 {count} 次）",
    "unknown_job": "这次训练的结果已不再保留。动一下任意控件，或重新打开链接即可。",
    "page_failed": "页面出了点问题，不是你的错。所有设置都在地址栏里：刷新即可继续。",
    "undo": "撤销",
    "undo_help": "撤回上一次对设置的修改。",
    "reset": "恢复初始设置",
    "reset_help": "本页所有设置恢复为初始值；可以撤销。",
}
