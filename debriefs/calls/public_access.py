"""Who holds a personal link: the token is exchanged for a cookie once, and every later page reads the cookie.

The cookie is signed, holds the link's id and version, lasts two hours and is sent to this link's pages only, so that two links
in one browser never meet.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from debriefs.calls.models import Debrief, ProspectLink
from debriefs.calls.notices import spoken_with
from debriefs.foundation import clock, limits
from debriefs.foundation.middleware import client_address

COOKIE_SECONDS = 2 * 60 * 60
# Each language in its own words, so that whoever cannot read this page finds theirs.
LANGUAGE_NAMES = (("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"))
LANGUAGE_COOKIE = "personal_language"
SALT = "debriefs.calls.personal-link"
# Each link may be used this often; enough for a person who hesitates, too little for a machine that tries.
USES, WITHIN = 120, timedelta(minutes=10)


def find_link(link_id: UUID) -> ProspectLink | None:
    """The link with its debrief and everything its pages show joined. One query."""
    return (
        ProspectLink.objects.select_related(
            "debrief__programme",
            "debrief__deal__company",
            "debrief__contact",
            "debrief__interviewer__user",
            "debrief__guide_version__guide",
        )
        .filter(pk=link_id)
        .first()
    )


def cookie_name(link: ProspectLink) -> str:
    """One cookie per link, so that two links in one browser are told apart by name as well as by path."""
    return f"personal_link_{link.id.hex[:16]}"


def admit(link: ProspectLink) -> HttpResponse:
    """The way to the token-less page, with the cookie that opens it."""
    path = reverse("prospect:page", kwargs={"link_id": link.id})
    response = redirect(path)
    value = signing.dumps([str(link.id), link.version], salt=SALT)
    # Secure follows the transport: settings refuse production without https.
    response.set_cookie(
        cookie_name(link),
        value,
        max_age=COOKIE_SECONDS,
        path=path,
        httponly=True,
        secure=settings.SECURE_TRANSPORT,
        samesite="Lax",
    )
    return response


def _admitted(request: HttpRequest, link: ProspectLink) -> bool:
    try:
        held = signing.loads(request.COOKIES.get(cookie_name(link), ""), salt=SALT, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return False
    return held == [str(link.id), link.version]


def guarded(response: HttpResponse, *, referrer: str = "no-referrer") -> HttpResponse:
    """The headers of every personal page: no referrer to anybody else, no store, no index.

    Pages with forms say "same-origin": with "no-referrer" a browser sends `Origin: null`, and the check against forged forms
    refuses it. Their address holds no token.
    """
    response.headers["Referrer-Policy"] = referrer
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def not_open(request: HttpRequest) -> HttpResponse:
    """One and the same page for a link that is unknown, wrong, expired from the browser or revoked."""
    return guarded(render(request, "prospect/not_open.html", {}, status=404))


def too_often(request: HttpRequest) -> HttpResponse:
    """The page for a link that was used too often."""
    return guarded(render(request, "prospect/too_often.html", {}, status=429))


def language_of(request: HttpRequest, debrief: Debrief) -> str:
    """The language of a page: asked for just now or before in this browser, else the contact's, else the programme's, else English."""
    known = dict(settings.LANGUAGES)
    wishes = (request.GET.get("lang"), request.COOKIES.get(LANGUAGE_COOKIE))
    chosen = next((one for one in wishes if one and one in known), None)
    return chosen or spoken_with(debrief.contact, debrief.programme)


def _keep_language(request: HttpRequest, response: HttpResponse) -> None:
    # A cookie and no row: reading in another language is nobody's wish about mails.
    if request.GET.get("lang") in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE,
            request.GET["lang"],
            max_age=COOKIE_SECONDS,
            path="/d/",
            httponly=True,
            secure=settings.SECURE_TRANSPORT,
            samesite="Lax",
        )


def within_limit(request: HttpRequest, link_id: UUID) -> bool:
    """Whether the link and the address of this request are still within their limits; counts this use. Two queries."""
    now = clock.now()
    by_link = limits.allow(f"link:{link_id}", limit=USES, within=WITHIN, now=now)
    return limits.allow(f"link-from:{client_address(request)}", limit=USES * 10, within=WITHIN, now=now) and by_link


def prospect_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page behind a personal link: the view gets the debrief, in the contact's language and zone.

    Without the cookie, for an unknown link and for a revoked one the answer is the same friendly page.
    """

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, link_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        if not within_limit(request, link_id):
            return too_often(request)
        link = find_link(link_id)
        if link is None or link.revoked_at is not None or not _admitted(request, link):
            return not_open(request)
        debrief: Debrief = link.debrief
        zone = debrief.contact.time_zone or debrief.programme.time_zone
        request.reading_languages = LANGUAGE_NAMES  # type: ignore[attr-defined]
        with translation.override(language_of(request, debrief)), timezone.override(zone):
            response = guarded(view(request, link, debrief, *args, **kwargs), referrer="same-origin")
        _keep_language(request, response)
        return response

    return opened
