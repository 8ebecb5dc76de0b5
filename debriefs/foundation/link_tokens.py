"""Personal links: tokens that are made when needed and stored only as a hash.

A token is the HMAC of a dedicated key over purpose, id and version, so a link looks the same in every mail and nothing secret
stands in the database, a queue or a stored mail. Raising the version revokes every link sent so far; a new key goes to the
front of settings.LINK_KEYS, and links signed with the others keep opening until those are taken away.
"""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings


def token_for(purpose: str, identifier: UUID, version: int, *, key: str | None = None) -> str:
    """The token, 43 characters that need no quoting in an address: 256 bit of HMAC-SHA-256, by default of the newest key."""
    message = f"{purpose}|{identifier}|{version}".encode()
    digest = hmac.new((key or settings.LINK_KEYS[0]).encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """What is stored of a token: its SHA-256 in hexadecimal. Enough, because a token has 256 random-looking bits."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def is_token_for(token: str, purpose: str, identifier: UUID, version: int) -> bool:
    """Whether the token was made for exactly this by any key still held; compared in constant time."""
    given = token.encode(errors="replace")
    return any(
        hmac.compare_digest(given, token_for(purpose, identifier, version, key=key).encode())
        for key in settings.LINK_KEYS
    )


def same(given: str, expected: str) -> bool:
    """Whether two signatures are equal; compared in constant time."""
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())
