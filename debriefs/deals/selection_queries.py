"""Reads about selection: the rules in force, what is excluded, what was decided, what the rules would have chosen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from accounts.enums import Role
from accounts.models import Person, Programme
from debriefs.deals.enums import DECIDED, DebriefState, ExclusionKind, Outcome, Selection, SelectionRule
from debriefs.deals.models import Deal, DealCompetitor, SelectionDecision, SelectionExclusion, SelectionRules
from debriefs.deals.queries import closes_on, deals_visible_to
from debriefs.deals.rules import name_key
from debriefs.deals.selection_rules import Candidate, Rules, Share, judge, last_two_quarters

# What a decision is taken on; an open deal has none to wait for.
TO_JUDGE = (*DECIDED, Outcome.INVALID)


def rules_in_force(programme: Programme) -> SelectionRules | None:
    """The latest version; None while nobody has set any and every decided deal is chosen. One query."""
    return SelectionRules.objects.filter(programme=programme).order_by("-number").select_related("set_by").first()


def versions_of(programme: Programme) -> QuerySet[SelectionRules]:
    """All versions, newest first. One query."""
    return SelectionRules.objects.filter(programme=programme).order_by("-number").select_related("set_by")


def as_rules(programme: Programme, stored: SelectionRules | None) -> Rules:
    """The version as the pure rules read it. No query."""
    if stored is None:
        return Rules(currency=programme.currency, overdue_after_days=programme.overdue_after_days)
    return Rules(
        outcomes=frozenset(stored.outcomes),
        minimum_amount=stored.minimum_amount,
        currency=stored.currency,
        segments=frozenset(name_key(segment) for segment in stored.segments),
        teams=frozenset(stored.team_ids),
        competitors=frozenset(stored.competitor_ids),
        shares=tuple(Share(**share) for share in stored.shares),
        seed=stored.seed,
        overdue_after_days=programme.overdue_after_days,
    )


@dataclass
class Exclusions:
    """The live exclusions of a programme, to be asked about many deals."""

    of_deal: dict[UUID, SelectionExclusion] = field(default_factory=dict)
    of_company: dict[UUID, SelectionExclusion] = field(default_factory=dict)
    of_segment: dict[str, SelectionExclusion] = field(default_factory=dict)

    def covering(self, deal_id: UUID, company_id: UUID | None, segment: str) -> SelectionExclusion | None:
        """The exclusion a deal falls under; one from all statistics before one from outreach."""
        found = (
            self.of_deal.get(deal_id),
            self.of_company.get(company_id) if company_id else None,
            self.of_segment.get(name_key(segment)) if segment else None,
        )
        live = [exclusion for exclusion in found if exclusion is not None]
        return min(live, key=lambda exclusion: exclusion.kind != ExclusionKind.STATISTICS, default=None)


def exclusions_of(programme: Programme) -> QuerySet[SelectionExclusion]:
    """The live exclusions, newest first, with what they name. One query."""
    return (
        SelectionExclusion.objects.filter(programme=programme, lifted_at__isnull=True)
        .select_related("company", "deal", "excluded_by")
        .order_by("-excluded_at", "id")
    )


def exclusion_visible_to(person: Person, exclusion_id: UUID) -> SelectionExclusion:
    """A live exclusion of the person's programme, or 404. One query."""
    found = exclusions_of(person.programme).filter(pk=exclusion_id).first()
    if found is None:
        raise Http404
    return found


def exclusions_by_thing(programme: Programme) -> Exclusions:
    """The live exclusions, ready to be asked. One query."""
    found = Exclusions()
    # Statistics last, so that of two exclusions of one thing that one stays.
    for one in sorted(exclusions_of(programme), key=lambda one: one.kind == ExclusionKind.STATISTICS):
        if one.deal_id:
            found.of_deal[one.deal_id] = one
        elif one.company_id:
            found.of_company[one.company_id] = one
        else:
            found.of_segment[name_key(one.segment)] = one
    return found


