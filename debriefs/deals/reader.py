"""From an export to rows of text: encoding, delimiter or sheet, header, lines. Pure.

What a file is, its first bytes say; its name counts for nothing. Whatever the bytes, the answer is rows or an UnreadableFile with a sentence that names the line. Nothing is converted here:
dates and numbers are read later, per column, once the mapping is confirmed.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, NamedTuple

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from debriefs.deals.european_letters import looks_like_latin_2, western_score
from debriefs.deals.refusals import UnreadableFile
from debriefs.deals.workbooks import LAST_COLUMN, Workbook

# Bytes, or an open file that can be read from its start again: a large one is never held in memory.
Source = bytes | BinaryIO

# Stands where an encoding would for a workbook, which has sheets instead of a delimiter.
WORKBOOK = "xlsx"
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
_WESTERN, _CENTRAL = ("cp1252", "iso8859-1", "iso8859-15"), ("cp1250", "iso8859-2")
_NOT_ASCII = bytes(range(0x80, 0x100))
# Fewer letters beyond ASCII name no other script: "N° 5" was Japanese to the detector.
_ENOUGH_FOR_A_SCRIPT = 4
_NOT_TEXT = (
    (b"\xd0\xcf\x11\xe0", _l("an Excel workbook of the old kind (XLS) or with a password")),
    (b"%PDF", _l("a PDF")),
    (b"\x1f\x8b", _l("a packed file")),
    (b"PK\x05\x06", _l("an empty packed file")),
    (b"{\\rtf", _l("a text document")),
    (b"\x89PNG", _l("a picture")),
    (b"\xff\xd8\xff", _l("a picture")),
    (b"SQLite format 3", _l("a database")),
)
_PACKED = b"PK\x03\x04"
_MARKUP = re.compile(rb"\s*<(?:!doctype html|html|\?xml|table)", re.IGNORECASE)
MAX_COLUMNS = 300
MAX_LINE = 4_000_000
MAX_CELL = 131_072
_NOT_EUROPEAN = re.compile("[^\x00-\x7f\u00c0-\u017f\u0400-\u045f\u2010-\u2026\u20ac]")
_SAMPLE_BYTES = 262_144
_SAMPLE_ROWS = 200
_HEAD_ROWS = 60
_LONGEST_FOOTER = 100
# The last columns of the file of rejected rows; a file that has them was made by us, with its cells made safe.
LINE_COLUMN, REASON_COLUMN = "Line in the file", "Rejected because"
# What stands in every list of deals that we save and in no export of a CRM.
OWN_COLUMNS = frozenset(("Source", "Deal ID", "Outcome", "State of the debrief"))
_FORMULA_STARTS = tuple("=+-@|%\t\r\n＝＋－＠")
_BELOW_ZERO = re.compile(r"-[0-9]+(?:[.,][0-9]+)?")


@dataclass(frozen=True)
class Shape:
    """How a file is laid out. `header_at` counts records before the header, `columns` are its names, made distinct.

    A workbook has the encoding WORKBOOK, no delimiter, and the name of the sheet that is read.
    """

    encoding: str
    delimiter: str
    header_at: int
    columns: list[str]
    sheet: str = ""

    @property
    def is_returned(self) -> bool:
        """Whether we made the file: a list of rejected rows that was mended, or a list of deals."""
        return REASON_COLUMN in self.columns or set(self.columns) >= OWN_COLUMNS


class Row(NamedTuple):
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
    held: int = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.text.readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        # Line breaks inside quotation marks do not let a record grow beyond what a line may hold.
        self.held += len(line)
        if self.held >= MAX_LINE:
            raise UnreadableFile(
                _(
                    "The row that starts in line %(line)d is longer than %(limit)d characters. Is this a table with one row per line?"
                )
                % {"line": self.number - len(self.pending), "limit": MAX_LINE}
            )
        self.pending.append(line)
        return line

    def taken(self) -> list[str]:
        """The lines of the record that has just been read."""
        lines, self.pending, self.held = self.pending, [], 0
        return lines


def sniff(source: Source, *, encoding: str = "", delimiter: str = "", sheet: str = "") -> Shape:
    """The layout of the file; `encoding`, `delimiter` and `sheet` are taken as given where a person has chosen them.

    Of a workbook the first sheet with cells is read. Raises UnreadableFile for what is empty, no text and no workbook, or
    wider than MAX_COLUMNS.
    """
    file = opened(source)
    start = file.read(_SAMPLE_BYTES)
    if start.startswith(_PACKED):
        return _sniff_workbook(file, sheet)
    _refuse_other_kinds(start)
    encoding = encoding if encoding in ENCODINGS else encoding_of(file)
    sample = _sample(start, encoding)
    if not sample.strip("\ufeff \t\r\n\x00"):
        raise UnreadableFile(_("The file is empty."))
    if sample.count("\x00") > len(sample) // 100 + 5:
        raise UnreadableFile(_("This is not a text file. Save the list as CSV (UTF-8) and upload that."))
    if delimiter not in DELIMITERS:
        delimiter = max(DELIMITERS, key=lambda sign: _stability(sample, sign))
    head = list(islice(_records(file, encoding, delimiter), _HEAD_ROWS))
    header_at, columns = _header(head)
    return Shape(encoding, delimiter, header_at, columns)


def sheets_of(source: Source) -> list[str]:
    """The names of a workbook's sheets, to choose from; none for other files."""
    file = opened(source)
    return _workbook(file).sheets if file.read(4) == _PACKED else []


