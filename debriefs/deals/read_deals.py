"""One row of a file as a deal, or the reasons why it cannot be one. Pure: knows the mapping and the day, no database."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from debriefs.deals.enums import DECIDED, Outcome, WithdrawnBy
from debriefs.deals.mapping import Mapping, looks_like_test
from debriefs.deals.reader import Row
from debriefs.deals.rules import name_key
from debriefs.deals.values import (
    NamedAddress,
    UnreadableValue,
    is_answer,
    read_amount,
    read_date,
    read_email,
    read_first_email,
    read_names,
    read_people,
    read_person,
    salesforce_id,
)

LONGEST = {
    "name": 250,
    "company": 200,
    "offering": 200,
    "winner": 200,
    "contact_name": 200,
    "team": 120,
    "stage": 120,
    "segment": 80,
    "country": 80,
}
LONGEST_ID = 120
LONGEST_SOURCE = 40
LONGEST_NOTE = 100_000
LONGEST_REASON = 300
# Ids made from a row's name, company and decision date carry this mark, so that they are never shown as a CRM's id.
KEY_MARK = "key:"


@dataclass(frozen=True)
class Problem:
    """Why a cell stops its row: the column's name as in the file, what stands there, the reason."""

    column: str
    value: str
    reason: str


class RejectedRow(Exception):
    """The row cannot be a deal. `problems` lists every reason found, at least one."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


class ReadDeal(NamedTuple):
    """A row as it will be written. `given` names the facts the file provides here; a blank cell provides none.

    `earlier_key` is the id this row had while the deal was open, where ids are made from name, company and date.
    """

    line: int
    source: str
    external_id: str
    earlier_key: str
    name: str
    company: str
    outcome: str
    withdrawn_by: str
    decided_on: date | None
    opened_on: date | None
    implementation_starts_on: date | None
    amount: Decimal | None
    currency: str
    owner: NamedAddress | None
    owner_id: str
    team: str
    offering: str
    segment: str
    country: str
    stage: str
    crm_reason: str
    note: str
    competitors: tuple[str, ...]
    winner: str
    contacts: tuple[NamedAddress, ...]
    contact_title: str
    name_is_made: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What the deal is recognised by: whose id, and the id. A deal that was typed in has no source, and its own id."""
        return self.source, self.external_id

    @property
    def earlier(self) -> tuple[str, str]:
        """The key while the deal was open; no deal has an empty one."""
        return self.source, self.earlier_key

    @property
    def digest(self) -> bytes:
        """Equal for rows that say the same, wherever they stand."""
        said = repr(self[1:]).encode("utf-8", "replace")
        return hashlib.blake2b(said, digest_size=12).digest()


class _Cells:
    """The row's cells by fact, collecting problems as they are read. Made for every row and asked some thirty times: kept plain."""

    __slots__ = ("columns", "mapping", "positions", "problems", "row")

    def __init__(self, columns: list[str], row: Row, mapping: Mapping) -> None:
        self.columns, self.row, self.mapping = columns, row, mapping
        self.positions = mapping.positions
        self.problems: list[Problem] = []

    def filled(self, name: str) -> Iterable[tuple[int, str]]:
        positions = self.positions.get(name)
        if positions is None:
            return ()
        cells = self.row.cells
        return [(position, cells[position].strip()) for position in positions if is_answer(cells[position])]

    def text(self, name: str) -> str:
        """The first filled cell, blanks made single, refused when too long for its place."""
        positions = self.positions.get(name)
        if positions is None:
            return ""
        for position in positions:
            cell = self.row.cells[position]
            if not is_answer(cell):
                continue
            value = " ".join(cell.split())
            limit = LONGEST.get(name, LONGEST_ID)
            if len(value) > limit:
                self.refuse(position, _("is longer than %(limit)d characters") % {"limit": limit})
            return value
        return ""

    def read(self, name: str, reader: Any, *args: str) -> Any:
        """The first filled cell through a reader of `values`; its refusal becomes a problem of the cell."""
        positions = self.positions.get(name)
        if positions is None:
            return None
        for position in positions:
            cell = self.row.cells[position]
            if is_answer(cell):
                try:
                    return reader(cell.strip(), *args)
                except UnreadableValue as error:
                    self.refuse(position, str(error))
                    return None
        return None

    def refuse(self, position: int, reason: str) -> None:
        self.problems.append(Problem(self.columns[position], shown(self.row.cells[position]), reason))

    def refuse_row(self, name: str, reason: str) -> None:
        """A problem of a fact that may have no cell at all."""
        positions = self.mapping.columns_of(name)
        if positions:
            self.refuse(positions[0], reason)
        else:
            self.problems.append(Problem("", "", reason))


