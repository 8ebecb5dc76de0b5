"""CSV that spreadsheets may open: lines one by one, every cell formula-safe."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

from debriefs.deals.reader import made_safe


class _Line:
    """A file for the csv module that hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """One line per row; what a spreadsheet would take for a formula carries an apostrophe, which the importer takes off again.

    The mark at the start makes spreadsheets read UTF-8.
    """
    writer = csv.writer(_Line())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([made_safe(cell) for cell in row])


def csv_file(rows: Iterable[Sequence[str]], name: str) -> StreamingHttpResponse:
    """The rows as a download, made while it is sent."""
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
