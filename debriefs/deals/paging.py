"""Views and orders of the deal list, and where one of its pages ends. Pure."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

PAGE_ROWS = 50
# Lists count exactly up to here and say "1,000+" beyond.
COUNTED_TO = 1000
SHOWN = {
    "decided": _("Decided"),
    "waiting": _("Not planned"),
    "running": _("Under way"),
    "released": _("Released"),
    "passed_over": _("Passed over"),
    "open": _("Open"),
    "all": _("All"),
}
ORDERS = {
    "-decided": _("Newest decision"),
    "decided": _("Oldest decision"),
    "-amount": _("Largest amount"),
    "amount": _("Smallest amount"),
    "name": _("Deal name"),
}


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: the value it was sorted by, its id, and how many rows stood up to it."""

    value: Any
    deal_id: UUID
    rows_before: int

    def write(self) -> str:
        """For the address."""
        value = str(self.value) if self.value is not None else None
        packed = json.dumps([value, str(self.deal_id), self.rows_before]).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, sort: str) -> "Cursor | None":
        """From the address: whatever is no cursor of this order is None."""
        try:
            packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            value, deal_id, rows_before = json.loads(packed)
            if not isinstance(rows_before, int) or not 0 <= rows_before < 10**9:
                return None
            return cls(_typed(value, sort), UUID(deal_id), rows_before)
        except (
            ValueError,
            TypeError,
            AttributeError,
            RecursionError,
            InvalidOperation,
            binascii.Error,
            UnicodeDecodeError,
        ):
            return None


def _typed(value: Any, sort: str) -> Any:
    if value is None:
        return None
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError
    if sort.endswith("decided"):
        return date.fromisoformat(value)
    if sort.endswith("amount"):
        amount = Decimal(value)
        if not amount.is_finite() or abs(amount) > Decimal(10) ** 14:
            raise ValueError
        return amount
    return value
