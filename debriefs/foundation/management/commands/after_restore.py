"""`after_restore`: keeps a restored backup from sending what was sent already."""

from typing import Any

from django.core.management.base import BaseCommand

from debriefs.foundation import clock
from debriefs.foundation.restored import doubt_what_was_due


class Command(BaseCommand):
    """To be run once after a restore, before worker and beat start. Harmless if repeated."""

    help = "After a restore, before the worker starts: mail that was due by now is held back until a person has looked."

    def handle(self, *args: Any, **options: Any) -> str:
        """One line: how many notices wait for somebody to look."""
        count = doubt_what_was_due(now=clock.now())
        return f"{count} notices were due by now. Managers find them under Notices, “Wants a look”; nothing of them goes out by itself."
