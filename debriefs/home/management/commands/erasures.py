"""The list of people who were erased, kept outside the backups; and erasing them again after a restore."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person
from debriefs.deals.models import Contact
from debriefs.foundation import clock
from debriefs.foundation.models import AuditEntry
from debriefs.foundation.refusals import Refusal
from debriefs.home.erasure import erase_contact


class Command(BaseCommand):
    """`erasures` writes a line per erased person, ids only: who was erased, by whom. `erasures --apply FILE` erases them where they are
    back, and may be repeated: run it after a restore, before anybody can sign in."""

    help = "List who was erased (ids only), or with --apply FILE erase those of the list who are back after a restore."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The list to apply."""
        parser.add_argument("--apply", type=Path, metavar="FILE", help="a list that this command wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the list, or applies it; exit code 1 with a sentence for a line that is none, or a person who cannot be erased now."""
        if options["apply"] is None:
            done = AuditEntry.objects.filter(action="contact.erased").order_by("id")
            for contact_id, person_id in done.values_list("subject_id", "actor_id"):
                self.stdout.write(f"{contact_id} {person_id}")
            return
        try:
            lines = [line.split() for line in options["apply"].read_text().splitlines() if line.strip()]
        except (OSError, UnicodeError) as error:
            raise CommandError(f"The list cannot be read: {error}") from None
        erased = sum(self._erase_again(number, line) for number, line in enumerate(lines, start=1))
        self.stdout.write(f"{erased} of {len(lines)} were back and are erased again.")

    def _erase_again(self, number: int, line: list[str]) -> bool:
        try:
            contact_id, person_id = (UUID(one) for one in line)
        except ValueError:
            raise CommandError(f"Line {number} is not two ids: {' '.join(line)[:80]}") from None
        contact = Contact.objects.filter(pk=contact_id, erased_at__isnull=True).first()
        if contact is None:
            return False
        person = Person.objects.filter(pk=person_id, programme_id=contact.programme_id).first()
        if person is None:
            raise CommandError(f"Line {number}: the person who erased is not in the programme of the contact.")
        try:
            return erase_contact(contact=contact, by=person, now=clock.now())
        except Refusal as refusal:
            raise CommandError(f"Line {number}: {refusal}") from None
