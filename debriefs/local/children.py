"""The supervisor's children: started, listened to, started again when they die, and stopped without a trace."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from debriefs.local import death, places

_LONGEST_DELAY = 30.0
# A child that lived this long was healthy; its next death counts as the first.
_HEALTHY_SECONDS = 30.0
_talking = threading.Lock()


def say(line: str) -> None:
    """One whole line on the terminal; silent when the terminal is gone."""
    with _talking, contextlib.suppress(OSError, ValueError):
        print(line, flush=True)


@dataclass
class Child:
    """A process that is to run as long as the supervisor does.

    It leads a session of its own, so Ctrl-C in the terminal reaches only the supervisor, which asks it to stop by its pid.
    `on_orphaned` is the signal with which it ends quickly if the supervisor is killed.
    """

    name: str
    command: Sequence[str]
    on_orphaned: signal.Signals = signal.SIGTERM
    sockets: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0
    start_again_at: float = 0.0
    listener: threading.Thread | None = field(default=None, repr=False)

    def start(self) -> None:
        """Starts it with the environment as it is now."""
        self.process = subprocess.Popen(
            list(self.command),
            cwd=places.ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=self.sockets,
            start_new_session=True,
            preexec_fn=death.follow_parent(self.on_orphaned),
        )
        self.started_at = time.monotonic()
        self.listener = threading.Thread(target=self._listen, args=(self.process,), daemon=True)
        self.listener.start()

    def tend(self) -> None:
        """Starts it again if it has died, after a delay that doubles with each death in a row."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_again_at:
                self.start()
        elif self.has_ended():
            if now - self.started_at >= _HEALTHY_SECONDS:
                self.deaths = 0
            delay = min(0.5 * 2**self.deaths, _LONGEST_DELAY)
            say(f"{self.name} ended ({_reason(self.process.returncode)}); starting it again in {delay:g} s.")
            self.deaths += 1
            self.process, self.start_again_at = None, now + delay

    def has_ended(self) -> bool:
        """Whether its main process is gone; what that left of its group is then killed."""
        if self.process is None:
            return True
        if hasattr(os, "waitid"):
            if self.process.returncode is None:
                options = os.WEXITED | os.WNOHANG | os.WNOWAIT
                if os.waitid(os.P_PID, self.process.pid, options) is None:
                    return False
                # Not yet reaped, so its number still names this group and no other.
                self._kill_group()
            self.process.wait()
            return True
        return self.process.poll() is not None

    def ask_to_stop(self) -> None:
        """Asks politely, by pid; it may finish what it is doing."""
        if self.process and not self.has_ended():
            self.process.terminate()

    def kill(self) -> None:
        """Ends it and everything it started, at once."""
        if self.process and not self.has_ended():
            self._kill_group()
            self.process.wait()

    def forgive(self) -> None:
        """Forgets its deaths and its delay: whatever was wrong may have been put right."""
        self.deaths, self.start_again_at = 0, 0.0

    def _kill_group(self) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdout:
            for line in process.stdout:
                say(f"{self.name:7} | {line.decode('utf-8', 'replace').rstrip()}")


def stop(children: Sequence[Child], *, grace: float, at_once: Callable[[], bool] = lambda: False) -> None:
    """Stops them all within the grace, or as soon as `at_once` says so; who is still there then is killed with everything
    it started."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and not at_once() and not all(child.has_ended() for child in children):
        time.sleep(0.05)
    for child in children:
        child.kill()


def _reason(status: int) -> str:
    if status < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-status).name}"
    return f"exit status {status}"


def python(*arguments: str) -> tuple[str, ...]:
    """A command line for the Python that runs us."""
    return (sys.executable, *arguments)
