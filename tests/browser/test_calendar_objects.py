"""Every calendar object of a call's life, read by a second parser that shares no code with the one that wrote it: ical.js in Chromium.

The file of ical.js (MPL-2.0) stands unchanged beside its licence below `vendor/`; only this test reads it, nothing ships it.
"""

from datetime import UTC, timedelta
from pathlib import Path

import pytest
from django.db.models import F
from icalendar import Calendar

from debriefs.calls import actions
from debriefs.calls.enums import Side
from debriefs.calls.models import Call
from debriefs.foundation import clock, outbox
from tests import factories
from tests.calls.test_mails import book, debrief  # noqa: F401 - debrief is a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ICAL_JS = Path(__file__).parent / "vendor" / "ical.js-2.2.1" / "ical.min.js"
READ = """
async ([source, objects]) => {
  const address = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
  const ICAL = (await import(address)).default;
  return objects.map(text => {
    const calendar = new ICAL.Component(ICAL.parse(text));
    const events = calendar.getAllSubcomponents("vevent");
    const event = new ICAL.Event(events[0]);
    const attendees = events[0].getAllProperties("attendee");
    return {
      events: events.length, method: calendar.getFirstPropertyValue("method"), uid: event.uid, sequence: event.sequence,
      stamp: events[0].getFirstPropertyValue("dtstamp").toJSDate().toISOString(),
      starts: event.startDate.toJSDate().toISOString(), ends: event.endDate.toJSDate().toISOString(),
      isUtc: event.startDate.zone === ICAL.Timezone.utcTimezone && event.endDate.zone === ICAL.Timezone.utcTimezone,
      status: events[0].getFirstPropertyValue("status"), summary: event.summary, location: event.location || "",
      attendees: attendees.map(one => one.getFirstValue()), name: attendees[0].getParameter("cn"),
      organizer: events[0].getFirstPropertyValue("organizer"),
    };
  });
}
"""


def told(value):
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def read_by_icalendar(content):
    calendar = Calendar.from_ical(content)
    events = calendar.walk("VEVENT")
    event = events[0]
    attendees = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
    return {
        "events": len(events), "method": str(calendar["METHOD"]), "uid": str(event["UID"]), "sequence": int(event["SEQUENCE"]),
        "stamp": told(event["DTSTAMP"].dt), "starts": told(event["DTSTART"].dt), "ends": told(event["DTEND"].dt),
        "isUtc": event["DTSTART"].to_ical().endswith(b"Z") and event["DTEND"].to_ical().endswith(b"Z"),
        "status": str(event["STATUS"]), "summary": str(event["SUMMARY"]), "location": str(event.get("LOCATION", "")),
        "attendees": [str(one) for one in attendees], "name": str(attendees[0].params["CN"]), "organizer": str(event["ORGANIZER"]),
    }  # fmt: skip


def calendar_parts(smtp, *, seen):
    """(recipient, bytes) of what arrived after the first `seen` mails."""
    outbox.drain()
    return [
        (mail["To"].addresses[0].addr_spec, part.get_payload(decode=True).decode())
        for mail in smtp.mails[seen:]
        for part in mail.walk()
        if part.get_content_type() == "text/calendar"
    ]


def test_two_parsers_agree_on_every_calendar_object_of_a_calls_life(chromium, smtp, world, debrief):  # noqa: F811
    outbox.drain()
    second = factories.person(world.programme, "interviewer", name="Ines O'Neil, PhD")
    buyer, first = debrief.contact.email, world.interviewer.user.email
    by = {"by": world.manager, "now": clock.now(), "reason": "As agreed by phone."}
    objects, expected = [], []

    def after(*recipients):
        """The objects the last act sent: to whom, and the call as it stands."""
        call = Call.objects.filter(debrief=debrief).order_by(F("cancelled_at").desc(nulls_first=True)).first()
        made = calendar_parts(smtp, seen=after.seen)
        after.seen = len(smtp.raw)
        assert sorted(address for address, _content in made) == sorted(address for address, _method in recipients)
        for address, content in made:
            objects.append(content)
            expected.append((dict(recipients)[address], address, call.ics_uid, call.ics_sequence, told(call.starts_at)))

    after.seen = len(smtp.raw)
    call = book(debrief)
    after((buyer, "REQUEST"), (first, "REQUEST"))
    for hours in (24, 51):
        starts = call.starts_at + timedelta(hours=hours)
        actions.move_call(debrief=debrief, starts_at=starts, time_zone="America/New_York", **by)
        after((buyer, "REQUEST"), (first, "REQUEST"))
    debrief.refresh_from_db()
    actions.reassign(debrief=debrief, interviewer=second, **by)
    after((buyer, "REQUEST"), (first, "CANCEL"), (second.user.email, "REQUEST"))
    debrief.refresh_from_db()
    actions.cancel_call(debrief=debrief, side=Side.US, **by)
    after((buyer, "CANCEL"), (second.user.email, "CANCEL"))
    debrief.refresh_from_db()
    actions.book(debrief=debrief, starts_at=call.starts_at + timedelta(hours=75), time_zone="Europe/Berlin", **by)
    after((buyer, "REQUEST"), (second.user.email, "REQUEST"))

    page = chromium.new_page()
    try:
        by_ical_js = page.evaluate(READ, [ICAL_JS.read_text(), objects])
    finally:
        page.close()
    assert by_ical_js == [read_by_icalendar(content) for content in objects]
    assert [(one["method"], one["attendees"], one["uid"], one["sequence"], one["starts"]) for one in by_ical_js] == [
        (method, [f"mailto:{address}"], uid, sequence, starts) for method, address, uid, sequence, starts in expected
    ]
    assert all(one["isUtc"] and one["events"] == 1 and one["starts"] < one["ends"] for one in by_ical_js)
    to_buyer = [one for one in by_ical_js if one["attendees"] == [f"mailto:{buyer}"]]
    assert [one["method"] for one in to_buyer] == ["REQUEST"] * 4 + ["CANCEL", "REQUEST"]
    standing = [one["sequence"] for one in to_buyer[:5]]
    assert standing == sorted(set(standing))
    assert len({one["uid"] for one in to_buyer[:5]}) == 1
    # A booking after a cancellation is a new call: some calendars bury a cancelled UID.
    assert (to_buyer[5]["uid"] != to_buyer[0]["uid"], to_buyer[5]["sequence"]) == (True, 0)
