"""Lessons rest on released remarks, and are read by those who do not only interview."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from debriefs.deals.rules import today_in
from debriefs.findings.models import Remark
from debriefs.foundation import clock
from debriefs.lessons import actions, queries
from debriefs.lessons.models import Lesson
from debriefs.lessons.refusals import LessonChanged, LessonNames, NoEvidence
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def remark(world):
    driver = factories.driver(world.programme, "Implementation plan")
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    factories.release(deal, world.interviewer, (driver, "hurt", 3))
    return Remark.objects.get()


def write(world, remarks, **fields):
    values = {
        "situation": "a rival shows names",
        "we_did": "we showed phases",
        "buyers_did": "doubted the start",
        "owner": world.manager,
        "by": world.manager,
    }
    return actions.write_lesson(programme=world.programme, remarks=remarks, now=clock.now(), **values | fields)


def test_a_lesson_needs_evidence(world):
    with pytest.raises(NoEvidence):
        write(world, [])
    assert Lesson.objects.count() == 0


def test_a_lesson_counts_the_debriefs_it_rests_on_without_recalled_ones(world, remark):
    lesson = write(world, [remark], from_now_on="every proposal names the person")
    assert lesson.state == "agreed"
    assert queries.evidence_counts([lesson], clock.now()) == {lesson.pk: 1}
    remark.release.recalled_at, remark.release.recall_reason = clock.now(), "A name"
    remark.release.save()
    assert queries.evidence_counts([lesson], clock.now()) == {}


def test_two_people_saying_where_it_stands_do_not_overwrite_each_other(world, remark):
    lesson = write(world, [remark])
    actions.set_state(lesson=lesson, state="in_force", by=world.manager, now=clock.now(), version=1)
    with pytest.raises(LessonChanged):
        actions.set_state(lesson=lesson, state="retired", by=world.admin, now=clock.now(), version=1)
    lesson.refresh_from_db()
    assert (lesson.state, lesson.in_force_since) == ("in_force", world.today)


def test_the_evidence_is_read_by_those_who_may_read_the_debrief(world, remark):
    lesson = write(world, [remark])
    now = clock.now()
    assert queries.evidence_of(lesson, world.member, now) == [remark]
    assert queries.evidence_of(lesson, world.other_member, now) == []
    assert lesson in queries.lessons_visible_to(world.other_member)
    assert not queries.lessons_visible_to(world.interviewer).exists()
    assert not queries.lessons_visible_to(world.other_admin).exists()


def test_writing_and_reading_a_lesson_in_the_browser(world, remark, sign_in):
    client, base = sign_in(world.manager), f"/p/{world.programme.slug}/lessons/"
    form = {
        "situation": "a rival shows names",
        "we_did": "we showed phases",
        "buyers_did": "doubted",
        "owner": world.manager.pk,
    }
    refused = client.post(base + "add/", form)
    assert refused.status_code == 422
    assert "a rival shows names" in refused.content.decode()
    client.post(base + "add/", form | {"remarks": [remark.pk]})
    lesson = Lesson.objects.get()
    page = sign_in(world.member).get(f"{base}{lesson.pk}/").content.decode()
    assert remark.verbatim in page
    assert "Rests on 1 of 1" in page
    stranger = sign_in(world.other_member).get(f"{base}{lesson.pk}/").content.decode()
    assert remark.verbatim not in stranger
    assert sign_in(world.member).get(base + "add/").status_code == 403
    assert (
        sign_in(world.other_member).post(f"{base}{lesson.pk}/state/", {"state": "retired", "version": 1}).status_code
        == 403
    )
    lesson.refresh_from_db()
    assert lesson.state == "observed"


def test_the_list_costs_the_same_with_one_and_three_lessons(world, remark, sign_in):
    client, base = sign_in(world.admin), f"/p/{world.programme.slug}/lessons/"
    write(world, [remark])
    client.get(base)
    with CaptureQueriesContext(connection) as one:
        client.get(base)
    for number in range(2):
        write(world, [remark], expectation=f"fewer losses, step {number}")
    with CaptureQueriesContext(connection) as three:
        page = client.get(base)
    assert page.content.decode().count("a rival shows names") == 3
    assert len(three) == len(one)
    assert Role.ADMIN in world.admin.roles


def test_a_lesson_sent_twice_is_one(world, remark):
    assert write(world, [remark]) == write(world, [remark])
    assert write(world, [remark], buyers_did="left") != write(world, [remark])
    assert Lesson.objects.count() == 2


def test_saying_again_that_it_is_in_force_moves_no_day(world, remark):
    lesson = write(world, [remark])
    then = clock.now() - timedelta(days=40)
    actions.set_state(lesson=lesson, state="in_force", by=world.manager, now=then, version=1)
    actions.set_state(lesson=lesson, state="in_force", by=world.manager, now=clock.now(), version=2)
    assert lesson.in_force_since == today_in(world.programme.time_zone, then)
    actions.set_state(lesson=lesson, state="retired", by=world.manager, now=clock.now(), version=3)
    actions.set_state(lesson=lesson, state="in_force", by=world.manager, now=clock.now(), version=4)
    assert lesson.in_force_since == today_in(world.programme.time_zone, clock.now())


@pytest.mark.parametrize("field", ["situation", "we_did", "buyers_did", "from_now_on", "expectation"])
@pytest.mark.parametrize("name", ["Selling Person", "person@", "Anneke Quorvex", "Halden", "another"])
def test_a_lesson_names_nobody_and_what_was_typed_stays(world, remark, sign_in, field, name):
    deal = remark.deal
    deal.company.name = "Halden Foods AG"
    deal.company.save()
    factories.deal_contact(deal, factories.contact(world.programme, "Anneke Quorvex", company=deal.company))
    elsewhere = factories.deal(world.programme, company=factories.company(world.programme, "Brixham Freight"))
    factories.competitor(world.programme, "Meridian")
    # Of a deal that the lesson does not rest on, and of a competitor, it knows nothing to keep.
    said = {"person@": world.rep.email, "another": f"{elsewhere.company} and Meridian"}.get(name, name)
    typed = {"situation": "a", "we_did": "b", "buyers_did": "c", "from_now_on": "d", "expectation": "e"}
    typed[field] = f"we asked {said} in May"
    client = sign_in(world.manager)
    path = reverse("lessons:lesson_add", kwargs={"programme_slug": world.programme.slug})
    answer = client.post(path, typed | {"owner": world.manager.pk, "remarks": [remark.pk]})
    if name == "another":
        assert answer.status_code == 302
        assert Lesson.objects.count() == 1
        return
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "it names nobody" in page
    assert f"we asked {said} in May" in page
    assert not Lesson.objects.exists()
    with pytest.raises(LessonNames):
        write(world, [remark], **{field: typed[field]})


def test_remarks_to_rest_on_stand_by_driver_and_the_ticked_are_in_sight(world, sign_in, django_assert_max_num_queries):
    plan, price = factories.driver(world.programme, "Implementation plan"), factories.driver(world.programme, "Price")
    for _one in range(3):
        deal = factories.deal(world.programme, owner=world.rep, team=world.team)
        factories.release(deal, world.interviewer, (plan, "hurt", 3), (price, "helped", 2))
    client, path = sign_in(world.manager), f"/p/{world.programme.slug}/lessons/add/"
    with CaptureQueriesContext(connection) as asked:
        page = client.get(path).content.decode()
    few = len(asked)
    assert re.findall(r"<summary>(.+?) <span>(.+?)</span>", page) == [
        ("Implementation plan", "3 remarks"),
        ("Price", "3 remarks"),
    ]
    assert " open" not in re.findall("<details class=.fold by-driver.[^>]*>", page)[0]
    assert page.count("A buyer, A company") == 6
    ticked = Remark.objects.filter(driver=price).first()
    again = client.post(path, {"situation": "a plan hurts", "remarks": [ticked.pk]}).content.decode()
    folds = re.findall("<details class=.fold by-driver.[^>]*>", again)
    assert [" open" in fold for fold in folds] == [False, True]
    assert re.search(rf'value="{ticked.pk}"[^>]* checked', again)
    for _one in range(3):
        deal = factories.deal(world.programme, owner=world.rep, team=world.team)
        factories.release(deal, world.interviewer, (plan, "hurt", 3))
    with django_assert_max_num_queries(few):
        client.get(path)


def test_a_lesson_tells_nobody_whose_words_it_rests_on(world, remark):
    """What is refused would confirm a guess to somebody who does not read the record of the deal."""
    remark.release.audience = "programme"
    remark.release.save()
    deal = remark.deal
    deal.company.name = "Halden Foods AG"
    deal.company.save()
    factories.deal_contact(deal, factories.contact(world.programme, "Anneke Quorvex", company=deal.company))
    guess = {"situation": "Anneke Quorvex of Halden Foods asks"}
    for person in (world.manager, world.reviewer, world.admin):
        with pytest.raises(LessonNames):
            write(world, [remark], by=person, **guess)
    assert write(world, [remark], by=world.other_manager, **guess).pk
    # Who our people are, everybody knows.
    with pytest.raises(LessonNames, match="Selling Person"):
        write(world, [remark], by=world.other_manager, situation="Selling Person asks")
