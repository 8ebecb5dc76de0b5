"""Undoing an import: what it made and nothing depends on goes, what it changed and nobody touched since goes back.

What a person or a later import has built on stays, and is named with the reason. Reads only; `actions.undo` writes.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import PROTECT, Case, CharField, Exists, F, Model, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Team
from debriefs.deals.enums import Approval, DebriefState, PartyKind
from debriefs.deals.history import PEOPLE
from debriefs.deals.models import (
    Deal,
    DealChange,
    DealCompetitor,
    DealContact,
    DealImport,
    DealParty,
    OwnView,
    SalesNote,
)

AnyModel = TypeVar("AnyModel", bound=Model)

REASONS: "dict[str, str | Promise]" = {
    "debrief": _("a debrief is planned or was held"),
    "edited": _("was changed here since"),
    "later": _("was changed by a later import"),
    "own_view": _("its owner has given an own view"),
    "contact": _("a contact was approved, rejected or added since"),
    "people": _("people were added to the deal team, or an interviewer"),
    "notes": _("a note was added since"),
    "gone": _("what stood there before no longer exists"),
}
_DATES = ("opened_on", "decided_on", "implementation_starts_on")


def made_by(deal_import: DealImport) -> QuerySet[Any]:
    """The deals the import made, each with `kept_because`: a key of REASONS, or "" where nothing depends on it. No query by itself."""
    made = Deal.objects.filter(programme_id=deal_import.programme_id, imported_by=deal_import)
    return made.annotate(kept_because=_why_kept(deal_import))


def changed_by(deal_import: DealImport) -> QuerySet[Any]:
    """The older deals the import changed or added to, each with `kept_because`. No query by itself."""
    written = DealChange.objects.filter(deal_import=deal_import, by__isnull=True, undone_at__isnull=True)
    changed = Exists(written.filter(deal=OuterRef("pk")))
    added = Q(Exists(DealContact.objects.filter(deal=OuterRef("pk"), imported_by=deal_import)))
    for kind in (SalesNote, DealCompetitor):
        added |= Q(Exists(kind.objects.filter(deal=OuterRef("pk"), imported_by=deal_import)))
    older = Deal.objects.filter(programme_id=deal_import.programme_id).exclude(imported_by=deal_import)
    return older.filter(Q(changed) | added).annotate(kept_because=_why_kept(deal_import, is_older=True))


def unreferenced(rows: QuerySet[AnyModel]) -> QuerySet[AnyModel]:
    """Those to which no row of any table points, in this room or above it. No query by itself."""
    for relation in rows.model._meta.get_fields(include_hidden=True):
        # Relations back to a model without a name of their own are hidden, and count no less.
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            pointing = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})  # type: ignore[union-attr]
            rows = rows.filter(~Exists(pointing))
    return rows


def _why_kept(deal_import: DealImport, *, is_older: bool = False) -> Case:
    """The first reason that holds. An older deal is kept for what happened after the import; a new one for anything at all."""
    here = OuterRef("pk")
    since = Q(at__gte=deal_import.started_at or deal_import.created_at)
    changes = DealChange.objects.filter(deal=here, undone_at__isnull=True).exclude(field="external_id")
    edited, later = (
        changes.filter(by__isnull=False).exclude(field=PEOPLE),
        changes.filter(by__isnull=True).exclude(deal_import=deal_import),
    )
    contacts = DealContact.objects.filter(deal=here)
    answered = contacts.exclude(approval=Approval.WAITING)
    if is_older:
        edited, later = edited.filter(since), later.filter(since)
        answered = answered.filter(imported_by=deal_import)
    quiet = Q(debrief_state=DebriefState.NONE, hands_off_since__isnull=True)
    cases = [
        When(~quiet | _is_relied_on(), then=Value("debrief")),
        When(Exists(edited), then=Value("edited")),
        When(Exists(later), then=Value("later")),
        When(Exists(answered), then=Value("contact")),
    ]
    if not is_older:
        given = OwnView.objects.filter(deal=here).filter(Q(revision__gt=0) | Q(given_at__isnull=False))
        joined = DealParty.objects.filter(deal=here).exclude(kind=PartyKind.OWNER)
        foreign = ~Q(imported_by=deal_import) | Q(imported_by__isnull=True)
        cases += [
            When(Exists(given), then=Value("own_view")),
            When(Exists(joined), then=Value("people")),
            When(Exists(contacts.filter(foreign)), then=Value("contact")),
            When(Exists(SalesNote.objects.filter(deal=here).filter(foreign)), then=Value("notes")),
            When(Exists(DealCompetitor.objects.filter(deal=here).filter(foreign)), then=Value("later")),
        ]
    return Case(*cases, default=Value(""), output_field=CharField())


def _is_relied_on() -> Q:
    """Whether a row that may not lose its deal points to it: debriefs, releases and the like of the rooms above."""
    relied = Q(pk__isnull=True)
    for relation in Deal._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and getattr(relation, "on_delete", None) is PROTECT:
            pointing = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})  # type: ignore[union-attr]
            relied |= Q(Exists(pointing))
    return relied


@dataclass(frozen=True)
class Forecast:
    """What undoing would do: counts, and the first deals that stay with why."""

    removes: int
    restores: int
    kept: list[Deal]
    kept_count: int


def forecast(deal_import: DealImport, *, shown: int = 50) -> Forecast:
    """What undoing the import would do now. Four queries."""
    made, changed = made_by(deal_import), changed_by(deal_import)
    kept = list(made.exclude(kept_because="").order_by("name", "id")[:shown])
    kept += list(changed.exclude(kept_because="").order_by("name", "id")[: shown - len(kept)])
    free_made = made.filter(kept_because="").count()
    free_changed = changed.filter(kept_because="").count()
    return Forecast(free_made, free_changed, kept, made.count() + changed.count() - free_made - free_changed)


def value_before(deal: Deal, field: str, text: str) -> Any:
    """The value that the history wrote as `text`, as the facts of a deal take it. Raises LookupError when it is gone. Up to one query."""
    if not text:
        return None if field in (*_DATES, "amount", "owner", "team") else ""
    if field == "amount":
        return Decimal(text)
    if field in _DATES:
        return date.fromisoformat(text)
    if field == "team":
        return _found(Team.objects.filter(programme_id=deal.programme_id, name=text))
    if field == "owner":
        # Owners are ended, never removed: whoever owned the deal is still among its people.
        parts = DealParty.objects.filter(deal=deal, kind=PartyKind.OWNER, person__name=text)
        return _found(Person.objects.filter(pk__in=parts.values("person")).order_by(F("pk")))
    return text


def _found(rows: QuerySet[AnyModel]) -> AnyModel:
    found = rows.first()
    if found is None:
        raise LookupError
    return found
