"""Booking, moving and cancelling calls. Two calls of one human never overlap: the database refuses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls import links, notices
from debriefs.calls.actions.record import changed, is_to_do, locked
from debriefs.calls.acts import Act
from debriefs.calls.enums import Side
from debriefs.calls.models import Call, Debrief
from debriefs.calls.queries import busy_of, can_be_booked, hours_of, live_call_of
from debriefs.calls.refusals import BusyElsewhere, DebriefChanged, SlotTaken, TooLate, WrongOrder
from debriefs.calls.rules import Hours, free_slots, wall_time
from debriefs.deals.enums import DebriefState

# What the prospect may do alone; the manager may do more.
MOST_MOVES = 3
_OPEN = (DebriefState.INVITED, DebriefState.BOOKED, DebriefState.DECLINED)
LATEST_MOVE = timedelta(hours=2)
_OVERLAP, _DEADLOCK, _WAITED_TOO_LONG = "23P01", "40P01", "55P03"


def open_slots(debrief: Debrief, now: datetime) -> list[datetime]:
    """The times the debrief can be booked at, in UTC, soonest first; none while it is paused or its interviewer left. About seven queries."""
    user = debrief.interviewer.user
    if user is None or not can_be_booked(debrief.interviewer) or debrief.paused_at is not None:
        return []
    call = live_call_of(debrief)
    busy = busy_of(user, debrief.contact.email_key, now, leaving_out=call)
    return free_slots(
        hours=hours_of(user),
        busy=busy,
        minutes=debrief.minutes,
        now=now,
        first_day=debrief.not_before_on,
        last_day=debrief.not_after_on,
    )


def book(
    *,
    debrief: Debrief,
    starts_at: datetime,
    time_zone: str,
    now: datetime,
    version: int | None = None,
    by: Person | None = None,
    reason: str = "",
) -> Call:
    """The call is booked, with notices and reminders, or SlotTaken: nothing in between.

    The same time again answers with the call that stands, so a double click books once. `version` is the debrief's as the page
    showed it; another one means a stale page (DebriefChanged). The prospect books one of the times offered; somebody of ours (`by`,
    with a reason) any time ahead at which the interviewer has no other call. Call it outside any transaction.
    """
    with taking_turns(), transaction.atomic():
        debrief = _held_with_interviewer(debrief)
        standing = live_call_of(debrief)
        if standing is not None and standing.starts_at == starts_at:
            return standing
        if version is not None and version != debrief.version and debrief.state in _OPEN:
            raise DebriefChanged
        is_to_do(debrief, Act.BOOK)
        _may_lie_there(debrief, starts_at, now, by)
        call = _insert(debrief, starts_at, time_zone, now)
        debrief.booked_at = debrief.booked_at or now
        debrief.save(update_fields=["booked_at"])
        links.renew(debrief, call.ends_at)
        notices.booked(debrief, call, now=now, moved=False)
        detail = {"call": str(call.id)}
        changed(debrief, "call.booked", by=by, now=now, as_prospect=by is None, detail=detail, reason=reason)
        return call


def move_call(
    *,
    debrief: Debrief,
    starts_at: datetime,
    time_zone: str,
    now: datetime,
    by: Person | None = None,
    version: int | None = None,
    reason: str = "",
) -> Call:
    """The standing call at another time, with the same calendar UID and a higher sequence.

    The prospect (`by` is None) may move it three times, until two hours before (TooLate), to a time that is offered; somebody of
    ours as often as needed, to any time ahead at which the interviewer has no other call.
    """
    with taking_turns(), transaction.atomic():
        debrief = _held_with_interviewer(debrief)
        is_to_do(debrief, Act.MOVE)
        call = live_call_of(debrief)
        if call is None:
            raise WrongOrder(_("There is no booked call to move."))
        if call.starts_at == starts_at:
            return call
        if version is not None and version != debrief.version:
            raise DebriefChanged
        if by is None and (why_not := why_not_moved(call, now)):
            raise TooLate(why_not)
        _may_lie_there(debrief, starts_at, now, by)
        place_again(call, starts_at, debrief, now=now, time_zone=time_zone)
        call.moves += 1
        call.save()
        notices.booked(debrief, call, now=now, moved=True)
        changed(
            debrief,
            "call.moved",
            by=by,
            now=now,
            as_prospect=by is None,
            detail={"call": str(call.id), "moves": call.moves},
            reason=reason,
        )
        return call


@transaction.atomic
def cancel_call(
    *,
    debrief: Debrief,
    side: str,
    now: datetime,
    by: Person | None = None,
    reason: str = "",
    version: int | None = None,
) -> Debrief:
    """The standing call is off, and both are told with a calendar cancellation. Harmless if repeated.

    The debrief goes back to "invited": the link shows free times again. `version` is the debrief's as the page showed it:
    whoever saw another time than the one that stands cancels nothing (DebriefChanged).
    """
    debrief = locked(debrief)
    if not is_to_do(debrief, Act.CANCEL):
        return debrief
    call = live_call_of(debrief)
    if call is None:
        return debrief
    if version is not None and version != debrief.version:
        raise DebriefChanged
    call.cancelled_at, call.cancelled_by_side = now, side
    call.ics_sequence += 1
    call.ics_stamp = now
    call.save(update_fields=["cancelled_at", "cancelled_by_side", "ics_sequence", "ics_stamp"])
    debrief.booked_at = None
    debrief.save(update_fields=["booked_at"])
    notices.cancelled(debrief, call, now=now)
    detail = {"call": str(call.id)}
    as_prospect = side == Side.BUYER
    return changed(debrief, "call.cancelled", by=by, now=now, as_prospect=as_prospect, detail=detail, reason=reason)


def place_again(call: Call, starts_at: datetime, debrief: Debrief, *, now: datetime, time_zone: str = "") -> None:
    """The call, not saved yet, at this start with the debrief's length: one revision more of the same calendar entry."""
    hours = hours_of(debrief.interviewer.user)  # type: ignore[arg-type]
    _place(call, starts_at, debrief.minutes, hours, time_zone or call.agreed_time_zone)
    call.interviewer, call.interviewer_user = debrief.interviewer, debrief.interviewer.user  # type: ignore[assignment]
    call.ics_sequence += 1
    call.ics_stamp = now
    call.version += 1


