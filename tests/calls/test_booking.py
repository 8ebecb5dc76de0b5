"""Booking: one call per slot, whatever happens at the same moment; notices and calendar files follow the call."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from icalendar import Calendar

from debriefs.calls import actions, links
from debriefs.calls.actions import booking
from debriefs.calls.enums import Side
from debriefs.calls.models import Call, Debrief
from debriefs.calls.notice_kinds import still_wanted
from debriefs.calls.refusals import BusyElsewhere, DebriefChanged, NotChosen, NotReady, SlotTaken, TooLate, WrongOrder
from debriefs.deals.actions import approve_contact, overrule, reject_contact
from debriefs.deals.models import Deal
from debriefs.deals.refusals import NotNeutral
from debriefs.deals.rules import today_in
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import Notice
from debriefs.guides.enums import OutcomeGroup
from tests import factories


@pytest.fixture
def invited(world):
    """Makes invited debriefs of one interviewer, each with its own deal and contact."""
    version = factories.guide_version(world.programme, OutcomeGroup.LOST)

    def make(count=1, **fields):
        made = []
        for _one in range(count):
            deal = factories.deal(world.programme, owner=world.rep, team=world.team)
            debrief = factories.debrief(
                deal, world.interviewer, version=version, invited_at=world.now, planned_by=world.manager, **fields
            )
            links.issue(debrief, world.now)
            made.append(debrief)
        return made

    return make


def slot_of(debrief, number=0):
    return booking.open_slots(debrief, clock.now())[number]


def run_at_once(work, count):
    """Runs `work(n)` in threads that start together; what each returned or raised."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(number):
        try:
            barrier.wait()
            results[number] = work(number)
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_forty_bookings_of_one_slot_book_one_and_tell_the_others(invited):
    debriefs = invited(40)
    slot = slot_of(debriefs[0])
    now = clock.now()
    results = run_at_once(
        lambda number: actions.book(debrief=debriefs[number], starts_at=slot, time_zone="Europe/London", now=now), 40
    )
    assert sum(isinstance(result, Call) for result in results) == 1
    assert sum(isinstance(result, SlotTaken) for result in results) == 39
    assert Call.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_is_not_had_in_time_is_a_sentence_and_changes_nothing(invited):
    (debrief,) = invited()
    slot = slot_of(debrief)
    is_held, may_go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            booking.lock_interviewers(debrief.interviewer.user_id)
            is_held.set()
            may_go.wait()
        connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    is_held.wait()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        with pytest.raises(BusyElsewhere, match="try again"):
            actions.book(debrief=debrief, starts_at=slot, time_zone="Europe/London", now=clock.now())
    finally:
        may_go.set()
        other.join()
    assert not Call.objects.exists()
    assert actions.book(debrief=debrief, starts_at=slot, time_zone="Europe/London", now=clock.now()).starts_at == slot
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_check_the_constraint_alone_still_refuses(invited, monkeypatch):
    """The net below the lock, and the proof that the lock is not what makes it right."""
    monkeypatch.setattr(booking, "lock_interviewers", lambda *user_ids: None)
    monkeypatch.setattr(booking, "open_slots", lambda debrief, now: [slot])
    debriefs = invited(12)
    slot = (clock.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    now = clock.now()
    results = run_at_once(
        lambda number: actions.book(debrief=debriefs[number], starts_at=slot, time_zone="UTC", now=now), 12
    )
    assert sum(isinstance(result, Call) for result in results) == 1
    assert sum(isinstance(result, SlotTaken) for result in results) == 11


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_the_race_shows(invited, monkeypatch):
    """The control: with lock and constraint away, the same race books the slot more than once."""
    from debriefs.foundation.database_role import as_owner

    drop = "ALTER TABLE calls_call DROP CONSTRAINT call_no_overlap"
    restore = (
        "ALTER TABLE calls_call ADD CONSTRAINT call_no_overlap EXCLUDE USING gist "
        "(blocked WITH &&, interviewer_user_id WITH =) WHERE (cancelled_at IS NULL)"
    )
    monkeypatch.setattr(booking, "lock_interviewers", lambda *user_ids: None)
    monkeypatch.setattr(booking, "open_slots", lambda debrief, now: [slot])
    debriefs = invited(6)
    slot = (clock.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    now = clock.now()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(drop)
    try:
        results = run_at_once(
            lambda number: actions.book(debrief=debriefs[number], starts_at=slot, time_zone="UTC", now=now), 6
        )
        assert sum(isinstance(result, Call) for result in results) > 1
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM calls_call")
            cursor.execute(restore)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_books_once_and_mails_once(invited):
    (debrief,) = invited()
    slot, now = slot_of(debrief), clock.now()
    results = run_at_once(lambda number: actions.book(debrief=debrief, starts_at=slot, time_zone="UTC", now=now), 4)
    assert {result.pk for result in results} == {Call.objects.get().pk}
    assert Notice.objects.filter(kind="call_booked").count() == 2


@pytest.mark.django_db
def test_a_booking_owes_confirmations_and_the_reminders_still_ahead(invited, world):
    (debrief,) = invited()
    now = clock.now()
    call = actions.book(debrief=debrief, starts_at=slot_of(debrief), time_zone="America/New_York", now=now)
    due = {(n.kind, n.recipient_kind): n.due_at for n in Notice.objects.filter(subject_id=debrief.id)}
    assert due["call_booked", "contact"] == due["call_booked", "person"] == now
    assert due["call_reminder_hour", "contact"] == call.starts_at - timedelta(hours=1)
    assert (("call_reminder_day", "contact") in due) == (call.starts_at - timedelta(hours=24) > now)
    debrief.refresh_from_db()
    assert debrief.state == "booked"
    debrief.deal.refresh_from_db()
    assert debrief.deal.debrief_state == "booked"
    assert debrief.deal.hands_off_since is not None


@pytest.mark.django_db
def test_moving_keeps_the_uid_raises_the_sequence_and_takes_old_reminders_back(invited, smtp):
    (debrief,) = invited()
    now = clock.now()
    first = actions.book(debrief=debrief, starts_at=slot_of(debrief), time_zone="UTC", now=now)
    outbox.drain()
    debrief.refresh_from_db()
    moved = actions.move_call(debrief=debrief, starts_at=slot_of(debrief, 5), time_zone="UTC", now=clock.now())
    outbox.drain()
    assert (moved.pk, moved.ics_uid, moved.ics_sequence) == (first.pk, first.ics_uid, 1)
    assert not Notice.objects.filter(kind__startswith="call_reminder", state="queued", context__sequence=0).exists()
    debrief.refresh_from_db()
    actions.cancel_call(debrief=debrief, side=Side.BUYER, now=clock.now())
    outbox.drain()
    life = []
    for mail in smtp.mails:
        if mail["To"].addresses[0].addr_spec == debrief.contact.email:
            part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
            calendar = Calendar.from_ical(part.get_content())
            (event,) = calendar.walk("VEVENT")
            assert part.get_param("method") == calendar["METHOD"]
            life.append((str(calendar["METHOD"]), str(event["UID"]), int(event["SEQUENCE"])))
    assert life == [("REQUEST", first.ics_uid, 0), ("REQUEST", first.ics_uid, 1), ("CANCEL", first.ics_uid, 2)]


@pytest.mark.django_db
def test_a_booking_after_a_cancellation_is_a_new_call(invited):
    (debrief,) = invited()
    first = actions.book(debrief=debrief, starts_at=slot_of(debrief), time_zone="UTC", now=clock.now())
    debrief = actions.cancel_call(debrief=debrief, side=Side.BUYER, now=clock.now())
    assert debrief.state == "invited"
    second = actions.book(debrief=debrief, starts_at=first.starts_at, time_zone="UTC", now=clock.now())
    assert second.ics_uid != first.ics_uid
    assert second.ics_sequence == 0


@pytest.mark.django_db
def test_a_prospect_moves_three_times_and_a_manager_as_often_as_needed(invited, world):
    (debrief,) = invited()
    actions.book(debrief=debrief, starts_at=slot_of(debrief), time_zone="UTC", now=clock.now())
    for number in (1, 2, 3):
        actions.move_call(debrief=debrief, starts_at=slot_of(debrief, number + 1), time_zone="UTC", now=clock.now())
    with pytest.raises(TooLate):
        actions.move_call(debrief=debrief, starts_at=slot_of(debrief, 6), time_zone="UTC", now=clock.now())
    moved = actions.move_call(
        debrief=debrief, starts_at=slot_of(debrief, 6), time_zone="UTC", now=clock.now(), by=world.manager
    )
    assert moved.moves == 4


@pytest.mark.django_db
def test_a_stale_page_changes_nothing(invited):
    (debrief,) = invited()
    version = debrief.version
    actions.book(debrief=debrief, starts_at=slot_of(debrief), time_zone="UTC", now=clock.now(), version=version)
    debrief.refresh_from_db()
    actions.cancel_call(debrief=debrief, side=Side.BUYER, now=clock.now())
    with pytest.raises(DebriefChanged):
        actions.book(debrief=debrief, starts_at=slot_of(debrief), time_zone="UTC", now=clock.now(), version=version)
    assert Call.objects.filter(cancelled_at__isnull=True).count() == 0


@pytest.mark.django_db
def test_a_time_that_was_never_offered_is_refused(invited):
    (debrief,) = invited()
    night = slot_of(debrief).replace(hour=2, minute=7)
    with pytest.raises(SlotTaken):
        actions.book(debrief=debrief, starts_at=night, time_zone="UTC", now=clock.now())


@pytest.mark.django_db
def test_a_human_of_two_programmes_is_busy_in_both(invited, world):
    (debrief,) = invited()
    call = actions.book(debrief=debrief, starts_at=slot_of(debrief), time_zone="UTC", now=clock.now())
    same_human = factories.person(world.other_programme, "interviewer", user=world.interviewer.user)
    elsewhere = factories.debrief(factories.deal(world.other_programme), same_human, invited_at=world.now)
    assert call.starts_at not in booking.open_slots(elsewhere, clock.now())
    with pytest.raises(IntegrityError, match="call_no_overlap"), transaction.atomic():
        booking._insert(elsewhere, call.starts_at, "UTC", clock.now())


@pytest.mark.django_db
def test_declining_cancels_the_call_and_can_be_undone(invited):
    (debrief,) = invited()
    actions.book(debrief=debrief, starts_at=slot_of(debrief), time_zone="UTC", now=clock.now())
    declined = actions.decline(debrief=debrief, reason="not_now", text="Too much on.", now=clock.now())
    assert (declined.state, declined.prospect_notes.get().text) == ("declined", "Too much on.")
    assert Call.objects.get().cancelled_at is not None
    assert Notice.objects.filter(kind="prospect_wrote").count() == 1
    assert actions.undo_decline(debrief=debrief, now=clock.now()).state == "invited"


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["mark_written_up", "mark_reviewed", "mark_released"])
def test_wrong_order_is_refused_with_a_sentence(invited, world, step):
    (debrief,) = invited()
    with pytest.raises(WrongOrder) as refused:
        getattr(actions, step)(debrief=debrief, by=world.reviewer, now=clock.now())
    assert str(refused.value).endswith(".")
    debrief.refresh_from_db()
    assert debrief.state == "invited"


@pytest.mark.django_db
def test_the_interviewer_cannot_review(invited, world):
    (debrief,) = invited(held_at=world.now, written_up_at=world.now)
    with pytest.raises(WrongOrder):
        actions.mark_reviewed(debrief=debrief, by=world.interviewer, now=clock.now())
    assert actions.mark_reviewed(debrief=debrief, by=world.reviewer, now=clock.now()).reviewer == world.reviewer


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["rep", "member"])
def test_who_sold_the_deal_or_sits_in_the_team_cannot_interview(world, who):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    part = factories.deal_contact(deal)
    version = factories.guide_version(world.programme, OutcomeGroup.LOST)
    with pytest.raises(NotNeutral):
        actions.plan_debrief(
            deal=deal,
            contact=part.contact,
            interviewer=getattr(world, who),
            guide_version=version,
            minutes=30,
            by=world.manager,
            now=clock.now(),
        )
    assert Debrief.objects.count() == 0
    assert Notice.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "level"), [("agency_interviewer", "agency"), ("interviewer", "other_team"), ("manager", "manager")]
)
def test_the_level_of_neutrality_is_kept(world, who, level):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    part = factories.deal_contact(deal)
    version = factories.guide_version(world.programme, OutcomeGroup.LOST)
    debrief = actions.plan_debrief(
        deal=deal,
        contact=part.contact,
        interviewer=getattr(world, who),
        guide_version=version,
        minutes=30,
        by=world.manager,
        now=clock.now(),
    )
    assert debrief.neutrality == level
    kinds = set(Notice.objects.values_list("kind", "recipient_id"))
    assert kinds == {("debrief_assigned", debrief.interviewer_id), ("own_view_wanted", world.rep.id)}


