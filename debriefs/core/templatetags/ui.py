"""The components of every page as template tags, and the filters for dates, amounts and numbers.

Built in for every template: no {% load %}. A misspelt attribute or an unknown state, icon or direction fails when the template
is compiled or rendered, never silently. The markup of each stands in templates/components/; the table of all is in
docs/design.md.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from debriefs.core import icons, words

register = template.Library()

TONES = ("", "live", "soon", "late")


def _component(part: str, /, **variables: Any) -> SafeString:
    """The rendered component, without the line ends around it, so that it stands in a line of text."""
    return mark_safe(render_to_string(f"components/{part}.html", variables).strip())  # noqa: S308 - our own template


def _small(part: str, /, **variables: Any) -> SafeString:
    """A component with few different contents, rendered once per content, language and set of icons: lists repeat it in every row."""
    words_only = tuple((name, str(value) if value is not None else None) for name, value in variables.items())
    return _rendered_once(part, words_only, get_language() or "", static(icons.SPRITE))


@lru_cache(maxsize=4096)
def _rendered_once(part: str, variables: tuple[tuple[str, Any], ...], language: str, sprite: str) -> SafeString:
    return _component(part, **dict(variables))


def _one_of(value: str, allowed: Any, what: str) -> str:
    if value not in allowed:
        raise template.TemplateSyntaxError(f"{what} {value!r} is none of {', '.join(map(repr, sorted(allowed)))}.")
    return value


# ── Addresses ──


@register.simple_tag(takes_context=True)
def purl(context: template.Context, name: str, **kwargs: Any) -> str:
    """The address of a page of this programme: `reverse` with the slug of `request.programme` added."""
    return reverse(name, kwargs={"programme_slug": context["request"].programme.slug, **kwargs})


@register.simple_tag(takes_context=True)
def purl_of(context: template.Context, room: str, page: str, **kwargs: Any) -> str:
    """As `purl`, for a page of a room whose name stands in a variable."""
    return purl(context, f"{room}:{page}", **kwargs)


@register.simple_tag
def colour_link(colour: str) -> SafeString:
    """The link to the stylesheet of a programme's colour ("#4b3b8f"), for the head of a page."""
    address = reverse("core:colour_stylesheet", kwargs={"digits": colour.removeprefix("#")})
    return format_html('<link rel="stylesheet" href="{}">', address)


@register.simple_tag
def lang_of(language: str) -> SafeString:
    """The attribute that says in which language the words of an element are; nothing where it is the page's own, or not known."""
    return format_html(' lang="{}"', language) if language and language != get_language() else mark_safe("")


# ── Small parts ──


@register.simple_tag
def icon(name: str, label: str = "", fill: bool = False) -> SafeString:
    """An icon of the sprite. `label` names it where no word stands beside it; `fill` takes its filled form if there is one."""
    _one_of(name, icons.NAMES, "Icon")
    if fill and f"{name}-fill" in icons.NAMES:
        name = f"{name}-fill"
    address = f"{static(icons.SPRITE)}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def crest(name: str) -> SafeString:
    """The sign of a programme: its first letter on its own colour."""
    return _component("crest", letter=name[:1].upper())


@register.simple_tag
def mark() -> SafeString:
    """The sign of Debriefs itself."""
    return _component("mark")


@register.simple_tag
def pill(tone: str, label: Any, icon: str) -> SafeString:  # the icon's name; shadows the tag inside this function only
    """A state as icon and word; `tone` says how urgent: "", live, soon or late."""
    return _small("pill", tone=_one_of(tone, TONES, "Tone"), label=label, icon=icon)


_STATES = {
    "none": ("", "dash-circle"),
    "planned": ("", "calendar3"),
    "invited": ("live", "envelope-open"),
    "booked": ("live", "calendar-check"),
    "held": ("live", "telephone"),
    "written_up": ("live", "pencil"),
    "reviewed": ("live", "check2"),
    "released": ("", "check2-circle"),
    "declined": ("", "reply"),
    "closed": ("", "archive"),
}


@register.simple_tag
def state_pill(state: str, label: Any) -> SafeString:
    """The state of a debrief as a pill: `state` the stored value, `label` its word."""
    tone, name = _STATES[_one_of(state, _STATES, "State")]
    return _small("pill", tone=tone, label=label, icon=name)


_OUTCOMES = {
    "open": (gettext_lazy("Open"), "three-dots"),
    "won": (gettext_lazy("Won"), "circle-fill"),
    "lost": (gettext_lazy("Lost"), "circle"),
    "withdrawn": (gettext_lazy("Withdrawn"), "dash-circle"),
    "rejected": (gettext_lazy("Rejected"), "slash-circle"),
    "invalid": (gettext_lazy("Invalid"), "x-circle"),
}
_WITHDRAWN_BY = {"us": gettext_lazy("Withdrawn by us"), "buyer": gettext_lazy("Withdrawn by the buyer")}


