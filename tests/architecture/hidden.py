"""Deals that most of the standing people may not know of: team South's, with a word of their own in every text.

`hidden` is written up and `withheld` released to its team; `opened` is released to the whole programme with its buyer's names
withheld: its words are for all members, who it was is not.
"""

from typing import Any

from accounts.enums import Role
from accounts.models import TeamMember
from debriefs.deals.models import Deal, DealCompetitor
from debriefs.findings.models import Release, Remark
from debriefs.lessons.models import Lesson, LessonEvidence
from tests import factories
from tests.architecture.furnishing import HERE, STAGES, Furnished, Furnisher

HIDDEN = "hiddendealcanary"
OPENED = "Words that were opened to all."
# Of the standing people; besides them the seller of South and its interviewer, who stand in no table.
KNOW_HIDDEN = {"other_manager", "reviewer", "admin"}
STATES = ("hidden", "withheld", "opened")


def hide(world: factories.World, here: Furnished, rival: Any) -> None:
    """Writes the three deals and adds their values to those of our programme."""
    seller = factories.person(world.programme, Role.MEMBER, name="Seller Of South")
    asker = factories.person(world.programme, Role.INTERVIEWER, name="Interviewer Of South")
    TeamMember.objects.create(programme=world.programme, team=world.other_team, person=seller)
    south = Furnisher(
        world.programme, f"{HERE} {HIDDEN}", world.now, world.other_team, seller, asker, world.reviewer, world.other_manager
    )  # fmt: skip
    south.made, south.driver, south.rival, south.version = Furnished(world.programme), here.driver, rival, here.version
    south._debrief("hidden", STAGES["written_up"])
    for state in ("withheld", "opened"):
        south._released(state)
    deals = [south.made.of_state[state]["deal_id"] for state in STATES]
    Deal.objects.filter(pk__in=deals).update(stage=f"Stage {HIDDEN}")
    for deal in deals:
        DealCompetitor.objects.create(programme=world.programme, deal_id=deal, competitor=rival)
    opened = Release.objects.filter(pk=south.made.of_state["opened"]["release_id"])
    opened.update(audience="programme", summary=OPENED, company_label="A company", buyer_label="A buyer")
    Remark.objects.filter(release__in=opened).update(verbatim=OPENED)
    lesson = Lesson.objects.get(programme=world.programme)
    for remark in Remark.objects.filter(deal__in=deals):
        LessonEvidence.objects.create(programme=world.programme, lesson=lesson, remark=remark, added_at=world.now)
    here.of_state |= south.made.of_state
