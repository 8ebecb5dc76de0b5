"""Questions that an import left open, answered: ours stays, or the file's value is taken with its line of history."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Team
from debriefs.deals.actions.facts import facts_of, update_deal
from debriefs.deals.enums import DECIDED, ConflictChoice, Outcome
from debriefs.deals.models import Deal, DealImport, ImportConflict
from debriefs.deals.names import reads
from debriefs.deals.refusals import ConflictIsStale, MissingFact, NotRunning
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.refusals import Refusal

# What belongs to the decision is taken or kept together: a lost deal without its date cannot stand.
_DECISION = ("outcome", "withdrawn_by", "decided_on")
_DATES = ("opened_on", "decided_on", "implementation_starts_on")


@transaction.atomic
def resolve_conflict(*, conflict: ImportConflict, choice: str, ours_shown: str, by: Person, now: datetime) -> int:
    """The question is answered, with those about the same decision; says how many that were.

    `choice` is "ours" or "theirs". Ours changes nothing, and the same value in a later file does not ask again. Theirs is a change
    of the deal by this person, which counts as the CRM's value from then on. Raises NotRunning when somebody answered already,
    ConflictIsStale when the deal no longer says what was shown, and what `update_deal` raises.
    """
    deal = Deal.objects.select_for_update(of=("self",)).get(pk=conflict.deal_id)
    asked = _open_with(conflict, deal)
    if reads(getattr(deal, conflict.field)) != ours_shown:
        raise ConflictIsStale(
            _("Somebody changed this deal since the page was shown. Look at its value of now and choose again.")
        )
    if choice == ConflictChoice.THEIRS:
        _take_theirs(deal, asked, by=by, now=now)
    _close(asked, choice, by=by, now=now)
    return len(asked)


@transaction.atomic
def keep_all_ours(*, conflicts: Iterable[ImportConflict], deal_import: DealImport, by: Person, now: datetime) -> int:
    """All of these questions are answered with ours; says how many that were. Two queries, whatever their number."""
    kept = ImportConflict.objects.filter(
        pk__in=[one.pk for one in conflicts], deal_import=deal_import, choice=ConflictChoice.OPEN
    ).update(choice=ConflictChoice.OURS, resolved_at=now, resolved_by=by)
    _note(deal_import, "import.conflicts_kept", kept, by=by, now=now)
    return kept


def take_all_theirs(
    *, conflicts: Iterable[ImportConflict], deal_import: DealImport, by: Person, now: datetime
) -> tuple[int, list[tuple[ImportConflict, str]]]:
    """(how many questions are answered with the file's value, those that were refused with their sentence).

    Deal by deal, each in a transaction of its own, so that one refusal keeps none of the others back.
    """
    by_deal: dict[Any, list[ImportConflict]] = {}
    for conflict in conflicts:
        by_deal.setdefault(conflict.deal_id, []).append(conflict)
    taken, refused = 0, []
    for asked in by_deal.values():
        try:
            with transaction.atomic():
                deal = Deal.objects.select_for_update(of=("self",)).get(pk=asked[0].deal_id)
                still = _still_open(asked)
                _take_theirs(deal, still, by=by, now=now)
                _close(still, ConflictChoice.THEIRS, by=by, now=now)
                taken += len(still)
        except Refusal as refusal:
            refused.append((asked[0], str(refusal)))
    _note(deal_import, "import.conflicts_taken", taken, by=by, now=now)
    return taken, refused


def _still_open(asked: list[ImportConflict]) -> list[ImportConflict]:
    locked = ImportConflict.objects.select_for_update(of=("self",)).select_related("their_person")
    return list(locked.filter(pk__in=[one.pk for one in asked], choice=ConflictChoice.OPEN))


def _open_with(conflict: ImportConflict, deal: Deal) -> list[ImportConflict]:
    """The conflict and those that are answered with it, locked."""
    fields = _DECISION if conflict.field in _DECISION else (conflict.field,)
    together = ImportConflict.objects.filter(deal=deal, field__in=fields, choice=ConflictChoice.OPEN)
    asked = _still_open(list(together))
    if conflict.pk not in {one.pk for one in asked}:
        raise NotRunning(_("This was decided already."))
    return asked


def _take_theirs(deal: Deal, asked: list[ImportConflict], *, by: Person, now: datetime) -> None:
    if not asked:
        return
    values = {one.field: _value(one, deal) for one in asked}
    facts = replace(facts_of(deal), **values)
    if facts.outcome not in DECIDED and "outcome" in values and facts.outcome != Outcome.INVALID:
        facts = replace(facts, decided_on=None)
    update_deal(
        deal=deal, facts=facts, base_version=deal.version, by=by, now=now, deal_import_id=asked[0].deal_import_id
    )


def _value(conflict: ImportConflict, deal: Deal) -> Any:
    """The file's value as the facts of a deal take it."""
    text = conflict.theirs
    if conflict.field == "owner":
        return conflict.their_person
    if conflict.field == "team":
        team = Team.objects.filter(programme_id=deal.programme_id, name=text).first()
        if team is None and text:
            raise MissingFact(_("There is no team named %(name)s any more.") % {"name": text})
        return team
    if conflict.field == "amount":
        return Decimal(text) if text else None
    if conflict.field in _DATES:
        return date.fromisoformat(text) if text else None
    return text


def _close(asked: list[ImportConflict], choice: str, *, by: Person, now: datetime) -> None:
    """Kept values have no line among the changes of the deal; who kept them, and when, stands here and in the audit log."""
    ImportConflict.objects.filter(pk__in=[one.pk for one in asked]).update(
        choice=choice, resolved_at=now, resolved_by=by
    )
    for one in asked:
        audit.record(
            action=f"deal.conflict_{'kept' if choice == ConflictChoice.OURS else 'taken'}",
            now=now,
            actor_kind=ActorKind.PERSON,
            actor_id=by.pk,
            programme_id=one.programme_id,
            subject_kind="deal",
            subject_id=one.deal_id,
            detail={"field": one.field, "import": str(one.deal_import_id)},
        )


def _note(deal_import: DealImport, action: str, count: int, *, by: Person, now: datetime) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=deal_import.programme_id,
        subject_kind="import",
        subject_id=deal_import.pk,
        detail={"conflicts": count},
    )
