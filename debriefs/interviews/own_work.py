"""An interviewer's own assignments and figures, for nobody but themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Affiliation
from accounts.models import Person
from debriefs.calls.models import Call, Debrief
from debriefs.calls.queries import interviewed_by
from debriefs.interviews.enums import AnswerState, SheetKind
from debriefs.interviews.models import Answer, Verbatim, WriteUp

# Of fewer than this many deliveries the values themselves are shown: a median of two says nothing.
FEW = 5
SHOWN = 50


@dataclass(frozen=True)
class ToWriteUp:
    """A held debrief that is not delivered, or whose correction is open; `days_late` above 0 when it is overdue."""

    debrief: Debrief
    due_at: datetime
    days_late: int
    is_correction: bool = False


@dataclass(frozen=True)
class Delivered:
    """A delivered debrief; `readable_until` is when an outside interviewer's access ends, None while it does not."""

    debrief: Debrief
    hours: int
    answered: int
    asked: int
    verbatims: int
    readable_until: datetime | None


@dataclass(frozen=True)
class Figure:
    """One figure in words: what it is of, its value, and what it stands on."""

    label: "str | Promise"
    value: str
    basis: str


def upcoming(person: Person) -> list[Debrief]:
    """What the person still has to hold, the next call first, what is not booked after it; `live_calls` holds the call. Two queries.

    Without those whose buyer said no: should they take it back, they come again.
    """
    live = Call.objects.filter(cancelled_at__isnull=True, no_show_at__isnull=True)
    times = live.filter(debrief=OuterRef("pk")).values("starts_at")[:1]
    rows = (
        _assignments(person)
        .filter(held_at__isnull=True, declined_at__isnull=True)
        .annotate(starts_at=Subquery(times))
        .prefetch_related(Prefetch("calls", live, to_attr="live_calls"))
    )
    return list(rows.order_by(F("starts_at").asc(nulls_last=True), "planned_at", "id"))


def to_write_up(person: Person, now: datetime) -> list[ToWriteUp]:
    """Held and not delivered, and corrections that were begun, what is due first on top. Two queries."""
    due = timedelta(days=person.programme.write_up_due_days)
    held = _assignments(person).filter(held_at__isnull=False, written_up_at__isnull=True)
    rows = [
        ToWriteUp(one, one.held_at + due, (now - one.held_at - due).days)
        for one in held.order_by("held_at")
        if one.held_at
    ]
    begun = WriteUp.objects.filter(
        debrief__in=_assignments(person).values("pk"), number__gt=1, submitted_at__isnull=True
    ).select_related("debrief__deal__company", "debrief__contact")
    return rows + [
        ToWriteUp(one.debrief, one.opened_at + due, 0, is_correction=True) for one in begun.order_by("opened_at")
    ]


def delivered(person: Person) -> list[Delivered]:
    """What the person handed in and may still read, the latest first, with its counts. One query."""
    # A question asked in the call and in writing is one, answered where either says so.
    told = Q(sheet__kind=SheetKind.CALL) | Q(sheet__submitted_at__isnull=False)
    notes = Answer.objects.filter(told, sheet__debrief=OuterRef("pk"), is_off_path=False)
    marked = Verbatim.objects.filter(answer__sheet__debrief=OuterRef("pk"), answer__is_off_path=False)
    rows = (
        _assignments(person)
        .filter(written_up_at__isnull=False)
        .annotate(
            asked=_count(notes.filter(~Q(state=AnswerState.NOT_ASKED)), "sheet__debrief", of="question"),
            answered=_count(notes.filter(state=AnswerState.NOTED), "sheet__debrief", of="question"),
            marked=_count(marked, "answer__sheet__debrief"),
        )
        .order_by("-written_up_at", "id")
    )
    days = timedelta(days=person.programme.outside_access_days)
    is_outside = person.affiliation == Affiliation.AGENCY
    return [
        Delivered(
            one,
            max(0, round((one.written_up_at - one.held_at) / timedelta(hours=1))),
            one.answered,
            one.asked,
            one.marked,
            one.released_at + days if is_outside and one.released_at else None,
        )
        for one in rows
        if one.written_up_at and one.held_at
    ]


def figures(rows: Sequence[Delivered]) -> list[Figure]:
    """Hours to delivery, questions answered, verbatims per debrief: a median with its range, or the values where they are few."""
    if not rows:
        return []
    basis = ngettext("%(n)s debrief delivered", "%(n)s debriefs delivered", len(rows)) % {"n": len(rows)}
    if len(rows) < FEW:
        basis = _("%(basis)s: too few for a median, so each is shown") % {"basis": basis}
    answered, asked = sum(row.answered for row in rows), sum(row.asked for row in rows)
    return [
        Figure(gettext_lazy("Hours from the call to the delivery"), _spread([row.hours for row in rows]), basis),
        Figure(
            gettext_lazy("Questions answered"),
            _("%(k)s of %(n)s") % {"k": answered, "n": asked},
            _("of those that were asked; declined and left empty count as not answered"),
        ),
        Figure(gettext_lazy("Verbatims in a debrief"), _spread([row.verbatims for row in rows]), basis),
    ]


def _spread(values: Sequence[int]) -> str:
    if len(values) < FEW:
        return ", ".join(str(value) for value in sorted(values))
    return _("%(median)s (from %(least)s to %(most)s)") % {
        "median": f"{median(values):g}",
        "least": min(values),
        "most": max(values),
    }


def _assignments(person: Person) -> QuerySet[Debrief]:
    return Debrief.objects.filter(interviewed_by(person), programme=person.programme).select_related(
        "deal__company", "contact"
    )


def _count(rows: "QuerySet[Answer] | QuerySet[Verbatim]", by: str, of: str = "pk") -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count(of, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
