"""A human's own calls as one calendar file."""

from datetime import datetime, timedelta

from django.conf import settings
from icalendar import Calendar, Event

from accounts.models import User
from accounts.requests import programme_url
from debriefs.calls.models import Call
from debriefs.foundation.calendar import PRODUCT, clean_name

_BEFORE, _AHEAD = timedelta(days=30), timedelta(days=180)


def calls_as_calendar(user: User, now: datetime) -> bytes:
    """The calls of a month back and half a year ahead, in every programme the human works for, as a file that subscribes.

    It names the company and leads to the debrief, which asks for a sign-in; it holds no contact, no amount, no notes. One query.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Debriefs")
    calls = Call.objects.filter(
        interviewer_user=user,
        cancelled_at__isnull=True,
        starts_at__gt=now - _BEFORE,
        starts_at__lt=now + _AHEAD,
        interviewer__membership__ended_at__isnull=True,
    ).select_related("programme", "debrief__deal__company")
    for call in calls.order_by("starts_at"):
        debrief = call.debrief
        event = Event()
        # An identifier of its own: the invitation by mail is another entry, which the feed must not overwrite.
        event.add("uid", f"feed-{call.ics_uid}")
        event.add("sequence", call.ics_sequence)
        event.add("dtstamp", call.ics_stamp.replace(microsecond=0))
        event.add("dtstart", call.starts_at)
        event.add("dtend", call.ends_at)
        event.add("summary", clean_name(str(debrief.deal.company or debrief.deal.name), 200))
        if debrief.place:
            event.add("location", clean_name(debrief.place, 300))
        event.add("url", settings.BASE_URL + programme_url(call.programme, "calls:debrief_page", debrief_id=debrief.pk))
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
    return calendar.to_ical()
