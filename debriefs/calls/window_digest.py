"""The digest of windows that close: which chosen deals nobody planned yet, to whoever may plan them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Role
from accounts.models import Person, TeamMember
from accounts.requests import programme_url
from debriefs.calls import notice_texts
from debriefs.calls.notice_words import WORDS
from debriefs.deals.notices import to_person
from debriefs.deals.rules import today_in
from debriefs.deals.selection_queries import windows_closing
from debriefs.foundation import outbox
from debriefs.foundation.models import Notice
from debriefs.foundation.notice_kinds import Draft

KIND = "window_closing"
# So many days are left when a deal comes into a digest.
DAYS_LEFT = 3
# A digest that waits for Monday still says something; one that waits longer does not.
_NOT_AFTER = timedelta(days=4)


def owe_digests(now: datetime) -> int:
    """One digest a day at most to each manager who has a deal that was in none before; how many. Three queries a manager.

    A deal goes to the managers of its team; one whose team has none goes to the programme managers. Safe at any rate: a deal that
    stood in a digest to a person is not new to them, and the key holds the day.
    """
    managers = Person.objects.filter(membership__ended_at__isnull=True, user__is_active=True).filter(
        membership__roles__overlap=[Role.MANAGER, Role.ADMIN]
    )
    return sum(_owe_to(person, now) for person in managers.select_related("programme", "user", "membership"))


def _owe_to(person: Person, now: datetime) -> bool:
    today = today_in(person.programme.time_zone, now)
    closing = _closing_for(person, now).filter(closes_on__gte=today, closes_on__lte=today + timedelta(days=DAYS_LEFT))
    found = [str(pk) for pk in closing.values_list("pk", flat=True)[:50]]
    if not found:
        return False
    told: set[str] = set()
    for context in Notice.objects.filter(kind=KIND, recipient_id=person.pk).values_list("context", flat=True):
        told.update(context["deals"])
    fresh = [pk for pk in found if pk not in told]
    if not fresh:
        return False
    owed = outbox.owe(
        kind=KIND,
        programme_id=person.programme_id,
        subject_kind="programme",
        subject_id=person.programme_id,
        recipient=to_person(person),
        due_at=now,
        dedupe_key=f"{KIND}:{person.pk}:{today.isoformat()}",
        now=now,
        not_after=now + _NOT_AFTER,
        context={"deals": fresh},
    )
    return owed is not None


def _closing_for(person: Person, now: datetime) -> QuerySet[Any]:
    deals = windows_closing(person, today_in(person.programme.time_zone, now))
    if not person.has_role(Role.ADMIN):
        return deals
    members = TeamMember.objects.filter(team=OuterRef("team"), is_manager=True)
    return deals.filter(~Exists(members) | Q(Exists(members.filter(person=person))))


def _recipient(notice: Notice) -> Person | None:
    if notice.recipient_id is None:
        return None
    people = Person.objects.select_related("programme", "user", "membership")
    return people.filter(pk=notice.recipient_id).first()


def _deals(notice: Notice, now: datetime) -> list[Any]:
    person = _recipient(notice)
    if person is None:
        return []
    named = [UUID(pk) for pk in notice.context["deals"]]
    return list(_closing_for(person, now).filter(pk__in=named).select_related("company"))


def still_wanted(notice: Notice, now: datetime) -> str | None:
    """None while one of its deals is still to be planned by this person. Two queries."""
    return None if _deals(notice, now) else _("Every deal in it was planned or passed over.")


def line(company: str, days: int) -> str:
    """One deal in the digest, in the active language."""
    if days <= 0:
        return _("%(company)s: today is the last day") % {"company": company}
    left = ngettext("%(n)s day left", "%(n)s days left", days) % {"n": days}
    return f"{company}: {left}"


def render(notice: Notice, now: datetime) -> Draft:
    """The digest in the reader's language: companies and days left, nothing else of the deals. Three queries."""
    person = _recipient(notice)
    if person is None:
        raise ValueError("the person no longer exists")
    programme = person.programme
    today = today_in(programme.time_zone, now)
    deals = _deals(notice, now)
    listed = "\n".join(line(str(deal.company or deal.name), (deal.closes_on - today).days) for deal in deals)
    context: dict[str, Any] = {
        "notice": notice,
        "programme": programme,
        "deals": listed,
        "count": str(len(deals)),
        "link": settings.BASE_URL + programme_url(programme, "deals:window_closing"),
    }
    own = notice_texts.current(programme, KIND, notice.recipient_kind, notice.recipient_language)
    if own is not None:
        values = {
            "name": notice.recipient_name,
            "our_company": programme.company_name,
            "count": str(len(deals)),
            "deals": listed,
        }
        subject, text, html = notice_texts.in_own_words(own, values, context)
    else:
        subject = str(WORDS[KIND].subject) % {"count": len(deals)}
        text, html = notice_texts.text_and_html(f"emails/calls/{KIND}", context)
    return Draft(
        subject=subject,
        text=text,
        html=html,
        from_name="Debriefs",
        reply_to=programme.contact_email,
        headers=notice_texts.version_header(own),
    )
