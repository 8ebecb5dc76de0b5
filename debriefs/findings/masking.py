"""Finds the names that a text must not carry, and proposes the words to stand in their place. Pure.

A deterministic aid, then a person: it knows only the names it is given. Text and names are compared without case and
accents, letter by letter, so that every finding points into the text as it was typed.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from debriefs.findings.name_words import LEGAL_FORMS, ORDINARY, PARTICLES, ROLE_WORDS
from debriefs.findings.nicknames import ORDINARY_SHORT, SHORT_FORMS

# Letters that Unicode does not take apart into a letter and an accent.
_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "ħ": "h"}
# How a name is spelt where the accent is missing from the keyboard: Müller, Mueller, Muller.
_SPELLINGS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("å", "aa"), ("ø", "oe"))
_APOSTROPHES = "'’‘´`ʼ"
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# From so many letters on, a name with one slip in it is still that name.
_LONG = 6
_TELEPHONE = re.compile(r"\+\d[\d ()/.-]{6,}\d")


class Why(StrEnum):
    """What kind of word was found: a name that has to go, or a word that may be one."""

    NAME = "name"
    ADDRESS = "address"
    MAYBE = "maybe"


@dataclass(frozen=True)
class Known:
    """A name that must not be read, and the neutral role that takes its place.

    Every part of a person's name is looked for alone, of a company's only the first word. A company's `addresses` are the
    domains of its mail.
    """

    name: str
    role: str
    is_company: bool = False
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hit:
    """A place in a text: `text[start:end]` is the name as found, with its possessive ending."""

    start: int
    end: int
    found: str
    replacement: str
    why: Why

    @property
    def is_certain(self) -> bool:
        """Whether it has to go. An ordinary word that is also a name may stay once a person has looked."""
        return self.why is not Why.MAYBE


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    plain: str
    is_capital: bool


@dataclass(frozen=True)
class _Pattern:
    words: tuple[str, ...]
    role: str
    needs_capital: bool
    why: Why
    is_person: bool = False


def plain(text: str) -> str:
    """The text without case and accents: "Zoë" and "ZOE" are both "zoe"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(_PLAIN.get(letter, letter) for letter in decomposed if not unicodedata.combining(letter))


def _words(text: str) -> list[_Word]:
    """The words with their places; combining accents belong to the letter before them."""
    joined: list[tuple[int, int]] = []
    for found in _WORD.finditer(text):
        start, end = found.span()
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [_Word(start, end, plain(text[start:end]), text[start].isupper()) for start, end in joined]


def _spellings(name: str) -> set[str]:
    """The name as it may be spelt without its accents."""
    folded = unicodedata.normalize("NFC", name.casefold())
    spelt = {plain(folded)}
    for letter, pair in _SPELLINGS:
        if letter in folded:
            spelt.add(plain(folded.replace(letter, pair)))
        if pair in folded:
            spelt.add(plain(folded.replace(pair, letter)))
    return spelt


def _split(name: str) -> list[str]:
    return [word.plain for word in _words(name)]


def _patterns(known: Known) -> Iterable[_Pattern]:
    for spelling in _spellings(known.name):
        parts = _split(spelling)
        if not parts:
            continue
        if known.is_company:
            yield from _company(parts, known.role)
            continue
        yield from _person(parts, known.role)
        for unit in spelling.split():
            # "O'Rourke" and "Jean-Pierre" are said whole, and written without what joins them.
            joined = _split(unit)
            if len(joined) > 1:
                yield _Pattern(tuple(joined), known.role, False, Why.NAME)
                yield _Pattern(("".join(joined),), known.role, False, Why.NAME, is_person=True)


def _person(parts: list[str], role: str) -> Iterable[_Pattern]:
    if len(parts) > 1:
        yield _Pattern(tuple(parts), role, False, Why.NAME)
        # "Berg, Anna", as lists write it.
        yield _Pattern((parts[-1], *parts[:-1]), role, False, Why.NAME)
        yield _Pattern((parts[0], parts[-1]), role, False, Why.NAME)
    for part in parts:
        if len(part) < 2 or part in PARTICLES:
            continue
        ordinary = part in ORDINARY
        yield _Pattern((part,), role, ordinary, Why.MAYBE if ordinary else Why.NAME, is_person=True)
    for short in SHORT_FORMS.get(parts[0], ()) if len(parts) > 1 else ():
        # German writes every noun with a capital, so that a short form which is a word is never certain.
        ordinary = short in ORDINARY or short in ORDINARY_SHORT
        yield _Pattern((short,), role, ordinary, Why.MAYBE if ordinary else Why.NAME, is_person=not ordinary)


