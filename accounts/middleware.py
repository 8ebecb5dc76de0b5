"""Who may enter: sign-in by default, and the programme named in the address."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.permissions import needs_second_factor
from accounts.queries import person_in_programme


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every view needs a signed-in user unless it is marked `login_not_required`.

    A partial request answers 401 instead of a redirect: htmx would swap the sign-in page into the questionnaire.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)


class OwnLanguageAndZoneMiddleware:
    """Pages of a signed-in user are in their language and show times in their zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with translation.override(request.user.language), timezone.override(request.user.time_zone):
            return self.get_response(request)


def _second_factor_first(request: HttpRequest, person: Person) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401)
    wanted = _("%(programme)s asks for a second factor of your role. Set one up here, then go back to the programme.")
    messages.warning(request, wanted % {"programme": person.programme.name})
    return redirect("mfa_index")


class ProgrammeMiddleware:
    """For every address below /p/<programme_slug>/: sets `request.programme` and `request.person`, or answers 404.

    The person is the signed-in user's live membership of that programme; without one the programme does not exist for them.
    Rights are read on every request, never kept in the session. One query, and a second one for roles that the programme wants
    a second factor of: without one they are led to set it up. Views do not receive `programme_slug`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.programme = None  # type: ignore[attr-defined]
        request.person = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        if "programme_slug" not in kwargs:
            return None
        slug = kwargs.pop("programme_slug")
        if not request.user.is_authenticated:
            raise Http404
        person = person_in_programme(request.user, slug)
        if person is None:
            raise Http404
        if needs_second_factor(person):
            return _second_factor_first(request, person)
        request.person = person  # type: ignore[attr-defined]
        request.programme = person.programme  # type: ignore[attr-defined]
        return None
