"""Background work of this room."""

from celery import shared_task

from debriefs.calls import mailbox
from debriefs.foundation import clock, outbox


@shared_task
def poll_mailbox() -> int:
    """Takes in what is new in the mailbox. Safe to run twice: a mail is one row, whatever brings it."""
    outbox.record_tick("mailbox", clock.now())
    return mailbox.poll_configured()
