"""Checks on typed values that every room needs."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from debriefs.foundation.time_zones import ZONES


def known_time_zone(value: str) -> None:
    """Refuses what is not an IANA zone name of the pinned data; `ZoneInfo(user text)` raises too many things."""
    if value not in ZONES:
        raise ValidationError(
            _("“%(value)s” is not a time zone we know. Choose one such as Europe/Oslo."), params={"value": value}
        )
