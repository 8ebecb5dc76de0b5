"""Addresses that no mail goes to: who asked for it or why, and allowing it again where that is ours to say."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls import actions, stopped_pages
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal


@roles_required(Role.MANAGER, Role.ADMIN)
@require_safe
def stop_list(request: ProgrammeRequest) -> HttpResponse:
    """The addresses no mail goes to, and those it may go to again, with reason and day."""
    return _shown(request, {})


def _shown(request: ProgrammeRequest, more: dict[str, object], status: int = 200) -> HttpResponse:
    rows = stopped_pages.listed(request.person)
    page = {
        "live": [row for row in rows if row.stop.lifted_at is None],
        "allowed": [row for row in rows if row.stop.lifted_at is not None],
    }
    return render(request, "calls/stop_list.html", page | more, status=status)


@roles_required(Role.MANAGER, Role.ADMIN)
@require_POST
def stop_lift(request: ProgrammeRequest, stop_id: UUID) -> HttpResponse:
    """Allows mail to one address again, with a reason; a refusal is said on the page (422), with what was typed."""
    stop = stopped_pages.stop_visible_to(request.person, stop_id)
    reason = request.POST.get("reason", "")[:300]
    try:
        actions.lift_stop(stop=stop, reason=reason, by=request.person, now=clock.now())
    except Refusal as refusal:
        return _shown(request, {"error": str(refusal), "typed": {"stop": stop.pk, "reason": reason}}, 422)
    messages.success(request, _("Mail may go there again. Nothing was sent by this."))
    return redirect(programme_url(request.programme, "calls:stop_list"))
