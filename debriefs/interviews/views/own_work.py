"""The interviewer's own page, and the download of what they delivered."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest
from debriefs.foundation import clock
from debriefs.interviews import own_work, queries
from debriefs.interviews.delivery import delivery_of
from debriefs.interviews.views.access import debrief_held_by


@roles_required(Role.INTERVIEWER, Role.MANAGER, Role.ADMIN)
@never_cache
@require_safe
def assignment_list(request: ProgrammeRequest) -> HttpResponse:
    """What I am to hold, to write up and have delivered, and my own figures: nobody else opens this page."""
    delivered = own_work.delivered(request.person)
    shown = {
        "upcoming": own_work.upcoming(request.person),
        "to_write_up": own_work.to_write_up(request.person, clock.now()),
        "delivered": delivered[: own_work.SHOWN],
        "more": max(0, len(delivered) - own_work.SHOWN),
        "figures": own_work.figures(delivered),
    }
    return render(request, "interviews/assignment_list.html", shown)


@never_cache
@require_safe
def delivery(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """What the interviewer handed in, as one page that stands alone: to keep, print or save as PDF. 404 before it was handed in."""
    debrief = debrief_held_by(request, debrief_id)
    written = queries.handed_in_of(debrief)
    if written is None:
        raise Http404
    page = render_to_string("interviews/delivery.html", delivery_of(request.person, written, clock.now()), request)
    name = slugify(str(debrief.deal.company or debrief.deal.name))[:60] or "debrief"
    return HttpResponse(page, headers={"Content-Disposition": f'attachment; filename="debrief-{name}.html"'})
