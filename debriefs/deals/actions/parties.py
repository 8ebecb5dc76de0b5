"""Who sells a deal and who will interview its buyer: nobody can be both, now or earlier.

The unique key on (deal, person) has the last word, and a foreign key of the debrief on the part. Whoever changes a part holds the
deal's row, so that two people acting at the same moment take turns and the second gets a sentence.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.deals import notices
from debriefs.deals.enums import HEARD, PartyKind
from debriefs.deals.history import note_people
from debriefs.deals.interviewing import stop_interviewing
from debriefs.deals.models import Deal, DealChange, DealParty, OwnView
from debriefs.deals.refusals import NotNeutral
from debriefs.deals.rules import name_key
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind

_OURS = (PartyKind.OWNER, PartyKind.TEAM)


@transaction.atomic
def set_owner(*, deal: Deal, person: Person | None, by: Person | None, now: datetime) -> Deal:
    """The deal with its owner; the owner before stays in the history as ended. Raises NotNeutral for who heard its buyer."""
    locked = Deal.objects.select_for_update(of=("self",)).select_related("owner").get(pk=deal.pk)
    if locked.owner == person:
        return locked
    before = locked.owner
    put_owner(deal=locked, person=person, now=now, by=by)
    locked.version += 1
    locked.updated_at = now
    locked.save(update_fields=["owner", "version", "updated_at"])
    DealChange.objects.create(
        programme_id=locked.programme_id,
        deal=locked,
        at=now,
        by=by,
        field="owner",
        before=before.name if before else "",
        after=person.name if person else "",
    )
    _note(locked, "deal.owner_set", person, by=by, now=now)
    return locked


@transaction.atomic
def join_deal_team(*, deal: Deal, person: Person, part: str, by: Person | None, now: datetime) -> DealParty:
    """The person is on the deal team. Harmless if repeated; an owner stays owner.

    An interviewer who joins loses the assignment: their debriefs of this deal stop and whoever planned them is told. One who has
    heard the buyer is refused with NotNeutral.
    """
    _hold(deal)
    rows = DealParty.objects.filter(deal=deal, person=person).select_related("person")
    party = rows.first()
    before = _reads(party) if party and party.ended_at is None else ""
    if party is None:
        DealParty.objects.create(
            programme_id=deal.programme_id, deal=deal, person=person, kind=PartyKind.TEAM, part=part, joined_at=now
        )
    elif party.kind == PartyKind.INTERVIEWER:
        _change_sides(deal, party, PartyKind.TEAM, by=by, now=now)
        rows.update(part=part, joined_at=now)
    elif party.kind == PartyKind.TEAM or party.ended_at is not None:
        rows.update(kind=PartyKind.TEAM, part=part, ended_at=None)
    party = rows.get()
    note_people(deal_id=deal.pk, programme_id=deal.programme_id, before=before, after=_reads(party), by=by, now=now)
    _say_hands_off(deal, person, now=now)
    _note(deal, "deal.team_joined", person, by=by, now=now)
    return party


@transaction.atomic
def leave_deal_team(*, deal: Deal, person: Person, by: Person | None, now: datetime) -> None:
    """The person is no longer on the deal team; the row stays, ended, and they still cannot interview."""
    live = DealParty.objects.filter(deal=deal, person=person, kind=PartyKind.TEAM, ended_at__isnull=True)
    party = live.select_related("person").first()
    if party is not None and live.update(ended_at=now):
        note_people(deal_id=deal.pk, programme_id=deal.programme_id, before=_reads(party), after="", by=by, now=now)
        _note(deal, "deal.team_left", person, by=by, now=now)


@transaction.atomic
def assign_interviewer(*, deal: Deal, person: Person, by: Person | None, now: datetime) -> DealParty:
    """The person is an interviewer of the deal. Harmless if repeated.

    Raises NotNeutral when they own or owned the deal, are or were on its team, or share the full name of an owner whom the
    programme knows only by name. Whether they are neutral enough in other respects is the rule of `calls`.
    """
    _hold(deal)
    rows = DealParty.objects.filter(deal=deal, person=person)
    namesakes = DealParty.objects.filter(deal=deal, kind__in=_OURS, person__user__isnull=True, person__email="")
    if any(name_key(party.person.name) == name_key(person.name) for party in namesakes.select_related("person")):
        raise NotNeutral(
            _("The CRM names a %(name)s on this deal. Say on the deal who that is before you choose this interviewer.")
            % {"name": person.name}
        )
    try:
        with transaction.atomic():
            party = DealParty.objects.create(
                programme_id=deal.programme_id, deal=deal, person=person, kind=PartyKind.INTERVIEWER, joined_at=now
            )
    except IntegrityError:
        if not rows.filter(kind=PartyKind.INTERVIEWER).update(ended_at=None):
            raise NotNeutral(
                _("%(name)s is or was on our side of this deal and cannot interview its buyer. Choose somebody else.")
                % {"name": person.name}
            ) from None
        party = rows.get()
    _note(deal, "deal.interviewer_assigned", person, by=by, now=now)
    return party


@transaction.atomic
def end_interviewer(*, deal: Deal, person: Person, by: Person | None, now: datetime) -> None:
    """The person is no longer to interview the buyer of this deal; the row stays, ended."""
    live = DealParty.objects.filter(deal=deal, person=person, kind=PartyKind.INTERVIEWER, ended_at__isnull=True)
    if live.update(ended_at=now):
        _note(deal, "deal.interviewer_ended", person, by=by, now=now)


def put_owner(*, deal: Deal, person: Person | None, now: datetime, by: Person | None = None) -> None:
    """Makes the person the deal's one live owner and sets `deal.owner`; the caller holds the deal's row and saves it.

    An own view in which nobody has typed yet passes to the new owner. An interviewer who becomes owner loses the assignment and their
    debriefs stop; one who has heard the buyer is refused with NotNeutral.
    """
    DealParty.objects.filter(deal=deal, kind=PartyKind.OWNER, ended_at__isnull=True).exclude(person=person).update(
        ended_at=now
    )
    deal.owner = person
    if person is None:
        return
    rows = DealParty.objects.filter(deal=deal, person=person)
    party = rows.first()
    if party is None:
        DealParty.objects.create(
            programme_id=deal.programme_id, deal=deal, person=person, kind=PartyKind.OWNER, joined_at=now
        )
    elif party.kind == PartyKind.INTERVIEWER:
        _change_sides(deal, party, PartyKind.OWNER, by=by, now=now)
    else:
        rows.update(kind=PartyKind.OWNER, ended_at=None)
    OwnView.objects.filter(deal=deal, given_at__isnull=True, closed_at__isnull=True, revision=0).update(person=person)
    _say_hands_off(deal, person, now=now)


def _say_hands_off(deal: Deal, person: Person, *, now: datetime) -> None:
    """Whoever joins while a debrief runs hears what the others were told. One query, two while it runs."""
    since = Deal.objects.filter(pk=deal.pk).values_list("hands_off_since", flat=True).first()
    if since is not None:
        notices.hands_off(deal, person, since, now=now)


def _reads(party: DealParty) -> str:
    """ "Orla Quennell, Delivery": somebody's part as the history says it."""
    return f"{party.person.name}, {party.part or party.get_kind_display()}"


