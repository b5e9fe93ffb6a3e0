"""Words of the frame around every page."""

WORDS = {
    "pages": "Pages",
    "skip": "Skip to main content",
    "more": "More",
    "controls": "Controls",
    "present": "Present",
    "present_help": "For a projector: large type and thick lines; the controls fold away.",
    "cluster_gone": "The cluster does not answer: this machine trains in its place.",
    "cluster_missed": "The cluster does not answer: what you ask for is trained once it does.",
    "store_silent": "The store does not answer: what was trained before is not shown; runs are trained anew and kept once it answers again.",
    "store_failing": "The store cannot be read: what was trained before is not shown; runs are trained anew and kept once it can be used again.",
    "store_read_only": "The store can only be read: what was trained before is shown, new runs are not kept.",
    "store_behind": "The store takes nothing at the moment: new runs are kept once it does.",
}
