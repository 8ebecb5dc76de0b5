"""The keeper: parent of one server, which it stops when nobody uses it any more.

Who uses the server holds a shared lock on `<service>.users`; the keeper holds `<service>.keeper` for its life. Locks are
freed by the kernel, so a user who was killed does not count, and neither does a keeper.
"""

import os
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import IO, Protocol

from debriefs.local import locks, places
from debriefs.local.errors import LauncherError
from debriefs.local.places import Profile
from debriefs.local.postgres import Postgres
from debriefs.local.valkey import Valkey

# So long the server waits for the next command after the last one has ended.
LINGER_SECONDS = 3.0
_LOG_BYTES = 10_000_000


class Service(Protocol):
    """A server that a keeper can keep."""

    name: str
    profile: Profile

    def url(self) -> str: ...
    def is_answering(self) -> bool: ...
    def start(self, log: IO[bytes]) -> subprocess.Popen[bytes]: ...
    def stop(self, server: subprocess.Popen[bytes]) -> None: ...


def service(name: str, profile: Profile) -> Service:
    """The service of that name, `postgres` or `valkey`."""
    return Postgres(profile) if name == Postgres.name else Valkey(profile)


def lock_path(kept: Service, kind: str) -> Path:
    """The lock file `users`, `start` or `keeper` of a service."""
    return kept.profile.directory / f"{kept.name}.{kind}"


def failure_path(kept: Service) -> Path:
    """Where a keeper that gives up leaves its sentence."""
    return kept.profile.directory / f"{kept.name}.failure"


def spawn(kept: Service) -> None:
    """Starts a keeper that outlives us. Returns once it holds its lock; it then still has to start the server."""
    failure_path(kept).unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, "-m", "debriefs.local", "keeper", kept.name, kept.profile.name],
        cwd=places.ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )


def hurry(kept: Service) -> None:
    """Asks the keeper not to wait for the next command: it stops the server as soon as nobody uses it."""
    path = lock_path(kept, "keeper")
    # While the lock is held, the number in the file is its holder's and no stranger's.
    if locks.is_held(path):
        try:
            os.kill(int(path.read_text()), signal.SIGTERM)
        except (ValueError, ProcessLookupError):
            return


def main(name: str, profile_name: str) -> int:
    """Becomes the keeper: takes the lock, leaves its starter, and stays until the server is stopped."""
    kept = service(name, Profile(profile_name))
    lock = _take_keeper_lock(kept)
    if lock is None:
        return 0
    # The lock passes to the child with the open file, so it is never free in between.
    if os.fork():
        return 0
    os.setsid()
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    keeper = _Keeper(kept)
    with (kept.profile.directory / f"{kept.name}.log").open("ab") as log:
        if log.tell() > _LOG_BYTES:
            log.truncate(0)
        for descriptor in (1, 2):
            os.dup2(log.fileno(), descriptor)
        keeper.keep(log)
    return 0


class _Keeper:
    """One server from its start to its end."""

    def __init__(self, kept: Service) -> None:
        self.kept = kept
        self.in_a_hurry = False
        signal.signal(signal.SIGTERM, self._on_hurry)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def keep(self, log: IO[bytes]) -> None:
        """Starts the server and stops it when nobody uses it; ends with the server if that ends by itself."""
        try:
            server = self.kept.start(log)
        except LauncherError as error:
            failure_path(self.kept).write_text(str(error))
            return
        except Exception as error:
            # Whatever it was, somebody waits at a terminal to be told.
            traceback.print_exc()
            failure_path(self.kept).write_text(f"{self.kept.name} does not start: {error}. See {log.name}.")
            return
        alone_since: float | None = None
        while server.poll() is None:
            # Whoever wants to use the server now waits at this lock, until we let it go or have stopped the server.
            users = locks.acquire(lock_path(self.kept, "users"), wait=False)
            if users is None:
                alone_since = None
            else:
                alone_since = alone_since or time.monotonic()
                if self.in_a_hurry or time.monotonic() - alone_since >= LINGER_SECONDS:
                    self.kept.stop(server)
                    return
                locks.release(users)
            time.sleep(0.1)

    def _on_hurry(self, number: int, frame: object) -> None:
        self.in_a_hurry = True


def _take_keeper_lock(kept: Service) -> int | None:
    # More than once: somebody who merely looks whether the lock is held has it for an instant.
    for _ in range(20):
        lock = locks.acquire(lock_path(kept, "keeper"), wait=False)
        if lock is not None:
            return lock
        time.sleep(0.05)
    return None
