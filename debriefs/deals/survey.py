"""One pass over a file before it is mapped: how many rows, which values, what dates and numbers look like. Pure.

What is found is kept with the import as JSON, so that the mapping page reads the file no second time.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from debriefs.deals.reader import Row, Shape, Source, rows
from debriefs.deals.refusals import UnreadableFile
from debriefs.deals.values import DateEvidence, NumberEvidence

SAMPLE_ROWS = 20
MOST_VALUES = 200
# Some ten seconds of reading, while the person who uploads waits.
MAX_ROWS = 1_000_000
_LONGEST_VALUE = 120
# A column in which so many first cells are no dates holds no dates; looking on would only cost time.
_ENOUGH = 50


@dataclass
class ColumnSurvey:
    """What one column holds. `values` counts its distinct values, and is empty when there are more than MOST_VALUES."""

    filled: int = 0
    values: dict[str, int] = field(default_factory=dict)
    dates: DateEvidence = field(default_factory=DateEvidence)
    numbers: NumberEvidence = field(default_factory=NumberEvidence)


@dataclass
class Survey:
    """What a file holds. `sample` has the line, the cells and the surplus of its first rows. `footer` lists the lines that are not data, at most twenty of `footer_count`."""

    rows_total: int = 0
    footer_count: int = 0
    footer: list[int] = field(default_factory=list)
    sample: list[tuple[int, list[str], int]] = field(default_factory=list)
    columns: list[ColumnSurvey] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the import's row; NUL characters, which Postgres does not take, are shown as ␀."""
        return _without_nul(asdict(self))

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Survey":
        """The survey as it was kept."""
        columns = [
            ColumnSurvey(
                column["filled"],
                column["values"],
                DateEvidence(**column["dates"]),
                NumberEvidence(**column["numbers"]),
            )
            for column in stored.get("columns", [])
        ]
        # What was surveyed by an earlier version knows of no surplus.
        sample = [(line, cells, sum(surplus)) for line, cells, *surplus in stored.get("sample", [])]
        return cls(
            stored.get("rows_total", 0), stored.get("footer_count", 0), stored.get("footer", []), sample, columns
        )


def survey(content: Source, shape: Shape) -> Survey:
    """Reads the whole file once. Raises UnreadableFile as `rows` does, so a file that passes can be imported to its end,
    and for more than MAX_ROWS.
    """
    found = Survey(columns=[ColumnSurvey() for _name in shape.columns])
    counters: list[Counter[str] | None] = [Counter() for _name in shape.columns]
    for row in rows(content, shape):
        if not row.is_data:
            _count_footer(found, row)
            continue
        found.rows_total += 1
        if found.rows_total > MAX_ROWS:
            raise UnreadableFile(
                _("The file has more than %(limit)d rows, up to line %(line)d. Export fewer years at a time.")
                % {"limit": MAX_ROWS, "line": row.line}
            )
        if len(found.sample) < SAMPLE_ROWS:
            found.sample.append((row.line, [cell[:500] for cell in row.cells], row.surplus))
        for position, cell in enumerate(row.cells):
            if cell:
                counters[position] = _see(found.columns[position], counters[position], cell, row.line)
    for column, counter in zip(found.columns, counters, strict=True):
        column.values = dict(counter.most_common()) if counter else {}
    return found


def _count_footer(found: Survey, row: Row) -> None:
    found.footer_count += 1
    if len(found.footer) < SAMPLE_ROWS:
        found.footer.append(row.line)


def _see(column: ColumnSurvey, counter: Counter[str] | None, cell: str, line: int) -> Counter[str] | None:
    column.filled += 1
    if counter is not None:
        value = cell.strip()
        if len(value) > _LONGEST_VALUE:
            counter = None
        else:
            counter[value] += 1
            if len(counter) > MOST_VALUES:
                counter = None
    if len(cell) < 40 and any("0" <= sign <= "9" for sign in cell[:12]):
        dates = column.dates
        if column.filled < _ENOUGH or dates.day_first or dates.month_first or dates.open:
            dates.see(cell, line)
        column.numbers.see(cell, line)
    return counter


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "␀")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nul(item) for item in value]
    return value
