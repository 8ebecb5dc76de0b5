"""Undoing what was done to findings: each act is kept as it was before and after, until the release."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.codebook.models import Driver
from debriefs.findings.models import Change, Finding, FindingChange
from debriefs.findings.refusals import FindingIsStale

Facts = dict[str, Any]
_KEPT = ("direction", "strength", "is_primary", "verbatim", "note", "masked_verbatim", "masked_note", "cleared_sha256")
_KEYS = ("driver_id", "competitor_id", "tag_id", "coded_by_id")


def facts_of(finding: Finding) -> Facts:
    """Everything of a finding but its version, as JSON holds it."""
    keys = {name: str(value) if (value := getattr(finding, name)) else None for name in _KEYS}
    return {name: getattr(finding, name) for name in _KEPT} | keys | {"coded_at": finding.coded_at.isoformat()}


class Watch:
    """The findings of a debrief before an act; `keep` writes what the act changed, as one act that can be undone.

    Two queries, and one more for the rows.
    """

    def __init__(self, debrief: Debrief) -> None:
        self.debrief = debrief
        self.before = self._facts()

    def _facts(self) -> dict[UUID, Facts]:
        return {finding.pk: facts_of(finding) for finding in Finding.objects.filter(debrief=self.debrief)}

    def keep(self, kind: Change, *, by: Person, now: datetime) -> None:
        """Nothing is kept where nothing changed."""
        after, act = self._facts(), uuid4()
        FindingChange.objects.bulk_create(
            FindingChange(
                programme_id=self.debrief.programme_id,
                debrief=self.debrief,
                act=act,
                kind=kind,
                finding_id=key,
                before=self.before.get(key),
                after=after.get(key),
                made_at=now,
                made_by=by,
            )
            for key in {**self.before, **after}
            if _differs(self.before.get(key), after.get(key))
        )


def _differs(one: Facts | None, other: Facts | None) -> bool:
    """Who coded when is no change by itself."""
    told = ("coded_at", "coded_by_id")
    return _without(one, told) != _without(other, told)


def _without(facts: Facts | None, names: Iterable[str]) -> Facts | None:
    return facts and {name: value for name, value in facts.items() if name not in names}


@dataclass(frozen=True)
class LastAct:
    """The person's newest act on a debrief's findings that can still be undone, in words."""

    kind: str
    driver: str


def last_act(debrief: Debrief, by: Person) -> LastAct | None:
    """What `undo` would take back. At most two queries."""
    change = FindingChange.objects.filter(debrief=debrief, made_by=by).first()
    if change is None:
        return None
    facts = change.before or change.after or {}
    driver = Driver.objects.filter(pk=facts["driver_id"]).first()
    return LastAct(str(Change(change.kind).label), str(driver or ""))


@transaction.atomic
def undo(*, debrief: Debrief, by: Person) -> bool:
    """The person's newest act on the findings is taken back; False when there is none. The caller holds the debrief's row.

    FindingIsStale, and nothing changed, when a finding it touched is another one since.
    """
    newest = FindingChange.objects.filter(debrief=debrief, made_by=by).first()
    if newest is None:
        return False
    rows = list(FindingChange.objects.filter(act=newest.act))
    current = {finding.pk: finding for finding in Finding.objects.filter(debrief=debrief)}
    for row in rows:
        standing = current.get(row.finding_id)
        if _differs(facts_of(standing) if standing else None, row.after):
            raise FindingIsStale(_("Somebody changed this finding since. Nothing was undone."), standing)
    _restore(debrief, rows, current)
    FindingChange.objects.filter(act=newest.act).delete()
    return True


def _restore(debrief: Debrief, rows: list[FindingChange], current: dict[UUID, Finding]) -> None:
    gone = [row.finding_id for row in rows if row.before is None]
    Finding.objects.filter(pk__in=gone).delete()
    others = Finding.objects.filter(debrief=debrief).exclude(pk__in=[row.finding_id for row in rows])
    has_primary = others.filter(is_primary=True).exists()
    taken = set(others.values_list("tag_id", flat=True)) - {None}
    # Only one finding decides at any moment: the one that decided stands down first.
    for row in sorted(rows, key=lambda row: bool(row.before and row.before["is_primary"])):
        if row.before is None:
            continue
        facts = dict(row.before)
        facts["is_primary"] = facts["is_primary"] and not has_primary
        if facts["tag_id"] and UUID(facts["tag_id"]) in taken:
            raise FindingIsStale(_("The tag it came from was taken over again. Nothing was undone."), None)
        standing = current.get(row.finding_id)
        version = standing.version + 1 if standing else 1
        facts["coded_at"] = datetime.fromisoformat(facts["coded_at"])
        Finding.objects.update_or_create(
            pk=row.finding_id,
            defaults=facts | {"version": version},
            create_defaults=facts | {"version": version, "debrief": debrief, "programme_id": debrief.programme_id},
        )


def forget(debrief: Debrief) -> None:
    """Nothing can be undone any more; the raw words kept for it are gone. Harmless if repeated."""
    FindingChange.objects.filter(debrief=debrief).delete()
