"""Is this mail a report about one of ours, and what does it say (RFC 3464, RFC 8098, RFC 5965, and the forms without a frame)? Pure.

A status of class 5 is final; class 4, an unknown one and "mailbox full" may go better another time; a delay is no failure.
"""

import re
from dataclasses import dataclass

from debriefs.foundation.enums import ReceivedKind
from debriefs.foundation.mime import Mail, text_of

_FIELD = re.compile(
    r"^(original-recipient|final-recipient|action|status|diagnostic-code|reporting-mta)\s*:[ \t]*(.*(?:\n[ \t]+.*)*)$",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_REPLY_CODE = re.compile(r"(?<![\d.])([45])(\d\d)(?![\d.])[ -]")
_SYSTEM = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|mdaemon|bounce\w*)@", re.IGNORECASE)
_SYSTEM_NAME = re.compile(r"mail(er)?[ -]?(delivery|daemon)|postmaster", re.IGNORECASE)
_FAILED_SUBJECT = re.compile(
    r"undeliver|delivery (status notification|failure|has failed)|returned mail|mail delivery failed|failure notice|delivery error"
    r"|unzustellbar|nicht zugestellt|non remis|échec de la remise|no se puede entregar|no entregado",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"\b(delay(ed)?|still being retried|warning only|will be retried|not yet been delivered|verzögert|retard)", re.I
)
_ORIGINAL = re.compile(
    r"^[^\w\n]{0,80}((original|returned) message.*|original message follows.*|this is a copy of .*|received: .*|dkim-signature: .*)$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Report:
    """What a report says: the kind of mail it is, the status as given or concluded ("" without one), and a short diagnosis."""

    kind: ReceivedKind
    status: str = ""
    diagnosis: str = ""
    recipient: str = ""


def report_in(mail: Mail) -> Report | None:
    """The report, or None when the mail is none. What a report quotes of our own mail is not read."""
    kinds = {part.content_type for part in mail.parts}
    if mail.report_type == "disposition-notification" or "message/disposition-notification" in kinds:
        return Report(ReceivedKind.RECEIPT)
    if mail.report_type == "feedback-report" or "message/feedback-report" in kinds:
        return Report(ReceivedKind.COMPLAINT)
    framed = "\n".join(text_of(part) for part in mail.parts if part.content_type == "message/delivery-status")
    said = _ORIGINAL.split(mail.text, maxsplit=1)[0] if mail.text else ""
    is_report = bool(framed) or mail.report_type == "delivery-status"
    if not is_report and not _looks_like_one(mail, said):
        return None
    # Some put the fields into the text, without a part of their own.
    return _said(_fields(framed) or _fields(said), said, mail)


def _looks_like_one(mail: Mail, said: str) -> bool:
    if mail.header("x-failed-recipients"):
        return True
    is_empty_path = any(mail.header(name).strip() == "<>" for name in ("return-path", "x-envelope-from"))
    is_system = bool(_SYSTEM.match(mail.sender) or _SYSTEM_NAME.search(mail.header("from")))
    names_failure = bool(_FAILED_SUBJECT.search(mail.header("subject")))
    has_fields = {"final-recipient", "action"} <= set(_fields(said))
    return is_system and (is_empty_path or names_failure or has_fields)


def _fields(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _FIELD.findall(text[:100_000]):
        key, cleaned = name.lower(), " ".join(value.split())[:500]
        # Several recipients: one that failed decides, and we write to one person only.
        if key not in found or (key == "action" and cleaned.lower() == "failed"):
            found[key] = cleaned
    return found


def _said(fields: dict[str, str], said: str, mail: Mail) -> Report:
    action = fields.get("action", "").lower()
    diagnosis = fields.get("diagnostic-code", "") or _sentence(said)
    status = _status(fields.get("status", "")) or _status(fields.get("diagnostic-code", ""))
    if not status and not fields.get("status"):
        status = _status(said) or _class_of_reply(fields.get("diagnostic-code", "") or said)
    if not status and mail.header("x-failed-recipients") and "permanent" in said.lower():
        status = "5.0.0"
    recipient = fields.get("final-recipient", "") or mail.header("x-failed-recipients")
    report = {
        "status": status,
        "diagnosis": diagnosis[:300],
        "recipient": recipient.rpartition(";")[2].strip(" <>")[:254],
    }
    if action in ("delivered", "relayed", "expanded") or (not action and status.startswith("2")):
        return Report(ReceivedKind.DELIVERED, **report)
    if action == "delayed" or (not action and _DELAYED.search(f"{mail.header('subject')}\n{said}")):
        return Report(ReceivedKind.DELAYED, **report)
    is_full = status == "5.2.2" or re.search(r"mailbox (is )?full|quota|postfach.{0,20}voll", diagnosis, re.IGNORECASE)
    is_final = status.startswith("5") and not is_full
    return Report(ReceivedKind.BOUNCE if is_final else ReceivedKind.BOUNCE_SOFT, **report)


def _status(text: str) -> str:
    found = _STATUS.search(text)
    return found.group(0) if found else ""


def _class_of_reply(text: str) -> str:
    found = _REPLY_CODE.search(text)
    return f"{found.group(1)}.0.0" if found else ""


def _sentence(said: str) -> str:
    lines = [line.strip() for line in said.split("\n") if _REPLY_CODE.search(line) or "fail" in line.lower()]
    return " ".join(lines[:2])
