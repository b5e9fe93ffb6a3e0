"""Words of the live chart."""

WORDS = {
    "waiting": "Waiting behind {ahead} other trainings.",
    "waiting_one": "Waiting behind one other training.",
    "loading": "TensorFlow is starting; the first curve comes in a few seconds.",
    "compiling": "Preparing the training program for this network; it is kept for later.",
    "training": "Training: epoch {done} of {total}",
    "training_many": "Training: {ended} of {runs} runs finished",
    "retrying": "A training process was lost; the run starts again on another.",
    "paused": "Paused: nobody has watched this training for a minute. It goes on at once.",
    "again": "It began anew, because nobody had watched it for a minute.",
    "stopped": "Stopped",
    "interrupted": "Interrupted",
    "failed": "Failed",
    "unknown": "This training is no longer kept. Change any control to train again.",
    "lost": "The connection is lost; trying again …",
    "reset_zoom": "Reset zoom",
    "chart_name": "Chart of the training",
}
