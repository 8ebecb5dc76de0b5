"""Who may do what with a deal. Every predicate names its cost."""

from accounts.enums import Role
from accounts.models import Person
from accounts.permissions import manages_team
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import Deal, DealParty

OUR_SIDE = (PartyKind.OWNER, PartyKind.TEAM)


def is_on_our_side(person: Person, deal: Deal) -> bool:
    """Whether the person owns the deal or is on its team, or ever was. Beats every role where raw answers are concerned. One query."""
    return DealParty.objects.filter(deal=deal, person=person, kind__in=OUR_SIDE).exists()


def is_live_party(person: Person, deal: Deal) -> bool:
    """Whether the person owns the deal or is on its team now. One query."""
    return DealParty.objects.filter(deal=deal, person=person, kind__in=OUR_SIDE, ended_at__isnull=True).exists()


def can_schedule(person: Person, deal: Deal) -> bool:
    """Whether the person may plan debriefs, approve contacts and change the deal: programme manager, or manager of its team.

    At most one query.
    """
    if person.programme_id != deal.programme_id:
        return False
    return person.has_role(Role.ADMIN) or (person.has_role(Role.MANAGER) and manages_team(person, deal.team_id))


def has_record_access(person: Person, deal: Deal) -> bool:
    """Whether the person sees the sales record and the contacts: whoever may schedule, reviewers, owner and deal team.

    At most two queries.
    """
    if person.programme_id != deal.programme_id:
        return False
    return person.has_role(Role.REVIEWER) or can_schedule(person, deal) or is_live_party(person, deal)


def can_add_to_record(person: Person, deal: Deal) -> bool:
    """Whether the person may add contacts and notes: whoever may schedule, owner and deal team. At most two queries."""
    return can_schedule(person, deal) or (person.programme_id == deal.programme_id and is_live_party(person, deal))


def can_import(person: Person) -> bool:
    """Whether the person may import deals: programme managers everything, sales managers deals of the teams they manage."""
    return person.has_role(Role.ADMIN, Role.MANAGER)
