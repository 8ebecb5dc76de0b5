"""Who was asked and who took part: grouped counts, one query each."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from debriefs.calls.models import Debrief
from debriefs.deals.enums import Selection
from debriefs.deals.models import Deal
from debriefs.findings.models import Release, Remark


def stages_by_outcome(deals: QuerySet[Deal]) -> dict[str, dict[str, int]]:
    """Per outcome: deals decided, invited, held and released."""
    rows: Any = (
        deals.order_by()
        .values("outcome")
        .annotate(
            decided=Count("id", distinct=True),
            invited=Count("id", distinct=True, filter=Q(debriefs__invited_at__isnull=False)),
            held=Count("id", distinct=True, filter=Q(debriefs__held_at__isnull=False)),
            released=Count("id", distinct=True, filter=Q(debriefs__released_at__isnull=False)),
        )
    )
    return {row["outcome"]: row for row in rows}


def answers_to_invitations(deals: QuerySet[Deal]) -> dict[str, int]:
    """What became of the invitations, counted in debriefs."""
    quiet = Q(booked_at__isnull=True, declined_at__isnull=True, writing_chosen_at__isnull=True, held_at__isnull=True)
    return Debrief.objects.filter(deal__in=deals, invited_at__isnull=False).aggregate(
        invited=Count("id"),
        booked=Count("id", filter=Q(booked_at__isnull=False)),
        writing=Count("id", filter=Q(writing_chosen_at__isnull=False)),
        declined=Count("id", filter=Q(declined_at__isnull=False)),
        silent=Count("id", filter=quiet & Q(closed_at__isnull=True)),
        no_show=Count("id", filter=Q(booked_at__isnull=False, held_at__isnull=True, closed_at__isnull=False)),
        closed=Count("id", filter=Q(closed_at__isnull=False, held_at__isnull=True)),
    )


def days_to_call(deals: QuerySet[Deal], today: date) -> list[tuple[int, int | None]]:
    """Per chosen deal: days since the decision, and days from the decision to the first call held, None where none was."""
    rows = (
        deals.exclude(selection=Selection.PASSED_OVER)
        .order_by()
        .annotate(first_held=Min(TruncDate("debriefs__held_at")))
        .values_list("decided_on", "first_held")
    )
    return [((today - decided).days, (held - decided).days if held else None) for decided, held in rows if decided]


def mix(deals: QuerySet[Deal]) -> list[tuple[str, str, bool, int]]:
    """Deals by outcome, segment and whether a debrief was released: (outcome, segment, debriefed, n)."""
    released = Debrief.objects.filter(deal=OuterRef("pk"), released_at__isnull=False)
    return list(
        deals.order_by()
        .annotate(debriefed=Exists(released))
        .values_list("outcome", "segment", "debriefed")
        .annotate(n=Count("id"))
    )


def drivers_by_cell(releases: QuerySet[Release]) -> dict[tuple[str, str, str], int]:
    """Deals naming a driver, by (driver, outcome, segment)."""
    rows = (
        Remark.objects.filter(release__in=releases)
        .order_by()
        .values_list(Coalesce("driver__counts_as__name", "driver__name"), F("deal__outcome"), F("deal__segment"))
        .annotate(n=Count("deal", distinct=True))
    )
    return {(name, outcome, segment): n for name, outcome, segment, n in rows}
