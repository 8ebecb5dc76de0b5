"""The rules of selection, row by row, and the sample that is the same everywhere. No database."""

import itertools
import random
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from debriefs.deals.enums import ExclusionKind, Outcome, Selection, SelectionRule
from debriefs.deals.selection_rules import Candidate, Rules, Share, drawn, judge, last_two_quarters
from debriefs.deals.selection_words import LONGEST_REASON, reason_of, rules_in_words

DAY = date(2026, 6, 30)
NORTH, SOUTH = UUID(int=1), UUID(int=2)
RIVAL, OTHER = UUID(int=3), UUID(int=4)
CHOSEN, PASSED = Selection.CHOSEN, Selection.PASSED_OVER
# An external id that seed 1 draws below and above 40 of 100.
LOW, HIGH = "D-1", "D-3"


def deal(**fields) -> Candidate:
    values = {
        "outcome": Outcome.LOST, "decided_on": DAY, "arrived_on": DAY, "source": "salesforce", "identity": "D-1",
        "amount": Decimal(50_000), "currency": "EUR", "segment": "Enterprise", "team": NORTH,
    }  # fmt: skip
    return Candidate(**values | fields)


def rules(**fields) -> Rules:
    return Rules(**{"currency": "EUR", "overdue_after_days": 30} | fields)


