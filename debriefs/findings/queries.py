"""Reads of releases, always for a person, and of findings for those who may read raw text."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from accounts.enums import Audience, Role
from accounts.models import Membership, Person, Programme
from accounts.queries import teams_of
from debriefs.calls.models import Debrief
from debriefs.calls.queries import debriefs_visible_to, interviewed_by
from debriefs.deals.enums import DebriefState, PartyKind
from debriefs.deals.models import DealParty
from debriefs.findings.models import PreparedRelease, Release, Remark, SecondCoding


def releases_visible_to(person: Person, now: datetime) -> QuerySet[Release]:
    """The releases the person may read now. No query by itself.

    The owner from the moment of release; the owning team, its manager and the deal team from the end of the owner's day, and
    all members where the release is open to the programme; the interviewer their own, reviewers and programme managers all,
    at once. A recalled release is read by programme managers only, and by none who is or was on our side of the deal. Whoever codes the debrief a second time reads no release of
    it until that is handed in.
    """
    blind = SecondCoding.objects.filter(debrief=OuterRef("debrief"), coder=person, handed_in_at__isnull=True)
    releases = Release.objects.filter(~Exists(blind), programme=person.programme)
    if person.has_role(Role.ADMIN):
        ours = DealParty.objects.filter(
            deal=OuterRef("deal"), person=person, kind__in=(PartyKind.OWNER, PartyKind.TEAM)
        )
        return releases.filter(Q(recalled_at__isnull=True) | ~Exists(ours))
    live = releases.filter(recalled_at__isnull=True)
    if person.has_role(Role.REVIEWER):
        return live
    parts = DealParty.objects.filter(deal=OuterRef("deal"), person=person, kind=PartyKind.TEAM, ended_at__isnull=True)
    shared = Q(Exists(parts))
    if person.has_role(Role.MEMBER, Role.MANAGER):
        shared |= Q(team__in=teams_of(person).values("pk")) | Q(audience=Audience.PROGRAMME)
    return live.filter(
        Q(debrief__in=Debrief.objects.filter(interviewed_by(person)).values("pk"))
        | Q(deal__owner=person, released_at__lte=now)
        | (Q(others_from__lte=now) & shared)
    )


def remarks_visible_to(person: Person, now: datetime) -> QuerySet[Remark]:
    """The remarks of the releases the person may read; none of a recalled one, whoever asks. No query by itself."""
    return Remark.objects.filter(
        programme=person.programme,
        release__in=releases_visible_to(person, now).filter(recalled_at__isnull=True).values("pk"),
    )


def counted_releases(programme: Programme, now: datetime) -> QuerySet[Release]:
    """What figures are counted from, for every reader alike: not recalled, the owner's day over. No query by itself."""
    return Release.objects.filter(programme=programme, recalled_at__isnull=True, others_from__lte=now)


def listed(person: Person, now: datetime) -> QuerySet[Release]:
    """The releases the person may read, newest first, with what a page shows joined."""
    return (
        releases_visible_to(person, now)
        .select_related(
            "deal",
            "deal__programme",
            "primary_driver__category",
            "stated_driver",
            "own_driver",
            "own_category",
            "debrief",
            "programme",
        )
        .order_by("-released_at", "id")
    )


def hero_of(releases: Iterable[Release]) -> dict[UUID, Remark]:
    """The first verbatim of each release. One query."""
    found: dict[UUID, Remark] = {}
    remarks = (
        Remark.objects.filter(release__in=[release.pk for release in releases])
        .exclude(verbatim="")
        .select_related("driver")
    )
    for remark in remarks:
        found.setdefault(remark.release_id, remark)
    return found


