"""Rules and decisions in words."""

from django.utils.translation import gettext as _

from debriefs.core import words
from debriefs.deals.enums import DECIDED, Outcome, Selection, SelectionRule
from debriefs.deals.selection_rules import Rules, Share, Verdict

LONGEST_REASON = 300


def stratum(outcome: str, segment: str) -> str:
    """ "lost deals in Enterprise"."""
    deals = _("%(outcome)s deals") % {"outcome": str(Outcome(outcome).label).lower()} if outcome else _("all deals")
    return _("%(deals)s in %(segment)s") % {"deals": deals, "segment": segment} if segment else deals


def share_sentence(share: Share) -> str:
    """ "40 % of lost deals"."""
    return _("%(percent)d %% of %(stratum)s") % {
        "percent": share.percent,
        "stratum": stratum(share.outcome, share.segment),
    }


def reason_of(verdict: Verdict, rules: Rules, outcome: str, excluded_because: str = "") -> str:
    """The sentence a deal shows: by which rule it was chosen or passed over; at most LONGEST_REASON characters."""
    rule = verdict.rule
    if rule in (SelectionRule.IN_SAMPLE, SelectionRule.OUT_OF_SAMPLE) and verdict.share:
        said = _("In the sample: %(share)s") if rule == SelectionRule.IN_SAMPLE else _("Outside the sample: %(share)s")
        sentence = said % {"share": share_sentence(verdict.share)}
    elif rule == SelectionRule.EVERY:
        sentence = _("Every decided deal is chosen") if asks_all(rules) else _("Every deal that the rules describe")
    elif rule == SelectionRule.INVALID:
        sentence = _("Outside all statistics")
    elif rule == SelectionRule.NO_STATISTICS:
        sentence = _("Out of all statistics: %(reason)s") % {"reason": excluded_because}
    elif rule == SelectionRule.NO_OUTREACH:
        sentence = _("Out of outreach: %(reason)s") % {"reason": excluded_because}
    elif rule == SelectionRule.OUTCOME:
        sentence = _("Not asked about: %(deals)s") % {"deals": stratum(outcome, "")}
    elif rule == SelectionRule.AMOUNT and rules.minimum_amount is not None:
        amount = words.amount(rules.minimum_amount, rules.currency)
        sentence = _("Below the smallest amount, %(amount)s") % {"amount": amount}
    else:
        sentence = str(SelectionRule(rule).label)
    return sentence[:LONGEST_REASON]


def overruled_sentence(selection: str, name: str, reason: str) -> str:
    """The sentence of a deal that the programme manager decided."""
    said = (
        _("Chosen by %(name)s: %(reason)s")
        if selection == Selection.CHOSEN
        else _("Passed over by %(name)s: %(reason)s")
    )
    return (said % {"name": name, "reason": reason})[:LONGEST_REASON]


def asks_all(rules: Rules) -> bool:
    """Whether the rules leave out no decided deal."""
    narrowed = rules.minimum_amount is not None or rules.segments or rules.teams or rules.competitors
    return rules.outcomes >= frozenset(DECIDED) and not narrowed and all(one.percent >= 100 for one in rules.shares)


def window_in_words(*, cooling_off: int, best_within: int, overdue_after: int, protection: int) -> list[str]:
    """When a debrief comes, one sentence per rule."""
    return [
        _("Nobody is written to before day %(cooling)d after the decision; best is within %(best)d days, overdue after %(overdue)d.")
        % {"cooling": cooling_off, "best": best_within, "overdue": overdue_after},
        _("For a win the best time ends on the day before implementation starts."),
        _("A deal decided more than %(overdue)d days before it arrives belongs to the time before the programme.")
        % {"overdue": overdue_after},
        _("One person is asked at most once in %(days)d days, across all deals.") % {"days": protection},
    ]  # fmt: skip


def rules_in_words(rules: Rules, *, segments: list[str], teams: list[str], competitors: list[str]) -> list[str]:
    """What the rules ask about, one sentence per rule, in the order in which they are asked."""
    listed = [str(Outcome(outcome).label).lower() for outcome in DECIDED if outcome in rules.outcomes]
    said = [
        _("Decided deals of every outcome are asked about.")
        if len(listed) == len(DECIDED)
        else _("Only deals with these outcomes: %(outcomes)s.") % {"outcomes": ", ".join(listed)}
    ]
    if rules.minimum_amount is not None:
        amount = words.amount(rules.minimum_amount, rules.currency)
        said.append(_("Only deals of at least %(amount)s; an amount that is not known is not held against a deal.") % {"amount": amount})  # fmt: skip
    for names, sentence in (
        (segments, _("Only these segments: %(names)s.")),
        (teams, _("Only deals of these teams: %(names)s.")),
        (competitors, _("Only deals in which one of these competitors was met: %(names)s.")),
    ):
        if names:
            said.append(sentence % {"names": ", ".join(names)})
    sampled = [share for share in rules.shares if share.percent < 100]
    if not sampled:
        said.append(_("All of them are chosen: nothing is left to chance or to anybody’s choice."))
    else:
        shares = [share_sentence(share) for share in rules.shares]
        drawn_for = {share.outcome for share in rules.shares if not share.segment}
        if "" not in drawn_for and not rules.outcomes <= drawn_for:
            shares.append(_("all others"))
        said.append(
            _("Of these a sample is drawn: %(shares)s. Seed %(seed)d; the same deals are drawn again at any time.")
            % {"shares": "; ".join(shares), "seed": rules.seed}
        )
    return said
