"""Who holds a personal link: the token is exchanged for a cookie once, and every later page reads the cookie.

The cookie is signed, holds the link's id and version, lasts two hours, renewed while somebody answers in writing, and is sent to
this link's pages only, so that two links in one browser never meet.

Mails are forwarded. Whoever opens the link is asked once in each browser whether it is them we wrote to; a second cookie keeps the
answer. Until then a page says whom it is for and shows nothing that was chosen, written or said.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.requests import is_by_script
from debriefs.calls.models import Debrief, ProspectLink
from debriefs.calls.notices import spoken_with
from debriefs.foundation import clock, limits
from debriefs.foundation.middleware import client_address

COOKIE_SECONDS = 2 * 60 * 60
ADDRESSEE_SECONDS = 60 * 24 * 60 * 60
# Each language in its own words, so that whoever cannot read this page finds theirs.
LANGUAGE_NAMES = (("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"))
LANGUAGE_COOKIE = "personal_language"
SALT = "debriefs.calls.personal-link"
ADDRESSEE_SALT = "debriefs.calls.personal-link.addressee"
# Each link may be used this often; enough for a person who hesitates, too little for a machine that tries.
USES, WITHIN = 120, timedelta(minutes=10)
# Where somebody types, a save goes out every few seconds: counted apart, so that typing never closes the pages.
SAVES = 1_500


def find_link(link_id: UUID) -> ProspectLink | None:
    """The link with its debrief and everything its pages show joined. One query."""
    return (
        ProspectLink.objects.select_related(
            "debrief__programme__logo",
            "debrief__deal__company",
            "debrief__contact",
            "debrief__interviewer__user",
            "debrief__guide_version__guide",
        )
        .defer("debrief__programme__logo__content")
        .filter(pk=link_id)
        .first()
    )


def cookie_name(link: ProspectLink) -> str:
    """One cookie per link, so that two links in one browser are told apart by name as well as by path."""
    return f"personal_link_{link.id.hex[:16]}"


def admit(link: ProspectLink) -> HttpResponse:
    """The way to the token-less page, with the cookie that opens it."""
    response = redirect("prospect:page", link_id=link.id)
    _keep(response, link, cookie_name(link), SALT, COOKIE_SECONDS)
    return response


def confirm_addressee(response: HttpResponse, link: ProspectLink) -> HttpResponse:
    """The answer, after which this browser counts as that of whom we wrote to: sixty days, or until the link is revoked."""
    _keep(response, link, _addressee_name(link), ADDRESSEE_SALT, ADDRESSEE_SECONDS)
    return response


def _addressee_name(link: ProspectLink) -> str:
    return f"personal_reader_{link.id.hex[:16]}"


def _keep(response: HttpResponse, link: ProspectLink, name: str, salt: str, seconds: int) -> None:
    # Secure follows the transport: settings refuse production without https.
    response.set_cookie(
        name,
        signing.dumps([str(link.id), link.version], salt=salt),
        max_age=seconds,
        path=reverse("prospect:page", kwargs={"link_id": link.id}),
        httponly=True,
        secure=settings.SECURE_TRANSPORT,
        samesite="Lax",
    )


def _holds(request: HttpRequest, link: ProspectLink, name: str, salt: str, seconds: int) -> bool:
    try:
        held = signing.loads(request.COOKIES.get(name, ""), salt=salt, max_age=seconds)
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


def not_open(request: HttpRequest, typed: str = "") -> HttpResponse:
    """One and the same page for a link that is unknown, wrong, expired from the browser or revoked; `typed` is handed back on it."""
    return guarded(render(request, "prospect/not_open.html", {"typed_text": typed}, status=404))


def too_often(request: HttpRequest, typed: str = "") -> HttpResponse:
    """The page for a link that was used too often; `typed` is handed back on it."""
    return guarded(render(request, "prospect/too_often.html", {"typed_text": typed}, status=429))


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


def within_limit(request: HttpRequest, link_id: UUID, *, of: str = "link", uses: int = 0) -> bool:
    """Whether the link and the address of this request are still within their limits; counts this use. Two queries."""
    now, uses = clock.now(), uses or USES
    by_link = limits.allow(f"{of}:{link_id}", limit=uses, within=WITHIN, now=now)
    return limits.allow(f"{of}-from:{client_address(request)}", limit=uses * 10, within=WITHIN, now=now) and by_link


def whose_page(
    request: HttpRequest, link: ProspectLink, debrief: Debrief, status: int = 200, **more: Any
) -> HttpResponse:
    """The question whether it is them we wrote to, instead of a page that is nobody else's business."""
    to = request.path if request.method in ("GET", "HEAD") else reverse("prospect:page", kwargs={"link_id": link.id})
    page = {"programme": debrief.programme, "debrief": debrief, "link": link, "to": to}
    return render(request, "prospect/whose.html", page | more, status=status)


