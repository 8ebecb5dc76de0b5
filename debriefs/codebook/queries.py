"""Reads of the codebook. It is no secret within its programme."""

from uuid import UUID

from django.db.models import F, Max, Prefetch, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Programme
from debriefs.codebook.enums import CodebookAct
from debriefs.codebook.models import Category, CodebookVersion, Driver, ReasonMeaning
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


def counted_driver(path: str) -> Coalesce:
    """The key of the driver under which figures count the one at `path`: itself, or what it was merged into."""
    return Coalesce(f"{path}__counts_as_id", f"{path}_id")


def version_of(programme: Programme) -> int:
    """The number of the codebook as it stands; 1 until it is changed. One query."""
    newest = CodebookVersion.objects.filter(programme=programme).aggregate(newest=Max("number"))["newest"]
    return newest or 1


def versions_of(programme: Programme) -> QuerySet[CodebookVersion]:
    """What was changed, newest first, people and drivers joined. One query."""
    return CodebookVersion.objects.filter(programme=programme).select_related("made_by", "driver__category")


def categories_of(programme: Programme) -> QuerySet[Category]:
    """The categories in order, each with all its drivers, live ones first, and what those count as. Two queries."""
    drivers = Driver.objects.select_related("counts_as").order_by(
        F("retired_at").asc(nulls_first=True), "position", "name"
    )
    return Category.objects.filter(programme=programme).prefetch_related(Prefetch("drivers", drivers))


def parts_of(programme: Programme) -> dict[UUID, list[UUID]]:
    """The drivers that each split driver gave way to, by its key. One query."""
    splits = CodebookVersion.objects.filter(programme=programme, act=CodebookAct.SPLIT).order_by("number")
    return {
        driver_id: [UUID(key) for key in detail.get("parts", [])]
        for driver_id, detail in splits.values_list("driver_id", "detail")
        if driver_id
    }
