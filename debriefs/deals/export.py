"""Deals as rows of text, one each. Pure but for the deals it is given."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from debriefs.deals.models import Deal

# In one language, whatever the reader's, so that a script finds its columns.
HEADERS = (
    "Source", "Deal ID", "Deal name", "Company", "Segment", "Team", "Owner", "Offering", "Stage", "Outcome", "Withdrawn by", "Opened on",
    "Decided on", "Amount", "Currency", "Winner", "Competitors", "Reason in the CRM", "Selection", "Why", "State of the debrief",
)  # fmt: skip


def rows(deals: Iterable[Deal]) -> Iterator[Sequence[str]]:
    """The header and a row per deal; company, offering, team, owner, winner joined and competitors prefetched."""
    yield HEADERS
    for deal in deals:
        yield _cells(deal)


def _cells(deal: Deal) -> list[str]:
    # Reason, competitors and the id in the CRM are the sales record: the deal page hides them from the same readers.
    reads_record = deal.has_record  # type: ignore[attr-defined]
    return [
        deal.source if reads_record else "",
        # A deal that was typed in is recognised by its own id when the list is imported again.
        (deal.external_id or str(deal.pk)) if reads_record else "",
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
        "".join(sorted(f"{rival.name}; " for rival in deal.competitors.all())).rstrip() if reads_record else "",
        deal.crm_reason if reads_record else "",
        deal.selection,
        deal.selection_reason,
        deal.debrief_state,
    ]
