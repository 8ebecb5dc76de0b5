"""The write-up as a whole: opened, reasons and rows added, the checklist, handed in, corrected by a further version."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import Max

from accounts.models import Person
from debriefs.calls.actions import mark_written_up
from debriefs.calls.models import Debrief
from debriefs.codebook.models import Driver
from debriefs.deals.models import Competitor
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.interviews.actions.parts import revision_of
from debriefs.interviews.enums import AnswerState, PermissionKind, QuoteLevel, SheetKind
from debriefs.interviews.models import (
    Answer,
    AnswerSheet,
    CompetitorStanding,
    Disclosure,
    NeedAssessment,
    PermissionGiven,
    StatedReason,
    Tag,
    WriteUp,
    WriteUpRevision,
)
from debriefs.interviews.notice_kinds import owe_correction
from debriefs.interviews.permission_changes import follow_correction
from debriefs.interviews.queries import asked_of, said_in_writing, sheet_of
from debriefs.interviews.refusals import (
    IsErased,
    NoReason,
    NotBegun,
    PermissionsAreStale,
    WriteUpIncomplete,
    WriteUpIsSubmitted,
)
from debriefs.interviews.rules import Asked, Missing, Progress, both_texts, missing
from debriefs.interviews.write_up_parts import parts_of, progress_of, values_of

# What a further version takes over from the one it corrects.
_ROWS: tuple[type[models.Model], ...] = (StatedReason, NeedAssessment, CompetitorStanding, Disclosure)


@transaction.atomic
def open_write_up(*, debrief: Debrief, by: Person | None, now: datetime) -> WriteUp:
    """The first version of the debrief's write-up, or the latest there is. Harmless if repeated."""
    Debrief.objects.select_for_update().get(pk=debrief.pk)
    latest = WriteUp.objects.filter(debrief=debrief).order_by("-number").first()
    if latest is not None:
        return latest
    return WriteUp.objects.create(programme_id=debrief.programme_id, debrief=debrief, opened_at=now, opened_by=by)


@transaction.atomic
def set_stated_reason(
    *, write_up: WriteUp, stated_driver: Driver, root_driver: Driver, note: str = "", by: Person, now: datetime
) -> StatedReason:
    """A reason the buyer named and what lay behind it, last in order; named again, its root cause changes, and a note is put to its own.

    Raises WriteUpIsSubmitted.
    """
    locked = _writable(write_up)
    before = StatedReason.objects.filter(write_up=locked, stated_driver=stated_driver).first()
    is_typed = bool(note) and (before is None or note not in before.note)
    note = both_texts(before.note, note) if before else note
    reason, _is_new = StatedReason.objects.update_or_create(
        write_up=locked,
        stated_driver=stated_driver,
        defaults={"root_driver": root_driver, "note": note},
        create_defaults={
            "programme_id": locked.programme_id,
            "position": _next_position(StatedReason.objects.filter(write_up=locked)),
            "root_driver": root_driver,
            "note": note,
        },
    )
    if is_typed:
        _keep_typed(locked, f"reason.{reason.pk}", note, by=by, now=now)
    _note("reason.stated", locked, by=by, now=now, row=reason.pk)
    return reason


@transaction.atomic
def add_need(*, write_up: WriteUp, text: str, by: Person, now: datetime) -> NeedAssessment:
    """A need that the buyer named and the deal does not list, last in order. Harmless if repeated. Raises WriteUpIsSubmitted."""
    locked = _writable(write_up)
    existing = NeedAssessment.objects.filter(write_up=locked, need=None, text=text.strip()).first()
    if existing is not None:
        return existing
    row = NeedAssessment.objects.create(
        programme_id=locked.programme_id,
        write_up=locked,
        position=_next_position(NeedAssessment.objects.filter(write_up=locked)),
        text=text.strip(),
    )
    _note("need.added", locked, by=by, now=now, row=row.pk)
    return row


