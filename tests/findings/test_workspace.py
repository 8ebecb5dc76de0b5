"""Coding: undo, another driver, moving words; nothing that was typed is lost, and nothing kept for undoing outlives the release."""

import pytest
from django.urls import reverse

from debriefs.codebook.models import Driver
from debriefs.findings import actions
from debriefs.findings.models import Finding, FindingChange
from debriefs.findings.refusals import AlreadyReleased, FindingIsStale, NotReleasable
from debriefs.foundation import clock
from tests.findings.test_release import coded

FACTS = (
    "driver_id",
    "direction",
    "strength",
    "verbatim",
    "note",
    "masked_verbatim",
    "masked_note",
    "is_primary",
    "tag_id",
)


def state_of(debrief):
    return {
        finding.pk: tuple(getattr(finding, name) for name in FACTS)
        for finding in Finding.objects.filter(debrief=debrief)
    }


def driver(world, key):
    return Driver.objects.get(programme=world.programme, key=key)


def address(world, name, **values):
    return reverse(f"findings:{name}", kwargs={"programme_slug": world.programme.slug, **values})


def acts(world, debrief):
    """Every act on findings, as calls that can be made one after the other."""
    by = {"by": world.reviewer, "now": clock.now()}
    first = Finding.objects.get(debrief=debrief, driver__key="implementation-plan")
    second = Finding.objects.get(debrief=debrief, driver__key="trust")
    fields = {"debrief": debrief, "driver": driver(world, "references"), "direction": "hurt", "strength": 1}
    return {
        "added": lambda: actions.save_finding(**fields, note="A note of ours.", **by),
        "changed": lambda: actions.save_finding(**fields, finding=second, verbatim="Other words.", note="More.", **by),
        "recoded": lambda: actions.recode_finding(finding=first, driver=driver(world, "references"), **by),
        "folded": lambda: actions.fold_finding(finding=first, into=second, **by),
        "masked": lambda: actions.mask_finding(finding=second, verbatim="Masked.", note="", **by),
        "decided": lambda: actions.make_primary(finding=second, **by),
        "removed": lambda: actions.remove_finding(finding=first, **by),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["added", "changed", "recoded", "folded", "masked", "decided", "removed"])
def test_every_act_is_undone_word_for_word(world, debrief, act):
    coded(world, debrief)
    before = state_of(debrief)
    acts(world, debrief)[act]()
    assert state_of(debrief) != before
    assert actions.undo(debrief=debrief, by=world.reviewer, now=clock.now())
    assert state_of(debrief) == before


@pytest.mark.django_db
def test_acts_are_undone_one_after_the_other_down_to_the_first(world, debrief):
    actions.open_review(debrief=debrief, by=world.reviewer, now=clock.now())
    states = [state_of(debrief)]
    for act in acts(world, debrief).values():
        act()
        if state_of(debrief) != states[-1]:
            states.append(state_of(debrief))
    # What was moved into another finding is there no more to be removed.
    assert len(states) == 7
    states.pop()
    while states:
        assert actions.undo(debrief=debrief, by=world.reviewer, now=clock.now())
        assert state_of(debrief) == states.pop()
    assert not actions.undo(debrief=debrief, by=world.reviewer, now=clock.now())


@pytest.mark.django_db
def test_undoing_never_overwrites_what_somebody_else_did_since(world, debrief):
    first = coded(world, debrief)
    actions.save_finding(
        debrief=debrief, finding=first, driver=first.driver, direction="hurt", strength=3, verbatim="Theirs.",
        by=world.admin, now=clock.now(),
    )  # fmt: skip
    standing = state_of(debrief)
    with pytest.raises(FindingIsStale, match="Nothing was undone"):
        actions.undo(debrief=debrief, by=world.reviewer, now=clock.now())
    assert state_of(debrief) == standing
    # A second tab rests on the version before: it is told, instead of writing over what was restored.
    assert actions.undo(debrief=debrief, by=world.admin, now=clock.now())
    stale = first.version
    with pytest.raises(FindingIsStale):
        actions.mask_finding(
            finding=first, verbatim="x", note="", base_version=stale, by=world.admin, now=clock.now()
        )  # fmt: skip


