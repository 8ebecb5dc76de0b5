"""Files to import, imports run to their end, and what they left: for the tests of the importer."""

from dataclasses import replace

from debriefs.deals.actions import queue_import, receive_upload, run_import, set_mapping
from debriefs.deals.importing import mapping_of
from debriefs.deals.models import (
    Company,
    Contact,
    Deal,
    DealCompetitor,
    DealContact,
    DealImport,
    DealParty,
    Offering,
    SalesNote,
    SelectionDecision,
)
from debriefs.foundation import clock

HEADER = "Deal id,Deal name,Company,Stage,Close date,Amount,Owner,Contact name,Contact email,Reason,Competitors"


def row(number: int, **changes) -> str:
    cells = {
        "id": f"D{number}",
        "name": f"Rota {number}",
        "company": f"Buyer {number % 7}",
        "stage": "Closed Lost",
        "date": "2026-11-03",
        "amount": str(1000 + number),
        "owner": f"Seller {number % 3}",
        "contact": f"Contact {number}",
        "email": f"contact-{number}@buyer.example",
        "reason": "Price",
        "competitors": "Plenara; Tamsill",
    }
    return ",".join(f'"{value}"' for value in (cells | changes).values())


def table(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def imported(programme, content: bytes, by=None, **mapping) -> DealImport:
    made = receive_upload(programme=programme, name="deals.csv", content=content, by=by, now=clock.now())
    if mapping:
        changed = replace(mapping_of(made), **mapping)
        made = set_mapping(deal_import=made, mapping=changed, by=by, now=clock.now())
    queue_import(deal_import=made, by=by, now=clock.now())
    assert run_import(import_id=made.pk, clock=clock.now)
    return DealImport.objects.get(pk=made.pk)


def figures(done: DealImport) -> dict[str, int]:
    names = ("created", "updated", "unchanged", "rejected", "conflicts")
    return {name: getattr(done, name) for name in names if getattr(done, name)}


def state_of(programme) -> list[tuple]:
    """Everything an import writes, without ids and times."""
    deals = Deal.objects.filter(programme=programme).order_by("external_id")
    return [
        (
            deal.external_id,
            deal.name,
            str(deal.company),
            deal.outcome,
            deal.decided_on,
            deal.amount,
            str(deal.owner),
            sorted(deal.competitors.values_list("name", flat=True)),
            sorted(deal.deal_contacts.values_list("contact__email_key", "is_primary")),
            sorted(deal.parties.values_list("person__name", "kind")),
            deal.version,
        )
        for deal in deals.select_related("company", "owner")
    ]


def everything_of(programme) -> dict[str, list[tuple]]:
    """Everything that imports write, as `state_of` but in one query per table: for large files. Without ids and times."""

    def listed(model, *fields):
        # Sorted here: the database's order of texts is not Python's, and does not matter.
        return sorted(model.objects.filter(programme=programme).order_by().values_list(*fields), key=repr)

    return {
        "deals": listed(
            Deal, "external_id", "name", "company__name", "offering__name", "owner__name", "outcome", "decided_on", "amount",
            "selection", "selection_reason", "search_text", "contact_text", "crm_reason", "version",
        ),
        "companies": listed(Company, "name", "segment"),
        "offerings": listed(Offering, "name"),
        "contacts": listed(Contact, "name", "email_key", "company__name"),
        "deal_contacts": listed(DealContact, "deal__external_id", "contact__email_key", "is_primary"),
        "competitors": listed(DealCompetitor, "deal__external_id", "competitor__name"),
        "parties": listed(DealParty, "deal__external_id", "person__name", "kind", "ended_at"),
        "notes": listed(SalesNote, "deal__external_id", "text"),
        "decisions": listed(SelectionDecision, "deal__external_id", "rule", "reason", "is_current"),
        "people": sorted(programme.people.values_list("name", "email")),
    }  # fmt: skip
