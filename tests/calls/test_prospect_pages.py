"""The prospect's pages over HTTP: what scanners, other people, old mails and double clicks can do."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.requests import programme_url
from debriefs.calls import actions, links
from debriefs.calls.actions import booking
from debriefs.calls.enums import Side
from debriefs.calls.models import Call, DataRequest, ProspectLink, ProspectNote
from debriefs.calls.rules import wall_time
from debriefs.core import words
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import Notice, Suppression
from debriefs.guides.enums import OutcomeGroup
from tests import factories
from tests.architecture.snapshot import fingerprint


@pytest.fixture
def debrief(world):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team, amount=123_456)
    made = factories.debrief(
        deal, world.interviewer, version=factories.guide_version(world.programme, OutcomeGroup.LOST),
        invited_at=world.now, planned_by=world.manager,
    )  # fmt: skip
    links.issue(made, world.now)
    return made


def forwarded(debrief):
    """A browser in which the link of the mail was opened, by whomever."""
    client = Client()
    response = client.get(path_of(debrief))
    assert response.status_code == 302
    return client


def opened(debrief):
    """The buyer's browser: the link was opened, and they said that it is them."""
    client = forwarded(debrief)
    assert client.post(url(debrief, "addressee")).status_code == 302
    return client


def path_of(debrief):
    return links.address(ProspectLink.objects.get(debrief=debrief)).split("://", 1)[1].partition("/")[2].join(["/", ""])


def url(debrief, name="page"):
    return reverse(f"prospect:{name}", kwargs={"link_id": debrief.prospect_link.id})


def slot(debrief, number=0):
    return booking.open_slots(debrief, clock.now())[number].isoformat()


pytestmark = pytest.mark.django_db


def test_the_link_leads_to_a_page_without_token(debrief):
    client = Client()
    response = client.get(path_of(debrief))
    assert response["Location"] == url(debrief)
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"
    page = client.get(response["Location"])
    token = path_of(debrief).rstrip("/").rsplit("/", 1)[-1]
    assert f"For {words.short_name(debrief.contact.name)}" in page.content.decode()
    assert token not in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    for secret in ("123456", debrief.deal.name, "Selling Person"):
        assert secret not in page.content.decode()


def test_a_scanner_changes_nothing_and_the_link_still_works(debrief):
    before = fingerprint()
    scanner = Client()
    for method in (scanner.head, scanner.get, scanner.get, scanner.options):
        method(path_of(debrief))
    for name in ("page", "confirm", "stop", "data"):
        for method in (scanner.get, scanner.head, scanner.options):
            method(url(debrief, name), {"slot": slot(debrief)} if name == "confirm" else {})
    for name in (
        "book",
        "cancel",
        "decline",
        "undo_decline",
        "note",
        "stop",
        "undo_stop",
        "writing",
        "undo_writing",
        "data",
        "undo_data",
        "addressee",
    ):
        scanner.post(url(debrief, name), {})
    assert fingerprint() == before
    assert opened(debrief).get(url(debrief)).status_code == 200


def test_booking_in_another_zone_shows_the_time_there_and_books_it(debrief):
    client, chosen = opened(debrief), slot(debrief)
    confirm = client.get(
        url(debrief, "confirm"), {"slot": chosen, "tz": "America/New_York", "version": debrief.version}
    )
    assert "America/New_York" in confirm.content.decode()
    assert Call.objects.count() == 0
    data = {"slot": chosen, "tz": "America/New_York", "version": debrief.version}
    assert client.post(url(debrief, "book"), data).status_code == 302
    call = Call.objects.get()
    assert (call.starts_at.isoformat(), call.agreed_time_zone) == (chosen, "America/New_York")
    assert "booked" in client.get(url(debrief)).content.decode()
    # The same form again, as after the back button, leaves it as it is.
    assert client.post(url(debrief, "book"), data).status_code in (302, 409)
    assert Call.objects.count() == 1


def test_without_the_cookie_an_unknown_and_a_known_link_answer_alike(debrief):
    import uuid

    known = Client().get(url(debrief))
    unknown = Client().get(reverse("prospect:page", kwargs={"link_id": uuid.uuid4()}))
    assert known.status_code == unknown.status_code == 404
    assert known.content == unknown.content
    assert "open the link" in known.content.decode()


