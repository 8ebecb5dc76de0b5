"""Coding anew what stands under a driver that the codebook gave up: merged, split or retired."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.codebook.models import Driver
from debriefs.codebook.queries import parts_of
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import DealParty
from debriefs.findings.models import Finding, Release, Remark
from debriefs.findings.permissions import may_recall
from debriefs.findings.plan import released_words, words_taken_back
from debriefs.findings.queries import remarks_visible_to, reviews_of
from debriefs.findings.refusals import FindingIsStale, NotReleasable, ReviewNotAllowed
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind


def remarks_to_recode(person: Person, now: datetime) -> QuerySet[Remark]:
    """Released remarks under a driver that is offered no more, for who reviews and did not sell; what no rule moves comes first.

    No query by itself.
    """
    sold = DealParty.objects.filter(deal=OuterRef("deal"), person=person, kind__in=(PartyKind.OWNER, PartyKind.TEAM))
    return (
        remarks_visible_to(person, now)
        .filter(driver__retired_at__isnull=False)
        .exclude(Exists(sold))
        .select_related("driver__category", "driver__counts_as", "release__deal")
        .order_by(F("driver__counts_as").asc(nulls_first=True), "driver__name", "id")
    )


def reviews_to_recode(person: Person) -> QuerySet[Debrief]:
    """Debriefs under the person's review with findings under such a driver, with how many: `given_up`. One query."""
    return (
        reviews_of(person)
        .annotate(given_up=Count("findings", filter=Q(findings__driver__retired_at__isnull=False)))
        .filter(given_up__gt=0)
    )


def likely_drivers(person: Person, given_up: set[UUID]) -> dict[UUID, list[Driver]]:
    """For each driver given up: what it counts as by rule, then the parts it was split into, live ones only. Two queries."""
    parts = parts_of(person.programme)
    drivers = {
        driver.pk: driver
        for driver in Driver.objects.filter(programme=person.programme).select_related("category", "counts_as")
    }
    found = {}
    for key in given_up:
        follows = drivers[key].counts_as_id
        keys = dict.fromkeys([*([follows] if follows else []), *parts.get(key, [])])
        found[key] = [drivers[one] for one in keys if one in drivers and drivers[one].retired_at is None]
    return found


@transaction.atomic
def recode_remark(*, remark: Remark, driver: Driver, by: Person, now: datetime) -> Remark:
    """A released remark under a live driver: words and note stay, and `first_driver` keeps the code it was released with.

    The finding it is a copy of follows, so that a recall brings back the same code; where it decided, the release says so under the
    new code. Refuses a driver given up, and who may not take the release back.
    """
    release = (
        Release.objects.select_for_update(of=("self",)).select_related("deal", "debrief").get(pk=remark.release_id)
    )
    if not may_recall(by, release):
        raise ReviewNotAllowed(_("Who is or was on our side of the deal does not code what its buyer said."))
    if driver.retired_at is not None or driver.programme_id != remark.programme_id:
        raise NotReleasable(_("Choose a driver that the codebook offers."))
    locked = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
    if locked.driver_id == driver.pk:
        return locked
    if locked.driver_id != remark.driver_id:
        raise FindingIsStale(_("Somebody coded this remark anew meanwhile."), None)
    before = locked.driver_id
    taken_back = words_taken_back(release.debrief)
    for finding in Finding.objects.filter(debrief=release.debrief, driver=before, direction=locked.direction):
        if released_words(finding, release.quote_level, taken_back) == (locked.verbatim, locked.note):
            Finding.objects.filter(pk=finding.pk).update(driver=driver, version=finding.version + 1)
    locked.first_driver_id = locked.first_driver_id or before
    locked.driver = driver
    locked.save(update_fields=["driver", "first_driver"])
    if locked.is_primary:
        Release.objects.filter(pk=release.pk).update(primary_driver=driver)
    detail: dict[str, Any] = {"remark": str(locked.pk), "before": str(before), "driver": str(driver.pk)}
    audit.record(
        action="remark.recoded", now=now, actor_kind=ActorKind.PERSON, actor_id=by.id, programme_id=locked.programme_id,
        subject_kind="release", subject_id=release.pk, detail=detail,
    )  # fmt: skip
    return locked
