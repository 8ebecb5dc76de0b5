"""The mails of a debrief's life, as a real mail server got them: who, when, in which words and zone, with which calendar file."""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts.requests import programme_url
from debriefs.calls import actions, links, notices
from debriefs.calls.actions import booking
from debriefs.calls.enums import DeclineReason, Side
from debriefs.calls.models import Call, Debrief
from debriefs.calls.notice_kinds import still_wanted
from debriefs.calls.refusals import NotReady
from debriefs.deals.actions import approve_contact
from debriefs.deals.actions.contacts import change_contact, contact_seen
from debriefs.deals.models import DealContact
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import ClockOffset, Notice
from debriefs.guides.enums import OutcomeGroup
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def debrief(world, smtp):
    """Planned and invited through the actions, with a name that tries to break headers and calendar files."""
    world.programme.privacy_notice = "What we hold."
    world.programme.save()
    deal = factories.deal(world.programme, owner=world.rep, team=world.team, amount=123_456, decided_days_ago=10)
    contact = factories.contact(
        world.programme, name='Zoë "Q" Müller; CFO', time_zone="America/New_York", company=deal.company
    )
    factories.deal_contact(deal, contact)
    made = actions.plan_debrief(
        deal=deal, contact=contact, interviewer=world.interviewer, minutes=30, by=world.manager, now=clock.now(),
        guide_version=factories.guide_version(world.programme, OutcomeGroup.LOST), place="https://meet.example/room",
    )  # fmt: skip
    return actions.send_invitation(debrief=made, by=world.manager, now=clock.now())


def book(debrief, number=0):
    debrief.refresh_from_db()
    slot = booking.open_slots(debrief, clock.now())[number]
    return actions.book(debrief=debrief, starts_at=slot, time_zone="America/New_York", now=clock.now())


def sent_to(smtp, address):
    outbox.drain()
    return [mail for mail in smtp.mails if mail["To"].addresses[0].addr_spec == address]


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def event_of(mail):
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    (event,) = calendar.walk("VEVENT")
    attached = next(part for part in mail.walk() if part.get_content_type() == "application/ics")
    assert attached.get_content() == part.get_content().replace("\r\n", "\n").replace("\n", "\r\n").encode()
    assert part.get_param("method") == calendar["METHOD"]
    return str(calendar["METHOD"]), event


def test_the_invitation_leads_to_the_page_and_says_nothing_of_the_deal(debrief, smtp, world):
    (mail,) = sent_to(smtp, debrief.contact.email)
    words = text_of(mail) + mail.get_body(("html",)).get_content()
    assert not re.search(r"123.?456", re.sub(r"https?://\S+", "", words))
    assert world.rep.name not in words
    link = next(link for link in re.findall(r"https?://\S+", text_of(mail)) if "/open/" in link)
    client = Client()
    page = client.get(urlsplit(link).path, follow=True).content.decode()
    assert "Choose a time" in page
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.search(r"<(http[^>]+)>", str(mail["List-Unsubscribe"])).group(1)
    Client(enforce_csrf_checks=True).post(urlsplit(stop).path, {"List-Unsubscribe": "One-Click"})
    assert outbox.is_suppressed(debrief.contact.email, world.programme.pk)


def test_the_interviewer_and_the_owner_are_told_where_to_go(debrief, smtp, world):
    (assigned,) = sent_to(smtp, world.interviewer.user.email)
    assert f"/debriefs/{debrief.pk}/" in text_of(assigned)
    (wanted,) = sent_to(smtp, world.rep.user.email)
    assert str(debrief.deal_id) in text_of(wanted)
    assert debrief.contact.name not in text_of(wanted)


