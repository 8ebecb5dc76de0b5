"""What higher rooms report about a deal's debrief, and the owner's own view that closes with it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.codebook.models import Driver
from debriefs.deals import notices
from debriefs.deals.models import Deal, OwnView
from debriefs.deals.refusals import OwnViewClosed, OwnViewIsStale
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.refusals import NotAllowed


def mark_debrief_state(*, deal: Deal, state: str, now: datetime) -> None:
    """The deal shows and filters by this state of its debrief. Leaves the version: no fact of the sale changed. One query."""
    Deal.objects.filter(pk=deal.pk).update(debrief_state=state, updated_at=now)
    deal.debrief_state = state


@transaction.atomic
def set_hands_off(*, deal: Deal, since: datetime | None, now: datetime) -> None:
    """The deal team is asked, also by mail, not to speak to the buyer about the decision since then; None lifts it.

    Two queries and one per person of the deal team.
    """
    Deal.objects.filter(pk=deal.pk).update(hands_off_since=since)
    deal.hands_off_since = since
    if since is None:
        notices.hands_off_over(deal, now=now)
    else:
        notices.hands_off_begins(deal, since, now=now)


@transaction.atomic
def open_own_view(*, deal: Deal, now: datetime) -> OwnView | None:
    """The owner's own view, asked for from now on; None for a deal without owner. Harmless if repeated."""
    if deal.owner_id is None:
        return None
    own_view, _made = OwnView.objects.get_or_create(
        deal=deal, defaults={"programme_id": deal.programme_id, "person_id": deal.owner_id, "asked_at": now}
    )
    return own_view


@transaction.atomic
def close_own_view(*, deal: Deal, now: datetime) -> None:
    """The own view can no longer be written, because the interview has begun; what was typed until then counts as given.

    Harmless if repeated. One query, four where something typed was not given by its button yet.
    """
    open_views = OwnView.objects.filter(deal=deal, closed_at__isnull=True)
    typed = (
        open_views.select_for_update(of=("self",))
        .select_related("driver")
        .filter(given_at__isnull=True, revision__gt=0)
        .first()
    )
    if typed is not None and typed.says_something:
        _give(typed, by=typed.person_id, now=now)
        typed.save(update_fields=["given_at"])
    open_views.update(closed_at=now)


@transaction.atomic
def save_own_view(
    *,
    own_view: OwnView,
    by: Person,
    now: datetime,
    base_revision: int,
    why: str = "",
    what_mattered: str = "",
    when_it_changed: str = "",
    what_to_hear: str = "",
    driver: Driver | None = None,
    is_given: bool = True,
) -> OwnView:
    """The own view as typed, its revision one higher. Given (`is_given`), others read it and its driver becomes the deal's own reason.

    What is typed and not given yet is kept for its person alone, and given when the view closes. Only its person may write it
    (NotAllowed), only until it closes (OwnViewClosed), and only over the revision they saw (OwnViewIsStale with what is saved
    now). The same once more, because an answer was lost on its way, is no other window: it changes nothing.
    """
    locked = OwnView.objects.select_for_update(of=("self",)).select_related("deal", "driver").get(pk=own_view.pk)
    if locked.person_id != by.pk:
        raise NotAllowed(_("The own view belongs to the owner of the deal."))
    if locked.closed_at is not None:
        raise OwnViewClosed(
            _("The interview has begun, so the own view is closed. What you typed is still below: you can copy it.")
        )
    said = {
        "why": why,
        "what_mattered": what_mattered,
        "when_it_changed": when_it_changed,
        "what_to_hear": what_to_hear,
        "driver": driver,
    }
    is_new = any(getattr(locked, name) != value for name, value in said.items())
    if is_new and locked.revision != base_revision:
        raise OwnViewIsStale(locked)
    if is_new:
        for name, value in said.items():
            setattr(locked, name, value)
        locked.revision += 1
    if is_given:
        _give(locked, by=by.pk, now=now)
    elif locked.given_at is not None and driver is not None:
        _set_own_reason(locked.deal_id, driver)
    locked.save()
    return locked


def _give(own_view: OwnView, *, by: UUID, now: datetime) -> None:
    """Sets when it was given and the deal's own reason; the caller saves the view."""
    own_view.given_at = now
    if own_view.driver is not None:
        _set_own_reason(own_view.deal_id, own_view.driver)
    audit.record(
        action="own_view.given",
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by,
        programme_id=own_view.programme_id,
        subject_kind="deal",
        subject_id=own_view.deal_id,
        detail={"revision": own_view.revision},
    )


def _set_own_reason(deal_id: UUID, driver: Driver) -> None:
    Deal.objects.filter(pk=deal_id).update(own_reason_driver=driver, own_reason_category=driver.category_id)
