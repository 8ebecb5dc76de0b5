"""Mails that come in: matched, shown, told to a person; mail is stopped where somebody asks; nothing else ever happens by itself."""

import io
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import call_command

from debriefs.calls import actions
from debriefs.calls.actions import booking
from debriefs.calls.enums import Side
from debriefs.calls.models import Call, Debrief
from debriefs.foundation import clock, outbox, return_paths
from debriefs.foundation.models import Notice, ReceivedMail, Suppression
from debriefs.guides.enums import OutcomeGroup
from tests import factories
from tests.calls import mails
from tests.processes import environment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.INCOMING_ADDRESS = "replies@debriefs.example"


@pytest.fixture
def debrief(world, smtp):
    world.programme.privacy_notice = "What we hold."
    world.programme.save()
    deal = factories.deal(world.programme, owner=world.rep, team=world.team, decided_days_ago=10)
    contact = factories.contact(world.programme, name="Zoë Müller", time_zone="America/New_York", company=deal.company)
    factories.deal_contact(deal, contact)
    made = actions.plan_debrief(
        deal=deal, contact=contact, interviewer=world.interviewer, minutes=30, by=world.manager, now=clock.now(),
        guide_version=factories.guide_version(world.programme, OutcomeGroup.LOST),
    )  # fmt: skip
    made = actions.send_invitation(debrief=made, by=world.manager, now=clock.now())
    outbox.drain()
    return made


@pytest.fixture
def call(debrief):
    slot = booking.open_slots(debrief, clock.now())[0]
    return actions.book(debrief=debrief, starts_at=slot, time_zone="America/New_York", now=clock.now())


def came(raw, recipient=""):
    return actions.receive_mail(raw=raw, size=len(raw), recipient=recipient, now=clock.now())


def invitation_of(debrief):
    return Notice.objects.get(kind="prospect_invited", subject_id=debrief.pk)


def told():
    return list(Notice.objects.filter(kind="mail_came_in").order_by("created_at"))


def standing(call):
    """Everything of a call that only a person may change."""
    call.refresh_from_db()
    debrief = Debrief.objects.get(pk=call.debrief_id)
    return call.starts_at, call.cancelled_at, call.ics_sequence, call.version, debrief.state, debrief.version


@pytest.mark.parametrize(
    ("partstat", "is_told"), [("ACCEPTED", False), ("TENTATIVE", False), ("DECLINED", True), ("NEEDS-ACTION", False)]
)
def test_a_calendars_answer_is_shown_and_changes_nothing(debrief, call, partstat, is_told):
    before = standing(call)
    row = came(mails.calendar_mail(uid=call.ics_uid, attendee=debrief.contact.email.upper(), partstat=partstat))
    assert (row.kind, row.subject_id, row.facts["whose"]) == ("calendar_reply", debrief.pk, "contact")
    assert (row.facts["is_stale"], row.facts["from_another"]) == (False, False)
    assert standing(call) == before
    assert bool(told()) is is_told


def test_another_time_is_shown_to_a_person_and_nothing_moves(debrief, call, world):
    before = standing(call)
    wished = call.starts_at + timedelta(days=1)
    row = came(mails.calendar_mail(uid=call.ics_uid, attendee=debrief.contact.email, method="COUNTER", starts=wished))
    assert row.kind == "calendar_counter"
    assert row.facts["starts_at"] == wished.replace(microsecond=0).isoformat()
    assert standing(call) == before
    (notice,) = told()
    assert notice.recipient_id == world.manager.pk


def test_an_answer_without_organizer_or_sequence_still_matches(debrief, call):
    row = came(mails.calendar_mail(uid=call.ics_uid, attendee=debrief.contact.email, organizer=False, sequence=None))
    assert row.facts["whose"] == "contact"
    assert row.facts["is_stale"] is False


