"""Two versions side by side: what changed, what moved, what is new and what is gone."""

from dataclasses import replace

from debriefs.guides.comparing import Change, compare
from debriefs.guides.conditions import Condition
from debriefs.guides.rules import QuestionText, moved

A, B, C, D = (QuestionText(key=key, text=f"Question {key}?") for key in "abcd")


def changes(before, after):
    return [(row.key, row.change) for row in compare(before, after)]


def test_the_same_is_the_same():
    assert changes([A, B, C], [A, B, C]) == [("a", Change.SAME), ("b", Change.SAME), ("c", Change.SAME)]


def test_new_gone_and_moved_are_told_apart():
    assert changes([A, B, C], [C, A, D]) == [
        ("c", Change.MOVED),
        ("a", Change.SAME),
        ("b", Change.GONE),
        ("d", Change.NEW),
    ]


def test_what_differs_is_said_field_by_field_in_words():
    later = replace(
        B, text="How was it?", planned_minutes=5, must_ask=True, conditions=(Condition("a"),), feeds=("lesson",)
    )
    (row,) = [row for row in compare([A, B], [A, later]) if row.change == Change.CHANGED]
    assert {label: (before, after) for label, before, after in row.differences} == {
        "Question": ("Question b?", "How was it?"),
        "Minutes": ("3", "5"),
        "Must be asked": ("no", "yes"),
        "What the answer feeds": ("", "Lesson"),
        "Asked only if": ("", "Asked only if “Question a?” was answered."),
    }


def test_a_question_moves_within_the_ends_only():
    assert moved([A, B, C], 0, 1) == ([B, A, C], 1)
    assert moved([A, B, C], 2, -1) == ([A, C, B], 1)
    for number, by in [(0, -1), (2, 1), (-1, 1), (7, -1)]:
        assert moved([A, B, C], number, by) == ([A, B, C], number)


def test_what_the_answer_feeds_has_no_order():
    fed = replace(A, feeds=("driver", "stated_reason"))
    assert changes([fed], [replace(A, feeds=("stated_reason", "driver"))]) == [("a", Change.SAME)]
