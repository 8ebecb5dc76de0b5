"""Children that do not outlive their parent, even when the parent is killed with SIGKILL."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def follow_parent(number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the child gets this signal when its parent dies. Linux only; elsewhere it does nothing."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    # Loaded before the fork: afterwards only async-signal-safe calls are allowed.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def in_child() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            # The parent died between fork and prctl.
            os._exit(1)

    return in_child


def follow_parent_now(number: signal.Signals) -> None:
    """This process itself gets the signal when its parent dies. Linux only; elsewhere it does nothing."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def is_server_of(pid: int, *, program: str, directory: Path) -> bool:
    """Whether the process is a server of that name that works in that directory. A number read from a stale file may
    belong to a stranger by now, and a stranger is never signalled. False where /proc cannot tell."""
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        place = Path(f"/proc/{pid}/cwd").resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    return name == program and place == directory.resolve()
