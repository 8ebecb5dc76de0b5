"""Background work of the outbox."""

from celery import shared_task

from debriefs.foundation import clock, outbox


@shared_task
def drain_notices() -> dict[str, int]:
    """Delivers what is due. Safe to run twice because every notice is claimed by conditional update before it is sent."""
    outbox.record_tick("notices", clock.now())
    return outbox.drain()
