"""What the browser keeps of notes: over reload, crash, sign-out and a second window, sealed, and never twice."""

import pytest
from django.utils import timezone

from accounts.requests import programme_url
from debriefs.interviews.actions import begin_interview
from debriefs.interviews.models import Answer
from tests import factories
from tests.browser.test_questionnaire import SAVES, address, note, saved_text, state, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERYTHING = """async () => {
  // Opened before the page makes it, it would be made here, and empty.
  const made = await indexedDB.databases();
  if (!made.some(({ name }) => name === "debriefs")) return { readable: "", keys: [], notes: [], pages: [] };
  const request = indexedDB.open("debriefs");
  const database = await new Promise((done) => { request.onsuccess = () => done(request.result); });
  const rows = {};
  for (const name of database.objectStoreNames) {
    const all = database.transaction(name).objectStore(name).getAll();
    rows[name] = await new Promise((done) => { all.onsuccess = () => done(all.result); });
  }
  database.close();
  return {
    readable: JSON.stringify(rows) + rows.notes.concat(rows.pages).map((row) => new TextDecoder().decode(row.data)).join(""),
    keys: rows.keys.flatMap((row) => row.keys).map((key) => key.extractable),
    notes: rows.notes.map((row) => row.isOpen),
    pages: rows.pages.map((row) => row.id),
  };
}"""


@pytest.fixture
def debrief(world):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    made = factories.debrief(deal, world.interviewer)
    begin_interview(debrief=made, by=world.interviewer, now=timezone.now())
    return made


@pytest.fixture
def answer(debrief):
    return Answer.objects.get(sheet__debrief=debrief, question__position=1)


# The browser is cut off page by page, and a save sent on leaving outlives its page: it ends with the page's connection all the same.
NOTHING_LEAVES = """(() => {
  const sent = window.fetch;
  window.fetch = (...asked) => (navigator.onLine ? sent(...asked) : Promise.reject(new TypeError("offline")));
})()"""


def cut(page):
    page.context.set_offline(True)
    page.add_init_script(NOTHING_LEAVES)
    page.evaluate(NOTHING_LEAVES)
    page.on("dialog", lambda dialog: dialog.accept())


def kept(page):
    return page.evaluate(EVERYTHING)


def shell_is_kept(page):
    until(lambda: kept(page)["pages"], page)