def test_both_get_the_call_in_their_own_zone_with_a_file_of_their_own(debrief, smtp, world):
    call = book(debrief)
    theirs, ours = sent_to(smtp, debrief.contact.email)[-1], sent_to(smtp, world.interviewer.user.email)[-1]
    for mail, zone, recipient in (
        (theirs, "America/New_York", debrief.contact.email),
        (ours, "Europe/Oslo", world.interviewer.user.email),
    ):
        assert f"{call.starts_at.astimezone(ZoneInfo(zone)):%H:%M}" in str(mail["Subject"])
        method, event = event_of(mail)
        assert (method, str(event["STATUS"]), int(event["SEQUENCE"])) == ("REQUEST", "CONFIRMED", 0)
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (call.starts_at, call.ends_at)
        assert str(event["UID"]) == call.ics_uid
        assert str(event["LOCATION"]) == "https://meet.example/room"
        attendees = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
        assert [str(one).lower() for one in attendees] == [f"mailto:{recipient}"]
        assert str(event["ORGANIZER"]).lower() == f"mailto:{world.programme.contact_email}"
    assert world.manager.name not in theirs.as_string()
    assert "Müller" in str(theirs["To"])


def test_a_cancellation_replaces_what_was_not_sent_yet(debrief, smtp, world):
    outbox.drain()
    call = book(debrief)
    actions.cancel_call(debrief=debrief, side=Side.US, now=clock.now(), by=world.manager)
    mails = sent_to(smtp, debrief.contact.email)
    assert [event_of(mail)[0] for mail in mails if "text/calendar" in mail.as_string()] == ["CANCEL"]
    method, event = event_of(mails[-1])
    assert (str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"])) == (call.ics_uid, 1, "CANCELLED")
    assert not Notice.objects.filter(kind__startswith="call_reminder", state="queued").exists()


def test_who_stopped_mail_gets_no_reminder_and_still_hears_of_the_cancellation(debrief, smtp, world):
    outbox.drain()
    call = book(debrief)
    outbox.drain()
    before = len(smtp.mails)
    actions.stop_mail(debrief=debrief, everywhere=False, now=clock.now())
    Notice.objects.filter(kind="call_reminder_hour", recipient_kind="contact").update(due_at=clock.now())
    outbox.drain()
    assert len(smtp.mails) == before
    actions.cancel_call(debrief=debrief, side=Side.US, now=clock.now(), by=world.manager)
    assert event_of(sent_to(smtp, debrief.contact.email)[-1])[0] == "CANCEL"
    assert Call.objects.get(pk=call.pk).cancelled_at is not None


def test_a_reminder_of_an_older_time_is_not_sent(debrief, smtp):
    outbox.drain()
    call = book(debrief)
    outbox.drain()
    before = len(smtp.mails)
    # As if the move happened after the reminder was claimed: the row is still owed, the call has another sequence.
    Call.objects.filter(pk=call.pk).update(ics_sequence=5)
    Notice.objects.filter(kind="call_reminder_hour").update(due_at=clock.now())
    outbox.drain()
    assert len(smtp.mails) == before
    reasons = set(Notice.objects.filter(kind="call_reminder_hour").values_list("reason", flat=True))
    assert reasons == {"The call was moved since."}


def test_the_reminder_carries_time_zone_and_place(debrief, smtp, world):
    outbox.drain()
    call = book(debrief)
    outbox.drain()
    Notice.objects.filter(kind="call_reminder_hour").update(due_at=clock.now())
    theirs = sent_to(smtp, debrief.contact.email)[-1]
    assert f"{call.starts_at.astimezone(ZoneInfo('America/New_York')):%H:%M}" in text_of(theirs)
    assert "(UTC-" in text_of(theirs).replace("−", "-")
    assert "https://meet.example/room" in text_of(theirs)


def test_after_the_call_thanks_to_one_and_the_write_up_to_the_other(debrief, smtp, world):
    outbox.drain()
    actions.mark_held(debrief=debrief, by=world.interviewer, now=clock.now())
    thanks, due = Notice.objects.get(kind="prospect_thanks"), Notice.objects.get(kind="write_up_due")
    assert thanks.due_at - due.due_at == timedelta(hours=1) - timedelta(days=world.programme.write_up_due_days)
    Notice.objects.filter(state="queued").update(due_at=clock.now())
    assert "Thank you" in str(sent_to(smtp, debrief.contact.email)[-1]["Subject"])
    assert f"/{debrief.pk}/" in text_of(sent_to(smtp, world.interviewer.user.email)[-1])


def test_the_planner_hears_that_the_buyer_wrote_but_not_what(debrief, smtp, world):
    actions.decline(debrief=debrief, reason=DeclineReason.IN_WRITING, text="Your price was a riddle", now=clock.now())
    (mail,) = sent_to(smtp, world.manager.user.email)
    assert "riddle" not in mail.as_string()
    assert f"/debriefs/{debrief.pk}/" in text_of(mail)


def test_an_invitation_not_sent_yet_is_not_sent_after_an_answer(debrief, smtp):
    book(debrief)
    mails = sent_to(smtp, debrief.contact.email)
    assert [str(mail["Subject"]).split(":")[0] for mail in mails] == ["Booked"]
    assert Notice.objects.get(kind="prospect_invited").reason == "The buyer has booked."


def test_a_new_address_gets_no_mail_that_asks_before_it_is_approved(debrief, smtp, world):
    sent_to(smtp, debrief.contact.email)
    (part,) = DealContact.objects.filter(deal=debrief.deal).select_related("contact")
    contact = part.contact
    change_contact(
        deal_contact=part, name=contact.name, email="zoe@elsewhere.example", title=contact.title, part=part.part,
        time_zone=contact.time_zone, language=contact.language, seen=contact_seen(part), by=world.manager, now=clock.now(),
    )  # fmt: skip
    debrief.refresh_from_db()
    with pytest.raises(NotReady):
        actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    Notice.objects.filter(subject_id=debrief.pk, state="queued").update(due_at=clock.now())
    before = [mail["To"] for mail in smtp.mails].count(smtp.mails[0]["To"])
    assert not sent_to(smtp, "zoe@elsewhere.example")
    assert [mail["To"] for mail in smtp.mails].count(smtp.mails[0]["To"]) == before
    nudges = Notice.objects.filter(subject_id=debrief.pk, kind__startswith="prospect_nudge")
    assert {(notice.state, notice.reason) for notice in nudges} == {("skipped", "The contact has another address now.")}
    (part,) = DealContact.objects.filter(deal=debrief.deal).select_related("contact")
    approve_contact(deal_contact=part, by=world.manager, now=clock.now())
    actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    (invitation,) = sent_to(smtp, "zoe@elsewhere.example")
    assert f"Dear {contact.name}" in text_of(invitation)


def test_a_batch_is_checked_and_rendered_with_as_many_queries_as_one_mail(
    debrief, smtp, world, django_assert_num_queries
):
    """Nine mails about a debrief cost what one costs: what they need is fetched together, and each reads as when made alone."""
    now = clock.now()
    Notice.objects.all().delete()
    for number in range(9):
        notices.owe("prospect_invited", debrief, notices.to_contact(debrief.contact), now=now, key=f"again-{number}")
    claimed = outbox.claim_due(now=now)
    states = []
    with django_assert_num_queries(7):
        ready = outbox._prepared(claimed, now=now, states=states)
    assert (len(ready), states) == (9, [])
    for one in ready:
        alone = outbox.draft_of(Notice.objects.get(pk=one.notice.pk), now)
        assert (alone.subject, alone.link(), alone.stop_link()) == (one.notice.subject_line, one.link, one.stop_link)
        assert alone.thread == claimed[0].message_id


@pytest.mark.parametrize(
    ("invited", "due", "asked"),
    [
        # Days since: the invitation was sent, or is due since then (""), the nudges are due, and what goes out.
        ((10, "sent"), (6, 1), {"prospect_nudge_2": None, "prospect_nudge_1": "The second nudge follows within days."}),
        ((7, "sent"), (3, -1.5), {"prospect_nudge_1": "The second nudge follows within days."}),
        ((5, "sent"), (1, -4), {"prospect_nudge_1": None}),
        ((6, ""), (2, -3), {"prospect_invited": None, "prospect_nudge_1": "The invitation went out only now."}),
        ((1, "sent"), (0.5, -4), {"prospect_nudge_1": "The invitation went out only now."}),
    ],
)
def test_after_an_outage_no_two_mails_ask_the_same_within_days(debrief, smtp, invited, due, asked):
    now, (since, state) = clock.now(), invited
    rows = Notice.objects.filter(subject_id=debrief.pk)
    rows.exclude(kind__in=notices.ASKING).delete()
    before = now - timedelta(days=since)
    rows.filter(kind="prospect_invited").update(
        due_at=before, **({"state": "sent", "sent_at": before, "settled_at": before} if state else {})
    )
    for kind, days in zip(notices.NUDGES, due, strict=True):
        rows.filter(kind=kind).update(due_at=now - timedelta(days=days))
    # One by one as in a batch.
    for kind, reason in asked.items():
        assert still_wanted(rows.get(kind=kind), now) == reason
    outbox.drain()
    settled = rows.filter(state__in=("sent", "skipped"), settled_at__gte=now).values_list("kind", "reason")
    assert dict(settled) == {kind: reason or "" for kind, reason in asked.items()}
    assert len(smtp.mails) == sum(reason is None for reason in asked.values())


def test_what_was_gathered_is_forgotten_by_a_later_check(debrief, smtp, world, monkeypatch):
    """The buyer books while a slow server holds the batch: the invitation behind it is not sent."""
    now = clock.now()
    Notice.objects.all().delete()
    notices.owe("prospect_invited", debrief, notices.to_contact(debrief.contact), now=now, key="late")
    monkeypatch.setattr(outbox, "CHECK_HOLDS_SECONDS", -1)
    prepared = outbox._prepared

    def and_then_booked(claimed, **more):
        ready = prepared(claimed, **more)
        Debrief.objects.update(declined_at=now, decline_reason=DeclineReason.NOT_NOW)
        return ready

    monkeypatch.setattr(outbox, "_prepared", and_then_booked)
    assert outbox.drain() == {"skipped": 1}
    assert smtp.raw == []


def test_the_briefing_is_announced_two_days_before_and_never_for_an_old_time(debrief, smtp, world):
    book(debrief, number=-1)
    call = Call.objects.get(debrief=debrief)
    owed = Notice.objects.get(kind="briefing_ready")
    assert (owed.recipient_id, owed.due_at) == (world.interviewer.pk, call.starts_at - timedelta(days=2))
    actions.move_call(
        debrief=debrief, starts_at=call.starts_at + timedelta(hours=1), time_zone="Europe/Berlin", now=clock.now(),
        by=world.manager, reason="They asked.",
    )  # fmt: skip
    owed.refresh_from_db()
    assert owed.state == "superseded"
    Notice.objects.filter(kind="briefing_ready", state="queued").update(due_at=clock.now())
    (mail,) = [mail for mail in sent_to(smtp, world.interviewer.user.email) if "briefing" in mail["Subject"]]
    assert f"/interviews/{debrief.pk}/briefing/" in text_of(mail)
    assert sum("briefing" in mail["Subject"] for mail in smtp.mails) == 1


def test_a_cancellation_is_told_although_the_debrief_is_closed_before_it_was_sent(debrief, smtp, world):
    """Cancelled and closed with two clicks, faster than the tick, or while the mail server says "later"."""
    outbox.drain()
    book(debrief)
    outbox.drain()
    actions.cancel_call(debrief=debrief, side=Side.US, now=clock.now(), by=world.manager)
    actions.close_debrief(debrief=debrief, reason="No budget left", by=world.manager, now=clock.now())
    for address in (debrief.contact.email, world.interviewer.user.email):
        assert event_of(sent_to(smtp, address)[-1])[0] == "CANCEL"
    assert not Notice.objects.filter(subject_id=debrief.pk, state="queued").exists()


def test_what_the_buyer_wants_is_told_after_the_debrief_was_closed(debrief, smtp, world):
    actions.close_debrief(debrief=debrief, reason="No answer", by=world.manager, now=clock.now())
    actions.ask_for_data(debrief=debrief, kind="erase", now=clock.now())
    notices.came_in(debrief, "a mail", "message", now=clock.now())
    told = [str(mail["Subject"]).split(":")[0] for mail in sent_to(smtp, world.manager.user.email)]
    assert sorted(told) == ["A mail came in that wants you", "The buyer wrote"]
    assert len(sent_to(smtp, world.admin.user.email)) == 1


def test_mails_and_page_say_the_time_in_the_zone_in_which_it_was_agreed(debrief, smtp, world):
    """The CRM knew no zone of the contact; they chose theirs on the page. Nobody is told another wall's time from then on."""
    type(world.programme).objects.update(time_zone="Europe/Berlin")
    type(debrief.contact).objects.update(time_zone="")
    debrief = Debrief.objects.select_related("contact", "interviewer__user").get(pk=debrief.pk)
    outbox.drain()
    call = book(debrief)
    outbox.drain()
    agreed = f"{call.starts_at.astimezone(ZoneInfo('America/New_York')):%H:%M}"
    Notice.objects.filter(kind="call_reminder_hour", recipient_kind="contact").update(due_at=clock.now())
    said = [str(mail["Subject"]) for mail in sent_to(smtp, debrief.contact.email)[-2:]]
    assert [subject.split(":")[0] for subject in said] == ["Booked", "In an hour"]
    assert all(f"{agreed} E" in subject for subject in said)
    client = Client()
    client.get(urlsplit(links.address(debrief.prospect_link)).path)
    client.post(reverse("prospect:addressee", kwargs={"link_id": debrief.prospect_link.pk}))
    page = reverse("prospect:page", kwargs={"link_id": debrief.prospect_link.pk})
    assert f"{agreed} E" in client.get(page).content.decode()
    # One of ours moves it by hand: the buyer still reads it on their own wall.
    debrief.refresh_from_db()
    office = Client()
    office.force_login(world.manager.user)
    by_hand = programme_url(world.programme, "calls:call_place", debrief_id=debrief.pk)
    later = (call.starts_at + timedelta(days=1)).astimezone(ZoneInfo(world.manager.user.time_zone))
    answer = office.post(by_hand, {"starts_at": f"{later:%Y-%m-%dT%H:%M}", "reason": "They called."})
    assert answer.status_code == 302
    moved = Call.objects.get(pk=call.pk)
    assert moved.agreed_time_zone == "America/New_York"
    assert f"{moved.starts_at.astimezone(ZoneInfo('America/New_York')):%H:%M} E" in str(
        sent_to(smtp, debrief.contact.email)[-1]["Subject"]
    )


def test_without_a_zone_the_programmes_is_the_buyers(world):
    contact = factories.contact(world.programme, time_zone="")
    world.programme.time_zone = "Europe/Berlin"
    world.programme.save()
    assert notices.to_contact(contact).time_zone == "Europe/Berlin"


def test_the_same_act_twice_within_a_moment_writes_once(debrief, smtp, world):
    """A double click on inviting, offering again and declining."""

    def asked():
        return Notice.objects.filter(subject_id=debrief.pk, kind="prospect_invited").count()

    for _click in range(2):
        actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
        outbox.drain()
    assert asked() == 1
    ClockOffset.objects.update_or_create(id=1, defaults={"seconds": 600})
    actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    outbox.drain()
    assert asked() == 2
    ClockOffset.objects.update(seconds=1200)
    for _click in range(2):
        actions.decline(debrief=debrief, reason=DeclineReason.NOT_NOW, text="In spring.", now=clock.now())
    assert Notice.objects.filter(kind="prospect_wrote").count() == debrief.prospect_notes.count() == 1
    for _click in range(2):
        actions.offer_again(debrief=debrief, reason="It is spring", by=world.manager, now=clock.now())
        outbox.drain()
    assert asked() == 3
