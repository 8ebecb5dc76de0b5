"""E-mail addresses as keys: two spellings of one mailbox compare equal.

An address that was erased is known again by its seal, an HMAC of the key of personal links: nobody reads the address from it, and
yet no import, no form and no mail brings the person back.
"""

import hashlib
import hmac

from django.conf import settings

_SEAL = "erased:"


def address_key(address: str) -> str:
    """The address in lower case without surrounding blanks, its domain in ASCII where possible; "" for an empty one."""
    cleaned = address.strip().lower()
    local, at, domain = cleaned.rpartition("@")
    if not at:
        return cleaned
    if cleaned.isascii():
        return cleaned
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        pass
    return f"{local}@{domain}"


def seal(address: str) -> str:
    """What is kept of an erased address, by the newest key. No query."""
    return _sealed(address, settings.LINK_KEYS[0])


def seals(address: str) -> set[str]:
    """What may be kept of the address: one seal for each key still held. No query."""
    return {_sealed(address, key) for key in settings.LINK_KEYS}


def is_sealed(address: str) -> bool:
    """Whether this is a seal and no address. No query."""
    return address.startswith(_SEAL)


def _sealed(address: str, key: str) -> str:
    return _SEAL + hmac.new(key.encode(), f"{_SEAL}{address_key(address)}".encode(), hashlib.sha256).hexdigest()
