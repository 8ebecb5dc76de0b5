"""Building a mail as every client reads it, and handing it to the SMTP server.

The bytes are made once and kept; a repeat sends the same bytes with the same Message-ID, so that clients collapse the two.
"""

import base64
import binascii
import re
import smtplib
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from debriefs.foundation.calendar import clean_name
from debriefs.foundation.notice_kinds import LINK_PLACEHOLDER, LOGO_ID, Draft

STOP_PLACEHOLDER = "https://personal-stop-link.invalid/"
_END = "\r\n"
_ADDRESS = re.compile(r"[^\s<>(),:;\"\[\]\x00-\x1f\x7f-\U0010ffff]{1,240}")
_NO_BRACKETS = str.maketrans("", "", '<>,;"')
_TEXT_LEAF = re.compile(
    rb"(Content-Type: text/(?:plain|html)[^\r\n]*\r\nContent-Transfer-Encoding: base64\r\n\r\n)([A-Za-z0-9+/=\r\n]+)"
)
# What a header line cannot hold. Blanks of other scripts stay: they travel encoded, and belong to the name.
_SPACE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
# Longest name of a person beside an address.
_MOST_NAME = 200


class NotSent(Exception):
    """The mail was not accepted as far as we know; `reason` is a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Rejected(NotSent):
    """The server's final no (5xx), or an address it cannot be given: trying again would not help."""


class Deferred(NotSent):
    """Not now: 4xx, no connection, or silence. `is_away` says that the server would not take another mail at this moment either."""

    def __init__(self, reason: str, *, is_away: bool = False) -> None:
        super().__init__(reason)
        self.is_away = is_away


def build(
    draft: Draft, *, to_name: str, to_email: str, message_id: str, at: datetime, reply_to: str = "", stop_mail: str = ""
) -> bytes:
    """The whole mail as bytes, the same for the same arguments; placeholders stand where personal links go.

    The tree: mixed > alternative (text, HTML or, with a logo, related > HTML and image, calendar last), and the calendar once more as a file, with the same bytes; every leaf
    in base64. `reply_to` is used instead of the draft's; `stop_mail` is the address that stops mail, beside the link that does.
    Written out rather than built from objects: a quarter of the time, and `with_links` knows where to look.
    """
    headers = [
        _from(draft.from_name, sender()),
        _mailbox("To", to_name, to_email),
        _header("Subject", draft.subject[:1000], most=200),
        f"Date: {_date(at)}",
        f"Message-ID: {message_id}",
    ]
    if draft.thread and draft.thread != message_id:
        headers += [f"In-Reply-To: {draft.thread}", f"References: {draft.thread}"]
    if reply_to or draft.reply_to:
        headers.append(f"Reply-To: {_bare(reply_to or draft.reply_to)}")
    headers += ["Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: OOF, AutoReply"]
    if draft.stop_link:
        by_mail = f",\r\n <mailto:{_bare(stop_mail)}?subject=stop>" if stop_mail else ""
        headers += [
            f"List-Unsubscribe: <{STOP_PLACEHOLDER}>{by_mail}",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ]
    headers += [_header(name, value, most=900) for name, value in draft.headers.items()]
    # Boundaries from the Message-ID instead of chance, so that a repeat has identical bytes.
    stem = "=_" + re.sub(r"[^0-9a-zA-Z]", "", message_id)[:40]
    leaves = [
        _leaf("text/plain; charset=utf-8", _lines(draft.text)),
        _leaf("text/html; charset=utf-8", _lines(draft.html)),
    ]
    if draft.logo is not None:
        disposition = f'Content-ID: <{LOGO_ID}>\r\nContent-Disposition: inline; filename="logo.png"\r\n'
        image = _leaf("image/png", draft.logo.content, disposition)
        leaves[1] = _tree('related; type="text/html"', f"{stem}_2", [leaves[1], image])
    if draft.calendar is None:
        body = _tree("alternative", f"{stem}_0", leaves)
    else:
        content = draft.calendar.content
        leaves.append(_leaf(f"text/calendar; charset=utf-8; method={draft.calendar.method}", content))
        file = _leaf(
            'application/ics; name="invite.ics"', content, 'Content-Disposition: attachment; filename="invite.ics"\r\n'
        )
        body = _tree("mixed", f"{stem}_0", [_tree("alternative", f"{stem}_1", leaves), file])
    return "\r\n".join([*headers, "MIME-Version: 1.0", ""]).encode("ascii") + body


