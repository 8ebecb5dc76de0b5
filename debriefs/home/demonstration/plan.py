"""Which deals the demonstration has, decided when and how far debriefed. Pure: a seed and a day in, plans out."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from debriefs.home.demonstration import cast
from debriefs.insights.rules import Quarter

DECIDED = 120
OPEN = 14
# How far each of the 59 debriefs has come, oldest decisions first within each.
DEBRIEFS = {
    "released": 40, "declined": 3, "closed": 1, "reviewed": 1, "written_up": 3, "held": 2, "booked": 4, "invited": 3, "planned": 2,
}  # fmt: skip
# So many deals were decided in the newest closed quarter, and so many of them became released debriefs: with fewer, most figures
# of members would be hidden.
DECIDED_IN_ONE_QUARTER = 18
IN_ONE_QUARTER = 22
LOST_AT_OTHER_TIMES = 13
# Days since the decision that suit a state: young debriefs stand within their window.
AGES = {
    "planned": (3, 8), "invited": (6, 14), "booked": (9, 19), "held": (12, 22), "written_up": (16, 26), "reviewed": (20, 28),
}  # fmt: skip


@dataclass
class DealPlan:
    """One deal to make."""

    index: int
    company: str
    segment: str
    team: str
    owner: str
    offering: str
    name: str
    amount: int
    outcome: str
    withdrawn_by: str
    winner: str
    rivals: tuple[str, ...]
    crm_reason: str
    opened_on: date
    decided_on: date | None
    debrief: str = ""
    # (driver, direction, strength); the first one decided.
    drivers: list[tuple[str, str, int]] = field(default_factory=list)
    stated: str = ""
    own_driver: str = ""
    quote_level: str = "anonymous"


def plans(*, seed: int, today: date) -> list[DealPlan]:
    """The deals of the demonstration, always the same for a seed and a day."""
    rng = Random(seed)  # noqa: S311 - reproducible on purpose, guards nothing
    names = cast.company_names(DECIDED + OPEN)
    outcomes = ["won"] * 38 + ["lost"] * 54 + ["withdrawn"] * 16 + ["rejected"] * 12
    rng.shuffle(outcomes)
    recent = [state for state, n in DEBRIEFS.items() if state in AGES for _one in range(n)]
    closed = Quarter.of(today)
    while not closed.is_closed(today):
        closed = Quarter.at(closed.index - 1)
    made = []
    for index, outcome in enumerate(outcomes):
        state = recent[index] if index < len(recent) else ""
        if state:
            days = rng.randint(*AGES[state])
            outcome = ("lost", "won", "lost", "lost", "withdrawn", "won", "rejected")[index % 7]
        elif index < len(recent) + 6:
            days = (4, 17, 19, 21, 24, 2)[index - len(recent)]
            outcome = ("lost", "won", "lost", "lost", "won", "lost")[index - len(recent)]
        elif index < len(recent) + 6 + DECIDED_IN_ONE_QUARTER:
            days = (today - closed.starts_on).days - rng.randrange((closed.ends_on - closed.starts_on).days)
        else:
            days = rng.randint(32, 540)
        made.append(
            _decided(rng, index, *names[index], outcome=outcome, decided_on=today - timedelta(days=days), debrief=state)
        )
    # What waits on the first screen of the tour: deals of one team whose window is about to close.
    for index in range(len(recent), len(recent) + 6):
        made[index].team, made[index].owner = "North", ("member", "rep.lasse")[index % 2]
    # And on the member's: an own view that is wanted (stages.py leaves those of odd plans open).
    wanted = next(plan for plan in made if plan.debrief in ("planned", "invited") and plan.index % 2)
    wanted.team, wanted.owner = "North", "member"
    older = [plan for plan in made if not plan.debrief and (today - (plan.decided_on or today)).days >= 40]
    for plan in _told(rng, older, closed):
        plan.debrief = "released"
    for state in ("declined", "closed"):
        left = [
            plan for plan in older if not plan.debrief and plan.decided_on and Quarter.of(plan.decided_on) != closed
        ]
        for plan in rng.sample(left, DEBRIEFS[state]):
            plan.debrief = state
    for plan in made:
        if plan.debrief:
            _reasons(rng, plan)
    for index in range(DECIDED, DECIDED + OPEN):
        made.append(_decided(rng, index, *names[index], outcome="open", decided_on=None, debrief="", today=today))
    return made


def _told(rng: Random, older: list[DealPlan], closed: Quarter) -> list[DealPlan]:
    """Which become released debriefs: many of the newest closed quarter, the rest of any other time."""
    there = [plan for plan in older if plan.decided_on and Quarter.of(plan.decided_on) == closed]
    dense = rng.sample(there, min(IN_ONE_QUARTER, len(there)))
    rest = [plan for plan in older if plan not in there]
    # Mostly losses, in which the planted patterns lie: they are to show on whatever day the demonstration is built.
    lost = [plan for plan in rest if plan.outcome == "lost"]
    asked = dense + rng.sample(lost, min(LOST_AT_OTHER_TIMES, len(lost)))
    return asked + rng.sample([plan for plan in rest if plan not in asked], DEBRIEFS["released"] - len(asked))


def _decided(
    rng: Random,
    index: int,
    company: str,
    segment: str,
    *,
    outcome: str,
    decided_on: date | None,
    debrief: str,
    today: date | None = None,
) -> DealPlan:
    team = "Public sector" if segment == "Public sector" else ("North", "South")[index % 2]
    sellers = [
        actor.key for actor in cast.ACTORS if actor.team == team and not actor.leads and actor.department == "Sales"
    ]
    offering = cast.OFFERINGS[(index * 5) % 3]
    winner, rivals = "", tuple(rng.sample(cast.RIVALS, rng.choice((1, 1, 2))))
    if outcome == "lost":
        winner = "Plenara" if rng.random() < 0.5 else rng.choice(("Tamsill", "Kestrow"))
        rivals = tuple(dict.fromkeys((winner, *rivals)))
    reasons = {
        "won": ("Product", "Relationship", "", "Product"),
        "lost": ("Price", "Price", "Price", "Competitor", "Product"),
        "withdrawn": ("Timing", "Price", "Timing"),
        "rejected": ("", "Price", "Product"),
    }
    end = decided_on or (today or date.today())
    return DealPlan(
        index=index,
        company=company,
        segment=segment,
        team=team,
        owner=rng.choice(sellers),
        offering=offering,
        name=f"{rng.choice(cast.SUBJECTS[segment])} for {company}",
        amount=rng.choice((18, 26, 34, 48, 62, 75, 96, 120, 165, 228, 310)) * 1_000 + rng.choice((0, 500, 250)),
        outcome=outcome,
        withdrawn_by="buyer"
        if outcome == "withdrawn" and rng.random() < 0.8
        else "us"
        if outcome == "withdrawn"
        else "",
        winner=winner,
        rivals=rivals if outcome != "rejected" else (),
        crm_reason=rng.choice(reasons[outcome]) if outcome in reasons else "",
        opened_on=end - timedelta(days=rng.randint(45, 200)),
        decided_on=decided_on,
        debrief=debrief,
    )


def _reasons(rng: Random, plan: DealPlan) -> None:
    """What the buyer says: the planted patterns, with enough noise to look like life."""
    helped = [
        ("functional-coverage", "helped", 2),
        ("trust", "helped", 2),
        ("understanding-needs", "helped", 1),
        ("references", "helped", 1),
    ]
    if plan.outcome == "won":
        first = rng.choice(
            (
                ("functional-coverage", "helped", 3),
                ("trust", "helped", 3),
                ("perceived-value", "helped", 3),
                ("trial", "helped", 3),
            )
        )
        rest = [
            *helped,
            ("integration", "helped", 1),
            ("usability", "helped", 1),
            ("implementation-plan", "hurt", 1),
            ("budget", "hurt", 1),
        ]
        plan.stated, plan.own_driver = first[0], rng.choice(("functional-coverage", "trust", ""))
    elif plan.outcome == "lost" and plan.winner == "Plenara" and rng.random() < 0.85:
        first = ("implementation-plan", "hurt", 3)
        rest = [
            ("perceived-value", "hurt", 2),
            ("implementation-effort", "hurt", 2),
            ("responsiveness", "hurt", 1),
            *helped,
        ]
        plan.stated, plan.own_driver = rng.choice(("budget", "implementation-plan")), "budget"
    elif plan.outcome == "lost":
        first = rng.choice(
            (("perceived-value", "hurt", 3),) * 3 + (("integration", "hurt", 3), ("incumbent", "hurt", 3))
        )
        rest = [
            ("budget", "hurt", 2),
            ("business-case", "hurt", 2),
            ("understanding-needs", "hurt", 1),
            ("support-model", "hurt", 1),
            *helped,
        ]
        plan.stated, plan.own_driver = rng.choice(("budget", "budget", first[0])), rng.choice(("budget", "budget", ""))
    elif plan.outcome == "withdrawn":
        first = rng.choice((("consensus", "hurt", 3), ("priorities", "hurt", 3)))
        rest = [("business-case", "hurt", 1), ("implementation-effort", "hurt", 2), ("trust", "helped", 1)]
        plan.stated, plan.own_driver = rng.choice(("budget", first[0])), rng.choice(("timing", ""))
    else:
        first = rng.choice(
            (("tender-formalities", "hurt", 3), ("domain-experience", "hurt", 3), ("missing-must-have", "hurt", 3))
        )
        rest = [("references", "hurt", 1), ("security-review", "hurt", 2)]
        plan.stated, plan.own_driver = first[0], ""
    others = [row for row in rest if row[0] != first[0]]
    plan.drivers = [first, *rng.sample(others, min(len(others), rng.randint(2, 3)))]
    plan.quote_level = rng.choice(("anonymous", "anonymous", "named", "internal"))