FORTY = (Share(40, Outcome.LOST),)
TABLE = [
    # what is asked, the deal, the rules, chosen or passed over, the rule named
    ("no rules set", deal(), rules(), CHOSEN, SelectionRule.EVERY),
    ("invalid", deal(outcome=Outcome.INVALID), rules(), PASSED, SelectionRule.INVALID),
    ("out of all statistics", deal(excluded=ExclusionKind.STATISTICS), rules(), PASSED, SelectionRule.NO_STATISTICS),
    ("out of outreach", deal(excluded=ExclusionKind.OUTREACH), rules(), PASSED, SelectionRule.NO_OUTREACH),
    ("30 days old", deal(decided_on=DAY - timedelta(30)), rules(), CHOSEN, SelectionRule.EVERY),
    ("31 days old", deal(decided_on=DAY - timedelta(31)), rules(), PASSED, SelectionRule.BEFORE),
    ("another limit", deal(decided_on=DAY - timedelta(31)), rules(overdue_after_days=40), CHOSEN, SelectionRule.EVERY),
    ("outcome asked about", deal(), rules(outcomes=frozenset({Outcome.LOST})), CHOSEN, SelectionRule.EVERY),
    ("outcome not asked about", deal(), rules(outcomes=frozenset({Outcome.WON})), PASSED, SelectionRule.OUTCOME),
    ("amount at the limit", deal(), rules(minimum_amount=Decimal(50_000)), CHOSEN, SelectionRule.EVERY),
    ("amount below", deal(), rules(minimum_amount=Decimal("50000.01")), PASSED, SelectionRule.AMOUNT),
    ("amount not known", deal(amount=None), rules(minimum_amount=Decimal(1)), CHOSEN, SelectionRule.EVERY),
    ("other currency", deal(currency="USD"), rules(minimum_amount=Decimal(10**6)), CHOSEN, SelectionRule.EVERY),
    ("no currency", deal(currency=""), rules(minimum_amount=Decimal(10**6)), PASSED, SelectionRule.AMOUNT),
    ("segment asked about", deal(), rules(segments=frozenset({"enterprise"})), CHOSEN, SelectionRule.EVERY),
    ("segment spelt otherwise", deal(segment=" ENTERPRISE "), rules(segments=frozenset({"enterprise"})), CHOSEN, SelectionRule.EVERY),
    ("segment not asked about", deal(), rules(segments=frozenset({"public"})), PASSED, SelectionRule.SEGMENT),
    ("segment not known", deal(segment=" "), rules(segments=frozenset({"public"})), CHOSEN, SelectionRule.EVERY),
    ("team asked about", deal(), rules(teams=frozenset({NORTH})), CHOSEN, SelectionRule.EVERY),
    ("team not asked about", deal(), rules(teams=frozenset({SOUTH})), PASSED, SelectionRule.TEAM),
    ("team not known", deal(team=None), rules(teams=frozenset({SOUTH})), CHOSEN, SelectionRule.EVERY),
    ("competitor met", deal(competitors={RIVAL, OTHER}), rules(competitors=frozenset({RIVAL})), CHOSEN, SelectionRule.EVERY),
    ("competitor not met", deal(competitors={OTHER}), rules(competitors=frozenset({RIVAL})), PASSED, SelectionRule.COMPETITOR),
    ("no competitor met", deal(), rules(competitors=frozenset({RIVAL})), PASSED, SelectionRule.COMPETITOR),
    ("in the sample", deal(identity=LOW), rules(shares=FORTY), CHOSEN, SelectionRule.IN_SAMPLE),
    ("outside the sample", deal(identity=HIGH), rules(shares=FORTY), PASSED, SelectionRule.OUT_OF_SAMPLE),
    ("share of nothing", deal(identity=LOW), rules(shares=(Share(0),)), PASSED, SelectionRule.OUT_OF_SAMPLE),
    ("share of all", deal(identity=HIGH), rules(shares=(Share(100),)), CHOSEN, SelectionRule.EVERY),
    ("another stratum", deal(outcome=Outcome.WON, identity=HIGH), rules(shares=FORTY), CHOSEN, SelectionRule.EVERY),
    ("first share that covers", deal(identity=HIGH), rules(shares=(Share(100, "", "enterprise"), *FORTY)), CHOSEN, SelectionRule.EVERY),
    ("stratum by segment", deal(segment="Public", identity=HIGH), rules(shares=(Share(100, "", "enterprise"), *FORTY)), PASSED, SelectionRule.OUT_OF_SAMPLE),
    # Of several rules that pass a deal over the earlier one is named.
    ("statistics before invalid", deal(outcome=Outcome.INVALID, excluded=ExclusionKind.STATISTICS), rules(), PASSED, SelectionRule.NO_STATISTICS),
    ("outreach before age", deal(excluded=ExclusionKind.OUTREACH, decided_on=DAY - timedelta(400)), rules(), PASSED, SelectionRule.NO_OUTREACH),
    ("age before outcome", deal(decided_on=DAY - timedelta(400)), rules(outcomes=frozenset({Outcome.WON})), PASSED, SelectionRule.BEFORE),
    ("amount before sample", deal(identity=HIGH), rules(minimum_amount=Decimal(10**6), shares=FORTY), PASSED, SelectionRule.AMOUNT),
]  # fmt: skip


@pytest.mark.parametrize(("what", "asked", "under", "selection", "rule"), TABLE, ids=[row[0] for row in TABLE])
def test_every_rule(what, asked, under, selection, rule):
    verdict = judge(asked, under)
    assert (verdict.selection, verdict.rule) == (selection, rule)


def test_the_table_names_every_rule_but_the_managers_own():
    assert {row[4] for row in TABLE} == set(SelectionRule) - {SelectionRule.OVERRULED}


def sample(seed: int, identities: list[str], percent: int = 40) -> list[str]:
    under = rules(shares=(Share(percent),), seed=seed)
    return [one for one in identities if judge(deal(identity=one), under).selection == CHOSEN]


IDENTITIES = [f"D-{number}" for number in range(1, 31)]
# Written down once; the sample of seed 1 never differs from this on any machine.
SEED_1 = ["D-1", "D-11", "D-13", "D-14", "D-18", "D-23", "D-24", "D-25", "D-26"]
SEED_2 = ["D-3", "D-4", "D-5", "D-10", "D-15", "D-16", "D-17", "D-20", "D-22", "D-24", "D-26", "D-30"]


