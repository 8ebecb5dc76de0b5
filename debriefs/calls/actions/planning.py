"""Planning a debrief and sending its invitation."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls import links, notices
from debriefs.calls.actions.interviewers import level_of
from debriefs.calls.actions.record import changed, is_to_do, locked
from debriefs.calls.acts import Act
from debriefs.calls.enums import Channel
from debriefs.calls.models import Debrief
from debriefs.calls.refusals import NotChosen, NotReady, SeveralRefused, WrongOrder
from debriefs.deals.actions import assign_interviewer, open_own_view, record_approach
from debriefs.deals.enums import DECIDED, Approval, Selection
from debriefs.deals.models import Contact, Deal, DealContact
from debriefs.foundation.refusals import Refusal
from debriefs.guides.models import GuideVersion


@transaction.atomic
def plan_debrief(
    *,
    deal: Deal,
    contact: Contact,
    interviewer: Person,
    guide_version: GuideVersion,
    minutes: int,
    by: Person,
    now: datetime,
    channel: str = Channel.VIDEO,
    place: str = "",
    not_before_on: date | None = None,
    not_after_on: date | None = None,
) -> Debrief:
    """A planned debrief with its interviewer, personal link and first notices; nothing goes to the buyer yet.

    Refuses an undecided deal, one that was passed over (NotChosen), a contact who is not approved or has no address, an unpublished guide and a second open debrief
    with the same contact (NotReady), and whoever sells the deal or sits in the owner's team (NotNeutral).
    """
    deal = (
        Deal.objects.select_for_update(of=("self",))
        .select_related("programme", "company", "owner__user")
        .get(pk=deal.pk)
    )
    if deal.outcome not in DECIDED:
        raise NotReady(_("A debrief follows a decision. This deal is still open."))
    if deal.selection == Selection.PASSED_OVER:
        raise NotChosen(deal.selection_reason)
    if guide_version.published_at is None:
        raise NotReady(
            _("This guide is a draft. Publish it first, so that its questions cannot change during the interview.")
        )
    part = DealContact.objects.filter(deal=deal, contact=contact).first()
    if part is None or part.approval != Approval.APPROVED or not contact.email_key:
        raise NotReady(_("This contact must be approved and have an address before a debrief is planned."))
    level = level_of(interviewer, deal)
    assign_interviewer(deal=deal, person=interviewer, by=by, now=now)
    is_first = not Debrief.objects.filter(deal=deal, is_primary=True, closed_at__isnull=True).exists()
    try:
        with transaction.atomic():
            debrief = Debrief.objects.create(
                programme_id=deal.programme_id,
                deal=deal,
                contact=contact,
                interviewer=interviewer,
                guide_version=guide_version,
                neutrality=level,
                channel=channel,
                place=place,
                minutes=minutes,
                not_before_on=not_before_on,
                not_after_on=not_after_on,
                is_primary=is_first,
                planned_at=now,
                planned_by=by,
            )
    except IntegrityError:
        raise NotReady(_("A debrief with this contact is under way already.")) from None
    links.issue(debrief, now)
    open_own_view(deal=deal, now=now)
    debrief = locked(debrief)
    notices.planned(debrief, now=now)
    return changed(
        debrief, "debrief.planned", by=by, now=now, detail={"neutrality": level, "interviewer": str(interviewer.id)}
    )


@transaction.atomic
def send_invitation(*, debrief: Debrief, by: Person, now: datetime, overruled_reason: str = "") -> Debrief:
    """The buyer is invited: now, or at nine in the morning after the cooling-off. May be sent again while unanswered; while
    the last one is on its way, or a moment after it was asked for, that changes nothing.

    Refuses when the programme has not said who it is or the contact is not approved any more (NotReady), when the buyer answered or the debrief is over (WrongOrder),
    and while the address is protected from another approach (RecentlyApproached), unless overruled with a reason.
    """
    debrief = locked(debrief)
    is_to_do(debrief, Act.INVITE)
    may_be_mailed(debrief)
    if notices.is_being_invited(debrief, now=now):
        return debrief
    record_approach(
        deal=debrief.deal,
        contact=debrief.contact,
        debrief_id=debrief.id,
        by=by,
        now=now,
        overruled_reason=overruled_reason,
    )
    due_at = max(now, _end_of_cooling_off(debrief.deal))
    number = notices.invitations(debrief) + 1
    notices.invited(debrief, now=now, due_at=due_at, number=number)
    links.renew(debrief, due_at)
    debrief.invited_at = debrief.invited_at or now
    debrief.save(update_fields=["invited_at"])
    return changed(debrief, "debrief.invited", by=by, now=now, detail={"number": number, "due_at": due_at.isoformat()})


@transaction.atomic
def take_newer_version(*, debrief: Debrief, version: GuideVersion, by: Person, now: datetime) -> Debrief:
    """The debrief is held with that newer version of its guide. Harmless if repeated.

    Only an explicit act does this, and only before the conversation: WrongOrder once it was held or the debrief is over, and
    for a version that is not a newer published one of the same guide.
    """
    debrief = locked(debrief)
    if debrief.guide_version_id == version.pk:
        return debrief
    is_to_do(debrief, Act.NEWER_GUIDE)
    current = debrief.guide_version
    if version.published_at is None or version.guide_id != current.guide_id or version.number <= current.number:
        raise WrongOrder(_("That is no newer version of this guide."))
    debrief.guide_version = version
    debrief.save(update_fields=["guide_version"])
    detail = {"from": current.number, "to": version.number}
    return changed(debrief, "debrief.guide_version_changed", by=by, now=now, detail=detail)


def plan_several(*, plans: Sequence[dict[str, Any]], by: Person, now: datetime) -> list[Debrief]:
    """Every plan becomes a debrief, or none does and SeveralRefused says a sentence for each that cannot be.

    A plan is what `plan_debrief` takes besides `by` and `now`. In the order of the deals' keys, so that two people planning the
    same deals wait for each other and never deadlock.
    """
    planned: dict[int, Debrief] = {}
    refused: dict[int, str] = {}
    with transaction.atomic():
        for index in sorted(range(len(plans)), key=lambda index: str(plans[index]["deal"].pk)):
            try:
                planned[index] = plan_debrief(by=by, now=now, **plans[index])
            except Refusal as refusal:
                refused[index] = str(refusal)
        if refused:
            raise SeveralRefused(refused)
    return [planned[index] for index in range(len(plans))]


def may_be_mailed(debrief: Debrief) -> None:
    """NotReady while the programme has not said who it is, or the contact is not approved any more."""
    programme = debrief.programme
    if not programme.is_demonstration and not (
        programme.contact_email and programme.contact_name and programme.privacy_notice
    ):
        raise NotReady(
            _(
                "Before the first mail goes out, the programme needs a contact name, a contact address and a privacy notice. The programme manager sets them under Programme."
            )
        )
    if not _is_approved(debrief):
        raise NotReady(_("This contact is no longer approved. Approve them again, or close this debrief."))


def _is_approved(debrief: Debrief) -> bool:
    # The row lock makes a rejection in this moment wait, or this invitation see it.
    part = DealContact.objects.select_for_update().filter(deal=debrief.deal, contact=debrief.contact).first()
    return part is not None and part.approval == Approval.APPROVED


def _end_of_cooling_off(deal: Deal) -> datetime:
    """Nine in the morning, in the programme's zone, of the first day on which the buyer may be written to."""
    programme = deal.programme
    window = deal.window_on(deal.decided_on) if deal.decided_on else None
    if window is None:
        raise NotReady(_("A debrief follows a decision. This deal has no decision date."))
    return datetime.combine(window.opens_on, time(9), tzinfo=ZoneInfo(programme.time_zone))
