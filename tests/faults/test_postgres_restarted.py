"""A real Postgres stops and starts again while a worker sends and a buyer books: nothing is lost, and nothing happens twice."""

import signal
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from debriefs.calls import actions, links
from debriefs.calls.actions import booking
from debriefs.calls.models import Call, Debrief
from debriefs.foundation import clock, outbox
from debriefs.foundation.enums import NoticeState
from debriefs.foundation.models import Notice
from debriefs.guides.enums import OutcomeGroup
from tests import factories
from tests.faults.own_postgres import own_postgres
from tests.faults.test_notices_under_faults import owe_many
from tests.processes import running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def postgres(tmp_path, transactional_db):
    with own_postgres(tmp_path) as own:
        yield own


class Buyer:
    """A browser on the personal page, and the form that books its first time."""

    def __init__(self):
        world = factories.world()
        deal = factories.deal(world.programme, owner=world.rep, team=world.team)
        version = factories.guide_version(world.programme, OutcomeGroup.LOST)
        self.debrief = factories.debrief(
            deal, world.interviewer, version=version, invited_at=world.now, planned_by=world.manager
        )
        link = links.issue(self.debrief, clock.now())
        self.page = lambda name: reverse(f"prospect:{name}", kwargs={"link_id": link.pk})
        self.client = Client(raise_request_exception=False)
        self.client.get("/" + links.address(link).split("://", 1)[1].partition("/")[2])
        self.client.post(self.page("addressee"))
        self.form = {
            "slot": booking.open_slots(self.debrief, clock.now())[0].isoformat(), "tz": "UTC",
            "version": Debrief.objects.get(pk=self.debrief.pk).version,
        }  # fmt: skip

    def book(self):
        """The status of the answer."""
        self.answer = self.client.post(self.page("book"), self.form, headers={"accept-language": "de"})
        return self.answer.status_code


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGQUIT, marks=pytest.mark.slow)], ids=["stopped", "crashed"]
)
def test_postgres_is_restarted_while_a_worker_sends_and_a_buyer_books(
    number, postgres, smtp, tmp_path, probe_kind, monkeypatch
):
    smtp.delay = 0.02
    buyer = Buyer()
    owe_many(150)
    # The booking stands in the middle of its transaction: the call is written, the mails are owed, nothing is committed.
    is_in_the_middle, may_go_on = threading.Event(), threading.Event()

    def waits(*args, **kwargs):
        owed = notice_of_booking(*args, **kwargs)
        is_in_the_middle.set()
        may_go_on.wait(60)
        return owed

    notice_of_booking = actions.booking.notices.booked
    monkeypatch.setattr(actions.booking.notices, "booked", waits)
    answers = []

    def press():
        try:
            answers.append(buyer.book())
        finally:
            connection.close()

    with running(tmp_path, workers=2, beats=1, processes=1):
        wait_for(lambda: len(smtp.raw) > 20, what="the first mails")
        pressed = threading.Thread(target=press)
        pressed.start()
        assert is_in_the_middle.wait(60)
        postgres.stop(number)
        may_go_on.set()
        pressed.join(60)
        monkeypatch.undo()
        sent = -1
        while sent != len(smtp.raw):
            # Who was in the middle of a mail may finish it; then nothing goes, because nothing can be claimed.
            sent = len(smtp.raw)
            time.sleep(1)
        assert 20 < sent < 150
        postgres.start()
        connection.close()
        assert (answers, buyer.answer["Retry-After"]) == ([503], "30")
        assert "Gleich wieder da" in buyer.answer.content.decode()
        assert (Call.objects.count(), Notice.objects.filter(kind="call_booked").count()) == (0, 0)
        # The buyer presses again, and once more.
        assert [buyer.book(), buyer.book()] == [302, 302]
        wait_for(
            lambda: not Notice.objects.filter(state=NoticeState.QUEUED, due_at__lte=clock.now()).exists(),
            seconds=300, what="an empty queue",
        )  # fmt: skip
    # What was in hand is taken over when its lease has run out: bring that moment on.
    Notice.objects.filter(state=NoticeState.SENDING).update(lease_until=clock.now() - timedelta(seconds=1))
    outbox.drain()
    due = Notice.objects.filter(due_at__lte=clock.now())
    assert set(due.values_list("state", flat=True)) == {NoticeState.SENT}
    assert Counter(due.values_list("kind", flat=True)) >= Counter({"fault_probe": 150, "call_booked": 2})
    assert Call.objects.get().cancelled_at is None
    received = Counter(one["Message-ID"] for one in smtp.mails)
    assert set(received) == set(due.values_list("message_id", flat=True))
    # A crash forgets records of the last moments, and such a mail goes once more with the same bytes; a stop forgets nothing.
    twice = {one for one, times in received.items() if times > 1}
    assert not twice or number == signal.SIGQUIT
    assert twice <= set(Notice.objects.filter(takeovers=1).values_list("message_id", flat=True))
    assert all(len({raw for raw in smtp.raw if one.encode() in raw}) == 1 for one in twice)
