"""Real processes for tests: workers, beats and an SMTP server of their own, ended by pid."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


def environment(**more: str) -> dict[str, str]:
    """What a child needs to work on the test's database, Redis number and mail server."""
    database = connection.settings_dict
    address = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )
    return {
        **os.environ,
        "DATABASE_URL": address,
        "REDIS_URL": settings.REDIS_URL,
        "EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
        "DEBRIEFS_LOCAL": "1",
        "DEBRIEFS_BASE_URL": settings.BASE_URL,
        "DEBRIEFS_SECRET_KEY": settings.SECRET_KEY,
        "DEBRIEFS_LINK_KEYS": ",".join(settings.LINK_KEYS),
        "DEBRIEFS_NOTICE_TICK_SECONDS": "1",
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        **more,
    }


class Child:
    """One process of ours with its whole group; `stop` and `kill` end exactly that group."""

    def __init__(self, *command: str, log: Path, **more: str) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment(**more), stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL to the process and its children, as when a machine dies."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM to the main process, then SIGKILL to whatever of the group is left."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                pass
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass
        self.process.wait(20)


@contextmanager
def running(
    tmp_path: Path, *, workers: int = 1, beats: int = 1, pool: str = "prefork", processes: int = 2
) -> Iterator[list[Child]]:
    """Workers (first) and beats on the test's services; stopped at the end, their logs below `tmp_path`."""
    tmp_path.mkdir(parents=True, exist_ok=True)
    celery = [sys.executable, "-m", "celery", "-A", "debriefs"]
    children = [
        Child(
            *celery, "worker", "-c", str(processes), "-P", pool, "-n", f"w{number}@%h", "--without-gossip", "--without-mingle", "-l", "INFO",
            log=tmp_path / f"worker-{number}.log",
        )
        for number in range(workers)
    ]  # fmt: skip
    children += [
        Child(
            *celery, "beat", "-s", str(tmp_path / f"beat-{number}"), "-l", "INFO", log=tmp_path / f"beat-{number}.log"
        )
        for number in range(beats)
    ]
    try:
        yield children
    finally:
        for child in children:
            child.stop()


def wait_for(condition: Callable[[], bool], *, seconds: float = 120, what: str = "") -> None:
    """Polls until the condition holds. The limit is generous: it ends a hung test, it measures nothing."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what or condition}")
        time.sleep(0.1)
