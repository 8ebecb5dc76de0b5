"""Workbooks for tests: ordinary ones as openpyxl writes them, broken and hostile ones part by part."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl import Workbook

_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = {
    "_rels/.rels": f'<Relationships><Relationship Id="r1" Type="{_TYPES}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_TYPES}"><sheets><sheet name="Deals" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships><Relationship Id="r1" Type="{_TYPES}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_TYPES}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{_TYPES}/styles" Target="/xl/styles.xml"/></Relationships>'
    ),
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData/></worksheet>',
}


def workbook(*sheets: tuple[str, Iterable[Iterable[Any]]]) -> bytes:
    """A workbook with these sheets: (name, rows of values)."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The workbook's bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(sheet: str | Iterable[bytes] = "", *, method: int = zipfile.ZIP_DEFLATED, **parts: str | bytes) -> bytes:
    """A workbook of raw parts. `sheet` is what stands in sheetData, or the pieces of the whole part; `parts` replace or add
    others, "/" written as "__".
    """
    out = io.BytesIO()
    content: dict[str, str | bytes] = dict(PARTS)
    content |= {name.replace("__", "/").replace("_xml", ".xml"): part for name, part in parts.items()}
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, part in content.items():
            if name != "xl/worksheets/sheet1.xml" or not sheet:
                archive.writestr(name, part)
        if isinstance(sheet, str) and sheet:
            archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{sheet}</sheetData></worksheet>")
        elif sheet:
            with archive.open("xl/worksheets/sheet1.xml", "w") as part_file:
                for piece in sheet:
                    part_file.write(piece)
    return out.getvalue()


def text_cell(value: str) -> str:
    """A cell that holds its own text."""
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def repeated(before: bytes, piece: bytes, times: int, after: bytes) -> Iterator[bytes]:
    """A long part, piece by piece."""
    yield before
    block = piece * max(1, min(times, 1_000_000 // len(piece)))
    count = times * len(piece) // len(block)
    for _ in range(count):
        yield block
    yield after
