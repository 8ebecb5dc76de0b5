"""What readers without record access see: one closed quarter from its snapshot, by one division at most. Pure but for the rows given."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from debriefs.insights import titles
from debriefs.insights.figures import Chart, Kind, Page, of_net, of_share
from debriefs.insights.statistics import Net, Share


def overview(rows: Sequence[dict[str, Any]], smallest: int) -> Page:
    """Win rate, participation, agreement and drivers of the quarter."""
    found = {(row["measure"], row["subject"]): row for row in rows if not row["dimension"]}
    marks = []
    won, lost = found.get(("outcome", "won")), found.get(("outcome", "lost"))
    if won and lost:
        marks.append(of_share(_("Win rate, won or lost"), Share(won["k"], won["k"] + lost["k"])))
    if won:
        marks.append(of_share(_("Win rate, all decided"), Share(won["k"], won["n"])))
    if released := found.get(("released", "")):
        marks.append(of_share(_("Debriefs released, of all decided deals"), Share(released["k"], released["n"])))
    if agreement := found.get(("agreement", "")):
        marks.append(of_share(_("Own reason was the buyer's, by category"), Share(agreement["k"], agreement["n"])))
    title = _("What may be shown of the quarter")
    if won and lost:
        title = _("Won %(k)s of %(n)s deals that were won or lost") % {"k": won["k"], "n": won["k"] + lost["k"]}
    rates = Chart(
        "rates",
        title,
        _("Shares with their counts."),
        Kind.SHARE,
        (_("Count"), _("Of")),
        tuple(marks),
        empty=_hidden(smallest),
    )
    return Page("overview", _("Overview"), _about(smallest), (rates, _drivers(rows, "", "", smallest)), _cautions())


def drivers(rows: Sequence[dict[str, Any]], dimension: str, smallest: int) -> Page:
    """The drivers of the quarter, whole or one chart per group of the division."""
    groups = list(dict.fromkeys(row["group"] for row in rows if row["dimension"] == dimension))
    charts = tuple(_drivers(rows, dimension, group, smallest) for group in groups)
    # A driver is shown in every group or in none: where there is none, one sentence says it for all.
    if not any(chart.marks for chart in charts):
        title = _("No driver may be shown by this division") if dimension else _("No driver may be shown")
        charts = (Chart("drivers", title, ", ".join(filter(None, groups)), Kind.NET, (), (), empty=_hidden(smallest)),)
    return Page("drivers", _("Drivers"), _about(smallest), charts, _cautions())


def _drivers(rows: Sequence[dict[str, Any]], dimension: str, group: str, smallest: int) -> Chart:
    shown = [row for row in rows if (row["dimension"], row["group"]) == (dimension, group)]
    named = [row for row in shown if row["measure"] == "driver"]
    named.sort(key=lambda row: (-abs(row["k"] - row["hurt"]), row["subject"]))
    n = next((row["n"] for row in shown if row["measure"] == "base"), 0)
    title = _("Drivers that may be shown")
    if named:
        helped, hurt = max(named, key=lambda row: row["k"]), max(named, key=lambda row: row["hurt"])
        title = titles.moved_most((helped["subject"], helped["k"]), (hurt["subject"], hurt["hurt"]), n)
    return Chart(
        "drivers",
        f"{group or _('not named')}: {title}" if dimension else title,
        _("Drivers named by buyers, each counted once per deal, n = %(n)s.") % {"n": n},
        Kind.NET,
        (_("Hurt"), _("Helped"), _("Debriefs")),
        tuple(of_net(row["subject"], Net(row["k"], row["hurt"], row["n"])) for row in named),
        empty=_hidden(smallest),
        left_label=_("hurt"),
        right_label=_("helped"),
    )


def _hidden(smallest: int) -> str:
    return _(
        "Hidden: too few companies stand behind it. A figure is shown where at least %(k)s companies stand on either side of it, "
        "so that no single voice can be made out."
    ) % {"k": smallest}


def _about(smallest: int) -> str:
    return _(
        "Closed quarters, as they stood 45 days after their end; they do not change afterwards. Nothing is shown that stands for fewer "
        "than %(k)s companies."
    ) % {"k": smallest}


def _cautions() -> tuple[str, ...]:
    return (
        _("A driver that goes with wins or losses need not have caused them."),
        _("Drivers are missing where showing them would tell what single companies said; missing is not zero."),
    )