def test_a_wrong_token_and_a_revoked_link_open_nothing(debrief):
    client = opened(debrief)
    wrong = path_of(debrief).rstrip("/")[:-3] + "abc/"
    stranger = Client()
    refused = [stranger.get(wrong)]
    old = path_of(debrief)
    links.revoke(ProspectLink.objects.get(debrief=debrief), clock.now())
    refused += [stranger.get(old), client.get(url(debrief))]
    for response in refused:
        assert response.status_code == 404
        assert debrief.contact.name not in response.content.decode()
    assert not stranger.cookies
    debrief.prospect_link.refresh_from_db()
    assert opened(debrief).get(url(debrief)).status_code == 200


def test_two_links_in_one_browser_do_not_meet(debrief, world):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    other = factories.debrief(deal, world.interviewer, version=debrief.guide_version, invited_at=world.now)
    links.issue(other, world.now)
    client = opened(debrief)
    client.get(path_of(other))
    assert debrief.contact.name in client.get(url(debrief)).content.decode()
    # Who said that they are the one buyer did not say that they are the other.
    assert other.contact.name not in client.get(url(other)).content.decode()
    assert words.short_name(other.contact.name) in client.get(url(other)).content.decode()


@pytest.mark.parametrize("data", [{}, {"reason": ""}, {"reason": "nonsense"}, {"text": "Typed already"}])
def test_declining_needs_a_choice_and_keeps_what_was_typed(debrief, data):
    response = opened(debrief).post(url(debrief, "decline"), data)
    assert response.status_code == 422
    assert data.get("text", "") in response.content.decode()
    debrief.refresh_from_db()
    assert debrief.declined_at is None


def test_declining_and_taking_it_back(debrief):
    client = opened(debrief)
    client.post(url(debrief, "decline"), {"reason": "no", "text": "We do not do this."})
    page = client.get(url(debrief)).content.decode()
    assert "We do not do this." in page
    assert client.post(url(debrief, "undo_decline"), {}).status_code == 422
    client.post(url(debrief, "undo_decline"), {"sure": "yes"})
    debrief.refresh_from_db()
    assert debrief.declined_at is None


def test_a_note_reaches_whoever_planned_it_once(debrief):
    client = opened(debrief)
    for _click in range(2):
        client.post(url(debrief, "note"), {"kind": "none_suit", "text": "Only in the evening, sorry."})
    assert ProspectNote.objects.get().text == "Only in the evening, sorry."
    assert client.post(url(debrief, "note"), {"kind": "declined", "text": "x"}).status_code == 422


def test_stopping_mail_and_allowing_it_again(debrief):
    client = opened(debrief)
    assert client.post(url(debrief, "stop"), {}).status_code == 422
    client.post(url(debrief, "stop"), {"scope": "everywhere"})
    assert outbox.is_suppressed(debrief.contact.email, None)
    assert "Mail is stopped" in client.get(url(debrief, "stop")).content.decode()
    client.post(url(debrief, "undo_stop"), {"sure": "yes"})
    assert not outbox.is_suppressed(debrief.contact.email, debrief.programme_id)


def test_one_click_stops_mail_and_does_nothing_else(debrief):
    address = links.stop_address(debrief.prospect_link)
    path = "/" + address.split("://", 1)[1].partition("/")[2]
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert Suppression.objects.count() == 0
    for _twice in range(2):
        assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Suppression.objects.get().programme_id == debrief.programme_id
    # The token of the stop address opens no page, and the other way round.
    assert (
        client.get(path_of(debrief).rsplit("/", 2)[0] + "/" + path.rstrip("/").rsplit("/", 1)[-1] + "/").status_code
        == 404
    )
    debrief.refresh_from_db()
    assert debrief.state == "invited"


def state_page(debrief):
    return opened(debrief).get(url(debrief)).content.decode()


def test_opened_later_it_shows_how_things_stand(debrief, world):
    assert "Would you tell us" in state_page(debrief)
    actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    assert "Your conversation is booked" in state_page(debrief)
    actions.cancel_call(debrief=debrief, side=Side.US, now=clock.now(), by=world.manager)
    assert "Would you tell us" in state_page(debrief)
    actions.mark_held(debrief=debrief, by=world.interviewer, now=clock.now())
    assert "Thank you for the conversation" in state_page(debrief)


