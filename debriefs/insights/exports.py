"""What may be taken along: CSV of figures and of the list, the drawing of a chart, a ZIP of the page. The same rights as the page."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest
from debriefs.deals.csv_lines import csv_lines
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.insights import queries, reading
from debriefs.insights.drawing import csv_rows, drawn
from debriefs.insights.figures import Chart, Kind, Page
from debriefs.insights.filters import Filters
from debriefs.insights.permissions import READERS
from debriefs.insights.rules import Period
from debriefs.insights.standalone import placed

FORMS = ("zip", "csv", "svg", "list")


@roles_required(*READERS)
@require_safe
def export(request: ProgrammeRequest) -> HttpResponse:
    """`page` (overview where nothing is said) as `as`: zip, csv, svg of one `chart`, or list for the released debriefs behind it."""
    scope, filters = reading.scope_of(request), Filters.read(request.GET)
    key, form = request.GET.get("page", "overview"), request.GET.get("as", "zip")
    if scope.has_record_access:
        page, query = reading.page_of(scope, filters, key), filters.query
    else:
        closed = reading.closed_page_of(request, key)
        page, query = closed.page, closed.query
        if closed.quarter and form != "list":
            # The list in the ZIP is of the quarter that its figures are of.
            filters = Filters(period=Period(closed.quarter, closed.quarter))
    audit.record(
        action="figures.exported",
        now=scope.now,
        actor_kind=ActorKind.PERSON,
        actor_id=request.person.pk,
        programme_id=request.programme.pk,
        detail={"page": page.key, "as": form if form in FORMS else "zip"},
    )
    if form == "svg":
        return _download(_svg(_chart(page, request.GET.get("chart", ""))), "image/svg+xml", f"{page.key}.svg")
    if form == "csv":
        wanted = request.GET.get("chart", "")
        return _csv(csv_rows((_chart(page, wanted),) if wanted else page.charts, query), f"{page.key}.csv")
    if form == "list":
        return _csv(_list_rows(scope, filters), "debriefs.csv")
    return _download(_zip(page, query, scope, filters), "application/zip", f"{page.key}.zip")


def _chart(page: Page, key: str) -> Chart:
    for chart in page.charts:
        if chart.key == key:
            return chart
    raise Http404


def _svg(chart: Chart) -> bytes:
    if chart.kind is Kind.TABLE:
        raise Http404
    return render_to_string("insights/chart.svg", {"picture": placed(drawn(chart))}).strip().encode()


def _list_rows(scope: queries.Scope, filters: Filters) -> Iterator[tuple[str, ...]]:
    """The released debriefs under the filters that the reader may read, all of them, labelled as released: no name beyond the release's own."""
    yield ("buyer", "company", "outcome", "decided on", "own reason", "buyer's reason")
    for release in queries.debriefs_behind(scope, filters, own="", buyer="").iterator(chunk_size=2_000):
        yield (
            release.buyer_label,
            release.company_label,
            release.deal.outcome,
            release.deal.decided_on.isoformat() if release.deal.decided_on else "",
            release.own_name or "",  # type: ignore[attr-defined]
            release.buyer_name or "",  # type: ignore[attr-defined]
        )


def _zip(page: Page, query: str, scope: queries.Scope, filters: Filters) -> bytes:
    """Exactly the filtered page: one CSV of all figures, the list, and a drawing per chart."""
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("figures.csv", "".join(csv_lines(csv_rows(page.charts, query))))
        archive.writestr("debriefs.csv", "".join(csv_lines(_list_rows(scope, filters))))
        for place, chart in enumerate(page.charts, start=1):
            if chart.kind is not Kind.TABLE and chart.marks:
                archive.writestr(f"{place:02}-{chart.key}.svg", _svg(chart))
    return store.getvalue()


def _csv(rows: Iterable[Sequence[str]], name: str) -> HttpResponse:
    return _download("".join(csv_lines(rows)).encode(), "text/csv; charset=utf-8", name)


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