def shown(cell: str) -> str:
    """A cell as a list of rejections may keep it: no NUL, 500 characters."""
    return cell.replace("\x00", "␀")[:500]


def read_deal(row: Row, columns: list[str], mapping: Mapping, today: date) -> ReadDeal:
    """The row as a deal. Raises RejectedRow with every problem found.

    A lost deal's amount of 0 is unknown, not zero. A decision date counts only for a decided outcome; CRMs put the expected
    one there before. A blank cell provides nothing and later erases nothing.
    """
    cells = _Cells(columns, row, mapping)
    for position, cell in enumerate(row.cells):
        if "\x00" in cell and mapping.fields[position]:
            cells.refuse(position, _("holds a NUL character; something went wrong when the file was written"))
    if row.surplus:
        cells.problems.append(
            Problem("", "", _("has more cells than the header; perhaps a cell with a comma is not quoted"))
        )
    stage, name = cells.text("stage"), cells.text("name")
    company = cells.text("company") or _first_company(cells)
    offering = cells.text("offering")
    outcome, withdrawn_by = _outcome(cells, stage, name)
    amount, currency = cells.read("amount", read_amount, mapping.decimal) or (None, "")
    closed_on = cells.read("closed_on", read_date, mapping.date_order)
    opened_on = cells.read("opened_on", read_date, mapping.date_order)
    starts_on = cells.read("implementation_starts_on", read_date, mapping.date_order)
    decided_on = _decided_on(cells, outcome, closed_on, today)
    contacts = _contacts(cells)
    owner = _owner(cells)
    external_id, earlier_key = _identity(cells, name, company, decided_on)
    source = _source(cells, external_id)
    if cells.problems:
        raise RejectedRow(cells.problems)
    reason, note = _reason_and_note(cells)
    return ReadDeal(
        line=row.line,
        source=source,
        external_id=external_id,
        earlier_key=earlier_key,
        name=name or _made_name(offering, company, external_id),
        company=company,
        outcome=outcome,
        withdrawn_by=withdrawn_by,
        decided_on=decided_on,
        opened_on=opened_on,
        implementation_starts_on=starts_on,
        amount=None if amount == 0 and outcome != Outcome.WON else amount,
        currency=_currency(cells, currency),
        owner=owner,
        owner_id=cells.text("owner_id"),
        team=cells.text("team"),
        offering=offering,
        segment=cells.text("segment"),
        country=cells.text("country"),
        stage=stage,
        crm_reason=reason,
        note=note,
        competitors=tuple(name[:200] for _position, cell in cells.filled("competitors") for name in read_names(cell)),
        winner=cells.text("winner"),
        contacts=tuple(contacts),
        contact_title=cells.text("contact_title"),
        name_is_made=not name,
    )


def _first_company(cells: _Cells) -> str:
    for _position, cell in cells.filled("companies"):
        return " ".join(cell.split(";")[0].split())[: LONGEST["company"]]
    return ""


def _outcome(cells: _Cells, stage: str, name: str) -> tuple[str, str]:
    """(outcome, withdrawn by): said in our own words, or what the stage means."""
    mapping = cells.mapping
    if "outcome" in cells.positions:
        said, side = cells.text("outcome").lower(), cells.text("withdrawn_by").lower()
        if said not in Outcome.values:
            cells.refuse_row("outcome", _("is none of: %(words)s") % {"words": ", ".join(Outcome.values)})
        if side and side not in WithdrawnBy.values:
            cells.refuse_row("withdrawn_by", _("is none of: %(words)s") % {"words": ", ".join(WithdrawnBy.values)})
        return said, side if said == Outcome.WITHDRAWN else ""
    if mapping.tests_are_invalid and looks_like_test(name):
        return Outcome.INVALID.value, ""
    meant = mapping.outcomes.get(stage, Outcome.OPEN.value) if stage else Outcome.OPEN.value
    outcome, _colon, side = meant.partition(":")
    return outcome, side


