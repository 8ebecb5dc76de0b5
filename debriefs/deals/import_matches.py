"""Which deals the rows of a file without ids would meet, told before anything is written. Reads only."""

from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from accounts.models import Person
from debriefs.deals.importing import shape_of
from debriefs.deals.mapping import Mapping
from debriefs.deals.models import Deal, DealImport
from debriefs.deals.queries import deals_visible_to
from debriefs.deals.read_deals import ReadDeal, RejectedRow, read_deal
from debriefs.deals.rules import name_key
from debriefs.deals.uploads import rows_of

# So many rows are looked at while the person waits: about half a second.
LOOKED_AT = 5_000
SHOWN = 50
_CHUNK = 1_000


@dataclass(frozen=True)
class Match:
    """A row and a deal that is here. `is_alike`: of the same name and company, but not the same by the key, so the row is new."""

    read: ReadDeal
    deal: Deal
    is_alike: bool = False


@dataclass
class Matches:
    """How many of the rows looked at meet a deal, resemble one, or are new; the first of those whose deals the person may know."""

    looked_at: int = 0
    met: int = 0
    alike: int = 0
    shown: list[Match] = field(default_factory=list)

    @property
    def fresh(self) -> int:
        """How many rows become new deals."""
        return self.looked_at - self.met


def matches(deal_import: DealImport, mapping: Mapping, person: Person, today: date) -> Matches:
    """The matches of the first rows by deal name, company and decision date. Three queries per thousand rows."""
    found = Matches()
    rows = (row for row in rows_of(deal_import.file, shape_of(deal_import)) if row.is_data)
    looked_at = islice(rows, LOOKED_AT)
    while chunk := list(islice(looked_at, _CHUNK)):
        read = []
        for row in chunk:
            try:
                read.append(read_deal(row, deal_import.columns, mapping, today))
            except RejectedRow:
                continue
        _match(found, read, deal_import, mapping, person)
    found.shown.sort(key=lambda match: (match.is_alike, match.read.line))
    return found


def _match(found: Matches, read: list[ReadDeal], deal_import: DealImport, mapping: Mapping, person: Person) -> None:
    found.looked_at += len(read)
    of_programme = Deal.objects.filter(programme=deal_import.programme_id)
    keys = {one.external_id for one in read} | {one.earlier_key for one in read if one.earlier_key}
    by_key = {
        deal.external_id: deal
        for deal in of_programme.filter(source=mapping.source, external_id__in=keys).select_related("company")
    }
    names = of_programme.filter(name__in={one.name for one in read}).select_related("company")
    by_name = {(name_key(deal.name), name_key(str(deal.company or ""))): deal for deal in names}
    new: list[Match] = []
    named = {one.external_id for one in read}
    for one in read:
        earlier = one.earlier_key if one.earlier_key not in named else ""
        deal = by_key.get(one.external_id) or by_key.get(earlier)
        if deal:
            found.met += 1
            new.append(Match(one, deal))
        elif alike := by_name.get((name_key(one.name), name_key(one.company))):
            found.alike += 1
            new.append(Match(one, alike, is_alike=True))
    wanted = new[: SHOWN - len(found.shown)]
    known = set(
        deals_visible_to(person).filter(pk__in=[match.deal.pk for match in wanted]).values_list("pk", flat=True)
    )
    found.shown += [match for match in wanted if match.deal.pk in known]
