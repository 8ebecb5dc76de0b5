"""Transcripts of the demonstration: some calls were written down by a tool, aligned to the questions as far as the interviewer came."""

from datetime import datetime
from typing import TYPE_CHECKING

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.interviews.models import Answer, Tag, Transcript, TranscriptPassage, Verbatim

if TYPE_CHECKING:
    from debriefs.home.demonstration.build import Stage
    from debriefs.home.demonstration.plan import DealPlan

# What a buyer says around the words that the notes hold.
_TALK = (
    "Where do I start. In spring we had two weekends in a row with open shifts, and after the second one somebody had to do something.",
    "We had the four of us in the room for that, operations and finance and IT, and the works council by telephone.",
    "Let me think. I would not say it was one thing, at the time it did not feel like one thing.",
    "What we needed was nights and weekends, and nobody typing everything twice for the payroll.",
    "There were three in the beginning. Two of them came to the plant, and one never called back.",
)
_BEFORE = "You can note that down if you like. "
_MARKED = "I would put it like this: we wanted a name for every day of the first month."
_LAST = "No, that was it. Thank you for asking, nobody has asked me that before."
_SECONDS = 41
_AT_WORK = ("held", "written_up")
_DRIVER = "implementation-plan"


def has_transcript(plan: "DealPlan") -> bool:
    """Whether this call was written down: every third, and those which somebody is at work on."""
    return plan.index % 3 == 0 or plan.debrief in _AT_WORK


def make_transcript(
    stage: "Stage", plan: "DealPlan", debrief: Debrief, interviewer: Person, answers: list[Answer], at: datetime
) -> None:
    """Question and answer in turn; marked words with a driver in the last answer but one, and an end that belongs to no question."""
    transcript = stage.rows.add(
        Transcript, debrief=debrief, file_name=f"call-{plan.index}.vtt", uploaded_at=at, uploaded_by=interviewer
    )
    asked = answers[: len(_TALK)]
    said: list[tuple[str, str, Answer | None]] = []
    for number, answer in enumerate(asked):
        talk = _TALK[(number + plan.index) % len(_TALK)]
        if number == len(asked) - 2:
            talk = f"{_BEFORE}{_MARKED}"
        said += [(interviewer.name, answer.question_text, answer), (debrief.contact.name, talk, answer)]
    said.append((debrief.contact.name, _LAST, None))
    for number, (speaker, text, of) in enumerate(said, start=1):
        passage = stage.rows.add(
            TranscriptPassage,
            transcript=transcript,
            position=number,
            speaker=speaker,
            starts_seconds=12 + (number - 1) * _SECONDS,
            text=text,
            answer=of,
        )
        # A reviewer has taken over the tags of others already.
        if of is not None and text.endswith(_MARKED) and plan.debrief in _AT_WORK:
            _mark(stage, passage, of, interviewer, at)


def _mark(stage: "Stage", passage: TranscriptPassage, answer: Answer, interviewer: Person, at: datetime) -> None:
    verbatim = stage.rows.add(
        Verbatim,
        answer=answer,
        passage=passage,
        text=_MARKED,
        starts=len(_BEFORE),
        ends=len(_BEFORE) + len(_MARKED),
        prefix=_BEFORE,
        marked_at=at,
        marked_by=interviewer,
    )
    stage.rows.add(
        Tag, answer=answer, driver=stage.drivers[_DRIVER], direction="mentioned", strength=1, verbatim=verbatim, tagged_at=at,
        tagged_by=interviewer,
    )  # fmt: skip