@transaction.atomic
def add_competitor(*, write_up: WriteUp, competitor: Competitor, by: Person, now: datetime) -> CompetitorStanding:
    """A competitor that the buyer looked at and the deal does not list. Harmless if repeated. Raises WriteUpIsSubmitted."""
    locked = _writable(write_up)
    row, is_new = CompetitorStanding.objects.get_or_create(
        write_up=locked, competitor=competitor, defaults={"programme_id": locked.programme_id}
    )
    if is_new:
        _note("competitor.added", locked, by=by, now=now, row=row.pk)
    return row


@transaction.atomic
def add_disclosure(*, write_up: WriteUp, kind: str, text: str, by: Person, now: datetime) -> Disclosure:
    """Something that came out only now, last of its kind. Harmless if repeated. Raises WriteUpIsSubmitted."""
    locked = _writable(write_up)
    existing = Disclosure.objects.filter(write_up=locked, kind=kind, text=text.strip()).first()
    if existing is not None:
        return existing
    row = Disclosure.objects.create(
        programme_id=locked.programme_id,
        write_up=locked,
        kind=kind,
        position=_next_position(Disclosure.objects.filter(write_up=locked, kind=kind)),
        text=text.strip(),
    )
    _keep_typed(locked, f"disclosure.{row.pk}", row.text, by=by, now=now)
    _note("disclosure.added", locked, by=by, now=now, row=row.pk)
    return row


@transaction.atomic
def remove_row(
    *, row: StatedReason | NeedAssessment | CompetitorStanding | Disclosure, by: Person, now: datetime
) -> None:
    """The reason, need, competitor or disclosure no longer stands in the write-up; what was typed under it stays among the revisions.

    Harmless if repeated. Raises WriteUpIsSubmitted.
    """
    locked = _writable(row.write_up)
    if type(row)._default_manager.filter(pk=row.pk).delete()[0]:
        _note("write_up.row_removed", locked, by=by, now=now, row=row.pk)


@transaction.atomic
def set_permissions(
    *,
    debrief: Debrief,
    given: Mapping[str, bool],
    by: Person | None,
    now: datetime,
    quote_level: str | None = None,
    over: Mapping[str, str] | None = None,
) -> bool:
    """What the buyer permits and refuses, kind by kind; a kind that is not in `given` was not asked and stays as it was.

    `quote_level` is how far the buyer's words may go; None for not asked. The latest word counts. `by` is None where the buyer
    said it themselves; where an interviewer corrects it, a release that shows more is taken back. `over` is what the interviewer's page
    showed, by kind. True where something differs from what was said before.

    Raises NotBegun before the interview, and for the interviewer WriteUpIsSubmitted after the write-up, PermissionsAreStale where
    somebody else, the buyer for one, has said otherwise than `over`: then nothing of it is recorded.
    """
    if by is not None:
        write_up = WriteUp.objects.filter(debrief=debrief).order_by("-number").first()
        if write_up is None:
            raise NotBegun
        _writable(write_up)
    said = {kind: (bool(value), "") for kind, value in given.items() if kind != PermissionKind.QUOTE}
    if quote_level is not None:
        said[PermissionKind.QUOTE] = (quote_level != QuoteLevel.NONE, quote_level)
    # Locked: what the buyer says at this moment is met here, or waits and counts as the later word.
    rows = list(PermissionGiven.objects.select_for_update(of=("self",)).filter(debrief=debrief).order_by("pk"))
    before = {row.kind: (row.given, row.quote_level) for row in rows}
    if by is not None and over is not None:
        stands = {
            row.kind: row.quote_level or ("yes" if row.given else "no") for row in rows if row.recorded_by_id != by.pk
        }
        torn = {
            kind: stands[kind]
            for kind, value in said.items()
            if kind in stands and stands[kind] != over.get(kind) and before[kind] != value
        }
        if torn:
            raise PermissionsAreStale(torn)
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
            actor_kind=ActorKind.PERSON if by else ActorKind.CONTACT,
            actor_id=by.pk if by else debrief.contact_id,
            programme_id=debrief.programme_id,
            subject_kind="debrief",
            subject_id=debrief.pk,
            detail={str(kind): level or is_given for kind, (is_given, level) in changed.items()},
        )
    if by is not None and PermissionKind.QUOTE in changed:
        follow_correction(debrief, changed[PermissionKind.QUOTE][1], now)
    return bool(changed)


