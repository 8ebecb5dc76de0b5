"""What the interviewer reads before the conversation, and the notes as others may read them after it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls.actions import set_hypothesis
from debriefs.calls.models import Debrief
from debriefs.calls.notice_pages import invitation_of
from debriefs.calls.permissions import can_interview
from debriefs.calls.queries import debrief_visible_to, live_call_of
from debriefs.calls.refusals import HypothesisChanged
from debriefs.deals.models import OwnView, SalesNote
from debriefs.deals.queries import deal_contacts_of, parties_of, stages_of
from debriefs.deals.rules import today_in
from debriefs.deals.timeline import timeline_of
from debriefs.foundation import clock
from debriefs.interviews import queries
from debriefs.interviews.forms import HypothesisForm
from debriefs.interviews.permissions import can_read_briefing
from debriefs.interviews.reading import refuse_blind
from debriefs.interviews.rules import both_texts, unified
from debriefs.interviews.write_up_parts import REASONS, parts_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def briefing(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Deal, people, window, notes, own view and promise on one page for print; POST keeps the interviewer's hypothesis."""
    debrief = debrief_visible_to(request.person, debrief_id)
    if not can_read_briefing(request.person, debrief):
        raise Http404
    form = HypothesisForm(request.POST or None, initial={"hypothesis": debrief.hypothesis, "over": debrief.hypothesis})
    if request.method != "POST":
        return _shown(request, debrief, form)
    if not can_interview(request.person, debrief):
        raise PermissionDenied(_("What is to be tested is written by the interviewer."))
    if not form.is_valid():
        return _shown(request, debrief, form, 422)
    text, over = form.cleaned_data["hypothesis"], form.cleaned_data["over"]
    try:
        set_hypothesis(debrief=debrief, text=text, over=over, by=request.person, now=clock.now())
    except HypothesisChanged as changed:
        words = both_texts(unified(changed.saved), unified(text))
        both = HypothesisForm({"hypothesis": words, "over": changed.saved})
        both.add_error("hypothesis", str(changed))
        return _shown(request, debrief, both, 422)
    messages.success(request, _("Kept. It stands beside your notes during the conversation."))
    return redirect(programme_url(request.programme, "interviews:briefing", debrief_id=debrief.pk))


@never_cache
@require_safe
def answers(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """The notes as they were taken, to read. Each reading is recorded."""
    debrief = debrief_visible_to(request.person, debrief_id)
    refuse_blind(request.person, debrief)
    rows = queries.answers_for(request.person, debrief, clock.now())
    sheet, written = queries.sheet_of(debrief), queries.handed_in_of(debrief)
    shown = {
        "debrief": debrief,
        "sheet": sheet,
        "answers": rows,
        "reasons": queries.stated_reasons_of(debrief),
        "permissions": queries.permissions_given(debrief).values(),
        "is_interviewer": debrief.interviewer_id == request.person.pk,
        "write_up": written,
        "has_transcript": queries.has_transcript(debrief),
        "parts": [part for part in parts_of(written) if part.group != REASONS] if written else (),
    }
    return render(request, "interviews/answers.html", shown)


def _shown(request: ProgrammeRequest, debrief: Debrief, form: HypothesisForm, status: int = 200) -> HttpResponse:
    is_interviewer = can_interview(request.person, debrief)
    written = queries.written_sheet_for_interviewer(debrief) if is_interviewer else None
    invitation, invited_in = invitation_of(debrief)
    shown = briefing_of(debrief) | {
        "in_writing": queries.answers_of(written) if written else [],
        "earlier": queries.earlier_debriefs(request.person, debrief),
        "form": form,
        "is_interviewer": is_interviewer,
        "sheet": queries.sheet_of(debrief),
        "time_zone": request.user.time_zone,
        "invitation": invitation,
        "invited_in": invited_in,
    }
    return render(request, "interviews/briefing.html", shown, status=status)


def briefing_of(debrief: Debrief) -> dict[str, Any]:
    """What a briefing shows of deal and people. Nine queries."""
    deal, programme = debrief.deal, debrief.programme
    now = clock.now()
    notes = list(SalesNote.objects.filter(deal=deal).select_related("author"))
    today = today_in(programme.time_zone, now)
    window = deal.window_on(today)
    return {
        "debrief": debrief,
        "deal": deal,
        "call": live_call_of(debrief),
        "window": window,
        "now": now,
        "timeline": timeline_of(
            deal, notes=(), stages=list(stages_of(deal)), window=None, today=today, has_record=True
        ),
        "needs": list(deal.needs.all()),
        "held_on": today_in(programme.time_zone, debrief.held_at) if debrief.held_at else None,
        "contacts": deal_contacts_of(deal),
        "parties": [party for party in parties_of(deal) if party.kind != "interviewer"],
        "competitors": list(deal.competitors.order_by("name_key")),
        "notes": notes,
        "own_view": OwnView.objects.filter(deal=deal).select_related("driver").first(),
    }
