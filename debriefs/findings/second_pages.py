"""What the pages of the second coding show, and the pairs that agreement is computed from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Person, Programme
from debriefs.codebook.models import Category
from debriefs.findings.comparison import Compared, Unit, compare
from debriefs.findings.models import CodedUnit, SecondCoding, Side
from debriefs.findings.permissions import is_free, may_begin_second, may_compare
from debriefs.interviews.queries import answers_for


@dataclass(frozen=True)
class Noted:
    """One answer as the second coder reads it: the question and the note, without marks, tags or reasons."""

    question: str
    text: str


def blind_page(person: Person, coding: SecondCoding, now: datetime) -> dict[str, Any]:
    """The notes as typed and the person's own units: nothing that anybody coded or marked before. The reading is recorded."""
    answers = answers_for(person, coding.debrief, now)
    return {
        "coding": coding,
        "debrief": coding.debrief,
        "deal": coding.debrief.deal,
        "noted": [
            Noted(answer.question_text, "\n".join(filter(None, [", ".join(answer.chosen_words), answer.text])))
            for answer in answers
            if answer.text or answer.chosen
        ],
        "units": list(coding.units.filter(side=Side.SECOND).select_related("driver")),
    }


def offer_page(person: Person, coding: SecondCoding) -> dict[str, Any]:
    """Before the second coding is begun: whether the person may take it on. At most eleven queries."""
    return {
        "coding": coding,
        "debrief": coding.debrief,
        "may_begin": may_begin_second(person, coding),
        "is_free": is_free(coding),
        "may_compare": may_compare(person, coding),
    }


@dataclass(frozen=True)
class Row:
    """One driver as both sides coded it; `kept` is what the consensus says of it."""

    driver_id: UUID
    name: str
    first: list[CodedUnit]
    second: list[CodedUnit]
    is_alike: bool
    kept: str

    @property
    def is_only_first(self) -> bool:
        """Whether the second coder did not find it."""
        return not self.second

    @property
    def is_only_second(self) -> bool:
        """Whether the first coder did not find it."""
        return not self.first


def differences_page(coding: SecondCoding) -> dict[str, Any]:
    """Both codings side by side, a row per driver, those that differ first, and the consensus where there is one. Two queries."""
    units = list(coding.units.select_related("driver__category"))
    sides = {side: [unit for unit in units if unit.side == side] for side in Side.values}
    agreed = {unit.driver_id: unit for unit in sides[Side.CONSENSUS]}
    rows = []
    for driver in dict.fromkeys(unit.driver for unit in sides[Side.FIRST] + sides[Side.SECOND]):
        first, second = ([u for u in sides[side] if u.driver_id == driver.pk] for side in (Side.FIRST, Side.SECOND))
        is_alike = bool(first and second) and {u.direction for u in first} == {u.direction for u in second}
        rows.append(
            Row(driver.pk, driver.name, first, second, is_alike, _kept(agreed, coding, driver.pk, first, second))
        )
    deciding = next((unit.driver_id for unit in sides[Side.CONSENSUS] if unit.is_primary), None)
    return {
        "coding": coding,
        "debrief": coding.debrief,
        "rows": sorted(rows, key=lambda row: row.is_alike),
        "consensus": sides[Side.CONSENSUS],
        "deciding": deciding,
        "figures": compare(_units(sides[Side.FIRST]), _units(sides[Side.SECOND]), ()),
        "decided": [next((u for u in sides[side] if u.is_primary), None) for side in (Side.FIRST, Side.SECOND)],
    }


def _kept(
    agreed: dict[UUID, CodedUnit], coding: SecondCoding, driver: UUID, first: list[CodedUnit], second: list[CodedUnit]
) -> str:
    """The side the consensus took the driver from, "out" where it left it out, "" while there is none."""
    if coding.agreed_at is None:
        return ""
    unit = agreed.get(driver)
    if unit is None:
        return "out"
    same = [u for u in first if (u.direction, u.strength, u.verbatim, u.note) == _said(unit)]
    return Side.FIRST if same else Side.SECOND


def _said(unit: CodedUnit) -> tuple[str, int, str, str]:
    return unit.direction, unit.strength, unit.verbatim, unit.note


def _units(units: Iterable[CodedUnit]) -> list[Unit]:
    return [Unit(str(unit.driver_id), str(unit.driver.category_id), unit.direction, unit.is_primary) for unit in units]


def compared_codings(programme: Programme) -> list[Compared]:
    """Every debrief that two people coded, both codings closed, oldest first. Three queries."""
    categories = [str(key) for key in Category.objects.filter(programme=programme).values_list("pk", flat=True)]
    codings = SecondCoding.objects.filter(
        programme=programme, handed_in_at__isnull=False, first_kept_at__isnull=False
    ).order_by("handed_in_at", "id")
    by_coding: dict[tuple[UUID, str], list[CodedUnit]] = {}
    for unit in CodedUnit.objects.filter(coding__in=codings).select_related("driver"):
        by_coding.setdefault((unit.coding_id, unit.side), []).append(unit)
    return [
        compare(
            _units(by_coding.get((coding.pk, Side.FIRST), [])),
            _units(by_coding.get((coding.pk, Side.SECOND), [])),
            categories,
        )
        for coding in codings
    ]
