"""Participation and timeliness: who was asked, who took part, how soon, and how the debriefed differ from all others."""

from collections import Counter

from django.utils.translation import gettext as _

from debriefs.deals.enums import Outcome
from debriefs.insights import participation_queries as asked
from debriefs.insights import queries
from debriefs.insights.dashboards import relationship
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Page, of_difference, of_share
from debriefs.insights.samples import Stratum, post_stratify
from debriefs.insights.statistics import Share

WITHIN = (14, 30, 60)


def page(look: Look) -> Page:
    """Ten charts from nine queries."""
    return Page(
        "participation",
        _("Participation"),
        _("Whom we asked, who took part, and how soon after the decision."),
        (
            _funnel(look),
            _by_outcome(look),
            _ends(look),
            _within(look),
            relationship.signals(look),
            relationship.permissions(look),
            *_mix(look),
            *relationship.closed_with(look),
        ),
        (
            _(
                "Whoever did not take part cannot be heard: where the debriefed differ from the rest, so may the findings."
            ),
            _("Weights repair the mix of outcome and segment, nothing else."),
        ),
    )


def _funnel(look: Look) -> Chart:
    counts = queries.funnel_counts(look.deals)
    steps = (
        ("decided", _("Decided")), ("chosen", _("Chosen")), ("planned", _("Planned")), ("invited", _("Invited")), ("booked", _("Booked")),
        ("held", _("Held")), ("written_up", _("Written up")), ("released", _("Released")),
    )  # fmt: skip
    marks = []
    before = counts["decided"]
    for key, name in steps:
        sub = "" if key == "decided" else _("%(k)s of %(n)s of the step before") % {"k": counts[key], "n": before}
        marks.append(of_share(name, Share(counts[key], counts["decided"]), sub=sub))
        before = counts[key]
    return Chart(
        "funnel",
        _("%(k)s of %(n)s decided deals became released debriefs") % {"k": counts["released"], "n": counts["decided"]},
        _("Deals that ever reached the step, of all decided."),
        Kind.SHARE,
        (_("Deals"), _("Decided")),
        tuple(marks) if counts["decided"] else (),
        empty=_("No decided deals with this filter."),
    )


def _by_outcome(look: Look) -> Chart:
    rows = asked.stages_by_outcome(look.deals)
    marks = []
    for outcome in (Outcome.WON, Outcome.LOST, Outcome.WITHDRAWN, Outcome.REJECTED):
        if row := rows.get(outcome):
            sub = _("%(invited)s invited, %(held)s held") % {"invited": row["invited"], "held": row["held"]}
            marks.append(of_share(str(outcome.label), Share(row["released"], row["decided"]), sub=sub))
    return Chart(
        "outcomes",
        _("How many of each outcome were heard"),
        _("Released debriefs of all decided deals with that outcome."),
        Kind.SHARE,
        (_("Released"), _("Decided")),
        tuple(marks),
    )


def _ends(look: Look) -> Chart:
    row = asked.answers_to_invitations(look.deals)
    n = row["invited"]
    names = (
        ("booked", _("Accepted: a call was booked")), ("writing", _("Rather in writing")), ("declined", _("Declined")),
        ("silent", _("No answer yet")), ("no_show", _("Booked, and the call did not take place")), ("closed", _("Closed without a debrief")),
    )  # fmt: skip
    return Chart(
        "answers",
        _("%(k)s of %(n)s invitations led to a booking") % {"k": row["booked"], "n": n},
        _("Of all debriefs that were invited; one can stand in several lines."),
        Kind.SHARE,
        (_("Debriefs"), _("Invited")),
        tuple(of_share(name, Share(row[key], n)) for key, name in names) if n else (),
        empty=_("Nobody was invited yet."),
    )


def _within(look: Look) -> Chart:
    found = asked.days_to_call(look.deals, look.scope.today, WITHIN)
    marks = [of_share(_("Held within %(days)s days") % {"days": days}, Share(*found.within[days])) for days in WITHIN]
    base = _("Of chosen deals decided at least that long ago.")
    title = _("No call was held yet")
    if found.quartiles:
        low, middle, high = found.quartiles
        title = _("Half of the calls were held within %(days)s days of the decision") % {"days": round(middle)}
        base += " " + _("Days to the call: quartiles %(low)s, %(middle)s, %(high)s.") % {
            "low": round(low), "middle": round(middle), "high": round(high),
        }  # fmt: skip
    return Chart(
        "within",
        title,
        base,
        Kind.SHARE,
        (_("Held"), _("Deals old enough")),
        tuple(marks) if found.chosen else (),
        caution=_("Deals too young for a line are outside it, so that a quiet start does not look slow."),
        empty=_("No chosen deals with this filter."),
    )


def _mix(look: Look) -> tuple[Chart, ...]:
    rows = asked.mix(look.deals)
    heard, others = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    cells: dict[tuple[str, str], list[int]] = {}
    for outcome, segment, debriefed, n in rows:
        side = heard if debriefed else others
        side["outcome", str(Outcome(outcome).label)] += n
        side["segment", segment or _("no segment")] += n
        cell = cells.setdefault((outcome, segment), [0, 0])
        cell[0] += n
        cell[1] += n if debriefed else 0
    n_heard = sum(n for _outcome, _segment, debriefed, n in rows if debriefed)
    n_others = sum(n for _outcome, _segment, debriefed, n in rows if not debriefed)
    marks = [
        of_difference(name, Share(heard[kind, name], n_heard), Share(others[kind, name], n_others))
        for kind, name in sorted(heard.keys() | others.keys())
    ]
    mix = Chart(
        "mix",
        _("How the %(n)s debriefed deals differ from the other %(m)s") % {"n": n_heard, "m": n_others},
        _("Share among the debriefed less share among all other decided deals, in points."),
        Kind.DIFFERENCE,
        (_("Debriefed"), _("Of"), _("Others"), _("Of")),
        tuple(marks),
        left_label=_("too few of these heard"),
        right_label=_("more of these heard"),
    )
    return mix, _weighted(look, cells)


def _weighted(look: Look, cells: dict[tuple[str, str], list[int]]) -> Chart:
    """The most named drivers as they came and with the mix of outcome and segment repaired."""
    named = asked.drivers_by_cell(look.releases)
    n = sum(debriefed for _decided, debriefed in cells.values())
    totals = Counter[str]()
    for (name, _outcome, _segment), count in named.items():
        totals[name] += count
    marks = []
    for name, count in totals.most_common(8):
        strata = [
            Stratum(debriefed, named.get((name, outcome, segment), 0) / debriefed if debriefed else 0.0, decided)
            for (outcome, segment), (decided, debriefed) in cells.items()
        ]
        found = post_stratify(strata) if n else None
        weighted = (
            _("%(p)s %% weighted, effective n %(n)s") % {"p": round(found.weighted * 100), "n": round(found.n_eff)}
            if found
            else ""
        )
        marks.append(of_share(name, Share(min(count, n), n), sub=weighted))
    return Chart(
        "weighted",
        _("What the mix of outcome and segment does to the drivers named most"),
        _("Share of debriefs naming the driver, as it came; beneath it weighted to all decided deals."),
        Kind.SHARE,
        (_("Debriefs naming it"), _("Debriefs")),
        tuple(marks),
        caution=_("Cells below five debriefs are merged, weights capped at four."),
        empty=_("Weights need released debriefs."),
    )