def test_an_answer_to_an_earlier_time_does_not_count(debrief, call):
    slot = booking.open_slots(debrief, clock.now())[5]
    actions.move_call(debrief=debrief, starts_at=slot, time_zone="UTC", now=clock.now())
    row = came(mails.calendar_mail(uid=call.ics_uid, attendee=debrief.contact.email, partstat="DECLINED", sequence=0))
    assert row.facts["is_stale"] is True
    assert told() == []
    current = came(
        mails.calendar_mail(uid=call.ics_uid, attendee=debrief.contact.email, partstat="ACCEPTED", sequence=1)
    )
    assert current.facts["is_stale"] is False
    # An older stamp of the same sequence arrived late.
    late = came(
        mails.calendar_mail(
            uid=call.ics_uid, attendee=debrief.contact.email, partstat="DECLINED", sequence=1,
            stamp=mails.STAMP - timedelta(hours=1),
        )
    )  # fmt: skip
    assert late.facts["is_stale"] is True
    assert told() == []


def test_an_answer_for_somebody_else_or_about_another_call_belongs_nowhere(debrief, call):
    for raw in (
        mails.calendar_mail(uid=call.ics_uid, attendee="mallory@evil.example", partstat="DECLINED"),
        mails.calendar_mail(uid="not-ours@evil.example", attendee=debrief.contact.email, partstat="DECLINED"),
    ):
        row = came(raw)
        assert (row.kind, row.subject_id) == ("calendar_reply", None)
    assert told() == []


def test_a_spoofed_sender_is_said(debrief, call):
    row = came(
        mails.calendar_mail(
            uid=call.ics_uid, attendee=debrief.contact.email, partstat="DECLINED", sender="mallory@evil.example"
        )
    )
    assert row.facts["from_another"] is True


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL", "PUBLISH", "REFRESH", "ADD", "DECLINECOUNTER", ""])
def test_every_other_calendar_object_is_kept_and_dropped(debrief, call, method):
    before = standing(call)
    row = came(mails.calendar_mail(uid=call.ics_uid, attendee=debrief.contact.email, method=method))
    assert row.kind == "calendar_other"
    assert standing(call) == before
    assert told() == []


def test_a_decline_that_asks_to_be_left_alone_stops_all_mail(debrief, call, world):
    came(
        mails.calendar_mail(
            uid=call.ics_uid,
            attendee=debrief.contact.email,
            partstat="DECLINED",
            comment="Please don’t contact me again",
        )
    )
    assert outbox.is_suppressed(debrief.contact.email, world.programme.pk)
    assert Call.objects.get(pk=call.pk).cancelled_at is None


def nudge_of(debrief):
    """A nudge that waits: what a bounce, a wish and an absence have to stop or hold."""
    return Notice.objects.get(kind="prospect_nudge_1", subject_id=debrief.pk)


def test_a_hard_bounce_stops_nudges_and_tells_the_planner(debrief, world):
    nudge = nudge_of(debrief)
    invitation = invitation_of(debrief)
    row = came(mails.report(to=return_paths.address_for("b", invitation.pk)))
    assert (row.kind, row.notice_id, row.facts["status"]) == ("bounce", invitation.pk, "5.1.1")
    nudge.refresh_from_db()
    invitation.refresh_from_db()
    assert (nudge.state, nudge.reason) == ("superseded", "Mail to this address came back.")
    assert "no such user" in invitation.returned_reason
    assert outbox.is_suppressed(debrief.contact.email, world.programme.pk)
    (notice,) = told()
    assert (notice.recipient_id, notice.context["about"]) == (world.manager.pk, "bounce")
    # Its words about itself are a machine's: "do not write to me" in a report is nobody's wish.
    assert Suppression.objects.get().reason == "mail came back"


def test_a_report_is_known_by_the_message_id_it_returns(debrief):
    invitation = invitation_of(debrief)
    row = came(mails.report(to="debriefs@debriefs.example", original=f"Message-ID: {invitation.message_id}\n"))
    assert (row.kind, row.notice_id) == ("bounce", invitation.pk)


