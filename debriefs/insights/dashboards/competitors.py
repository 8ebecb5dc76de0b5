"""Competitors: head to head, and on which drivers."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from debriefs.insights import content_queries, titles
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Mark, Page, of_net, of_share
from debriefs.insights.statistics import Net, Share


def page(look: Look) -> Page:
    """Head to head from the deals, better and worse from the remarks that name a rival. Three queries."""
    rows = content_queries.head_to_head(look.deals)
    met = {name: row for (_key, name), row in rows.items()}
    keys = {name: str(key) for key, name in rows}
    order = sorted(met, key=lambda rival: (-met[rival].met, rival))
    marks = tuple(
        of_share(
            rival,
            Share(met[rival].won, met[rival].decided),
            sub=_("met %(times)s") % {"times": titles.times(met[rival].met)},
            query=urlencode({"c": keys[rival]}),
            cells=tuple(
                str(count)
                for count in (
                    met[rival].met,
                    met[rival].won,
                    met[rival].lost_to_them,
                    met[rival].lost_to_other,
                    met[rival].undecided,
                )
            ),
        )
        for rival in order
    )
    title = _("No competitor was met with this filter")
    if marks:
        first = met[order[0]]
        title = _("%(name)s was met most often: won %(won)s, lost to them %(lost)s") % {
            "name": order[0], "won": first.won, "lost": first.lost_to_them,
        }  # fmt: skip
    return Page(
        "competitors",
        _("Competitors"),
        _("How deals ended where a competitor was in them, and how buyers compared us."),
        (
            Chart(
                "head-to-head",
                title,
                _("Won / (won + lost to them). Rows overlap where two competitors met in one deal."),
                Kind.SHARE,
                (_("Met"), _("Won"), _("Lost to them"), _("Lost to another"), _("Undecided")),
                marks,
                caution=_("Losses whose winner is not known count as undecided."),
                empty=_("Competitors are named on the deal, by hand or from the CRM."),
                leads_to="overview",
            ),
            *_compared(look),
        ),
        (_("A small number of meetings says little: look at the interval before the percentage."),),
    )


def _compared(look: Look) -> tuple[Chart, ...]:
    charts = []
    for key, by, parameter in (("rivals", "rival", "c"), ("rival-drivers", "driver", "driver")):
        rows = content_queries.compared(look.releases, by=by, rival=look.filters.competitor)
        marks = [
            of_net(row.name, Net(row.better, row.worse, row.compared), query=urlencode({parameter: row.key}))
            for row in rows
        ]
        marks.sort(key=lambda mark: (-mark.n, mark.name))
        charts.append(
            Chart(
                key,
                _compared_title(marks[0] if marks else None, by),
                _("(We better − they better) / debriefs in which the buyer compared."),
                Kind.NET,
                (_("They better"), _("We better"), _("Compared")),
                tuple(marks),
                empty=_("No released remark names a competitor. Findings can carry the competitor they speak of."),
                left_label=_("for them"),
                right_label=_("for us"),
                leads_to="remarks",
            )
        )
    return tuple(charts)


def _compared_title(most: Mark | None, by: str) -> str:
    """Of the competitor or driver compared most often: for whom the debriefs speak; one can speak for both."""
    if most is None:
        return _("No buyer's comparison with a competitor yet")
    words = {"name": most.name, "n": most.n, "ours": most.right, "theirs": most.left}
    if by == "rival":
        return (
            _("Of %(n)s debriefs that compare us with %(name)s, %(theirs)s speak for them and %(ours)s for us") % words
        )
    return _("Compared most often: %(name)s, %(theirs)s of %(n)s for the competitor and %(ours)s for us") % words
