"""Building a mail as every client reads it, and handing it to the SMTP server.

The bytes are made once and kept; a repeat sends the same bytes with the same Message-ID, so that clients collapse the two.
"""

import re
import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from debriefs.foundation.calendar import clean_name
from debriefs.foundation.notice_kinds import LINK_PLACEHOLDER, Draft

STOP_PLACEHOLDER = "https://personal-stop-link.invalid/"
_SPACE = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")


class NotSent(Exception):
    """The mail was not accepted as far as we know; `reason` is a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Rejected(NotSent):
    """The server's final no (5xx), or an address it cannot be given: trying again would not help."""


class Deferred(NotSent):
    """Not now: 4xx, no connection, or silence."""


def build(draft: Draft, *, to_name: str, to_email: str, message_id: str, at: datetime) -> bytes:
    """The whole mail as bytes, the same for the same arguments; placeholders stand where personal links go.

    The tree: mixed > alternative (text, HTML, calendar last), and the calendar once more as a file, with the same bytes.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((_from_name(draft.from_name), settings.DEFAULT_FROM_EMAIL))
    message["To"] = formataddr((clean_name(to_name), to_email))
    message["Subject"] = _SPACE.sub(" ", draft.subject).strip()[:200]
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    if draft.thread and draft.thread != message_id:
        message["In-Reply-To"] = message["References"] = draft.thread
    if draft.reply_to:
        message["Reply-To"] = _SPACE.sub("", draft.reply_to)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if draft.stop_link:
        message["List-Unsubscribe"] = f"<{STOP_PLACEHOLDER}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in draft.headers.items():
        message[name] = _SPACE.sub(" ", value)
    message.set_content(draft.text, charset="utf-8", cte="base64")
    message.add_alternative(draft.html, subtype="html", charset="utf-8", cte="base64")
    if draft.calendar:
        message.add_alternative(draft.calendar.content.decode(), subtype="calendar", charset="utf-8", cte="base64")
        part = message.get_payload()[-1]  # type: ignore[index]
        part.set_param("method", draft.calendar.method)  # type: ignore[union-attr]
        message.add_attachment(draft.calendar.content, maintype="application", subtype="ics", filename="invite.ics")
    _fix_boundaries(message, message_id)
    return message.as_bytes()


def _from_name(name: str) -> str:
    return re.sub(r"[@:,\"<>]", " ", clean_name(name)).strip()[:75]


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    """Boundaries from the Message-ID instead of chance, so that a repeat has identical bytes."""
    stem = re.sub(r"[^0-9a-zA-Z]", "", message_id)[:40]
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{stem}_{number}")


def with_links(message: bytes, *, link: str, stop_link: str) -> bytes:
    """The mail to hand over: personal links instead of their placeholders, in base64 parts and headers alike."""
    from email import message_from_bytes
    from email.policy import SMTP as policy

    parsed = message_from_bytes(message, policy=policy)
    if stop_link and parsed["List-Unsubscribe"]:
        parsed.replace_header("List-Unsubscribe", f"<{stop_link}>")
    for part in parsed.walk():
        if part.get_content_maintype() != "text":
            continue
        content = part.get_content()
        changed = content.replace(LINK_PLACEHOLDER, link).replace(STOP_PLACEHOLDER, stop_link)
        if changed != content:
            method = part.get_param("method")
            part.set_content(changed, subtype=part.get_content_subtype(), charset="utf-8", cte="base64")
            if method:
                part.set_param("method", str(method))
    return parsed.as_bytes()


class Post:
    """One connection to the SMTP server for a batch of mails; opened when first needed, opened anew after an error."""

    def __init__(self) -> None:
        self._backend: EmailBackend | None = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection, if one is open."""
        if self._backend is not None:
            backend, self._backend = self._backend, None
            try:
                backend.close()
            except (smtplib.SMTPException, OSError):
                pass

    def send(self, *, to_email: str, message: bytes) -> None:
        """Hands one mail over; returns only when the server accepted it.

        Raises Rejected for a final no and Deferred for everything that may go better later. After either the connection is
        opened anew, because its state is not known.
        """
        try:
            to_email.encode("ascii")
        except UnicodeEncodeError:
            raise Rejected("The address holds characters that this mail server cannot be given.") from None
        try:
            self._server().sendmail(settings.DEFAULT_FROM_EMAIL, [to_email], message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            self.close()
            raise self._no(code, said) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            raise self._no(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Deferred(f"The mail server did not answer as it should: {type(error).__name__}.") from error

    def _server(self) -> Any:
        if self._backend is None:
            # Django's backend for its opening (TLS, sign-in, timeout); its own building of mails is not used.
            backend = EmailBackend()
            backend.open()
            self._backend = backend
        return self._backend.connection

    @staticmethod
    def _no(code: int, said: bytes | str) -> "Rejected | Deferred":
        words = said.decode(errors="replace") if isinstance(said, bytes) else said
        sentence = f"The mail server said {code}: {_SPACE.sub(' ', words)[:300]}"
        return Rejected(sentence) if 500 <= code < 600 else Deferred(sentence)


def message_id_for(identifier: object) -> str:
    """The Message-ID of a notice, fixed from its creation on."""
    return f"<{identifier}@{urlsplit(settings.BASE_URL).hostname or 'debriefs.invalid'}>"
