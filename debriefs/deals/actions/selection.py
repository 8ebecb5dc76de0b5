"""Choosing which decided deals are debriefed: rules set, deals decided by them, overruled by the programme manager, excluded."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import update_programme
from accounts.enums import Role
from accounts.models import Person, Programme
from debriefs.deals.enums import (
    DECIDED,
    DebriefState,
    ExclusionKind,
    Selection,
    SelectionRule,
)
from debriefs.deals.models import Company, Deal, SelectionDecision, SelectionExclusion, SelectionRules
from debriefs.deals.names import lock_names
from debriefs.deals.refusals import AlreadyPlanned, MissingFact, NotDecided
from debriefs.deals.rules import today_in
from debriefs.deals.selection_decisions import Decider, note_decided
from debriefs.deals.selection_queries import (
    TO_JUDGE,
    candidate_of,
    competitors_met,
    covered_by,
    exclusions_by_thing,
    last_overrule_of,
    programmes_with_decisions_due,
    rules_in_force,
)
from debriefs.deals.selection_rules import RulesDraft
from debriefs.deals.selection_words import overruled_sentence
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.refusals import NotAllowed

# Deals decided in one transaction.
BATCH = 1000
_WINDOW = ("cooling_off_days", "best_within_days", "overdue_after_days", "contact_protection_days")


@transaction.atomic
def set_rules(*, programme: Programme, draft: RulesDraft, by: Person, now: datetime) -> SelectionRules:
    """A new version of the rules, with the days of window and contact protection; the same rules again are no new version.

    They hold for decisions that arrive from now on: what was decided stays, so that nobody can reach a particular deal by changing
    the rules. Only the programme manager may (NotAllowed).
    """
    _only_programme_manager(by, programme)
    locked = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    current = rules_in_force(locked)
    version = _unsaved_version(locked, draft)
    if current is not None and _content(current) == _content(version):
        return current
    update_programme(programme=locked, changes={name: getattr(draft, name) for name in _WINDOW}, by=by, now=now)
    version.number, version.set_by, version.set_at = (current.number if current else 0) + 1, by, now
    version.save(force_insert=True)
    _note("selection.rules_set", programme.pk, by=by, now=now, kind="programme", subject=programme.pk,
          detail={"rules": str(version.pk), "number": version.number})  # fmt: skip
    for name in _WINDOW:
        setattr(programme, name, getattr(locked, name))
    return version


def draft_version(programme: Programme, draft: RulesDraft) -> SelectionRules:
    """The version a draft would become, not saved: what a preview judges by. No query."""
    return _unsaved_version(programme, draft)


def decide_due(*, now: datetime) -> int:
    """Every decided deal that is neither chosen nor passed over is decided by its programme's rules; how many were.

    Safe to run twice and at the same moment: rows that another run holds are passed by, and a decided deal is due no more.
    One transaction of about ten queries per thousand deals.
    """
    decided = 0
    for programme in programmes_with_decisions_due():
        while batch := _decide_batch(programme, now):
            decided += batch
    return decided


@transaction.atomic
def decide_deal(*, deal: Deal, now: datetime) -> None:
    """The deal is chosen or passed over, if it is decided and was neither. In the caller's transaction; about nine queries."""
    if deal.selection == Selection.UNDECIDED and deal.outcome in TO_JUDGE:
        locked = list(Deal.objects.select_for_update(of=("self",)).filter(pk=deal.pk))
        _decide(deal.programme, locked, now)
        deal.refresh_from_db(fields=["selection", "selection_reason", "out_of_statistics"])


