"""How the codebook is used: in how many released debriefs each driver stands, and what the CRM's reasons mean."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from accounts.models import Programme
from debriefs.codebook.models import Category, Driver
from debriefs.codebook.queries import categories_of, counted_driver, meanings_of_reasons
from debriefs.codebook.rules import asks_for_review, reason_key
from debriefs.deals.models import Deal
from debriefs.findings.models import Remark
from debriefs.findings.queries import counted_releases

# A CRM has a short list of reasons; what is beyond so many different texts was typed freely.
MOST_REASONS = 300


@dataclass(frozen=True)
class Use:
    """How often the codebook is used: debriefs by driver as figures count them, findings in all, those coded "other", and those
    under a driver that is offered no more.
    """

    debriefs: dict[UUID, int]
    findings: int
    other: int
    given_up: int = 0

    @property
    def asks_for_review(self) -> bool:
        """Whether "other" stands for more than a tenth."""
        return asks_for_review(self.other, self.findings)


def use_of(programme: Programme, now: datetime) -> Use:
    """Counted over released debriefs that figures count. Two queries."""
    remarks = Remark.objects.filter(release__in=counted_releases(programme, now))
    rows = (
        remarks.values(counted=counted_driver("driver")).order_by().annotate(n=Count("release__debrief", distinct=True))
    )
    sums = remarks.aggregate(
        findings=Count("pk"),
        other=Count("pk", filter=Q(driver__is_other=True, driver__counts_as__isnull=True)),
        given_up=Count("pk", filter=Q(driver__retired_at__isnull=False)),
    )
    return Use({row["counted"]: row["n"] for row in rows}, sums["findings"], sums["other"], sums["given_up"])


@dataclass(frozen=True)
class Entry:
    """One driver as the codebook lists it; `used` is None for a reader who does not see every released debrief."""

    driver: Driver
    used: int | None


def entries_of(programme: Programme, use: Use | None) -> list[tuple[Category, list[Entry]]]:
    """The categories in order with their drivers, live ones first. Two queries."""
    return [
        (
            category,
            [Entry(driver, use.debriefs.get(driver.pk, 0) if use else None) for driver in category.drivers.all()],
        )
        for category in categories_of(programme)
    ]


@dataclass
class WrittenReason:
    """One reason of the CRM, in its commonest spelling, on how many deals it stands, and what it means: `d:key`, `c:key` or ""."""

    text: str
    deals: int
    meaning: str


def reasons_of(programme: Programme) -> list[WrittenReason]:
    """The reasons that deals carry, not yet known ones first, then by how often. Two queries."""
    rows = (
        Deal.objects.filter(programme=programme)
        .exclude(crm_reason="")
        .values("crm_reason")
        .order_by()
        .annotate(n=Count("pk"))
        .order_by("-n", "crm_reason")[:MOST_REASONS]
    )
    known: dict[str, Any] = meanings_of_reasons(programme)
    found: dict[str, WrittenReason] = {}
    for row in rows:
        key = reason_key(row["crm_reason"])
        if key in found:
            found[key].deals += row["n"]
        elif key:
            category, driver = known.get(key, (None, None))
            meaning = f"d:{driver.key}" if driver else f"c:{category.key}" if category else ""
            found[key] = WrittenReason(row["crm_reason"], row["n"], meaning)
    return sorted(found.values(), key=lambda reason: (reason.meaning != "", -reason.deals, reason.text))
