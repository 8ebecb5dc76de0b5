"""Saving one part of a write-up as it is typed: over the revision that was seen, each operation once, no text ever lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from accounts.models import Person
from debriefs.foundation.refusals import Refusal
from debriefs.interviews.choosing import refused_marks
from debriefs.interviews.models import WriteUp, WriteUpRevision
from debriefs.interviews.refusals import (
    DebriefIsClosed,
    NoSuchChoice,
    NoSuchPart,
    OperationReused,
    PartIsStale,
    WriteUpIsSubmitted,
)
from debriefs.interviews.rules import unified
from debriefs.interviews.write_up_parts import Part, parts_of


@dataclass(frozen=True)
class SavedPart:
    """What became of a save: the part as it is now, and the revision that this save made or met."""

    part: Part
    revision: int


def save_part(
    *,
    write_up: WriteUp,
    key: str,
    by: Person,
    now: datetime,
    base_revision: int,
    operation: UUID,
    text: str,
    chosen: Sequence[str] = (),
) -> SavedPart:
    """The part with this text and these marks, one revision higher; as `save_answer` does it, and refuses. About fourteen queries.

    Refuses, and keeps the refused text as a revision of its own: PartIsStale, WriteUpIsSubmitted once handed in, DebriefIsClosed
    when the debrief passed to somebody else. NoSuchPart when its row was taken out, NoSuchChoice, OperationReused.
    """
    attempt = WriteUpRevision(
        programme_id=write_up.programme_id,
        write_up=write_up,
        part=key,
        operation=operation,
        base_revision=base_revision,
        text=unified(text),
        chosen=list(dict.fromkeys(chosen)),
        saved_at=now,
        saved_by=by,
    )
    try:
        with transaction.atomic():
            outcome = _saved_or_refused(attempt, by)
    except IntegrityError:
        # The same operation for two parts at the same moment: only the unique key can tell.
        raise OperationReused from None
    if isinstance(outcome, Refusal):
        # Raised outside the transaction, so that the refused text stays written.
        raise outcome
    return outcome


def revision_of(write_up: WriteUp, key: str) -> tuple[int, WriteUpRevision | None]:
    """The part's revision and the save that made it; 0 and None before the first. One query."""
    last = (
        WriteUpRevision.objects.filter(write_up=write_up, part=key, was_refused=False)
        .select_related("saved_by")
        .order_by("-id")
        .first()
    )
    return (last.revision, last) if last else (0, None)


def _saved_or_refused(attempt: WriteUpRevision, by: Person) -> SavedPart | Refusal:
    write_up = (
        WriteUp.objects.select_for_update(of=("self",)).select_related("debrief__deal").get(pk=attempt.write_up_id)
    )
    part = next((one for one in parts_of(write_up) if one.key == attempt.part), None)
    revision, last = revision_of(write_up, attempt.part)
    before = WriteUpRevision.objects.filter(operation=attempt.operation).first()
    if before is not None:
        if (before.write_up_id, before.part) != (write_up.pk, attempt.part):
            return OperationReused()
        if (before.text, before.chosen) == (attempt.text, attempt.chosen) and part is not None:
            return PartIsStale(part, revision, last) if before.was_refused else SavedPart(part, before.revision)
        # A page fetched back from the browser's history sends its old operation with new words: a save of its own.
        attempt.operation = uuid4()
    refusal = _refusal(write_up, part, attempt, by)
    if refusal is None and part is not None:
        if (part.text, sorted(part.chosen)) == (attempt.text, sorted(attempt.chosen)):
            return SavedPart(part, revision)
        if revision != attempt.base_revision:
            refusal = PartIsStale(part, revision, last)
    attempt.revision, attempt.was_refused = revision, refusal is not None
    if refusal is None and part is not None:
        part.write(attempt.text, attempt.chosen)
        part.row.save(update_fields=None if part.row._state.adding else part.stored_columns)
        attempt.revision = revision + 1
    attempt.save(force_insert=True)
    return refusal or SavedPart(part, attempt.revision)  # type: ignore[arg-type]


def _refusal(write_up: WriteUp, part: Part | None, attempt: WriteUpRevision, by: Person) -> Refusal | None:
    if write_up.submitted_at is not None:
        return WriteUpIsSubmitted()
    if write_up.debrief.closed_at is not None or write_up.debrief.interviewer_id != by.pk:
        return DebriefIsClosed()
    if part is None:
        return NoSuchPart()
    return NoSuchChoice() if refused_marks(part.scales, attempt.chosen) else None
