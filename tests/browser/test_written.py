"""The written debrief in a real browser: half on a phone, finished on a laptop, a call between; by keyboard, without scripts."""

import pytest
from playwright.sync_api import expect

from debriefs.calls import actions as calls
from debriefs.calls import links
from debriefs.calls.actions import booking
from debriefs.calls.models import Debrief, ProspectLink
from debriefs.foundation import clock
from debriefs.guides.models import Question
from debriefs.interviews import actions, queries
from debriefs.interviews.models import Answer, AnswerRevision, PermissionGiven
from tests import factories
from tests.browser.test_kept import kept
from tests.browser.test_prospect import mailed
from tests.browser.test_questionnaire import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def debrief(world):
    """Three questions, the last with marks to choose; the buyer chose to write."""
    version = factories.guide_version(world.programme, published=False)
    Question.objects.filter(version=version, position=3).update(kind="rating", text="How did we compare?")
    version.published_at = world.now
    version.save()
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    made = factories.debrief(deal, world.interviewer, version=version, invited_at=world.now, planned_by=world.manager)
    links.issue(made, world.now)
    return calls.choose_writing(debrief=made, now=clock.now())


def texts(debrief):
    rows = Answer.objects.filter(sheet__debrief=debrief, sheet__kind="written").order_by("question__position")
    return list(rows.values_list("text", flat=True))


def state(page, said):
    page.locator("#save-state .said", has_text=said).wait_for()


def note(page, number=1):
    return page.locator(f"#note-{number}")


def entered(page, debrief):
    """The personal page, opened by the link of the mail, by the person it was sent to."""
    page.goto(mailed(debrief))
    yes = page.locator("form[action$='/me/'] button")
    if yes.count():
        yes.click()


def begun(page, debrief):
    """The page of the questions, opened by the link of the mail."""
    entered(page, debrief)
    page.get_by_role("link", name="Open the questions").or_(
        page.get_by_role("link", name="Go on writing")
    ).first.click()
    if page.get_by_role("button", name="Begin").count():
        page.get_by_role("button", name="Begin").click()
    page.locator("#save-state").wait_for()


def test_half_on_a_phone_a_call_between_finished_on_a_laptop(open_page, world, debrief):
    phone = open_page(width=390)
    begun(phone, debrief)
    note(phone).press_sequentially("We liked the people, but ")
    state(phone, "Saved")
    phone.get_by_text("Rather speak after all").click()
    phone.locator("#sure-speak").check()
    phone.get_by_role("button", name="Show me the times").click()
    phone.locator("label.slot").first.click()
    phone.get_by_role("button", name="Go on with this time").click()
    phone.get_by_role("button", name="Book this time").click()
    phone.get_by_role("heading", name="Your conversation is booked").wait_for()
    laptop = open_page()
    begun(laptop, debrief)
    # It goes on at the first question without an answer.
    assert laptop.locator("#part-2").is_visible()
    laptop.get_by_role("button", name="Back").click()
    assert note(laptop).input_value() == "We liked the people, but "
    note(laptop).press("Control+End")
    note(laptop).press_sequentially("the plan was missing.")
    laptop.get_by_role("button", name="Next question").click()
    note(laptop, 2).press_sequentially("In spring.")
    laptop.get_by_role("button", name="Next question").click()
    laptop.locator("#part-3 input[value='us:4']").check()
    laptop.get_by_role("button", name="Look over and send").click()
    laptop.get_by_role("heading", name="Look over and send").wait_for()
    said = laptop.locator("main").inner_text()
    assert "We liked the people, but the plan was missing." in said
    assert "3 of 3 answered" in said
    assert laptop.locator("input:checked").count() == 0
    laptop.locator("#quote-anonymous").check()
    laptop.get_by_role("button", name="Send my answers").click()
    laptop.get_by_role("heading", name="Thank you for your answers").wait_for()
    assert "stands" in laptop.locator(".opening").inner_text()
    after = Debrief.objects.get(pk=debrief.pk)
    assert (after.state, after.written_sent_at is not None, after.calls.get().cancelled_at) == ("booked", True, None)
    assert PermissionGiven.objects.get().quote_level == "anonymous"
    inside = open_page(world.interviewer)
    inside.goto(f"/p/{world.programme.slug}/interviews/{debrief.pk}/")
    inside.get_by_role("button", name="Begin the interview").click()
    inside.locator("a[data-to='1']").first.click()
    assert (
        "We liked the people, but the plan was missing."
        in inside.locator(".beside, [data-beside='1']").first.inner_text()
    )
    assert texts(debrief) == ["We liked the people, but the plan was missing.", "In spring.", ""]


