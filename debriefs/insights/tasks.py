"""Background work of this room."""

from celery import shared_task
from django.utils import timezone

from debriefs.foundation import clock
from debriefs.insights import actions, digest


@shared_task(name="debriefs.insights.tasks.take_snapshots")
def take_snapshots() -> None:
    """Takes the snapshots of quarters that closed. Safe to run twice because a quarter is claimed once, by a unique row."""
    now = clock.now()
    actions.take_snapshots(now=now, today=timezone.localdate(now))


@shared_task
def owe_figure_digests() -> int:
    """Writes the digests of saved views whose week or month has begun; how many. Safe to run twice: the period is in the key."""
    return digest.owe_digests(clock.now())
