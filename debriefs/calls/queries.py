"""Reads of debriefs and calls, always for a person."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.enums import Affiliation, Role
from accounts.models import Person, TeamMember, User
from accounts.queries import teams_managed_by
from debriefs.calls.enums import ExceptionKind
from debriefs.calls.models import (
    AvailabilityException,
    BusySpan,
    Call,
    DataRequest,
    Debrief,
    InterviewerCalendar,
    WeeklyHours,
)
from debriefs.calls.rules import DEFAULT_HOURS, Busy, Exceptional, Hours, Relation
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import Deal, DealParty
from debriefs.foundation import clock


def debriefs_visible_to(person: Person) -> QuerySet[Debrief]:
    """The debriefs the person may open. No query by itself.

    Programme managers: all. Sales managers: those of deals of the teams they manage. Interviewers: as `interviewed_by` says.
    Reviewers: whatever was written up. Whoever sold the deal sees on the deal page that a debrief is under way, not here.
    """
    debriefs = Debrief.objects.filter(programme=person.programme)
    if person.has_role(Role.ADMIN):
        return debriefs
    seen = interviewed_by(person)
    if person.has_role(Role.MANAGER):
        seen |= Q(deal__team__in=teams_managed_by(person).values("pk"))
    if person.has_role(Role.REVIEWER):
        seen |= Q(written_up_at__isnull=False)
    return debriefs.filter(seen)


def interviewed_by(person: Person, *, through: str = "") -> Q:
    """The debriefs whose interviewer the person is, as a condition: until closed or passed on.

    `through` is the way from the rows that are asked to their debrief, such as "sheet__debrief__"; empty for debriefs themselves.
    For an outside interviewer also until so many days after the release as the programme says. No query; the clock's one for
    outside interviewers.
    """
    wanted = {"interviewer": person, "closed_at__isnull": True, "interviewer_ended_at__isnull": True}
    theirs = Q(**{through + name: value for name, value in wanted.items()})
    if person.affiliation == Affiliation.AGENCY:
        released_after = clock.now() - timedelta(days=person.programme.outside_access_days)
        theirs &= Q(**{f"{through}released_at__isnull": True}) | Q(**{f"{through}released_at__gt": released_after})
    return theirs


def versions_interviewed_with(person: Person) -> QuerySet[Debrief, UUID]:
    """The guide versions of the debriefs the person interviews for, by key. No query by itself."""
    theirs = Debrief.objects.filter(interviewed_by(person), programme=person.programme)
    return theirs.values_list("guide_version", flat=True)


def debriefs_scheduled_by(person: Person) -> QuerySet[Debrief]:
    """The debriefs the person may invite to, move and close: all for programme managers, else those of their teams' deals. No query by itself."""
    debriefs = Debrief.objects.filter(programme=person.programme)
    if person.has_role(Role.ADMIN):
        return debriefs
    if not person.has_role(Role.MANAGER):
        return debriefs.none()
    return debriefs.filter(deal__team__in=teams_managed_by(person).values("pk"))


