"""Nobody can be both on our side of a deal and its interviewer, now or earlier, however fast two people act."""

import threading

import pytest
from django.db import connection

from accounts.enums import Role
from debriefs.deals import permissions
from debriefs.deals.actions import assign_interviewer, end_interviewer, join_deal_team, leave_deal_team, set_owner
from debriefs.deals.actions.reports import mark_debrief_state
from debriefs.deals.enums import DebriefState, PartyKind
from debriefs.deals.models import Deal, DealChange, DealParty
from debriefs.deals.refusals import NotNeutral
from debriefs.foundation.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(world):
    return factories.deal(world.programme, owner=world.rep, team=world.team)


def test_an_interviewer_is_assigned_once_however_often_it_is_said(world, deal, now):
    for _ in range(2):
        party = assign_interviewer(deal=deal, person=world.interviewer, by=world.manager, now=now)
    assert party.kind == PartyKind.INTERVIEWER
    assert DealParty.objects.filter(deal=deal, person=world.interviewer).count() == 1
    entry = AuditEntry.objects.filter(action="deal.interviewer_assigned").latest("id")
    assert (entry.subject_id, entry.actor_id) == (deal.pk, world.manager.pk)


def test_the_owner_cannot_interview_not_even_after_losing_the_deal(world, deal, now):
    with pytest.raises(NotNeutral, match="Selling Person is or was on our side"):
        assign_interviewer(deal=deal, person=world.rep, by=world.manager, now=now)
    set_owner(deal=deal, person=world.member, by=world.admin, now=now)
    with pytest.raises(NotNeutral):
        assign_interviewer(deal=deal, person=world.rep, by=world.manager, now=now)
    assert not DealParty.objects.filter(deal=deal, kind=PartyKind.INTERVIEWER).exists()


def test_who_left_the_deal_team_still_cannot_interview(world, deal, now):
    join_deal_team(deal=deal, person=world.interviewer, part="Pre-sales", by=world.manager, now=now)
    leave_deal_team(deal=deal, person=world.interviewer, by=world.manager, now=now)
    party = DealParty.objects.get(deal=deal, person=world.interviewer)
    assert (party.kind, party.part, party.ended_at) == (PartyKind.TEAM, "Pre-sales", now)
    with pytest.raises(NotNeutral):
        assign_interviewer(deal=deal, person=world.interviewer, by=world.manager, now=now)
    assert permissions.is_on_our_side(world.interviewer, deal)


def test_an_interviewer_who_joins_the_deal_team_is_its_interviewer_no_more(world, deal, now):
    assign_interviewer(deal=deal, person=world.interviewer, by=world.manager, now=now)
    party = join_deal_team(deal=deal, person=world.interviewer, part="Pre-sales", by=world.manager, now=now)
    assert (party.kind, party.part) == (PartyKind.TEAM, "Pre-sales")


def test_who_has_heard_the_buyer_never_changes_sides(world, deal, now):
    assign_interviewer(deal=deal, person=world.interviewer, by=world.manager, now=now)
    mark_debrief_state(deal=deal, state=DebriefState.HELD, now=now)
    end_interviewer(deal=deal, person=world.interviewer, by=world.manager, now=now)
    with pytest.raises(NotNeutral, match="has interviewed the buyer"):
        join_deal_team(deal=deal, person=world.interviewer, part="", by=world.manager, now=now)
    with pytest.raises(NotNeutral):
        set_owner(deal=Deal.objects.get(pk=deal.pk), person=world.interviewer, by=world.manager, now=now)
    assert Deal.objects.get(pk=deal.pk).owner == world.rep
    assert DealParty.objects.get(deal=deal, person=world.rep).ended_at is None


def test_a_former_interviewer_who_never_met_the_buyer_may_join(world, deal, now):
    assign_interviewer(deal=deal, person=world.interviewer, by=world.manager, now=now)
    end_interviewer(deal=deal, person=world.interviewer, by=world.manager, now=now)
    party = join_deal_team(deal=deal, person=world.interviewer, part="", by=world.manager, now=now)
    assert (party.kind, party.ended_at) == (PartyKind.TEAM, None)


