"""Selection in the database: decided once by the rules in force, overruled by one role, excluded with a reason."""

import importlib
import random
import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from debriefs.deals import selection_queries, tasks
from debriefs.deals.actions import (
    RulesDraft,
    create_deal,
    decide_due,
    exclude,
    lift_exclusion,
    overrule,
    queue_import,
    receive_upload,
    run_import,
    set_outcome,
    set_rules,
)
from debriefs.deals.actions.facts import facts_of
from debriefs.deals.deal_facts import DealFacts
from debriefs.deals.enums import DECIDED, DebriefState, ExclusionKind, Outcome, Selection, SelectionRule
from debriefs.deals.models import Deal, DealCompetitor, SelectionDecision, SelectionRules
from debriefs.deals.refusals import AlreadyPlanned, MissingFact, NotDecided
from debriefs.deals.selection_rules import Share
from debriefs.foundation import clock
from debriefs.foundation.models import AuditEntry
from debriefs.foundation.refusals import NotAllowed
from debriefs.insights.queries import scope_of
from tests import factories
from tests.deals.test_selection_rules import IDENTITIES, SEED_1

pytestmark = pytest.mark.django_db


def draft(**fields) -> RulesDraft:
    values = {
        "outcomes": tuple(DECIDED), "minimum_amount": None, "segments": (), "team_ids": (), "competitor_ids": (), "shares": (),
        "seed": 1, "cooling_off_days": 2, "best_within_days": 21, "overdue_after_days": 30, "contact_protection_days": 90,
    }  # fmt: skip
    return RulesDraft(**values | fields)


def decided(world, **fields) -> Deal:
    """A deal whose decision has just arrived."""
    return factories.deal(world.programme, **{"owner": world.rep, "team": world.team} | fields)


def now_of(deal: Deal) -> Deal:
    return Deal.objects.get(pk=deal.pk)


def current(deal: Deal) -> SelectionDecision:
    return SelectionDecision.objects.get(deal=deal, is_current=True)


def test_a_decided_deal_is_decided_by_the_tick_and_says_the_rule(world, now):
    lost, old, invalid = decided(world), decided(world, decided_days_ago=99), decided(world, outcome=Outcome.INVALID)
    still_open = decided(world, outcome=Outcome.OPEN, decided_days_ago=None)
    tasks.decide_selections()
    said = {deal: (now_of(deal).selection, now_of(deal).selection_reason) for deal in (lost, old, invalid, still_open)}
    assert list(said.values()) == [
        (Selection.CHOSEN, "Every decided deal is chosen"),
        (Selection.PASSED_OVER, "Before the programme"),
        (Selection.PASSED_OVER, "Outside all statistics"),
        (Selection.UNDECIDED, ""),
    ]
    assert current(old).rule == SelectionRule.BEFORE
    # Twice is once: the same decisions, none added.
    before = list(SelectionDecision.objects.order_by("pk").values())
    tasks.decide_selections()
    assert list(SelectionDecision.objects.order_by("pk").values()) == before
    entry = AuditEntry.objects.get(action="selection.decided")
    assert entry.detail == {"chosen": 1, "passed_over": 2}


def test_a_deal_typed_in_or_decided_by_hand_is_decided_with_the_act(world, now):
    facts = DealFacts(name="Shift", company="Pellworth", outcome=Outcome.LOST, decided_on=world.today)
    assert create_deal(programme=world.programme, facts=facts, by=world.admin, now=now).selection == Selection.CHOSEN
    deal = decided(world, outcome=Outcome.OPEN, decided_days_ago=None)
    set_outcome(deal=deal, outcome=Outcome.WON, decided_on=world.today - timedelta(40), by=world.admin, now=now)
    assert now_of(deal).selection_reason == "Before the programme"


def test_an_import_leaves_no_deal_undecided(world, now):
    rows = "".join(f"D-{n},Deal {n},Lost,{world.today}\n" for n in range(5))
    content = f"Deal id,Deal name,Stage,Close date\n{rows}D-9,Old,Lost,2001-01-31\n".encode()
    made = receive_upload(programme=world.programme, name="x.csv", content=content, by=None, now=now)
    queue_import(deal_import=made, by=None, now=now)
    run_import(import_id=made.pk, clock=clock.now)
    said = Deal.objects.order_by("external_id").values_list("selection", flat=True)
    assert list(said) == [Selection.CHOSEN] * 5 + [Selection.PASSED_OVER]
    assert SelectionDecision.objects.filter(is_current=True).count() == 6


