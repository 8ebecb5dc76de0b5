"""Two codings of one debrief beside each other. Pure.

Several units on one driver within one coding are one: what a coder found is which drivers moved the decision, and which way.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

# In a consensus: a driver of which neither coding is kept.
LEFT_OUT = "out"
ABSENT = "absent"
BOTH_WAYS = "both ways"


def is_chosen(seed: UUID, debrief_id: UUID, percent: int) -> bool:
    """Whether the rule sends the debrief to a second coder: SHA-256 of both identities, below the share of `percent`.

    Nobody chooses and nothing is drawn: whoever computes it again gets the same answer, and a larger share keeps every debrief of
    a smaller one.
    """
    digest = hashlib.sha256(f"second-coder|{seed}|{debrief_id}".encode()).digest()
    return int.from_bytes(digest[:8]) * 100 < percent * 2**64


@dataclass(frozen=True)
class Unit:
    """One driver as one coder coded it; keys compare, nothing else."""

    driver: str
    category: str
    direction: str
    is_primary: bool = False


@dataclass(frozen=True)
class Compared:
    """How two codings of one debrief agree: drivers found by either and by both, decisive driver, directions by category.

    Strict is the same driver in the same direction, lenient the same category in the same direction.
    """

    strict: int
    strict_of: int
    lenient: int
    lenient_of: int
    deciding: tuple[str, str] | None
    deciding_categories: tuple[str, str] | None
    by_category: tuple[tuple[str, str], ...]


def directions(units: Iterable[Unit], level: str) -> dict[str, str]:
    """The direction by driver or by category (`level`): a pair that helped and hurt goes both ways, a mention yields to either."""
    found: dict[str, set[str]] = {}
    for unit in units:
        found.setdefault(getattr(unit, level), set()).add(unit.direction)
    return {key: _one(ways) for key, ways in found.items()}


def _one(ways: set[str]) -> str:
    moved = ways - {"mentioned"}
    return BOTH_WAYS if len(moved) > 1 else next(iter(moved or ways))


def compare(first: Sequence[Unit], second: Sequence[Unit], categories: Sequence[str]) -> Compared:
    """Both codings beside each other; `categories` are all that could have been found, so that joint silence counts too."""
    strict, strict_of = _overlap(directions(first, "driver"), directions(second, "driver"))
    ours, theirs = directions(first, "category"), directions(second, "category")
    lenient, lenient_of = _overlap(ours, theirs)
    decided = [next((unit for unit in units if unit.is_primary), None) for units in (first, second)]
    one, other = decided
    return Compared(
        strict,
        strict_of,
        lenient,
        lenient_of,
        (one.driver, other.driver) if one and other else None,
        (one.category, other.category) if one and other else None,
        tuple((ours.get(key, ABSENT), theirs.get(key, ABSENT)) for key in categories),
    )


def _overlap(one: dict[str, str], other: dict[str, str]) -> tuple[int, int]:
    """(keys that both hold alike, keys that either holds)."""
    keys = set(one) | set(other)
    return sum(one.get(key) == other.get(key) for key in keys), len(keys)