def covered_by(exclusion: SelectionExclusion) -> Q:
    """The deals that an exclusion covers. One query for a segment, which is compared as names are; none otherwise."""
    if exclusion.deal_id:
        return Q(pk=exclusion.deal_id)
    if exclusion.company_id:
        return Q(company=exclusion.company_id)
    known = Deal.objects.filter(programme=exclusion.programme_id).exclude(segment="").order_by()
    spellings = known.values_list("segment", flat=True).distinct()
    wanted = name_key(exclusion.segment)
    return Q(segment__in=[segment for segment in spellings if name_key(segment) == wanted])


def competitors_met(deal_ids: "list[UUID] | QuerySet[Any, Any]", wanted: frozenset[UUID]) -> dict[UUID, set[UUID]]:
    """Which of the wanted competitors each deal met; the winner is added by the caller. One query, none if none is wanted."""
    met: dict[UUID, set[UUID]] = {}
    if wanted:
        rows = DealCompetitor.objects.filter(deal__in=deal_ids, competitor__in=wanted)
        for deal_id, competitor_id in rows.values_list("deal_id", "competitor_id"):
            met.setdefault(deal_id, set()).add(competitor_id)
    return met


def decisions_of(deal: Deal) -> QuerySet[SelectionDecision]:
    """All decisions on a deal, the current one first. One query."""
    return (
        SelectionDecision.objects.filter(deal=deal)
        .select_related("rules", "decided_by")
        .order_by("-is_current", "-decided_at", "-id")
    )


def last_overrule_of(deal_ids: Iterable[UUID]) -> dict[UUID, SelectionDecision]:
    """The programme manager's last word on each deal that has one. One query."""
    rows = SelectionDecision.objects.filter(deal__in=list(deal_ids), rule=SelectionRule.OVERRULED)
    return {row.deal_id: row for row in rows.order_by("deal", "-decided_at", "-id").distinct("deal")}


@dataclass(frozen=True)
class RuleCount:
    """How many deals a rule decides now, by where they went."""

    rule: str
    chosen: int
    passed_over: int

    @property
    def label(self) -> str:
        """What people call the rule."""
        return str(SelectionRule(self.rule).label)


def counts_by_rule(programme: Programme) -> list[RuleCount]:
    """What decides the programme's deals now, in the order of the rules. One query."""
    rows = {
        row["rule"]: row
        for row in SelectionDecision.objects.filter(programme=programme, is_current=True)
        .order_by()
        .values("rule")
        .annotate(
            chosen=Count("id", filter=Q(selection=Selection.CHOSEN)),
            passed=Count("id", filter=Q(selection=Selection.PASSED_OVER)),
        )
    }
    return [RuleCount(rule, rows[rule]["chosen"], rows[rule]["passed"]) for rule in SelectionRule if rule in rows]


@dataclass
class Preview:
    """What the rules would have chosen among the deals decided from `first` up to, not including, `end`."""

    first: date
    end: date
    by_outcome: dict[str, list[int]] = field(default_factory=dict)
    by_rule: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> list[tuple[str, int, int, float | None]]:
        """Per outcome: its value, how many chosen, of how many, and the share between 0 and 1."""
        return [
            (outcome, chosen, of, chosen / of if of else None)
            for outcome in DECIDED
            for chosen, of in [self.by_outcome.get(outcome, [0, 0])]
        ]

    @property
    def total(self) -> tuple[int, int]:
        """How many chosen, of how many."""
        return sum(row[1] for row in self.rows), sum(row[2] for row in self.rows)

    @property
    def passed_over(self) -> list[tuple[str, int]]:
        """The rules that passed deals over, as people call them, with how many."""
        return [(str(rule.label), self.by_rule[rule]) for rule in SelectionRule if rule in self.by_rule]


