"""When an interviewer can be booked: hours, days that differ, calendars elsewhere, and the feed of own calls."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from debriefs.calls.busy_times import BusyTimes, UnreadableCalendar, busy_times
from debriefs.calls.enums import CalendarKind
from debriefs.calls.models import (
    AvailabilityException,
    BusyCalendar,
    BusySpan,
    CallFeed,
    InterviewerCalendar,
    WeeklyHours,
)
from debriefs.calls.refusals import CalendarRefused
from debriefs.foundation import audit, link_tokens
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.web_fetch import NotFetched, fetch

LIMITS = ("buffer_before_minutes", "buffer_after_minutes", "minimum_notice_hours", "most_calls_a_day")
FEED_PURPOSE = "call-feed"
MOST_CALENDARS, MOST_EXCEPTIONS = 5, 400
MOST_BYTES = 4_000_000
READ_EVERY, LEASE, AHEAD = timedelta(minutes=15), timedelta(minutes=10), timedelta(days=120)
_LONGEST_WAIT = timedelta(hours=12)


@transaction.atomic
def save_hours(*, user: User, form_data: dict[str, Any], spans: list[tuple[int, time, time]], now: datetime) -> None:
    """The human's hours, limits and languages are these from now on. Booked calls stay where they are."""
    kept = {name: form_data[name] for name in (*LIMITS, "languages")}
    InterviewerCalendar.objects.update_or_create(user=user, defaults=kept)
    WeeklyHours.objects.filter(user=user).delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(user=user, weekday=weekday, starts=starts, ends=ends) for weekday, starts, ends in spans
    )
    _note("availability.changed", user, now)


@transaction.atomic
def add_exception(*, user: User, now: datetime, **days: Any) -> AvailabilityException:
    """Some days differ from the weekly hours; the same days said again are one row. CalendarRefused beyond four hundred."""
    if AvailabilityException.objects.filter(user=user).count() >= MOST_EXCEPTIONS:
        raise CalendarRefused(_("That is too many days. Remove some that are over first."))
    row, is_new = AvailabilityException.objects.get_or_create(user=user, **days)
    if is_new:
        _note("availability.exception_added", user, now)
    return row


@transaction.atomic
def remove_exception(*, user: User, exception_id: UUID, now: datetime) -> None:
    """The weekly hours hold on those days again. Harmless if repeated."""
    if AvailabilityException.objects.filter(user=user, pk=exception_id).delete()[0]:
        _note("availability.exception_removed", user, now)


@transaction.atomic
def add_calendar(*, user: User, url: str, kind: str, now: datetime) -> BusyCalendar:
    """The calendar is read from now on, first by the next tick. CalendarRefused for one that is read already, or a sixth."""
    if BusyCalendar.objects.filter(user=user).count() >= MOST_CALENDARS:
        raise CalendarRefused(_("Five calendars are read already. Remove one first."))
    try:
        with transaction.atomic():
            calendar = BusyCalendar.objects.create(user=user, url=url, kind=kind, added_at=now, due_at=now)
    except IntegrityError:
        raise CalendarRefused(_("This calendar is read already.")) from None
    _note("availability.calendar_added", user, now)
    return calendar


@transaction.atomic
def remove_calendar(*, user: User, calendar_id: UUID, now: datetime) -> None:
    """The calendar is not read any more and its times are free. Harmless if repeated."""
    if BusyCalendar.objects.filter(user=user, pk=calendar_id).delete()[0]:
        _note("availability.calendar_removed", user, now)


def due_calendars(now: datetime, *, most: int) -> list[UUID]:
    """The calendars whose time has come, the longest waiting first. One query."""
    due = BusyCalendar.objects.filter(due_at__lte=now, user__is_active=True)
    return list(due.order_by("due_at").values_list("pk", flat=True)[:most])


