"""Hostile uploads, each written to disk in pieces, and a look at one of them in a process of its own.

`python -m tests.deals.hostile_files NAME FILE` writes the file, reads it as an upload is read, and prints one line of JSON:
what was said, how many rows were read, the peak of memory in megabytes. The name "upload" sends a gigabyte to the upload instead.
"""

import json
import os
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

MEGABYTE = 1024 * 1024
# A little below the largest upload.
LARGE = 90 * MEGABYTE
_SHEET = "xl/worksheets/sheet1.xml"


def _until(size: int, start: bytes, piece: bytes, end: bytes = b"") -> Iterator[bytes]:
    yield start
    block = piece * (MEGABYTE // len(piece) + 1)
    for _ in range(size // len(block)):
        yield block
    yield end


def _workbook(path: Path, sheet: Iterator[bytes] | None = None, **parts: Iterator[bytes]) -> None:
    from tests.deals.workbook_files import PARTS

    pieces: dict[str, Iterator[bytes]] = {name: iter([part.encode()]) for name, part in PARTS.items()}
    pieces |= {f"xl/{name}.xml": part for name, part in parts.items()}
    if sheet is not None:
        pieces[_SHEET] = sheet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in pieces.items():
            with archive.open(name, "w", force_zip64=True) as file:
                for piece in part:
                    file.write(piece)


def _text(*pieces: Iterator[bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("wb") as file:
            for part in pieces:
                for piece in part:
                    file.write(piece)

    return write


def _directory(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number in range(60_000):
            archive.writestr(f"{'x' * 500}{number}", b"")


def _rows_of_numbers() -> Iterator[bytes]:
    yield b"<worksheet><sheetData>"
    for start in range(1, 1_000_001, 1000):
        yield b"".join(
            b'<row r="%d"><c><v>%d</v></c><c><v>5</v></c></row>' % (n, n) for n in range(start, start + 1000)
        )
    yield b"</sheetData></worksheet>"


HEAD = b"Deal id,Deal name,Amount\n"
# name: (how it is written, what is said, or "" where it is read)
FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "an ordinary large file": (_text(_until(LARGE, HEAD, b"1,Rota planning for the clinics and twelve wards," + b"x" * 60 + b"\n")), ""),
    "NUL bytes throughout": (_text(_until(LARGE, HEAD, b"\x00\x01\x02")), "not a text file"),
    "NUL bytes in every cell": (_text(_until(LARGE, HEAD + b"2,Rota,3\n" * 60_000, b"1,a\x00b,3\n")), "more than 1000000 rows"),
    "a header of a million columns": (_text(_until(3 * MEGABYTE, b"", b"c,", b"\n1\n")), "more than 16384 columns"),
    "sixty rows of a million columns": (
        _text(*(_until(3 * MEGABYTE, HEAD if not n else b"", b"aa,", b"\n") for n in range(25))),
        "Line 2 has more than 16384 columns",
    ),
    "a quotation mark never closed": (_text(_until(LARGE, HEAD + b'1,"', b"x\n")), "Line 2 cannot be read"),
    "a row without end in quoted lines": (_text(_until(LARGE, HEAD + b"1", b',"x\n"')), "row that starts in line 2"),
    "one line without end": (_text(_until(LARGE, b"", b"x")), "row that starts in line 1"),
    "cells of 100 kB": (_text(_until(LARGE, HEAD, b"1," + b"x" * 100_000 + b",3\n")), ""),
    "mixed encodings": (_text(_until(LARGE, HEAD, "1,Müller,3\n".encode() + "2,Łódź,4\n".encode("cp1250"))), "line 2 is UTF-8, line 3 is not"),
    "UTF-16 cut in the middle": (
        _text(iter(["Id,Name\n".encode("utf-16")]), _until(20 * MEGABYTE, b"", ("1,Müller" + "x" * 80 + "\n").encode("utf-16-le"), b"\x31")),
        "the file is not UTF-16",
    ),
    "millions of distinct values": (
        _text(iter([HEAD]), (b"%d,deal %d,%d\n" % (n, n, n) for n in range(2_500_000))),
        "more than 1000000 rows, up to line 1000002",
    ),
    "a sheet of 600 MB of blanks": (
        lambda path: _workbook(path, _until(600 * MEGABYTE, b"<worksheet>", b" " * 1000)),
        "unpacks to more than 512 MB",
    ),
    "shared texts of 300 MB": (
        lambda path: _workbook(path, sharedStrings=_until(300 * MEGABYTE, b"<sst>", b"<si><t>abcdefghij</t></si>")),
        "more than 64 MB of text",
    ),
    "millions of empty shared texts": (
        lambda path: _workbook(path, sharedStrings=_until(300 * MEGABYTE, b"<sst>", b"<si/>")),
        "more than 64 MB of text",
    ),
    "a million styles": (
        lambda path: _workbook(path, styles=_until(15 * MEGABYTE, b"<styleSheet><cellXfs>", b'<xf numFmtId="14"/>')),
        "damaged",
    ),
    "a row of empty cells without end": (
        lambda path: _workbook(path, _until(300 * MEGABYTE, b"<worksheet><sheetData><row>", b"<c/>")),
        "damaged",
    ),
    "a tag without end": (lambda path: _workbook(path, _until(300 * MEGABYTE, b"<worksheet x='", b"a")), "damaged"),
    "elements within elements": (lambda path: _workbook(path, _until(300 * MEGABYTE, b"", b"<a>")), "damaged"),
    "sixty thousand parts": (_directory, "damaged"),
    "a million rows of numbers": (lambda path: _workbook(path, _rows_of_numbers()), ""),
    "the head of a workbook and then noise": (_text(_until(LARGE, b"PK\x03\x04", b"\x07noise")), "damaged"),
    "an old workbook": (_text(_until(LARGE, b"\xd0\xcf\x11\xe0", b"\x00")), "old kind"),
}  # fmt: skip


def peak_mb() -> float:
    """The most memory this process held, in megabytes.

    Where Linux tells it per program: what `getrusage` says begins with the size of the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(name: str, path: Path) -> None:
    """Writes the file, reads it to its end, prints what came of it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "debriefs.settings")
    import django

    django.setup()
    from debriefs.deals.reader import UnreadableFile, sniff
    from debriefs.deals.survey import survey

    said, count = "", 0
    if name == "upload":
        said = _uploaded(path)
    else:
        FILES[name][0](path)
        with path.open("rb") as file:
            try:
                found = survey(file, sniff(file))
                found.as_json()
                count = found.rows_total
            except UnreadableFile as refusal:
                said = str(refusal)
    peak = peak_mb()
    sys.stdout.write(json.dumps({"said": said, "rows": count, "peak_mb": round(peak)}))


def _uploaded(folder: Path) -> str:
    """What the upload form says to a gigabyte, received as the server receives it; `folder` takes the temporary files.

    The most that stood in the folder at any moment is said behind it, in megabytes.
    """
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIRequest

    from debriefs.deals.forms.imports import UploadForm

    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="deals.csv"\r\n\r\n'
    body = _Body(head, 1024 * MEGABYTE, b"\r\n--x--\r\n", folder)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": str(body.left),
            "wsgi.input": body,
        }
    )
    files = request.FILES
    form = UploadForm(request.POST, files, back="/", too_large=getattr(request, "upload_too_large", False))
    return f"{form.errors['file'][0]} {body.most_on_disk // MEGABYTE}"


class _Body:
    """A request's body that is made while it is read."""

    def __init__(self, head: bytes, size: int, end: bytes, folder: Path) -> None:
        self._waiting, self._size, self._end, self._folder = head, size, end, folder
        self.left = len(head) + size + len(end)
        self.most_on_disk = 0

    def read(self, size: int = -1) -> bytes:
        self.most_on_disk = max(self.most_on_disk, sum(one.stat().st_size for one in self._folder.iterdir()))
        if not self._waiting:
            if self._size:
                made = min(self._size, 64 * 1024)
                self._size -= made
                self._waiting = b"1,Rota,5\n" * (made // 9) + b"\n" * (made % 9)
            else:
                self._waiting, self._end = self._end, b""
        given, self._waiting = self._waiting[:size], self._waiting[size:]
        return given

    readline = read


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
