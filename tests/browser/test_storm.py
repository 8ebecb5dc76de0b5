"""3,000 words in 40 minutes through a bad network: at the end server and browser hold exactly what was typed.

The minutes are the page's: its clock is moved on while real requests travel through a proxy that cuts, slows, doubles, reorders
and loses them, to a real gunicorn that is killed twice. `make browser` runs one seed, `make slow` twenty.
"""

import itertools
import random
import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from debriefs.interviews.actions import begin_interview
from debriefs.interviews.models import Answer, AnswerRevision
from tests import factories
from tests.browser.storm import Storm
from tests.browser.test_questionnaire import address, note

pytestmark = [pytest.mark.django_db(transaction=True)]

WORDS = ("price plan month board worried nobody asked compared honest later support “contract” switch budget reason "
         "Plenara läuft früh straße naïve 𝕌nit so-called 40% (really) – then…").split()  # fmt: skip
TYPED, MINUTES, CHUNK = 3000, 40, 15
CHUNKS = TYPED // CHUNK
STEP = MINUTES * 60_000 // CHUNKS


@pytest.fixture
def debrief(world):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    made = factories.debrief(deal, world.interviewer)
    begin_interview(debrief=made, by=world.interviewer, now=timezone.now())
    return made


@pytest.fixture
def storms(tmp_path):
    made = []

    def storm(seed):
        made.append(Storm(seed, tmp_path / "gunicorn.log"))
        made[-1].wait_until_up()
        return made[-1]

    yield storm
    for one in made:
        one.close()


def sign_in(context, person, url):
    client = Client()
    client.force_login(person.user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])


def saved(debrief):
    return dict(
        Answer.objects.filter(sheet__debrief=debrief).values_list("question__position", "text").order_by("question")
    )


def until(condition, page, what):
    limit = time.monotonic() + 120
    while not condition():
        if time.monotonic() > limit:
            shown = {number: note(page, number).input_value()[-60:] for number in (1, 2, 3)}
            pytest.fail(f"{what}: {page.locator('#save-state').inner_text()}, the page ends with {shown}")
        page.clock.run_for(500)
        page.wait_for_timeout(50)


def storm_of(seed, chromium, storms, world, debrief):
    rolled, storm = random.Random(seed), storms(seed)
    context = chromium.new_context(base_url=storm.url, viewport={"width": 1280, "height": 900})
    sign_in(context, world.interviewer, storm.url)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.clock.install()
    storm.is_calm = True
    page.goto(address(debrief))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(1500)
    storm.is_calm = False
    typed = {1: "", 2: "", 3: ""}
    moments = rolled.sample(range(5, CHUNKS - 20), 12)
    restarts, reloads, expires = set(moments[:2]), set(moments[2:6]), moments[6]
    cuts = {start: start + rolled.randint(3, 15) for start in moments[7:]}
    cut_until = signed_out_until = down_until = -1
    at, is_reload_due = 1, False
    for chunk in range(CHUNKS):
        if chunk in cuts:
            storm.is_cut, cut_until = True, cuts[chunk]
        if storm.is_cut and chunk >= cut_until:
            storm.is_cut = False
        if chunk in restarts:
            storm.kill_server()
            down_until = chunk + 3
        if chunk == down_until:
            storm.start_server()
            storm.wait_until_up()
        if chunk == expires:
            Session.objects.all().delete()
            signed_out_until = chunk + 6
        if chunk == signed_out_until:
            sign_in(context, world.interviewer, storm.url)
        is_reload_due = is_reload_due or chunk in reloads
        # Signed out, a reload leads to the sign-in as it should; here the page is what is tried.
        if is_reload_due and not expires <= chunk <= signed_out_until:
            is_reload_due = False
            page.reload()
            for number, text in typed.items():
                until(
                    lambda n=number, t=text: note(page, n).input_value() == t,
                    page,
                    f"answer {number} after reload, typed {text[-60:]!r}",
                )
        if rolled.random() < 0.1:
            at = rolled.choice([1, 2, 3])
        if not page.locator(f"#part-{at}").is_visible():
            page.locator(f".questions a[data-to='{at}']").click()
        note(page, at).focus()
        page.keyboard.press("Control+End")
        for number in range(CHUNK):
            word = rolled.choice(WORDS) + (" " if rolled.random() < 0.95 else "\n")
            page.keyboard.insert_text(word)
            typed[at] += word
            if number % 5 == 4:
                page.clock.run_for(STEP // 3)
    storm.is_cut, storm.is_calm = False, True
    until(lambda: saved(debrief) == typed, page, "the end")
    until(lambda: "Saved" in page.locator("#save-state").inner_text(), page, "the bar")
    assert {number: note(page, number).input_value() for number in typed} == typed
    assert sum(len(text.split()) for text in typed.values()) == TYPED
    assert page.locator(".conflict").count() == 0
    revisions = AnswerRevision.objects.filter(answer__sheet__debrief=debrief)
    assert not revisions.filter(was_refused=True).exists()
    for answer in Answer.objects.filter(sheet__debrief=debrief):
        texts = list(answer.revisions.order_by("revision").values_list("text", flat=True))
        assert all(later.startswith(earlier) and later != earlier for earlier, later in itertools.pairwise(texts))
    assert {"drop", "lost", "doubled", "late", "slow"} <= set(storm.seen)
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("seed", range(1))
def test_three_thousand_words_through_a_storm(seed, chromium, storms, world, debrief):
    storm_of(seed, chromium, storms, world, debrief)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_three_thousand_words_through_twenty_storms(seed, chromium, storms, world, debrief):
    storm_of(seed, chromium, storms, world, debrief)


@pytest.mark.browser
@pytest.mark.parametrize("seed", range(1))
def test_two_windows_in_a_storm_show_every_conflict(seed, chromium, storms, world, debrief):
    two_windows_of(seed, chromium, storms, world, debrief)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_two_windows_in_twenty_storms_show_every_conflict(seed, chromium, storms, world, debrief):
    two_windows_of(seed, chromium, storms, world, debrief)


@pytest.mark.browser
@pytest.mark.parametrize("change", ["restart", "upgrade"])
def test_a_server_that_was_started_anew_takes_no_page_away(change, chromium, storms, world, debrief):
    storm = storms(0)
    storm.is_calm = True
    context = chromium.new_context(base_url=storm.url)
    sign_in(context, world.interviewer, storm.url)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address(debrief))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_timeout(1500)
    for _ in range(2):
        storm.kill_server()
        storm.is_upgraded = change == "upgrade"
        storm.start_server()
        storm.wait_until_up()
        page.reload()
        page.wait_for_timeout(1500)
    versions = (
        "navigator.serviceWorker.getRegistration().then(({ installing, waiting }) => Boolean(installing || waiting))"
    )
    if change == "upgrade":
        # The browser looks for another version in its own time.
        until(lambda: page.evaluate(versions), page, "the other version of the worker")
    else:
        assert not page.evaluate(versions)
    note(page, 1).focus()
    page.keyboard.insert_text("Nobody asked.")
    until(lambda: "Saved" in page.locator("#save-state").inner_text(), page, "the bar")
    storm.is_cut = True
    page.reload()
    until(lambda: note(page, 1).input_value() == "Nobody asked.", page, "the page after the reload")
    context.close()


