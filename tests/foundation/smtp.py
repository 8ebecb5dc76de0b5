"""A real SMTP server for tests: keeps what it accepted, and refuses as it is told."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Server:
    """What arrived, in order; `answer` decides per mail: "" accepts, anything else is the reply to DATA."""

    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    answer: Callable[[int], str] = lambda number: ""
    at_recipient: Callable[[str], str] = lambda address: ""
    seen: int = 0
    delay: float = 0.0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list) -> str:
        if said := self.at_recipient(address):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.seen += 1
        await asyncio.sleep(self.delay)
        if said := self.answer(self.seen):
            return said
        self.raw.append(envelope.content)
        self.recipients.append(list(envelope.rcpt_tos))
        self.senders.append(envelope.mail_from or "")
        return "250 OK"

    @property
    def mails(self) -> list[EmailMessage]:
        """The accepted mails, parsed."""
        return [message_from_bytes(raw, policy=default) for raw in self.raw]


def controller(server: Server) -> Controller:
    """The controller of a server on a free port; start it, and stop it after the test."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        server.port = free.getsockname()[1]
    return Controller(server, hostname="127.0.0.1", port=server.port, enable_SMTPUTF8=False)
