"""A real Chromium for tests, signed in as whoever the test says."""

import functools
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.http import StreamingHttpResponse
from django.test import Client

# Playwright's sync API keeps an event loop in this thread; without this every ORM call in a test would be refused.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip
# Milliseconds until what a page is waited for counts as missing: a machine with other work to do is no fault of the page.
PATIENCE = 30_000
# What the law and the standard ask for; best practices are judged by eye.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def chromium_path() -> str:
    """Where Chromium is: the CHROMIUM variable, or on the path. A missing browser is a failure, never a skip."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("Chromium is missing: install the package `chromium`, or name it in CHROMIUM.")
    return found


class LateAnswers:
    """Answers late by LATE seconds, and once more that late between the first bytes of a page and the rest of it.

    A test that looks at a page before it is there, or at a row before it is written, is found by it.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.seconds = float(os.environ["LATE"])
        self.which = os.environ.get("LATE_FOR", "navigate cors same-origin no-cors").split()

    def __call__(self, request):
        if request.headers.get("Sec-Fetch-Mode") not in self.which:
            return self.get_response(request)
        time.sleep(self.seconds)
        response = self.get_response(request)
        if (
            response.streaming
            or not response.get("Content-Type", "").startswith("text/html")
            or response.has_header("Location")
        ):
            return response
        body = response.content
        late = StreamingHttpResponse(self.parts(body), status=response.status_code, headers=dict(response.items()))
        late.cookies = response.cookies
        del late["Content-Length"]
        return late

    def parts(self, body):
        yield body[:200]
        time.sleep(self.seconds)
        yield body[200:]


@pytest.fixture(scope="session", autouse=True)
def late_answers() -> None:
    """`LATE=0.5 make browser`, with `LATE_FOR=navigate` for whole pages alone: the same tests against a slow server."""
    if os.environ.get("LATE"):
        settings.MIDDLEWARE = [f"{__name__}.LateAnswers", *settings.MIDDLEWARE]


# What Playwright answers at once, about however much of a page is there: a click that leads to a page ends at its first bytes.
AT_ONCE = {
    "Locator": (
        "all", "all_inner_texts", "count", "evaluate", "evaluate_all", "get_attribute", "inner_html", "inner_text", "input_value",
        "is_checked", "is_hidden", "is_visible", "text_content",
    ),
    "Page": ("content", "evaluate", "title"),
}  # fmt: skip


def reads_whole_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets what a test reads at once wait until the page that is coming has been read to its end and its scripts stand ready."""
    from playwright import sync_api

    def waiting(read: Callable) -> Callable:
        @functools.wraps(read)
        def wrapper(self, *args, **named):
            page = getattr(self, "page", self)
            for _again in range(4):
                page.wait_for_load_state("domcontentloaded")
                try:
                    return read(self, *args, **named)
                except sync_api.Error as gone:
                    # The page it was asked of made way for the next one while it answered: that one is asked.
                    if "Execution context was destroyed" not in str(gone):
                        raise
                page.wait_for_timeout(50)
            return read(self, *args, **named)

        return wrapper

    for kind, names in AT_ONCE.items():
        for name in names:
            of = getattr(sync_api, kind)
            monkeypatch.setattr(of, name, waiting(getattr(of, name)))


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with pytest.MonkeyPatch.context() as monkeypatch, sync_playwright() as playwright:
        reads_whole_pages(monkeypatch)
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server) -> Iterator[Callable]:
    """Makes a page: `open_page(person, width=390, dark=True, time_zone=…, javascript=False)`.

    The person is signed in by session, without passing the sign-in form. Every error of the page's scripts and every report of
    the content security policy fails the test at its end.
    """
    contexts, complaints = [], []

    def opened(
        person=None, *, width=1280, height=900, dark=False, time_zone="Europe/Oslo", javascript=True, locale="en-GB"
    ):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            timezone_id=time_zone,
            locale=locale,
            java_script_enabled=javascript,
        )
        contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(getattr(person, "user", person))
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}") if "Content Security Policy" in message.text else None
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe_source() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


@pytest.fixture
def violations(axe_source) -> Callable:
    """`violations(page)`: what axe finds on the page as it stands, one line each; [] when all is well."""

    def found(page) -> list[str]:
        # Evaluated by the debugger's protocol, which the page's own policy does not bind.
        page.evaluate(axe_source)
        result = page.evaluate(
            # Without preload: it would write style elements, which the policy reports as the page's own.
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], preload: false})",
            AXE_TAGS,
        )
        return [
            f"{page.url} {violation['id']} ({violation['impact']}): {node['html'][:160]}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return found
