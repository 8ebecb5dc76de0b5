"""Pages of managers and interviewers: who plans, who follows, what is refused, and whose hours hold."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.requests import programme_url
from debriefs.calls import actions, links, permissions
from debriefs.calls.actions import booking
from debriefs.calls.enums import Neutrality, ProspectNoteKind
from debriefs.calls.models import Call, Debrief, InterviewerCalendar, ProspectNote, WeeklyHours
from debriefs.calls.queries import debriefs_visible_to
from debriefs.calls.refusals import WrongOrder
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import Approach, DealParty
from debriefs.deals.refusals import NotNeutral
from debriefs.foundation import clock
from debriefs.foundation.models import AuditEntry, Notice
from debriefs.guides.actions import publish, start_draft
from debriefs.guides.enums import OutcomeGroup
from tests import factories

pytestmark = pytest.mark.django_db

PEOPLE = (
    "admin", "manager", "other_manager", "reviewer", "interviewer", "other_interviewer", "agency_interviewer", "rep",
    "member", "other_member", "other_admin",
)  # fmt: skip


@pytest.fixture
def deal(world):
    made = factories.deal(world.programme, owner=world.rep, team=world.team)
    factories.deal_contact(made)
    return made


@pytest.fixture
def debrief(world, deal):
    made = factories.debrief(
        deal,
        world.interviewer,
        contact_=deal.deal_contacts.get().contact,
        invited_at=world.now,
        planned_by=world.manager,
    )
    links.issue(made, world.now)
    return made


@pytest.fixture
def begun(debrief):
    """The debrief with a call that began ten minutes ago."""
    now = timezone.now()
    call = actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    Call.objects.filter(pk=call.pk).update(
        starts_at=now - timedelta(minutes=10),
        ends_at=now + timedelta(minutes=20),
        blocked=(now - timedelta(minutes=10), now + timedelta(minutes=20)),
    )
    debrief.refresh_from_db()
    return debrief


def plan_url(deal):
    return programme_url(deal.programme, "calls:debrief_plan", deal_id=deal.pk)


def url(debrief, name="debrief_page"):
    return programme_url(debrief.programme, f"calls:{name}", debrief_id=debrief.pk)


def plan_of(world, deal, interviewer, **more):
    return {
        "contact": deal.deal_contacts.get().contact_id,
        "interviewer": interviewer.pk,
        "guide_version": factories.guide_version(world.programme, OutcomeGroup.LOST).pk,
        "minutes": 45,
        "channel": "video",
        "place": "https://meet.example/room",
    } | more


def test_a_manager_plans_and_invites_and_everybody_is_told(world, deal, sign_in):
    world.programme.privacy_notice = "What we hold."
    world.programme.save()
    client = sign_in(world.manager)
    answer = client.post(plan_url(deal), plan_of(world, deal, world.interviewer))
    debrief = Debrief.objects.get()
    assert answer["Location"] == url(debrief)
    assert (debrief.state, debrief.minutes, debrief.neutrality) == ("planned", 45, Neutrality.OTHER_TEAM)
    assert DealParty.objects.get(deal=deal, person=world.interviewer).kind == PartyKind.INTERVIEWER
    assert not Notice.objects.filter(recipient_kind="contact").exists()
    assert "Nothing has gone to the buyer yet" in client.get(url(debrief)).content.decode()
    client.post(url(debrief, "debrief_invite"))
    debrief.refresh_from_db()
    deal.refresh_from_db()
    assert (debrief.state, deal.debrief_state) == ("invited", "invited")
    told = set(Notice.objects.filter(subject_id=debrief.pk).values_list("kind", "recipient_email"))
    assert told == {
        ("debrief_assigned", world.interviewer.user.email),
        ("own_view_wanted", world.rep.user.email),
        ("prospect_invited", debrief.contact.email),
        ("prospect_nudge_1", debrief.contact.email),
        ("prospect_nudge_2", debrief.contact.email),
    }
    assert Approach.objects.filter(debrief_id=debrief.pk, contact=debrief.contact).count() == 1
    acts = AuditEntry.objects.filter(subject_id=debrief.pk).order_by("at", "id").values_list("action", flat=True)
    assert [act for act in acts if act.startswith("debrief.")] == ["debrief.planned", "debrief.invited"]


@pytest.mark.parametrize("who", ["rep", "member"])
def test_who_sold_and_who_sits_in_the_team_is_neither_offered_nor_taken(world, deal, sign_in, who):
    person = getattr(world, who)
    person.membership.roles = [Role.MEMBER, Role.INTERVIEWER]
    person.membership.save()
    client = sign_in(world.manager)
    assert str(person.pk) not in client.get(plan_url(deal)).content.decode()
    answer = client.post(plan_url(deal), plan_of(world, deal, person))
    assert answer.status_code == 422
    assert "https://meet.example/room" in answer.content.decode()
    assert not Debrief.objects.exists()


def test_the_form_offers_interviewers_with_their_level_and_the_guide_with_its_reason(world, deal, sign_in):
    version = factories.guide_version(world.programme, OutcomeGroup.LOST)
    page = sign_in(world.manager).get(plan_url(deal)).content.decode()
    assert "Outside Interviewer: Outside agency" in page
    assert "Neutral Interviewer: Another department" in page
    assert "not fully neutral" in page
    assert f"{version.guide} is proposed because it serves this outcome" in page


def test_who_may_not_plan_is_told_and_who_may_not_know_the_deal_learns_nothing(world, deal, sign_in):
    answers = {who: sign_in(getattr(world, who)).get(plan_url(deal)).status_code for who in PEOPLE}
    assert {who for who, status in answers.items() if status == 200} == {"admin", "manager"}
    assert {who for who, status in answers.items() if status == 403} == {"rep", "member", "reviewer"}
    assert not Debrief.objects.exists()


def test_a_second_approach_within_the_protection_asks_for_a_reason(world, debrief, sign_in):
    world.programme.privacy_notice = "What we hold."
    world.programme.save()
    other = factories.deal(world.programme, owner=world.rep, team=world.team)
    factories.deal_contact(other, debrief.contact)
    client = sign_in(world.manager)
    client.post(url(debrief, "debrief_invite"))
    second = factories.debrief(other, world.interviewer, contact_=debrief.contact, planned_by=world.manager)
    refused = client.post(url(second, "debrief_invite"))
    assert refused.status_code == 422
    assert "Send with this reason" in refused.content.decode()
    assert not Notice.objects.filter(subject_id=second.pk).exists()
    client.post(url(second, "debrief_invite"), {"overruled_reason": "They asked to be asked"})
    assert Notice.objects.filter(subject_id=second.pk, kind="prospect_invited").count() == 1
    assert Approach.objects.get(debrief_id=second.pk).overruled_reason == "They asked to be asked"


def seen_by(world):
    return {who for who in PEOPLE if debriefs_visible_to(getattr(world, who)).exists()}


def test_who_sees_a_debrief_from_plan_to_close(world, debrief):
    assert seen_by(world) == {"admin", "manager", "interviewer"}
    actions.mark_held(debrief=debrief, by=world.interviewer, now=clock.now())
    actions.mark_written_up(debrief=debrief, by=world.interviewer, now=clock.now())
    assert seen_by(world) == {"admin", "manager", "interviewer", "reviewer"}
    Debrief.objects.update(written_up_at=None, written_up_by=None, held_at=None, held_by=None, booked_at=None)
    debrief.refresh_from_db()
    actions.close_debrief(debrief=debrief, reason="The company was sold", by=world.manager, now=clock.now())
    assert seen_by(world) == {"admin", "manager"}


def test_who_sold_the_deal_never_reads_raw_whatever_the_role(world, debrief):
    actions.mark_held(debrief=debrief, by=world.interviewer, now=clock.now())
    actions.mark_written_up(debrief=debrief, by=world.interviewer, now=clock.now())
    debrief.refresh_from_db()
    readers = {who for who in PEOPLE if permissions.can_read_raw(getattr(world, who), debrief)}
    assert readers == {"admin", "interviewer"}
    debrief = actions.take_review(debrief=debrief, by=world.reviewer, now=clock.now())
    readers = {who for who in PEOPLE if permissions.can_read_raw(getattr(world, who), debrief)}
    assert readers == {"admin", "reviewer", "interviewer"}
    for person in (world.admin, world.reviewer):
        DealParty.objects.create(
            programme=world.programme, deal=debrief.deal, person=person, kind=PartyKind.TEAM, joined_at=world.now
        )
    # The interviewer cannot be on our side: the database refuses that (test_neutrality).
    assert {who for who in PEOPLE if permissions.can_read_raw(getattr(world, who), debrief)} == {"interviewer"}


def test_what_the_buyer_wrote_is_for_those_who_did_not_sell(world, debrief, sign_in):
    ProspectNote.objects.create(
        programme=world.programme, debrief=debrief, kind=ProspectNoteKind.NONE_SUIT, text="Only in March, after the audit",
        written_at=world.now,
    )  # fmt: skip
    for person in (world.manager, world.admin, world.interviewer):
        assert "Only in March" in sign_in(person).get(url(debrief)).content.decode()
    DealParty.objects.create(
        programme=world.programme, deal=debrief.deal, person=world.manager, kind=PartyKind.TEAM, joined_at=world.now
    )
    page = sign_in(world.manager).get(url(debrief))
    assert page.status_code == 200
    assert "Only in March" not in page.content.decode()


def test_the_list_counts_by_state_and_survives_nonsense(world, debrief, sign_in):
    client, page = sign_in(world.manager), programme_url(world.programme, "calls:debrief_list")
    company = debrief.deal.company.name
    assert company in client.get(page, {"state": "invited"}).content.decode()
    assert f">{company}<" not in client.get(page, {"state": "held"}).content.decode()
    for nonsense in ({"state": "\x00"}, {"page": "\x00"}, {"page": "-1"}, {"page": "9" * 40}, {"state": "invited'--"}):
        assert company in client.get(page, nonsense).content.decode()
    assert company not in sign_in(world.other_manager).get(page).content.decode()


@pytest.mark.parametrize(("side", "words"), [("buyer", "the buyer did not come"), ("us", "our side did not come")])
def test_a_missed_call_says_who_did_not_come_and_offers_times_again(world, begun, sign_in, side, words):
    client = sign_in(world.interviewer)
    assert "checked" not in client.get(url(begun, "debrief_no_show")).content.decode()
    client.post(url(begun, "debrief_no_show"), {"side": side, "reason": "A train stood still"})
    assert words in client.get(url(begun)).content.decode()
    assert "A train stood still" in sign_in(world.manager).get(url(begun)).content.decode()
    begun.refresh_from_db()
    assert (begun.state, begun.booked_at) == ("invited", None)
    assert booking.open_slots(begun, clock.now())


@pytest.mark.parametrize("side", ["", "nobody", "\x00"])
def test_a_missed_call_without_a_side_is_refused(begun, world, sign_in, side):
    answer = sign_in(world.interviewer).post(url(begun, "debrief_no_show"), {"side": side})
    assert answer.status_code == 422
    assert "Say which side did not come" in answer.content.decode()
    assert not Call.objects.filter(no_show_at__isnull=False).exists()


def test_acts_belong_to_interviewer_and_manager(world, begun, sign_in):
    for who in PEOPLE:
        if who not in ("admin", "manager", "interviewer"):
            client = sign_in(getattr(world, who))
            for act in ("debrief_held", "debrief_no_show", "call_cancel", "debrief_invite"):
                assert client.post(url(begun, act), {"side": "buyer"}).status_code == 404
    begun.refresh_from_db()
    assert begun.state == "booked"
    sign_in(world.interviewer).post(url(begun, "debrief_held"))
    begun.refresh_from_db()
    assert (begun.state, begun.held_by) == ("held", world.interviewer)


def test_closing_needs_a_reason_and_no_booked_call(world, begun, sign_in):
    client = sign_in(world.manager)
    refused = client.post(url(begun, "debrief_close"), {"reason": "They merged"})
    assert (refused.status_code, "Cancel it first" in refused.content.decode()) == (422, True)
    assert client.post(url(begun, "call_cancel"), {"reason": " "}).status_code == 422
    assert Call.objects.get().cancelled_at is None
    client.post(url(begun, "call_cancel"), {"reason": "The buyer is ill"})
    assert client.post(url(begun, "debrief_close"), {"reason": " "}).status_code == 422
    client.post(url(begun, "debrief_close"), {"reason": "They merged"})
    begun.refresh_from_db()
    assert (begun.state, begun.closed_reason, begun.closed_by) == ("closed", "They merged", world.manager)
    assert "They merged" in client.get(url(begun)).content.decode()


def test_another_interviewer_before_the_booking_only(world, debrief):
    actions.reassign(debrief=debrief, interviewer=world.agency_interviewer, by=world.manager, now=clock.now())
    debrief.refresh_from_db()
    assert (debrief.interviewer, debrief.neutrality) == (world.agency_interviewer, Neutrality.AGENCY)
    assert DealParty.objects.get(deal=debrief.deal, person=world.interviewer).ended_at is not None
    assert Notice.objects.get(kind="debrief_assigned").recipient_email == world.agency_interviewer.user.email
    with pytest.raises(NotNeutral):
        actions.reassign(debrief=debrief, interviewer=world.member, by=world.manager, now=clock.now())


def hours(**more):
    return {
        "buffer_before_minutes": 5, "buffer_after_minutes": 10, "minimum_notice_hours": 48, "most_calls_a_day": 2,
        "day_0_from": "10:00", "day_0_until": "12:00",
    } | more  # fmt: skip


def test_an_interviewers_hours_are_what_the_buyer_is_offered(world, debrief, sign_in):
    page = programme_url(world.programme, "calls:availability")
    sign_in(world.interviewer).post(page, hours())
    calendar = InterviewerCalendar.objects.get(user=world.interviewer.user)
    assert (calendar.buffer_after_minutes, calendar.most_calls_a_day) == (10, 2)
    assert [(h.weekday, h.starts, h.ends) for h in WeeklyHours.objects.all()] == [(0, time(10), time(12))]
    local = [timezone.localtime(slot, ZoneInfo("Europe/Oslo")) for slot in booking.open_slots(debrief, clock.now())]
    assert local
    assert {slot.weekday() for slot in local} == {0}
    assert all(time(10) <= slot.time() and slot.time() <= time(11, 30) for slot in local)
    assert min(local) - timezone.now() > timedelta(hours=47)


@pytest.mark.parametrize(
    "wrong", [{"day_0_until": "09:00"}, {"day_0_until": ""}, {"most_calls_a_day": "0"}, {"day_3_from": "\x00"}]
)
def test_hours_that_make_no_sense_are_kept_on_the_page_and_not_saved(world, sign_in, wrong):
    answer = sign_in(world.interviewer).post(programme_url(world.programme, "calls:availability"), hours(**wrong))
    assert answer.status_code == 422
    assert 'value="10:00"' in answer.content.decode()
    assert not WeeklyHours.objects.exists()


def test_who_does_not_interview_has_no_hours(world, sign_in):
    page = programme_url(world.programme, "calls:availability")
    assert sign_in(world.member).post(page, hours()).status_code == 404
    assert not WeeklyHours.objects.exists()


def test_a_planned_debrief_takes_a_newer_version_of_its_guide_only_by_an_act_and_before_the_call(world, sign_in):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    debrief = factories.debrief(deal, world.interviewer)
    first = debrief.guide_version
    page = programme_url(world.programme, "calls:debrief_page", debrief_id=debrief.pk)
    client = sign_in(world.manager)
    assert "Take version" not in client.get(page).content.decode()
    draft = start_draft(version=first, by=world.admin, now=clock.now())
    second = publish(version=draft, by=world.admin, now=clock.now(), note="Shorter")
    assert "Take version 2" in client.get(page).content.decode()
    debrief.refresh_from_db()
    assert debrief.guide_version == first
    take = programme_url(world.programme, "calls:debrief_newer_guide", debrief_id=debrief.pk)
    assert sign_in(world.interviewer).post(take).status_code == 403
    client.post(take)
    debrief.refresh_from_db()
    assert debrief.guide_version == second
    entry = AuditEntry.objects.get(action="debrief.guide_version_changed")
    assert (entry.detail["from"], entry.detail["to"]) == (1, 2)
    for version in (
        first,
        factories.guide_version(world.programme),
        start_draft(version=second, by=world.admin, now=clock.now()),
    ):
        with pytest.raises(WrongOrder, match="no newer version"):
            actions.take_newer_version(debrief=debrief, version=version, by=world.manager, now=clock.now())
    third = publish(version=second.guide.versions.get(number=3), by=world.admin, now=clock.now(), note="Shorter still")
    actions.mark_held(debrief=debrief, by=world.interviewer, now=clock.now())
    with pytest.raises(WrongOrder, match="has begun"):
        actions.take_newer_version(debrief=debrief, version=third, by=world.manager, now=clock.now())
    assert "Take version" not in client.get(page).content.decode()
