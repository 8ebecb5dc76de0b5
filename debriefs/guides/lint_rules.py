"""The rules of the question lint, as data: what each says and why, a better form, and when it is silent. The patterns stand by language.

A question of a language is read in lower case with straight apostrophes and single blanks. Every pattern is linear: no nested
repetition, and whatever may be long is bounded.
"""

import re
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from debriefs.guides import lint_english, lint_german
from debriefs.guides.lint_patterns import any_of


@dataclass(frozen=True)
class Rule:
    """One thing a question should not do; a key may stand twice, and speaks once. `patterns` by language; `spares` are kinds it says nothing about; `blocks` publishing."""

    key: str
    reason: "str | Promise"
    better: "str | Promise"
    patterns: dict[str, re.Pattern[str]]
    spares: frozenset[str] = field(default_factory=frozenset)
    blocks: bool = False


def _patterns(key: str) -> dict[str, re.Pattern[str]]:
    return {"en": lint_english.PATTERNS[key], "de": lint_german.PATTERNS[key]}


RULES: tuple[Rule, ...] = (
    Rule(
        "closed",
        _("It can be answered with yes or no."),
        _("Begin with what, how, or “tell me about”."),
        _patterns("closed"),
        frozenset(("consent", "factual", "yes_no")),
    ),
    Rule(
        "leading",
        _("It suggests the answer."),
        _("Leave the judgement to the buyer: “How did you see …?”"),
        _patterns("leading"),
    ),
    Rule(
        "leading",
        _("It suggests the answer."),
        _("Leave the judgement to the buyer: “How did you see …?”"),
        _patterns("leading_degree"),
        frozenset(("rating", "driver_rating")),
    ),
    Rule(
        "double",
        _("It asks two things, and the answer cannot be coded."),
        _("Ask one after the other."),
        _patterns("double"),
    ),
    Rule(
        "blame",
        _("It judges or accuses somebody."),
        _("Ask what happened and how it looked from the buyer’s side."),
        _patterns("blame"),
    ),
    Rule(
        "resell",
        _("It opens the decision again. The buyer was promised that nobody would."),
        _("Ask about the decision that was made."),
        _patterns("resell"),
        blocks=True,
    ),
    Rule(
        "presume",
        _("It takes something for granted that nobody has said."),
        _("Ask openly first, then after the reason."),
        _patterns("presume"),
    ),
    Rule(
        "confidential",
        _("It asks for what a rival or a colleague told the buyer in confidence."),
        _("Ask how the difference felt, and for roles instead of names."),
        _patterns("confidential"),
    ),
    Rule(
        "absolute",
        _("Words like always and nobody make people disagree with the word."),
        _("Leave the word out."),
        _patterns("absolute"),
    ),
    Rule(
        "negative",
        _("A negation within a question is often misread."),
        _("Say it without the negation."),
        _patterns("negative"),
    ),
    Rule(
        "jargon",
        _("Buyers do not speak like that."),
        _("Say it in the buyer’s words."),
        _patterns("jargon"),
    ),
)
# The number of words beyond which a question is too long to be heard.
MOST_WORDS = {"en": 28, "de": 26}
# Open questions in a guide.
FEWEST_OPEN, MOST_OPEN = 5, 10
# What the dashboards are made of: measure, and the measures any of which will do.
NEEDED_MEASURES: tuple[tuple[str, frozenset[str]], ...] = (
    ("stated_reason", frozenset(("stated_reason", "driver", "driver_hurt"))),
    ("root_cause", frozenset(("root_cause",))),
    ("needs_gap", frozenset(("needs_gap", "need_stated", "hidden_need"))),
    ("awareness_source", frozenset(("awareness_source",))),
    ("process", frozenset(("process", "buying_group", "cycle_time"))),
    ("relationship", frozenset(("relationship", "relationship_strength", "trust"))),
)
WHAT_ELSE = {
    "en": any_of(r"\bwhat (?:else|have i not|did i not|should i have)\b", r"\banything (?:else|i did not)\b"),
    "de": any_of(
        r"\bwas (?:noch|habe ich (?:noch )?nicht|hätte ich)\b",
        r"\b(?:sonst|darüber hinaus|außerdem) noch\b",
        r"\bnoch etwas\b",
    ),
}
