"""Reads of deals, always for a person: what they may not know of does not exist."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.enums import Role
from accounts.models import Person, Programme
from accounts.queries import teams_managed_by, teams_of
from debriefs.deals.enums import ImportState, PartyKind
from debriefs.deals.models import Company, Competitor, Deal, DealChange, DealContact, DealImport, DealParty, Offering


def deals_visible_to(person: Person) -> QuerySet[Deal]:
    """The deals the person may know of.

    Programme managers and reviewers: all of the programme. Sales managers: those of teams they manage. Members: those of
    their teams. Everybody: those they own or are on the deal team of. An interviewer as such: none. No query by itself.
    """
    deals = Deal.objects.filter(programme=person.programme)
    if person.has_role(Role.ADMIN, Role.REVIEWER):
        return deals
    mine = Exists(
        DealParty.objects.filter(
            deal=OuterRef("pk"), person=person, kind__in=(PartyKind.OWNER, PartyKind.TEAM), ended_at__isnull=True
        )
    )
    seen = Q(mine)
    if person.has_role(Role.MANAGER):
        seen |= Q(team__in=teams_managed_by(person).values("pk"))
    if person.has_role(Role.MEMBER):
        seen |= Q(team__in=teams_of(person).values("pk"))
    if not person.has_role(Role.MANAGER, Role.MEMBER):
        return deals.none()
    return deals.filter(seen)


def deal_visible_to(person: Person, deal_id: UUID) -> Deal:
    """The deal with programme, company, team, owner, offering and winner joined, or 404. One query."""
    deal = (
        deals_visible_to(person)
        .select_related("programme", "company", "team", "owner", "offering", "winner", "own_reason_category")
        .filter(pk=deal_id)
        .first()
    )
    if deal is None:
        raise Http404
    return deal


def parties_of(deal: Deal) -> QuerySet[DealParty]:
    """Everybody who was ever on the deal, owner first, then by when they joined. One query."""
    return (
        DealParty.objects.filter(deal=deal)
        .select_related("person", "person__user")
        .order_by("-ended_at", "kind", "joined_at", "id")
    )


def deal_contacts_of(deal: Deal) -> QuerySet[DealContact]:
    """The buyer's side of the deal, the primary contact first. One query."""
    return (
        DealContact.objects.filter(deal=deal)
        .select_related("contact", "approved_by")
        .order_by("-is_primary", "contact__name", "id")
    )


def approved_contacts_of(deal: Deal) -> QuerySet[DealContact]:
    """The contacts who may be asked: approved and with an address. One query."""
    return deal_contacts_of(deal).filter(approval="approved").exclude(contact__email_key="")


def deal_contact_visible_to(person: Person, deal_contact_id: UUID) -> DealContact:
    """A contact's part in a deal the person may know of, deal and programme joined, or 404. One query."""
    found = (
        DealContact.objects.filter(pk=deal_contact_id, deal__in=deals_visible_to(person))
        .select_related("contact", "deal", "deal__programme", "deal__team")
        .first()
    )
    if found is None:
        raise Http404
    return found


def party_visible_to(person: Person, party_id: UUID) -> DealParty:
    """Somebody's part in a deal the person may know of, or 404. One query."""
    found = (
        DealParty.objects.filter(pk=party_id, deal__in=deals_visible_to(person))
        .select_related("person", "deal", "deal__programme", "deal__team")
        .first()
    )
    if found is None:
        raise Http404
    return found


def changes_of(deal: Deal) -> QuerySet[DealChange]:
    """What was changed on the deal, newest first. One query."""
    return DealChange.objects.filter(deal=deal).select_related("by", "deal_import__file").order_by("-at", "-id")


def imports_visible_to(person: Person) -> QuerySet[DealImport]:
    """The programme's imports, newest first: all of them for a programme manager, own ones for a sales manager."""
    imports = DealImport.objects.filter(programme=person.programme).select_related("file", "started_by")
    if person.has_role(Role.ADMIN):
        return imports.order_by("-created_at", "-id")
    if person.has_role(Role.MANAGER):
        return imports.filter(started_by=person).order_by("-created_at", "-id")
    return imports.none()


def import_visible_to(person: Person, import_id: UUID) -> DealImport:
    """The import, or 404. Leaves the file's bytes in the database. One query."""
    found = imports_visible_to(person).filter(pk=import_id).defer("file__content").first()
    if found is None:
        raise Http404
    return found


def imports_to_resume(now: datetime) -> list[UUID]:
    """The imports of all programmes that wait for a worker or were left by one, oldest first. One query."""
    left = Q(state=ImportState.QUEUED) | Q(state=ImportState.RUNNING, lease_until__lt=now)
    return list(DealImport.objects.filter(left).order_by("created_at").values_list("pk", flat=True))


def companies_of(programme: Programme) -> QuerySet[Company]:
    """The programme's companies by name."""
    return Company.objects.filter(programme=programme).order_by("name_key")


def competitors_of(programme: Programme) -> QuerySet[Competitor]:
    """The programme's competitors by name."""
    return Competitor.objects.filter(programme=programme).order_by("name_key")


def offerings_of(programme: Programme) -> QuerySet[Offering]:
    """What the programme offers, by name."""
    return Offering.objects.filter(programme=programme).order_by("name_key")
