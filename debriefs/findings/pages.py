"""What the pages of this room show."""

from datetime import datetime
from typing import Any

from accounts.enums import Role
from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.findings.actions import plan_release
from debriefs.findings.models import Finding, Release
from debriefs.interviews.queries import answers_for, sheet_of, stated_reasons_of


def initial_of(finding: Finding) -> dict[str, Any]:
    """A finding as its form shows it first."""
    names = ("driver", "direction", "strength", "verbatim", "note", "competitor")
    return {name: getattr(finding, name) for name in names}


def coding_page(person: Person, debrief: Debrief, now: datetime) -> dict[str, Any]:
    """Answers, findings with the names found in them, and our reason beside the buyer's. Reading is recorded."""
    deal = debrief.deal
    sheet = sheet_of(debrief)
    own_view = getattr(deal, "own_view", None)
    plan = plan_release(debrief)
    found = {text.finding.pk: text for text in plan.texts if text.finding and text.certain}
    return {
        "debrief": debrief,
        "deal": deal,
        "answers": answers_for(person, debrief, now),
        "findings": [(finding, found.get(finding.pk)) for finding, _verbatim, _note in plan.remarks],
        "plan": plan,
        "stated": list(stated_reasons_of(sheet)) if sheet else [],
        "own_view": own_view,
        "primary": next((finding for finding, _verbatim, _note in plan.remarks if finding.is_primary), None),
        "live_release": Release.objects.filter(debrief=debrief, recalled_at__isnull=True).first(),
    }


def story_of(person: Person, release: Release) -> dict[str, Any]:
    """The released debrief: from the copy alone, never from what was noted. Three queries."""
    remarks = list(release.remarks.select_related("driver", "competitor"))
    hero = next((remark for remark in remarks if remark.verbatim), None)
    return {
        "release": release,
        "deal": release.deal,
        "remarks": remarks,
        "hero": hero,
        "others": [remark for remark in remarks if remark is not hero],
        "may_recall": person.has_role(Role.ADMIN, Role.REVIEWER) and release.recalled_at is None,
        "agrees": release.own_category_id is not None and release.own_category_id == release.primary_driver.category_id,
    }