def rows(source: Source, shape: Shape) -> Iterator[Row]:
    """The records below the header, in order. Blank records and a tail of records with one filled cell are not data.

    Streams: memory holds one record at a time. Raises UnreadableFile in the middle for a quotation mark that is never closed,
    a cell beyond MAX_CELL, or bytes that are not of the encoding.
    """
    file = opened(source)
    if shape.encoding == WORKBOOK:
        records = _workbook(file).records(shape.sheet)
    else:
        records = _records(file, shape.encoding, shape.delimiter)
    width = len(shape.columns)
    tail: list[Row] = []
    for position, (line, cells) in enumerate(records):
        if position <= shape.header_at:
            continue
        if shape.is_returned:
            cells = [made_plain(cell) for cell in cells]
        if len(cells) == width:
            row = Row(line, cells)
        else:
            surplus = sum(1 for cell in cells[width:] if cell.strip())
            row = Row(line, (cells + [""] * width)[:width], surplus=surplus)
        filled = _filled(cells)
        if filled == 0 or (filled == 1 and width > 2 and len(tail) < _LONGEST_FOOTER):
            tail.append(row)
            continue
        yield from (Row(short.line, short.cells, is_data=any(short.cells)) for short in tail)
        tail = []
        yield row
    yield from (Row(short.line, short.cells, is_data=False) for short in tail)


def _filled(cells: list[str]) -> int:
    """How many cells say anything; 2 stands for more, too."""
    filled = 0
    for cell in cells:
        if cell and not cell.isspace():
            if filled:
                return 2
            filled = 1
    return filled


def opened(source: Source) -> BinaryIO:
    """The file at its start."""
    if isinstance(source, bytes):
        return io.BytesIO(source)
    source.seek(0)
    return source


def made_safe(cell: str) -> str:
    """The cell as a spreadsheet may open it: what could be taken for a formula gets an apostrophe in front.

    A number below zero computes nothing and stays a number. `made_plain` takes exactly that apostrophe off again, so a cell that
    had apostrophes of its own comes back whole.
    """
    return cell if _BELOW_ZERO.fullmatch(cell) else _marked(cell)


def _marked(cell: str) -> str:
    bare = cell.lstrip("'")
    return f"'{cell}" if bare.lstrip(" \ufeff").startswith(_FORMULA_STARTS) else cell


def made_plain(cell: str) -> str:
    """The cell as it was before `made_safe`."""
    return cell[1:] if cell.startswith("'") and _marked(cell[1:]) == cell else cell


def _refuse_other_kinds(start: bytes) -> None:
    for sign, what in _NOT_TEXT:
        if start.startswith(sign):
            raise UnreadableFile(
                _(
                    "This is %(what)s. Open it where it comes from and save it as XLSX without a password, or as CSV (UTF-8)."
                )
                % {"what": what}
            )
    if _MARKUP.match(start.removeprefix(codecs.BOM_UTF8)):
        raise UnreadableFile(
            _(
                "This is a page or XML, whatever its name says. Open it in a spreadsheet and save it as XLSX or CSV (UTF-8)."
            )
        )


def _workbook(file: BinaryIO) -> Workbook:
    return Workbook(file, columns=MAX_COLUMNS, cell=MAX_CELL)


def _sniff_workbook(file: BinaryIO, sheet: str) -> Shape:
    book = _workbook(file)
    candidates = [sheet] if sheet in book.sheets else book.sheets
    for name in candidates:
        filled = (record for record in book.records(name) if any(cell.strip() for cell in record[1]))
        if next(filled, None) is not None:
            header_at, columns = _header(list(islice(book.records(name), _HEAD_ROWS)))
            return Shape(WORKBOOK, "", header_at, columns, name)
    raise UnreadableFile(_("The sheet is empty.") if sheet else _("The workbook is empty."))


def _header(head: list[tuple[int, list[str]]]) -> tuple[int, list[str]]:
    """(how many records stand before the header, its names made distinct)."""
    position = _header_position(head)
    names = head[position][1]
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(
            _("The file has more than %(limit)d columns. Export only the columns about the deal.")
            % {"limit": MAX_COLUMNS}
        )
    if REASON_COLUMN in names:
        names = [made_plain(name) for name in names]
    return position, _distinct(names)


