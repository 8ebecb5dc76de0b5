"""The embedded servers in copies of the checkout: started once, found again, never in a stranger's way, and gone when unused."""

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from tests.local.checkout import Copy, copy_of_checkout, wait_for

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked for in /proc")

USE = """
import os, sys
from debriefs.local.services import ensure
services = ensure("dev")
import psycopg2, redis
connection = psycopg2.connect(os.environ["DATABASE_URL"])
connection.autocommit = True
cursor = connection.cursor()
cursor.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
if len(sys.argv) > 1:
    cursor.execute("INSERT INTO kept VALUES (%s)", [sys.argv[1]])
cursor.execute("SELECT string_agg(word, ' ' ORDER BY word) FROM kept")
print("kept:", cursor.fetchone()[0])
assert redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
"""
HOLD = USE + "\nprint('holding', flush=True)\nimport time\ntime.sleep(600)\n"
# As the supervisor leaves: the keepers then do not wait for the next command.
USE_AND_LEAVE = USE + "\nservices.leave()\n"


@pytest.fixture
def copy():
    with copy_of_checkout() as made:
        yield made


def keepers(copy: Copy) -> list[int]:
    return [int((copy.data / f"{name}.keeper").read_text()) for name in ("postgres", "valkey")]


def hold(copy: Copy, *words: str, **options) -> subprocess.Popen[str]:
    """A process that uses both servers until it is ended."""
    process = copy.start("-c", HOLD, *words, **options)
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "holding" in line:
            return process
    raise AssertionError("".join(lines))


def as_nobody(copy: Copy) -> dict[str, Any]:
    """Options that start a command as an ordinary user with no home. Skips where that user has no Python to run."""
    packages = sysconfig.get_path("purelib")
    for python in (sys.executable, shutil.which(f"python{sys.version_info[0]}.{sys.version_info[1]}", path="/usr/bin")):
        options = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        environment = {"HOME": "/nonexistent", "PYTHONPATH": packages}
        # As that user, because a Python below root's home is hidden from him, and another one may lack what ours has.
        asked = ["/bin/sh", "-c", 'exec "$1" -c "import celery, django, psycopg2, redis"', "sh", str(python)]
        if (
            python
            and subprocess.run(asked, check=False, capture_output=True, env=environment, cwd="/", **options).returncode
            == 0
        ):
            copy.python = str(python)
            return {**options, "env": environment}
    pytest.skip("an ordinary user can run no Python here")


def test_data_stay_and_the_servers_end_with_their_last_user(copy: Copy) -> None:
    assert "kept: one\n" in copy.run("-c", USE, "one")
    copy.wait_until_nothing_runs()

    assert "kept: one two\n" in copy.run("-c", USE_AND_LEAVE, "two")

    copy.wait_until_nothing_runs()
    config = copy.data / "config.json"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert json.loads(config.read_text())["postgres_password"] not in (copy.data / "postgres.log").read_text()


def test_five_commands_at_once_start_one_server(copy: Copy) -> None:
    processes = [copy.start("-c", USE, f"word{number}") for number in range(5)]

    printed = [process.communicate()[0] for process in processes]

    assert [process.returncode for process in processes] == [0] * 5, printed
    # initdb starts none that says so; each start of the postmaster says it once.
    assert (copy.data / "postgres.log").read_text().count("ready to accept connections") == 1
    assert "kept: word0 word1 word2 word3 word4\n" in copy.run("-c", USE_AND_LEAVE)


@pytest.mark.slow
def test_one_that_ends_leaves_the_servers_to_the_others(copy: Copy) -> None:
    holding = hold(copy, "one")
    before = keepers(copy)
    copy.run("-c", USE_AND_LEAVE, "two")

    # Longer than a keeper waits after its last user: only the user that is left can be why it is still there.
    with pytest.raises(subprocess.TimeoutExpired):
        holding.wait(5)

    assert keepers(copy) == before
    assert set(before) <= set(copy.processes())


def test_after_a_kill_of_everybody_nothing_is_left_and_the_next_start_works(copy: Copy) -> None:
    holding = hold(copy, "one")
    for pid in [*keepers(copy), holding.pid]:
        os.kill(pid, signal.SIGKILL)
    holding.wait()
    copy.wait_until_nothing_runs()

    assert "kept: one two\n" in copy.run("-c", USE_AND_LEAVE, "two")


