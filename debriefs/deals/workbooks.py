"""The sheets of an Excel workbook (XLSX) as rows of text, streamed. Pure.

Every limit is checked before what it limits is held in memory: sizes while they are unpacked, texts while they are read. Only
what rows need is read: the list of sheets, number formats, shared texts and one sheet; formulas are never computed, macros,
links, pictures and everything else never opened.
"""

import re
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from debriefs.deals.refusals import UnreadableFile
from debriefs.deals.stored_values import as_day, as_number, is_date_format, unescaped

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
MAX_SHEETS = 200
MAX_SHEET_BYTES = 512 * 1024 * 1024
MAX_TEXTS_BYTES = 64 * 1024 * 1024
_MAX_TEXTS = 4_000_000
_MAX_TEXTS_PART = 256 * 1024 * 1024
_MAX_SMALL_PART = 16 * 1024 * 1024
_MAX_DEPTH = 64
_MAX_STYLES = 100_000
# A single tag or comment is held in memory by the parser until its end.
_MAX_TOKEN = 1024 * 1024
_CHUNK = 64 * 1024
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

_Start = Callable[[str, dict[str, str]], None]
_End = Callable[[str], None]
_Text = Callable[[str], None]


@dataclass(frozen=True)
class _Limits:
    """What one sheet may hold; cells and columns as for any other file."""

    columns: int
    cell: int


class _Archive:
    """The file as zipfile reads it. Asked for more than a megabyte at once, it refuses: a directory of parts that long is no
    workbook's, and zipfile would hold it whole.
    """

    _MOST = 1024 * 1024

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, lambda: True

    def read(self, size: int = -1) -> bytes:
        wanted = size if 0 <= size <= self._MOST else self._MOST + 1
        data = self._file.read(wanted)
        if len(data) > self._MOST:
            raise _damaged()
        return data


