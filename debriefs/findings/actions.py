"""Coding, review, release and recall."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, TeamMember
from debriefs.calls import actions as calls
from debriefs.calls.models import Debrief
from debriefs.calls.notices import to_person
from debriefs.codebook.models import Driver
from debriefs.deals.enums import DecisionPart
from debriefs.deals.models import Competitor, DealContact
from debriefs.findings.masking import Hit, suggestion
from debriefs.findings.models import Finding, Release, Remark
from debriefs.findings.refusals import AlreadyReleased, NamesRemain, NotReleasable
from debriefs.findings.roster import roster_of
from debriefs.foundation import audit, outbox
from debriefs.foundation.enums import ActorKind
from debriefs.interviews.enums import QuoteLevel
from debriefs.interviews.models import Tag
from debriefs.interviews.queries import quote_level, sheet_of, stated_reasons_of


@transaction.atomic
def open_review(*, debrief: Debrief, by: Person, now: datetime) -> int:
    """The interviewer's tags stand as finding drafts, with their evidence; how many were added. Harmless if repeated."""
    sheet = sheet_of(debrief)
    if sheet is None:
        return 0
    tags = Tag.objects.filter(answer__sheet=sheet).select_related("verbatim")
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
    verbatim: str = "",
    note: str = "",
    competitor: Competitor | None = None,
) -> Finding:
    """A finding with its evidence, new or changed. Refuses one without evidence, and any change of a released debrief."""
    _not_released(debrief)
    if not verbatim.strip() and not note.strip():
        raise NotReleasable(_("A finding needs its evidence: the buyer’s words or a note."))
    made = finding or Finding(programme_id=debrief.programme_id, debrief=debrief)
    if made.verbatim != verbatim:
        made.masked_verbatim = ""
    if made.note != note:
        made.masked_note = ""
    made.driver, made.direction, made.strength, made.competitor = driver, direction, strength, competitor
    made.verbatim, made.note, made.coded_at, made.coded_by = verbatim, note, now, by
    made.version += 0 if made._state.adding else 1
    made.save()
    _note("finding.saved", debrief, by, now, finding=str(made.id), driver=str(driver.id))
    return made


@transaction.atomic
def remove_finding(*, finding: Finding, by: Person, now: datetime) -> None:
    """The finding is gone; the tag it came from stays with the answers."""
    _not_released(finding.debrief)
    _note("finding.removed", finding.debrief, by, now, finding=str(finding.id))
    finding.delete()


@transaction.atomic
def make_primary(*, finding: Finding, by: Person, now: datetime) -> None:
    """This finding decided, and no other. Harmless if repeated."""
    _not_released(finding.debrief)
    Finding.objects.filter(debrief=finding.debrief, is_primary=True).exclude(pk=finding.pk).update(is_primary=False)
    Finding.objects.filter(pk=finding.pk).update(is_primary=True)
    _note("finding.made_primary", finding.debrief, by, now, finding=str(finding.id))


@transaction.atomic
def mask_finding(*, finding: Finding, verbatim: str, note: str, by: Person, now: datetime) -> None:
    """The words as they will be released. The raw ones stay as they were noted."""
    _not_released(finding.debrief)
    finding.masked_verbatim, finding.masked_note = verbatim, note
    finding.save(update_fields=["masked_verbatim", "masked_note"])
    _note("finding.masked", finding.debrief, by, now, finding=str(finding.id))


@dataclass(frozen=True)
class Text:
    """One text a release would show, the names found in it, and what could stand instead."""

    finding: Finding | None
    text: str
    hits: list[Hit]

    @property
    def certain(self) -> list[Hit]:
        """The names that have to go."""
        return [hit for hit in self.hits if hit.is_certain]

    @property
    def suggestion(self) -> str:
        """The text with those names replaced by roles."""
        return suggestion(self.text, self.hits)


@dataclass(frozen=True)
class Plan:
    """What a release would show: remarks as (finding, verbatim, note), labels, and what stands against it."""

    level: QuoteLevel
    remarks: list[tuple[Finding, str, str]]
    texts: list[Text]
    buyer_label: str
    company_label: str
    missing: list[str]

    @property
    def names(self) -> list[str]:
        """The names that remain, each once."""
        return list(dict.fromkeys(hit.found for text in self.texts for hit in text.certain))