def test_the_rules_in_force_decide_and_older_decisions_stay(world, now):
    before = decided(world, outcome=Outcome.WON)
    tasks.decide_selections()
    first = set_rules(programme=world.programme, draft=draft(outcomes=("lost",)), by=world.admin, now=now)
    after = decided(world, outcome=Outcome.WON)
    tasks.decide_selections()
    assert (now_of(before).selection, now_of(after).selection) == (Selection.CHOSEN, Selection.PASSED_OVER)
    assert (current(before).rules, current(after).rules, first.number) == (None, first, 1)
    again = set_rules(programme=world.programme, draft=draft(outcomes=("lost",)), by=world.admin, now=now)
    assert (again, SelectionRules.objects.count()) == (first, 1)
    later = now + timedelta(hours=1)
    second = set_rules(programme=world.programme, draft=draft(best_within_days=14), by=world.admin, now=later)
    assert (second.number, second.set_by, second.set_at) == (2, world.admin, later)
    world.programme.refresh_from_db()
    assert world.programme.best_within_days == 14
    assert [entry.detail["number"] for entry in AuditEntry.objects.filter(action="selection.rules_set").order_by("pk")] == [1, 2]  # fmt: skip


def test_teams_competitors_and_segments_are_read_from_the_deal(world, now):
    rival = factories.competitor(world.programme)
    chosen = draft(team_ids=(world.team.pk,), competitor_ids=(rival.pk,), segments=("Enterprise",))
    set_rules(programme=world.programme, draft=chosen, by=world.admin, now=now)
    met, won_by = decided(world, segment="enterprise"), decided(world, segment="Enterprise", winner=rival)
    alone, elsewhere = decided(world, segment="Enterprise"), decided(world, segment="Enterprise", team=world.other_team)
    DealCompetitor.objects.create(programme=world.programme, deal=met, competitor=rival)
    other = decided(world, segment="Public")
    tasks.decide_selections()
    assert [current(deal).rule for deal in (met, won_by, alone, elsewhere, other)] == [
        SelectionRule.EVERY,
        SelectionRule.EVERY,
        SelectionRule.COMPETITOR,
        SelectionRule.TEAM,
        SelectionRule.SEGMENT,
    ]


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_sample_in_the_database_is_the_fixed_list_in_any_order_of_arrival(world, now, order):
    set_rules(programme=world.programme, draft=draft(shares=(Share(40, Outcome.LOST),)), by=world.admin, now=now)
    for identity in random.Random(order).sample(IDENTITIES, len(IDENTITIES)):
        decided(world, source="salesforce", external_id=identity)
        if order == 1:
            tasks.decide_selections()
    tasks.decide_selections()
    chosen = Deal.objects.filter(selection=Selection.CHOSEN).values_list("external_id", flat=True)
    assert sorted(chosen, key=IDENTITIES.index) == SEED_1
    row = current(Deal.objects.get(external_id="D-1"))
    assert (row.share, row.seed, row.stratum_outcome, row.draw < 40) == (40, 1, Outcome.LOST, True)
    assert row.reason == "In the sample: 40 % of lost deals"


