"""Reads of guides."""

from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404

from accounts.models import Person, Programme
from debriefs.guides.conditions import conditions_from
from debriefs.guides.models import Guide, GuideVersion
from debriefs.guides.permissions import can_edit_guides, can_read_guides
from debriefs.guides.rules import FALLBACK_LANGUAGE, QuestionText


def versions_visible_to(person: Person) -> QuerySet[GuideVersion]:
    """Published versions for whoever interviews, schedules or reviews; drafts too for programme managers; none for others."""
    versions = GuideVersion.objects.filter(programme=person.programme).select_related(
        "guide", "published_by", "created_by", "programme"
    )
    if not can_read_guides(person):
        return versions.none()
    return versions if can_edit_guides(person) else versions.filter(published_at__isnull=False)


def version_visible_to(person: Person, version_id: UUID) -> GuideVersion:
    """The version with its questions and their probes, or 404. Three queries."""
    found = versions_visible_to(person).prefetch_related("questions__probes").filter(pk=version_id).first()
    if found is None:
        raise Http404
    return found


def guides_visible_to(person: Person) -> list[Guide]:
    """The live guides by name; `shown` of each holds the versions the person may know of, newest first, with `asks` questions.

    Two queries, however many guides.
    """
    versions = versions_visible_to(person).annotate(asks=Count("questions")).order_by("-number")
    guides = Guide.objects.filter(programme=person.programme, retired_at__isnull=True)
    found = guides.order_by("name").prefetch_related(Prefetch("versions", versions, to_attr="shown"))
    return [guide for guide in found if guide.shown]


def published_versions(programme: Programme) -> QuerySet[GuideVersion]:
    """The newest published version of every live guide, guide joined, by its name. One query."""
    return (
        GuideVersion.objects.filter(
            pk__in=GuideVersion.objects.filter(
                programme=programme, published_at__isnull=False, guide__retired_at__isnull=True
            )
            .order_by("guide_id", "-number")
            .distinct("guide_id")
            .values("pk")
        )
        .select_related("guide")
        .order_by("guide__name")
    )


def proposed_version(
    programme: Programme, outcome_group: str, language: str = FALLBACK_LANGUAGE
) -> GuideVersion | None:
    """The published version that fits a deal best, or None when no guide is published. One query.

    In the contact's language where there is one, else in English, else in any; among those that serve the outcome, else among
    all. Of several that fit alike, the one that serves the fewest other outcomes.
    """
    versions = list(published_versions(programme))
    return min(
        versions,
        key=lambda version: (
            outcome_group not in version.guide.outcome_groups,
            version.guide.language != language,
            version.guide.language != FALLBACK_LANGUAGE,
            len(version.guide.outcome_groups),
            version.guide.name,
        ),
        default=None,
    )


def texts_of(version: GuideVersion) -> list[QuestionText]:
    """The version's questions as plain values, in order. Two queries."""
    return [
        QuestionText(
            key=question.key,
            section=question.section,
            text=question.text,
            intent=question.intent,
            kind=question.kind,
            feeds=tuple(question.feeds),
            must_ask=question.must_ask,
            planned_minutes=question.planned_minutes,
            fit_for_writing=question.fit_for_writing,
            probes=tuple((probe.text, probe.purpose) for probe in question.probes.all()),
            written_text=question.written_text,
            choices=tuple(question.choices),
            conditions=conditions_from(question.conditions),
        )
        for question in version.questions.prefetch_related("probes")
    ]
