"""Who would read a debrief once it is released, and from when: the rule of `queries.releases_visible_to`, told beforehand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.enums import Audience, Role
from accounts.models import Person, TeamMember
from debriefs.calls.models import Debrief
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import DealParty
from debriefs.findings.models import SecondCoding


@dataclass(frozen=True)
class Readers:
    """People who read the release from the same moment on, each in one group only; `is_told` says whether a mail goes to them."""

    who: "str | Promise"
    since: datetime
    people: frozenset[Person]
    is_told: bool = False


def readers_of(debrief: Debrief, now: datetime) -> list[Readers]:
    """The groups in the order in which they read; empty ones are left out. Four queries."""
    programme, deal = debrief.programme, debrief.deal
    later = now + timedelta(hours=programme.owner_reads_first_hours)
    people = list(
        Person.objects.filter(programme=programme, membership__ended_at__isnull=True).select_related("membership")
    )
    blind = set(
        SecondCoding.objects.filter(debrief=debrief, handed_in_at__isnull=True, coder__isnull=False).values_list(
            "coder", flat=True
        )
    )
    parts = set(
        DealParty.objects.filter(deal=deal, kind=PartyKind.TEAM, ended_at__isnull=True).values_list("person", flat=True)
    )
    places = (
        set(TeamMember.objects.filter(team=deal.team_id).values_list("person", flat=True)) if deal.team_id else set()
    )
    readers = [person for person in people if person.pk not in blind]
    groups = [
        (_("The owner of the deal, alone at first"), now, {p for p in readers if p.pk == deal.owner_id}, True),
        (
            _("The interviewer, reviewers and programme managers"),
            now,
            {p for p in readers if p.pk == debrief.interviewer_id or p.has_role(Role.REVIEWER, Role.ADMIN)},
            False,
        ),
        (
            _("The owning team with its manager"),
            later,
            {p for p in readers if p.pk in places and p.has_role(Role.MEMBER, Role.MANAGER)},
            True,
        ),
        (_("The deal team"), later, {p for p in readers if p.pk in parts}, False),
    ]
    if programme.audience == Audience.PROGRAMME:
        everybody = {p for p in readers if p.has_role(Role.MEMBER, Role.MANAGER)}
        groups.append((_("All other members"), later, everybody, False))
    told, found = set[Person](), []
    for who, since, reading, is_told in groups:
        if fresh := reading - told:
            found.append(Readers(who, since, frozenset(fresh), is_told))
            told |= fresh
    return found
