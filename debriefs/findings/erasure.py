"""Forgetting a contact: no finding, release or quote holds their words; how it was coded stays and is counted as before."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from debriefs.calls.models import Debrief
from debriefs.deals.models import Contact
from debriefs.findings.models import (
    CodedUnit,
    Finding,
    FindingChange,
    PreparedRelease,
    Quote,
    QuoteUse,
    Release,
    ReleasedNeed,
    Remark,
)
from debriefs.findings.plan import labels_of
from debriefs.foundation.erasing import GONE, Reword, reword_columns
from debriefs.interviews.enums import QuoteLevel

_STORY = ("summary", "timeline", "suggests")
_SAID = ("verbatim", "note")


def uses_of(contact: Contact) -> list[QuoteUse]:
    """Where the contact's words were used outside, latest first: who erases has to take them down there. One query."""
    return list(QuoteUse.objects.filter(quote__contact=contact).order_by("-used_on"))


@transaction.atomic
def erase_contact(*, contact: Contact, reword: Reword, deals: Iterable[UUID]) -> None:
    """Neither raw nor released words of the contact remain, and no quote; drivers, directions and strengths stay. Harmless if repeated.

    A finding has to show evidence: a sign stands where it stood. `deals` are those whose releases may name the contact; of them the name
    goes. About fifteen queries, and one for each text that changes.
    """
    debriefs = list(
        Debrief.objects.select_for_update(of=("self",))
        .filter(contact=contact)
        .select_related("deal__company", "contact")
        .order_by("pk")
    )
    # Its two readings, first and second, say the same afterwards as before.
    no_words = {"verbatim": GONE, "note": ""}
    Finding.objects.filter(debrief__in=debriefs).update(
        **no_words, masked_verbatim="", masked_note="", cleared_sha256=""
    )
    CodedUnit.objects.filter(coding__debrief__in=debriefs).update(**no_words)
    FindingChange.objects.filter(debrief__in=debriefs).delete()
    PreparedRelease.objects.filter(debrief__in=debriefs).delete()
    Quote.objects.filter(contact=contact).delete()
    Remark.objects.filter(release__debrief__in=debriefs).update(verbatim="", note="")
    ReleasedNeed.objects.filter(release__debrief__in=debriefs).update(text="")
    for debrief in debriefs:
        buyer, company = labels_of(debrief, QuoteLevel.NONE)
        Release.objects.filter(debrief=debrief).update(
            **dict.fromkeys(_STORY, ""),
            buyer_label=buyer,
            company_label=company,
            content_sha256=hashlib.sha256().hexdigest(),
        )
    around = list(deals)
    reword_columns(Release.objects.filter(deal__in=around), (*_STORY, "recall_reason"), reword)
    reword_columns(Remark.objects.filter(release__deal__in=around), _SAID, reword)
    reword_columns(PreparedRelease.objects.filter(debrief__deal__in=around), _STORY, reword)
    reword_columns(Finding.objects.filter(debrief__deal__in=around), (*_SAID, "masked_verbatim", "masked_note"), reword)
    reword_columns(CodedUnit.objects.filter(coding__debrief__deal__in=around), _SAID, reword)
    reword_columns(FindingChange.objects.filter(debrief__deal__in=around), ("before", "after"), reword)
