"""Fifty interviewers typing at once: `python -m benchmarks.autosave`.

Every one of them has a sheet of their own and saves one answer about every three seconds, as the page does while somebody types
without a pause, through all middleware on a real gunicorn as in production. Between the saves, at the same pace and over the same connections, a bare
page that changes one row with one UPDATE. The last line is JSON: `ratio_p95` is the p95 of a save over that of the bare UPDATE
in the same run, `errors` counts saves that were not answered with 200 or whose text is not the one that stands at the end.
"""

import argparse
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from typing import Any
from uuid import uuid4

from benchmarks.serving import ROOT, own_servers, p95, say

WORDS = (
    "price plan month board worried nobody asked compared honest later support contract switch budget reason".split()
)


def main() -> None:
    """Builds the sheets, types, prints the figures and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--saves", type=int, default=20)
    parser.add_argument("--pace", type=float, default=3.0, help="seconds between two saves of one person")
    options = parser.parse_args()
    with own_servers("autosave"):
        typists = _typists(options.people)
        with _server() as port:
            for one in typists:
                one.start_at(port, options.saves, options.pace)
            for one in typists:
                one.join()
        errors = sum(one.errors for one in typists) + _not_as_typed(typists)
    saves = [took for one in typists for took in one.saves]
    bare = [took for one in typists for took in one.bare]
    say(
        f"p95 of a save {p95(saves):.1f} ms, of a bare UPDATE {p95(bare):.1f} ms, {len(saves)} and {len(bare)} requests"
    )
    figures = {
        "ratio_p95": round(p95(saves) / p95(bare), 2),
        "errors": errors,
        "people": options.people,
        "saves": len(saves),
    }
    say(json.dumps(figures))


class Typist(threading.Thread):
    """One interviewer at one sheet, with one connection that stays open."""

    def __init__(self, *, number: int, answer: Any, cookies: str, token: str, slug: str) -> None:
        super().__init__(daemon=True)
        self.answer_id, self.number, self.cookies, self.token, self.slug = answer.pk, number, cookies, token, slug
        self.saves: list[float] = []
        self.bare: list[float] = []
        self.errors = 0
        self.text = ""

    def start_at(self, port: int, saves: int, pace: float) -> None:
        """Begins to type."""
        self.port, self.count, self.pace = port, saves, pace
        self.start()

    def run(self) -> None:
        """Types and saves; a save over the revision of the one before, and a bare UPDATE half a pace later."""
        rolled = random.Random(self.number)
        connection = http.client.HTTPConnection("localhost", self.port, timeout=60)
        revision = 0
        time.sleep(rolled.random() * self.pace)
        for turn in range(self.count + 1):
            self.text += " ".join(rolled.choices(WORDS, k=6)) + ". "
            body = {"text": self.text, "state": "", "base_revision": revision, "operation": uuid4()}
            took, status, told = self._post(connection, f"interviews/answers/{self.answer_id}/save/", body)
            if status == 200:
                revision = json.loads(told)["revision"]
            else:
                self.errors += 1
            time.sleep(self.pace * (0.3 + 0.4 * rolled.random()))
            bare, status, _told = self._post(connection, f"bare-update/{self.answer_id}/", {"text": self.text})
            self.errors += status != 200
            if turn:  # the first of each opens connections
                self.saves.append(took)
                self.bare.append(bare)
            time.sleep(self.pace * (0.3 + 0.4 * rolled.random()))

    def _post(
        self, connection: http.client.HTTPConnection, path: str, body: dict[str, Any]
    ) -> tuple[float, int, bytes]:
        from urllib.parse import urlencode

        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.cookies,
            "X-CSRFToken": self.token,
        }
        started = time.perf_counter()
        connection.request("POST", f"/p/{self.slug}/{path}", urlencode(body), headers)
        answer = connection.getresponse()
        told = answer.read()
        return time.perf_counter() - started, answer.status, told


def _typists(people: int) -> list[Typist]:
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    from accounts.models import Membership, Person, User
    from debriefs.foundation import clock
    from debriefs.home.demonstration import scale
    from debriefs.interviews.actions import start_rehearsal
    from debriefs.interviews.models import Answer

    now = clock.now()
    programme = scale.build_at_scale(count=20, now=now)
    version = _guide(programme, now)
    found = []
    for number in range(people):
        user = User.objects.create_user(email=f"interviewer-{number}@scale.example", password=None)
        person = Person.objects.create(programme=programme, user=user, name=f"Interviewer {number}", email=user.email)
        Membership.objects.create(programme=programme, person=person, roles=["interviewer"], joined_at=now)
        rehearsal = start_rehearsal(version=version, by=person, now=now)
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        token = _get_new_csrf_string()
        cookies = (
            f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}; csrftoken={token}"
        )
        answer = Answer.objects.filter(sheet__rehearsal=rehearsal).order_by("question__position").first()
        found.append(Typist(number=number, answer=answer, cookies=cookies, token=token, slug=programme.slug))
    return found


def _guide(programme: Any, now: Any) -> Any:
    """A version with ten open questions."""
    from debriefs.guides.models import Guide, GuideVersion, Question

    guide = Guide.objects.create(programme=programme, name="Typing", outcome_groups=["lost"], created_at=now)
    version = GuideVersion.objects.create(
        programme=programme, guide=guide, number=1, opening_script="-", closing_script="-", created_at=now
    )
    for number in range(1, 11):
        Question.objects.create(
            programme=programme, version=version, key=f"q{number}", position=number, text=f"What happened {number}?"
        )
    return version


class _server:
    """Gunicorn as in production, with the bare page beside the product's addresses, on a free port."""

    def __enter__(self) -> int:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.listen(512)
        number = self.socket.fileno()
        command = [sys.executable, "-m", "gunicorn", "debriefs.wsgi", "--worker-class", "gthread", "--workers", "2"]
        command += [
            "--threads",
            "8",
            "--keep-alive",
            "75",
            "--no-control-socket",
            "--log-level",
            "warning",
            "--bind",
            f"fd://{number}",
        ]
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.bare_settings",
            "DEBRIEFS_DATABASE_KEEP_SECONDS": "600",
        }
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[number])
        return int(self.socket.getsockname()[1])

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.socket.close()


def _not_as_typed(typists: list[Typist]) -> int:
    """How many answers do not hold, at the end, exactly what was typed."""
    from debriefs.interviews.models import Answer

    stands = dict(Answer.objects.filter(pk__in=[one.answer_id for one in typists]).values_list("pk", "text"))
    return sum(stands[one.answer_id] != one.text for one in typists)


if __name__ == "__main__":
    main()
