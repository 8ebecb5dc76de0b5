"""Turning a digest off from the mail itself."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from debriefs.insights import actions, digest


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def digest_stop(request: HttpRequest, figure_view_id: UUID, token: str) -> HttpResponse:
    """The address mail providers send a POST to (RFC 8058): it turns this digest off and does nothing else; it may be repeated.

    GET shows a page whose button does the same, and tells nothing of the view. 404 for any other token.
    """
    if not digest.may_stop(figure_view_id, token):
        raise Http404
    if request.POST.get("List-Unsubscribe") == "One-Click" or request.POST.get("sure") == "yes":
        actions.stop_digest(view_id=figure_view_id)
        answer = HttpResponse(_("This digest is turned off.") + "\n", content_type="text/plain; charset=utf-8")
    else:
        answer = render(request, "insights/digest_stop.html")
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