def test_the_sample_of_seed_1_is_this_list_in_any_order_of_arrival():
    assert sample(1, IDENTITIES) == SEED_1
    for order in range(20):
        shuffled = random.Random(order).sample(IDENTITIES, len(IDENTITIES))
        assert sorted(sample(1, shuffled), key=IDENTITIES.index) == SEED_1
    assert sample(2, IDENTITIES) == SEED_2


def test_a_smaller_share_is_a_part_of_a_larger_one():
    shares = [set(sample(1, IDENTITIES, percent)) for percent in (0, 10, 40, 70, 100)]
    assert all(smaller <= larger for smaller, larger in itertools.pairwise(shares))
    assert (len(shares[0]), len(shares[-1])) == (0, 30)


def test_a_share_is_kept_over_many_deals_and_the_source_counts():
    many = [f"{number:018d}" for number in range(20_000)]
    assert abs(len(sample(1, many)) / len(many) - 0.4) < 0.01
    assert drawn(1, "salesforce", "1") != drawn(1, "hubspot", "1") != drawn(11, "", "1")


def test_a_draw_can_be_checked_by_anybody():
    verdict = judge(deal(identity=LOW), rules(shares=FORTY))
    assert verdict.share == FORTY[0]
    assert verdict.draw == (Decimal(drawn(1, "salesforce", LOW)) * 100 / 2**64).quantize(Decimal("0.0001"))
    assert verdict.draw < 40


@pytest.mark.parametrize(
    ("today", "first", "end"),
    [
        (date(2026, 5, 12), date(2025, 10, 1), date(2026, 4, 1)),
        (date(2026, 1, 1), date(2025, 7, 1), date(2026, 1, 1)),
        (date(2026, 12, 31), date(2026, 4, 1), date(2026, 10, 1)),
        (date(2026, 9, 30), date(2026, 1, 1), date(2026, 7, 1)),
    ],
)
def test_the_last_two_quarters_are_whole(today, first, end):
    assert last_two_quarters(today) == (first, end)


@pytest.mark.parametrize(
    ("asked", "under", "sentence"),
    [
        (deal(), rules(), "Every decided deal is chosen"),
        (deal(), rules(segments=frozenset({"enterprise"})), "Every deal that the rules describe"),
        (deal(), rules(outcomes=frozenset({Outcome.WON})), "Not asked about: lost deals"),
        (deal(), rules(minimum_amount=Decimal(60_000)), "Below the smallest amount, €60,000"),
        (deal(identity=LOW), rules(shares=FORTY), "In the sample: 40 % of lost deals"),
        (deal(identity=HIGH), rules(shares=FORTY), "Outside the sample: 40 % of lost deals"),
        (deal(excluded=ExclusionKind.OUTREACH), rules(), "Out of outreach: in court"),
        (deal(decided_on=DAY - timedelta(99)), rules(), "Before the programme"),
    ],
)
def test_every_deal_says_which_rule_in_words(asked, under, sentence):
    assert reason_of(judge(asked, under), under, asked.outcome, "in court") == sentence


def test_a_sentence_never_outgrows_its_column():
    under = rules()
    said = reason_of(judge(deal(excluded=ExclusionKind.OUTREACH), under), under, Outcome.LOST, "x" * 400)
    assert len(said) == LONGEST_REASON


def test_rules_are_said_in_words():
    under = rules(
        outcomes=frozenset({Outcome.LOST, Outcome.WON}), minimum_amount=Decimal(20_000), shares=(Share(100, Outcome.LOST), Share(25, Outcome.WON))
    )  # fmt: skip
    assert rules_in_words(under, segments=["Enterprise"], teams=["North", "South"], competitors=["Rival"]) == [
        "Only deals with these outcomes: won, lost.",
        "Only deals of at least €20,000; an amount that is not known is not held against a deal.",
        "Only these segments: Enterprise.",
        "Only deals of these teams: North, South.",
        "Only deals in which one of these competitors was met: Rival.",
        "Of these a sample is drawn: 100 % of lost deals; 25 % of won deals. Seed 1; the same deals are drawn again at any time.",
    ]
