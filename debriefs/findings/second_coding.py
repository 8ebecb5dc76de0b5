"""The second coding of a debrief: chosen by rule, done blind, compared, and agreed on beside both originals."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls import actions as calls
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import may_review
from debriefs.codebook.models import Driver
from debriefs.findings.comparison import is_chosen
from debriefs.findings.locking import lock
from debriefs.findings.models import CodedUnit, Finding, SecondCoding, Side
from debriefs.findings.permissions import is_free, may_begin_second, may_change_second, may_compare
from debriefs.findings.refusals import ConsensusIsStale, NotReleasable, ReviewNotAllowed, SecondCodingClosed
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind


def choose(*, debrief: Debrief, now: datetime) -> SecondCoding | None:
    """The second coding that the programme's rule demands for the debrief, None where it does not. Harmless if repeated.

    What was chosen once stays chosen when the share changes.
    """
    percent = debrief.programme.second_coding_percent
    standing = SecondCoding.objects.filter(debrief=debrief).first()
    if standing is not None or not is_chosen(debrief.programme_id, debrief.pk, percent):
        return standing
    return SecondCoding.objects.get_or_create(
        debrief=debrief,
        defaults={"programme_id": debrief.programme_id, "share_percent": percent, "chosen_at": now},
    )[0]


@transaction.atomic
def begin(*, coding: SecondCoding, by: Person, now: datetime) -> SecondCoding:
    """The person codes the debrief a second time. Harmless if repeated by the same person.

    Refuses whoever interviewed, sold, coded first or was shown the first coding, and everybody once the debrief was released.
    Where a coder left before the hand-in, another begins anew; what the first of them found is kept, and shown to nobody.
    """
    # The debrief first, as a review does: the two would lock each other out otherwise.
    lock(coding.debrief)
    locked = _locked(coding)
    if locked.coder_id == by.pk:
        return locked
    if not is_free(locked):
        raise SecondCodingClosed(_("Somebody else has taken this second coding on."))
    if not may_begin_second(by, locked):
        raise ReviewNotAllowed(
            _(
                "A debrief is coded a second time by somebody who neither interviewed nor sold, who has not seen the first "
                "coding, and before the release."
            )
        )
    locked.units.filter(side=Side.SECOND).update(side=Side.LEFT, is_primary=False)
    locked.coder, locked.begun_at = by, now
    locked.save(update_fields=["coder", "begun_at"])
    calls.set_second_coder(debrief=locked.debrief, person=by)
    _note("second_coding.begun", locked, by, now)
    return locked


@transaction.atomic
def add_unit(
    *,
    coding: SecondCoding,
    driver: Driver,
    direction: str,
    strength: int,
    by: Person,
    now: datetime,
    verbatim: str = "",
    note: str = "",
) -> CodedUnit:
    """One driver the second coder found; sent twice, it is one. Refuses one without evidence, and anybody but the coder."""
    locked = _own(coding, by)
    if not verbatim.strip() and not note.strip():
        raise NotReleasable(_("A finding needs its evidence: the buyer’s words or a note."))
    return CodedUnit.objects.get_or_create(
        coding=locked,
        side=Side.SECOND,
        driver=driver,
        direction=direction,
        strength=strength,
        verbatim=verbatim,
        note=note,
        defaults={"programme_id": locked.programme_id, "coded_at": now, "coded_by": by},
    )[0]


@transaction.atomic
def remove_unit(*, unit: CodedUnit, by: Person) -> None:
    """The unit is gone; only its coder may, and only before the hand-in. Harmless if repeated."""
    _own_unit(unit, by)
    CodedUnit.objects.filter(pk=unit.pk).delete()


@transaction.atomic
def decide_unit(*, unit: CodedUnit, by: Person) -> None:
    """By the second coder's reading this one decided, and no other. Harmless if repeated."""
    _own_unit(unit, by)
    CodedUnit.objects.filter(coding=unit.coding, side=Side.SECOND, is_primary=True).exclude(pk=unit.pk).update(
        is_primary=False
    )
    CodedUnit.objects.filter(pk=unit.pk).update(is_primary=True)


@transaction.atomic
def hand_in(*, coding: SecondCoding, by: Person, now: datetime) -> SecondCoding:
    """The second coding is closed. Refuses one without findings or without the one that decided. Harmless if repeated."""
    if SecondCoding.objects.filter(pk=coding.pk, coder=by, handed_in_at__isnull=False).exists():
        return coding
    locked = _own(coding, by)
    units = locked.units.filter(side=Side.SECOND)
    if not units.exists():
        raise SecondCodingClosed(_("There is no finding yet."))
    if not units.filter(is_primary=True).exists():
        raise SecondCodingClosed(_("Say which finding decided."))
    locked.handed_in_at = now
    locked.save(update_fields=["handed_in_at"])
    _note("second_coding.handed_in", locked, by, now)
    return locked


