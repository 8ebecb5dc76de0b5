"""Makes the demonstration programme: people, deals, debriefs in every state, released findings, lessons."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.logo_images import logo_from
from accounts.logos import put_logo
from accounts.models import Membership, Person, Programme, Team, TeamMember, User
from debriefs.calls.models import InterviewerCalendar, WeeklyHours
from debriefs.codebook.actions import install_starter_codebook
from debriefs.codebook.models import Category, Driver
from debriefs.codebook.queries import meanings_of_reasons
from debriefs.codebook.rules import reason_key
from debriefs.deals.enums import SelectionRule
from debriefs.deals.models import (
    Company,
    Competitor,
    Contact,
    Deal,
    DealCompetitor,
    DealContact,
    DealParty,
    Offering,
    SalesNote,
    SelectionDecision,
)
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.guides.actions import install_starter_guides
from debriefs.guides.models import GuideVersion
from debriefs.home.demonstration import cast, logo, words
from debriefs.home.demonstration.lessons import make_lessons
from debriefs.home.demonstration.plan import DealPlan, plans
from debriefs.home.demonstration.rows import Rows
from debriefs.home.demonstration.stages import make_debrief
from debriefs.home.demonstration.write_ups import hand_in
from debriefs.insights.actions import note_on_trend, take_snapshots

SLUG = "demo"
ZONE = "Europe/Oslo"


@dataclass
class Stage:
    """Everything that the makers of single rows need to find each other."""

    programme: Programme
    rows: Rows
    random: Random
    today: date
    now: datetime
    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    drivers: dict[str, Driver] = field(default_factory=dict)
    rivals: dict[str, Competitor] = field(default_factory=dict)
    offerings: dict[str, Offering] = field(default_factory=dict)
    guides: dict[str, GuideVersion] = field(default_factory=dict)
    meanings: dict[str, tuple[Category, Driver | None]] = field(default_factory=dict)
    # Starts of the calls each interviewer already has, and how many calls lie ahead.
    taken: dict[UUID, list[datetime]] = field(default_factory=dict)
    ahead: int = 0
    # How often each pool of the buyers' words was drawn from.
    said: Counter[tuple[str, str]] = field(default_factory=Counter)

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A wall-clock moment of a day in the programme's zone, never later than a minute ago."""
        at = datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(ZONE))
        return min(at, self.now - timedelta(minutes=1))


@transaction.atomic
def build(*, seed: int, now: datetime) -> Programme:
    """The demonstration programme, made if it is missing; what people changed in an existing one is left alone."""
    existing = Programme.objects.filter(slug=SLUG).first()
    if existing:
        return existing
    today = now.astimezone(ZoneInfo(ZONE)).date()
    programme = Programme.objects.create(
        slug=SLUG,
        name=cast.COMPANY,
        company_name=cast.COMPANY,
        postal_address="Kvernveien 14, Oslo",
        contact_name="Annelie Torkveen",
        contact_email="debriefs@orbeline.example",
        privacy_notice="We keep what you tell us for twelve months and show it to nobody outside the company.",
        time_zone=ZONE,
        currency="EUR",
        colour="#4b3b8f",
        is_demonstration=True,
    )
    stage = Stage(programme, Rows(programme, seed), Random(seed), today, now)  # noqa: S311 - reproducible on purpose
    _people(stage)
    install_starter_codebook(programme=programme)
    install_starter_guides(programme=programme, by=stage.people["admin"], now=now)
    stage.drivers = {
        driver.key: driver for driver in Driver.objects.filter(programme=programme).select_related("category")
    }
    stage.meanings = meanings_of_reasons(programme)
    asked = GuideVersion.objects.filter(programme=programme, published_at__isnull=False, guide__language="en")
    for version in asked.select_related("guide"):
        for group in version.guide.outcome_groups:
            stage.guides[group] = version
    _names(stage)
    made = [(plan, *_deal(stage, plan)) for plan in plans(seed=seed, today=today)]
    for plan, deal, contact in made:
        if plan.debrief:
            make_debrief(stage, plan, deal, contact)
    stage.rows.write()
    put_logo(programme=programme, image=logo_from(logo.drawn()), by=stage.people["admin"], now=now)
    hand_in(programme)
    make_lessons(stage)
    take_snapshots(now=now, today=today)
    note_on_trend(on=today - timedelta(days=150), text="New price list", by=stage.people["admin"], now=now)
    audit.record(
        action="programme.demonstrated",
        now=now,
        actor_kind=ActorKind.OPERATOR,
        programme_id=programme.id,
        subject_kind="programme",
        subject_id=programme.id,
        detail={"seed": seed},
    )
    return programme


def _people(stage: Stage) -> None:
    password = make_password(cast.PASSWORD)
    rows = stage.rows
    for name in cast.TEAMS:
        stage.teams[name] = rows.add(Team, name=name)
    for actor in cast.ACTORS:
        email = f"{actor.key}@orbeline.example"
        user = rows.add(User, email=email, name=actor.name, password=password, time_zone=ZONE)
        person = rows.add(
            Person, user=user, name=actor.name, email=email, affiliation=actor.affiliation, department=actor.department
        )
        rows.add(Membership, person=person, roles=list(actor.roles), joined_at=stage.now - timedelta(days=560))
        if actor.team:
            rows.add(TeamMember, team=stage.teams[actor.team], person=person, is_manager=actor.leads)
        if "interviewer" in actor.roles:
            rows.add(InterviewerCalendar, user=user)
            for weekday in range(5):
                rows.add(WeeklyHours, user=user, weekday=weekday, starts=time(9), ends=time(12))
                rows.add(WeeklyHours, user=user, weekday=weekday, starts=time(13), ends=time(17))
        stage.people[actor.key] = person
    rows.write()


