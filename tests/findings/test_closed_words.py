"""Words that stay closed are not said again under another heading."""

import pytest

from debriefs.findings.closed_words import repeated

SAID = ["The plan had a name on every line, and we trusted it.", "We did not need it.", "Too late."]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They told us THE PLAN HAD A NAME ON every line.", "THE PLAN HAD A NAME ON"),
        ("the plan, had: a name; on", "the plan, had: a name; on"),
        ("In short: we did not need it!", "we did not need it"),
        ("A name on every line and we", "A name on every line and"),
    ],
)
def test_what_was_said_is_found_again(text, found):
    assert repeated(text, SAID) == found


@pytest.mark.parametrize(
    "text", ["", "The plan had a date on every line.", "We did need it.", "It came too late.", "a name on every line"]
)
def test_what_everybody_says_is_let_alone(text):
    assert repeated(text, SAID) == ""
