"""Rules about notes and write-ups, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debriefs.interviews.forms import place_in
from debriefs.interviews.rules import Asked, both_texts, missing, place_of, state_of, unified
from debriefs.interviews.vague import VAGUE, called


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("It was too expensive, honestly.", ["too-expensive"]),
        ("The other one was a better  fit\nfor us", ["better-fit"]),
        ("NOT THE RIGHT TIME, and management’s decision", ["not-the-time", "management-decided"]),
        ("Plenara brought a named person to the second meeting.", []),
        ("", []),
    ],
)
def test_a_vague_answer_calls_its_probes(said, keys):
    assert [vague.key for vague in called(said)] == keys


def test_every_vague_answer_asks_first_what_lay_behind():
    for vague in VAGUE:
        assert vague.probes[0] == "What lay behind that?"
        assert vague.pattern == vague.pattern.lower()


@pytest.mark.parametrize(
    ("text", "chosen", "state"),
    [
        ("", "", "empty"),
        (" \n", "", "empty"),
        ("Price.", "", "noted"),
        ("", "not_asked", "not_asked"),
        ("Did not want to say", "declined", "declined"),
        ("Price.", "noted", "noted"),
        ("", "released", "empty"),
    ],
)
def test_the_state_follows_from_the_text_unless_it_was_chosen(text, chosen, state):
    assert state_of(text, chosen) == state


@given(st.text(), st.text(min_size=1), st.text(), st.integers(0, 40))
def test_words_of_a_note_are_found_where_they_stand(before, words, after, near):
    text = before + words + after
    starts, ends = place_of(text, words, near)
    assert text[starts:ends] == words


def test_of_two_places_the_one_nearest_to_the_selection_is_taken():
    assert place_of("price, price, price", "price", near=8) == (7, 12)
    assert place_of("price", "prices") is None
    assert place_of("price", "") is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_both_texts_hold_each_of_them(theirs, mine):
    both = both_texts(theirs, mine)
    assert theirs in both and mine in both


@given(st.text())
def test_line_ends_of_a_form_and_of_a_field_are_the_same_text(text):
    once = unified(text)
    assert unified(once) == once == unified(once.replace("\n", "\r\n"))


def lacking(**changes):
    complete = {
        "questions": [Asked(1, "First?", "noted", True), Asked(2, "Second?", "not_asked", False)],
        "has_consent": True,
        "stated_reasons": 1,
        "tags": 1,
        "permissions_recorded": 6,
        "permissions_to_ask": 6,
    }
    return [(one.place, one.blocks) for one in missing(**(complete | changes))]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"stated_reasons": 0}, [("reasons", True)]),
        ({"tags": 0}, [("tags", True)]),
        ({"permissions_recorded": 5}, [("closing", False)]),
        ({"has_consent": False}, [("opening", False)]),
        ({"questions": [Asked(1, "First?", "empty", True)]}, [("1", True)]),
        ({"questions": [Asked(3, "Third?", "empty", False)]}, [("3", False)]),
        ({"has_consent": False, "tags": 0}, [("tags", True), ("opening", False)]),
    ],
)
def test_the_checklist_names_what_is_missing_and_whether_it_matters(changes, expected):
    assert lacking(**changes) == expected


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ("opening", "opening"),
        ("closing", "closing"),
        ("3", "3"),
        ("03", "3"),
        ("0", ""),
        ("4", ""),
        ("-1", ""),
        ("\x00", ""),
        ("٣", ""),
        ("9" * 5000, ""),
        ("1e0", ""),
        ("", ""),
    ],
)
def test_the_part_in_an_address_is_one_of_the_page_or_none(asked, place):
    assert place_in(asked, 3) == place
