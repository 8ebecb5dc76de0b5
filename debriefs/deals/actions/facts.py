"""The facts of a deal: typed in, changed, decided; every change leaves a line of history."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Programme
from debriefs.codebook.queries import meaning_of_reason
from debriefs.deals.actions.parties import put_owner
from debriefs.deals.actions.selection import decide_deal
from debriefs.deals.deal_facts import DealFacts
from debriefs.deals.enums import DECIDED, Outcome, Selection
from debriefs.deals.models import Company, Competitor, Deal, DealChange, DealCompetitor, Offering, SalesNote
from debriefs.deals.names import found_or_made, reads
from debriefs.deals.read_deals import KEY_MARK
from debriefs.deals.refusals import DealIsStale, MissingFact
from debriefs.deals.rules import search_text, today_in
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind

_PLAIN = (
    "name",
    "team",
    "solution_presented",
    "segment",
    "stage",
    "amount",
    "currency",
    "outcome",
    "withdrawn_by",
    "opened_on",
    "decided_on",
    "implementation_starts_on",
    "crm_reason",
    "announced_on",
)


@transaction.atomic
def create_deal(
    *,
    programme: Programme,
    facts: DealFacts,
    by: Person | None,
    now: datetime,
    source: str = "",
    external_id: str = "",
) -> Deal:
    """A new deal with its owner as a party, chosen or passed over by rule.

    Raises MissingFact for a decided deal without its date, or one dated in the future.
    """
    deal = Deal(pk=uuid4(), programme=programme, source=source, external_id=external_id, created_at=now, updated_at=now)
    _write_facts(deal, facts, by=by, now=now)
    deal.owner = facts.owner
    deal.save(force_insert=True)
    _write_competitors(deal, facts.competitors)
    if facts.owner is not None:
        put_owner(deal=deal, person=facts.owner, now=now, by=by)
    decide_deal(deal=deal, now=now)
    _note(deal, "deal.created", by=by, now=now, detail={"outcome": deal.outcome, "selection": deal.selection})
    return deal


@transaction.atomic
def update_deal(
    *,
    deal: Deal,
    facts: DealFacts,
    base_version: int,
    by: Person | None,
    now: datetime,
    deal_import_id: UUID | None = None,
) -> Deal:
    """The deal with the facts as given, its version one higher, a line of history per changed field.

    `base_version` is the version the person saw: raises DealIsStale when somebody else changed the deal since.
    `deal_import_id` names the import whose values these are: they count as what the CRM says, not as changed here.
    Nothing changes, not even the version, when every fact is as it was. A new owner goes through the party rules and may
    be refused with NotNeutral.
    """
    locked = _locked(deal)
    if locked.version != base_version:
        raise DealIsStale(locked)
    before = _all_facts(locked)
    owner_before = locked.owner
    _write_facts(locked, facts, by=by, now=now)
    _write_competitors(locked, facts.competitors)
    if facts.owner != owner_before:
        put_owner(deal=locked, person=facts.owner, now=now, by=by)
    after = _all_facts(locked)
    changes = [
        DealChange(
            programme_id=locked.programme_id,
            deal=locked,
            at=now,
            by=by,
            deal_import_id=deal_import_id,
            field=field,
            before=before[field],
            after=text,
        )
        for field, text in after.items()
        if text != before[field]
    ]
    if changes:
        locked.version += 1
        locked.updated_at = now
        locked.save()
        DealChange.objects.bulk_create(changes)
        decide_deal(deal=locked, now=now)
        _note(locked, "deal.changed", by=by, now=now, detail={"fields": [change.field for change in changes]})
    return locked


@transaction.atomic
def set_outcome(
    *,
    deal: Deal,
    outcome: str,
    decided_on: date | None,
    by: Person | None,
    now: datetime,
    withdrawn_by: str = "",
) -> Deal:
    """The deal with its outcome and decision date; other facts untouched. Raises MissingFact as `create_deal` does."""
    locked = _locked(deal)
    decided = replace(facts_of(locked), outcome=outcome, decided_on=decided_on, withdrawn_by=withdrawn_by)
    return update_deal(deal=locked, facts=decided, base_version=locked.version, by=by, now=now)


@transaction.atomic
def announce(*, deal: Deal, on: date, by: Person, now: datetime) -> Deal:
    """That the buyer was told on that day that a debrief follows whatever the outcome; who said so is kept.

    Raises MissingFact for a day in the future, and after the decision: then it is no early announcement.
    """
    locked = _locked(deal)
    if on > today_in(locked.programme.time_zone, now):
        raise MissingFact(_("This day lies in the future."))
    if locked.decided_on is not None and locked.outcome in DECIDED and on > locked.decided_on:
        raise MissingFact(_("Announced is what the buyer was told before the decision."))
    announced = replace(facts_of(locked), announced_on=on)
    return update_deal(deal=locked, facts=announced, base_version=locked.version, by=by, now=now)


@transaction.atomic
def add_note(*, deal: Deal, text: str, written_on: date, by: Person | None, now: datetime) -> SalesNote:
    """A dated note of our side in the sales record."""
    note = SalesNote.objects.create(
        programme_id=deal.programme_id, deal=deal, written_on=written_on, author=by, text=text
    )
    _note(deal, "deal.note_added", by=by, now=now, detail={"note": str(note.pk)})
    return note


def facts_of(deal: Deal) -> DealFacts:
    """The facts as a person would type them; what a form starts with. Up to five queries."""
    return DealFacts(
        company=deal.company.name if deal.company else "",
        offering=deal.offering.name if deal.offering else "",
        winner=deal.winner.name if deal.winner else "",
        owner=deal.owner,
        competitors=tuple(_competitor_names(deal)),
        **{field: getattr(deal, field) for field in _PLAIN},
    )


def _locked(deal: Deal) -> Deal:
    return (
        Deal.objects.select_for_update(of=("self",))
        .select_related("programme", "company", "team", "owner", "offering", "winner")
        .get(pk=deal.pk)
    )


def _write_facts(deal: Deal, facts: DealFacts, *, by: Person | None, now: datetime) -> None:
    """Sets the fields on the unsaved deal. Checks what the database would refuse, so that a person reads a sentence."""
    programme = deal.programme
    today = today_in(programme.time_zone, now)
    if facts.outcome in DECIDED and facts.decided_on is None:
        raise MissingFact(_("A decided deal needs the day on which the buyer decided."))
    if facts.decided_on is not None and facts.decided_on > today:
        raise MissingFact(
            _("The decision date lies in the future. Leave the outcome open until the buyer has decided.")
        )
    was_decided, reason_before = deal.outcome in DECIDED, deal.crm_reason
    for field in _PLAIN:
        setattr(deal, field, getattr(facts, field))
    if deal.outcome != Outcome.WITHDRAWN:
        deal.withdrawn_by = ""
    deal.company = found_or_made(Company, programme, facts.company)
    deal.offering = found_or_made(Offering, programme, facts.offering)
    deal.winner = found_or_made(Competitor, programme, facts.winner)
    deal.currency = deal.currency or (programme.currency if deal.amount is not None else "")
    deal.announced_by = (deal.announced_by or by) if deal.announced_on else None
    if deal.crm_reason != reason_before:
        deal.own_reason_category, deal.own_reason_driver = meaning_of_reason(programme, deal.crm_reason)
    if not was_decided or deal.outcome not in DECIDED or deal.selection == Selection.UNDECIDED:
        deal.selection, deal.selection_reason = Selection.UNDECIDED, ""
    deal.search_text = search_text(
        name=deal.name,
        company=deal.company.name if deal.company else "",
        offering=deal.offering.name if deal.offering else "",
        external_id="" if deal.external_id.startswith(KEY_MARK) else deal.external_id,
    )


def _write_competitors(deal: Deal, names: tuple[str, ...]) -> None:
    """The deal's competitors are exactly these."""
    wanted = {}
    for name in names:
        competitor = found_or_made(Competitor, deal.programme, name)
        if competitor is not None:
            wanted[competitor.pk] = competitor
    DealCompetitor.objects.filter(deal=deal).exclude(competitor__in=wanted).delete()
    DealCompetitor.objects.bulk_create(
        [
            DealCompetitor(programme_id=deal.programme_id, deal=deal, competitor=competitor)
            for competitor in wanted.values()
        ],
        ignore_conflicts=True,
    )


def _competitor_names(deal: Deal) -> list[str]:
    return list(
        Competitor.objects.filter(pk__in=DealCompetitor.objects.filter(deal=deal).values("competitor"))
        .order_by("name_key")
        .values_list("name", flat=True)
    )


def _all_facts(deal: Deal) -> dict[str, str]:
    named = {field: reads(getattr(deal, field)) for field in (*_PLAIN, "company", "owner", "offering", "winner")}
    return named | {"competitors": reads(_competitor_names(deal))}


def _note(deal: Deal, action: str, *, by: Person | None, now: datetime, detail: dict[str, Any]) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.RULE,
        actor_id=by.pk if by else None,
        programme_id=deal.programme_id,
        subject_kind="deal",
        subject_id=deal.pk,
        detail=detail,
    )
