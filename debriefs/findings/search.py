"""How released words are searched: each in the language of its debrief, and shown without trusting them as HTML. Pure."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Language of a debrief to Postgres's name for how its words are brought to a stem; any other is compared word for word.
CONFIGS = {"en": "english", "de": "german", "fr": "french", "es": "spanish"}
PLAIN = "simple"
# What Postgres puts around a hit: from Unicode's private use, taken out of what anybody wrote beforehand.
START, STOP = "\ue000", "\ue001"
LONGEST = 200


def vector_sql(text: str) -> str:
    """The SQL of a generated column: the words of `text` (an SQL expression) by the row's own `language`."""
    cases = " ".join(
        f"WHEN '{code}' THEN to_tsvector('pg_catalog.{config}'::regconfig, {text})" for code, config in CONFIGS.items()
    )
    return f"CASE language {cases} ELSE to_tsvector('pg_catalog.{PLAIN}'::regconfig, {text}) END"


def asked(text: str) -> str:
    """What was typed as it is searched for: no control characters, blanks once, at most 200 characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\ue000\ue001]", " ", text).split())[:LONGEST]


def marked(headline: str) -> SafeString:
    """Postgres's headline as HTML: everything escaped, hits in `mark`."""
    safe = escape(headline).replace(START, "<mark>").replace(STOP, "</mark>")
    return mark_safe(safe)  # noqa: S308  escaped above; only the two marks are added