def _source(cells: _Cells, external_id: str) -> str:
    """Whose id it is. Where the file has a column for it, a blank cell says that the deal was typed in here."""
    if "source" not in cells.positions:
        return cells.mapping.source
    said = cells.text("source")
    if len(said) > LONGEST_SOURCE:
        cells.refuse_row("source", _("is longer than %(limit)d characters") % {"limit": LONGEST_SOURCE})
    if not said and external_id and own_id(external_id) is None:
        cells.refuse_row("source", _("is missing, and the id is not one of ours"))
    return said


def own_id(external_id: str) -> UUID | None:
    """The id of a deal that was typed in here; None for what cannot be one."""
    try:
        return UUID(external_id)
    except ValueError:
        return None


def _decided_on(cells: _Cells, outcome: str, closed_on: date | None, today: date) -> date | None:
    if outcome not in DECIDED:
        return closed_on if outcome == Outcome.INVALID and closed_on and closed_on <= today else None
    if closed_on is None:
        if not any(problem.column in _names(cells, "closed_on") for problem in cells.problems):
            cells.refuse_row("closed_on", _("is missing, and a decided deal needs its decision date"))
    elif closed_on > today:
        cells.refuse_row("closed_on", _("lies in the future, so the deal cannot be decided yet"))
    return closed_on


def _names(cells: _Cells, name: str) -> set[str]:
    return {cells.columns[position] for position in cells.mapping.columns_of(name)}


def _identity(cells: _Cells, name: str, company: str, decided_on: date | None) -> tuple[str, str]:
    """(id, the id it had while open). Without an id column the key is deal name, company and decision date."""
    if cells.mapping.columns_of("external_id"):
        found = cells.text("external_id")
        if not found:
            cells.refuse_row("external_id", _("is missing; every row needs the id of its deal"))
        elif "E+" in found and found.replace(".", "").replace("E+", "").isdigit():
            cells.refuse_row("external_id", _("was shortened by a spreadsheet; export the file again"))
        return (salesforce_id(found) if cells.mapping.source == "salesforce" else found), ""
    if not name:
        cells.refuse_row("name", _("is missing; without an id a row needs deal name, company and decision date"))
    return _key(name, company, decided_on), _key(name, company, None) if decided_on else ""


def _key(name: str, company: str, decided_on: date | None) -> str:
    said = "\x1f".join((name_key(name), name_key(company), decided_on.isoformat() if decided_on else ""))
    return KEY_MARK + hashlib.sha256(said.encode()).hexdigest()[:40]


def _owner(cells: _Cells) -> NamedAddress | None:
    owner = cells.read("owner", read_person)
    email = cells.read("owner_email", read_email)
    if owner and email and not owner.email:
        owner = NamedAddress(owner.name, email)
    elif email and not owner:
        owner = NamedAddress(email, email)
    return NamedAddress(owner.name[:200], owner.email) if owner else None


def _contacts(cells: _Cells) -> list[NamedAddress]:
    found: list[NamedAddress] = []
    for position, cell in cells.filled("contacts"):
        try:
            found += read_people(cell)
        except UnreadableValue as error:
            cells.refuse(position, str(error))
    name, email = cells.text("contact_name"), cells.read("contact_email", read_first_email) or ""
    if name or email:
        found.insert(0, NamedAddress(name or email, email))
    return [person if len(person.name) <= 200 else NamedAddress(person.name[:200], person.email) for person in found]


def _currency(cells: _Cells, from_amount: str) -> str:
    said = cells.text("currency").upper()
    if said and not (len(said) == 3 and said.isascii() and said.isalpha()):
        said = ""
    return said or from_amount


def _reason_and_note(cells: _Cells) -> tuple[str, str]:
    """A reason longer than its place is kept whole as a note, its beginning as the reason."""
    reasons = list(cells.filled("crm_reason"))
    reason = " ".join(reasons[0][1].split()) if reasons else ""
    notes = [cell for _position, cell in cells.filled("note")]
    if len(reason) > LONGEST_REASON:
        notes.insert(0, reasons[0][1])
        reason = reason[: LONGEST_REASON - 1] + "…"
    return reason, "\n\n".join(notes)[:LONGEST_NOTE]


def _made_name(offering: str, company: str, external_id: str) -> str:
    """A name for a deal whose export has none."""
    return ", ".join(part for part in (company, offering) if part)[:250] or external_id
