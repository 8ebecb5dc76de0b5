"""A Postgres of one test alone, with the product's tables: stopped and started while the product works on it."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from debriefs.local.places import Profile, read_config
from debriefs.local.postgres import DATABASE, USER, Postgres


class OwnPostgres:
    """The server; its data are written to the disk as in production, not as tests may have it."""

    def __init__(self, log: Path) -> None:
        self.profile = Profile(f"own-{uuid4().hex[:8]}")
        self.log = log
        self.kept = Postgres(self.profile)
        self.server = None

    def start(self) -> None:
        """Starts it, again on the port it had."""
        port = read_config(self.profile)["postgres_port"]
        with self.log.open("ab") as log:
            self.server = self.kept.start(log)
        assert self.address["PORT"] == port or self.log.read_text().count("ready to accept connections") == 1

    def stop(self, number: int = signal.SIGINT) -> None:
        """Stops it and waits: SIGINT ends every connection and writes what is due, SIGQUIT drops everything as it stands."""
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(number)
            self.server.wait(60)

    @property
    def address(self) -> dict[str, object]:
        """Where it is, as Django's settings say it."""
        config = read_config(self.profile)
        return {
            "NAME": DATABASE, "USER": USER, "PASSWORD": config["postgres_password"], "HOST": "127.0.0.1",
            "PORT": config["postgres_port"],
        }  # fmt: skip

    def sweep(self) -> None:
        """Ends it and removes its data."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.profile.directory, ignore_errors=True)
        shutil.rmtree(self.profile.spare_directory / self.profile.name, ignore_errors=True)


@contextmanager
def own_postgres(place: Path) -> Iterator[OwnPostgres]:
    """The server with every table; this process works on it until the block ends, and so do the processes it starts."""
    before = dict(connection.settings_dict)
    own = OwnPostgres(place / "postgres.log")
    try:
        own.start()
        connection.close()
        connection.settings_dict.update(own.address)
        call_command("migrate", verbosity=0)
        ContentType.objects.clear_cache()
        yield own
    finally:
        connection.close()
        connection.settings_dict.update(before)
        ContentType.objects.clear_cache()
        own.sweep()
