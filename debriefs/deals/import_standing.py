"""Which rows of a chunk say what their deals say already: compared on plain values, so that an unchanged row costs no more."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from debriefs.deals.enums import ConflictChoice, Outcome
from debriefs.deals.models import Deal, ImportConflict
from debriefs.deals.names import reads
from debriefs.deals.read_deals import ReadDeal, own_id

# The facts of a deal that a file may give, in the order in which they are taken over.
WRITTEN = (
    "name",
    "company",
    "team",
    "offering",
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
    "winner",
    "owner",
)


class StandingDeal(NamedTuple):
    """A deal as it stands in the database, things and people by name."""

    pk: UUID
    source: str
    external_id: str
    company_id: UUID | None
    team_id: UUID | None
    owner_id: UUID | None
    name: str
    company: str
    team: str
    offering: str
    segment: str
    stage: str
    amount: Decimal | None
    currency: str
    outcome: str
    withdrawn_by: str
    opened_on: date | None
    decided_on: date | None
    implementation_starts_on: date | None
    crm_reason: str
    winner: str
    owner: str


_NAMED = frozenset(("company", "team", "offering", "winner", "owner"))
_COLUMNS = [f"{name}__name" if name in _NAMED else name for name in StandingDeal._fields]


Key = tuple[str, str]


def standing(programme_id: UUID, deals: Iterable[ReadDeal]) -> dict[Key, StandingDeal]:
    """The deals that the rows meet, by key. One query per source that the rows name, one more for deals that were typed in."""
    ids: dict[str, set[str]] = {}
    for read in deals:
        ids.setdefault(read.source, set()).update((read.external_id, read.earlier_key))
    of_programme = Deal.objects.filter(programme=programme_id)
    found: dict[Key, StandingDeal] = {}
    for source, wanted in ids.items():
        if source:
            wanted.discard("")
            rows = of_programme.filter(source=source, external_id__in=wanted)
        else:
            rows = of_programme.filter(source="", external_id="", pk__in=[pk for one in wanted if (pk := own_id(one))])
        for row in rows.values_list(*_COLUMNS):
            deal = StandingDeal(*row)
            found[source, deal.external_id or str(deal.pk)] = deal
    return found


def of_row(read: ReadDeal, stand: dict[Key, StandingDeal]) -> StandingDeal | None:
    """The deal that a row meets."""
    return stand.get(read.key) or stand.get(read.earlier)


def with_open_questions(deal_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the deals about which an earlier import left a question open: a row that agrees may settle it. One query."""
    asked = ImportConflict.objects.filter(deal__in=list(deal_ids), choice=ConflictChoice.OPEN)
    return set(asked.values_list("deal", flat=True))


def says_the_same(read: ReadDeal, deal: StandingDeal, facts: dict[str, Any]) -> bool:
    """Whether the row changes nothing about the facts of the deal."""
    if read.source and deal.external_id != read.external_id:
        return False
    return all(
        facts[name] == getattr(deal, name)
        or not provides(read, deal.team_id, deal.outcome, name, facts[name])
        or reads_alike(facts[name], getattr(deal, name))
        for name in WRITTEN
    )


def reads_alike(value: object, before: object) -> bool:
    """Whether two values of a fact read the same. Files are read with single blanks, so blanks do not count."""
    one, other = reads(value), reads(before)
    return one == other or one.split() == other.split()


def provides(read: ReadDeal, team_id: UUID | None, outcome: str, name: str, value: object) -> bool:
    """Whether the row says anything about the fact of a deal with this team and outcome. A blank cell does not."""
    if name == "team" and not read.team:
        return team_id is None and value is not None
    if name == "name" and read.name_is_made:
        return False
    if name == "withdrawn_by":
        return bool(value) if read.outcome == Outcome.WITHDRAWN else outcome != Outcome.WITHDRAWN
    if name == "decided_on" and value is None:
        # A decided deal that reopens loses its date with the outcome; not where a person's outcome stays.
        return read.outcome == Outcome.OPEN and outcome == Outcome.OPEN
    return value is not None and value != ""
