"""`sweep`: delivers the notices that are due, without Celery."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from debriefs.foundation.tasks import drain_notices


class Command(BaseCommand):
    """Does once what the beat tick starts: for a cron job, or while the worker is down. Safe beside a running worker."""

    help = "Delivers the notices that are due, as the worker does; safe beside a running worker."

    def add_arguments(self, parser: CommandParser) -> None:
        """None: what is due is in the database."""

    def handle(self, *args: Any, **options: Any) -> str:
        """One line: how many notices ended in which state."""
        done = drain_notices()
        return ", ".join(f"{count} {state}" for state, count in sorted(done.items())) or "nothing due"
