"""The owner's own view: theirs alone, never over another window's text, closed when the interview begins."""

import pytest

from debriefs.deals.actions import close_own_view, open_own_view, save_own_view, set_owner
from debriefs.deals.models import Deal, OwnView
from debriefs.deals.refusals import OwnViewClosed, OwnViewIsStale
from debriefs.foundation.refusals import NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(world):
    return factories.deal(world.programme, owner=world.rep, team=world.team)


def test_it_is_asked_for_once_and_only_where_there_is_an_owner(world, deal, now):
    first = open_own_view(deal=deal, now=now)
    assert (open_own_view(deal=deal, now=now), first.person, first.asked_at) == (first, world.rep, now)
    assert open_own_view(deal=factories.deal(world.programme), now=now) is None


def test_what_the_owner_gives_is_kept_and_becomes_the_deals_own_reason(world, deal, now):
    driver = factories.driver(world.programme)
    view = open_own_view(deal=deal, now=now)
    saved = save_own_view(own_view=view, by=world.rep, now=now, base_revision=0, why="Price.", driver=driver)
    assert (saved.revision, saved.why, saved.given_at) == (1, "Price.", now)
    kept = Deal.objects.get(pk=deal.pk)
    assert (kept.own_reason_driver, kept.own_reason_category) == (driver, driver.category)


def test_only_its_person_writes_it(world, deal, now):
    view = open_own_view(deal=deal, now=now)
    with pytest.raises(NotAllowed):
        save_own_view(own_view=view, by=world.admin, now=now, base_revision=0, why="I know better")
    assert OwnView.objects.get(pk=view.pk).why == ""


def test_two_windows_do_not_overwrite_each_other(world, deal, now):
    view = open_own_view(deal=deal, now=now)
    save_own_view(own_view=view, by=world.rep, now=now, base_revision=0, why="From the first window")
    with pytest.raises(OwnViewIsStale) as refusal:
        save_own_view(own_view=view, by=world.rep, now=now, base_revision=0, why="From the second window")
    assert refusal.value.current.why == "From the first window"


def test_once_closed_it_stays_as_it_was(world, deal, now):
    view = open_own_view(deal=deal, now=now)
    save_own_view(own_view=view, by=world.rep, now=now, base_revision=0, why="Before")
    close_own_view(deal=deal, now=now)
    with pytest.raises(OwnViewClosed):
        save_own_view(own_view=view, by=world.rep, now=now, base_revision=1, why="After")
    assert OwnView.objects.get(pk=view.pk).why == "Before"


def test_an_own_view_not_given_yet_passes_to_the_new_owner(world, deal, now):
    view = open_own_view(deal=deal, now=now)
    set_owner(deal=deal, person=world.member, by=world.admin, now=now)
    assert OwnView.objects.get(pk=view.pk).person == world.member
    save_own_view(own_view=view, by=world.member, now=now, base_revision=0, why="Mine")
    set_owner(deal=deal, person=world.rep, by=world.admin, now=now)
    assert OwnView.objects.get(pk=view.pk).person == world.member


def test_what_is_typed_is_kept_for_its_person_alone_until_it_is_given(world, deal, now):
    driver = factories.driver(world.programme)
    view = open_own_view(deal=deal, now=now)
    typed = {"own_view": view, "by": world.rep, "now": now, "why": "Price, I th", "driver": driver}
    saved = save_own_view(base_revision=0, is_given=False, **typed)
    assert (saved.why, saved.revision, saved.given_at) == ("Price, I th", 1, None)
    assert Deal.objects.get(pk=deal.pk).own_reason_driver is None
    given = save_own_view(base_revision=1, **typed)
    assert (given.revision, given.given_at) == (1, now)
    assert Deal.objects.get(pk=deal.pk).own_reason_driver == driver


def test_the_same_words_once_more_are_no_other_window(world, deal, now):
    view = open_own_view(deal=deal, now=now)
    for _ in range(2):
        saved = save_own_view(own_view=view, by=world.rep, now=now, base_revision=0, why="Price.", is_given=False)
        assert (saved.revision, saved.why) == (1, "Price.")


def test_what_was_typed_counts_as_given_when_the_interview_begins(world, deal, now):
    driver = factories.driver(world.programme)
    view = open_own_view(deal=deal, now=now)
    save_own_view(own_view=view, by=world.rep, now=now, base_revision=0, why="Half a", driver=driver, is_given=False)
    for _ in range(2):
        close_own_view(deal=deal, now=now)
    kept = OwnView.objects.get(pk=view.pk)
    assert (kept.why, kept.given_at, kept.closed_at) == ("Half a", now, now)
    assert Deal.objects.get(pk=deal.pk).own_reason_driver == driver
    other = factories.deal(world.programme, owner=world.rep, team=world.team)
    empty = open_own_view(deal=other, now=now)
    save_own_view(own_view=empty, by=world.rep, now=now, base_revision=0, why="x", is_given=False)
    save_own_view(own_view=empty, by=world.rep, now=now, base_revision=1, why=" ", is_given=False)
    close_own_view(deal=other, now=now)
    assert OwnView.objects.values_list("given_at", "closed_at").get(pk=empty.pk) == (None, now)


def test_what_somebody_has_typed_does_not_pass_to_the_new_owner(world, deal, now):
    view = open_own_view(deal=deal, now=now)
    save_own_view(own_view=view, by=world.rep, now=now, base_revision=0, why="Mine", is_given=False)
    set_owner(deal=deal, person=world.member, by=world.admin, now=now)
    assert OwnView.objects.get(pk=view.pk).person == world.rep
