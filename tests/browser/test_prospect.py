"""The buyer at their personal page: book, move, decline, undo, write instead; on a phone, by keyboard, without scripts."""

import pytest

from debriefs.calls import actions, links
from debriefs.calls.actions import booking
from debriefs.calls.models import Call, ProspectLink
from debriefs.foundation import clock
from debriefs.guides.enums import OutcomeGroup
from debriefs.interviews.models import PermissionGiven
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def debrief(world):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    made = factories.debrief(
        deal, world.interviewer, version=factories.guide_version(world.programme, OutcomeGroup.LOST),
        invited_at=world.now, planned_by=world.manager,
    )  # fmt: skip
    links.issue(made, world.now)
    return made


def mailed(debrief):
    """The path of the link as it stands in every mail."""
    return "/" + links.address(ProspectLink.objects.get(debrief=debrief)).split("://", 1)[1].partition("/")[2]


def is_me(page):
    """The buyer says that it is them we wrote to."""
    page.locator("form[action$='/me/'] button").click()


WORDS = {
    "en": ("Go on with this time", "Book this time", "Choose another time", "Move the call", "No, thank you", "Decline", "Show me the times",
           "Your conversation is booked", "Not now, and that is fine"),
    "de": ("Weiter mit dieser Zeit", "Diese Zeit buchen", "Eine andere Zeit wählen", "Gespräch verschieben", "Nein, danke", "Absagen",
           "Zeigen Sie mir die Zeiten", "Ihr Gespräch ist gebucht", "Jetzt nicht, und das ist in Ordnung"),
    "fr": ("Continuer avec cet horaire", "Réserver cet horaire", "Choisir un autre horaire", "Déplacer l’entretien", "Non, merci", "Décliner",
           "Montrez-moi les horaires", "Votre entretien est réservé", "Pas maintenant, et c’est très bien ainsi"),
    "es": ("Continuar con esta hora", "Reservar esta hora", "Elegir otra hora", "Mover la conversación", "No, gracias", "Rechazar",
           "Muéstrenme las horas", "Su conversación está reservada", "Ahora no, y está bien así"),
}  # fmt: skip