def test_two_devices_at_once_show_both_texts(open_page, debrief):
    phone, laptop = open_page(width=390), open_page()
    begun(phone, debrief)
    begun(laptop, debrief)
    note(phone).press_sequentially("From the phone.")
    state(phone, "Saved")
    note(laptop).press_sequentially("From the laptop.")
    state(laptop, "Two texts: choose one")
    assert laptop.locator(".conflict .theirs").inner_text() == "From the phone."
    laptop.get_by_role("button", name="Keep both").click()
    state(laptop, "Saved")
    assert texts(debrief)[0] == "From the phone.\n\nFrom the laptop."
    assert AnswerRevision.objects.get(was_refused=True).text == "From the laptop."


def test_a_link_that_ran_out_while_somebody_types_loses_nothing(open_page, debrief):
    page = open_page()
    begun(page, debrief)
    note(page).press_sequentially("Before. ")
    state(page, "Saved")
    page.context.clear_cookies(name=f"personal_link_{debrief.prospect_link.pk.hex[:16]}")
    note(page).press_sequentially("And after two hours.")
    state(page, "Open your link again; kept here")
    again = page.context.new_page()
    entered(again, debrief)
    until(lambda: texts(debrief)[0] == "Before. And after two hours.", page)
    state(page, "Saved")


def test_what_was_typed_offline_outlasts_the_window_sealed(open_page, debrief):
    page = open_page()
    begun(page, debrief)
    note(page).press_sequentially("Saved. ")
    state(page, "Saved")
    until(lambda: kept(page)["notes"], page)
    page.context.set_offline(True)
    note(page).press_sequentially("Kept secretly.")
    state(page, "Offline, 1 change kept here")
    until(lambda: True in kept(page)["notes"], page)
    assert "secretly" not in kept(page)["readable"]
    assert kept(page)["keys"] == [False]
    page.close(run_before_unload=False)
    next_one = page.context.new_page()
    next_one.context.set_offline(False)
    begun(next_one, debrief)
    until(lambda: texts(debrief)[0] == "Saved. Kept secretly.", next_one)
    # Once it is sent, this browser keeps nothing of it.
    next_one.get_by_role("button", name="See all answers, and send them").click()
    next_one.get_by_role("button", name="Send my answers").click()
    next_one.get_by_role("heading", name="Thank you for your answers").wait_for()
    until(lambda: kept(next_one)["keys"] == [] and kept(next_one)["notes"] == [], next_one)


def test_without_scripts_in_german_from_the_mail_to_the_thanks(open_page, debrief):
    debrief.contact.language = "de"
    debrief.contact.save()
    page = open_page(width=390, javascript=False)
    entered(page, debrief)
    page.get_by_role("link", name="Fragen öffnen").or_(page.locator("a.btn-primary")).first.click()
    page.get_by_role("button", name="Anfangen").click()
    assert page.locator("html").get_attribute("lang") == "de"
    note(page).fill("Es war der Preis.")
    page.get_by_role("button", name="Nächste Frage").click()
    note(page, 2).fill("Im Frühling.")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("button", name="Nächste Frage").click()
    page.locator("#part-3 input[value='us:2']").check()
    page.get_by_role("button", name="Durchsehen und abschicken").first.click()
    assert "3 von 3 beantwortet" in page.locator("main").inner_text()
    assert page.locator("input:checked").count() == 0
    page.locator("#reference-no").check()
    page.get_by_role("button", name="Meine Antworten abschicken").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Danke für Ihre Antworten"
    assert texts(debrief)[:2] == ["Es war der Preis.", "Im Frühling."]
    assert Debrief.objects.get(pk=debrief.pk).state == "held"
    page.get_by_text("Auch mit uns sprechen").click()
    page.locator("#sure-speak").check()
    page.get_by_role("button", name="Zeigen Sie mir die Zeiten").click()
    assert page.locator("label.slot").count() > 0


