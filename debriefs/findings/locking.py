"""The rows that every act of a review takes first, and who is refused it."""

from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import may_review
from debriefs.deals.models import Deal
from debriefs.findings.models import Release
from debriefs.findings.permissions import can_review, codes_blind
from debriefs.findings.refusals import AlreadyReleased, ReviewNotAllowed


def lock(debrief: Debrief) -> Debrief:
    """The debrief as it is now, its row locked until the transaction ends, the deal's before it as everywhere. Two queries."""
    Deal.objects.select_for_update(of=("self",)).only("pk").get(pk=debrief.deal_id)
    return Debrief.objects.select_for_update(of=("self",)).select_related("deal", "programme").get(pk=debrief.pk)


def lock_for_review(debrief: Debrief, by: Person) -> None:
    """Makes review, release and changes of findings come one after the other; refuses who may not."""
    refuse_others(lock(debrief), by)


def lock_unreleased(debrief: Debrief, by: Person) -> None:
    """As `lock_for_review`; AlreadyReleased where a release stands."""
    lock_for_review(debrief, by)
    if Release.objects.filter(debrief=debrief, recalled_at__isnull=True).exists():
        raise AlreadyReleased(_("This debrief is released. Recall it with a reason before you change its findings."))


def refuse_others(debrief: Debrief, by: Person) -> None:
    """ReviewNotAllowed for whoever could never review the debrief, codes it blind, or does not review it."""
    if not may_review(by, debrief):
        raise ReviewNotAllowed(
            _(
                "A debrief is reviewed by a reviewer or programme manager who neither interviewed the buyer nor sold to them."
            )
        )
    refuse_blind(debrief, by)
    if not can_review(by, debrief):
        raise ReviewNotAllowed(not_theirs(debrief))


def refuse_blind(debrief: Debrief, by: Person) -> None:
    """ReviewNotAllowed while the person codes the debrief a second time. One query."""
    if codes_blind(by, debrief):
        raise ReviewNotAllowed(blind_sentence())


def blind_sentence() -> str:
    """Why a second coder sees nothing of the review yet."""
    return _("You are coding this debrief a second time: hand that in before you see the first coding.")


def not_theirs(debrief: Debrief) -> str:
    """Why a reviewer may not read and code a debrief whose review is not theirs. At most one query."""
    if debrief.reviewer is None:
        return _("Take the review on first: what the buyer said is read by whoever reviews it.")
    return _("%(name)s reviews this debrief.") % {"name": debrief.reviewer.name}
