"""Standing people and the rules that hold for every test."""

import importlib.util
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.core.management.base import CommandError
from django.db import OperationalError
from django.test import Client, TransactionTestCase

from debriefs.foundation import clock
from debriefs.foundation.database_role import as_owner
from tests import factories
from tests.foundation.smtp import Server, controller

# `make test` needs no browser's packages; `make browser` installs them first, and fails if it then finds no test.
collect_ignore = [] if importlib.util.find_spec("playwright") else ["browser", "journeys"]

_empty_tables = TransactionTestCase._fixture_teardown


def _empty_tables_as_owner(self: TransactionTestCase) -> None:
    # Tests run as the application's role, which may not truncate; emptying the tables between tests is the owner's work.
    # A browser that was closed may have left a request under way in the live server, and emptying waits for its locks.
    for tries_left in (4, 3, 2, 1, 0):
        try:
            with as_owner():
                _empty_tables(self)
            break
        except CommandError as refused:
            if not tries_left or not isinstance(refused.__cause__, OperationalError):
                raise


TransactionTestCase._fixture_teardown = _empty_tables_as_owner


def pytest_configure(config: pytest.Config) -> None:
    """Compiles translations that are newer than what is compiled, as `make setup` does; once, before any worker starts."""
    if hasattr(config, "workerinput"):
        return
    for texts in Path(__file__).parents[1].glob("locale/*/LC_MESSAGES/django.po"):
        compiled = texts.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < texts.stat().st_mtime:
            with texts.open("rb") as source, compiled.open("wb") as target:
                write_mo(target, read_po(source))


@pytest.fixture
def now(db: None) -> datetime:
    """The database's time, as actions take it."""
    return clock.now()


@pytest.fixture
def world(db: None) -> factories.World:
    """Two programmes with their standing people; see factories.World."""
    return factories.world()


@pytest.fixture
def sign_in() -> Iterator[Callable[..., Client]]:
    """A client signed in as a Person, CSRF checks off, middleware on."""

    def signed_in(person) -> Client:
        client = Client()
        client.force_login(person.user)
        return client

    yield signed_in


@pytest.fixture
def smtp(settings) -> Iterator[Server]:
    """A real SMTP server on a free port, and the settings that lead to it."""
    server = Server()
    running = controller(server)
    running.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    running.stop()
