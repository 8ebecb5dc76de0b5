"""Trend: the same shares quarter by quarter, with what was changed meanwhile drawn in."""

from collections import defaultdict
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from debriefs.deals.enums import Outcome
from debriefs.insights import trend_queries
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Mark, Page, of_share
from debriefs.insights.rules import Quarter
from debriefs.insights.samples import run_signal
from debriefs.insights.statistics import Share
from debriefs.insights.tables import cochran_armitage

MOST_QUARTERS = 12
MOST_DRIVERS = 4


def page(look: Look) -> Page:
    """Win rate, debriefs and the drivers that hurt or helped most, per quarter. Four queries."""
    notes = trend_queries.annotations(look.scope.person.programme)
    outcomes = trend_queries.outcomes_by_quarter(look.deals)
    quarters = sorted({quarter for quarter, _outcome in outcomes})[-MOST_QUARTERS:]
    noted = {quarter: [_dated(note) for note in notes if Quarter.of(note.on) == quarter] for quarter in quarters}
    won = {q: outcomes.get((q, Outcome.WON), 0) for q in quarters}
    lost = {q: outcomes.get((q, Outcome.LOST), 0) for q in quarters}
    charts = [_series("win-rate", _("Win rate"), {q: Share(won[q], won[q] + lost[q]) for q in quarters}, noted)]
    named, debriefs = trend_queries.drivers_by_quarter(look.releases)
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for (_quarter, name, direction), n in named.items():
        totals[name, direction] += n
    most = sorted(totals, key=lambda key: (-totals[key], key))[:MOST_DRIVERS]
    for place, (name, direction) in enumerate(most, start=1):
        shares = {q: Share(named.get((q, name, direction), 0), debriefs.get(q, 0)) for q in quarters}
        what = _("%(name)s helped") if direction == "helped" else _("%(name)s hurt")
        charts.append(_series(f"driver-{place}", what % {"name": name}, shares, noted))
    return Page(
        "trend",
        _("Trend"),
        _("Quarter by quarter, by the day the buyer decided."),
        tuple(charts),
        (
            _("Other things change too: a move after an action does not prove that the action caused it."),
            _("What was chosen because it looked bad tends to improve by itself."),
        ),
    )


def _dated(note: Any) -> str:
    return f"{date_format(note.on, 'j M')}: {note.text}"


def _series(key: str, what: str, shares: dict[Quarter, Share], noted: dict[Quarter, list[str]]) -> Chart:
    marks: list[Mark] = []
    for quarter, share in shares.items():
        marks.append(of_share(quarter.label, share, sub=" · ".join(noted[quarter]), query=f"p={quarter.key}"))
    useful = [share for share in shares.values() if share.n >= 5]
    return Chart(
        key,
        what + ": " + ", ".join(filter(None, (_latest_in_words(shares), _trend_in_words(useful)))),
        _("Share per quarter with its 95 % interval; changes and notes stand at their quarter."),
        Kind.SHARE,
        (_("Count"), _("Of")),
        tuple(marks),
        empty=_("No decided deals with this filter."),
        leads_to="overview",
    )


def _latest_in_words(shares: dict[Quarter, Share]) -> str:
    """The newest quarter that has any: "9 of 22 in Q3 2026"."""
    for quarter in sorted(shares, reverse=True):
        if shares[quarter].n:
            return _("%(k)s of %(n)s in %(quarter)s") % {
                "k": shares[quarter].k, "n": shares[quarter].n, "quarter": quarter.label,
            }  # fmt: skip
    return ""


def _trend_in_words(shares: list[Share]) -> str:
    if len(shares) < 4:
        return _("no trend before four quarters of five or more")
    test = cochran_armitage([share.k for share in shares], [share.n for share in shares])
    signal = run_signal([share.value for share in shares])
    if test.p < 0.05:
        rising = shares[-1].value > shares[0].value
        said = _("rising over %(n)s quarters") if rising else _("falling over %(n)s quarters")
    else:
        said = _("no trend over %(n)s quarters")
    said = said % {"n": len(shares)}
    return said + _(", and its runs say that something shifted") if signal else said
