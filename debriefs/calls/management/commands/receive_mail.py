"""`receive_mail`: takes one mail from standard input, as a mail server hands it to a pipe."""

import os
import sys
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error as DatabaseError

from debriefs.calls.actions import receive_mail
from debriefs.foundation import clock

# sysexits.h: the mail server keeps the mail and tries again.
_TRY_AGAIN = 75


class Command(BaseCommand):
    """Keeps the mail and does what follows from it. Silent on success, because mail servers send output back as a bounce.

    Ends with 0 for every mail, hostile ones too, and with 75 while the database is away, so that the mail server tries again.
    The same mail handed over twice is one row.
    """

    help = "Takes one incoming mail from standard input, for a mail server's pipe."

    def add_arguments(self, parser: CommandParser) -> None:
        """The envelope's recipient, for servers that do not put it into a header."""
        parser.add_argument("--recipient", default=os.environ.get("ORIGINAL_RECIPIENT", ""), help="envelope recipient")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads to the end, keeps up to the limit."""
        raw, size = _read(sys.stdin.buffer, settings.INCOMING_MAX_BYTES)
        try:
            receive_mail(raw=raw, size=size, recipient=options["recipient"][:1000], now=clock.now())
        except DatabaseError:
            sys.exit(_TRY_AGAIN)


def _read(stream: BinaryIO, limit: int) -> tuple[bytes, int]:
    kept = stream.read(limit)
    size = len(kept)
    while more := stream.read(1 << 20):
        size += len(more)
    return kept, size
