"""An interviewer's hours: read into a form, saved from it."""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.forms import Form

from accounts.models import User
from debriefs.calls.forms import WEEKDAYS
from debriefs.calls.models import InterviewerCalendar, WeeklyHours
from debriefs.calls.queries import hours_of
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind

LIMITS = ("buffer_before_minutes", "buffer_after_minutes", "minimum_notice_hours", "most_calls_a_day")


def initial_of(user: User) -> dict[str, Any]:
    """What the form shows first: the hours in force, defaults included. Three queries."""
    calendar = InterviewerCalendar.objects.filter(user=user).first() or InterviewerCalendar(user=user)
    shown: dict[str, Any] = {name: getattr(calendar, name) for name in LIMITS}
    for weekday, starts, ends in hours_of(user).weekly:
        # A day with a break is shown from its first beginning to its last end; saving it makes one span of it.
        shown.setdefault(f"day_{weekday}_from", starts)
        shown[f"day_{weekday}_until"] = ends
    return shown


def rows_of(form: Form) -> list[tuple[Any, Any, Any]]:
    """(weekday, from, until) as bound fields, for the table of the page."""
    return [(name, form[f"day_{number}_from"], form[f"day_{number}_until"]) for number, name in enumerate(WEEKDAYS)]


@transaction.atomic
def save(*, user: User, form_data: dict[str, Any], spans: list[tuple[int, time, time]], now: datetime) -> None:
    """The human's hours and limits are these from now on. Booked calls stay where they are."""
    InterviewerCalendar.objects.update_or_create(user=user, defaults={name: form_data[name] for name in LIMITS})
    WeeklyHours.objects.filter(user=user).delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(user=user, weekday=weekday, starts=starts, ends=ends) for weekday, starts, ends in spans
    )
    audit.record(
        action="availability.changed",
        now=now,
        actor_kind=ActorKind.USER,
        actor_id=user.id,
        subject_kind="user",
        subject_id=user.id,
    )
