"""Needs: which were met, which were not, and which we had and did not show; what came out only in the debrief."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debriefs.deals.enums import NeedWeight
from debriefs.insights import titles, write_up_queries
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Page, most_first, of_share
from debriefs.insights.statistics import Share
from debriefs.interviews.enums import DisclosureKind, NeedOutcome

# Needs that the deal does not list: their words are raw, so they are counted together and stand last.
UNLISTED = gettext_lazy("Raised only in the debrief")
GAPS = (NeedOutcome.PARTLY, NeedOutcome.NOT_MET, NeedOutcome.NOT_SHOWN)


def page(look: Look) -> Page:
    """Four charts from three queries over the write-ups of counted releases."""
    counted = write_up_queries.write_ups(look.releases)
    rows = write_up_queries.needs(counted)
    raised = sum(rows.values())
    outcomes = Counter[str]()
    for (_name, _weight, outcome), n in rows.items():
        outcomes[outcome] += n
    gaps = sum(outcomes[gap] for gap in GAPS)
    return Page(
        "needs",
        _("Needs"),
        _("What buyers needed, and how far we met it, as judged with them in the debrief."),
        (
            Chart(
                "outcomes",
                _("%(k)s of %(n)s needs raised were not fully met; %(shown)s existed and were not shown")
                % {"k": gaps, "n": raised, "shown": outcomes[NeedOutcome.NOT_SHOWN]}
                if raised
                else _("No needs were judged yet"),
                _("All needs assessed in released debriefs, n = %(n)s.") % {"n": raised},
                Kind.SHARE,
                (_("Needs"), _("Of")),
                tuple(of_share(str(one.label), Share(outcomes[one], raised)) for one in NeedOutcome) if raised else (),
                caution=_("“Existed but was not shown” is about how we sold; “not met” is about what we have."),
                empty=_("Needs are listed on the deal and judged in the write-up of its debrief."),
            ),
            _by_need(rows),
            _by_weight(rows),
            _disclosed(write_up_queries.disclosed(counted), write_up_queries.deals_of(counted)),
        ),
        (_("A need counts where it was judged; what nobody raised is not here."),),
    )


def _by_need(rows: dict[tuple[str, str, str], int]) -> Chart:
    raised, gaps, unseen, must = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    shown_as: dict[str, str] = {}
    for (name, weight, outcome), n in rows.items():
        key = " ".join(name.casefold().split())
        shown_as.setdefault(key, name or str(UNLISTED))
        raised[key] += n
        must[key] += n if weight == NeedWeight.MUST else 0
        gaps[key] += n if outcome in GAPS else 0
        unseen[key] += n if outcome == NeedOutcome.NOT_SHOWN else 0
    marks = [
        of_share(
            shown_as[key],
            Share(gaps[key], raised[key]),
            sub=_("must in %(must)s, not shown in %(unseen)s") % {"must": must[key], "unseen": unseen[key]},
        )
        for key in raised
    ]
    marks.sort(key=lambda mark: (mark.name == UNLISTED, -mark.k, -mark.n, mark.name))
    return Chart(
        "gaps",
        _("Where the gaps are")
        if not marks
        else _("Most gaps: %(name)s, in %(k)s of %(n)s deals")
        % {"name": marks[0].name, "k": marks[0].k, "n": marks[0].n},
        _("(Partly + not met + not shown) / deals that raised the need; most gaps first."),
        Kind.SHARE,
        (_("Gaps"), _("Raised")),
        tuple(marks),
        caution=_(
            "Needs with the same words count as one; needs raised only in the debrief are counted without their words."
        ),
    )


def _by_weight(rows: dict[tuple[str, str, str], int]) -> Chart:
    marks = []
    title = _("Capability and perception apart, by what was a must and what a should")
    for weight in NeedWeight:
        raised = sum(n for (_name, own, _outcome), n in rows.items() if own == weight)
        for label, wanted in (
            (_("%(weight)s: not or partly met (what we have)"), (NeedOutcome.PARTLY, NeedOutcome.NOT_MET)),
            (_("%(weight)s: not shown (how we sold)"), (NeedOutcome.NOT_SHOWN,)),
        ):
            k = sum(n for (_name, own, outcome), n in rows.items() if own == weight and outcome in wanted)
            if raised:
                marks.append(of_share(label % {"weight": weight.label}, Share(k, raised)))
        if raised and weight == NeedWeight.MUST:
            title = _("Of %(n)s needs that were a must, %(unmet)s were not fully met and %(unseen)s existed but were not shown") % {
                "n": raised, "unmet": marks[-2].k, "unseen": marks[-1].k,
            }  # fmt: skip
    return Chart(
        "weight",
        title,
        _("Capability and perception apart: share of the needs of that weight."),
        Kind.SHARE,
        (_("Needs"), _("Of")),
        tuple(marks),
    )


def _disclosed(rows: dict[str, int], n: int) -> Chart:
    marks = most_first([of_share(str(kind.label), Share(rows.get(kind, 0), n)) for kind in DisclosureKind]) if n else ()
    title = _("What our side did not know before the debrief")
    if marks and marks[0].k:
        title = _("Not known to our side before the debrief: %(name)s, in %(most)s") % {
            "name": marks[0].name, "most": titles.k_of_debriefs(marks[0].k, n),
        }  # fmt: skip
    return Chart(
        "disclosed",
        title,
        _("Debriefs with at least one, of %(n)s with a write-up.") % {"n": n},
        Kind.SHARE,
        (_("Debriefs"), _("Of")),
        marks,
        caution=_("For a win these belong in the handover before the start."),
        empty=_("Hidden needs and risks are noted in the write-up."),
    )
