"""What buyers allowed and how willingly they took part: grouped counts over debriefs, one query each."""

from typing import Any

from django.db.models import Case, Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Value, When

from debriefs.calls.models import Debrief
from debriefs.deals.models import Deal
from debriefs.foundation.enums import NoticeState
from debriefs.foundation.models import Notice
from debriefs.insights.participation_queries import Quartile
from debriefs.interviews.enums import PermissionKind, Quality
from debriefs.interviews.models import PermissionGiven, WriteUp

NUDGES = ("prospect_nudge_1", "prospect_nudge_2")
SIGNALS = ("answered", "unreminded", "full_length", "quote", "reference", "contact_again")


def permissions(deals: QuerySet[Deal]) -> dict[str, tuple[int, int]]:
    """Per kind: debriefs in which the buyer said yes, and in which they were asked. Never asked is in neither."""
    rows: Any = (
        PermissionGiven.objects.filter(debrief__deal__in=deals)
        .order_by()
        .values_list("kind")
        .annotate(yes=Count("id", filter=Q(given=True)), asked=Count("id"))
    )
    return {kind: (yes, asked) for kind, yes, asked in rows}


def signals(deals: QuerySet[Deal]) -> dict[str, Any]:
    """Of the invited debriefs: each signal and its base (`…_of`), and the median number of signals of those that were held."""
    said = PermissionGiven.objects.filter(debrief=OuterRef("pk"))
    reminded = Notice.objects.filter(
        kind__in=NUDGES, subject_kind="debrief", subject_id=OuterRef("pk"), state=NoticeState.SENT, sent_at__lt=OuterRef("booked_at")
    )  # fmt: skip
    judged = WriteUp.objects.filter(debrief=OuterRef("pk"), submitted_at__isnull=False).exclude(quality="")
    kinds = {
        "quote": PermissionKind.QUOTE,
        "reference": PermissionKind.REFERENCE,
        "contact_again": PermissionKind.CONTACT_NEEDS,
    }
    accepted = Q(booked_at__isnull=False) | Q(writing_chosen_at__isnull=False)
    debriefs: Any = Debrief.objects.filter(deal__in=deals, invited_at__isnull=False).annotate(
        was_reminded=Exists(reminded),
        is_judged=Exists(judged),
        was_short=Exists(judged.filter(quality=Quality.SHORT)),
        **{f"asked_{name}": Exists(said.filter(kind=kind)) for name, kind in kinds.items()},
        **{f"said_{name}": Exists(said.filter(kind=kind, given=True)) for name, kind in kinds.items()},
    )
    given = {
        "answered": accepted | Q(declined_at__isnull=False),
        "unreminded": accepted & Q(was_reminded=False),
        "full_length": Q(is_judged=True, was_short=False),
        **{name: Q(**{f"said_{name}": True}) for name in kinds},
    }
    bases = {
        "answered": Q(),
        "unreminded": accepted,
        "full_length": Q(is_judged=True),
        **{name: Q(**{f"asked_{name}": True}) for name in kinds},
    }
    ones: list[Any] = [
        Case(When(condition, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
        for condition in given.values()
    ]
    total = ones[0]
    for one in ones[1:]:
        total = total + one
    counts: dict[str, Any] = {name: Count("pk", filter=condition) for name, condition in given.items()}
    counts |= {f"{name}_of": Count("pk", filter=bases[name]) if name != "answered" else Count("pk") for name in bases}
    found: dict[str, Any] = debriefs.annotate(total=total).aggregate(
        **counts, median=Quartile(Case(When(held_at__isnull=False, then=F("total"))), 0.5)
    )
    return found
