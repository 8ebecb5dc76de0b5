"""What the buyer's pages of a written debrief show."""

from typing import Any

from debriefs.calls.models import Debrief, ProspectLink
from debriefs.calls.queries import live_call_of
from debriefs.codebook.queries import drivers_of
from debriefs.guides.enums import QuestionKind
from debriefs.interviews import pages, queries
from debriefs.interviews.choosing import scales_of
from debriefs.interviews.enums import AnswerState
from debriefs.interviews.models import Answer, AnswerSheet
from debriefs.interviews.permission_forms import BuyerPermissionsForm


def turns_of(sheet: AnswerSheet) -> list[pages.Turn]:
    """The questions with what was written, in the order of the guide. Four queries, and one each where vendors or drivers are rated."""
    answers = queries.answers_of(sheet)
    asked = set(queries.asked_of(answers))
    kinds = {answer.question.kind for answer in answers}
    vendors = queries.vendors_of(sheet) if QuestionKind.RATING in kinds else []
    drivers = queries.rated_drivers(drivers_of(sheet.programme)) if QuestionKind.DRIVER_RATING in kinds else []
    return [
        pages.Turn(
            number=number,
            answer=answer,
            text=answer.text,
            state="",
            chosen=list(answer.chosen),
            is_asked=number in asked,
            scales=scales_of(
                answer.question.asked,
                vendors=vendors,
                drivers=drivers,
                us=sheet.programme.company_name,
                kept=answer.chosen,
            ),
        )
        for number, answer in enumerate(answers, start=1)
    ]


def page_of(
    link: ProspectLink, debrief: Debrief, sheet: AnswerSheet, turns: list[pages.Turn], *, at: str, shows_all: bool
) -> dict[str, Any]:
    """The questions: one of them shown, or all. `at` is the number asked for; without one the first that has no answer yet. One query."""
    asked = [turn for turn in turns if turn.is_asked]
    numbers = [str(turn.number) for turn in asked]
    place = at if at in (str(turn.number) for turn in turns) else ""
    open_ones = [str(turn.number) for turn in asked if turn.answer.state == AnswerState.EMPTY]
    place = place or next(iter(open_ones), numbers[0] if numbers else "")
    return _about(link, debrief) | {
        "sheet": sheet,
        "turns": turns,
        "place": place,
        "shows_all": shows_all,
        "current": next((turn for turn in turns if str(turn.number) == place), None),
        "last_asked": asked[-1].number if asked else 0,
        "answered": answered_of(turns),
        "saved_at": pages.hour_of(
            max((turn.answer.saved_at for turn in turns if turn.answer.saved_at), default=None), zone_of(debrief)
        ),
        "call": live_call_of(debrief),
    }


def intro_of(link: ProspectLink, debrief: Debrief) -> dict[str, Any]:
    """What stands before the first question. One query."""
    questions = debrief.guide_version.questions.filter(fit_for_writing=True).count()
    return _about(link, debrief) | {"questions": questions, "minutes": debrief.guide_version.guide.expected_minutes}


def review_of(
    link: ProspectLink, debrief: Debrief, sheet: AnswerSheet, form: BuyerPermissionsForm | None = None
) -> dict[str, Any]:
    """Everything once more before it is sent, and what is permitted. Six queries."""
    turns = turns_of(sheet)
    return _about(link, debrief) | {
        "sheet": sheet,
        "turns": [turn for turn in turns if turn.is_asked],
        "answered": answered_of(turns),
        "form": form or permissions_form(debrief),
        "call": live_call_of(debrief),
    }


def thanks_of(link: ProspectLink, debrief: Debrief, sheet: AnswerSheet) -> dict[str, Any]:
    """What was sent, and what happens next. Six queries."""
    turns = turns_of(sheet)
    return _about(link, debrief) | {
        "sheet": sheet,
        "turns": [turn for turn in turns if not turn.answer.is_off_path and turn.answer.state == AnswerState.NOTED],
        "call": live_call_of(debrief),
    }


def permissions_form(debrief: Debrief, data: Any = None) -> BuyerPermissionsForm:
    """What the guide asks to permit, all of which may be left open. One query."""
    asked = debrief.guide_version.guide.permissions
    return BuyerPermissionsForm(data, recorded=queries.permissions_given(debrief), asked=asked, must_say=False)


def answered_of(turns: list[pages.Turn]) -> int:
    """How many of the questions that are asked have an answer."""
    return sum(1 for turn in turns if turn.is_asked and turn.answer.state == AnswerState.NOTED)


def zone_of(debrief: Debrief) -> str:
    """The buyer's clock."""
    return debrief.contact.time_zone or debrief.programme.time_zone


def as_told(debrief: Debrief, answer: Answer) -> dict[str, Any]:
    """What the script needs to know of an answer as it is saved."""
    return {
        "revision": answer.revision,
        "state": answer.state,
        "chosen": answer.chosen,
        "saved_at": pages.hour_of(answer.saved_at, zone_of(debrief)),
        "saved_by": "",
    }


def next_place(sheet: AnswerSheet, number: int, go: str) -> str:
    """The number of the question after or before this one on the way the answers lead; "" behind the last. One query."""
    asked = queries.asked_of(_in_order(sheet))
    if go == "next":
        return str(min((one for one in asked if one > number), default=""))
    if go == "previous":
        return str(max((one for one in asked if one < number), default=number))
    return str(number)


def asked_now(sheet: AnswerSheet) -> list[int]:
    """The numbers of the questions that the answers lead to. One query."""
    return queries.asked_of(_in_order(sheet))


def number_of(answer: Answer) -> int:
    """The place of the answer's question in its sheet, from 1. One query."""
    return Answer.objects.filter(sheet=answer.sheet_id, question__position__lte=answer.question.position).count()


def _in_order(sheet: AnswerSheet) -> list[Answer]:
    return list(Answer.objects.filter(sheet=sheet).select_related("question").order_by("question__position"))


def _about(link: ProspectLink, debrief: Debrief) -> dict[str, Any]:
    return {
        "programme": debrief.programme,
        "debrief": debrief,
        "link": link,
        # The guide is chosen in the contact's language where there is one; where there is none, its words say which they are in.
        "guide_language": debrief.guide_version.guide.language,
        "is_agency": debrief.neutrality == "agency",
    }
