"""Our side against the buyer, for one debrief: what is copied into a release, and what its page says of it."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from debriefs.calls.models import Debrief
from debriefs.findings.closed_words import repeated
from debriefs.findings.models import Release, ReleasedCheck, ReleasedNeed
from debriefs.findings.roster import roster_of
from debriefs.interviews.enums import QuoteLevel
from debriefs.interviews.queries import handed_in_of

LONGEST_WHEN = 40


def copy_own_side(release: Release, debrief: Debrief, closed: list[str]) -> None:
    """Verdicts and needs of the write-up that counts, into the release. About eight queries."""
    checks, needs = own_side_of(debrief, QuoteLevel(release.quote_level), closed)
    rows: list[Any] = [*checks, *needs]
    for row in rows:
        row.programme_id, row.release = release.programme_id, release
    ReleasedCheck.objects.bulk_create(checks)
    ReleasedNeed.objects.bulk_create(needs)


def own_side_of(
    debrief: Debrief, level: QuoteLevel, closed: list[str]
) -> tuple[list[ReleasedCheck], list[ReleasedNeed]]:
    """What a release tells of our record, as rows that are not saved. About six queries.

    A need's text is our record's; one with a name in it, or with words the buyer keeps closed, stands without its text.
    """
    write_up = handed_in_of(debrief)
    if write_up is None:
        return [], []
    roster = roster_of(debrief, level)
    checks = [
        ReleasedCheck(field=check.field, verdict=check.verdict) for check in write_up.record_checks.exclude(verdict="")
    ]
    needs = [
        ReleasedNeed(
            position=need.position,
            text="" if roster.find(need.text) or repeated(need.text, closed) else need.text,
            weight=need.weight,
            outcome=need.outcome,
        )
        for need in write_up.need_assessments.exclude(outcome="")
    ]
    return checks, needs


@dataclass(frozen=True)
class Agreement:
    """Whether our reason was the buyer's: strict by driver, lenient by category. None where our side gave none to compare."""

    strict: bool | None
    lenient: bool | None

    @property
    def word(self) -> "str | Promise":
        """What our record was, in words."""
        if self.lenient is None:
            return _("Missing")
        if self.strict:
            return _("Right")
        return _("Right by category") if self.lenient else _("Another reason")


def agreement_of(release: Release) -> Agreement:
    """Of our reason with what decided. A reason known only by category is left out of the strict figure. No query by itself."""
    if release.own_category_id is None:
        return Agreement(None, None)
    strict = None if release.own_driver_id is None else release.own_driver_id == release.primary_driver_id
    return Agreement(strict, release.own_category_id == release.primary_driver.category_id)


@dataclass(frozen=True)
class Step:
    """One step of the buyer's timeline: when, in the buyer's terms, and what happened."""

    when: str
    what: str


def steps_of(timeline: str) -> list[Step]:
    """The timeline as typed, a line per step, "when: what happened"; a line without a when keeps its whole text."""
    steps = []
    for line in filter(None, (line.strip() for line in timeline.splitlines())):
        when, colon, what = line.partition(":")
        has_when = bool(colon and what.strip()) and len(when) <= LONGEST_WHEN
        steps.append(Step(when.strip(), what.strip()) if has_when else Step("", line))
    return steps
