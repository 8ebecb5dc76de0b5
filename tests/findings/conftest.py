"""A written-up debrief of this room, as the interviewer left it."""

import pytest

from debriefs.codebook.actions import install_starter_codebook
from debriefs.codebook.models import Driver
from debriefs.foundation import clock
from debriefs.interviews.models import Answer, AnswerSheet, PermissionGiven, Tag, Verbatim
from tests import factories


@pytest.fixture
def debrief(world):
    """See written_up."""
    return written_up(world)


def written_up(world):
    """A written-up debrief with two tags; its raw note carries a canary that must never be read by the team."""
    install_starter_codebook(programme=world.programme)
    deal = factories.deal(
        world.programme,
        owner=world.rep,
        team=world.team,
        segment="Transport",
        company=factories.company(world.programme, "Pellworth Freight"),
    )
    contact = factories.contact(world.programme, "Corin Hathersby", title="Head of depots", company=deal.company)
    factories.deal_contact(deal, contact)
    made = factories.debrief(
        deal,
        world.interviewer,
        contact_=contact,
        invited_at=world.now,
        booked_at=world.now,
        held_at=world.now,
        written_up_at=world.now,
        reviewer=world.reviewer,
    )
    sheet = AnswerSheet.objects.create(
        programme=world.programme, debrief=made, opened_at=world.now, submitted_at=world.now
    )
    question = made.guide_version.questions.first()
    answer = Answer.objects.create(
        programme=world.programme, sheet=sheet, question=question, question_key=question.key, question_text=question.text,
        text="RAWCANARY: the note as it was typed.", state="noted",
    )  # fmt: skip
    tag(world, answer, "implementation-plan", "hurt", "Selling Person showed us a chart with arrows.")
    tag(world, answer, "trust", "helped", "They said no twice.")
    permit(made, "anonymous")
    return made


def tag(world, answer, key, direction, said):
    verbatim = Verbatim.objects.create(
        programme=world.programme, answer=answer, text=said, starts=0, ends=len(said), marked_at=world.now
    )
    Tag.objects.create(
        programme=world.programme, answer=answer, driver=Driver.objects.get(programme=world.programme, key=key), direction=direction,
        strength=3, verbatim=verbatim, tagged_at=world.now,
    )  # fmt: skip


def permit(debrief, level):
    PermissionGiven.objects.update_or_create(
        debrief=debrief, kind="quote",
        defaults={"programme": debrief.programme, "given": level != "none", "quote_level": level, "said_at": clock.now()},
    )  # fmt: skip
