"""Writes one chunk of read rows: new deals, changed deals, and the people around them, each kind in one statement.

Only what the file provides is written: a blank cell erases nothing. What a person changed here since the last import stays;
where the CRM has moved on as well, the difference is listed.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Person, Team
from debriefs.codebook.models import Category, Driver
from debriefs.codebook.queries import meanings_of_reasons
from debriefs.codebook.rules import reason_key
from debriefs.deals.enums import DECIDED, HEARD, Outcome, PartyKind, Selection
from debriefs.deals.import_around import Surroundings, Written
from debriefs.deals.import_arrivals import Arrivals
from debriefs.deals.import_conflicts import ChangedHere
from debriefs.deals.import_names import KnownNames
from debriefs.deals.import_standing import (
    WRITTEN,
    Key,
    StandingDeal,
    of_row,
    provides,
    reads_alike,
    says_the_same,
    standing,
    with_open_questions,
)
from debriefs.deals.mapping import FIELDS, Mapping
from debriefs.deals.models import (
    Company,
    Competitor,
    Deal,
    DealChange,
    DealImport,
    DealParty,
    Offering,
    OwnView,
)
from debriefs.deals.names import KnownThing, reads
from debriefs.deals.read_deals import KEY_MARK, Problem, ReadDeal
from debriefs.deals.rules import name_key, search_text
from debriefs.foundation.bulk_rows import BulkRows

# A new deal as it is copied in, in this order; everything else takes its default.
_NEW_DEAL = (
    "id", "source", "external_id", "name", "company_id", "team_id", "owner_id", "offering_id", "segment", "stage", "amount", "currency",
    "outcome", "withdrawn_by", "opened_on", "decided_on", "implementation_starts_on", "winner_id", "crm_reason",
    "own_reason_category_id", "own_reason_driver_id", "selection", "selection_reason", "out_of_statistics", "search_text",
    "contact_text",
)  # fmt: skip
_THINGS: dict[str, type[Company | Offering | Competitor]] = {
    "company": Company,
    "offering": Offering,
    "winner": Competitor,
}
# Which column a conflict is listed under, for facts whose field on the page has another name.
_COLUMN_OF = {"outcome": "stage", "withdrawn_by": "stage", "decided_on": "closed_on"}


@dataclass(frozen=True)
class AllowedTeams:
    """Whose deals an import may touch: None means all. A sales manager's rows without team fall to their only team."""

    teams: dict[UUID, Team] | None

    def team_for(self, named: Team | None) -> Team | None:
        """The team a new deal gets."""
        if named is None and self.teams is not None and len(self.teams) == 1:
            return next(iter(self.teams.values()))
        return named

    def allow(self, team_id: UUID | None) -> bool:
        """Whether a deal of this team may be written."""
        return self.teams is None or team_id in self.teams