@lru_cache(maxsize=64)
def _date(at: datetime) -> str:
    # One instant stands for a whole batch.
    return format_datetime(at)


@lru_cache(maxsize=256)
def _from(name: str, address: str) -> str:
    return _mailbox("From", re.sub(r"[@:,\"<>]", " ", clean_name(name)).strip(), address)


def _bare(address: str) -> str:
    return _SPACE.sub("", address).translate(_NO_BRACKETS)


@lru_cache(maxsize=1024)
def _header(name: str, value: str, *, most: int) -> str:
    """One header, its value on one line for whoever reads it: neither a line end nor a control character gets in."""
    text = _SPACE.sub(" ", value).strip()[:most]
    if text.isascii() and len(name) + len(text) < 76 and "=?" not in text:
        return f"{name}: {text}"
    return f"{name}: {_word(name, text)}"


def _word(name: str, text: str) -> str:
    """The text as encoded words (RFC 2047), folded where one word would be longer than 75 characters."""
    word = f"=?utf-8?b?{base64.b64encode(text.encode('utf-8', 'replace')).decode()}?="
    if len(name) + len(word) <= 74:
        return word
    return Header(text, "utf-8", header_name=name).encode(linesep=_END)


def _mailbox(name: str, display: str, address: str) -> str:
    """A header with one mailbox. Rejected for an address that no header can carry."""
    if not _ADDRESS.fullmatch(address):
        raise Rejected("The address holds characters that this mail server cannot be given.")
    display = _SPACE.sub(" ", display).strip()[:_MOST_NAME]
    if not display:
        return f"{name}: {address}"
    if display.isascii() and "=?" not in display:
        escaped = display.replace("\\", "\\\\").replace('"', '\\"')
        return (
            f'{name}: "{escaped}"{_END} <{address}>'
            if len(display) + len(address) > 66
            else f'{name}: "{escaped}" <{address}>'
        )
    return f"{name}: {_word(name, display)}{_END} <{address}>"


def _lines(text: str) -> bytes:
    return b"\r\n".join(text.encode("utf-8", "replace").splitlines()) + b"\r\n"


def _leaf(content_type: str, content: bytes, more: str = "") -> bytes:
    return f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n{more}\r\n".encode() + _encoded(
        content
    )


def _encoded(content: bytes) -> bytes:
    # Lines of 76 characters (RFC 2045, 6.8), cut from one string: a third of the time of encoding line by line.
    whole = binascii.b2a_base64(content, newline=False)
    return b"\r\n".join([whole[at : at + 76] for at in range(0, len(whole), 76)]) + b"\r\n"


def _tree(subtype: str, boundary: str, parts: list[bytes]) -> bytes:
    between = f"--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(between + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


