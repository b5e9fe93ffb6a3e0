"""How many workers suit a machine, read from files like those of real ones."""

import os
from pathlib import Path

import pytest

from core.engine.machine import cores
from core.experiment.limits import WORKERS_MAX, WORKERS_PER_GPU
from core.experiment.refusals import FieldError
from core.service.machine import THREADS, WORKERS_VARIABLE, surroundings, workers

ALL = cores(Path("/nowhere"))


def machine(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "granted"),
    [
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "100000 100000\n"}, 1),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "50000 100000\n"}, 1),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}, ALL),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/cpu.max": "100000 100000\n"}, 1),
        (
            {
                "proc/self/cgroup": "3:cpu,cpuacct:/a\n2:memory:/a\n",
                "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "100000\n",
                "sys/fs/cgroup/cpu/a/cpu.cfs_period_us": "100000\n",
            },
            1,
        ),
        (
            {
                "proc/self/cgroup": "1:cpu:/\n",
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            ALL,
        ),
        ({}, ALL),
    ],
)
def test_cores_are_those_that_the_control_group_grants(
    tmp_path: Path, files: dict[str, str], granted: int
) -> None:
    assert cores(machine(tmp_path, files)) == granted


def test_there_is_a_worker_for_every_core(tmp_path: Path) -> None:
    assert workers({}, tmp_path) == min(ALL, WORKERS_MAX)


def test_a_gpu_is_shared_by_few(tmp_path: Path) -> None:
    root = machine(tmp_path, {"dev/nvidia0": "", "dev/nvidiactl": ""})
    assert workers({}, root) == min(ALL, WORKERS_PER_GPU)


def test_the_environment_has_the_last_word(tmp_path: Path) -> None:
    assert workers({WORKERS_VARIABLE: " 7 "}, tmp_path) == 7


@pytest.mark.parametrize("said", ["0", "-1", "two", "1.5", "17", "9" * 5000, "²"])
def test_a_number_of_workers_that_is_none_is_refused(said: str) -> None:
    sentence = r"^Laboratory: `LEARNING_RATE_LAB_WORKERS` must be a whole number from 1 to 16, got "
    with pytest.raises(FieldError, match=sentence):
        workers({WORKERS_VARIABLE: said})


def test_a_worker_uses_one_core_and_finds_the_laboratory() -> None:
    inside = surroundings({"PYTHONPATH": "/elsewhere", "OMP_NUM_THREADS": "8", "HOME": "/home"})
    assert {inside[name] for name in THREADS} == {"1"}
    assert inside["HOME"] == "/home"
    home, rest = inside["PYTHONPATH"].split(os.pathsep)
    assert (Path(home) / "core" / "service" / "worker.py").exists()
    assert rest == "/elsewhere"
