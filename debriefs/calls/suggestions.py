"""Who might interview, best first, and why or why not. A fixed number of queries however many people there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Affiliation, Role
from accounts.models import Person, TeamMember
from debriefs.calls.enums import Neutrality
from debriefs.calls.models import AvailabilityException, BusySpan, Call, Debrief, InterviewerCalendar, WeeklyHours
from debriefs.calls.queries import hours_from
from debriefs.calls.rules import Busy, Hours, Relation, free_slots, neutrality_of
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import Deal, DealParty

_LEVEL_POINTS = {Neutrality.AGENCY: 40, Neutrality.OTHER_TEAM: 30, Neutrality.MANAGER: 5}
# From so many open debriefs on, one more is said to be much.
_MUCH = 5


@dataclass
class Suggestion:
    """One person: the level of neutrality they would have, what speaks for them and against, and whether they are refused."""

    person: Person
    level: Neutrality | None = None
    refused: str = ""
    pros: list[str] = field(default_factory=list)
    cons: list[str] = field(default_factory=list)
    free: int = 0
    points: int = 0


@dataclass(frozen=True)
class _Facts:
    """What is known of all candidates at once, by person or user."""

    sold: dict[UUID, str]
    places: dict[UUID, list[bool]]
    hours: dict[UUID, Hours]
    busy: dict[UUID, list[Busy]]
    languages: dict[UUID, list[str]]
    open_debriefs: "Counter[UUID]"
    knows: "Counter[UUID]"


def suggested(deal: Deal, *, language: str, minutes: int, now: datetime) -> list[Suggestion]:
    """Everybody who interviews in this programme, best first, those refused last. Eleven queries."""
    people = list(
        Person.objects.filter(
            programme_id=deal.programme_id,
            user__is_active=True,
            membership__ended_at__isnull=True,
            membership__roles__overlap=[Role.INTERVIEWER, Role.MANAGER],
        ).select_related("user", "membership")
    )
    facts = _facts(deal, people, now)
    judged = [_judged(person, deal, facts, language=language, minutes=minutes, now=now) for person in people]
    return sorted(judged, key=lambda one: (bool(one.refused), -one.points, one.person.name))


def free_counts(people: Iterable[Person], *, minutes: int, now: datetime) -> dict[UUID, int]:
    """How many starts each person could be booked at, by person. Five queries."""
    listed = [person for person in people if person.user is not None]
    hours, busy, _languages = _times(listed, now)
    return {
        person.pk: len(free_slots(hours=hours[person.user_id], busy=busy[person.user_id], minutes=minutes, now=now))
        for person in listed
        if person.user_id is not None
    }


def _judged(person: Person, deal: Deal, facts: _Facts, *, language: str, minutes: int, now: datetime) -> Suggestion:
    one = Suggestion(person)
    places = facts.places.get(person.pk, [])
    one.level = neutrality_of(
        Relation(
            is_agency=person.affiliation == Affiliation.AGENCY,
            is_in_owners_team=any(not manages for manages in places),
            manages_owners_team=any(places),
        )
    )
    if person.pk in facts.sold:
        one.refused = _("Owns or owned this deal, or is or was on its team.")
    elif one.level is None:
        one.refused = _("Is in the owner’s team.")
    if one.refused or one.level is None or person.user_id is None:
        return one
    (one.cons if one.level == Neutrality.MANAGER else one.pros).append(str(one.level.label))
    speaks = facts.languages[person.user_id]
    names = dict(settings.LANGUAGES)
    spoken = str(names.get(language, language))
    if language in speaks:
        one.pros.append(_("Interviews in the contact’s language: %(language)s") % {"language": spoken})
    else:
        one.cons.append(_("Does not interview in the contact’s language: %(language)s") % {"language": spoken})
    slots = free_slots(hours=facts.hours[person.user_id], busy=facts.busy[person.user_id], minutes=minutes, now=now)
    one.free = len(slots)
    if one.free:
        said = ngettext("%(n)s free time in three weeks", "%(n)s free times in three weeks", one.free)
        one.pros.append(said % {"n": one.free})
    else:
        one.cons.append(_("No free time in three weeks"))
    load, knows = facts.open_debriefs[person.pk], facts.knows[person.pk]
    said = ngettext("%(n)s debrief under way", "%(n)s debriefs under way", load) % {"n": load}
    (one.cons if load >= _MUCH else one.pros).append(said if load else _("Nothing else under way"))
    if knows:
        said = ngettext("Has heard %(n)s buyer of this offering", "Has heard %(n)s buyers of this offering", knows)
        one.pros.append(said % {"n": knows})
    one.points = (
        _LEVEL_POINTS[one.level]
        + (20 if language in speaks else 0)
        + min(one.free, 20)
        - 3 * load
        + min(knows, 5)
        - (50 if not one.free else 0)
    )
    return one


def _facts(deal: Deal, people: list[Person], now: datetime) -> _Facts:
    parties = DealParty.objects.filter(deal=deal, kind__in=(PartyKind.OWNER, PartyKind.TEAM))
    teams: set[UUID] = set()
    if deal.owner_id:
        teams = set(TeamMember.objects.filter(person_id=deal.owner_id).values_list("team_id", flat=True))
    if deal.team_id:
        teams.add(deal.team_id)
    places: dict[UUID, list[bool]] = defaultdict(list)
    for person_id, manages in TeamMember.objects.filter(team__in=teams).values_list("person_id", "is_manager"):
        places[person_id].append(manages)
    under_way = Debrief.objects.filter(
        programme_id=deal.programme_id, interviewer_part__isnull=False, written_up_at__isnull=True
    )
    heard = Debrief.objects.filter(
        programme_id=deal.programme_id,
        held_at__isnull=False,
        deal__offering__isnull=False,
        deal__offering=deal.offering_id,
    )
    hours, busy, languages = _times(people, now)
    return _Facts(
        sold=dict(parties.values_list("person_id", "kind")),
        places=places,
        hours=hours,
        busy=busy,
        languages=languages,
        open_debriefs=Counter(under_way.values_list("interviewer_id", flat=True)),
        knows=Counter(heard.values_list("interviewer_id", flat=True)),
    )


def _times(
    people: list[Person], now: datetime
) -> "tuple[dict[UUID, Hours], dict[UUID, list[Busy]], dict[UUID, list[str]]]":
    users = {person.user_id: person.user for person in people if person.user is not None and person.user_id}
    calendars = {row.user_id: row for row in InterviewerCalendar.objects.filter(user__in=users)}
    weekly: dict[UUID, list[WeeklyHours]] = defaultdict(list)
    for row in WeeklyHours.objects.filter(user__in=users):
        weekly[row.user_id].append(row)
    differing: dict[UUID, list[AvailabilityException]] = defaultdict(list)
    for exception in AvailabilityException.objects.filter(user__in=users):
        differing[exception.user_id].append(exception)
    busy: dict[UUID, list[Busy]] = defaultdict(list)
    calls = Call.objects.filter(interviewer_user__in=users, cancelled_at__isnull=True, ends_at__gt=now)
    for user_id, blocked in calls.values_list("interviewer_user_id", "blocked"):
        busy[user_id].append(Busy(blocked.lower, blocked.upper))
    spans = BusySpan.objects.filter(user__in=users, ends_at__gt=now)
    for user_id, starts_at, ends_at in spans.values_list("user_id", "starts_at", "ends_at"):
        busy[user_id].append(Busy(starts_at, ends_at, counts=False))
    hours, languages = {}, {}
    for user_id, user in users.items():
        calendar = calendars.get(user_id) or InterviewerCalendar(user=user)
        hours[user_id] = hours_from(user, calendar, weekly[user_id], differing[user_id])
        languages[user_id] = calendar.languages or [user.language]
    return hours, {user_id: busy[user_id] for user_id in users}, languages
