"""What the browser needs to keep notes until the server has them: its key, and the worker that shows the page without a connection."""

from csp.utils import build_policy
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import ProgrammeRequest
from debriefs.interviews.kept_keys import keys_of


@never_cache
@require_safe
def keys(request: ProgrammeRequest) -> HttpResponse:
    """The person's own keys for what their browser keeps: {"keys": [base64 of 32 bytes, …]}, newest first. No query of its own.

    Derived from the installation's secret and the user: the same after signing in again, so that what was left unsent can be
    read again; another for each secret that still counts.
    """
    return JsonResponse({"keys": keys_of(str(request.user.pk))})


@never_cache
@require_safe
def worker(request: ProgrammeRequest) -> HttpResponse:
    """The questionnaire's service worker; it serves a kept page under the policy of every page.

    The same bytes from each process of the server, since a browser takes any others for a newer worker: the order of the policy's
    directives would be another in each.
    """
    policy = "; ".join(sorted(build_policy().split("; ")))
    return render(request, "interviews/worker.js", {"policy": policy}, content_type="text/javascript")
