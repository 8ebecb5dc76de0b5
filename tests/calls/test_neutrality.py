"""Whoever sells a deal never interviews its buyer: not later, not at the same moment, not by a row written past the actions."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from debriefs.calls import actions
from debriefs.calls.actions import booking
from debriefs.calls.models import Call, Debrief
from debriefs.calls.refusals import WrongOrder
from debriefs.deals import interviewing
from debriefs.deals.actions import join_deal_team, set_owner
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import Deal, DealParty
from debriefs.deals.refusals import NotNeutral
from debriefs.foundation import clock, outbox
from debriefs.foundation.database_role import as_owner
from debriefs.foundation.models import Notice
from debriefs.guides.enums import OutcomeGroup
from tests import factories

KEY = "calls_debrief_interviewer_is_no_seller"


@pytest.fixture
def deal(world):
    type(world.programme).objects.filter(pk=world.programme.pk).update(privacy_notice="Notice.")
    return factories.deal(world.programme, owner=world.rep, team=world.team)


@pytest.fixture
def planned(world, deal):
    return plan(world, deal, factories.deal_contact(deal), factories.guide_version(world.programme, OutcomeGroup.LOST))


def plan(world, deal, part, version, interviewer=None):
    return actions.plan_debrief(
        deal=deal,
        contact=part.contact,
        interviewer=interviewer or world.interviewer,
        guide_version=version,
        minutes=30,
        by=world.manager,
        now=clock.now(),
    )


def booked(debrief, world):
    actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    debrief.refresh_from_db()
    now = clock.now()
    return actions.book(debrief=debrief, starts_at=booking.open_slots(debrief, now)[0], time_zone="UTC", now=now)


def together(*acts):
    """Runs the acts in threads that start together; what each returned or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number):
        try:
            barrier.wait()
            results[number] = acts[number]()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return results


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["team", "owner"])
def test_an_interviewer_who_changes_sides_stops_the_debrief_and_the_manager_is_told(world, deal, planned, how, smtp):
    call = booked(planned, world)
    if how == "team":
        join_deal_team(deal=deal, person=world.interviewer, part="Pre-sales", by=world.manager, now=clock.now())
    else:
        set_owner(deal=deal, person=world.interviewer, by=world.admin, now=clock.now())
    planned.refresh_from_db()
    call.refresh_from_db()
    assert (planned.state, planned.interviewer_ended_at is None, planned.paused_at is None) == ("invited", False, False)
    assert "joined our side" in planned.pause_reason
    assert call.cancelled_at is not None
    assert Deal.objects.get(pk=deal.pk).debrief_state == "invited"
    assert booking.open_slots(planned, clock.now()) == []
    told = Notice.objects.get(kind="debrief_stopped")
    assert told.recipient_id == world.manager.pk
    assert not Notice.objects.filter(kind__in=("prospect_invited", "prospect_nudge_1"), state="queued").exists()
    outbox.drain()
    assert any("needs another interviewer" in str(mail["Subject"]) for mail in smtp.mails)


@pytest.mark.django_db
def test_a_stopped_debrief_goes_on_with_another_interviewer_and_not_by_itself(world, deal, planned):
    actions.send_invitation(debrief=planned, by=world.manager, now=clock.now())
    join_deal_team(deal=deal, person=world.interviewer, part="", by=world.manager, now=clock.now())
    with pytest.raises(WrongOrder, match="no interviewer"):
        actions.resume(debrief=planned, by=world.manager, now=clock.now())
    with pytest.raises(WrongOrder, match="no interviewer"):
        actions.mark_held(debrief=planned, by=world.manager, now=clock.now())
    planned.refresh_from_db()
    with pytest.raises(NotNeutral):
        actions.reassign(debrief=planned, interviewer=world.interviewer, by=world.manager, now=clock.now())
    again = actions.reassign(
        debrief=planned, interviewer=world.agency_interviewer, by=world.manager, now=clock.now(), reason="Changed sides"
    )
    assert (again.interviewer, again.neutrality, again.paused_at) == (world.agency_interviewer, "agency", None)
    assert booking.open_slots(again, clock.now())
    # The invitation that waited is owed again, once.
    assert Notice.objects.filter(kind="prospect_invited", state="queued").count() == 1


@pytest.mark.django_db
def test_who_has_heard_a_second_contact_is_refused_though_the_first_was_never_asked(world, deal, planned):
    second = plan(world, deal, factories.deal_contact(deal), planned.guide_version, world.agency_interviewer)
    actions.mark_held(debrief=second, by=world.agency_interviewer, now=clock.now())
    assert not second.is_primary
    with pytest.raises(NotNeutral, match="has interviewed the buyer"):
        join_deal_team(deal=deal, person=world.agency_interviewer, part="", by=world.manager, now=clock.now())
    assert DealParty.objects.get(deal=deal, person=world.agency_interviewer).kind == PartyKind.INTERVIEWER


