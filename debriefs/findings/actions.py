"""Coding, review, release and recall."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, TeamMember
from debriefs.calls import actions as calls
from debriefs.calls.models import Debrief
from debriefs.calls.notices import to_person
from debriefs.calls.permissions import is_review_free, may_take_review
from debriefs.codebook.models import Driver
from debriefs.deals.models import Competitor
from debriefs.findings import changes, second_coding
from debriefs.findings.changes import Watch
from debriefs.findings.locking import lock, lock_for_review, lock_unreleased, refuse_blind, refuse_others
from debriefs.findings.models import Change, Finding, PreparedRelease, Release, Remark
from debriefs.findings.own_side import copy_own_side
from debriefs.findings.permissions import may_recall
from debriefs.findings.plan import Plan, Story, plan_release, released_words, words_digest, words_taken_back
from debriefs.findings.refusals import (
    AlreadyReleased,
    FindingIsStale,
    NamesRemain,
    NotReleasable,
    ReviewNotAllowed,
    StoryIsStale,
)
from debriefs.foundation import audit, outbox
from debriefs.foundation.enums import ActorKind
from debriefs.interviews.models import Tag
from debriefs.interviews.queries import quote_level, stated_reasons_of

# Of a finding's words or note, in characters.
LONGEST = 4_000


@transaction.atomic
def open_review(*, debrief: Debrief, by: Person, now: datetime, take_over: bool = False) -> int:
    """The interviewer's tags stand as finding drafts, with their evidence; how many were added. Harmless if repeated.

    Whoever opens a review that nobody has taken on is its reviewer from now on; with `take_over` also in somebody's place, where
    they may. ReviewNotAllowed where somebody else was quicker.
    """
    refuse_blind(debrief, by)
    current = Debrief.objects.select_related("deal", "reviewer").get(pk=debrief.pk)
    if may_take_review(by, current) and (take_over or is_review_free(current)):
        calls.take_review(debrief=current, by=by, now=now)
    lock_unreleased(debrief, by)
    # Of the notes of the call and of what was sent in writing alike.
    tags = Tag.objects.filter(answer__sheet__debrief=debrief, answer__is_off_path=False).select_related("verbatim")
    known = set(Finding.objects.filter(debrief=debrief, tag_id__isnull=False).values_list("tag_id", flat=True))
    made = [
        Finding(
            programme_id=debrief.programme_id,
            debrief=debrief,
            driver_id=tag.driver_id,
            direction=tag.direction,
            strength=tag.strength,
            competitor_id=tag.competitor_id,
            verbatim=tag.verbatim.text if tag.verbatim else "",
            note=tag.note,
            tag_id=tag.id,
            coded_at=now,
            coded_by=by,
        )
        for tag in tags
        if tag.id not in known
    ]
    Finding.objects.bulk_create(made, ignore_conflicts=True)
    second_coding.choose(debrief=debrief, now=now)
    return len(made)


@transaction.atomic
def save_finding(
    *,
    debrief: Debrief,
    driver: Driver,
    direction: str,
    strength: int,
    by: Person,
    now: datetime,
    finding: Finding | None = None,
    base_version: int | None = None,
    verbatim: str = "",
    note: str = "",
    competitor: Competitor | None = None,
) -> Finding:
    """A finding with its evidence, new or changed; a new one that stands already is that one.

    Refuses one without evidence, any change of a released debrief, and with FindingIsStale a change that rests on another
    version than `base_version`.
    """
    lock_unreleased(debrief, by)
    if not verbatim.strip() and not note.strip():
        raise NotReleasable(_("A finding needs its evidence: the buyer’s words or a note."))
    if finding is None:
        # Sent twice, it is one finding.
        same = Finding.objects.filter(
            debrief=debrief,
            driver=driver,
            direction=direction,
            strength=strength,
            competitor=competitor,
            verbatim=verbatim,
            note=note,
        ).first()
        if same is not None:
            return same
    watch = Watch(debrief)
    made = _current(finding, base_version) if finding else Finding(programme_id=debrief.programme_id, debrief=debrief)
    if made.verbatim != verbatim:
        made.masked_verbatim = ""
    if made.note != note:
        made.masked_note = ""
    made.driver, made.direction, made.strength, made.competitor = driver, direction, strength, competitor
    made.verbatim, made.note, made.coded_at, made.coded_by = verbatim, note, now, by
    made.version += 0 if made._state.adding else 1
    made.save()
    watch.keep(Change.CHANGED if finding else Change.ADDED, by=by, now=now)
    _note("finding.saved", debrief, by, now, finding=str(made.id), driver=str(driver.id))
    return made


@transaction.atomic
def remove_finding(*, finding: Finding, by: Person, now: datetime) -> None:
    """The finding is gone; the tag it came from stays with the answers. Harmless if repeated."""
    lock_unreleased(finding.debrief, by)
    watch = Watch(finding.debrief)
    gone, _kinds = Finding.objects.filter(pk=finding.pk).delete()
    if gone:
        watch.keep(Change.REMOVED, by=by, now=now)
        _note("finding.removed", finding.debrief, by, now, finding=str(finding.id))


@transaction.atomic
def make_primary(*, finding: Finding, by: Person, now: datetime) -> None:
    """This finding decided, and no other. Harmless if repeated; FindingIsStale when it is gone."""
    lock_unreleased(finding.debrief, by)
    _current(finding, None)
    watch = Watch(finding.debrief)
    Finding.objects.filter(debrief=finding.debrief, is_primary=True).exclude(pk=finding.pk).update(is_primary=False)
    Finding.objects.filter(pk=finding.pk).update(is_primary=True)
    watch.keep(Change.DECIDED, by=by, now=now)
    _note("finding.made_primary", finding.debrief, by, now, finding=str(finding.id))


@transaction.atomic
def mask_finding(
    *, finding: Finding, verbatim: str, note: str, by: Person, now: datetime, base_version: int | None = None
) -> Finding:
    """The words as they will be released; who sets them has looked at them. The raw ones stay as they were noted.

    No words mean: as noted. Words that the buyer keeps closed were not shown and stay as they were. FindingIsStale when they rest on
    another version than `base_version`.
    """
    lock_unreleased(finding.debrief, by)
    current, watch = _current(finding, base_version), Watch(finding.debrief)
    level, taken_back = quote_level(finding.debrief), words_taken_back(finding.debrief)
    is_shown = bool(released_words(current, level, taken_back)[0])
    if is_shown:
        current.masked_verbatim = verbatim
    current.masked_note = note
    current.cleared_sha256 = words_digest(released_words(current, level, taken_back))
    current.version += 1
    current.save(update_fields=["masked_verbatim", "masked_note", "cleared_sha256", "version"])
    watch.keep(Change.MASKED, by=by, now=now)
    _note("finding.masked", finding.debrief, by, now, finding=str(finding.id))
    return current


@transaction.atomic
def recode_finding(
    *, finding: Finding, driver: Driver, by: Person, now: datetime, base_version: int | None = None
) -> Finding:
    """The finding under another driver, with its words, its note and what was masked of them. Harmless if repeated.

    FindingIsStale when it rests on another version than `base_version`.
    """
    lock_unreleased(finding.debrief, by)
    current, watch = _current(finding, base_version), Watch(finding.debrief)
    if current.driver_id == driver.pk:
        return current
    current.driver, current.coded_at, current.coded_by = driver, now, by
    current.version += 1
    current.save(update_fields=["driver", "coded_at", "coded_by", "version"])
    watch.keep(Change.RECODED, by=by, now=now)
    _note("finding.recoded", finding.debrief, by, now, finding=str(finding.id), driver=str(driver.id))
    return current


@transaction.atomic
def fold_finding(
    *, finding: Finding, into: Finding, by: Person, now: datetime, base_version: int | None = None
) -> Finding:
    """`into` carries the words and notes of both, each on a line of its own, and `finding` is gone; returns `into`.

    What was masked of either stays masked; what decided stays what decided. Refuses what would grow too long.
    """
    lock_unreleased(finding.debrief, by)
    gone, stays = _current(finding, base_version), _current(into, None)
    if gone.pk == stays.pk or gone.debrief_id != stays.debrief_id:
        raise NotReleasable(_("Choose another finding of this debrief."))
    watch = Watch(finding.debrief)
    for name in ("verbatim", "note"):
        ours, theirs = getattr(stays, name), getattr(gone, name)
        masks = [getattr(one, f"masked_{name}") for one in (stays, gone)]
        if any(masks):
            both = (masks[0] or ours, masks[1] or theirs)
            setattr(stays, f"masked_{name}", "\n".join(filter(None, both)))
        setattr(stays, name, "\n".join(filter(None, (ours, theirs))))
        if max(len(getattr(stays, name)), len(getattr(stays, f"masked_{name}"))) > LONGEST:
            raise NotReleasable(_("Together they are longer than 4,000 characters. Keep them apart."))
    was_primary, stays.version = gone.is_primary, stays.version + 1
    gone.delete()
    stays.is_primary = stays.is_primary or was_primary
    stays.save()
    watch.keep(Change.FOLDED, by=by, now=now)
    _note("finding.folded", finding.debrief, by, now, finding=str(finding.id), into=str(stays.id))
    return stays


@transaction.atomic
def undo(*, debrief: Debrief, by: Person, now: datetime) -> bool:
    """The person's newest act on the findings is taken back, words and all; False when there is none.

    FindingIsStale when somebody changed a finding it touched since.
    """
    lock_unreleased(debrief, by)
    undone = changes.undo(debrief=debrief, by=by)
    if undone:
        _note("finding.undone", debrief, by, now)
    return undone


@transaction.atomic
def review(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """The debrief is checked. Refuses without findings, without the one that decided, and while a word stands that may not."""
    lock_for_review(debrief, by)
    plan = plan_release(debrief)
    if plan.missing:
        raise NotReleasable(" ".join(plan.missing))
    _refuse_words(plan)
    second_coding.choose(debrief=debrief, now=now)
    second_coding.keep_first(debrief=debrief, now=now)
    return calls.mark_reviewed(debrief=debrief, by=by, now=now)


@transaction.atomic
def release(
    *,
    debrief: Debrief,
    summary: str,
    by: Person,
    now: datetime,
    words_confirmed: bool = False,
    timeline: str = "",
    suggests: str = "",
    seen: str | None = None,
) -> Release:
    """A masked copy that the owner reads at once and the audience after the owner's time. Harmless if repeated with the same text,
    refused (AlreadyReleased) with another.

    Refuses an unreviewed debrief (WrongOrder), a missing primary finding (NotReleasable), words the buyer keeps closed
    (NotReleasable) and any known name in a text (NamesRemain); a word that is also a name needs a person's eye, for the
    summary by `words_confirmed`. The counts, the mails and the pages read this copy only.
    """
    lock(debrief)
    debrief = Debrief.objects.select_related(
        "programme", "deal__company", "deal__owner__user", "contact", "guide_version__guide"
    ).get(pk=debrief.pk)
    standing = Release.objects.filter(debrief=debrief, recalled_at__isnull=True).first()
    story = Story(summary, timeline, suggests)
    if standing is not None:
        if story != Story(standing.summary, standing.timeline, standing.suggests):
            raise AlreadyReleased(
                _(
                    "Somebody released this debrief meanwhile with another text. Recall it with a reason to release yours."
                )
            )
        return standing
    refuse_others(debrief, by)
    _refuse_unseen(debrief, story, seen)
    calls.mark_released(debrief=debrief, by=by, now=now)
    plan = _releasable(debrief, story, words_confirmed)
    made = _copy(debrief, plan, story, by, now)
    changes.forget(debrief)
    PreparedRelease.objects.filter(debrief=debrief).delete()
    _announce(made, now)
    _note(
        "debrief.copied_for_release",
        debrief,
        by,
        now,
        release=str(made.id),
        remarks=len(plan.remarks),
        level=plan.level,
    )
    return made


def may_release(*, debrief: Debrief, story: Story, words_confirmed: bool, by: Person, seen: str | None = None) -> None:
    """Refuses what `release` would refuse at this moment, and one that is released already. Changes nothing."""
    lock_unreleased(debrief, by)
    _refuse_unseen(debrief, story, seen)
    if debrief.reviewed_at is None:
        raise NotReleasable(_("Mark the debrief as reviewed first."))
    _releasable(debrief, story, words_confirmed)


def _refuse_unseen(debrief: Debrief, story: Story, seen: str | None) -> None:
    """StoryIsStale where another text was prepared since the page with the one `seen` (its time, "" for none) was shown."""
    prepared = PreparedRelease.objects.filter(debrief=debrief).first()
    if seen is None or prepared is None or prepared.prepared_at.isoformat() == seen:
        return
    if story != Story(prepared.summary, prepared.timeline, prepared.suggests):
        raise StoryIsStale(
            _(
                "Somebody prepared another text for this release meanwhile. It stands below: compare, and send yours again."
            )
        )


def _releasable(debrief: Debrief, story: Story, words_confirmed: bool) -> Plan:
    plan = plan_release(debrief, story.text, words_confirmed=words_confirmed)
    if plan.missing:
        raise NotReleasable(" ".join(plan.missing))
    _refuse_words(plan)
    return plan


def _refuse_words(plan: Plan) -> None:
    if plan.names:
        raise NamesRemain(
            _("Names of people or companies still stand in the texts: %(names)s. Put a role in their place first.")
            % {"names": ", ".join(plan.names)}
        )
    if plan.doubtful:
        raise NamesRemain(
            _(
                "These words are also names: %(names)s. Look at each and say that it is no name there, or put a role in its place."
            )
            % {"names": ", ".join(plan.doubtful)}
        )
    if plan.closed:
        raise NotReleasable(
            _(
                "The buyer did not allow the words themselves, and a text repeats them: “%(words)s”. Say it in our own words."
            )
            % {"words": "” · “".join(plan.closed)}
        )


def _copy(debrief: Debrief, plan: Plan, story: Story, by: Person, now: datetime) -> Release:
    deal = debrief.deal
    stated = stated_reasons_of(debrief).first()
    own_view = getattr(deal, "own_view", None)
    own = (own_view.driver if own_view else None) or deal.own_reason_driver
    primary = next(finding for finding, _verbatim, _note in plan.remarks if finding.is_primary)
    said = [f"{finding.driver.key}|{finding.direction}|{verbatim}|{note}" for finding, verbatim, note in plan.remarks]
    made = Release.objects.create(
        programme_id=debrief.programme_id,
        debrief=debrief,
        deal=deal,
        company_id=deal.company_id,
        team_id=deal.team_id,
        audience=debrief.programme.audience,
        summary=story.summary,
        timeline=story.timeline,
        suggests=story.suggests,
        buyer_label=plan.buyer_label,
        company_label=plan.company_label,
        quote_level=plan.level,
        is_primary=debrief.is_primary,
        stated_driver=stated.stated_driver if stated else None,
        primary_driver=primary.driver,
        own_driver=own,
        own_category=own.category if own else deal.own_reason_category,
        released_at=now,
        released_by=by,
        others_from=now + timedelta(hours=debrief.programme.owner_reads_first_hours),
        content_sha256=hashlib.sha256("\n".join([story.text, *said]).encode()).hexdigest(),
    )
    Remark.objects.bulk_create(
        Remark(
            programme_id=debrief.programme_id,
            release=made,
            deal=deal,
            driver=finding.driver,
            direction=finding.direction,
            strength=finding.strength,
            competitor=finding.competitor,
            is_primary=finding.is_primary,
            verbatim=verbatim,
            note=note,
            language=debrief.guide_version.guide.language,
        )
        for finding, verbatim, note in plan.remarks
    )
    copy_own_side(made, debrief, plan.kept_closed)
    return made


def _announce(made: Release, now: datetime) -> None:
    """To the owner at once, to the owning team when the owner's time is over."""
    deal = made.deal
    if deal.owner is not None:
        _owe("debrief_released_owner", made, deal.owner, now, now)
    places = TeamMember.objects.filter(team=made.team, person__membership__ended_at__isnull=True).select_related(
        "person__user"
    )
    for place in places:
        if place.person_id != deal.owner_id:
            _owe("debrief_released", made, place.person, made.others_from, now)


