"""Redis and Postgres go and come back, the clock jumps, a week passes: what was owed arrives, at its time and once."""

import socket
import subprocess
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import psycopg2
import pytest
from django.db import connection
from icalendar import Calendar
from psycopg2 import sql

from debriefs.calls import actions
from debriefs.calls.enums import Side
from debriefs.calls.models import Call
from debriefs.foundation import clock, mail, outbox
from debriefs.foundation.enums import NoticeState
from debriefs.foundation.models import ClockOffset, Notice
from debriefs.guides.enums import OutcomeGroup
from debriefs.local import binaries
from tests import factories
from tests.faults.test_notices_under_faults import counts, owe_many
from tests.processes import running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def all_sent():
    return set(counts()) == {NoticeState.SENT}


def jump(seconds):
    """The clock of everybody runs so far ahead of the database's, or behind it."""
    ClockOffset.objects.update_or_create(id=1, defaults={"seconds": int(seconds)})


class OwnRedis:
    """A server of this test alone, which loses everything when it goes, as one without persistence does."""

    def __init__(self, place):
        self.place = place
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.server = None

    def start(self):
        command = [
            str(binaries.redis_server()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.place),
        ]  # fmt: skip
        with (self.place / "redis.log").open("ab") as log:
            self.server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        wait_for(self.answers, what="Redis")

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def kill(self):
        self.server.kill()
        self.server.wait(20)


def test_redis_dies_is_away_and_comes_back_empty(smtp, settings, tmp_path, probe_kind):
    smtp.delay = 0.02
    redis = OwnRedis(tmp_path)
    redis.start()
    settings.REDIS_URL = f"redis://127.0.0.1:{redis.port}/0"
    owe_many(60)
    try:
        with running(tmp_path, workers=1, beats=1) as (_worker, beat):
            wait_for(lambda: smtp.raw, what="the first mail")
            redis.kill()
            # What is taken in hand is sent without Redis; what becomes due meanwhile has nobody who looks.
            wait_for(lambda: not counts()[NoticeState.SENDING], what="the end of what was in hand")
            Notice.objects.filter(dedupe_key="probe-59").delete()
            owe_many(60)
            assert Notice.objects.get(dedupe_key="probe-59").state == NoticeState.QUEUED
            redis.start()
            # A worker with a task in hand ends when its broker goes (kombu cannot give the message back); whoever keeps it running
            # starts another. The beat goes on by itself.
            with running(tmp_path / "again", workers=1, beats=0):
                wait_for(all_sent, seconds=300, what="the rest")
            assert beat.process.poll() is None
    finally:
        redis.kill()
    assert set(Counter(one["Message-ID"] for one in smtp.mails).values()) == {1}
    assert set(Notice.objects.values_list("message_id", flat=True)) <= {one["Message-ID"] for one in smtp.mails}


@contextmanager
def postgres_gone():
    """The database ends every connection but this one and lets nobody in, as a server that is being restarted; yields how many."""
    database = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    elsewhere = psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname="postgres",
    )
    elsewhere.autocommit = True
    name = sql.Identifier(database["NAME"])
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND pid <> %s",
                [database["NAME"], own],
            )
            yield cursor.fetchone()[0]
    finally:
        with elsewhere.cursor() as cursor:
            cursor.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
        elsewhere.close()


def test_postgres_ends_every_connection_and_refuses_for_a_while(smtp, tmp_path, probe_kind):
    smtp.delay = 0.02
    owe_many(150)
    with running(tmp_path, workers=2, beats=2, processes=1):
        wait_for(lambda: len(smtp.raw) > 20, what="the first mails")
        with postgres_gone() as ended:
            assert ended
            sent = -1
            while sent != len(smtp.raw):
                # Who was in the middle of a mail may finish it; then nothing goes, because nothing can be claimed.
                sent = len(smtp.raw)
                time.sleep(1)
            assert sent < 150
        wait_for(lambda: not counts()[NoticeState.QUEUED], seconds=300, what="an empty queue")
    # What was in hand is taken over when its lease has run out: bring that moment on.
    Notice.objects.filter(state=NoticeState.SENDING).update(lease_until=clock.now() - timedelta(seconds=1))
    outbox.drain()
    assert all_sent()
    received = Counter(one["Message-ID"] for one in smtp.mails)
    assert set(received) == set(Notice.objects.values_list("message_id", flat=True))
    # What was accepted when the connection went is recorded as soon as there is one again.
    assert set(received.values()) == {1}


def test_the_clock_jumps_ahead_while_a_mail_is_on_its_way(smtp, probe_kind):
    """The lease seems to have run out: a second sender takes the notice over, with the same bytes, and the first does not undo it."""
    owe_many(1)
    (first,) = outbox.claim_due(now=clock.now())
    with mail.Post() as post:
        outbox.deliver(first, post, now=clock.now())
        Notice.objects.update(
            state=NoticeState.SENDING,
            sent_at=None,
            lease_token=first.lease_token,
            lease_until=clock.now() + outbox.LEASE,
        )
        jump(3600)
        assert outbox.drain() == {NoticeState.SENT: 1}
        settled = Notice.objects.get()
        # The first sender wakes up late: its lease is no longer its own, so its record changes nothing.
        assert outbox._try_again(first, "Silence.", now=clock.now()) == NoticeState.QUEUED
    assert Notice.objects.get().state == NoticeState.SENT
    assert (settled.takeovers, len(smtp.raw), len(set(smtp.raw))) == (1, 2, 1)


