"""Small rows for tests: each maker saves one thing with believable defaults and returns it.

Addresses end in `.example`, so that nothing could leave even if a test mailed.
"""

import itertools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.enums import Affiliation, Role
from accounts.models import Membership, Person, Programme, Team, TeamMember, User
from debriefs.calls.enums import Neutrality
from debriefs.calls.models import Debrief
from debriefs.codebook.models import Category, Driver
from debriefs.deals.enums import Approval, DecisionPart, Outcome, PartyKind
from debriefs.deals.models import Company, Competitor, Contact, Deal, DealContact, DealParty
from debriefs.deals.rules import today_in
from debriefs.findings.models import Release, Remark
from debriefs.guides.enums import OutcomeGroup
from debriefs.guides.models import Guide, GuideVersion, Question

# Names with one number of digits sort as they were made: "Deal 100009" before "Deal 100010".
_count = itertools.count(100_001)
PASSWORD = "a quiet meeting room"


def programme(**fields: Any) -> Programme:
    n = next(_count)
    values = {
        "slug": f"programme-{n}",
        "name": f"Programme {n}",
        "company_name": f"Company {n}",
        "contact_name": "Programme office",
        "contact_email": f"debriefs@company-{n}.example",
        "time_zone": "Europe/Oslo",
    }
    return Programme.objects.create(**values | fields)


def user(name: str = "", **fields: Any) -> User:
    n = next(_count)
    values = {"name": name or f"User {n}", "email": f"user-{n}@people.example", "time_zone": "Europe/Oslo"}
    made = User(**values | fields)
    made.set_unusable_password()
    made.save()
    return made


def person(programme: Programme, *roles: str, name: str = "", account: bool = True, **fields: Any) -> Person:
    """A Person with a live membership of the roles; `account=False` or no roles makes one known only by name."""
    n = next(_count)
    name = name or f"Person {n}"
    owner_of_account = fields.pop("user", None) or (user(name) if account and roles else None)
    made = Person.objects.create(
        programme=programme,
        user=owner_of_account,
        name=name,
        email=owner_of_account.email if owner_of_account else "",
        **fields,
    )
    if roles:
        Membership.objects.create(programme=programme, person=made, roles=list(roles), joined_at=timezone.now())
    return Person.objects.select_related("programme", "user", "membership").get(pk=made.pk)


def team(
    programme: Programme, name: str = "", *, manager: Person | None = None, members: tuple[Person, ...] = ()
) -> Team:
    made = Team.objects.create(programme=programme, name=name or f"Team {next(_count)}")
    if manager:
        TeamMember.objects.create(programme=programme, team=made, person=manager, is_manager=True)
    for member in members:
        TeamMember.objects.create(programme=programme, team=made, person=member)
    return made


def company(programme: Programme, name: str = "", **fields: Any) -> Company:
    name = name or f"Buyer {next(_count)}"
    return Company.objects.create(programme=programme, name=name, name_key=name.casefold(), **fields)


def competitor(programme: Programme, name: str = "") -> Competitor:
    name = name or f"Rival {next(_count)}"
    return Competitor.objects.create(programme=programme, name=name, name_key=name.casefold())


def contact(programme: Programme, name: str = "", **fields: Any) -> Contact:
    n = next(_count)
    email = fields.pop("email", f"buyer-{n}@buyer.example")
    values = {"time_zone": "Europe/London", "title": "Head of operations", "created_at": timezone.now()}
    return Contact.objects.create(
        programme=programme, name=name or f"Buyer {n}", email=email, email_key=email.lower(), **values | fields
    )


def deal(programme: Programme, *, owner: Person | None = None, decided_days_ago: int | None = 5, **fields: Any) -> Deal:
    """A decided deal (lost by default); `decided_days_ago=None` with outcome open makes an undecided one."""
    n = next(_count)
    now = timezone.now()
    values: dict[str, Any] = {
        "name": f"Deal {n}",
        "company": fields.pop("company", None) or company(programme),
        "owner": owner,
        "outcome": Outcome.LOST,
        "decided_on": None
        if decided_days_ago is None
        else today_in(programme.time_zone, now) - timedelta(days=decided_days_ago),
        "amount": 10_000,
        "currency": "EUR",
        "created_at": now,
        "updated_at": now,
    }
    made = Deal.objects.create(programme=programme, **values | fields)
    if owner:
        DealParty.objects.create(programme=programme, deal=made, person=owner, kind=PartyKind.OWNER, joined_at=now)
    return made


def deal_contact(deal: Deal, contact_: Contact | None = None, *, approved: bool = True, **fields: Any) -> DealContact:
    return DealContact.objects.create(
        programme=deal.programme,
        deal=deal,
        contact=contact_ or contact(deal.programme, company=deal.company),
        approval=Approval.APPROVED if approved else Approval.WAITING,
        part=fields.pop("part", DecisionPart.EVALUATOR),
        **fields,
    )


