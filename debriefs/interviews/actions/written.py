"""The written debrief: opened, shared and sent by the buyer; and the interviewer who goes on without a call."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from debriefs.calls.actions import mark_held, mark_writing_begun, mark_written_sent
from debriefs.calls.models import Debrief
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.interviews.actions.sheets import add_answers
from debriefs.interviews.actions.write_up import leave_off_path, open_write_up, set_permissions
from debriefs.interviews.enums import AnswerState, SheetKind
from debriefs.interviews.models import Answer, AnswerSheet, WriteUp
from debriefs.interviews.refusals import NothingToWrite, NothingWritten, WrittenIsSent


@transaction.atomic
def begin_written(*, debrief: Debrief, shares: bool, now: datetime) -> AnswerSheet:
    """The buyer opens the questions: one empty answer per question of the guide that is fit for writing. Harmless if repeated.

    `shares`: the interviewer may read along before the answers are sent. NothingToWrite where no question is fit for writing;
    WrongOrder as `mark_writing_begun` says.
    """
    begun = mark_writing_begun(debrief=debrief, now=now)
    existing = AnswerSheet.objects.filter(debrief=begun, kind=SheetKind.WRITTEN).first()
    if existing is not None:
        return existing
    questions = list(begun.guide_version.questions.filter(fit_for_writing=True))
    if not questions:
        raise NothingToWrite
    sheet = AnswerSheet.objects.create(
        programme_id=begun.programme_id,
        debrief=begun,
        kind=SheetKind.WRITTEN,
        opened_at=now,
        shared_at=now if shares else None,
    )
    add_answers(sheet, questions)
    _note("written.begun", sheet, now, shares=shares)
    return sheet


@transaction.atomic
def share_written(*, sheet: AnswerSheet, shares: bool, now: datetime) -> AnswerSheet:
    """Whether the interviewer may read along before the answers are sent; the buyer's latest word counts at once.

    Harmless if repeated. Raises WrittenIsSent.
    """
    locked = AnswerSheet.objects.select_for_update().get(pk=sheet.pk)
    if locked.submitted_at is not None:
        raise WrittenIsSent
    if shares == (locked.shared_at is not None):
        return locked
    locked.shared_at = now if shares else None
    locked.save(update_fields=["shared_at"])
    _note("written.shared" if shares else "written.unshared", locked, now)
    return locked


@transaction.atomic
def send_written(
    *, sheet: AnswerSheet, given: Mapping[str, bool], quote_level: str | None = None, now: datetime
) -> AnswerSheet:
    """The buyer's answers are sent: the database freezes them, the permissions said with them are kept. Harmless if repeated.

    Without a booked call the conversation counts as held and its write-up is open. NothingWritten while no question is answered;
    WrongOrder where the debrief takes no answers any more: then nothing was sent.
    """
    # Every answer is locked before the sheet is looked at: a save that won its lock earlier is part of what is sent.
    rows = Answer.objects.select_for_update(of=("self",)).filter(sheet=sheet.pk).order_by("pk")
    states = list(rows.values_list("state", flat=True))
    locked = AnswerSheet.objects.select_for_update(of=("self",)).select_related("debrief").get(pk=sheet.pk)
    if locked.submitted_at is not None or locked.debrief is None:
        return locked
    if AnswerState.NOTED not in states:
        raise NothingWritten
    leave_off_path(locked)
    debrief = mark_written_sent(debrief=locked.debrief, now=now)
    locked.submitted_at = now
    locked.save(update_fields=["submitted_at"])
    set_permissions(debrief=debrief, given=given, quote_level=quote_level, by=None, now=now)
    if debrief.held_at is not None:
        open_write_up(debrief=debrief, by=None, now=now)
    _note("written.sent", locked, now, answers=states.count(AnswerState.NOTED))
    return locked


@transaction.atomic
def go_on_without_call(*, debrief: Debrief, by: Person, now: datetime) -> WriteUp:
    """The answers in writing are all there will be: the conversation counts as held and its write-up is open. Harmless if repeated.

    NothingWritten before the buyer sent them; WrongOrder while a call is booked.
    """
    if not AnswerSheet.objects.filter(debrief=debrief, kind=SheetKind.WRITTEN, submitted_at__isnull=False).exists():
        raise NothingWritten
    held = mark_held(debrief=debrief, by=by, now=now, spoke=False)
    return open_write_up(debrief=held, by=by, now=now)


def _note(action: str, sheet: AnswerSheet, now: datetime, **detail: bool | int) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.CONTACT,
        actor_id=sheet.debrief.contact_id if sheet.debrief else None,
        programme_id=sheet.programme_id,
        subject_kind="debrief",
        subject_id=sheet.debrief_id,
        detail=detail,
    )
