"""What came of an import: progress, result, questions answered, rejected rows taken away, the whole undone."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import ProgrammeRequest, programme_url
from debriefs.core import words
from debriefs.deals import actions, import_queries, tasks
from debriefs.deals.csv_lines import csv_file
from debriefs.deals.enums import ConflictChoice, ImportState, Outcome
from debriefs.deals.import_undo import REASONS, forecast
from debriefs.deals.models import DealImport, ImportConflict
from debriefs.deals.names import reads
from debriefs.deals.reader import LINE_COLUMN, REASON_COLUMN
from debriefs.deals.views.imports import importers
from debriefs.foundation import audit, clock
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.refusals import Refusal, Stale

SHOWN = 200
# So many questions are answered with the file's values in one request; the page says how many are left.
ANSWERED_AT_ONCE = 500
UNDOABLE = (ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED, ImportState.UNDONE)


@importers
@require_http_methods(["GET", "HEAD"])
def import_page(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    """How far the import is, and what came of it. A partial request gets the progress alone, until it is over."""
    deal_import = import_queries.import_visible_to(request.person, import_id)
    if deal_import.state == ImportState.UPLOADED:
        return redirect(programme_url(request.programme, "deals:import_mapping", import_id=import_id))
    if not request.htmx:
        return _result(request, deal_import)
    is_live = deal_import.is_live
    response = render(request, "deals/_import_progress.html", {"deal_import": deal_import, "is_live": is_live})
    if not is_live:
        response.headers["HX-Refresh"] = "true"
    return response


def _result(
    request: ProgrammeRequest, deal_import: DealImport, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    asked = import_queries.open_conflicts_visible_to(request.person, deal_import)
    noted = list(deal_import.rejections.all()[: SHOWN + 1])
    shown = {
        "deal_import": deal_import,
        "is_live": deal_import.is_live,
        "rejections": noted[:SHOWN],
        "there_are_more": len(noted) > SHOWN,
        "conflicts": [_as_shown(one) for one in asked[:SHOWN]],
        "open_count": asked.count(),
        "answered": _answered(deal_import),
        "can_undo": deal_import.state in UNDOABLE and bool(deal_import.rows_done),
        "refusal": refusal,
    }
    return render(request, "deals/import_page.html", shown, status=status)


def _as_shown(conflict: ImportConflict) -> dict[str, Any]:
    """A question with both values: ours as the deal says now."""
    ours = reads(getattr(conflict.deal, conflict.field))
    return {
        "conflict": conflict,
        "now": ours,
        "ours": _in_words(conflict, ours),
        "theirs": _in_words(conflict, conflict.theirs),
    }


def _in_words(conflict: ImportConflict, text: str) -> str:
    """A value as the history writes it, as people read it: an outcome by its name, amounts and days as on the deal's page."""
    if not text:
        return _("nothing")
    if conflict.field == "outcome":
        return str(Outcome(text).label)
    if conflict.field == "amount":
        return words.amount(text, conflict.deal.currency)
    return words.on_day(date.fromisoformat(text)) if conflict.field.endswith("_on") else text


def _answered(deal_import: DealImport) -> list[ImportConflict]:
    over = deal_import.found_conflicts.exclude(choice=ConflictChoice.OPEN).select_related("deal", "resolved_by")
    return list(over.order_by("-resolved_at", "-id")[:SHOWN])


@importers
@require_POST
def conflict_resolve(request: ProgrammeRequest, import_id: UUID, conflict_id: UUID) -> HttpResponse:
    """One question answered: ours stays, or the file's value is taken."""
    deal_import = import_queries.import_visible_to(request.person, import_id)
    conflict = import_queries.conflict_visible_to(request.person, deal_import, conflict_id)
    choice = request.POST.get("choice", "")
    if choice not in (ConflictChoice.OURS, ConflictChoice.THEIRS):
        return _result(request, deal_import, refusal=_("Say which of the two values is right."), status=422)
    try:
        actions.resolve_conflict(
            conflict=conflict,
            choice=choice,
            ours_shown=request.POST.get("ours", ""),
            by=request.person,
            now=clock.now(),
        )
    except Refusal as refusal:
        return _result(request, deal_import, refusal=str(refusal), status=409 if isinstance(refusal, Stale) else 422)
    said = _("Kept as changed here.") if choice == ConflictChoice.OURS else _("Taken from the file.")
    messages.success(request, f"{conflict.deal.name}, {conflict.field_label}: {said}")
    return _back(request, import_id)