@dataclass
class ChunkResult:
    """What became of the rows of one chunk, by line where a row needs telling."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[tuple[int, list[Problem]]] = field(default_factory=list)
    conflicts: int = 0


class ChunkWriter:
    """Writes the rows of one chunk in the caller's transaction, which holds the programme's names."""

    def __init__(
        self,
        deal_import: DealImport,
        mapping: Mapping,
        names: KnownNames,
        allowed: AllowedTeams,
        today: date,
        now: datetime,
    ) -> None:
        self.deal_import, self.mapping, self.names = deal_import, mapping, names
        self.programme, self.allowed, self.today, self.now = deal_import.programme, allowed, today, now
        self.meanings = meanings_of_reasons(self.programme) if mapping.columns_of("crm_reason") else {}
        self.result = ChunkResult()
        self.changes: list[DealChange] = []
        self.new_parties = BulkRows(
            DealParty, "id", "deal_id", "person_id", programme_id=self.programme.pk, kind="owner", joined_at=now
        )
        self.touched: set[UUID] = set()

    def write(self, deals: list[ReadDeal]) -> ChunkResult:
        """Creates and updates; the figures say how many of each. About twenty queries whatever the number of rows."""
        stand = standing(self.programme.pk, deals)
        deals = [self._with_known_owner(read, stand) for read in deals]
        self.names.learn(deals)
        facts = [self._facts(read) for read in deals]
        changed = self._changed(deals, facts, stand)
        parties = self._parties_of(changed.values())
        self.here = ChangedHere(self.deal_import, changed.values(), self.now)
        written: list[Written] = []
        fresh: list[tuple[Written, dict[str, Any]]] = []
        for read, said in zip(deals, facts, strict=True):
            there = of_row(read, stand)
            deal = changed.get(there.pk) if there else None
            problem = self._refusal(read, deal, said, parties) if deal or not there else None
            if problem is not None:
                self.result.refused.append((read.line, [problem]))
            elif there is None:
                written.append(Written(read, uuid4(), said["company"], is_new=True))
                fresh.append((written[-1], said))
            elif deal is None:
                company = KnownThing(there.company_id, there.company) if there.company_id else None
                written.append(Written(read, there.pk, company, is_new=False))
            else:
                self._update(read, deal, said, parties)
                company = KnownThing(deal.company.pk, deal.company.name) if deal.company else None
                written.append(Written(read, deal.pk, company, is_new=False))
        around = Surroundings(self.deal_import, self.names, self.today, self.now)
        around.meet_contacts(written)
        self._write_new(fresh)
        self._save_changed(changed.values())
        self.here.write()
        self.touched |= around.write(written)
        known = [one.deal_id for one in written if not one.is_new]
        self.result.created = len(fresh)
        self.result.updated = sum(1 for pk in known if pk in self.touched)
        self.result.unchanged = len(known) - self.result.updated
        self.result.conflicts = self.here.found
        return self.result

    def _changed(
        self, deals: list[ReadDeal], facts: list[dict[str, Any]], stand: dict[Key, StandingDeal]
    ) -> dict[UUID, Deal]:
        """The deals about which a row may say anything new, locked. Up to two queries.

        All of them for a sales manager, whose rights are asked deal by deal.
        """
        if not stand:
            return {}
        ids = set() if self.allowed.teams is None else {deal.pk for deal in stand.values()}
        ids |= with_open_questions(deal.pk for deal in stand.values())
        for read, said in zip(deals, facts, strict=True):
            deal = of_row(read, stand)
            if deal and deal.pk not in ids and not says_the_same(read, deal, said):
                ids.add(deal.pk)
        if not ids:
            return {}
        found = Deal.objects.select_for_update(of=("self",)).filter(pk__in=ids)
        return {deal.pk: deal for deal in found.select_related("company", "team", "offering", "winner", "owner")}

    def _with_known_owner(self, read: ReadDeal, stand: dict[Key, StandingDeal]) -> ReadDeal:
        """A bare name that the deal's owner bears says nothing new, even where the owner has an account."""
        deal = of_row(read, stand)
        if deal is None or deal.owner_id is None or read.owner is None or read.owner.email or read.owner_id:
            return read
        return read._replace(owner=None) if name_key(read.owner.name) == name_key(deal.owner) else read

    def _parties_of(self, deals: Any) -> dict[UUID, dict[UUID, DealParty]]:
        parties: dict[UUID, dict[UUID, DealParty]] = defaultdict(dict)
        rows = DealParty.objects.filter(deal__in=[deal.pk for deal in deals]).select_related("person")
        for party in rows:
            parties[party.deal_id][party.person_id] = party
        return parties

    def _facts(self, read: ReadDeal) -> dict[str, Any]:
        owner = self.names.owner_of(read)
        return {
            "name": read.name,
            "company": self.names.thing(Company, read.company),
            "team": self.names.team_of(read, owner),
            "offering": self.names.thing(Offering, read.offering),
            "segment": read.segment,
            "stage": read.stage,
            "amount": read.amount,
            "currency": read.currency or (self.programme.currency if read.amount is not None else ""),
            "outcome": read.outcome,
            "withdrawn_by": read.withdrawn_by,
            "opened_on": read.opened_on,
            "decided_on": read.decided_on,
            "implementation_starts_on": read.implementation_starts_on,
            "crm_reason": read.crm_reason,
            "winner": self.names.thing(Competitor, read.winner),
            "owner": owner,
        }

    def _refusal(
        self, read: ReadDeal, deal: Deal | None, facts: dict[str, Any], parties: dict[UUID, dict[UUID, DealParty]]
    ) -> Problem | None:
        if deal is None:
            if not read.source:
                return Problem(self._column("external_id"), read.external_id, _("is not a deal that was typed in here"))
            if not self.allowed.allow(getattr(self.allowed.team_for(facts["team"]), "pk", None)):
                return Problem(self._column("team"), read.team, _("is not a team you manage"))
            return None
        named_team = facts["team"].pk if facts["team"] and read.team else deal.team_id
        if not (self.allowed.allow(deal.team_id) and self.allowed.allow(named_team)):
            return Problem(self._column("external_id"), read.external_id, _("belongs to a team you do not manage"))
        owner: Person | None = facts["owner"]
        if owner and owner.pk != deal.owner_id and self._interviews(owner, deal, parties[deal.pk]):
            return Problem(self._column("owner"), owner.name, _("is the interviewer of this deal and cannot own it"))
        return None

    def _interviews(self, owner: Person, deal: Deal, parties: dict[UUID, DealParty]) -> bool:
        """Whether the owner is an interviewer of the deal, or has heard its buyer. One known only by name is by their name."""
        by_name = name_key(owner.name) if owner.user_id is None and not owner.email else None
        return any(
            (party.person_id == owner.pk or name_key(party.person.name) == by_name)
            and (party.ended_at is None or deal.debrief_state in HEARD)
            for party in parties.values()
            if party.kind == PartyKind.INTERVIEWER
        )

    def _column(self, name: str) -> str:
        positions = self.mapping.columns_of(_COLUMN_OF.get(name, name))
        return self.deal_import.columns[positions[0]] if positions else str(FIELDS.get(name, ""))

    def _write_new(self, fresh: list[tuple[Written, dict[str, Any]]]) -> None:
        """The new deals with their owners and the decisions on them, in three statements. Up to three queries more."""
        if not fresh:
            return
        rows = BulkRows(
            Deal, *_NEW_DEAL, programme_id=self.programme.pk, imported_by_id=self.deal_import.pk, created_at=self.now, updated_at=self.now,
        )  # fmt: skip
        arrivals = Arrivals(self.deal_import, self.names, self.now)
        with translation.override(self.programme.language):
            for one, facts in fresh:
                read, team, owner = one.read, self.allowed.team_for(facts["team"]), facts["owner"]
                category, driver = self._meaning(read.crm_reason)
                company, offering = facts["company"], facts["offering"]
                selection, reason, out_of_statistics = arrivals.decide(one, facts, _pk(team))
                rows.add(
                    one.deal_id, read.source, read.external_id, read.name, _pk(company), _pk(team), _pk(owner), _pk(offering), read.segment,
                    read.stage, read.amount, facts["currency"], read.outcome, read.withdrawn_by, read.opened_on, read.decided_on,
                    read.implementation_starts_on, _pk(facts["winner"]), read.crm_reason, _pk(category), _pk(driver), selection,
                    reason, out_of_statistics, self._search_text(read.name, company, offering, read.external_id), one.contact_text,
                )  # fmt: skip
                if owner:
                    self.new_parties.add(uuid4(), one.deal_id, owner.pk)
        rows.copy()
        arrivals.write()

    def _update(
        self,
        read: ReadDeal,
        deal: Deal,
        facts: dict[str, Any],
        parties: dict[UUID, dict[UUID, DealParty]],
    ) -> None:
        """Takes over what the file says differently, save what a person changed here."""
        was_decided = deal.outcome in DECIDED
        changed, kept = set(), set()
        for name in WRITTEN:
            value, before = facts[name], getattr(deal, name)
            if not provides(read, deal.team_id, deal.outcome, name, value):
                continue
            if reads_alike(value, before):
                self.here.settle(deal, name)
                continue
            if self._keeps(read, deal, name, value, "outcome" in kept):
                kept.add(name)
                continue
            self._note_change(deal, name, reads(before), reads(value))
            if name == "owner":
                self._change_owner(deal, value, parties[deal.pk])
            setattr(deal, name, _THINGS[name](pk=value.pk, name=value.name) if isinstance(value, KnownThing) else value)
            changed.add(name)
        if read.source and deal.external_id != read.external_id:
            # Undoing the import gives the deal back the id it had.
            self._note_change(deal, "external_id", deal.external_id, read.external_id)
            deal.external_id = read.external_id
            changed.add("external_id")
        if not changed:
            return
        if deal.outcome != Outcome.WITHDRAWN:
            deal.withdrawn_by = ""
        if "crm_reason" in changed and not OwnView.objects.filter(deal=deal, driver__isnull=False).exists():
            deal.own_reason_category, deal.own_reason_driver = self._meaning(read.crm_reason)
        self._derive(deal, arrived=not was_decided or deal.outcome not in DECIDED)
        deal.version += 1
        deal.updated_at = self.now
        self.touched.add(deal.pk)

    def _keeps(self, read: ReadDeal, deal: Deal, name: str, value: Any, outcome_kept: bool) -> bool:
        """Whether the fact stays as a person made it. Date and side of a decision go with its outcome."""
        said: dict[str, Any] = {"line": read.line, "column": self._column(name)}
        if outcome_kept and name in ("decided_on", "withdrawn_by"):
            return self.here.keeps_with_outcome(deal, name, value, **said)
        if name == "decided_on" and deal.decided_on is None and deal.outcome in DECIDED:
            return False
        return self.here.keeps(deal, name, value, **said)

    def _note_change(self, deal: Deal, name: str, before: str, after: str) -> None:
        self.changes.append(
            DealChange(
                programme=self.programme,
                deal=deal,
                at=self.now,
                deal_import=self.deal_import,
                field=name,
                before=before,
                after=after,
            )
        )

    def _derive(self, deal: Deal, *, arrived: bool) -> None:
        if arrived or deal.selection == Selection.UNDECIDED:
            deal.selection, deal.selection_reason = Selection.UNDECIDED, ""
        deal.search_text = self._search_text(deal.name, deal.company, deal.offering, deal.external_id)

    def _search_text(
        self, name: str, company: Company | KnownThing | None, offering: Offering | KnownThing | None, external_id: str
    ) -> str:
        return search_text(
            name=name,
            company=company.name if company else "",
            offering=offering.name if offering else "",
            external_id="" if external_id.startswith(KEY_MARK) else external_id,
        )

    def _meaning(self, reason: str) -> tuple[Category | None, Driver | None]:
        """What the CRM's reason means; of several joined by semicolons the first that means something."""
        for part in [reason, *reason.split(";")]:
            if reason_key(part) in self.meanings:
                return self.meanings[reason_key(part)]
        return None, None

    def _change_owner(self, deal: Deal, owner: Person, parties: dict[UUID, DealParty]) -> None:
        for party in parties.values():
            if party.kind == PartyKind.OWNER and party.ended_at is None:
                DealParty.objects.filter(pk=party.pk).update(ended_at=self.now)
        if owner.pk in parties:
            DealParty.objects.filter(pk=parties[owner.pk].pk).update(kind=PartyKind.OWNER, ended_at=None)
        else:
            self.new_parties.add(uuid4(), deal.pk, owner.pk)
        OwnView.objects.filter(deal=deal, given_at__isnull=True, closed_at__isnull=True, revision=0).update(
            person=owner
        )

    def _save_changed(self, deals: Any) -> None:
        changed = [deal for deal in deals if deal.pk in self.touched]
        derived = ("own_reason_category", "own_reason_driver", "selection", "selection_reason", "search_text")
        if changed:
            Deal.objects.bulk_update(changed, [*WRITTEN, *derived, "external_id", "version", "updated_at"])
        DealChange.objects.bulk_create(self.changes)
        self.new_parties.copy()


def _pk(thing: Model | KnownThing | None) -> UUID | None:
    return thing.pk if thing else None
