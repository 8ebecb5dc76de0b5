"""The outbox on a real database and a real SMTP server."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command

from debriefs.foundation import mail, notice_kinds, outbox, return_paths, suppression
from debriefs.foundation.enums import NoticeState
from debriefs.foundation.models import Notice, Tick
from debriefs.foundation.notice_kinds import LINK_PLACEHOLDER, Draft, NoticeKind
from debriefs.foundation.outbox import Recipient

pytestmark = pytest.mark.django_db


def render(notice, now):
    if notice.context.get("poison"):
        raise ValueError("cannot be made")
    return Draft(
        subject=f"Hello {notice.context.get('number', '')}",
        text=f"Open {LINK_PLACEHOLDER} please.",
        html=f'<p><a href="{LINK_PLACEHOLDER}">Open</a></p>',
        from_name="Programme office",
        reply_to="office@company.example",
        link=lambda: "https://debriefs.example.com/d/secret/",
    )


def still_wanted(notice, now):
    return notice.context.get("unwanted")


notice_kinds.register(NoticeKind("test_mail", "Test mail", render, still_wanted))
notice_kinds.register(NoticeKind("test_unhurried", "Unhurried mail", render, still_wanted, waits_for_hours=True))
notice_kinds.register(NoticeKind("test_needed", "Needed mail", render, still_wanted, heeds_suppression=False))


def owe(now, *, kind="test_mail", email="buyer@buyer.example", key=None, **fields):
    return outbox.owe(
        kind=kind,
        programme_id=fields.pop("programme_id", None),
        subject_kind="debrief",
        subject_id=fields.pop("subject_id", uuid4()),
        recipient=Recipient("contact", uuid4(), "Zoë Müller, CFO", email, "en", "America/Vancouver"),
        due_at=fields.pop("due_at", now),
        dedupe_key=key or str(uuid4()),
        now=now,
        **fields,
    )


def test_a_due_notice_is_sent_once_with_its_personal_link(now, smtp):
    notice = owe(now)
    assert outbox.drain() == {"sent": 1}
    assert outbox.drain() == {}
    (received,) = smtp.mails
    assert "https://debriefs.example.com/d/secret/" in received.get_body(("plain",)).get_content()
    assert received["Message-ID"] == notice.message_id
    assert received["Auto-Submitted"] == "auto-generated"
    notice.refresh_from_db()
    assert notice.state == NoticeState.SENT
    assert notice.sent_at is not None
    # The stored mail holds the placeholder, never the secret link.
    assert b"secret" not in bytes(notice.message)


def test_the_same_key_is_owed_once(now):
    assert owe(now, key="call:1:reminder") is not None
    assert owe(now, key="call:1:reminder") is None
    assert Notice.objects.count() == 1


def test_nothing_goes_out_before_it_is_due(now, smtp):
    owe(now, due_at=now + timedelta(hours=1))
    assert outbox.drain() == {}
    assert smtp.raw == []


def test_what_no_longer_makes_sense_is_not_sent_and_says_why(now, smtp):
    notice = owe(now, context={"unwanted": "The call was moved."})
    assert outbox.drain() == {"skipped": 1}
    notice.refresh_from_db()
    assert notice.reason == "The call was moved."
    assert smtp.raw == []


def test_a_moment_that_has_passed_is_missed(now, smtp):
    notice = owe(now, due_at=now - timedelta(hours=3), not_after=now - timedelta(hours=1))
    assert outbox.drain() == {"missed": 1}
    notice.refresh_from_db()
    assert notice.state == NoticeState.MISSED


def test_a_stopped_address_gets_only_what_it_needs(now, smtp):
    suppression.suppress(address="Buyer@Buyer.example", programme_id=None, reason="asked", now=now)
    suppression.suppress(address="buyer@buyer.example", programme_id=None, reason="asked", now=now)
    owe(now)
    owe(now, kind="test_needed")
    assert outbox.drain() == {"skipped": 1, "sent": 1}
    assert suppression.lift(address="buyer@buyer.example", programme_id=None, reason="asked again", now=now) == 1
    owe(now)
    assert outbox.drain() == {"sent": 1}


def test_a_wish_for_one_programme_does_not_stop_another(now, smtp):
    here, elsewhere = uuid4(), uuid4()
    suppression.suppress(address="buyer@buyer.example", programme_id=here, reason="asked", now=now)
    owe(now, programme_id=here)
    owe(now, programme_id=elsewhere)
    assert outbox.drain() == {"skipped": 1, "sent": 1}


def test_superseding_takes_back_what_is_queued_only(now, smtp):
    subject = uuid4()
    sent = owe(now, subject_id=subject)
    outbox.drain()
    queued = owe(now, subject_id=subject, due_at=now + timedelta(days=1))
    other = owe(now, due_at=now + timedelta(days=1))
    assert outbox.supersede(subject_kind="debrief", subject_id=subject, now=now, reason="Moved.") == 1
    states = {notice.pk: notice.state for notice in Notice.objects.all()}
    assert states == {sent.pk: "sent", queued.pk: "superseded", other.pk: "queued"}


def test_a_poisoned_notice_fails_alone(now, smtp):
    poisoned = owe(now, context={"poison": True})
    owe(now)
    assert outbox.drain() == {"failed": 1, "sent": 1}
    poisoned.refresh_from_db()
    assert "ValueError" in poisoned.reason


@pytest.mark.parametrize("said", ["550 No such user", "554 Refused"])
def test_a_final_no_is_final_and_shown(now, smtp, said):
    smtp.at_recipient = lambda address: said
    notice = owe(now)
    assert outbox.drain() == {"failed": 1}
    notice.refresh_from_db()
    assert said[4:] in notice.reason
    assert outbox.drain() == {}


@pytest.mark.parametrize("said", ["421 Later", "450 Greylisted", "451 Try again", "432 Too many"])
def test_a_temporary_no_is_tried_again_after_a_growing_pause(now, smtp, said):
    smtp.answer = lambda number: said if number == 1 else ""
    notice = owe(now)
    assert outbox.drain() == {"queued": 1}
    notice.refresh_from_db()
    assert notice.due_at >= now + outbox.PAUSES[0]
    assert said[4:] in notice.reason
    (again,) = outbox.claim_due(now=notice.due_at)
    with mail.Post() as post:
        assert outbox.deliver(again, post, now=notice.due_at) == "sent"
    assert len(smtp.raw) == 1


def test_a_server_that_is_away_defers(now, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    notice = owe(now)
    assert outbox.drain() == {"queued": 1}
    notice.refresh_from_db()
    assert "mail server" in notice.reason


def test_a_silent_server_does_not_hold_the_drain(now, settings):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_TIMEOUT = 0.3
        owe(now)
        assert outbox.drain() == {"queued": 1}


def test_it_gives_up_after_the_last_pause(now, smtp):
    smtp.answer = lambda number: "451 Never"
    notice = owe(now)
    at, states = now, []
    for _try in range(len(outbox.PAUSES) + 1):
        (claimed,) = outbox.claim_due(now=at)
        with mail.Post() as post:
            states.append(outbox.deliver(claimed, post, now=at))
        notice.refresh_from_db()
        at = notice.due_at + timedelta(seconds=1)
    assert states == ["queued"] * len(outbox.PAUSES) + ["failed"]


def test_a_retry_that_would_come_too_late_is_missed(now, smtp):
    smtp.answer = lambda number: "451 Later"
    notice = owe(now, not_after=now + timedelta(seconds=30))
    assert outbox.drain() == {"missed": 1}
    notice.refresh_from_db()
    assert notice.state == NoticeState.MISSED


def test_a_dead_sender_is_taken_over_once_with_the_same_bytes_and_then_its_outcome_is_unknown(now, smtp):
    notice = owe(now)
    (claimed,) = outbox.claim_due(now=now)
    with mail.Post() as post:
        # It sent, and died before it could record: the record is what we leave out here.
        (ready,) = outbox._prepared([claimed], now=now, states=[])
        post.send(
            to_email=claimed.recipient_email, message=mail.with_links(ready.message, link=ready.link, stop_link="")
        )
    later = now + outbox.LEASE + timedelta(seconds=1)
    assert outbox.claim_due(now=now) == []
    (again,) = outbox.claim_due(now=later)
    assert again.pk == notice.pk
    with mail.Post() as post:
        assert outbox.deliver(again, post, now=later) == "sent"
    assert smtp.raw[0] == smtp.raw[1]
    notice.refresh_from_db()
    assert (notice.state, notice.takeovers) == (NoticeState.SENT, 1)


def test_when_two_senders_died_in_the_middle_the_outcome_is_unknown_and_shown(now):
    notice = owe(now)
    outbox.claim_due(now=now)
    later = now + outbox.LEASE + timedelta(seconds=1)
    assert [again.pk for again in outbox.claim_due(now=later)] == [notice.pk]
    assert outbox.claim_due(now=later + outbox.LEASE + timedelta(seconds=1)) == []
    notice.refresh_from_db()
    assert notice.state == NoticeState.UNKNOWN
    assert "twice" in notice.reason


def test_a_cancellation_waits_while_its_invitation_is_being_sent(now):
    """The control is the same pair to two people: the second one waits for nobody."""
    subject = uuid4()
    owe(now, subject_id=subject, key="request")
    (slow,) = outbox.claim_due(now=now)
    owe(now, subject_id=subject, key="cancel")
    owe(now, subject_id=subject, key="other", email="other@buyer.example")
    assert [claimed.dedupe_key for claimed in outbox.claim_due(now=now)] == ["other"]
    outbox._settle(slow, NoticeState.SENT, "", now=now)
    assert [claimed.dedupe_key for claimed in outbox.claim_due(now=now)] == ["cancel"]


def test_while_the_server_is_away_one_is_tried_and_the_rest_goes_back(now, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for number in range(5):
        owe(now, key=str(number), due_at=now - timedelta(minutes=number))
    assert outbox.drain() == {"queued": 1}
    assert sorted(Notice.objects.values_list("attempts", "state")) == [(0, "queued")] * 4 + [(1, "queued")]


def test_a_no_to_one_mail_does_not_hold_the_others(now, smtp):
    smtp.at_recipient = lambda address: "550 No such user" if address.startswith("gone") else ""
    owe(now, email="gone@buyer.example")
    owe(now)
    owe(now, email="büro@buyer.example")
    assert outbox.drain() == {"failed": 2, "sent": 1}


def test_a_wish_that_comes_while_a_slow_server_holds_the_batch_is_heeded(now, smtp, monkeypatch):
    monkeypatch.setattr(outbox, "CHECK_HOLDS_SECONDS", 0.0)
    owe(now, key="first", due_at=now - timedelta(minutes=1))
    owe(now, key="second", email="other@buyer.example")

    class Stopping(mail.Post):
        def send(self, **given):
            suppression.suppress(address="other@buyer.example", programme_id=None, reason="asked", now=now)
            super().send(**given)

    monkeypatch.setattr(mail, "Post", Stopping)
    assert outbox.drain() == {"sent": 1, "skipped": 1}


def test_reports_and_answers_come_to_addresses_of_their_own(now, smtp, settings):
    settings.INCOMING_ADDRESS = "replies@debriefs.example"
    notice = owe(now)
    outbox.drain()
    (received,) = smtp.mails
    (sender,) = smtp.senders
    assert return_paths.read(sender) == ("b", notice.pk)
    assert return_paths.read(str(received["Reply-To"])) == ("r", notice.pk)
    assert len(sender.partition("@")[0]) <= 64
    assert return_paths.read(sender.upper()) == ("b", notice.pk)
    assert return_paths.read(sender.replace("+b.", "+s.")) is None
    settings.LINK_KEYS = ["another-key", *settings.LINK_KEYS]
    assert return_paths.read(sender) == ("b", notice.pk)
    settings.LINK_KEYS = ["another-key"]
    assert return_paths.read(sender) is None


@pytest.mark.parametrize("waits", [True, False])
def test_what_nobody_waits_for_keeps_to_the_recipients_working_hours(now, smtp, settings, waits):
    settings.MAIL_HOURS = (8, 18)
    saturday = datetime(2026, 12, 19, 20, 0, tzinfo=UTC)
    notice = owe(saturday, kind="test_unhurried" if waits else "test_mail")
    (claimed,) = outbox.claim_due(now=saturday)
    with mail.Post() as post:
        assert outbox.deliver(claimed, post, now=saturday) == ("queued" if waits else "sent")
    notice.refresh_from_db()
    if waits:
        # Monday at eight in Vancouver, which stays at UTC-7 that winter.
        assert (notice.due_at, notice.attempts) == (datetime(2026, 12, 21, 15, 0, tzinfo=UTC), 0)
        assert "working hours" in notice.reason


def test_what_would_come_after_its_moment_is_missed(smtp, settings):
    settings.MAIL_HOURS = (8, 18)
    saturday = datetime(2026, 12, 19, 20, 0, tzinfo=UTC)
    owe(saturday, kind="test_unhurried", not_after=saturday + timedelta(days=1))
    (claimed,) = outbox.claim_due(now=saturday)
    with mail.Post() as post:
        assert outbox.deliver(claimed, post, now=saturday) == "missed"


def test_what_is_postponed_waits_unless_it_would_come_too_late(now):
    subject = uuid4()
    waits = owe(now, subject_id=subject)
    late = owe(now, subject_id=subject, not_after=now + timedelta(days=1))
    until = now + timedelta(days=7)
    kinds = ["test_mail"]
    assert outbox.postpone(subject_kind="debrief", subject_id=subject, kinds=kinds, until=until, reason="Away.") == 1
    assert set(Notice.objects.values_list("pk", "due_at")) == {(waits.pk, until), (late.pk, now)}


@pytest.mark.parametrize("wrong", [timedelta(days=3), timedelta(days=-3)])
def test_a_process_whose_own_clock_is_wrong_sends_nothing_early_and_nothing_late(now, smtp, wrong):
    owe(now, key="due")
    owe(now, key="ahead", due_at=now + timedelta(hours=1))
    with time_machine.travel(now + wrong):
        assert outbox.drain() == {"sent": 1}
    assert dict(Notice.objects.values_list("dedupe_key", "state")) == {"due": "sent", "ahead": "queued"}
    assert Notice.objects.get(dedupe_key="due").sent_at - now < timedelta(hours=1)


def test_what_is_postponed_together_stays_as_far_apart_as_before(now):
    """Two nudges never arrive on one day because the contact was away."""
    subject = uuid4()
    first, second = (owe(now, subject_id=subject, due_at=now + timedelta(days=days)) for days in (1, 6))
    until = now + timedelta(days=7)
    more = {"subject_kind": "debrief", "subject_id": subject, "kinds": ["test_mail"], "until": until, "reason": "Away."}
    assert outbox.postpone(**more) == 2
    assert outbox.postpone(**more) == 0
    assert dict(Notice.objects.values_list("pk", "due_at")) == {
        first.pk: until,
        second.pk: until + timedelta(days=5),
    }


def test_a_sender_whose_lease_was_taken_over_records_nothing(now, smtp):
    notice = owe(now)
    (slow,) = outbox.claim_due(now=now)
    outbox.claim_due(now=now + outbox.LEASE + timedelta(seconds=1))
    with mail.Post() as post:
        outbox.deliver(slow, post, now=now)
    notice.refresh_from_db()
    assert notice.state == NoticeState.SENDING


def test_no_address_is_no_notice(now):
    assert owe(now, email="") is None


def test_a_sweep_does_without_celery_what_the_tick_does(now, smtp):
    owe(now, key="one")
    owe(now, key="two", email="")
    owe(now, key="later", due_at=now + timedelta(hours=1))
    said = StringIO()
    call_command("sweep", stdout=said)
    assert said.getvalue().strip() == "1 sent"
    assert len(smtp.raw) == 1
    assert Tick.objects.get(job="notices").ran_at >= now
    again = StringIO()
    call_command("sweep", stdout=again)
    assert again.getvalue().strip() == "nothing due"
    assert len(smtp.raw) == 1
