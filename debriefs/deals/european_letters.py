"""Western or Central European: which one-byte code page a text is in, told by its own letters. Pure.

The two families share their bytes and most of their accents, and a list of deals holds a handful of accented names among
thousands of plain cells. A detector that looks at frequencies guesses then, and "Muñoz" becomes "Muńoz". What stands beside a
letter says more: Spanish writes ñ before a vowel, Polish ń before a consonant or at the end of a word.
"""

import re

_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_VOWELS = "aeiouyáéíóúýAEIOUY".encode("cp1252")
_ACCENTED = "áéíýÁÉÍÝ".encode("cp1252")
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What each byte says by itself, above zero for Western Europe. First letters that Central Europe hardly writes; then signs in
# Western Europe that are letters of Central Europe (ŁłĄąŻżŹźĽľŤť), letters that both have and the West hardly writes (ŠšŽž), Ě.
_ALONE = dict.fromkeys("åÅàÀ".encode("cp1252"), 2)
_ALONE |= dict.fromkeys("ïÏøØÑÊÙÒæÆ".encode("cp1252"), 1)
_ALONE |= dict.fromkeys(b"\xa3\xb3\xa5\xb9\xaf\xbf\x8f\x9f\xbc\xbe\x8d\x9d", -3)
_ALONE |= dict.fromkeys(b"\x8a\x9a\x8e\x9e\xcc", -2)
# Letters of ISO-8859-2 that are signs in Windows-1250: ĄąŚś.
_ONLY_LATIN_2 = frozenset(b"\xa1\xb1\xa6\xb6")


def western_score(text: bytes) -> int:
    """Above zero where the letters read better as Western European, below zero as Central European, 0 where nothing tells."""
    return sum(
        _of_letter(word[at], word[at - 1] if at else 0, word[at + 1] if at + 1 < len(word) else 0)
        for word in _WORD.findall(text)
        if len(word) > 1
        for at in range(len(word))
        if word[at] > 0x7F
    )


def looks_like_latin_2(text: bytes) -> bool:
    """Whether a Central European text is in ISO-8859-2, not Windows-1250."""
    words = b" ".join(_WORD.findall(text))
    return not _ONLY_LATIN_2.isdisjoint(words) and not any(0x80 <= byte < 0xA0 for byte in words)


def _of_letter(byte: int, before: int, after: int) -> int:
    """What a letter says beside the two around it; 0 stands for the end of the word. Named as Western and Central Europe read it."""
    if byte in b"\xe8\xc8\xf8\xd8\xec" and (before in _ACCENTED or after in _ACCENTED):
        # Dvořák, Příbram: the West puts its è and ø beside no other accent.
        return -2
    match byte:
        case 0xF1:  # ñ ń: España, Gdańsk
            return 2 if after in _VOWELS else -2
        case 0xE8:  # è č: Lefèvre, Kovačević
            return -2 if after in _VOWELS else 1
        case 0xC8:  # È Č: È begins no longer word
            return -2 if after and not before else 1
        case 0xE6 if not after and before in b"iI":  # æ ć: Petrović
            return -2
        case 0xEC:  # ì ě: Forlì, Děčín
            return -2 if after else 1
        case 0xF5 | 0xD5:  # õ ő: informações, Győr
            return 1 if after in b"eE" else -2
        case 0xE3 | 0xC3:  # ã ă: São, Ţigări
            return 2 if after in b"oeOE" else -1 if after or before in b"cdstv" else 0
        case 0xEA:  # ê ę: forêt, Częstochowa
            return -2 if before in b"zi" else 1
        case 0xF2:  # ò ň: Niccolò, Plzeň
            return -2 if before == ord("e") else 1
        case 0xF9:  # ù ů: où, Růžena
            return -2 if after else 1
        case 0x8C | 0x9C if after in b"wclnmkp":  # œ ś: cœur, Świdnica
            return -2
        case 0xAA | 0xBA if before and after:  # º ş: Braşov; in Spanish it ends a number
            return -2
        case 0xBF if not before and after in _CAPITALS:  # ¿Qué?
            return 0
    return _ALONE.get(byte, 0)
