"""One debrief of the demonstration, taken as far as its plan says, with the rows each stage leaves behind."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.models import Person
from debriefs.calls.enums import Neutrality
from debriefs.calls.models import Call, Debrief
from debriefs.deals.models import Contact, Deal, DealParty, OwnView
from debriefs.findings.models import Finding, Release, Remark
from debriefs.findings.plan import company_in
from debriefs.home.demonstration import words
from debriefs.home.demonstration.coded_twice import code_twice, quote_of, tell_story
from debriefs.home.demonstration.transcripts import has_transcript, make_transcript
from debriefs.home.demonstration.write_ups import make_write_up
from debriefs.interviews.models import Answer, AnswerSheet, PermissionGiven, Tag, Verbatim

if TYPE_CHECKING:
    from debriefs.home.demonstration.build import Stage
    from debriefs.home.demonstration.plan import DealPlan

# How a buyer is called who did not allow their name.
_ANONYMOUS = ("An evaluator", "An economic buyer", "A user", "Somebody in procurement", "A champion")
# The order of stages; a debrief that is held has been booked, and so on.
ORDER = ("planned", "invited", "booked", "held", "written_up", "reviewed", "released")


def make_debrief(stage: "Stage", plan: "DealPlan", deal: Deal, contact: Contact) -> None:
    """The debrief of a deal up to its planned state."""
    assert plan.decided_on is not None  # noqa: S101 - only decided deals are debriefed
    reached = ORDER.index(plan.debrief) if plan.debrief in ORDER else 1
    keys = ("interviewer", "interviewer.finance", "interviewer.marketing")
    # What waits to be written up waits for the interviewer whose sign-in a newcomer has.
    interviewer = stage.people[keys[0] if plan.debrief == "held" else keys[plan.index % 3]]
    moments = _moments(stage, plan)
    admin, reviewer = stage.people["admin"], stage.people["reviewer"]
    manager = next(p for key, p in stage.people.items() if key == _manager_of(plan))

    def reached_at(step: str) -> datetime | None:
        return moments[step] if ORDER.index(step) <= reached else None

    debrief = stage.rows.add(
        Debrief,
        deal=deal,
        contact=contact,
        interviewer=interviewer,
        reviewer=reviewer if reached >= ORDER.index("reviewed") else None,
        guide_version=stage.guides[deal.outcome_group],
        neutrality=Neutrality.AGENCY if interviewer.affiliation == "agency" else Neutrality.OTHER_TEAM,
        minutes=stage.guides[deal.outcome_group].guide.expected_minutes,
        place="https://meet.orbeline.example/debrief",
        hypothesis="Whether the reason in the CRM was the buyer's reason." if reached >= ORDER.index("booked") else "",
        planned_at=moments["planned"],
        planned_by=manager,
        invited_at=reached_at("invited"),
        booked_at=reached_at("booked"),
        held_at=reached_at("held"),
        held_by=interviewer if reached_at("held") else None,
        written_up_at=reached_at("written_up"),
        written_up_by=interviewer if reached_at("written_up") else None,
        reviewed_at=reached_at("reviewed"),
        reviewed_by=reviewer if reached_at("reviewed") else None,
        released_at=reached_at("released"),
        released_by=admin if reached_at("released") else None,
        declined_at=moments["booked"] if plan.debrief == "declined" else None,
        decline_reason="not_now" if plan.debrief == "declined" else "",
        closed_at=moments["held"] if plan.debrief == "closed" else None,
        closed_by=manager if plan.debrief == "closed" else None,
        closed_reason="No answer after two reminders" if plan.debrief == "closed" else "",
    )
    stage.rows.add(DealParty, deal=deal, person=interviewer, kind="interviewer", joined_at=moments["planned"])
    _own_view(stage, plan, deal, moments, is_closed=reached >= ORDER.index("held"))
    if reached >= ORDER.index("booked"):
        _call(stage, debrief, interviewer, contact, moments, is_held=reached >= ORDER.index("held"))
    if reached >= ORDER.index("held"):
        said = _said(stage, plan)
        _interview(stage, plan, debrief, interviewer, moments, said, is_written_up=reached >= ORDER.index("written_up"))
        if plan.debrief == "released":
            _release(stage, plan, debrief, deal, contact, moments, said)
        if reached >= ORDER.index("reviewed") and plan.debrief in ("reviewed", "released"):
            code_twice(stage, plan, debrief, (reviewer, admin), moments, said)


def _said(stage: "Stage", plan: "DealPlan") -> list[str]:
    """The buyer's words, one for each driver; no two buyers in the same words until all of them were used."""
    said = []
    for driver, direction, _strength in plan.drivers:
        pool = words.VERBATIMS[driver, direction]
        said.append(pool[stage.said[driver, direction] % len(pool)])
        stage.said[driver, direction] += 1
    return said