@dataclass
class _Texts:
    """The workbook's shared texts, end to end in UTF-8: millions of short ones cost little more than their letters."""

    letters: bytearray = field(default_factory=bytearray)
    ends: "array[int]" = field(default_factory=lambda: array("I"))

    def add(self, text: str) -> None:
        self.letters += text.encode("utf-8", "replace")
        if len(self.letters) > MAX_TEXTS_BYTES or len(self.ends) >= _MAX_TEXTS:
            raise UnreadableFile(
                _("The workbook holds more than %(limit)d MB of text. Export fewer columns or years at a time.")
                % {"limit": MAX_TEXTS_BYTES // 1024 // 1024}
            )
        self.ends.append(len(self.letters))

    def get(self, position: int) -> str:
        start = self.ends[position - 1] if position else 0
        return self.letters[start : self.ends[position]].decode()


class Workbook:
    """An opened workbook. `sheets` are the names of those a person sees, in their order.

    Raises UnreadableFile for what is no workbook, is damaged, locked by a password or larger than the limits.
    """

    def __init__(self, file: BinaryIO, *, columns: int, cell: int) -> None:
        self._limits = _Limits(columns, cell)
        with _as_refusal():
            self._parts = zipfile.ZipFile(_Archive(file))
            self._names = {name.replace("\\", "/").casefold(): name for name in self._parts.namelist()}
            book = self._book_part()
            related = self._related(book)
            kinds = {kind: part for _id, kind, part in reversed(related)}
            self._worksheets = {name: part for name, kind, part in related if kind == "worksheet"}
            self._sheet_parts: dict[str, str] = {}
            self._is_1904 = False
            self._read_book(book)
            self._texts: _Texts | None = None
            self._texts_part, self._styles_part = kinds.get("sharedStrings"), kinds.get("styles")
            self._date_styles = self._read_styles()
        self.sheets = list(self._sheet_parts)
        if not self.sheets:
            raise UnreadableFile(_("The workbook has no sheets with cells."))

    def records(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """(row number, texts of its cells up to the last filled one) of every row the sheet has; memory holds a few rows.

        Numbers have a point before their decimals, days are written 2026-03-31, a formula is the result stored with it, or its
        own text where none is. Raises UnreadableFile, naming the cell, for what goes beyond the limits.
        """
        with _as_refusal():
            if self._texts is None:
                self._texts = self._read_texts()
            reader = _SheetReader(self._limits, self._texts, self._date_styles, self._is_1904)
            for _chunk in self._parse(self._sheet_parts[sheet], MAX_SHEET_BYTES, reader.start, reader.end, reader.text):
                ready, reader.ready = reader.ready, []
                yield from ready

    def _book_part(self) -> str:
        for name, what in (
            ("mimetype", _("an OpenDocument file")),
            ("xl/workbook.bin", _("a binary Excel workbook (XLSB)")),
            ("encryptedpackage", _("a workbook with a password")),
        ):
            if name in self._names:
                raise _not_a_workbook(what)
        found = [target for _id, kind, target in self._related("") if kind == "officeDocument"]
        book = found[0] if found else "xl/workbook.xml"
        if book.casefold() not in self._names or not book.casefold().endswith("workbook.xml"):
            raise _not_a_workbook(_("a packed file"))
        return book

    def _related(self, part: str) -> list[tuple[str, str, str]]:
        """(id, kind, part) of everything the part refers to inside the file; "" is the file itself."""
        folder, _slash, name = part.rpartition("/")
        relations = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        found: list[tuple[str, str, str]] = []

        def start(tag: str, given: dict[str, str]) -> None:
            if tag == "Relationship" and given.get("TargetMode") != "External":
                kind = given.get("Type", "").rpartition("/")[2]
                found.append((given.get("Id", ""), kind, _resolved(folder, given.get("Target", ""))))

        if relations.casefold() in self._names:
            self._parse_small(relations, start)
        return found

    def _read_book(self, book: str) -> None:
        hidden: dict[str, str] = {}

        def start(tag: str, given: dict[str, str]) -> None:
            if tag == "workbookPr":
                self._is_1904 = given.get("date1904", "") in ("1", "true")
            elif tag == "sheet":
                name, part = given.get("name", "")[:100], self._worksheets.get(given.get("id", ""), "")
                if part.casefold() in self._names:
                    (self._sheet_parts if given.get("state", "visible") == "visible" else hidden)[name] = part
                if len(self._sheet_parts) + len(hidden) > MAX_SHEETS:
                    raise UnreadableFile(
                        _(
                            "The workbook has more than %(limit)d sheets. Save the one with the deals as a file of its own."
                        )
                        % {"limit": MAX_SHEETS}
                    )

        self._parse_small(book, start)
        self._sheet_parts = self._sheet_parts or hidden

    def _read_styles(self) -> frozenset[int]:
        """The numbers of the cell styles that show a day or a time."""
        formats: dict[int, bool] = {}
        found: set[int] = set()
        count, inside = 0, False

        def start(tag: str, given: dict[str, str]) -> None:
            nonlocal count, inside
            if tag == "numFmt" and len(formats) < _MAX_STYLES:
                formats[_whole(given.get("numFmtId", ""))] = is_date_format(given.get("formatCode", "")[:500])
            elif tag == "cellXfs":
                inside = True
            elif tag == "xf" and inside:
                number = _whole(given.get("numFmtId", "0"))
                if formats.get(number, is_date_format(number)):
                    found.add(count)
                count += 1
                if count > _MAX_STYLES:
                    raise _damaged()

        def end(tag: str) -> None:
            nonlocal inside
            inside = inside and tag != "cellXfs"

        if self._styles_part and self._styles_part.casefold() in self._names:
            self._parse_small(self._styles_part, start, end)
        return frozenset(found)

    def _read_texts(self) -> _Texts:
        texts = _Texts()
        if not self._texts_part or self._texts_part.casefold() not in self._names:
            return texts
        pieces: list[str] = []
        length, phonetic, inside = 0, 0, False

        def start(tag: str, _given: dict[str, str]) -> None:
            nonlocal phonetic, inside
            phonetic += tag == "rPh"
            inside = tag == "t" and not phonetic

        def end(tag: str) -> None:
            nonlocal phonetic, inside, length
            inside = False
            phonetic -= tag == "rPh"
            if tag == "si":
                texts.add(unescaped("".join(pieces)))
                pieces.clear()
                length = 0

        def text(piece: str) -> None:
            nonlocal length
            if inside:
                length += len(piece)
                if length > self._limits.cell:
                    raise UnreadableFile(
                        _("A cell of the workbook is longer than %(limit)d characters.") % {"limit": self._limits.cell}
                    )
                pieces.append(piece)

        for _chunk in self._parse(self._texts_part, _MAX_TEXTS_PART, start, end, text):
            pass
        return texts

    def _parse_small(self, part: str, start: _Start, end: _End | None = None) -> None:
        for _chunk in self._parse(part, _MAX_SMALL_PART, start, end):
            pass

    def _parse(
        self, part: str, most: int, start: _Start, end: _End | None = None, text: _Text | None = None
    ) -> Iterator[None]:
        """Feeds a part to the handlers piece by piece, pausing after each; tags and attributes come without prefixes."""
        info = self._parts.getinfo(self._names[part.casefold()])
        if info.flag_bits & 1:
            raise _not_a_workbook(_("a workbook with a password"))
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged()
        parser = _parser(start, end, text)
        unpacked = 0
        with self._parts.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > most:
                    raise UnreadableFile(
                        _("The workbook unpacks to more than %(limit)d MB. Save the list as CSV and upload that.")
                        % {"limit": most // 1024 // 1024}
                    )
                parser.Parse(chunk, False)
                if unpacked - parser.CurrentByteIndex > _MAX_TOKEN:
                    raise _damaged()
                yield
        parser.Parse(b"", True)
        yield


class _SheetReader:
    """Receives a sheet's tags and texts; whole rows gather in `ready`."""

    def __init__(self, limits: _Limits, texts: _Texts, date_styles: frozenset[int], is_1904: bool) -> None:
        self._limits, self._texts, self._date_styles, self._is_1904 = limits, texts, date_styles, is_1904
        self.ready: list[tuple[int, list[str]]] = []
        self._row, self._column = 0, 0
        self._cells: list[str] = []
        self._kind, self._style = "n", 0
        self._taking, self._phonetic, self._length = "", 0, 0
        self._value: list[str] = []
        self._formula: list[str] = []
        self._has_formula = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        """A tag opens."""
        if tag == "c":
            self._start_cell(given)
        elif tag == "v" or (tag == "t" and not self._phonetic):
            self._taking = "v"
        elif tag == "f":
            self._taking, self._has_formula = "f", True
        elif tag == "row":
            self._start_row(given)
        elif tag == "rPh":
            self._phonetic += 1

    def end(self, tag: str) -> None:
        """A tag closes."""
        if tag == "c":
            self._end_cell()
        elif tag in ("v", "t", "f"):
            self._taking = ""
        elif tag == "row":
            self.ready.append((self._row, self._cells))
            self._cells = []
        elif tag == "rPh":
            self._phonetic -= 1

    def text(self, piece: str) -> None:
        """A piece of text; what stands outside of values is dropped."""
        if not self._taking:
            return
        self._length += len(piece)
        if self._length > self._limits.cell:
            raise UnreadableFile(
                _("Cell %(cell)s is longer than %(limit)d characters.")
                % {"cell": self._name(), "limit": self._limits.cell}
            )
        (self._value if self._taking == "v" else self._formula).append(piece)

    def _start_row(self, given: dict[str, str]) -> None:
        number = _whole(given["r"]) if "r" in given else self._row + 1
        if not self._row < number <= LAST_ROW:
            raise UnreadableFile(
                _("The rows of the sheet are out of order after row %(row)d. Save the workbook again, or as CSV.")
                % {"row": self._row}
            )
        self._row, self._column, self._cells = number, 0, []

    def _start_cell(self, given: dict[str, str]) -> None:
        match = _CELL.fullmatch(given.get("r", ""))
        self._column = _column_number(match[1]) if match else self._column + 1
        if self._column > LAST_COLUMN:
            raise _damaged()
        self._kind, style = given.get("t", "n"), given.get("s", "")
        self._style = int(style) if style.isascii() and style.isdigit() and len(style) < 9 else 0
        self._value, self._formula, self._has_formula, self._length = [], [], False, 0

    def _end_cell(self) -> None:
        value = "".join(self._value)
        if value:
            value = self._read(value)
        elif self._has_formula:
            value = "=" + "".join(self._formula)
        if not value:
            return
        if self._column > self._limits.columns:
            raise UnreadableFile(
                _("Cell %(cell)s stands beyond %(limit)d columns. Export only the columns about the deal.")
                % {"cell": self._name(), "limit": self._limits.columns}
            )
        # A column that stands twice in a row keeps the later value.
        del self._cells[self._column - 1 :]
        self._cells += [""] * (self._column - 1 - len(self._cells))
        self._cells.append(value)

    def _read(self, value: str) -> str:
        if self._kind == "n":
            if self._style in self._date_styles:
                return as_day(value, is_1904=self._is_1904)
            return as_number(value)
        if self._kind == "s":
            try:
                return self._texts.get(_whole(value.strip()))
            except IndexError as error:
                raise UnreadableFile(
                    _(
                        "Cell %(cell)s refers to a text that the workbook does not have. Save the workbook again, or as CSV."
                    )
                    % {"cell": self._name()}
                ) from error
        if self._kind == "b":
            return "TRUE" if value.strip() in ("1", "true") else "FALSE"
        return unescaped(value)

    def _name(self) -> str:
        letters, column = "", self._column
        while column:
            column, rest = divmod(column - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self._row}"


class _as_refusal:
    """Whatever the libraries say of a damaged file becomes one sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(
            error,
            zipfile.BadZipFile | zlib.error | expat.ExpatError | NotImplementedError | EOFError | OSError | ValueError,
        ) and not isinstance(error, UnreadableFile):
            raise _damaged() from error


def _parser(start: _Start, end: _End | None, text: _Text | None) -> expat.XMLParserType:
    """A parser that knows no document types, so no entities either, and no depth beyond a sheet's."""
    depth = 0

    def opened(tag: str, given: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH:
            raise _damaged()
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        start(tag, {key.rpartition(":")[2]: value for key, value in given.items()} if tag == "sheet" else given)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(tag.rpartition(":")[2] if ":" in tag else tag)

    def refused(*_given: object) -> None:
        raise _damaged()

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = refused
    if text is not None:
        parser.CharacterDataHandler = text
    return parser


def _damaged() -> UnreadableFile:
    return UnreadableFile(_("The workbook is damaged or not as Excel writes it. Save it again, or as CSV (UTF-8)."))


def _not_a_workbook(what: str) -> UnreadableFile:
    return UnreadableFile(
        _("This is %(what)s. Open it where it comes from and save it as XLSX without a password, or as CSV (UTF-8).")
        % {"what": what}
    )


def _resolved(folder: str, target: str) -> str:
    """A part's name from the place that names it."""
    steps = [] if target.startswith("/") else folder.split("/")
    for step in target.replace("\\", "/").split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(step for step in steps if step)


def _whole(text: str) -> int:
    """A number as parts write it. Raises ValueError for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(text[:20])
    return int(text)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
