"""Names of people who were erased, known again where a file or a form gives no address.

What is kept is the seal of a name within a company (`foundation.addresses.seal`): nobody reads the name from it. A namesake in another
company is somebody else, and so is one with an address.
"""

from collections.abc import Iterable
from uuid import UUID

from debriefs.deals.models import Contact
from debriefs.deals.rules import name_key
from debriefs.foundation.addresses import seal, seals

# A name as it is compared, and the company it was named in.
Named = tuple[str, UUID | None]


def sealed(names: Iterable[str], companies: Iterable[UUID | None]) -> list[str]:
    """What is kept of somebody known under these names in these companies, and of the names without a company. No query."""
    places = {*companies, None}
    return sorted({seal(_written(name_key(name), company)) for name in names for company in places})


def erased_among(named: Iterable[Named], programme_id: UUID) -> set[Named]:
    """Which of these names within a company belong to somebody whom the programme erased. One query, none without names."""
    by_seal = {kept: one for one in named for kept in seals(_written(*one))}
    if not by_seal:
        return set()
    gone = Contact.objects.filter(programme=programme_id, erased_at__isnull=False, sealed_names__overlap=list(by_seal))
    found = gone.values_list("sealed_names", flat=True)
    return {by_seal[kept] for kept_ones in found for kept in kept_ones or () if kept in by_seal}


def _written(key: str, company: UUID | None) -> str:
    return f"name {company or 'nowhere'} {key}"
