"""Where the marks of a chart stand, and the rows of its table: what the page, the CSV and the SVG file are written from. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from debriefs.insights.charts import is_clear_of_zero, percent, two_sided_scale
from debriefs.insights.figures import Chart, Kind, Mark, points
from debriefs.insights.statistics import Status

# Bars beyond this many stand in the table only.
MOST_BARS = 12
# What is said below a line's name stands across the whole width beyond so many characters.
LONG_SUB = 48


@dataclass(frozen=True)
class Bar:
    """One mark with its places in percent of the width, and its value in words."""

    mark: Mark
    x: str
    width: str
    end: str
    left_x: str
    left_width: str
    right_width: str
    right_end: str
    low_x: str
    high_x: str
    at_x: str
    beside_x: str
    value: str
    interval: str
    is_thin: bool
    is_sure: bool

    @property
    def has_long_sub(self) -> bool:
        """Whether what is said below the name needs the whole width."""
        return len(self.mark.sub) > LONG_SUB


@dataclass(frozen=True)
class Drawn:
    """A chart ready for a template: the bars drawn, how many are left to the table, and the table's rows."""

    chart: Chart
    bars: tuple[Bar, ...]
    left_out: int
    rows: tuple[tuple[str, ...], ...]
    headers: tuple[str, ...]

    @property
    def is_two_sided(self) -> bool:
        """Whether zero stands in the middle."""
        return self.chart.kind in (Kind.NET, Kind.DIFFERENCE)

    @property
    def is_drawn(self) -> bool:
        """Whether there is anything to draw; differences that are all too few to compare stand in the table only."""
        comparable = self.chart.kind is not Kind.DIFFERENCE or any(bar.mark.shows_interval for bar in self.bars)
        return bool(self.bars) and self.chart.kind is not Kind.TABLE and comparable


def drawn(chart: Chart) -> Drawn:
    """The chart with all places worked out."""
    shown = chart.marks[:MOST_BARS] if chart.kind is not Kind.TABLE else ()
    # Differences with too few on a side have nothing to draw: they stand in the table.
    if chart.kind is Kind.DIFFERENCE and any(mark.shows_interval for mark in chart.marks):
        shown = tuple(mark for mark in chart.marks if mark.shows_interval)[:MOST_BARS]
    rows = tuple(table_rows(chart))
    return Drawn(chart, tuple(_bars(chart, shown)), len(chart.marks) - len(shown), rows[1:], rows[0])


def _bars(chart: Chart, marks: tuple[Mark, ...]) -> Iterator[Bar]:
    scale = _two_sided_scale(marks)
    # Parts of a whole have no axis to 100 %: the longest one fills the room that the others have.
    are_parts = bool(marks) and all(mark.is_fact and not mark.n for mark in marks)
    room = 84 / (max(mark.value for mark in marks) or 1) if are_parts else 84
    for mark in marks:
        n = mark.n or 1
        left, right = (mark.left / n * scale, mark.right / n * scale) if chart.kind is Kind.NET else (0.0, 0.0)
        if chart.kind is Kind.DIFFERENCE:
            left, right = max(0.0, -mark.value) * scale, max(0.0, mark.value) * scale

        def place(value: float) -> float:
            if chart.kind is Kind.SHARE:
                return room * value
            return 50 + value * scale

        yield Bar(
            mark=mark,
            x=percent(0),
            width=percent(0 if mark.status in (Status.TOO_FEW, Status.HIDDEN) else room * max(0.0, mark.value)),
            end=percent(max(room * max(0.0, mark.value), room * mark.high if mark.shows_interval else 0)),
            left_x=percent(50 - left),
            left_width=percent(left),
            right_width=percent(right),
            right_end=percent(50 + right),
            low_x=percent(place(mark.low)),
            high_x=percent(place(mark.high)),
            at_x=percent(place(mark.value)),
            beside_x=percent(place(mark.beside.value)) if mark.beside and mark.beside.shows_percent else "",
            value=value_in_words(chart, mark),
            interval=interval_in_words(chart, mark),
            is_thin=mark.status == Status.THIN,
            is_sure=mark.shows_percent and is_clear_of_zero(mark.low, mark.high),
        )


