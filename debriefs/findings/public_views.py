"""The buyer's page about quotes, behind the personal link. GET changes nothing, and nothing is chosen beforehand."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from debriefs.calls import links
from debriefs.calls.models import Debrief, ProspectLink
from debriefs.calls.public_access import admit, find_link, guarded, not_open, prospect_page, too_often, within_limit
from debriefs.findings import quotes
from debriefs.findings.models import Quote
from debriefs.findings.quote_forms import AnswerForm
from debriefs.findings.quote_queries import asked_of, today_in
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal


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
    today = today_in(debrief.programme, clock.now())
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
