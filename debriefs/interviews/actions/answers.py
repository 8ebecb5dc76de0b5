"""Saving one answer: over the revision that was seen, each operation once, no text ever lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from accounts.models import Person
from debriefs.foundation.refusals import Refusal
from debriefs.interviews.choosing import refused_marks
from debriefs.interviews.enums import SheetKind
from debriefs.interviews.models import Answer, AnswerRevision, AnswerSheet, Verbatim
from debriefs.interviews.queries import scales_for
from debriefs.interviews.refusals import (
    AnswerIsStale,
    DebriefIsClosed,
    NoSuchChoice,
    OperationReused,
    SheetIsSubmitted,
    WritingIsOver,
    WrittenIsSent,
)
from debriefs.interviews.rules import AROUND, anchored, state_of, unified


@dataclass(frozen=True)
class Saved:
    """What became of a save: the answer as it is now, and the revision that this save made or met."""

    answer: Answer
    revision: int
    is_repeat: bool = False


def save_answer(
    *,
    answer: Answer,
    by: Person | None,
    now: datetime,
    base_revision: int,
    operation: UUID,
    text: str,
    state: str = "",
    chosen: Sequence[str] = (),
) -> Saved:
    """The answer with this text and state, one revision higher. Five queries. `by` is None for the buyer, in a written debrief.

    `state` is not_asked or declined, or empty: then it follows from text and `chosen`, the marks chosen under a question that is
    not open. Words marked as the buyer's are found again in the new text. The same `operation` sent again with the same
    text counts once and answers with the revision it made. A save of what is already saved makes no revision.

    Refuses, and keeps the refused text as a revision of its own: AnswerIsStale when the answer is no longer at
    `base_revision`, SheetIsSubmitted after the write-up, DebriefIsClosed when the debrief ended or passed to somebody else; WrittenIsSent and
    WritingIsOver in a written debrief.
    OperationReused when the operation belongs to another answer, NoSuchChoice for a mark that cannot be chosen there.
    """
    text, chosen = unified(text), list(dict.fromkeys(chosen))
    if refused_marks(scales_for(answer), chosen):
        raise NoSuchChoice
    attempt = AnswerRevision(
        programme_id=answer.programme_id,
        answer=answer,
        operation=operation,
        base_revision=base_revision,
        text=text,
        chosen=chosen,
        state=state_of(text, state, chosen),
        saved_at=now,
        saved_by=by,
    )
    try:
        with transaction.atomic():
            outcome = _saved_or_refused(attempt, by)
    except IntegrityError:
        # The same operation for two answers at the same moment: only the unique key can tell.
        raise OperationReused from None
    if isinstance(outcome, Refusal):
        # Raised outside the transaction, so that the refused text stays written.
        raise outcome
    return outcome


def _saved_or_refused(attempt: AnswerRevision, by: Person | None) -> Saved | Refusal:
    answer = (
        Answer.objects.select_for_update(of=("self",))
        .select_related("saved_by", "question")
        .annotate(is_marked=Exists(Verbatim.objects.filter(answer=OuterRef("pk"), passage__isnull=True)))
        .get(pk=attempt.answer_id)
    )
    before = AnswerRevision.objects.filter(operation=attempt.operation).first()
    if before is not None:
        if before.answer_id != answer.pk:
            return OperationReused()
        if _content(before) == _content(attempt):
            return AnswerIsStale(answer) if before.was_refused else Saved(answer, before.revision, is_repeat=True)
        # A page fetched back from the browser's history sends its old operation with new words: a save of its own.
        attempt.operation = uuid4()
    # Read after the answer's lock was won: handing in locks every answer, so what is read here is its outcome.
    refusal = _closed(answer, by)
    if refusal is None and _content(answer) == _content(attempt):
        return Saved(answer, answer.revision)
    if refusal is None and answer.revision != attempt.base_revision:
        refusal = AnswerIsStale(answer)
    attempt.answer, attempt.revision, attempt.was_refused = answer, answer.revision, refusal is not None
    if refusal is None:
        answer.text, answer.chosen, answer.state = _content(attempt)
        answer.revision += 1
        answer.saved_at, answer.saved_by = attempt.saved_at, by
        answer.save(update_fields=["text", "chosen", "state", "revision", "saved_at", "saved_by"])
        attempt.revision = answer.revision
        if answer.is_marked:
            _anchor_marks(answer)
    attempt.save(force_insert=True)
    return refusal or Saved(answer, answer.revision)


def _anchor_marks(answer: Answer) -> None:
    """Marked words move with the note. Those that stand in it no more keep their last place and what stood around them."""
    for verbatim in Verbatim.objects.filter(answer=answer, passage__isnull=True):
        place = anchored(
            answer.text, verbatim.text, prefix=verbatim.prefix, suffix=verbatim.suffix, near=verbatim.starts
        )
        if place is None:
            continue
        starts, ends = place
        around = answer.text[max(0, starts - AROUND) : starts], answer.text[ends : ends + AROUND]
        if (starts, ends, *around) != (verbatim.starts, verbatim.ends, verbatim.prefix, verbatim.suffix):
            verbatim.starts, verbatim.ends = starts, ends
            verbatim.prefix, verbatim.suffix = around
            verbatim.save(update_fields=["starts", "ends", "prefix", "suffix"])


def _content(saved: Answer | AnswerRevision) -> tuple[str, list[str], str]:
    return saved.text, saved.chosen, saved.state


def _closed(answer: Answer, by: Person | None) -> Refusal | None:
    sheet = AnswerSheet.objects.select_related("debrief").get(pk=answer.sheet_id)
    if sheet.kind == SheetKind.WRITTEN and by is None and sheet.debrief:
        if sheet.submitted_at is not None:
            return WrittenIsSent()
        return None if sheet.debrief.takes_writing else WritingIsOver()
    if sheet.kind == SheetKind.WRITTEN or by is None:
        return DebriefIsClosed()
    if sheet.submitted_at is not None:
        return SheetIsSubmitted()
    if sheet.debrief and (sheet.debrief.closed_at is not None or sheet.debrief.interviewer_id != by.pk):
        return DebriefIsClosed()
    return None
