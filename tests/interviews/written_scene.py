"""A debrief that is answered in writing: invited, writing chosen, opened through the personal link, saved as the buyer saves."""

from uuid import uuid4

from django.test import Client
from django.urls import reverse

from debriefs.calls import actions as calls
from debriefs.calls import links
from debriefs.calls.models import Debrief, ProspectLink
from debriefs.foundation import clock
from debriefs.guides.models import Question
from debriefs.interviews import actions
from debriefs.interviews.models import Answer
from tests import factories


def chosen(world, **asked):
    """Invited, and the buyer chose writing: three questions, of which the second is only asked in a call."""
    version = factories.guide_version(world.programme, published=False)
    Question.objects.filter(version=version, position=2).update(fit_for_writing=False)
    Question.objects.filter(version=version, position=3).update(written_text="What would you write?")
    if asked:
        Question.objects.filter(version=version).update(**asked)
    version.published_at = world.now
    version.save()
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    made = factories.debrief(deal, world.interviewer, version=version, invited_at=world.now, planned_by=world.manager)
    links.issue(made, world.now)
    return calls.choose_writing(debrief=made, now=clock.now())


def opened(debrief):
    """A browser in which the link of the mail was opened."""
    client = Client(headers={"accept": "text/html"})
    link = ProspectLink.objects.get(debrief=debrief)
    path = "/" + links.address(link).split("://", 1)[1].partition("/")[2]
    assert client.get(path).status_code == 302
    assert client.post(reverse("prospect:addressee", kwargs={"link_id": link.pk})).status_code == 302
    return client


def url(debrief, name, **more):
    return reverse(f"written:{name}", kwargs={"link_id": ProspectLink.objects.get(debrief=debrief).pk, **more})


def first(sheet):
    return sheet.answers.order_by("question__position").first()


def saving(answer, text, **more):
    return {"base_revision": answer.revision, "operation": str(uuid4()), "text": text} | more


def put(client, debrief, answer, text, *, by_script=True, **more):
    headers = {"accept": "application/json"} if by_script else {}
    address = url(debrief, "answer_save", answer_id=answer.pk)
    return client.post(address, saving(answer, text, **more), headers=headers)


def write(sheet, text="It was the price, in the end.", number=0):
    answer = sheet.answers.order_by("question__position")[number]
    actions.save_answer(
        answer=answer, by=None, now=clock.now(), base_revision=answer.revision, operation=uuid4(), text=text
    )
    return Answer.objects.get(pk=answer.pk)


def now_of(debrief):
    return Debrief.objects.get(pk=debrief.pk)
