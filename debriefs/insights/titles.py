"""Findings in words, as titles say them on more than one page. Pure: counts in, a sentence out."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def k_of_debriefs(k: int, n: int) -> str:
    """ "8 of 14 debriefs", "1 of 1 debrief"."""
    return ngettext("%(k)s of %(n)s debrief", "%(k)s of %(n)s debriefs", n) % {"k": k, "n": n}


def times(n: int) -> str:
    """ "never", "once", "22 times"."""
    if not n:
        return _("never")
    return ngettext("once", "%(n)s times", n) % {"n": n}


def moved_most(helped: tuple[str, int], hurt: tuple[str, int], n: int) -> str:
    """What helped and what hurt most, each with its count; a sentence that says so where neither did."""
    if helped[1] and hurt[1]:
        return _("%(helped)s helped in %(most)s; %(hurt)s hurt in %(k)s") % {
            "helped": helped[0], "most": k_of_debriefs(helped[1], n), "hurt": hurt[0], "k": hurt[1],
        }  # fmt: skip
    if hurt[1]:
        return _("%(hurt)s hurt in %(most)s") % {"hurt": hurt[0], "most": k_of_debriefs(hurt[1], n)}
    if helped[1]:
        return _("%(helped)s helped in %(most)s") % {"helped": helped[0], "most": k_of_debriefs(helped[1], n)}
    return ngettext(
        "Drivers were mentioned in %(n)s debrief, none that helped or hurt",
        "Drivers were mentioned in %(n)s debriefs, none that helped or hurt",
        n,
    ) % {"n": n}


def cited_too_often(name: str, ours: int, theirs: int) -> str:
    """The reason that our side names more often than buyers do; another sentence where there is none."""
    if ours <= theirs:
        return _("No reason is named more often by our side than by buyers")
    words = {"name": name, "ours": times(ours), "theirs": times(theirs)}
    return _("Our side wrote “%(name)s” %(ours)s; buyers named it %(theirs)s") % words


def beyond_chance(value: float, low: float, high: float) -> str:
    """Kappa with its interval, and whether the interval leaves agreement by chance open."""
    words = {"value": _number(value), "low": _number(low), "high": _number(high)}
    if low > 0:
        return _("Kappa %(value)s (%(low)s to %(high)s): agreement beyond chance.") % words
    return _("Kappa %(value)s (%(low)s to %(high)s): no more agreement than chance would explain.") % words


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
