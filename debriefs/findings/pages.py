"""What the pages of this room show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.models import Person, Programme
from accounts.requests import programme_url
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import is_review_free, may_give_review_back, may_take_review
from debriefs.codebook.enums import Direction, Strength
from debriefs.codebook.models import Driver
from debriefs.codebook.queries import drivers_of
from debriefs.findings.batches import groups_of
from debriefs.findings.changes import last_act
from debriefs.findings.models import Finding, PreparedRelease, Release
from debriefs.findings.own_side import agreement_of, own_side_of, steps_of
from debriefs.findings.permissions import may_keep_quotes, may_recall
from debriefs.findings.plan import Story, Text, plan_release
from debriefs.findings.queries import prepared_releases, reviews_waiting
from debriefs.findings.quote_queries import quotes_visible_to
from debriefs.findings.readers import readers_of
from debriefs.findings.recoding import likely_drivers
from debriefs.interviews.queries import answers_for, has_transcript, stated_reasons_of
from debriefs.interviews.reading import record_reading

LONGEST_STORY = 10_000
_FACTS = ("driver", "direction", "strength", "verbatim", "note", "competitor")


def initial_of(finding: Finding) -> dict[str, Any]:
    """A finding as its form shows it first."""
    return {name: getattr(finding, name) for name in (*_FACTS, "version")}


def differences(current: Finding, typed: dict[str, Any], labels: dict[str, str]) -> list[tuple[str, str, str]]:
    """(label, saved now, typed) for every fact in which the two differ, in words."""
    words: dict[str, dict[Any, Any]] = {"direction": dict(Direction.choices), "strength": dict(Strength.choices)}

    def reads(name: str, value: Any) -> str:
        return str(words.get(name, {}).get(value, value) or "")

    pairs = [(name, reads(name, getattr(current, name)), reads(name, typed.get(name))) for name in _FACTS]
    return [(labels[name], saved, new) for name, saved, new in pairs if saved != new]


@dataclass(frozen=True)
class Coded:
    """A finding on the workspace: its words as they would be released now, and what stands against them.

    `verbatim` and `note` are what the mask form shows: typed before a refusal, or masked, or proposed.
    """

    finding: Finding
    verbatim: str
    note: str
    certain: list[str]
    doubtful: list[str]
    closed: list[str]
    # Where its driver was given up: what it may be coded as, most likely first.
    likely: list[Driver] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether the form for the released words is shown."""
        changed = self.finding.masked_verbatim or self.finding.masked_note
        return bool(self.certain or self.doubtful or self.closed or changed)


def _coded(
    remark: tuple[Finding, str, str], texts: list[Text], typed: dict[str, str] | None, likely: list[Driver]
) -> Coded:
    finding, verbatim, note = remark
    proposed = {text.text: text.suggestion for text in texts}
    return Coded(
        finding,
        (typed or {}).get("verbatim", proposed.get(verbatim, verbatim)) if verbatim else "",
        (typed or {}).get("note", proposed.get(note, note)),
        list(dict.fromkeys(hit.found for text in texts for hit in text.certain)),
        list(dict.fromkeys(hit.found for text in texts for hit in text.doubtful)),
        [text.closed for text in texts if text.closed],
        likely,
    )


def coding_page(
    person: Person, debrief: Debrief, now: datetime, typed: dict[Any, dict[str, str]] | None = None
) -> dict[str, Any]:
    """Answers, findings with the names found in them, and our reason beside the buyer's. Reading is recorded.

    `typed`: words by finding's key that a refusal gave back, shown again instead of those saved.
    """
    deal = debrief.deal
    own_view = getattr(deal, "own_view", None)
    plan = plan_release(debrief)
    if plan.remarks:
        record_reading("findings.read", person, debrief, now)
    given_up = {finding.driver_id for finding, *_said in plan.remarks if finding.driver.retired_at}
    likely = likely_drivers(person, given_up) if given_up else {}
    texts: dict[Any, list[Text]] = {}
    for text in plan.texts:
        if text.finding:
            texts.setdefault(text.finding.pk, []).append(text)
    return {
        "debrief": debrief,
        "deal": deal,
        "answers": answers_for(person, debrief, now),
        "has_transcript": has_transcript(debrief),
        "findings": [
            _coded(
                remark,
                texts.get(remark[0].pk, []),
                (typed or {}).get(remark[0].pk),
                likely.get(remark[0].driver_id, []),
            )
            for remark in plan.remarks
        ],
        "drivers": list(drivers_of(person.programme)),
        "plan": plan,
        "stated": list(stated_reasons_of(debrief)),
        "own_view": own_view,
        "primary": next((finding for finding, _verbatim, _note in plan.remarks if finding.is_primary), None),
        "last_act": last_act(debrief, person),
        "live_release": Release.objects.filter(debrief=debrief, recalled_at__isnull=True).first(),
        "may_give_back": may_give_review_back(person, debrief),
        "may_take": may_take_review(person, debrief),
        "is_free": is_review_free(debrief),
    }