def checklist(write_up: WriteUp) -> list[Missing]:
    """What the write-up still lacks, what blocks it first. About eighteen queries."""
    return _checked(write_up)[0]


def progress(write_up: WriteUp) -> tuple[list[Missing], Progress]:
    """The checklist, and how many of the parts are filled in. About eighteen queries."""
    return _checked(write_up)


def _checked(write_up: WriteUp) -> tuple[list[Missing], Progress]:
    debrief = write_up.debrief
    sheet = AnswerSheet.objects.filter(debrief=debrief, kind=SheetKind.CALL).first()
    answers = list(Answer.objects.filter(sheet=sheet).select_related("question").order_by("question__position"))
    asked = set(asked_of(answers))
    written = said_in_writing(sheet) if sheet else {}
    wanted = debrief.guide_version.guide.permissions
    parts = parts_of(write_up)
    found = missing(
        questions=[
            Asked(
                number,
                answer.question_text,
                # What the buyer answered in writing need not be asked again.
                AnswerState.NOTED if answer.question_key in written else answer.state,
                answer.question.must_ask,
            )
            for number, answer in enumerate(answers, start=1)
            if number in asked
        ],
        has_consent=sheet is None or sheet.consent_at is not None,
        stated_reasons=StatedReason.objects.filter(write_up=write_up).count(),
        tags=_tags_on_the_path(debrief, [row.pk for number, row in enumerate(answers, start=1) if number not in asked]),
        permissions_recorded=PermissionGiven.objects.filter(debrief=debrief, kind__in=wanted).count(),
        permissions_to_ask=len(wanted),
        open_groups={group: (filled, of) for group, filled, of in progress_of(parts) if filled < of},
    )
    counted = progress_of(parts)
    return found, Progress(sum(filled for _group, filled, _of in counted), sum(of for _group, _filled, of in counted))


def _tags_on_the_path(debrief: Debrief, led_past: list[UUID]) -> int:
    """The tags that become findings: none of answers the others lead past, which are marked so only at the hand-in. One query."""
    return (
        Tag.objects.filter(answer__sheet__debrief=debrief, answer__is_off_path=False)
        .exclude(answer__in=led_past)
        .count()
    )


@transaction.atomic
def submit_write_up(*, write_up: WriteUp, by: Person, now: datetime) -> WriteUp:
    """The version is handed in: it is frozen by the database, with the notes under it, and the debrief written up. Harmless if repeated.

    Raises WriteUpIncomplete while something is missing that the write-up waits for.
    """
    # Every answer is locked before the write-up is looked at: a save that won its lock earlier is part of what is handed in,
    # one that comes later finds it handed in.
    rows = Answer.objects.select_for_update(of=("self",)).filter(sheet__debrief=write_up.debrief_id).order_by("pk")
    list(rows.values_list("pk", flat=True))
    locked = (
        WriteUp.objects.select_for_update(of=("self",)).select_related("debrief__reviewer__user").get(pk=write_up.pk)
    )
    if locked.submitted_at is not None:
        return locked
    if any(one.blocks for one in checklist(locked)):
        raise WriteUpIncomplete
    if locked.number == 1:
        _close_sheets(locked.debrief, now)
        mark_written_up(debrief=locked.debrief, by=by, now=now)
    locked.submitted_at, locked.submitted_by = now, by
    locked.save(update_fields=["submitted_at", "submitted_by"])
    if locked.number > 1:
        owe_correction(locked, now=now)
    _note("write_up.submitted" if locked.number == 1 else "write_up.corrected", locked, by=by, now=now, row=locked.pk)
    return locked