def _owe(kind: str, made: Release, person: Person, due_at: datetime, now: datetime) -> None:
    outbox.owe(
        kind=kind,
        programme_id=made.programme_id,
        subject_kind="release",
        subject_id=made.id,
        recipient=to_person(person),
        due_at=due_at,
        dedupe_key=f"{kind}:{made.id}:{person.id}",
        now=now,
    )


@transaction.atomic
def recall(*, release: Release, reason: str, by: Person | None, now: datetime) -> Release:
    """The release is read by nobody and counted nowhere from now on. Harmless if repeated.

    `by` is None where it ends by rule, because the buyer took back what it rests on.
    """
    locked = Release.objects.select_for_update(of=("self",)).select_related("deal", "debrief").get(pk=release.pk)
    if locked.recalled_at is not None:
        return locked
    if by is not None and not may_recall(by, locked):
        raise ReviewNotAllowed(
            _("A release is taken back by a reviewer or programme manager who is not on our side of the deal.")
        )
    locked.recalled_at, locked.recalled_by, locked.recall_reason = now, by, reason[:300]
    locked.save(update_fields=["recalled_at", "recalled_by", "recall_reason"])
    outbox.supersede(subject_kind="release", subject_id=locked.id, now=now, reason=_("The release was recalled."))
    calls.mark_recalled(debrief=locked.debrief, by=by, now=now)
    return locked


def _current(finding: Finding, base_version: int | None) -> Finding:
    current = Finding.objects.select_related("driver").filter(pk=finding.pk).first()
    if current is None:
        raise FindingIsStale(_("Somebody removed this finding meanwhile."), None)
    if base_version is not None and current.version != base_version:
        raise FindingIsStale(_("Somebody changed this finding while you were at it."), current)
    return current


def _note(action: str, debrief: Debrief, by: Person, now: datetime, **detail: Any) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.id,
        programme_id=debrief.programme_id,
        subject_kind="debrief",
        subject_id=debrief.id,
        detail=detail,
    )
