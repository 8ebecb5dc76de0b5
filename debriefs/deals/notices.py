"""Which mails a fact of this room owes to whom. Called by actions, inside their transaction."""

from datetime import datetime

from accounts.models import Person
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import Deal, DealParty, OwnView
from debriefs.foundation import outbox
from debriefs.foundation.enums import RecipientKind
from debriefs.foundation.outbox import Recipient

HANDS_OFF = "deal_hands_off"


def to_person(person: Person) -> Recipient:
    """One of ours, as they are now; without an account the address is empty and nothing is owed."""
    user = person.user
    return Recipient(
        kind=RecipientKind.PERSON,
        id=person.id,
        name=person.name,
        email=user.email if user and user.is_active else "",
        language=user.language if user else "en",
        time_zone=user.time_zone if user else "UTC",
    )


def hands_off_begins(deal: Deal, since: datetime, *, now: datetime) -> None:
    """To everybody on the deal's side that a neutral debrief runs, once per debrief and person.

    Whoever is asked for their own view reads it in that mail and gets no second one. A query for the people, one for each.
    """
    asked = OwnView.objects.filter(deal=deal, given_at__isnull=True, closed_at__isnull=True).values("person")
    parties = DealParty.objects.filter(deal=deal, kind__in=(PartyKind.OWNER, PartyKind.TEAM), ended_at__isnull=True)
    for party in parties.exclude(person__in=asked).select_related("person__user"):
        hands_off(deal, party.person, since, now=now)


def hands_off(deal: Deal, person: Person, since: datetime, *, now: datetime) -> None:
    """To one person on the deal's side that a neutral debrief runs; a second time is none. One query."""
    outbox.owe(
        kind=HANDS_OFF,
        programme_id=deal.programme_id,
        subject_kind="deal",
        subject_id=deal.pk,
        recipient=to_person(person),
        due_at=now,
        dedupe_key=f"{HANDS_OFF}:{deal.pk}:{person.pk}:{since.isoformat()}",
        now=now,
    )


def hands_off_over(deal: Deal, *, now: datetime) -> None:
    """What was not sent yet is taken back. One query."""
    outbox.supersede(subject_kind="deal", subject_id=deal.pk, now=now, kinds=[HANDS_OFF], reason="The debrief is over.")
