"""`manage.py import_deals`: the importer of the pages, from the command line."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Programme
from debriefs.deals.actions.imports import queue_import, receive_upload, run_import, set_mapping
from debriefs.deals.enums import ImportState
from debriefs.deals.import_queries import is_being_undone
from debriefs.deals.importing import mapping_of
from debriefs.deals.known_exports import KNOWN_EXPORTS
from debriefs.deals.mapping import (
    FIELDS,
    REPEATABLE,
    date_examples,
    date_question,
    decimal_examples,
    decimal_question,
)
from debriefs.deals.models import DealImport
from debriefs.deals.reader import ENCODINGS
from debriefs.deals.survey import Survey
from debriefs.deals.values import DATE_ORDERS
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal

_LOOK_AGAIN_SECONDS = 0.5
_SIGNS = {"point": ".", "comma": ","}
FIGURES = ("read", "created", "updated", "unchanged", "rejected", "conflicts")


class Command(BaseCommand):
    """Imports a CSV file or a workbook and says what became of its rows. Exit code 0 only when no row was rejected."""

    help = "Imports deals from an export of a CRM, CSV or XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--programme", required=True, metavar="SLUG")
        parser.add_argument("--mapping", choices=sorted(KNOWN_EXPORTS), default="")
        parser.add_argument(
            "--encoding",
            choices=ENCODINGS,
            default="",
            metavar="NAME",
            help=f"how a text is read where its letters do not tell: {', '.join(ENCODINGS)}",
        )
        parser.add_argument("--sheet", default="", help="which sheet of a workbook; the first with cells without it")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="HEADER=FACT",
            help=f"what a column is, once per column; nothing after the sign leaves it out. Facts: {', '.join(FIELDS)}",
        )
        parser.add_argument("--date-order", choices=DATE_ORDERS, default="")
        parser.add_argument("--decimal", choices=("point", "comma"), default="", help="what 1.234 or 1,234 means")
        parser.add_argument("--dry-run", action="store_true", help="read and count, write nothing")
        parser.add_argument("--json", action="store_true", help="the figures as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.filter(slug=options["programme"]).first()
        if programme is None:
            raise CommandError(f"There is no programme {options['programme']!r}.")
        dry_run = options["dry_run"]
        try:
            with self._opened(options["file"]) as file, transaction.atomic() if dry_run else nullcontext():
                done = self._run(programme, options, file)
                # The rejections are read before the rows of a dry run vanish with the transaction.
                rejections = self._rejections(done)
                if dry_run:
                    transaction.set_rollback(True)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self._say(done, rejections, as_json=options["json"])
        if done.rejected:
            raise SystemExit(1)

    @contextmanager
    def _opened(self, path: Path) -> Iterator[BinaryIO]:
        try:
            if path.stat().st_size > settings.IMPORT_MAX_BYTES:
                raise CommandError(f"{path} is larger than {settings.IMPORT_MAX_BYTES} bytes.")
            file = path.open("rb")
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        with file:
            yield file

    def _run(self, programme: Programme, options: dict[str, Any], file: BinaryIO) -> DealImport:
        made = receive_upload(
            programme=programme,
            name=options["file"].name,
            content=file,
            by=None,
            now=clock.now(),
            mapping_name=options["mapping"],
            encoding=options["encoding"],
            sheet=options["sheet"],
        )
        proposed = mapping_of(made)
        mapping = replace(
            proposed,
            fields=self._fields(made.columns, proposed.fields, options["column"]),
            date_order=options["date_order"] or proposed.date_order,
            decimal=_SIGNS.get(options["decimal"], proposed.decimal),
        )
        if mapping != proposed:
            made = set_mapping(deal_import=made, mapping=mapping, by=None, now=clock.now())
        try:
            queue_import(deal_import=made, by=None, now=clock.now())
        except Refusal as refusal:
            questions = self._open_questions(made)
            self._forget(made)
            raise CommandError(" ".join([str(refusal), *questions])) from refusal
        return self._done(made)

    def _done(self, made: DealImport) -> DealImport:
        """The import once it is over, whoever worked on it: a worker may be faster than this command."""
        while not run_import(import_id=made.pk, clock=clock.now):
            if is_being_undone(made.programme):
                self._forget(made)
                raise CommandError("An import of this programme is being undone. Try again when that is over.")
            if not DealImport.objects.get(pk=made.pk).is_live:
                break
            time.sleep(_LOOK_AGAIN_SECONDS)
        done = DealImport.objects.get(pk=made.pk)
        if done.failure:
            raise CommandError(done.failure)
        if done.state != ImportState.DONE:
            raise CommandError(f"The import was stopped after {done.rows_done} of {done.rows_total} rows.")
        return done

    def _forget(self, made: DealImport) -> None:
        kept = made.file
        made.delete()
        kept.delete()

    def _fields(self, columns: list[str], proposed: list[str], said: list[str]) -> list[str]:
        """The facts of the columns, with those of the option in place of the proposed ones."""
        fields = list(proposed)
        for one in said:
            column, _sign, fact = one.rpartition("=")
            if column not in columns:
                raise CommandError(f"There is no column {column!r}. The file has: {', '.join(columns)}.")
            if fact and fact not in FIELDS:
                raise CommandError(f"There is no fact {fact!r}. There are: {', '.join(FIELDS)}.")
            if fact not in REPEATABLE:
                fields = ["" if field == fact else field for field in fields]
            fields[columns.index(column)] = fact
        return fields

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
