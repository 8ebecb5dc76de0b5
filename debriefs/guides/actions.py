"""Changes of guides: the starter guides, drafts, publishing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Person, Programme
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.guides.conditions import problems
from debriefs.guides.lint import blocking
from debriefs.guides.models import DraftSave, Guide, GuideVersion, Probe, Question, RetiredQuestion, every_permission
from debriefs.guides.queries import texts_of
from debriefs.guides.refusals import (
    DraftChanged,
    NameIsTaken,
    NoteMissing,
    NotFitToAsk,
    NothingToAsk,
    NothingToUndo,
    PathIsBroken,
    VersionIsPublished,
)
from debriefs.guides.rules import QuestionText, content_of, digest_of, key_of, text_from
from debriefs.guides.starter import GUIDES, StarterGuide
from debriefs.guides.starter_german import GUIDES_IN_GERMAN

# How many saves of a draft can be taken back.
MOST_STEPS_BACK = 50


@transaction.atomic
def install_starter_guides(*, programme: Programme, by: Person | None, now: datetime) -> list[GuideVersion]:
    """The starter guides published in the programme. Harmless if repeated: a guide of that name is left as it is."""
    made = []
    for starter in (*GUIDES, *GUIDES_IN_GERMAN):
        guide, is_new = Guide.objects.get_or_create(
            programme=programme,
            name=starter.name,
            defaults={
                "outcome_groups": [str(group) for group in starter.outcome_groups],
                "language": starter.language,
                "expected_minutes": starter.minutes,
                "created_at": now,
            },
        )
        if is_new:
            made.append(_starter_version(guide, starter, by=by, now=now))
    return made


@transaction.atomic
def start_draft(*, version: GuideVersion, by: Person, now: datetime) -> GuideVersion:
    """A draft of the guide's next version, a copy of this one. The draft that there already is, if one is under way."""
    guide = Guide.objects.select_for_update().get(pk=version.guide_id)
    under_way = guide.versions.filter(published_at__isnull=True).first()
    if under_way is not None:
        return under_way
    newest = guide.versions.order_by("-number").first()
    draft = GuideVersion.objects.create(
        programme_id=guide.programme_id,
        guide=guide,
        number=(newest.number if newest else 0) + 1,
        opening_script=version.opening_script,
        closing_script=version.closing_script,
        created_at=now,
        created_by=by,
    )
    _write_questions(draft, texts_of(version))
    _note("guide.draft_started", draft, by=by, now=now)
    return draft


@transaction.atomic
def save_draft(
    *,
    version: GuideVersion,
    opening_script: str,
    closing_script: str,
    questions: Sequence[QuestionText],
    by: Person,
    now: datetime,
    seen: str = "",
) -> GuideVersion:
    """The draft with these scripts and exactly these questions, in this order.

    Raises VersionIsPublished for a published version, and DraftChanged when `seen`, the digest
    of the draft as it was shown, is given and is not that of the draft now.
    """
    draft = GuideVersion.objects.select_for_update().get(pk=version.pk)
    if draft.published_at is not None:
        raise VersionIsPublished
    if seen and seen != digest_of(draft.opening_script, draft.closing_script, texts_of(draft)):
        raise DraftChanged
    before = texts_of(draft)
    if (draft.opening_script, draft.closing_script, before) == (opening_script, closing_script, list(questions)):
        return draft
    DraftSave.objects.create(
        programme_id=draft.programme_id,
        version=draft,
        content=content_of(draft.opening_script, draft.closing_script, before),
        saved_at=now,
        saved_by=by,
    )
    kept = draft.saves.order_by("-id").values("pk")[:MOST_STEPS_BACK]
    draft.saves.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    _rewrite(draft, opening_script, closing_script, questions)
    _note("guide.draft_saved", draft, by=by, now=now)
    return draft


