"""The local mail server: takes every mail, sends none on, keeps each as a file of its own."""

import asyncio
import secrets
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

# So many of the newest mails are kept.
KEPT = 2_000
_LARGEST_MAIL = 20_000_000


class KeepInDirectory:
    """Writes each mail to `<time>-<random>.eml`, with the envelope in two headers on top. Names sort by arrival."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The answer of SMTP to a whole mail: 250 only once the file is on its place."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}"
        top = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        fresh = self.directory / f".{name}.new"
        fresh.write_bytes(top.encode("utf-8", "replace") + content)
        # Whoever lists the directory sees whole mails only.
        fresh.rename(self.directory / f"{name}.eml")
        self._forget_oldest()
        return f"250 Kept as {name}"

    def _forget_oldest(self) -> None:
        for path in sorted(self.directory.glob("*.eml"))[:-KEPT]:
            path.unlink(missing_ok=True)


def serve(descriptor: int, directory: Path) -> None:
    """Answers SMTP on a socket that our parent has bound, until we are stopped."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    asyncio.run(_serve(socket.socket(fileno=descriptor), directory))


async def _serve(listening: socket.socket, directory: Path) -> None:
    def protocol() -> SMTP:
        options: dict[str, Any] = {"hostname": "localhost", "data_size_limit": _LARGEST_MAIL, "enable_SMTPUTF8": True}
        return SMTP(KeepInDirectory(directory), **options)

    server = await asyncio.get_running_loop().create_server(protocol, sock=listening)
    await server.serve_forever()


def arrived_at(name: str) -> datetime | None:
    """When a kept mail came, from its file's name; None for a name that is not one of ours."""
    try:
        return datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        return None
