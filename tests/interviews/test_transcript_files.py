"""Reading a transcript: the four kinds as tools write them, and files that mean no good."""

import io
import zipfile

import pytest

from debriefs.interviews import transcript_files
from debriefs.interviews.actions.transcripts import _decoded
from debriefs.interviews.transcript_files import Spoken, Unreadable

BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def read(name, data):
    return transcript_files.read(name, data if isinstance(data, bytes) else data.encode(), _decoded)


def word(*paragraphs, xml=None, part="word/document.xml", packing=zipfile.ZIP_DEFLATED):
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, xml if xml is not None else BODY.format(body))
    return packed.getvalue()


# ── As tools write them ──


def test_webvtt_with_voices_tags_and_notes():
    text = (
        "WEBVTT - meeting\n\nNOTE made by a tool\nof some kind\n\nSTYLE\n::cue { color: red }\n\n"
        "1\n00:00:03.000 --> 00:00:05.500 align:start\n<v Ada Quill>So, <i>what</i> tipped it?</v>\n\n"
        "00:01:06.000 --> 00:01:09.000\n<v.loud Ben Orrin>Price &amp; the <c.yellow>first</c> month.</v>\n\n"
        "1:02:03.250 --> 1:02:04.000\n<v Ben Orrin>Nobody would sit with them.</v>\n"
    )
    assert read("call.vtt", text) == [
        Spoken("So, what tipped it?", "Ada Quill", 3),
        Spoken("Price & the first month. Nobody would sit with them.", "Ben Orrin", 66),
    ]


def test_cues_of_one_voice_join_and_long_ones_are_parted_at_a_sentence():
    cues = "\n\n".join(
        f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\nBen: This is sentence number {n} of what was said."
        for n in range(40)
    )
    found = read("call.vtt", "WEBVTT\n\n" + cues)
    assert len(found) > 1
    assert all(len(one.text) < 600 and one.text.endswith(".") for one in found)
    assert " ".join(one.text for one in found) == " ".join(
        f"This is sentence number {n} of what was said." for n in range(40)
    )
    long = read("call.txt", "Word after word. " * 500)
    assert all(len(one.text) <= 3_000 for one in long)
    assert " ".join(one.text for one in long) == ("Word after word. " * 500).strip()


def test_subrip_with_comma_times_names_and_a_mark_at_its_start():
    text = (
        "1\r\n00:00:01,000 --> 00:00:02,500\r\nADA: Why did you look?\r\n\r\n"
        "2\r\n00:00:03,100 --> 00:00:06,000\r\n{\\an8}BEN: Der Preis war\r\nnicht der Grund.\r\n"
    )
    assert read("call.srt", b"\xef\xbb\xbf" + text.encode()) == [
        Spoken("Why did you look?", "ADA", 1),
        Spoken("Der Preis war nicht der Grund.", "BEN", 3),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Quill: What tipped it?\nBen Orrin: The first month.\nAda Quill: Go on.\nBen Orrin: Nobody came.",
        "Ada Quill  0:03\nWhat tipped it?\n\nBen Orrin  0:09\nThe first month.\n\nAda Quill  0:12\nGo on.\n\nBen Orrin  0:20\nNobody came.",
        "[00:00:03] Ada Quill: What tipped it?\n[00:00:09] Ben Orrin: The first month.\n[00:00:12] Ada Quill: Go on.\n[00:00:20] Ben Orrin: Nobody came.",
        "Ada Quill (00:03): What tipped it?\nBen Orrin (00:09): The first month.\nAda Quill (00:12): Go on.\nBen Orrin (00:20): Nobody came.",
    ],
)
def test_text_as_meeting_tools_write_it(text):
    found = read("call.txt", text)
    assert [(one.speaker, one.text) for one in found] == [
        ("Ada Quill", "What tipped it?"),
        ("Ben Orrin", "The first month."),
        ("Ada Quill", "Go on."),
        ("Ben Orrin", "Nobody came."),
    ]
    assert [one.starts for one in found] == ([3, 9, 12, 20] if "03" in text else [None] * 4)


def test_a_sentence_with_a_colon_is_no_speaker():
    found = read(
        "call.txt", "We had one wish: that it works.\nAnd then we waited, and waited, and nobody came.\nThat was all."
    )
    assert [one.speaker for one in found] == [""]
    assert "We had one wish: that it works." in found[0].text


