"""Awareness: how buyers first heard of us, and how those deals ended."""

from collections import Counter

from django.utils.translation import gettext as _

from debriefs.deals.enums import Outcome
from debriefs.insights import titles, write_up_queries
from debriefs.insights.charts import is_clear_of_zero
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Mark, Page, most_first, of_difference, of_share
from debriefs.insights.statistics import Share
from debriefs.interviews.enums import AwarenessHow, RecordField, Verdict


def page(look: Look) -> Page:
    """Three charts from two queries over the write-ups of counted releases."""
    counted = write_up_queries.write_ups(look.releases)
    rows = write_up_queries.sources(counted)
    totals, won, decided = Counter[str](), Counter[str](), Counter[str]()
    for (how, outcome), n in rows.items():
        totals[how] += n
        won[how] += n if outcome == Outcome.WON else 0
        decided[how] += n if outcome in (Outcome.WON, Outcome.LOST) else 0
    n = sum(totals.values())
    marks = most_first([of_share(str(AwarenessHow(how).label), Share(k, n)) for how, k in totals.items()])
    title = _("How buyers first heard of us")
    if marks:
        title = _("%(name)s came first: %(k)s of %(n)s buyers heard of us that way") % {
            "name": marks[0].name,
            "k": marks[0].k,
            "n": n,
        }
    # By number, not by rate: most of them stand for too few deals to be put in order.
    rates = [of_share(str(AwarenessHow(how).label), Share(won[how], decided[how])) for how in totals if decided[how]]
    rates.sort(key=lambda mark: (-mark.n, mark.name))
    all_won, all_decided = sum(won.values()), sum(decided.values())
    differences = [
        of_difference(
            str(AwarenessHow(how).label),
            Share(won[how], decided[how]),
            Share(all_won - won[how], all_decided - decided[how]),
        )
        for how in totals
        if decided[how]
    ]
    return Page(
        "sources",
        _("Sources"),
        _("How buyers first heard of us, in their own account."),
        (
            Chart(
                "sources",
                title,
                _("The buyer's first source, of %(n)s released debriefs that name one.") % {"n": n},
                Kind.SHARE,
                (_("Debriefs"), _("Of")),
                marks,
                empty=_("The source is noted in the write-up of a debrief."),
            ),
            Chart(
                "win-rates",
                _("Won %(k)s of %(n)s deals that came by the most frequent source: %(name)s")
                % {"name": rates[0].name, "k": rates[0].k, "n": rates[0].n}
                if rates
                else _("Win rate by source"),
                _("Won / (won + lost) among debriefs with that source."),
                Kind.SHARE,
                (_("Won"), _("Won or lost")),
                tuple(rates),
            ),
            Chart(
                "differences",
                _differences_title(differences),
                _("Win rate of a source less that of all others, in points; compared from ten deals on both sides."),
                Kind.DIFFERENCE,
                (_("Won"), _("Of"), _("Won, others"), _("Of")),
                tuple(sorted(differences, key=lambda mark: (-abs(mark.value), mark.name))),
                left_label=_("won less often"),
                right_label=_("won more often"),
            ),
            _agreement(write_up_queries.record_checks(counted)),
        ),
        (
            _("Debriefed deals only: sources of deals nobody talked about are not here."),
            _(
                "A source that goes with wins need not bring them; who comes by recommendation differs in other ways too."
            ),
        ),
    )


def _differences_title(marks: list[Mark]) -> str:
    compared = [mark for mark in marks if mark.shows_interval]
    if not compared:
        return _("No source has ten deals on both sides to compare")
    apart = max(compared, key=lambda mark: abs(mark.value))
    if not is_clear_of_zero(apart.low, apart.high):
        return _("No source is clearly won more or less often than the others")
    if apart.value > 0:
        return _("%(name)s: won more often than the other sources") % {"name": apart.name}
    return _("%(name)s: won less often than the other sources") % {"name": apart.name}


def _agreement(checks: dict[tuple[str, str], int]) -> Chart:
    judged = [verdict for verdict in Verdict if verdict != Verdict.MISSING]
    n = sum(checks.get((RecordField.AWARENESS_SOURCE, verdict), 0) for verdict in judged)
    right = checks.get((RecordField.AWARENESS_SOURCE, Verdict.RIGHT), 0)
    return Chart(
        "recorded",
        _("Our record had the source right in %(most)s") % {"most": titles.k_of_debriefs(right, n)}
        if n
        else _("No source in our record was judged yet"),
        _("Judged in the write-up, where the record named a source."),
        Kind.SHARE,
        (_("Right"), _("Judged")),
        (of_share(_("Source right in our record"), Share(right, n)),) if n else (),
        empty=_("The source in the sales record is judged in the write-up."),
    )
