"""Every state and every act: done, harmless or refused, as the table says, on the real database."""

from datetime import timedelta

import pytest

from debriefs.calls import actions, links
from debriefs.calls.actions import booking
from debriefs.calls.acts import ACTS, Act, Outcome, outcome_of, refusal_of
from debriefs.calls.enums import Side
from debriefs.calls.models import Call, Debrief, DebriefEvent
from debriefs.calls.refusals import WrongOrder
from debriefs.deals.enums import DebriefState
from debriefs.deals.models import Deal
from debriefs.foundation import clock
from debriefs.foundation.models import Notice
from debriefs.foundation.refusals import Refusal
from debriefs.guides.models import GuideVersion
from tests import factories

STATES = [state for state in DebriefState if state != DebriefState.NONE]
ORDER = ("invited_at", "booked_at", "held_at", "written_up_at", "reviewed_at", "released_at")
REACHED = {"planned": 0, "invited": 1, "booked": 2, "held": 3, "written_up": 4, "reviewed": 5, "released": 6}


@pytest.fixture
def in_state(world):
    """Makes a debrief in a state, with its call where one is booked."""
    type(world.programme).objects.filter(pk=world.programme.pk).update(privacy_notice="Notice.")

    def make(state, **fields):
        at = world.now - timedelta(days=1)
        stages = dict.fromkeys(ORDER[: REACHED.get(state, 1)], at)
        if state == "booked":
            del stages["booked_at"]
        if state == "declined":
            stages |= {"declined_at": at, "decline_reason": "not_now"}
        if state == "closed":
            stages |= {"closed_at": at, "closed_reason": "Over"}
        deal = factories.deal(world.programme, owner=world.rep, team=world.team)
        debrief = factories.debrief(deal, world.interviewer, planned_by=world.manager, **stages | fields)
        links.issue(debrief, world.now)
        if state == "booked":
            starts_at = booking.open_slots(debrief, clock.now())[2 * Call.objects.count()]
            actions.book(debrief=debrief, starts_at=starts_at, time_zone="UTC", now=clock.now())
        return Debrief.objects.select_related("interviewer__user", "deal", "contact", "programme").get(pk=debrief.pk)

    return make


def newer(version):
    """A second published version of the same guide."""
    now = clock.now()
    return GuideVersion.objects.create(
        programme=version.programme, guide=version.guide, number=version.number + 1, opening_script="Opening.",
        closing_script="Closing.", created_at=now, published_at=now,
    )  # fmt: skip


def doing(act, debrief, world):
    """The act upon the debrief, as a call without arguments."""
    who = {"debrief": debrief, "by": world.manager, "now": clock.now()}
    alone = {"debrief": debrief, "now": clock.now()}
    later = clock.now() + timedelta(days=9)
    return {
        Act.INVITE: lambda: actions.send_invitation(**who),
        Act.OFFER_AGAIN: lambda: actions.offer_again(**who, reason="They asked"),
        Act.BOOK: lambda: actions.book(**who, starts_at=later, time_zone="UTC", reason="By phone"),
        Act.MOVE: lambda: actions.move_call(**who, starts_at=later, time_zone="UTC", reason="By phone"),
        Act.CANCEL: lambda: actions.cancel_call(**who, side=Side.US),
        Act.DECLINE: lambda: actions.decline(**alone, reason="no", text=""),
        Act.UNDO_DECLINE: lambda: actions.undo_decline(**alone),
        Act.REASSIGN: lambda: actions.reassign(**who, interviewer=world.agency_interviewer),
        Act.REPLAN: lambda: actions.replan(
            **who, minutes=45, channel="phone", place="", not_before_on=None, not_after_on=None, reason="Longer"
        ),
        Act.NEWER_GUIDE: lambda: actions.take_newer_version(**who, version=newer(debrief.guide_version)),
        Act.PAUSE: lambda: actions.pause(**who, reason="A merger"),
        Act.RESUME: lambda: actions.resume(**who),
        Act.MARK_HELD: lambda: actions.mark_held(**who),
        Act.MARK_NO_SHOW: lambda: actions.mark_no_show(**{**who, "now": later}, side=Side.BUYER),
        Act.SPEAK_TOO: lambda: actions.speak_too(**alone),
        Act.CLOSE: lambda: actions.close_debrief(**who, reason="Enough"),
        Act.WRITE_UP: lambda: actions.mark_written_up(**who),
        Act.REVIEW: lambda: actions.mark_reviewed(**who),
        Act.RELEASE: lambda: actions.mark_released(**who),
        Act.RECALL: lambda: actions.mark_recalled(**who),
    }[act]


