"""Every page of the demonstration in a real browser: accessible, and nothing wider than the window.

Each person follows the links from Today on, so a new page is tested without being listed here; what must be among the pages is
listed, so that none gets lost.
"""

import re
from collections import deque
from urllib.parse import urlsplit

import pytest
from django.urls import resolve, reverse

from accounts.models import Person, Programme
from debriefs.calls import links
from debriefs.calls.models import Debrief
from debriefs.deals.enums import DebriefState
from debriefs.foundation import clock
from debriefs.home.demonstration import cast
from debriefs.home.demonstration.build import build
from debriefs.interviews.actions import begin_interview

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Pages that are read longest are also looked at in the dark.
DARK = {"home:today", "home:deal_page", "deals:deal_list", "findings:release_page", "insights:overview",
        "interviews:questionnaire", "calls:debrief_page", "prospect:page"}  # fmt: skip
# Answers that are no pages of ours, or that end the walk.
LEFT_OUT = re.compile(r"logout|\.csv$|guide\.(?:json|md)$|\.ics$|/static/|^/mailbox/|/insights/export/|/delivery/$")
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [
    `${location.href} is ${document.documentElement.scrollWidth} wide in ${innerWidth}: ` + [...document.querySelectorAll("main *")]
        .filter(part => part.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(part => part.outerHTML.slice(0, 120))
]"""
# Words in a column so narrow that they are read letter by letter.
SQUEEZED = """() => [...document.querySelectorAll("main :is(td, th, p, li, dd, label, h1, h2, h3)")].filter(part => {
    const text = part.innerText.trim(), box = part.getBoundingClientRect(), style = getComputedStyle(part);
    return text.length > 12 && style.visibility !== "hidden" && !part.closest(".visually-hidden")
        && style.clipPath === "none" && box.width < 3 * parseFloat(style.fontSize) && box.height > 4 * parseFloat(style.fontSize);
}).slice(0, 3).map(part => `${location.href} at ${innerWidth} squeezes: ${part.innerText.trim().slice(0, 60)}`)"""
# What each person must come past; the pages about oneself stand in a test of their own.
SEEN = {
    "manager": {
        "home:today", "home:deal_page", "deals:deal_list", "deals:deal_edit", "calls:debrief_list", "calls:debrief_page",
        "calls:debrief_plan", "guides:guide_list", "findings:release_list", "findings:release_page", "lessons:lesson_list",
        "insights:overview", "deals:window_closing", "deals:selection", "deals:deal_selection",
    },
    "admin": {
        "home:today", "deals:deal_add", "deals:contact_add", "deals:party_add", "deals:note_add", "deals:import_upload",
        "guides:version_page", "guides:question_bank", "findings:review_list", "findings:coding",
        "findings:release_recall", "lessons:lesson_page", "lessons:lesson_add", "insights:overview", "insights:remarks",
        "accounts:programme", "accounts:people", "accounts:person_invite", "accounts:person_roles", "accounts:teams",
        "accounts:audit", "deals:selection", "deals:selection_rules", "deals:exclusion_add",
    },
    "interviewer": {
        "home:today", "calls:availability", "interviews:assignment_list", "interviews:briefing", "interviews:questionnaire",
        "interviews:transcript",
    },
    "reviewer": {
        "home:today", "findings:review_list", "findings:coding", "findings:finding_edit", "findings:debrief_release",
        "findings:release_list",
    },
    "member": {"home:today", "findings:release_page", "lessons:lesson_list", "insights:overview"},
}  # fmt: skip
# A buyer finds their page in one of these states of the debrief.
STATES = [DebriefState.INVITED, DebriefState.BOOKED, DebriefState.DECLINED, DebriefState.HELD, DebriefState.RELEASED]


@pytest.fixture
def demonstration() -> Programme:
    return build(seed=1, now=clock.now())


@pytest.fixture
def faults(violations):
    """`faults(page, route)`: what axe and the ruler find, wide and narrow, and in the dark where that is read long."""

    def found(page, route: str) -> list[str]:
        lines = []
        for width, look in [(1280, "light"), (390, "light"), *([(1280, "dark")] if route in DARK else [])]:
            page.emulate_media(color_scheme=look, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            lines += [f"{width} {look} {line}" for line in violations(page)]
            lines += page.evaluate(WIDER) + page.evaluate(SQUEEZED)
        return lines

    return found


def walk(page, start: str, faults) -> tuple[set[str], list[str]]:
    """The routes of all pages that links lead to, each opened once, and what is wrong with them."""
    waiting, known, routes, wrong = deque([start]), {start}, set(), []
    while waiting:
        path = waiting.popleft()
        if resolve(path).view_name in routes:
            continue
        answer = page.goto(path)
        if answer.status >= 400:
            wrong.append(f"{answer.status} {path}")
            continue
        route = resolve(urlsplit(page.url).path).view_name
        routes.add(resolve(path).view_name)
        routes.add(route)
        found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        wrong += faults(page, route)
        for link in map(urlsplit, found):
            ours = link.netloc == urlsplit(page.url).netloc and not LEFT_OUT.search(link.path)
            if ours and link.path not in known:
                known.add(link.path)
                waiting.append(link.path)
    return routes, wrong


@pytest.mark.parametrize("who", SEEN)
def test_every_page_a_person_can_reach_is_accessible_and_fits(open_page, demonstration, faults, who):
    person = Person.objects.get(programme=demonstration, email=f"{who}@orbeline.example")
    routes, wrong = walk(open_page(person), reverse("home:today", args=[demonstration.slug]), faults)
    assert "\n".join(wrong) == ""
    assert SEEN[who] - routes == set()


def test_a_call_under_way_and_its_write_up_are_accessible_and_fit(open_page, demonstration, faults):
    booked = Debrief.objects.filter(programme=demonstration, deal__debrief_state=DebriefState.BOOKED)
    debrief = booked.select_related("interviewer").first()
    begin_interview(debrief=debrief, by=debrief.interviewer, now=clock.now())
    page, wrong = open_page(debrief.interviewer), []
    for route in ("interviews:questionnaire", "interviews:write_up"):
        page.goto(reverse(route, args=[demonstration.slug, debrief.pk]))
        assert resolve(urlsplit(page.url).path).view_name == route
        wrong += faults(page, route)
    assert "\n".join(wrong) == ""


def test_what_a_buyer_finds_is_accessible_and_fits_in_every_state(open_page, demonstration, faults):
    wrong, routes = [], set()
    for state in STATES:
        debrief = Debrief.objects.filter(deal__debrief_state=state).order_by("planned_at").last()
        assert debrief, f"The demonstration has no debrief that is {state}."
        start = urlsplit(links.address(links.issue(debrief, clock.now()))).path
        page = open_page(time_zone="Europe/Dublin")
        page.goto(start)
        if state != DebriefState.INVITED:
            # As for whomever the mail was forwarded to.
            wrong += faults(page, "prospect:page")
        page.goto(page.url + "data/")
        page.locator("form[action$='/me/'] button").click()
        found, faulty = walk(page, start, faults)
        routes |= found
        wrong += faulty
    assert "\n".join(wrong) == ""
    assert {"prospect:page", "prospect:stop", "prospect:data", "quotes:permissions"} <= routes


def test_the_pages_about_oneself_are_accessible_and_fit(open_page, demonstration, faults):
    page, wrong = open_page(), []
    for route in ("account_login", "account_reset_password", "account_reset_password_done"):
        page.goto(reverse(route))
        wrong += faults(page, route)
    page.goto(reverse("account_login"))
    page.get_by_label("Email").fill("member@orbeline.example")
    page.locator("input[type=password]").fill(cast.PASSWORD)
    page.locator("input[type=password]").press("Enter")
    page.wait_for_url(re.compile("/p/"))
    for route in ("me", "mfa_index", "usersessions_list", "account_change_password", "account_logout"):
        page.goto(reverse(route))
        assert resolve(urlsplit(page.url).path).view_name == route
        wrong += faults(page, route)
    assert "\n".join(wrong) == ""
