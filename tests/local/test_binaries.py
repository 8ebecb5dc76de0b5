"""Which server programs are taken: those named in the environment, or a sentence; never silently others."""

from pathlib import Path

import pytest

from debriefs.local import binaries
from debriefs.local.errors import LauncherError


def program(path: Path, name: str) -> None:
    (path / name).write_text("#!/bin/sh\n")
    (path / name).chmod(0o755)


def test_a_directory_named_for_postgres_is_the_only_one_looked_at(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DEBRIEFS_POSTGRES_BIN", str(tmp_path))
    program(tmp_path, "postgres")
    with pytest.raises(LauncherError, match="has no postgres and initdb"):
        binaries.postgres_directory()

    program(tmp_path, "initdb")

    assert binaries.postgres_directory() == tmp_path


def test_a_directory_named_for_redis_is_the_only_one_looked_at(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DEBRIEFS_REDIS_BIN", str(tmp_path))
    with pytest.raises(LauncherError, match="neither valkey-server nor redis-server"):
        binaries.redis_server()

    program(tmp_path, "redis-server")
    assert binaries.redis_server() == tmp_path / "redis-server"

    program(tmp_path, "valkey-server")
    assert binaries.redis_server() == tmp_path / "valkey-server"


def test_the_version_is_the_one_postgres_writes_into_its_data(tmp_path: Path) -> None:
    program(tmp_path, "postgres")
    (tmp_path / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)'\n")

    assert binaries.postgres_major(tmp_path) == 15
