"""The kinds of notice: each room registers its own in `AppConfig.ready()`, so that the outbox knows nobody above it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from debriefs.foundation.models import Notice


@dataclass(frozen=True)
class CalendarPart:
    """A calendar object that travels with a mail: the method of the header equals METHOD inside `content`."""

    method: str
    content: bytes


@dataclass(frozen=True)
class InlineImage:
    """A PNG that travels inside a mail and is shown at this size in pixels; the HTML names it as LOGO_ADDRESS."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Draft:
    """What a kind renders: the words of one mail, in the recipient's language and zone.

    Personal links stand as PLACEHOLDER in `text` and `html`; the stored mail keeps the placeholder, and the outbox puts the
    link in while sending. `link` makes it, and is None where the mail has none.
    """

    subject: str
    text: str
    html: str
    from_name: str = ""
    reply_to: str = ""
    calendar: CalendarPart | None = None
    logo: InlineImage | None = None
    link: "Callable[[], str] | None" = None
    stop_link: "Callable[[], str] | None" = None
    thread: str = ""
    headers: dict[str, str] = field(default_factory=dict)


LOGO_ID = "logo@debriefs.invalid"
LOGO_ADDRESS = f"cid:{LOGO_ID}"
Gather = Callable[[list["Notice"]], None]
LINK_PLACEHOLDER = "https://personal-link.invalid/"


@dataclass(frozen=True)
class NoticeKind:
    """How one kind is re-checked and rendered.

    `still_wanted(notice, now)` returns None when the mail still makes sense, else the reason for not sending it, a sentence
    shown to people. `render(notice, now)` returns the Draft. `heeds_suppression` is False only for mails a person needs
    although they stopped all mail, such as a cancellation or a password reset. `waits_for_hours` is True for mails nobody waits
    for: they go out within settings.MAIL_HOURS of the recipient's working days. `gather(notices)` may fetch for a whole batch what the
    two need, and leave it in each notice's `gathered`; without it (None) they fetch for themselves.
    """

    kind: str
    label: "str | Promise"
    render: "Callable[[Notice, datetime], Draft]"
    still_wanted: "Callable[[Notice, datetime], str | None]"
    heeds_suppression: bool = True
    waits_for_hours: bool = False
    gather: "Gather | None" = None


_kinds: dict[str, NoticeKind] = {}


def register(kind: NoticeKind) -> None:
    """Makes a kind known. A second registration of the same name is a programming error."""
    if kind.kind in _kinds and _kinds[kind.kind] != kind:
        raise ValueError(f"notice kind {kind.kind} is registered twice")
    _kinds[kind.kind] = kind


def get(kind: str) -> NoticeKind:
    """The kind by name; KeyError for one that no room registered."""
    return _kinds[kind]


def gather_of(kind: str) -> Gather | None:
    """What fetches for notices of this kind together, if anything does."""
    return _kinds[kind].gather if kind in _kinds else None


def heeds_suppression(kind: str) -> bool:
    """Whether a stopped address gets no mail of this kind; so too for a kind that no room registered."""
    return kind not in _kinds or _kinds[kind].heeds_suppression


def label(kind: str) -> "str | Promise":
    """What people call the kind; its bare name when no room registered it."""
    return _kinds[kind].label if kind in _kinds else kind