def forwarded_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page behind a personal link that anybody may see to whom the mail was forwarded: the view gets link and debrief.

    In the contact's language and zone; `request.is_addressee` says whether this browser is that of whom we wrote to. Without
    the cookie, for an unknown link and for a revoked one the answer is the same friendly page.
    """

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, link_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        if not within_limit(request, link_id):
            return too_often(request)
        link = _admitted_link(request, link_id)
        return not_open(request) if link is None else _answered(view, request, link, *args, **kwargs)

    return opened


def prospect_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `forwarded_page`, for what is the business of whom we wrote to and of nobody else: until they say that it is them, the
    page asks, and nothing is shown or done."""
    return forwarded_page(_for_addressee(view))


def writing_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `prospect_page`, for pages on which somebody types for long: no typed word is lost to it.

    It stays open while it is used, a save counts against a limit of its own, a script is told 401 instead of a page, and
    whatever a refused form held as `text` is handed back.
    """
    shown = _for_addressee(view)

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, link_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        typed = request.POST.get("text", "")
        if not within_limit(request, link_id, of="link-writing", uses=SAVES):
            return too_often(request, typed)
        link = _admitted_link(request, link_id)
        if is_by_script(request) and (link is None or not _is_addressee(request, link)):
            return guarded(JsonResponse({}, status=401))
        if link is None:
            return not_open(request, typed)
        response = _answered(shown, request, link, *args, **kwargs)
        _keep(response, link, cookie_name(link), SALT, COOKIE_SECONDS)
        return response

    return opened


def _for_addressee(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def asked(request: HttpRequest, link: ProspectLink, debrief: Debrief, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.is_addressee:  # type: ignore[attr-defined]
            status = 200 if request.method in ("GET", "HEAD") else 403
            return whose_page(request, link, debrief, status, typed_text=request.POST.get("text", ""))
        return view(request, link, debrief, *args, **kwargs)

    return asked


def _erased(request: HttpRequest, link: ProspectLink, debrief: Debrief, *args: Any, **kwargs: Any) -> HttpResponse:
    """What every personal page says once the person was erased; what is still sent is taken in nowhere."""
    if is_by_script(request):
        return JsonResponse({"problem": _("What we held about you was erased. Nothing more is kept.")}, status=422)
    page = {"programme": debrief.programme, "debrief": debrief}
    return render(request, "prospect/erased.html", page, status=200 if request.method in ("GET", "HEAD") else 410)


def _admitted_link(request: HttpRequest, link_id: UUID) -> ProspectLink | None:
    link = find_link(link_id)
    if link is None or link.revoked_at is not None:
        return None
    return link if _holds(request, link, cookie_name(link), SALT, COOKIE_SECONDS) else None


def _is_addressee(request: HttpRequest, link: ProspectLink) -> bool:
    return _holds(request, link, _addressee_name(link), ADDRESSEE_SALT, ADDRESSEE_SECONDS)


def _answered(
    view: Callable[..., HttpResponse], request: HttpRequest, link: ProspectLink, *args: Any, **kwargs: Any
) -> HttpResponse:
    debrief: Debrief = link.debrief
    zone = debrief.contact.time_zone or debrief.programme.time_zone
    request.reading_languages = LANGUAGE_NAMES  # type: ignore[attr-defined]
    request.is_addressee = _is_addressee(request, link)  # type: ignore[attr-defined]
    with translation.override(language_of(request, debrief)), timezone.override(zone):
        shown = view if debrief.contact.erased_at is None else _erased
        response = guarded(shown(request, link, debrief, *args, **kwargs), referrer="same-origin")
    _keep_language(request, response)
    return response
