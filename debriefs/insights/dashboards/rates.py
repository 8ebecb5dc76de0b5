"""Win rates: by number and by value, by segment and region, and what became of deals opened in the same quarter."""

from collections import Counter
from dataclasses import replace
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debriefs.deals.enums import Outcome
from debriefs.insights import queries, rate_queries
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Mark, Page, of_difference, of_share, points
from debriefs.insights.rules import Quarter
from debriefs.insights.statistics import Share, Status

MOST_COHORTS = 8


def page(look: Look) -> Page:
    """Four charts from five queries; one more where the rate by value has an interval to draw."""
    groups = rate_queries.by_group(look.deals)
    return Page(
        "rates",
        _("Win rates"),
        _("How deals ended, whoever was debriefed: by number and by value, and where."),
        (
            _by_value(look),
            _split("segments", _("segment"), "seg", [(row[0], row[2], row[3]) for row in groups]),
            _split("regions", _("region"), "reg", [(row[1] or "", row[2], row[3]) for row in groups]),
            _cohorts(look),
        ),
        (
            _("Deals still open are in no rate: where losses are recorded sooner than wins, a young quarter looks worse than it is."),
        ),
    )  # fmt: skip


def _by_value(look: Look) -> Chart:
    currency = look.scope.person.programme.currency
    outcomes = queries.outcome_counts(look.deals)
    won, lost = outcomes.get(Outcome.WON, 0), outcomes.get(Outcome.LOST, 0)
    sums, outside = rate_queries.value_sums(look.deals, currency)
    marks: tuple[Mark, ...] = ()
    if won + lost:
        plain = of_share(_("By number of deals"), Share(won, won + lost))
        marks = (replace(plain, cells=(str(won), str(won + lost))),)
    if sums.n:
        interval = rate_queries.value_interval(look.deals, currency, sums)
        low, high = interval or (0.0, 0.0)
        words = {"n": sums.n, "outside": outside, "currency": currency}
        sub = ngettext(
            "%(n)s deal with an amount in %(currency)s", "%(n)s deals with an amount in %(currency)s", sums.n
        )
        sub = (sub + _(", %(outside)s without") if outside else sub) % words
        marks += (
            Mark(
                _("By value"),
                (f"{sums.won:,.0f}", f"{sums.total:,.0f}"),
                sums.value,
                low,
                high,
                Status.OK if interval else Status.TOO_FEW,
                k=round(sums.won),
                n=round(sums.total),
                sub=sub,
                is_sum=True,
            ),
        )
    title = _("Nothing was won or lost with this filter")
    if won + lost:
        title = _("Won %(k)s of %(n)s deals") % {"k": won, "n": won + lost}
        if sums.n:
            words = {"title": title, "won": f"{sums.won:,.0f}", "total": f"{sums.total:,.0f}", "currency": currency}
            title = _("%(title)s, and %(won)s of %(total)s %(currency)s") % words
    return Chart(
        "value",
        title,
        _("Won / (won + lost); sum won / (sum won + sum lost)."),
        Kind.SHARE,
        (_("Won"), _("Won or lost")),
        marks,
        caution=_("Amounts are skewed: one large deal moves the second line by many points. An interval is drawn from 30 deals."),
    )  # fmt: skip


def _split(key: str, what: str, filter_name: str, rows: list[tuple[str, str, int]]) -> Chart:
    won, n = Counter[str](), Counter[str]()
    for group, outcome, count in rows:
        n[group] += count
        won[group] += count if outcome == Outcome.WON else 0
    all_won, all_n = sum(won.values()), sum(n.values())
    marks = []
    # Rates are put in order where there is enough for one; the rest follows by number.
    for group in sorted(n, key=lambda one: _order(Share(won[one], n[one]), one)) if set(n) != {""} else ():
        here, others = Share(won[group], n[group]), Share(all_won - won[group], all_n - n[group])
        beside = of_difference(group, here, others)
        sub = ""
        if beside.status is Status.OK:
            sub = _("%(d)s points to all others (%(low)s to %(high)s)") % {
                "d": points(beside.value), "low": points(beside.low), "high": points(beside.high),
            }  # fmt: skip
        query = urlencode({filter_name: group}) if group else ""
        name = group or _("no %(what)s") % {"what": what}
        marks.append(replace(of_share(name, here, sub=sub, query=query), p=beside.p))
    title = _("Win rate by %(what)s") % {"what": what}
    named = [mark for mark in marks if mark.shows_percent]
    if len(named) > 1:
        best, least = (choose(named, key=lambda mark: mark.value) for choose in (max, min))
        title = _("Win rate by %(what)s: %(best)s %(p)s %%, %(least)s %(q)s %%") % {
            "what": what, "best": best.name, "p": round(best.value * 100), "least": least.name, "q": round(least.value * 100),
        }  # fmt: skip
    return Chart(
        key,
        title,
        _("Won / (won + lost) of each, and the difference to all others from ten on both sides."),
        Kind.SHARE,
        (_("Won"), _("Won or lost")),
        tuple(marks),
        empty=_("No %(what)s is known of these deals; it comes with their companies.") % {"what": what}
        if all_n
        else _("Nothing was won or lost with this filter."),
        leads_to="debriefs",
    )


def _order(share: Share, name: str) -> tuple[bool, float, int, str]:
    return not share.shows_percent, -share.value if share.shows_percent else 0.0, -share.n, name


def _cohorts(look: Look) -> Chart:
    """Open deals belong to no period of decision: the cohorts are those of the reader's scope, whatever the filters."""
    rows = rate_queries.cohorts(rate_queries.decided_or_not(look.scope.person), MOST_COHORTS)
    marks = tuple(
        of_share(
            Quarter(row["year"], row["quarter"]).label,
            Share(row["won"], row["n"]),
            cells=tuple(str(row[name]) for name in ("won", "lost", "none", "open", "n")),
            sub=_("%(open)s still open") % {"open": row["open"]} if row["open"] else "",
        )
        for row in rows
    )
    title = _("What became of the deals opened in each quarter")
    told = next((row for row in rows if Share(row["won"], row["n"]).shows_percent), None)
    if told:
        quarter = Quarter(told["year"], told["quarter"]).label
        words = {"won": told["won"], "open": told["open"], "n": told["n"], "quarter": quarter}
        title = _("Of %(n)s deals opened in %(quarter)s: %(won)s won so far, %(open)s still open") % words
    return Chart(
        "cohorts",
        title,
        _("All deals opened in the quarter, decided or not; the bar is the share won so far."),
        Kind.SHARE,
        (_("Won"), _("Lost"), _("No decision or rejected"), _("Still open"), _("Opened")),
        marks,
        caution=_("Filters do not narrow this chart: open deals have no day of decision."),
        empty=_("The day on which a deal was opened comes with the import from the CRM."),
    )
