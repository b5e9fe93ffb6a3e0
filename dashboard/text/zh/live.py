"""Words of the live chart."""

WORDS = {
    "waiting": "前面还有 {ahead} 个训练在等。",
    "waiting_one": "前面还有一个训练。",
    "loading": "TensorFlow 正在启动，再过几秒第一条曲线就会出现。",
    "compiling": "正在为这个网络准备训练程序，只需准备一次。",
    "training": "训练中：第 {done} 轮，共 {total} 轮",
    "training_many": "训练中：{runs} 个训练已完成 {ended} 个",
    "retrying": "有一个训练进程丢失，正在另一个进程上重新开始。",
    "paused": "已暂停：这次训练有一分钟没人看。现在马上继续。",
    "again": "因为有一分钟没人看，它又从头开始了。",
    "stopped": "已停止",
    "interrupted": "已中断",
    "failed": "失败",
    "unknown": "这次训练的结果已不再保留。动一下任意控件即可重新训练。",
    "lost": "连接已断开，正在重试 …",
    "reset_zoom": "还原缩放",
    "chart_name": "训练曲线图",
}
