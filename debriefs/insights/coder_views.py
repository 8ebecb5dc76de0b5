"""How far coders agree, for those who review."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest
from debriefs.findings.second_pages import compared_codings
from debriefs.insights.chips import Card
from debriefs.insights.coder_agreement import ENOUGH_FOR_KAPPA, coder_agreement


@roles_required(Role.REVIEWER, Role.ADMIN)
@require_safe
def coder_agreement_page(request: ProgrammeRequest) -> HttpResponse:
    """Agreement of first and second coder over every debrief coded twice; nobody's own figures. Three queries."""
    figures = coder_agreement(compared_codings(request.programme))
    cards = [
        Card(label, share, _("%(k)s of %(n)s %(what)s") % {"k": share.k, "n": share.n, "what": what}, [])
        for label, share, what in (
            (_("Same driver and direction"), figures.strict, _("drivers found by either")),
            (_("Same category and direction"), figures.lenient, _("categories found by either")),
            (_("Same driver decided"), figures.deciding_strict, _("debriefs")),
            (_("Same category decided"), figures.deciding_lenient, _("debriefs")),
        )
    ]
    page = {
        "cards": cards,
        "figures": figures,
        "enough_for_kappa": ENOUGH_FOR_KAPPA,
        "percent": request.programme.second_coding_percent,
    }
    return render(request, "insights/coder_agreement.html", page)
