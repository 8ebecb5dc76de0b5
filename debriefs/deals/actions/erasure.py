"""Forgetting a contact: of the row only its id remains, and no text of their deals names them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from debriefs.deals.enums import ImportState
from debriefs.deals.erased_names import sealed
from debriefs.deals.models import (
    Approach,
    Contact,
    Deal,
    DealChange,
    DealContact,
    DealImport,
    ImportConflict,
    ImportRejection,
    Need,
    OwnView,
    SalesNote,
    SavedView,
    SelectionDecision,
    SelectionExclusion,
    UploadedPart,
)
from debriefs.deals.names import refresh_contact_text
from debriefs.deals.refusals import ImportUnderWay
from debriefs.foundation.addresses import seal
from debriefs.foundation.erasing import NOBODY, Reword, reword_columns

_OF_DEALS = ("name", "solution_presented", "stage", "crm_reason", "selection_reason", "search_text")
_OWN_VIEW = ("why", "what_mattered", "when_it_changed", "what_to_hear")
# The history of a contact says the name first: "Ada Quill; CFO; ada@buyer.example".
_CONTACT_FIELD = "contact"


def deals_around(contact: Contact) -> QuerySet[Deal]:
    """The deals whose texts may name the contact: theirs and those of their company. No query by itself."""
    theirs = DealContact.objects.filter(contact=contact).values("deal")
    around = Q(pk__in=theirs)
    if contact.company_id is not None:
        around |= Q(company=contact.company_id)
    return Deal.objects.filter(around, programme=contact.programme_id)


def spellings_of(contact: Contact) -> tuple[set[str], set[str]]:
    """The names and addresses under which the contact is or was known here. Two queries."""
    names, addresses = {contact.name}, {contact.email}
    addresses |= set(Approach.objects.filter(contact=contact).values_list("address_key", flat=True))
    changes = DealChange.objects.filter(deal__in=deals_around(contact), field=_CONTACT_FIELD).order_by("-id")
    for before, after in changes.values_list("before", "after"):
        # From the latest back: what the contact was called before a change is theirs as well.
        if {*after.split("; ")} & (names | addresses - {""}):
            was = before.split("; ")
            names.add(was[0])
            addresses |= {part for part in was if "@" in part}
    return names - {""}, addresses - {""}


@transaction.atomic
def erase_contact(
    *, contact: Contact, names: Iterable[str], addresses: Iterable[str], reword: Reword, now: datetime
) -> None:
    """Only the contact's id remains, with the seals of address and name; `reword` takes the person out of every text around. Harmless if repeated.

    Files that were imported lose their bytes, since they may hold the person, and so does one that waits to be matched. Refuses while an
    import or its undoing is under way (ImportUnderWay). About twenty queries, and one for each text that changes.
    """
    programme = contact.programme_id
    _end_imports(programme, now)
    around = list(deals_around(contact).values_list("pk", flat=True))
    theirs = list(DealContact.objects.filter(contact=contact).values_list("deal", flat=True))
    companies = set(Deal.objects.filter(pk__in=theirs).values_list("company", flat=True))
    Contact.objects.filter(pk=contact.pk).update(
        company=None,
        name=NOBODY,
        email="",
        email_key="",
        title="",
        time_zone="",
        email_checked_at=None,
        email_checked_by=None,
        erased_at=now,
        sealed_names=sealed(names, {contact.company_id, *companies}),
    )
    for address in set(addresses):
        # The protection outlives the person: who was approached is still not approached again.
        Approach.objects.filter(contact=contact, address_key=address).update(address_key=seal(address))
    reword_columns(DealContact.objects.filter(deal__in=around), ("approval_reason",), reword)
    reword_columns(Approach.objects.filter(contact=contact), ("overruled_reason",), reword)
    _reword_deals(around, reword)
    _reword_history(around, {*names, *addresses}, reword)
    refresh_contact_text(theirs)
    reword_columns(SavedView.objects.filter(programme=programme), ("name", "query"), reword)
    _reword_imports(programme, {*names, *addresses}, reword)


def _reword_deals(around: list[UUID], reword: Reword) -> None:
    reword_columns(Deal.objects.filter(pk__in=around), _OF_DEALS, reword)
    reword_columns(SalesNote.objects.filter(deal__in=around), ("text",), reword)
    reword_columns(Need.objects.filter(deal__in=around), ("text",), reword)
    reword_columns(OwnView.objects.filter(deal__in=around), _OWN_VIEW, reword)
    reword_columns(ImportConflict.objects.filter(deal__in=around), ("ours", "theirs"), reword)
    reword_columns(SelectionDecision.objects.filter(deal__in=around), ("reason",), reword)
    reword_columns(SelectionExclusion.objects.filter(deal__in=around), ("reason",), reword)


def _reword_history(around: list[UUID], spellings: set[str], reword: Reword) -> None:
    """Lines about the contact say nothing more; others keep what they say of the deal."""
    changes = DealChange.objects.filter(deal__in=around)
    lines = changes.filter(field=_CONTACT_FIELD).values_list("pk", "before", "after")
    theirs = [pk for pk, before, after in lines if {*before.split("; "), *after.split("; ")} & spellings]
    changes.filter(pk__in=theirs).update(before=NOBODY, after=NOBODY)
    reword_columns(changes, ("before", "after"), reword)


def _end_imports(programme_id: UUID, now: datetime) -> None:
    """Nothing is left that reads a file; two runs of the importer and this one take turns on the imports' rows."""
    imports = DealImport.objects.select_for_update(of=("self",)).filter(programme=programme_id).order_by("pk")
    states = dict(imports.values_list("pk", "state"))
    if {ImportState.QUEUED, ImportState.RUNNING, ImportState.UNDOING} & set(states.values()):
        raise ImportUnderWay(_("An import is under way. Wait until it is done, or stop it; then erase."))
    waiting = Q(state=ImportState.UPLOADED) | Q(state=ImportState.FAILED, tries__gte=DealImport.MOST_TRIES)
    imports.filter(waiting).update(state=ImportState.CANCELLED, finished_at=now, failure="")
    UploadedPart.objects.filter(programme=programme_id).exclude(content=b"").update(content=b"")


def _reword_imports(programme_id: UUID, spellings: Iterable[str], reword: Reword) -> None:
    reword_columns(DealImport.objects.filter(programme=programme_id), ("survey", "failure"), reword)
    named = Q()
    for spelling in spellings:
        named |= Q(said__icontains=spelling) | Q(value__icontains=spelling)
    rejected = ImportRejection.objects.filter(programme=programme_id).alias(said=Cast("row", TextField()))
    reword_columns(rejected.filter(named), ("value", "row"), reword)