@transaction.atomic
def overrule(*, deal: Deal, selection: str, reason: str, by: Person, now: datetime) -> SelectionDecision:
    """The programme manager's own decision on a deal, above the rules, kept with its reason however the deal changes later.

    Refuses anybody else (NotAllowed), a missing reason (MissingFact), an open, invalid or excluded deal (NotDecided), and passing
    over a deal whose debrief is planned (AlreadyPlanned). The decision as it stands already is not repeated.
    """
    _only_programme_manager(by, deal.programme)
    said = " ".join(reason.split())
    if not said or selection not in (Selection.CHOSEN, Selection.PASSED_OVER):
        raise MissingFact(_("Say why the rules are not followed here."))
    locked = Deal.objects.select_for_update(of=("self",)).select_related("programme").get(pk=deal.pk)
    if locked.outcome not in DECIDED:
        raise NotDecided(_("Only a decided deal is chosen or passed over."))
    if exclusions_by_thing(locked.programme).covering(locked.pk, locked.company_id, locked.segment):
        raise NotDecided(_("This deal is excluded. Lift the exclusion instead."))
    if selection == Selection.PASSED_OVER and locked.debrief_state not in (DebriefState.NONE, DebriefState.CLOSED):
        raise AlreadyPlanned(_("A debrief of this deal is under way. Close it first."))
    current = SelectionDecision.objects.filter(deal=deal, is_current=True).first()
    sentence = overruled_sentence(selection, by.name, said)
    if current and current.rule == SelectionRule.OVERRULED and current.reason == sentence:
        return current
    SelectionDecision.objects.filter(deal=deal, is_current=True).update(is_current=False)
    decision = SelectionDecision.objects.create(
        programme_id=locked.programme_id,
        deal=locked,
        selection=selection,
        rule=SelectionRule.OVERRULED,
        reason=sentence,
        outcome=locked.outcome,
        rules=rules_in_force(locked.programme),
        decided_by=by,
        decided_at=now,
    )
    Deal.objects.filter(pk=deal.pk).update(selection=selection, selection_reason=decision.reason, updated_at=now)
    deal.selection, deal.selection_reason = selection, decision.reason
    _note("selection.overruled", deal.programme_id, by=by, now=now, kind="deal", subject=deal.pk,
          detail={"selection": selection, "from": current.rule if current else ""})  # fmt: skip
    return decision


@transaction.atomic
def exclude(
    *,
    programme: Programme,
    kind: str,
    reason: str,
    by: Person,
    now: datetime,
    company: Company | None = None,
    deal: Deal | None = None,
    segment: str = "",
) -> tuple[SelectionExclusion, int]:
    """A company, a deal or a segment out of outreach or out of all statistics, and how many deals go on all the same.

    Decided deals without a debrief are passed over at once, those under way go on; statistics leave all of them out at once. Only
    the programme manager may (NotAllowed); raises MissingFact without a reason or without one thing to exclude.
    """
    _only_programme_manager(by, programme)
    segment = " ".join(segment.split())
    if not reason.strip():
        raise MissingFact(_("Say why this is left out."))
    if sum(bool(thing) for thing in (company, deal, segment)) != 1:
        raise MissingFact(_("Name one thing to leave out: a company, a deal or a segment."))
    lock_names(programme)
    exclusion = SelectionExclusion.objects.create(
        programme=programme, kind=kind, company=company, deal=deal, segment=segment, reason=reason.strip(),
        excluded_by=by, excluded_at=now,
    )  # fmt: skip
    _note("selection.excluded", programme.pk, by=by, now=now, kind="exclusion", subject=exclusion.pk,
          detail={"kind": kind})  # fmt: skip
    return exclusion, _decide_anew(exclusion, now)


@transaction.atomic
def lift_exclusion(*, exclusion: SelectionExclusion, by: Person, now: datetime) -> None:
    """The exclusion no longer holds: the rules decide its deals as they would have when they arrived. Harmless if repeated."""
    _only_programme_manager(by, exclusion.programme)
    lock_names(exclusion.programme)
    live = SelectionExclusion.objects.filter(pk=exclusion.pk, lifted_at__isnull=True)
    if live.update(lifted_at=now, lifted_by=by):
        _decide_anew(exclusion, now)
        _note("selection.exclusion_lifted", exclusion.programme_id, by=by, now=now, kind="exclusion",
              subject=exclusion.pk, detail={})  # fmt: skip


def _decide_anew(exclusion: SelectionExclusion, now: datetime) -> int:
    """Decides again what an exclusion that came or went covers; how many of it have a debrief and so go on."""
    programme = exclusion.programme
    covered = Deal.objects.filter(covered_by(exclusion), programme=programme)
    # The row locks let a decision that began before the exclusion finish first, so that none of it escapes; the caller holds the
    # programme's names, so an import that decides new deals as it writes them has finished its chunk.
    deals = list(covered.filter(outcome__in=TO_JUDGE).select_for_update(of=("self",)).order_by("pk"))
    free = [deal for deal in deals if deal.debrief_state == DebriefState.NONE]
    for start in range(0, len(free), BATCH):
        _decide(programme, free[start : start + BATCH], now)
    going_on = [deal for deal in deals if deal.debrief_state != DebriefState.NONE]
    exclusions = exclusions_by_thing(programme)
    for deal in going_on:
        found = exclusions.covering(deal.pk, deal.company_id, deal.segment)
        deal.out_of_statistics = found is not None and found.kind == ExclusionKind.STATISTICS
    Deal.objects.bulk_update(going_on, ["out_of_statistics"], batch_size=BATCH)
    return len(going_on)


