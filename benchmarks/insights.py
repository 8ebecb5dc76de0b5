"""The pages of figures with 1,000 and with 100,000 deals: `python -m benchmarks.insights`.

Each page is asked through all middleware, signed in as programme manager, without a filter: all deals, and with 100,000 of them
20,000 debriefs and 200,000 findings. Its own SQL statements are caught, and run again bare in the same round, rows fetched and
nothing made of them. The last line is JSON: `worst_ratio_to_sql` is the median time of a page over the median sum of its bare SQL,
where that is worst; `overview_seconds` the 95th percentile of the overview; `growth` the median with 100,000 deals over that with
1,000, where that is worst.
"""

import argparse
import json
import random
import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.serving import own_servers, p95, say, seconds

Asked = dict[str, Callable[[], Any]]


def main() -> None:
    """Builds both sizes, measures pages and their SQL in turn, prints a table and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with own_servers("insights"):
        asked = _asked("small", 1_000) | _asked("large", options.large)
        times = _measure(asked, options.rounds)
    say(f"{'milliseconds':16}{'1,000':>9}{'SQL':>9}{options.large:>12,}{'SQL':>9}{'p95':>9}{'ratio':>8}{'growth':>9}")
    ratios, growths = {}, {}
    for page in sorted({name.split(":")[1] for name in asked}):
        few, few_sql, many, many_sql = (
            statistics.median(times[f"{size}:{page}:{what}"]) for size in ("small", "large") for what in ("page", "sql")
        )
        ratios[page], growths[page] = max(many / many_sql, 0.0), many / few
        slow = p95(times[f"large:{page}:page"])
        say(
            f"{page:16}{few * 1000:9.1f}{few_sql * 1000:9.1f}{many * 1000:12.1f}{many_sql * 1000:9.1f}{slow:9.1f}"
            f"{ratios[page]:8.2f}{growths[page]:9.2f}"
        )
    worst = max(ratios, key=lambda page: ratios[page])
    figures = {
        "worst_ratio_to_sql": round(ratios[worst], 2),
        "worst_ratio_page": worst,
        "overview_seconds": round(p95(times["large:overview:page"]) / 1000, 3),
        "growth": round(max(growths.values()), 2),
        "rounds": options.rounds,
    }
    say(json.dumps(figures))


def _asked(size: str, count: int) -> Asked:
    """By "size:page:what" the request of each page of a programme of so many deals, and its bare SQL."""
    from django.test import Client

    from accounts.models import Membership, Person, User
    from debriefs.findings.models import Release, Remark
    from debriefs.foundation import clock
    from debriefs.foundation.database_role import as_owner
    from debriefs.home.demonstration import scale
    from debriefs.insights.dashboards import TABS

    programme = scale.build_at_scale(count=count, now=clock.now())
    with as_owner():
        scale.analyse()
    user = User.objects.create_user(email=f"admin-{count}@scale.example", password=None)
    person = Person.objects.create(programme=programme, user=user, name="Admin", email=user.email)
    Membership.objects.create(programme=programme, person=person, roles=["admin"], joined_at=clock.now())
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    releases, remarks = (kind.objects.filter(programme=programme).count() for kind in (Release, Remark))
    say(f"{count:,} deals, {releases:,} debriefs, {remarks:,} findings")

    def ask(path: str) -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")

    found: Asked = {}
    for key, _label in TABS:
        address = f"/p/{programme.slug}/insights/" + ("" if key == "overview" else f"{key}/")
        request = partial(ask, address)
        found[f"{size}:{key}:page"] = request
        found[f"{size}:{key}:sql"] = partial(_run, _statements(request))
    return found


def _statements(request: Callable[[], Any]) -> list[tuple[str, Any]]:
    """What a page asks of the database, statement by statement. Asked twice, so that nothing is caught that only a first request needs."""
    from django.db import connection

    caught: list[tuple[str, Any]] = []

    def catch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        caught.append((sql, params))
        return execute(sql, params, many, context)

    request()
    with connection.execute_wrapper(catch):
        request()
    return [(sql, params) for sql, params in caught if sql.lstrip().upper().startswith(("SELECT", "WITH", "SET LOCAL"))]


def _run(statements: list[tuple[str, Any]]) -> None:
    """The statements one after the other on the driver's own cursor, every row fetched."""
    from django.db import connection

    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()


def _measure(asked: Asked, rounds: int) -> dict[str, list[float]]:
    """Everything once per round in random order, so that whatever else the machine does falls on all alike; one round unmeasured."""
    times: dict[str, list[float]] = {name: [] for name in asked}
    order = list(asked)
    shuffled = random.Random(1)
    for number in range(rounds + 1):
        shuffled.shuffle(order)
        for name in order:
            took = seconds(asked[name])
            if number:
                times[name].append(took)
    return times


if __name__ == "__main__":
    main()