@pytest.mark.parametrize("language", WORDS)
def test_book_move_decline_and_undo_on_a_phone_without_scripts(open_page, debrief, language):
    go_on, book, another, move, no, decline, undo, booked, declined = WORDS[language]
    debrief.contact.language = language
    debrief.contact.save()
    page = open_page(width=390, javascript=False)
    page.goto(mailed(debrief))
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("input:checked").count() == 0
    page.locator("label.slot").nth(2).click()
    page.get_by_role("button", name=go_on).click()
    assert Call.objects.count() == 0
    page.get_by_role("button", name=book).click()
    assert page.get_by_role("heading", level=1).inner_text() == booked
    first = Call.objects.get().starts_at
    page.get_by_text(another, exact=True).click()
    page.locator("label.slot").nth(6).click()
    page.get_by_role("button", name=go_on).click()
    page.get_by_role("button", name=move).click()
    assert page.get_by_role("heading", level=1).inner_text() == booked
    moved = Call.objects.get()
    assert (moved.starts_at != first, moved.moves) == (True, 1)
    page.get_by_text(no, exact=True).first.click()
    page.locator("label[for=reason-not_now]").click()
    page.get_by_role("button", name=decline, exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == declined
    page.locator("#sure-undo").check()
    page.get_by_role("button", name=undo).click()
    page.locator("label.slot").first.wait_for()
    debrief.refresh_from_db()
    assert (debrief.declined_at, Call.objects.get().cancelled_at is not None) == (None, True)


def test_writing_instead_and_back(open_page, debrief):
    page = open_page(width=390)
    page.goto(mailed(debrief))
    page.get_by_text("Answer in writing", exact=True).first.click()
    page.locator("#sure-writing").check()
    page.locator("#writing-text").fill("Mondays are full of calls already.")
    page.get_by_role("button", name="Answer in writing").click()
    assert page.get_by_role("heading", level=1).inner_text() == "You answer in writing"
    page.get_by_text("Rather speak after all").click()
    page.locator("#sure-speak").check()
    page.get_by_role("button", name="Show me the times").click()
    page.locator("label.slot").first.wait_for()
    assert "Mondays are full of calls already." in page.locator("main").inner_text()


def test_the_keyboard_alone_books(open_page, debrief):
    page = open_page()
    page.goto(mailed(debrief))
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "slot":
            break
    page.keyboard.press("Space")
    assert page.locator("input[name=slot]:checked").count() == 1
    # Enter in the group sends the form that leads to the page of confirmation.
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm/**")
    for _press in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Book this time":
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your conversation is booked").wait_for()
    assert Call.objects.count() == 1


def test_the_zone_of_the_device_is_a_proposal_and_nothing_more(open_page, debrief):
    page = open_page(time_zone="America/New_York")
    page.goto(mailed(debrief))
    assert page.locator("#tz").input_value() == "Europe/London"
    link = page.locator("[data-zone-proposal] a")
    assert "New York" in link.inner_text()
    link.click()
    assert page.locator("#tz").input_value() == "America/New_York"
    for silent in ("UTC", "Europe/London"):
        quiet = open_page(time_zone=silent)
        quiet.goto(mailed(debrief))
        assert not quiet.locator("[data-zone-proposal]").is_visible()


def test_an_old_mail_after_two_moves_shows_the_time_that_counts(open_page, debrief):
    old = mailed(debrief)
    actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    for number in (4, 8):
        debrief.refresh_from_db()
        slot = booking.open_slots(debrief, clock.now())[number]
        actions.move_call(debrief=debrief, starts_at=slot, time_zone="UTC", now=clock.now())
    page = open_page(width=390)
    page.goto(old)
    is_me(page)
    assert "moved 2 times" in page.locator("main").inner_text()
    assert page.get_by_role("heading", level=1).inner_text() == "Your conversation is booked"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_every_state_is_accessible_and_fits(open_page, violations, debrief, world, width, dark):
    page = open_page(width=width, dark=dark)
    page.goto(mailed(debrief))
    here = page.url

    def judged(path=""):
        page.goto(here + path)
        for summary in page.locator("main summary").all():
            summary.click()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    for path in ("", "stop/", "data/"):
        judged(path)
    is_me(page)
    for path in ("data/", "permissions/"):
        judged(path)
    actions.ask_for_data(debrief=debrief, kind="show", now=clock.now())
    judged("data/")
    slot = booking.open_slots(debrief, clock.now())[0]
    judged(f"confirm/?slot={slot.isoformat().replace('+', '%2B')}&tz=Europe/London")
    actions.book(debrief=debrief, starts_at=slot, time_zone="UTC", now=clock.now())
    judged()
    actions.choose_writing(debrief=debrief, now=clock.now())
    judged()
    actions.decline(debrief=debrief, reason="no", text="We do not do this.", now=clock.now())
    judged()
    actions.close_debrief(debrief=debrief, reason="Declined", by=world.manager, now=clock.now())
    judged()


PERMITTED = {
    "en": ("Keep my answers", "Kept. It holds from now on."),
    "de": ("Meine Antworten übernehmen", "Übernommen. Es gilt ab jetzt."),
    "fr": ("Garder mes réponses", "Enregistré. Cela vaut dès maintenant."),
    "es": ("Guardar mis respuestas", "Guardado. Vale desde ahora."),
}


@pytest.mark.parametrize("language", PERMITTED)
def test_permissions_are_given_and_taken_back_on_a_phone_without_scripts(open_page, debrief, language):
    keep, kept = PERMITTED[language]
    debrief.contact.language = language
    debrief.contact.save()
    page = open_page(width=390, javascript=False)
    page.goto(mailed(debrief))
    page.goto(page.url + "permissions/")
    is_me(page)
    assert page.url.endswith("/permissions/")
    assert page.locator("input:checked").count() == 0
    page.locator("label[for=quote-anonymous]").click()
    page.locator("label[for=reference-yes]").click()
    page.get_by_role("button", name=keep).click()
    assert kept in page.locator("main").inner_text()
    assert page.locator("#quote-anonymous").is_checked() and page.locator("input:checked").count() == 2
    page.locator("label[for=quote-none]").click()
    page.get_by_role("button", name=keep).click()
    given = dict(PermissionGiven.objects.filter(debrief=debrief).values_list("kind", "given"))
    assert given == {"quote": False, "reference": True}


def test_a_forwarded_mail_is_asked_about_with_the_keyboard_and_then_shows_the_call(open_page, debrief):
    actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    page = open_page()
    page.goto(mailed(debrief))
    assert debrief.contact.name not in page.content()
    for _press in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('form[action$=\"/me/\"] button')"):
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your conversation is booked").wait_for()
    # The browser remembers it for every later mail.
    page.goto(mailed(debrief))
    page.get_by_role("heading", name="Your conversation is booked").wait_for()


@pytest.mark.parametrize("language", WORDS)
def test_writing_instead_and_back_in_every_language_on_a_phone_without_scripts(open_page, debrief, language):
    debrief.contact.language = language
    debrief.contact.save()
    page = open_page(width=390, javascript=False)
    page.goto(mailed(debrief))
    page.locator("details:has(#sure-writing) > summary").click()
    page.locator("#sure-writing").check()
    page.locator("form[action$='/writing/'] button").click()
    page.locator("details:has(#sure-speak)").wait_for()
    debrief.refresh_from_db()
    assert debrief.writing_chosen_at is not None
    assert page.locator("label.slot").count() == 0
    page.locator("details:has(#sure-speak) > summary").click()
    page.locator("#sure-speak").check()
    page.get_by_role("button", name=WORDS[language][6]).click()
    page.locator("label.slot").first.wait_for()
    debrief.refresh_from_db()
    assert debrief.writing_chosen_at is None


def test_the_keyboard_alone_declines_and_takes_it_back(open_page, debrief):
    page = open_page()
    page.goto(mailed(debrief))

    def reach(question):
        for _press in range(80):
            page.keyboard.press("Tab")
            if page.evaluate(f"document.activeElement.matches({question!r})"):
                return
        raise AssertionError(question)

    reach("details:has(#reason-no) > summary")
    page.keyboard.press("Enter")
    reach("input[name=reason]")
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=reason]:checked").count() == 1
    reach("form[action$='/decline/'] button")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You said no, and we leave it there").wait_for()
    reach("#sure-undo")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Choose a time").wait_for()
    debrief.refresh_from_db()
    assert debrief.declined_at is None
