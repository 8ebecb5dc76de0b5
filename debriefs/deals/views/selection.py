"""Selection as people see it: the rules in words, their preview, exclusions, one deal's decisions, windows that close."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.models import Team
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.deals import actions, queries, selection_queries
from debriefs.deals.enums import Selection, SelectionRule
from debriefs.deals.forms.selection import DecisionForm, ExclusionForm, RulesForm, initial_rules
from debriefs.deals.models import Competitor, Deal, SelectionRules
from debriefs.deals.rules import today_in
from debriefs.deals.selection_words import rules_in_words, window_in_words
from debriefs.deals.window import Window
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal

SHOWN_WINDOWS, SHOWN_MISSED = 200, 50
_form_view = require_http_methods(["GET", "HEAD", "POST"])


@roles_required(Role.ADMIN, Role.MANAGER, Role.REVIEWER)
@require_safe
def selection(request: ProgrammeRequest) -> HttpResponse:
    """The rules in force in words, what decides the programme's deals now, exclusions and earlier versions. Seven queries."""
    programme = request.programme
    versions = list(selection_queries.versions_of(programme)[:20])
    stored = versions[0] if versions else None
    counts = selection_queries.counts_by_rule(programme)
    shown = {
        "stored": stored,
        "sentences": _in_words(request, stored),
        "window_sentences": _window_in_words(request),
        "counts": counts,
        "overruled": next((count for count in counts if count.rule == SelectionRule.OVERRULED), None),
        "exclusions": selection_queries.exclusions_of(programme)[:200],
        "earlier": [(version, _in_words(request, version)) for version in versions[1:]],
        "may_change": request.person.has_role(Role.ADMIN),
    }
    return render(request, "deals/selection.html", shown)


def _in_words(request: ProgrammeRequest, stored: SelectionRules | None) -> list[str]:
    """The sentences of a version. Up to two queries, where it names teams or competitors."""
    teams, competitors = [], []
    if stored is not None and stored.team_ids:
        named = Team.objects.filter(programme=request.programme, pk__in=stored.team_ids)
        teams = list(named.order_by("name").values_list("name", flat=True))
    if stored is not None and stored.competitor_ids:
        rivals = Competitor.objects.filter(programme=request.programme, pk__in=stored.competitor_ids)
        competitors = list(rivals.order_by("name_key").values_list("name", flat=True))
    rules = selection_queries.as_rules(request.programme, stored)
    return rules_in_words(rules, segments=stored.segments if stored else [], teams=teams, competitors=competitors)


def _window_in_words(request: ProgrammeRequest) -> list[str]:
    programme = request.programme
    return window_in_words(
        cooling_off=programme.cooling_off_days,
        best_within=programme.best_within_days,
        overdue_after=programme.overdue_after_days,
        protection=programme.contact_protection_days,
    )


@roles_required(Role.ADMIN)
@_form_view
def selection_rules(request: ProgrammeRequest) -> HttpResponse:
    """The rules to be set, with what they would have chosen; a preview of the typed ones saves nothing."""
    programme, back = request.programme, programme_url(request.programme, "deals:selection")
    stored = selection_queries.rules_in_force(programme)
    if request.method != "POST":
        form = RulesForm(initial=initial_rules(programme, stored), programme=programme, back=back)
        return _rules_shown(request, form, stored)
    form = RulesForm(request.POST, programme=programme, back=back)
    if not form.is_valid():
        return _rules_shown(request, form, None, 422)
    if request.POST.get("step") == "preview":
        return _rules_shown(request, form, actions.draft_version(programme, form.draft()))
    saved = actions.set_rules(programme=programme, draft=form.draft(), by=request.person, now=clock.now())
    messages.success(request, _("The rules are in force as version %(n)d.") % {"n": saved.number})
    return redirect(back)


def _rules_shown(
    request: ProgrammeRequest, form: RulesForm, version: SelectionRules | None, status: int = 200
) -> HttpResponse:
    """The form with the preview of a version, or of the default rules; without one while the form cannot be read."""
    shown: dict[str, Any] = {"form": form}
    if status == 200:
        rules = selection_queries.as_rules(request.programme, version)
        today = today_in(request.programme.time_zone, clock.now())
        shown |= {
            "preview": selection_queries.preview(request.programme, rules, today),
            "sentences": _in_words(request, version),
            "is_draft": version is not None and version.number is None,
        }
    return render(request, "deals/selection_rules.html", shown, status=status)


