"""The first rows of a file as they will be read. Pure."""

from dataclasses import dataclass
from datetime import date

from debriefs.deals.mapping import Mapping
from debriefs.deals.read_deals import Problem, ReadDeal, RejectedRow, read_deal
from debriefs.deals.reader import Row
from debriefs.deals.survey import Survey


@dataclass(frozen=True)
class PreviewRow:
    """One row: the deal it becomes, or the problems that keep it from being one."""

    line: int
    deal: ReadDeal | None
    problems: list[Problem]


def preview(columns: list[str], mapping: Mapping, found: Survey, today: date) -> list[PreviewRow]:
    """The surveyed sample read with this mapping."""
    shown = []
    for line, cells, surplus in found.sample:
        try:
            shown.append(PreviewRow(line, read_deal(Row(line, cells, surplus=surplus), columns, mapping, today), []))
        except RejectedRow as error:
            shown.append(PreviewRow(line, None, error.problems))
    return shown
