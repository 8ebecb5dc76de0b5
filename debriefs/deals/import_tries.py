"""An end to trying: work that fails again and again at the same place is given up, with a sentence for a person."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from debriefs.deals.enums import ImportState
from debriefs.deals.models import DealImport


@transaction.atomic
def give_up(imports: QuerySet[DealImport], *, now: datetime, lines: tuple[int, int] = (0, 0)) -> bool:
    """Whether the one import or undoing among `imports` had its last try and is marked failed now. Up to two queries.

    What it wrote so far stays, and can be undone. `lines` are the first and last line of the rows that could not be written,
    0 where nobody lives who could tell.
    """
    tried = imports.filter(
        tries__gte=DealImport.MOST_TRIES, state__in=(ImportState.QUEUED, ImportState.RUNNING, ImportState.UNDOING)
    )
    held = tried.select_for_update(of=("self",)).first()
    if held is None:
        return False
    held.failure = _undoing_stopped(held) if held.state == ImportState.UNDOING else _import_stopped(held, lines)
    held.state, held.finished_at, held.lease_until = ImportState.FAILED, held.finished_at or now, None
    held.save(update_fields=["failure", "state", "finished_at", "lease_until"])
    return True


def _import_stopped(held: DealImport, lines: tuple[int, int]) -> str:
    if lines[0]:
        where = _("The rows from line %(first)d to line %(last)d could not be written.") % {
            "first": lines[0],
            "last": lines[1],
        }
    else:
        where = _("The rows after row %(done)d could not be written.") % {"done": held.rows_done}
    return " ".join(
        (
            where,
            _("%(tries)d tries ended in an unexpected error; the log of the worker says which.") % {"tries": held.tries},
            _("None of these rows was written; what the %(done)d rows before them made stays.") % {"done": held.rows_done},
            _("Go on to try them once more, or undo the import, or upload a file without them."),
        )
    )  # fmt: skip


def _undoing_stopped(held: DealImport) -> str:
    return " ".join(
        (
            _("%(tries)d tries ended in an unexpected error; the log of the worker says which.") % {"tries": held.tries},
            _("%(done)d deals were taken back before; the others stand as they were.") % {"done": held.undone_count},
            _("Undo the import again to go on."),
        )
    )  # fmt: skip
