"""Facts of a deal: typed, changed with history, never over somebody else's change."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import Http404

from debriefs.codebook.actions import install_starter_codebook
from debriefs.deals import queries
from debriefs.deals.actions import DealFacts, add_note, create_deal, set_outcome, update_deal
from debriefs.deals.actions.facts import facts_of
from debriefs.deals.enums import Outcome, PartyKind, Selection, WithdrawnBy
from debriefs.deals.models import Company, Deal
from debriefs.deals.refusals import DealIsStale, MissingFact
from tests import factories

pytestmark = pytest.mark.django_db


def facts(world, **changes):
    values = DealFacts(
        name="Rota planning",
        company="Aldermoor Clinics",
        team=world.team,
        owner=world.rep,
        offering="Shift planner",
        amount=Decimal("184000"),
        outcome=Outcome.LOST,
        decided_on=world.today - timedelta(days=4),
        competitors=("Plenara", "Tamsill"),
        winner="Plenara",
        crm_reason="Price",
    )
    return replace(values, **changes)


def test_a_typed_deal_has_owner_names_search_and_selection(world, now):
    install_starter_codebook(programme=world.programme)
    deal = create_deal(programme=world.programme, facts=facts(world), by=world.manager, now=now)
    deal = Deal.objects.get(pk=deal.pk)
    assert deal.parties.get().kind == PartyKind.OWNER
    assert (deal.company.name, deal.offering.name, deal.winner.name) == (
        "Aldermoor Clinics",
        "Shift planner",
        "Plenara",
    )
    assert sorted(deal.competitors.values_list("name", flat=True)) == ["Plenara", "Tamsill"]
    assert deal.search_text == "Rota planning Aldermoor Clinics Shift planner"
    assert deal.currency == world.programme.currency
    assert deal.own_reason_category.key == "price"
    assert (deal.selection, deal.selection_reason) == (Selection.CHOSEN, "Every decided deal is chosen")


def test_the_same_company_differently_spelt_is_one(world, now):
    for name in ("Aldermoor Clinics", " aldermoor  CLINICS "):
        create_deal(programme=world.programme, facts=facts(world, company=name), by=world.manager, now=now)
    assert Company.objects.filter(programme=world.programme).count() == 1


def test_an_old_decision_is_passed_over_as_before_the_programme(world, now):
    old = world.today - timedelta(days=world.programme.overdue_after_days + 2)
    deal = create_deal(programme=world.programme, facts=facts(world, decided_on=old), by=world.manager, now=now)
    assert deal.selection == Selection.PASSED_OVER
    assert deal.selection_reason.startswith("Before the programme")


def test_a_decided_deal_needs_its_day_and_not_one_to_come(world, now):
    with pytest.raises(MissingFact, match="needs the day"):
        create_deal(programme=world.programme, facts=facts(world, decided_on=None), by=world.manager, now=now)
    with pytest.raises(MissingFact, match="in the future"):
        create_deal(
            programme=world.programme,
            facts=facts(world, decided_on=world.today + timedelta(days=2)),
            by=world.manager,
            now=now,
        )
    assert not Deal.objects.exists()


def test_every_changed_field_leaves_who_when_from_and_to(world, now):
    deal = create_deal(programme=world.programme, facts=facts(world), by=world.manager, now=now)
    later = now + timedelta(minutes=5)
    changed = facts(world, amount=Decimal("96000"), owner=world.member, competitors=("Tamsill",), winner="Tamsill")
    updated = update_deal(deal=deal, facts=changed, base_version=1, by=world.admin, now=later)
    assert updated.version == 2
    rows = {row.field: (row.before, row.after, row.by, row.at) for row in queries.changes_of(deal)}
    assert rows == {
        "amount": ("184000.00", "96000.00", world.admin, later),
        "owner": ("Selling Person", "Team Member", world.admin, later),
        "competitors": ("Plenara; Tamsill", "Tamsill", world.admin, later),
        "winner": ("Plenara", "Tamsill", world.admin, later),
    }
    assert deal.parties.get(kind=PartyKind.OWNER, ended_at__isnull=True).person == world.member


def test_saving_the_same_facts_changes_nothing(world, now):
    deal = create_deal(programme=world.programme, facts=facts(world), by=world.manager, now=now)
    deal = Deal.objects.get(pk=deal.pk)
    update_deal(deal=deal, facts=facts_of(deal), base_version=1, by=world.manager, now=now + timedelta(days=1))
    kept = Deal.objects.get(pk=deal.pk)
    assert (kept.version, kept.updated_at) == (1, deal.updated_at)
    assert not kept.changes.exists()


def test_a_form_opened_before_somebody_elses_change_does_not_overwrite_it(world, now):
    deal = create_deal(programme=world.programme, facts=facts(world), by=world.manager, now=now)
    update_deal(deal=deal, facts=facts(world, name="First"), base_version=1, by=world.manager, now=now)
    with pytest.raises(DealIsStale) as refusal:
        update_deal(deal=deal, facts=facts(world, name="Second"), base_version=1, by=world.admin, now=now)
    assert refusal.value.current.name == "First"
    assert Deal.objects.get(pk=deal.pk).name == "First"


def test_an_outcome_that_arrives_later_is_chosen_by_rule_and_an_invalid_one_passed_over(world, now):
    deal = create_deal(
        programme=world.programme,
        facts=facts(world, outcome=Outcome.OPEN, decided_on=None),
        by=world.manager,
        now=now,
    )
    assert deal.selection == Selection.UNDECIDED
    deal = set_outcome(
        deal=deal,
        outcome=Outcome.WITHDRAWN,
        withdrawn_by=WithdrawnBy.BUYER,
        decided_on=world.today,
        by=world.manager,
        now=now,
    )
    assert (deal.selection, deal.outcome_group) == (Selection.CHOSEN, "withdrawn_buyer")
    deal = set_outcome(deal=deal, outcome=Outcome.INVALID, decided_on=world.today, by=world.admin, now=now)
    assert (deal.selection, deal.withdrawn_by) == (Selection.PASSED_OVER, "")


def test_a_note_is_dated_and_signed(world, now):
    deal = create_deal(programme=world.programme, facts=facts(world), by=world.manager, now=now)
    add_note(deal=deal, text="CFO never saw the sheet.", written_on=world.today, by=world.rep, now=now)
    note = deal.notes.get()
    assert (note.author, note.written_on, note.text) == (world.rep, world.today, "CFO never saw the sheet.")


def test_who_may_know_of_a_deal(world, now):
    north = factories.deal(world.programme, owner=world.rep, team=world.team)
    nobody = factories.deal(world.programme)
    seen = {
        "admin": {north, nobody},
        "reviewer": {north, nobody},
        "manager": {north},
        "rep": {north},
        "member": {north},
        "other_manager": set(),
        "other_member": set(),
        "interviewer": set(),
        "other_admin": set(),
    }
    for name, expected in seen.items():
        assert set(queries.deals_visible_to(getattr(world, name))) == expected, name


def test_the_owner_sees_a_deal_without_team_and_no_longer_after_leaving_it(world, now):
    deal = create_deal(programme=world.programme, facts=facts(world, team=None), by=world.admin, now=now)
    assert queries.deal_visible_to(world.rep, deal.pk) == deal
    update_deal(deal=deal, facts=facts(world, team=None, owner=None), base_version=1, by=world.admin, now=now)
    with pytest.raises(Http404):
        queries.deal_visible_to(world.rep, deal.pk)
