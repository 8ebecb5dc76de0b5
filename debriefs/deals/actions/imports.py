"""An import from upload to queue: received, mapped, started; claimed by a worker."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import Person, Programme
from debriefs.deals.actions.selection import decide_due
from debriefs.deals.enums import ImportState
from debriefs.deals.import_tries import give_up
from debriefs.deals.importing import LEASE, ImportRun, mapping_of
from debriefs.deals.mapping import Mapping, date_question, decimal_question, propose, says_no_stages, with_what_shows
from debriefs.deals.models import DealImport
from debriefs.deals.reader import LINE_COLUMN, REASON_COLUMN, Shape, Source, opened, sheets_of, sniff
from debriefs.deals.refusals import MissingFact, NotRunning, UnreadableFile
from debriefs.deals.survey import Survey, survey
from debriefs.deals.uploads import keep_upload, open_upload
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind


@transaction.atomic
def receive_upload(
    *,
    programme: Programme,
    name: str,
    content: Source,
    by: Person | None,
    now: datetime,
    mapping_name: str = "",
    encoding: str = "",
    sheet: str = "",
) -> DealImport:
    """The file is kept and read once from end to end, and its mapping proposed; nothing is imported yet.

    Raises UnreadableFile with the line for what cannot be read to its end. A mapping confirmed before for the same columns
    is proposed again; `mapping_name` names a known export instead. `encoding` is how a text is read whatever its bytes suggest; `sheet` chooses one of a
    workbook's sheets.
    """
    sheets = sheets_of(content)
    if sheet and sheet not in sheets:
        raise UnreadableFile(_("The file has no sheet named %(name)s.") % {"name": sheet})
    shape = sniff(content, encoding=encoding, sheet=sheet)
    found = survey(content, shape)
    if found.rows_total == 0:
        raise UnreadableFile(_("The file has a header but no rows below it."))
    uploaded = keep_upload(programme=programme, name=name, file=opened(content), by=by, now=now)
    remembered = None if mapping_name else _remembered(programme, shape.columns)
    deal_import = DealImport(programme=programme, file=uploaded, started_by=by, created_at=now)
    _keep_layout(deal_import, shape, found, sheets)
    _keep_mapping(deal_import, propose(shape.columns, found, name=mapping_name, remembered=remembered))
    deal_import.save()
    _note(deal_import, "import.received", by=by, now=now)
    return deal_import


@transaction.atomic
def reread(
    *,
    deal_import: DealImport,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    by: Person | None,
    now: datetime,
) -> DealImport:
    """The same file read with another encoding, delimiter or sheet, and its mapping proposed anew.

    Raises UnreadableFile when it cannot be read that way, and changes nothing then.
    """
    locked = _locked(deal_import)
    with open_upload(locked.file) as file:
        shape = sniff(file, encoding=encoding, delimiter=delimiter, sheet=sheet)
        found = survey(file, shape)
    if found.rows_total == 0:
        raise UnreadableFile(_("The file has a header but no rows below it."))
    _keep_layout(locked, shape, found, locked.survey.get("sheets", []))
    _keep_mapping(locked, propose(shape.columns, found, remembered=_remembered(locked.programme, shape.columns)))
    locked.save()
    _note(locked, "import.reread", by=by, now=now)
    return locked


@transaction.atomic
def set_mapping(*, deal_import: DealImport, mapping: Mapping, by: Person | None, now: datetime) -> DealImport:
    """The mapping as a person chose it; stages of a newly chosen column get proposals, earlier answers stay."""
    locked = _locked(deal_import)
    found = Survey.from_json(locked.survey)
    # A column of dates or amounts chosen only now shows its order or its sign only now.
    chosen = with_what_shows(mapping, found, mapping_of(locked))
    proposed = propose(locked.columns, found, remembered=chosen)
    _keep_mapping(locked, replace(proposed, date_order=chosen.date_order, decimal=chosen.decimal))
    locked.save()
    _note(locked, "import.mapped", by=by, now=now)
    return locked


@transaction.atomic
def queue_import(*, deal_import: DealImport, by: Person | None, now: datetime) -> DealImport:
    """The import waits for a worker. Raises MissingFact while rows cannot be told apart, stages have no meaning or a question is open."""
    locked = _locked(deal_import)
    mapping = mapping_of(locked)
    if not mapping.has_key:
        raise MissingFact(
            _(
                "Say which column is the id in the CRM. Without one, deal name, company and decision date are needed "
                "together."
            )
        )
    if says_no_stages(mapping, Survey.from_json(locked.survey)):
        raise MissingFact(
            _("%(column)s holds too many different values to be a stage. Say which other column is, or leave it out.")
            % {"column": locked.columns[mapping.columns_of("stage")[0]]}
        )
    _order, ask = date_question(mapping, Survey.from_json(locked.survey))
    if ask and not mapping.date_order:
        raise MissingFact(_("Say in which order day and month stand in this file."))
    _decimal, ask = decimal_question(mapping, Survey.from_json(locked.survey))
    if ask and not mapping.decimal:
        raise MissingFact(_("Say whether a point or a comma is the decimal sign in this file."))
    locked.state = ImportState.QUEUED
    locked.started_by = by
    locked.save(update_fields=["state", "started_by"])
    _note(locked, "import.started", by=by, now=now)
    return locked


@transaction.atomic
def cancel_import(*, deal_import: DealImport, by: Person | None, now: datetime) -> DealImport:
    """No further chunk is written; what was written stays. Raises NotRunning for an import that is over."""
    live = (ImportState.UPLOADED, ImportState.QUEUED, ImportState.RUNNING)
    changed = DealImport.objects.filter(pk=deal_import.pk, state__in=live).update(
        state=ImportState.CANCELLED, finished_at=now, lease_until=None
    )
    if not changed:
        raise NotRunning(_("This import is over already."))
    _note(deal_import, "import.cancelled", by=by, now=now)
    deal_import.refresh_from_db(fields=["state", "finished_at", "lease_until"])
    return deal_import


@transaction.atomic
def go_on(*, deal_import: DealImport, by: Person | None, now: datetime) -> DealImport:
    """An import that was given up waits for a worker again, from the row where it stands. Raises NotRunning for any other."""
    locked = DealImport.objects.select_for_update(of=("self",)).get(pk=deal_import.pk)
    if not locked.can_go_on:
        raise NotRunning(_("This import cannot go on. Upload the file again to import it."))
    locked.state, locked.tries, locked.failure, locked.finished_at = ImportState.QUEUED, 0, "", None
    locked.save(update_fields=["state", "tries", "failure", "finished_at"])
    _note(locked, "import.went_on", by=by, now=now)
    return locked


def claim_import(*, import_id: UUID, now: datetime) -> datetime | None:
    """The lease, when the import waits or its worker's lease has run out; None when another worker has it, or when so many workers
    died over its next rows that it is given up now. One query, two more for giving up.

    The lease's end is also its token: it is unlike any earlier one, because it is given only after that one has passed.
    """
    lease = now + LEASE
    waiting = Q(state=ImportState.QUEUED) | Q(state=ImportState.RUNNING, lease_until__lt=now)
    # While another import is being undone nothing is written that might rest on what it takes away.
    undoing = DealImport.objects.filter(programme=OuterRef("programme"), state=ImportState.UNDOING)
    free = DealImport.objects.filter(waiting, ~Exists(undoing), pk=import_id)
    claimed = free.filter(tries__lt=DealImport.MOST_TRIES).update(
        state=ImportState.RUNNING,
        lease_until=lease,
        started_at=Coalesce(F("started_at"), now),
        tries=F("tries") + 1,
    )
    if not claimed:
        give_up(free, now=now)
    return lease if claimed else None


def run_import(*, import_id: UUID, clock: Callable[[], datetime]) -> bool:
    """Works on the import until it is over; False when another worker has it.

    `clock` is asked per chunk. A file that turns out unreadable ends the import as failed, with the sentence. Any other error is
    raised again and leaves the lease to run out: the next worker goes on from the last whole chunk, until DealImport.MOST_TRIES
    have failed at the same rows; then the import is failed, with a sentence that names the lines.
    """
    now = clock()
    lease = claim_import(import_id=import_id, now=now)
    if lease is None:
        return False
    run = None
    try:
        run = ImportRun(import_id, lease, now)
        while run.next_chunk(clock()):
            pass
    except UnreadableFile as error:
        DealImport.objects.filter(pk=import_id, state=ImportState.RUNNING).update(
            state=ImportState.FAILED, failure=str(error)[:500], finished_at=clock(), lease_until=None
        )
    except Exception:
        give_up(DealImport.objects.filter(pk=import_id), now=clock(), lines=run.lines if run else (0, 0))
        raise
    # What was written is decided at once; should this worker die here, the tick does it.
    decide_due(now=clock())
    return True


def _remembered(programme: Programme, columns: list[str]) -> Mapping | None:
    """The mapping last imported with for these columns; a list of rejected rows is read as the file it came from."""
    own = [name for name in columns if name not in (LINE_COLUMN, REASON_COLUMN)]
    earlier = (
        DealImport.objects.filter(programme=programme, columns__in=[columns, own], state=ImportState.DONE)
        .order_by("-created_at")
        .first()
    )
    if earlier is None:
        return None
    mapping = mapping_of(earlier)
    return replace(mapping, fields=mapping.fields + [""] * (len(columns) - len(mapping.fields)))


def _keep_layout(deal_import: DealImport, shape: Shape, found: Survey, sheets: list[str]) -> None:
    deal_import.encoding, deal_import.delimiter, deal_import.columns = shape.encoding, shape.delimiter, shape.columns
    deal_import.survey = found.as_json() | {
        "header_at": shape.header_at,
        "sheet": shape.sheet,
        "sheets": sheets,
    }
    deal_import.rows_total = found.rows_total


def _keep_mapping(deal_import: DealImport, mapping: Mapping) -> None:
    deal_import.source, deal_import.date_order = mapping.source, mapping.date_order
    deal_import.mapping, deal_import.outcomes = mapping.as_json(), mapping.outcomes


def _locked(deal_import: DealImport) -> DealImport:
    locked = DealImport.objects.select_for_update(of=("self",)).select_related("file").get(pk=deal_import.pk)
    if locked.state != ImportState.UPLOADED:
        raise NotRunning(_("This import has been started already. Upload the file again to read it differently."))
    return locked


def _note(deal_import: DealImport, action: str, *, by: Person | None, now: datetime) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.OPERATOR,
        actor_id=by.pk if by else None,
        programme_id=deal_import.programme_id,
        subject_kind="import",
        subject_id=deal_import.pk,
        detail={"rows": deal_import.rows_total},
    )