def _company(parts: list[str], role: str) -> Iterable[_Pattern]:
    core = [part for part in parts if part not in LEGAL_FORMS] or parts
    # "Fennick & Sohn GmbH" is also written without its last words, as long as they are only its form.
    for length in range(len(parts), 1, -1):
        yield _Pattern(tuple(parts[:length]), role, False, Why.NAME)
        if parts[length - 1] not in LEGAL_FORMS:
            break
    if len(core) > 1:
        yield _Pattern(tuple(core), role, False, Why.NAME)
    first = core[0]
    if len(core) == 1 and first not in ORDINARY:
        yield _Pattern((first,), role, False, Why.NAME)
    elif len(first) > 2:
        # Companies are called by their first word; an ordinary one ("Northern") needs a person's eye.
        yield _Pattern((first,), role, True, Why.MAYBE if first in ORDINARY else Why.NAME)


class Roster:
    """The names of one debrief, ready to be looked for. Names given first win where two share a part.

    `allowed` are names that stay (competitors, offerings): what lies within one of them is no finding.
    """

    def __init__(self, known: Sequence[Known], allowed: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[_Pattern]] = {}
        for name in known:
            for pattern in _patterns(name):
                self._by_first.setdefault(pattern.words[0], []).append(pattern)
        for patterns in self._by_first.values():
            patterns.sort(key=lambda pattern: -len(pattern.words))
        # Parts of people's names long enough that one slip of the hand still tells whose name it is, by their first letter.
        self._long: dict[str, list[_Pattern]] = {}
        for patterns in self._by_first.values():
            for pattern in patterns:
                part = pattern.words[0]
                if pattern.is_person and len(part) >= _LONG and part not in ORDINARY:
                    self._long.setdefault(part[0], []).append(pattern)
        self._addresses = {
            address.casefold(): name.role for name in reversed(known) for address in name.addresses if address
        }
        self._domains = {
            plain(address): name.role for name in known if name.is_company for address in name.addresses if address
        }
        self._allowed = [words for words in (tuple(_split(name)) for name in allowed) if words]

    def find(self, text: str) -> list[Hit]:
        """Every name in the text, in order, none overlapping another."""
        hits = [*self._find_addresses(text)]
        taken = [(hit.start, hit.end) for hit in hits]
        words = [word for word in _words(text) if not any(start <= word.start < end for start, end in taken)]
        spared = self._spared(words)
        at = 0
        while at < len(words):
            hit, length = (None, 1) if at in spared else self._match(text, words, at)
            if hit:
                hits.append(hit)
            at += length
        return sorted(hits, key=lambda hit: hit.start)

    def _find_addresses(self, text: str) -> Iterable[Hit]:
        for found in _ADDRESS.finditer(text):
            role = self._addresses.get(found.group().casefold(), "")
            yield Hit(*found.span(), found.group(), f"[{role or 'e-mail'}]", Why.ADDRESS)
        for found in _TELEPHONE.finditer(text):
            yield Hit(*found.span(), found.group(), "[…]", Why.ADDRESS)
        for domain, role in self._domains.items():
            for found in re.finditer(rf"(?<![\w@.-])(?:www\.)?{re.escape(domain)}(?![\w-])", text, re.IGNORECASE):
                yield Hit(*found.span(), found.group(), f"[{role}]", Why.ADDRESS)

    def _spared(self, words: list[_Word]) -> set[int]:
        spared: set[int] = set()
        said = [word.plain for word in words]
        for allowed in self._allowed:
            for at in range(len(said) - len(allowed) + 1):
                if tuple(said[at : at + len(allowed)]) == allowed:
                    spared.update(range(at, at + len(allowed)))
        return spared

    def _match(self, text: str, words: list[_Word], at: int) -> tuple[Hit | None, int]:
        first = words[at].plain
        # "Annas" and "anna's" begin like "anna"; the ending is told apart in _ends.
        candidates = [*self._by_first.get(first, ())]
        if first.endswith("s"):
            candidates += self._by_first.get(first[:-1], ())
        for pattern in candidates:
            length = len(pattern.words)
            span = words[at : at + length]
            if len(span) < length or any(
                word.plain != wanted for word, wanted in zip(span[:-1], pattern.words[:-1], strict=True)
            ):
                continue
            if pattern.needs_capital and not span[0].is_capital:
                continue
            end = _end(text, span[-1], pattern.words[-1])
            if end is None:
                continue
            start = span[0].start
            replacement = _fitted(text, start, pattern.role) + ("’s" if end > span[-1].end else "")
            # The s after an apostrophe is a word of its own to the splitter.
            length += sum(1 for word in words[at + length : at + length + 1] if word.start < end)
            return Hit(start, end, text[start:end], replacement, _why(text, start, pattern)), length
        return self._slip(text, words[at]), 1

    def _slip(self, text: str, word: _Word) -> Hit | None:
        """The word as a name with one letter wrong, missing, too much, or two changed round: it may be one, a person looks."""
        if not word.is_capital or len(word.plain) < _LONG - 1 or word.plain in ORDINARY:
            return None
        for pattern in self._long.get(word.plain[0], ()):
            if one_slip(word.plain, pattern.words[0]):
                replacement = _fitted(text, word.start, pattern.role)
                return Hit(word.start, word.end, text[word.start : word.end], replacement, Why.MAYBE)
        return None


