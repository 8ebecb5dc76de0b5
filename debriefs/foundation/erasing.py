"""Forgetting a person: what every room needs for it, and what this room holds of them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q, QuerySet

from debriefs.foundation import received, suppression
from debriefs.foundation.addresses import address_key, seal
from debriefs.foundation.enums import NoticeState, RecipientKind
from debriefs.foundation.models import Notice, ReceivedMail

# A text without the person's name and addresses in it.
Reword = Callable[[str], str]
# What stands where a column has to say something and what it said was forgotten.
GONE = "[…]"
# What an erased person is called.
NOBODY = "Erased person"


def begin() -> None:
    """Until this transaction ends, the triggers that freeze what was handed in let pass what erases. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL debriefs.erasing = 'on'")


def reword_columns(rows: QuerySet[Any], columns: Iterable[str], reword: Reword) -> int:
    """Writes the texts of these columns without the person in them; how many rows changed. One query, and one for each such row."""
    names, changed = tuple(columns), 0
    row: Model
    for row in rows.only("pk", *names).iterator(chunk_size=500):
        before = {name: getattr(row, name) for name in names}
        after = {name: reworded(value, reword) for name, value in before.items()}
        if after != before:
            type(row)._default_manager.filter(pk=row.pk).update(**after)
            changed += 1
    return changed


def reworded(value: Any, reword: Reword) -> Any:
    """A text, or JSON with texts in it, without the person. No query."""
    if isinstance(value, str):
        return reword(value)
    if isinstance(value, list):
        return [reworded(one, reword) for one in value]
    if isinstance(value, dict):
        return {reword(key): reworded(one, reword) for key, one in value.items()}
    return value


def addresses_written_to(contact_id: UUID) -> tuple[set[str], set[str]]:
    """The names and addresses under which mail was owed to the contact. One query."""
    rows = Notice.objects.filter(recipient_kind=RecipientKind.CONTACT, recipient_id=contact_id)
    known = list(rows.values_list("recipient_name", "recipient_email").distinct())
    return {name for name, _address in known if name}, {address for _name, address in known if address}


def erase_contact(
    *,
    contact_id: UUID,
    programme_id: UUID,
    addresses: Iterable[str],
    subjects: Mapping[str, Iterable[UUID]],
    is_known_elsewhere: bool,
    reason: str,
    now: datetime,
) -> None:
    """No mail holds the contact any more: what was owed to them is taken back, the bytes of what was sent and of what came in are gone.

    `subjects` are the ids, by kind, of what the mails to others are about: they name the contact, so they lose their bytes too; what is
    still owed to others is made anew. No mail goes to the addresses again, which are kept as seals; a stop that holds for all programmes
    is kept as it is while another programme has the address (`is_known_elsewhere`). About eight queries.
    """
    addresses = list(addresses)
    to_them = Notice.objects.filter(recipient_kind=RecipientKind.CONTACT, recipient_id=contact_id)
    to_them.filter(state=NoticeState.QUEUED).update(state=NoticeState.SUPERSEDED, settled_at=now, reason=reason[:500])
    theirs = list(to_them.values_list("pk", flat=True))
    emptied: dict[str, Any] = {"message": None, "subject_line": "", "returned_reason": ""}
    to_them.update(**emptied, recipient_name=NOBODY, recipient_email="", context={})
    to_them.exclude(state=NoticeState.SUPERSEDED).update(reason="")
    about = Q()
    for kind, ids in subjects.items():
        about |= Q(subject_kind=kind, subject_id__in=list(ids))
    Notice.objects.filter(about).update(**emptied)
    came = Q(notice_id__in=theirs) | Q(from_address__in=[address_key(one) for one in addresses])
    received.empty(ReceivedMail.objects.filter(came | about))
    for address in addresses:
        suppression.forget(
            address=address,
            sealed=seal(address),
            programme_id=programme_id,
            keeps_common=is_known_elsewhere,
            now=now,
        )