def plan_release(debrief: Debrief, summary: str = "") -> Plan:
    """What releasing the debrief now would show, and why it would be refused. About ten queries."""
    level = quote_level(debrief)
    roster = roster_of(debrief, level)
    findings = list(Finding.objects.filter(debrief=debrief).select_related("driver", "competitor"))
    remarks = [(finding, *_words(finding, level)) for finding in findings]
    texts = [Text(finding, words, roster.find(words)) for finding, *said in remarks for words in said if words]
    if summary:
        texts.append(Text(None, summary, roster.find(summary)))
    buyer, company = _labels(debrief, level)
    missing = []
    if not findings:
        missing.append(_("There is no finding yet."))
    if not any(finding.is_primary for finding in findings):
        missing.append(_("Say which finding decided."))
    return Plan(level, remarks, texts, buyer, company, missing)


def _words(finding: Finding, level: QuoteLevel) -> tuple[str, str]:
    """(verbatim, note) as they may be released: without permission the buyer's words stay closed."""
    verbatim = finding.masked_verbatim or finding.verbatim
    return ("" if level == QuoteLevel.NONE else verbatim), finding.masked_note or finding.note


def _labels(debrief: Debrief, level: QuoteLevel) -> tuple[str, str]:
    """How the buyer and the company are called, as far as the permission goes."""
    contact, deal = debrief.contact, debrief.deal
    if level == QuoteLevel.NAMED:
        return contact.title or contact.name, str(deal.company or deal.name)
    part = DealContact.objects.filter(deal=deal, contact=contact).first()
    buyer = str(DecisionPart(part.part).label) if part and part.part != DecisionPart.UNKNOWN else _("A buyer")
    company = _("a company in %(segment)s") % {"segment": deal.segment.lower()} if deal.segment else _("a company")
    return buyer, company


@transaction.atomic
def review(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """The debrief is checked. Refuses without findings, without the one that decided, and while a known name stands."""
    plan = plan_release(debrief)
    if plan.missing:
        raise NotReleasable(" ".join(plan.missing))
    _refuse_names(plan)
    return calls.mark_reviewed(debrief=debrief, by=by, now=now)


@transaction.atomic
def release(*, debrief: Debrief, summary: str, by: Person, now: datetime) -> Release:
    """A masked copy that the owner reads at once and the audience after the owner's time. Harmless if repeated.

    Refuses an unreviewed debrief (WrongOrder), a missing primary finding (NotReleasable) and any known name in a text
    (NamesRemain). The counts, the mails and the pages read this copy only.
    """
    debrief = (
        Debrief.objects.select_for_update(of=("self",))
        .select_related("programme", "deal__company", "deal__owner__user", "contact")
        .get(pk=debrief.pk)
    )
    standing = Release.objects.filter(debrief=debrief, recalled_at__isnull=True).first()
    if standing is not None:
        return standing
    calls.mark_released(debrief=debrief, by=by, now=now)
    plan = plan_release(debrief, summary)
    if plan.missing:
        raise NotReleasable(" ".join(plan.missing))
    _refuse_names(plan)
    made = _copy(debrief, plan, summary, by, now)
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


def _refuse_names(plan: Plan) -> None:
    if plan.names:
        raise NamesRemain(
            _("Names of people or companies still stand in the texts: %(names)s. Put a role in their place first.")
            % {"names": ", ".join(plan.names)}
        )


def _copy(debrief: Debrief, plan: Plan, summary: str, by: Person, now: datetime) -> Release:
    deal = debrief.deal
    sheet = sheet_of(debrief)
    stated = stated_reasons_of(sheet).first() if sheet else None
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
        summary=summary,
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
        content_sha256=hashlib.sha256("\n".join([summary, *said]).encode()).hexdigest(),
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
        )
        for finding, verbatim, note in plan.remarks
    )
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
def recall(*, release: Release, reason: str, by: Person, now: datetime) -> Release:
    """The release is read by nobody and counted nowhere from now on. Harmless if repeated."""
    locked = Release.objects.select_for_update().get(pk=release.pk)
    if locked.recalled_at is not None:
        return locked
    locked.recalled_at, locked.recalled_by, locked.recall_reason = now, by, reason[:300]
    locked.save(update_fields=["recalled_at", "recalled_by", "recall_reason"])
    outbox.supersede(subject_kind="release", subject_id=locked.id, now=now, reason=_("The release was recalled."))
    calls.mark_recalled(debrief=locked.debrief, by=by, now=now)
    return locked


def _not_released(debrief: Debrief) -> None:
    if Release.objects.filter(debrief=debrief, recalled_at__isnull=True).exists():
        raise AlreadyReleased(_("This debrief is released. Recall it with a reason before you change its findings."))


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