def test_a_namesake_of_an_owner_known_only_by_name_is_refused_until_somebody_says_who_it_is(world, deal, now):
    by_name = factories.person(world.programme, name="  neutral   INTERVIEWER")
    set_owner(deal=deal, person=by_name, by=world.admin, now=now)
    with pytest.raises(NotNeutral, match="The CRM names a Neutral Interviewer"):
        assign_interviewer(deal=deal, person=world.interviewer, by=world.manager, now=now)


def test_there_is_one_live_owner_and_the_history_keeps_the_others(world, deal, now):
    set_owner(deal=deal, person=world.member, by=world.admin, now=now)
    set_owner(deal=deal, person=world.rep, by=world.admin, now=now)
    set_owner(deal=deal, person=world.rep, by=world.admin, now=now)
    live = DealParty.objects.filter(deal=deal, kind=PartyKind.OWNER, ended_at__isnull=True)
    assert [party.person for party in live] == [world.rep]
    assert list(deal.changes.order_by("id").values_list("field", "before", "after")) == [
        ("owner", "Selling Person", "Team Member"),
        ("owner", "Team Member", "Selling Person"),
    ]
    assert permissions.is_on_our_side(world.member, deal)
    assert not permissions.is_live_party(world.member, deal)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
def test_who_may_schedule(world, deal, role):
    right = {Role.ADMIN: world.admin, Role.MANAGER: world.manager}[role]
    wrong = {Role.ADMIN: world.other_admin, Role.MANAGER: world.other_manager}[role]
    assert permissions.can_schedule(right, deal)
    assert not permissions.can_schedule(wrong, deal)
    for person in (world.rep, world.member, world.reviewer, world.interviewer):
        assert not permissions.can_schedule(person, deal)


def test_who_sees_the_sales_record(world, deal):
    seeing = [world.admin, world.manager, world.reviewer, world.rep]
    blind = [world.member, world.other_member, world.other_manager, world.interviewer, world.other_admin]
    assert all(permissions.has_record_access(person, deal) for person in seeing)
    assert not any(permissions.has_record_access(person, deal) for person in blind)


@pytest.mark.django_db(transaction=True)
def test_assigning_and_joining_at_the_same_moment_cannot_both_win():
    """Whoever is second: an interviewer who joins changes sides, a seller is refused as interviewer. Never both."""
    world = factories.world()
    outcomes = []
    for _ in range(8):
        deal = factories.deal(world.programme, owner=world.rep, team=world.team)
        barrier = threading.Barrier(2)
        results: dict[str, object] = {}

        def act(name, call, barrier=barrier, results=results):
            try:
                barrier.wait()
                call()
                results[name] = "done"
            except NotNeutral:
                results[name] = "refused"
            finally:
                connection.close()

        def assign(deal=deal):
            assign_interviewer(deal=deal, person=world.interviewer, by=world.manager, now=world.now)

        def join(deal=deal):
            join_deal_team(deal=deal, person=world.interviewer, part="", by=world.manager, now=world.now)

        threads = [threading.Thread(target=act, args=args) for args in (("assign", assign), ("join", join))]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert results["join"] == "done", results
        parts = DealParty.objects.filter(deal=deal, person=world.interviewer)
        assert list(parts.values_list("kind", flat=True)) == [PartyKind.TEAM]
        outcomes.append(results["assign"])


def test_the_history_says_who_was_ever_on_the_deal_team(world, deal, now):
    for part in ("Pre-sales", "Delivery", "Delivery"):
        join_deal_team(deal=deal, person=world.member, part=part, by=world.manager, now=now)
    leave_deal_team(deal=deal, person=world.member, by=world.admin, now=now)
    leave_deal_team(deal=deal, person=world.member, by=world.admin, now=now)
    join_deal_team(deal=deal, person=world.member, part="", by=world.manager, now=now)
    name = world.member.name
    lines = DealChange.objects.filter(deal=deal, field="people").order_by("pk")
    assert list(lines.values_list("by__name", "before", "after")) == [
        (world.manager.name, "", f"{name}, Pre-sales"),
        (world.manager.name, f"{name}, Pre-sales", f"{name}, Delivery"),
        (world.admin.name, f"{name}, Delivery", ""),
        (world.manager.name, "", f"{name}, Deal team"),
    ]
