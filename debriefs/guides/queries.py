"""Reads of guides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Prefetch, QuerySet, When
from django.http import Http404

from accounts.models import Person, Programme
from debriefs.guides.conditions import conditions_from
from debriefs.guides.enums import Measure
from debriefs.guides.exchange import ExchangedGuide
from debriefs.guides.models import Guide, GuideVersion, Question, RetiredQuestion
from debriefs.guides.permissions import can_edit_guides, can_read_guides, is_outside_interviewer
from debriefs.guides.rules import FALLBACK_LANGUAGE, QuestionText

# Which versions an outside interviewer may know of, by key; nothing until a room above says it.
_assigned: Callable[[Person], Any] = lambda _person: ()  # noqa: E731


def versions_visible_to(person: Person) -> QuerySet[GuideVersion]:
    """Published versions for whoever interviews, schedules or reviews; drafts too for programme managers; none for others.

    An outside interviewer with no other role: those of their own assignments.
    """
    versions = GuideVersion.objects.filter(programme=person.programme).select_related(
        "guide", "published_by", "created_by", "programme"
    )
    if not can_read_guides(person):
        return versions.none()
    if is_outside_interviewer(person):
        # What they ask with, drafts of a rehearsal never; nothing else of the programme is theirs to know.
        return versions.filter(pk__in=_assigned(person), published_at__isnull=False)
    return versions if can_edit_guides(person) else versions.filter(published_at__isnull=False)


def let_outsiders_see(assigned: Callable[[Person], Any]) -> None:
    """Says which versions an outside interviewer may know of, by key: told by the room that knows the assignments."""
    global _assigned
    _assigned = assigned


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


@dataclass(frozen=True)
class BankEntry:
    """A question of the bank in its latest words and their language: where it is asked now, and whether it is still offered."""

    text: QuestionText
    guides: list[str]
    is_retired: bool
    language: str

    @property
    def measures(self) -> list[str]:
        """What its answers feed, in words."""
        return [str(Measure(feed).label) if feed in Measure.values else feed for feed in self.text.feeds]


def bank_of(programme: Programme, language: str | None = None) -> list[BankEntry]:
    """Every question the programme ever wrote down, once per key, by part of the conversation and words. Four queries.

    Its words are the latest of a guide in `language` (None: the programme's), and where it was never asked in that, the latest of
    all. `guides` are the live guides whose newest published version asks it.
    """
    wanted = language or programme.language
    asked: dict[str, list[str]] = {}
    current = {version.pk: version.guide.name for version in published_versions(programme)}
    for key, version in Question.objects.filter(version__in=current).values_list("key", "version"):
        asked.setdefault(key, []).append(current[version])
    latest = (
        Question.objects.filter(programme=programme)
        .alias(is_foreign=Case(When(version__guide__language=wanted, then=0), default=1))
        .order_by("key", "is_foreign", "-version__created_at", "-version__number")
        .distinct("key")
        .select_related("version__guide")
        .prefetch_related("probes")
    )
    retired = set(RetiredQuestion.objects.filter(programme=programme).values_list("key", flat=True))
    entries = [
        BankEntry(
            text_of(question),
            sorted(asked.get(question.key, [])),
            question.key in retired,
            question.version.guide.language,
        )
        for question in latest
    ]
    return sorted(entries, key=lambda entry: (entry.is_retired, entry.text.section, entry.text.text))


def offers(draft: GuideVersion, texts: Sequence[QuestionText]) -> list[QuestionText]:
    """The questions of the bank that the draft, now with `texts`, may still take: neither retired nor in it. Four queries.

    In the words of the draft's language where there are any; those that there are come first.
    """
    within, language = {text.key for text in texts}, draft.guide.language
    free = [
        entry for entry in bank_of(draft.programme, language) if not entry.is_retired and entry.text.key not in within
    ]
    return [entry.text for entry in sorted(free, key=lambda entry: entry.language != language)]


def offered(draft: GuideVersion, key: str, texts: Sequence[QuestionText]) -> QuestionText | None:
    """The question of the bank with that key for the draft, without its conditions; None when it is not offered."""
    found = next((text for text in offers(draft, texts) if text.key == key), None)
    return replace(found, conditions=()) if found else None


def text_of(question: Question) -> QuestionText:
    """The question as plain values; its probes are prefetched, or cost one query."""
    return QuestionText(
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


def exchanged(version: GuideVersion) -> ExchangedGuide:
    """The version as it travels to another installation. Two queries."""
    guide = version.guide
    return ExchangedGuide(
        name=guide.name,
        outcome_groups=tuple(guide.outcome_groups),
        language=guide.language,
        expected_minutes=guide.expected_minutes,
        opening_script=version.opening_script,
        closing_script=version.closing_script,
        permissions=tuple(guide.permissions),
        questions=tuple(texts_of(version)),
    )


def newer_version(version: GuideVersion) -> GuideVersion | None:
    """The newest published version of the same guide, when there is a newer one. One query."""
    return (
        GuideVersion.objects.filter(guide_id=version.guide_id, number__gt=version.number, published_at__isnull=False)
        .select_related("guide")
        .order_by("-number")
        .first()
    )


def earlier_versions(person: Person, version: GuideVersion) -> list[GuideVersion]:
    """The other versions of the guide that the person may read, newest first. One query."""
    return list(versions_visible_to(person).filter(guide=version.guide_id).exclude(pk=version.pk).order_by("-number"))


def texts_of(version: GuideVersion) -> list[QuestionText]:
    """The version's questions as plain values, in order. Two queries."""
    return [text_of(question) for question in version.questions.prefetch_related("probes")]