@register.simple_tag
def outcome(value: str, withdrawn_by: str = "") -> SafeString:
    """The outcome of a deal as shape and word, never a colour; `withdrawn_by` is us, buyer or empty."""
    label, name = _OUTCOMES[_one_of(value, _OUTCOMES, "Outcome")]
    if value == "withdrawn" and withdrawn_by:
        label = _WITHDRAWN_BY[_one_of(withdrawn_by, _WITHDRAWN_BY, "Withdrawn by")]
    return _small("outcome", label=label, icon=name)


_SIGNS = {"helped": "+", "hurt": words.MINUS, "mentioned": "0"}
_STRENGTHS = {
    ("helped", 1): gettext_lazy("helped a little"),
    ("helped", 2): gettext_lazy("helped clearly"),
    ("helped", 3): gettext_lazy("helped decisively"),
    ("hurt", 1): gettext_lazy("hurt a little"),
    ("hurt", 2): gettext_lazy("hurt clearly"),
    ("hurt", 3): gettext_lazy("hurt decisively"),
}
_DIRECTIONS = {
    "helped": gettext_lazy("helped"),
    "hurt": gettext_lazy("hurt"),
    "mentioned": gettext_lazy("was mentioned"),
}


@register.simple_tag
def driver_chip(name: Any, direction: str, strength: int | None = None) -> SafeString:
    """A driver as coded: sign, name, direction and strength (1 to 3) in words."""
    _one_of(direction, _SIGNS, "Direction")
    said = _STRENGTHS.get((direction, strength or 0), _DIRECTIONS[direction])
    return _component("driver_chip", name=name, direction=direction, sign=_SIGNS[direction], said=said)


# ── The window of a debrief ──


@register.simple_tag
def window(
    day: int, best: int = 21, overdue: int = 30, cooling: int = 2, held: int | None = None, label: Any = ""
) -> SafeString:
    """The days after a decision as a drawing: cooling-off, best, late; a bar for today, or a ring for the day of the call.

    All in days since the decision; `overdue` is the whole width. `label` replaces the words for screen readers.
    """

    def x(days: int) -> str:
        return f"{min(max(days, 0), overdue) / overdue * 100:.1f}%"

    if not label:
        label = (
            _("Held on day %(day)d of %(days)d since the decision") % {"day": held, "days": overdue}
            if held is not None
            else _("Day %(day)d of %(days)d since the decision") % {"day": day, "days": overdue}
        )
    return _small(
        "window",
        label=label,
        cooling=x(cooling),
        best_width=x(best - cooling),
        now="" if held is not None else x(day),
        held="" if held is None else x(held),
    )


@register.simple_tag
def deal_window(window_facts: Any, held_on: date | None = None) -> SafeString:
    """The drawing of a deal's window (`deals.window.Window`); `held_on` the day of the call, once it took place."""
    decided = window_facts.decided_on
    return window(
        day=window_facts.day,
        best=(window_facts.closes_on - decided).days,
        overdue=(window_facts.overdue_on - decided).days,
        cooling=(window_facts.opens_on - decided).days,
        held=(held_on - decided).days if held_on else None,
    )


@register.simple_tag
def window_left(window_facts: Any, held_on: date | None = None) -> SafeString:
    """What is left of a deal's window, in words with their urgency: "6 days left", "Last day", "Opens tomorrow"."""
    tone, text = _left(window_facts, held_on)
    return format_html('<span class="left-words {}">{}</span>', tone, text)


def _left(facts: Any, held_on: date | None) -> tuple[str, str]:
    if held_on:
        return "", _("Held on day %(day)d") % {"day": (held_on - facts.decided_on).days}
    if facts.is_cooling_off:
        days = (facts.opens_on - facts.today).days
        if days == 1:
            return "", _("Opens tomorrow")
        return "", ngettext("Opens in %(n)d day", "Opens in %(n)d days", days) % {"n": days}
    if facts.is_overdue:
        days = (facts.today - facts.overdue_on).days
        return "late", ngettext("%(n)d day overdue", "%(n)d days overdue", days) % {"n": days}
    if facts.is_closed:
        days = -facts.days_left
        return "late", ngettext("%(n)d day past the best time", "%(n)d days past the best time", days) % {"n": days}
    if facts.days_left == 0:
        return facts.urgency, _("Last day")
    days = facts.days_left
    return facts.urgency, ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}


# ── The buyer's words ──

_SIZES = ("", "small", "hero")


def _quoted(text: str) -> str:
    """The words in quotation marks, unless they come with their own."""
    text = text.strip()
    return text if text[:1] in "“„«\"'‘" else _("“%s”") % text


@register.simple_tag
def verbatim_of(text: str, source: Any = "", size: str = "", url: str = "", link: Any = "") -> SafeString:
    """The buyer's own words with their source below; `url` and `link` lead to where they were said."""
    return _component(
        "verbatim", text=_quoted(text), source=source, size=_one_of(size, _SIZES, "Size"), url=url, link=link
    )


