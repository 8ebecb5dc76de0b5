"""Real workers, beats, Redis and SMTP: killed, flushed, doubled. Every notice leaves, none twice without reason."""

import threading
import time
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction

from debriefs.foundation import clock, mail, outbox
from debriefs.foundation.enums import NoticeState
from debriefs.foundation.models import Notice
from debriefs.foundation.outbox import Recipient
from tests.processes import running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def owe_many(count):
    """Password-less invitations would need people; a kind that renders from its context alone is enough here."""
    now = clock.now()
    for number in range(count):
        outbox.owe(
            kind="fault_probe",
            programme_id=None,
            subject_kind="probe",
            subject_id=uuid4(),
            recipient=Recipient("contact", None, f"Buyer {number}", f"buyer-{number}@buyer.example"),
            due_at=now,
            dedupe_key=f"probe-{number}",
            now=now,
        )


def is_quiet(smtp):
    """Whether no mail arrives for two seconds."""
    before = len(smtp.raw)
    time.sleep(2)
    return len(smtp.raw) == before


def counts():
    return Counter(Notice.objects.values_list("state", flat=True))


def test_five_hundred_notices_survive_a_killed_worker_two_beats_and_a_flushed_redis(smtp, tmp_path, probe_kind):
    # Slower than what is recorded together (outbox.RECORD_WITHIN_SECONDS): so each mail is recorded before the next.
    smtp.delay = 0.03
    owe_many(500)
    with running(tmp_path, workers=2, beats=2) as (first, _second, *_beats):
        wait_for(lambda: len(smtp.raw) > 60, what="the first mails")
        first.kill()
        redis.Redis.from_url(settings.REDIS_URL).flushdb()
        wait_for(lambda: counts()[NoticeState.QUEUED] == 0, seconds=300, what="an empty queue")
        wait_for(lambda: is_quiet(smtp), what="the end of what is in hand")
        # Nobody is looking any more, and what said "look" is flushed too: what becomes due now is found by the next tick.
        redis.Redis.from_url(settings.REDIS_URL).flushdb()
        owe_many(510)
        wait_for(lambda: counts()[NoticeState.QUEUED] == 0, seconds=100, what="an empty queue once more")
    # What the killed worker held is taken over when its lease has run out: bring that moment on.
    Notice.objects.filter(state=NoticeState.SENDING).update(lease_until=clock.now() - timedelta(seconds=1))
    outbox.drain()
    assert counts() == {NoticeState.SENT: 510}
    received = Counter(message["Message-ID"] for message in smtp.mails)
    assert set(received) == set(Notice.objects.values_list("message_id", flat=True))
    twice = [message_id for message_id, times in received.items() if times > 1]
    # Only a mail that was accepted and not yet recorded when its worker died can arrive a second time: at most one per pool process.
    assert len(twice) <= 2
    assert all(received[message_id] == 2 for message_id in twice)
    assert set(Notice.objects.filter(takeovers__gt=0).values_list("message_id", flat=True)) >= set(twice)


def test_without_the_claim_two_drains_send_twice(smtp, monkeypatch, probe_kind):
    """The control: the same two drains over the same rows, reading instead of claiming, do what the claim prevents."""
    owe_many(5)

    def read_only(*, now, limit=10):
        return list(Notice.objects.filter(state=NoticeState.QUEUED)[:limit])

    first, second = read_only(now=clock.now()), read_only(now=clock.now())
    with mail.Post() as post:
        for notice in [*first, *second]:
            outbox.deliver(notice, post, now=clock.now())
    assert len(smtp.raw) == 10
    smtp.raw.clear()
    Notice.objects.update(state=NoticeState.QUEUED, sent_at=None)
    claimed = [outbox.claim_due(now=clock.now()), outbox.claim_due(now=clock.now())]
    with mail.Post() as post:
        for notice in [*claimed[0], *claimed[1]]:
            outbox.deliver(notice, post, now=clock.now())
    assert len(smtp.raw) == 5


def test_rows_that_another_process_is_claiming_are_passed_over(probe_kind):
    """Neither waited for nor claimed a second time: the other process stands in the middle of its claim."""
    owe_many(3)
    has_claimed, may_commit = threading.Event(), threading.Event()
    theirs = []

    def claim_slowly():
        try:
            with transaction.atomic():
                theirs.extend(outbox.claim_due(now=clock.now(), limit=2))
                has_claimed.set()
                may_commit.wait(60)
        finally:
            connection.close()

    other = threading.Thread(target=claim_slowly)
    other.start()
    try:
        assert has_claimed.wait(60)
        ours = outbox.claim_due(now=clock.now())
    finally:
        may_commit.set()
        other.join(60)
    assert (len(theirs), len(ours)) == (2, 1)
    assert {one.pk for one in theirs} & {one.pk for one in ours} == set()


def test_a_dead_beat_loses_nothing_and_what_came_too_late_is_missed(smtp, tmp_path, probe_kind):
    now = clock.now()
    owe_many(3)
    Notice.objects.filter(dedupe_key="probe-0").update(
        due_at=now - timedelta(hours=3), not_after=now - timedelta(hours=2)
    )
    Notice.objects.exclude(dedupe_key="probe-0").update(due_at=now - timedelta(hours=3))
    with running(tmp_path, workers=1, beats=1):
        wait_for(
            lambda: counts()[NoticeState.QUEUED] == 0 and counts()[NoticeState.SENDING] == 0, what="an empty queue"
        )
    assert counts() == {NoticeState.SENT: 2, NoticeState.MISSED: 1}
