"""The digest of a saved view: its figures as its reader may see them, by mail, every week or month.

A notice keeps no name and no text, only numbers under hashes, from which the next one tells what changed.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import needs_second_factor
from accounts.requests import programme_url
from debriefs.deals.notices import to_person
from debriefs.deals.rules import today_in
from debriefs.foundation import link_tokens, outbox
from debriefs.foundation.enums import NoticeState
from debriefs.foundation.mail import STOP_PLACEHOLDER
from debriefs.foundation.models import Notice
from debriefs.foundation.notice_kinds import Draft, NoticeKind, register
from debriefs.insights import queries, reading
from debriefs.insights.drawing import interval_in_words, sides_in_words, value_in_words
from debriefs.insights.enums import Digest
from debriefs.insights.figures import Chart, Kind, Mark, Page
from debriefs.insights.filters import Filters
from debriefs.insights.models import FigureView
from debriefs.insights.permissions import READERS

KIND = "figures_digest"
STOP_PURPOSE = "figures-digest-stop"
MOST_CHARTS, MOST_LINES, MOST_CHANGES = 3, 5, 3
# One that waits for the hours of mail over a weekend still says something; one that waits longer does not.
_NOT_AFTER = timedelta(days=4)


def register_all() -> None:
    """Registers the kind of notice that insights send."""
    register(NoticeKind(KIND, gettext_lazy("Digest of figures"), render, still_wanted, waits_for_hours=True))


def begins(digest: str, today: date) -> date:
    """The day on which the digest of the present week or month was due. Pure."""
    return today - timedelta(days=today.weekday()) if digest == Digest.WEEKLY else today.replace(day=1)


def owe_digests(now: datetime) -> int:
    """One digest per view for the week or month that has begun, to those who may read figures; how many. Safe at any rate: the key holds the period.

    A view whose digest was turned on within the period waits for the next. A query for the views, and for each that is due those of its page.
    """
    wanted = FigureView.objects.exclude(digest="").select_related("programme", "person__programme", "person__user")
    return sum(_owe(view, now) for view in wanted.order_by("pk"))


def _owe(view: FigureView, now: datetime) -> bool:
    zone = view.programme.time_zone
    start = begins(view.digest, today_in(zone, now))
    if view.digest_since is None or today_in(zone, view.digest_since) >= start:
        return False
    key = f"{KIND}:{view.pk}:{view.digest}:{start.isoformat()}"
    if refused(view) or Notice.objects.filter(dedupe_key=key).exists():
        return False
    owed = outbox.owe(
        kind=KIND,
        programme_id=view.programme_id,
        subject_kind="figure_view",
        subject_id=view.pk,
        recipient=to_person(view.person),
        due_at=now,
        dedupe_key=key,
        now=now,
        not_after=now + _NOT_AFTER,
        context=seen(view, now).numbers(),
    )
    return owed is not None


def refused(view: FigureView) -> str:
    """Why this person gets no figures now, "" where nothing is in the way. Two queries."""
    person = view.person
    if not view.digest:
        return _("The digest was turned off.")
    if person.user is None or not person.user.is_active or not person.has_role(*READERS):
        return _("The person may no longer read figures.")
    if needs_second_factor(person):
        return _("The programme asks for a second factor, and the person has none.")
    return ""


@dataclass(frozen=True)
class Seen:
    """A view as its reader sees it at a moment. `shows` is the closed quarter, or "all" with record access."""

    page: Page
    shows: str

    def charts(self) -> list[Chart]:
        """The charts that a mail tells of."""
        return [chart for chart in self.page.charts if chart.marks and chart.kind is not Kind.TABLE][:MOST_CHARTS]

    def marks(self) -> Iterator[tuple[Chart, Mark]]:
        """The lines that a mail tells of."""
        for chart in self.charts():
            for mark in chart.marks[:MOST_LINES]:
                yield chart, mark

    def numbers(self) -> dict[str, Any]:
        """What the next digest compares with: counts under hashes, no word."""
        return {"shows": self.shows, "counts": {_key(chart, mark): _counts(mark) for chart, mark in self.marks()}}


def _key(chart: Chart, mark: Mark) -> str:
    return hashlib.sha256(f"{chart.key}|{mark.name}".encode()).hexdigest()[:16]


def _counts(mark: Mark) -> list[int]:
    return [mark.k, mark.left, mark.right, mark.n]


def seen(view: FigureView, now: datetime) -> Seen:
    """The page of the view with the rights of now: live with record access, else from a snapshot. The page's queries."""
    asked, person = QueryDict(view.query), view.person
    scope = queries.scope_of(person, today=today_in(view.programme.time_zone, now), now=now)
    if scope.has_record_access:
        return Seen(reading.page_of(scope, Filters.read(asked), view.page), "all")
    closed = reading.closed_page(person, asked, view.page if view.page in reading.CLOSED_PAGES else "overview")
    return Seen(closed.page, closed.quarter.label if closed.quarter else "")