def reviews_waiting(person: Person) -> QuerySet[Debrief]:
    """Written-up debriefs the person could review, oldest first: neither interviewed nor sold by them. One query.

    Of each `is_free`, as `calls.permissions.is_review_free`: whether nobody reviews it. None for whoever reviews nothing.
    """
    reviews = person.has_role(Role.REVIEWER, Role.ADMIN)
    ours = DealParty.objects.filter(deal=OuterRef("deal"), kind__in=(PartyKind.OWNER, PartyKind.TEAM))
    has_left = ~Exists(_reviews(OuterRef("reviewer"))) | Exists(ours.filter(person=OuterRef("reviewer")))
    return (
        (debriefs_visible_to(person) if reviews else Debrief.objects.none())
        .filter(state__in=(DebriefState.WRITTEN_UP, DebriefState.REVIEWED))
        .exclude(interviewer=person)
        .exclude(Exists(ours.filter(person=person)))
        .annotate(is_free=Case(When(Q(reviewer__isnull=True) | has_left, then=True), default=False))
        .select_related("deal__company", "interviewer", "reviewer")
        .order_by("written_up_at", "id")
    )


def _reviews(person: OuterRef) -> QuerySet[Membership]:
    """The membership in which the person of an outer query reviews."""
    return Membership.objects.filter(person=person, ended_at__isnull=True, roles__overlap=[Role.REVIEWER, Role.ADMIN])


def reviews_of(person: Person) -> QuerySet[Debrief]:
    """Those of the waiting debriefs that are the person's to code and release: taken on, or for a programme manager all. One query.

    None that the person codes blind: they are not told what its first coder found or wrote.
    """
    blind = SecondCoding.objects.filter(debrief=OuterRef("pk"), coder=person, handed_in_at__isnull=True)
    waiting = reviews_waiting(person).exclude(Exists(blind))
    return waiting if person.has_role(Role.ADMIN) else waiting.filter(reviewer=person)


def reviews_to_do(person: Person) -> QuerySet[Debrief]:
    """Those of the waiting debriefs that ask something of the person: taken on by them, or by nobody. One query."""
    return reviews_waiting(person).filter(Q(reviewer=person) | Q(is_free=True))


def prepared_releases(person: Person) -> QuerySet[PreparedRelease]:
    """What waits for the next batch and is the person's to release, oldest first. One query."""
    mine = reviews_of(person).filter(state=DebriefState.REVIEWED).order_by().values("pk")
    return PreparedRelease.objects.filter(debrief__in=mine, taken_out_at__isnull=True).select_related(
        "debrief__deal__company", "debrief__deal__team", "debrief__programme", "prepared_by"
    )


def second_codings_of(person: Person) -> QuerySet[SecondCoding]:
    """The second codings of debriefs the person could review, those still open first, oldest first. One query.

    Of each `is_free`, as `permissions.is_free`: whether nobody is coding it a second time; and `is_open`: whether the person may
    see both codings once they are closed.
    """
    ours = DealParty.objects.filter(deal=OuterRef("debrief__deal"), kind__in=(PartyKind.OWNER, PartyKind.TEAM))
    sold, coder_sold = ours.filter(person=person), ours.filter(person=OuterRef("coder"))
    has_left = Q(handed_in_at__isnull=True) & (~Exists(_reviews(OuterRef("coder"))) | Exists(coder_sold))
    theirs = Q(debrief__reviewer=person) | Q(coder=person)
    is_open = Value(True) if person.has_role(Role.ADMIN) else Case(When(theirs, then=True), default=False)
    return (
        SecondCoding.objects.filter(
            debrief__in=debriefs_visible_to(person).values("pk"),
            debrief__written_up_at__isnull=False,
            debrief__closed_at__isnull=True,
        )
        .exclude(debrief__interviewer=person)
        .exclude(Exists(sold))
        .annotate(is_free=Case(When(Q(coder__isnull=True) | has_left, then=True), default=False), is_open=is_open)
        .select_related("debrief__deal__company", "debrief__interviewer", "debrief__programme", "coder__membership")
        .order_by(F("handed_in_at").asc(nulls_first=True), "chosen_at", "id")
    )
