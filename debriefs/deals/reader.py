"""From the bytes of an export to rows of text: encoding, delimiter, header, lines. Pure.

Whatever the bytes, the answer is rows or an UnreadableFile with a sentence that names the line. Nothing is converted here:
dates and numbers are read later, per column, once the mapping is confirmed.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from debriefs.foundation.refusals import Refusal

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark at the start",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (little-endian)",
    "utf-16-be": "UTF-16 (big-endian)",
    "cp1252": "Windows-1252 (Western Europe)",
    "cp1250": "Windows-1250 (Central Europe)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "iso8859-1": "ISO-8859-1 (Latin-1)",
    "iso8859-2": "ISO-8859-2 (Latin-2)",
    "iso8859-15": "ISO-8859-15 (Latin-9)",
    "big5": "Big5 (Chinese, traditional)",
    "gb18030": "GB 18030 (Chinese)",
    "cp932": "Windows-932 (Japanese)",
    "euc_kr": "EUC-KR (Korean)",
}
# What the detector may answer, by its own names; everything else is rarer than its mistakes.
_DETECTABLE = {name.replace("-", "_"): name for name in ENCODINGS} | {"utf_16": "utf-16", "latin_1": "iso8859-1"}
_NOT_TEXT = (
    (b"PK\x03\x04", "an Excel workbook or another packed file"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook, perhaps with a password"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a packed file"),
)
MAX_COLUMNS = 300
MAX_LINE = 4_000_000
MAX_CELL = 131_072
_SAMPLE_BYTES = 262_144
_SAMPLE_ROWS = 200
_LONGEST_FOOTER = 100
# The last columns of the file of rejected rows; a file that has them was made by us, with its cells made safe.
LINE_COLUMN, REASON_COLUMN = "Line in the file", "Rejected because"
_FORMULA_STARTS = tuple("=+-@|%\t\r\n＝＋－＠")


class UnreadableFile(Refusal):
    """The file cannot be read as rows; the sentence says where and what to do."""


@dataclass(frozen=True)
class Shape:
    """How a file is laid out. `header_at` counts records before the header, `columns` are its names, made distinct."""

    encoding: str
    delimiter: str
    header_at: int
    columns: list[str]

    @property
    def is_returned(self) -> bool:
        """Whether the file is a list of rejected rows that we made, mended and uploaded again."""
        return REASON_COLUMN in self.columns


@dataclass(frozen=True)
class Row:
    """One record: the line it starts on, its cells padded to the header's width, and whether it is data or a footer."""

    line: int
    cells: list[str]
    is_data: bool = True
    surplus: int = 0


@dataclass
class _Lines:
    """Gives lines to the csv module one by one and remembers those of the record being read."""

    text: io.TextIOBase
    number: int = 0
    pending: list[str] = field(default_factory=list)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.text.readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            raise UnreadableFile(
                _("Line %(line)d is longer than %(limit)d characters. Is this a table with one row per line?")
                % {"line": self.number, "limit": MAX_LINE}
            )
        self.pending.append(line)
        return line


def sniff(content: bytes, *, encoding: str = "", delimiter: str = "") -> Shape:
    """The layout of the file; `encoding` and `delimiter` are taken as given where a person has chosen them.

    Raises UnreadableFile for what is empty, no text, or wider than MAX_COLUMNS.
    """
    for start, what in _NOT_TEXT:
        if content.startswith(start):
            raise UnreadableFile(
                _("This is %(what)s, not a CSV file. Open it where it comes from and save it as CSV (UTF-8).")
                % {"what": what}
            )
    encoding = encoding if encoding in ENCODINGS else _encoding_of(content)
    sample = _sample(content, encoding)
    if not sample.strip("\ufeff \t\r\n\x00"):
        raise UnreadableFile(_("The file is empty."))
    if sample.count("\x00") > len(sample) // 100 + 5:
        raise UnreadableFile(_("This is not a text file. Save the list as CSV (UTF-8) and upload that."))
    if delimiter not in DELIMITERS:
        delimiter = max(DELIMITERS, key=lambda sign: _stability(sample, sign))
    head = _head(content, encoding, delimiter)
    header_at = _header_position(head)
    names = head[header_at][1]
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(
            _("The file has more than %(limit)d columns. Export only the columns about the deal.")
            % {"limit": MAX_COLUMNS}
        )
    if REASON_COLUMN in names:
        names = [made_plain(name) for name in names]
    return Shape(encoding, delimiter, header_at, _distinct(names))


def rows(content: bytes, shape: Shape) -> Iterator[Row]:
    """The records below the header, in order. Blank records and a tail of records with one filled cell are not data.

    Streams: memory holds one record at a time. Raises UnreadableFile in the middle for a quotation mark that is never closed,
    a cell beyond MAX_CELL, or bytes that are not of the encoding.
    """
    width = len(shape.columns)
    tail: list[Row] = []
    for position, (line, cells) in enumerate(_records(content, shape.encoding, shape.delimiter)):
        if position <= shape.header_at:
            continue
        if shape.is_returned:
            cells = [made_plain(cell) for cell in cells]
        filled = sum(1 for cell in cells if cell.strip())
        surplus = sum(1 for cell in cells[width:] if cell.strip())
        row = Row(line, (cells + [""] * width)[:width], surplus=surplus)
        if filled == 0 or (filled == 1 and width > 2 and len(tail) < _LONGEST_FOOTER):
            tail.append(row)
            continue
        yield from (Row(short.line, short.cells, is_data=any(short.cells)) for short in tail)
        tail = []
        yield row
    yield from (Row(short.line, short.cells, is_data=False) for short in tail)


