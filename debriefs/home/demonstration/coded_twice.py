"""What the demonstration shows beyond the releases: stories with their timeline, quotes in every state, debriefs coded twice."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.deals.models import Contact
from debriefs.findings.comparison import is_chosen
from debriefs.findings.models import CodedUnit, Quote, QuoteUse, Release, ReleasedCheck, ReleasedNeed, SecondCoding
from debriefs.interviews.models import NeedAssessment, RecordCheck, WriteUp

if TYPE_CHECKING:
    from debriefs.home.demonstration.build import Stage
    from debriefs.home.demonstration.plan import DealPlan

_TIMELINES = (
    "At first: Two people left over the old way of working, and the board asked for a change\n"
    "Some weeks later: Five suppliers on a list, three asked to show what they have\n"
    "Near the end: Both finalists asked how the first month would go\n"
    "The last week: The board decided within one meeting",
    "The start: A contract that ran out and a budget that was there\n"
    "Then: A trial of two weeks with each of the last two\n"
    "The decision: The users were asked, and their answer was followed",
    "Early on: A recommendation, and a first call within days\n"
    "Midway: Procurement joined and asked for references\n"
    "At the end: Terms were compared line by line",
)
_SUGGESTS = (
    "Name the person who leads the first month in every proposal.",
    "Ask who else has to agree before the demonstration is planned.",
    "Show the sum over three years beside the price.",
)


def tell_story(stage: "Stage", plan: "DealPlan", release: Release) -> None:
    """Timeline, what it suggests, and of the write-up the record field by field and the needs."""
    release.timeline = _TIMELINES[plan.index % len(_TIMELINES)]
    release.suggests = _SUGGESTS[plan.index % len(_SUGGESTS)]
    (write_up,) = stage.rows.gathered(WriteUp, debrief_id=release.debrief_id)
    for check in stage.rows.gathered(RecordCheck, write_up_id=write_up.pk):
        stage.rows.add(ReleasedCheck, release=release, field=check.field, verdict=check.verdict)
    for need in stage.rows.gathered(NeedAssessment, write_up_id=write_up.pk):
        stage.rows.add(
            ReleasedNeed,
            release=release,
            position=need.position,
            text=need.text,
            weight=need.weight,
            outcome=need.outcome,
        )


def quote_of(
    stage: "Stage", plan: "DealPlan", debrief: Debrief, contact: Contact, release: Release, words: str, reviewer: object
) -> None:
    """Of every third release a quote: approved and used, waiting for the buyer, or run out."""
    if plan.index % 3 or plan.quote_level == "none":
        return
    asked = release.others_from + timedelta(days=1)
    answered = asked + timedelta(days=2)
    state = "asked" if answered > stage.now or plan.index % 4 == 1 else "approved"
    answer = (
        {"approved_at": answered, "approver_name": contact.name, "expires_on": (answered + timedelta(days=365)).date()}
        if state == "approved"
        else {}
    )
    source = f"{release.buyer_label}, {release.company_label}" if plan.quote_level == "named" else release.company_label
    quote = stage.rows.add(
        Quote, debrief=debrief, release=release, contact=contact, words=words, proposed_words=words, source=source[:200],
        level=plan.quote_level, proposed_at=release.others_from, proposed_by=reviewer, asked_at=asked, asked_by=reviewer, **answer,
    )  # fmt: skip
    if state == "approved" and plan.index % 2 == 0:
        stage.rows.add(
            QuoteUse,
            quote=quote,
            place="Page of references",
            used_on=answered.date(),
            noted_at=answered,
            noted_by=reviewer,
        )


def code_twice(
    stage: "Stage",
    plan: "DealPlan",
    debrief: Debrief,
    people: tuple[Person, Person],
    moments: dict[str, datetime],
    said: list[str],
) -> None:
    """A debrief that the rule chooses has a second coding; of ten, seven agree in everything."""
    # By the debrief's id alone, which comes from the seed: the programme's does not.
    if not is_chosen(UUID(int=0), debrief.pk, stage.programme.second_coding_percent):
        return
    first, second = people
    at = moments["reviewed"]
    debrief.second_coder = second
    coding = stage.rows.add(
        SecondCoding, debrief=debrief, share_percent=stage.programme.second_coding_percent, chosen_at=at, coder=second,
        begun_at=at, handed_in_at=at, first_kept_at=at,
    )  # fmt: skip
    for number, (driver, direction, strength) in enumerate(plan.drivers):
        for side, coder in (("first", first), ("second", second)):
            if side == "second" and number and plan.index % 10 > 6:
                continue
            stage.rows.add(
                CodedUnit, coding=coding, side=side, driver=stage.drivers[driver], direction=direction, strength=strength,
                is_primary=number == 0, verbatim=said[number], coded_at=at, coded_by=coder,
            )  # fmt: skip
