"""`manage.py import_deals`: the importer of the pages, from the command line."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Programme
from debriefs.deals.actions.imports import queue_import, receive_upload, run_import, set_mapping
from debriefs.deals.importing import mapping_of
from debriefs.deals.known_exports import KNOWN_EXPORTS
from debriefs.deals.mapping import date_examples, date_question, decimal_examples, decimal_question
from debriefs.deals.models import DealImport
from debriefs.deals.survey import Survey
from debriefs.deals.values import DATE_ORDERS
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal

_SIGNS = {"point": ".", "comma": ","}
FIGURES = ("read", "created", "updated", "unchanged", "rejected", "conflicts")


class Command(BaseCommand):
    """Imports a CSV file and says what became of its rows. Exit code 0 only when no row was rejected."""

    help = "Imports deals from a CSV export of a CRM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--programme", required=True, metavar="SLUG")
        parser.add_argument("--mapping", choices=sorted(KNOWN_EXPORTS), default="")
        parser.add_argument("--date-order", choices=DATE_ORDERS, default="")
        parser.add_argument("--decimal", choices=("point", "comma"), default="", help="what 1.234 or 1,234 means")
        parser.add_argument("--dry-run", action="store_true", help="read and count, write nothing")
        parser.add_argument("--json", action="store_true", help="the figures as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError(f"There is no programme {options['programme']!r}.")
        content = self._content(options["file"])
        try:
            if options["dry_run"]:
                with transaction.atomic():
                    done = self._run(programme, options, content)
                    # The rejections are read before the rows vanish with the transaction.
                    rejections = self._rejections(done)
                    transaction.set_rollback(True)
            else:
                done = self._run(programme, options, content)
                rejections = self._rejections(done)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self._say(done, rejections, as_json=options["json"])
        if done.rejected:
            raise SystemExit(1)

    def _content(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > settings.IMPORT_MAX_BYTES:
                raise CommandError(f"{path} is larger than {settings.IMPORT_MAX_BYTES} bytes.")
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def _run(self, programme: Programme, options: dict[str, Any], content: bytes) -> DealImport:
        made = receive_upload(
            programme=programme,
            name=options["file"].name,
            content=content,
            by=None,
            now=clock.now(),
            mapping_name=options["mapping"],
        )
        if options["date_order"] or options["decimal"]:
            proposed = mapping_of(made)
            mapping = replace(
                proposed,
                date_order=options["date_order"] or proposed.date_order,
                decimal=_SIGNS.get(options["decimal"], proposed.decimal),
            )
            made = set_mapping(deal_import=made, mapping=mapping, by=None, now=clock.now())
        try:
            queue_import(deal_import=made, by=None, now=clock.now())
        except Refusal as refusal:
            file = made.file
            made.delete()
            file.delete()
            raise CommandError(" ".join([str(refusal), *self._open_questions(made)])) from refusal
        run_import(import_id=made.pk, clock=clock.now)
        done = DealImport.objects.get(pk=made.pk)
        if done.failure:
            raise CommandError(done.failure)
        return done

    def _open_questions(self, made: DealImport) -> list[str]:
        """What the file leaves open, with its own examples and the option that answers it."""
        mapping, found = mapping_of(made), Survey.from_json(made.survey)
        said = []
        if date_question(mapping, found)[1] and not mapping.date_order:
            examples = ", ".join(one.text for one in date_examples(mapping, found))
            said.append(f"Dates such as {examples} can be read in two ways: give --date-order.")
        if decimal_question(mapping, found)[1] and not mapping.decimal:
            examples = ", ".join(one.text for one in decimal_examples(mapping, found))
            said.append(f"Amounts such as {examples} can be read in two ways: give --decimal point or --decimal comma.")
        return said

    def _rejections(self, done: DealImport) -> list[str]:
        return [
            f"line {row.line}: {row.column} {row.value!r} {row.reason}"
            if row.column
            else f"line {row.line}: {row.reason}"
            for row in done.rejections.all()
        ]

    def _say(self, done: DealImport, rejections: list[str], *, as_json: bool) -> None:
        figures = {name: done.rows_done if name == "read" else getattr(done, name) for name in FIGURES}
        for line in rejections:
            self.stderr.write(line)
        if as_json:
            self.stdout.write(json.dumps(figures))
        else:
            self.stdout.write(", ".join(f"{count} {name}" for name, count in figures.items()))