@roles_required(Role.ADMIN)
@_form_view
def exclusion_add(request: ProgrammeRequest) -> HttpResponse:
    """A company or a segment left out of outreach or of all statistics, with the reason."""
    back = programme_url(request.programme, "deals:selection")
    form = ExclusionForm(request.POST or None, programme=request.programme, back=back)
    shown = {"form": form, "heading": _("Leave something out")}
    if request.method != "POST":
        return render(request, "deals/form.html", shown)
    if form.is_valid():
        try:
            exclusion, going_on = actions.exclude(
                programme=request.programme, by=request.person, now=clock.now(), **form.cleaned_data
            )
            _say_excluded(request, exclusion.what, going_on)
            return redirect(back)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "deals/form.html", shown, status=422)


def _say_excluded(request: ProgrammeRequest, what: str, going_on: int) -> None:
    messages.success(request, _("%(what)s is left out from now on.") % {"what": what})
    if going_on:
        messages.info(request, _("%(n)d debriefs of it are under way and go on. Close them if they should not.") % {"n": going_on})  # fmt: skip


@roles_required(Role.ADMIN)
@require_POST
def exclusion_lift(request: ProgrammeRequest, exclusion_id: UUID) -> HttpResponse:
    """The exclusion no longer holds."""
    exclusion = selection_queries.exclusion_visible_to(request.person, exclusion_id)
    actions.lift_exclusion(exclusion=exclusion, by=request.person, now=clock.now())
    messages.success(request, _("%(what)s is decided by the rules again.") % {"what": exclusion.what})
    return redirect(programme_url(request.programme, "deals:selection"))


@_form_view
def deal_selection(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """By which rule a deal was chosen or passed over, every decision on it; the programme manager decides otherwise here."""
    deal = queries.deal_visible_to(request.person, deal_id)
    back = programme_url(request.programme, "home:deal_page", deal_id=deal.pk)
    if request.method != "POST":
        return _decisions_shown(request, deal, DecisionForm(back=back))
    if not request.person.has_role(Role.ADMIN):
        raise PermissionDenied(_("Only the programme manager decides otherwise than the rules."))
    form = DecisionForm(request.POST, back=back)
    if form.is_valid():
        try:
            _decide(request, deal, form)
            return redirect(programme_url(request.programme, "deals:deal_selection", deal_id=deal.pk))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _decisions_shown(request, deal, form, 422)


def _decide(request: ProgrammeRequest, deal: Deal, form: DecisionForm) -> None:
    reason, now = form.cleaned_data["reason"], clock.now()
    if form.exclusion_kind:
        exclusion, going_on = actions.exclude(
            programme=request.programme, kind=form.exclusion_kind, reason=reason, by=request.person, now=now, deal=deal
        )
        _say_excluded(request, exclusion.what, going_on)
        return
    chosen = form.cleaned_data["decision"]
    actions.overrule(deal=deal, selection=chosen, reason=reason, by=request.person, now=now)
    messages.success(request, _("The deal is chosen.") if chosen == Selection.CHOSEN else _("The deal is passed over."))


def _decisions_shown(request: ProgrammeRequest, deal: Deal, form: DecisionForm, status: int = 200) -> HttpResponse:
    shown = {
        "deal": deal,
        "decisions": selection_queries.decisions_of(deal)[:50],
        "form": form if request.person.has_role(Role.ADMIN) else None,
    }
    return render(request, "deals/selection_of_deal.html", shown, status=status)


@roles_required(Role.ADMIN, Role.MANAGER)
@require_safe
def window_closing(request: ProgrammeRequest) -> HttpResponse:
    """Decided, chosen, not planned: by days left, per team. Three queries besides those of the frame and of the roles."""
    today = today_in(request.programme.time_zone, clock.now())
    closing = selection_queries.windows_closing(request.person, today)
    teams = selection_queries.counts_by_team(closing)
    team = next((one for one in teams if str(one[0]) == request.GET.get("team")), None)
    missed = selection_queries.windows_missed(request.person, today)
    if team is not None:
        closing, missed = closing.filter(team=team[0]), missed.filter(team=team[0])
    shown = {
        "teams": teams,
        "team": team,
        "count": sum(one[2] for one in teams),
        "rows": _with_windows(closing[:SHOWN_WINDOWS], today),
        "missed": _with_windows(missed[: SHOWN_MISSED + 1], today),
        "shown_windows": SHOWN_WINDOWS,
        "shown_missed": SHOWN_MISSED,
    }
    return render(request, "deals/window_closing.html", shown)


def _with_windows(deals: QuerySet[Deal], today: date) -> list[tuple[Deal, Window | None]]:
    """Each deal with its window. One query."""
    return [(deal, deal.window_on(today)) for deal in deals.select_related("programme", "company", "team", "owner")]