@transaction.atomic
def undo_save(*, version: GuideVersion, by: Person, now: datetime) -> GuideVersion:
    """The draft as it was before the last save that still stands. Raises VersionIsPublished, NothingToUndo."""
    draft = GuideVersion.objects.select_for_update().get(pk=version.pk)
    if draft.published_at is not None:
        raise VersionIsPublished
    last = draft.saves.order_by("-id").first()
    if last is None:
        raise NothingToUndo
    content = last.content
    _rewrite(
        draft, content["opening_script"], content["closing_script"], [text_from(one) for one in content["questions"]]
    )
    last.delete()
    _note("guide.save_undone", draft, by=by, now=now)
    return draft


def _rewrite(draft: GuideVersion, opening_script: str, closing_script: str, questions: Sequence[QuestionText]) -> None:
    draft.opening_script, draft.closing_script = opening_script, closing_script
    draft.save(update_fields=["opening_script", "closing_script"])
    # Nothing points to the questions of a draft: it is asked of nobody.
    draft.questions.all().delete()
    _write_questions(draft, questions)


@transaction.atomic
def publish(*, version: GuideVersion, by: Person | None, now: datetime, note: str) -> GuideVersion:
    """The version is published and frozen: neither it nor its questions change again. Harmless if repeated.

    Debriefs planned from now on get it; those under way keep the version they have. Raises NothingToAsk, NoteMissing,
    PathIsBroken while a question cannot be reached or a condition makes no sense, and NotFitToAsk while a question sells again or
    none is open.
    """
    draft = GuideVersion.objects.select_for_update().get(pk=version.pk)
    if draft.published_at is not None:
        return draft
    if not draft.questions.exists():
        raise NothingToAsk
    if not note.strip():
        raise NoteMissing
    texts = texts_of(draft)
    found = problems([text.asked for text in texts])
    if found:
        raise PathIsBroken(found)
    stopped = blocking(texts, draft.guide.language)
    if stopped:
        raise NotFitToAsk(stopped)
    draft.saves.all().delete()
    draft.note, draft.published_at, draft.published_by = note.strip()[:300], now, by
    draft.save(update_fields=["note", "published_at", "published_by"])
    _note("guide.published", draft, by=by, now=now)
    return draft


@transaction.atomic
def create_guide(
    *,
    programme: Programme,
    name: str,
    outcome_groups: Sequence[str],
    language: str,
    expected_minutes: int,
    by: Person,
    now: datetime,
    permissions: Sequence[str] | None = None,
    opening_script: str = "",
    closing_script: str = "",
    questions: Sequence[QuestionText] = (),
) -> GuideVersion:
    """The draft of version 1 of a new guide. Raises NameIsTaken.

    Scripts that are not given are those of the starter guides, in German for a German guide, so that nobody begins without the promises.
    """
    if Guide.objects.filter(programme=programme, name__iexact=name.strip()).exists():
        raise NameIsTaken(name.strip())
    try:
        with transaction.atomic():
            guide = Guide.objects.create(
                programme=programme,
                name=name.strip(),
                outcome_groups=list(outcome_groups),
                language=language,
                expected_minutes=expected_minutes,
                permissions=every_permission() if permissions is None else list(permissions),
                created_at=now,
            )
    except IntegrityError:
        # Somebody else was faster with the same name.
        raise NameIsTaken(name.strip()) from None
    starter = (GUIDES_IN_GERMAN if language == "de" else GUIDES)[0]
    draft = GuideVersion.objects.create(
        programme=programme,
        guide=guide,
        number=1,
        opening_script=opening_script or starter.opening,
        closing_script=closing_script or starter.closing,
        created_at=now,
        created_by=by,
    )
    _write_questions(draft, questions)
    _note("guide.created", draft, by=by, now=now)
    return draft