def test_a_closed_debrief_stays_closed(debrief, world):
    chosen = slot(debrief)
    actions.close_debrief(debrief=debrief, reason="No answer", by=world.manager, now=clock.now())
    client = opened(debrief)
    assert "closed" in client.get(url(debrief)).content.decode()
    assert client.post(url(debrief, "book"), {"slot": chosen}).status_code == 422
    assert Call.objects.count() == 0


@pytest.mark.parametrize(
    "value", ["", "\x00", "tomorrow", "2026-13-45T99:00", "9999-12-31T23:59:00+00:00", "2026-01-01T10:00"]
)
def test_nonsense_for_a_time_is_a_sentence(debrief, value):
    client = opened(debrief)
    for response in (
        client.get(url(debrief, "confirm"), {"slot": value}),
        client.post(url(debrief, "book"), {"slot": value}),
    ):
        assert response.status_code == 422
        assert "times" in response.content.decode()
    assert Call.objects.count() == 0


@pytest.mark.parametrize("zone", ["../etc/passwd", "Nowhere/Town", "US/Pacific", "Etc/GMT+5", "EST5EDT", "+02:00"])
def test_nonsense_for_a_zone_is_the_contacts_zone(debrief, zone):
    """A browser's old or unknown name, or an attempt: shown, confirmed and booked in the contact's zone, which is the agreed one."""
    client = opened(debrief)
    assert "Europe/London" in client.get(url(debrief), {"tz": zone + "\x00"}).content.decode()
    chosen = slot(debrief)
    shown = client.get(url(debrief, "confirm"), {"slot": chosen, "tz": zone})
    assert shown.status_code == 200 and "Europe/London" in shown.content.decode()
    assert client.post(url(debrief, "book"), {"slot": chosen, "tz": zone}).status_code == 302
    assert Call.objects.get().agreed_time_zone == debrief.contact.time_zone == "Europe/London"


def test_an_old_name_of_a_zone_is_the_zone(debrief):
    client = opened(debrief)
    assert client.post(url(debrief, "book"), {"slot": slot(debrief), "tz": "Asia/Calcutta"}).status_code == 302
    call = Call.objects.get()
    assert call.agreed_time_zone == "Asia/Calcutta"
    assert call.agreed_wall_time == wall_time(call.starts_at, "Asia/Kolkata")


def test_a_link_used_too_often_pauses(debrief, monkeypatch):
    from debriefs.calls import public_access

    monkeypatch.setattr(public_access, "USES", 3)
    answers = [Client().get(path_of(debrief)).status_code for _use in range(5)]
    assert answers == [302, 302, 302, 429, 429]


