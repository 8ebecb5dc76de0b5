"""The sales record beside the buyer: agreement, the matrix, and which reasons our side cites too often."""

from urllib.parse import urlencode

from django.utils.translation import gettext as _

from debriefs.insights import content, titles, write_up_queries
from debriefs.insights.agreement import gwet_ac1
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Mark, Page, of_pairs, of_share
from debriefs.insights.reason_queries import any_match, reasons
from debriefs.insights.statistics import Share, Status, kappa
from debriefs.interviews.enums import RecordField, Verdict

# Below this many pairs an interval of kappa does not cover what it claims; below the second it is only indicative.
KAPPA_FROM = 20
KAPPA_FIRM_FROM = 30


def page(look: Look) -> Page:
    """Agreement, over-citation and matrix by category from three queries."""
    known = reasons(look.releases).known
    names = {pair.own_category or "": pair.own_name or "" for pair in known}
    names |= {pair.buyer_category: pair.buyer_name for pair in known}
    pairs = [(pair.own_category or "", pair.buyer_category) for pair in known for _one in range(pair.n)]
    n = len(pairs)
    same = sum(own == buyer for own, buyer in pairs)
    matched, of = any_match(look.releases)
    agreement = (
        of_share(_("Our main reason was the buyer's"), Share(same, n)),
        of_share(_("Our main reason was among the buyer's"), Share(matched, of)),
    )
    return Page(
        "record",
        _("Sales record"),
        _("What our side wrote down beside what the buyer said."),
        (
            Chart(
                "agreement",
                _("Our side named the buyer's main reason in %(most)s") % {"most": titles.k_of_debriefs(same, n)}
                if n
                else _("There are no two reasons to compare yet"),
                _kappa_in_words(pairs),
                Kind.SHARE,
                (_("Agreeing"), _("Debriefs")),
                agreement if n else (),
                caution=_(
                    "The second line tells “wrong” from “incomplete”: our reason was heard too, but did not decide."
                ),
                empty=_("This needs released debriefs of deals whose reason our side had written down."),
            ),
            _over_citation(pairs, names),
            _matrix(pairs, names),
            *_profile(look),
        ),
        (
            _("Reasons are compared by category, because our side often names no more than that."),
            _("A difference says that two people answered differently, not who was careless."),
        ),
    )


def _kappa_in_words(pairs: list[tuple[str, str]]) -> str:
    if len(pairs) < KAPPA_FROM:
        return _("Agreement beyond chance (kappa) needs %(from)s debriefs with both reasons; there are %(n)s.") % {
            "from": KAPPA_FROM, "n": len(pairs),
        }  # fmt: skip
    _reasons, table = content.matrix(pairs)
    found = kappa(table)
    if found is None:
        return _("Kappa cannot be computed: one reason only was used.")
    low, high = found.interval
    said = titles.beyond_chance(found.value, low, high)
    said += " " + _("Gwet's AC1 %(ac1).2f.") % {"ac1": gwet_ac1(table) or 0.0}
    return said if len(pairs) >= KAPPA_FIRM_FROM else said + " " + _("Indicative at this number.")


def _over_citation(pairs: list[tuple[str, str]], names: dict[str, str]) -> Chart:
    cited = content.over_citation(pairs)
    marks = [
        of_pairs(
            names[reason],
            one.ours_only,
            one.theirs_only,
            one.n,
            (str(one.ours), str(one.theirs), str(one.n)),
            query=urlencode({"own": reason}),
        )
        for reason, one in cited.items()
    ]
    marks.sort(key=lambda mark: (-mark.value, mark.name))
    title = _("Which reasons our side cites more or less often than buyers")
    if cited:
        reason, one = max(cited.items(), key=lambda item: (item[1].ours - item[1].theirs, names[item[0]]))
        title = titles.cited_too_often(names[reason], one.ours, one.theirs)
    return Chart(
        "over-citation",
        title,
        _("(Our side names it − the buyer names it) / %(n)s debriefs, in points; interval from the pairs that differ.")
        % {"n": len(pairs)},
        Kind.DIFFERENCE,
        (_("Our side"), _("Buyer"), _("Debriefs")),
        tuple(marks),
        caution=_("Striking is not yet evidence: where the interval touches zero, the two may well agree."),
        left_label=_("buyers name it more"),
        right_label=_("we name it more"),
        leads_to="debriefs",
    )


