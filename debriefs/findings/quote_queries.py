"""Reads of quotes, always for a person: what may be used now, and the ledger of all for who keeps it."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import Role
from accounts.models import Person, Programme
from debriefs.calls.models import Debrief
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import Contact, DealParty
from debriefs.deals.rules import today_in
from debriefs.findings.models import Quote, QuoteUse
from debriefs.interviews.enums import PermissionKind, QuoteLevel
from debriefs.interviews.models import PermissionGiven

YEAR = timedelta(days=365)
# What a permission of the debrief covers.
COVERS = {
    QuoteLevel.INTERNAL: (QuoteLevel.INTERNAL,),
    QuoteLevel.ANONYMOUS: (QuoteLevel.INTERNAL, QuoteLevel.ANONYMOUS),
    QuoteLevel.NAMED: (QuoteLevel.INTERNAL, QuoteLevel.ANONYMOUS, QuoteLevel.NAMED),
}


def usable_quotes(programme: Programme, now: datetime) -> QuerySet[Quote]:
    """What may be used at this moment, for every page alike. No query by itself.

    Approved by the buyer, neither withdrawn nor expired, of a release that stands and whose owner's day is over, and at a level
    that the debrief's permission covers now: whatever ends first, the quote is gone with it.
    """
    given = Q()
    for level, covered in COVERS.items():
        permission = PermissionGiven.objects.filter(
            debrief=OuterRef("debrief"), kind=PermissionKind.QUOTE, given=True, quote_level=level
        )
        given |= Q(Exists(permission), level__in=covered)
    return Quote.objects.filter(
        given,
        programme=programme,
        approved_at__lte=now,
        declined_at__isnull=True,
        withdrawn_at__isnull=True,
        expires_on__gt=today_in(programme.time_zone, now),
        release__recalled_at__isnull=True,
        release__others_from__lte=now,
    )


def quotes_visible_to(person: Person, now: datetime) -> QuerySet[Quote]:
    """The quotes the person may read and use, newest first: members of the company, as far as each may be used. No query by itself."""
    if not person.has_role(Role.MEMBER, Role.MANAGER, Role.REVIEWER, Role.ADMIN):
        return Quote.objects.none()
    return usable_quotes(person.programme, now).select_related("release__deal").prefetch_related("uses")


def ledger_of(person: Person) -> QuerySet[Quote]:
    """Every quote in whatever state, for reviewers and programme managers, but for deals they sold. No query by itself."""
    if not person.has_role(Role.REVIEWER, Role.ADMIN):
        return Quote.objects.none()
    sold = DealParty.objects.filter(
        deal=OuterRef("debrief__deal"), person=person, kind__in=(PartyKind.OWNER, PartyKind.TEAM)
    )
    return (
        Quote.objects.filter(programme=person.programme)
        .exclude(Exists(sold))
        .select_related("release__deal", "contact", "proposed_by", "asked_by", "withdrawn_by", "programme")
        .prefetch_related("uses")
    )


def asked_of(debrief: Debrief) -> QuerySet[Quote]:
    """What the buyer is shown on the personal page: every quote they were asked about, of a release that stands."""
    return Quote.objects.filter(debrief=debrief, asked_at__isnull=False, release__recalled_at__isnull=True).order_by(
        "asked_at", "id"
    )


def uses_within_a_year(contact: Contact, day: date) -> int:
    """How often words of this buyer were used in the year up to the day, over all quotes. One query."""
    return QuoteUse.objects.filter(quote__contact=contact, used_on__gt=day - YEAR, used_on__lte=day).count()