def preview(programme: Programme, rules: Rules, today: date) -> Preview:
    """The rules applied to the deals of the last two whole quarters as if each had arrived on its day. Writes nothing.

    Three queries; memory does not grow with the deals. What was overruled by hand is judged by the rules here.
    """
    first, end = last_two_quarters(today)
    found = Preview(first, end)
    exclusions = exclusions_by_thing(programme)
    decided = Deal.objects.filter(
        programme=programme, outcome__in=DECIDED, decided_on__gte=first, decided_on__lt=end
    ).order_by()
    met = competitors_met(decided.values("pk"), rules.competitors) if rules.competitors else {}
    columns = ("pk", "external_id", "source", "outcome", "decided_on", "amount", "currency", "segment", "team_id", "company_id", "winner_id")  # fmt: skip
    for row in decided.values(*columns).iterator(2000):
        verdict = judge(_candidate_of_row(row, exclusions, met), rules)
        chosen = verdict.selection == Selection.CHOSEN
        counts = found.by_outcome.setdefault(row["outcome"], [0, 0])
        counts[0] += chosen
        counts[1] += 1
        if not chosen:
            found.by_rule[verdict.rule] = found.by_rule.get(verdict.rule, 0) + 1
    return found


def _candidate_of_row(row: dict[str, Any], exclusions: Exclusions, met: dict[UUID, set[UUID]]) -> Candidate:
    exclusion = exclusions.covering(row["pk"], row["company_id"], row["segment"])
    return Candidate(
        outcome=row["outcome"],
        decided_on=row["decided_on"],
        arrived_on=row["decided_on"],
        source=row["source"],
        identity=row["external_id"] or str(row["pk"]),
        amount=row["amount"],
        currency=row["currency"],
        segment=row["segment"],
        team=row["team_id"],
        competitors=met.get(row["pk"], set()) | {row["winner_id"]},
        excluded=exclusion.kind if exclusion else "",
    )


def candidate_of(
    deal: Deal, *, arrived_on: date, exclusion: SelectionExclusion | None, met: dict[UUID, set[UUID]]
) -> Candidate:
    """The deal as the rules read it. No query."""
    return Candidate(
        outcome=deal.outcome,
        decided_on=deal.decided_on,
        arrived_on=arrived_on,
        source=deal.source,
        identity=deal.external_id or str(deal.pk),
        amount=deal.amount,
        currency=deal.currency,
        segment=deal.segment,
        team=deal.team_id,
        competitors=met.get(deal.pk, set()) | ({deal.winner_id} if deal.winner_id else set()),
        excluded=exclusion.kind if exclusion else "",
    )


def programmes_with_decisions_due() -> list[Programme]:
    """The programmes in which a decided deal is neither chosen nor passed over. One query, over a partial index."""
    due = Deal.objects.filter(selection=Selection.UNDECIDED, outcome__in=TO_JUDGE).order_by()
    return list(Programme.objects.filter(pk__in=due.values("programme").distinct()))


def windows_closing(person: Person, today: date) -> QuerySet[Deal]:
    """The decided, chosen deals without a planned debrief whose window is not over, fewest days left first.

    For those who schedule: a programme manager's whole programme, a sales manager's teams. Each deal carries `closes_on`, the
    last good day as `window_of` knows it. No query by itself; Today counts the same.
    """
    programme = person.programme
    return (
        _unplanned(person)
        .filter(decided_on__gte=today - timedelta(days=programme.overdue_after_days))
        .annotate(closes_on=closes_on(programme))
        .order_by("closes_on", "name", "pk")
    )


def windows_missed(person: Person, today: date) -> QuerySet[Deal]:
    """The chosen deals that nobody planned and that are overdue by now, the latest first. No query by itself."""
    limit = today - timedelta(days=person.programme.overdue_after_days)
    return _unplanned(person).filter(decided_on__lt=limit).order_by("-decided_on", "name", "pk")


def counts_by_team(deals: QuerySet[Deal]) -> list[tuple[UUID | None, str, int]]:
    """Per team its id, name and number of deals, by name; deals without a team last. One query."""
    rows = deals.order_by().values("team", "team__name").annotate(n=Count("pk"))
    return sorted(
        ((row["team"], row["team__name"] or "", row["n"]) for row in rows), key=lambda row: (row[0] is None, row[1])
    )


def _unplanned(person: Person) -> QuerySet[Deal]:
    if not person.has_role(Role.ADMIN, Role.MANAGER):
        return Deal.objects.none()
    return deals_visible_to(person).filter(
        outcome__in=DECIDED, selection=Selection.CHOSEN, debrief_state=DebriefState.NONE
    )
