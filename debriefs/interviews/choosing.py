"""What can be chosen as an answer, and which questions the answers lead to. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from debriefs.guides.conditions import RATINGS, US, Asked, path
from debriefs.guides.enums import QuestionKind

# The longest choice of a guide, and the name of a vendor before its rating.
LONGEST_MARK = 210
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Scale:
    """One row of marks of which one is chosen, or several where `is_many`; `label` says of what, empty for the question itself."""

    label: "str | Promise"
    marks: tuple[tuple[str, "str | Promise"], ...]
    is_many: bool = False


def scales_of(
    question: Asked,
    *,
    vendors: Sequence[str] = (),
    drivers: Sequence[tuple[str, str]] = (),
    us: str = "",
    kept: Sequence[str] = (),
) -> tuple[Scale, ...]:
    """What can be chosen under a question; () for an open one.

    `us` is what we are called, "Us" without it; `vendors` are those the buyer evaluated besides us, `drivers` (key, name) those that are rated one by one.
    Whoever a mark of `kept`, those chosen before, is about stays among them, also once they were taken off the deal or the picker.
    """
    if question.kind == QuestionKind.YES_NO:
        return (Scale("", (("yes", _("Yes")), ("no", _("No")))),)
    if question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
        marks = tuple((choice, choice) for choice in question.choices)
        return (Scale("", marks, question.kind == QuestionKind.MULTIPLE),)
    if question.kind == QuestionKind.RATING:
        our_label: str | Promise = us or _("Us")
        named: list[tuple[str, str | Promise]] = [
            (name[:_LONGEST_NAME], name) for name in vendors if name.strip() and name != US
        ]
        rated = [(US, our_label), *named]
        return tuple(_rated(prefix, label) for prefix, label in [*rated, *_rated_before(kept, rated)])
    if question.kind == QuestionKind.DRIVER_RATING:
        before = [(key, key.replace("-", " ").capitalize()) for key, _label in _rated_before(kept, drivers)]
        return tuple(_rated(key, name) for key, name in [*drivers, *before])
    return ()


def _rated_before(kept: Sequence[str], offered: "Sequence[tuple[str, str | Promise]]") -> list[tuple[str, str]]:
    known = {prefix for prefix, _label in offered}
    subjects = dict.fromkeys(mark.rpartition(":")[0] for mark in kept)
    return [(subject, subject) for subject in subjects if subject and subject not in known]


def words_of(mark: str) -> str:
    """A mark as it is read: "Yes", "Us: 4", a choice as it stands."""
    subject, colon, rating = mark.rpartition(":")
    if colon and rating in RATINGS:
        return f"{_('Us') if subject == US else subject}: {rating}"
    return str({"yes": _("Yes"), "no": _("No")}.get(mark, mark))


def refused_marks(scales: Iterable[Scale], chosen: Collection[str]) -> list[str]:
    """Which of the chosen marks cannot be chosen there, or not together; [] when all is well."""
    left, wrong = list(dict.fromkeys(chosen)), []
    for scale in scales:
        known = {mark for mark, _label in scale.marks}
        here = [mark for mark in left if mark in known]
        left = [mark for mark in left if mark not in known]
        if not scale.is_many:
            wrong += here[1:]
    return wrong + left


def places_asked(questions: Sequence[Asked], given: Mapping[str, Collection[str]]) -> list[int]:
    """The numbers, from 1, of the questions that the answers lead to. `given` by key: what was chosen, or any text."""
    asked = set(path(questions, given))
    return [number for number, question in enumerate(questions, start=1) if question.key in asked]


def _rated(prefix: str, label: "str | Promise") -> Scale:
    return Scale(label, tuple((f"{prefix}:{rating}", rating) for rating in RATINGS))
