"""The training process, `python -m core.service.worker`: trains what it is sent, says what it has.

With the argument "keras" it trains by plain `fit`, in place of the compiled engine.

It is told by messages on standard input and says others on standard output: see
`core.service.messages`.

It ends when standard input does, which is also how it learns that its parent has died.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import BinaryIO

from core.engine.fingerprint import device_class
from core.engine.lean import without
from core.experiment import Experiment
from core.experiment.limits import WHY_CHARACTERS_MAX
from core.service import frames
from core.service.encoding import MessageError, encode
from core.service.fit_pool import ARGUMENT
from core.service.fit_session import fit_engine
from core.service.frames import FrameError
from core.service.messages import (
    NAME_MAX,
    Alive,
    Broken,
    FromWorker,
    Loading,
    Ready,
    Refused,
    ToWorker,
    to_worker,
)
from core.service.trainer import Engine
from core.service.worker_loop import Inbox, WorkerLoop, why

NATIVE_LOG = "TF_CPP_MIN_LOG_LEVEL"  # 0 for everything, 2 for errors only
BEAT_SECONDS = 1.0
NICENESS = 5  # a page that is drawn goes before what trains, three to one, and starves nobody
FIT_NICENESS = 15  # what is compiled goes before plain `fit`, nine to one


def own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for frames alone: whatever is printed goes to standard error."""
    frames_in, frames_out = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(frames_in, "rb"), os.fdopen(frames_out, "wb")


def read_all(stream: BinaryIO, inbox: Inbox) -> None:
    """Put every message into the inbox; end the process, busy or not, when there are no more.

    After what is no frame nothing can be understood: then it ends too, and its parent starts anew.
    """
    status = 0
    try:
        while frame := frames.read(stream):
            inbox.put(understood(frame))
    except FrameError as error:
        print(error, file=sys.stderr, flush=True)
        status = 1
    os._exit(status)


def understood(frame: frames.Frame) -> ToWorker | Refused:
    """The message that a frame is, or why it is none."""
    try:
        return to_worker(frame)
    except MessageError as error:
        kind, task = (str(frame.header.get(name, ""))[:NAME_MAX] for name in ("kind", "task"))
        return Refused(kind, str(error)[:WHY_CHARACTERS_MAX], task)


def serve(load: Callable[[], Engine], niceness: int = NICENESS) -> None:
    """Be a worker that trains with the engine that `load` imports; does not return."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, and it decides
    os.nice(niceness)
    frames_in, frames_out = own_streams()
    inbox: Inbox = SimpleQueue()
    threading.Thread(target=read_all, args=(frames_in, inbox), daemon=True).start()
    one_by_one = threading.Lock()

    def say(message: FromWorker) -> None:
        with one_by_one:
            frames.write(frames_out, encode(message))

    with suppress(BrokenPipeError):  # the parent has gone
        run(load, inbox, say)
    sys.stderr.flush()
    os._exit(0)  # no thread that still compiles is waited for


def run(load: Callable[[], Engine], inbox: Inbox, say: Callable[[FromWorker], None]) -> None:
    say(Loading())
    try:
        with quiet_libraries():
            engine = load()
    except ImportError as error:
        say(Broken(why(error)))
        return
    say(Ready(engine.device, engine.device_class))
    loop = WorkerLoop(engine, inbox, say)
    threading.Thread(target=beat, args=(loop, say), name="beat", daemon=True).start()
    loop.work()


def beat(loop: WorkerLoop, say: Callable[[FromWorker], None]) -> None:
    """Say that this process is there, as long as what it trains goes on."""
    with suppress(BrokenPipeError):
        while True:
            if not loop.hangs:
                say(Alive())
            threading.Event().wait(BEAT_SECONDS)


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep native libraries from standard error, unless the user wants to hear them all.

    What they say while they are loaded comes before their own setting for it is in force.
    """
    if os.environ.get(NATIVE_LOG, "0") < "2":
        yield
        return
    sys.stderr.flush()
    heard, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(heard, 2)
        os.close(heard)
        os.close(nothing)


def compiled_engine() -> Engine:
    """The engine of the laboratory; this import takes seconds."""
    from core.engine.compiled import Session, warm
    from core.engine.device import device_name, on_gpu
    from core.engine.looking import look

    def compile_and_tidy(experiment: Experiment) -> None:
        warm(experiment)
        give_back()

    device = device_class(on_gpu())
    load_beside()
    return Engine(Session, compile_and_tidy, device_name(), device, look, snapshot=Session.snapshot)


def load_beside() -> None:
    """Load scikit-learn, which makes the data, while the first program is compiled.

    Raises `ModuleNotFoundError` where there is none.
    """
    if importlib.util.find_spec("sklearn") is None:
        raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn")
    threading.Thread(target=load_data_sets, name="data sets", daemon=True).start()


def load_data_sets() -> None:
    with without("pandas"):  # 60 MB that no data set of ours needs
        import sklearn.datasets  # noqa: F401


def keras_engine() -> Engine:
    """Plain `fit`; this import takes seconds."""
    load_data_sets()
    from core.engine.device import device_name, on_gpu
    from core.engine.keras_fit import fit

    return fit_engine(fit, device_name(), device_class(on_gpu()))


def give_back() -> None:
    """Return freed memory to the system: a compiler leaves 100 MB behind (`malloc_trim`, glibc)."""
    with suppress(OSError, AttributeError):  # another C library keeps house by itself
        ctypes.CDLL("libc.so.6").malloc_trim(0)


if __name__ == "__main__":
    if ARGUMENT in sys.argv[1:]:
        serve(keras_engine, FIT_NICENESS)
    serve(compiled_engine)
