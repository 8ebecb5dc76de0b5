"""A mail server that fails in every way, spoken to over a real socket: 4xx climbs the ladder, 5xx is final, nothing is lost."""

import socket
import socketserver
import threading
from contextlib import contextmanager

import pytest

from debriefs.foundation import clock, mail, outbox
from debriefs.foundation.models import Notice
from tests.faults.test_notices_under_faults import owe_many

pytestmark = pytest.mark.django_db
SILENT = "(says nothing)"
OFFERS = "250-here\r\n250-SIZE 1000000\r\n250 PIPELINING"


@contextmanager
def failing(settings, pipelining=False, **answers):
    """A server that answers as told: greeting, MAIL, RCPT, DATA, end; None hangs up instead, SILENT says nothing more.

    It says "go" whatever it said to the recipient, as the plainest servers do.

    Yields what it accepted to the end.
    """
    taken = []
    is_over = threading.Event()

    class Session(socketserver.StreamRequestHandler):
        def say(self, step, usual):
            said = answers.get(step, usual)
            if said is SILENT:
                is_over.wait()
                return False
            if said is not None:
                self.wfile.write(f"{said}\r\n".encode())
            return said is not None

        def handle(self):
            if not self.say("greeting", "220 here"):
                return
            for line in self.rfile:
                word = line[:4].upper().strip().decode("ascii", "replace")
                if word == "DATA":
                    if not self.say("DATA", "354 go") or "DATA" in answers:
                        return
                    mail = b"\r\n"
                    while not mail.endswith(b"\r\n.\r\n"):
                        mail += self.rfile.readline()
                    taken.append(mail[2:])
                    if not self.say("end", "250 taken"):
                        return
                elif not self.say(word, OFFERS if pipelining and word == "EHLO" else "250 ok") or word == "QUIT":
                    return

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    settings.EMAIL_TIMEOUT = 1 if SILENT in answers.values() else 5
    try:
        yield taken
    finally:
        is_over.set()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("pipelining", [False, True], ids=["step by step", "pipelining"])
@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"greeting": "421 busy"}, "queued"),
        ({"greeting": "554 go away"}, "queued"),
        ({"greeting": None}, "queued"),
        ({"MAIL": "421 closing"}, "queued"),
        ({"MAIL": "552 too large"}, "failed"),
        ({"DATA": "451 try later"}, "queued"),
        ({"RCPT": "450 greylisted"}, "queued"),
        ({"RCPT": "451 try later"}, "queued"),
        ({"RCPT": "550 no such user"}, "failed"),
        ({"RCPT": None}, "queued"),
        ({"end": "421 shutting down"}, "queued"),
        ({"end": "451 try later"}, "queued"),
        ({"end": "554 refused"}, "failed"),
        ({"end": None}, "queued"),
        ({"greeting": SILENT}, "queued"),
        ({"RCPT": SILENT}, "queued"),
        ({"end": SILENT}, "queued"),
    ],
    ids=str,
)
def test_each_failure_leaves_the_notice_where_it_belongs(settings, probe_kind, answers, state, pipelining):
    owe_many(1)
    with failing(settings, pipelining=pipelining, **answers) as taken:
        assert outbox.drain() == {state: 1}
    notice = Notice.objects.get()
    if "end" not in answers:
        # Whoever said no is given no mail: at most the empty one that ends a dialogue that went on.
        assert not any(b"Message-ID" in mail for mail in taken)
    if said := answers.get("MAIL") or answers.get("RCPT"):
        assert said is SILENT or said.replace(" ", ": ", 1) in notice.reason
    assert (notice.state, notice.attempts) == (state, 1)
    assert notice.reason
    assert notice.lease_token is None


@pytest.mark.parametrize("greeting", [None, SILENT, "421 busy"], ids=str)
def test_a_server_that_is_away_is_asked_once_and_the_others_wait_untouched(settings, probe_kind, greeting):
    owe_many(3)
    with failing(settings, greeting=greeting) as taken:
        outbox.drain()
    assert not taken
    assert sorted(Notice.objects.values_list("state", "attempts")) == [("queued", 0), ("queued", 0), ("queued", 1)]
    Notice.objects.update(due_at=clock.now())
    with failing(settings) as taken:
        assert outbox.drain() == {"sent": 3}
    assert len(set(taken)) == 3


def test_nobody_listens_at_the_mail_servers_port(settings, probe_kind):
    owe_many(2)
    with socket.create_server(("127.0.0.1", 0)) as free:
        settings.EMAIL_HOST, settings.EMAIL_PORT = free.getsockname()
    assert outbox.drain() == {"queued": 1}
    assert sorted(Notice.objects.values_list("state", "attempts")) == [("queued", 0), ("queued", 1)]


def test_a_mail_cut_off_after_its_data_goes_again_with_the_same_bytes(settings, probe_kind):
    owe_many(1)
    with failing(settings, end=None) as first:
        outbox.drain()
    Notice.objects.update(due_at=clock.now())
    with failing(settings) as second:
        assert outbox.drain() == {"sent": 1}
    assert first == second
    assert b"Message-ID" in first[0]


def test_a_refused_recipient_does_not_stop_the_next_mail_where_commands_travel_together(settings, probe_kind):
    owe_many(2)
    refused = Notice.objects.get(dedupe_key="probe-0")
    with failing(settings, pipelining=True) as taken:
        Notice.objects.filter(pk=refused.pk).update(recipient_email="no such@buyer.example")
        assert outbox.drain() == {"failed": 1, "sent": 1}
        Notice.objects.filter(pk=refused.pk).update(
            state="queued", settled_at=None, recipient_email="buyer@buyer.example", message=None, takeovers=0
        )
        assert outbox.drain() == {"sent": 1}
    assert len(taken) == 2


@pytest.mark.parametrize("pipelining", [False, True], ids=["step by step", "pipelining"])
def test_a_line_that_begins_with_a_dot_arrives_with_one_dot_more(settings, probe_kind, pipelining):
    """The end of a mail is a lone dot: one that stands in it must not end it (RFC 5321, 4.5.2)."""
    with failing(settings, pipelining=pipelining) as taken, mail.Post() as post:
        post.send(to_email="buyer@buyer.example", message=b"Subject: x\r\n\r\n.\r\n.a\r\nb\r\n")
    assert taken == [b"Subject: x\r\n\r\n..\r\n..a\r\nb\r\n.\r\n"]
