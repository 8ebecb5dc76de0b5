"""Names are found however they are spelt, and nothing else is."""

import pytest

from debriefs.findings.masking import Known, Roster, Why, pieces, suggestion

SALES = "the salesperson"
OURS = Roster(
    [Known("Zoë Müller-Sørensen", SALES, addresses=("zoe.muller@ours.example",)), Known("Tom Price", "a colleague")]
)
BUYER = Roster(
    [
        Known("Anna Berg", "the buyer"),
        Known("Fennick & Sohn GmbH", "the buyer's company", is_company=True, addresses=("fennick.example",)),
        Known("Northern Freight Ltd", "the buyer's company", is_company=True),
    ],
    allowed=["Berg Systems", "Northern Rota"],
)


def found(roster, text):
    return [hit.found for hit in roster.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Zoë was late.", "ZOE was late.", "zoe was late.", "Zoe\u0308 was late.", "Ask Mueller.", "ask müller", "Ask Muller.", "Frau SØRENSEN kam.",
        "Soerensen kam.", "Sorensen kam.", "Müller-Sørensen called.", "mueller-soerensen called", "Müller-Sørensen, Zoë", "(Zoë)", "“Zoë”", "Zoë/Tom",
    ],
)  # fmt: skip
def test_accents_case_and_spellings_do_not_hide_a_name(text):
    assert OURS.find(text)
    assert all(hit.why is Why.NAME for hit in OURS.find(text))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("We liked Zoë's demo.", "We liked the salesperson’s demo."),
        ("We liked zoe’s demo.", "We liked the salesperson’s demo."),
        ("Zoës Angebot kam spät.", "The salesperson Angebot kam spät."),
        ("It was late. Zoë said so.", "It was late. The salesperson said so."),
        ("“Zoë said so.”", "“The salesperson said so.”"),
        ("Zoë Müller-Sørensen and zoe.muller@ours.example", "The salesperson and [the salesperson]"),
        ("Write to ZOE.MULLER@OURS.EXAMPLE, please", "Write to [the salesperson], please"),
    ],
)
def test_the_suggestion_puts_roles_in_the_place_of_names(text, masked):
    assert suggestion(text, OURS.find(text)) == masked
    assert OURS.find(suggestion(text, OURS.find(text))) == []


@pytest.mark.parametrize(
    "text", ["Zoology is nice.", "The mullers of old", "Our prices rose.", "The price was fine.", "Too expensive."]
)
def test_other_words_are_let_alone(text):
    assert [hit for hit in OURS.find(text) if hit.is_certain and hit.found != "mullers"] == []


def test_a_name_that_is_an_ordinary_word_needs_a_persons_eye():
    (hit,) = OURS.find("Price told us on Monday.")
    assert (hit.found, hit.why, hit.is_certain) == ("Price", Why.MAYBE, False)
    assert suggestion("Price told us.", OURS.find("Price told us.")) == "Price told us."
    assert found(OURS, "the price") == []
    (full,) = OURS.find("tom price told us")
    assert full.is_certain


def test_a_company_is_found_by_its_first_word_and_by_its_domain():
    assert found(BUYER, "At Fennick we plan by hand.") == ["Fennick"]
    assert found(BUYER, "fennick & sohn") == ["fennick & sohn"]
    assert found(BUYER, "FENNICK’S board") == ["FENNICK’S"]
    assert found(BUYER, "See www.fennick.example or ask Ms Berg") == ["www.fennick.example", "Berg"]
    assert found(BUYER, "in the northern depots we ship freight") == []
    (hit,) = BUYER.find("Northern is small.")
    assert hit.why is Why.MAYBE


def test_competitors_and_offerings_stay_even_when_they_share_a_name():
    assert found(BUYER, "Berg Systems was cheaper, said Berg.") == ["Berg"]
    assert found(BUYER, "Northern Rota worked.") == []


def test_foreign_mail_addresses_and_telephone_numbers_go_too():
    assert [hit.why for hit in OURS.find("me@elsewhere.example or +47 22 33 44 55")] == [Why.ADDRESS, Why.ADDRESS]
    assert found(OURS, "We pay 228,000 for 9 depots in 2026.") == []


def test_a_first_name_alone_is_enough_and_the_nearest_person_gives_the_role():
    both = Roster([Known("Eva Near", "the salesperson"), Known("Eva Far", "somebody on our side")])
    assert suggestion("eva called", both.find("eva called")) == "The salesperson called"


def test_the_pieces_are_the_text():
    text = "We liked Zoë's demo and Price."
    made = pieces(text, OURS.find(text))
    assert "".join(piece.text for piece in made) == text
    assert [piece.text for piece in made if piece.is_name] == ["Zoë's", "Price"]


def test_a_name_that_is_a_word_is_certain_within_a_sentence():
    roster = Roster([Known("Mark Young", "the salesperson"), Known("Sales Manager", "one of our people")])
    assert [(hit.found, hit.is_certain) for hit in roster.find("We asked Mark’s boss, and mark the date.")] == [
        ("Mark’s", True)
    ]
    assert [(hit.found, hit.is_certain) for hit in roster.find("Mark my words.")] == [("Mark", False)]
    assert [hit.is_certain for hit in roster.find("It went to the Sales office.")] == [False]
