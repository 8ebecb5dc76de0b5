"""200 prospects racing over HTTP for 50 slots of 5 interviewers: `python -m benchmarks.booking`.

Each prospect opens the personal link, takes one of the times shown, confirms and books it; who was too late takes another, until
none is left. The real product behind a real web server with several processes. The last line is JSON: `double_booked` counts pairs
of live calls of one human that overlap, `errors` answers of 500 and above, broken connections and deadlocks of the database.
`--without-lock` shows what the lock is for: the same race with the constraint alone.
"""

import argparse
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks.serving import ROOT, own_servers, say

INTERVIEWERS, SLOTS_EACH = 5, 10
_SLOT = re.compile(r'name="slot"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="slot"')
_HIDDEN = re.compile(r'name="(version|csrfmiddlewaretoken|tz)"[^>]*value="([^"]*)"')


def main() -> None:
    """Builds the debriefs, starts the server, lets everybody run, counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prospects", type=int, default=200)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--without-lock", action="store_true")
    options = parser.parse_args()
    if options.without_lock:
        os.environ["BENCHMARK_WITHOUT_LOCK"] = "1"
    with own_servers("booking"):
        paths = _invited(options.prospects)
        deadlocks = _deadlocks()
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(512)
            server = _serve(listening, options.processes)
            try:
                seen, seconds = _race(listening.getsockname()[1], paths)
            finally:
                server.terminate()
                server.wait()
        figures = _figures(seen, seconds, _deadlocks() - deadlocks)
    for status, count in sorted(seen.items()):
        say(f"{status:28}{count:8}")
    say(json.dumps(figures | {"prospects": options.prospects, "processes": options.processes}))


def _invited(count: int) -> list[str]:
    """The personal links' paths: so many debriefs, shared out among the interviewers, who have ten half hours on one day each."""
    from datetime import time as wall
    from urllib.parse import urlsplit as split

    from debriefs.calls import links
    from debriefs.calls.models import InterviewerCalendar, WeeklyHours
    from debriefs.foundation import clock
    from debriefs.foundation.database_role import as_owner
    from tests import factories

    now = clock.now()
    day = (now + timedelta(days=4)).date()
    paths = []
    with as_owner():
        programme = factories.programme()
        interviewers = [factories.person(programme, "interviewer") for _one in range(INTERVIEWERS)]
        version = factories.guide_version(programme, "lost")
        for person in interviewers:
            InterviewerCalendar.objects.create(
                user=person.user, buffer_before_minutes=0, buffer_after_minutes=0, most_calls_a_day=20
            )
            WeeklyHours.objects.create(user=person.user, weekday=day.weekday(), starts=wall(9), ends=wall(14))
        for number in range(count):
            debrief = factories.debrief(
                factories.deal(programme), interviewers[number % INTERVIEWERS], version=version, invited_at=now,
                not_before_on=day, not_after_on=day,
            )  # fmt: skip
            paths.append(split(links.address(links.issue(debrief, now))).path)
    return paths


def _serve(listening: socket.socket, processes: int) -> "subprocess.Popen[bytes]":
    command = [
        sys.executable, "-m", "gunicorn", "benchmarks.booking_site:application", "--workers", str(processes),
        "--threads", "6", "--bind", f"fd://{listening.fileno()}", "--log-level", "error", "--timeout", "120",
    ]  # fmt: skip
    return subprocess.Popen(command, cwd=ROOT, pass_fds=[listening.fileno()])


def _race(port: int, paths: list[str]) -> "tuple[Counter[str], float]":
    """What came of each prospect and of each answer, and the seconds from the start to the last booking."""
    seen: Counter[str] = Counter()
    ready, counting = threading.Barrier(len(paths) + 1), threading.Lock()
    booked_at: list[float] = []

    def run(path: str) -> None:
        prospect = _Prospect(port, path, random.Random(path))
        try:
            prospect.open()
            ready.wait()
            if prospect.book_something():
                booked_at.append(time.perf_counter())
        except (OSError, http.client.HTTPException, threading.BrokenBarrierError):
            prospect.seen["broken"] += 1
            ready.abort()
        finally:
            with counting:
                seen.update(prospect.seen)

    threads = [threading.Thread(target=run, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    ready.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return seen, max(booked_at, default=started) - started


class _Prospect:
    """One browser without script: cookies, the page as it was shown, and what was answered."""

    def __init__(self, port: int, path: str, dice: random.Random) -> None:
        self.port, self.path, self.dice = port, path, dice
        self.cookies: dict[str, str] = {}
        self.seen: Counter[str] = Counter()
        self.page = ""

    def open(self) -> None:
        """Exchanges the link for the page."""
        self._ask("GET", self.path)

    def book_something(self) -> bool:
        """Takes shown times until one is booked or none is left."""
        for _try in range(60):
            offered = [one or other for one, other in _SLOT.findall(self.page)]
            if not offered:
                self.seen["found nothing left"] += 1
                return False
            chosen = {"slot": self.dice.choice(offered)} | self._hidden("version", "tz")
            if self._ask("GET", f"{self.home}confirm/?{urlencode(chosen)}") == 200:
                form = chosen | self._hidden("version", "tz", "csrfmiddlewaretoken")
                if self._ask("POST", f"{self.home}book/", form) == 200:
                    self.seen["booked"] += 1
                    return True
        return False

    def _hidden(self, *names: str) -> dict[str, str]:
        found = dict(_HIDDEN.findall(self.page))
        return {name: found[name] for name in names if name in found}

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> int:
        """The status after following redirects; the page is kept where there is one."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Host": "localhost", "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://localhost"}
        connection.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        connection.close()
        self.seen[f"{method} {answer.status}"] += 1
        if answer.status == 302:
            self.home = urlsplit(answer.headers["Location"]).path
            return self._ask("GET", self.home)
        self.page = body
        return answer.status


def _deadlocks() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_force_next_flush(), deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[1])


def _figures(seen: "Counter[str]", seconds: float, deadlocks: int) -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM calls_call a JOIN calls_call b ON a.interviewer_user_id = b.interviewer_user_id AND a.id < b.id "
            "AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at) "
            "WHERE a.cancelled_at IS NULL AND b.cancelled_at IS NULL"
        )
        double = int(cursor.fetchone()[0])
        cursor.execute("SELECT count(*) FROM calls_call WHERE cancelled_at IS NULL")
        booked = int(cursor.fetchone()[0])
    failed = sum(
        count for status, count in seen.items() if status.split()[-1].isdigit() and int(status.split()[-1]) >= 500
    )
    return {
        "double_booked": double,
        "errors": failed + seen["broken"] + deadlocks,
        "bookings_per_second": round(booked / seconds, 1) if seconds else 0.0,
        "booked": booked,
        "slots": INTERVIEWERS * SLOTS_EACH,
        "deadlocks": deadlocks,
    }


if __name__ == "__main__":
    main()