@pytest.mark.django_db
@pytest.mark.parametrize("act", Act)
def test_every_act_in_every_state_does_what_the_table_says(act, in_state, world):
    for state in STATES:
        for is_paused in (False, True):
            fields = {}
            debrief = in_state(state, **fields)
            if is_paused:
                if state in ("held", "written_up", "reviewed", "released", "closed"):
                    continue
                debrief = actions.pause(debrief=debrief, reason="Wait", by=world.manager, now=clock.now())
                debrief = Debrief.objects.select_related("interviewer__user", "deal").get(pk=debrief.pk)
            if act == Act.SPEAK_TOO and state == "held":
                Debrief.objects.filter(pk=debrief.pk).update(
                    written_begun_at=debrief.held_at, written_sent_at=debrief.held_at
                )
            if act == Act.OFFER_AGAIN and state == "invited":
                factories_call_cancelled(debrief)
            expected = outcome_of(act, state, is_paused=is_paused)
            before, told = debrief.version, DebriefEvent.objects.filter(debrief=debrief).count()
            try:
                doing(act, debrief, world)()
                done = None
            except Refusal as refusal:
                done = refusal
            after = Debrief.objects.get(pk=debrief.pk)
            where = (act, state, is_paused, str(done))
            if expected == Outcome.REFUSED:
                assert isinstance(done, WrongOrder), where
                assert str(done) == refusal_of(act, state, is_paused=is_paused), where
                assert str(done).endswith("."), where
            else:
                assert done is None, where
            events = DebriefEvent.objects.filter(debrief=debrief).count() - told
            assert (events > 0) == (expected == Outcome.DONE), where
            assert (after.version > before) == (expected == Outcome.DONE), where


def factories_call_cancelled(debrief):
    """A call that was booked and called off, so that there is something to offer again."""
    call = booking._insert(debrief, clock.now() + timedelta(days=3), "UTC", clock.now())
    type(call).objects.filter(pk=call.pk).update(cancelled_at=clock.now(), cancelled_by_side="us")


def test_the_table_knows_every_act_and_says_a_sentence_for_every_refusal():
    assert set(ACTS) == set(Act)
    for act in Act:
        for state in STATES:
            for is_paused in (False, True):
                refusal = refusal_of(act, state, is_paused=is_paused)
                assert (refusal is None) == (outcome_of(act, state, is_paused=is_paused) != Outcome.REFUSED)
                assert refusal is None or refusal.endswith(".")


@pytest.mark.django_db
def test_a_pause_holds_invitation_and_nudges_back_and_resuming_owes_them_once(in_state, world):
    debrief = in_state("planned")
    actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())

    def owed():
        asking = Notice.objects.filter(subject_id=debrief.pk, state="queued", recipient_kind="contact")
        return sorted(asking.values_list("kind", flat=True))

    before = owed()
    assert before == ["prospect_invited", "prospect_nudge_1", "prospect_nudge_2"]
    for _again in (1, 2):
        actions.pause(debrief=debrief, reason="A merger is under way", by=world.manager, now=clock.now())
        assert owed() == []
        assert booking.open_slots(Debrief.objects.get(pk=debrief.pk), clock.now()) == []
        actions.resume(debrief=debrief, by=world.manager, now=clock.now())
        actions.resume(debrief=debrief, by=world.manager, now=clock.now())
        assert owed() == before
    reasons = DebriefEvent.objects.filter(debrief=debrief, action="debrief.paused").values_list("reason", "by")
    assert set(reasons) == {("A merger is under way", world.manager.pk)}


@pytest.mark.django_db
@pytest.mark.parametrize("was_sent", [False, True])
def test_after_a_long_pause_invitation_and_nudges_are_as_far_apart_as_before(in_state, world, was_sent):
    """Nobody gets three mails that ask the same on the morning on which a debrief goes on."""
    debrief, begun = in_state("planned"), clock.now()
    actions.send_invitation(debrief=debrief, by=world.manager, now=begun)
    if was_sent:
        Notice.objects.filter(kind="prospect_invited").update(state="sent", settled_at=begun, sent_at=begun)
    actions.pause(debrief=debrief, reason="A merger is under way", by=world.manager, now=begun)
    later = begun + timedelta(days=12)
    actions.resume(debrief=debrief, by=world.manager, now=later)
    owed = Notice.objects.filter(subject_id=debrief.pk, state="queued", recipient_kind="contact").order_by("due_at")
    due = [
        (one.kind, (one.due_at - later).days, (one.not_after - begun).days if one.not_after else None) for one in owed
    ]
    assert due == (
        [("prospect_nudge_1", 0, 21), ("prospect_nudge_2", 5, 21)]
        if was_sent
        else [("prospect_invited", 0, None), ("prospect_nudge_1", 4, 33), ("prospect_nudge_2", 9, 33)]
    )
    # Too late for the second nudge: it is not owed, and so not missed either.
    actions.pause(debrief=debrief, reason="Once more", by=world.manager, now=later)
    actions.resume(debrief=debrief, by=world.manager, now=begun + timedelta(days=19))
    if was_sent:
        assert [one.kind for one in owed.all()] == ["prospect_nudge_1"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reason", "may"), [("not_now", True), ("no", False), ("not_me", False), ("in_writing", False)]
)
def test_a_no_is_kept_to_and_a_not_now_may_be_asked_again(in_state, world, reason, may):
    debrief = in_state("declined", decline_reason=reason)
    if may:
        assert (
            actions.offer_again(debrief=debrief, reason="Later", by=world.manager, now=clock.now()).state == "invited"
        )
        assert Notice.objects.filter(kind="prospect_invited", subject_id=debrief.pk).count() == 1
    else:
        with pytest.raises(WrongOrder, match="Only they can take that back"):
            actions.offer_again(debrief=debrief, reason="Later", by=world.manager, now=clock.now())
        assert Debrief.objects.get(pk=debrief.pk).state == "declined"