def test_a_report_about_nobody_of_ours_concludes_nothing(debrief, world):
    other = return_paths.address_for("b", invitation_of(debrief).pk)
    forged = other.replace(other.split(".")[2][:4], "aaaa")
    row = came(mails.report(to=forged, original="Message-ID: <1@evil.example>\n"))
    assert (row.kind, row.notice_id) == ("bounce", None)
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("status", "action", "said", "kind"),
    [
        ("4.4.7", "delayed", "smtp; 451 try later", "delayed"),
        ("4.2.2", "failed", "smtp; 452 later", "bounce_soft"),
        ("5.2.2", "failed", "smtp; 552 5.2.2 mailbox full", "bounce_soft"),
        ("2.0.0", "delivered", "smtp; 250 ok", "delivered"),
        ("odd", "failed", "x-local; something", "bounce_soft"),
        ("5.7.1", "failed", "smtp; 554 5.7.1 refused", "bounce"),
    ],
)
def test_only_a_final_no_is_a_hard_bounce(debrief, world, status, action, said, kind):
    nudge = nudge_of(debrief)
    row = came(
        mails.report(
            to=return_paths.address_for("b", invitation_of(debrief).pk), status=status, action=action, said=said
        )
    )
    assert row.kind == kind
    nudge.refresh_from_db()
    assert (nudge.state == "queued") is (kind != "bounce")
    assert outbox.is_suppressed(debrief.contact.email, world.programme.pk) is (kind == "bounce")


def test_a_bounce_of_our_own_people_stops_nothing_and_writes_to_nobody(debrief, world):
    theirs = Notice.objects.get(kind="debrief_assigned")
    row = came(mails.report(to=return_paths.address_for("b", theirs.pk)))
    assert row.kind == "bounce"
    assert not Suppression.objects.exists()
    assert told() == []


STOPS = [
    "Please do not write to me again.",
    "Please don't contact me anymore, thanks",
    "Stop emailing me",
    "Remove me from your list",
    "Unsubscribe",
    "Bitte schreiben Sie mir nicht mehr.",
    "Bitte kontaktieren Sie mich nicht mehr!",
    "Keine weiteren Mails, bitte.",
    "Bitte nehmen Sie mich aus dem Verteiler",
    "Ne m’écrivez plus, s’il vous plaît.",
    "Merci de ne plus me contacter.",
    "Veuillez me retirer : retirez-moi de votre liste",
    "Por favor, no me escriban más.",
    "No me contacte de nuevo",
    "Deje de escribirme",
]
GOES_ON = [
    "Happy to talk. Please do not call before nine.",
    "I do not have time this week, next week is fine.",
    "We stopped the project for other reasons.",
    "Please send me the link again.",
    "Gerne, aber bitte nicht am Montag.",
    "Schreiben Sie mir bitte morgen.",
    "Je ne suis pas libre lundi, écrivez-moi mardi.",
    "No tengo tiempo el lunes, escríbame el martes.",
    "I don't mind writing, contact me any time.",
]


@pytest.mark.parametrize("words", STOPS)
def test_a_wish_to_be_left_alone_is_heard_in_four_languages(debrief, world, words):
    nudge = nudge_of(debrief)
    row = came(mails.reply_to(invitation_of(debrief), words, sender=f"Zoë <{debrief.contact.email}>"))
    assert row.kind == "stop"
    assert outbox.is_suppressed(debrief.contact.email, world.programme.pk)
    nudge.refresh_from_db()
    assert nudge.state == "superseded"
    assert [notice.context["about"] for notice in told()] == ["stop"]


@pytest.mark.parametrize("words", GOES_ON)
def test_other_words_stop_nothing(debrief, words):
    row = came(mails.reply_to(invitation_of(debrief), words))
    assert (row.kind, row.text) == ("message", words)
    assert not Suppression.objects.exists()
    assert [notice.context["about"] for notice in told()] == ["message"]


