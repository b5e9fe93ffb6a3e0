"""Words that every page uses."""

WORDS = {
    "title": "Learning Rate Lab",
    "language": "Language",
    "device_loading": "Loading TensorFlow …",
    "device": "{device}",
    "too_many_jobs": "There is no room for this training now: each visitor may have {limit} under way, and all together a certain number of epochs. Stop one of yours, or try again when some have ended.",
    "too_large": "This is too much to be trained at once: {runs} runs with {epochs} epochs in all, where {most_runs} runs and {most_epochs} epochs will do. Take fewer of them.",
    "of_runs": "{said} ({count} of {total})",
    "unknown_job": "This training is no longer kept. Change any control, or open the link again.",
    "page_failed": "Something went wrong on this page, and it is not your fault. Your settings are in the address bar: reload to go on.",
}
