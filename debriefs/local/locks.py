"""File locks that the kernel frees however a process dies: nothing to count, nothing to clean up after a SIGKILL."""

import os
from pathlib import Path

from debriefs.local.errors import LauncherError

try:
    import fcntl
except ImportError as error:  # pragma: no cover - native Windows
    raise LauncherError(
        "The embedded services need Linux or macOS. On Windows use WSL2, or set DATABASE_URL and REDIS_URL."
    ) from error


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise LauncherError(
            f"{path.parent} belongs to another user. Start as that user, or set DEBRIEFS_DATA_DIR to a directory of yours."
        ) from error


def acquire(path: Path, *, shared: bool = False, wait: bool = True) -> int | None:
    """The descriptor that holds the lock until it is closed or the process ends; None if `wait` is off and it is taken."""
    descriptor = _open(path)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind if wait else kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def release(descriptor: int | None) -> None:
    """Gives a lock back; None is ignored."""
    if descriptor is not None:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether anybody holds the lock exclusively. Looks by trying, so the holder-to-be should try more than once."""
    if not path.exists():
        return False
    descriptor = acquire(path, shared=True, wait=False)
    release(descriptor)
    return descriptor is None


def is_shared(path: Path) -> bool:
    """Whether somebody shares the lock at this moment, and nobody holds it exclusively."""
    shared = acquire(path, shared=True, wait=False)
    if shared is None:
        return False
    release(shared)
    exclusive = acquire(path, wait=False)
    release(exclusive)
    return exclusive is None