def pressed(page, wanted, key="Tab", most=80):
    """Goes on with the key until the focus is on what is wanted, an expression about `here`."""
    for _press in range(most):
        page.keyboard.press(key)
        if page.evaluate(f"(() => {{ const here = document.activeElement; return Boolean({wanted}); }})()"):
            return
    raise AssertionError(f"the keyboard never came to {wanted}")


def test_the_keyboard_alone_answers_and_sends(open_page, debrief):
    page = open_page()
    entered(page, debrief)
    pressed(page, "here.textContent.trim() === 'Open the questions'")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Begin").wait_for()
    pressed(page, "here.id === 'shares'")
    page.keyboard.press("Space")
    pressed(page, "here.textContent.trim() === 'Begin'")
    page.keyboard.press("Enter")
    page.locator("#save-state").wait_for()
    for number in (1, 2):
        pressed(page, f"here.id === 'note-{number}'")
        page.keyboard.type(f"Answer {number}.")
        pressed(page, "here.id === 'go-next'")
        page.keyboard.press("Enter")
        page.locator(f"#part-{number + 1}").wait_for()
        assert page.evaluate("document.activeElement.id") == f"h-{number + 1}"
    pressed(page, "here.type === 'radio' && here.value.startsWith('us:')")
    page.keyboard.press("Space")
    pressed(page, "here.id === 'go-next'")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Look over and send").wait_for()
    pressed(page, "here.name === 'quote'")
    page.keyboard.press("Space")
    pressed(page, "here.textContent.trim() === 'Send my answers'")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Thank you for your answers").wait_for()
    assert texts(debrief)[:2] == ["Answer 1.", "Answer 2."]
    assert queries.written_sheet_of(debrief).shared_at is not None


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_every_page_is_accessible_and_fits(open_page, violations, world, debrief, width, dark):
    debrief.contact.language = "de"
    debrief.contact.save()
    page = open_page(width=width, dark=dark)
    entered(page, debrief)
    here = page.url

    def judged(path, who=page):
        who.goto(path if path.startswith("/") else here + path)
        for summary in who.locator("main summary").all():
            summary.click()
        assert violations(who) == []
        assert who.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    judged("")
    judged("written/")
    sheet = actions.begin_written(debrief=debrief, shares=False, now=clock.now())
    judged("written/?at=2")
    judged("written/?all=1")
    answers = list(sheet.answers.order_by("question__position"))
    long = "Am Ende war es der Preis, oder so haben wir es gesagt. " * 4
    for answer, text, chosen in ((answers[0], long, []), (answers[2], "", ["us:4"])):
        actions.save_answer(
            answer=answer, by=None, now=clock.now(), base_revision=0, operation=answer.pk, text=text, chosen=chosen
        )
    judged("written/?at=3")
    judged("written/review/")
    inside = open_page(world.interviewer, width=width, dark=dark)
    base = f"/p/{world.programme.slug}"
    judged(f"{base}/interviews/{debrief.pk}/written/", inside)
    actions.send_written(sheet=sheet, given={}, quote_level="named", now=clock.now())
    judged("written/")
    judged("")
    judged(f"{base}/interviews/{debrief.pk}/written/", inside)
    judged(f"{base}/debriefs/{debrief.pk}/", inside)
    judged(f"{base}/interviews/{debrief.pk}/briefing/", inside)
    judged(f"{base}/interviews/{debrief.pk}/write-up/", inside)