@register.simple_block_tag(end_name="endverbatim_block")
def verbatim_block(content: str, text: str, size: str = "") -> SafeString:
    """The buyer's own words; what stands between the tags becomes the line below them (drivers, links)."""
    return _component("verbatim", text=_quoted(text), footer=content.strip(), size=_one_of(size, _SIZES, "Size"))


# ── Figures ──


@register.simple_tag
def interval(
    low: float, high: float, at: float, label: Any, before: float | None = None, thin: bool = False
) -> SafeString:
    """An interval as a line with its value: all in per cent, 0 to 100. `before` is the earlier value, `thin` for few cases."""

    def x(value: float) -> str:
        return f"{min(max(value, 0), 100):.2f}%"

    return _component(
        "interval",
        low=x(low),
        high=x(high),
        at=x(at),
        before="" if before is None else x(before),
        thin=thin,
        label=label,
    )


@register.simple_block_tag(end_name="endmeasure")
def measure(
    content: str,
    label: Any,
    value: Any,
    base: Any,
    url: str = "",
    low: float | None = None,
    high: float | None = None,
    at: float | None = None,
    before: float | None = None,
    thin: bool = False,
) -> SafeString:
    """One number as a card: `value` as shown, `base` what it stands on ("12 of 38 won or lost"), its interval in per cent.

    Without `low`, `high` and `at` there is no drawing: say between the tags that there is too little data.
    """
    drawing: SafeString | str = ""
    if low is not None and high is not None and at is not None:
        said = _("Interval %(low)d to %(high)d per cent") % {"low": round(low), "high": round(high)}
        drawing = interval(low=low, high=high, at=at, label=said, before=before, thin=thin)
    return _component("measure", label=label, value=value, base=base, url=url, drawing=drawing, notes=content.strip())


# ── Lists and forms ──


@register.simple_tag
def chip(label: Any, value: Any, url: str) -> SafeString:
    """A filter that is on; pressing it leads to `url`, the same list without it."""
    return _component("chip", label=label, value=value, url=url)


@register.simple_tag
def empty(what: Any, why: Any = "", url: str = "", act: Any = "", icon: str = "inbox") -> SafeString:
    """An empty list: what is missing, why, and the next step (`act` is its verb, `url` its address)."""
    return _component("empty", what=what, why=why, url=url, act=act, icon=icon)


@register.simple_tag
def note(text: Any, strong: Any = "", icon: str = "info-circle") -> SafeString:
    """A sunk remark: a strong first sentence, if any, and a second one."""
    return _component("note", text=text, strong=strong, icon=icon)


@register.simple_tag
def progress(done: int, total: int, label: Any = "") -> SafeString:
    """True progress: `done` of `total`, said and drawn; `label` names what is counted ("rows")."""
    return _component("progress", done=done, total=total, label=label)


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """What keeps a form from being saved, with links to the fields; nothing for a form without errors."""
    if not form.errors:
        return mark_safe("")
    fields = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    return _component("error_summary", general=form.non_field_errors(), fields=fields)


# ── Filters ──


@register.filter
def when(value: datetime | None) -> str:
    """ "Tue 24 Nov 2026, 15:00 CET (UTC+1)" in the active time zone."""
    return words.at_time(value) if value else ""


@register.filter
def day(value: date | datetime | None, form: str = "") -> str:
    """ "Tue 24 Nov 2026", or with "short" "Tue 24 Nov"."""
    _one_of(form, ("", "short"), "Form of a day")
    return words.on_day(value, year=not form) if value else ""


@register.filter
def hour(value: datetime | None) -> str:
    """ "15:00" in the active time zone, for a list whose heading names the zone."""
    return f"{words.timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def zone(value: datetime | None) -> str:
    """ "CET (UTC+1)": the active time zone at that moment."""
    return words.zone_name(words.timezone.localtime(value)) if value else ""


@register.filter
def place(name: str) -> str:
    """ "London" for Europe/London, in the active language."""
    return words.zone_place(name)


@register.filter
def short_name(name: str) -> str:
    """ "Corin H." for Corin Hathersby."""
    return words.short_name(name)


@register.filter
def ago(value: date | datetime | None, now: date | datetime | None = None) -> str:
    """ "9 days ago", "in 3 days", relative to `now` or to the present."""
    return words.age(value, now=now) if value else ""


@register.filter
def money(value: Decimal | int | None, currency: str) -> str:
    """ "€228,000": cents only where there are any."""
    return words.amount(value, currency) if value is not None else ""


@register.filter
def number(value: int | None) -> str:
    """ "8,800"."""
    return words.number(value) if value is not None else ""


@register.filter
def n_of(count: int, total: int) -> str:
    """ "6 of 9"."""
    return words.count_of(count, total)


@register.filter
def percent(value: float | None) -> str:
    """ "32 %" of a share between 0 and 1."""
    return words.share(value) if value is not None else ""


@register.filter
def signed(value: float | None) -> str:
    """ "+38", "−33"."""
    return words.signed(value) if value is not None else ""