def made_safe(cell: str) -> str:
    """The cell as a spreadsheet may open it: what could be taken for a formula gets an apostrophe in front.

    `made_plain` takes exactly that off again, so a cell that had apostrophes of its own comes back whole.
    """
    bare = cell.lstrip("'")
    return f"'{cell}" if bare.lstrip(" \ufeff").startswith(_FORMULA_STARTS) else cell


def made_plain(cell: str) -> str:
    """The cell as it was before `made_safe`."""
    return cell[1:] if cell.startswith("'") and made_safe(cell[1:]) == cell else cell


def _encoding_of(content: bytes) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return name
    start = content[:4096]
    # Text in UTF-16 without a mark: every second byte of Latin letters is zero.
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) >= 8 and start[offset::2].count(0) > len(start) // 5 and start[1 - offset :: 2].count(0) == 0:
            return name
    if _decodes(content, "utf-8"):
        return "utf-8"
    found = from_bytes(_around_first_non_ascii(content), cp_isolation=list(_DETECTABLE)).best()
    candidates = [_DETECTABLE.get(found.encoding, "cp1252")] if found else []
    for name in [*candidates, "cp1252"]:
        if _decodes(content, name):
            return name
    return "iso8859-1"


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), 1 << 20):
            decoder.decode(content[start : start + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _around_first_non_ascii(content: bytes) -> bytes:
    first = next((index for index, byte in enumerate(content) if byte > 127), 0)
    return content[max(first - 4096, 0) : first + 65_536]


def _sample(content: bytes, encoding: str) -> str:
    # Cut characters at the end of the sample are no fault of the file.
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    return decoder.decode(content[:_SAMPLE_BYTES])


def _stability(sample: str, delimiter: str) -> tuple[float, int]:
    """Which share of the records the delimiter cuts into equally many cells, then how many cells that is."""
    widths: Counter[int] = Counter()
    records = 0
    try:
        for cells in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _SAMPLE_ROWS):
            records += any(cells)
            if len(cells) > 1:
                widths[len(cells)] += 1
    except csv.Error:
        pass
    if not widths or not records:
        return 0.0, 1
    width, count = widths.most_common(1)[0]
    return round(count / records, 1), width


def _head(content: bytes, encoding: str, delimiter: str) -> list[tuple[int, list[str]]]:
    head = []
    for record in _records(content, encoding, delimiter):
        head.append(record)
        if len(head) >= 60:
            break
    return head


def _header_position(head: list[tuple[int, list[str]]]) -> int:
    """The first record as wide as most and at least half filled: titles above it fill a cell or two."""
    widths = Counter(len(cells) for _line, cells in head if any(cell.strip() for cell in cells))
    if not widths:
        raise UnreadableFile(_("The file is empty."))
    usual = max(widths, key=lambda width: (widths[width], width))
    for position, (_line, cells) in enumerate(head):
        filled = sum(1 for cell in cells if cell.strip())
        if filled and len(cells) >= usual and filled * 2 >= len(cells):
            return position
    return next(position for position, (_line, cells) in enumerate(head) if any(cell.strip() for cell in cells))


def _distinct(names: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    made = []
    for position, name in enumerate(names, start=1):
        cleaned = " ".join(name.replace("\ufeff", "").replace("\x00", "").split())[:200]
        cleaned = cleaned or _("Column %(number)d") % {"number": position}
        seen[cleaned] += 1
        made.append(cleaned if seen[cleaned] == 1 else f"{cleaned} ({seen[cleaned]})")
    return made


def _records(content: bytes, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line it starts on, cells) of every record, header and footers included."""
    lines = _Lines(io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline=""))
    reader = csv.reader(lines, delimiter=delimiter)
    started = 1
    try:
        for cells in reader:
            yield started, cells
            started = lines.number + 1
            last, lines.pending = lines.pending, []
        # The csv module closes an open quotation mark at the end of the file by itself and swallows what it holds.
        if reader.line_num:
            _refuse_open_quote(last, delimiter, lines.number - len(last) + 1)
    except csv.Error as error:
        raise UnreadableFile(
            _(
                "Line %(line)d cannot be read: a cell longer than %(limit)d characters, or a quotation mark never closed."
            )
            % {"line": started, "limit": MAX_CELL}
        ) from error
    except UnicodeError as error:
        raise UnreadableFile(
            _("Near line %(line)d the file is not %(encoding)s. Choose another encoding.")
            % {"line": lines.number + 1, "encoding": ENCODINGS.get(encoding, encoding)}
        ) from error


def _refuse_open_quote(lines: list[str], delimiter: str, started: int) -> None:
    try:
        list(csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise UnreadableFile(
                _("A quotation mark opened in line %(line)d is never closed.") % {"line": started}
            ) from error
