"""What a mail that came in says, in a sentence for the people of the debrief. Pure, but for the language that is active."""

from datetime import datetime

from django.utils.translation import gettext as _

from debriefs.core import words
from debriefs.foundation.enums import ReceivedKind
from debriefs.foundation.models import ReceivedMail


def sentence(row: ReceivedMail, names: dict[str, str]) -> str:
    """The sentence; `names` maps "contact" and "interviewer" to whom they are. No query."""
    if row.kind in (ReceivedKind.CALENDAR_REPLY, ReceivedKind.CALENDAR_COUNTER):
        return _of_calendar(row, names)
    said = {
        ReceivedKind.CALENDAR_OTHER: _(
            "A calendar file that is no answer to a call of this debrief. Nothing was done with it."
        ),
        ReceivedKind.BOUNCE: _(
            "Our mail could not be delivered and no more is sent to this address. Correct the address, or reach the contact another way."
        ),
        ReceivedKind.BOUNCE_SOFT: _("Our mail could not be delivered this time. Later mails are tried again."),
        ReceivedKind.DELAYED: _("Delivery is delayed; the other server keeps trying."),
        ReceivedKind.DELIVERED: _("The other server confirms the delivery."),
        ReceivedKind.RECEIPT: _("Our mail was opened, says the contact’s mail program."),
        ReceivedKind.COMPLAINT: _("Our mail was reported as unwanted. No more is sent to this address."),
        ReceivedKind.AUTO_REPLY: _("An automatic answer: the contact seems to be away. Nudges wait a week."),
        ReceivedKind.STOP: _("Asked not to be written to. No more is sent to this address."),
        ReceivedKind.MESSAGE: _("Answered by mail."),
        ReceivedKind.OWN: _("A mail of our own came back."),
        ReceivedKind.UNREADABLE: _("A mail that cannot be read safely."),
    }
    return said[ReceivedKind(row.kind)]


def _of_calendar(row: ReceivedMail, names: dict[str, str]) -> str:
    name = names.get(str(row.facts.get("whose", "")), "")
    if not name:
        return _("A calendar answered for an address that this call was not sent to. Nothing was done with it.")
    if row.kind == ReceivedKind.CALENDAR_COUNTER:
        when = row.facts.get("starts_at")
        said = _("The calendar of %(name)s proposes another time: %(when)s. Nothing was moved.") % {
            "name": name,
            "when": words.at_time(datetime.fromisoformat(str(when))) if when else _("not said which"),
        }
    else:
        said = {
            "ACCEPTED": _("The calendar of %(name)s accepted."),
            "DECLINED": _("The calendar of %(name)s declined. The call stands until somebody cancels it."),
            "TENTATIVE": _("The calendar of %(name)s says perhaps."),
        }.get(str(row.facts.get("partstat")), _("The calendar of %(name)s answered without a decision.")) % {
            "name": name
        }
    if row.facts.get("is_stale"):
        said += " " + _("This was about an earlier time.")
    if row.facts.get("from_another"):
        said += " " + _("It was sent from another address.")
    if row.facts.get("stops"):
        said += " " + _("They asked not to be written to; no more is sent to this address.")
    return said
