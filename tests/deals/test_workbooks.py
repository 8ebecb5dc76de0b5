"""XLSX beside CSV: what a sheet shows is what is read; what is broken or hostile is refused with a sentence."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from debriefs.deals.reader import MAX_COLUMNS, REASON_COLUMN, UnreadableFile, rows, sheets_of, sniff
from debriefs.deals.survey import survey
from debriefs.deals.workbooks import LAST_ROW, MAX_SHEETS
from tests.deals.workbook_files import PARTS, packed, repeated, saved, text_cell, workbook

HEADER = ["Id", "Name", "Amount"]
HEAD_ROW = "<row>" + "".join(text_cell(name) for name in HEADER) + "</row>"


def cells(content: bytes, **layout):
    shape = sniff(content, **layout)
    return shape, [row.cells for row in rows(content, shape) if row.is_data]


def test_values_are_read_as_the_sheet_shows_them():
    values = [
        "Müller & Söhne\nGmbH",
        12500,
        182.31500000000003,
        1234.5,
        1.234,
        -0.5,
        18230467712,
        True,
        False,
        date(2026, 3, 31),
        datetime(2026, 3, 31, 14, 5),
        datetime(2026, 3, 31, 14, 5, 9),
        time(9, 30),
        "=2+3",
        "1.234,50",
        "00123",
    ]
    book = Workbook()
    sheet = book.active
    sheet.append([f"Column {n}" for n in range(len(values))])
    sheet.append(values)
    assert cells(saved(book))[1] == [
        [
            "Müller & Söhne\nGmbH",
            "12500",
            "182.3150",
            "1234.5",
            "1.2340",
            "-0.5",
            "18230467712",
            "TRUE",
            "FALSE",
            "2026-03-31",
            "2026-03-31 14:05",
            "2026-03-31 14:05:09",
            "09:30",
            "=2+3",
            "1.234,50",
            "00123",
        ]
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<c><f>A1*2</f><v>7</v></c>", "7"),
        ('<c t="str"><f>A1&amp;"x"</f><v>yes</v></c>', "yes"),
        ("<c><f>A1*2</f></c>", "=A1*2"),
        ('<c><f t="shared" si="0"/></c>', "="),
        ('<c t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="d"><v>2026-03-31</v></c>', "2026-03-31"),
        ("<c><v>1.8230467712E10</v></c>", "18230467712"),
        ("<c><v>1E-3</v></c>", "0.0010"),
        ("<c><v>1e999</v></c>", "1e999"),
        ("<c><v>abc</v></c>", "abc"),
        ('<c s="1"><v>46112</v></c>', "2026-03-31"),
        ('<c s="2"><v>46112.5</v></c>', "2026-03-31 12:00"),
        ('<c s="3"><v>46112</v></c>', "46112"),
        ('<c s="1"><v>-5</v></c>', "-5"),
        ('<c s="1"><v>99999999</v></c>', "99999999"),
        ('<c s="99"><v>5</v></c>', "5"),
        ('<c t="s"><v>0</v></c>', "rich text"),
        ('<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>no</t></rPh></is></c>', "ab"),
        ('<c t="inlineStr"><is><t>_x0000_=_x005F_x0041_</t></is></c>', "\x00=_x0041_"),
        ('<c t="inlineStr"><is><t>_xD83D__xDE00_ _xD800_</t></is></c>', "😀 \ufffd"),
    ],
)
def test_each_kind_of_stored_cell(cell, expected):
    content = packed(
        HEAD_ROW + f"<row>{text_cell('1')}{cell}{text_cell('x')}</row>",
        xl__sharedStrings_xml="<sst><si><r><t>rich </t></r><r><t>text</t></r><rPh><t>furigana</t></rPh></si></sst>",
        xl__styles_xml=(
            '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-409]d\\-mmm\\-yy;@"/>'
            '<numFmt numFmtId="165" formatCode="&quot;days&quot; 0.00 [Red]"/></numFmts>'
            '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
        ),
    )
    assert cells(content)[1] == [["1", expected, "x"]]


def test_days_counted_from_1904():
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["Id", "Close date"])
    book.active.append(["1", date(2026, 3, 31)])
    assert cells(saved(book))[1] == [["1", "2026-03-31"]]


def test_rows_keep_their_numbers_and_gaps_and_footers_are_not_data():
    book = Workbook()
    sheet = book.active
    for place, value in {
        "A1": "Win loss 2026",
        "B4": "Id",
        "C4": "Name",
        "D4": "Stage",
        "B5": "1",
        "D5": "Won",
    }.items():
        sheet[place] = value
    for place, value in {"B9": "2", "C9": "B", "D9": "Lost", "A12": "Confidential"}.items():
        sheet[place] = value
    content = saved(book)
    shape = sniff(content)
    assert shape.columns == ["Column 1", "Id", "Name", "Stage"]
    read = [(row.line, row.cells, row.is_data) for row in rows(content, shape)]
    assert [one for one in read if any(one[1])] == [
        (5, ["", "1", "", "Won"], True),
        (9, ["", "2", "B", "Lost"], True),
        (12, ["Confidential", "", "", ""], False),
    ]


def test_the_first_sheet_with_cells_is_read_unless_another_is_chosen():
    content = workbook(
        ("Cover", []), ("Deals", [HEADER, ["1", "A", 5]]), ("Old & more", [["Key", "Title"], ["9", "Z"]])
    )
    assert sheets_of(content) == ["Cover", "Deals", "Old & more"]
    shape, found = cells(content)
    assert (shape.sheet, found) == ("Deals", [["1", "A", "5"]])
    shape, found = cells(content, sheet="Old & more")
    assert (shape.sheet, shape.columns, found) == ("Old & more", ["Key", "Title"], [["9", "Z"]])
    assert sheets_of(b"Id,Name\n1,A\n") == []
    with pytest.raises(UnreadableFile, match="sheet is empty"):
        sniff(content, sheet="Cover")


def test_hidden_sheets_are_not_offered():
    book = Workbook()
    book.active.append(HEADER)
    hidden = book.create_sheet("Lists", 0)
    hidden.append(["Won", "Lost"])
    hidden.sheet_state = "hidden"
    assert sheets_of(saved(book)) == ["Sheet"]


def test_a_list_of_rejected_rows_saved_as_a_workbook_is_ours_too():
    content = workbook(("Rejected", [["Id", "Name", REASON_COLUMN], ["1", "'=x", "because"]]))
    assert cells(content)[1] == [["1", "=x", "because"]]


def sheet_of(*pieces: str) -> bytes:
    return packed(HEAD_ROW + "".join(pieces))


def renamed(content: bytes, part: str) -> bytes:
    """The same package with one more part."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(part, "x")
    return out.getvalue()


_ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
HOSTILE = {
    "cut in half": (lambda: workbook(("Deals", [HEADER, ["1", "A", 5]]))[:-400], "damaged"),
    "no workbook inside": (lambda: renamed(_zip({"a.txt": "x"}), "b.txt"), "a packed file"),
    "a text document": (lambda: _zip({"_rels/.rels": PARTS["_rels/.rels"].replace("xl/workbook", "word/document"), "word/document.xml": "<w/>"}), "a packed file"),
    "OpenDocument": (lambda: _zip({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument"),
    "binary workbook": (lambda: _zip({"xl/workbook.bin": "x"}), "XLSB"),
    "no sheets": (lambda: packed(xl__workbook_xml="<workbook/>"), "no sheets"),
    "empty sheet": (lambda: packed(), "empty"),
    "broken XML": (lambda: packed("<row><c></row>"), "damaged"),
    "entities in the sheet": (lambda: packed([f"{_ENTITIES}<worksheet/>".encode()]), "damaged"),
    "entities in the texts": (lambda: packed(HEAD_ROW, xl__sharedStrings_xml=f"{_ENTITIES}<sst/>"), "damaged"),
    "entities in the styles": (lambda: packed(HEAD_ROW, xl__styles_xml=f"{_ENTITIES}<styleSheet/>"), "damaged"),
    "entities in UTF-16": (lambda: packed([f'<?xml version="1.0" encoding="UTF-16"?>{_ENTITIES}<worksheet/>'.encode("utf-16")]), "damaged"),
    "a missing text": (lambda: sheet_of('<row><c t="s"><v>7</v></c></row>'), "Cell A2 refers to a text"),
    "a text numbered by letters": (lambda: sheet_of('<row><c t="s"><v>x</v></c></row>'), "damaged"),
    "rows backwards": (lambda: sheet_of('<row r="9"/><row r="3"/>'), "after row 9"),
    "a row beyond the last": (lambda: sheet_of(f'<row r="{LAST_ROW + 1}"/>'), "out of order"),
    "a cell far to the right": (lambda: sheet_of('<row><c r="XFD2"><v>1</v></c></row>'), f"Cell XFD2 stands beyond {MAX_COLUMNS}"),
    "a column that does not exist": (lambda: sheet_of('<row><c r="ZZZ2"><v>1</v></c></row>'), "damaged"),
    "a million columns": (lambda: sheet_of("<row>" + "<c><v>1</v></c>" * 1_000_000 + "</row>"), "beyond 300 columns"),
    "a million empty columns": (lambda: sheet_of("<row>" + "<c/>" * 1_000_000 + "</row>"), "damaged"),
    "a long cell": (lambda: sheet_of("<row>", text_cell("1"), text_cell("x" * 200_000), "</row>"), "Cell B2 is longer than 131072"),
    "a long shared text": (lambda: packed(HEAD_ROW, xl__sharedStrings_xml=f"<sst><si><t>{'x' * 200_000}</t></si></sst>"), "longer than 131072"),
    "deep": (lambda: packed([b"<a>" * 5000]), "damaged"),
    "a tag without end": (lambda: packed([b"<worksheet ", *[b"a" * 100_000] * 30]), "damaged"),
    "a comment without end": (lambda: packed([b"<worksheet><!--", *[b"a" * 100_000] * 30]), "damaged"),
    "many sheets": (lambda: packed(xl__workbook_xml="<workbook>" + "".join(f'<sheet name="{n}" id="r1"/>' for n in range(MAX_SHEETS + 1)) + "</workbook>"), "more than 200 sheets"),
    "another packing": (lambda: packed(HEAD_ROW, method=zipfile.ZIP_LZMA), "damaged"),
    "a directory of parts too long": (lambda: _zip({f"{'x' * 200}{n}": "" for n in range(6_000)}), "damaged"),
    "a bomb": (lambda: packed(repeated(b"<worksheet>", b" " * 1000, 600_000, b"</worksheet>")), "unpacks to more than 512 MB"),
    "a bomb in the styles": (lambda: packed(HEAD_ROW, xl__styles_xml="<styleSheet>" + " " * 20_000_000), "unpacks to more than 16 MB"),
}  # fmt: skip


def _zip(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_no_sheet_of_deals_is_said(case):
    make, said = HOSTILE[case]
    content = make()
    with pytest.raises(UnreadableFile, match=said):
        survey(content, sniff(content))


def test_a_password_is_said():
    content = bytearray(packed(HEAD_ROW))
    # The first flag of each entry of the directory: encrypted.
    place = 0
    while (place := content.find(b"PK\x01\x02", place)) >= 0:
        content[place + 8] |= 1
        place += 4
    with pytest.raises(UnreadableFile, match="password"):
        sniff(bytes(content))


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_TEXT, _TEXT), min_size=1, max_size=6))
def test_a_written_sheet_comes_back_cell_by_cell(table):
    book = Workbook()
    book.active.append(["Id", "Name", "Note"])
    for number, row in enumerate(table):
        book.active.append([f"id{number}"])
        for column, value in enumerate(row, start=2):
            cell = book.active.cell(number + 2, column)
            cell.value, cell.data_type = value, "s"
    content = saved(book)
    read = [
        [cell.replace("\r\n", "\n") for cell in row.cells] for row in rows(content, sniff(content)) if any(row.cells)
    ]
    assert read == [[f"id{number}", *row] for number, row in enumerate(table)]


_GOOD = workbook(("Deals", [HEADER, ["1", "A", 5.5], ["2", "B", date(2026, 3, 31)]]))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(_GOOD) - 1), st.integers(0, 255)), max_size=12), st.integers(0, 60))
def test_any_damage_to_a_workbook_is_rows_or_a_clear_error(changes, cut):
    content = bytearray(_GOOD)
    for place, byte in changes:
        content[place] = byte
    damaged = bytes(content[: len(content) - cut])
    try:
        found = survey(damaged, sniff(damaged))
    except UnreadableFile as refusal:
        assert str(refusal)
        return
    assert found.rows_total >= 0


_MARKUP = st.sampled_from(
    ["<row>", "</row>", '<row r="5">', "<c>", "</c>", '<c r="B2" t="s">', '<c t="b">', '<c s="1">', "<v>", "</v>", "<f>", "</f>",
     "<is>", "</is>", "<t>", "</t>", "1", "46112", "x", "<x/>", "&lt;", "&amp;", "é", "_x0000_", "<rPh>", "</rPh>"]
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_MARKUP, max_size=30))
def test_any_markup_in_a_sheet_is_rows_or_a_clear_error(pieces):
    content = packed(HEAD_ROW + "".join(pieces), xl__sharedStrings_xml="<sst><si><t>a</t></si></sst>")
    try:
        survey(content, sniff(content))
    except UnreadableFile as refusal:
        assert str(refusal)