def guide_version(programme: Programme, *groups: str, questions: int = 3, published: bool = True) -> GuideVersion:
    n = next(_count)
    now = timezone.now()
    guide = Guide.objects.create(
        programme=programme, name=f"Guide {n}", outcome_groups=list(groups or (OutcomeGroup.LOST,)), created_at=now
    )
    version = GuideVersion.objects.create(
        programme=programme, guide=guide, number=1, opening_script="Opening.", closing_script="Closing.", created_at=now
    )
    for position in range(1, questions + 1):
        Question.objects.create(
            programme=programme,
            version=version,
            key=f"q{position}",
            position=position,
            text=f"What happened {position}?",
        )
    if published:
        version.published_at = now
        version.save(update_fields=["published_at"])
    return version


def driver(programme: Programme, name: str = "", category: Category | None = None) -> Driver:
    n = next(_count)
    category = category or Category.objects.create(
        programme=programme,
        key=f"category-{n}",
        name=f"Category {n}",
        position=Category.objects.filter(programme=programme).count() + 1,
    )
    return Driver.objects.create(
        programme=programme,
        category=category,
        key=f"driver-{n}",
        name=name or f"Driver {n}",
        definition="",
        position=Driver.objects.filter(programme=programme).count() + 1,
    )


def debrief(deal: Deal, interviewer: Person, *, contact_: Contact | None = None, **fields: Any) -> Debrief:
    """A planned debrief with its interviewer's DealParty; stages are set through `fields` (invited_at, held_at, …)."""
    now = timezone.now()
    made_contact = contact_ or deal_contact(deal).contact
    DealParty.objects.get_or_create(
        deal=deal,
        person=interviewer,
        defaults={"programme": deal.programme, "kind": PartyKind.INTERVIEWER, "joined_at": now},
    )
    values: dict[str, Any] = {
        "guide_version": fields.pop("version", None) or guide_version(deal.programme, deal.outcome_group),
        "neutrality": Neutrality.OTHER_TEAM,
        "planned_at": now,
    }
    return Debrief.objects.create(
        programme=deal.programme, deal=deal, contact=made_contact, interviewer=interviewer, **values | fields
    )


def release(
    deal: Deal, interviewer: Person, *drivers: tuple[Driver, str, int], days_ago: int = 3, **fields: Any
) -> Release:
    """A released debrief whose owner's day is over; the first of (driver, direction, strength) decided."""
    now = timezone.now()
    at = now - timedelta(days=days_ago)
    before = at - timedelta(days=1)
    made = debrief(
        deal,
        interviewer,
        invited_at=before,
        booked_at=before,
        held_at=before,
        written_up_at=before,
        reviewed_at=before,
        released_at=at,
    )
    values: dict[str, Any] = {
        "team_id": deal.team_id,
        "company_id": deal.company_id,
        "audience": deal.programme.audience,
        "buyer_label": "A buyer",
        "company_label": "A company",
        "quote_level": "anonymous",
        "primary_driver": drivers[0][0],
        "released_at": at,
        "others_from": at + timedelta(days=1),
    }
    released = Release.objects.create(programme=deal.programme, debrief=made, deal=deal, **values | fields)
    for number, (of, direction, strength) in enumerate(drivers):
        Remark.objects.create(
            programme=deal.programme,
            release=released,
            deal=deal,
            driver=of,
            direction=direction,
            strength=strength,
            is_primary=number == 0,
            verbatim=f"Words {number} of {deal.name}.",
        )
    return released


@dataclass
class World:
    """Standing people: one programme with two teams, and another programme beside it."""

    programme: Programme
    other_programme: Programme
    admin: Person
    other_admin: Person
    manager: Person
    other_manager: Person
    reviewer: Person
    interviewer: Person
    other_interviewer: Person
    agency_interviewer: Person
    rep: Person
    member: Person
    other_member: Person
    team: Team
    other_team: Team
    today: date  # where the programme counts days, as `decided_days_ago` does
    now: datetime


def world() -> World:
    """Builds the standing people. `rep` and `member` are in `team`, led by `manager`; `other_member` in `other_team`."""
    here, elsewhere = programme(), programme()
    people = {
        "admin": person(here, Role.ADMIN, name="Programme Manager"),
        "other_admin": person(elsewhere, Role.ADMIN, name="Manager Elsewhere"),
        "manager": person(here, Role.MANAGER, name="Sales Manager"),
        "other_manager": person(here, Role.MANAGER, name="Other Sales Manager"),
        "reviewer": person(here, Role.REVIEWER, name="Reviewing Person"),
        "interviewer": person(here, Role.INTERVIEWER, name="Neutral Interviewer", department="Finance"),
        "other_interviewer": person(here, Role.INTERVIEWER, name="Another Interviewer", department="Marketing"),
        "agency_interviewer": person(
            here, Role.INTERVIEWER, name="Outside Interviewer", affiliation=Affiliation.AGENCY
        ),
        "rep": person(here, Role.MEMBER, name="Selling Person"),
        "member": person(here, Role.MEMBER, name="Team Member"),
        "other_member": person(here, Role.MEMBER, name="Member Of Other Team"),
    }
    now = timezone.now()
    return World(
        programme=here,
        other_programme=elsewhere,
        team=team(here, "North", manager=people["manager"], members=(people["rep"], people["member"])),
        other_team=team(here, "South", manager=people["other_manager"], members=(people["other_member"],)),
        today=today_in(here.time_zone, now),
        now=now,
        **people,
    )
