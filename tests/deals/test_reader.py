"""From bytes to rows: whatever the bytes, rows or a sentence, never a traceback."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debriefs.deals.reader import (
    MAX_COLUMNS,
    REASON_COLUMN,
    UnreadableFile,
    made_plain,
    made_safe,
    rows,
    sniff,
)
from debriefs.deals.survey import Survey, survey

TEXT = "Deal name;Company;Amount\nRota – größer;Müller & Söhne;1,5\nPlan;Łódź Freight;2,5\n"


def cells(content: bytes, **layout):
    shape = sniff(content, **layout)
    return shape, [row.cells for row in rows(content, shape) if row.is_data]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_recognised(encoding):
    shape, found = cells(TEXT.encode(encoding))
    assert shape.columns == ["Deal name", "Company", "Amount"]
    assert found == [["Rota – größer", "Müller & Söhne", "1,5"], ["Plan", "Łódź Freight", "2,5"]]


def test_an_encoding_that_a_few_letters_do_not_give_away_is_chosen_by_a_person():
    shape, found = cells(TEXT.encode("cp1250"), encoding="cp1250")
    assert (shape.encoding, found[1][1]) == ("cp1250", "Łódź Freight")


def test_western_letters_of_windows_are_read_without_a_mark():
    text = TEXT.replace("Łódź", "Genève").replace("größer", "plus « grande »")
    _shape, found = cells(text.encode("cp1252"))
    assert found[0][0] == "Rota – plus « grande »"


WESTERN = (
    "José Muñoz", "Søren Kjær", "Lefèvre", "Åse Ö", "São Paulo Serviços", "naïve", "Hôtel à Nîmes", "AÑO NUEVO", "Nº 7 Málaga",
    "¿Qué?", "Þorsteinn Guðmundsson", "Caffè Nero", "Forlì", "Œuvre de cœur", "Où va l’été", "N° 5", "Rødgrød", "Brûlé", "Größe",
)  # fmt: skip
CENTRAL = (
    "Łódź Żółw", "Gdańsk", "Świętokrzyskie", "Częstochowa", "Dvořák a syn", "Příbram", "České dráhy", "Čopič", "Plzeň", "Růžička",
    "Kovačević", "Đoković", "Győr", "Iaşi", "Braşov", "Ţara Românească", "Ľubica Ťažký", "Škoda",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "encoding"),
    [(name, "cp1252") for name in WESTERN] + [(name, "cp1250") for name in CENTRAL] + [("Świdnica Łąka", "iso8859-2")],
)
def test_a_single_accented_name_among_many_plain_ones_is_read_as_it_was_written(name, encoding):
    plain = "".join(f"{number},Deal {number}\n" for number in range(40))
    _shape, found = cells(f"Id,Name\n{plain}99,{name}\n".encode(encoding))
    assert found[-1] == ["99", name]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_recognised_even_with_commas_inside(delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([["Id", "Name", "Note"], ["1", "A, B", "x;y|z"], ["2", "C", "a\tb"]])
    shape, found = cells(out.getvalue().encode())
    assert shape.delimiter == delimiter
    assert found == [["1", "A, B", "x;y|z"], ["2", "C", "a\tb"]]


def test_lines_are_counted_as_an_editor_counts_them():
    content = b'Id,Note\r\n1,"two\r\nlines"\r\n\r\n2,x\r\n'
    shape = sniff(content)
    assert [(row.line, row.cells[0]) for row in rows(content, shape) if row.is_data] == [(2, "1"), (5, "2")]


def test_titles_above_the_header_and_a_footer_below_are_not_data():
    content = b"Win loss 2026\n\nId,Name,Stage\n1,A,Won\n2,B,Lost\n\nConfidential\nExample Org\n"
    shape = sniff(content)
    found = survey(content, shape)
    assert shape.columns == ["Id", "Name", "Stage"]
    assert (found.rows_total, found.footer_count, found.footer) == (2, 3, [6, 7, 8])


def test_a_comma_at_the_end_of_each_line_but_the_headers_takes_no_row_for_the_header():
    shape, found = cells(b"Id,Name,Stage\n1,A,Won,\n2,B,Lost,\n")
    assert (shape.columns, found) == (["Id", "Name", "Stage"], [["1", "A", "Won"], ["2", "B", "Lost"]])


def test_a_short_row_in_the_middle_is_data():
    content = b"Id,Name,Stage\n1,A,Won\n2\n3,C,Lost\n"
    _shape, found = cells(content)
    assert found == [["1", "A", "Won"], ["2", "", ""], ["3", "C", "Lost"]]


def test_headers_are_named_and_told_apart():
    shape = sniff(b"\xef\xbb\xbfAmount,,Amount,Name\n1,2,3,4\n5,6,7,8\n")
    assert shape.columns == ["Amount", "Column 2", "Amount (2)", "Name"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"PK\x03\x04rest", "workbook is damaged"),
        (b"\xd0\xcf\x11\xe0rest", "Excel workbook of the old kind"),
        (b"<html><table><tr><td>Id</td></tr></table>", "a page or XML"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "a page or XML"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x00\x01\x02\x00\x03" * 500, "not a text file"),
        (b'Id,Name\n1,A\n2,"B\n3,C\n', "opened in line 3 is never closed"),
        (b'Id,Name\n1,A\n2,"' + b"x" * 200_000, "Line 3 cannot be read"),
        (b",".join([b"c"] * 301) + b"\n", f"more than {MAX_COLUMNS} columns"),
        (b",".join([b"c"] * 1_000_000) + b"\n", "Line 1 has more than 16384 columns"),
        (b"Id,Name\n" + b",".join([b"c"] * 1_000_000) + b"\n", "Line 2 has more than 16384 columns"),
        (b"a" * 5_000_000, "starts in line 1 is longer than"),
        (b"Id,Name\n1" + b',"x\n"' * 900_000, "starts in line 2 is longer than"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(content, said):
    with pytest.raises(UnreadableFile, match=said):
        survey(content, sniff(content))


def test_a_file_that_mixes_encodings_is_refused_with_both_lines():
    content = b"Id,Name\n1,Plain\n" + "2,Müller\n".encode() + b"3,Plain\n" + "4,Genève\n".encode("cp1252")
    with pytest.raises(UnreadableFile, match="line 3 is UTF-8, line 5 is not"):
        sniff(content)
    # A person who knows better is believed.
    assert cells(content, encoding="cp1252")[1][3] == ["4", "Genève"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Id,Name\n1,SÍŤ a DÍLNA\n2,Příliš žluťoučký kůň\n3,SÍŤ\n", "cp1250"),
        ("Id,Name\n1,«CAFÉ»\n2,Crème brûlée à la carte\n3,CAFÉ»\n", "cp1252"),
        ("Id,Name\n1,Продажа оборудования\n2,ООО РОМАШКА\n", "cp1251"),
    ],
)
def test_letters_that_look_like_utf8_by_chance_are_no_mixture(text, encoding):
    assert sniff(text.encode(encoding)).columns == ["Id", "Name"]


def test_a_wrong_encoding_chosen_by_a_person_is_said():
    content = "Id,Name\n1,Müller\n".encode("cp1252")
    with pytest.raises(UnreadableFile, match="Choose another encoding"):
        survey(content, sniff(content, encoding="utf-8"))


def test_cells_of_a_hundred_thousand_characters_pass():
    big = "x" * 100_000
    _shape, found = cells(f"Id,Note\n1,{big}\n".encode())
    assert found == [["1", big]]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1+1",
        "@x",
        "|x",
        "%x",
        "\t=1",
        "\r=1",
        " =1",
        "\ufeff=1",
        "＝1",
        "'=1",
        "''=1",
        "plain",
        "'plain",
        "",
    ],
)
def test_cells_offered_back_are_safe_and_come_back_exactly(cell):
    safe = made_safe(cell)
    assert not safe.lstrip(" \ufeff").startswith(tuple("=+-@|%\t\r\n＝"))
    assert made_plain(safe) == cell


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("-5", "-5"),
        ("-0.5333", "-0.5333"),
        ("-1,5", "-1,5"),
        ("'-5", "''-5"),
        ("-5+1", "'-5+1"),
        ("-5\n", "'-5\n"),
        ("-٥", "'-٥"),
        ("-", "'-"),
        ("+5", "'+5"),
        ("-1.2.3", "'-1.2.3"),
    ],
)
def test_a_number_below_zero_stays_a_number_and_nothing_else_does(cell, safe):
    assert made_safe(cell) == safe
    assert made_plain(safe) == cell
    # As lists that were saved before hold it.
    assert made_plain("'-5") == "-5"


def test_only_our_own_list_of_rejected_rows_is_made_plain():
    theirs = b"Id,Name\n1,'=x\n"
    ours = f"Id,Name,{REASON_COLUMN}\n1,'=x,because\n".encode()
    assert cells(theirs)[1] == [["1", "'=x"]]
    assert cells(ours)[1] == [["1", "=x", "because"]]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_are_rows_or_a_clear_error(content):
    try:
        shape = sniff(content)
        found = survey(content, shape)
    except UnreadableFile as refusal:
        assert str(refusal)
        return
    data = [row for row in rows(content, shape) if row.is_data]
    assert len(data) == found.rows_total
    assert all(len(row.cells) == len(shape.columns) for row in data)
    assert Survey.from_json(found.as_json()).rows_total == found.rows_total


_CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=12)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(_CELL, _CELL, _CELL), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_written_table_comes_back_cell_by_cell(table, delimiter, encoding):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([("Id", "Name", "Note"), *((f"id{n}", *row[1:]) for n, row in enumerate(table))])
    content = out.getvalue().encode(encoding)
    shape = sniff(content, delimiter=delimiter)
    found = [row.cells for row in rows(content, shape)]
    assert found == [[f"id{n}", *row[1:]] for n, row in enumerate(table)]
