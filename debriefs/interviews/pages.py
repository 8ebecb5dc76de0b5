"""What the questionnaire shows: one turn per question, the state of the whole, what stands beside it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from accounts.models import Programme
from accounts.requests import programme_url
from debriefs.codebook.queries import drivers_of
from debriefs.guides.enums import QuestionKind
from debriefs.guides.models import GuideVersion
from debriefs.interviews.choosing import Scale, scales_of
from debriefs.interviews.enums import AnswerState, SheetKind
from debriefs.interviews.forms import CLOSING, OPENING, ConsentForm, MarkForm, PermissionsForm, place_in
from debriefs.interviews.models import Answer, AnswerSheet
from debriefs.interviews.queries import (
    answers_of,
    asked_of,
    competitors_of,
    drivers_tagged_last,
    permissions_given,
    rated_drivers,
    said_in_writing,
    vendors_of,
)
from debriefs.interviews.rules import both_texts
from debriefs.interviews.vague import EXPLAINED, TOPIC_WORDS, VAGUE, Vague, called

# A sheet opened longer ago than this is no running conversation: the timer would only count days.
_RUNNING = timedelta(hours=3)


@dataclass
class Turn:
    """One question with its note as the page shows it: as saved, or as typed where a save was refused."""

    number: int
    answer: Answer
    text: str
    state: str
    marking: MarkForm | None = None
    operation: UUID = field(default_factory=uuid4)
    second_operation: UUID = field(default_factory=uuid4)
    theirs: str | None = None
    both: str = ""
    problem: str = ""
    scales: tuple[Scale, ...] = ()
    chosen: list[str] = field(default_factory=list)
    is_asked: bool = True
    # What the buyer answered to the same question in writing.
    in_writing: Answer | None = None

    @property
    def used(self) -> list[str]:
        """The keys of the probes that were asked here."""
        return [one.key for one in self.answer.probe_uses.all()]

    @property
    def called(self) -> list[Vague]:
        """The vague answers in the note."""
        return called(self.text)


def hour_of(moment: datetime | None, time_zone: str) -> str:
    """ "15:19" on the reader's clock; empty for None."""
    return f"{moment.astimezone(ZoneInfo(time_zone)):%H:%M}" if moment else ""


def page_of(sheet: AnswerSheet) -> str:
    """The address of the page of this sheet: its questionnaire, or the answers in writing."""
    if sheet.debrief_id:
        name = "written" if sheet.kind == SheetKind.WRITTEN else "questionnaire"
        return programme_url(sheet.programme, f"interviews:{name}", debrief_id=sheet.debrief_id)
    return programme_url(sheet.programme, "interviews:rehearsal", rehearsal_id=sheet.rehearsal_id)  # type: ignore[arg-type]


def turns_of(sheet: AnswerSheet, programme: Programme) -> list[Turn]:
    """The turns of a sheet, in the order of the guide. Ten queries, and one where vendors are rated."""
    # Evaluated once: every question offers the same codebook.
    drivers = drivers_of(programme)
    len(drivers)
    competitors = competitors_of(sheet)
    len(competitors)
    of = sheet.debrief or sheet.rehearsal
    writer = getattr(of, "interviewer_id", None) or getattr(of, "person_id", None)
    recent = drivers_tagged_last(writer, sheet.programme_id)
    answers = answers_of(sheet)
    asked = set(asked_of(answers))
    rates_vendors = any(answer.question.kind == QuestionKind.RATING for answer in answers)
    vendors, rows = vendors_of(sheet) if rates_vendors else [], rated_drivers(drivers)
    written = said_in_writing(sheet)
    return [
        Turn(
            in_writing=written.get(answer.question_key),
            scales=scales_of(answer.question.asked, vendors=vendors, drivers=rows, kept=answer.chosen),
            chosen=list(answer.chosen),
            is_asked=number in asked,
            number=number,
            answer=answer,
            text=answer.text,
            state=answer.state if answer.state in (AnswerState.NOT_ASKED, AnswerState.DECLINED) else "",
            marking=MarkForm(drivers=drivers, competitors=competitors, recent=recent, auto_id=f"id_{number}_%s"),
        )
        for number, answer in enumerate(answers, start=1)
    ]


def refused(
    turn: Turn, *, text: str, state: str, problem: str, chosen: list[str], current: Answer | None = None
) -> None:
    """Shows in the turn what was typed instead of what is saved; with `current`, both texts and the way on."""
    turn.text, turn.state, turn.problem, turn.chosen = text, state, problem, chosen
    if current is not None:
        turn.answer.revision, turn.answer.text, turn.answer.state = current.revision, current.text, current.state
        turn.answer.chosen = current.chosen
        turn.theirs, turn.both = current.text, both_texts(current.text, text)


def questionnaire(
    *,
    sheet: AnswerSheet,
    version: GuideVersion,
    turns: list[Turn],
    at: str,
    time_zone: str,
    now: datetime,
    expected_minutes: int,
) -> dict[str, Any]:
    """Everything the page needs besides deal and briefing. One query more than the turns, for the permissions.

    `at` is the part asked for in the address; without a part, the first question that has nothing yet, or the opening.
    """
    place = place_in(at, len(turns)) or _first_open(sheet, turns)
    minutes = (now - sheet.opened_at) // timedelta(minutes=1)
    saved = [turn.answer.saved_at for turn in turns if turn.answer.saved_at]
    recorded = permissions_given(sheet.debrief) if sheet.debrief else {}
    action = ""
    if sheet.debrief_id:
        action = programme_url(sheet.programme, "interviews:permissions", debrief_id=sheet.debrief_id)
    return {
        "sheet": sheet,
        "version": version,
        "turns": turns,
        "last_asked": max((turn.number for turn in turns if turn.is_asked), default=0),
        "place": place,
        "places": [OPENING, *(str(turn.number) for turn in turns), CLOSING],
        "current": next((turn for turn in turns if str(turn.number) == place), None),
        "vague": VAGUE,
        "explained": "|".join(EXPLAINED),
        "topic_words": TOPIC_WORDS,
        "saved_at": hour_of(max(saved, default=None), time_zone),
        "consent_at": hour_of(sheet.consent_at, time_zone),
        "opening": ConsentForm(initial={"words": sheet.consent_words, "on_the_call": sheet.on_the_call}),
        "minutes": minutes if now - sheet.opened_at < _RUNNING else None,
        "expected_minutes": expected_minutes,
        "permissions": PermissionsForm(
            recorded=recorded,
            asked=version.guide.permissions,
            action=action,
            as_practice=not sheet.debrief_id,
        ),
        "permissions_recorded": len(recorded),
        "page": page_of(sheet),
    }


def _first_open(sheet: AnswerSheet, turns: list[Turn]) -> str:
    if sheet.consent_at is None and all(turn.answer.state == AnswerState.EMPTY for turn in turns):
        return OPENING
    return next(
        (str(turn.number) for turn in turns if turn.is_asked and turn.answer.state == AnswerState.EMPTY),
        "1" if turns else OPENING,
    )