def _held_with_interviewer(debrief: Debrief) -> Debrief:
    """The locked debrief, its interviewer's bookings held; DebriefChanged when somebody else interviews meanwhile."""
    lock_interviewers(debrief.interviewer.user_id)
    held = locked(debrief)
    if held.interviewer_id != debrief.interviewer_id:
        raise DebriefChanged
    return held


def _may_lie_there(debrief: Debrief, starts_at: datetime, now: datetime, by: Person | None) -> None:
    if by is None:
        if starts_at.astimezone(UTC) not in open_slots(debrief, now):
            raise SlotTaken
        return
    if starts_at <= now:
        raise TooLate(_("This time is over already. Choose one that lies ahead."))
    if not can_be_booked(debrief.interviewer):
        raise WrongOrder(_("This debrief has no interviewer who can be booked. Choose another one first."))


def why_not_moved(call: Call, now: datetime) -> str:
    """The sentence for a prospect who may not move the call alone any more; nothing while they may."""
    if call.moves >= MOST_MOVES:
        return _("You have moved this call three times. Please write to us, and we will find a time together.")
    if call.starts_at - now < LATEST_MOVE:
        return _("The call begins in less than two hours. Please write to us if you cannot make it.")
    return ""


def _insert(debrief: Debrief, starts_at: datetime, time_zone: str, now: datetime) -> Call:
    identifier: UUID = uuid4()
    call = Call(
        id=identifier,
        programme_id=debrief.programme_id,
        debrief=debrief,
        interviewer=debrief.interviewer,
        interviewer_user=debrief.interviewer.user,
        contact_address_key=debrief.contact.email_key,
        ics_uid=f"{identifier}@{settings.BASE_URL.split('://', 1)[-1].split(':')[0]}",
        ics_stamp=now,
        booked_at=now,
    )
    _place(call, starts_at, debrief.minutes, hours_of(debrief.interviewer.user), time_zone)  # type: ignore[arg-type]
    call.save(force_insert=True)
    return call


def _place(call: Call, starts_at: datetime, minutes: int, hours: Hours, time_zone: str) -> None:
    call.starts_at, call.ends_at = starts_at, starts_at + timedelta(minutes=minutes)
    call.blocked = DateTimeTZRange(call.starts_at - hours.buffer_before, call.ends_at + hours.buffer_after, "[)")
    call.agreed_time_zone, call.agreed_wall_time = time_zone, wall_time(starts_at, time_zone)


def lock_interviewers(*user_ids: object) -> None:
    """Bookings of one human take turns; without it contention deadlocks inside the exclusion constraint. In one order for all."""
    with connection.cursor() as cursor:
        for user_id in sorted({str(one) for one in user_ids if one is not None}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('interviewer:' || %s, 0))", [user_id])


@contextmanager
def taking_turns() -> Iterator[None]:
    """The net below the lock: what the database reports is a sentence for the prospect, never a crash.

    An overlap or a deadlock is "taken" (SlotTaken); a lock not had within `lock_timeout` is BusyElsewhere.
    """
    try:
        yield
    except (IntegrityError, OperationalError) as error:
        code = getattr(error.__cause__, "pgcode", "")
        if code in (_OVERLAP, _DEADLOCK):
            raise SlotTaken from error
        if code == _WAITED_TOO_LONG:
            raise BusyElsewhere from error
        raise
