"""Pages of planning: suggestions with reasons, several deals at once, the board, the week, acts with their reasons."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.requests import programme_url
from debriefs.calls import actions, board, links
from debriefs.calls.actions import booking
from debriefs.calls.forms import FrameFields
from debriefs.calls.models import AvailabilityException, Debrief, InterviewerCalendar
from debriefs.calls.suggestions import suggested
from debriefs.deals.models import Deal
from debriefs.foundation import clock
from debriefs.foundation.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db


def page(world, name, **kwargs):
    return programme_url(world.programme, f"calls:{name}", **kwargs)


@pytest.fixture
def decided(world):
    factories.guide_version(world.programme, "lost")

    def make():
        deal = factories.deal(world.programme, owner=world.rep, team=world.team)
        factories.deal_contact(deal)
        return deal

    return make


def test_interviewers_are_suggested_with_reasons_and_sellers_refused_with_one(world, decided):
    deal = decided()
    InterviewerCalendar.objects.create(user=world.other_interviewer.user, languages=["de"])
    today = world.today
    AvailabilityException.objects.create(
        user=world.agency_interviewer.user, kind="away", starts_on=today, ends_on=today + timedelta(days=60)
    )
    found = {one.person: one for one in suggested(deal, language="en", minutes=30, now=clock.now())}
    assert found[world.interviewer].pros[0] == "Another department"
    assert "Does not interview in the contact’s language: English" in found[world.other_interviewer].cons
    assert "No free time in three weeks" in found[world.agency_interviewer].cons
    assert "not fully neutral" in found[world.manager].cons[0]
    assert next(iter(found)) == world.interviewer
    factories.DealParty.objects.create(
        programme=world.programme, deal=deal, person=world.interviewer, kind="team", joined_at=world.now
    )
    again = {one.person: one for one in suggested(deal, language="en", minutes=30, now=clock.now())}
    assert "on its team" in again[world.interviewer].refused


def test_suggestions_cost_the_same_however_many_people_interview(world, decided):
    deal = decided()

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            suggested(deal, language="en", minutes=30, now=world.now)
        return len(seen)

    before = queries()
    for _one in range(3):
        factories.person(world.programme, "interviewer")
    assert queries() == before


def posted(deals, world, **changed):
    data = {"deal": [str(deal.pk) for deal in deals]}
    version = Debrief._meta.get_field("guide_version").related_model.objects.get()
    for deal in deals:
        name = deal.pk.hex[:12]
        data |= {
            f"{name}-contact": str(deal.deal_contacts.get().contact_id),
            f"{name}-interviewer": str(world.interviewer.pk),
            f"{name}-guide_version": str(version.pk),
            f"{name}-minutes": "30",
            f"{name}-channel": "video",
        }
    return data | changed


def test_several_deals_are_planned_from_one_page_all_or_none(world, decided, sign_in):
    deals = [decided() for _one in range(3)]
    client = sign_in(world.manager)
    shown = client.get(page(world, "plan_several"), {"deal": [deal.pk for deal in deals]}).content.decode()
    assert shown.count('<fieldset class="section"') == 3
    Deal.objects.filter(pk=deals[2].pk).update(selection="passed_over", selection_reason="Outside the sample")
    refused = client.post(page(world, "plan_several"), posted(deals, world))
    assert (refused.status_code, Debrief.objects.count()) == (422, 0)
    assert "Outside the sample" in refused.content.decode()
    missing = client.post(page(world, "plan_several"), posted(deals, world, **{f"{deals[0].pk.hex[:12]}-minutes": ""}))
    assert (missing.status_code, Debrief.objects.count()) == (422, 0)
    client.post(page(world, "plan_several"), posted(deals[:2], world))
    assert set(Debrief.objects.values_list("deal", flat=True)) == {deals[0].pk, deals[1].pk}
    assert sign_in(world.other_manager).get(page(world, "plan_several"), {"deal": [deals[2].pk]}).status_code == 404


def test_each_of_several_deals_has_the_whole_frame_of_a_debrief(world, decided, sign_in):
    """The same fields as for one deal; what was typed stands open again when something else is missing."""
    deals = [decided() for _one in range(2)]
    one, other = (deal.pk.hex[:12] for deal in deals)
    client, address = sign_in(world.manager), page(world, "plan_several")
    shown = client.get(address, {"deal": [deal.pk for deal in deals]}).content.decode()
    for name in FrameFields.base_fields:
        assert all(f'name="{prefix}-{name}"' in shown for prefix in (one, other))
    assert shown.count('<details class="fold"><summary>') == 2
    typed = posted(
        deals, world, **{
            f"{one}-channel": "phone", f"{one}-place": "+44 20 7946 0000",
            f"{other}-not_before_on": "2030-01-31", f"{other}-not_after_on": "2030-01-01",
        },
    )  # fmt: skip
    refused = client.post(address, typed)
    said = refused.content.decode()
    assert (refused.status_code, Debrief.objects.count()) == (422, 0)
    assert "The last day is the first day or later." in said and "+44 20 7946 0000" in said
    assert said.count('<details class="fold" open>') == 2
    assert client.post(address, typed | {f"{other}-not_after_on": "2030-02-28"}).status_code == 302
    made = {debrief.deal_id: debrief for debrief in Debrief.objects.all()}
    first, second = made[deals[0].pk], made[deals[1].pk]
    assert (first.channel, first.place, first.not_after_on) == ("phone", "+44 20 7946 0000", None)
    assert (second.channel, second.place, f"{second.not_before_on} {second.not_after_on}") == (
        "video", "", "2030-01-31 2030-02-28",
    )  # fmt: skip


def test_two_contacts_of_a_deal_make_two_debriefs(world, decided, sign_in):
    deal = decided()
    second = factories.deal_contact(deal)
    version = Debrief._meta.get_field("guide_version").related_model.objects.get()
    answer = sign_in(world.manager).post(
        page(world, "debrief_plan", deal_id=deal.pk),
        {
            "contact": [str(part.contact_id) for part in deal.deal_contacts.all()], "interviewer": world.interviewer.pk,
            "guide_version": version.pk, "minutes": 45, "channel": "phone", "not_before_on": "2030-01-01", "not_after_on": "2030-01-31",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    made = Debrief.objects.filter(deal=deal)
    assert made.count() == 2
    assert made.filter(is_primary=True).count() == 1
    assert made.get(contact=second.contact).not_after_on.isoformat() == "2030-01-31"


def test_the_board_says_what_is_stuck_and_why_under_a_fixed_count_of_queries(world, sign_in):
    week_ago = world.now - timedelta(days=9)

    def make():
        deal = factories.deal(world.programme, owner=world.rep, team=world.team)
        return factories.debrief(deal, world.interviewer, planned_at=week_ago, invited_at=week_ago)

    make()

    def queries():
        with CaptureQueriesContext(connection) as seen:
            found = board.columns(world.manager, clock.now())
        return len(seen), found

    before, _found = queries()
    make()
    paused = make()
    actions.pause(debrief=paused, reason="A merger", by=world.manager, now=clock.now())
    after, found = queries()
    assert before == after
    (invited,) = [column for column in found if column.state == "invited"]
    assert sorted(card.stuck for card in invited.cards) == [
        "No answer for a week. Reach the contact another way, or close it.",
        "No answer for a week. Reach the contact another way, or close it.",
        "Paused: A merger",
    ]
    shown = sign_in(world.manager).get(page(world, "debrief_board")).content.decode()
    assert shown.count("No answer for a week") == 2
    assert "No answer for a week" not in sign_in(world.other_manager).get(page(world, "debrief_board")).content.decode()


def test_the_week_shows_its_calls_to_those_who_may_and_acts_keep_their_reasons(world, sign_in):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    debrief = factories.debrief(deal, world.interviewer, invited_at=world.now, planned_by=world.manager)
    links.issue(debrief, world.now)
    call = actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    day = {"day": f"{call.starts_at:%Y-%m-%d}"}
    client = sign_in(world.manager)
    assert str(deal.company) in client.get(page(world, "call_week"), day).content.decode()
    assert str(deal.company) not in sign_in(world.other_manager).get(page(world, "call_week"), day).content.decode()
    assert client.get(page(world, "call_week"), {"day": "9999-99-99"}).status_code == 200
    refused = client.post(page(world, "debrief_reassign", debrief_id=debrief.pk), {"reason": ""})
    assert refused.status_code == 422
    client.post(
        page(world, "debrief_reassign", debrief_id=debrief.pk),
        {"interviewer": world.agency_interviewer.pk, "reason": "Knows the industry"},
    )
    client.post(page(world, "debrief_pause", debrief_id=debrief.pk), {"reason": "Their merger"})
    shown = client.get(page(world, "debrief_page", debrief_id=debrief.pk)).content.decode()
    assert "Knows the industry" in shown
    assert "Their merger" in shown
    client.post(page(world, "debrief_resume", debrief_id=debrief.pk))
    debrief.refresh_from_db()
    assert (debrief.interviewer, debrief.paused_at) == (world.agency_interviewer, None)


def test_the_frame_of_a_booked_call_is_changed_with_a_reason_and_both_hear_of_it(world, sign_in):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    debrief = factories.debrief(deal, world.interviewer, invited_at=world.now, planned_by=world.manager)
    links.issue(debrief, world.now)
    call = actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    debrief.refresh_from_db()
    client, frame = sign_in(world.manager), page(world, "debrief_replan", debrief_id=debrief.pk)
    shown = client.get(frame).content.decode()
    assert f'value="{debrief.minutes}"' in shown
    typed = {
        "minutes": "45", "channel": "phone", "place": "+44 20 7946 0000", "not_before_on": "", "not_after_on": "",
        "version": debrief.version, "reason": "They want more time",
    }  # fmt: skip
    for wrong in ({"reason": ""}, {"minutes": "5"}, {"not_before_on": "2027-03-02", "not_after_on": "2027-03-01"}):
        refused = client.post(frame, typed | wrong)
        assert refused.status_code == 422 and "+44 20 7946 0000" in refused.content.decode()
    assert client.post(frame, typed).status_code == 302
    call.refresh_from_db()
    debrief.refresh_from_db()
    assert (debrief.minutes, debrief.channel, call.ends_at - call.starts_at) == (45, "phone", timedelta(minutes=45))
    assert call.ics_sequence == 1
    assert set(Notice.objects.filter(kind="call_moved").values_list("recipient_kind", flat=True)) == {
        "contact",
        "person",
    }
    assert "They want more time" in client.get(page(world, "debrief_page", debrief_id=debrief.pk)).content.decode()
    # The page that was open before does not overwrite it unseen.
    stale = client.post(frame, typed | {"minutes": "30"})
    assert stale.status_code == 409 and "meanwhile" in stale.content.decode()
    debrief.refresh_from_db()
    assert debrief.minutes == 45
    assert sign_in(world.interviewer).get(frame).status_code == 403
    assert sign_in(world.rep).get(frame).status_code == 404