def with_links(message: bytes, *, link: str, stop_link: str) -> bytes:
    """The mail to hand over: personal links instead of their placeholders, in base64 parts and headers alike."""
    if not link and not stop_link:
        return message

    def filled(found: re.Match[bytes]) -> bytes:
        content = base64.b64decode(found.group(2))
        changed = content.replace(LINK_PLACEHOLDER.encode(), link.encode()).replace(
            STOP_PLACEHOLDER.encode(), stop_link.encode()
        )
        return found.group(0) if changed == content else found.group(1) + _encoded(changed)

    head, end, body = message.partition(b"\r\n\r\n")
    if stop_link:
        head = head.replace(STOP_PLACEHOLDER.encode(), stop_link.encode())
    return head + end + _TEXT_LEAF.sub(filled, body)


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

    def send(self, *, to_email: str, message: bytes, return_path: str = "") -> None:
        """Hands one mail over; returns only when the server accepted it.

        `return_path` is the envelope's sender, where reports go. Raises Rejected for a final no and Deferred for everything that may
        go better later. A no to this mail leaves the connection in use; after anything else it is opened anew, because its state
        is not known.
        """
        if not _ADDRESS.fullmatch(to_email):
            raise Rejected("The address holds characters that this mail server cannot be given.")
        try:
            _hand_over(self._server(), return_path or sender(), to_email, message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise self._no(code, said) from error
        except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPAuthenticationError) as error:
            # A no to us, not to this mail: it would be the same for every other one, and may be over when somebody has looked.
            self.close()
            raise Deferred(self._no(error.smtp_code, error.smtp_error).reason, is_away=True) from error
        except smtplib.SMTPResponseException as error:
            raise self._no(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Deferred(
                f"The mail server did not answer as it should: {type(error).__name__}.", is_away=True
            ) from error

    def _server(self) -> Any:
        if self._backend is None:
            # Django's backend for its opening (TLS, sign-in, timeout); its own building of mails is not used.
            backend = EmailBackend()
            backend.open()
            self._backend = backend
        return self._backend.connection

    def _no(self, code: int, said: bytes | str) -> "Rejected | Deferred":
        words = said.decode(errors="replace") if isinstance(said, bytes) else said
        sentence = f"The mail server said {code}: {_SPACE.sub(' ', words)[:300]}"
        if 500 <= code < 600:
            return Rejected(sentence)
        # 421 is a goodbye; other 4xx are about this mail or this recipient.
        if code == 421 or code < 400:
            self.close()
        return Deferred(sentence, is_away=code == 421)


def _hand_over(server: smtplib.SMTP, sender_address: str, to_email: str, message: bytes) -> None:
    """One mail through an open connection; a no is raised as smtplib raises it.

    Where the server offers PIPELINING (RFC 2920) sender, recipient and DATA travel together: two round trips instead of four. A server
    that says "go" after refusing the recipient is given an empty mail, which it has nobody to deliver to (RFC 2920, 3.1).
    """
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("pipelining"):
        server.sendmail(sender_address, [to_email], message)
        return
    size = f" size={len(message)}" if server.has_extn("size") else ""
    server.send(f"MAIL FROM:<{sender_address}>{size}\r\nRCPT TO:<{to_email}>\r\nDATA\r\n")
    refusal: smtplib.SMTPException | None = None
    for step in ("MAIL", "RCPT", "DATA"):
        code, said = server.getreply()
        if step == "DATA" and code == 354:
            break
        if code not in (250, 251):
            # The first no is the reason; those after it only follow from it. After a goodbye nothing more is said.
            refusal = refusal or _refusal(step, code, said, sender_address, to_email)
            if code == 421:
                raise refusal
    else:
        _start_over(server)
        raise refusal or smtplib.SMTPServerDisconnected("DATA was neither taken nor refused")
    if refusal is not None:
        server.send(b".\r\n")
        server.getreply()
        _start_over(server)
        raise refusal
    server.send(_dotted(message))
    code, said = server.getreply()
    if code != 250:
        if code != 421:
            _start_over(server)
        raise smtplib.SMTPDataError(code, said)


def _start_over(server: smtplib.SMTP) -> None:
    # A server that hangs up after its no has said the no all the same.
    try:
        server.rset()
    except smtplib.SMTPServerDisconnected:
        pass


def _refusal(step: str, code: int, said: bytes, sender_address: str, to_email: str) -> smtplib.SMTPException:
    if step == "MAIL":
        return smtplib.SMTPSenderRefused(code, said, sender_address)
    if step == "RCPT":
        return smtplib.SMTPRecipientsRefused({to_email: (code, said)})
    return smtplib.SMTPDataError(code, said)


def _dotted(message: bytes) -> bytes:
    """The mail as it travels: a dot before each line that begins with one, and the lone dot that ends it (RFC 5321, 4.5.2)."""
    if b"\r\n." in message:
        message = message.replace(b"\r\n.", b"\r\n..")
    return message + (b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n")


def sender() -> str:
    """The bare address that mails come from."""
    return _address_of(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=8)
def _address_of(text: str) -> str:
    return parseaddr(text)[1]


def message_id_for(identifier: object) -> str:
    """The Message-ID of a notice, fixed from its creation on."""
    return f"<{identifier}@{urlsplit(settings.BASE_URL).hostname or 'debriefs.invalid'}>"
