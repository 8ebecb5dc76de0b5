"""The search of the deal list as conditions: folded alike on both sides, so that accents, case and script do not matter.

`deals_folded`, `deals_search_pattern` and `deals_near_patterns` are functions of the database (migration 0009): small letters without accents
("Müller" is "muller", "Straße" "strasse"), compatibility forms unified, every letter of another script a word of its own, so that the
trigram index holds names in all scripts whatever the locale of the database.
"""

from django.db.models import BooleanField, F, Func, Q, TextField, Value

# A search is cut after so many words: more only cost time.
MOST_WORDS = 10


class Folded(Func):
    """A text as it is searched, with a blank at either end."""

    function = "deals_folded"
    arity = 1
    output_field = TextField()


def has_words(column: str, words: list[str], *, forgiving: bool = False) -> Q:
    """Each of the words stands somewhere in the folded column; one of one or two letters at the beginning of a word.

    `forgiving` takes words of 4 to 24 letters with one typing error too: a letter wrong, missing or too many, or two neighbours the
    other way round. Every such reading is looked up in the index, which costs about as many look-ups as the word has letters, by four.
    """
    holds = _HoldsNearly if forgiving else _Holds
    return Q(*(Q(holds(F(column), Value(word))) for word in words))


class _Holds(Func):
    template = "(%(expressions)s))"
    arg_joiner = " LIKE deals_search_pattern("
    output_field = BooleanField()


class _HoldsNearly(_Holds):
    template = "(%(expressions)s)))"
    arg_joiner = " LIKE ANY (deals_near_patterns("