def offer_page(person: Person, debrief: Debrief) -> dict[str, Any]:
    """Before the person reviews the debrief: who does, and whether they may take it on. No word of the buyer. At most eight queries."""
    return {
        "debrief": debrief,
        "deal": debrief.deal,
        "may_take": may_take_review(person, debrief),
        "is_free": is_review_free(debrief),
    }


def release_plan_page(person: Person, debrief: Debrief, typed: Any, now: datetime) -> dict[str, Any]:
    """What a release would show to whom, with the story as `typed`, or as it was prepared for a batch. Reading is recorded."""
    prepared = PreparedRelease.objects.filter(debrief=debrief).first()
    story = Story(*(typed.get(name, "")[:LONGEST_STORY] for name in Story._fields))
    # What was written for a release that was taken back is not written again.
    last = (
        prepared or Release.objects.filter(debrief=debrief, recalled_at__isnull=False).order_by("-recalled_at").first()
    )
    if not typed and last:
        story = Story(last.summary, last.timeline, last.suggests)
    plan = plan_release(debrief, story.text)
    record_reading("findings.read", person, debrief, now)
    checks, needs = own_side_of(debrief, plan.level, plan.kept_closed)
    return {
        "debrief": debrief,
        "plan": plan,
        "asks": any(text.doubtful for text in plan.texts if text.finding is None),
        "prepared": story._asdict()
        | {"looked_at": story.digest, "seen": prepared.prepared_at.isoformat() if prepared else ""},
        "is_prepared": prepared is not None and prepared.taken_out_at is None,
        "readers": readers_of(debrief, now),
        "counts_from": now + timedelta(hours=debrief.programme.owner_reads_first_hours),
        "verdicts": checks,
        "needs": needs,
    }


def prepared_meanwhile(debrief: Debrief) -> dict[str, Any]:
    """The text that somebody prepared since the page was shown, and by what it is told from a later one. One query."""
    prepared = PreparedRelease.objects.select_related("prepared_by").filter(debrief=debrief).first()
    return {"meanwhile": prepared, "seen": prepared.prepared_at.isoformat() if prepared else ""}


def review_list_page(person: Person) -> dict[str, Any]:
    """What waits for review, what is prepared for the next batch, and how much is to be coded anew. Four queries."""
    return {
        "debriefs": list(reviews_waiting(person)),
        "prepared": set(prepared_releases(person).values_list("debrief", flat=True)),
    }


def batch_page(programme: Programme, waiting: Iterable[PreparedRelease], chosen: set[str] | None) -> dict[str, Any]:
    """What waits for the next batch, which of it is ticked (all, before anything was sent), and by who reads it. One query."""
    rows = [(one, chosen is None or str(one.pk) in chosen) for one in waiting]
    groups = groups_of(programme, [one.debrief for one, is_chosen in rows if is_chosen])
    return {"rows": rows, "groups": groups, "is_small": any(group.is_small for group in groups)}


def story_of(person: Person, release: Release, now: datetime) -> dict[str, Any]:
    """The released debrief: from the copy alone, never from what was noted. Seven queries."""
    remarks = list(release.remarks.select_related("driver", "competitor"))
    hero = next((remark for remark in remarks if remark.verbatim), None)
    return {
        "release": release,
        "deal": release.deal,
        "remarks": remarks,
        "hero": hero,
        "others": [remark for remark in remarks if remark is not hero],
        "may_recall": may_recall(person, release),
        "agreement": agreement_of(release),
        "steps": steps_of(release.timeline),
        "checks": list(release.checks.all()),
        "needs": list(release.needs.all()),
        "story_address": settings.BASE_URL
        + programme_url(release.programme, "findings:story_link", debrief_id=release.debrief_id),
        "may_keep_quotes": may_keep_quotes(person, release),
        "quotes": list(quotes_visible_to(person, now).filter(release=release)),
    }
