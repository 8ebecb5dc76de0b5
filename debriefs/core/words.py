"""Dates, ages, amounts and numbers as sentences carry them. Pure apart from the active language and time zone."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import get_timezone_name
from babel.numbers import format_currency, format_decimal
from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from debriefs.foundation.time_zones import ZONES

MINUS = "\u2212"


def on_day(value: date | datetime, *, year: bool = True) -> str:
    """ "Tue 24 Nov 2026"; an instant is dated in the active time zone, without the year on request."""
    return _on_day(local_day(value), year, get_language() or "en")


@lru_cache(maxsize=4096)
def _on_day(day: date, year: bool, language: str) -> str:
    pattern = pgettext("date", "D j M Y") if year else pgettext("date without year", "D j M")
    return dateformat.format(day, pattern)


def at_time(value: datetime) -> str:
    """ "Tue 24 Nov 2026, 15:00 CET (UTC+1)" in the active time zone: a time never goes without its zone."""
    moment = timezone.localtime(value)
    return f"{on_day(moment)}, {moment:%H:%M} {zone_name(moment)}"


def zone_name(moment: datetime) -> str:
    """ "CET (UTC+1)"; where the zone has no letters of its own ("+03") the offset alone, "UTC+3". Takes a local moment."""
    offset = moment.utcoffset() or timedelta()
    letters = _zone_letters(moment)
    if letters == "UTC":
        return "UTC"
    distance = _distance(offset)
    return f"{letters} ({distance})" if letters.isalpha() else distance


def _distance(offset: timedelta) -> str:
    sign = "+" if offset >= timedelta() else MINUS
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"UTC{sign}{hours}:{minutes:02}" if minutes else f"UTC{sign}{hours}"


def _zone_letters(moment: datetime) -> str:
    """The abbreviation people of the active language use ("MEZ"), else none; in English the zone data's own."""
    own = moment.tzname() or ""
    locale = _locale()
    if own == "UTC" or locale.language == "en":
        return own
    return get_timezone_name(moment, width="short", locale=locale)


@lru_cache(maxsize=16)
def _cities(language: str) -> dict[str, str]:
    locale = Locale.parse(language)
    # The locale data's own table: Babel's function for one place takes a millisecond, and there are five hundred.
    known, renamed = locale.time_zones, get_global("zone_aliases")
    named = {
        zone: known.get(renamed.get(zone, zone), {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
        for zone in ZONES
    }
    return named | {"UTC": "UTC"}


@lru_cache(maxsize=16)
def _zone_choices(language: str, day: date) -> tuple[tuple[str, str], ...]:
    noon = datetime.combine(day, time(12), UTC)
    named = []
    for zone, city in _cities(language).items():
        offset = noon.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
        named.append((zone, city if zone == "UTC" else f"{city}, {_distance(offset)}"))
    return tuple(sorted(named, key=lambda pair: pair[1].casefold()))


def zone_choices(*, language: str, at: datetime) -> tuple[tuple[str, str], ...]:
    """(zone, "London, UTC+0") of every zone, sorted as the language names the cities; offsets as of that day."""
    return _zone_choices(language.replace("-", "_"), at.date())


def zone_place(zone: str) -> str:
    """ "London" for Europe/London, as the active language names it."""
    return _cities(str(_locale())).get(zone, zone)


def local_day(value: date | datetime) -> date:
    """The calendar day of an instant in the active time zone; a date is itself."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def age(value: date | datetime, *, now: datetime | date | None = None) -> str:
    """How long ago, or how far ahead, in words.

    Instants less than a day apart are told in minutes and hours, everything else in calendar days of the active time zone;
    from 60 days on in months, from two years on in years. `now` is the present moment or day, by default the clock's.
    """
    if isinstance(value, datetime) and (now is None or isinstance(now, datetime)):
        distance = value - (now or timezone.now())
        if abs(distance) < timedelta(days=1):
            return _hours(distance)
    today = local_day(now) if now is not None else timezone.localdate()
    return _days((local_day(value) - today).days)


def _hours(distance: timedelta) -> str:
    minutes = abs(distance) // timedelta(minutes=1)
    ahead = distance > timedelta()
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        if ahead:
            return ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    if ahead:
        return ngettext("in %(n)d hour", "in %(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}


def _days(days: int) -> str:
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    n, ahead = abs(days), days > 0
    if n < 60:
        if ahead:
            return ngettext("in %(n)d day", "in %(n)d days", n) % {"n": n}
        return ngettext("%(n)d day ago", "%(n)d days ago", n) % {"n": n}
    if n < 730:
        months = n * 12 // 365
        if ahead:
            return ngettext("in %(n)d month", "in %(n)d months", months) % {"n": months}
        return ngettext("%(n)d month ago", "%(n)d months ago", months) % {"n": months}
    years = n // 365
    if ahead:
        return ngettext("in %(n)d year", "in %(n)d years", years) % {"n": years}
    return ngettext("%(n)d year ago", "%(n)d years ago", years) % {"n": years}


def _locale() -> Locale:
    try:
        return Locale.parse((get_language() or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def amount(value: Decimal | int | float | str | None, currency: str) -> str:
    """ "€228,000", "€1,250.50": cents only where there are any; empty for no amount, the code where no sign is known."""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return ""
    return _amount(exact, currency or "XXX", get_language() or "en")


@lru_cache(maxsize=4096)
def _amount(exact: Decimal, currency: str, language: str) -> str:
    locale = _locale()
    pattern = locale.currency_formats["standard"].pattern
    if exact == exact.to_integral_value():
        pattern = pattern.replace(".00", "")
    return format_currency(exact, currency, format=pattern, locale=locale, currency_digits=False)


def number(value: int | float | Decimal) -> str:
    """ "8,800", grouped as the active language does."""
    return format_decimal(value, locale=_locale())


def count_of(count: int, total: int) -> str:
    """ "6 of 9"."""
    return _("%(count)s of %(total)s") % {"count": number(count), "total": number(total)}


def share(value: float) -> str:
    """ "32 %" of a share between 0 and 1, rounded to whole per cent; 0 and 100 only when it is exactly that."""
    rounded = round(value * 100)
    if 0 < value < 1:
        rounded = min(max(rounded, 1), 99)
    return f"{rounded}\u00a0%"


def signed(value: float) -> str:
    """ "+38", "−33", "0": a whole number with its sign, a true minus."""
    rounded = round(value)
    return f"+{rounded}" if rounded > 0 else f"{MINUS}{-rounded}" if rounded < 0 else "0"


def short_name(name: str) -> str:
    """ "Corin H.": enough for whoever is meant, too little for whoever is not. A title is left out; a single name stays."""
    parts = [part for part in name.split() if not part.endswith(".")] or name.split()
    return f"{parts[0]} {parts[-1][0]}." if len(parts) > 1 else "".join(parts)
