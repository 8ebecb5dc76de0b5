"""The front door, the health pages, Today."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from accounts.queries import programmes_of
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.core.typed import texts_typed
from debriefs.deals.rules import today_in
from debriefs.findings.queries import reviews_to_do
from debriefs.foundation import clock
from debriefs.home import page, queries, readiness


def home(request: HttpRequest) -> HttpResponse:
    """Straight to Today of the only programme; a choice for people in several, a sentence for people in none."""
    programmes = list(programmes_of(request.user))  # type: ignore[arg-type]
    if len(programmes) == 1:
        return redirect(programme_url(programmes[0], "home:today"))
    return render(request, "home/programmes.html", {"programmes": programmes})


def today(request: ProgrammeRequest) -> HttpResponse:
    """What waits for me, sorted by when it gets too late."""
    person, now = request.person, clock.now()
    day = today_in(person.programme.time_zone, now)
    shown = {
        "day": day,
        "now": now,
        "closing": queries.closing_deals(person, day),
        "closing_count": queries.closing_count(person, day),
        "calls": list(queries.calls_ahead(person, now)[:20]),
        "write_ups": queries.open_write_ups(person, now),
        "reviews": list(reviews_to_do(person)[:20]),
        "own_views": list(queries.own_views_wanted(person)[:20]),
        "released": queries.newly_released(person, now),
        "lessons": list(queries.own_lessons(person)[:10]),
    }
    shown["is_empty"] = not any(
        shown[key] for key in ("closing", "calls", "write_ups", "reviews", "own_views", "released", "lessons")
    )
    return render(request, "home/today.html", shown)


def deal_page(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """One deal with everything the reader may see of it: facts, people, own view, notes, and where its debriefs stand."""
    return render(request, "home/deal_page.html", page.deal_page(request.person, deal_id, clock.now()))


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches no service."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether database, Redis and mail queue are fit: 200 or 503, each with its reason, no secrets."""
    try:
        checks = readiness.checks()
    except DatabaseError as error:
        checks = {"database": f"unreachable: {type(error).__name__}"}
    fit = all(value == "ok" for value in checks.values())
    return JsonResponse({"ready": fit, "checks": checks}, status=200 if fit else 503)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came too late or from elsewhere: nothing was saved, and what was typed is shown to be copied or sent again."""
    return render(request, "403_csrf.html", {"typed": texts_typed(request), "debug": settings.DEBUG}, status=403)
