"""The search of the deal list as conditions: folded alike on both sides, so that accents, case and script do not matter.

`deals_folded`, `deals_search_pattern`, `deals_near_patterns` and `deals_near_parts` are functions of the database (migrations 0009 and 0013): small letters without accents
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
    other way round. One of four or five letters has to begin or to end a word of the column with the half that is right.
    """
    if not forgiving:
        return Q(*(Q(_Holds(F(column), Value(word))) for word in words))
    # The halves are looked up in the index; only what holds one is compared with every reading of the word.
    halves = (Q(_HoldsHalf(F(column), Value(word))) for word in words)
    readings = (Q(_HoldsNearly(F(column), Value(word))) for word in words)
    return Q(*halves, *readings)


class _Holds(Func):
    template = "(%(expressions)s))"
    arg_joiner = " LIKE deals_search_pattern("
    output_field = BooleanField()


class _HoldsHalf(Func):
    template = "(%(expressions)s)))"
    arg_joiner = " LIKE ANY (deals_near_parts("
    output_field = BooleanField()


class _HoldsNearly(Func):
    # Not the bare column: the index would be asked for every pair of a half and a reading.
    template = "((%(expressions)s)))"
    arg_joiner = " || '') LIKE ANY (deals_near_patterns("
    output_field = BooleanField()
