"""Lines of a deal's history about people: who was ever on the deal team, and what was said and decided about each contact."""

from datetime import datetime
from uuid import UUID

from accounts.models import Person
from debriefs.deals.models import DealChange

# No fact of the sale: such a line keeps no import from being undone.
PEOPLE = "people"


def note_people(
    *, deal_id: UUID, programme_id: UUID, before: str, after: str, by: Person | None, now: datetime
) -> None:
    """Writes one line, unless nothing changed. One query."""
    if before != after:
        DealChange.objects.create(
            programme_id=programme_id, deal_id=deal_id, at=now, by=by, field=PEOPLE, before=before, after=after
        )
