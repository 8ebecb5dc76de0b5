"""Pages and mails of prospects are whole in German, French and Spanish."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import translation

from debriefs.calls import actions, links, notices
from debriefs.calls.actions import booking
from debriefs.foundation import clock, outbox
from debriefs.guides.enums import OutcomeGroup
from tests import factories
from tests.calls.texts import catalogue, read_by_prospects

LANGUAGES = ("de", "fr", "es")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_a_prospect_reads_is_left_in_english(language):
    known = catalogue(language)
    missing = []
    for (context, first), ids in read_by_prospects().items():
        entry = known.get(ids if len(ids) > 1 else first, context=context or None)
        said = (entry.string if isinstance(entry.string, tuple) else (entry.string,)) if entry else ()
        if entry is None or entry.fuzzy or not all(said) or len(said) < len(ids):
            missing.append(first)
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_agree_and_nothing_is_left_over(language):
    wanted = read_by_prospects()
    for entry in catalogue(language):
        if not entry.id:
            continue
        ids = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        assert (entry.context or "", ids[0]) in wanted, f"nobody reads this any more: {ids[0]}"
        for said in entry.string if isinstance(entry.string, tuple) else (entry.string,):
            allowed = [sorted(PLACEHOLDER.findall(one)) for one in ids]
            assert sorted(PLACEHOLDER.findall(said)) in allowed, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_texts_are_those_committed(language):
    with translation.override(language):
        for entry in catalogue(language):
            if entry.id and not isinstance(entry.id, tuple) and not entry.context:
                assert translation.gettext(entry.id) == entry.string, "run `make setup`"


@pytest.fixture
def debrief(world, smtp):
    world.programme.privacy_notice = "What we hold."
    world.programme.save()
    deal = factories.deal(world.programme, owner=world.rep, team=world.team, decided_days_ago=10)
    contact = factories.contact(world.programme, time_zone="Europe/Berlin", company=deal.company)
    factories.deal_contact(deal, contact)
    return actions.plan_debrief(
        deal=deal, contact=contact, interviewer=world.interviewer, minutes=30, by=world.manager, now=clock.now(),
        guide_version=factories.guide_version(world.programme, OutcomeGroup.LOST),
    )  # fmt: skip


SAID = {
    "de": (
        "Guten Tag",
        "Zeit wählen oder absagen",
        "Wählen Sie eine Zeit",
        "Ihr Gespräch ist gebucht",
        r"MEZ \(UTC\+1\)|MESZ",
    ),
    "fr": ("Bonjour", "Choisir un horaire", "Choisissez un horaire", "Votre entretien est réservé", r"UTC\+[12]"),
    "es": ("Hola", "Elegir una hora", "Elija una hora", "Su conversación está reservada", r"UTC\+[12]"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_contacts_language_decides_in_mail_and_page(debrief, world, smtp, language):
    debrief.contact.language = language
    debrief.contact.save()
    greeting, act, heading, booked, zone = SAID[language]
    actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    outbox.drain()
    mail = next(one for one in smtp.mails if one["To"].addresses[0].addr_spec == debrief.contact.email)
    words = mail.get_body(("plain",)).get_content()
    assert greeting in words
    assert act in words
    link = next(link for link in re.findall(r"https?://\S+", words) if "/open/" in link)
    client = Client(headers={"accept-language": "en"})
    page = client.get(urlsplit(link).path, follow=True).content.decode()
    assert f'lang="{language}"' in page
    assert heading in page
    debrief.refresh_from_db()
    actions.book(
        debrief=debrief,
        starts_at=booking.open_slots(debrief, clock.now())[0],
        time_zone="Europe/Berlin",
        now=clock.now(),
    )
    client.post(f"/d/{debrief.prospect_link.id}/me/")
    page = client.get(f"/d/{debrief.prospect_link.id}/").content.decode()
    assert booked in page
    assert re.search(zone, page)


@pytest.mark.django_db
@pytest.mark.parametrize(("contacts", "programmes", "spoken"), [("nl", "fr", "fr"), ("", "es", "es"), ("nl", "pt", "en"), ("de", "fr", "de")])  # fmt: skip
def test_a_language_we_do_not_have_falls_back_to_the_programmes(debrief, world, contacts, programmes, spoken):
    debrief.contact.language, world.programme.language = contacts, programmes
    debrief.contact.save()
    world.programme.save()
    debrief.contact.programme.refresh_from_db()
    assert notices.to_contact(debrief.contact).language == spoken
    client = Client()
    path = urlsplit(links.address(debrief.prospect_link)).path
    assert f'<html lang="{spoken}"' in client.get(path, follow=True).content.decode()
    # On the page another one can be chosen, and stays chosen in this browser.
    page = f"/d/{debrief.prospect_link.id}/"
    assert '<html lang="es"' in client.get(page, {"lang": "es"}).content.decode()
    assert '<html lang="es"' in client.get(page).content.decode()
