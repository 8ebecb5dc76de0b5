"""Background work of this room: imports and selection."""

import logging
from collections.abc import Callable
from uuid import UUID

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from debriefs.deals.actions.imports import run_import as run
from debriefs.deals.actions.selection import decide_due
from debriefs.deals.actions.undo import undo_import as undo
from debriefs.deals.import_queries import imports_to_resume, undos_to_resume
from debriefs.foundation import clock

logger = logging.getLogger(__name__)


@shared_task(name="debriefs.deals.tasks.run_import")
def run_import(import_id: str) -> None:
    """Imports the rest of the file. Safe to run twice because only the holder of the lease writes, chunk by chunk."""
    run(import_id=UUID(import_id), clock=clock.now)


@shared_task(name="debriefs.deals.tasks.resume_imports")
def resume_imports() -> None:
    """Takes up imports and undoings that wait or whose worker died. Safe to run twice because each is claimed before it is run.

    One that fails is logged and keeps none of the others waiting; how often it may fail, the action counts.
    """
    _each(run, imports_to_resume(clock.now()))
    _each(undo, undos_to_resume(clock.now()))


def _each(work: Callable[..., bool], ids: list[UUID]) -> None:
    for import_id in ids:
        try:
            work(import_id=import_id, clock=clock.now)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("Import %s failed", import_id)


@shared_task(name="debriefs.deals.tasks.undo_import")
def undo_import(import_id: str) -> None:
    """Takes an import back. Safe to run twice because only the holder of the lease works, and what is gone is not found again."""
    undo(import_id=UUID(import_id), clock=clock.now)


@shared_task(name="debriefs.deals.tasks.decide_selections")
def decide_selections() -> None:
    """Chooses or passes over what was decided meanwhile. Safe to run twice because a deal is due only until it is decided."""
    decide_due(now=clock.now())
