"""Which questions are asked: the path, the checker and exhaustive trying agree."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debriefs.guides.conditions import (
    FITTING,
    Asked,
    Condition,
    Operator,
    conditions_from,
    holds,
    path,
    problems,
    sentence_of,
    values_of,
)

CHOICES = ("red", "green", "blue")
PRICE = Asked("price", "yes_no", text="Did price matter?")
WHO = Asked("who", "single", CHOICES, text="Who decided?")
SEEN = Asked("seen", "multiple", CHOICES, text="Which did you see?")
RATED = Asked("rated", "rating", text="How do you rate us?")
WHY = Asked("why", text="Why?")


@pytest.mark.parametrize(
    ("on", "condition", "chosen", "expected"),
    [
        (WHY, Condition("why"), ("words",), True),
        (WHY, Condition("why"), (), False),
        (PRICE, Condition("price", "is", "yes"), ("yes",), True),
        (PRICE, Condition("price", "is", "yes"), ("no",), False),
        (PRICE, Condition("price", "is_not", "yes"), ("no",), True),
        (PRICE, Condition("price", "is_not", "yes"), (), False),
        (SEEN, Condition("seen", "includes", "red"), ("red", "blue"), True),
        (SEEN, Condition("seen", "excludes", "red"), ("green",), True),
        (SEEN, Condition("seen", "excludes", "red"), ("red",), False),
        (RATED, Condition("rated", "at_least", "3"), ("us:3", "Plenara:1"), True),
        (RATED, Condition("rated", "at_least", "3"), ("us:2", "Plenara:5"), False),
        (RATED, Condition("rated", "at_most", "3"), ("us:4",), False),
        (RATED, Condition("rated", "at_most", "3"), ("Plenara:1",), False),
    ],
)
def test_a_condition_holds_only_for_an_answer_that_was_given(on, condition, chosen, expected):
    assert holds(condition, on, chosen) is expected


def test_what_was_answered_off_the_path_counts_as_not_answered():
    questions = [
        PRICE,
        Asked("how", "single", CHOICES, (Condition("price", "is", "yes"),)),
        Asked("then", conditions=(Condition("how", "is", "red"),)),
    ]
    answers = {"price": ("yes",), "how": ("red",)}
    assert path(questions, answers) == ["price", "how", "then"]
    assert path(questions, answers | {"price": ("no",)}) == ["price"]
    assert path(questions, {}) == ["price"]


@pytest.mark.parametrize(
    ("questions", "key", "words"),
    [
        ([Asked("a", conditions=(Condition("gone"),))], "a", "not in this guide"),
        ([Asked("a", conditions=(Condition("a"),))], "a", "circle"),
        ([Asked("a", conditions=(Condition("b"),)), Asked("b", conditions=(Condition("a"),))], "a", "circle"),
        ([WHY, Asked("b", conditions=(Condition("why", "is", "yes"),))], "b", "cannot be looked at"),
        ([PRICE, Asked("b", conditions=(Condition("price", "at_least", "3"),))], "b", "cannot be looked at"),
        ([WHO, Asked("b", conditions=(Condition("who", "is", "pink"),))], "b", "no answer"),
        ([RATED, Asked("b", conditions=(Condition("rated", "at_least", "6"),))], "b", "no answer"),
        ([PRICE, Asked("b", conditions=(Condition("price", "is", "yes"), Condition("price", "is", "no")))], "b", "never"),
        (
            [
                PRICE,
                Asked("b", "yes_no", conditions=(Condition("price", "is", "yes"),)),
                Asked("c", conditions=(Condition("b"), Condition("price", "is", "no"))),
            ],
            "c",
            "never",
        ),
        (
            [RATED, Asked("b", conditions=(Condition("rated", "at_least", "4"), Condition("rated", "at_most", "3")))],
            "b",
            "never",
        ),
        ([SEEN, Asked("b", conditions=tuple(Condition("seen", "excludes", one) for one in CHOICES))], "b", "never"),
        ([Asked("a", "single", ("one",))], "a", "at least two"),
        ([Asked("a", "multiple", ("one", "one"))], "a", "twice"),
    ],
)  # fmt: skip
def test_what_keeps_a_guide_from_being_published_says_where_and_why(questions, key, words):
    found = problems(questions)
    assert found[0].key == key
    assert words in found[0].sentence


def test_conditions_read_as_a_sentence():
    later = Asked("later", conditions=(Condition("price", "is", "yes"), Condition("why")))
    assert sentence_of(later, {"price": PRICE, "why": WHY}) == (
        "Asked only if the answer to “Did price matter?” is “yes” and “Why?” was answered."
    )
    assert sentence_of(PRICE, {}) == ""


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_whatever_is_stored_reads_as_conditions_or_as_none(stored):
    assert all(isinstance(condition, Condition) for condition in conditions_from(stored))


@st.composite
def guides(draw):
    """Small guides whose conditions point anywhere, mostly to what is there."""
    count = draw(st.integers(1, 5))
    kinds = draw(
        st.lists(st.sampled_from(["open", "yes_no", "single", "multiple", "rating"]), min_size=count, max_size=count)
    )
    bare = [Asked(f"q{n}", kind, CHOICES[:2] if kind in ("single", "multiple") else ()) for n, kind in enumerate(kinds)]
    made = []
    for number, question in enumerate(bare):
        conditions = []
        for _again in range(draw(st.integers(0, 2)) if number else draw(st.integers(0, 1))):
            on = draw(st.sampled_from(bare[:number] * 4 + bare)) if number else draw(st.sampled_from(bare))
            operator = draw(st.sampled_from([Operator.ANSWERED, *FITTING[on.kind]]))
            value = draw(st.sampled_from(values_of(on))) if operator != Operator.ANSWERED else ""
            conditions.append(Condition(on.key, operator, value))
        made.append(Asked(question.key, question.kind, question.choices, tuple(conditions)))
    return made


def every_answer(question):
    """All answers that make a difference, no answer among them."""
    if question.kind == "open":
        return [(), ("words",)]
    if question.kind == "multiple":
        return [
            (),
            *[
                tuple(v for v, on in zip(question.choices, bits, strict=True) if on)
                for bits in product((0, 1), repeat=2)
            ],
        ]
    if question.kind == "rating":
        return [(), *[(f"us:{n}",) for n in range(1, 6)]]
    return [(), *[(value,) for value in values_of(question)]]


@settings(max_examples=150, deadline=None)
@given(guides())
def test_the_checker_says_exactly_what_trying_every_answer_says(questions):
    found = {problem.key for problem in problems(questions)}
    keys = [question.key for question in questions]
    goes_round = any(
        condition.on not in keys[: keys.index(question.key)]
        for question in questions
        for condition in question.conditions
    )
    if goes_round:
        assert found
        return
    reached = set()
    for answers in product(*(every_answer(question) for question in questions)):
        reached.update(path(questions, dict(zip(keys, answers, strict=True))))
        if len(reached) == len(keys):
            break
    assert set(keys) - reached == found


@settings(max_examples=150, deadline=None)
@given(guides(), st.data())
def test_the_path_keeps_its_order_and_every_condition_on_it_holds(questions, data):
    answers = {question.key: data.draw(st.sampled_from(every_answer(question))) for question in questions}
    taken = path(questions, answers)
    by_key = {question.key: question for question in questions}
    assert taken == [question.key for question in questions if question.key in taken]
    for question in questions:
        all_hold = all(
            condition.on in taken[: taken.index(question.key)] if question.key in taken else condition.on in taken
            for condition in question.conditions
        ) and all(holds(condition, by_key[condition.on], answers[condition.on]) for condition in question.conditions)
        if question.key in taken:
            assert all_hold
