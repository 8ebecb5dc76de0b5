"""The keys with which a browser seals what it keeps until the server has it."""

import base64

from django.conf import settings
from django.utils.crypto import salted_hmac


def keys_of(whose: str) -> list[str]:
    """32 bytes as base64 for each secret of the installation that counts, newest first: the same for the same `whose`. No query."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        base64.b64encode(
            salted_hmac("debriefs.interviews.kept", whose, secret=secret, algorithm="sha256").digest()
        ).decode()
        for secret in secrets
    ]
