"""How far two coders of the same debriefs agree, with what may be concluded from it.

Pure. Units of alpha are (debrief, category) with the direction found there or absent, so that joint silence counts; the
thresholds are those of Krippendorff: from .800 conclusions, from .667 tentative ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from debriefs.findings.comparison import Compared
from debriefs.insights.agreement import gwet_ac1, krippendorff_alpha
from debriefs.insights.content import matrix
from debriefs.insights.statistics import Kappa, Share, kappa

ENOUGH_DEBRIEFS, ENOUGH_UNITS = 10, 50
ENOUGH_FOR_KAPPA, INDICATIVE_UNTIL = 20, 30
FIRM, TENTATIVE = 0.800, 0.667


@dataclass(frozen=True)
class CoderAgreement:
    """Agreement of both coders: strict (driver) and lenient (category), on all findings and on what decided.

    `alpha` is None where too few debriefs were coded twice or where it cannot be computed, `kappa` likewise; `ac1` goes with kappa.
    """

    debriefs: int
    units: int
    strict: Share
    lenient: Share
    deciding_strict: Share
    deciding_lenient: Share
    alpha: float | None
    kappa: Kappa | None
    ac1: float | None

    @property
    def missing(self) -> int:
        """How many more debriefs have to be coded twice before alpha is shown."""
        return max(0, ENOUGH_DEBRIEFS - self.debriefs)

    @property
    def verdict(self) -> str:
        """What alpha allows: "conclusions", "tentative", "none", or "" where it is not shown."""
        if self.alpha is None:
            return ""
        return "conclusions" if self.alpha >= FIRM else "tentative" if self.alpha >= TENTATIVE else "none"

    @property
    def is_indicative(self) -> bool:
        """Whether kappa rests on so few debriefs that it is a hint only."""
        return self.deciding_strict.n < INDICATIVE_UNTIL


def coder_agreement(compared: Sequence[Compared]) -> CoderAgreement:
    """The figures over all debriefs that were coded twice."""
    deciding = [one.deciding for one in compared if one.deciding]
    categories = [one.deciding_categories for one in compared if one.deciding_categories]
    found = [pair for one in compared for pair in one.by_category]
    _reasons, table = matrix(deciding)
    names = {name: float(number) for number, name in enumerate(sorted({way for pair in found for way in pair}))}
    has_alpha = len(compared) >= ENOUGH_DEBRIEFS and len(found) >= ENOUGH_UNITS
    alpha = (
        krippendorff_alpha([[names[ours] for ours, _ in found], [names[theirs] for _, theirs in found]])
        if has_alpha
        else None
    )
    shown = kappa(table) if len(deciding) >= ENOUGH_FOR_KAPPA else None
    return CoderAgreement(
        len(compared),
        len(found),
        Share(sum(one.strict for one in compared), sum(one.strict_of for one in compared)),
        Share(sum(one.lenient for one in compared), sum(one.lenient_of for one in compared)),
        Share(sum(ours == theirs for ours, theirs in deciding), len(deciding)),
        Share(sum(ours == theirs for ours, theirs in categories), len(categories)),
        alpha,
        shown,
        gwet_ac1(table) if shown else None,
    )
