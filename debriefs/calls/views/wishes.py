"""What buyers ask about their own data, seen and settled by the programme manager."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls import actions
from debriefs.calls.queries import data_requests_visible_to
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal


@roles_required(Role.ADMIN)
@require_safe
def wishes(request: ProgrammeRequest) -> HttpResponse:
    """Every wish, open ones first, with a form to settle it."""
    return _shown(request, {})


def _shown(request: ProgrammeRequest, more: dict[str, object], status: int = 200) -> HttpResponse:
    page = {"wishes": list(data_requests_visible_to(request.person)[:200])}
    return render(request, "calls/wishes.html", page | more, status=status)


@roles_required(Role.ADMIN)
@require_POST
def wish_settle(request: ProgrammeRequest, wish_id: UUID) -> HttpResponse:
    """Settles one wish with the words the buyer reads; 404 for a wish of another programme."""
    wish = get_object_or_404(data_requests_visible_to(request.person), pk=wish_id)
    answer = request.POST.get("answer", "")[:2000]
    try:
        actions.settle_data_request(request=wish, answer=answer, by=request.person, now=clock.now())
    except Refusal as refusal:
        return _shown(request, {"error": str(refusal), "typed": {"wish": wish.pk, "answer": answer}}, 422)
    messages.success(request, _("Settled. The buyer reads your words on their page."))
    return redirect(programme_url(request.programme, "calls:wishes"))