@pytest.mark.django_db
def test_a_fresh_decision_is_invited_after_the_cooling_off(world):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team, decided_days_ago=0)
    version = factories.guide_version(world.programme, OutcomeGroup.LOST)
    part = factories.deal_contact(deal)
    world.programme.privacy_notice = "We keep it for twelve months."
    world.programme.save()
    debrief = actions.plan_debrief(
        deal=deal,
        contact=part.contact,
        interviewer=world.interviewer,
        guide_version=version,
        minutes=30,
        by=world.manager,
        now=clock.now(),
    )
    actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    notice = Notice.objects.get(kind="prospect_invited")
    assert (
        today_in(world.programme.time_zone, notice.due_at) - deal.decided_on
    ).days == world.programme.cooling_off_days


@pytest.mark.django_db
def test_nothing_is_mailed_before_the_programme_says_who_it_is(world):
    from debriefs.calls.refusals import NotReady

    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    version = factories.guide_version(world.programme, OutcomeGroup.LOST)
    debrief = actions.plan_debrief(
        deal=deal, contact=factories.deal_contact(deal).contact, interviewer=world.interviewer, guide_version=version,
        minutes=30, by=world.manager, now=clock.now(),
    )  # fmt: skip
    with pytest.raises(NotReady, match="privacy notice"):
        actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    assert not Notice.objects.filter(kind="prospect_invited").exists()


