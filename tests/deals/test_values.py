"""Dates, amounts and people as exports write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debriefs.deals.values import (
    DateEvidence,
    NamedAddress,
    NumberEvidence,
    UnreadableValue,
    decimal_of,
    joined_names,
    order_of,
    read_amount,
    read_date,
    read_first_email,
    read_names,
    read_people,
    salesforce_id,
)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2026-03-31", "", date(2026, 3, 31)),
        ("2026-03-31 00:00", "", date(2026, 3, 31)),
        ("2024-07-11T21:22:07.000+0000", "", date(2024, 7, 11)),
        ("2026/3/1", "DMY", date(2026, 3, 1)),
        ("03/04/2026", "DMY", date(2026, 4, 3)),
        ("03/04/2026", "MDY", date(2026, 3, 4)),
        ("02/23/26 08:55 PM", "MDY", date(2026, 2, 23)),
        ("26.03.31", "YMD", date(2026, 3, 31)),
        ("31.12.99", "DMY", date(1999, 12, 31)),
        ("31 Mar 2026", "", date(2026, 3, 31)),
        ("31-Mar-26", "", date(2026, 3, 31)),
        ("Mar 31, 2026", "", date(2026, 3, 31)),
        ("1774998902903", "", date(2026, 3, 31)),
        ("  ", "", None),
        ("n/a", "", None),
    ],
)
def test_dates(text, order, expected):
    assert read_date(text, order) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("30 Feb 2026", "does not exist"),
        ("31/04/2026", "does not exist"),
        ("13/13/2026", "does not exist"),
        ("0024-01-01", "outside the years"),
        ("20244-01-01", "not a date"),
        ("9999-12-31", "outside the years"),
        ("tomorrow", "not a date"),
        ("١٢/٠٣/٢٠٢٦", "not a date"),
        ("2026-03-31 25 o'clock", "not a date"),
    ],
)
def test_impossible_dates_say_why(text, said):
    with pytest.raises(UnreadableValue, match=said):
        read_date(text, "DMY")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["13/01/2026", "02/03/2026"], ("DMY", False)),
        (["01/13/2026", "02/03/2026"], ("MDY", False)),
        (["02/03/2026", "04/05/2026"], ("", True)),
        (["03/03/2026"], ("", False)),
        (["2026-03-31"], ("", False)),
        (["13/01/2026", "01/13/2026", "14/01/2026"], ("DMY", True)),
    ],
)
def test_the_order_of_day_and_month_is_seen_or_asked(cells, expected):
    evidence = DateEvidence()
    for cell in cells:
        evidence.see(cell)
    assert order_of([evidence]) == expected


@pytest.mark.parametrize(
    ("text", "decimal", "amount", "currency"),
    [
        ("25000", ".", "25000.00", ""),
        ("1,234.56", ".", "1234.56", ""),
        ("1.234,56", ",", "1234.56", ""),
        ("426,83", ",", "426.83", ""),
        ("US$    55 779,40", ",", "55779.40", "USD"),
        ("1 234 500,50", ",", "1234500.50", ""),
        ("1\u202f234\u00a0500", ".", "1234500.00", ""),
        ("CHF 1'200.50", ".", "1200.50", "CHF"),
        ("€1,250", ".", "1250.00", "EUR"),
        ("182.31500000000003", ".", "182.32", ""),
        ("-5", ".", "-5.00", ""),
        ("1.5E+3", ".", "1500.00", ""),
        ("1.234", ".", "1.23", ""),
        ("1.234", ",", "1234.00", ""),
        ("1,234", ".", "1234.00", ""),
        ("1,234", ",", "1.23", ""),
        ("1.234,50", ".", "1234.50", ""),
        ("1.5", ",", "1.50", ""),
        ("0.126", ",", "0.13", ""),
        ("1234.567", ",", "1234.57", ""),
        ("12,34,567.50", ",", "1234567.50", ""),
        ("1 234,567", ".", "1234.57", ""),
        ("5,- €", ".", "5.00", "EUR"),
        ("(1,250.00)", ".", "-1250.00", ""),
        ("−5", ".", "-5.00", ""),
    ],
)
def test_amounts(text, decimal, amount, currency):
    assert read_amount(text, decimal) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "said"),
    [("about 5", "not a number"), ("1e999", "too large"), ("1,2,3x", "not a num"), ("1.23.4", "not a number")],
)
def test_what_is_no_amount_says_why(text, said):
    with pytest.raises(UnreadableValue, match=said):
        read_amount(text, ".")


def test_an_empty_amount_is_unknown():
    assert read_amount("-", ".") == (None, "")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234,56"], (",", False)),
        (["1,234.56", "1,234"], (".", False)),
        (["12,5"], (",", False)),
        (["1.234.567"], (",", False)),
        (["1.234"], ("", True)),
        (["€1,234", "500"], ("", True)),
        (["12,5", "12.5", "13,5"], (",", False)),
        (["12,5", "12.5", "13,5", "1.234"], (",", True)),
        (["0.125", "7"], (".", False)),
        (["1 234,567"], (",", False)),
        ([], ("", False)),
    ],
)
def test_the_decimal_sign_is_seen_or_asked(cells, expected):
    evidence = NumberEvidence()
    for cell in cells:
        evidence.see(cell)
    assert decimal_of([evidence]) == expected


def test_the_open_amounts_are_kept_with_their_lines():
    evidence = NumberEvidence()
    for line, cell in enumerate(["1.234", "1.234", "12.5", "2.345 ", "3.456", "4.567"], start=2):
        evidence.see(cell, line)
    assert list(zip(evidence.lines, evidence.examples, strict=True)) == [(2, "1.234"), (5, "2.345"), (6, "3.456")]


def test_people_in_one_cell():
    assert read_people("Ana Díaz (ana@acme.example);Bo Li (bo@acme.example); Cy <cy@acme.example>\nDee; ") == [
        NamedAddress("Ana Díaz", "ana@acme.example"),
        NamedAddress("Bo Li", "bo@acme.example"),
        NamedAddress("Cy", "cy@acme.example"),
        NamedAddress("Dee", ""),
    ]
    assert read_people("Deactivated User") == []
    with pytest.raises(UnreadableValue, match="not an e-mail address"):
        read_people("Ana (ana@@acme.example)")


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("ana@buyer.example", "ana@buyer.example"),
        ("ana@buyer.example, ana@home.example", "ana@buyer.example"),
        ("ana@buyer.example;ana@home.example\n", "ana@buyer.example"),
        (" , ", ""),
    ],
)
def test_the_first_of_several_addresses_is_the_primary_one(text, email):
    assert read_first_email(text) == email


@pytest.mark.parametrize("text", ["Ana", "ana@buyer.example, Ana", "Ana Lind ana@buyer.example"])
def test_addresses_among_which_one_is_none_are_refused(text):
    with pytest.raises(UnreadableValue, match="not an e-mail address"):
        read_first_email(text)


@pytest.mark.parametrize("names", [[], ["Acme"], ["Acme", "Initech"], ["Acme, Inc."], ["Acme, Inc.", "Initech"]])
def test_names_joined_in_one_cell_come_apart_as_they_were(names):
    assert read_names(joined_names(names)) == names


def test_names_in_one_cell():
    assert read_names("Acme; Initech") == ["Acme", "Initech"]
    assert read_names("Acme, Initech, Acme") == ["Acme", "Initech"]
    assert read_names("Acme, Inc.; Initech") == ["Acme, Inc.", "Initech"]
    assert read_names("None") == []


def test_both_forms_of_a_salesforce_id_are_one():
    assert salesforce_id("006Nq00000BGi8P") == "006Nq00000BGi8PIAT"
    assert salesforce_id("006Nq00000BGi8PIAT") == "006Nq00000BGi8PIAT"


@given(st.text(max_size=60), st.sampled_from(["", "DMY", "MDY", "YMD"]))
def test_any_text_is_a_date_or_refused(text, order):
    try:
        day = read_date(text, order)
    except UnreadableValue:
        return
    assert day is None or 1970 <= day.year <= 2100


@given(st.text(max_size=60), st.sampled_from([".", ","]))
def test_any_text_is_an_amount_or_refused(text, decimal):
    try:
        amount, _currency = read_amount(text, decimal)
    except UnreadableValue:
        return
    assert amount is None or amount == amount.quantize(Decimal("0.01"))
