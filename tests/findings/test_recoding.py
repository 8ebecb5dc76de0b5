"""What stands under a driver that was given up waits in a queue, and coded anew keeps words and first code."""

import pytest
from django.urls import reverse

from debriefs.codebook import actions as codebook
from debriefs.codebook.models import Driver
from debriefs.codebook.rules import DriverText
from debriefs.findings import actions, recoding
from debriefs.findings.codebook_queries import use_of
from debriefs.findings.models import Finding, Release, Remark
from debriefs.findings.refusals import NotReleasable, ReviewNotAllowed
from debriefs.foundation import clock
from tests.findings.test_release import coded, released


def address(world, name, **values):
    return reverse(f"findings:{name}", kwargs={"programme_slug": world.programme.slug, **values})


def split(world, key="implementation-plan", counts_as=None):
    driver = Driver.objects.get(programme=world.programme, key=key)
    parts = [DriverText("Plan with dates"), DriverText("Plan with names")]
    return driver, codebook.split_driver(
        driver=driver, parts=parts, reason="Two things", counts_as=counts_as, by=world.admin, now=clock.now()
    )


@pytest.mark.django_db
def test_a_split_sends_what_was_released_to_the_queue_and_the_parts_stand_first(world, debrief, sign_in):
    release = released(world, debrief)
    client = sign_in(world.reviewer)
    assert (
        "Everything is coded with drivers the codebook offers"
        in client.get(address(world, "recode_queue")).content.decode()
    )
    driver, parts = split(world)
    page = client.get(address(world, "recode_queue")).content.decode()
    assert "Counts under its old name until then." in page
    assert page.index("Plan with dates") < page.index("Plan with names") < page.index("References")
    remark = Remark.objects.get(driver=driver)
    recoded = client.post(address(world, "remark_recode", remark_id=remark.pk), {"driver": parts[1].pk})
    assert recoded.status_code == 302
    again = Remark.objects.get(pk=remark.pk)
    assert (again.driver, again.first_driver) == (parts[1], driver)
    assert (again.verbatim, again.note, again.is_primary) == (remark.verbatim, remark.note, True)
    assert Release.objects.get(pk=release.pk).primary_driver == parts[1]
    # The finding it is a copy of goes along, with its words.
    assert Finding.objects.get(debrief=debrief, is_primary=True).driver == parts[1]
    assert not recoding.remarks_to_recode(world.reviewer, clock.now()).exists()


@pytest.mark.django_db
def test_a_merge_offers_what_it_counts_as_and_the_first_code_outlives_two_changes(world, debrief):
    released(world, debrief)
    gone = Driver.objects.get(programme=world.programme, key="implementation-plan")
    into = Driver.objects.get(programme=world.programme, key="references")
    codebook.merge_driver(driver=gone, into=into, reason="", by=world.admin, now=clock.now())
    remark = recoding.remarks_to_recode(world.reviewer, clock.now()).get()
    assert recoding.likely_drivers(world.reviewer, {gone.pk}) == {gone.pk: [into]}
    recoding.recode_remark(remark=remark, driver=into, by=world.reviewer, now=clock.now())
    codebook.retire_driver(driver=into, reason="", by=world.admin, now=clock.now())
    remark = recoding.remarks_to_recode(world.reviewer, clock.now()).get()
    other = Driver.objects.get(programme=world.programme, key="trust")
    recoding.recode_remark(remark=remark, driver=other, by=world.reviewer, now=clock.now())
    assert Remark.objects.get(pk=remark.pk).first_driver == gone


@pytest.mark.django_db
def test_an_open_review_is_told_and_its_findings_are_coded_anew_there(world, debrief, sign_in):
    coded(world, debrief)
    split(world)
    assert [one.given_up for one in recoding.reviews_to_recode(world.reviewer)] == [1]
    client = sign_in(world.reviewer)
    page = client.get(address(world, "recode_queue")).content.decode()
    assert "Pellworth Freight" in page
    assert "1 finding" in page
    assert "chart with arrows" not in page
    assert "Its driver was given up." in client.get(address(world, "coding", debrief_id=debrief.pk)).content.decode()


@pytest.mark.django_db
def test_who_sold_or_may_not_review_finds_nothing_there_and_codes_nothing(world, debrief, sign_in):
    released(world, debrief)
    _driver, parts = split(world)
    remark = Remark.objects.get(is_primary=True)
    for person in (world.rep, world.manager, world.interviewer):
        assert sign_in(person).get(address(world, "recode_queue")).status_code == 404
        with pytest.raises(ReviewNotAllowed):
            recoding.recode_remark(remark=remark, driver=parts[0], by=person, now=clock.now())
    assert sign_in(world.other_admin).post(address(world, "remark_recode", remark_id=remark.pk)).status_code == 404
    with pytest.raises(NotReleasable):
        recoding.recode_remark(remark=remark, driver=remark.driver, by=world.reviewer, now=clock.now())
    assert Remark.objects.get(pk=remark.pk).first_driver is None


@pytest.mark.django_db
def test_the_codebook_says_how_much_waits(world, debrief, sign_in):
    world.programme.owner_reads_first_hours = 0
    world.programme.save(update_fields=["owner_reads_first_hours"])
    debrief.programme.refresh_from_db()
    released(world, debrief)
    split(world)
    assert use_of(world.programme, clock.now()).given_up == 1
    page = sign_in(world.admin).get(address(world, "codebook_page")).content.decode()
    assert "1 released finding stands under a driver that was given up." in page
    remark = Remark.objects.get(is_primary=True)
    to = Driver.objects.get(programme=world.programme, key="trust")
    recoding.recode_remark(remark=remark, driver=to, by=world.reviewer, now=clock.now())
    assert use_of(world.programme, clock.now()).given_up == 0
    assert actions.recall(release=remark.release, reason="x", by=world.admin, now=clock.now()).recalled_at
