"""What buyers said, counted with the deal as the unit: drivers, influence, rivals, and our reason beside theirs.

Pure: small records in, counts out; the same definitions that the grouped queries follow (see docs/numbers.md).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

D = TypeVar("D", bound=Hashable)


@dataclass(frozen=True)
class Said(Generic[D]):
    """One coded statement of a deal: the driver, "helped", "hurt" or "mentioned", and its strength from 1 to 3."""

    driver: D
    direction: str
    strength: int


@dataclass(frozen=True)
class DriverCount:
    """In how many debriefs a driver was named, helped and hurt, and its share of all influence (0 to 1)."""

    named: int
    helped: int
    hurt: int
    influence: float


def driver_counts(debriefs: Sequence[Iterable[Said[D]]]) -> dict[D, DriverCount]:
    """Per driver over all debriefs; statements of one debrief on one driver count once per direction, with the greatest strength.

    Influence share: mean over debriefs of the driver's strength by the sum of strengths in that debrief; adds up to 1 where
    each debrief names something.
    """
    named: Counter[D] = Counter()
    helped: Counter[D] = Counter()
    hurt: Counter[D] = Counter()
    influence: dict[D, float] = {}
    for debrief in debriefs:
        said = list(debrief)
        strongest: dict[D, int] = {}
        for one in said:
            strongest[one.driver] = max(strongest.get(one.driver, 0), one.strength)
        helped.update({one.driver for one in said if one.direction == "helped"})
        hurt.update({one.driver for one in said if one.direction == "hurt"})
        named.update(strongest.keys())
        for driver, strength in strongest.items():
            influence[driver] = influence.get(driver, 0.0) + strength / sum(strongest.values()) / len(debriefs)
    return {driver: DriverCount(named[driver], helped[driver], hurt[driver], influence[driver]) for driver in named}


@dataclass(frozen=True)
class Met:
    """One deal against its rivals: its outcome, which rivals were in it, and to which it was lost."""

    outcome: str
    rivals: frozenset[str]
    lost_to: str | None


@dataclass(frozen=True)
class HeadToHead:
    """A rival: deals met, won, lost to it, lost to another; the rest stayed undecided."""

    met: int
    won: int
    lost_to_them: int
    lost_to_other: int

    @property
    def decided(self) -> int:
        """Deals that one of the two won; the base of the rate."""
        return self.won + self.lost_to_them

    @property
    def undecided(self) -> int:
        """Deals that nobody is known to have won."""
        return self.met - self.won - self.lost_to_them - self.lost_to_other


def head_to_head(deals: Iterable[Met]) -> dict[str, HeadToHead]:
    """Per rival; rows overlap when two rivals met in one deal. A loss to nobody known counts as undecided."""
    counts: dict[str, list[int]] = {}
    for deal in deals:
        for rival in deal.rivals:
            row = counts.setdefault(rival, [0, 0, 0, 0])
            row[0] += 1
            row[1] += deal.outcome == "won"
            row[2] += deal.outcome == "lost" and deal.lost_to == rival
            row[3] += deal.outcome == "lost" and deal.lost_to not in (None, rival)
    return {rival: HeadToHead(*row) for rival, row in counts.items()}


@dataclass(frozen=True)
class Cited:
    """One reason over paired answers: how often our side and the buyer gave it, and the discordant pairs."""

    ours: int
    theirs: int
    ours_only: int
    theirs_only: int
    n: int

    @property
    def difference(self) -> float:
        """(ours - theirs) / n, from -1 to +1; above 0 our side cites it too often."""
        return (self.ours - self.theirs) / self.n if self.n else 0.0


def over_citation(pairs: Sequence[tuple[D, D]]) -> dict[D, Cited]:
    """Per reason, from pairs of our own reason and the buyer's."""
    ours, theirs, both = Counter[D](), Counter[D](), Counter[D]()
    for (own, buyer), n in Counter(pairs).items():
        ours[own] += n
        theirs[buyer] += n
        both[own] += n if own == buyer else 0
    return {
        reason: Cited(
            ours[reason], theirs[reason], ours[reason] - both[reason], theirs[reason] - both[reason], len(pairs)
        )
        for reason in ours.keys() | theirs.keys()
    }


def matrix(pairs: Sequence[tuple[D, D]]) -> tuple[list[D], list[list[int]]]:
    """The reasons in a fixed order, and the counts: rows our own reason, columns the buyer's."""
    reasons = sorted({reason for pair in pairs for reason in pair}, key=str)
    counts = Counter(pairs)
    return reasons, [[counts[own, buyer] for buyer in reasons] for own in reasons]