def test_only_the_programme_manager_sets_overrules_and_excludes(world, now):
    deal = decided(world)
    tasks.decide_selections()
    for person in (world.manager, world.rep, world.reviewer, world.interviewer, world.other_admin):
        for act in (
            lambda by: set_rules(programme=world.programme, draft=draft(seed=7), by=by, now=now),
            lambda by: overrule(deal=deal, selection=Selection.PASSED_OVER, reason="no", by=by, now=now),
            lambda by: exclude(programme=world.programme, kind="outreach", reason="no", by=by, now=now, deal=deal),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    assert now_of(deal).selection == Selection.CHOSEN
    assert not SelectionRules.objects.exists()


def test_an_overruled_deal_keeps_its_reason_is_counted_and_stays_so_when_the_deal_is_reopened(world, now):
    deal = decided(world)
    tasks.decide_selections()
    with pytest.raises(MissingFact):
        overrule(deal=deal, selection=Selection.PASSED_OVER, reason=" \n", by=world.admin, now=now)
    for _ in range(2):
        overrule(deal=deal, selection=Selection.PASSED_OVER, reason="A lawsuit runs", by=world.admin, now=now)
    said = "Passed over by Programme Manager: A lawsuit runs"
    assert (now_of(deal).selection, now_of(deal).selection_reason) == (Selection.PASSED_OVER, said)
    assert [row.rule for row in selection_queries.decisions_of(deal)] == [SelectionRule.OVERRULED, SelectionRule.EVERY]
    counted = {row.rule: (row.chosen, row.passed_over) for row in selection_queries.counts_by_rule(world.programme)}
    assert counted == {SelectionRule.OVERRULED: (0, 1)}
    assert AuditEntry.objects.filter(action="selection.overruled", actor_id=world.admin.pk).count() == 1
    set_outcome(deal=deal, outcome=Outcome.OPEN, decided_on=None, by=world.manager, now=now)
    assert now_of(deal).selection == Selection.UNDECIDED
    set_outcome(deal=deal, outcome=Outcome.LOST, decided_on=world.today, by=world.manager, now=now)
    assert (now_of(deal).selection, now_of(deal).selection_reason) == (Selection.PASSED_OVER, said)


def test_a_decided_deal_is_not_decided_anew_when_its_facts_change(world, now):
    set_rules(programme=world.programme, draft=draft(minimum_amount=Decimal(5_000)), by=world.admin, now=now)
    deal = decided(world)
    tasks.decide_selections()
    lowered = facts_of(now_of(deal))
    lowered = DealFacts(**vars(lowered) | {"amount": Decimal(1)})
    from debriefs.deals.actions import update_deal

    update_deal(deal=deal, facts=lowered, base_version=1, by=world.manager, now=now)
    tasks.decide_selections()
    assert now_of(deal).selection == Selection.CHOSEN


def test_open_excluded_and_running_deals_are_not_overruled(world, now):
    still_open = decided(world, outcome=Outcome.OPEN, decided_days_ago=None)
    with pytest.raises(NotDecided):
        overrule(deal=still_open, selection=Selection.CHOSEN, reason="yes", by=world.admin, now=now)
    running = decided(world, debrief_state=DebriefState.INVITED)
    with pytest.raises(AlreadyPlanned):
        overrule(deal=running, selection=Selection.PASSED_OVER, reason="no", by=world.admin, now=now)
    left_out = decided(world)
    exclude(programme=world.programme, kind="outreach", reason="x", by=world.admin, now=now, deal=left_out)
    with pytest.raises(NotDecided):
        overrule(deal=left_out, selection=Selection.CHOSEN, reason="yes", by=world.admin, now=now)


def test_an_excluded_company_is_passed_over_now_and_later_until_lifted(world, now):
    company = factories.company(world.programme, "Aldermoor")
    known, running = decided(world, company=company), decided(world, company=company, debrief_state=DebriefState.BOOKED)
    tasks.decide_selections()
    exclusion, going_on = exclude(
        programme=world.programme, kind="outreach", reason="In court", by=world.admin, now=now, company=company
    )
    later, other = decided(world, company=company), decided(world)
    tasks.decide_selections()
    assert going_on == 1
    assert {now_of(deal).selection_reason for deal in (known, later)} == {"Out of outreach: In court"}
    assert [now_of(deal).selection for deal in (running, other)] == [Selection.CHOSEN] * 2
    assert set(scope(world)) == {known, running, later, other}
    for _ in range(2):
        lift_exclusion(exclusion=exclusion, by=world.admin, now=now)
    assert {now_of(deal).selection for deal in (known, later)} == {Selection.CHOSEN}
    assert [entry.action for entry in AuditEntry.objects.filter(subject_kind="exclusion").order_by("pk")] == [
        "selection.excluded",
        "selection.exclusion_lifted",
    ]


def scope(world):
    return scope_of(world.admin, today=world.today, now=world.now).deals


def test_out_of_all_statistics_leaves_the_figures_at_once_and_comes_back(world, now):
    deal, running = (
        decided(world, segment="Public  Sector"),
        decided(world, segment="public sector", debrief_state="held"),
    )
    other = decided(world, segment="Enterprise")
    tasks.decide_selections()
    exclusion, _going_on = exclude(
        programme=world.programme, kind="statistics", reason="Test", by=world.admin, now=now, segment="Public sector"
    )
    assert set(scope(world)) == {other}
    assert current(deal).rule == SelectionRule.NO_STATISTICS
    lift_exclusion(exclusion=exclusion, by=world.admin, now=now)
    assert set(scope(world)) == {deal, running, other}


def test_what_is_lifted_late_is_judged_as_of_its_arrival(world, now):
    deal = decided(world, decided_days_ago=5)
    exclusion, _ = exclude(programme=world.programme, kind="outreach", reason="x", by=world.admin, now=now, deal=deal)
    lift_exclusion(exclusion=exclusion, by=world.admin, now=now + timedelta(days=80))
    assert current(deal).rule == SelectionRule.EVERY


def test_the_database_keeps_one_current_decision_and_no_overrule_without_a_person(world, now):
    deal = decided(world)
    tasks.decide_selections()
    values = {"programme": world.programme, "deal": deal, "selection": "chosen", "reason": "r", "outcome": "lost", "decided_at": now}  # fmt: skip
    for wrong in (
        {"rule": "every"},
        {"rule": "overruled", "is_current": False},
        {"rule": "every", "is_current": False, "share": 3},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SelectionDecision.objects.create(**values | wrong)


def test_a_preview_counts_the_last_two_quarters_by_outcome_and_writes_nothing(world, now):
    first, _end = selection_queries.last_two_quarters(date(2026, 5, 12))
    for outcome, amount in ((Outcome.WON, 10), (Outcome.WON, 90), (Outcome.LOST, 90)):
        decided(world, outcome=outcome, amount=amount, decided_on=first + timedelta(40))
    decided(world, decided_on=first - timedelta(1))
    stored = selection_queries.as_rules(world.programme, None)
    under = type(stored)(**vars(stored) | {"minimum_amount": Decimal(50)})
    shown = selection_queries.preview(world.programme, under, date(2026, 5, 12))
    assert shown.rows[:2] == [(Outcome.WON, 1, 2, 0.5), (Outcome.LOST, 1, 1, 1.0)]
    assert (shown.total, shown.passed_over) == ((2, 3), [("Below the smallest amount", 1)])
    assert set(Deal.objects.values_list("selection", flat=True)) == {Selection.UNDECIDED}


def test_deciding_costs_the_same_queries_for_one_deal_and_for_fifty(world, now, django_assert_max_num_queries):
    for number in (1, 50):
        for _ in range(number):
            decided(world)
        with django_assert_max_num_queries(24):
            assert decide_due(now=now) == number


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_the_same_moment_decide_each_deal_once():
    world = factories.world()
    for _ in range(40):
        decided(world)
    barrier = threading.Barrier(2)

    def tick():
        try:
            barrier.wait()
            decide_due(now=world.now)
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    decide_due(now=world.now)
    assert SelectionDecision.objects.count() == 40
    assert not Deal.objects.filter(selection=Selection.UNDECIDED).exists()


def test_an_exclusion_names_exactly_one_thing_and_says_why(world, now):
    deal = decided(world)
    for wrong in (
        {"reason": "x"},
        {"reason": " ", "deal": deal},
        {"reason": "x", "deal": deal, "segment": "y"},
    ):
        with pytest.raises(MissingFact):
            exclude(programme=world.programme, kind=ExclusionKind.OUTREACH, by=world.admin, now=now, **wrong)


def test_deals_from_before_decisions_were_kept_get_theirs(world, now):
    """What migration 0011 does to deals that say they were chosen or passed over and have no decision to show for it."""
    migration = importlib.import_module("debriefs.deals.migrations.0011_every_decided_deal_says_its_rule")
    fresh, old = (
        decided(world, selection=Selection.CHOSEN),
        decided(world, decided_days_ago=99, selection=Selection.CHOSEN),
    )
    running = decided(world, decided_days_ago=99, selection=Selection.CHOSEN, debrief_state=DebriefState.BOOKED)
    passed = decided(world, selection=Selection.PASSED_OVER, selection_reason="Vor dem Programm")
    invalid = decided(world, outcome=Outcome.INVALID, selection=Selection.PASSED_OVER)
    has_one = decided(world)
    tasks.decide_selections()
    due = decided(world)
    kept = current(has_one).pk
    for _again in range(2):
        with connection.cursor() as cursor:
            cursor.execute(migration.DECISIONS)
    said = {deal: (current(deal).rule, now_of(deal).selection) for deal in (fresh, old, running, passed, invalid)}
    assert list(said.values()) == [
        (SelectionRule.EVERY, Selection.CHOSEN),
        (SelectionRule.BEFORE, Selection.PASSED_OVER),
        (SelectionRule.EVERY, Selection.CHOSEN),
        (SelectionRule.BEFORE, Selection.PASSED_OVER),
        (SelectionRule.INVALID, Selection.PASSED_OVER),
    ]
    assert now_of(passed).selection_reason == current(passed).reason == "Vor dem Programm"
    assert (current(old).decided_at, now_of(old).selection_reason) == (old.created_at, "Before the programme")
    assert current(has_one).pk == kept
    # One that is still to be decided is left to the rules.
    assert not SelectionDecision.objects.filter(deal=due).exists()
