"""The facts of a deal as a person may type them: what forms give and actions take."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Person, Team
from debriefs.deals.enums import Outcome


@dataclass(frozen=True)
class DealFacts:
    """What a person may type about a deal. Company, offering, competitors and winner are names, found or made."""

    name: str
    company: str = ""
    team: Team | None = None
    owner: Person | None = None
    offering: str = ""
    solution_presented: str = ""
    segment: str = ""
    stage: str = ""
    amount: Decimal | None = None
    currency: str = ""
    outcome: str = Outcome.OPEN
    withdrawn_by: str = ""
    opened_on: date | None = None
    decided_on: date | None = None
    implementation_starts_on: date | None = None
    competitors: tuple[str, ...] = ()
    winner: str = ""
    crm_reason: str = ""
    announced_on: date | None = None
