"""A guide travels as a file and comes back the same; a wrong file says where it is wrong."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debriefs.guides.conditions import Condition, Operator
from debriefs.guides.enums import Measure, OutcomeGroup, QuestionKind
from debriefs.guides.exchange import (
    FORMAT,
    LARGEST,
    QUESTION_FIELDS,
    ExchangedGuide,
    Unreadable,
    from_json,
    to_json,
    to_markdown,
)
from debriefs.guides.rules import QuestionText

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "guide.schema.json").read_text())
WHY = QuestionText(
    key="why", section="Start", text="Why *then*?", intent="The trigger", feeds=("trigger",), must_ask=True,
    planned_minutes=4, probes=(("Such as?", "An event"),), written_text="Why, in writing?",
)  # fmt: skip
WHO = QuestionText(
    key="who", text="Who decided?", kind="single", choices=("One", "Several"), fit_for_writing=False,
    conditions=(Condition("why", Operator.ANSWERED),),
)  # fmt: skip
GUIDE = ExchangedGuide(
    "Lost deals", ("lost", "rejected"), "en", 30, "Hello.\nYour decision stands.", "Thanks.", (WHY, WHO)
)

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40).filter(
    str.strip
)


@st.composite
def questions(draw):
    keys = draw(st.lists(st.text("abcdefgh-", min_size=1, max_size=8), max_size=5, unique=True))
    return tuple(
        QuestionText(
            key=key,
            section=draw(words | st.just("")),
            text=draw(words),
            intent=draw(words | st.just("")),
            kind=draw(st.sampled_from(QuestionKind.values)),
            feeds=tuple(draw(st.lists(st.sampled_from(Measure.values), max_size=3))),
            must_ask=draw(st.booleans()),
            planned_minutes=draw(st.integers(1, 60)),
            fit_for_writing=draw(st.booleans()),
            probes=tuple(draw(st.lists(st.tuples(words, words | st.just("")), max_size=2))),
            written_text=draw(words | st.just("")),
            choices=tuple(draw(st.lists(words, max_size=3))),
            conditions=tuple(
                Condition(on, operator, value)
                for on, operator, value in draw(
                    st.lists(
                        st.tuples(words, st.sampled_from([str(one) for one in Operator]), words | st.just("")),
                        max_size=2,
                    )
                )
            ),
        )
        for key in keys
    )


@settings(deadline=None)
@given(
    words,
    st.lists(st.sampled_from(OutcomeGroup.values), min_size=1, max_size=3),
    st.integers(5, 240),
    words,
    questions(),
)
def test_what_goes_out_comes_in_the_same(name, groups, minutes, script, asked):
    guide = ExchangedGuide(name, tuple(groups), "de", minutes, script, script, asked)
    assert from_json(to_json(guide).encode()) == guide


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_comes_in_is_a_guide_or_a_sentence(content):
    with pytest.raises(Unreadable) as refused:
        from_json(content)
    assert str(refused.value).endswith((".", "guide."))


@given(st.data())
def test_a_file_with_anything_anywhere_is_a_guide_or_a_sentence(data):
    body = json.loads(to_json(GUIDE))
    anything = (
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.lists(st.none(), max_size=3)
    )
    place = data.draw(st.sampled_from([body, body["questions"][0], body["questions"][1]["conditions"][0]]))
    place[data.draw(st.sampled_from(sorted(place)) | st.text(max_size=5))] = data.draw(anything)
    try:
        assert isinstance(from_json(json.dumps(body).encode()), ExchangedGuide)
    except Unreadable as refused:
        assert str(refused)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda body: body.update(format="other/9"), "format"),
        (lambda body: body.update(name="x" * 121), "name: at most 120"),
        (lambda body: body.pop("closing_script"), "closing_script"),
        (lambda body: body.update(owner="me"), "owner: the format does not know"),
        (lambda body: body.update(outcome_groups=["won", "drawn"]), "outcome_groups[1]: “drawn” is none of"),
        (lambda body: body.update(outcome_groups=[]), "outcome_groups: at least one"),
        (lambda body: body.update(expected_minutes=True), "expected_minutes"),
        (lambda body: body.update(questions={"0": {}}), "questions: a list"),
        (lambda body: body.update(questions=[{"text": "x"}] * 61), "questions: 61 are too many"),
        (lambda body: body["questions"].append("Why?"), "questions[2]: an object"),
        (lambda body: body["questions"][1].update(text=" "), "questions[1].text"),
        (lambda body: body["questions"][1].update(key="why"), "Two questions have the key “why”"),
        (lambda body: body["questions"][1].update(key="../x"), "questions[1].key"),
        (lambda body: body["questions"][0].update(text="a\x00b"), "questions[0].text: it holds a character"),
        (lambda body: body["questions"][0]["probes"][0].update(purpose=3), "questions[0].probes[0].purpose"),
        (lambda body: body["questions"][1]["conditions"][0].update(operator="~"), "questions[1].conditions[0].operator"),
    ],
)  # fmt: skip
def test_a_wrong_file_says_where(change, said):
    body = json.loads(to_json(GUIDE))
    change(body)
    with pytest.raises(Unreadable) as refused:
        from_json(json.dumps(body).encode())
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b" " * (LARGEST + 1), "larger than one megabyte"),
        (b"\xff\xfe{", "byte 0"),
        (b'{"format":\n oops', "line 2"),
        (b"[" * 500_000, "nested too deeply"),
        (b"[]", "an object in braces"),
        (b"1" * 100_000, "number too long"),
    ],
)
def test_a_file_that_is_no_guide_at_all_is_refused(content, said):
    with pytest.raises(Unreadable) as refused:
        from_json(content)
    assert said in str(refused.value)


def test_a_mark_of_the_encoding_and_missing_optional_fields_do_not_matter():
    least = json.loads(to_json(GUIDE)) | {"questions": [{"text": "Why?"}]}
    read = from_json(b"\xef\xbb\xbf" + json.dumps(least).encode())
    assert read == replace(GUIDE, questions=(QuestionText(text="Why?"),))


def test_the_text_to_read_says_everything_and_means_nothing_else():
    text = to_markdown(GUIDE)
    assert "1. **Why \\*then\\*?**" in text
    assert "   - Such as? (An event)" in text
    assert "Asked only if “Why \\*then\\*?” was answered." in text
    assert "> Your decision stands." in text
    hostile = to_markdown(
        replace(GUIDE, name="# <script>\n[x](javascript:1)", questions=(replace(WHY, text="</b>`|"),))
    )
    assert "\\# \\<script\\> \\[x\\](javascript:1)" in hostile
    assert "\\</b\\>\\`\\|" in hostile


def test_the_published_schema_says_what_is_read():
    assert SCHEMA["properties"]["format"] == {"const": FORMAT}
    assert set(SCHEMA["properties"]) == set(json.loads(to_json(GUIDE)))
    assert set(SCHEMA["required"]) == set(SCHEMA["properties"])
    assert SCHEMA["properties"]["outcome_groups"]["items"]["enum"] == OutcomeGroup.values
    question = SCHEMA["$defs"]["question"]
    assert set(question["properties"]) == set(QUESTION_FIELDS)
    assert question["required"] == ["text"]
    assert question["properties"]["kind"]["enum"] == QuestionKind.values
    assert question["properties"]["feeds"]["items"]["enum"] == Measure.values
    condition = question["properties"]["conditions"]["items"]
    assert condition["properties"]["operator"]["enum"] == [str(operator) for operator in Operator]
    for thing in (SCHEMA, question, condition, question["properties"]["probes"]["items"]):
        assert thing["additionalProperties"] is False
    # Lengths too: one character more than the schema allows is refused.
    for name, rule in question["properties"].items():
        if "maxLength" in rule:
            body = json.loads(to_json(GUIDE))
            body["questions"][0][name] = "k" * rule["maxLength"]
            from_json(json.dumps(body).encode())
            body["questions"][0][name] += "k"
            with pytest.raises(Unreadable):
                from_json(json.dumps(body).encode())
