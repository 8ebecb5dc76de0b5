"""A transcript read from a file: text, WebVTT, SubRip or Word, as passages of who said what and when. Pure; trusts nothing in the file.

What a file is, is decided by its bytes: a wrong ending misleads nobody. Word's XML is read as a stream by expat, which stops at a
document type (so no entity is ever declared, inside or outside), and is never unpacked beyond `LARGEST_XML`, whatever the archive
says of itself. Formats: W3C WebVTT; SubRip; ECMA-376 part 1, 17.3 for paragraphs and runs.
"""

import html
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from xml.parsers import expat

from django.utils.translation import gettext as _

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_XML = 20 * 1024 * 1024
LONGEST_TEXT = 600_000
MOST_LINES = 200_000
ENDINGS = (".txt", ".vtt", ".srt", ".docx")
# Passages of one speaker in a row are read as one up to about this many letters; a longer one is parted at a sentence.
_READABLE, _LONGEST = 600, 3_000

_CUE = re.compile(
    r"^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s*-->\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}(?:\s.*)?$"
)
# No tag holds a further "<": so a line of nothing but openings is read once, and not once for each of them.
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]{1,120})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|<\d[\d:.]{0,20}>|\{\\[a-zA-Z][^{}]{0,40}\}")
_STAMP = r"[\[(]?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:[.,]\d{1,3})?[\])]?"
_HEADED = re.compile(rf"^(?P<name>\S[^:\[(]{{0,80}}?)\s+{_STAMP}\s*:?$")
_SAID = re.compile(rf"^(?:{_STAMP}\s+)?(?P<name>[^\W\d_][^:\n]{{0,60}}?)\s*(?:{_STAMP})?:\s+(?P<text>\S.*)$")
_ONLY_STAMP = re.compile(rf"^{_STAMP}\s+(?P<text>\S.*)$")
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class Unreadable(Exception):
    """The file is no transcript that can be read; the sentence says why and what to do."""


@dataclass(frozen=True)
class Spoken:
    """One passage: who spoke, "" where the file does not say, from which second, None likewise, and what."""

    text: str
    speaker: str = ""
    starts: int | None = None


def read(name: str, data: bytes, decode: Callable[[bytes], str]) -> list[Spoken]:
    """The passages of the file in their order. Raises Unreadable with a sentence for the reader.

    `decode` turns bytes without a mark into text, or raises UnicodeDecodeError.
    """
    if not name.lower().endswith(ENDINGS):
        raise Unreadable(
            _("A transcript is a text, VTT, SRT or Word file: its name ends in .txt, .vtt, .srt or .docx.")
        )
    if len(data) > LARGEST_FILE:
        raise Unreadable(
            _("The file is larger than 5 MB. A transcript of an hour has less than 1 MB: take pictures out of it.")
        )
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if data.startswith(b"PK\x03\x04"):
        passages = _from_lines(_paragraphs(data))
    else:
        _refuse_other_kinds(data)
        text = _text_of(data, decode)
        if text.count("\n") > MOST_LINES:
            raise _too_many_lines()
        passages = _from_text(text)
    found = [one for one in _joined(passages) if one.text]
    if not found:
        raise Unreadable(_("Nobody says anything in this file."))
    if sum(len(one.text) for one in found) > LONGEST_TEXT:
        raise Unreadable(_("The transcript holds more than 600,000 letters. Upload the part that is the conversation."))
    return found


def _too_many_lines() -> Unreadable:
    return Unreadable(
        _("The transcript has more than 200,000 lines. Upload the part that is the conversation, without empty lines.")
    )


def _refuse_other_kinds(data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("This is a Word file of the old kind (.doc). Save it as .docx or as text, and upload that."))
    if data.startswith(b"%PDF"):
        raise Unreadable(_("This is a PDF. Save the transcript as .docx or as text, and upload that."))
    if data.startswith((b"{\\rtf", b"\x1f\x8b", b"\xff\xfb", b"ID3", b"RIFF")) or data[4:8] == b"ftyp":
        raise Unreadable(
            _("This is no transcript. Upload what was said as text, VTT, SRT or .docx; the recording stays outside.")
        )


def _text_of(data: bytes, decode: Callable[[bytes], str]) -> str:
    try:
        text = decode(data)
    except (UnicodeDecodeError, LookupError):
        raise Unreadable(
            _("The letters of this file cannot be read. Save it as text in UTF-8, and upload that.")
        ) from None
    if _FORBIDDEN.search(text):
        raise Unreadable(_("This is not a text file: it holds signs that no text has."))
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


# ── WebVTT and SubRip ──


def _from_text(text: str) -> Iterator[Spoken]:
    if text.startswith("WEBVTT") or any(_CUE.match(line) for line in text.splitlines()[:200]):
        return _from_cues(text)
    return _from_lines(text.split("\n"))


def _from_cues(text: str) -> Iterator[Spoken]:
    speaker = ""
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.strip("\n").split("\n")
        at = next((index for index, line in enumerate(lines[:3]) if _CUE.match(line)), None)
        if at is None:
            continue
        starts = _seconds(_CUE.match(lines[at]).groups()[:3])  # type: ignore[union-attr]
        for line in lines[at + 1 :]:
            voice = _VOICE.search(line)
            plain = _clean(html.unescape(_TAG.sub("", line)))
            said = None if voice else _SAID.match(plain)
            if voice:
                speaker = _clean(html.unescape(voice[1]))
            elif said and _is_name(said["name"]):
                speaker, plain = _clean(said["name"]), said["text"]
            if plain:
                yield Spoken(plain, speaker, starts)