def encoding_of(file: BinaryIO) -> str:
    """In which encoding the text is written, by its bytes. Raises UnreadableFile where lines differ."""
    file.seek(0)
    start = file.read(4096)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if start.startswith(mark):
            return name
    # Text in UTF-16 without a mark: every second byte of Latin letters is zero.
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) >= 8 and start[offset::2].count(0) > len(start) // 5 and start[1 - offset :: 2].count(0) == 0:
            return name
    if _decodes(file, "utf-8"):
        return "utf-8"
    sample = _around_first_non_ascii(file)
    found = from_bytes(sample, cp_isolation=list(_DETECTABLE)).best()
    detected = _DETECTABLE.get(found.encoding, "cp1252") if found else "cp1252"
    if detected.startswith(("cp125", "iso8859")):
        _refuse_mixed(file)
    detected = _by_its_letters(sample, detected)
    for name in (detected, "cp1252"):
        if _decodes(file, name):
            return name
    return "iso8859-1"


def _by_its_letters(sample: bytes, detected: str) -> str:
    """The code page of a European text; what was detected where its letters agree with that, or are of another script."""
    told = len(sample) - len(sample.translate(None, _NOT_ASCII))
    if told >= _ENOUGH_FOR_A_SCRIPT and detected not in _WESTERN and detected not in _CENTRAL:
        return detected
    if western_score(sample) >= 0:
        return detected if detected in _WESTERN else "cp1252"
    if detected in _CENTRAL:
        return detected
    return "iso8859-2" if looks_like_latin_2(sample) else "cp1250"


def _refuse_mixed(file: BinaryIO) -> None:
    """Refuses a file of one-byte letters in which a line is UTF-8 all the same: some of its names would come out as noise."""
    file.seek(0)
    line = utf8_line = other_line = 0
    while piece := file.readline(1 << 20):
        line += piece.endswith(b"\n")
        if piece.isascii() or not piece.endswith(b"\n"):
            continue
        if _decodes(io.BytesIO(piece), "utf-8"):
            # Only letters and signs of Europe count: capitals in a row can look like rarer ones by chance.
            utf8_line = utf8_line or (line if not _NOT_EUROPEAN.search(piece.decode()) else 0)
        else:
            other_line = other_line or line
        if utf8_line and other_line:
            raise UnreadableFile(
                _(
                    "The file mixes encodings: line %(one)d is UTF-8, line %(other)d is not. Save it again as CSV (UTF-8)."
                )
                % {"one": utf8_line, "other": other_line}
            )


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in _pieces(file):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _around_first_non_ascii(file: BinaryIO) -> bytes:
    first = 0
    for piece in _pieces(file):
        if not piece.isascii():
            first += next(index for index, byte in enumerate(piece) if byte > 127)
            break
        first += len(piece)
    file.seek(max(first - 4096, 0))
    return file.read(4096 + 65_536)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(1 << 18):
        yield piece


def _sample(start: bytes, encoding: str) -> str:
    # Cut characters at the end of the sample are no fault of the file.
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(start)


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


def _header_position(head: list[tuple[int, list[str]]]) -> int:
    """The first record as wide as most and at least half filled: titles above it fill a cell or two."""
    widths = Counter(len(cells) for _line, cells in head if any(cell.strip() for cell in cells))
    if not widths:
        raise UnreadableFile(_("The file is empty."))
    # Cells that are blank in every record, as behind a comma at the end of each line, make none of them wider.
    filled_to = max(_filled_to(cells) for _line, cells in head)
    usual = min(max(widths, key=lambda width: (widths[width], width)), filled_to)
    for position, (_line, cells) in enumerate(head):
        filled = sum(1 for cell in cells if cell.strip())
        if filled and len(cells) >= usual and filled * 2 >= len(cells):
            return position
    return next(position for position, (_line, cells) in enumerate(head) if any(cell.strip() for cell in cells))


def _filled_to(cells: list[str]) -> int:
    """How many cells there are up to the last that says anything."""
    return max((position for position, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _distinct(names: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    made = []
    for position, name in enumerate(names, start=1):
        cleaned = " ".join(name.replace("\ufeff", "").replace("\x00", "").split())[:200]
        cleaned = cleaned or _("Column %(number)d") % {"number": position}
        seen[cleaned] += 1
        made.append(cleaned if seen[cleaned] == 1 else f"{cleaned} ({seen[cleaned]})")
    return made


def _records(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line it starts on, cells) of every record, header and footers included."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield from _cut(_Lines(text), encoding, delimiter)
    finally:
        # The wrapper would close the file, which is the caller's.
        text.detach()


def _cut(lines: _Lines, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter)
    started = 1
    try:
        for cells in reader:
            if len(cells) > LAST_COLUMN:
                raise UnreadableFile(
                    _("Line %(line)d has more than %(limit)d columns. Export only the columns about the deal.")
                    % {"line": started, "limit": LAST_COLUMN}
                )
            yield started, cells
            started = lines.number + 1
            last = lines.taken()
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
