"""Beginning: the sheet with an answer per question, the consent to notes, the rehearsal."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from debriefs.calls.actions import mark_held
from debriefs.calls.models import Debrief
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.guides.models import GuideVersion, Question
from debriefs.interviews.actions.write_up import open_write_up
from debriefs.interviews.enums import SheetKind
from debriefs.interviews.models import Answer, AnswerSheet, Rehearsal
from debriefs.interviews.refusals import DebriefIsClosed, OpeningIsStale, SheetIsSubmitted
from debriefs.interviews.rules import Opening


@transaction.atomic
def begin_interview(*, debrief: Debrief, by: Person, now: datetime) -> AnswerSheet:
    """The interview begins: the call counts as held, the own view closes, the sheet is open. Harmless if repeated."""
    held = mark_held(debrief=debrief, by=by, now=now)
    return open_sheet(debrief=held, by=by, now=now)


@transaction.atomic
def open_sheet(*, debrief: Debrief, by: Person | None, now: datetime) -> AnswerSheet:
    """The sheet of the debrief's call with one empty answer per question of its guide. Harmless if repeated.

    Raises DebriefIsClosed. The text of each question is copied: what was asked stays readable whatever becomes of the guide.
    """
    # The row's lock makes two windows that begin at the same moment open one sheet.
    locked = Debrief.objects.select_for_update().get(pk=debrief.pk)
    if locked.closed_at is not None:
        raise DebriefIsClosed
    existing = AnswerSheet.objects.filter(debrief=locked, kind=SheetKind.CALL).first()
    if existing is not None:
        return existing
    sheet = AnswerSheet.objects.create(
        programme_id=locked.programme_id, debrief=locked, kind=SheetKind.CALL, opened_at=now
    )
    add_answers(sheet, list(locked.guide_version.questions.all()))
    open_write_up(debrief=locked, by=by, now=now)
    audit.record(
        action="sheet.opened",
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.RULE,
        actor_id=by.pk if by else None,
        programme_id=locked.programme_id,
        subject_kind="debrief",
        subject_id=locked.pk,
    )
    return sheet


@transaction.atomic
def start_rehearsal(*, version: GuideVersion, by: Person, now: datetime) -> Rehearsal:
    """A practice run of the version with a sheet of its own, seen by nobody else and counted nowhere."""
    rehearsal = Rehearsal.objects.create(
        programme_id=version.programme_id, person=by, guide_version=version, started_at=now
    )
    sheet = AnswerSheet.objects.create(programme_id=version.programme_id, rehearsal=rehearsal, opened_at=now)
    add_answers(sheet, list(version.questions.all()))
    audit.record(
        action="rehearsal.started",
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=version.programme_id,
        subject_kind="guide_version",
        subject_id=version.pk,
    )
    return rehearsal


@transaction.atomic
def record_consent(
    *,
    sheet: AnswerSheet,
    by: Person,
    now: datetime,
    agreed: bool | None = None,
    words: str | None = None,
    on_the_call: str | None = None,
    over: Opening | None = None,
) -> AnswerSheet:
    """What was said before the first question: that the buyer agreed to notes or took it back, in which words, and who takes part.

    None changes nothing; what was written down stays when consent is taken back. `over` is what the words were typed over. Harmless if
    repeated. Raises SheetIsSubmitted; OpeningIsStale when something else stands there than they were typed over.
    """
    locked = AnswerSheet.objects.select_for_update().get(pk=sheet.pk)
    if locked.submitted_at is not None:
        raise SheetIsSubmitted
    before = Opening(locked.consent_words, locked.on_the_call)
    wanted = Opening(
        before.words if words is None else words.strip(),
        before.on_the_call if on_the_call is None else on_the_call.strip(),
    )
    if over is not None and before not in (wanted, over):
        raise OpeningIsStale(locked)
    is_said_already = agreed is None or agreed == (locked.consent_at is not None)
    if is_said_already and wanted == before:
        return locked
    if not is_said_already:
        locked.consent_at = now if agreed else None
    locked.consent_words, locked.on_the_call = wanted
    locked.save(update_fields=["consent_at", "consent_words", "on_the_call"])
    if not is_said_already:
        audit.record(
            action="consent.given" if agreed else "consent.taken_back",
            now=now,
            actor_kind=ActorKind.PERSON,
            actor_id=by.pk,
            programme_id=locked.programme_id,
            subject_kind="sheet",
            subject_id=locked.pk,
        )
    return locked


def add_answers(sheet: AnswerSheet, questions: Sequence[Question]) -> None:
    """One empty answer per question, which keeps the words it was asked in. One query."""
    is_written = sheet.kind == SheetKind.WRITTEN
    Answer.objects.bulk_create(
        Answer(
            programme_id=sheet.programme_id,
            sheet=sheet,
            question=question,
            question_key=question.key,
            question_text=(question.written_text if is_written else "") or question.text,
        )
        for question in questions
    )
