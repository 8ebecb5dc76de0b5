"""The queue of what is to be coded anew since the codebook changed."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.codebook.queries import drivers_of
from debriefs.findings import recoding
from debriefs.findings.forms import RecodeForm
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal, Stale

_reviewers = roles_required(Role.REVIEWER, Role.ADMIN)


def _shown(request: ProgrammeRequest, status: int = 200, error: str = "") -> HttpResponse:
    remarks = recoding.remarks_to_recode(request.person, clock.now())
    page = Paginator(remarks, 20).get_page(request.GET.get("page", "1")[:6])
    likely = recoding.likely_drivers(request.person, {remark.driver_id for remark in page})
    shown = {
        "page": page,
        "rows": [(remark, likely[remark.driver_id]) for remark in page],
        "reviews": recoding.reviews_to_recode(request.person),
        "drivers": list(drivers_of(request.programme)),
        "error": error,
    }
    return render(request, "findings/recode_queue.html", shown, status=status)


@_reviewers
@require_safe
def recode_queue(request: ProgrammeRequest) -> HttpResponse:
    """Released remarks and open reviews under a driver that was merged, split or retired; twenty a page."""
    return _shown(request)


@_reviewers
@require_POST
def remark_recode(request: ProgrammeRequest, remark_id: UUID) -> HttpResponse:
    """Puts a released remark under a driver the codebook offers; its words stay."""
    remark = get_object_or_404(recoding.remarks_to_recode(request.person, clock.now()), pk=remark_id)
    form = RecodeForm(request.POST, programme=request.programme)
    if not form.is_valid():
        return _shown(request, 422, _("Choose a driver that the codebook offers."))
    driver = form.cleaned_data["driver"]
    try:
        recoding.recode_remark(remark=remark, driver=driver, by=request.person, now=clock.now())
    except Refusal as refusal:
        return _shown(request, 409 if isinstance(refusal, Stale) else 422, str(refusal))
    messages.success(request, _("Coded as %(driver)s. The code it was released with is kept.") % {"driver": driver})
    return redirect(programme_url(request.programme, "findings:recode_queue"))