def test_a_conflict_is_accessible_and_words_are_marked_from_a_selection(open_page, violations, world, debrief):
    phone, laptop = open_page(width=390), open_page()
    begun(phone, debrief)
    begun(laptop, debrief)
    note(laptop).press_sequentially("It was the price, in the end.")
    state(laptop, "Saved")
    note(phone).press_sequentially("Other words")
    state(phone, "Two texts: choose one")
    assert violations(phone) == []
    phone.get_by_role("button", name="Take what is saved").click()
    state(phone, "Saved")
    actions.send_written(sheet=queries.written_sheet_of(debrief), given={}, now=clock.now())
    factories.driver(world.programme, "Price")
    page = open_page(world.interviewer)
    page.goto(f"/p/{world.programme.slug}/interviews/{debrief.pk}/written/")
    page.locator("#part-1 [data-words]").dblclick(position={"x": 8, "y": 12})
    chosen = page.evaluate("getSelection().toString().trim()")
    assert chosen == "It"
    page.locator("#part-1 .marking summary").click()
    words = page.locator("#part-1 form.coder [name=words]")
    # The form is filled a moment after it is opened.
    expect(words).to_have_value("It")
    words.fill("the price")
    page.locator("#part-1 form.coder [name=driver]").select_option(label="Price")
    page.locator("#part-1 label.hurt").click()
    page.locator("#part-1 form.coder button[type=submit]").click()
    page.locator("#marks-1 .verbatim", has_text="the price").wait_for()
    marked = Answer.objects.get(sheet__debrief=debrief, question__position=1)
    assert [tag.driver.name for tag in marked.tags.all()] == ["Price"]


def test_without_the_link_nobody_is_shown_the_questions(open_page, debrief):
    stranger = open_page()
    stranger.goto(f"/d/{ProspectLink.objects.get(debrief=debrief).pk}/written/")
    assert stranger.get_by_role("heading", level=1).inner_text() == "Please open the link in our mail again"


def test_a_call_that_is_booked_is_said_beside_the_questions(open_page, debrief):
    actions.begin_written(debrief=debrief, shares=False, now=clock.now())
    calls.take_back_writing(debrief=debrief, now=clock.now())
    fresh = Debrief.objects.get(pk=debrief.pk)
    slot = booking.open_slots(fresh, clock.now())[0]
    calls.book(debrief=fresh, starts_at=slot, time_zone="UTC", now=clock.now())
    page = open_page(width=390)
    begun(page, debrief)
    assert page.get_by_text("Your call", exact=True).is_visible()


def test_a_network_that_goes_for_a_while_costs_no_word_and_stops_nobody(open_page, debrief):
    page = open_page(width=390)
    begun(page, debrief)
    note(page).press_sequentially("On the train, ")
    state(page, "Saved")
    page.context.set_offline(True)
    note(page).press_sequentially("in the first tunnel. ")
    page.get_by_role("button", name="Next question").click()
    note(page, 2).press_sequentially("Two tunnels later.")
    page.get_by_role("button", name="Next question").click()
    page.locator("#part-3 input[value='us:4']").check()
    note(page, 3).press_sequentially("A mark, and why.")
    state(page, "Offline, 3 changes kept here")
    assert texts(debrief) == ["On the train, ", "", ""]
    # The next page cannot be had now; this one stays, and says why.
    page.get_by_role("button", name="Look over and send").click()
    assert page.locator("#note-3").is_visible()
    page.context.set_offline(False)
    until(
        lambda: texts(debrief) == ["On the train, in the first tunnel. ", "Two tunnels later.", "A mark, and why."],
        page,
    )
    state(page, "Saved")
    # A save whose answer is lost is sent again, and counts once.
    lost = []

    def without_answer(route):
        route.fetch()
        lost.append(True)
        route.abort()

    page.route("**/answers/*/save/", without_answer, times=1)
    note(page, 3).press_sequentially(" And more.")
    until(lambda: lost, page)
    until(lambda: texts(debrief)[2] == "A mark, and why. And more.", page)
    state(page, "Saved")
    assert not AnswerRevision.objects.filter(was_refused=True).exists()
    page.get_by_role("button", name="Look over and send").click()
    page.get_by_role("heading", name="Look over and send").wait_for()
    assert "3 of 3 answered" in page.locator("main").inner_text()


def test_a_page_that_was_closed_without_a_network_opens_again_with_it_and_has_every_word(open_page, debrief):
    page = open_page()
    begun(page, debrief)
    # Kept are words once the page was given its keys; before that it says that they are in this window only.
    until(lambda: kept(page)["keys"], page)
    page.context.set_offline(True)
    note(page).press_sequentially("Typed in the tunnel.")
    state(page, "Offline, 1 change kept here")
    until(lambda: True in kept(page)["notes"], page)
    # Without a worker there is no page to be had, and nothing pretends that there is.
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    page.context.set_offline(False)
    entered(page, debrief)
    page.get_by_role("link", name="Go on writing").first.click()
    until(lambda: texts(debrief)[0] == "Typed in the tunnel.", page)
