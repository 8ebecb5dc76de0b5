"""The bytes of a mail and of a calendar object, as strict clients want them."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from icalendar import Calendar

from debriefs.foundation import calendar, mail
from debriefs.foundation.calendar import Mailbox
from debriefs.foundation.notice_kinds import LINK_PLACEHOLDER, CalendarPart, Draft

AT = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
NASTY = 'Zoë "Q" Müller; CFO\r\nATTENDEE:mailto:x@evil.example\x00\u202e' + "ä" * 300


def invitation(method="REQUEST", sequence=0, name="Zoë Müller"):
    return calendar.calendar_object(
        method=method,
        uid="call-1@debriefs.example.com",
        sequence=sequence,
        stamp=AT,
        starts_at=AT + timedelta(days=1),
        ends_at=AT + timedelta(days=1, minutes=30),
        summary="Debrief call\r\nwith us",
        description="Monday 9 March, 07:30 in London\nhttps://meet.example.com/x",
        location="https://meet.example.com/x",
        organizer=Mailbox("Programme office", "debriefs@company.example"),
        attendee=Mailbox(name, "buyer@buyer.example"),
    )


def build(**fields):
    values = {
        "subject": "A debrief",
        "text": f"Grüße\n{LINK_PLACEHOLDER}",
        "html": f'<a href="{LINK_PLACEHOLDER}">Grüße</a>',
    }
    draft = Draft(**values | fields)
    return mail.build(
        draft, to_name="Zoë", to_email="buyer@buyer.example", message_id="<1@debriefs.example.com>", at=AT
    )


def test_the_tree_is_the_one_calendars_accept():
    content = invitation()
    parsed = message_from_bytes(build(calendar=CalendarPart("REQUEST", content)), policy=default)
    assert parsed.get_content_type() == "multipart/mixed"
    alternative, attachment = parsed.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    inline = list(alternative.iter_parts())[-1]
    assert inline.get_param("method") == "REQUEST"
    assert inline.get_content().encode() == content
    assert attachment.get_content_type() == "application/ics"
    assert attachment.get_content() == content
    for part in parsed.walk():
        if not part.is_multipart():
            assert part["Content-Transfer-Encoding"] == "base64"


def test_the_same_draft_makes_the_same_bytes():
    part = CalendarPart("REQUEST", invitation())
    assert build(calendar=part) == build(calendar=part)


def test_every_line_is_ascii_and_ends_as_smtp_wants():
    raw = build(calendar=CalendarPart("REQUEST", invitation()), subject="Grüße aus Oslo")
    raw.decode("ascii")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_links_go_in_while_sending_and_the_calendar_stays_as_it_is():
    content = invitation()
    raw = build(calendar=CalendarPart("REQUEST", content), stop_link=lambda: "")
    sent = message_from_bytes(
        mail.with_links(raw, link="https://d.example/x", stop_link="https://d.example/stop"), policy=default
    )
    assert "https://d.example/x" in sent.get_body(("plain",)).get_content()
    assert 'href="https://d.example/x"' in sent.get_body(("html",)).get_content()
    assert sent["List-Unsubscribe"] == "<https://d.example/stop>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    inline = next(part for part in sent.walk() if part.get_content_type() == "text/calendar")
    assert inline.get_param("method") == "REQUEST"
    assert inline.get_content().encode() == content
    assert LINK_PLACEHOLDER.encode() not in mail.with_links(raw, link="https://d.example/x", stop_link="")


@pytest.mark.parametrize("name", [NASTY, "Smith, John", "a@b", ""])
def test_names_and_subjects_cannot_add_headers(name):
    raw = build(from_name=name, subject=f"Hello {name}\r\nBcc: x@evil.example")
    parsed = message_from_bytes(raw, policy=default)
    assert parsed["Bcc"] is None
    assert len(parsed["From"].addresses) == 1
    assert parsed["Subject"].startswith("Hello")


def test_a_thread_points_to_its_root():
    parsed = message_from_bytes(build(thread="<root@debriefs.example.com>"), policy=default)
    assert parsed["In-Reply-To"] == parsed["References"] == "<root@debriefs.example.com>"


@pytest.mark.parametrize(("method", "status"), [("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")])
def test_a_calendar_object_is_read_back(method, status):
    parsed = Calendar.from_ical(invitation(method, sequence=2))
    assert parsed["METHOD"] == method
    (event,) = parsed.walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("call-1@debriefs.example.com", 2, status)
    assert event.decoded("DTSTART") == AT + timedelta(days=1)
    assert b"DTSTART:20260309T063000Z" in invitation()
    assert event["ATTENDEE"] == "mailto:buyer@buyer.example"
    assert event["ATTENDEE"].params["CN"] == "Zoë Müller"
    assert event["ORGANIZER"] == "mailto:debriefs@company.example"


def test_a_hostile_name_stays_one_attendee():
    content = invitation(name=NASTY)
    assert content.count(b"\nATTENDEE") == 1
    assert b"\x00" not in content
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:buyer@buyer.example"


def test_unknown_methods_are_refused():
    with pytest.raises(ValueError, match="PUBLISH"):
        invitation("PUBLISH")