@transaction.atomic
def keep_first(*, debrief: Debrief, now: datetime) -> None:
    """The first coder's findings are copied as they are, once: a later change of a finding changes nothing here."""
    coding = SecondCoding.objects.select_for_update().filter(debrief=debrief, first_kept_at__isnull=True).first()
    if coding is None:
        return
    findings = Finding.objects.filter(debrief=debrief)
    CodedUnit.objects.bulk_create(_copied(finding, coding, Side.FIRST) for finding in findings)
    coding.first_kept_at = now
    coding.save(update_fields=["first_kept_at"])


@transaction.atomic
def agree(
    *,
    coding: SecondCoding,
    taken: Mapping[UUID, str],
    deciding: UUID | None,
    by: Person,
    now: datetime,
    seen: str | None = None,
) -> SecondCoding:
    """The consensus: for every driver by its key whose coding is taken (a Side, or LEFT_OUT), and the driver that decided.

    Written beside both originals, which stay as they are; a new consensus takes the place of the last one. Refuses before both
    codings are closed, and without a deciding driver among those taken. Harmless if repeated; ConsensusIsStale when the last one is
    not the one that the page had `seen` (its time, "" for none).
    """
    locked = _locked(coding)
    if not locked.is_comparable:
        raise SecondCodingClosed(_("Both codings have to be closed before they are compared."))
    if not may_compare(by, locked):
        raise ReviewNotAllowed(_("A consensus is noted by the reviewer, the second coder or a programme manager."))
    chosen = [unit for unit in locked.units.exclude(side=Side.CONSENSUS) if taken.get(unit.driver_id) == unit.side]
    if deciding not in {unit.driver_id for unit in chosen}:
        raise SecondCodingClosed(_("Say which of the drivers you keep decided."))
    first_of_deciding = next(unit.pk for unit in chosen if unit.driver_id == deciding)
    made = [
        _copied(unit, locked, Side.CONSENSUS, is_primary=unit.pk == first_of_deciding, coded_at=now, coded_by_id=by.pk)
        for unit in chosen
    ]
    standing = locked.units.filter(side=Side.CONSENSUS)
    if Counter(map(_coded, standing)) == Counter(map(_coded, made)):
        return locked
    if seen is not None and seen != seen_of(locked):
        raise ConsensusIsStale(
            _("Somebody noted a consensus meanwhile. It stands below: compare, and note yours again.")
        )
    standing.delete()
    CodedUnit.objects.bulk_create(made)
    locked.agreed_at, locked.agreed_by = now, by
    locked.save(update_fields=["agreed_at", "agreed_by"])
    _note("second_coding.agreed", locked, by, now)
    return locked


def seen_of(coding: SecondCoding) -> str:
    """By what a page that shows the consensus tells it from a later one."""
    return coding.agreed_at.isoformat() if coding.agreed_at else ""


def _coded(unit: CodedUnit) -> tuple[Any, ...]:
    return unit.driver_id, unit.direction, unit.strength, unit.is_primary, unit.verbatim, unit.note


def _locked(coding: SecondCoding) -> SecondCoding:
    return SecondCoding.objects.select_for_update(of=("self",)).select_related("debrief__deal").get(pk=coding.pk)


def _own(coding: SecondCoding, by: Person) -> SecondCoding:
    locked = _locked(coding)
    if locked.coder_id != by.pk or not may_review(by, locked.debrief):
        raise ReviewNotAllowed(_("Only who took the second coding on codes here."))
    if locked.handed_in_at is not None:
        raise SecondCodingClosed(_("The second coding is handed in and closed."))
    return locked


def _own_unit(unit: CodedUnit, by: Person) -> None:
    _own(unit.coding, by)
    if not may_change_second(by, unit):
        raise ReviewNotAllowed(_("Only your own coding can be changed here."))


def _copied(source: Finding | CodedUnit, coding: SecondCoding, side: Side, **differs: Any) -> CodedUnit:
    """The unit as it is coded, unsaved, on another side; `differs` where the copy does."""
    names = ("driver_id", "direction", "strength", "is_primary", "verbatim", "note", "coded_at", "coded_by_id")
    values = {name: getattr(source, name) for name in names}
    return CodedUnit(programme_id=coding.programme_id, coding=coding, side=side, **(values | differs))


def _note(action: str, coding: SecondCoding, by: Person, now: datetime, **detail: Any) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=coding.programme_id,
        subject_kind="debrief",
        subject_id=coding.debrief_id,
        detail=detail,
    )