def _matrix(pairs: list[tuple[str, str]], names: dict[str, str]) -> Chart:
    reasons, table = content.matrix(pairs)
    marks = tuple(
        Mark(
            names[own],
            tuple(str(count) if count else "–" for count in counts),
            0.0, 0.0, 0.0,
            Status.OK,
            n=sum(counts),
            cell_queries=tuple(
                urlencode({"own": own, "buyer": buyer}) if count else "" for buyer, count in zip(reasons, counts, strict=True)
            ),
            query=urlencode({"own": own}),
            is_fact=True,
        )
        for own, counts in zip(reasons, table, strict=True)
        if sum(counts)
    )  # fmt: skip
    title = _("Our reason, row by row, and what the buyer said, column by column")
    apart = [(counts[column], own, reasons[column]) for own, counts in zip(reasons, table, strict=True)
             for column in range(len(reasons)) if reasons[column] != own]  # fmt: skip
    most, own, buyer = max(apart, default=(0, "", ""))
    if most:
        title = _("Where our side wrote “%(own)s”, the buyer named “%(buyer)s” %(times)s") % {
            "own": names[own], "buyer": names[buyer], "times": titles.times(most),
        }  # fmt: skip
    return Chart(
        "matrix",
        title,
        _("Our reason by row, the buyer's by column; on the diagonal both agree. A number leads to its debriefs."),
        Kind.TABLE,
        tuple(names[reason] for reason in reasons),
        marks,
        leads_to="debriefs",
    )


def _extremes(marks: list[Mark], sentence: str) -> str:
    """The sentence with the fields of the smallest and the greatest share; empty where fewer than two can be told apart."""
    shown = [mark for mark in marks if mark.shows_percent]
    least, most = (choose(shown, key=lambda mark: mark.value, default=None) for choose in (min, max))
    if least is None or most is None or least.value == most.value:
        return ""
    return sentence % {"least": least.name, "k": least.k, "n": least.n, "most": most.name}


def _profile(look: Look) -> tuple[Chart, Chart]:
    """Per field of the sales record how often it was right, and how often it was there at all: a profile, never one average."""
    checks = write_up_queries.record_checks(write_up_queries.write_ups(look.releases))
    right, filled = [], []
    for field in RecordField:
        counts = {verdict: checks.get((field, verdict), 0) for verdict in Verdict}
        everything = sum(counts.values())
        judged = everything - counts[Verdict.MISSING]
        if everything:
            amiss = ((_("%(n)s partly"), counts[Verdict.PARTLY]), (_("%(n)s wrong"), counts[Verdict.WRONG]))
            sub = ", ".join(words % {"n": n} for words, n in amiss if n)
            right.append(of_share(str(field.label), Share(counts[Verdict.RIGHT], judged), sub=sub))
            filled.append(of_share(str(field.label), Share(judged, everything)))
    return (
        Chart(
            "accuracy",
            _extremes(right, _("Right least often: %(least)s, in %(k)s of %(n)s records; most often: %(most)s"))
            or _("How often each field of the sales record was right"),
            _("Right / (right + partly + wrong), judged against the buyer's words in the write-up."),
            Kind.SHARE,
            (_("Right"), _("Filled and judged")),
            tuple(right),
            empty=_("Fields are judged in the write-up of a debrief."),
        ),
        Chart(
            "completeness",
            _extremes(filled, _("Left empty most often: %(least)s, filled in %(k)s of %(n)s records"))
            or _("How often each field was filled at all"),
            _("Filled / all judged."),
            Kind.SHARE,
            (_("Filled"), _("Judged")),
            tuple(filled),
        ),
    )
