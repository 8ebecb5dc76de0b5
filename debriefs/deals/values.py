"""Dates, amounts and people as exports write them, read into plain values. Pure; a refusal is an UnreadableValue."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from debriefs.deals.rules import EARLIEST, LARGEST_AMOUNT, LATEST

DATE_ORDERS = ("DMY", "MDY", "YMD")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
# Characters class [0-9], not \d: digits of other scripts would pass \d and fail or surprise later.
_TIME = r"(?:[T ,]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_TIME}")
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}})[-/. ]([0-9]{{1,2}})[-/. ]([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_DAY_NAME = re.compile(rf"([0-9]{{1,2}})[-. ]+([A-Za-z]{{3,9}})\.?[-, ]+([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_NAME_DAY = re.compile(rf"([A-Za-z]{{3,9}})\.?[- ]+([0-9]{{1,2}}),?[- ]+([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_MILLISECONDS = re.compile(r"[0-9]{13}")
# Digits in groups of three, or two and a last three as in India; then the decimal sign. {0} groups, {1} is decimal.
_NUMBER = r"-?(?:[0-9]+|[1-9][0-9]{{0,2}}(?:(?:{0}[0-9]{{3}})+|(?:{0}[0-9]{{2}})+{0}[0-9]{{3}}))(?:{1}[0-9]+)?(?:[eE][+-]?[0-9]{{1,3}})?"
_WITH_DECIMAL = {".": re.compile(_NUMBER.format(",", r"\.")), ",": re.compile(_NUMBER.format(r"\.", ","))}
_GROUPED = re.compile(r"[0-9][\s'’][0-9]")
_NOT_DIGITS = re.compile(r"[A-Z]{1,3}\$|\b[A-Z]{3}\b|[$€£¥]|kr\.?|[\s'’]")
_CURRENCIES = {"€": "EUR", "£": "GBP", "¥": "JPY", "US$": "USD", "CA$": "CAD", "A$": "AUD"}
_ADDRESS = re.compile(r"^(?P<name>.*?)\s*[(<\[]\s*(?P<email>[^()<>\[\]\s]+@[^()<>\[\]\s]+)\s*[)>\]]$")
_NON_ANSWERS = frozenset(
    ("", "-", "--", "—", ".", "?", "n/a", "na", "none", "null", "nil", "nothing", "unknown", "tbd", "#n/a", "[]")
)
_LONGEST_NON_ANSWER = max(len(text) for text in _NON_ANSWERS)
# Whole amounts, and amounts with cents after a point: read at once, because most are written so.
_PLAIN_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{2})?")
# Addresses that need no closer look; a part of what Django's validator allows.
_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_REMEMBERED = 4096
_NOBODY = frozenset(("deactivated user", "unassigned", "no owner", "deleted user", "former user"))


class UnreadableValue(ValueError):
    """A cell that cannot be read; its text is the reason shown beside it."""


def is_answer(text: str) -> bool:
    """Whether a cell says anything: "n/a", "-" and the like do not."""
    text = text.strip()
    return len(text) > _LONGEST_NON_ANSWER or text.casefold() not in _NON_ANSWERS


@lru_cache(_REMEMBERED)
def read_date(text: str, order: str) -> date | None:
    """The day a cell names, None for an empty one; times and zones are left off. `order` settles 03/04/2025.

    Raises UnreadableValue for days that do not exist and years outside 1970 to 2100.
    """
    text = " ".join(text.split())
    if not is_answer(text):
        return None
    try:
        found = _date_parts(text, order)
        if found is None:
            raise UnreadableValue(_("is not a date"))
        day = date(*found)
    except (ValueError, OverflowError) as error:
        if isinstance(error, UnreadableValue):
            raise
        raise UnreadableValue(_("is a day that does not exist")) from error
    if not EARLIEST <= day <= LATEST:
        raise UnreadableValue(_("lies outside the years 1970 to 2100"))
    return day


def _date_parts(text: str, order: str) -> tuple[int, int, int] | None:
    if match := _YEAR_FIRST.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _YEAR_LAST.fullmatch(text):
        first, second, third = match[1], match[2], match[3]
        if order == "YMD" and len(third) == 2:
            return _whole_year(first), int(second), int(third)
        day, month = (second, first) if order == "MDY" else (first, second)
        return _whole_year(third), int(month), int(day)
    if match := _DAY_NAME.fullmatch(text):
        return _whole_year(match[3]), _MONTHS.get(match[2].casefold(), 0), int(match[1])
    if match := _NAME_DAY.fullmatch(text):
        return _whole_year(match[3]), _MONTHS.get(match[1].casefold(), 0), int(match[2])
    if _MILLISECONDS.fullmatch(text):
        instant = datetime.fromtimestamp(int(text) / 1000, tz=UTC)
        return instant.year, instant.month, instant.day
    return None


def _whole_year(text: str) -> int:
    """Two digits mean 1970 to 2069."""
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


@dataclass
class DateEvidence:
    """What the dates of a column say about the order of day and month; `lines` are those of the `examples`."""

    day_first: int = 0
    month_first: int = 0
    open: int = 0
    examples: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def see(self, text: str, line: int = 0) -> None:
        """Counts one cell."""
        match = _YEAR_LAST.fullmatch(" ".join(text.split()))
        if not match:
            return
        first, second = int(match[1]), int(match[2])
        if first > 12 >= second:
            self.day_first += 1
        elif second > 12 >= first:
            self.month_first += 1
        elif first != second and first <= 12:
            self.open += 1
            _keep_example(self.examples, self.lines, text, line)


def _keep_example(examples: list[str], lines: list[int], text: str, line: int) -> None:
    kept = text.strip()[:40]
    if len(examples) < 3 and kept not in examples:
        examples.append(kept)
        lines.append(line)


def order_of(evidence: list[DateEvidence]) -> tuple[str, bool]:
    """(order, whether a person has to be asked) from all date columns of a file, which share one order."""
    day_first, month_first = sum(e.day_first for e in evidence), sum(e.month_first for e in evidence)
    if day_first and month_first:
        return ("DMY" if day_first >= month_first else "MDY"), True
    if day_first or month_first:
        return ("DMY" if day_first else "MDY"), False
    return "", any(e.open for e in evidence)


@dataclass
class NumberEvidence:
    """What the amounts of a column say about their decimal sign; `lines` are those of the `examples`."""

    point: int = 0
    comma: int = 0
    open: int = 0
    examples: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def see(self, text: str, line: int = 0) -> None:
        """Counts one cell."""
        if "." not in text and "," not in text:
            return
        readings = _readings(text)
        point, comma = readings.get("."), readings.get(",")
        if point == comma:
            return
        if comma is None:
            self.point += 1
        elif point is None:
            self.comma += 1
        else:
            self.open += 1
            _keep_example(self.examples, self.lines, text, line)


def decimal_of(evidence: list[NumberEvidence]) -> tuple[str, bool]:
    """(decimal sign, whether a person has to be asked) from all columns of amounts, which share one sign."""
    point, comma = sum(e.point for e in evidence), sum(e.comma for e in evidence)
    is_open = any(e.open for e in evidence)
    if point and comma:
        return ("." if point >= comma else ","), is_open
    if point or comma:
        return ("." if point else ","), False
    return "", is_open


def read_amount(text: str, decimal: str) -> tuple[Decimal | None, str]:
    """(amount, currency) of a cell: None for an empty one, "" where no currency stands in it.

    Blanks of every width, apostrophes and currency signs are left off. `decimal` settles 1.234; what can be read in one way
    only, such as 1.234,50, is read that way. Raises UnreadableValue for anything else.
    """
    if not is_answer(text):
        return None, ""
    plain_amount = _PLAIN_AMOUNT.fullmatch(text)
    if plain_amount and (not plain_amount[1] or decimal != ","):
        return Decimal(text if plain_amount[1] else f"{text}.00"), ""
    currency = next((code for sign, code in _CURRENCIES.items() if sign in text), "")
    code = re.search(r"\b([A-Z]{3})\b", text)
    currency = currency or (code[1] if code else "")
    readings = _readings(text)
    plain = readings.get(decimal or ".") or next(iter(readings.values()), None)
    if plain is None:
        raise UnreadableValue(_("is not a number"))
    try:
        amount = Decimal(plain)
        if abs(amount) > LARGEST_AMOUNT:
            raise UnreadableValue(_("is too large for an amount"))
        return amount.quantize(Decimal("0.01")), currency
    except InvalidOperation as error:
        raise UnreadableValue(_("is not a number")) from error


def _readings(text: str) -> dict[str, str]:
    """The number as Python writes it, by each decimal sign with which it can be read.

    Where a blank or an apostrophe groups the digits, a point or comma groups none. "(5)" and "−5" are negative, "5,-" is 5.
    """
    bare = _NOT_DIGITS.sub("", text).replace("−", "-")
    if bare.endswith((",-", ".-", ",–", ",—")):
        bare = bare[:-2]
    if bare.startswith("(") and bare.endswith(")"):
        bare = f"-{bare[1:-1]}"
    if _GROUPED.search(text):
        candidates = {sign: pattern for sign, pattern in _WITH_DECIMAL.items() if _other(sign) not in bare}
    else:
        candidates = _WITH_DECIMAL
    return {
        sign: bare.replace(_other(sign), "").replace(sign, ".")
        for sign, pattern in candidates.items()
        if pattern.fullmatch(bare)
    }


def _other(sign: str) -> str:
    return "," if sign == "." else "."


class NamedAddress(NamedTuple):
    """A person as an export names them; either part may be empty, not both."""

    name: str
    email: str


@lru_cache(_REMEMBERED)
def read_person(text: str) -> NamedAddress | None:
    """ "Sara Lind (sara@vendor.example)", "<…>", a bare address or a bare name; None where nobody is named."""
    text = " ".join(text.split())
    if not is_answer(text) or text.casefold() in _NOBODY:
        return None
    match = _ADDRESS.match(text)
    if match:
        email = read_email(match["email"])
        return NamedAddress(match["name"].strip(" ,") or email, email)
    if "@" in text and " " not in text:
        email = read_email(text)
        return NamedAddress(email, email)
    return NamedAddress(text, "")


def read_people(text: str) -> list[NamedAddress]:
    """Several people in one cell, joined by semicolons or line breaks."""
    found = [read_person(part) for part in re.split(r"[;\n]", text)]
    return [person for person in found if person]


def read_email(text: str) -> str:
    """The address without surrounding blanks, "" for an empty cell. Raises UnreadableValue for what is no address."""
    text = text.strip().removeprefix("mailto:")
    if not is_answer(text):
        return ""
    if len(text) <= 254 and _PLAIN_EMAIL.fullmatch(text):
        return text
    try:
        validate_email(text)
    except ValidationError as error:
        raise UnreadableValue(_("is not an e-mail address")) from error
    if len(text) > 254:
        raise UnreadableValue(_("is not an e-mail address"))
    return text


def read_first_email(text: str) -> str:
    """The first of several addresses in one cell, which exports list first because it is the primary one.

    Raises UnreadableValue when any of them is no address.
    """
    found = [read_email(part) for part in re.split(r"[,;\s]+", text) if part]
    return found[0] if found else ""


def read_names(text: str) -> list[str]:
    """Names in one cell, joined by semicolons, or by commas where there is no semicolon."""
    return list(_names_in(text))


def joined_names(names: Iterable[str]) -> str:
    """The names in one cell, as `read_names` takes them apart again: with semicolons where a name has a comma."""
    listed = list(names)
    if any("," in name for name in listed):
        return "".join(f"{name}; " for name in listed).rstrip()
    return ", ".join(listed)


@lru_cache(_REMEMBERED)
def _names_in(text: str) -> tuple[str, ...]:
    parts = re.split(r"[;\n]", text) if ";" in text or "\n" in text else text.split(",")
    cleaned = (" ".join(part.split()) for part in parts)
    return tuple(dict.fromkeys(name for name in cleaned if is_answer(name)))


def salesforce_id(text: str) -> str:
    """A Salesforce id in its 18-character form: the last three repeat the capitals of the first fifteen."""
    if not re.fullmatch(r"[A-Za-z0-9]{15}", text):
        return text
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    blocks = (text[0:5], text[5:10], text[10:15])
    return text + "".join(
        alphabet[sum(1 << position for position, letter in enumerate(block) if letter.isupper())] for block in blocks
    )
