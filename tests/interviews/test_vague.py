"""Vague answers: measured on labelled answers, half of which no rule was tuned to."""

from pathlib import Path

import pytest

from debriefs.interviews.vague import VAGUE, called

LABELLED = Path(__file__).with_name("vague_answers.tsv")


def labelled(*, held_out):
    """(language, label, text); every second answer of a language and kind is held out."""
    seen, rows = {}, []
    for line in LABELLED.read_text().splitlines():
        language, label, text = line.split("\t")
        seen[language, label] = seen.get((language, label), 0) + 1
        if (seen[language, label] % 2 == 0) == held_out:
            rows.append((language, label, text))
    return rows


def figures(rows):
    """Precision and recall over kinds, and what was missed and wrongly called."""
    right = wrong = missed = 0
    misses = []
    for _language, label, text in rows:
        wanted = set() if label == "none" else {label}
        found = {kind.key for kind in called(text)}
        right += len(found & wanted)
        wrong += len(found - wanted)
        missed += len(wanted - found)
        if found != wanted:
            misses.append((text, label, sorted(found)))
    return right / (right + wrong), right / (right + missed), misses


def test_there_are_enough_labelled_answers_in_both_languages():
    rows = labelled(held_out=True) + labelled(held_out=False)
    assert len(rows) >= 150 and len({text for _language, _label, text in rows}) == len(rows)
    assert abs(len(labelled(held_out=True)) - len(rows) / 2) <= 6
    kinds = {kind.key for kind in VAGUE} | {"none"}
    for language in ("en", "de"):
        assert {label for spoken, label, _text in rows if spoken == language} == kinds


@pytest.mark.parametrize("held_out", [False, True])
def test_precision_and_recall_stay_as_documented(held_out):
    precision, recall, misses = figures(labelled(held_out=held_out))
    assert precision >= 0.9 and recall >= 0.75, misses


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("It was too expensive. We would have paid for a module because it comes in the package.", []),
        ("It was too expensive, because of the module. Nothing else.", []),
        ("It was too expensive. They liked us. The plan worried them because nobody sat with them.", ["too-expensive"]),
        ("Fine.", ["short"]),
        ("Price.", ["too-expensive"]),
        ("Their planner tried it for a day", []),
    ],
)
def test_an_explanation_near_the_phrase_quiets_it(said, keys):
    assert [kind.key for kind in called(said)] == keys


def test_answers_worded_after_the_first_rules_stay_called():
    """They showed what the first rules missed (docs/interviews.md); the rules were widened after that."""
    rows = [line.split("\t") for line in LABELLED.with_name("vague_answers_fresh.tsv").read_text().splitlines()]
    precision, recall, misses = figures(rows)
    assert precision >= 0.9 and recall >= 0.8, misses


def test_other_words_bring_a_probe_forward_where_the_answer_is_short():
    rows = [line.split("\t") for line in LABELLED.with_name("vague_answers_last.tsv").read_text().splitlines()]
    vague = [bool(called(text)) for _language, label, text in rows if label != "none"]
    assert sum(vague) / len(vague) >= 0.75
    assert not any(called(text) for _language, label, text in rows if label == "none")
