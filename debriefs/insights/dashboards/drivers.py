"""Drivers: what helped and hurt, how much each weighed, and how it goes with the outcome."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from debriefs.insights import content_queries, titles
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Mark, Page, most_first, of_difference, of_net, of_share
from debriefs.insights.statistics import Net, Share, Status

Counts = dict[str, content_queries.DriverRow]


def page(look: Look) -> Page:
    """Six charts from two queries: the drivers, and stated against root reason."""
    found = content_queries.driver_rows(look.releases)
    n = found.deals
    counts = {row.key: row for row in found.rows}
    names = {row.key: row.name for row in found.rows}
    net = sorted(counts, key=lambda d: (-abs(counts[d].helped - counts[d].hurt), -counts[d].named, names[d]))
    base = _("Named by buyers, each counted once per deal, n = %(n)s released debriefs.") % {"n": n}
    charts = (
        Chart(
            "net",
            _net_title(counts, names, n),
            base,
            Kind.NET,
            (_("Hurt"), _("Helped"), _("Debriefs")),
            tuple(
                of_net(names[d], Net(counts[d].helped, counts[d].hurt, n), query=urlencode({"driver": d})) for d in net
            ),
            empty=_("Drivers appear when the first debrief is released and its owner has had a day to read it."),
            left_label=_("hurt"),
            right_label=_("helped"),
            leads_to="remarks",
        ),
        Chart(
            "named",
            _named_title(counts, names, n),
            base,
            Kind.SHARE,
            (_("Debriefs naming it"), _("Debriefs")),
            most_first([of_share(names[d], Share(counts[d].named, n), query=urlencode({"driver": d})) for d in counts]),
            caution=_("How often a driver is named says how present it was, not which way it moved the decision."),
            leads_to="remarks",
        ),
        _influence(counts, names, n),
        _decisive(found),
        _by_outcome(found),
        _stated(look),
    )
    return Page(
        "drivers",
        _("Drivers"),
        _("What moved decisions, in the buyers' account."),
        charts,
        (
            _("These are debriefs that took place; who was asked and who agreed shapes them: see Participation."),
            _("A driver that goes with wins or losses need not have caused them."),
            _("Twelve debriefs can name issues; they cannot prove that a change worked."),
        ),
    )


def _net_title(counts: Counts, names: dict[str, str], n: int) -> str:
    if not counts:
        return _("No drivers with this filter")
    hurt = max(counts, key=lambda d: counts[d].hurt)
    helped = max(counts, key=lambda d: counts[d].helped)
    return titles.moved_most((names[helped], counts[helped].helped), (names[hurt], counts[hurt].hurt), n)


def _named_title(counts: Counts, names: dict[str, str], n: int) -> str:
    if not counts:
        return _("No drivers with this filter")
    k = max(row.named for row in counts.values())
    first = sorted(names[d] for d in counts if counts[d].named == k)
    words = {
        "name": first[0],
        "other": first[1:2] and first[1],
        "count": len(first),
        "most": titles.k_of_debriefs(k, n),
    }
    if len(first) > 2:
        return _("%(count)s drivers came up most often, in %(most)s each") % words
    if len(first) == 2:
        return _("“%(name)s” and “%(other)s” came up most often, in %(most)s each") % words
    return _("%(name)s came up most often, in %(most)s") % words


def _influence(counts: Counts, names: dict[str, str], n: int) -> Chart:
    order = sorted(counts, key=lambda d: (-counts[d].influence, names[d]))
    status = Share(0, n).status
    marks = [
        Mark(
            names[d],
            (f"{counts[d].influence * 100:.1f} %",),
            counts[d].influence,
            0,
            0,
            status,
            is_fact=True,
            query=urlencode({"driver": d}),
        )
        for d in order
        if status is not Status.TOO_FEW
    ]
    title = _("Share of influence")
    if marks:
        title = _("%(name)s carries %(p)s of all influence") % {
            "name": marks[0].name,
            "p": f"{round(marks[0].value * 100)} %",
        }
    return Chart(
        "influence",
        title,
        _("Strength of a driver by all strengths of its debrief, averaged over %(n)s debriefs; adds up to 100 %%.")
        % {"n": n},
        Kind.SHARE,
        (_("Share"),),
        tuple(marks),
        caution=_("Strengths are judged by the coder on three steps: read the order, not the decimals."),
        empty=_("Shares of influence need five debriefs."),
        leads_to="remarks",
    )


def _decisive(found: content_queries.DriverRows) -> Chart:
    n = found.deals
    marks = most_first(
        [
            of_share(row.name, Share(row.decisive, n), query=urlencode({"driver": row.key}))
            for row in found.rows
            if row.decisive
        ]
    )
    title = _("No driver was called decisive")
    if marks:
        title = _("%(name)s was decisive in %(most)s") % {
            "name": marks[0].name, "most": titles.k_of_debriefs(marks[0].k, n),
        }  # fmt: skip
    return Chart(
        "decisive",
        title,
        _("Debriefs in which the driver has the greatest strength, of %(n)s.") % {"n": n},
        Kind.SHARE,
        (_("Decisive"), _("Debriefs")),
        marks,
        leads_to="remarks",
    )


def _by_outcome(found: content_queries.DriverRows) -> Chart:
    marks = [
        of_difference(
            row.name,
            Share(row.helped_in_wins, found.won),
            Share(row.hurt_in_losses, found.lost),
            query=urlencode({"driver": row.key}),
        )
        for row in found.rows
    ]
    marks.sort(key=lambda mark: (-abs(mark.value), mark.name))
    return Chart(
        "outcome",
        _outcome_title(found),
        _("Share of %(won)s wins in which it helped less share of %(lost)s losses in which it hurt, in points.")
        % {"won": found.won, "lost": found.lost},
        Kind.DIFFERENCE,
        (_("Helped, wins"), _("Wins"), _("Hurt, losses"), _("Losses")),
        tuple(marks),
        caution=_(
            "Association, not cause: buyers explain a win and a loss differently. Compared from ten on both sides."
        ),
        left_label=_("hurt in losses"),
        right_label=_("helped in wins"),
        leads_to="remarks",
    )


def _outcome_title(found: content_queries.DriverRows) -> str:
    helped = max(found.rows, key=lambda row: row.helped_in_wins, default=None)
    hurt = max(found.rows, key=lambda row: row.hurt_in_losses, default=None)
    said = []
    if helped and helped.helped_in_wins:
        words = {"name": helped.name, "k": helped.helped_in_wins, "n": found.won}
        said.append(_("%(name)s helped in %(k)s of %(n)s wins") % words)
    if hurt and hurt.hurt_in_losses:
        words = {"name": hurt.name, "k": hurt.hurt_in_losses, "n": found.lost}
        said.append(_("%(name)s hurt in %(k)s of %(n)s losses") % words)
    return "; ".join(said) or _("What helped in wins beside what hurt in losses")


def _stated(look: Look) -> Chart:
    rows = content_queries.stated_and_root(look.releases)
    n = sum(row["n"] for row in rows)
    differ = [row for row in rows if row["stated"] != row["root"]]
    k = sum(row["n"] for row in differ)
    marks = [
        of_share(
            _("%(stated)s, behind it %(root)s") % {"stated": row["stated"], "root": row["root"]}, Share(row["n"], n)
        )
        for row in differ
    ]
    return Chart(
        "stated",
        _("Behind the reason named first lay another in %(most)s") % {"most": titles.k_of_debriefs(k, n)}
        if k
        else _("No other reason lay behind the one named first")
        if n
        else _("What lay behind the reason named first"),
        _("The reason named first and what decided, where both are coded, n = %(n)s.") % {"n": n},
        Kind.SHARE,
        (_("Debriefs"), _("Of")),
        most_first(marks),
        empty=_("In no debrief did the root cause differ from the reason named first.")
        if n
        else _("This needs debriefs in which both are coded."),
    )
