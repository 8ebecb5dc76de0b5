"""Where a checkout keeps its local data, and the secrets chosen once per checkout and profile."""

import contextlib
import hashlib
import json
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from debriefs.local import locks
from debriefs.local.errors import LauncherError

ROOT = Path(__file__).resolve().parents[2]


def data_root() -> Path:
    """`var/` in the checkout, or the directory named by DEBRIEFS_DATA_DIR (for checkouts on a network drive)."""
    # A relative name means the same to a keeper, which works elsewhere.
    return (ROOT / Path(os.environ.get("DEBRIEFS_DATA_DIR") or "var").expanduser()).resolve()


@dataclass(frozen=True)
class Profile:
    """One set of local services: `dev` for `make run` and `manage.py`, `test`, `test-2` … for test runs."""

    name: str

    @property
    def is_test(self) -> bool:
        """Whether its data may be thrown away."""
        return self.name == "test" or self.name.startswith("test-")

    @property
    def directory(self) -> Path:
        """`var/<profile>`, made on demand."""
        path = data_root() / self.name
        make_directory(path)
        return path

    @property
    def spare_directory(self) -> Path:
        """Outside the checkout, for a Postgres whose user cannot reach it. Survives a restart where the system allows."""
        # /tmp is emptied when the machine starts, /var/tmp is not.
        base = Path("/var/tmp") if Path("/var/tmp").is_dir() else Path(tempfile.gettempdir())
        checkout = hashlib.sha256(str(data_root()).encode()).hexdigest()[:12]
        return base / f"debriefs-{checkout}"


def make_directory(path: Path) -> None:
    """Makes the directory and its missing parents. As root others may pass through it, not read it: Postgres runs as
    another user there."""
    missing = []
    for candidate in (path, *path.parents):
        if candidate.exists():
            break
        missing.append(candidate)
    for directory in reversed(missing):
        try:
            directory.mkdir(exist_ok=True)
        except PermissionError as error:
            raise LauncherError(
                f"{directory} cannot be made. Set DEBRIEFS_DATA_DIR to a directory of yours."
            ) from error
        directory.chmod(0o711 if os.geteuid() == 0 else 0o700)


def read_config(profile: Profile) -> dict[str, Any]:
    """Passwords, keys and ports of the profile; chosen on the first call. Starts nothing."""
    path = profile.directory / "config.json"
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        return change_config(profile)
    except PermissionError as error:
        raise LauncherError(
            f"{path.parent} belongs to another user. Start as that user, or set DEBRIEFS_DATA_DIR to a directory of yours."
        ) from error
    except ValueError as error:
        raise LauncherError(f"{path} cannot be read as JSON. Correct it, or remove {path.parent}.") from error


def change_config(profile: Profile, **changes: Any) -> dict[str, Any]:
    """The configuration with the changes saved. Readers see the old file or the new one, never half of one."""
    path = profile.directory / "config.json"
    with _exclusive(profile.directory / "config.lock"):
        config = json.loads(path.read_text()) if path.exists() else _first_config()
        if config | changes == config and path.exists():
            return dict(config)
        config |= changes
        fresh = path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(config, file, indent=1)
        fresh.replace(path)
    return dict(config)


def _first_config() -> dict[str, Any]:
    return {
        "secret_key": secrets.token_urlsafe(48),
        "link_key": secrets.token_urlsafe(48),
        "postgres_password": secrets.token_hex(24),
        "postgres_port": free_port(),
        "redis_password": secrets.token_hex(24),
        "redis_port": free_port(),
        "smtp_port": free_port(),
        "web_port": 8000,
    }


@contextlib.contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    descriptor = locks.acquire(path)
    try:
        yield
    finally:
        locks.release(descriptor)


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses at this moment, chosen by the system."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether a server could listen on the port of 127.0.0.1 now."""
    with socket.socket() as probe:
        # As the servers do it: a connection of the last run that still lingers does not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