@pytest.mark.django_db(transaction=True)
def test_forty_browsers_book_one_slot_and_39_are_told_kindly(world):
    version = factories.guide_version(world.programme, OutcomeGroup.LOST)
    debriefs = []
    for _one in range(40):
        deal = factories.deal(world.programme, owner=world.rep, team=world.team)
        made = factories.debrief(
            deal, world.interviewer, version=version, invited_at=world.now, planned_by=world.manager
        )
        links.issue(made, world.now)
        debriefs.append(made)
    clients, chosen = [opened(one) for one in debriefs], slot(debriefs[0])
    barrier, answers = threading.Barrier(40), []

    def book(client, one):
        barrier.wait()
        try:
            answers.append(client.post(url(one, "book"), {"slot": chosen, "version": one.version}))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=book, args=pair) for pair in zip(clients, debriefs, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [302] + [422] * 39
    told = [answer.content.decode() for answer in answers if answer.status_code == 422]
    # On a slow machine some wait for their turn longer than anybody should, and are told that instead.
    kind = ("just taken", "please try again")
    assert all(any(words in page for words in kind) and "Choose a time" in page for page in told)
    assert Call.objects.count() == 1
    assert clock.now() - Call.objects.get().booked_at < timedelta(hours=1)


def test_a_tab_left_open_books_nothing_after_declining(debrief):
    client, chosen, shown = opened(debrief), slot(debrief), debrief.version
    client.post(url(debrief, "decline"), {"reason": "no", "text": ""})
    for answer in (
        client.get(url(debrief, "confirm"), {"slot": chosen, "version": shown}),
        client.post(url(debrief, "book"), {"slot": chosen, "version": shown}),
    ):
        assert answer.status_code == 409
        assert "You said no" in answer.content.decode()
    debrief.refresh_from_db()
    refused = client.post(url(debrief, "book"), {"slot": chosen, "version": debrief.version})
    assert (refused.status_code, "Take that back first" in refused.content.decode()) == (422, True)
    assert Call.objects.count() == 0


def test_the_term_of_a_link_ends_the_offer_and_a_new_invitation_begins_it_anew(debrief, world):
    world.programme.privacy_notice = "What we hold."
    world.programme.save()
    ProspectLink.objects.update(expires_at=world.now - timedelta(days=1))
    token = path_of(debrief)
    assert 'name="slot"' not in state_page(debrief)
    actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    assert 'name="slot"' in state_page(debrief)
    assert path_of(debrief) == token


def test_answering_in_writing_wants_a_tick_cancels_the_call_and_can_be_taken_back(debrief):
    client = opened(debrief)
    actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    refused = client.post(url(debrief, "writing"), {"text": "I write better than I speak.", "writing": "1"})
    assert (refused.status_code, "I write better than I speak." in refused.content.decode()) == (422, True)
    for _twice in range(2):
        client.post(url(debrief, "writing"), {"sure": "yes", "text": "I write better than I speak."})
    debrief.refresh_from_db()
    assert debrief.writing_chosen_at is not None
    assert Call.objects.get().cancelled_at is not None
    assert "You answer in writing" in client.get(url(debrief)).content.decode()
    assert ProspectNote.objects.filter(kind="in_writing").count() == 1
    client.post(url(debrief, "undo_writing"), {})
    debrief.refresh_from_db()
    assert debrief.writing_chosen_at is not None
    client.post(url(debrief, "undo_writing"), {"sure": "yes"})
    assert "Choose a time" in client.get(url(debrief)).content.decode()
    assert "I write better than I speak." in client.get(url(debrief)).content.decode()


def test_rather_in_writing_as_a_reason_is_no_refusal(debrief):
    opened(debrief).post(url(debrief, "decline"), {"reason": "in_writing", "text": ""})
    debrief.refresh_from_db()
    assert (debrief.declined_at, debrief.state) == (None, "invited")
    assert debrief.writing_chosen_at is not None


def test_a_wish_about_ones_data_reaches_the_programme_manager_and_is_answered_on_the_page(debrief, world, sign_in):
    client = opened(debrief)
    assert client.post(url(debrief, "data"), {}).status_code == 422
    assert DataRequest.objects.count() == 0
    for _twice in range(2):
        client.post(url(debrief, "data"), {"kind": "erase"})
    wish = DataRequest.objects.get()
    told = Notice.objects.filter(kind="prospect_wrote").values_list("recipient_email", flat=True)
    assert set(told) == {world.admin.user.email, world.manager.user.email}
    office = sign_in(world.admin)
    settle = programme_url(world.programme, "calls:wish_settle", wish_id=wish.pk)
    assert debrief.contact.name in office.get(programme_url(world.programme, "calls:wishes")).content.decode()
    assert office.post(settle, {"answer": "  "}).status_code == 422
    office.post(settle, {"answer": "Everything but your name on the invoice is gone."})
    assert "Everything but your name on the invoice is gone." in client.get(url(debrief, "data")).content.decode()


def test_a_wish_about_ones_data_can_be_taken_back_and_asked_again(debrief):
    client = opened(debrief)
    client.post(url(debrief, "data"), {"kind": "show"})
    client.post(url(debrief, "undo_data"), {"kind": "show"})
    client.post(url(debrief, "data"), {"kind": "show"})
    assert [wish.taken_back_at is None for wish in DataRequest.objects.order_by("asked_at")] == [False, True]


def test_the_page_of_the_one_click_address_asks_for_a_tick(debrief):
    address = links.stop_address(debrief.prospect_link)
    path = "/" + address.split("://", 1)[1].partition("/")[2]
    assert Client().post(path, {}).status_code == 200
    assert Suppression.objects.count() == 0
    Client().post(path, {"sure": "yes"})
    assert Suppression.objects.count() == 1


def test_zones_are_shown_with_city_and_distance(debrief):
    page = opened(debrief).get(url(debrief), {"tz": "Asia/Kolkata"}).content.decode()
    assert "Kolkata, UTC+5:30" in page
    assert "Times in Kolkata, IST (UTC+5:30)" in page


def test_the_second_move_from_an_old_mail_shows_the_time_that_counts(debrief):
    actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    for number in (5, 9):
        debrief.refresh_from_db()
        actions.move_call(
            debrief=debrief,
            starts_at=booking.open_slots(debrief, clock.now())[number],
            time_zone="UTC",
            now=clock.now(),
        )
    page = state_page(debrief)
    assert "moved 2 times" in page
    with timezone.override(Call.objects.get().agreed_time_zone):
        assert words.at_time(Call.objects.get().starts_at) in page


def test_a_cancelled_call_is_said_and_not_revived(debrief, world):
    call = actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    actions.cancel_call(debrief=debrief, side=Side.US, now=clock.now(), by=world.manager)
    assert "was cancelled" in state_page(debrief)
    debrief.refresh_from_db()
    again = {"slot": call.starts_at.isoformat(), "version": debrief.version}
    assert opened(debrief).post(url(debrief, "book"), again).status_code == 302
    assert Call.objects.exclude(pk=call.pk).get().ics_uid != call.ics_uid


def test_a_forwarded_link_says_whom_it_is_for_and_hides_what_was_said_until_it_is_confirmed(debrief):
    booking_browser = opened(debrief)
    booking_browser.post(url(debrief, "book"), {"slot": slot(debrief), "version": debrief.version})
    debrief.refresh_from_db()
    debrief.place = "https://meet.example/room-417"
    debrief.save(update_fields=["place"])
    booking_browser.post(url(debrief, "note"), {"kind": "none_suit", "text": "We chose on the rollout plan."})
    when = words.on_day(Call.objects.get().starts_at)
    stranger = forwarded(debrief)
    before = fingerprint()
    secrets = (debrief.contact.name, debrief.contact.email, "room-417", "rollout plan", when)
    for name in ("page", "confirm", "data"):
        page = stranger.get(url(debrief, name), {"slot": slot(debrief)} if name == "confirm" else {}).content.decode()
        assert f"Are you {words.short_name(debrief.contact.name)}?" in page
        for secret in secrets:
            assert secret not in page, name
    for name in ("cancel", "undo_decline", "undo_writing"):
        assert stranger.post(url(debrief, name), {"sure": "yes"}).status_code == 403
    # Also where something is refused, the page it is said on tells nothing.
    for name, data in (("book", {"slot": "nonsense"}), ("decline", {}), ("writing", {})):
        answer = stranger.post(url(debrief, name), data)
        assert answer.status_code == 422
        assert not any(secret in answer.content.decode() for secret in secrets), name
    assert fingerprint() == before
    # Who is not the addressee can say who is, and still sees nothing.
    stranger.post(url(debrief, "note"), {"kind": "colleague", "text": "Ask the head of depots."})
    assert ProspectNote.objects.filter(kind="colleague").count() == 1
    assert "head of depots" not in stranger.get(url(debrief)).content.decode()
    # The addressee says so once; it holds in this browser, changes no row, and leads back to where they were.
    before = fingerprint()
    answer = stranger.post(url(debrief, "addressee"), {"to": url(debrief, "data")})
    assert answer["Location"] == url(debrief, "data")
    page = stranger.get(url(debrief)).content.decode()
    assert all(secret in page for secret in (debrief.contact.name, "room-417", "rollout plan", when))
    assert fingerprint() == before


def test_the_confirmation_leads_nowhere_else_and_ends_with_the_link(debrief):
    client = opened(debrief)
    for elsewhere in (
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/p/",
        "javascript:alert(1)",
        url(debrief) + "\u2028",
    ):
        assert client.post(url(debrief, "addressee"), {"to": elsewhere})["Location"] == url(debrief)
    links.revoke(debrief.prospect_link, clock.now())
    client.get(path_of(debrief))
    assert "Are you" in client.get(url(debrief, "data")).content.decode()


def test_before_anything_was_said_the_page_is_open_and_names_nobody_in_full(debrief):
    stranger = forwarded(debrief)
    page = stranger.get(url(debrief)).content.decode()
    assert 'name="slot"' in page
    assert debrief.contact.name not in page
    # Who books here reads what they booked.
    stranger.post(url(debrief, "book"), {"slot": slot(debrief), "version": debrief.version})
    assert "Your conversation is booked" in stranger.get(url(debrief)).content.decode()
