"""The lowest room: outbox, audit log, clock, mail building. It knows nobody above it."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class FoundationConfig(AppConfig):
    name = "debriefs.foundation"
    label = "foundation"

    def ready(self) -> None:
        from debriefs.foundation import database_role

        connection_created.connect(database_role.step_down, dispatch_uid="foundation.step_down")
        post_migrate.connect(database_role.grant, dispatch_uid="foundation.grant")