def test_word_with_tabs_breaks_and_what_was_deleted():
    xml = BODY.format(
        "<w:p><w:r><w:t>Ada Quill</w:t><w:tab/><w:t>0:03</w:t></w:r></w:p>"
        "<w:p><w:r><w:t xml:space='preserve'>What </w:t></w:r><w:r><w:t>tipped it?</w:t></w:r>"
        "<w:del><w:r><w:delText>never said</w:delText></w:r></w:del></w:p>"
        "<w:p><w:r><w:instrText>HYPERLINK x</w:instrText></w:r></w:p>"
        "<w:p><w:r><w:t>Ben Orrin</w:t><w:br/><w:t>0:09</w:t></w:r></w:p>"
    )
    found = read("call.docx", word(xml=xml))
    assert found[0] == Spoken("What tipped it? Ben Orrin 0:09", "Ada Quill", 3)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16", b""),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("cp1252", b""),
    ],
)
def test_whatever_the_encoding(encoding, mark):
    said = (
        "Käufer: Über den Preis haben wir zuerst gesprochen, später über die Einführung.\nIch: Können Sie mehr erzählen?\n"
        * 3
    )
    found = read("call.txt", mark + said.encode(encoding))
    assert found[0].speaker == "Käufer" and found[0].text.startswith("Über den Preis")


def test_the_bytes_decide_and_not_the_ending():
    cue = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"
    assert read("call.txt", cue)[0] == Spoken("Hello.", "", 1)
    assert read("call.vtt", word("Hello there."))[0].text == "Hello there."
    assert read("call.docx", "Plain text all the same.")[0].text == "Plain text all the same."


# ── Hostile ones ──

BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + BODY.format(
    "<w:p><w:r><w:t>&b;</w:t></w:r></w:p>"
)
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + BODY.format("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("call.exe", b"words", "its name ends in"),
        ("call", b"words", "its name ends in"),
        ("call.txt", b"", "empty"),
        ("call.txt", b" \n\t ", "empty"),
        ("call.txt", b"a" * (transcript_files.LARGEST_FILE + 1), "larger than 5 MB"),
        ("call.txt", b"\x00\x01\x02binary\x00", "not a text file"),
        ("call.txt", b"words \x07 bell", "not a text file"),
        ("call.txt", b"%PDF-1.7 words", "PDF"),
        ("call.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old kind"),
        ("call.txt", b"\x00\x00\x00\x20ftypisom" + b"\x00" * 60, "recording stays outside"),
        ("call.docx", b"PK\x03\x04" + b"\x00" * 300, "damaged"),
        ("call.docx", word(part="other/part.xml"), "no Word file"),
        ("call.docx", word(xml="<w:document"), "damaged"),
        ("call.docx", word(xml=BOMB), "declares things"),
        ("call.docx", word(xml=OUTSIDE), "declares things"),
        ("call.docx", word(xml=BODY.format("")), "Nobody says anything"),
        ("call.vtt", b"WEBVTT\n\nNOTE only a note\n", "Nobody says anything"),
        ("call.txt", b"word " * 130_000, "600,000 letters"),
        ("call.docx", word("word " * 130_000), "600,000 letters"),
        ("call.txt", b"a:\n" * 200_001, "200,000 lines"),
        ("call.docx", word(xml=BODY.format("<w:p/>" * 200_001)), "200,000 lines"),
        # Read once for each opening these would not end.
        ("call.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v." * 1_000_000, "600,000 letters"),
        ("call.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v a" * 1_000_000, "600,000 letters"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(name, data, told):
    with pytest.raises(Unreadable, match=told):
        read(name, data)


def test_a_word_file_that_unpacks_without_end_is_stopped_at_the_limit():
    packed = word(xml=b" " * (transcript_files.LARGEST_XML + 10))
    assert len(packed) < 200_000
    with pytest.raises(Unreadable, match="too large when unpacked"):
        read("call.docx", packed)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_word_file_packed_as_word_never_does_is_not_unpacked(packing):
    """600 bytes of bzip2 unpack to gigabytes at the first read, before any limit is looked at; damaged LZMA fails in a way of its own."""
    packed = bytearray(word("words", packing=packing))
    packed[packed.index(b"word/document.xml") + 30] ^= 0x55
    with pytest.raises(Unreadable, match="packed in a way"):
        read("call.docx", bytes(packed))


def test_a_word_file_that_lies_about_its_size_is_damaged():
    packed = bytearray(word(xml=BODY.format("<w:p><w:r><w:t>" + "x" * 5000 + "</w:t></w:r></w:p>")))
    at = packed.rindex(b"PK\x01\x02")
    packed[at + 24 : at + 28] = (7).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        read("call.docx", bytes(packed))


def test_a_locked_word_file_says_so():
    packed = bytearray(word("words"))
    for sign in (b"PK\x03\x04", b"PK\x01\x02"):
        at = packed.rindex(sign)
        packed[at + (6 if sign.endswith(b"\x04") else 8)] |= 1
    with pytest.raises(Unreadable, match="locked with a password"):
        read("call.docx", bytes(packed))
