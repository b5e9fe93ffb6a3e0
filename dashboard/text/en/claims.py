"""Words of the page of claims; the sentences themselves are the laboratory's own."""

from core.claims import CLAIMS
from core.claims import WORDS as MEASURES

WORDS = {
    "nav": "Claims",
    "about": "What the tutorial says it found, each sentence checked seed by seed. A claim holds when at least nine in ten seeds agree, fails when at most one in ten does, and otherwise depends on the seed. The verdicts are computed from the runs below.",
    "seeds": "Seeds",
    "seeds_help": "Over how many seeds each claim is judged. Runs that are known from before are not trained again.",
    "version_help": "The tutorial was written for Keras 2.3. Under Keras 3 some of its code does something else.",
    "counted": "Of {total} claims {counts}.",
    "comma": ", ",
    "count_holds": "{count} hold",
    "count_depends": "{count} depend on the seed",
    "count_fails": "{count} fail",
    "count_waiting": "{count} wait for their runs",
    "holds": "holds",
    "depends": "depends on the seed",
    "fails": "fails",
    "waiting": "waits for its runs",
    "glance_caption": "Test accuracy by epoch, the mean of {seeds} seeds. Point at a line to see whose it is.",
    "glance_caption_one": "Test accuracy by epoch, of one seed. Point at a line to see whose it is.",
    "see": "See the study",
    "exact": "Computed exactly; no seed plays a part.",
    "one_seed_agrees": "The one seed agrees.",
    "one_seed_disagrees": "The one seed disagrees.",
    "seeds_agree": "{count} of {total} seeds agree{interval}",
    "measured": "{what}: {values}",
    "between": "; ",
    "value": "{value} ({cell})",
    "all_never": "never",
    "all_diverged": "all diverged",
    "some_never": "{value}, never in {count}",
    "some_diverged": "{value}, {count} diverged",
    **{f"claim_{claim.id}": claim.sentence for claim in CLAIMS},
    **{f"measure_{name}": f"{text[:1].upper()}{text[1:]}" for name, text in MEASURES.items()},
}