def _manager_of(plan: "DealPlan") -> str:
    return {"North": "manager", "South": "manager.south"}.get(plan.team, "manager.public")


def _moments(stage: "Stage", plan: "DealPlan") -> dict[str, datetime]:
    """When each stage was reached; a booked call lies ahead, everything else behind."""
    assert plan.decided_on is not None  # noqa: S101 - only decided deals are debriefed
    rng, day = stage.random, plan.decided_on
    planned = stage.moment(day + timedelta(days=2), 10)
    invited = max(planned, stage.moment(day + timedelta(days=3), 9))
    booked = max(invited, stage.moment(day + timedelta(days=rng.randint(4, 6)), 14))
    held = max(booked, stage.moment(day + timedelta(days=rng.randint(9, 12)), 10 + plan.index % 6))
    written_up = max(held, stage.moment(day + timedelta(days=rng.randint(12, 15)), 16))
    reviewed = max(written_up, stage.moment(day + timedelta(days=rng.randint(16, 19)), 11))
    released = max(reviewed, stage.moment(day + timedelta(days=rng.randint(19, 24)), 12))
    return {
        "planned": planned, "invited": invited, "booked": booked, "held": held,
        "written_up": written_up, "reviewed": reviewed, "released": released,
    }  # fmt: skip


def _own_view(stage: "Stage", plan: "DealPlan", deal: Deal, moments: dict[str, datetime], *, is_closed: bool) -> None:
    given = is_closed or plan.index % 2 == 0
    texts = stage.random.choice(words.OWN_VIEWS[plan.outcome]) if given else ("", "", "", "")
    stage.rows.add(
        OwnView,
        deal=deal,
        person=stage.people[plan.owner],
        why=texts[0],
        what_mattered=texts[1],
        when_it_changed=texts[2],
        what_to_hear=texts[3],
        driver=stage.drivers[plan.own_driver] if given and plan.own_driver else None,
        revision=1 if given else 0,
        asked_at=moments["planned"],
        given_at=moments["invited"] if given else None,
        closed_at=moments["held"] if is_closed else None,
    )


def _call(
    stage: "Stage",
    debrief: Debrief,
    interviewer: Person,
    contact: Contact,
    moments: dict[str, datetime],
    *,
    is_held: bool,
) -> None:
    starts_at = moments["held"].replace(minute=0, second=0, microsecond=0) if is_held else _coming(stage)
    # Two calls of one interviewer must not meet, buffers included: the database would refuse them.
    taken = stage.taken.setdefault(interviewer.id, [])
    while any(abs(starts_at - other) < timedelta(minutes=75) for other in taken):
        starts_at += timedelta(hours=-2) if is_held else timedelta(hours=1)
    taken.append(starts_at)
    ends_at = starts_at + timedelta(minutes=debrief.minutes)
    buffer = timedelta(minutes=15)
    call_id = stage.rows.uuid()
    stage.rows.add(
        Call,
        id=call_id,
        debrief=debrief,
        interviewer=interviewer,
        interviewer_user=interviewer.user,
        contact_address_key=contact.email_key,
        starts_at=starts_at,
        ends_at=ends_at,
        blocked=DateTimeTZRange(starts_at - buffer, ends_at + buffer, "[)"),
        agreed_time_zone=contact.time_zone,
        agreed_wall_time=starts_at.astimezone(ZoneInfo(contact.time_zone)).strftime("%Y-%m-%d %H:%M"),
        ics_uid=f"{call_id}@debriefs.orbeline.example",
        ics_stamp=moments["booked"],
        booked_at=moments["booked"],
        held_at=starts_at if is_held else None,
    )


def _coming(stage: "Stage") -> datetime:
    """The next free-looking hour of a working day ahead."""
    offset = stage.ahead
    stage.ahead += 1
    day = stage.today + timedelta(days=1 + offset)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, datetime.min.time(), ZoneInfo("Europe/Oslo")) + timedelta(hours=10 + offset)


