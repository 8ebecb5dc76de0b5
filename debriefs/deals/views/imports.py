"""An import as a person goes through it: upload, columns, progress, result."""

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.deals import actions, queries, tasks
from debriefs.deals.enums import ImportState, RejectionKind
from debriefs.deals.forms.imports import LayoutForm, MappingForm, UploadForm
from debriefs.deals.importing import mapping_of
from debriefs.deals.models import DealImport
from debriefs.deals.preview import preview
from debriefs.deals.reader import LINE_COLUMN, REASON_COLUMN, made_safe
from debriefs.deals.rules import today_in
from debriefs.deals.survey import Survey
from debriefs.foundation import audit, clock
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.refusals import Refusal

SHOWN_REJECTIONS = 200
_importers = roles_required(Role.ADMIN, Role.MANAGER)


@_importers
@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request: ProgrammeRequest) -> HttpResponse:
    """A file chosen and kept; then its columns."""
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
    earlier = queries.imports_visible_to(request.person).defer("survey")[:20]
    shown = {"form": form, "imports": earlier}
    return render(request, "deals/import_upload.html", shown, status=422 if form.errors else 200)


def _receive(request: ProgrammeRequest, file: Any) -> DealImport:
    return actions.receive_upload(
        programme=request.programme, name=file.name, content=file.file, by=request.person, now=clock.now()
    )


@_importers
@require_http_methods(["GET", "HEAD", "POST"])
def import_mapping(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    """What the columns and stages mean, with the first rows as they will be read; started from here."""
    deal_import = queries.import_visible_to(request.person, import_id)
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
        "refusal": refusal,
    }
    return render(request, "deals/import_mapping.html", shown, status=status)


@_importers
def import_page(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    """How far the import is, and what came of it. A partial request gets the progress alone, until it is over."""
    deal_import = queries.import_visible_to(request.person, import_id)
    if deal_import.state == ImportState.UPLOADED:
        return redirect(programme_url(request.programme, "deals:import_mapping", import_id=import_id))
    is_live = deal_import.state in (ImportState.QUEUED, ImportState.RUNNING)
    if request.htmx:
        response = render(request, "deals/_import_progress.html", {"deal_import": deal_import, "is_live": is_live})
        if not is_live:
            response.headers["HX-Refresh"] = "true"
        return response
    noted = list(deal_import.rejections.all()[: SHOWN_REJECTIONS + 1])
    shown = {
        "deal_import": deal_import,
        "is_live": is_live,
        "rejections": [row for row in noted[:SHOWN_REJECTIONS] if row.kind == RejectionKind.REJECTED],
        "conflicts": [row for row in noted[:SHOWN_REJECTIONS] if row.kind == RejectionKind.CONFLICT],
        "there_are_more": len(noted) > SHOWN_REJECTIONS,
    }
    return render(request, "deals/import_page.html", shown)


@_importers
@require_POST
def import_cancel(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    """No further row is written."""
    deal_import = queries.import_visible_to(request.person, import_id)
    try:
        actions.cancel_import(deal_import=deal_import, by=request.person, now=clock.now())
        messages.success(request, _("The import was stopped. What was written so far stays."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(programme_url(request.programme, "deals:import_page", import_id=import_id))


@_importers
def import_rejections(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    """The rejected rows as CSV, to mend and upload again: the file's own columns, then line and reason.

    Cells that a spreadsheet would take for a formula carry an apostrophe, which the importer takes off again.
    """
    deal_import = queries.import_visible_to(request.person, import_id)
    audit.record(
        action="import.rejections_exported",
        now=clock.now(),
        actor_kind=ActorKind.PERSON,
        actor_id=request.person.pk,
        programme_id=request.programme.pk,
        subject_kind="import",
        subject_id=deal_import.pk,
    )
    # The mark at the start makes spreadsheets read UTF-8.
    response = StreamingHttpResponse(_csv_of(deal_import), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rejected-rows.csv"'
    return response  # type: ignore[return-value]


class _Echo:
    """A file for the csv module that hands each line back."""

    def write(self, line: str) -> str:
        return line


def _csv_of(deal_import: DealImport) -> Iterator[str]:
    writer = csv.writer(_Echo())
    own = (LINE_COLUMN, REASON_COLUMN)
    kept = [position for position, name in enumerate(deal_import.columns) if name not in own]
    header = [deal_import.columns[position] for position in kept]
    yield "\ufeff" + writer.writerow([*map(made_safe, header), *own])
    rejected = deal_import.rejections.filter(kind=RejectionKind.REJECTED)
    for row in rejected.iterator(chunk_size=500):
        cells = [row.row[position] for position in kept]
        reason = f"{row.column}: {row.reason}" if row.column else row.reason
        yield writer.writerow([*map(made_safe, cells), str(row.line), made_safe(reason)])
