"""A debrief that is being held, with its open sheet."""

import pytest
from django.utils import timezone

from debriefs.deals.enums import DebriefState
from debriefs.deals.models import Deal
from debriefs.interviews.actions import open_sheet
from tests import factories


@pytest.fixture
def deal(world):
    return factories.deal(
        world.programme,
        owner=world.rep,
        team=world.team,
        company=factories.company(world.programme, "Pellworth Freight"),
    )


@pytest.fixture
def debrief(world, deal):
    now = timezone.now()
    Deal.objects.filter(pk=deal.pk).update(debrief_state=DebriefState.HELD)
    return factories.debrief(deal, world.interviewer, invited_at=now, booked_at=now, held_at=now)


@pytest.fixture
def sheet(world, debrief):
    return open_sheet(debrief=debrief, by=world.interviewer, now=timezone.now())


@pytest.fixture
def answer(sheet):
    return sheet.answers.order_by("question__position").first()