@pytest.mark.parametrize(
    "history",
    [
        "On Mon, 2 Mar 2026 at 10:00, Debriefs <debriefs@debriefs.example> wrote:\n> Please do not write to me.",
        "Am 02.03.2026 um 10:00 schrieb Debriefs <debriefs@debriefs.example>:\n> Please do not write to me.",
        "Le lun. 2 mars 2026 à 10:00, Debriefs\n<debriefs@debriefs.example> a écrit :\n\nPlease do not write to me.",
        "El lun, 2 mar 2026 a las 10:00, Debriefs escribió:\n> Please do not write to me.",
        "-----Original Message-----\nFrom: Debriefs\nPlease do not write to me.",
        "Von: Debriefs\nGesendet: Montag, 2. März 2026\nPlease do not write to me.",
        "-- \nPlease do not write to me: sent from a signature",
        "> Please do not write to me.",
    ],
)
def test_what_is_quoted_is_nobodys_wish(debrief, history):
    row = came(mails.reply_to(invitation_of(debrief), f"Tuesday is fine.\n\n{history}\n"))
    assert (row.kind, row.text) == ("message", "Tuesday is fine.")
    assert not Suppression.objects.exists()


def test_a_mail_to_the_stop_address_stops_whatever_it_says(debrief, world):
    to = return_paths.address_for("s", invitation_of(debrief).pk)
    row = came(mails.simple("", to=to, subject="unsubscribe", Auto_Submitted="auto-generated"))
    assert row.kind == "stop"
    assert outbox.is_suppressed(debrief.contact.email, world.programme.pk)


def test_a_forged_wish_cannot_silence_our_own_people(debrief, world):
    came(mails.simple("Please do not write to me.", sender=world.manager.user.email))
    came(mails.reply_to(Notice.objects.get(kind="debrief_assigned"), "Stop emailing me"))
    assert not Suppression.objects.exists()


def test_a_wish_that_answers_nothing_of_ours_stops_its_sender_everywhere(debrief, world):
    came(mails.simple("Please do not write to me.", sender=debrief.contact.email))
    assert outbox.is_suppressed(debrief.contact.email, world.programme.pk)
    assert outbox.is_suppressed(debrief.contact.email, None)


@pytest.mark.parametrize(
    "marks",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"subject": "Automatic reply: A conversation"},
        {"subject": "Abwesenheitsnotiz: A conversation"},
        {"subject": "Réponse automatique : A conversation"},
        {"subject": "Respuesta automática: A conversation"},
    ],
)
def test_an_absence_holds_nudges_back_and_is_told_to_nobody(debrief, marks):
    nudge = nudge_of(debrief)
    was_due = nudge.due_at
    row = came(
        mails.reply_to(invitation_of(debrief), "I am away. Please do not write to me, write to a colleague.", **marks)
    )
    assert row.kind == "auto_reply"
    nudge.refresh_from_db()
    assert nudge.due_at > was_due
    assert told() == []
    assert not Suppression.objects.exists()


def test_no_loop_of_mails_can_arise(debrief, smtp, world):
    """Each mail we send is answered by a program, a bounce and an echo; the exchange ends at once."""
    came(mails.reply_to(invitation_of(debrief), "Let us talk."))
    outbox.drain()
    for _round in range(5):
        before = Notice.objects.count()
        for notice in Notice.objects.filter(kind="mail_came_in"):
            came(
                mails.reply_to(
                    notice, f"I am away {_round}", Auto_Submitted="auto-replied", sender=world.manager.user.email
                )
            )
            came(mails.report(to=return_paths.address_for("b", notice.pk), said=f"smtp; 550 5.1.1 no {_round}"))
        for raw in list(smtp.raw):
            came(raw)
        assert Notice.objects.count() == before
    assert {"own", "auto_reply", "bounce"} <= set(ReceivedMail.objects.values_list("kind", flat=True))


def test_a_flood_is_told_ten_times_a_day_and_kept_whole(debrief):
    for number in range(15):
        came(mails.reply_to(invitation_of(debrief), f"Message {number}"))
    assert len(told()) == 10
    assert ReceivedMail.objects.filter(subject_id=debrief.pk).count() == 15


def test_the_same_mail_twice_is_one_row_and_one_notice(debrief):
    raw = mails.reply_to(invitation_of(debrief), "Let us talk.")
    assert came(raw).pk == came(raw).pk
    assert len(told()) == 1


