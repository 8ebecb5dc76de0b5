"""An import as a person goes through it: upload, columns, start, stop. What comes after is in `import_results`."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.deals import actions, import_queries, tasks
from debriefs.deals.enums import ImportState
from debriefs.deals.forms.imports import LayoutForm, MappingForm, UploadForm
from debriefs.deals.import_matches import Matches, matches
from debriefs.deals.importing import mapping_of
from debriefs.deals.mapping import Mapping
from debriefs.deals.models import DealImport
from debriefs.deals.preview import preview
from debriefs.deals.rules import today_in
from debriefs.deals.survey import Survey
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal

SHOWN_IMPORTS = 20
importers = roles_required(Role.ADMIN, Role.MANAGER)


@importers
@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request: ProgrammeRequest) -> HttpResponse:
    """A file chosen and kept; then its columns. A partial request gets the list of imports alone."""
    back = programme_url(request.programme, "deals:deal_list")
    form = UploadForm(back=back)
    if request.method == "POST":
        # The handler marks the request while the files are read, so they are read first.
        files = request.FILES
        form = UploadForm(request.POST, files, back=back, too_large=getattr(request, "upload_too_large", False))
        if form.is_valid():
            try:
                made = _receive(request, form.cleaned_data["file"])
                return redirect(programme_url(request.programme, "deals:import_mapping", import_id=made.pk))
            except Refusal as refusal:
                form.add_error("file", str(refusal))
    earlier = list(import_queries.listed_imports(request.person)[:SHOWN_IMPORTS])
    shown = {"form": form, "imports": earlier, "any_live": any(one.is_live for one in earlier)}
    if request.htmx:
        return render(request, "deals/_import_list.html", shown)
    return render(request, "deals/import_upload.html", shown, status=422 if form.errors else 200)


def _receive(request: ProgrammeRequest, file: Any) -> DealImport:
    return actions.receive_upload(
        programme=request.programme, name=file.name, content=file.file, by=request.person, now=clock.now()
    )


@importers
@require_http_methods(["GET", "HEAD", "POST"])
def import_mapping(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    """What the columns and stages mean, with the first rows as they will be read; started from here."""
    deal_import = import_queries.import_visible_to(request.person, import_id)
    if deal_import.state != ImportState.UPLOADED:
        return redirect(programme_url(request.programme, "deals:import_page", import_id=import_id))
    if request.method != "POST":
        return _mapping_shown(request, deal_import)
    if request.POST.get("step") == "layout":
        return _read_again(request, deal_import)
    mapping, found = mapping_of(deal_import), Survey.from_json(deal_import.survey)
    form = MappingForm(request.POST, deal_import=deal_import, mapping=mapping, found=found)
    if not form.is_valid():
        return _mapping_shown(request, deal_import, form, 422)
    chosen = form.mapping()
    saved = actions.set_mapping(deal_import=deal_import, mapping=chosen, by=request.person, now=clock.now())
    asked_anew = chosen.columns_of("stage")[:1] != mapping.columns_of("stage")[:1]
    if request.POST.get("step") != "start" or asked_anew:
        return redirect(programme_url(request.programme, "deals:import_mapping", import_id=import_id))
    return _start(request, saved)


def _start(request: ProgrammeRequest, deal_import: DealImport) -> HttpResponse:
    try:
        with transaction.atomic():
            actions.queue_import(deal_import=deal_import, by=request.person, now=clock.now())
            # The bell may fail with Redis: the tick finds the waiting import.
            transaction.on_commit(lambda: tasks.run_import.delay(str(deal_import.pk)), robust=True)
    except Refusal as refusal:
        return _mapping_shown(request, deal_import, None, 422, refusal=str(refusal))
    return redirect(programme_url(request.programme, "deals:import_page", import_id=deal_import.pk))


def _read_again(request: ProgrammeRequest, deal_import: DealImport) -> HttpResponse:
    """The file cut differently; what cannot be read so is said, and the earlier layout stays."""
    form = LayoutForm(request.POST, deal_import=deal_import)
    if form.is_valid():
        try:
            actions.reread(
                deal_import=deal_import,
                **form.layout(),
                by=request.person,
                now=clock.now(),
            )
            return redirect(programme_url(request.programme, "deals:import_mapping", import_id=deal_import.pk))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _mapping_shown(request, deal_import, None, 422, layout=form)


def _mapping_shown(
    request: ProgrammeRequest,
    deal_import: DealImport,
    form: MappingForm | None = None,
    status: int = 200,
    refusal: str = "",
    layout: LayoutForm | None = None,
) -> HttpResponse:
    mapping, found = mapping_of(deal_import), Survey.from_json(deal_import.survey)
    today = today_in(request.programme.time_zone, clock.now())
    shown = {
        "deal_import": deal_import,
        "form": form or MappingForm(None, deal_import=deal_import, mapping=mapping, found=found),
        "layout": layout or LayoutForm(deal_import=deal_import),
        "found": found,
        "preview": preview(deal_import.columns, mapping, found, today),
        "has_key": mapping.has_key,
        "matches": _matches(request, deal_import, mapping, today),
        "refusal": refusal,
    }
    return render(request, "deals/import_mapping.html", shown, status=status)


def _matches(request: ProgrammeRequest, deal_import: DealImport, mapping: Mapping, today: date) -> Matches | None:
    """What the rows would meet, where no id says so."""
    if mapping.columns_of("external_id") or not mapping.has_key:
        return None
    return matches(deal_import, mapping, request.person, today)


@importers
@require_POST
def import_cancel(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    """No further row is written."""
    deal_import = import_queries.import_visible_to(request.person, import_id)
    try:
        actions.cancel_import(deal_import=deal_import, by=request.person, now=clock.now())
        messages.success(request, _("The import was stopped. What was written so far stays."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(programme_url(request.programme, "deals:import_page", import_id=import_id))
