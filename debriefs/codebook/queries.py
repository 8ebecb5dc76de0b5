"""Reads of the codebook. It is no secret within its programme."""

from django.db.models import QuerySet

from accounts.models import Programme
from debriefs.codebook.models import Category, Driver, ReasonMeaning
from debriefs.codebook.rules import reason_key


def drivers_of(programme: Programme) -> QuerySet[Driver]:
    """The live drivers by category and position, category joined. One query."""
    return Driver.objects.filter(programme=programme, retired_at__isnull=True).select_related("category")


def picker_of(programme: Programme) -> QuerySet[Driver]:
    """The ten to fifteen drivers offered first."""
    return drivers_of(programme).filter(in_picker=True)


def meaning_of_reason(programme: Programme, text: str) -> tuple[Category | None, Driver | None]:
    """What a reason written in the CRM means: (category, driver), either None when not known. One query."""
    key = reason_key(text)
    if not key:
        return None, None
    meaning = (
        ReasonMeaning.objects.filter(programme=programme, reason_key=key).select_related("category", "driver").first()
    )
    return (meaning.category, meaning.driver) if meaning else (None, None)


def meanings_of_reasons(programme: Programme) -> dict[str, tuple[Category, Driver | None]]:
    """Every known reason by its key, for bulk work. One query."""
    rows = ReasonMeaning.objects.filter(programme=programme).select_related("category", "driver")
    return {row.reason_key: (row.category, row.driver) for row in rows}
