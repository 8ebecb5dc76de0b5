"""The ledger of quotes, and the quotes that may be used."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.deals.rules import today_in
from debriefs.findings import quote_queries, quotes
from debriefs.findings.models import Quote, Remark
from debriefs.findings.permissions import may_keep_quotes
from debriefs.findings.queries import remarks_visible_to
from debriefs.findings.quote_forms import ProposeForm, UseForm, WithdrawForm
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.interviews.queries import quote_level

_readers = roles_required(Role.MEMBER, Role.MANAGER, Role.REVIEWER, Role.ADMIN)
_keepers = roles_required(Role.REVIEWER, Role.ADMIN)


def _kept(request: ProgrammeRequest, quote_id: UUID) -> Quote:
    """A quote of the ledger, or 404."""
    return get_object_or_404(quote_queries.ledger_of(request.person), pk=quote_id)


def _url(request: ProgrammeRequest, name: str, quote: Quote) -> str:
    return programme_url(request.programme, f"findings:{name}", quote_id=quote.pk)


@_readers
@require_safe
def quote_list(request: ProgrammeRequest) -> HttpResponse:
    """The quotes that may be used now; forty a page."""
    usable = quote_queries.quotes_visible_to(request.person, clock.now())
    shown = Paginator(usable, 40).get_page(request.GET.get("page", "1")[:6])
    keeps = request.person.has_role(Role.REVIEWER, Role.ADMIN)
    return render(request, "findings/quote_list.html", {"page": shown, "keeps": keeps})


@_keepers
@require_safe
def quote_ledger(request: ProgrammeRequest) -> HttpResponse:
    """Every quote with its state, whoever approved it, until when, and where it was used; forty a page."""
    today = today_in(request.programme.time_zone, clock.now())
    shown = Paginator(quote_queries.ledger_of(request.person), 40).get_page(request.GET.get("page", "1")[:6])
    page = {"page": shown, "rows": [(quote, quote.state(today)) for quote in shown]}
    return render(request, "findings/quote_ledger.html", page)


@_readers
@require_safe
def quote_page(request: ProgrammeRequest, quote_id: UUID) -> HttpResponse:
    """One quote: of the ledger for who keeps it, else one that may be used."""
    return _shown(request, _readable(request, quote_id))


def _readable(request: ProgrammeRequest, quote_id: UUID) -> Quote:
    kept = quote_queries.ledger_of(request.person).filter(pk=quote_id).first()
    usable = quote_queries.quotes_visible_to(request.person, clock.now())
    return kept or get_object_or_404(usable, pk=quote_id)


def _shown(request: ProgrammeRequest, quote: Quote, status: int = 200, **more: Any) -> HttpResponse:
    now = clock.now()
    today = today_in(request.programme.time_zone, now)
    page = {
        "quote": quote,
        "state": quote.state(today),
        "is_usable": quote_queries.usable_quotes(request.programme, now).filter(pk=quote.pk).exists(),
        "keeps": may_keep_quotes(request.person, quote.release),
        "uses_left": request.programme.quote_uses_a_year - quote_queries.uses_within_a_year(quote.contact, today),
        "use_form": UseForm(initial={"used_on": today}, action=_url(request, "quote_use", quote)),
        "withdraw_form": WithdrawForm(action=_url(request, "quote_withdraw", quote)),
    }
    return render(request, "findings/quote_page.html", page | more, status=status)


@_keepers
@require_http_methods(["GET", "HEAD", "POST"])
def quote_propose(request: ProgrammeRequest, remark_id: UUID) -> HttpResponse:
    """Proposes words of a released remark as a quote."""
    readable: Any = remarks_visible_to(request.person, clock.now()).exclude(verbatim="")
    remark: Remark = get_object_or_404(readable.select_related("release__debrief", "release__deal"), pk=remark_id)
    if not may_keep_quotes(request.person, remark.release):
        raise PermissionDenied(_("Who is or was on our side of the deal keeps no quotes of its buyer."))
    back = programme_url(request.programme, "findings:release_page", release_id=remark.release_id)
    permission = quote_level(remark.release.debrief)
    form = ProposeForm(request.POST or None, initial={"words": remark.verbatim}, permission=permission, back=back)
    if request.method == "POST" and form.is_valid():
        try:
            made = quotes.propose(remark=remark, by=request.person, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("Proposed. Ask the buyer next."))
            return redirect(_url(request, "quote_page", made))
    page = {"form": form, "remark": remark, "back": back, "permission": permission}
    return render(request, "findings/quote_propose.html", page, status=422 if request.method == "POST" else 200)


@_keepers
@require_POST
def quote_ask(request: ProgrammeRequest, quote_id: UUID) -> HttpResponse:
    """Asks the buyer by mail whether exactly these words may be used."""
    quote = _kept(request, quote_id)
    try:
        quotes.ask(quote=quote, by=request.person, now=clock.now())
    except Refusal as refusal:
        return _shown(request, quote, 422, error=str(refusal))
    messages.success(request, _("The buyer is asked by mail. Nothing is used before the answer."))
    return redirect(_url(request, "quote_page", quote))


@_readers
@require_POST
def quote_use(request: ProgrammeRequest, quote_id: UUID) -> HttpResponse:
    """Notes where the quote was used."""
    quote = _readable(request, quote_id)
    form = UseForm(request.POST, action=_url(request, "quote_use", quote))
    if not form.is_valid():
        return _shown(request, quote, 422, use_form=form)
    try:
        quotes.note_use(quote=quote, by=request.person, now=clock.now(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, quote, 422, use_form=form)
    messages.success(request, _("Noted."))
    return redirect(_url(request, "quote_page", quote))


@_keepers
@require_POST
def quote_withdraw(request: ProgrammeRequest, quote_id: UUID) -> HttpResponse:
    """Withdraws the quote: it is used and shown nowhere from now on."""
    quote = _kept(request, quote_id)
    form = WithdrawForm(request.POST, action=_url(request, "quote_withdraw", quote))
    if not form.is_valid():
        return _shown(request, quote, 422, withdraw_form=form)
    try:
        quotes.withdraw(quote=quote, by=request.person, now=clock.now(), **form.cleaned_data)
    except Refusal as refusal:
        return _shown(request, quote, 422, error=str(refusal))
    messages.success(request, _("Withdrawn, everywhere at once."))
    return redirect(_url(request, "quote_page", quote))
