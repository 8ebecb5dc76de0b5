"""What a reader keeps or notes: saved views, notes on the trend."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.insights import actions, reading
from debriefs.insights.dashboards import BUILDERS
from debriefs.insights.enums import Digest
from debriefs.insights.filters import Filters
from debriefs.insights.forms import NoteForm, ViewForm
from debriefs.insights.models import Annotation, FigureView
from debriefs.insights.permissions import NOTERS, READERS


@roles_required(*READERS)
@require_POST
def view_save(request: ProgrammeRequest) -> HttpResponse:
    """Keeps the page with its filters under a name, and leads back to it."""
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Not kept: give the view a name of at most 60 characters."))
        return redirect(programme_url(request.programme, "insights:overview"))
    page = form.cleaned_data["page"] if form.cleaned_data["page"] in BUILDERS else "overview"
    asked = QueryDict(form.cleaned_data["query"])
    has_record_access = reading.scope_of(request).has_record_access
    if not has_record_access and page not in reading.CLOSED_PAGES:
        page = "overview"
    query = Filters.read(asked).query if has_record_access else reading.closed_query(asked)
    try:
        actions.save_view(name=form.cleaned_data["name"], page=page, query=query, by=request.person, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Kept among your views."))
    address = programme_url(request.programme, f"insights:{page}")
    return redirect(f"{address}?{query}" if query else address)


@roles_required(*READERS)
@require_POST
def view_remove(request: ProgrammeRequest, figure_view_id: UUID) -> HttpResponse:
    """Forgets a view of one's own."""
    get_object_or_404(FigureView, pk=figure_view_id, person=request.person)
    actions.remove_view(view_id=figure_view_id, by=request.person)
    return redirect(programme_url(request.programme, "insights:overview"))


@roles_required(*READERS)
@require_POST
def view_digest(request: ProgrammeRequest, figure_view_id: UUID) -> HttpResponse:
    """Turns the mail of a view of one's own on or off."""
    view = get_object_or_404(FigureView, pk=figure_view_id, person=request.person)
    digest = request.POST.get("digest", "")
    if digest not in ("", *Digest.values):
        messages.error(request, _("Not changed: choose how often the view comes by mail."))
    else:
        actions.set_digest(view_id=view.pk, digest=digest, by=request.person, now=clock.now())
        said = _("“%(name)s” comes by mail: %(often)s.") if digest else _("“%(name)s” does not come by mail.")
        messages.success(request, said % {"name": view.name, "often": Digest(digest).label if digest else ""})
    return redirect(programme_url(request.programme, f"insights:{view.page}"))


@roles_required(*NOTERS)
@require_POST
def note_add(request: ProgrammeRequest) -> HttpResponse:
    """Notes what changed on a day."""
    form = NoteForm(request.POST)
    if form.is_valid():
        actions.note_on_trend(by=request.person, now=clock.now(), **form.cleaned_data)
        messages.success(request, _("Noted."))
    else:
        messages.error(request, _("Not noted: give a day and at most 160 characters."))
    return redirect(programme_url(request.programme, "insights:trend"))


@roles_required(*NOTERS)
@require_POST
def note_remove(request: ProgrammeRequest, note_id: UUID) -> HttpResponse:
    """Takes a note away."""
    get_object_or_404(Annotation, pk=note_id, programme=request.programme)
    actions.remove_note(annotation_id=note_id, by=request.person)
    return redirect(programme_url(request.programme, "insights:trend"))
