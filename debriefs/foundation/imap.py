"""Fetching new mails from an IMAP folder. It reads only: no flag is set and nothing is moved, so people may use the folder too."""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"UID (\d+)")


class MailboxAway(Exception):
    """The mailbox cannot be read just now; `str()` says why, without the password."""


@dataclass(frozen=True)
class Fetched:
    """One message: its UID in the folder, its bytes up to the limit, and its whole size."""

    uid: int
    raw: bytes
    size: int


def folder_name(url: str) -> str:
    """What tells this folder from others, without the password."""
    parts = urlsplit(url)
    return f"{unquote(parts.username or '')}@{parts.hostname}/{unquote(parts.path.strip('/')) or 'INBOX'}"[:200]


@contextlib.contextmanager
def opened(url: str, *, timeout: float) -> Iterator["Folder"]:
    """The folder of the URL, opened for reading; MailboxAway when it cannot be, or when it fails underway."""
    parts = urlsplit(url)
    secure = ssl.create_default_context()
    try:
        server: imaplib.IMAP4
        if parts.scheme == "imaps":
            server = imaplib.IMAP4_SSL(parts.hostname or "", parts.port or 993, ssl_context=secure, timeout=timeout)
        else:
            server = imaplib.IMAP4(parts.hostname or "", parts.port or 143, timeout=timeout)
            if parts.scheme == "imap+starttls":
                server.starttls(secure)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxAway(f"The mailbox cannot be reached: {type(error).__name__}.") from error
    try:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        yield Folder(server, unquote(parts.path.strip("/")) or "INBOX")
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxAway(f"The mailbox does not answer as it should: {type(error).__name__}.") from error
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            server.logout()
        # After a connection that broke, signing out fails before it closes.
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            server.shutdown()


class Folder:
    """One folder of a signed-in mailbox."""

    def __init__(self, server: imaplib.IMAP4, name: str) -> None:
        self._server = server
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        status, _count = server.select(f'"{quoted}"', readonly=True)
        if status != "OK":
            raise imaplib.IMAP4.error("no such folder")
        _name, validity = server.response("UIDVALIDITY")
        self.uid_validity = int((validity or [b"0"])[0] or 0)

    def uids_after(self, uid: int) -> list[int]:
        """The UIDs above this one, in order."""
        _status, found = self._server.uid("SEARCH", f"UID {uid + 1}:*")
        # "n:*" always names the last message, also when its UID is lower.
        return sorted(number for number in map(int, (found[0] or b"").split()) if number > uid)

    def fetch(self, uid: int, limit: int) -> Fetched | None:
        """The message, its bytes cut at the limit; None when it was removed meanwhile. It stays unread."""
        _status, answer = self._server.uid("FETCH", str(uid), f"(UID RFC822.SIZE BODY.PEEK[]<0.{limit}>)")
        for line in answer or []:
            if isinstance(line, tuple):
                size = _SIZE.search(line[0])
                return Fetched(uid, line[1], int(size.group(1)) if size else len(line[1]))
        return None
