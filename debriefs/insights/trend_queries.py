"""Figures by quarter of decision, and what is noted at a day. One query each unless said otherwise."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce, ExtractQuarter, ExtractYear

from accounts.models import Programme
from debriefs.deals.models import Deal
from debriefs.findings.models import Release, Remark
from debriefs.insights.models import Annotation
from debriefs.insights.rules import Quarter
from debriefs.lessons.models import Lesson


@dataclass(frozen=True)
class Noted:
    """A day and what happened on it."""

    on: date
    text: str


def annotations(programme: Programme) -> list[Noted]:
    """Notes people made, and lessons by the day they came into force, in order. Two queries."""
    notes = [Noted(*row) for row in Annotation.objects.filter(programme=programme).values_list("on", "text")]
    lessons = Lesson.objects.filter(programme=programme, in_force_since__isnull=False)
    notes += [
        Noted(on, text or situation)
        for on, text, situation in lessons.values_list("in_force_since", "from_now_on", "situation")
        if on
    ]
    return sorted(notes, key=lambda note: note.on)


def outcomes_by_quarter(deals: QuerySet[Deal]) -> dict[tuple[Quarter, str], int]:
    """Deals per quarter and outcome."""
    rows: Any = (
        deals.order_by()
        .values_list(ExtractYear("decided_on"), ExtractQuarter("decided_on"), "outcome")
        .annotate(n=Count("id"))
    )
    return {(Quarter(year, number), outcome): n for year, number, outcome, n in rows}


def drivers_by_quarter(
    releases: QuerySet[Release],
) -> tuple[dict[tuple[Quarter, str, str], int], dict[Quarter, int]]:
    """Debriefs per quarter, driver and direction (helped or hurt), and debriefs per quarter. Two queries."""
    named: Counter[tuple[Quarter, str, str]] = Counter()
    rows: Any = (
        Remark.objects.filter(release__in=releases, direction__in=("helped", "hurt"))
        .order_by()
        .values_list(
            ExtractYear("deal__decided_on"),
            ExtractQuarter("deal__decided_on"),
            Coalesce("driver__counts_as__name", "driver__name"),
            F("direction"),
        )
        .annotate(n=Count("deal", distinct=True))
    )
    for year, number, name, direction, n in rows:
        named[Quarter(year, number), name, direction] += n
    totals: Any = (
        releases.order_by()
        .values_list(ExtractYear("deal__decided_on"), ExtractQuarter("deal__decided_on"))
        .annotate(n=Count("deal", distinct=True))
    )
    return dict(named), {Quarter(year, number): n for year, number, n in totals}
