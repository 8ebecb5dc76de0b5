"""Changes of this room: taking the snapshots of closed quarters, notes on the trend, saved views."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Programme
from debriefs.deals.models import Contact
from debriefs.foundation.erasing import Reword, reword_columns
from debriefs.insights import snapshot_queries
from debriefs.insights.models import Annotation, FigureView, QuarterSnapshot, SnapshotFigure
from debriefs.insights.refusals import TooManyViews
from debriefs.insights.rules import Quarter
from debriefs.insights.small_groups import publishable

MOST_VIEWS = 50


def take_snapshots(*, now: datetime, today: date) -> int:
    """Takes every snapshot that is due, of all programmes; how many were taken. Each in a transaction of its own."""
    taken = 0
    for programme in Programme.objects.order_by("pk"):
        for quarter in snapshot_queries.quarters_due(programme, today):
            taken += take_snapshot(programme=programme, quarter=quarter, now=now)
    return taken


@transaction.atomic
def take_snapshot(*, programme: Programme, quarter: Quarter, now: datetime) -> bool:
    """Writes what may be shown of a quarter; False, and nothing changed, where it was taken before or is being taken.

    The row of the quarter is claimed first: a second taker waits for the first and then finds it.
    """
    snapshot, is_new = QuarterSnapshot.objects.get_or_create(
        programme=programme,
        year=quarter.year,
        number=quarter.number,
        defaults={"smallest_group": programme.smallest_group, "taken_at": now},
    )
    if not is_new:
        return False
    cells = publishable(snapshot_queries.cases_of(programme, quarter, now), programme.smallest_group)
    SnapshotFigure.objects.bulk_create(
        SnapshotFigure(
            programme=programme,
            snapshot=snapshot,
            dimension=cell.dimension,
            group=cell.group,
            measure=cell.measure,
            subject=cell.subject,
            k=cell.k,
            hurt=cell.hurt,
            n=cell.n,
        )
        for cell in cells
    )
    return True


@transaction.atomic
def note_on_trend(*, on: date, text: str, by: Person, now: datetime) -> Annotation:
    """Adds a note at a day of the trend; sent twice, it is one."""
    Person.objects.select_for_update().get(pk=by.pk)
    same = Annotation.objects.filter(programme=by.programme, on=on, text=text, noted_by=by).first()
    if same is not None:
        return same
    return Annotation.objects.create(programme=by.programme, on=on, text=text, noted_at=now, noted_by=by)


def remove_note(*, annotation_id: UUID, by: Person) -> None:
    """Takes a note away; nothing happens where there is none."""
    Annotation.objects.filter(programme=by.programme, pk=annotation_id).delete()


@transaction.atomic
def save_view(*, name: str, page: str, query: str, by: Person, now: datetime) -> FigureView:
    """Keeps an address under a name; the same name again takes the new address. Refused beyond fifty."""
    # The person's row makes two windows that save at once count one after the other.
    Person.objects.select_for_update().get(pk=by.pk)
    kept = FigureView.objects.filter(person=by, name__iexact=name).first()
    if kept is None and FigureView.objects.filter(person=by).count() >= MOST_VIEWS:
        raise TooManyViews(_("%(most)s views are kept already: remove one first.") % {"most": MOST_VIEWS})
    kept = kept or FigureView(programme=by.programme, person=by, name=name)
    kept.page, kept.query, kept.saved_at = page, query, now
    kept.save()
    return kept


def set_digest(*, view_id: UUID, digest: str, by: Person, now: datetime) -> None:
    """The view of one's own comes by mail from the next week or month on, or no more; nothing happens where there is none. One query."""
    FigureView.objects.filter(person=by, pk=view_id).exclude(digest=digest).update(
        digest=digest, digest_since=now if digest else None
    )


def stop_digest(*, view_id: UUID) -> None:
    """The view comes by mail no more, whoever asks: the mail itself carries the address. Harmless if repeated. One query."""
    FigureView.objects.filter(pk=view_id).update(digest="", digest_since=None)


def remove_view(*, view_id: UUID, by: Person) -> None:
    """Forgets a view of one's own; nothing happens where there is none."""
    FigureView.objects.filter(person=by, pk=view_id).delete()


@transaction.atomic
def erase_contact(*, contact: Contact, reword: Reword) -> None:
    """No note on a trend and no saved view names the contact; snapshots hold numbers only. Two queries, and one per change."""
    reword_columns(Annotation.objects.filter(programme=contact.programme_id), ("text",), reword)
    reword_columns(FigureView.objects.filter(programme=contact.programme_id), ("name", "query"), reword)