def read_calendar(*, calendar_id: UUID, now: datetime) -> bool:
    """The busy times of one calendar are those it says now; False when another reads it, or its time has not come.

    Claimed by a conditional update and read outside any transaction. What cannot be read keeps its last known times: a call
    too few beats a call too many. Failures are shown to its owner and tried again at growing distances.
    """
    if not BusyCalendar.objects.filter(pk=calendar_id, due_at__lte=now).update(due_at=now + LEASE):
        return False
    calendar = BusyCalendar.objects.select_related("user").get(pk=calendar_id)
    try:
        found = _fetched(calendar, now)
    except (NotFetched, UnreadableCalendar) as error:
        _failed(calendar, error, now)
        return True
    with transaction.atomic():
        still_there = BusyCalendar.objects.select_for_update().filter(pk=calendar.pk, url=calendar.url)
        if still_there.update(
            read_at=now, failed_at=None, failure="", failures=0, left_out=found.left_out, due_at=now + READ_EVERY
        ):
            BusySpan.objects.filter(calendar=calendar).delete()
            BusySpan.objects.bulk_create(
                [
                    BusySpan(calendar=calendar, user_id=calendar.user_id, starts_at=starts, ends_at=ends)
                    for starts, ends in found.spans
                ],
                batch_size=1_000,
            )
    return True


@transaction.atomic
def open_feed(*, user: User, now: datetime) -> CallFeed:
    """A private address for the human's own calls; one given before stops working."""
    feed = CallFeed.objects.select_for_update().filter(user=user).first()
    if feed is None:
        feed = CallFeed(id=uuid4(), user=user, version=0)
    feed.version += 1
    feed.token_hash = link_tokens.hash_of(link_tokens.token_for(FEED_PURPOSE, feed.id, feed.version))
    feed.issued_at, feed.revoked_at = now, None
    feed.save()
    _note("availability.feed_opened", user, now)
    return feed


@transaction.atomic
def close_feed(*, user: User, now: datetime) -> None:
    """The private address stops working. Harmless if repeated."""
    if CallFeed.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now):
        _note("availability.feed_closed", user, now)


def feed_address(user: User) -> str:
    """The private address of the human's calls, or nothing where none is open. One query."""
    feed = CallFeed.objects.filter(user=user, revoked_at__isnull=True).first()
    if feed is None:
        return ""
    token = link_tokens.token_for(FEED_PURPOSE, feed.id, feed.version)
    return settings.BASE_URL + reverse("prospect:call_feed", kwargs={"feed_id": feed.id, "token": token})


def feed_opened_by(feed_id: UUID, token: str) -> CallFeed | None:
    """The feed this address opens, compared in constant time; None for an unknown, wrong or revoked one. One query."""
    feed = CallFeed.objects.select_related("user").filter(pk=feed_id, revoked_at__isnull=True).first()
    if feed is None or not feed.user.is_active:
        return None
    return feed if link_tokens.is_token_for(token, FEED_PURPOSE, feed.id, feed.version) else None


def _fetched(calendar: BusyCalendar, now: datetime) -> BusyTimes:
    raw = fetch(calendar.url, most_bytes=MOST_BYTES)
    return busy_times(
        raw,
        time_zone=calendar.user.time_zone,
        first=now - timedelta(days=1),
        last=now + AHEAD,
        holidays=calendar.kind == CalendarKind.HOLIDAYS,
    )


def _failed(calendar: BusyCalendar, error: Exception, now: datetime) -> None:
    if isinstance(error, UnreadableCalendar):
        said = (
            _("It holds more than can be worked out in ten seconds, and is not read.")
            if error.too_much
            else _("What lies behind the address is no calendar file.")
        )
    else:
        said = str(error)
    failures = calendar.failures + 1
    wait = min(READ_EVERY * 2 ** min(failures, 8), _LONGEST_WAIT)
    BusyCalendar.objects.filter(pk=calendar.pk).update(
        failed_at=now, failure=said[:300], failures=failures, due_at=now + wait
    )


def _note(action: str, user: User, now: datetime) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.USER,
        actor_id=user.id,
        subject_kind="user",
        subject_id=user.id,
    )
