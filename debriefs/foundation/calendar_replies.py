"""What a calendar program answers (RFC 5546): accepted, declined, perhaps, or another time. Pure; nothing is concluded from it here."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from icalendar import Calendar, Event

from debriefs.foundation.mime import Mail, Part

_LARGEST = 256_000


@dataclass(frozen=True)
class CalendarAnswer:
    """One calendar object of a mail, as said: nobody has proven who wrote it.

    `method` is upper case, "" for an object that cannot be read; `sequence` is None where the sender left it out; `attendee` the one address that answers, in lower case, "" unless there is exactly one; `starts_at` and
    `ends_at` are set where they could be read. `comment` is what the person added.
    """

    method: str
    uid: str = ""
    sequence: int | None = None
    attendee: str = ""
    partstat: str = ""
    stamp: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    comment: str = ""


def answer_in(mail: Mail) -> CalendarAnswer | None:
    """The calendar object of a mail, None when it holds none. Of several copies the first that can be read counts."""
    named = [part for part in mail.parts if part.content_type in ("text/calendar", "application/ics")]
    for part in named:
        if answer := _read(part):
            return answer
    return CalendarAnswer("") if named else None


def _read(part: Part) -> CalendarAnswer | None:
    if len(part.content) > _LARGEST:
        return None
    try:
        calendars = Calendar.from_ical(part.content.decode("utf-8", "replace").replace("\x00", ""), multiple=True)
        calendar = next(one for one in calendars if one.name == "VCALENDAR")
        event = next((one for one in calendar.subcomponents if isinstance(one, Event)), None)
        method = _text(calendar, "METHOD").upper() or part.parameters.get("method", "").upper()
        if event is None:
            return CalendarAnswer(method[:20])
        return _answer(method[:20], event)
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration, RecursionError, OverflowError):
        # Whatever a stranger's calendar file breaks, it is "cannot be read".
        return None


def _answer(method: str, event: Event) -> CalendarAnswer:
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    only = attendees[0] if len(attendees) == 1 else None
    parameters = getattr(only, "params", {})
    sequence = _text(event, "SEQUENCE")
    comments = [_text(event, "COMMENT"), str(parameters.get("X-RESPONSE-COMMENT", ""))]
    return CalendarAnswer(
        method=method,
        uid=_text(event, "UID")[:200],
        sequence=int(sequence) if sequence.isdigit() and len(sequence) < 10 else None,
        attendee=_address(only),
        partstat=str(parameters.get("PARTSTAT", "")).upper()[:20],
        stamp=_instant(event, "DTSTAMP"),
        starts_at=_instant(event, "DTSTART"),
        ends_at=_instant(event, "DTEND"),
        comment="\n".join(comment for comment in comments if comment)[:5000],
    )


def _text(component: Calendar | Event, name: str) -> str:
    value = component.get(name, "")
    value = value[0] if isinstance(value, list) else value
    return str(value).strip()


def _address(value: object) -> str:
    text = str(value or "").strip()
    return text[7:].strip().lower()[:254] if text.lower().startswith("mailto:") else ""


def _instant(event: Event, name: str) -> datetime | None:
    value = getattr(event.get(name), "dt", None)
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    elif isinstance(value, date):
        aware = datetime.combine(value, time(), tzinfo=UTC)
    else:
        return None
    # Years at the ends cannot be shown in every zone.
    return aware.astimezone(UTC) if 1970 <= aware.year <= 2100 else None
