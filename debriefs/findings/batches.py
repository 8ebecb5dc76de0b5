"""Releasing several debriefs at one moment, so that what becomes readable or counts cannot be told to be one buyer's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Audience
from accounts.models import Person, Programme
from debriefs.calls.models import Debrief
from debriefs.findings import actions
from debriefs.findings.locking import lock
from debriefs.findings.models import PreparedRelease, Release
from debriefs.findings.plan import Story
from debriefs.findings.refusals import BatchTooSmall, NotReleasable
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.refusals import Refusal


@dataclass(frozen=True)
class Group:
    """Readers who would see part of a batch appear at once: how many companies stand in it, and how many it takes."""

    readers: str
    companies: int
    wanted: int

    @property
    def is_small(self) -> bool:
        """Whether what appears could be told to be one of few buyers'."""
        return self.companies < self.wanted


def groups_of(programme: Programme, debriefs: Iterable[Debrief]) -> list[Group]:
    """The batch by who reads it: each team where teams read their own, else all members. No query where teams are joined."""
    companies: dict[str, set[UUID]] = {}
    for debrief in debriefs:
        team = debrief.deal.team
        readers = str(team) if team and programme.audience == Audience.TEAM else _("All members")
        companies.setdefault(readers, set()).add(debrief.deal.company_id or debrief.deal_id)
    return [Group(readers, len(found), programme.smallest_group) for readers, found in sorted(companies.items())]


@transaction.atomic
def prepare(
    *, debrief: Debrief, story: Story, words_confirmed: bool, by: Person, now: datetime, seen: str | None = None
) -> PreparedRelease:
    """The story stands ready for the next batch; preparing again replaces it, but not unseen (`seen`, as for `release`).

    Refuses what a release would refuse, so that a batch does not fail for what can be seen now.
    """
    actions.may_release(debrief=debrief, story=story, words_confirmed=words_confirmed, by=by, seen=seen)
    made, _is_new = PreparedRelease.objects.update_or_create(
        debrief=debrief,
        defaults={
            "programme_id": debrief.programme_id,
            "summary": story.summary,
            "timeline": story.timeline,
            "suggests": story.suggests,
            "words_confirmed": words_confirmed,
            "prepared_at": now,
            "prepared_by": by,
            "taken_out_at": None,
        },
    )
    _note("release.prepared", debrief, by, now)
    return made


@transaction.atomic
def take_out(*, prepared: PreparedRelease, by: Person, now: datetime) -> None:
    """The debrief waits for no batch any more; it stays reviewed, and its story is kept. Harmless if repeated."""
    lock(prepared.debrief)
    if PreparedRelease.objects.filter(pk=prepared.pk, taken_out_at__isnull=True).update(taken_out_at=now):
        _note("release.taken_out", prepared.debrief, by, now)


@transaction.atomic
def release_batch(
    *, prepared: Sequence[PreparedRelease], by: Person, now: datetime, although_few: bool = False
) -> list[Release]:
    """All of them are released at the same moment, or none.

    BatchTooSmall when some readers would see fewer companies than the programme's smallest group, unless `although_few`;
    NotReleasable, naming the debrief, when one of them may not be released as it stands, was taken out or was prepared anew
    since it was read.
    """
    if not prepared:
        raise NotReleasable(_("Choose at least one debrief."))
    debriefs = [one.debrief for one in prepared]
    small = [group for group in groups_of(debriefs[0].programme, debriefs) if group.is_small]
    if small and not although_few:
        raise BatchTooSmall(
            _(
                "%(readers)s would read of fewer than %(wanted)s companies at once. Wait for more, or say that it may be."
            )
            % {"readers": ", ".join(group.readers for group in small), "wanted": small[0].wanted}
        )
    made = []
    # In one order, so that two batches at once wait for each other instead of locking each other out.
    for one in sorted(prepared, key=lambda one: str(one.debrief_id)):
        try:
            _refuse_changed(one)
            made.append(
                actions.release(
                    debrief=one.debrief,
                    summary=one.summary,
                    timeline=one.timeline,
                    suggests=one.suggests,
                    words_confirmed=one.words_confirmed,
                    by=by,
                    now=now,
                )
            )
        except Refusal as refusal:
            name = one.debrief.deal.company or one.debrief.deal
            raise NotReleasable(
                _("%(deal)s: %(why)s Nothing was released.") % {"deal": name, "why": refusal}
            ) from refusal
    return made


def _refuse_changed(prepared: PreparedRelease) -> None:
    debrief = lock(prepared.debrief)
    as_read = PreparedRelease.objects.filter(
        pk=prepared.pk, prepared_at=prepared.prepared_at, taken_out_at__isnull=True
    )
    if debrief.released_at is None and not as_read.exists():
        raise NotReleasable(_("Somebody took it out of the batch or prepared it anew meanwhile."))


def _note(action: str, debrief: Debrief, by: Person, now: datetime) -> None:
    audit.record(
        action=action, now=now, actor_kind=ActorKind.PERSON, actor_id=by.id, programme_id=debrief.programme_id,
        subject_kind="debrief", subject_id=debrief.id, detail={},
    )  # fmt: skip
