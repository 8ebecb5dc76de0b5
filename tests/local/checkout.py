"""Temporary copies of this checkout, with everything that runs in them in view."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from debriefs.local.places import ROOT, Profile

# Waiting is for a state; this only ends a test that would wait for ever.
PATIENCE = 180
# Which programs are tried is the caller's choice: `make slow` names Debian's.
_KEPT = ("DEBRIEFS_POSTGRES_BIN", "DEBRIEFS_REDIS_BIN")
_OURS = ("DEBRIEFS_", "PYTEST_", "DJANGO_", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PG", "PORT", "MAKE", "MFLAGS")


class Copy:
    """A checkout of its own in a path with a space, readable by everybody, with no services yet."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / "a copy"
        self.mark = uuid.uuid4().hex
        self.python = sys.executable
        self.started: list[subprocess.Popen[Any]] = []
        skip = shutil.ignore_patterns("__pycache__", "*.pyc")
        for name in ("debriefs", "accounts", "templates", "static"):
            shutil.copytree(ROOT / name, self.root / name, ignore=skip)
        for name in ("manage.py", "Makefile", "requirements.txt", "requirements-dev.txt"):
            shutil.copy2(ROOT / name, self.root / name)

    @property
    def data(self) -> Path:
        """The data directory of the profile `dev`."""
        return self.root / "var" / "dev"

    @property
    def cluster(self) -> Path:
        """Where Postgres keeps its data: in the checkout, or in the system's own directory."""
        spare = self.spare / "dev" / "postgres"
        return spare if spare.exists() else self.data / "postgres"

    @property
    def spare(self) -> Path:
        """The directory outside the checkout that root uses when Postgres cannot reach the copy."""
        from hashlib import sha256

        checkout = sha256(str(self.root / "var").encode()).hexdigest()[:12]
        return Profile("dev").spare_directory.with_name(f"debriefs-{checkout}")

    def environment(self, **extra: str) -> dict[str, str]:
        """The caller's, without anything that names servers or settings of this test run."""
        kept = {key: value for key, value in os.environ.items() if key in _KEPT or not key.startswith(_OURS)}
        return {**kept, "DEBRIEFS_TEST_COPY": self.mark, "PYTHONDONTWRITEBYTECODE": "1", **extra}

    def start(self, *arguments: str, env: dict[str, str] | None = None, **options: Any) -> subprocess.Popen[str]:
        """Python in the copy, both outputs in one pipe."""
        process = subprocess.Popen(
            [self.python, *arguments],
            cwd=self.root,
            env=self.environment(**(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str, env: dict[str, str] | None = None, **options: Any) -> str:
        """What it printed; it must have succeeded."""
        process = self.start(*arguments, env=env, **options)
        printed, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, printed
        return printed

    def processes(self) -> dict[int, str]:
        """Every process that belongs to the copy: by its environment, its directory or its command line."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and self._is_ours(entry):
                with contextlib.suppress(OSError):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:150]
        return found

    def wait_until_nothing_runs(self) -> None:
        """Until no process of the copy is left."""
        wait_for(lambda: not self.processes(), lambda: f"still running: {self.processes()}")

    def remove(self) -> None:
        """Ends what is left, by number, and removes the copy."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.wait_until_nothing_runs()
        shutil.rmtree(self.spare, ignore_errors=True)

    def _is_ours(self, entry: Path) -> bool:
        try:
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            if state == "Z":
                return False
            if self.mark.encode() in (entry / "environ").read_bytes():
                return True
            places = (str(self.root), str(self.spare))
            line = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            return (entry / "cwd").readlink().as_posix().startswith(places) or any(place in line for place in places)
        except OSError:
            return False


@contextlib.contextmanager
def copy_of_checkout():
    """A Copy that everybody may read, gone at the end with all its processes."""
    directory = Path(tempfile.mkdtemp(prefix="debriefs-test-"))
    directory.chmod(0o755)
    copy = Copy(directory)
    try:
        yield copy
    finally:
        copy.remove()
        shutil.rmtree(directory, ignore_errors=True)


def wait_for(condition: Callable[[], object], explain: Callable[[], str] | str = "") -> None:
    """Until the condition holds. Fails after a long time with the explanation."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(explain() if callable(explain) else explain)
        time.sleep(0.05)