@pytest.mark.django_db
def test_a_deal_passed_over_is_not_planned_until_the_programme_manager_chooses_it(world):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    Deal.objects.filter(pk=deal.pk).update(selection="passed_over", selection_reason="Outside the sample")
    part, version = factories.deal_contact(deal), factories.guide_version(world.programme, OutcomeGroup.LOST)

    def plan():
        return actions.plan_debrief(
            deal=deal,
            contact=part.contact,
            interviewer=world.interviewer,
            guide_version=version,
            minutes=30,
            by=world.manager,
            now=clock.now(),
        )

    with pytest.raises(NotChosen, match="Outside the sample"):
        plan()
    overrule(deal=deal, selection="chosen", reason="A key account", by=world.admin, now=clock.now())
    assert plan().pk


@pytest.mark.django_db
def test_a_contact_left_out_after_planning_is_neither_invited_nor_mailed(world):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    part, version = factories.deal_contact(deal), factories.guide_version(world.programme, OutcomeGroup.LOST)
    type(world.programme).objects.filter(pk=world.programme.pk).update(privacy_notice="Notice.")
    debrief = actions.plan_debrief(
        deal=deal,
        contact=part.contact,
        interviewer=world.interviewer,
        guide_version=version,
        minutes=30,
        by=world.manager,
        now=clock.now(),
    )
    reject_contact(deal_contact=part, by=world.manager, now=clock.now(), reason="Left the company")
    with pytest.raises(NotReady, match="no longer approved"):
        actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    approve_contact(deal_contact=part, by=world.manager, now=clock.now())
    actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    notice = Notice.objects.get(kind="prospect_invited")
    assert still_wanted(notice, clock.now()) is None
    reject_contact(deal_contact=part, by=world.manager, now=clock.now(), reason="Left the company")
    assert still_wanted(notice, clock.now()) == "The contact is no longer approved."
