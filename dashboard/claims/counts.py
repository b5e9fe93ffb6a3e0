"""Which claims have which verdict: counted in a sentence, and listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from core.analysis.claims import CLAIMS, Claim
from dashboard.claims.job import Verdicts, flips
from dashboard.claims.settings import ALL, FLIPS
from dashboard.text import Words

KINDS = ("holds", "depends", "fails", "waiting")
Found = Mapping[str, Verdicts]  # by version of Keras, then by claim


def count_sentence(found: Verdicts, words: Words) -> str:
    """How many claims hold, depend on the seed, fail, and wait; and how many of it is sure."""
    said = words("claims.counted", total=len(CLAIMS), counts=kinds(found, words))
    return with_unsure(said, [found], words)


def kinds(found: Verdicts, words: Words) -> str:
    """The claims of each kind: "18 hold, 2 depend on the seed, 6 fail"."""
    counts = Counter[str](verdict.kind for verdict in found.values())
    counts["waiting"] = len(CLAIMS) - len(found)
    parts = [count(f"claims.count_{kind}", counts[kind], words) for kind in KINDS if counts[kind]]
    return words("claims.comma").join(parts)


def with_unsure(said: str, found: Iterable[Verdicts], words: Words) -> str:
    unsure = sum(not verdict.is_sure for of in found for verdict in of.values())
    return words("claims.counted_unsure", said=said, count=unsure) if unsure else said


def count(key: str, of: int, words: Words, **more: object) -> str:
    return words(f"{key}_one", **more) if of == 1 else words(key, count=of, **more)


def counts(found: Found, words: Words) -> str:
    """The count of each version, and how many claims flip between them."""
    if len(found) == 1:
        return count_sentence(next(iter(found.values())), words)
    parts = []
    for version, of in found.items():
        name = words(f"studies.version_{version}")
        parts.append(words("lesson.counted_version", version=name, counts=kinds(of, words)))
    flipped = sum(flips(claim, found) for claim in CLAIMS)
    key = "lesson.counted_flips"
    parts += [count(key, flipped, words, total=len(CLAIMS))] if flipped else []
    return with_unsure(words("explore.between_sentences").join(parts), found.values(), words)


def is_listed(claim: Claim, show: str, found: Found) -> bool:
    """Whether a claim has the verdict that is asked for, under any of the versions."""
    if show == ALL:
        return True
    if show == FLIPS:
        return flips(claim, found)
    return any(of[claim.id].kind == show for of in found.values() if claim.id in of)
