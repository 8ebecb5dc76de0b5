"""Awareness: how buyers first heard of us, and how those deals ended."""

from collections import Counter

from django.utils.translation import gettext as _

from debriefs.deals.enums import Outcome
from debriefs.insights import write_up_queries
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Page, most_first, of_difference, of_share
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
        title = _("%(name)s came first, for %(k)s of %(n)s buyers") % {"name": marks[0].name, "k": marks[0].k, "n": n}
    rates = most_first(
        [of_share(str(AwarenessHow(how).label), Share(won[how], decided[how])) for how in totals if decided[how]]
    )
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
                _("Win rate by source"),
                _("Won / (won + lost) among debriefs with that source."),
                Kind.SHARE,
                (_("Won"), _("Won or lost")),
                rates,
            ),
            Chart(
                "differences",
                _("Win rate of a source less that of all other sources"),
                _("In points; compared from ten deals on both sides."),
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


def _agreement(checks: dict[tuple[str, str], int]) -> Chart:
    judged = [verdict for verdict in Verdict if verdict != Verdict.MISSING]
    n = sum(checks.get((RecordField.AWARENESS_SOURCE, verdict), 0) for verdict in judged)
    right = checks.get((RecordField.AWARENESS_SOURCE, Verdict.RIGHT), 0)
    return Chart(
        "recorded",
        _("Our record had the source right in %(k)s of %(n)s debriefs") % {"k": right, "n": n},
        _("Judged in the write-up, where the record named a source."),
        Kind.SHARE,
        (_("Right"), _("Judged")),
        (of_share(_("Source right in our record"), Share(right, n)),) if n else (),
        empty=_("The source in the sales record is judged in the write-up."),
    )
