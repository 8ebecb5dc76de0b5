"""An import undone in the background: asked for, claimed, taken back deal by deal, and at the end what nobody refers to any more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Person, Team
from debriefs.deals.actions.facts import facts_of, update_deal
from debriefs.deals.enums import ConflictChoice, ImportState
from debriefs.deals.import_tries import give_up
from debriefs.deals.import_undo import changed_by, made_by, unreferenced, value_before
from debriefs.deals.importing import LEASE
from debriefs.deals.models import (
    Company,
    Competitor,
    Contact,
    Deal,
    DealChange,
    DealCompetitor,
    DealContact,
    DealImport,
    ImportConflict,
    Offering,
    SalesNote,
)
from debriefs.deals.names import lock_names, refresh_contact_text
from debriefs.deals.refusals import NotRunning
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.refusals import Refusal

CHUNK_DEALS = 200
_OVER = (ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED, ImportState.UNDONE)
_BUSY = (ImportState.QUEUED, ImportState.RUNNING)


@transaction.atomic
def ask_to_undo(*, deal_import: DealImport, by: Person, now: datetime) -> DealImport:
    """The import waits for a worker that takes it back. May be asked again later, when what was kept is free.

    Raises NotRunning while the import itself, or another one of the programme, is under way: its rows may rest on these.
    """
    lock_names(deal_import.programme)
    if DealImport.objects.filter(programme_id=deal_import.programme_id, state__in=_BUSY).exists():
        raise NotRunning(_("An import is under way. Wait until it is over, or stop it; then undo this one."))
    asked = DealImport.objects.filter(pk=deal_import.pk, state__in=_OVER).update(
        state=ImportState.UNDOING, undo_asked_at=now, undo_asked_by=by, lease_until=None, tries=0, failure=""
    )
    if not asked:
        raise NotRunning(_("This import cannot be undone now."))
    _note(deal_import, "import.undo_asked", by=by, now=now)
    deal_import.refresh_from_db(fields=["state", "undo_asked_at", "undo_asked_by"])
    return deal_import


def undo_import(*, import_id: UUID, clock: Callable[[], datetime]) -> bool:
    """Takes the import back until nothing is left to take; False when it is not asked for, or another worker has it.

    Each chunk is one transaction and may be repeated: what is gone is not found again, so the next worker goes on where a killed
    one stopped. An unexpected error is raised again; after DealImport.MOST_TRIES at the same deals it ends as failed, with a
    sentence, and may be asked for again.
    """
    lease = _claim(import_id, clock())
    if lease is None:
        return False
    try:
        return _take_back(import_id, lease, clock)
    except Exception:
        give_up(DealImport.objects.filter(pk=import_id), now=clock())
        raise


def _take_back(import_id: UUID, lease: datetime, clock: Callable[[], datetime]) -> bool:
    deal_import = DealImport.objects.select_related("programme", "undo_asked_by").get(pk=import_id)
    refused: set[UUID] = set()
    while True:
        now = clock()
        with transaction.atomic():
            lock_names(deal_import.programme)
            held = DealImport.objects.select_for_update().get(pk=import_id)
            if held.state != ImportState.UNDOING or held.lease_until != lease:
                return False
            removed = _remove(deal_import)
            restored = 0 if removed else _restore(deal_import, refused, now)
            if not (removed or restored or _sweep(deal_import)):
                _finish(deal_import, now)
                return True
            lease = now + LEASE
            DealImport.objects.filter(pk=import_id).update(
                removed=F("removed") + removed, restored=F("restored") + restored, lease_until=lease, tries=1
            )


def _claim(import_id: UUID, now: datetime) -> datetime | None:
    lease = now + LEASE
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    waiting = DealImport.objects.filter(free, pk=import_id, state=ImportState.UNDOING)
    claimed = waiting.filter(tries__lt=DealImport.MOST_TRIES).update(lease_until=lease, tries=F("tries") + 1)
    if not claimed:
        give_up(waiting, now=now)
    return lease if claimed else None


def _remove(deal_import: DealImport) -> int:
    """Deletes some of the deals that the import made and nothing depends on; says how many."""
    free = made_by(deal_import).filter(kept_because="")
    chosen = list(free.order_by("pk").values_list("pk", flat=True)[:CHUNK_DEALS])
    # Whoever is about to build on one of them holds it now, and is seen by the second look; or waits until it is gone.
    held = list(Deal.objects.select_for_update().filter(pk__in=chosen).order_by("pk").values_list("pk", flat=True))
    still = list(free.filter(pk__in=held).values_list("pk", flat=True))
    Deal.objects.filter(pk__in=still).delete()
    return len(still)


def _restore(deal_import: DealImport, refused: set[UUID], now: datetime) -> int:
    """Gives some older deals back what they said before; says how many. Those that cannot be put back join `refused`."""
    waiting = changed_by(deal_import).filter(kept_because="").order_by("pk").values_list("pk", flat=True)
    restored = 0
    while not restored and (chosen := list(waiting.exclude(pk__in=refused)[:CHUNK_DEALS])):
        for deal in Deal.objects.select_for_update().filter(pk__in=chosen).order_by("pk"):
            try:
                with transaction.atomic():
                    _put_back(deal, deal_import, now)
                restored += 1
            except (LookupError, Refusal):
                refused.add(deal.pk)
    return restored


def _put_back(deal: Deal, deal_import: DealImport, now: datetime) -> None:
    """The deal says again what it said before the import. Raises LookupError for a team or owner that is gone, and refusals of
    `update_deal`.
    """
    written = DealChange.objects.filter(deal=deal, deal_import=deal_import, by__isnull=True, undone_at__isnull=True)
    before = {change.field: change.before for change in written.order_by("-id")}
    external_id = before.pop("external_id", None)
    values = {field: value_before(deal, field, text) for field, text in before.items()}
    for kind in (SalesNote, DealCompetitor, DealContact):
        kind.objects.filter(deal=deal, imported_by=deal_import).delete()
    refresh_contact_text([deal.pk])
    if external_id is not None:
        Deal.objects.filter(pk=deal.pk).update(external_id=external_id)
    update_deal(
        deal=deal,
        facts=replace(facts_of(deal), **values),
        base_version=deal.version,
        by=deal_import.undo_asked_by,
        now=now,
        deal_import_id=deal_import.pk,
    )
    DealChange.objects.filter(deal=deal, deal_import=deal_import, undone_at__isnull=True).update(undone_at=now)


def _sweep(deal_import: DealImport) -> int:
    """Deletes some of the contacts, names, people and teams that the import made and nothing points to any more."""
    of_programme = {"programme_id": deal_import.programme_id}
    made: list[QuerySet[Any]] = [
        kind.objects.filter(imported_by=deal_import, **of_programme)
        for kind in (Contact, Company, Offering, Competitor)
    ]
    made.append(Person.objects.filter(pk__in=deal_import.made_people, user__isnull=True, **of_programme))
    made.append(Team.objects.filter(pk__in=deal_import.made_teams, **of_programme))
    swept = 0
    for rows in made:
        chosen = list(unreferenced(rows).values_list("pk", flat=True)[: CHUNK_DEALS * 5])
        rows.model._base_manager.filter(pk__in=chosen).delete()
        swept += len(chosen)
    return swept


def _finish(deal_import: DealImport, now: datetime) -> None:
    DealImport.objects.filter(pk=deal_import.pk).update(state=ImportState.UNDONE, undone_at=now, lease_until=None)
    ImportConflict.objects.filter(deal_import=deal_import, choice=ConflictChoice.OPEN).update(
        choice=ConflictChoice.SETTLED, resolved_at=now
    )
    _note(deal_import, "import.undone", by=deal_import.undo_asked_by, now=now)


def _note(deal_import: DealImport, action: str, *, by: Person | None, now: datetime) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.OPERATOR,
        actor_id=by.pk if by else None,
        programme_id=deal_import.programme_id,
        subject_kind="import",
        subject_id=deal_import.pk,
    )
