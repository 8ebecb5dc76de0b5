"""What every benchmark of pages needs: embedded servers of its own, a signed-in client, and fair timing."""

import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def own_servers(name: str) -> Iterator[None]:
    """Embedded Postgres and Valkey with an empty, migrated database, thrown away afterwards; Django set up."""
    place = ROOT / "var" / f"benchmark-{name}"
    shutil.rmtree(place, ignore_errors=True)
    os.environ |= {
        "DEBRIEFS_DATA_DIR": str(place),
        "DEBRIEFS_LOCAL": "1",
        "DEBRIEFS_DEBUG": "0",
        "DEBRIEFS_SECRET_KEY": "only-for-benchmarks-and-nowhere-else-0123456789",
        "DEBRIEFS_LINK_KEYS": "only-for-benchmarks-and-nowhere-else-0123456789",
        "DEBRIEFS_BASE_URL": "http://localhost",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "DEBRIEFS_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "debriefs.settings",
    }
    from debriefs.local.services import ensure

    services = ensure("dev")
    try:
        import django
        from django.conf import settings
        from django.core.management import call_command

        django.setup()
        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        call_command("migrate", verbosity=0)
        yield
    finally:
        from django.db import connections

        connections.close_all()
        services.leave()
        shutil.rmtree(place, ignore_errors=True)


def seconds(act: Callable[[], Any]) -> float:
    """How long one run of the act takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def p95(times: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return statistics.quantiles(times, n=20)[18] * 1000


def say(line: str) -> None:
    """A line of the report; the last one is JSON."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