@pytest.mark.django_db
def test_the_database_refuses_a_seller_as_interviewer_whoever_writes_the_row(world, deal, planned):
    with pytest.raises(IntegrityError, match=KEY), transaction.atomic():
        Debrief.objects.filter(pk=planned.pk).update(interviewer=world.rep)
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {KEY} IMMEDIATE")
    with pytest.raises(IntegrityError, match=KEY), transaction.atomic():
        DealParty.objects.filter(deal=deal, person=world.interviewer).update(kind=PartyKind.TEAM)
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {KEY} IMMEDIATE")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["plan", "reassign", "hold", "own"])
def test_at_the_same_moment_nobody_is_both(act):
    """Whoever is second gets a sentence or a stopped debrief; never a crash, never a seller who interviews."""
    world = factories.world()
    version = factories.guide_version(world.programme, OutcomeGroup.LOST)
    for _round in range(6):
        deal = factories.deal(world.programme, owner=world.rep, team=world.team)
        part = factories.deal_contact(deal)
        who = world.interviewer if act != "reassign" else world.agency_interviewer
        debrief = None if act == "plan" else plan(world, deal, part, version)

        def first(deal=deal, part=part, debrief=debrief):
            if act == "reassign":
                return actions.reassign(
                    debrief=debrief, interviewer=world.agency_interviewer, by=world.manager, now=clock.now()
                )
            if act == "hold":
                return actions.mark_held(debrief=debrief, by=world.interviewer, now=clock.now())
            return plan(world, deal, part, version) if act == "plan" else None

        def second(deal=deal, who=who):
            if act == "own":
                return set_owner(deal=deal, person=who, by=world.admin, now=clock.now())
            return join_deal_team(deal=deal, person=who, part="", by=world.manager, now=clock.now())

        results = together(first, second)
        assert all(not isinstance(one, Exception) or isinstance(one, (NotNeutral, WrongOrder)) for one in results), (
            results
        )
        assert not sellers_who_interview(), results


@pytest.mark.django_db(transaction=True)
def test_without_key_and_listener_the_same_race_makes_a_seller_interview(monkeypatch):
    """The control: what the two protections are for."""
    world = factories.world()
    version = factories.guide_version(world.programme, OutcomeGroup.LOST)
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    part = factories.deal_contact(deal)
    monkeypatch.setattr(interviewing, "_stops", [])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE calls_debrief DROP CONSTRAINT {KEY}")
    try:
        plan(world, deal, part, version)
        join_deal_team(deal=deal, person=world.interviewer, part="", by=world.manager, now=clock.now())
        assert sellers_who_interview()
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE calls_debrief CASCADE")
            cursor.execute(
                f"ALTER TABLE calls_debrief ADD CONSTRAINT {KEY} FOREIGN KEY (deal_id, interviewer_id, interviewer_part) "
                "REFERENCES deals_dealparty (deal_id, person_id, kind) DEFERRABLE INITIALLY DEFERRED"
            )


def sellers_who_interview():
    standing = Debrief.objects.filter(closed_at__isnull=True, interviewer_ended_at__isnull=True)
    return [
        one
        for one in standing
        if DealParty.objects.filter(deal=one.deal_id, person=one.interviewer_id)
        .exclude(kind=PartyKind.INTERVIEWER)
        .exists()
    ]


@pytest.mark.django_db
def test_a_booked_call_is_handed_over_with_a_cancellation_an_invitation_and_an_update(world, planned, smtp):
    call = booked(planned, world)
    outbox.drain()
    planned.refresh_from_db()
    actions.reassign(debrief=planned, interviewer=world.agency_interviewer, by=world.manager, now=clock.now())
    call.refresh_from_db()
    assert (call.interviewer, call.interviewer_user, call.ics_sequence) == (
        world.agency_interviewer,
        world.agency_interviewer.user,
        1,
    )
    owed = {
        (notice.kind, notice.recipient_id)
        for notice in Notice.objects.filter(state="queued", context__sequence=1).exclude(
            kind__startswith="call_reminder"
        )
    }
    assert owed == {
        ("call_moved", planned.contact_id),
        ("call_moved", world.agency_interviewer.pk),
        ("call_handed_over", world.interviewer.pk),
        ("briefing_ready", world.agency_interviewer.pk),
    }
    smtp.mails.clear()
    outbox.drain()
    methods = {}
    for mail in smtp.mails:
        for piece in mail.walk():
            if piece.get_content_type() == "text/calendar":
                methods[mail["To"].addresses[0].addr_spec] = (
                    piece.get_param("method"),
                    call.ics_uid in piece.get_content(),
                )
    assert methods[world.interviewer.user.email] == ("CANCEL", True)
    assert methods[world.agency_interviewer.user.email] == ("REQUEST", True)
    assert methods[planned.contact.email] == ("REQUEST", True)


@pytest.mark.django_db
def test_a_call_is_not_handed_to_somebody_who_has_another_one(world, planned):
    from debriefs.calls.refusals import SlotTaken

    call = booked(planned, world)
    elsewhere = factories.debrief(
        factories.deal(world.other_programme),
        factories.person(world.other_programme, "interviewer", user=world.agency_interviewer.user),
        invited_at=world.now,
    )
    booking._insert(elsewhere, call.starts_at + timedelta(minutes=10), "UTC", clock.now())
    planned.refresh_from_db()
    with transaction.atomic(), pytest.raises(SlotTaken):
        actions.reassign(debrief=planned, interviewer=world.agency_interviewer, by=world.manager, now=clock.now())
    assert Call.objects.get(pk=call.pk).interviewer == world.interviewer
    assert Debrief.objects.get(pk=planned.pk).interviewer == world.interviewer