@transaction.atomic
def correct_write_up(*, debrief: Debrief, reason: str, by: Person, now: datetime) -> WriteUp:
    """A further version, open, that begins as the one handed in last; the open one if there is one. The notes stay as they are.

    NotBegun before anything was handed in; NoReason without a reason; IsErased once the buyer was.
    """
    locked = Debrief.objects.select_for_update(of=("self",)).select_related("contact").get(pk=debrief.pk)
    if locked.contact.erased_at is not None:
        raise IsErased
    latest = WriteUp.objects.filter(debrief=debrief).order_by("-number").first()
    if latest is None:
        raise NotBegun
    if latest.submitted_at is None:
        return latest
    if not reason.strip():
        raise NoReason
    values = values_of(latest)
    further = WriteUp.objects.create(
        programme_id=debrief.programme_id,
        debrief=debrief,
        number=latest.number + 1,
        opened_at=now,
        opened_by=by,
        reason=reason.strip()[:300],
        **values,
    )
    for check in latest.record_checks.all():
        _copy(check, further)
    for model in _ROWS:
        for row in model._default_manager.filter(write_up=latest):
            _copy(row, further)
    _note("write_up.reopened", further, by=by, now=now, row=further.pk)
    return further


@transaction.atomic
def discard_correction(*, write_up: WriteUp, by: Person, now: datetime) -> None:
    """The open further version is given up; what was handed in stands. Its revisions go with it. Raises WriteUpIsSubmitted."""
    locked = _writable(write_up)
    if locked.number == 1:
        raise WriteUpIsSubmitted
    locked.delete()
    _note("write_up.correction_given_up", locked, by=by, now=now)


def _copy(row: models.Model, to: WriteUp) -> None:
    row.pk, row._state.adding = None, True
    row.id = row._meta.pk.get_default()  # type: ignore[attr-defined]
    row.write_up = to  # type: ignore[attr-defined]
    row.save(force_insert=True)


def _close_sheets(debrief: Debrief, now: datetime) -> None:
    """Answers off the path are marked, and the notes of the call are closed."""
    sheet = sheet_of(debrief)
    if sheet is None:
        return
    leave_off_path(sheet)
    AnswerSheet.objects.filter(debrief=debrief, submitted_at__isnull=True, kind=SheetKind.CALL).update(submitted_at=now)


def leave_off_path(sheet: AnswerSheet) -> None:
    """Marks the answers that the others lead past, while the sheet is open. Two queries."""
    answers = list(Answer.objects.filter(sheet=sheet).select_related("question").order_by("question__position"))
    asked = set(asked_of(answers))
    off_path = [answer.pk for number, answer in enumerate(answers, start=1) if number not in asked]
    Answer.objects.filter(pk__in=off_path, sheet__submitted_at__isnull=True).update(is_off_path=True)


def _keep_typed(write_up: WriteUp, part: str, text: str, *, by: Person, now: datetime) -> None:
    """What was typed with a row is a save of its part: it stays among the revisions, and an older page overwrites it unseen no more."""
    revision, _last = revision_of(write_up, part)
    WriteUpRevision.objects.create(
        programme_id=write_up.programme_id,
        write_up=write_up,
        part=part,
        operation=uuid4(),
        base_revision=revision,
        revision=revision + 1,
        text=text,
        saved_at=now,
        saved_by=by,
    )


def _next_position(rows: "models.QuerySet[models.Model]") -> int:
    return int(rows.aggregate(last=Max("position"))["last"] or 0) + 1


def _writable(write_up: WriteUp) -> WriteUp:
    locked = WriteUp.objects.select_for_update(of=("self",)).select_related("debrief__contact").get(pk=write_up.pk)
    if locked.debrief.contact.erased_at is not None:
        raise IsErased
    if locked.submitted_at is not None:
        raise WriteUpIsSubmitted
    return locked


def _note(action: str, write_up: WriteUp, *, by: Person, now: datetime, row: UUID | None = None) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=write_up.programme_id,
        subject_kind="debrief",
        subject_id=write_up.debrief_id,
        detail={"row": str(row)} if row else {},
    )