def _hold(deal: Deal) -> None:
    """The deal's row until the transaction ends, so that changes of parts take turns. One query."""
    Deal.objects.select_for_update(of=("self",)).only("pk").get(pk=deal.pk)


def _change_sides(deal: Deal, party: DealParty, kind: PartyKind, *, by: Person | None, now: datetime) -> None:
    """The interviewer is on our side from now on: what they were to hear stops, in this transaction."""
    if Deal.objects.filter(pk=deal.pk, debrief_state__in=HEARD).exists():
        raise NotNeutral(
            _("%(name)s has interviewed the buyer of this deal and cannot join our side of it.")
            % {"name": party.person.name}
        )
    stop_interviewing(deal, party.person, by, now)
    # The caller may save the whole deal afterwards, and what was just pushed down to it must not be undone by that.
    deal.refresh_from_db(fields=["debrief_state", "hands_off_since"])
    DealParty.objects.filter(pk=party.pk).update(kind=kind, ended_at=None)


def _note(deal: Deal, action: str, person: Person | None, *, by: Person | None, now: datetime) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.RULE,
        actor_id=by.pk if by else None,
        programme_id=deal.programme_id,
        subject_kind="deal",
        subject_id=deal.pk,
        detail={"person": str(person.pk)} if person else {},
    )
