"""The deal list with 1,000 and with 100,000 deals: `python -m benchmarks.deal_list`.

The real page through all middleware, signed in, every filter, search and order in turn, and a bare page with one query through
the same middleware in the same run. The last line is JSON: `growth` is the p95 with 100,000 deals over the p95 with 1,000 for the
filter in which it is worst, `ratio_to_bare` the p95 of all filters with 100,000 deals over that of the bare page. `growth_median` is
the same of the medians: a p95 of few rounds is one of the slowest of them, and the worst of 23 such ratios also holds the machine's hiccups.
"""

import argparse
import json
import random
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from benchmarks.serving import own_servers, p95, say, seconds

FILTERS = {
    "decided": "",
    "all": "show=all",
    "not planned": "show=waiting",
    "under way": "show=running",
    "released": "show=released",
    "passed over": "show=passed_over",
    "outcome": "outcome=lost",
    "team": "team={team}",
    "owner": "owner={owner}",
    "quarter": "quarter={quarter}",
    "amount": "least=100000&most=120000",
    "segment": "segment=Retail",
    "competitor": "competitor={competitor}",
    "state": "state=released",
    "window": "window=late&show=all",
    "largest first": "sort=-amount",
    "smallest first": "sort=amount",
    "by name": "sort=name",
    "search": "q={word}",
    "search with an error": "q={typo}",
    "search for a contact": "q={contact}",
    "search for nothing": "q=zzyzx+nowhere",
    "several": "outcome=won&team={team}&segment=Retail&sort=-amount",
}


def main() -> None:
    """Builds both sizes, measures them in turn, prints a table and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    with own_servers("deal-list"):
        small, bare = _sized(1_000)
        large, _bare = _sized(options.large)
        measured = _measure({"bare": {"": bare}, "small": small, "large": large}, options.rounds)
    pooled = [time for times in measured["large"].values() for time in times]
    bare_p95 = p95(measured["bare"][""])
    say(
        f"{'':24}{'1,000':>10}{options.large:>12,}{'growth':>9}{'medians':>9}   p95 in milliseconds; bare page {bare_p95:.1f}"
    )
    growths, medians = {}, {}
    for name in FILTERS:
        few, many = p95(measured["small"][name]), p95(measured["large"][name])
        growths[name] = many / few
        medians[name] = median(measured["large"][name]) / median(measured["small"][name])
        say(f"{name:24}{few:10.1f}{many:12.1f}{many / few:9.2f}{medians[name]:9.2f}")
    worst = max(growths, key=lambda name: growths[name])
    figures = {
        "growth": round(growths[worst], 2),
        "worst": worst,
        "growth_median": round(max(medians.values()), 2),
        "ratio_to_bare": round(p95(pooled) / bare_p95, 2),
        "rounds": options.rounds,
    }
    say(json.dumps(figures))


def _sized(count: int) -> "tuple[dict[str, Callable[[], Any]], Callable[[], Any]]":
    """Requests by filter for a programme of so many deals, and the bare request."""
    from django.test import Client

    from accounts.models import Membership, Person, Team, User
    from debriefs.deals.models import Competitor, Contact, Deal
    from debriefs.foundation import clock
    from debriefs.foundation.database_role import as_owner
    from debriefs.home.demonstration import scale

    programme = scale.build_at_scale(count=count, now=clock.now())
    with as_owner():
        scale.analyse()
    user = User.objects.create_user(email=f"admin-{count}@scale.example", password=None)
    person = Person.objects.create(programme=programme, user=user, name="Admin", email=user.email)
    Membership.objects.create(programme=programme, person=person, roles=["admin"], joined_at=clock.now())
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    deals = Deal.objects.filter(programme=programme, outcome="lost")
    one = deals.order_by("pk")[len(str(count))]
    words = {
        "team": Team.objects.filter(programme=programme).order_by("name")[3].pk,
        "owner": one.owner_id,
        "quarter": f"{one.decided_on.year}-Q{(one.decided_on.month - 1) // 3 + 1}",
        "competitor": Competitor.objects.filter(programme=programme).order_by("name")[3].pk,
        "word": str(one.company).rpartition(" ")[0].replace(" ", "+"),
        # Two letters of the company's name the other way round.
        "typo": _mistyped(str(one.company).rpartition(" ")[0]).replace(" ", "+"),
        "contact": Contact.objects.filter(programme=programme).order_by("pk")[3].name.replace(" ", "+"),
    }

    def ask(path: str) -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")

    base = f"/p/{programme.slug}/deals/"
    requests = {name: partial(ask, f"{base}?{query.format(**words)}") for name, query in FILTERS.items()}
    return requests, partial(ask, f"/p/{programme.slug}/bare/")


def _mistyped(name: str) -> str:
    return f"{name[:3]}{name[4]}{name[3]}{name[5:]}"


def _measure(asked: "dict[str, dict[str, Callable[[], Any]]]", rounds: int) -> dict[str, dict[str, list[float]]]:
    """Every request once per round in random order, so that whatever else the machine does falls on all alike; two rounds unmeasured."""
    from django.test import override_settings

    order = [(size, name) for size, requests in asked.items() for name in requests]
    # The bare page is asked as often as a size's filters together, to have a p95 of its own.
    order += [("bare", "")] * 4
    times: dict[str, dict[str, list[float]]] = {
        size: {name: [] for name in requests} for size, requests in asked.items()
    }
    shuffled = random.Random(1)
    with override_settings(ROOT_URLCONF="benchmarks.bare_urls"):
        for number in range(rounds + 2):
            shuffled.shuffle(order)
            for size, name in order:
                took = seconds(asked[size][name])
                if number >= 2:
                    times[size][name].append(took)
    return times


if __name__ == "__main__":
    main()
