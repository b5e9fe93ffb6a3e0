"""Words that every page uses."""

WORDS = {
    "title": "Learning Rate Lab",
    "language": "Language",
    "device_loading": "Loading TensorFlow …",
    "one_core": "CPU · 1 core",
    "cores": "CPU · {count} cores",
    "full_runs": "This is too much to be trained at once: {got:,} runs, where at most {most:,} will do. Take fewer of them.",
    "full_epochs": "This is too much to be trained at once: {got:,} epochs over all runs, where at most {most:,} will do. Take fewer of them.",
    "full_jobs": "There is no room for this training now: each visitor may have at most {most:,} under way, and this would be number {got:,}. Stop one of yours, or try again when one has ended.",
    "full_seconds": "This is more work than one visitor may have under way: about {got:,} seconds by estimate, where at most {most:,} will do. Take fewer runs or smaller ones, or stop what is under way.",
    "full_waiting": "There is no room for this training now: with it, {got:,} epochs of all visitors would be under way, where at most {most:,} may. Try again when some of them have ended.",
    "full_fit": "This is too much for plain Keras: it would take about {got:,} seconds, where at most {most:,} will do. Take fewer epochs, fewer points or a smaller network.",
    "full_looks": "So many visitors look into runs that there is no room for another: at most {most:,} may at once, and this would be number {got:,}. Try again in a moment.",
    "of_runs": "{said} ({count} of {total})",
    "unknown_job": "This training is no longer kept. Change any control, or open the link again.",
    "page_failed": "Something went wrong on this page, and it is not your fault. Your settings are in the address bar: reload to go on.",
    "undo": "Undo",
    "undo_help": "Takes the last change of a setting back.",
    "reset": "Back to the start",
    "reset_help": "All settings of this page as they are at first. This can be undone.",
}
