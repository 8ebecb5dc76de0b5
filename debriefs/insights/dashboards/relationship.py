"""How willingly buyers took part and what they allowed, and the win rate of those who were heard."""

from django.utils.translation import gettext as _

from debriefs.insights import rate_queries, relationship_queries
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Mark, of_difference, of_share
from debriefs.insights.statistics import Share, Status
from debriefs.insights.tables import mantel_haenszel, odds_ratio
from debriefs.interviews.enums import PermissionKind


def signals(look: Look) -> Chart:
    """Six signs that a buyer minds the relation, each a share of those of whom it is known; and how many a buyer gives."""
    found = relationship_queries.signals(look.deals)
    names = (
        ("answered", _("Answered the invitation")), ("unreminded", _("Accepted before any reminder")),
        ("full_length", _("Talked the full time")), ("quote", _("Allowed their words")), ("reference", _("Would be a reference")),
        ("contact_again", _("May be contacted about future needs")),
    )  # fmt: skip
    marks = [of_share(name, Share(found[key], found[f"{key}_of"])) for key, name in names if found[f"{key}_of"]]
    title = _("Nobody was invited yet")
    if found["answered_of"]:
        words = {"k": found["answered"], "n": found["answered_of"]}
        title = _("%(k)s of %(n)s invited buyers answered") % words
    base = _("Each of the debriefs of which it is known.")
    if found["median"] is not None:
        base += " " + _("Half of the buyers who talked gave %(median)s of the 6 signs or more.") % {
            "median": f"{found['median']:g}"
        }
    return Chart(
        "relationship",
        title,
        base,
        Kind.SHARE,
        (_("Yes"), _("Known")),
        tuple(marks),
        caution=_("A signal, not a scale: the signs are not added up to a mark for anybody."),
        empty=_("Signs come with invitations, write-ups and permissions."),
    )


def permissions(look: Look) -> Chart:
    """Yes of those asked, per kind of permission."""
    rows = relationship_queries.permissions(look.deals)
    marks = [of_share(str(kind.label), Share(*rows[kind])) for kind in PermissionKind if kind in rows]
    title = _("No permission was asked for yet")
    if PermissionKind.REFERENCE in rows:
        yes, asked = rows[PermissionKind.REFERENCE]
        title = _("%(k)s of %(n)s buyers who were asked would be a reference") % {"k": yes, "n": asked}
    elif marks:
        title = _("What buyers allowed when they were asked")
    return Chart(
        "permissions",
        title,
        _("Yes / asked; who was not asked is in neither."),
        Kind.SHARE,
        (_("Yes"), _("Asked")),
        tuple(marks),
        empty=_("Permissions are asked for at the end of a debrief."),
    )


def closed_with(look: Look) -> tuple[Chart, Chart]:
    """The win rate of debriefed deals less that of the others, and the odds ratio as it came and within segment and quarter."""
    strata = rate_queries.close_counts(look.deals)
    crude = [[sum(table[row][column] for table in strata.values()) for column in (0, 1)] for row in (0, 1)]
    heard, others = (Share(crude[row][0], sum(crude[row])) for row in (0, 1))
    difference = of_difference(_("Debriefed less others"), heard, others)
    care = _("Never a cause: the debrief comes after the decision. It says whom we heard.")
    rate = Chart(
        "closed-with",
        _("%(k)s of %(n)s debriefed deals were won, and %(l)s of %(m)s of the others")
        % {"k": heard.k, "n": heard.n, "l": others.k, "m": others.n}
        if heard.n and others.n
        else _("Win rate of debriefed deals and of the others"),
        _("Won / (won + lost) of deals with a released debrief less that of all others, in points."),
        Kind.DIFFERENCE,
        (_("Won, debriefed"), _("Debriefed"), _("Won, others"), _("Others")),
        (difference,) if heard.n and others.n else (),
        caution=care,
        left_label=_("others won more"),
        right_label=_("debriefed won more"),
        empty=_("This needs decided deals with and without a debrief."),
    )
    return rate, _odds(strata, crude, min(heard.n, others.n))


def _odds(strata: dict[tuple[str, int, int], list[list[int]]], crude: list[list[int]], smaller: int) -> Chart:
    found = mantel_haenszel(list(strata.values())) if smaller >= 10 else None
    marks: tuple[Mark, ...] = ()
    title = _("The odds of winning within segment and quarter need ten deals on both sides")
    if found is not None:
        rows = (
            (_("As it came"), f"{odds_ratio(crude):.2f}", "", ""),
            (_("Within segment and quarter"), f"{found.odds_ratio:.2f}", f"{found.low:.2f}", f"{found.high:.2f}"),
        )
        marks = tuple(Mark(row[0], row[1:], 0.0, 0.0, 0.0, Status.OK, is_fact=True) for row in rows)
        title = _("Within the same segment and quarter: odds ratio %(or)s (%(low)s to %(high)s)") % {
            "or": rows[1][1], "low": rows[1][2], "high": rows[1][3],
        }  # fmt: skip
    return Chart(
        "odds",
        title,
        _("Odds of winning of debriefed deals by those of the others; Mantel and Haenszel over %(n)s strata.")
        % {"n": len(strata)},
        Kind.TABLE,
        (_("Odds ratio"), _("Low"), _("High")),
        marks,
        caution=_(
            "Below 1 debriefed deals were won less often than the others of their segment and quarter, above 1 more often."
        ),
        empty=_("There is too little to adjust."),
    )