def test_what_was_typed_offline_outlasts_reloads_and_is_sent_once(open_page, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    note(page).press_sequentially("Acknowledged. ")
    state(page, "Saved")
    shell_is_kept(page)
    cut(page)
    note(page).press_sequentially("Typed without a connection. ")
    state(page, "Offline, 1 change kept here")
    page.reload()
    assert page.locator("#part-1").is_visible()
    until(lambda: note(page).input_value() == "Acknowledged. Typed without a connection. ", page)
    note(page).press("End")
    note(page).press_sequentially("After the reload.")
    state(page, "Offline, 1 change kept here")
    page.reload()
    typed = "Acknowledged. Typed without a connection. After the reload."
    until(lambda: note(page).input_value() == typed, page)
    assert saved_text(answer) == "Acknowledged. "
    page.context.set_offline(False)
    until(lambda: saved_text(answer) == typed, page)
    state(page, "Saved")
    assert not answer.revisions.filter(was_refused=True).exists()


def test_a_page_kept_for_want_of_a_connection_shows_what_was_saved_since(open_page, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    shell_is_kept(page)
    note(page).press_sequentially("Saved after the page was kept.")
    state(page, "Saved")
    cut(page)
    page.reload()
    until(lambda: note(page).input_value() == "Saved after the page was kept.", page)
    state(page, "Saved")
    note(page).press("End")
    note(page).press_sequentially(" More.")
    page.context.set_offline(False)
    until(lambda: saved_text(answer) == "Saved after the page was kept. More.", page)


HOLD = """(name) => new Promise((done) => {
  navigator.locks.request(name, () => new Promise((release) => { window.release = release; }));
  navigator.locks.query().then(({ pending }) => done(pending.map((lock) => lock.name)));
})"""


# The last is longer than the page that comes waits for a name: then it goes on under another.
@pytest.mark.parametrize(("way", "seconds"), [("reload", 3), ("link", 3), ("reload", 24)])
def test_a_page_that_goes_slowly_is_waited_for(open_page, world, debrief, answer, way, seconds):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    shell_is_kept(page)
    page.route(SAVES, lambda route: route.abort())
    page.on("dialog", lambda dialog: dialog.accept())
    note(page).press_sequentially("Typed before it went.")
    state(page, "Offline, 1 change kept here")
    until(lambda: True in kept(page)["notes"], page)
    # On a machine that has much to do, the page before holds the window's name on after the next one has come: so does this.
    name = "debriefs-window-" + page.evaluate("sessionStorage.getItem('debriefs-window')")
    slow = page.context.new_page()
    slow.goto("/healthz")
    assert slow.evaluate(HOLD, name) == [name]
    if way == "reload":
        page.reload()
    else:
        page.goto(programme_url(debrief.programme, "interviews:briefing", debrief_id=debrief.pk))
        page.goto(address(debrief))
    page.wait_for_timeout(seconds * 1000)
    slow.evaluate("release()")
    until(lambda: note(page).input_value() == "Typed before it went.", page)
    state(page, "Offline, 1 change kept here")
    page.unroute(SAVES)
    until(lambda: saved_text(answer) == "Typed before it went.", page)
    assert not answer.revisions.filter(was_refused=True).exists()


def test_a_closed_window_leaves_its_text_to_the_next_one(open_page, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    shell_is_kept(page)
    page.route(SAVES, lambda route: route.abort())
    note(page).press_sequentially("Not sent before the crash.")
    state(page, "Offline, 1 change kept here")
    until(lambda: True in kept(page)["notes"], page)
    second = page.context.new_page()
    page.close(run_before_unload=False)
    second.goto(address(debrief))
    until(lambda: saved_text(answer) == "Not sent before the crash.", second)
    assert note(second).input_value() == "Not sent before the crash."


def test_what_a_closed_window_left_meets_a_newer_text_as_a_conflict(open_page, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    shell_is_kept(page)
    page.route(SAVES, lambda route: route.abort())
    note(page).press_sequentially("From the window that closed.")
    state(page, "Offline, 1 change kept here")
    until(lambda: True in kept(page)["notes"], page)
    elsewhere = open_page(world.interviewer)
    elsewhere.goto(address(debrief))
    note(elsewhere).press_sequentially("From elsewhere.")
    state(elsewhere, "Saved")
    second = page.context.new_page()
    page.close(run_before_unload=False)
    second.goto(address(debrief))
    alert = second.get_by_role("alert").filter(has_text="saved from another window")
    alert.wait_for()
    assert "From elsewhere." in alert.inner_text() and "From the window that closed." in alert.inner_text()
    # Nobody has chosen yet: a reload asks again, and overwrites nothing.
    second.on("dialog", lambda dialog: dialog.accept())
    second.reload()
    second.get_by_role("alert").filter(has_text="saved from another window").wait_for()
    assert saved_text(answer) == "From elsewhere."
    second.get_by_role("button", name="Keep both").click()
    until(lambda: saved_text(answer) == "From elsewhere.\n\nFrom the window that closed.", second)


def test_signing_out_warns_and_clears_only_what_the_server_has(open_page, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    note(page).press_sequentially("Here already. ")
    state(page, "Saved")
    shell_is_kept(page)
    page.route(SAVES, lambda route: route.abort())
    note(page, 1).press_sequentially("Not yet sent.")
    state(page, "Offline, 1 change kept here")
    until(lambda: True in kept(page)["notes"], page)
    said = []
    choices = iter(["accept", "dismiss", "accept"])

    def answered(dialog):
        said.append(dialog.message)
        getattr(dialog, next(choices))()

    page.on("dialog", answered)
    page.goto(programme_url(debrief.programme, "interviews:briefing", debrief_id=debrief.pk))
    out = page.get_by_role("button", name="Sign out")
    out.click()
    until(lambda: len(said) == 2, page)
    assert "has not reached the server" in said[-1]
    assert len(kept(page)["keys"]) == 1
    out.click()
    page.wait_for_url("**/accounts/login/**")
    left = kept(page)
    assert left["keys"] == [] and left["pages"] == [] and left["notes"] == [True]


def test_what_is_kept_cannot_be_read_and_its_key_cannot_be_taken(open_page, world, debrief):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    page.route(SAVES, lambda route: route.abort())
    note(page).press_sequentially("CANARY-frank-words")
    state(page, "Offline, 1 change kept here")
    shell_is_kept(page)
    until(lambda: True in kept(page)["notes"], page)
    found = kept(page)
    assert "CANARY" not in found["readable"] and debrief.deal.name not in found["readable"]
    assert found["keys"] == [False]
