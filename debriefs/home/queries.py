"""What waits for a person, from every room, each list a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from accounts.enums import Role
from accounts.models import Person
from accounts.requests import programme_url
from debriefs.calls.models import Call, Debrief
from debriefs.calls.queries import debriefs_visible_to
from debriefs.deals.enums import DECIDED, Approval, DebriefState, Selection
from debriefs.deals.models import Deal, DealContact, OwnView
from debriefs.deals.queries import deals_visible_to
from debriefs.deals.selection_queries import windows_closing
from debriefs.deals.window import Window
from debriefs.findings.models import Release, Remark
from debriefs.findings.queries import releases_visible_to
from debriefs.home.rules import Standstill, standstill
from debriefs.lessons.enums import LessonState
from debriefs.lessons.models import Lesson

WAITING = (DebriefState.NONE, DebriefState.PLANNED, DebriefState.INVITED, DebriefState.DECLINED)


@dataclass(frozen=True)
class ClosingDeal:
    """A decided deal whose window is closing: how long is left, why it stands still, the one act."""

    deal: Deal
    window: Window
    standstill: Standstill
    act_url: str


@dataclass(frozen=True)
class OpenWriteUp:
    """A held debrief that is not written up yet, and by how many days it is late (0 or less: in time)."""

    debrief: Debrief
    days_late: int


def closing_deals(person: Person, today: date, limit: int = 12) -> list[ClosingDeal]:
    """Decided, chosen deals not yet booked that are not overdue, soonest closing first; for those who schedule. Two queries."""
    if not person.has_role(Role.ADMIN, Role.MANAGER):
        return []
    programme = person.programme
    approvals = DealContact.objects.exclude(contact__email_key="").only("deal_id", "approval")
    deals = (
        deals_visible_to(person)
        .filter(
            outcome__in=DECIDED,
            selection=Selection.CHOSEN,
            debrief_state__in=WAITING,
            decided_on__gte=today - timedelta(days=programme.overdue_after_days),
        )
        .select_related("programme", "company", "team")
        .prefetch_related(Prefetch("deal_contacts", approvals, to_attr="reachable"))
        .order_by("decided_on", "id")[:200]
    )
    found = []
    for deal in deals:
        window = deal.window_on(today)
        if window is None:
            continue
        still = standstill(
            debrief_state=deal.debrief_state,
            approvals={row.approval for row in deal.reachable},
            is_cooling_off=today < window.opens_on,
        )
        url = programme_url(programme, still.url_name, deal_id=deal.pk) if still.url_name else ""
        found.append(ClosingDeal(deal, window, still, url))
    return sorted(found, key=lambda row: (row.window.days_left, row.deal.name))[:limit]


def closing_count(person: Person, today: date) -> int:
    """How many chosen deals nobody has planned while their window runs: the number of the list "Windows closing". One query."""
    return windows_closing(person, today).count()


def calls_ahead(person: Person, now: datetime, days: int = 7) -> QuerySet[Call]:
    """The booked calls of the coming days in the debriefs the person may see, soonest first. One query."""
    return (
        Call.objects.filter(
            debrief__in=debriefs_visible_to(person),
            cancelled_at__isnull=True,
            held_at__isnull=True,
            no_show_at__isnull=True,
            ends_at__gte=now,
            starts_at__lte=now + timedelta(days=days),
        )
        .select_related("debrief__deal__company", "debrief__contact", "interviewer")
        .order_by("starts_at")
    )


def open_write_ups(person: Person, now: datetime) -> list[OpenWriteUp]:
    """Held debriefs without write-up: for an interviewer all of theirs, for others the overdue ones. One query."""
    due = timedelta(days=person.programme.write_up_due_days)
    debriefs = debriefs_visible_to(person).filter(
        held_at__isnull=False, written_up_at__isnull=True, closed_at__isnull=True
    )
    if not person.has_role(Role.ADMIN, Role.MANAGER):
        debriefs = debriefs.filter(interviewer=person)
    rows = debriefs.select_related("deal__company", "interviewer").order_by("held_at")
    found = [OpenWriteUp(row, (now - row.held_at - due).days) for row in rows if row.held_at]
    return [row for row in found if row.debrief.interviewer_id == person.pk or now - row.debrief.held_at > due]  # type: ignore[operator]


def own_views_wanted(person: Person) -> QuerySet[OwnView]:
    """Own views the person was asked for and has not given. One query."""
    return OwnView.objects.filter(person=person, given_at__isnull=True, closed_at__isnull=True).select_related(
        "deal__company"
    )


def newly_released(
    person: Person, now: datetime, days: int = 30, limit: int = 3
) -> list[tuple[Release, Remark | None]]:
    """The newest releases the person may read, each with its first verbatim. Two queries."""
    releases = list(
        releases_visible_to(person, now)
        .filter(released_at__gte=now - timedelta(days=days))
        .select_related("deal", "primary_driver")
        .order_by("-released_at")[:limit]
    )
    said: dict[object, list[Remark]] = defaultdict(list)
    for remark in Remark.objects.filter(release__in=[release.pk for release in releases]).exclude(verbatim=""):
        said[remark.release_id].append(remark)
    return [(release, next(iter(said[release.pk]), None)) for release in releases]


def own_lessons(person: Person) -> QuerySet[Lesson]:
    """Lessons the person owns that are agreed or in force, by when they are to be checked. One query."""
    return Lesson.objects.filter(owner=person, state__in=(LessonState.AGREED, LessonState.IN_FORCE)).order_by(
        "check_on"
    )


def debriefs_of_deal(deal: Deal) -> QuerySet[Debrief]:
    """The debriefs of a deal for its page, newest first, people and guide joined. One query."""
    return (
        Debrief.objects.filter(deal=deal)
        .select_related("contact", "interviewer", "guide_version__guide", "planned_by", "released_by")
        .order_by("-planned_at")
    )


def approvals_waiting(deal: Deal) -> QuerySet[DealContact]:
    """Contacts of the deal who wait for approval and have an address. One query."""
    return (
        DealContact.objects.filter(deal=deal, approval=Approval.WAITING)
        .exclude(Q(contact__email_key=""))
        .select_related("contact")
    )
