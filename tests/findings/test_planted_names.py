"""Sixty names of our people planted in two hundred texts of four languages: none is missed, and few other words are stopped."""

import re

import pytest

from accounts.models import Person
from debriefs.findings import actions
from debriefs.findings.masking import Known, Roster, one_slip, suggestion
from debriefs.findings.models import Release
from debriefs.findings.refusals import NamesRemain
from debriefs.foundation import clock
from tests import factories
from tests.findings.planted_names import OUR_PEOPLE, TEXTS
from tests.findings.test_release import coded

ADDRESSES = {"Katherine Osgood": "k.osgood@ours.example", "Ignacio Vidal": "nacho.vidal@ours.example"}
ROSTER = Roster(
    [Known(name, "the salesperson", addresses=tuple(filter(None, [ADDRESSES.get(name)]))) for name in OUR_PEOPLE],
    allowed=["Oracle", "SAP"],
)
PLANTED = [text for text in TEXTS if "{" in text]
CLEAN = [text for text in TEXTS if "{" not in text]


def plain(text):
    return text.replace("{", "").replace("}", "")


def stopped(text):
    """The places that stop a release until they are masked or a person has looked."""
    return [(hit.start, hit.end) for hit in ROSTER.find(text)]


def test_the_texts_are_as_many_as_they_say():
    assert len(TEXTS) == len(set(TEXTS)) == 200
    assert len(PLANTED) == 60
    assert sum(1 for line in TEXTS[50:] if "{" in line) >= 25


@pytest.mark.parametrize("text", PLANTED)
def test_no_planted_name_is_missed(text):
    planted = re.search(r"\{(.+?)\}", text)
    start, end = planted.start(), planted.end() - 2
    name = planted[1].removeprefix("Mr ").removeprefix("Frau ")
    start += len(planted[1]) - len(name)
    covered = {at for a, b in stopped(plain(text)) for at in range(a, b)}
    letters = {at for at in range(start, end) if plain(text)[at].isalpha()}
    assert letters - covered <= {at for at in letters if plain(text)[at] == "s" and at == end - 1}, stopped(plain(text))


@pytest.mark.parametrize("text", PLANTED)
def test_once_masked_the_name_is_gone(text):
    said = plain(text)
    certain = [hit for hit in ROSTER.find(said) if hit.is_certain]
    masked = suggestion(said, certain)
    assert [hit for hit in ROSTER.find(masked) if hit.is_certain] == []
    assert all(hit.found not in masked for hit in certain if len(hit.found) > 3)


def test_at_most_five_in_a_hundred_texts_are_stopped_for_another_word():
    alarms = {text: [text[start:end] for start, end in stopped(text)] for text in CLEAN if stopped(text)}
    words_beside = sum(len(stopped(plain(text))) > 1 for text in PLANTED)
    assert len(alarms) + words_beside <= len(TEXTS) * 5 // 100, alarms


@pytest.mark.parametrize(
    ("said", "meant", "is_one"),
    [
        ("krämer", "krämer", False), ("kramer", "krumer", True), ("krmer", "kramer", True), ("kraamer", "kramer", True),
        ("karmer", "kramer", True), ("kramre", "kramer", True), ("krum", "kramer", False), ("karmre", "kramer", False), ("kramers", "kramer", True),
    ],
)  # fmt: skip
def test_one_slip_is_one_letter_wrong_missing_too_much_or_changed_round(said, meant, is_one):
    assert one_slip(said, meant) is is_one


@pytest.mark.django_db
def test_every_planted_name_stops_the_release_itself(world, debrief):
    """Through the whole way, with the programme's people in the database: each text as the summary of one release."""
    for name in OUR_PEOPLE:
        made = factories.person(world.programme, "member", name=name)
        Person.objects.filter(pk=made.pk).update(email=ADDRESSES.get(name, made.email))
    coded(world, debrief)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    let_through = []
    for text in PLANTED:
        try:
            actions.release(debrief=debrief, summary=plain(text), by=world.reviewer, now=clock.now())
        except NamesRemain:
            continue
        let_through.append(text)
        break
    assert let_through == []
    assert not Release.objects.exists()
