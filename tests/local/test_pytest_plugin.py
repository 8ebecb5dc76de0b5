"""Test runs that do not meet: places, databases and Redis numbers of their own, and no mail server of anybody's."""

import os
import subprocess
import textwrap

import pytest

from debriefs.local.pytest_plugin import own_redis_number
from tests.local.checkout import copy_of_checkout

TAKE = "from debriefs.local.services import ensure\nprint(ensure('test', start=False).profile.name, flush=True)\nimport time; time.sleep(600)"


def test_workers_take_the_numbers_after_the_main_processs() -> None:
    assert own_redis_number("redis://:secret@127.0.0.1:7000/0", 0) == "redis://:secret@127.0.0.1:7000/1"
    assert own_redis_number("redis://:secret@127.0.0.1:7000/4", 2) == "redis://:secret@127.0.0.1:7000/7"
    assert own_redis_number("redis://127.0.0.1:7000", 1) == "redis://127.0.0.1:7000/2"


def test_no_mail_server_of_anybodys_is_known_to_tests() -> None:
    assert os.environ["EMAIL_URL"] == "smtp://127.0.0.1:1"


def test_two_runs_in_one_checkout_take_two_places() -> None:
    def taken(process: subprocess.Popen[str]) -> str:
        assert process.stdout
        return process.stdout.readline().strip()

    with copy_of_checkout() as copy:
        first = copy.start("-c", TAKE)
        assert taken(first) == "test"
        second = copy.start("-c", TAKE)
        assert taken(second) == "test-2"
        first.kill()
        first.wait()

        assert taken(copy.start("-c", TAKE)) == "test"


@pytest.mark.slow
def test_workers_of_one_run_have_a_database_and_a_number_each() -> None:
    with copy_of_checkout() as copy:
        (copy.root / "pytest.ini").write_text("[pytest]\nDJANGO_SETTINGS_MODULE = debriefs.settings\n")
        (copy.root / "test_where.py").write_text(
            textwrap.dedent("""
            import pathlib, time
            import pytest, redis
            from django.conf import settings
            from django.db import connection

            @pytest.mark.django_db
            @pytest.mark.parametrize("number", range(2))
            def test_where(number):
                connection.ensure_connection()
                redis.Redis.from_url(settings.REDIS_URL).ping()
                place = f"{connection.settings_dict['NAME']} {settings.REDIS_URL.rpartition('/')[2]}\\n"
                with open("where", "a") as file:
                    file.write(place)
                # Each worker gets one of the two, so that neither can take both.
                while len(pathlib.Path("where").read_text().splitlines()) < 2:
                    time.sleep(0.05)
            """)
        )

        copy.run("-m", "pytest", "-q", "-n", "2", "-p", "debriefs.local.pytest_plugin", "test_where.py")

        places = sorted((copy.root / "where").read_text().splitlines())
        assert places == ["test_debriefs_gw0 1", "test_debriefs_gw1 2"]


@pytest.mark.slow
def test_data_of_tests_are_thrown_away_when_the_version_changes() -> None:
    start = "from debriefs.local.services import ensure\nensure('test').leave()"
    with copy_of_checkout() as copy:
        copy.run("-c", start)
        copy.wait_until_nothing_runs()
        spare = copy.spare / "test" / "postgres"
        cluster = spare if spare.exists() else copy.root / "var" / "test" / "postgres"
        version = (cluster / "PG_VERSION").read_text()
        (cluster / "PG_VERSION").write_text("14\n")

        copy.run("-c", start)

        assert (cluster / "PG_VERSION").read_text() == version
