"""A programme's own colour on light and on dark paper."""

import re

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from debriefs.core import colour, views

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#ffffff", "#000000", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#0f766e", "#ffffff", 5.47),
    ],
)
def test_contrast_is_that_of_the_standard(one, other, ratio):
    assert colour.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert colour.contrast(other, one) == colour.contrast(one, other)


@given(COLOURS)
def test_every_colour_can_be_read_on_both_papers_and_carries_readable_ink(chosen):
    for paper in (colour.LIGHT_PAPER, colour.DARK_PAPER):
        shown = colour.fitted(chosen, paper)
        assert colour.contrast(shown, paper) >= 4.5
        assert colour.contrast(colour.ink_on(shown), shown) >= 4.5


def test_a_colour_that_stands_out_is_left_alone():
    assert colour.fitted("#4b3b8f", colour.LIGHT_PAPER) == "#4b3b8f"


def test_a_pale_colour_keeps_its_hue():
    fitted = colour.fitted("#ffe08a", colour.LIGHT_PAPER)
    red, green, blue = (int(fitted[place : place + 2], 16) for place in (1, 3, 5))
    assert red > green > blue


@pytest.mark.parametrize(
    ("text", "is_one"), [("#0F766e", True), ("0f766e", False), ("#0f7", False), ("#0f766e;", False)]
)
def test_what_counts_as_a_colour(text, is_one):
    assert colour.is_colour(text) is is_one


def test_the_stylesheet_is_served_once_and_kept():
    answer = views.colour_stylesheet(RequestFactory().get("/"), digits="4B3B8F")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    text = answer.content.decode()
    assert text.startswith("@layer programme {")
    assert re.search(r"--brand: light-dark\(#4b3b8f, #[0-9a-f]{6}\);", text)
    assert "--on-brand: light-dark(#ffffff, #0c1115);" in text
