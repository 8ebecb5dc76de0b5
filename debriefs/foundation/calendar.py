"""Calendar objects as mail clients accept them (RFC 5545, 5546, 6047). Pure: facts in, bytes out."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Debriefs//Debriefs//EN"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Mailbox:
    """A name and an address as they stand in a calendar object."""

    name: str
    email: str


def clean_name(name: str, limit: int = 75) -> str:
    """The name without what breaks a calendar line or a mail header: control characters, quotation marks, line ends."""
    return " ".join(_CONTROL.sub("", name.replace('"', "")).split())[:limit]


def calendar_object(
    *,
    method: str,
    uid: str,
    sequence: int,
    stamp: datetime,
    starts_at: datetime,
    ends_at: datetime,
    summary: str,
    description: str,
    location: str,
    organizer: Mailbox,
    attendee: Mailbox,
) -> bytes:
    """One VCALENDAR with one VEVENT for one attendee; `method` is REQUEST or CANCEL. Times are written in UTC.

    The same arguments give the same bytes: `stamp` is the time of this revision, not of the mail. The caller raises
    `sequence` when the time changes and when the call is cancelled.
    """
    if method not in {"REQUEST", "CANCEL"}:
        raise ValueError(f"calendar method {method!r}")
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", _text(summary))
    event.add("description", _text(description, keep_lines=True))
    if location:
        event.add("location", _text(location))
    event.add("status", "CONFIRMED" if method == "REQUEST" else "CANCELLED")
    event.add("transp", "OPAQUE")
    event.add("organizer", _address(organizer), encode=False)
    person = _address(attendee)
    person.params["CUTYPE"] = vText("INDIVIDUAL")
    person.params["ROLE"] = vText("REQ-PARTICIPANT")
    person.params["PARTSTAT"] = vText("NEEDS-ACTION")
    person.params["RSVP"] = vText("TRUE" if method == "REQUEST" else "FALSE")
    event.add("attendee", person, encode=False)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _text(text: str, *, keep_lines: bool = False) -> str:
    cleaned = _CONTROL.sub("", text)
    return cleaned if keep_lines else " ".join(cleaned.split())


def _address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox.email.strip()}")
    address.params["CN"] = vText(clean_name(mailbox.name) or mailbox.email)
    return address
