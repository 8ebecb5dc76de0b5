"""Writes the pictures of docs/img: `make screenshots`.

Runs the product as `make run` does, with a demonstration of its own below var/screenshots, signs in as each person whose sign-in
is printed, follows the links from page to page, and takes one picture of every page it finds, wide and narrow. So a new
page is in the next set of pictures without being listed here. Only what is linked is followed; nothing is sent.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "img"
os.environ["DEBRIEFS_DATA_DIR"] = str(ROOT / "var" / "screenshots")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "debriefs.settings")
# Files that change meanwhile do not start the server again in the middle of a picture.
os.environ["DEBRIEFS_RELOAD"] = "0"
WIDTHS = (1280, 390)
# What the first screen shows, so that the folder stays small; what is read to the end is shown further down.
TALLEST = {1280: 720, 390: 780}
READ_ON = {"insights": 1600, "story": 1600}
# Pictures that are asked for in the dark too.
DARK = {"today-manager", "insights", "story"}
# Short names of the pictures that pages of the documentation show.
NAMES = {
    "insights:overview": "insights",
    "home:deal_page": "deal",
    "deals:deal_list": "deals",
    "findings:release_page": "story",
}
# Pages that show most to one of those who can open them.
BEST = {"insights": "admin", "insights-remarks": "admin"}
# Pages that look different once something was done: what shows that it was. Before, the picture is another one.
FURNISHED = {"interviews-questionnaire": "nav.turn"}
# Answers that are no pages, or that end the walk.
SKIPPED = re.compile(
    r"logout|\.csv$|guide\.(?:json|md)$|\.ics$|/html/$|/source/$|/static/|/stop/|healthz|readyz|/insights/export/"
)


def main() -> int:
    """Takes every picture; the exit status says whether every page could be opened."""
    # The demonstration's deals are decided days before it is made.
    shutil.rmtree(os.environ["DEBRIEFS_DATA_DIR"], ignore_errors=True)
    for picture in PICTURES.glob("*.png"):
        picture.unlink()
    server = subprocess.Popen(
        [sys.executable, "-m", "debriefs.local", "run"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        printed = "".join(_until_ready(server))
        address = re.search(r"Debriefs is at  (\S+)", printed).group(1)
        sign_ins = re.findall(r"^ {4}(\S+@\S+\.example) +(\S.*?)  ", printed, re.MULTILINE)
        # Whatever it says from now on has to be read, or it would wait for a reader.
        threading.Thread(target=lambda: sys.stderr.writelines(server.stdout), daemon=True).start()
        from debriefs.local.services import ensure

        services = ensure("dev")
        import django

        django.setup()
        status = Walk(address).take_all(sign_ins, _buyers_links())
        services.leave()
        return status
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def _until_ready(server: subprocess.Popen[str]) -> Iterator[str]:
    for line in server.stdout:
        yield line
        if "Stop with Ctrl-C" in line:
            return
    raise SystemExit("Debriefs did not start; run `make run` to see why.")


def _buyers_links() -> dict[str, str]:
    """The path of one personal link for each state in which a buyer may find their page, with the state."""
    from debriefs.calls import links
    from debriefs.calls.models import Debrief
    from debriefs.deals.enums import DebriefState
    from debriefs.foundation import clock

    found = {}
    for state in (DebriefState.INVITED, DebriefState.BOOKED, DebriefState.DECLINED, DebriefState.RELEASED):
        debrief = Debrief.objects.filter(deal__debrief_state=state).order_by("planned_at").last()
        if debrief:
            found[urlsplit(links.address(links.issue(debrief, clock.now()))).path] = str(state)
    return found


class Walk:
    """One walk through the product, person by person."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.taken: set[str] = set()
        self.failed: list[str] = []

    def take_all(self, sign_ins: list[tuple[str, str]], buyers: dict[str, str]) -> int:
        """Every page once: by the first person who finds it, Today by each of them, then what needs no account."""
        from playwright.sync_api import sync_playwright

        from tests.browser.conftest import ARGUMENTS, chromium_path

        PICTURES.mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
            for email, password in sign_ins:
                context = browser.new_context(base_url=self.address, timezone_id="Europe/Oslo", locale="en-GB")
                page = context.new_page()
                page.goto("/accounts/login/")
                page.get_by_label(re.compile("e-?mail", re.IGNORECASE)).fill(email)
                page.locator("input[type=password]").fill(password)
                page.locator("input[type=password]").press("Enter")
                page.wait_for_url(re.compile(r"/p/"))
                self._walk(page, urlsplit(page.url).path, who=email.partition("@")[0])
                context.close()
            for start in ("/accounts/login/", "/mailbox/", *buyers):
                page = browser.new_page(base_url=self.address, timezone_id="Europe/Dublin", locale="en-IE")
                self._walk(page, start, who=buyers.get(start, ""))
                page.close()
            browser.close()
        sys.stdout.write(f"{len(self.taken)} pages in {PICTURES.relative_to(ROOT)}/\n")
        sys.stderr.writelines(f"{line}\n" for line in self.failed)
        return 1 if self.failed else 0

    def _walk(self, page, start: str, *, who: str) -> None:
        from playwright.sync_api import Error

        # A page somebody else was shown before is opened again: it may link to what only this person may see.
        waiting, seen, opened = deque([start]), {start}, set()
        while waiting:
            path = waiting.popleft()
            name = self._name(path, who)
            if name is None or name in opened:
                continue
            if name not in FURNISHED:
                opened.add(name)
            try:
                answer = page.goto(path)
            except Error as error:
                # A link that hands out a file shows no page.
                if "Download is starting" in str(error):
                    continue
                raise
            if answer is None or answer.status >= 400:
                self.failed.append(f"{answer.status if answer else '?'} {path}")
                continue
            is_me = page.locator("form[action$='/me/'] button")
            if is_me.count():
                is_me.click()
            # A redirect (the front door, a buyer's link) is known by where it leads.
            name = self._name(urlsplit(page.url).path, who)
            if name in FURNISHED and not page.locator(FURNISHED[name]).count():
                name = f"{name}-before"
            if name and name not in self.taken and BEST.get(name, who) == who:
                self._take(page, name)
            for link in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
                found = urlsplit(link)
                if link.startswith(self.address) and found.path not in seen and not SKIPPED.search(found.path):
                    seen.add(found.path)
                    waiting.append(found.path)

    def _take(self, page, name: str) -> None:
        self.taken.add(name)
        address = page.url
        for width in WIDTHS:
            for look in ("light", "dark") if name in DARK else ("light",):
                # Loaded at its width and in its look: a page that is only resized is caught in the middle of its transitions.
                page.set_viewport_size({"width": width, "height": 900 if width > 500 else 844})
                page.emulate_media(color_scheme=look, reduced_motion="reduce")
                page.goto(address)
                page.wait_for_load_state("networkidle")
                page.evaluate("document.fonts.ready")
                tall = min(page.evaluate("document.documentElement.scrollHeight"), READ_ON.get(name, TALLEST[width]))
                area = {"x": 0, "y": 0, "width": width, "height": tall}
                page.screenshot(path=PICTURES / f"{name}-{width}-{look}.png", full_page=True, clip=area)
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.emulate_media(color_scheme="light")

    def _name(self, path: str, who: str) -> str | None:
        """The picture's name for an address: its route's. Today looks different for each person."""
        from django.urls import Resolver404, resolve

        try:
            route = resolve(path).view_name
        except Resolver404:
            return None
        if route == "home:today":
            return f"today-{who}"
        if route == "prospect:page":
            return f"buyer-{who}"
        return NAMES.get(route, route.replace(":", "-").replace("_", "-"))


if __name__ == "__main__":
    sys.exit(main())
