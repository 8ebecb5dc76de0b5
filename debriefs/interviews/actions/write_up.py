"""After the conversation: reasons, permissions, the checklist, and handing in."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.models import Person
from debriefs.calls.actions import mark_written_up
from debriefs.calls.models import Debrief
from debriefs.codebook.models import Driver
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.interviews.enums import PermissionKind, QuoteLevel
from debriefs.interviews.models import Answer, AnswerSheet, PermissionGiven, StatedReason, Tag
from debriefs.interviews.queries import asked_of, sheet_of
from debriefs.interviews.refusals import NotBegun, SheetIsSubmitted, WriteUpIncomplete
from debriefs.interviews.rules import Asked, Missing, missing


@transaction.atomic
def set_stated_reason(
    *, sheet: AnswerSheet, stated_driver: Driver, root_driver: Driver, note: str = "", by: Person, now: datetime
) -> StatedReason:
    """A reason the buyer named and what lay behind it, last in order; named again, its root cause and note change.

    Raises SheetIsSubmitted.
    """
    locked = _writable(sheet)
    last = StatedReason.objects.filter(sheet=locked).aggregate(last=Max("position"))["last"] or 0
    reason, _is_new = StatedReason.objects.update_or_create(
        sheet=locked,
        stated_driver=stated_driver,
        defaults={"root_driver": root_driver, "note": note},
        create_defaults={
            "programme_id": locked.programme_id,
            "position": last + 1,
            "root_driver": root_driver,
            "note": note,
        },
    )
    _note("reason.stated", locked, by=by, now=now, reason=str(reason.pk))
    return reason


@transaction.atomic
def remove_stated_reason(*, reason: StatedReason, by: Person, now: datetime) -> None:
    """The reason no longer counts as named. Raises SheetIsSubmitted."""
    locked = _writable(reason.sheet)
    if StatedReason.objects.filter(pk=reason.pk).delete()[0]:
        _note("reason.removed", locked, by=by, now=now)


@transaction.atomic
def set_permissions(
    *,
    debrief: Debrief,
    given: Mapping[str, bool],
    by: Person,
    now: datetime,
    quote_level: str | None = None,
) -> None:
    """What the buyer permits and refuses, kind by kind; a kind that is not in `given` was not asked and stays as it was.

    `quote_level` is how far the buyer's words may go; None for not asked. The latest word counts. Raises NotBegun before the
    interview, SheetIsSubmitted after the write-up.
    """
    sheet = sheet_of(debrief)
    if sheet is None:
        raise NotBegun
    _writable(sheet)
    said = {kind: (bool(value), "") for kind, value in given.items() if kind != PermissionKind.QUOTE}
    if quote_level is not None:
        said[PermissionKind.QUOTE] = (quote_level != QuoteLevel.NONE, quote_level)
    before = {row.kind: (row.given, row.quote_level) for row in PermissionGiven.objects.filter(debrief=debrief)}
    changed = {kind: value for kind, value in said.items() if before.get(kind) != value}
    for kind, (is_given, level) in changed.items():
        PermissionGiven.objects.update_or_create(
            debrief=debrief,
            kind=kind,
            defaults={
                "programme_id": debrief.programme_id,
                "given": is_given,
                "quote_level": level,
                "said_at": now,
                "recorded_by": by,
            },
        )
    if changed:
        audit.record(
            action="permissions.recorded",
            now=now,
            actor_kind=ActorKind.PERSON,
            actor_id=by.pk,
            programme_id=debrief.programme_id,
            subject_kind="debrief",
            subject_id=debrief.pk,
            detail={str(kind): level or is_given for kind, (is_given, level) in changed.items()},
        )


def checklist(sheet: AnswerSheet) -> list[Missing]:
    """What the write-up still lacks, what blocks it first. Four queries."""
    answers = list(Answer.objects.filter(sheet=sheet).select_related("question").order_by("question__position"))
    asked = set(asked_of(answers))
    wanted = sheet.debrief.guide_version.guide.permissions if sheet.debrief else []
    return missing(
        questions=[
            Asked(number, answer.question_text, answer.state, answer.question.must_ask)
            for number, answer in enumerate(answers, start=1)
            if number in asked
        ],
        has_consent=sheet.consent_at is not None,
        stated_reasons=StatedReason.objects.filter(sheet=sheet).count(),
        tags=Tag.objects.filter(answer__sheet=sheet).count(),
        permissions_recorded=PermissionGiven.objects.filter(debrief=sheet.debrief_id, kind__in=wanted).count(),
        permissions_to_ask=len(wanted),
    )


@transaction.atomic
def submit_write_up(*, sheet: AnswerSheet, by: Person, now: datetime) -> AnswerSheet:
    """The write-up is handed in: the sheet is frozen and the debrief written up. Harmless if repeated.

    Raises WriteUpIncomplete while something is missing that the write-up waits for.
    """
    # Every answer is locked before the sheet is looked at: a save that won its lock earlier is part of what is handed in, one
    # that comes later finds the sheet handed in.
    list(Answer.objects.select_for_update().filter(sheet=sheet).order_by("pk").values_list("pk", flat=True))
    locked = AnswerSheet.objects.select_for_update(of=("self",)).select_related("debrief").get(pk=sheet.pk)
    if locked.submitted_at is not None:
        return locked
    if locked.debrief is None:
        raise NotBegun
    if any(one.blocks for one in checklist(locked)):
        raise WriteUpIncomplete
    answers = list(Answer.objects.filter(sheet=locked).select_related("question").order_by("question__position"))
    asked = set(asked_of(answers))
    off_path = [answer.pk for number, answer in enumerate(answers, start=1) if number not in asked]
    Answer.objects.filter(pk__in=off_path).update(is_off_path=True)
    mark_written_up(debrief=locked.debrief, by=by, now=now)
    locked.submitted_at = now
    locked.save(update_fields=["submitted_at"])
    _note("write_up.submitted", locked, by=by, now=now)
    return locked


def _writable(sheet: AnswerSheet) -> AnswerSheet:
    locked = AnswerSheet.objects.select_for_update().get(pk=sheet.pk)
    if locked.submitted_at is not None:
        raise SheetIsSubmitted
    return locked


def _note(action: str, sheet: AnswerSheet, *, by: Person, now: datetime, reason: str = "") -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=sheet.programme_id,
        subject_kind="debrief",
        subject_id=sheet.debrief_id,
        detail={"reason": reason} if reason else {},
    )
