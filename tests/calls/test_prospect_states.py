"""How the personal page stands as a call moves, comes near and passes, after "not now", and once its link was withdrawn."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import end_membership
from accounts.models import Person
from accounts.requests import programme_url
from debriefs.calls import actions
from debriefs.calls.actions import booking
from debriefs.calls.models import Call, Debrief, ProspectLink
from debriefs.calls.refusals import NotReady, WrongOrder
from debriefs.calls.rules import wall_time
from debriefs.core.words import at_time
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import ClockOffset, Notice
from tests.calls.test_prospect_pages import debrief, opened, path_of, slot, state_page, url  # noqa: F401

pytestmark = pytest.mark.django_db


def by_hand(debrief, world, ahead):  # noqa: F811
    return actions.book(
        debrief=debrief, starts_at=clock.now() + ahead, time_zone="Europe/London", now=clock.now(), by=world.manager,
        reason="By phone",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ahead", "says"),
    [
        (timedelta(days=3), "We remind you a day and an hour before."),
        (timedelta(hours=5), "We remind you an hour before."),
        (timedelta(minutes=40), "It begins so soon that no reminder comes any more."),
    ],
)
def test_the_page_says_which_reminders_are_still_to_come(debrief, world, ahead, says):  # noqa: F811
    by_hand(debrief, world, ahead)
    page = state_page(debrief)
    assert says in page
    assert page.count("remind") == 1
    owed = Notice.objects.filter(kind__startswith="call_reminder", recipient_kind="contact", state="queued").count()
    assert owed == (2 if "a day and" in says else 1 if "an hour" in says else 0)
    actions.stop_mail(debrief=debrief, everywhere=False, now=clock.now())
    assert "You stopped mail, so no reminder comes." in state_page(debrief)


def test_a_call_whose_time_has_passed_is_not_called_booked(debrief, world):  # noqa: F811
    by_hand(debrief, world, timedelta(hours=1))
    ClockOffset.objects.update_or_create(id=1, defaults={"seconds": 2 * 3600})
    page = state_page(debrief)
    assert "The time of your conversation has passed" in page
    assert "Your conversation is booked" not in page
    assert url(debrief, "cancel") not in page and 'name="slot"' not in page


def test_who_may_not_move_any_more_reads_that_before_choosing_a_time(debrief, world):  # noqa: F811
    by_hand(debrief, world, timedelta(days=2))
    assert 'name="slot"' in state_page(debrief)
    Call.objects.update(moves=3)
    page = state_page(debrief)
    assert "You have moved this call three times." in page
    assert 'name="slot"' not in page
    assert url(debrief, "cancel") in page


@pytest.mark.parametrize(
    ("reason", "says", "asks_again"),
    [("not_now", "We may ask once more, later", True), ("no", "Nobody will ask again", False)],
)
def test_the_page_promises_no_more_than_is_kept(debrief, world, reason, says, asks_again):  # noqa: F811
    """After "not now" one of ours may ask once more: the page must not say that nobody will."""
    world.programme.privacy_notice = "What we hold."
    world.programme.save()
    client = opened(debrief)
    client.post(url(debrief, "decline"), {"reason": reason, "text": ""})
    page = client.get(url(debrief)).content.decode()
    assert says in page
    assert ("Nobody will ask again" in page) != asks_again
    debrief.refresh_from_db()
    if asks_again:
        actions.offer_again(debrief=debrief, reason="Spring", by=world.manager, now=clock.now())
        assert Notice.objects.filter(kind="prospect_invited", state="queued").count() == 1


def test_a_link_in_wrong_hands_is_withdrawn_and_the_next_mail_carries_a_new_one(debrief, world, sign_in, smtp):  # noqa: F811
    world.programme.privacy_notice = "What we hold."
    world.programme.save()
    stranger, old = opened(debrief), path_of(debrief)
    office = sign_in(world.manager)
    page = programme_url(world.programme, "calls:debrief_page", debrief_id=debrief.pk)
    withdraw = programme_url(world.programme, "calls:link_withdraw", debrief_id=debrief.pk)
    assert withdraw in office.get(page).content.decode()
    assert office.post(withdraw, {"reason": " "}).status_code == 422
    assert Client().get(old).status_code == 302
    assert office.post(withdraw, {"reason": "Passed on to a list"}).status_code == 302
    assert "Passed on to a list" in office.get(page).content.decode()
    assert Client().get(old).status_code == stranger.get(url(debrief)).status_code == 404
    debrief.refresh_from_db()
    actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    outbox.drain()
    (mail,) = [mail for mail in smtp.mails if mail["To"].addresses[0].addr_spec == debrief.contact.email]
    new = path_of(debrief)
    assert new != old
    text = mail.get_body(("plain",)).get_content()
    assert new in text and old not in text
    assert Client().get(new).status_code == 302
    assert ProspectLink.objects.get().version == 2


def test_the_board_names_calls_whose_agreed_time_reads_otherwise_by_now(debrief, world, sign_in):  # noqa: F811
    """The zone's rules changed after the booking: a person asks which of the two counts, and nothing moves by itself."""
    board = programme_url(world.programme, "calls:debrief_board")
    call = by_hand(debrief, world, timedelta(days=2))
    office = sign_in(world.manager)
    assert "changed their rules" not in office.get(board).content.decode()
    agreed = wall_time(call.starts_at + timedelta(hours=1), "Europe/London")
    Call.objects.update(agreed_wall_time=agreed)
    shown = office.get(board).content.decode()
    assert f"agreed was {agreed} there, which is {wall_time(call.starts_at, 'Europe/London')} now" in shown
    assert Call.objects.get().starts_at == call.starts_at


