"""`migrate` as the owner of the tables, and the cache's table with it."""

import os
from typing import Any

import environ
from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection

from debriefs.foundation.database_role import as_owner


class Command(DjangoMigrate):
    """Runs as the owner, because the application's role may not change tables.

    MIGRATION_DATABASE_URL names the owner's login where it differs from the application's; without it the login of
    DATABASE_URL is the owner and merely does not step down.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        owner_url = os.environ.get("MIGRATION_DATABASE_URL")
        if owner_url and options["database"] == "default":
            connection.close()
            owner = environ.Env.db_url_config(owner_url)
            connection.settings_dict.update({key: owner[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
        with as_owner():
            super().handle(*args, **options)
            call_command("createcachetable", verbosity=0, database=options["database"])
