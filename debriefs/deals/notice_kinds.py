"""The mails of this room: whether each still makes sense, and its words."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.requests import programme_url
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import Deal, DealParty
from debriefs.deals.notices import HANDS_OFF
from debriefs.foundation.models import Notice
from debriefs.foundation.notice_kinds import Draft, NoticeKind, register


def register_all() -> None:
    """Registers the kinds of notice that deals send."""
    register(NoticeKind(HANDS_OFF, gettext_lazy("Hands off while a debrief runs"), render, still_wanted))


def still_wanted(notice: Notice, now: datetime) -> str | None:
    """None while the mail makes sense; else why it is not sent. Two queries."""
    deal = Deal.objects.filter(pk=notice.subject_id).only("hands_off_since").first()
    if deal is None or deal.hands_off_since is None:
        return _("No debrief of this deal is under way any more.")
    ours = DealParty.objects.filter(
        deal=deal,
        person=notice.recipient_id,
        kind__in=(PartyKind.OWNER, PartyKind.TEAM),
        ended_at__isnull=True,
    )
    return None if ours.exists() else _("This person is no longer on the deal team.")


def render(notice: Notice, now: datetime) -> Draft:
    """The mail in the recipient's language. It names neither the interviewer nor the contact: both are not the deal team's."""
    deal = Deal.objects.select_related("programme", "company").get(pk=notice.subject_id)
    context = {
        "notice": notice,
        "deal": deal,
        "programme": deal.programme,
        "link": settings.BASE_URL + programme_url(deal.programme, "home:deal_page", deal_id=deal.pk),
        "base_url": settings.BASE_URL,
    }
    return Draft(
        subject=_("Hands off, please: a neutral debrief with %(company)s") % {"company": deal.company or deal.name},
        text=render_to_string("emails/deals/hands_off.txt", context),
        html=render_to_string("emails/deals/hands_off.html", context),
        from_name="Debriefs",
        reply_to=deal.programme.contact_email,
    )