# ── Text and Word ──


def _from_lines(lines: Iterable[str]) -> Iterator[Spoken]:
    """Lines as meeting tools write them: "Name: words", "[0:12] Name: words", or a line "Name 0:12" above the words."""
    cleaned = [_clean(line) for line in lines]
    names = Counter(said["name"] for line in cleaned if (said := _SAID.match(line)) and _is_name(said["name"]))
    # A sentence with a colon is no speaker: whoever speaks does so more than once, or in most lines.
    speakers = {name for name, count in names.items() if count > 1}
    filled = sum(1 for line in cleaned if line)
    if names and sum(names.values()) * 2 >= filled:
        speakers = set(names)
    speaker, starts = "", None
    for line in cleaned:
        if not line:
            continue
        headed, said, stamped = _HEADED.match(line), _SAID.match(line), _ONLY_STAMP.match(line)
        if headed and _is_name(headed["name"]):
            speaker, starts = headed["name"], _seconds(headed.groups()[1:4])
            continue
        if said and said["name"] in speakers:
            # The time stands before the name or behind it.
            before, behind = said.groups()[:3], said.groups()[4:7]
            stamp = before if before[1] else behind
            speaker, starts = said["name"], _seconds(stamp) if stamp[1] else None
            line = said["text"]
        elif stamped:
            starts, line = _seconds(stamped.groups()[:3]), stamped["text"]
        yield Spoken(line, speaker, starts)


def _is_name(name: str) -> bool:
    return len(name.split()) <= 5 and not name.lower().startswith(("http", "www."))


def _paragraphs(data: bytes) -> list[str]:
    """The paragraphs of a Word file's body, tabs and breaks as spaces and new paragraphs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # Of other ways to pack zipfile unpacks all it has read at once, whatever was asked for; Word uses none of them.
            if archive.getinfo("word/document.xml").compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Unreadable(_("This Word file is packed in a way that Word does not use. Save it anew in Word."))
            with archive.open("word/document.xml") as part:
                # Read up to the limit and one byte more: what the archive says of its size is not believed.
                xml = part.read(LARGEST_XML + 1)
    except KeyError:
        raise Unreadable(_("This is an archive and no Word file. Upload the transcript itself.")) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise Unreadable(
            _("This Word file is damaged or locked with a password. Save it anew, and upload that.")
        ) from None
    if len(xml) > LARGEST_XML:
        raise Unreadable(_("This Word file is too large when unpacked. Save only the text of the conversation in it."))
    reader = _WordReader()
    try:
        reader.parse(xml)
    except expat.ExpatError:
        raise Unreadable(_("This Word file is damaged. Save it anew, and upload that.")) from None
    return reader.paragraphs


class _WordReader:
    """Collects the text of paragraphs; deleted text, field codes and comments are not what was said."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.runs: list[str] = []
        self.is_text = False
        self.length = 0

    def parse(self, xml: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._letters
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.Parse(xml, True)

    def _refuse(self, *_told: object) -> None:
        raise Unreadable(_("This Word file declares things that no Word file needs. It was not read."))

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        space, _gap, element = name.rpartition(" ")
        if space not in (_WORD, _STRICT_WORD):
            return
        if element == "t":
            self.is_text = True
        elif element == "tab":
            self.runs.append(" ")
        elif element in ("br", "cr"):
            self._close()

    def _end(self, name: str) -> None:
        space, _gap, element = name.rpartition(" ")
        if space not in (_WORD, _STRICT_WORD):
            return
        if element == "t":
            self.is_text = False
        elif element == "p":
            self._close()

    def _letters(self, letters: str) -> None:
        if not self.is_text:
            return
        self.length += len(letters)
        if self.length > LONGEST_TEXT + _LONGEST:
            raise Unreadable(
                _("The transcript holds more than 600,000 letters. Upload the part that is the conversation.")
            )
        self.runs.append(letters)

    def _close(self) -> None:
        if len(self.paragraphs) >= MOST_LINES:
            raise _too_many_lines()
        self.paragraphs.append("".join(self.runs))
        self.runs.clear()


# ── Both ──


def _clean(text: str) -> str:
    return " ".join(_FORBIDDEN.sub("", text).split())


def _seconds(stamp: Iterable[str | None]) -> int:
    hours, minutes, seconds = (int(part or 0) for part in stamp)
    return hours * 3600 + minutes * 60 + seconds


def _joined(passages: Iterable[Spoken]) -> Iterator[Spoken]:
    """What one speaker says in a row, as few passages as read well."""
    open_one: Spoken | None = None
    for one in passages:
        if open_one and one.speaker == open_one.speaker and len(open_one.text) + len(one.text) < _READABLE:
            open_one = replace(open_one, text=f"{open_one.text} {one.text}")
            continue
        if open_one:
            yield from _parted(open_one)
        open_one = replace(one, speaker=one.speaker[:120])
    if open_one:
        yield from _parted(open_one)


def _parted(passage: Spoken) -> Iterator[Spoken]:
    rest = passage.text
    while len(rest) > _LONGEST:
        cut = max(rest.rfind(end, _READABLE, _LONGEST) for end in (". ", "? ", "! ", " "))
        cut = cut + 1 if cut > 0 else _LONGEST
        yield replace(passage, text=rest[:cut].strip())
        rest = rest[cut:].strip()
    yield replace(passage, text=rest)
