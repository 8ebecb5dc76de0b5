"""Reads of lessons."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.enums import Role
from accounts.models import Person, Programme
from debriefs.findings.models import Release, Remark
from debriefs.findings.queries import counted_releases, remarks_visible_to
from debriefs.lessons.enums import LessonState
from debriefs.lessons.models import Lesson, LessonEvidence


def lessons_visible_to(person: Person) -> QuerySet[Lesson]:
    """The programme's lessons, newest first, for everybody but those who only interview. No query by itself.

    A lesson is written to be known: it names roles and patterns, never a buyer; the remarks it rests on are read by their own
    rule.
    """
    lessons = Lesson.objects.filter(programme=person.programme).select_related("owner")
    return lessons if person.has_role(Role.ADMIN, Role.MANAGER, Role.REVIEWER, Role.MEMBER) else lessons.none()


def checks_due(person: Person, today: date) -> tuple[int, int]:
    """Of the lessons whose day to be checked has come: how many were checked (learned or retired since), and how many there are. One query."""
    come = lessons_visible_to(person).filter(check_on__lte=today).order_by()
    over = Q(state__in=(LessonState.LEARNED, LessonState.RETIRED))
    counted = come.aggregate(checked=Count("pk", filter=over), come=Count("pk"))
    return counted["checked"], counted["come"]


def evidence_of(lesson: Lesson, person: Person, now: datetime) -> list[Remark]:
    """The remarks a lesson rests on that the person may read. One query."""
    readable = remarks_visible_to(person, now).filter(pk__in=lesson.evidence.values("remark"))
    return list(readable.select_related("release", "driver", "deal").order_by("-is_primary", "id"))


def evidence_in(lessons: Iterable[Lesson], releases: QuerySet[Release]) -> dict[UUID, int]:
    """On how many of the deals behind these releases each lesson rests. One query, none without lessons."""
    keys = [lesson.pk for lesson in lessons]
    if not keys:
        return {}
    cited = LessonEvidence.objects.filter(lesson__in=keys, remark__release__in=releases.order_by().values("pk"))
    return dict(cited.order_by().values_list("lesson").annotate(Count("remark__deal", distinct=True)))


def evidence_counts(lessons: Iterable[Lesson], now: datetime) -> dict[UUID, int]:
    """On how many of the counted releases each lesson rests: never more than `released_count`. One query, none without lessons."""
    keys = [lesson.pk for lesson in lessons]
    if not keys:
        return {}
    counted = LessonEvidence.objects.filter(
        lesson__in=keys,
        remark__release__recalled_at__isnull=True,
        remark__release__others_from__lte=now,
    )
    return dict(counted.order_by().values_list("lesson").annotate(Count("remark__release", distinct=True)))


def released_count(programme: Programme, now: datetime) -> int:
    """How many released debriefs there are to learn from. One query."""
    return counted_releases(programme, now).count()