def debrief_visible_to(person: Person, debrief_id: UUID) -> Debrief:
    """The debrief with deal, company, contact, people and guide joined, or 404. One query."""
    found = (
        debriefs_visible_to(person)
        .select_related(
            "programme",
            "deal__company",
            "deal__team",
            "deal__owner",
            "deal__programme",
            "contact",
            "interviewer__user",
            "reviewer",
            "guide_version__guide",
        )
        .filter(pk=debrief_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def data_requests_visible_to(person: Person) -> QuerySet[DataRequest]:
    """What buyers asked about their data: for programme managers, open ones first. No query by itself."""
    if not person.has_role(Role.ADMIN):
        return DataRequest.objects.none()
    rows = DataRequest.objects.filter(programme=person.programme).select_related("contact", "settled_by")
    return rows.order_by(F("settled_at").asc(nulls_first=True), "-asked_at")


def live_call_of(debrief: Debrief) -> Call | None:
    """The booked call that still stands; None when none does. One query."""
    return (
        Call.objects.filter(debrief=debrief, cancelled_at__isnull=True, no_show_at__isnull=True)
        .order_by("-booked_at")
        .first()
    )


def last_call_of(debrief: Debrief) -> Call | None:
    """The latest call, cancelled ones included; None before the first booking. One query."""
    return Call.objects.filter(debrief=debrief).order_by("-booked_at").first()


def relation_to_deal(person: Person, deal: Deal) -> Relation:
    """How the person stands to the owner of the deal. One query.

    A deal without a known owner is judged by its team.
    """
    teams = set()
    if deal.owner_id:
        teams = set(TeamMember.objects.filter(person_id=deal.owner_id).values_list("team_id", flat=True))
    if deal.team_id:
        teams.add(deal.team_id)
    places = TeamMember.objects.filter(person=person, team__in=teams)
    return Relation(
        is_agency=person.affiliation == Affiliation.AGENCY,
        is_in_owners_team=any(not place.is_manager for place in places),
        manages_owners_team=any(place.is_manager for place in places),
    )


def can_be_booked(person: Person) -> bool:
    """Whether the person can still interview here: an account that works, and a membership that did not end. At most two queries."""
    membership = getattr(person, "membership", None)
    return person.user is not None and person.user.is_active and (membership is None or membership.ended_at is None)


def possible_interviewers(deal: Deal) -> QuerySet[Person]:
    """People with an account who might interview: interviewers and managers who never sold this deal. No query by itself."""
    sold = DealParty.objects.filter(deal=deal, person=OuterRef("pk"), kind__in=(PartyKind.OWNER, PartyKind.TEAM))
    return (
        Person.objects.filter(
            programme_id=deal.programme_id,
            user__is_active=True,
            membership__ended_at__isnull=True,
            membership__roles__overlap=[Role.INTERVIEWER, Role.MANAGER],
        )
        .exclude(Exists(sold))
        .select_related("user", "membership")
        .order_by("name")
    )


def hours_of(user: User) -> Hours:
    """How the human can be booked; Monday to Friday, 9 to 17, where they have set nothing. Three queries."""
    calendar = InterviewerCalendar.objects.filter(user=user).first() or InterviewerCalendar(user=user)
    weekly = WeeklyHours.objects.filter(user=user)
    return hours_from(user, calendar, weekly, AvailabilityException.objects.filter(user=user))


def hours_from(
    user: User,
    calendar: InterviewerCalendar,
    weekly: Iterable[WeeklyHours],
    differing: Iterable[AvailabilityException],
) -> Hours:
    """The same from rows that were read already. No query by itself."""
    return Hours(
        time_zone=user.time_zone,
        weekly=tuple((row.weekday, row.starts, row.ends) for row in weekly) or DEFAULT_HOURS,
        buffer_before=timedelta(minutes=calendar.buffer_before_minutes),
        buffer_after=timedelta(minutes=calendar.buffer_after_minutes),
        minimum_notice=timedelta(hours=calendar.minimum_notice_hours),
        most_calls_a_day=calendar.most_calls_a_day,
        exceptions=tuple(exceptional(row) for row in differing),
    )


def exceptional(row: AvailabilityException) -> Exceptional:
    """The row as the rules take it. No query."""
    return Exceptional(
        first=row.starts_on,
        last=row.ends_on,
        is_extra=row.kind == ExceptionKind.EXTRA,
        span=(row.starts, row.ends) if row.starts and row.ends else None,
    )


def busy_of(user: User, contact_address_key: str, now: datetime, *, leaving_out: Call | None = None) -> list[Busy]:
    """What takes time ahead: a human's calls in every programme and their calendars elsewhere, and the mailbox's calls. Two queries.

    `leaving_out` is the call that is being moved: its own time is free for it. Nothing but the time is told of any of them.
    """
    calls = Call.objects.filter(cancelled_at__isnull=True, ends_at__gt=now).filter(
        Q(interviewer_user=user) | Q(contact_address_key=contact_address_key)
    )
    if leaving_out is not None:
        calls = calls.exclude(pk=leaving_out.pk)
    spans = BusySpan.objects.filter(user=user, ends_at__gt=now).values_list("starts_at", "ends_at")
    return [
        Busy(call.blocked.lower, call.blocked.upper, counts=call.interviewer_user_id == user.pk)
        for call in calls.only("blocked", "interviewer_user")
    ] + [Busy(starts_at, ends_at, counts=False) for starts_at, ends_at in spans]
