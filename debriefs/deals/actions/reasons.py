"""What the CRM's reasons mean, for the deals that carry them."""

from datetime import datetime

from django.db import transaction

from accounts.models import Person, Programme
from debriefs.codebook import actions as codebook
from debriefs.codebook.models import Category, Driver
from debriefs.codebook.rules import reason_key
from debriefs.deals.models import Deal


@transaction.atomic
def map_reason(
    *,
    programme: Programme,
    text: str,
    category: Category | None,
    driver: Driver | None,
    by: Person,
    now: datetime,
    seen: str | None = None,
) -> int:
    """The reason means the driver, or only the category, from now on and on every deal that carries it; how many deals.

    Two reasons are one when they differ only in case, blanks and punctuation at the ends. Three queries beyond the codebook's.
    """
    codebook.map_reason(programme=programme, text=text, category=category, driver=driver, by=by, now=now, seen=seen)
    key = reason_key(text)
    written = Deal.objects.filter(programme=programme).exclude(crm_reason="").values_list("crm_reason", flat=True)
    same = [reason for reason in written.distinct() if reason_key(reason) == key]
    return Deal.objects.filter(programme=programme, crm_reason__in=same).update(
        own_reason_driver=driver, own_reason_category=driver.category if driver else category
    )
