"""All debriefs at a glance: by state with what is stuck, and the calls of a week."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import ProgrammeRequest
from debriefs.calls import board
from debriefs.foundation import clock


@require_safe
def debrief_board(request: ProgrammeRequest) -> HttpResponse:
    """The debriefs under way the reader may open, in columns by state; in each, what is stuck first and why."""
    return render(request, "calls/debrief_board.html", {"columns": board.columns(request.person, clock.now())})


@require_safe
def call_week(request: ProgrammeRequest) -> HttpResponse:
    """The calls of one week, Monday to Sunday, in the reader's zone; a day nobody can read means this week."""
    zone = request.user.time_zone
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    try:
        day = date.fromisoformat(request.GET.get("day", "")[:10])
    except ValueError:
        day = today
    day = min(max(day, today - timedelta(days=3660)), today + timedelta(days=3660))
    return render(request, "calls/call_week.html", board.week(request.person, day, zone) | {"today": today})