def two_windows_of(seed, chromium, storms, world, debrief):
    rolled, storm = random.Random(seed), storms(seed)
    context = chromium.new_context(base_url=storm.url, viewport={"width": 1280, "height": 900})
    sign_in(context, world.interviewer, storm.url)
    pages = [context.new_page(), context.new_page()]
    storm.is_calm = True
    for page in pages:
        page.clock.install()
        page.goto(address(debrief))
        page.wait_for_timeout(800)
    storm.is_calm = False
    shown, choices, words = [], [], []

    def settle(page):
        conflict = page.locator(".conflict")
        if conflict.count() and conflict.is_visible():
            shown.append((conflict.locator(".theirs").inner_text(), conflict.locator(".mine").inner_text()))
            choices.append(rolled.choice(["Keep mine", "Take theirs", "Keep both"]))
            page.get_by_role("button", name=choices[-1]).click()

    for turn in range(16):
        window = rolled.randrange(2)
        page = pages[window]
        note(page, 1).focus()
        page.keyboard.press("Control+End")
        for _ in range(4):
            words.append(f"w{turn}-{window}-{len(words)}")
            page.keyboard.insert_text(words[-1] + " ")
        for one in pages:
            one.clock.run_for(4000)
            one.wait_for_timeout(60)
            settle(one)
    storm.is_calm = True
    answer = Answer.objects.get(sheet__debrief=debrief, question__position=1)

    def is_settled():
        for one in pages:
            settle(one)
        return all("Saved" in one.locator("#save-state").inner_text() for one in pages)

    for page in pages:
        until(is_settled, page, "both windows")
    # Nothing typed is lost unseen: every word stands in a revision, chosen or refused, or was typed on below a conflict and shown
    # in it to the person who then took the other text. There are as many conflicts shown as texts refused, but for what was typed on
    # below a conflict: whoever takes theirs has it kept by the server as one more refused text.
    revisions = list(answer.revisions.values_list("text", "was_refused"))
    mine = " ".join(" ".join(text.split()) for _theirs, text in shown)
    everything = " ".join([mine, *(text for text, _refused in revisions)])
    assert [word for word in words if word not in everything] == []
    refused = [" ".join(text.split()) for text, was_refused in revisions if was_refused]
    assert refused and len(shown) + choices.count("Take theirs") >= len(set(refused))
    context.close()
