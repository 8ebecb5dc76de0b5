"""What the page of an interviewer's hours shows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.forms import BoundField, Form

from accounts.models import User
from debriefs.calls.actions.availability import LIMITS, feed_address
from debriefs.calls.availability_forms import SPANS, WEEKDAYS, field_name
from debriefs.calls.models import AvailabilityException, BusyCalendar, Call, InterviewerCalendar
from debriefs.calls.queries import busy_of, exceptional, hours_of
from debriefs.calls.rules import free_slots, grouped_by_day


def initial_of(user: User) -> dict[str, Any]:
    """What the form shows first: the hours in force, defaults included. Three queries."""
    calendar = InterviewerCalendar.objects.filter(user=user).first() or InterviewerCalendar(user=user)
    shown: dict[str, Any] = {name: getattr(calendar, name) for name in LIMITS}
    shown["languages"] = calendar.languages or [user.language]
    for weekday, starts, ends in hours_of(user).weekly:
        span = 1 if field_name(weekday, 1, "from") not in shown else 2
        shown.setdefault(field_name(weekday, span, "from"), starts)
        # A third span of a day, which only another door could have written, is shown as the end of the second.
        shown[field_name(weekday, span, "until")] = ends
    return shown


def rows_of(form: Form) -> list[tuple[Any, list[BoundField]]]:
    """(weekday, its four bound fields), for the table of the page."""
    return [
        (name, [form[field_name(number, span, end)] for span in SPANS for end in ("from", "until")])
        for number, name in enumerate(WEEKDAYS)
    ]


def page_of(user: User, now: datetime) -> dict[str, Any]:
    """What the page shows besides its forms: exceptions ahead, calendars, the feed, and the next times a buyer would be offered."""
    zone = ZoneInfo(user.time_zone)
    today = now.astimezone(zone).date()
    listed = AvailabilityException.objects.filter(user=user, ends_on__gte=today - timedelta(days=1))
    slots = free_slots(hours=hours_of(user), busy=busy_of(user, "", now), minutes=30, now=now)
    return {
        "exceptions": _with_calls(user, listed, now),
        "calendars": [(calendar, _hidden(calendar.url)) for calendar in BusyCalendar.objects.filter(user=user)],
        "feed": feed_address(user),
        "offered": grouped_by_day(slots, user.time_zone, most_days=5),
    }


def _with_calls(
    user: User, rows: Iterable[AvailabilityException], now: datetime
) -> list[tuple[AvailabilityException, list[Call]]]:
    """Each exception with the booked calls that lie in it: they stay until somebody cancels or hands them over. Two queries."""
    calls = list(
        Call.objects.filter(
            interviewer_user=user, cancelled_at=None, no_show_at=None, held_at=None, ends_at__gt=now
        ).order_by("starts_at")
    )
    return [
        (row, [call for call in calls if exceptional(row).takes_out(call.starts_at, call.ends_at, user.time_zone)])
        for row in rows
    ]


def _hidden(url: str) -> str:
    """An address as it may be shown: whose it is, and nothing by which it could be read."""
    host = url.split("://", 1)[-1].split("/", 1)[0]
    return f"{host}/…{url[-4:]}"
