"""What a mail that came in is, whom of our notices it answers, and keeping it. What follows from it is decided by the rooms above.

Nothing here, and nothing above, ever answers to the sender: so no loop of mails can arise.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from debriefs.foundation import mime, return_paths
from debriefs.foundation.addresses import address_key
from debriefs.foundation.auto_replies import is_automatic
from debriefs.foundation.calendar_replies import CalendarAnswer, answer_in
from debriefs.foundation.delivery_reports import Report, report_in
from debriefs.foundation.enums import ReceivedKind
from debriefs.foundation.models import Notice, ReceivedMail
from debriefs.foundation.reply_text import asks_to_stop, new_text

_OUR_ID = re.compile(r"\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE)
_REACHED_AT = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")


@dataclass(frozen=True)
class Reading:
    """A mail as understood: its kind, and the report or calendar object in it. `stops` says that the sender wants no more mail."""

    kind: ReceivedKind
    mail: mime.Mail
    report: Report | None = None
    answer: CalendarAnswer | None = None
    text: str = ""
    stops: bool = False


def understood(raw: bytes, *, recipient: str = "") -> Reading:
    """What the mail is. Never raises for what a stranger sent; no query.

    `recipient` is the envelope's, where the mail server told it. The order matters: a report quotes our own words, a calendar's
    answer may be marked as automatic, and an absence notice may ask not to be written to without meaning it.
    """
    try:
        mail = mime.read(raw)
    except mime.Unreadable:
        return Reading(ReceivedKind.UNREADABLE, mime.Mail([], []))
    if report := report_in(mail):
        stops = report.kind == ReceivedKind.COMPLAINT
        return Reading(report.kind, mail, report=report, stops=stops)
    if mail.sender and _without_tag(mail.sender) in _our_addresses():
        return Reading(ReceivedKind.OWN, mail)
    signed = return_paths.read(f"{recipient} {mail.all(*_REACHED_AT)}")
    text = new_text(mail)
    if signed is not None and signed[0] == return_paths.STOP:
        return Reading(ReceivedKind.STOP, mail, text=text, stops=True)
    answer = answer_in(mail)
    if answer is not None:
        kind = {"REPLY": ReceivedKind.CALENDAR_REPLY, "COUNTER": ReceivedKind.CALENDAR_COUNTER}.get(answer.method)
        stops = kind is not None and asks_to_stop(f"{answer.comment}\n{text}")
        return Reading(kind or ReceivedKind.CALENDAR_OTHER, mail, answer=answer, text=text, stops=stops)
    if is_automatic(mail):
        return Reading(ReceivedKind.AUTO_REPLY, mail, text=text)
    stops = asks_to_stop(text or mail.header("subject"))
    return Reading(ReceivedKind.STOP if stops else ReceivedKind.MESSAGE, mail, text=text, stops=stops)


def notice_answered(reading: Reading, *, recipient: str = "") -> Notice | None:
    """Our notice that the mail answers or reports about: by a signed address, else by its Message-ID. At most two queries.

    Both are known only to who got the mail; nothing is concluded from a sender's address alone.
    """
    mail = reading.mail
    returned = " ".join(value for name, value in mail.enclosed if name in ("return-path", "reply-to", "sender", "from"))
    signed = return_paths.read(f"{recipient} {mail.all(*_REACHED_AT)} {returned}")
    notices = Notice.objects.defer("message")
    if signed is not None and (found := notices.filter(pk=signed[1]).first()):
        return found
    named = " ".join(value for name, value in mail.enclosed if name == "message-id")
    if reading.report is not None:
        # Reports without a frame quote the returned headers in their text.
        named += " " + mail.text[:50_000]
    named += " " + mail.all("in-reply-to", "references")
    ids = [UUID(one) for one in _OUR_ID.findall(named)[:20]]
    return notices.filter(pk__in=ids).order_by("-created_at").first() if ids else None


def kept(raw: bytes, *, size: int, reading: Reading, now: datetime) -> tuple[ReceivedMail, bool]:
    """The row of the mail, and whether it is new: the same bytes a second time are the row of the first. One or two queries."""
    mail = reading.mail
    row = ReceivedMail(
        received_at=now,
        digest=hashlib.sha256(raw).hexdigest(),
        raw=raw,
        size=size,
        is_cut=size > len(raw),
        kind=reading.kind,
        from_address=mail.sender,
        subject_line=mail.header("subject")[:250],
        text=reading.text,
        facts=_facts(reading),
    )
    ReceivedMail.objects.bulk_create([row], ignore_conflicts=True)
    standing = ReceivedMail.objects.defer("raw").get(digest=row.digest)
    return standing, standing.pk == row.pk


def purge_before(*, before: datetime) -> int:
    """Empties bytes, words and addresses of mails that came in before then; what kind they were stays. How many. One query."""
    return empty(ReceivedMail.objects.filter(received_at__lt=before))


def empty(mails: QuerySet[ReceivedMail]) -> int:
    """Empties bytes, words and addresses of these mails; what kind they were stays. How many were not empty. One query."""
    full = mails.exclude(raw=b"", text="", from_address="", subject_line="")
    return full.update(raw=b"", text="", from_address="", subject_line="", facts={})


def _facts(reading: Reading) -> dict[str, object]:
    facts: dict[str, object] = {"stops": True} if reading.stops else {}
    if reading.report is not None:
        facts |= {
            "status": reading.report.status,
            "diagnosis": reading.report.diagnosis,
            "recipient": reading.report.recipient,
        }
    if (answer := reading.answer) is not None:
        facts |= {
            "method": answer.method,
            "uid": answer.uid,
            "sequence": answer.sequence,
            "attendee": answer.attendee,
            "partstat": answer.partstat,
            "stamp": answer.stamp.isoformat() if answer.stamp else "",
            "starts_at": answer.starts_at.isoformat() if answer.starts_at else "",
            "ends_at": answer.ends_at.isoformat() if answer.ends_at else "",
            "comment": answer.comment,
        }
    return facts


def _our_addresses() -> set[str]:
    return {address_key(mime.bare_address(settings.DEFAULT_FROM_EMAIL)), settings.INCOMING_ADDRESS} - {""}


def _without_tag(address: str) -> str:
    local, _at, domain = address_key(address).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
