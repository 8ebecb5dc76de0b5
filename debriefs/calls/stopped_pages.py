"""Addresses that no mail goes to, as whoever schedules meets them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Person
from debriefs.calls.queries import debriefs_scheduled_by
from debriefs.deals.models import Contact
from debriefs.foundation.models import Suppression
from debriefs.foundation.suppression import is_a_wish

SHOWN = 200


@dataclass(frozen=True)
class Stopped:
    """One stop with the contacts it holds; `may_lift` is False where only the person themselves can allow mail again."""

    stop: Suppression
    contacts: list[Contact]
    why: str
    may_lift: bool


def stops_visible_to(person: Person) -> QuerySet[Suppression]:
    """The stops the person meets, live and lifted: a programme manager those of the programme, a sales manager those of contacts whose
    debriefs they schedule. A wish for all programmes is shown where one of these contacts has the address. No query by itself.
    """
    asked = Contact.objects.filter(programme=person.programme).exclude(email_key="")
    if not person.has_role(Role.ADMIN):
        asked = asked.filter(pk__in=debriefs_scheduled_by(person).values("contact"))
    met = Q(address_key__in=asked.values("email_key")) & (Q(programme_id=person.programme_id) | Q(programme_id=None))
    if person.has_role(Role.ADMIN):
        met |= Q(programme_id=person.programme_id)
    return Suppression.objects.filter(met)


def stop_visible_to(person: Person, stop_id: UUID) -> Suppression:
    """The stop, or 404. One query."""
    found = stops_visible_to(person).filter(pk=stop_id).first()
    if found is None:
        raise Http404
    return found


def listed(person: Person) -> list[Stopped]:
    """The stops the person meets, live ones first, then the latest. Two queries."""
    stops = list(stops_visible_to(person).order_by("-lifted_at", "-created_at")[:SHOWN])
    contacts: dict[str, list[Contact]] = {}
    rows = Contact.objects.filter(programme=person.programme, email_key__in={stop.address_key for stop in stops})
    for contact in rows.select_related("company").order_by("name", "pk"):
        contacts.setdefault(contact.email_key, []).append(contact)
    return [Stopped(stop, contacts.get(stop.address_key, []), why(stop), may_be_lifted(stop)) for stop in stops]


def may_be_lifted(stop: Suppression) -> bool:
    """Whether one of ours may allow mail again: only after a report of a mail server, never against a person's wish."""
    return stop.lifted_at is None and not is_a_wish(stop)


def why(stop: Suppression) -> str:
    """Why no mail goes there, in a sentence."""
    if not is_a_wish(stop):
        return _("A mail came back as undeliverable.")
    if stop.programme_id is None:
        return _("The person asked that nobody here writes to them.")
    return _("The person asked not to be written to.")