@transaction.atomic
def _decide_batch(programme: Programme, now: datetime) -> int:
    due = Deal.objects.filter(programme=programme, selection=Selection.UNDECIDED, outcome__in=TO_JUDGE)
    # Rows are locked before rules and exclusions are read: a change of those that waits for a row finds it decided.
    deals = list(due.select_for_update(of=("self",), skip_locked=True).order_by()[:BATCH])
    _decide(programme, deals, now)
    return len(deals)


def _decide(programme: Programme, deals: list[Deal], now: datetime) -> None:
    """Writes the decision on each of the locked deals. About eight queries, however many they are."""
    if not deals:
        return
    ids = [deal.pk for deal in deals]
    decider = Decider(programme, now)
    overruled, met = last_overrule_of(ids), competitors_met(ids, decider.rules.competitors)
    arrived = dict(
        SelectionDecision.objects.filter(deal__in=ids).order_by().values_list("deal").annotate(Min("decided_at"))
    )
    decisions, kept = [], []
    # A stored sentence reads the same for everybody, so it is written in the programme's language.
    with translation.override(programme.language):
        for deal in deals:
            exclusion = decider.exclusions.covering(deal.pk, deal.company_id, deal.segment)
            if exclusion is None and deal.outcome in DECIDED and deal.pk in overruled:
                kept.append(overruled[deal.pk])
                continue
            first = arrived.get(deal.pk)
            candidate = candidate_of(
                deal,
                arrived_on=today_in(programme.time_zone, first) if first else decider.today,
                exclusion=exclusion,
                met=met,
            )
            decided = decider.decide(candidate, exclusion)
            decisions.append(SelectionDecision(programme_id=programme.pk, deal_id=deal.pk, decided_at=now, **decided))
    SelectionDecision.objects.filter(deal__in=ids, is_current=True).update(is_current=False)
    SelectionDecision.objects.filter(pk__in=[one.pk for one in kept]).update(is_current=True)
    SelectionDecision.objects.bulk_create(decisions, batch_size=BATCH)
    _push_down([*decisions, *kept])
    if decisions:
        chosen = sum(one.selection == Selection.CHOSEN for one in decisions)
        alone = decisions[0].deal_id if len(decisions) == 1 else None
        note_decided(programme.pk, chosen=chosen, passed_over=len(decisions) - chosen, alone=alone, now=now)


def _push_down(decisions: list[SelectionDecision]) -> None:
    """The deals show and filter by their decisions. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE deals_deal d SET selection = v.selection, selection_reason = v.reason, out_of_statistics = v.outside
            FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::boolean[]) AS v (id, selection, reason, outside)
            WHERE d.id = v.id
            """,
            [
                [one.deal_id for one in decisions],
                [one.selection for one in decisions],
                [one.reason for one in decisions],
                [one.rule == SelectionRule.NO_STATISTICS for one in decisions],
            ],
        )


def _unsaved_version(programme: Programme, draft: RulesDraft) -> SelectionRules:
    return SelectionRules(
        programme_id=programme.pk,
        outcomes=sorted(draft.outcomes),
        minimum_amount=draft.minimum_amount,
        currency=programme.currency,
        segments=list(draft.segments),
        team_ids=sorted(draft.team_ids),
        competitor_ids=sorted(draft.competitor_ids),
        shares=[{"percent": one.percent, "outcome": one.outcome, "segment": one.segment} for one in draft.shares],
        seed=draft.seed,
        **{name: getattr(draft, name) for name in _WINDOW},
    )


def _content(version: SelectionRules) -> tuple[Any, ...]:
    names = (
        "outcomes",
        "minimum_amount",
        "currency",
        "segments",
        "team_ids",
        "competitor_ids",
        "shares",
        "seed",
        *_WINDOW,
    )
    return tuple(getattr(version, name) for name in names)


def _only_programme_manager(by: Person, programme: Programme) -> None:
    if by.programme_id != programme.pk or not by.has_role(Role.ADMIN):
        raise NotAllowed(_("Only the programme manager decides what is chosen."))


def _note(
    action: str,
    programme_id: UUID,
    *,
    by: Person,
    now: datetime,
    kind: str,
    subject: UUID,
    detail: dict[str, Any],
) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=programme_id,
        subject_kind=kind,
        subject_id=subject,
        detail=detail,
    )
