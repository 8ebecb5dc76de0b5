"""What of a closed quarter may be shown to readers without record access: nothing that stands for fewer than k companies.

Pure. Everything that comes out is written to a snapshot once and never changes, so two questions can only differ by whole groups.
A split of deals is safe when each of its sides stands for no company or for at least k ("all but two said" tells who did not).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# By what a quarter may be divided, one at a time.
DIMENSIONS = ("segment", "team", "offering")
# How groups merged for being small are joined.
AND = " + "
LONGEST_GROUP = 390


@dataclass(frozen=True)
class Case:
    """One decided deal: its company, outcome, whether a debrief counts, and what the buyer and our side said.

    `agrees` is None where our side had named no reason.
    """

    company: str
    outcome: str
    groups: Mapping[str, str] = field(default_factory=dict)
    debriefed: bool = False
    helped: frozenset[str] = frozenset()
    hurt: frozenset[str] = frozenset()
    agrees: bool | None = None


@dataclass(frozen=True)
class Cell:
    """One figure that may be shown."""

    dimension: str
    group: str
    measure: str
    subject: str
    k: int
    hurt: int
    n: int


def companies(cases: Iterable[Case]) -> int:
    """How many different companies; deals without one count together as one at most."""
    return len({case.company for case in cases})


def is_safe(cases: Sequence[Case], belongs: Callable[[Case], bool], smallest: int) -> bool:
    """Whether both sides of the split stand for no company or for `smallest` and more."""
    sides = [case for case in cases if belongs(case)], [case for case in cases if not belongs(case)]
    return all(not side or companies(side) >= smallest for side in sides)


def partition(cases: Sequence[Case], dimension: str, smallest: int) -> list[tuple[str, list[Case]]]:
    """The cases divided by a dimension into groups of at least `smallest` companies, small values merged. Nothing where only one remains.

    Values that are too small form one group; where that is still too small, the smallest other joins it. Order and outcome
    depend on the cases alone.
    """
    by_value: dict[str, list[Case]] = {}
    for case in cases:
        by_value.setdefault(case.groups.get(dimension, ""), []).append(case)
    order = sorted(by_value, key=lambda value: (-companies(by_value[value]), value))
    alone = [value for value in order if companies(by_value[value]) >= smallest]
    merged = [value for value in order if value not in alone]

    def of(values: list[str]) -> list[Case]:
        return [case for value in values for case in by_value[value]]

    while merged and companies(of(merged)) < smallest and alone:
        merged.append(alone.pop())
    groups = [(value, by_value[value]) for value in alone]
    if merged:
        name = AND.join(sorted(value or "–" for value in merged))[:LONGEST_GROUP]
        # A value may be called as the merged ones would be; the name is a key.
        groups.append((f"({name})" if name in alone else name, of(merged)))
    return groups if len(groups) > 1 else []


def publishable(cases: Sequence[Case], smallest: int) -> list[Cell]:
    """Every figure of a quarter that may be shown, in a fixed order."""
    heard = [case for case in cases if case.debriefed]
    cells: list[Cell] = []
    whole = companies(cases) >= smallest and is_safe(cases, lambda case: case.debriefed, smallest)
    if whole:
        cells.append(Cell("", "", "released", "", len(heard), 0, len(cases)))
        cells += _outcomes(cases, smallest)
    if companies(heard) < smallest:
        return cells
    paired = [case for case in heard if case.agrees is not None]
    if (
        companies(paired) >= smallest
        and is_safe(heard, lambda case: case.agrees is not None, smallest)
        and is_safe(paired, lambda case: bool(case.agrees), smallest)
    ):
        cells.append(Cell("", "", "agreement", "", sum(bool(case.agrees) for case in paired), 0, len(paired)))
    cells += _drivers([("", heard)], "", smallest)
    for dimension in DIMENSIONS:
        if groups := partition(heard, dimension, smallest):
            cells += _drivers(groups, dimension, smallest)
    return cells


def _outcomes(cases: Sequence[Case], smallest: int) -> list[Cell]:
    """Won, lost and the rest where each is safe; won of all alone where the rest is too small."""
    names = ("won", "lost", "other")
    sides = {name: [case for case in cases if _kind(case.outcome) == name] for name in names}
    if all(not side or companies(side) >= smallest for side in sides.values()):
        return [Cell("", "", "outcome", name, len(sides[name]), 0, len(cases)) for name in names]
    if is_safe(cases, lambda case: case.outcome == "won", smallest):
        return [Cell("", "", "outcome", "won", len(sides["won"]), 0, len(cases))]
    return []


def _kind(outcome: str) -> str:
    return outcome if outcome in ("won", "lost") else "other"


def _drivers(groups: list[tuple[str, list[Case]]], dimension: str, smallest: int) -> list[Cell]:
    """Per driver helped and hurt in every group, or in none: with one group missing, it could be worked out from the whole."""
    everyone = [case for _group, cases in groups for case in cases]
    names = sorted({driver for case in everyone for driver in case.helped | case.hurt})
    # The bases themselves are shown with every driver, and one without a driver says that its group exists.
    cells = [Cell(dimension, group, "base", "", len(cases), 0, len(cases)) for group, cases in groups]
    for name in names:
        if all(_driver_is_safe(cases, name, smallest) for _group, cases in groups):
            cells += [
                Cell(
                    dimension,
                    group,
                    "driver",
                    name,
                    sum(name in case.helped for case in cases),
                    sum(name in case.hurt for case in cases),
                    len(cases),
                )
                for group, cases in groups
            ]
    return cells


def _driver_is_safe(cases: Sequence[Case], name: str, smallest: int) -> bool:
    return (
        is_safe(cases, lambda case: name in case.helped, smallest)
        and is_safe(cases, lambda case: name in case.hurt, smallest)
        and is_safe(cases, lambda case: name in case.helped or name in case.hurt, smallest)
    )
