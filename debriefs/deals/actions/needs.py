"""The buyer's needs of a deal: noted, changed, put in order, taken away; each with a line of the deal's history."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.deals.models import Deal, DealChange, Need
from debriefs.deals.refusals import MissingFact, NeedIsStale, TooManyNeeds

MOST_NEEDS = 40


@transaction.atomic
def add_need(*, deal: Deal, text: str, weight: str, by: Person, now: datetime) -> Need:
    """The need at the end of the deal's list. Raises MissingFact without words and TooManyNeeds beyond forty."""
    said = _said(text)
    _lock(deal)
    last = Need.objects.filter(deal=deal).aggregate(last=Max("position"))["last"] or 0
    if Need.objects.filter(deal=deal).count() >= MOST_NEEDS:
        raise TooManyNeeds(_("A deal lists at most %(n)d needs. Join some that say the same.") % {"n": MOST_NEEDS})
    need = Need.objects.create(
        programme_id=deal.programme_id,
        deal=deal,
        text=said,
        weight=weight,
        position=last + 1,
        noted_by=by,
        noted_at=now,
    )
    _note(deal, "", need.reads, by, now)
    return need


@transaction.atomic
def change_need(*, need: Need, text: str, weight: str, base_revision: int, by: Person, now: datetime) -> Need:
    """The need as given; the same again changes nothing. Raises NeedIsStale when it was changed or taken away since."""
    said = _said(text)
    locked = Need.objects.select_for_update().filter(pk=need.pk).first()
    if locked is None or locked.revision != base_revision:
        raise NeedIsStale(locked)
    before = locked.reads
    locked.text, locked.weight = said, weight
    if locked.reads != before:
        locked.revision += 1
        locked.save(update_fields=["text", "weight", "revision"])
        _note(need.deal, before, locked.reads, by, now)
    return locked


@transaction.atomic
def move_need(*, need: Need, up: bool) -> None:
    """The need changes places with the one before it, or after it; at the end of the list nothing happens."""
    _lock(need.deal)
    needs = list(Need.objects.filter(deal_id=need.deal_id))
    places = {one.pk: index for index, one in enumerate(needs)}
    here = places.get(need.pk)
    there = None if here is None else here + (-1 if up else 1)
    if here is None or there is None or not 0 <= there < len(needs):
        return
    one, other = needs[here], needs[there]
    Need.objects.filter(pk=one.pk).update(position=other.position)
    Need.objects.filter(pk=other.pk).update(position=one.position)


@transaction.atomic
def remove_need(*, need: Need, by: Person, now: datetime) -> None:
    """The need is no longer listed; the history keeps its words. Harmless if repeated."""
    _lock(need.deal)
    gone, _models = Need.objects.filter(pk=need.pk).delete()
    if gone:
        Need.objects.filter(deal_id=need.deal_id, position__gt=need.position).update(position=F("position") - 1)
        _note(need.deal, need.reads, "", by, now)


def _lock(deal: Deal) -> None:
    """Those who change the list at the same moment take turns at the deal."""
    Deal.objects.select_for_update(no_key=True).get(pk=deal.pk)


def _said(text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise MissingFact(_("Say what the buyer needed."))
    return said[:300]


def _note(deal: Deal, before: str, after: str, by: Person, now: datetime) -> None:
    DealChange.objects.create(
        programme_id=deal.programme_id, deal=deal, at=now, by=by, field="needs", before=before, after=after
    )
