"""Whether a text repeats words that may not be released. Pure."""

import re
from collections.abc import Iterable

from debriefs.findings.masking import plain

# So many words in the same order are somebody's words; fewer are how everybody talks.
RUN = 6
# A verbatim shorter than that is found when all of it is repeated, if it says anything.
SHORTEST = 3
_AT_THE_ENDS = " \t\r\n.,;:!?…“”„‘’«»\"'()"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def without(text: str, words: str) -> str:
    """The text with an ellipsis in the place of these words, whatever the case, the blanks between them and the signs at their ends.

    Fewer than three words are how everybody talks, and stay.
    """
    said = words.strip(_AT_THE_ENDS).split()
    if len(said) < SHORTEST:
        return text
    pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, said)) + r"(?!\w)"
    return re.sub(pattern, "…", text, flags=re.IGNORECASE)


def repeated(text: str, verbatims: Iterable[str]) -> str:
    """The first stretch of the text that stands in one of the verbatims too, as it was typed; "" when there is none.

    Compared without regard to case, accents and punctuation: six words in a row, or the whole of a verbatim of three to five.
    """
    places = list(_WORD.finditer(text))
    said = [plain(place.group()) for place in places]
    for verbatim in verbatims:
        words = [plain(word) for word in _WORD.findall(verbatim)]
        length = min(RUN, len(words))
        if length < SHORTEST:
            continue
        runs = {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
        for at in range(len(said) - length + 1):
            if tuple(said[at : at + length]) in runs:
                return text[places[at].start() : places[at + length - 1].end()]
    return ""