def test_the_clock_jumps_back_and_nothing_goes_twice_or_early(smtp, probe_kind):
    owe_many(2)
    later = clock.now() + timedelta(minutes=30)
    Notice.objects.filter(dedupe_key="probe-1").update(due_at=later)
    assert outbox.drain() == {NoticeState.SENT: 1}
    jump(-24 * 3600)
    assert outbox.drain() == {}
    jump(3600)
    assert outbox.drain() == {NoticeState.SENT: 1}
    assert outbox.drain() == {}
    assert len({one["Message-ID"] for one in smtp.mails}) == len(smtp.raw) == 2


def booked_for(world, number, starts_at):
    """A debrief of its own, with a call booked by hand at that time."""
    deal = factories.deal(world.programme, owner=world.rep, team=world.team, decided_days_ago=10)
    contact = factories.contact(world.programme, company=deal.company, email=f"buyer-{number}@buyer.example")
    factories.deal_contact(deal, contact)
    debrief = actions.plan_debrief(
        deal=deal, contact=contact, interviewer=world.interviewer, minutes=30, by=world.manager, now=clock.now(),
        guide_version=factories.guide_version(world.programme, OutcomeGroup.LOST),
    )  # fmt: skip
    debrief = actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    actions.book(
        debrief=debrief,
        starts_at=starts_at,
        time_zone="Europe/Berlin",
        now=clock.now(),
        by=world.manager,
        reason="By phone.",
    )
    debrief.refresh_from_db()
    return debrief


def events_of(smtp, address):
    """What that address's calendar was told, in the order in which it arrived: (method, sequence)."""
    told = []
    for one in smtp.mails:
        if one["To"].addresses[0].addr_spec != address:
            continue
        for part in one.walk():
            if part.get_content_type() == "text/calendar":
                calendar = Calendar.from_ical(part.get_content())
                (event,) = calendar.walk("VEVENT")
                told.append((str(calendar["METHOD"]), int(event["SEQUENCE"])))
    return told


@pytest.mark.parametrize(
    ("days", "workers", "hours"),
    [(2, 2, 12), pytest.param(7, 4, 3, marks=pytest.mark.slow)],
    ids=["two days", "a week"],
)
def test_a_simulated_week_with_two_beats_and_several_workers(world, smtp, tmp_path, days, workers, hours):
    """One call a day, some moved and some cancelled as time goes by: each mail once, none before its time, none about an old time."""
    world.programme.privacy_notice = "What we hold."
    world.programme.save()
    begun = clock.now()
    debriefs = [
        booked_for(world, number, begun + timedelta(days=number + 1, hours=2 * (number % 3) + 1))
        for number in range(days)
    ]
    moved, cancelled = debriefs[-1], debriefs[-2]
    with running(tmp_path, workers=workers, beats=2, processes=1):
        for step in range(days * 24 // hours + 1):
            jump(step * hours * 3600)
            if step == 1:
                call = Call.objects.get(debrief=moved)
                actions.move_call(
                    debrief=moved, starts_at=call.starts_at + timedelta(hours=5), time_zone="Europe/Berlin", now=clock.now(),
                    by=world.manager, reason="They asked.",
                )  # fmt: skip
                cancelled.refresh_from_db()
                actions.cancel_call(debrief=cancelled, side=Side.US, now=clock.now(), by=world.manager, reason="Ill.")
            now = clock.now()
            due = Notice.objects.filter(due_at__lte=now, state__in=(NoticeState.QUEUED, NoticeState.SENDING))
            wait_for(lambda due=due: not due.exists(), seconds=300, what=f"the mails of step {step}")
    arrived = Counter(one["Message-ID"] for one in smtp.mails)
    sent = Notice.objects.filter(state=NoticeState.SENT)
    assert arrived == Counter(dict.fromkeys(sent.values_list("message_id", flat=True), 1))
    assert not [
        one for one in sent if one.sent_at < one.due_at or one.sent_at > one.due_at + timedelta(hours=hours, minutes=10)
    ]
    assert not set(counts()) & {NoticeState.FAILED, NoticeState.UNKNOWN}
    # Reminders are those of the time that stands: none of the call that is off, one of each sort of every other.
    reminders = sent.filter(kind="call_reminder_hour", recipient_kind="contact")
    assert {one.subject_id for one in reminders} <= {one.pk for one in debriefs if one != cancelled}
    final = Call.objects.get(debrief=moved)
    assert {one.due_at for one in reminders.filter(subject_id=moved.pk)} <= {final.starts_at - timedelta(hours=1)}
    assert sorted(one.subject_id for one in reminders) == sorted({one.subject_id for one in reminders})
    for debrief in debriefs:
        told = events_of(smtp, debrief.contact.email)
        # An invitation that was overtaken before it was sent may be missing; none comes after what replaced it.
        assert told == sorted(told, key=lambda one: one[1])
    assert events_of(smtp, cancelled.contact.email)[-1] == ("CANCEL", 1)
    assert events_of(smtp, moved.contact.email)[-1] == ("REQUEST", 1)
