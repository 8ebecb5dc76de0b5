"""The buyer's pages about permissions and quotes, behind the personal link. GET changes nothing, and nothing is chosen beforehand."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from debriefs.calls import links
from debriefs.calls.models import Debrief, ProspectLink
from debriefs.calls.public_access import admit, find_link, guarded, not_open, prospect_page, too_often, within_limit
from debriefs.deals.rules import today_in
from debriefs.findings import buyer_permissions, quotes
from debriefs.findings.models import Quote
from debriefs.findings.quote_forms import AnswerForm
from debriefs.findings.quote_queries import asked_of
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.interviews.permission_forms import BuyerPermissionsForm
from debriefs.interviews.queries import permissions_given


@login_not_required
@require_safe
def open_link(request: HttpRequest, link_id: UUID, token: str) -> HttpResponse:
    """Exchanges the address of the mail for the cookie of the personal link and leads to the quotes. Writes no row."""
    if not within_limit(request, link_id):
        return too_often(request)
    link = find_link(link_id)
    if link is None or not links.opens(link, token):
        return not_open(request)
    response = admit(link)
    response["Location"] = reverse("quotes:page", kwargs={"link_id": link.id})
    return guarded(response)


def _shown(
    request: HttpRequest,
    link: ProspectLink,
    debrief: Debrief,
    status: int = 200,
    refused: AnswerForm | None = None,
    **more: Any,
) -> HttpResponse:
    today = today_in(debrief.programme.time_zone, clock.now())
    asked = [
        (quote, quote.state(today), refused if refused and refused.quote == quote else AnswerForm(quote=quote))
        for quote in asked_of(debrief)
    ]
    page = {"link": link, "debrief": debrief, "programme": debrief.programme, "asked": asked}
    return render(request, "prospect/quotes.html", page | more, status=status)


@prospect_page
@require_safe
def page(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """The words the buyer is asked about, each with its answer so far."""
    return _shown(request, link, debrief)


def _quote(debrief: Debrief, quote_id: UUID) -> Quote:
    return get_object_or_404(asked_of(debrief), pk=quote_id)


@prospect_page
@require_POST
def answer(request: HttpRequest, link: ProspectLink, debrief: Debrief, quote_id: UUID) -> HttpResponse:
    """The buyer's answer: these words, other words, or none."""
    quote, now = _quote(debrief, quote_id), clock.now()
    form = AnswerForm(request.POST, quote=quote)
    if not form.is_valid():
        return _shown(request, link, debrief, 422, refused=form)
    try:
        if form.cleaned_data["answer"] == "no":
            quotes.decline(quote=quote, now=now)
        else:
            quotes.approve(quote=quote, level=form.cleaned_data["level"], words=form.approved(), now=now)
    except Refusal as refusal:
        return _shown(request, link, debrief, 422, refused=form, error=str(refusal))
    return redirect("quotes:page", link_id=link.pk)


@prospect_page
@require_POST
def withdraw(request: HttpRequest, link: ProspectLink, debrief: Debrief, quote_id: UUID) -> HttpResponse:
    """Takes a yes back: the words are used and read nowhere any more."""
    quote = _quote(debrief, quote_id)
    if request.POST.get("sure") != "yes":
        return _shown(
            request, link, debrief, 422, error=_("Tick the box to say that these words shall not be used any more.")
        )
    quotes.withdraw(quote=quote, now=clock.now(), closes_words=True)
    return redirect("quotes:page", link_id=link.pk)


@prospect_page
@require_http_methods(["GET", "HEAD", "POST"])
def permissions(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """What the buyer permits, as it stands, and a change of it, which takes effect at once."""
    form = BuyerPermissionsForm(request.POST if request.method == "POST" else None, recorded=permissions_given(debrief))
    if request.method == "POST" and form.is_valid():
        buyer_permissions.change(debrief=debrief, given=form.given(), quote_level=form.quote_level(), now=clock.now())
        messages.success(request, _("Kept. It holds from now on."))
        return redirect("quotes:permissions", link_id=link.pk)
    page = {"link": link, "debrief": debrief, "programme": debrief.programme, "form": form}
    page["has_quotes"] = asked_of(debrief).exists()
    return render(request, "prospect/permissions.html", page, status=422 if request.method == "POST" else 200)