def _interview(
    stage: "Stage",
    plan: "DealPlan",
    debrief: Debrief,
    interviewer: Person,
    moments: dict[str, datetime],
    sayings: list[str],
    *,
    is_written_up: bool,
) -> None:
    rows = stage.rows
    sheet = rows.add(
        AnswerSheet,
        debrief=debrief,
        opened_at=moments["held"],
        consent_at=moments["held"],
        submitted_at=moments["written_up"] if is_written_up else None,
    )
    answers = []
    for number, question in enumerate(debrief.guide_version.questions.all()):
        notes = words.ANSWER_NOTES[question.key]
        answers.append(
            rows.add(
                Answer,
                sheet=sheet,
                question=question,
                question_key=question.key,
                question_text=question.text,
                text=notes[(number + plan.index) % len(notes)],
                state="noted",
                revision=1,
                saved_at=moments["held"],
                saved_by=interviewer,
            )
        )
    for number, (driver, direction, strength) in enumerate(plan.drivers):
        answer = answers[(number + 4) % len(answers)]
        said = sayings[number]
        start = len(answer.text) + 1
        answer.text = f"{answer.text}\n{said}"
        verbatim = rows.add(
            Verbatim, answer=answer, text=said, starts=start, ends=start + len(said), prefix=answer.text[max(0, start - 30) : start],
            marked_at=moments["held"], marked_by=interviewer,
        )  # fmt: skip
        tag = rows.add(
            Tag, answer=answer, driver=stage.drivers[driver], direction=direction, strength=strength, verbatim=verbatim,
            tagged_at=moments["held"], tagged_by=interviewer,
        )  # fmt: skip
        if is_written_up and plan.debrief in ("reviewed", "released"):
            rows.add(
                Finding, debrief=debrief, driver=stage.drivers[driver], direction=direction, strength=strength, is_primary=number == 0,
                verbatim=said, tag_id=tag.id, coded_at=moments["reviewed"], coded_by=debrief.reviewed_by,
            )  # fmt: skip
    if has_transcript(plan):
        make_transcript(stage, plan, debrief, interviewer, answers, moments["held"])
    make_write_up(stage, plan, debrief, interviewer, moments["held"], is_written_up=is_written_up)
    if is_written_up:
        _permissions(stage, plan, debrief, interviewer, moments["held"])


def _permissions(stage: "Stage", plan: "DealPlan", debrief: Debrief, interviewer: Person, at: datetime) -> None:
    for kind in ("quote", "reference", "referral", "contact_notes", "contact_needs", "hear_changes"):
        given = kind in ("quote", "contact_notes") or stage.random.random() < 0.5
        stage.rows.add(
            PermissionGiven,
            debrief=debrief,
            kind=kind,
            given=given,
            quote_level=plan.quote_level if kind == "quote" else "",
            said_at=at,
            recorded_by=interviewer,
        )


def _summary(plan: "DealPlan", part: str) -> str:
    """What happened, in two sentences; the page itself says what was named first and what decided."""
    others = " and ".join(plan.rivals)
    looked = (
        f"{part[:1].upper()}{part[1:]} had {others} beside us."
        if others
        else f"{part[:1].upper()}{part[1:]} looked at us alone."
    )
    end = {
        "won": "We were chosen, and the work begins within weeks.",
        "lost": f"The order went to {plan.winner}.",
        "withdrawn": "Nothing was bought in the end, from anybody.",
        "rejected": "We were out before the shortlist was made.",
    }[plan.outcome]
    return f"{looked} {end}"


# Buyers hold these beside what the competitor had.
_COMPARED = {"implementation-plan", "implementation-effort", "functional-coverage", "perceived-value", "usability"}


def _release(
    stage: "Stage",
    plan: "DealPlan",
    debrief: Debrief,
    deal: Deal,
    contact: Contact,
    moments: dict[str, datetime],
    said: list[str],
) -> None:
    named = plan.quote_level == "named"
    own = stage.drivers[plan.own_driver] if plan.own_driver else deal.own_reason_driver
    part = "the " + contact.title.lower() if named else "the buyer"
    release = stage.rows.add(
        Release,
        debrief=debrief,
        deal=deal,
        company_id=deal.company_id,
        team_id=deal.team_id,
        audience=stage.programme.audience,
        summary="",
        buyer_label=contact.title if named else _ANONYMOUS[plan.index % len(_ANONYMOUS)],
        company_label=plan.company if named else company_in(plan.segment),
        quote_level=plan.quote_level,
        stated_driver=stage.drivers[plan.stated],
        primary_driver=stage.drivers[plan.drivers[0][0]],
        own_driver=own,
        own_category=own.category if own else deal.own_reason_category,
        released_at=moments["released"],
        released_by=debrief.released_by,
        others_from=moments["released"] + timedelta(hours=stage.programme.owner_reads_first_hours),
        content_sha256="",
    )
    for number, (driver, direction, strength) in enumerate(plan.drivers):
        rival = stage.rivals[plan.winner or plan.rivals[0]] if driver in _COMPARED and plan.rivals else None
        stage.rows.add(
            Remark,
            release=release,
            deal=deal,
            driver=stage.drivers[driver],
            direction=direction,
            strength=strength,
            competitor=rival,
            is_primary=number == 0,
            verbatim=said[number],
        )
    release.summary = _summary(plan, part)
    tell_story(stage, plan, release)
    quote_of(stage, plan, debrief, contact, release, said[0], stage.people["reviewer"])
    release.content_sha256 = sha256("\n".join([release.summary, *said]).encode()).hexdigest()