def one_slip(said: str, meant: str) -> bool:
    """Whether one letter is wrong, missing or too much, or two neighbours are changed round; False when both are equal."""
    if said == meant or abs(len(said) - len(meant)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(said, meant, strict=False)) if a != b), min(len(said), len(meant)))
    rest, wanted = said[at:], meant[at:]
    if len(said) == len(meant):
        return rest[1:] == wanted[1:] or (rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:])
    return rest[1:] == wanted if len(said) > len(meant) else rest == wanted[1:]


def _end(text: str, word: _Word, wanted: str) -> int | None:
    """Where the name ends, with a possessive ending; None when the word is another one."""
    if word.plain == wanted:
        after = text[word.end : word.end + 2]
        if after[:1] and after[0] in _APOSTROPHES and after[1:].casefold() == "s":
            following = text[word.end + 2 : word.end + 3]
            if not following.isalnum():
                return word.end + 2
        return word.end
    # "Annas" and "Bergs", as German, Scandinavian and hurried English write it.
    return word.end if word.plain == wanted + "s" and len(wanted) > 2 else None


def _why(text: str, start: int, pattern: _Pattern) -> Why:
    """A person's name that is also a word is certain where only a name has a capital letter: within a sentence."""
    if pattern.is_person and pattern.words[0] not in ROLE_WORDS and not _begins_sentence(text, start):
        return Why.NAME
    return pattern.why


def _fitted(text: str, start: int, role: str) -> str:
    """The role, with a capital letter where a sentence begins."""
    return role[:1].upper() + role[1:] if _begins_sentence(text, start) else role


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \n\t\"'“„«‘(")
    return not before or before[-1] in ".!?:\n…" or "\n" in text[len(before) : start]


def suggestion(text: str, hits: Sequence[Hit]) -> str:
    """The text with every certain name replaced by its role; words that only may be names stay."""
    pieces, at = [], 0
    for hit in hits:
        if hit.is_certain:
            pieces += [text[at : hit.start], hit.replacement]
            at = hit.end
    return "".join([*pieces, text[at:]])


@dataclass(frozen=True)
class Piece:
    """A stretch of a text and whether it is a name: what a page needs to mark it."""

    text: str
    is_name: bool


def pieces(text: str, hits: Sequence[Hit]) -> list[Piece]:
    """The whole text in stretches, names apart from the rest."""
    found, at = [], 0
    for hit in hits:
        if hit.start > at:
            found.append(Piece(text[at : hit.start], False))
        found.append(Piece(text[hit.start : hit.end], True))
        at = hit.end
    return found + ([Piece(text[at:], False)] if text[at:] else [])
