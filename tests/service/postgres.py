"""A PostgreSQL of the tests' own, in a folder that goes with them, on a socket that is theirs."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

USER = "lab"
NOBODY = "nobody"  # PostgreSQL refuses to be run by root
START_SECONDS = 60
# What a crash of the machine would lose is not what is tested; nor are many connections.
SETTINGS = {"fsync": "off", "max_connections": "20", "shared_buffers": "16MB", "jit": "off"}


def program(name: str) -> str:
    """A program of PostgreSQL; Debian keeps those of a server out of the path."""
    of_debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(of_debian[-1]) if of_debian else None)
    if found is None:
        raise FileNotFoundError(
            f"the tests of the store need PostgreSQL's {name}: install the package postgresql"
        )
    return found


class Postgres:
    """One server, which a test may freeze and kill; `new_place` gives each test its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.as_user = {"user": NOBODY, "group": NOBODY_GROUP} if os.geteuid() == 0 else {}
        self._numbers = count()
        self._run("initdb", "--no-sync", "--auth=trust", "--locale=C", "-EUTF8", f"-U{USER}")
        self.start()

    def start(self) -> None:
        settings = {**SETTINGS, "listen_addresses": "", "unix_socket_directories": self.folder}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log, seconds = self.folder / "log", str(START_SECONDS)
        self._run("pg_ctl", "start", "-w", "-t", seconds, "-l", str(log), "-o", options)

    def stop(self, how: str = "immediate") -> None:
        """Immediate is what a crash is: nothing is brought in order."""
        self.go_on()
        self._run("pg_ctl", "stop", "-w", "-m", how)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def new_place(self) -> str:
        """The URL of a schema of its own, which takes a tenth of the time of a database."""
        schema = f"lab_{next(self._numbers)}"
        self.execute(f"CREATE SCHEMA {schema}")
        return f"{self._url(USER)}&options=-csearch_path%3D{schema}"

    def reader_of(self, place: str) -> str:
        """The same for a role that may read what is there and write nothing."""
        schema = place.rpartition("%3D")[2]
        reader = f"reader_of_{schema}"
        self.execute(f"CREATE ROLE {reader} LOGIN; GRANT USAGE ON SCHEMA {schema} TO {reader}")
        self.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader}")
        return place.replace(USER, reader, 1)

    def execute(self, statement: str) -> None:
        with psycopg.connect(self._url(USER), autocommit=True) as connection:
            connection.execute(statement)

    def _url(self, user: str) -> str:
        return f"postgresql://{user}@/postgres?host={self.folder}"

    @property
    def pids(self) -> list[int]:
        """Of the server and all that it started."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        tasks = Path(f"/proc/{first}/task").glob("*/children")
        return [first, *(int(pid) for task in tasks for pid in task.read_text().split())]

    def _signal(self, which: signal.Signals) -> None:
        for pid in self.pids:
            os.kill(pid, which)

    def _run(self, name: str, *arguments: str) -> None:
        command = [program(name), "-D", str(self.data), *arguments]
        done = subprocess.run(
            command,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            **self.as_user,
        )
        if done.returncode:
            log = self.folder / "log"
            said = log.read_text() if log.exists() else ""
            raise RuntimeError(f"{name} must succeed, got {done.returncode}: {said}")


NOBODY_GROUP = pwd.getpwnam(NOBODY).pw_gid


@contextmanager
def postgres() -> Iterator[Postgres]:
    """In a folder with a short name, as that of a socket may have 107 characters."""
    with tempfile.TemporaryDirectory(prefix="lab-pg-", dir="/tmp") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, NOBODY, NOBODY_GROUP)
        server = Postgres(Path(folder))
        try:
            yield server
        finally:
            server.stop()