@importers
@require_POST
def conflicts_resolve(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    """All open questions of the import answered in the same way."""
    deal_import = import_queries.import_visible_to(request.person, import_id)
    asked = import_queries.open_conflicts_visible_to(request.person, deal_import)
    choice = request.POST.get("choice", "")
    answer: dict[str, Any] = {"deal_import": deal_import, "by": request.person, "now": clock.now()}
    if choice == ConflictChoice.OURS:
        kept = actions.keep_all_ours(conflicts=asked, **answer)
        said = ngettext("%(n)d value was kept as changed here.", "%(n)d values were kept as changed here.", kept)
        messages.success(request, said % {"n": kept})
    elif choice == ConflictChoice.THEIRS:
        taken, refused = actions.take_all_theirs(conflicts=asked[:ANSWERED_AT_ONCE], **answer)
        said = ngettext("%(n)d value was taken from the file.", "%(n)d values were taken from the file.", taken)
        messages.success(request, said % {"n": taken})
        for conflict, sentence in refused[:10]:
            messages.error(request, f"{conflict.deal.name}: {sentence}")
    else:
        return _result(request, deal_import, refusal=_("Say which values are right: ours or the file's."), status=422)
    return _back(request, import_id)


@importers
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    """What undoing would take away and what it would keep, and why; undone from here, in the background."""
    deal_import = import_queries.import_visible_to(request.person, import_id)
    if deal_import.state not in UNDOABLE:
        return redirect(programme_url(request.programme, "deals:import_page", import_id=import_id))
    if request.method == "POST":
        try:
            with transaction.atomic():
                actions.ask_to_undo(deal_import=deal_import, by=request.person, now=clock.now())
                # The bell may fail with Redis: the tick finds what is to be undone.
                transaction.on_commit(lambda: tasks.undo_import.delay(str(import_id)), robust=True)
            return redirect(programme_url(request.programme, "deals:import_page", import_id=import_id))
        except Refusal as refusal:
            messages.error(request, str(refusal))
    expected = forecast(deal_import)
    kept = [(deal, REASONS[deal.kept_because]) for deal in expected.kept]  # type: ignore[attr-defined]
    shown = {"deal_import": deal_import, "expected": expected, "kept": kept}
    return render(request, "deals/import_undo.html", shown)


@importers
@require_POST
def import_go_on(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    """An import that was given up tries its next rows once more."""
    deal_import = import_queries.import_visible_to(request.person, import_id)
    try:
        with transaction.atomic():
            actions.go_on(deal_import=deal_import, by=request.person, now=clock.now())
            transaction.on_commit(lambda: tasks.run_import.delay(str(import_id)), robust=True)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(programme_url(request.programme, "deals:import_page", import_id=import_id))


def _back(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    return redirect(programme_url(request.programme, "deals:import_page", import_id=import_id) + "#h-conflicts")


@importers
def import_rejections(request: ProgrammeRequest, import_id: UUID) -> HttpResponse:
    """The rejected rows as CSV, to mend and upload again: the file's own columns, then line and reason.

    Cells that a spreadsheet would take for a formula carry an apostrophe, which the importer takes off again.
    """
    deal_import = import_queries.import_visible_to(request.person, import_id)
    audit.record(
        action="import.rejections_exported",
        now=clock.now(),
        actor_kind=ActorKind.PERSON,
        actor_id=request.person.pk,
        programme_id=request.programme.pk,
        subject_kind="import",
        subject_id=deal_import.pk,
    )
    return csv_file(_rejected_rows(deal_import), "rejected-rows.csv")  # type: ignore[return-value]


def _rejected_rows(deal_import: DealImport) -> Iterator[list[str]]:
    own = (LINE_COLUMN, REASON_COLUMN)
    kept = [position for position, name in enumerate(deal_import.columns) if name not in own]
    yield [*(deal_import.columns[position] for position in kept), *own]
    for row in deal_import.rejections.iterator(chunk_size=500):
        reason = f"{row.column}: {row.reason}" if row.column else row.reason
        yield [*(row.row[position] for position in kept), str(row.line), reason]
