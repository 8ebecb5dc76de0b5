"""Background work of this room."""

from celery import shared_task

from debriefs.calls import mailbox, window_digest
from debriefs.calls.actions.availability import due_calendars, read_calendar
from debriefs.foundation import clock, outbox

# Each may take fifteen seconds to answer; what is left over is next tick's.
_CALENDARS_A_TICK = 10


@shared_task
def poll_mailbox() -> int:
    """Takes in what is new in the mailbox. Safe to run twice: a mail is one row, whatever brings it."""
    outbox.record_tick("mailbox", clock.now())
    return mailbox.poll_configured()


@shared_task
def read_calendars() -> int:
    """Reads the calendars whose time has come; how many. Safe to run twice: each is claimed by a conditional update first."""
    due = due_calendars(clock.now(), most=_CALENDARS_A_TICK)
    return sum(read_calendar(calendar_id=one, now=clock.now()) for one in due)


@shared_task
def owe_window_digests() -> int:
    """Writes the digests of windows that close; how many. Safe to run twice: a deal is new to a person once, and the day is in the key."""
    return window_digest.owe_digests(clock.now())