@transaction.atomic
def change_guide(
    *,
    guide: Guide,
    name: str,
    outcome_groups: Sequence[str],
    language: str,
    expected_minutes: int,
    permissions: Sequence[str],
    by: Person,
    now: datetime,
) -> Guide:
    """What the guide is called and serves; its published questions stay as they are. Raises NameIsTaken."""
    locked = Guide.objects.select_for_update().get(pk=guide.pk)
    if Guide.objects.filter(programme=guide.programme_id, name__iexact=name.strip()).exclude(pk=guide.pk).exists():
        raise NameIsTaken(name.strip())
    locked.name, locked.outcome_groups = name.strip(), list(outcome_groups)
    locked.language, locked.expected_minutes, locked.permissions = language, expected_minutes, list(permissions)
    try:
        with transaction.atomic():
            locked.save(update_fields=["name", "outcome_groups", "language", "expected_minutes", "permissions"])
    except IntegrityError:
        raise NameIsTaken(name.strip()) from None
    _note_guide("guide.changed", locked, by=by, now=now)
    return locked


@transaction.atomic
def retire_guide(*, guide: Guide, by: Person, now: datetime) -> Guide:
    """The guide is proposed for no new debrief; those that have it keep it. Harmless if repeated."""
    locked = Guide.objects.select_for_update().get(pk=guide.pk)
    if locked.retired_at is None:
        locked.retired_at = now
        locked.save(update_fields=["retired_at"])
        _note_guide("guide.retired", locked, by=by, now=now)
    return locked


@transaction.atomic
def retire_question(*, programme: Programme, key: str, by: Person, now: datetime) -> None:
    """The question is offered for drafts no more; where it is asked it stays. Harmless if repeated."""
    RetiredQuestion.objects.get_or_create(programme=programme, key=key, defaults={"retired_at": now, "retired_by": by})


@transaction.atomic
def restore_question(*, programme: Programme, key: str, by: Person, now: datetime) -> None:
    """The question is offered again. Harmless if repeated."""
    RetiredQuestion.objects.filter(programme=programme, key=key).delete()


def _starter_version(guide: Guide, starter: StarterGuide, *, by: Person | None, now: datetime) -> GuideVersion:
    version = GuideVersion.objects.create(
        programme_id=guide.programme_id,
        guide=guide,
        number=1,
        opening_script=starter.opening,
        closing_script=starter.closing,
        created_at=now,
        created_by=by,
    )
    questions = [
        QuestionText(
            key=question.key,
            section=question.section,
            text=question.text,
            intent=question.intent,
            feeds=question.feeds,
            must_ask=question.must_ask,
            planned_minutes=question.minutes,
            probes=question.probes,
        )
        for question in starter.questions
    ]
    _write_questions(version, questions)
    return publish(version=version, by=by, now=now, note="The guide that comes with Debriefs.")


def _write_questions(version: GuideVersion, texts: Sequence[QuestionText]) -> None:
    taken = {text.key for text in texts}
    rows, probes = [], []
    for position, text in enumerate(texts, start=1):
        key = text.key or key_of(text.text, taken)
        taken.add(key)
        question = Question(
            programme_id=version.programme_id,
            version=version,
            key=key,
            position=position,
            section=text.section,
            text=text.text,
            intent=text.intent,
            kind=text.kind,
            feeds=list(text.feeds),
            must_ask=text.must_ask,
            planned_minutes=text.planned_minutes,
            fit_for_writing=text.fit_for_writing,
            written_text=text.written_text,
            choices=list(text.choices),
            conditions=[condition.as_json() for condition in text.conditions],
        )
        rows.append(question)
        probes += [
            Probe(programme_id=version.programme_id, question=question, position=number, text=probe, purpose=purpose)
            for number, (probe, purpose) in enumerate(text.probes, start=1)
        ]
    Question.objects.bulk_create(rows)
    Probe.objects.bulk_create(probes)


def _note_guide(action: str, guide: Guide, *, by: Person, now: datetime) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=guide.programme_id,
        subject_kind="guide",
        subject_id=guide.pk,
        detail={},
    )


def _note(action: str, version: GuideVersion, *, by: Person | None, now: datetime) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.RULE,
        actor_id=by.pk if by else None,
        programme_id=version.programme_id,
        subject_kind="guide_version",
        subject_id=version.pk,
        detail={"guide": str(version.guide_id), "number": version.number},
    )
