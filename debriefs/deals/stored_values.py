"""How a workbook stores what its cells show: days as numbers, numbers in binary, letters escaped. Pure."""

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

# Number formats every workbook has without listing them, among them those of East Asian editions.
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_PART_OF_A_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")
_LIKE_A_GROUP = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}")


def is_date_format(code: int | str) -> bool:
    """Whether a number format, by its number or its code, shows a day or a time."""
    if isinstance(code, int):
        return code in _DATE_FORMATS
    if code.casefold() == "general":
        return False
    first = _NOT_PART_OF_A_FORMAT.sub("", code).partition(";")[0]
    return any(sign in "dmyhs" for sign in first.casefold())


def as_day(stored: str, *, is_1904: bool) -> str:
    """ "2026-03-31", "2026-03-31 14:05" or, for a time alone, "14:05", from the number of days the workbook stores.

    What is no number, or no day between 1900 and 9999, is given back as it is.
    """
    stored = stored.strip()
    if not _NUMBER.fullmatch(stored):
        return stored
    days = float(stored)
    if not 0 <= days < 2_958_466:
        return as_number(stored)
    # The system that counts from 1900 has a 29 February 1900.
    start = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30 if days >= 60 else 31)
    try:
        moment = start + timedelta(seconds=round(days * 86_400))
    except OverflowError:
        return as_number(stored)
    if days < 1 and not is_1904:
        return f"{moment:%H:%M}"
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.date().isoformat()
    return f"{moment.date().isoformat()} {moment:%H:%M:%S}".removesuffix(":00")


def as_number(stored: str) -> str:
    """The number as a spreadsheet shows it, to fifteen digits, with a point before the decimals; other text unchanged.

    Three decimals get a zero, so that 1.2340 is never taken for a thousand.
    """
    stored = stored.strip()
    if stored.isdigit() or not _NUMBER.fullmatch(stored):
        return stored
    try:
        exact = Decimal(stored)
        if not -40 < exact.adjusted() < 40:
            return stored
        plain = format(exact if exact == exact.to_integral_value() else Decimal(format(float(stored), ".15g")), "f")
    except (InvalidOperation, OverflowError, ValueError):
        return stored
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return f"{plain}0" if _LIKE_A_GROUP.fullmatch(plain) else plain


def unescaped(text: str) -> str:
    """The text with characters that XML cannot hold, written _x000D_, put back."""
    if "_x" not in text:
        return text
    found = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    # Two halves of one character may have been escaped apart; a half alone is no character.
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\r\n", "\n")
