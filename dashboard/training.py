"""The job behind a page's chart: handed in, superseded, stopped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from core.experiment import Experiment
from core.experiment.limits import LEASE_SECONDS
from core.experiment.records import Run
from core.experiment.refusals import Reason
from core.service import QueueFull, UnknownJob
from core.service.messages import EngineName
from dashboard import session
from dashboard.laboratory import laboratory
from dashboard.text import Words

COMPILED: EngineName = "compiled"
OTHER: dict[EngineName, EngineName] = {"compiled": "keras", "keras": "compiled"}
JOBS_KNOWN = 256  # to be done, of all visitors
REFUSED = "{}-refused"  # why what a place was to train was not taken on


def train(
    experiments: Sequence[Experiment], slot: str, engine: EngineName = COMPILED
) -> str | None:
    """The job that trains these experiments for a place on a page; a job each is handed in once.

    Another set of experiments, or another engine, supersedes what that place trained before. None
    where there is no room for them; `no_room` says why.
    """
    if is_current(experiments, slot, engine) and (job := current(slot)):
        return job
    stop(slot)
    try:
        job = laboratory().submit(experiments, session.visitor(), engine, lease=LEASE_SECONDS)
    except QueueFull as full:
        st.session_state[REFUSED.format(slot)] = full.reason
        return None
    st.session_state[slot] = {"keys": keys(experiments), "engine": engine, "job": job}
    return job


def keys(experiments: Sequence[Experiment]) -> list[str]:
    return [experiment.key for experiment in experiments]


def no_room(slot: str, words: Words) -> str:
    """Why that place's experiments were not taken on when they were handed in last."""
    return limit_sentence(st.session_state[REFUSED.format(slot)], words)


def limit_sentence(reason: Reason, words: Words) -> str:
    """Which limit a laboratory has reached."""
    return reason.fill(words(f"common.{reason.code}"))


def current(slot: str) -> str | None:
    """The job that a place on a page shows now."""
    held = st.session_state.get(slot)
    return held["job"] if held and is_kept(held["job"]) else None


def is_current(experiments: Sequence[Experiment], slot: str, engine: EngineName = COMPILED) -> bool:
    """Whether that place shows these experiments, by that engine."""
    held = st.session_state.get(slot)
    if not held:
        return False
    return bool((held["keys"], held["engine"]) == (keys(experiments), engine))


def stop(slot: str) -> None:
    """Stop what that place trains; finished epochs stay."""
    job = current(slot)
    if job:
        laboratory().cancel(job)


def forget(slot: str) -> None:
    """Let go of what that place trained, so that it is handed in anew."""
    stop(slot)
    st.session_state.pop(slot, None)


def is_done(slot: str) -> bool:
    """Whether everything there has ended, one way or another."""
    job = current(slot)
    return job is not None and laboratory().progress(job).state == "done"


def count_unfinished(slot: str) -> int:
    """How many runs of what has ended there were stopped, interrupted, or failed."""
    job = current(slot)
    return cut_short(job) if job and is_done(slot) else 0


@lru_cache(maxsize=JOBS_KNOWN)
def cut_short(job: str) -> int:
    """Of a job that is done, whose runs no longer change."""
    return sum(not run.outcome.is_final for run in laboratory().runs(job))


def runs(slot: str) -> list[Run]:
    """The runs of that place as far as they have come."""
    return runs_of(current(slot))


def runs_of(job: str | None) -> list[Run]:
    """The runs of a job as far as they have come; none of one that is no longer kept."""
    return laboratory().runs(job) if job and is_kept(job) else []


def kept_or_again(
    job: str, experiments: Sequence[Experiment], visitor: str, engine: EngineName = COMPILED
) -> list[Run]:
    """The runs of a job; of one that is no longer kept, trained again, as the store answers it.

    Raises `QueueFull`.
    """
    try:
        return laboratory().runs(job)
    except UnknownJob:
        again = laboratory().submit(experiments, visitor, engine, lease=LEASE_SECONDS)
        for _ in laboratory().follow(again):
            pass
        return laboratory().runs(again)


def is_kept(job: str) -> bool:
    try:
        laboratory().progress(job)
    except UnknownJob:
        return False
    return True