def _two_sided_scale(marks: tuple[Mark, ...]) -> float:
    """Percent of the width for a score of one: bars with their counts and whole intervals find room on either side of zero."""
    sides = [max(mark.left, mark.right) / mark.n for mark in marks if mark.n]
    ends = [max(abs(mark.low), abs(mark.high)) for mark in marks if mark.shows_interval]
    return two_sided_scale(max([*sides, *(abs(mark.value) for mark in marks)], default=0.0), max(ends, default=0.0))


def value_in_words(chart: Chart, mark: Mark) -> str:
    """ "43 %", "+12", "3 of 7" or "2 hurt, 1 helped of 4" where there is too little for more; a plain count as it is."""
    if mark.is_fact:
        return mark.cells[0]
    if mark.status is Status.HIDDEN:
        return _("hidden")
    if not mark.n:
        return _("none")
    if chart.kind is Kind.SHARE:
        return (
            f"{round(mark.value * 100)} %"
            if mark.shows_percent
            else _("%(k)s of %(n)s") % {"k": f"{mark.k:,}", "n": f"{mark.n:,}"}
        )
    if mark.shows_interval:
        return points(mark.value)
    if chart.kind is Kind.NET:
        return sides_in_words(chart, mark.left, mark.right, mark.n)
    return _("too few")


def sides_in_words(chart: Chart, left: int, right: int, n: int) -> str:
    """ "2 hurt, 1 helped of 4": the counts of both sides, by their names."""
    sides = ((left, chart.left_label), (right, chart.right_label))
    said = ", ".join(f"{count} {label}" for count, label in sides if count) or "0"
    return _("%(said)s of %(n)s") % {"said": said, "n": n}


def interval_in_words(chart: Chart, mark: Mark) -> str:
    """ "21 to 60" in per cent or points; empty where no interval is shown."""
    if not mark.shows_interval:
        return ""
    if chart.kind is Kind.SHARE:
        low, high = str(round(mark.low * 100)), str(round(mark.high * 100))
    else:
        low, high = points(mark.low), points(mark.high)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def table_rows(chart: Chart) -> Iterator[tuple[str, ...]]:
    """A header and a row per mark: what is shown, in words."""
    if chart.kind is Kind.TABLE:
        yield ("", *chart.columns)
        for mark in chart.marks:
            yield (mark.name, *mark.cells)
        return
    rows = [
        (
            (mark.name, *mark.cells, value_in_words(chart, mark)),
            (interval_in_words(chart, mark), _("stands out") if mark.stands_out else mark.sub),
        )
        for mark in chart.marks
    ]
    # An interval or a remark that no line has needs no column.
    kept = [place for place in (0, 1) if any(more[place] for _shown, more in rows)]
    names = (_("95 % interval"), _("Remark"))
    yield ("", *chart.columns, _("Value"), *(names[place] for place in kept))
    for shown, more in rows:
        yield (*shown, *(more[place] for place in kept))


CSV_HEADERS = ("chart", "title", "item", "counts", "value", "low", "high", "state", "stands out", "note", "filter")


def csv_rows(charts: tuple[Chart, ...], filters: str) -> Iterator[tuple[str, ...]]:
    """A header in one language, then a row per mark: counts named, value and interval as plain numbers, state, and the filter.

    Where there is too little for an interval or a percentage, the fields are empty here as they are on the page.
    """
    yield CSV_HEADERS
    for chart in charts:
        for mark in chart.marks:
            counts = "; ".join(f"{name} {cell}" for name, cell in zip(chart.columns, mark.cells, strict=False))
            shows = mark.shows_percent or (mark.shows_interval and chart.kind is not Kind.SHARE)
            yield (
                chart.key,
                chart.title,
                mark.name,
                counts,
                f"{mark.value:.4f}" if shows and chart.kind is not Kind.TABLE else "",
                f"{mark.low:.4f}" if mark.shows_interval else "",
                f"{mark.high:.4f}" if mark.shows_interval else "",
                "" if mark.is_fact else mark.status.value,
                "yes" if mark.stands_out else "",
                mark.sub,
                filters,
            )