def line(chart: Chart, mark: Mark) -> str:
    """One line in words: "Price: −24 (Hurt 8, Helped 2, Debriefs 25), 95 % interval −41 to −4"; counts alone where there is too little."""
    value, interval = value_in_words(chart, mark), interval_in_words(chart, mark)
    if not interval:
        return f"{mark.name}: {value}"
    counts = ", ".join(f"{name} {cell}" for name, cell in zip(chart.columns, mark.cells, strict=False))
    return _("%(name)s: %(value)s (%(counts)s), 95 %% interval %(interval)s") % {
        "name": mark.name,
        "value": value,
        "counts": counts,
        "interval": interval,
    }


def changes(now_seen: Seen, before: dict[str, Any] | None) -> list[str]:
    """At most three lines whose counts moved since the digest before, the largest movement first. Pure.

    Nothing is compared across quarters or across another standing of the reader.
    """
    if before is None or before.get("shows") != now_seen.shows:
        return []
    moved = []
    for chart, mark in now_seen.marks():
        was = before["counts"].get(_key(chart, mark))
        if was is None or was == _counts(mark):
            continue
        k, left, right, n = was
        if chart.kind is Kind.SHARE:
            then, today, told = k / n if n else 0.0, mark.value, _("%(k)s of %(n)s") % {"k": k, "n": n}
        else:
            then, today = (right - left) / n if n else 0.0, mark.value
            told = sides_in_words(chart, left, right, n)
        moved.append((abs(today - then), _("%(line)s; before: %(told)s") % {"line": line(chart, mark), "told": told}))
    return [text for _size, text in sorted(moved, key=lambda one: -one[0])[:MOST_CHANGES]]


def _view(notice: Notice) -> FigureView | None:
    views = FigureView.objects.select_related("programme", "person__programme", "person__user")
    return views.filter(pk=notice.subject_id, person=notice.recipient_id).first()


def _before(notice: Notice) -> dict[str, Any] | None:
    earlier = Notice.objects.filter(
        kind=KIND, subject_id=notice.subject_id, state=NoticeState.SENT, created_at__lt=notice.created_at
    )
    found: dict[str, Any] | None = earlier.order_by("-created_at").values_list("context", flat=True).first()
    return found


def still_wanted(notice: Notice, now: datetime) -> str | None:
    """None while the view exists, its digest is on, and its owner may read figures. Three queries."""
    view = _view(notice)
    if view is None:
        return _("The view was removed.")
    return refused(view) or None


def stop_address(view: FigureView) -> str:
    """The one-click address that turns this digest off and does nothing else."""
    token = link_tokens.token_for(STOP_PURPOSE, view.pk, 1)
    return settings.BASE_URL + reverse("digest_stop", kwargs={"figure_view_id": view.pk, "token": token})


def render(notice: Notice, now: datetime) -> Draft:
    """The digest in the reader's language: figures, what changed, and how to turn it off. The page's queries and three more."""
    view = _view(notice)
    if view is None:
        raise ValueError("the view no longer exists")
    found, before = seen(view, now), _before(notice)
    address = settings.BASE_URL + programme_url(view.programme, f"insights:{view.page}")
    context = {
        "notice": notice,
        "programme": view.programme,
        "view": view,
        "shows": "" if found.shows == "all" else found.shows,
        "charts": [(chart.title, [line(chart, mark) for mark in chart.marks[:MOST_LINES]]) for chart in found.charts()],
        "empty": next((chart.empty for chart in found.page.charts if chart.empty), ""),
        "has_before": before is not None and before.get("shows") == found.shows,
        "changes": changes(found, before),
        "link": f"{address}?{view.query}" if view.query else address,
        "stop_link": STOP_PLACEHOLDER,
    }
    return Draft(
        subject=_("Figures: %(name)s") % {"name": view.name},
        text=render_to_string("emails/insights/figures_digest.txt", context),
        html=render_to_string("emails/insights/figures_digest.html", context),
        from_name="Debriefs",
        reply_to=view.programme.contact_email,
        stop_link=lambda: stop_address(view),
    )


def may_stop(view_id: UUID, token: str) -> bool:
    """Whether the token turns off the digest of this view; compared in constant time. No query."""
    return link_tokens.is_token_for(token, STOP_PURPOSE, view_id, 1)
