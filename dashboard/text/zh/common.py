"""Words that every page uses."""

WORDS = {
    "title": "学习率实验室",
    "language": "语言",
    "device_loading": "正在加载 TensorFlow …",
    "device": "{device}",
    "too_many_jobs": "现在没有余地开始这次训练：每位访客最多同时进行 {limit} 个，所有访客的 epoch 总数也有上限。请停止自己的一个训练，或等别的训练结束后再试。",
    "too_large": "一次训练不了这么多：共 {runs} 次训练、{epochs} 个 epoch，最多 {most_runs} 次训练、{most_epochs} 个 epoch。请减少一些。",
    "of_runs": "{said}（{total} 次中的 {count} 次）",
    "unknown_job": "这次训练的结果已不再保留。动一下任意控件，或重新打开链接即可。",
    "page_failed": "页面出了点问题，不是你的错。所有设置都在地址栏里：刷新即可继续。",
}
