"""Changes of guides: starter guides, drafts, publishing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Programme
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.guides import starter
from debriefs.guides.models import Guide, GuideVersion, Probe, Question
from debriefs.guides.refusals import DraftExists, Frozen, NotPublishable


@transaction.atomic
def install_starter_guides(*, programme: Programme, by: Person | None, now: datetime) -> None:
    """The programme has a published starter guide for every outcome group that no guide of it serves yet. Harmless if repeated."""
    served = {group for guide in Guide.objects.filter(programme=programme) for group in guide.outcome_groups}
    for template in starter.GUIDES:
        if served & set(template.outcome_groups):
            continue
        minutes = sum(question.minutes for question in template.questions)
        guide = Guide.objects.create(
            programme=programme,
            name=template.name,
            outcome_groups=list(template.outcome_groups),
            expected_minutes=programme.call_minutes,
            created_at=now,
        )
        version = GuideVersion.objects.create(
            programme=programme,
            guide=guide,
            number=1,
            opening_script=starter.OPENING.format(minutes=min(minutes, programme.call_minutes)),
            closing_script=starter.CLOSING,
            created_at=now,
            created_by=by,
        )
        _write_questions(version, template.questions)
        publish(version=version, by=by, now=now, note=_("Starter guide"))


def _write_questions(version: GuideVersion, questions: tuple[starter.StarterQuestion, ...]) -> None:
    made = Question.objects.bulk_create(
        Question(
            programme_id=version.programme_id,
            version=version,
            key=question.key,
            position=position,
            text=question.text,
            intent=question.intent,
            feeds=list(question.feeds),
            must_ask=question.must_ask,
            planned_minutes=question.minutes,
        )
        for position, question in enumerate(questions, start=1)
    )
    Probe.objects.bulk_create(
        Probe(programme_id=version.programme_id, question=row, position=position, text=text, purpose=purpose)
        for row, question in zip(made, questions, strict=True)
        for position, (text, purpose) in enumerate(question.probes, start=1)
    )


@transaction.atomic
def start_draft(*, guide: Guide, by: Person, now: datetime) -> GuideVersion:
    """A draft of the next version, as a copy of the newest one. Refuses a second draft."""
    guide = Guide.objects.select_for_update().get(pk=guide.pk)
    newest = guide.versions.order_by("-number").first()
    if newest is None:
        raise NotPublishable(_("This guide has no version to begin from."))
    if newest.published_at is None:
        raise DraftExists(_("A draft of this guide is being worked on already."))
    draft = GuideVersion.objects.create(
        programme_id=guide.programme_id,
        guide=guide,
        number=newest.number + 1,
        opening_script=newest.opening_script,
        closing_script=newest.closing_script,
        created_at=now,
        created_by=by,
    )
    for question in newest.questions.prefetch_related("probes"):
        probes = list(question.probes.all())
        question.pk, question.version = None, draft
        question._state.adding = True
        question.id = Question._meta.pk.get_default()  # type: ignore[union-attr]
        question.save(force_insert=True)
        for probe in probes:
            Probe.objects.create(
                programme_id=guide.programme_id,
                question=question,
                position=probe.position,
                text=probe.text,
                purpose=probe.purpose,
            )
    _note(draft, "guide.draft_started", by, now)
    return draft


@transaction.atomic
def save_draft(
    *,
    version: GuideVersion,
    opening_script: str,
    closing_script: str,
    questions: list[tuple[str, str, list[str]]],
    by: Person,
    now: datetime,
) -> GuideVersion:
    """The draft with these scripts and questions, each (text, intent, probes). Refuses a published version (Frozen).

    A question whose text stands unchanged keeps its key, so that answers compare across versions; others get a new one.
    """
    locked = GuideVersion.objects.select_for_update().get(pk=version.pk)
    if locked.published_at is not None:
        raise Frozen(_("This version is published and never changes. Begin a draft of the next one."))
    known = {question.text: question for question in locked.questions.all()}
    keys = {question.key for question in known.values()}
    rows = []
    for position, (text, intent, _probes) in enumerate(questions, start=1):
        before = known.get(text)
        key = before.key if before else _new_key(locked.number, position, keys)
        keys.add(key)
        rows.append(
            Question(
                programme_id=locked.programme_id,
                version=locked,
                key=key,
                position=position,
                text=text,
                intent=intent,
                feeds=before.feeds if before else [],
                must_ask=before.must_ask if before else False,
                planned_minutes=before.planned_minutes if before else 3,
            )
        )
    locked.questions.all().delete()
    Question.objects.bulk_create(rows)
    Probe.objects.bulk_create(
        Probe(programme_id=locked.programme_id, question=row, position=position, text=text)
        for row, (_text, _intent, probes) in zip(rows, questions, strict=True)
        for position, text in enumerate(probes, start=1)
    )
    locked.opening_script, locked.closing_script = opening_script, closing_script
    locked.save(update_fields=["opening_script", "closing_script"])
    return locked


def _new_key(number: int, position: int, taken: set[str]) -> str:
    key, more = f"v{number}-{position}", 0
    while key in taken:
        more += 1
        key = f"v{number}-{position}-{more}"
    return key


@transaction.atomic
def publish(*, version: GuideVersion, by: Person | None, now: datetime, note: str = "") -> GuideVersion:
    """The version is frozen and may be used from now on. Harmless if repeated; refuses one without questions."""
    locked = GuideVersion.objects.select_for_update().get(pk=version.pk)
    if locked.published_at is not None:
        return locked
    if not locked.questions.exists():
        raise NotPublishable(_("A guide without questions cannot be published."))
    locked.published_at, locked.published_by, locked.note = now, by, note[:300]
    locked.save(update_fields=["published_at", "published_by", "note"])
    _note(locked, "guide.published", by, now)
    return locked


def _note(version: GuideVersion, action: str, by: Person | None, now: datetime) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.OPERATOR,
        actor_id=by.id if by else None,
        programme_id=version.programme_id,
        subject_kind="guide_version",
        subject_id=version.id,
        detail={"number": version.number},
    )
