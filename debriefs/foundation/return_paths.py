"""Signed addresses of our own mailbox: each says which notice an incoming mail belongs to.

`replies+b.<notice>.<signature>@host` with a letter for the purpose. Lower-case base32, because some servers fold the case; a
local part of at most 64 characters (RFC 5321, 4.5.3.1.1).
"""

import base64
import re
from uuid import UUID

from django.conf import settings

from debriefs.foundation import link_tokens

BOUNCE, REPLY, STOP = "b", "r", "s"
_SIGNED = re.compile(r"\+([brs])\.([a-z2-7]{26})\.([a-z2-7]{12})@", re.IGNORECASE)


def address_for(purpose: str, notice_id: UUID) -> str:
    """The signed address for one notice; "" while no mailbox is read (settings.INCOMING_ADDRESS)."""
    if not settings.INCOMING_ADDRESS:
        return ""
    local, _at, domain = settings.INCOMING_ADDRESS.rpartition("@")
    name = base64.b32encode(notice_id.bytes).decode().rstrip("=").lower()
    return f"{local}+{purpose}.{name}.{_signature(purpose, notice_id, settings.LINK_KEYS[0])}@{domain}"


def read(addresses: str) -> tuple[str, UUID] | None:
    """Purpose and notice of the first address in the text that we signed with any key still held; None without one."""
    for found in _SIGNED.finditer(addresses[:20_000]):
        purpose, name, signature = (part.lower() for part in found.groups())
        notice_id = UUID(bytes=base64.b32decode(name.upper() + "======")[:16])
        if any(link_tokens.same(signature, _signature(purpose, notice_id, key)) for key in settings.LINK_KEYS):
            return purpose, notice_id
    return None


def _signature(purpose: str, notice_id: UUID, key: str) -> str:
    # 60 bits are enough: an address can be tried only by mail, and what a hit does can be undone.
    token = link_tokens.token_for(f"mail-{purpose}", notice_id, 1, key=key)
    return base64.b32encode(base64.urlsafe_b64decode(token + "="))[:12].decode().lower()
