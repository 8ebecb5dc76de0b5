"""Reads the mails that the local mail server has kept: text, HTML, invitation and links."""

import email
import re
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import default as modern
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from icalendar import Calendar

from debriefs.local.smtp import arrived_at

# Names as the mail server makes them: nothing else is ever opened.
NAME = r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}"
SHOWN = 200


@dataclass(frozen=True)
class Invitation:
    """A calendar part in words. `starts` and `ends` are aware datetimes, or days of an all-day entry."""

    number: int
    method: str
    uid: str
    sequence: int
    status: str
    summary: str
    starts: datetime | date | None
    ends: datetime | date | None
    location: str
    description: str
    organizer: str
    attendees: list[str]


@dataclass(frozen=True)
class Mail:
    """One kept mail, parsed."""

    name: str
    message: EmailMessage
    source: bytes

    @property
    def arrived(self) -> datetime | None:
        """When the server took it."""
        return arrived_at(self.name)

    @property
    def subject(self) -> str:
        """The subject line, decoded."""
        return self._header("Subject")

    @property
    def sender(self) -> str:
        """The From line, decoded."""
        return self._header("From")

    @property
    def recipients(self) -> str:
        """The To line, decoded; without one the envelope's."""
        return self._header("To") or self._header("X-Envelope-To")

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Every header in its order, decoded."""
        return [(key, self._header(key) if key == "Subject" else str(value)) for key, value in self._items()]

    @property
    def text(self) -> str:
        """The plain text part, or nothing."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The HTML part as it was sent, or nothing."""
        return self._body("html")

    @property
    def has_invitation(self) -> bool:
        """Whether a calendar part came with it."""
        return bool(self.calendar_parts)

    @property
    def calendar_parts(self) -> list[bytes]:
        """The calendar parts as they were sent. The same bytes as body and as attachment count once."""
        parts = [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]
        return list(dict.fromkeys(bytes(part.get_payload(decode=True) or b"") for part in parts))

    @property
    def invitations(self) -> list[Invitation]:
        """Every event of every calendar part."""
        return [
            invitation
            for number, content in enumerate(self.calendar_parts, start=1)
            for invitation in _invitations(number, content)
        ]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Every web address once, with the words it stands behind in the HTML part."""
        finder = _Links()
        finder.feed(self.html)
        found = dict(finder.links)
        for address in re.findall(r"https?://[^\s<>\"]+", self.text):
            found.setdefault(address.rstrip(".,;:)"), "")
        return list(found.items())

    def _items(self) -> list[tuple[str, Any]]:
        try:
            return list(self.message.items())
        except (ValueError, IndexError, AttributeError):
            return []

    def _header(self, name: str) -> str:
        # A mail may be malformed in any way; the page then shows less of it, and still opens.
        try:
            return str(self.message.get(name, ""))
        except (ValueError, IndexError, AttributeError):
            return ""

    def _body(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        if part is None:
            return ""
        try:
            return str(part.get_content())
        except (LookupError, UnicodeError):
            return bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")


def newest(directory: Path, limit: int = SHOWN) -> list[Mail]:
    """The newest mails, newest first. Reads each of them whole."""
    names = sorted((path.stem for path in directory.glob("*.eml") if re.fullmatch(NAME, path.stem)), reverse=True)
    mails = (read(directory, name) for name in names[:limit])
    return [mail for mail in mails if mail]


def read(directory: Path, name: str) -> Mail | None:
    """The mail of that name, or None: for a name that is not one of ours too, whatever it points to."""
    if not re.fullmatch(NAME, name):
        return None
    try:
        source = (directory / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    message = email.message_from_bytes(source, _class=EmailMessage, policy=modern)
    return Mail(name, message, source)


def _invitations(number: int, content: bytes) -> list[Invitation]:
    try:
        calendar = Calendar.from_ical(content)
        return [_invitation(number, calendar, event) for event in calendar.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return []


def _invitation(number: int, calendar: Any, event: Any) -> Invitation:
    attendees = event.get("ATTENDEE", [])
    return Invitation(
        number=number,
        method=str(calendar.get("METHOD", "")),
        uid=str(event.get("UID", "")),
        sequence=int(event.get("SEQUENCE", 0)),
        status=str(event.get("STATUS", "")),
        summary=str(event.get("SUMMARY", "")),
        starts=event.decoded("DTSTART", None),
        ends=event.decoded("DTEND", None),
        location=str(event.get("LOCATION", "")),
        description=str(event.get("DESCRIPTION", "")),
        organizer=_person(event.get("ORGANIZER")),
        attendees=[_person(attendee) for attendee in (attendees if isinstance(attendees, list) else [attendees])],
    )


def _person(value: Any) -> str:
    if value is None:
        return ""
    address = re.sub(r"^mailto:", "", str(value), flags=re.IGNORECASE)
    name = str(getattr(value, "params", {}).get("CN", ""))
    return f"{name} <{address}>" if name and name != address else address


class _Links(HTMLParser):
    """Collects the addresses of an HTML text and the words of each link."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str]] = []
        self._address = ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href") or ""
        if tag == "a" and re.match(r"https?://", address):
            self._address, self._words = address, []

    def handle_data(self, data: str) -> None:
        if self._address:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._address:
            self.links.append((self._address, " ".join("".join(self._words).split())))
            self._address = ""