def bomb(levels):
    head, tail = [], []
    for number in range(levels):
        head.append(f'Content-Type: multipart/mixed; boundary="b{number}"\n\n--b{number}')
        tail.insert(0, f"--b{number}--")
    return ("From: a@b.example\n" + "\n".join(head) + "\nContent-Type: text/plain\n\nhi\n" + "\n".join(tail)).encode()


HOSTILE = {
    "empty": b"",
    "nul": b"\x00" * 1000,
    "no headers": b"\n\njust text",
    "random": bytes(range(256)) * 40,
    "deep": bomb(150),
    "deeper": bomb(3000),
    "headers only": b"Subject: " + b"A" * 500_000,
    "thousand headers": b"X-A: b\n" * 20_000 + b"\nhi",
    "charset": b"Content-Type: text/plain; charset=\x00\xff\n\n\xff\xfe",
    "idna": b"Content-Type: text/plain; charset=idna\n\n" + b"xn--a" * 10_000,
    "encoded word": b"Subject: =?utf-8?b?////?= =?nope?q?x?=\nFrom: =?x?b?@?=\n\nhi",
    "base64": b"Content-Transfer-Encoding: base64\nContent-Type: text/calendar; method=REPLY\n\n!!!!",
    "calendar": b"Content-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 5000,
    "rrule": b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nRRULE:FREQ=SECONDLY;COUNT=999999999\n"
    b"DTSTART:00010101T000000Z\nDTEND:99991231T235959\nUID:\x00\nSEQUENCE:99999999999999999999\nEND:VEVENT\nEND:VCALENDAR",
    "dashes": b"\n" + b"-" * 60_000,
    "quotes": b"\n" + b">\n" * 60_000 + b"x",
    "blanks": b"\n" + b"\n \t" * 60_000 + b"stop it",
    "tags": b"Content-Type: text/html\n\n" + b"<!" * 60_000,
    "attributes": b"Content-Type: text/html\n\n" + b"<a b=" * 20_000,
    "addresses": b"From: " + b"<a@b," * 20_000 + b"\n\nhi",
    "report": b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
    + b"Status: " + b"5.1.1 " * 20_000 + b"\n--b--",
    "surrogates": "From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\n\ud800".encode("utf-8", "surrogatepass"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mails_are_kept_and_harm_nothing(debrief, name):
    row = came(HOSTILE[name])
    assert bytes(ReceivedMail.objects.get(pk=row.pk).raw) == HOSTILE[name]
    assert row.subject_id is None
    assert told() == []


def test_the_pipe_keeps_up_to_the_limit_and_says_nothing(debrief, settings, monkeypatch, capfd):
    settings.INCOMING_MAX_BYTES = 2000
    raw = mails.reply_to(invitation_of(debrief), "Let us talk.\n" + "x" * 50_000)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("receive_mail")
    row = ReceivedMail.objects.get()
    assert (row.kind, row.is_cut, row.size, len(bytes(row.raw))) == ("message", True, len(raw), 2000)
    assert row.subject_id == debrief.pk
    assert capfd.readouterr() == ("", "")


def test_the_envelopes_recipient_may_be_given_beside(debrief):
    invitation = invitation_of(debrief)
    row = came(mails.simple("Hello", to="Undisclosed"), recipient=return_paths.address_for("r", invitation.pk).upper())
    assert row.notice_id == invitation.pk


def test_while_the_database_is_away_the_mail_server_is_asked_to_try_again():
    nowhere = environment(DATABASE_URL="postgres://nobody:none@127.0.0.1:1/none")
    done = subprocess.run(
        [sys.executable, "manage.py", "receive_mail"], input=b"From: a@b.example\n\nhi", env=nowhere, timeout=120
    )
    assert done.returncode == 75


def test_a_cancelled_call_takes_answers_as_old_ones(debrief, call, world):
    actions.cancel_call(debrief=debrief, side=Side.US, by=world.manager, now=clock.now())
    row = came(mails.calendar_mail(uid=call.ics_uid, attendee=debrief.contact.email, partstat="DECLINED"))
    assert row.facts["is_stale"] is True
