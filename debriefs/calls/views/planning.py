"""Planning debriefs: of one deal, or of several at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls import actions, overview
from debriefs.calls.forms import PlanForm
from debriefs.calls.refusals import SeveralRefused
from debriefs.calls.suggestions import Suggestion, suggested
from debriefs.deals.models import Deal
from debriefs.deals.permissions import can_schedule
from debriefs.deals.queries import approved_contacts_of, deal_visible_to
from debriefs.foundation import clock

# More rows than a person decides with care on one page.
MOST_AT_ONCE = 25


def _plannable(request: ProgrammeRequest, deal_id: UUID) -> Deal:
    deal = deal_visible_to(request.person, deal_id)
    if not can_schedule(request.person, deal):
        raise PermissionDenied(_("The manager of the deal’s team, or the programme manager, plans its debriefs."))
    return deal


def _suggestions(deal: Deal) -> list[Suggestion]:
    part = approved_contacts_of(deal).first()
    language = part.contact.language if part else deal.programme.language
    return suggested(deal, language=language, minutes=deal.programme.call_minutes, now=clock.now())


@require_http_methods(["GET", "HEAD", "POST"])
def debrief_plan(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """Plans a debrief with each chosen contact: 404 for a deal one may not know of, 403 for one whose debriefs another plans."""
    deal = _plannable(request, deal_id)
    found = _suggestions(deal)
    back = programme_url(request.programme, "home:deal_page", deal_id=deal.pk)
    form = PlanForm(request.POST or None, deal=deal, suggestions=found, back=back)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.plan_several(plans=form.plans(), by=request.person, now=clock.now())
        except SeveralRefused as refused:
            for sentence in dict.fromkeys(refused.sentences.values()):
                form.add_error(None, sentence)
        else:
            messages.success(request, _("Planned. Nothing has gone to the buyer yet."))
            return redirect(programme_url(request.programme, "calls:debrief_page", debrief_id=made[0].pk))
    shown = overview.plan_page(request.person, deal, clock.now()) | {"form": form, "suggestions": found}
    return render(request, "calls/debrief_plan.html", shown, status=422 if request.method == "POST" else 200)


@roles_required(Role.ADMIN, Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_several(request: ProgrammeRequest) -> HttpResponse:
    """Plans debriefs of several deals: all of them, or none and a sentence beside each that cannot be."""
    asked = request.POST if request.method == "POST" else request.GET
    deals = [_plannable(request, one) for one in _identifiers(asked.getlist("deal"))]
    if not deals:
        messages.info(request, _("Choose the deals first, then plan them together."))
        return redirect(programme_url(request.programme, "deals:window_closing"))
    forms = [
        PlanForm(request.POST or None, deal=deal, suggestions=_suggestions(deal), several=True, prefix=deal.pk.hex[:12])
        for deal in deals
    ]
    # Each is asked, so that every row says at once what is missing in it.
    are_valid = [form.is_valid() for form in forms]
    if request.method == "POST" and all(are_valid):
        plans = [plan for form in forms for plan in form.plans()]
        try:
            made = actions.plan_several(plans=plans, by=request.person, now=clock.now())
        except SeveralRefused as refused:
            _beside(forms, plans, refused)
        else:
            said = ngettext("%(n)s debrief is planned.", "%(n)s debriefs are planned.", len(made)) % {"n": len(made)}
            messages.success(request, said + " " + _("Nothing has gone to the buyers yet."))
            return redirect(programme_url(request.programme, "calls:debrief_board"))
    rows = [(form.deal, form) for form in forms]
    return render(request, "calls/plan_several.html", {"rows": rows}, status=422 if request.method == "POST" else 200)


def _identifiers(values: list[str]) -> list[UUID]:
    """The deals asked for, each once, in order; 404 for what is no identifier or too many."""
    try:
        found = list(dict.fromkeys(UUID(value) for value in values))
    except (ValueError, ValidationError):
        raise Http404 from None
    if len(found) > MOST_AT_ONCE:
        raise Http404
    return found


def _beside(forms: list[PlanForm], plans: list[dict[str, Any]], refused: SeveralRefused) -> None:
    by_deal = {form.deal.pk: form for form in forms}
    for index, sentence in refused.sentences.items():
        by_deal[plans[index]["deal"].pk].add_error(None, sentence)