# The sizes of the buyers in turn.
_EMPLOYEES = (38, 120, 640, 2_300, None)
# And where they sit.
_COUNTRIES = ("Norway", "Sweden", "Norway", "Denmark", "Norway", "Netherlands", "Sweden")


def _names(stage: Stage) -> None:
    for name in cast.RIVALS:
        stage.rivals[name] = stage.rows.add(Competitor, name=name, name_key=name.casefold())
    for name in cast.OFFERINGS:
        stage.offerings[name] = stage.rows.add(Offering, name=name, name_key=name.casefold())


def _deal(stage: Stage, plan: DealPlan) -> tuple[Deal, Contact]:
    """The deal with company, owner, contact and a note; its debrief is made apart."""
    rows, programme = stage.rows, stage.programme
    company = rows.add(
        Company,
        name=plan.company,
        name_key=plan.company.casefold(),
        segment=plan.segment,
        country=_COUNTRIES[plan.index % 7],
        employees=_EMPLOYEES[plan.index % 5],
    )
    meaning = stage.meanings.get(reason_key(plan.crm_reason))
    opened = stage.moment(plan.opened_on, 9)
    owner = stage.people[plan.owner]
    too_old = plan.decided_on is not None and not plan.debrief and (stage.today - plan.decided_on).days > 30
    passed_over = too_old and plan.index % 5
    selection = "passed_over" if passed_over else "chosen" if plan.decided_on else "undecided"
    rule = SelectionRule.BEFORE if passed_over else SelectionRule.EVERY
    reason = "" if selection == "undecided" else str(rule.label) if passed_over else "Every decided deal is chosen"
    deal = rows.add(
        Deal,
        source="demo",
        external_id=f"D-{1000 + plan.index}",
        name=plan.name,
        company=company,
        team=stage.teams[plan.team],
        owner=owner,
        offering=stage.offerings[plan.offering],
        segment=plan.segment,
        stage={"open": "Proposal", "won": "Closed won", "lost": "Closed lost"}.get(
            plan.outcome, plan.outcome.capitalize()
        ),
        amount=plan.amount,
        currency=programme.currency,
        outcome=plan.outcome,
        withdrawn_by=plan.withdrawn_by,
        opened_on=plan.opened_on,
        decided_on=plan.decided_on,
        implementation_starts_on=plan.decided_on + timedelta(days=30)
        if plan.outcome == "won" and plan.decided_on
        else None,
        winner=stage.rivals[plan.winner] if plan.winner else None,
        crm_reason=plan.crm_reason,
        own_reason_category=meaning[0] if meaning else None,
        own_reason_driver=meaning[1] if meaning else None,
        announced_on=plan.opened_on + timedelta(days=6) if plan.index % 3 else None,
        announced_by=owner if plan.index % 3 else None,
        selection=selection,
        selection_reason=reason,
        debrief_state=plan.debrief or "none",
        hands_off_since=stage.now if plan.debrief in ("planned", "invited", "booked", "held") else None,
        search_text=f"{plan.name} {plan.company}",
        created_at=opened,
        updated_at=stage.now,
    )
    if plan.decided_on:
        # Late ones came with an import of old deals; all others were decided on when their decision arrived.
        at = stage.now if passed_over else stage.moment(plan.decided_on, 9)
        rows.add(SelectionDecision, deal=deal, selection=selection, rule=rule, reason=reason, outcome=plan.outcome, decided_at=at)  # fmt: skip
    rows.add(DealParty, deal=deal, person=owner, kind="owner", joined_at=opened)
    helper = stage.people["rep.paavo" if plan.team == "South" else "rep.orla"]
    if helper != owner:
        rows.add(DealParty, deal=deal, person=helper, kind="team", part=helper.department, joined_at=opened)
    for rival in plan.rivals:
        rows.add(DealCompetitor, deal=deal, competitor=stage.rivals[rival])
    contact = _contact(stage, plan, company, deal)
    end = plan.decided_on or stage.today
    note = stage.random.choice(words.SALES_NOTES.get(plan.crm_reason, words.SALES_NOTES[""]))
    rows.add(SalesNote, deal=deal, written_on=plan.opened_on + (end - plan.opened_on) // 2, author=owner,
             text=f"Second meeting with {contact.title.lower()}. {plan.offering} shown, two questions about the start taken along.")  # fmt: skip
    rows.add(SalesNote, deal=deal, written_on=end, author=owner, text=note)
    return deal, contact


def _contact(stage: Stage, plan: DealPlan, company: Company, deal: Deal) -> Contact:
    name, title, part, zone = cast.BUYERS[plan.index % len(cast.BUYERS)]
    domain = "".join(letter for letter in plan.company.casefold().replace("ö", "o") if letter.isalnum())
    email = f"{name.split()[0].lower()}@{domain}.example"
    opened = stage.moment(plan.opened_on, 9)
    contact = stage.rows.add(
        Contact,
        company=company,
        name=name,
        email=email,
        email_key=email,
        title=title,
        time_zone=zone,
        created_at=opened,
    )
    waits = not plan.debrief and plan.index % 2 == 0
    stage.rows.add(
        DealContact,
        deal=deal,
        contact=contact,
        part=part,
        is_primary=True,
        approval="waiting" if waits else "approved",
        approved_by=None if waits else stage.people["manager"],
        approved_at=None if waits else opened,
    )
    return contact
