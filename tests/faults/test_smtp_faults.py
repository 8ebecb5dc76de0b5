"""A mail server that fails in every way, spoken to over a real socket: 4xx climbs the ladder, 5xx is final, nothing is lost."""

import socketserver
import threading
from contextlib import contextmanager

import pytest

from debriefs.foundation import clock, outbox
from debriefs.foundation.models import Notice
from tests.faults.test_notices_under_faults import owe_many

pytestmark = pytest.mark.django_db


@contextmanager
def failing(settings, **answers):
    """A server that answers as told: greeting, MAIL, RCPT, DATA, end; None hangs up instead. Yields what it accepted to the end."""
    taken = []

    class Session(socketserver.StreamRequestHandler):
        def say(self, step, usual):
            said = answers.get(step, usual)
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
                    mail = b""
                    while not mail.endswith(b"\r\n.\r\n"):
                        mail += self.rfile.readline()
                    taken.append(mail)
                    if not self.say("end", "250 taken"):
                        return
                elif not self.say(word, "250 ok") or word == "QUIT":
                    return

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    settings.EMAIL_TIMEOUT = 5
    try:
        yield taken
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"greeting": "421 busy"}, "queued"),
        ({"greeting": "554 go away"}, "queued"),
        ({"greeting": None}, "queued"),
        ({"MAIL": "421 closing"}, "queued"),
        ({"RCPT": "450 greylisted"}, "queued"),
        ({"RCPT": "451 try later"}, "queued"),
        ({"RCPT": "550 no such user"}, "failed"),
        ({"RCPT": None}, "queued"),
        ({"end": "421 shutting down"}, "queued"),
        ({"end": "451 try later"}, "queued"),
        ({"end": "554 refused"}, "failed"),
        ({"end": None}, "queued"),
    ],
    ids=str,
)
def test_each_failure_leaves_the_notice_where_it_belongs(settings, probe_kind, answers, state):
    owe_many(1)
    with failing(settings, **answers):
        assert outbox.drain() == {state: 1}
    notice = Notice.objects.get()
    assert (notice.state, notice.attempts) == (state, 1)
    assert notice.reason
    assert notice.lease_token is None


def test_a_mail_cut_off_after_its_data_goes_again_with_the_same_bytes(settings, probe_kind):
    owe_many(1)
    with failing(settings, end=None) as first:
        outbox.drain()
    Notice.objects.update(due_at=clock.now())
    with failing(settings) as second:
        assert outbox.drain() == {"sent": 1}
    assert first == second
    assert b"Message-ID" in first[0]
