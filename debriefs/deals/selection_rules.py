"""Which decided deals are debriefed: the programme's rules applied to one deal. Pure: no database, no clock, no chance.

The same deal under the same rules gets the same answer on every machine and in any order of arrival, because the sample is drawn
from the deal's own identity. What is not known of a deal (no amount, no segment, no team) never passes it over: otherwise
clearing a field in the CRM would spare a deal its debrief.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from debriefs.deals.enums import DECIDED, ExclusionKind, Outcome, Selection, SelectionRule
from debriefs.deals.rules import name_key, quarter_bounds, quarter_of

# A draw is one of so many equally likely numbers.
DRAWS = 2**64


@dataclass(frozen=True)
class Share:
    """How many of a hundred deals of one stratum are chosen. An empty outcome or segment stands for any."""

    percent: int
    outcome: str = ""
    segment: str = ""

    def covers(self, outcome: str, segment: str) -> bool:
        """Whether a deal of this outcome and segment belongs to the stratum."""
        return self.outcome in ("", outcome) and (not self.segment or name_key(self.segment) == name_key(segment))


@dataclass(frozen=True)
class Rules:
    """What the programme manager set. As made here: every decided deal is chosen, none of them decided long ago.

    Empty sets mean "any". `segments` hold name keys. Of `shares` the first that covers a deal counts; where none does, all are
    chosen. `minimum_amount` is in `currency`; a deal in another currency is not compared.
    """

    outcomes: frozenset[str] = frozenset(DECIDED)
    minimum_amount: Decimal | None = None
    currency: str = ""
    segments: frozenset[str] = frozenset()
    teams: frozenset[UUID] = frozenset()
    competitors: frozenset[UUID] = frozenset()
    shares: tuple[Share, ...] = ()
    seed: int = 1
    overdue_after_days: int = 30


@dataclass(frozen=True)
class RulesDraft:
    """The rules as the programme manager states them, with the days of window and contact protection."""

    outcomes: tuple[str, ...]
    minimum_amount: Decimal | None
    segments: tuple[str, ...]
    team_ids: tuple[UUID, ...]
    competitor_ids: tuple[UUID, ...]
    shares: tuple[Share, ...]
    seed: int
    cooling_off_days: int
    best_within_days: int
    overdue_after_days: int
    contact_protection_days: int


@dataclass(frozen=True)
class Candidate:
    """What the rules ask of a deal. `identity` is its external id, or its own id where it was typed in.

    `arrived_on` is the day its decision became known here; `excluded` the kind of the exclusion it falls under, if any.
    """

    outcome: str
    decided_on: date | None
    arrived_on: date
    source: str = ""
    identity: str = ""
    amount: Decimal | None = None
    currency: str = ""
    segment: str = ""
    team: UUID | None = None
    competitors: Collection[UUID] = field(default_factory=frozenset)
    excluded: str = ""


@dataclass(frozen=True)
class Verdict:
    """Chosen or passed over, by which rule; for a sample also the share of the stratum and the deal's draw in per cent."""

    selection: str
    rule: str
    share: Share | None = None
    draw: Decimal | None = None


def drawn(seed: int, source: str, identity: str) -> int:
    """The deal's draw: a number from 0 to DRAWS - 1 that only its identity and the seed decide."""
    digest = sha256(f"{seed}\x1f{source}\x1f{identity}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def judge(deal: Candidate, rules: Rules) -> Verdict:
    """Chosen or passed over. The rules are asked in the order of SelectionRule; the first that passes the deal over is named."""
    passed = _passed_over_by(deal, rules)
    if passed:
        return Verdict(Selection.PASSED_OVER, passed)
    share = next((one for one in rules.shares if one.covers(deal.outcome, deal.segment)), None)
    if share is None or share.percent >= 100:
        return Verdict(Selection.CHOSEN, SelectionRule.EVERY)
    number = drawn(rules.seed, deal.source, deal.identity)
    draw = (Decimal(number) * 100 / DRAWS).quantize(Decimal("0.0001"))
    if number * 100 < share.percent * DRAWS:
        return Verdict(Selection.CHOSEN, SelectionRule.IN_SAMPLE, share, draw)
    return Verdict(Selection.PASSED_OVER, SelectionRule.OUT_OF_SAMPLE, share, draw)


def _passed_over_by(deal: Candidate, rules: Rules) -> str:
    """The rule that passes the deal over before anything is drawn; "" for none."""
    if deal.excluded == ExclusionKind.STATISTICS:
        return SelectionRule.NO_STATISTICS
    if deal.outcome == Outcome.INVALID:
        return SelectionRule.INVALID
    if deal.excluded == ExclusionKind.OUTREACH:
        return SelectionRule.NO_OUTREACH
    if deal.decided_on and (deal.arrived_on - deal.decided_on).days > rules.overdue_after_days:
        return SelectionRule.BEFORE
    if deal.outcome not in rules.outcomes:
        return SelectionRule.OUTCOME
    if _is_below(deal, rules):
        return SelectionRule.AMOUNT
    if rules.segments and deal.segment.strip() and name_key(deal.segment) not in rules.segments:
        return SelectionRule.SEGMENT
    if rules.teams and deal.team is not None and deal.team not in rules.teams:
        return SelectionRule.TEAM
    if rules.competitors and rules.competitors.isdisjoint(deal.competitors):
        return SelectionRule.COMPETITOR
    return ""


def _is_below(deal: Candidate, rules: Rules) -> bool:
    """Whether the amount is known to be below the smallest one asked about."""
    if rules.minimum_amount is None or deal.amount is None or deal.currency not in ("", rules.currency):
        return False
    return deal.amount < rules.minimum_amount


def last_two_quarters(today: date) -> tuple[date, date]:
    """First day of the last two whole quarters before today's, and the first day after them."""
    end, _next = quarter_bounds(quarter_of(today))
    month = end.month - 6
    return date(end.year - (month < 1), month + 12 * (month < 1), 1), end