@pytest.mark.slow
def test_a_killed_postmaster_takes_its_keeper_with_it_and_comes_back_with_its_rows(copy: Copy) -> None:
    hold(copy, "one")
    keeper = keepers(copy)[0]
    os.kill(int((copy.cluster / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    wait_for(lambda: keeper not in copy.processes(), "the keeper outlives its server")

    assert "kept: one two\n" in copy.run("-c", USE_AND_LEAVE, "two")


def test_the_number_of_a_dead_postmaster_may_be_a_strangers(copy: Copy) -> None:
    copy.run("-c", USE_AND_LEAVE, "one")
    copy.wait_until_nothing_runs()
    with subprocess.Popen(["sleep", "600"], cwd="/") as stranger:
        try:
            (copy.cluster / "postmaster.pid").write_text(f"{stranger.pid}\n{copy.cluster}\n")

            assert "kept: one\n" in copy.run("-c", USE_AND_LEAVE)

            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_ports_taken_by_a_stranger_are_left_to_him(copy: Copy) -> None:
    copy.run("-c", USE_AND_LEAVE, "one")
    copy.wait_until_nothing_runs()
    before = json.loads((copy.data / "config.json").read_text())
    with (
        socket.create_server(("127.0.0.1", before["postgres_port"])),
        socket.create_server(("127.0.0.1", before["redis_port"])),
    ):
        assert "kept: one\n" in copy.run("-c", USE_AND_LEAVE)

    after = json.loads((copy.data / "config.json").read_text())
    assert after["postgres_port"] != before["postgres_port"] and after["redis_port"] != before["redis_port"]
    unchanged = ("postgres_password", "redis_password", "secret_key", "link_key")
    assert [after[key] for key in unchanged] == [before[key] for key in unchanged]


@pytest.mark.slow
def test_data_of_another_version_are_refused_and_kept(copy: Copy) -> None:
    copy.run("-c", USE_AND_LEAVE, "one")
    copy.wait_until_nothing_runs()
    version = copy.cluster / "PG_VERSION"
    ours = version.read_text()
    version.write_text("14\n")

    refused = copy.start("manage.py", "shell", "-c", "print(1)")
    printed, _ = refused.communicate()

    assert refused.returncode == 1
    assert "were made by Postgres 14" in printed and "Traceback" not in printed
    version.write_text(ours)
    assert "kept: one\n" in copy.run("-c", USE_AND_LEAVE)


@pytest.mark.slow
def test_what_a_killed_initdb_left_is_swept_away(copy: Copy) -> None:
    copy.run("-c", USE_AND_LEAVE, "one")
    copy.wait_until_nothing_runs()
    half = copy.cluster.parent / "pg.init-12345"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    copy.run("-c", USE_AND_LEAVE)

    assert not half.exists()


def test_servers_named_by_the_caller_are_used_and_no_others_started(copy: Copy) -> None:
    named = {"DATABASE_URL": "postgres://a:b@127.0.0.1:1/c", "REDIS_URL": "redis://127.0.0.1:1/0"}
    code = "from debriefs.local.services import ensure; import os; print(ensure('dev').all_embedded, os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"

    printed = copy.run("-c", code, env=named)

    assert printed.split() == ["False", named["DATABASE_URL"], named["REDIS_URL"]]
    assert not (copy.data / "postgres").exists() and not (copy.data / "valkey.log").exists()
    assert copy.processes() == {}


def test_only_the_kind_that_is_missing_is_started(copy: Copy) -> None:
    code = "from debriefs.local.services import ensure; import os; ensure('dev'); print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"

    database, redis_url = copy.run("-c", code, env={"DATABASE_URL": "postgres://a:b@127.0.0.1:1/c"}).split()

    assert database == "postgres://a:b@127.0.0.1:1/c"
    assert re.fullmatch(r"redis://:\w+@127\.0\.0\.1:\d+/0", redis_url)
    assert not (copy.data / "postgres.log").exists()


def test_commands_that_ask_no_server_start_none(copy: Copy) -> None:
    printed = copy.run("manage.py", "diffsettings", "--output", "unified")

    assert "+ DEBUG = True" in printed
    assert not (copy.data / "postgres.log").exists()
    assert copy.processes() == {}


@pytest.mark.parametrize("secret", ["", "a-production-key-of-more-than-thirty-two-characters"])
def test_a_production_without_its_addresses_starts_nothing(copy: Copy, secret: str) -> None:
    local = {} if secret else {"DEBRIEFS_LOCAL": "0"}

    process = copy.start("manage.py", "migrate", env={"DEBRIEFS_SECRET_KEY": secret, **local})
    printed, _ = process.communicate()

    assert process.returncode != 0
    assert ("DEBRIEFS_LINK_KEYS is not set" if secret else "DEBRIEFS_SECRET_KEY is not set") in printed
    assert not (copy.root / "var").exists()


@pytest.mark.slow
def test_data_without_their_password_are_refused_in_a_sentence(copy: Copy) -> None:
    copy.run("-c", USE_AND_LEAVE, "one")
    copy.wait_until_nothing_runs()
    (copy.data / "config.json").unlink()

    process = copy.start("manage.py", "shell", "-c", "print(1)")
    printed, _ = process.communicate()

    assert process.returncode == 1
    assert "were made with another password" in printed and "Traceback" not in printed
    copy.wait_until_nothing_runs()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hide a checkout from Postgres' user")
def test_root_keeps_data_elsewhere_when_postgres_cannot_reach_the_checkout(copy: Copy) -> None:
    copy.root.parent.chmod(0o700)

    assert "kept: one\n" in copy.run("-c", USE_AND_LEAVE, "one")
    copy.wait_until_nothing_runs()
    assert "kept: one two\n" in copy.run("-c", USE_AND_LEAVE, "two")

    assert copy.cluster.is_relative_to(copy.spare)
    assert not (copy.data / "postgres").exists()
    assert copy.spare.stat().st_uid == 0 and stat.S_IMODE(copy.spare.stat().st_mode) == 0o711


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_without_a_home_and_then_root_use_the_same_data(copy: Copy) -> None:
    for path in (copy.root, *copy.root.rglob("*")):
        shutil.chown(path, "nobody")

    assert "kept: one\n" in copy.run("-c", USE_AND_LEAVE, "one", **as_nobody(copy))
    copy.wait_until_nothing_runs()

    assert "kept: one two\n" in copy.run("-c", USE_AND_LEAVE, "two")


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_data_of_another_user_are_refused_in_a_sentence(copy: Copy) -> None:
    copy.run("-c", USE_AND_LEAVE, "one")
    copy.wait_until_nothing_runs()

    process = copy.start("manage.py", "shell", "-c", "print(1)", **as_nobody(copy))
    printed, _ = process.communicate()

    assert process.returncode == 1
    assert "belongs to another user" in printed and "Traceback" not in printed
