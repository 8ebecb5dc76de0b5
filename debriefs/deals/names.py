"""Companies, offerings, competitors and people known by name, found or made; and how a value reads in the history."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db import connection

from accounts.models import Person, Programme
from debriefs.deals.models import Company, Competitor, Named, Offering
from debriefs.deals.rules import name_key


class KnownThing(NamedTuple):
    """As much of a company, an offering or a competitor as bulk work needs."""

    pk: UUID
    name: str


Thing = TypeVar("Thing", Company, Offering, Competitor)


def refresh_contact_text(deal_ids: Collection[UUID]) -> None:
    """Writes the names of their contacts to the deals, for the search; whoever adds or renames a contact calls it. One query."""
    if not deal_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE deals_deal d
            SET contact_text = coalesce((
              SELECT string_agg(c.name || CASE WHEN c.email = '' THEN '' ELSE ' ' || c.email END, ' ' ORDER BY c.name, c.id)
              FROM deals_dealcontact dc JOIN deals_contact c ON c.id = dc.contact_id WHERE dc.deal_id = d.id), '')
            WHERE d.id = ANY(%s)
            """,
            [list(deal_ids)],
        )


def lock_names(programme: Programme) -> None:
    """Holds the programme's names until the transaction ends: two imports, or an import and a form, take turns.

    Names of people have no unique key (two people may share one), so only the turn-taking keeps them single. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"deals.names:{programme.pk}"])


def found_or_made(model: type[Thing], programme: Programme, name: str) -> Thing | None:
    """The company, offering or competitor of that name, made if missing; None for an empty name. Up to two queries."""
    cleaned = " ".join(name.split())[:200]
    if not cleaned:
        return None
    key = name_key(cleaned)
    found = model.objects.filter(programme=programme, name_key=key).first()
    if found is None:
        # Another transaction may make it in the same moment: the unique key decides, and we read what won.
        model.objects.bulk_create([model(programme=programme, name=cleaned, name_key=key)], ignore_conflicts=True)
        found = model.objects.get(programme=programme, name_key=key)
    return found


def reads(value: object) -> str:
    """A value of a deal as the history shows and compares it: names for things, ISO for days, "" for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, KnownThing | Named | Person):
        return value.name
    if isinstance(value, list | tuple):
        return "; ".join(sorted(reads(item) for item in value))
    return str(value)
