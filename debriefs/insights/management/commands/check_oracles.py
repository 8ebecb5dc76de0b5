"""The formulas against published values, from the shell."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from debriefs.insights.oracles import check

LARGEST = 10_000_000


class Command(BaseCommand):
    """Prints per oracle what was expected, what came out and whether they agree; exit code 0 only when all hold."""

    help = "Checks the statistics against a file of published values."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        results = list(check(_read(options["file"])))
        for result in results:
            self.stdout.write(
                f"{result.id}  expected {json.dumps(result.expected)}  got {json.dumps(result.got)}  "
                f"{'ok' if result.ok else 'NOT OK'}{'  ' + result.problem if result.problem else ''}"
            )
        wrong = sum(not result.ok for result in results)
        self.stdout.write(f"{len(results) - wrong} of {len(results)} hold")
        if wrong or not results:
            sys.exit(1)


def _read(path: Path) -> dict[str, Any]:
    """The document, or a sentence why it is none."""
    try:
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path} is larger than {LARGEST} bytes.")
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise CommandError(f"{path} is not JSON.") from None
    if not isinstance(document, dict) or not isinstance(document.get("oracles"), list):
        raise CommandError(f"{path} has no list of oracles.")
    if not all(isinstance(oracle, dict) for oracle in document["oracles"]):
        raise CommandError(f"{path} has an oracle that is not an object.")
    return document
