"""Reading a mail from outside: bytes in, plain values out. Nothing a stranger sends may raise, run or grow without limit.

The old header policy of the standard library is used on purpose: the new one parses addresses eagerly and raises on some
hostile ones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from html import unescape

# A mail has a handful of parts; hundreds are an attack on the parser.
_MOST_PARTS = 200
_MOST_TEXT = 200_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
# A private character: no sender writes it by chance, and no blank is stripped off it.
QUOTE_MARK = "\ue000quoted\ue000"


class Unreadable(Exception):
    """The bytes cannot be taken apart safely: the mail is kept and nothing is concluded from it."""


@dataclass(frozen=True)
class Part:
    """One leaf of the tree that may matter: its type in lower case, parameters and decoded bytes."""

    content_type: str
    parameters: dict[str, str]
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A mail taken apart: unfolded headers (lower-case names, in order), the leaves, and the text a person would read."""

    headers: list[tuple[str, str]]
    parts: list[Part]
    text: str = ""
    html: str = ""
    content_type: str = ""
    report_type: str = ""
    enclosed: list[tuple[str, str]] = field(default_factory=list)

    def header(self, name: str) -> str:
        """The first header of that name, decoded and without line ends; "" without one."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, *names: str) -> str:
        """All headers of these names, joined by blanks."""
        return " ".join(value for key, value in self.headers if key in names)

    @property
    def sender(self) -> str:
        """The bare address of From, in lower case; "" when there is none."""
        return bare_address(self.header("from"))


def bare_address(text: str) -> str:
    """The first address in a header's text, in lower case; "" when none can be made out."""
    for _name, address in getaddresses([text[:2000]]):
        cleaned = "".join(address.split()).lower()
        if "@" in cleaned and len(cleaned) <= 254:
            return cleaned
    return ""


def read(raw: bytes) -> Mail:
    """The mail of these bytes; Unreadable when they are built to hurt.

    Enclosed mails (message/rfc822, returned headers) are not walked into: their headers stand in `enclosed`, so that what
    somebody forwards or what comes back is never taken for what they say.
    """
    if raw.count(b"boundary") > _MOST_PARTS:
        raise Unreadable("too many parts")
    try:
        message = message_from_bytes(raw)
        leaves = list(_leaves(message))
        texts = {"plain": "", "html": ""}
        enclosed: list[tuple[str, str]] = []
        parts = []
        for leaf in leaves:
            kind = leaf.get_content_type().lower()
            if kind in ("message/rfc822", "text/rfc822-headers", "message/global"):
                enclosed += _headers(_inner(leaf))
                continue
            part = Part(kind, _parameters(leaf), _content(leaf))
            parts.append(part)
            is_attached = (leaf.get_content_disposition() or "") == "attachment"
            if part.content_type in ("text/plain", "text/html") and not is_attached:
                subtype = part.content_type.partition("/")[2]
                texts[subtype] = texts[subtype] or text_of(part)
        return Mail(
            headers=_headers(message),
            parts=parts,
            text=texts["plain"],
            html=texts["html"],
            content_type=message.get_content_type().lower(),
            report_type=_parameters(message).get("report-type", "").lower(),
            enclosed=enclosed,
        )
    except RecursionError as error:
        raise Unreadable("too deep") from error
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        # The parser of the standard library promises not to raise, and does on some inputs.
        raise Unreadable(type(error).__name__) from error


def text_of(part: Part) -> str:
    """The part's bytes as text, in its charset or the nearest that works, without control characters."""
    content = part.content[:_MOST_TEXT]
    for charset in (part.parameters.get("charset", "utf-8"), "utf-8", "latin-1"):
        try:
            text = content.decode(charset, "strict" if charset != "latin-1" else "replace")
            break
        except (LookupError, ValueError):
            continue
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _leaves(message: Message) -> Iterator[Message]:
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > _MOST_PARTS:
            raise Unreadable("too many parts")
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting[:0] = [child for child in part.get_payload() if isinstance(child, Message)]
        else:
            yield part


def _inner(leaf: Message) -> Message:
    payload = leaf.get_payload()
    if isinstance(payload, list):
        return payload[0] if payload and isinstance(payload[0], Message) else Message()
    return message_from_bytes(_content(leaf))


def _content(leaf: Message) -> bytes:
    payload = leaf.get_payload()
    if isinstance(payload, list):
        # message/delivery-status comes as a list of header groups.
        return b"\n".join(
            group.as_bytes(unixfrom=False) if isinstance(group, Message) else str(group).encode() for group in payload
        )
    content = leaf.get_payload(decode=True)
    return content if isinstance(content, bytes) else str(payload or "").encode(errors="replace")


def _parameters(part: Message) -> dict[str, str]:
    found = {}
    for name, value in part.get_params(failobj=[]) or []:
        text = value[2] if isinstance(value, tuple) else value
        found[name.lower()] = str(text)[:200]
    return found


def _headers(message: Message) -> list[tuple[str, str]]:
    return [(name.lower()[:80], _decoded(value)) for name, value in list(message.raw_items())[:300]]


def _decoded(value: object) -> str:
    # Bytes beyond ASCII stand in raw headers as surrogates; most senders of such headers mean UTF-8.
    text = str(value)[:10_000].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        text = str(make_header(decode_header(text)))
    except (ValueError, LookupError):
        pass
    return _CONTROL.sub("", " ".join(text.split()))


_SILENT = ("style", "script", "head", "title")
_BREAKS = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "hr", "table")
_QUOTES = (
    "gmail_quote",
    "divrplyfwdmsg",
    "olk_src_body_section",
    "moz-cite-prefix",
    "yahoo_quoted",
    "mail_quote",
    "appendonsend",
)
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
_NAMED = re.compile(r"\b(?:class|id)\s{0,3}=\s{0,3}[\"']?([^\"'>]{0,200})", re.IGNORECASE)


def visible_text(html: str) -> str:
    """The text of an HTML mail as a person reads it; QUOTE_MARK stands where a client says that the history begins.

    Every character is looked at once: the parser of the standard library takes quadratic time on some inputs.
    """
    html = html[:_MOST_TEXT]
    pieces: list[str] = []
    at, silent = 0, ""
    while at < len(html):
        opens = html.find("<", at)
        closes = html.find("-->" if html.startswith("<!--", opens) else ">", opens) if opens >= 0 else -1
        text = html[at : opens if closes >= 0 else len(html)]
        if not silent:
            pieces.append(re.sub(r"\s+", " ", unescape(text).replace("\u200b", "")))
        if closes < 0:
            break
        tag = _TAG.match(html, opens + 1, closes)
        at = closes + 1
        if tag is None:
            continue
        is_end, name = bool(tag.group(1)), tag.group(2).lower()
        if silent:
            silent = "" if is_end and name == silent else silent
        elif name in _SILENT and not is_end:
            silent = name
        else:
            pieces.append(_of_tag(name, is_end, html[opens : min(closes, opens + 2000)]))
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _of_tag(name: str, is_end: bool, whole: str) -> str:
    if is_end:
        return "\n" if name in ("p", "div", "tr", "blockquote") else ""
    names = " ".join(_NAMED.findall(whole)).lower()
    style = whole.lower().replace(" ", "").replace("\n", "")
    # Outlook draws a line above what it quotes and gives it no name.
    is_quote = name == "blockquote" or any(one in names for one in _QUOTES) or "border-top:solid" in style
    return f"\n{QUOTE_MARK}\n" if is_quote else "\n" if name in _BREAKS else ""