@pytest.mark.parametrize("is_booked", [False, True])
@pytest.mark.parametrize("has_left", [False, True])
def test_nobody_books_an_interviewer_who_is_gone(debrief, world, sign_in, is_booked, has_left):  # noqa: F811
    """Their account was stopped, or their membership here has ended: the call that is booked stays until it is handed over."""
    if is_booked:
        by_hand(debrief, world, timedelta(days=2))
    office, board = sign_in(world.manager), programme_url(world.programme, "calls:debrief_board")
    says = "Its interviewer is no longer here."
    assert says not in office.get(board).content.decode()
    if has_left:
        end_membership(person=world.interviewer, by=world.admin, now=clock.now())
    else:
        type(world.interviewer.user).objects.filter(pk=world.interviewer.user_id).update(is_active=False)
    assert says in office.get(board).content.decode()
    now_of = Debrief.objects.select_related("interviewer__user", "contact").get(pk=debrief.pk)
    assert booking.open_slots(now_of, clock.now()) == []
    assert 'name="slot"' not in state_page(now_of)
    with pytest.raises(WrongOrder, match="no interviewer who can be booked"):
        (actions.move_call if is_booked else actions.book)(
            debrief=now_of, starts_at=clock.now() + timedelta(days=4), time_zone="UTC", now=clock.now(),
            by=world.manager, reason="By phone",
        )  # fmt: skip
    actions.reassign(debrief=now_of, interviewer=world.agency_interviewer, by=world.manager, now=clock.now())
    assert says not in office.get(board).content.decode()
    with pytest.raises(NotReady):
        actions.reassign(
            debrief=Debrief.objects.get(pk=debrief.pk), interviewer=Person.objects.get(pk=world.interviewer.pk),
            by=world.manager, now=clock.now(),
        )  # fmt: skip


def test_who_saw_another_time_cancels_nothing(debrief, world, sign_in):  # noqa: F811
    """One of ours moves the call while the buyer's page stands open; and the other way round."""
    actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    client = opened(debrief)
    debrief.refresh_from_db()
    assert f'name="version" value="{debrief.version}"' in client.get(url(debrief)).content.decode()
    shown, other = debrief.version, booking.open_slots(debrief, clock.now())[3]
    actions.move_call(debrief=debrief, starts_at=other, time_zone="UTC", now=clock.now(), by=world.manager)
    answer = client.post(url(debrief, "cancel"), {"sure": "yes", "version": shown})
    assert (answer.status_code, "changed meanwhile" in answer.content.decode()) == (409, True)
    office = sign_in(world.manager)
    with timezone.override(world.manager.user.time_zone):
        told = at_time(other)
    for name, data in (
        ("call_cancel", {"reason": "Ill"}),
        ("call_place", {"reason": "By phone", "starts_at": "2030-01-02T10:00"}),
    ):
        act = programme_url(world.programme, f"calls:{name}", debrief_id=debrief.pk)
        debrief.refresh_from_db()
        assert f'name="version" value="{debrief.version}"' in office.get(act).content.decode()
        answer = office.post(act, data | {"version": shown})
        assert (answer.status_code, "changed meanwhile" in answer.content.decode()) == (409, True)
        # What was typed stays, beside how it stands now; sent once more it is meant for that.
        assert data["reason"] in answer.content.decode()
        assert f"Now the call is booked for {told}, {debrief.minutes} minutes" in answer.content.decode()
        assert f'name="version" value="{debrief.version}"' in answer.content.decode()
    call = Call.objects.get()
    assert (call.cancelled_at, call.starts_at) == (None, other)
    debrief.refresh_from_db()
    assert client.post(url(debrief, "cancel"), {"sure": "yes", "version": debrief.version}).status_code == 302
    # The same form again, as after the back button: it is off already, and nothing more happens.
    assert client.post(url(debrief, "cancel"), {"sure": "yes", "version": shown}).status_code == 302
    assert Call.objects.get().cancelled_at is not None