@pytest.mark.django_db
def test_another_driver_keeps_words_note_and_mask(world, debrief, sign_in):
    first = coded(world, debrief)
    first.refresh_from_db()
    client = sign_in(world.reviewer)
    page = client.get(address(world, "coding", debrief_id=debrief.pk)).content.decode()
    assert page.count("data-typeahead") == 3
    sent = {"driver": driver(world, "references").pk, "base_version": first.version}
    assert client.post(address(world, "finding_recode", finding_id=first.pk), sent).status_code == 302
    again = Finding.objects.get(pk=first.pk)
    assert again.driver.key == "references"
    assert (again.verbatim, again.masked_verbatim, again.is_primary) == (first.verbatim, first.masked_verbatim, True)
    stale = client.post(address(world, "finding_recode", finding_id=first.pk), sent | {"driver": first.driver_id})
    assert stale.status_code == 409
    assert Finding.objects.get(pk=first.pk).driver.key == "references"
    page = client.get(address(world, "coding", debrief_id=debrief.pk)).content.decode()
    assert f"Your last act: {first.driver}, recoded." in page
    assert client.post(address(world, "finding_undo", debrief_id=debrief.pk)).status_code == 302
    assert Finding.objects.get(pk=first.pk).driver.key == "implementation-plan"


@pytest.mark.django_db
def test_words_move_to_another_finding_and_none_is_lost(world, debrief, sign_in):
    first = coded(world, debrief)
    second = Finding.objects.get(debrief=debrief, driver__key="trust")
    sent = {"into": second.pk}
    moved = sign_in(world.reviewer).post(address(world, "finding_fold", finding_id=first.pk), sent)
    assert moved.status_code == 302
    both = Finding.objects.get(debrief=debrief)
    assert (both.pk, both.is_primary) == (second.pk, True)
    assert both.verbatim == "They said no twice.\nSelling Person showed us a chart with arrows."
    assert both.masked_verbatim == "They said no twice.\nThe salesperson showed us a chart with arrows."
    with pytest.raises(NotReleasable):
        actions.fold_finding(finding=both, into=both, by=world.reviewer, now=clock.now())


@pytest.mark.django_db
def test_what_would_grow_too_long_stays_apart(world, debrief):
    first = coded(world, debrief)
    second = Finding.objects.get(debrief=debrief, driver__key="trust")
    Finding.objects.filter(pk=second.pk).update(note="x" * 4_000)
    Finding.objects.filter(pk=first.pk).update(note="y")
    with pytest.raises(NotReleasable, match="longer"):
        actions.fold_finding(finding=first, into=second, by=world.reviewer, now=clock.now())
    assert Finding.objects.filter(debrief=debrief).count() == 2


@pytest.mark.django_db
def test_the_raw_words_kept_for_undoing_are_gone_with_the_release(world, debrief):
    coded(world, debrief)
    assert FindingChange.objects.filter(debrief=debrief).exists()
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    actions.release(debrief=debrief, summary="", by=world.reviewer, now=clock.now())
    assert not FindingChange.objects.exists()
    with pytest.raises(AlreadyReleased):
        actions.undo(debrief=debrief, by=world.reviewer, now=clock.now())


@pytest.mark.django_db
def test_whoever_may_not_review_undoes_and_moves_nothing(world, debrief, sign_in):
    first = coded(world, debrief)
    standing = state_of(debrief)
    for person in (world.rep, world.interviewer, world.manager, world.other_admin):
        client = sign_in(person)
        for name, values in (
            ("finding_undo", {"debrief_id": debrief.pk}), ("finding_recode", {"finding_id": first.pk}), ("finding_fold", {"finding_id": first.pk}),
        ):  # fmt: skip
            assert client.post(address(world, name, **values), {}).status_code == 404
    assert state_of(debrief) == standing
