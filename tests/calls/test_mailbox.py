"""Polling a mailbox over a real socket: everything once, nothing lost, nothing touched."""

import pytest

from debriefs.calls import mailbox, tasks
from debriefs.foundation import imap
from debriefs.foundation.models import MailboxPosition, ReceivedMail, Tick
from tests.calls import mails
from tests.calls.imap_server import Mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def read(settings):
    settings.INCOMING_ADDRESS = "replies@debriefs.example"


def some(count):
    return [mails.simple(f"Message {number}") for number in range(count)]


def test_new_mails_are_taken_in_once_and_the_folder_is_only_read():
    with Mailbox(*some(3)) as box:
        assert mailbox.poll(box.url) == 3
        assert mailbox.poll(box.url) == 0
        box.messages[4] = mails.simple("A later one")
        assert mailbox.poll(box.url) == 1
    assert ReceivedMail.objects.count() == 4
    assert MailboxPosition.objects.get().last_uid == 4
    assert not any(
        word in command.upper() for command in box.commands for word in ("STORE", "SELECT", "EXPUNGE", "MOVE")
    )


def test_a_poll_that_is_cut_off_goes_on_where_it_was():
    with Mailbox(*some(5)) as box:
        box.hangs_up_after = 2
        with pytest.raises(imap.MailboxAway):
            mailbox.poll(box.url)
        assert (ReceivedMail.objects.count(), MailboxPosition.objects.get().last_uid) == (2, 2)
        box.hangs_up_after = None
        assert mailbox.poll(box.url) == 3
    assert ReceivedMail.objects.count() == 5


def test_a_folder_numbered_anew_is_read_again_and_nothing_doubles():
    with Mailbox(*some(3)) as box:
        mailbox.poll(box.url)
        box.validity, box.messages = 8, {11: box.messages[1], 12: mails.simple("A new one")}
        assert mailbox.poll(box.url) == 2
    assert ReceivedMail.objects.count() == 4
    assert (MailboxPosition.objects.get().uid_validity, MailboxPosition.objects.get().last_uid) == (8, 12)


def test_a_large_mail_is_fetched_up_to_the_limit(settings):
    settings.INCOMING_MAX_BYTES = 1000
    with Mailbox(mails.simple("x" * 50_000)) as box:
        mailbox.poll(box.url)
    row = ReceivedMail.objects.get()
    assert (row.is_cut, len(bytes(row.raw)), row.size > 50_000) == (True, 1000, True)


def test_the_task_says_why_a_mailbox_is_away_and_never_the_password(settings, caplog):
    settings.IMAP_URL = "imap://reader:secret@127.0.0.1:1/INBOX"
    assert tasks.poll_mailbox() == 0
    assert "cannot be reached" in caplog.text
    assert "secret" not in caplog.text
    assert Tick.objects.filter(job="mailbox").exists()


def test_a_wrong_password_is_told_so(settings, caplog):
    with Mailbox() as box:
        settings.IMAP_URL = box.url.replace("p%40ss", "wrong")
        assert tasks.poll_mailbox() == 0
    assert "does not answer as it should" in caplog.text


def test_without_a_mailbox_nothing_is_polled(settings):
    settings.IMAP_URL = ""
    assert tasks.poll_mailbox() == 0
