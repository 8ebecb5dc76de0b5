"""Deals as CSV: one row each, with headers that the import of this product knows, formula-safe. Pure but for the deals it is given."""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal

from debriefs.deals.models import Deal
from debriefs.deals.reader import made_safe

# In the language of the file format, not of the reader: the importer knows these headers.
HEADERS = (
    "Source", "Deal ID", "Deal name", "Company", "Segment", "Team", "Owner", "Offering", "Stage", "Outcome", "Withdrawn by", "Opened on",
    "Decided on", "Amount", "Currency", "Winner", "Competitors", "Reason in the CRM", "Selection", "Why", "State of the debrief",
)  # fmt: skip


class _Line:
    """A file for the csv module that hands each line back."""

    def write(self, line: str) -> str:
        return line


def lines(deals: Iterable[Deal]) -> Iterator[str]:
    """The header and one line per deal; company, offering, team, owner, winner joined and competitors prefetched."""
    writer = csv.writer(_Line())
    yield writer.writerow(HEADERS)
    for deal in deals:
        yield writer.writerow([made_safe(cell) for cell in _cells(deal)])


def _cells(deal: Deal) -> list[str]:
    # Reason, competitors and the id in the CRM are the sales record: the deal page hides them from the same readers.
    reads_record = deal.has_record  # type: ignore[attr-defined]
    return [
        deal.source if reads_record else "",
        deal.external_id if reads_record else "",
        deal.name,
        str(deal.company or ""),
        deal.segment,
        str(deal.team or ""),
        deal.owner.name if deal.owner else "",
        str(deal.offering or ""),
        deal.stage,
        deal.outcome,
        deal.withdrawn_by,
        deal.opened_on.isoformat() if deal.opened_on else "",
        deal.decided_on.isoformat() if deal.decided_on else "",
        "" if deal.amount is None else f"{Decimal(deal.amount):f}",
        deal.currency,
        str(deal.winner or "") if reads_record else "",
        "; ".join(sorted(rival.name for rival in deal.competitors.all())) if reads_record else "",
        deal.crm_reason if reads_record else "",
        deal.selection,
        deal.selection_reason,
        deal.debrief_state,
    ]
