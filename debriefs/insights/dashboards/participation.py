"""Participation and timeliness: who was asked, who took part, how soon, and how the debriefed differ from all others."""

from collections import Counter
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debriefs.deals.enums import Outcome
from debriefs.insights import participation_queries as asked
from debriefs.insights import queries
from debriefs.insights.charts import is_clear_of_zero
from debriefs.insights.dashboards import relationship
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Mark, Page, of_difference, of_share
from debriefs.insights.samples import Stratum, post_stratify
from debriefs.insights.statistics import Share

WITHIN = (14, 30, 60)


def page(look: Look) -> Page:
    """Ten charts from nine queries."""
    funnel = queries.funnel(look.deals)
    return Page(
        "participation",
        _("Participation"),
        _("Whom we asked, who took part, and how soon after the decision."),
        (
            _funnel(funnel.total),
            _by_outcome(funnel.by_outcome),
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


def _funnel(counts: dict[str, int]) -> Chart:
    steps = (
        ("decided", _("Decided")), ("chosen", _("Chosen")), ("planned", _("Planned")), ("invited", _("Invited")), ("booked", _("Booked")),
        ("held", _("Held")), ("written_up", _("Written up")), ("released", _("Released")),
    )  # fmt: skip
    marks = []
    before = counts["decided"]
    for key, name in steps:
        sub = "" if key == "decided" else _("%(k)s of %(n)s of the step before") % {"k": counts[key], "n": before}
        mark = of_share(name, Share(counts[key], counts["decided"]), sub=sub)
        # What all others are a part of has no interval.
        marks.append(replace(mark, is_fact=True) if key == "decided" else mark)
        before = counts[key]
    return Chart(
        "funnel",
        ngettext(
            "%(k)s of %(n)s decided deals became a released debrief",
            "%(k)s of %(n)s decided deals became released debriefs",
            counts["released"],
        )
        % {"k": counts["released"], "n": counts["decided"]}
        if counts["decided"]
        else _("No decided deals with this filter"),
        _("Deals that ever reached the step, of all decided."),
        Kind.SHARE,
        (_("Deals"), _("Decided")),
        tuple(marks) if counts["decided"] else (),
        empty=_("No decided deals with this filter."),
    )


def _by_outcome(rows: dict[str, dict[str, int]]) -> Chart:
    marks = []
    for outcome in (Outcome.WON, Outcome.LOST, Outcome.WITHDRAWN, Outcome.REJECTED):
        if row := rows.get(outcome):
            sub = _("%(invited)s invited, %(held)s held") % {"invited": row["invited"], "held": row["held"]}
            marks.append(of_share(str(outcome.label), Share(row["released"], row["decided"]), sub=sub))
    return Chart(
        "outcomes",
        _heard_title(rows),
        _("Released debriefs of all decided deals with that outcome."),
        Kind.SHARE,
        (_("Released"), _("Decided")),
        tuple(marks),
    )


def _heard_title(rows: dict[str, dict[str, int]]) -> str:
    won, lost = rows.get(Outcome.WON), rows.get(Outcome.LOST)
    if not won or not lost:
        return _("How many of each outcome were heard")
    return _("%(k)s of %(n)s won and %(l)s of %(m)s lost deals were heard") % {
        "k": won["released"], "n": won["decided"], "l": lost["released"], "m": lost["decided"],
    }  # fmt: skip


def _ends(look: Look) -> Chart:
    row = asked.answers_to_invitations(look.deals)
    n = row["invited"]
    names = (
        ("booked", _("Accepted: a call was booked")), ("writing", _("Rather in writing")), ("declined", _("Declined")),
        ("silent", _("No answer yet")), ("no_show", _("Booked, and the call did not take place")), ("closed", _("Closed without a debrief")),
    )  # fmt: skip
    return Chart(
        "answers",
        _("%(k)s of %(n)s invitations led to a booking") % {"k": row["booked"], "n": n}
        if n
        else _("Nobody was invited yet"),
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
        _mix_title(marks, n_heard, n_others),
        _("Share among the debriefed less share among all other decided deals, in points."),
        Kind.DIFFERENCE,
        (_("Debriefed"), _("Of"), _("Others"), _("Of")),
        tuple(marks),
        left_label=_("fewer of these heard"),
        right_label=_("more of these heard"),
    )
    return mix, _weighted(look, cells)


def _mix_title(marks: list[Mark], heard: int, others: int) -> str:
    words = {"n": heard, "m": others}
    if not any(mark.shows_interval for mark in marks):
        return _("How the %(n)s debriefed deals differ from the other %(m)s") % words
    clear = [mark for mark in marks if mark.shows_interval and is_clear_of_zero(mark.low, mark.high)]
    if not clear:
        return _("The %(n)s debriefed deals do not clearly differ from the other %(m)s") % words
    more = ", ".join(mark.name for mark in clear if mark.value > 0)
    fewer = ", ".join(mark.name for mark in clear if mark.value < 0)
    said = [_("more of “%(names)s”") % {"names": more}] if more else []
    said += [_("fewer of “%(names)s”") % {"names": fewer}] if fewer else []
    return _("The debriefed deals differ from the others: %(said)s") % {"said": "; ".join(said)}


def _weighted(look: Look, cells: dict[tuple[str, str], list[int]]) -> Chart:
    """The most named drivers as they came and with the mix of outcome and segment repaired."""
    named = asked.drivers_by_cell(look.releases)
    n = sum(debriefed for _decided, debriefed in cells.values())
    totals = Counter[str]()
    for (name, _outcome, _segment), count in named.items():
        totals[name] += count
    marks, moves, effective = [], [], 0
    for name, count in totals.most_common(8):
        strata = [
            Stratum(debriefed, named.get((name, outcome, segment), 0) / debriefed if debriefed else 0.0, decided)
            for (outcome, segment), (decided, debriefed) in cells.items()
        ]
        found = post_stratify(strata) if n else None
        share = Share(min(count, n), n)
        if found:
            effective = round(found.n_eff)
            moves.append(abs(round(found.weighted * 100) - round(share.value * 100)))
        weighted = _("%(p)s %% weighted") % {"p": round(found.weighted * 100)} if found else ""
        marks.append(of_share(name, share, sub=weighted))
    title, base = _("What the mix of outcome and segment does to the drivers named most"), ""
    if moves:
        title = _("Weighted to all decided deals, no driver named often moves by more than %(d)s points") % {
            "d": max(moves)
        }
        base = " " + _("Effective n %(n)s.") % {"n": effective}
    return Chart(
        "weighted",
        title,
        _("Share of debriefs naming the driver, as it came; beneath it weighted to all decided deals.") + base,
        Kind.SHARE,
        (_("Debriefs naming it"), _("Debriefs")),
        tuple(marks),
        caution=_("Cells below five debriefs are merged, weights capped at four."),
        empty=_("Weights need released debriefs."),
    )