@pytest.mark.django_db
def test_a_longer_call_must_not_run_into_the_next_one(in_state, world):
    from debriefs.calls.refusals import SlotTaken

    debrief, other = in_state("booked"), in_state("invited")
    call = debrief.calls.get()
    booking._insert(other, call.blocked.upper + timedelta(minutes=15), "UTC", clock.now())
    with pytest.raises(SlotTaken):
        actions.replan(
            debrief=debrief, minutes=60, channel="video", place="", not_before_on=None, not_after_on=None,
            reason="Much to say", by=world.manager, now=clock.now(),
        )  # fmt: skip


@pytest.mark.django_db
def test_several_deals_are_planned_together_or_none_with_a_sentence_for_each(world):
    version = factories.guide_version(world.programme, "lost")
    deals = [factories.deal(world.programme, owner=world.rep, team=world.team) for _one in range(3)]
    plans = [
        {
            "deal": deal, "contact": factories.deal_contact(deal).contact, "interviewer": world.interviewer,
            "guide_version": version, "minutes": 30,
        }
        for deal in deals
    ]  # fmt: skip
    Deal.objects.filter(pk=deals[1].pk).update(selection="passed_over", selection_reason="Outside the sample")
    from debriefs.calls.refusals import SeveralRefused

    with pytest.raises(SeveralRefused) as refused:
        actions.plan_several(plans=plans, by=world.manager, now=clock.now())
    assert list(refused.value.sentences) == [1]
    assert "Outside the sample" in refused.value.sentences[1]
    assert (Debrief.objects.count(), Notice.objects.count()) == (0, 0)
    Deal.objects.filter(pk=deals[1].pk).update(selection="chosen", selection_reason="")
    made = actions.plan_several(plans=plans, by=world.manager, now=clock.now())
    assert [one.deal for one in made] == deals


@pytest.mark.django_db
def test_a_call_moves_to_a_time_that_overlaps_its_own_old_one(in_state, world):
    debrief = in_state("booked")
    call = debrief.calls.get()
    moved = actions.move_call(
        debrief=debrief, starts_at=call.starts_at + timedelta(minutes=10), time_zone="UTC", now=clock.now(),
        by=world.manager, reason="Ten minutes later",
    )  # fmt: skip
    assert (moved.pk, moved.starts_at - call.starts_at) == (call.pk, timedelta(minutes=10))
    assert DebriefEvent.objects.get(debrief=debrief, action="call.moved").reason == "Ten minutes later"


@pytest.mark.django_db
def test_a_time_by_hand_is_past_the_limits_and_never_past_another_call(in_state, world):
    from debriefs.calls.refusals import SlotTaken, TooLate

    debrief, other = in_state("invited"), in_state("invited")
    night = (clock.now() + timedelta(days=1)).replace(hour=2, minute=7, second=0, microsecond=0)
    who = {"time_zone": "UTC", "now": clock.now(), "by": world.manager, "reason": "Agreed on the phone"}
    with pytest.raises(SlotTaken):
        actions.book(debrief=debrief, starts_at=night, time_zone="UTC", now=clock.now())
    with pytest.raises(TooLate):
        actions.book(debrief=debrief, starts_at=clock.now() - timedelta(minutes=1), **who)
    assert actions.book(debrief=debrief, starts_at=night, **who).starts_at == night
    with pytest.raises(SlotTaken):
        actions.book(debrief=other, starts_at=night + timedelta(minutes=5), **who)
    assert Call.objects.count() == 1


@pytest.mark.django_db
def test_an_interviewer_who_is_deactivated_offers_nothing_and_is_replaced_with_the_call(in_state, world):
    debrief = in_state("booked")
    type(world.interviewer.user).objects.filter(pk=world.interviewer.user_id).update(is_active=False)
    debrief = Debrief.objects.select_related("interviewer__user", "deal", "contact").get(pk=debrief.pk)
    assert booking.open_slots(debrief, clock.now()) == []
    actions.reassign(debrief=debrief, interviewer=world.agency_interviewer, by=world.manager, now=clock.now())
    assert debrief.calls.get().interviewer == world.agency_interviewer
