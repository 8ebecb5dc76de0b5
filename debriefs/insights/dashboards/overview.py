"""The overview as charts: what its cards and drawings show, for tables, exports and comparisons."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from debriefs.insights import measures
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Page, of_net, of_pairs, of_share


def page(look: Look) -> Page:
    """The figures of the overview."""
    return page_of(measures.overview(look.scope, look.deals))


def page_of(figures: measures.Overview) -> Page:
    """The same from figures already counted. No query."""
    drivers = Chart(
        "drivers",
        measures.headline(figures.drivers, figures.debriefs),
        _("Drivers named by buyers, each counted once per deal, n = %(n)s.") % {"n": figures.debriefs},
        Kind.NET,
        (_("Hurt"), _("Helped"), _("Debriefs")),
        tuple(of_net(one.name, one.net, query=urlencode({"driver": one.id})) for one in figures.drivers),
        left_label=_("hurt"),
        right_label=_("helped"),
        leads_to="remarks",
    )
    rates = Chart(
        "rates",
        _("Won %(k)s of %(n)s deals that were won or lost") % {"k": figures.win_rate.k, "n": figures.win_rate.n}
        if figures.win_rate.n
        else _("Nothing was won or lost with this filter"),
        _("Shares with their counts."),
        Kind.SHARE,
        (_("Count"), _("Of")),
        (
            of_share(_("Win rate, won or lost"), figures.win_rate),
            of_share(_("Win rate, all decided"), figures.win_rate_all),
            of_share(_("Debriefs completed, of chosen deals"), figures.completed),
            of_share(_("Own reason was the buyer's, by category"), figures.agreement_by_category),
            of_share(_("Own reason was the buyer's, by driver"), figures.agreement),
        ),
    )
    reasons = Chart(
        "reasons",
        measures.reasons_headline(figures.reasons),
        _("Main reason per deal by category."),
        Kind.DIFFERENCE,
        (_("Our side"), _("Buyer"), _("Debriefs")),
        tuple(
            of_pairs(one.name, one.ours_only, one.theirs_only, one.n, (str(one.ours), str(one.theirs), str(one.n)))
            for one in figures.reasons
        ),
        left_label=_("buyers name it more"),
        right_label=_("we name it more"),
    )
    funnel = Chart(
        "funnel",
        _("From decided to released"),
        _("How far each decided deal has come."),
        Kind.SHARE,
        (_("Deals"), _("Decided")),
        tuple(of_share(step.name, step.share, sub=step.note) for step in figures.funnel),
    )
    return Page("overview", _("Overview"), _("What buyers told us."), (rates, drivers, reasons, funnel))
