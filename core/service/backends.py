"""Which back end the environment asks for: this machine, or a Dask cluster by its address."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from core.experiment.refusals import FieldError, Typed, because
from core.service.backend import Backend, Here
from core.service.machine import COMMAND, workers

BACKEND_VARIABLE = "LEARNING_RATE_LAB_BACKEND"
SCHEMES = ("tcp://", "tls://")  # with `tls`, by the certificates of Dask's own configuration


def backend(
    slots: int | None = None,
    command: Sequence[str] = COMMAND,
    environment: Mapping[str, str] = os.environ,
) -> Backend:
    """The back end for a laboratory; on this machine it has `slots` workers, or what suits it.

    Where a cluster trains, these are for when it does not answer; `LEARNING_RATE_LAB_WORKERS=0`
    has nobody train here then. Raises `FieldError`, and `RuntimeError` where Dask is missing.
    """
    address = environment.get(BACKEND_VARIABLE, "").strip()
    if not address:
        return Here(slots or workers(environment), command)
    if not address.startswith(SCHEMES):
        raise FieldError("Laboratory", BACKEND_VARIABLE, because("address"), Typed(address))
    try:
        from core.service.cluster import Cluster
    except ModuleNotFoundError as missing:
        raise RuntimeError(
            f"Laboratory: {BACKEND_VARIABLE} needs the package {missing.name}: install what"
            " requirements/dask.txt names."
        ) from missing
    here = Here(workers(environment, fewest=0) if slots is None else slots, command)
    return Cluster(address, command[1:], here)
