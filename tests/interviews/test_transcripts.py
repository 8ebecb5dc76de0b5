"""The transcript beside the notes: who reads it, aligning, marking, taking out, what was handed in, and erasing it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.requests import programme_url
from debriefs.calls.actions import take_review
from debriefs.calls.models import Debrief
from debriefs.codebook.models import Driver
from debriefs.foundation.models import AuditEntry
from debriefs.interviews import actions
from debriefs.interviews.models import (
    Answer,
    AnswerRevision,
    AnswerSheet,
    Tag,
    Transcript,
    TranscriptPassage,
    Verbatim,
    WriteUp,
)
from debriefs.interviews.queries import transcript_for
from debriefs.interviews.refusals import (
    IsMarkedIn,
    NotAligned,
    NotBegun,
    NotInPassage,
    TranscriptExists,
    UnreadableTranscript,
    WriteUpIsSubmitted,
)
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = "The captains did not sleep in the first month."
TEXT = f"Ada Quill: What tipped it?\nBen Orrin: {SECRET} Nobody came.\nAda Quill: Go on.\nBen Orrin: The price was never it."


def at(debrief, name="transcript"):
    return programme_url(debrief.programme, f"interviews:{name}", debrief_id=debrief.pk)


def file(text=TEXT, name="call.txt"):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


@pytest.fixture
def transcript(world, debrief, sheet):
    return actions.add_transcript(
        debrief=debrief, file_name="call.txt", data=TEXT.encode(), by=world.interviewer, now=timezone.now()
    )


@pytest.fixture
def second(transcript):
    return transcript.passages.get(position=2)


def align(transcript, world, numbers, answer, **more):
    keys = set(transcript.passages.filter(position__in=numbers).values_list("pk", flat=True))
    return actions.align_passages(
        transcript=transcript, passages=keys, answer=answer, by=world.interviewer, now=timezone.now(), **more
    )


def aligned(transcript):
    return [
        one.answer and one.answer.question.position
        for one in transcript.passages.select_related("answer__question").order_by("position")
    ]


def hand_in(debrief):
    now = timezone.now()
    Debrief.objects.filter(pk=debrief.pk).update(written_up_at=now)
    AnswerSheet.objects.filter(debrief=debrief).update(submitted_at=now)
    WriteUp.objects.filter(debrief=debrief).update(submitted_at=now)
    debrief.refresh_from_db()


# ── In ──


def test_a_file_is_taken_in_by_passages_and_shown(world, sign_in, debrief, sheet):
    client = sign_in(world.interviewer)
    assert "Upload the transcript" in client.get(at(debrief)).content.decode()
    response = client.post(at(debrief, "transcript_add"), {"file": file()}, follow=True)
    page = response.content.decode()
    assert "The transcript is here: 4 passages." in page and SECRET in page
    assert list(TranscriptPassage.objects.values_list("position", "speaker")) == [
        (1, "Ada Quill"), (2, "Ben Orrin"), (3, "Ada Quill"), (4, "Ben Orrin"),
    ]  # fmt: skip
    assert AuditEntry.objects.get(action="transcript.added").detail == {"passages": 4}


def test_a_hostile_file_is_refused_with_a_sentence_and_leaves_nothing(world, sign_in, debrief, sheet):
    client = sign_in(world.interviewer)
    response = client.post(at(debrief, "transcript_add"), {"file": file(b"%PDF-1.7 words")})
    assert response.status_code == 422
    assert "This is a PDF." in response.content.decode()
    response = client.post(at(debrief, "transcript_add"), {})
    assert "Choose the file of the transcript." in response.content.decode()
    response = client.post(at(debrief, "transcript_add"), {"file": file(b"a" * (5 * 1024 * 1024 + 1))})
    assert "larger than 5 MB" in response.content.decode()
    assert not Transcript.objects.exists() and not TranscriptPassage.objects.exists()


def test_what_is_in_a_passage_is_shown_as_text_and_never_as_markup(world, sign_in, debrief, sheet):
    client = sign_in(world.interviewer)
    client.post(
        at(debrief, "transcript_add"), {"file": file("Ben: <script>alert(1)</script> & so on\nBen: more", "<b>.txt")}
    )
    page = client.get(at(debrief)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; so on" in page
    assert "&lt;b&gt;.txt" in page


def test_one_transcript_after_the_beginning_and_before_handing_in(world, debrief, transcript):
    def again(of):
        actions.add_transcript(debrief=of, file_name="b.txt", data=b"words", by=world.interviewer, now=timezone.now())

    with pytest.raises(TranscriptExists):
        again(debrief)
    other = factories.debrief(factories.deal(world.programme, owner=world.rep, team=world.team), world.interviewer)
    with pytest.raises(NotBegun):
        again(other)
    with pytest.raises(UnreadableTranscript):
        actions.add_transcript(debrief=other, file_name="b.txt", data=b"", by=world.interviewer, now=timezone.now())
    hand_in(debrief)
    with pytest.raises(WriteUpIsSubmitted):
        again(debrief)


# ── Who reads it ──

EVERYBODY = (
    "admin", "manager", "other_manager", "reviewer", "interviewer", "other_interviewer", "agency_interviewer",
    "rep", "member", "other_member", "other_admin",
)  # fmt: skip


@pytest.mark.parametrize("stage", ["open", "written up", "review taken on"])
def test_a_transcript_is_read_by_whoever_reads_raw_notes_and_each_reading_is_recorded(
    world, sign_in, debrief, transcript, stage
):
    if stage != "open":
        hand_in(debrief)
    if stage == "review taken on":
        take_review(debrief=debrief, by=world.reviewer, now=timezone.now())
    readers = {"open": (), "written up": ("admin",), "review taken on": ("admin", "reviewer")}
    for name in EVERYBODY:
        person = getattr(world, name)
        response = sign_in(person).get(at(debrief))
        may_read = name == "interviewer" or name in readers[stage]
        assert (SECRET in response.content.decode()) == may_read, name
        assert response.status_code == (200 if may_read else 404), name
        readings = AuditEntry.objects.filter(action="transcript.read", subject_id=debrief.pk, actor_id=person.pk)
        assert readings.count() == (1 if may_read else 0), name


def test_nobody_but_the_interviewer_changes_it(world, sign_in, debrief, transcript, second):
    posts = {
        "transcript_add": {"file": file()},
        "transcript_remove": {},
        "transcript_align": {"passages": [str(second.pk)], "answer": ""},
        "passage_mark": {"passage": "2", "words": "Nobody came."},
    }
    for name in EVERYBODY:
        if name == "interviewer":
            continue
        client = sign_in(getattr(world, name))
        for route, data in posts.items():
            assert client.post(at(debrief, route), data).status_code in (403, 404), (name, route)
    assert Transcript.objects.count() == 1 and not Verbatim.objects.exists()


# ── Aligned by hand ──


def test_passages_are_aligned_one_by_one_or_from_one_on_up_to_the_next_aligned(world, transcript, sheet):
    first, later = sheet.answers.order_by("question__position")[:2]
    assert align(transcript, world, [3], later) == 1
    assert aligned(transcript) == [None, None, 2, None]
    assert align(transcript, world, [1], first, and_on=True) == 2
    assert aligned(transcript) == [1, 1, 2, None]
    assert align(transcript, world, [4], later, and_on=True) == 1
    assert align(transcript, world, [1], None) == 1
    assert aligned(transcript) == [None, 1, 2, 2]


def test_questions_are_aligned_from_top_to_bottom_each_from_where_it_begins(world, transcript, sheet):
    first, later, last = sheet.answers.order_by("question__position")[:3]
    align(transcript, world, [1], first, and_on=True)
    align(transcript, world, [2], later, and_on=True)
    align(transcript, world, [4], last, and_on=True)
    assert aligned(transcript) == [1, 2, 2, 3]


def test_the_page_aligns_what_was_ticked(world, sign_in, debrief, transcript, sheet):
    first = sheet.answers.order_by("question__position").first()
    keys = [str(key) for key in transcript.passages.values_list("pk", flat=True)[:1]]
    client = sign_in(world.interviewer)
    client.post(at(debrief, "transcript_align"), {"passages": keys, "answer": str(first.pk), "and_on": "on"})
    assert aligned(transcript) == [1, 1, 1, 1]
    page = client.post(at(debrief, "transcript_align"), {"answer": str(first.pk)}, follow=True).content.decode()
    assert "Choose the passages first." in page
    # A question of another debrief cannot be chosen.
    other = Answer.objects.exclude(sheet=sheet).first()
    assert other is None or client.post(at(debrief, "transcript_align"), {"passages": keys, "answer": str(other.pk)})
    assert aligned(transcript) == [1, 1, 1, 1]


# ── Marked ──


def mark(world, passage, words):
    return actions.mark_passage(passage=passage, words=words, by=world.interviewer, now=timezone.now())


def test_words_are_marked_with_their_place_and_what_stands_around_them(world, transcript, second, sheet):
    answer = sheet.answers.order_by("question__position").first()
    with pytest.raises(NotAligned):
        mark(world, second, "Nobody came.")
    align(transcript, world, [2], answer)
    with pytest.raises(NotInPassage):
        mark(world, second, "Somebody came.")
    verbatim = mark(world, second, " Nobody \n came. ")
    assert (verbatim.text, second.text[verbatim.starts : verbatim.ends]) == ("Nobody came.", "Nobody came.")
    assert verbatim.prefix.endswith("first month. ") and verbatim.suffix == ""
    assert mark(world, second, "Nobody came.").pk == verbatim.pk
    assert verbatim.answer_id == answer.pk
    assert [piece for piece, is_marked in TranscriptPassage.objects.get(pk=second.pk).pieces if is_marked] == [
        "Nobody came."
    ]


def test_a_save_of_the_note_leaves_what_is_marked_in_the_transcript_alone(world, transcript, second, sheet):
    answer = sheet.answers.order_by("question__position").first()
    align(transcript, world, [2], answer)
    marked = mark(world, second, "Nobody came.")
    actions.save_answer(
        answer=answer,
        by=world.interviewer,
        now=timezone.now(),
        base_revision=0,
        operation=uuid4(),
        text="Yes. Nobody came.",
    )
    again = Verbatim.objects.get(pk=marked.pk)
    assert (again.starts, again.ends, again.prefix) == (marked.starts, marked.ends, marked.prefix)
    # The same words marked in the note are another verbatim.
    note = actions.mark_verbatim(answer=answer, words="Nobody came.", by=world.interviewer, now=timezone.now())
    assert note.pk != marked.pk and note.passage_id is None


def test_marked_words_move_to_the_question_their_passage_moves_to(world, transcript, second, sheet):
    first, later = sheet.answers.order_by("question__position")[:2]
    align(transcript, world, [2], first)
    verbatim = mark(world, second, "Nobody came.")
    driver = Driver.objects.filter(programme=world.programme).first() or factories.driver(world.programme)
    actions.tag_driver(
        answer=first, driver=driver, direction="hurt", verbatim=verbatim, by=world.interviewer, now=timezone.now()
    )
    align(transcript, world, [2], later)
    assert Verbatim.objects.get(pk=verbatim.pk).answer_id == later.pk
    assert Tag.objects.get(verbatim=verbatim).answer_id == later.pk
    with pytest.raises(IsMarkedIn):
        align(transcript, world, [2], None)


def test_the_page_marks_and_tags_and_says_what_is_wrong(world, sign_in, debrief, transcript, second, sheet):
    driver = Driver.objects.filter(programme=world.programme).first() or factories.driver(world.programme)
    client = sign_in(world.interviewer)
    typed = {"passage": "2", "words": "Nobody came.", "driver": str(driver.pk), "direction": "hurt", "strength": "3"}
    response = client.post(at(debrief, "passage_mark"), typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Say first which question this passage belongs to." in page and "Nobody came." in page
    align(transcript, world, [2], sheet.answers.order_by("question__position").first())
    assert (
        "There is no passage of this number."
        in client.post(at(debrief, "passage_mark"), typed | {"passage": "99"}).content.decode()
    )
    response = client.post(at(debrief, "passage_mark"), typed)
    assert response["Location"].endswith("/transcript/#passage-2")
    tag = Tag.objects.get()
    assert (tag.verbatim.passage_id, tag.strength, tag.direction) == (second.pk, 3, "hurt")
    page = client.get(at(debrief)).content.decode()
    assert "<mark>Nobody came.</mark>" in page
    remove = programme_url(world.programme, "interviews:verbatim_remove", verbatim_id=tag.verbatim_id)
    assert client.post(remove, {"back": "transcript"})["Location"].endswith("/transcript/")
    assert not Verbatim.objects.exists() and not Tag.objects.exists()


# ── Out, and what was handed in ──


def test_it_is_taken_out_only_while_nothing_is_marked_in_it(world, transcript, second, sheet):
    align(transcript, world, [2], sheet.answers.order_by("question__position").first())
    verbatim = mark(world, second, "Nobody came.")
    remove = lambda: actions.remove_transcript(transcript=transcript, by=world.interviewer, now=timezone.now())  # noqa: E731
    with pytest.raises(IsMarkedIn):
        remove()
    actions.remove_verbatim(verbatim=verbatim, by=world.interviewer, now=timezone.now())
    remove()
    remove()
    assert not Transcript.objects.exists() and not TranscriptPassage.objects.exists()
    assert AuditEntry.objects.filter(action="transcript.removed").count() == 1


def test_once_handed_in_it_changes_neither_by_page_nor_by_orm(world, sign_in, debrief, transcript, second, sheet):
    answer = sheet.answers.order_by("question__position").first()
    align(transcript, world, [2], answer)
    hand_in(debrief)
    for act in (
        lambda: align(transcript, world, [2], None),
        lambda: mark(world, second, "Nobody came."),
        lambda: actions.remove_transcript(transcript=transcript, by=world.interviewer, now=timezone.now()),
    ):
        with pytest.raises(WriteUpIsSubmitted):
            act()
    for change in (
        lambda: TranscriptPassage.objects.filter(pk=second.pk).update(text="other words"),
        lambda: Transcript.objects.filter(pk=transcript.pk).update(file_name="x"),
        lambda: TranscriptPassage.objects.filter(pk=second.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="was handed in"), transaction.atomic():
            change()
    page = sign_in(world.interviewer).get(at(debrief)).content.decode()
    assert SECRET in page and "passage-coder" not in page


def test_reviewer_reads_what_the_transcript_says_on_each_question_beside_the_answers(
    world, sign_in, debrief, transcript, sheet
):
    align(transcript, world, [1, 2, 3, 4], sheet.answers.order_by("question__position").first())
    hand_in(debrief)
    take_review(debrief=debrief, by=world.reviewer, now=timezone.now())
    client = sign_in(world.reviewer)
    for route in ("interviews:answers", "findings:coding"):
        page = client.get(programme_url(world.programme, route, debrief_id=debrief.pk)).content.decode()
        assert "From the transcript: 4 passages" in page and SECRET in page
        assert at(debrief) in page


# ── Erased ──


def test_erasing_a_contact_reaches_transcript_notes_and_write_up_even_handed_in(
    world, debrief, transcript, second, sheet
):
    answer = sheet.answers.order_by("question__position").first()
    actions.save_answer(
        answer=answer, by=world.interviewer, now=timezone.now(), base_revision=0, operation=uuid4(), text=SECRET
    )
    align(transcript, world, [2], answer)
    mark(world, second, "Nobody came.")
    actions.mark_verbatim(answer=answer, words="captains", by=world.interviewer, now=timezone.now())
    actions.save_part(
        write_up=WriteUp.objects.get(debrief=debrief),
        key="quality",
        by=world.interviewer,
        now=timezone.now(),
        base_revision=0,
        operation=uuid4(),
        text=SECRET,
        chosen=["quality:frank"],
    )
    hand_in(debrief)
    other = factories.debrief(
        factories.deal(world.programme, owner=world.rep, team=world.team),
        world.interviewer,
        held_at=timezone.now() - timedelta(days=1),
    )
    kept = actions.open_sheet(debrief=other, by=world.interviewer, now=timezone.now()).answers.first()
    actions.save_answer(
        answer=kept, by=world.interviewer, now=timezone.now(), base_revision=0, operation=uuid4(), text="kept"
    )
    for _twice in range(2):
        assert actions.erase_contact(contact=debrief.contact, reword=str, by=world.admin, now=timezone.now()) == 1
    assert not Transcript.objects.exists() and not TranscriptPassage.objects.exists() and not Verbatim.objects.exists()
    assert Answer.objects.get(pk=answer.pk).text == ""
    assert list(AnswerRevision.objects.values_list("text", flat=True)) == ["kept"]
    written = WriteUp.objects.get(debrief=debrief)
    assert (written.quality, written.quality_note) == ("frank", "")
    assert Answer.objects.get(pk=kept.pk).text == "kept"
    # The exception ends with the transaction that erases: what is handed in is frozen as before.
    assert transcript_for(world.interviewer, debrief, timezone.now()) == (None, [])
