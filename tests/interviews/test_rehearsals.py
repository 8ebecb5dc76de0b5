"""Practice: several persons' rehearsals are kept apart, and no page counts any of it."""

import re
from uuid import uuid4

import pytest
from django.urls import URLPattern, get_resolver

from accounts.requests import programme_url
from debriefs.codebook.actions import install_starter_codebook
from debriefs.codebook.models import Driver
from debriefs.findings.models import Finding
from debriefs.foundation import clock
from debriefs.interviews.actions import mark_verbatim, save_answer, start_rehearsal, tag_driver
from debriefs.interviews.models import Answer, AnswerSheet, Tag
from tests import factories

pytestmark = pytest.mark.django_db

WORDS = "Rehearsed: the price was too high for us."
READERS = ("admin", "manager", "reviewer", "interviewer", "other_interviewer", "rep")


def plain_pages(programme):
    """The addresses of all pages of a programme that need nothing but the programme."""

    def walk(patterns, names, given):
        for pattern in patterns:
            params = given | set(pattern.pattern.regex.groupindex)
            if isinstance(pattern, URLPattern):
                if pattern.name and params == {"programme_slug"}:
                    yield ":".join([*names, pattern.name])
            else:
                within = [*names, pattern.namespace] if pattern.namespace else names
                yield from walk(pattern.url_patterns, within, params)

    return [programme_url(programme, name) for name in walk(get_resolver().url_patterns, [], set())]


def rehearse(version, person):
    """A rehearsal by the person with everything in it that is counted in a real conversation."""
    rehearsal = start_rehearsal(version=version, by=person, now=clock.now())
    for answer in Answer.objects.filter(sheet__rehearsal=rehearsal):
        save_answer(
            answer=answer, base_revision=0, operation=uuid4(), text=f"{WORDS} {person.name}", by=person, now=clock.now()
        )
        answer.refresh_from_db()
        words = mark_verbatim(answer=answer, words=WORDS, by=person, now=clock.now())
        driver = Driver.objects.filter(programme=version.programme).first()
        tag_driver(answer=answer, driver=driver, direction="hurt", verbatim=words, by=person, now=clock.now())
    return rehearsal


def shown(client, addresses):
    """What stands on each page that answers, without what differs from request to request."""
    found = {}
    for address in addresses:
        response = client.get(address)
        # Archives hold the same figures that the pages beside them show as text.
        if response.status_code == 200 and not response.streaming and response["Content-Type"] != "application/zip":
            found[address] = re.sub(r'(csrfmiddlewaretoken"|nonce=|csrf[Tt]oken)[^>]*', "", response.content.decode())
    return found


def test_no_page_counts_a_rehearsal(world, sign_in, debrief, answer):
    install_starter_codebook(programme=world.programme)
    deal = {"deal_id": debrief.deal_id}
    addresses = [
        # The log of acts names the practice as an act; it counts nothing.
        *[address for address in plain_pages(world.programme) if "/audit" not in address],
        programme_url(world.programme, "home:deal_page", **deal),
        programme_url(world.programme, "calls:debrief_page", debrief_id=debrief.pk),
        programme_url(world.programme, "guides:version_page", version_id=debrief.guide_version_id),
    ]
    before = {reader: shown(sign_in(getattr(world, reader)), addresses) for reader in READERS}
    assert len(before["admin"]) > 15
    for person in (world.interviewer, world.other_interviewer, world.admin):
        rehearse(debrief.guide_version, person)
    assert Tag.objects.filter(answer__sheet__rehearsal__isnull=False).count() == 9
    for reader in READERS:
        after = shown(sign_in(getattr(world, reader)), addresses)
        assert after.keys() == before[reader].keys()
        for address, page in after.items():
            assert page == before[reader][address], (reader, address)
            assert "Rehearsed" not in page
    assert not Finding.objects.exists()


def test_several_persons_rehearsals_of_one_guide_are_kept_apart(world, sign_in):
    install_starter_codebook(programme=world.programme)
    version = factories.guide_version(world.programme)
    made = {who: rehearse(version, getattr(world, who)) for who in ("interviewer", "other_interviewer", "admin")}
    assert AnswerSheet.objects.filter(rehearsal__isnull=False).count() == 3
    for who in made:
        client = sign_in(getattr(world, who))
        for whose, rehearsal in made.items():
            address = programme_url(world.programme, "interviews:rehearsal", rehearsal_id=rehearsal.pk)
            response = client.get(address + "?at=1")
            assert response.status_code == (200 if who == whose else 404), (who, whose)
            if who == whose:
                page = response.content.decode()
                assert f"{WORDS} {getattr(world, who).name}" in page and "A made-up deal" in page
                others = {getattr(world, name).name for name in made} - {getattr(world, who).name}
                assert not any(f"{WORDS} {name}" in page for name in others)
