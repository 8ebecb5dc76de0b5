"""Starts embedded Postgres and Valkey for a test run, before Django's settings are loaded.

Two runs in one checkout get servers of their own. Workers of pytest-xdist share the servers of their run: pytest-django
gives each its own database, this plugin its own Redis number. Where DATABASE_URL and REDIS_URL are set, these are used.
"""

import os
from urllib.parse import urlsplit, urlunsplit

import pytest

from debriefs.local.errors import LauncherError

# Nothing ever listens there: a test that mails starts an SMTP server and points the settings to it.
_NO_MAIL_SERVER = "smtp://127.0.0.1:1"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Before pytest-django reads the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        # The environment came from the main process, which also holds the servers.
        os.environ["REDIS_URL"] = own_redis_number(os.environ["REDIS_URL"], int(worker.removeprefix("gw")))
        return
    from debriefs.local.services import ensure

    os.environ["EMAIL_URL"] = _NO_MAIL_SERVER
    try:
        ensure("test")
    except LauncherError as error:
        raise pytest.UsageError(str(error)) from error


def own_redis_number(url: str, worker: int) -> str:
    """The URL with a number of its own for that worker; the number given stays the main process's."""
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0) + 1 + worker
    return urlunsplit(parts._replace(path=f"/{number}"))
