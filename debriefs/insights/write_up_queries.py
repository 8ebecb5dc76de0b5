"""What write-ups of counted releases say in their chosen fields, never in their words: grouped counts, one query each.

Of each debrief the latest version handed in counts. Free text of a write-up is raw and is not read here; a need is named as the
deal names it.
"""

from collections import Counter
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from debriefs.findings.models import Release
from debriefs.interviews.enums import KnownBefore
from debriefs.interviews.models import Disclosure, NeedAssessment, RecordCheck, WriteUp


def write_ups(releases: QuerySet[Release]) -> QuerySet[WriteUp]:
    """The write-ups that count: the latest handed in of each released debrief. No query by itself."""
    handed_in = WriteUp.objects.filter(submitted_at__isnull=False)
    later = handed_in.filter(debrief=OuterRef("debrief"), number__gt=OuterRef("number"))
    return handed_in.filter(~Exists(later), debrief__in=releases.values("debrief"))


def record_checks(counted: QuerySet[WriteUp]) -> dict[tuple[str, str], int]:
    """Judgements by field and verdict."""
    rows: Any = (
        RecordCheck.objects.filter(write_up__in=counted)
        .exclude(verdict="")
        .order_by()
        .values_list("field", "verdict")
        .annotate(n=Count("id"))
    )
    return {(field, verdict): n for field, verdict, n in rows}


def needs(counted: QuerySet[WriteUp]) -> dict[tuple[str, str, str], int]:
    """Deals by (the need as the deal names it, weight, outcome); one the deal does not list comes with an empty name.

    A need that two buyers of a deal judged stands once: as in the primary debrief, else as judged last.
    """
    found: Counter[tuple[str, str, str]] = Counter()
    judged = NeedAssessment.objects.filter(write_up__in=counted).exclude(outcome="")
    others = judged.filter(need=OuterRef("need")).exclude(write_up=OuterRef("write_up"))
    is_primary = Q(write_up__debrief__is_primary=True)
    later = Q(write_up__submitted_at__gt=OuterRef("write_up__submitted_at"))
    rows: Any = (
        judged.exclude(~is_primary & Exists(others.filter(is_primary | later)))
        .order_by()
        .values_list("need__text", "weight", "outcome")
        .annotate(n=Count("write_up__debrief__deal", distinct=True))
    )
    for text, weight, outcome, n in rows:
        found[text or "", weight, outcome] += n
    return dict(found)


def disclosed(counted: QuerySet[WriteUp]) -> dict[str, int]:
    """Per kind: deals with something that our side did not know before the debrief."""
    rows: Any = (
        Disclosure.objects.filter(write_up__in=counted, known_before=KnownBefore.NO)
        .order_by()
        .values_list("kind")
        .annotate(n=Count("write_up__debrief__deal", distinct=True))
    )
    return dict(rows)


def sources(counted: QuerySet[WriteUp]) -> dict[tuple[str, str], int]:
    """Deals by how the buyer first heard of us and outcome."""
    rows: Any = (
        counted.exclude(awareness_how="")
        .order_by()
        .values_list("awareness_how", "debrief__deal__outcome")
        .annotate(n=Count("debrief__deal", distinct=True))
    )
    return {(how, outcome): n for how, outcome, n in rows}


def deals_of(counted: QuerySet[WriteUp]) -> int:
    """How many deals the write-ups are about."""
    return counted.aggregate(n=Count("debrief__deal", distinct=True))["n"] or 0
