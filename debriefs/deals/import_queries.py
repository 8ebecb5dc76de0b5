"""Imports, as far as a person may see them, and those that wait for a worker."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from accounts.enums import Role
from accounts.models import Person, Programme
from accounts.queries import teams_managed_by
from debriefs.deals.enums import ConflictChoice, ImportState
from debriefs.deals.models import DealImport, ImportConflict


def imports_visible_to(person: Person) -> QuerySet[DealImport]:
    """The programme's imports, newest first: all of them for a programme manager, own ones for a sales manager."""
    imports = DealImport.objects.filter(programme=person.programme).select_related("file", "started_by")
    if person.has_role(Role.ADMIN):
        return imports.order_by("-created_at", "-id")
    if person.has_role(Role.MANAGER):
        return imports.filter(started_by=person).order_by("-created_at", "-id")
    return imports.none()


def listed_imports(person: Person) -> QuerySet[DealImport]:
    """The person's imports with `open_conflicts` each, without what their files hold. No query by itself."""
    asked = Count("found_conflicts", filter=Q(found_conflicts__choice=ConflictChoice.OPEN))
    return imports_visible_to(person).defer("survey").annotate(open_conflicts=asked)


def import_visible_to(person: Person, import_id: UUID) -> DealImport:
    """The import, or 404. Leaves the file's bytes in the database. One query."""
    found = imports_visible_to(person).filter(pk=import_id).first()
    if found is None:
        raise Http404
    return found


def imports_to_resume(now: datetime) -> list[UUID]:
    """The imports of all programmes that wait for a worker or were left by one, oldest first. One query."""
    left = Q(state=ImportState.QUEUED) | Q(state=ImportState.RUNNING, lease_until__lt=now)
    return list(DealImport.objects.filter(left).order_by("created_at").values_list("pk", flat=True))


def is_being_undone(programme: Programme) -> bool:
    """Whether one of the programme's imports is: until that is over, none is run. One query."""
    return DealImport.objects.filter(programme=programme, state=ImportState.UNDOING).exists()


def undos_to_resume(now: datetime) -> list[UUID]:
    """The imports of all programmes that are to be undone and that no worker has, oldest first. One query."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    asked = DealImport.objects.filter(free, state=ImportState.UNDOING)
    return list(asked.order_by("undo_asked_at").values_list("pk", flat=True))


def open_conflicts_visible_to(person: Person, deal_import: DealImport) -> QuerySet[ImportConflict]:
    """The import's open questions about deals the person may change, by line, their deals joined. No query by itself."""
    asked = ImportConflict.objects.filter(deal_import=deal_import, choice=ConflictChoice.OPEN)
    if not person.has_role(Role.ADMIN):
        asked = asked.filter(deal__team__in=teams_managed_by(person).values("pk"))
    return asked.select_related(
        "deal__company", "deal__team", "deal__owner", "deal__offering", "deal__winner", "their_person"
    )


def conflict_visible_to(person: Person, deal_import: DealImport, conflict_id: UUID) -> ImportConflict:
    """One question of the import, answered or not, about a deal the person may change, or 404. One query."""
    asked = ImportConflict.objects.filter(deal_import=deal_import, pk=conflict_id)
    if not person.has_role(Role.ADMIN):
        asked = asked.filter(deal__team__in=teams_managed_by(person).values("pk"))
    found = asked.select_related("deal").first()
    if found is None:
        raise Http404
    return found
