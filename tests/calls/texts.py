"""Every string that a prospect can read: gathered from the templates and modules of their pages and mails."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = (
    "prospect/*.html", "written/*.html", "interviews/_saving_signs.html", "home/held_data.html", "base_public.html", "503.html", "components/error_summary.html", "emails/base.*", "emails/calls/call_[bcmr]*",
    "emails/calls/prospect_[int]*", "emails/calls/own_words.*", "emails/findings/quote_*",
)  # fmt: skip
NOT_THEIRS = re.compile(r"call_handed|prospect_wrote")
MODULES = ("debriefs/calls/public_forms.py", "debriefs/calls/public_views.py", "debriefs/calls/actions/booking.py",
           "debriefs/calls/actions/prospect.py", "debriefs/calls/actions/wishes.py", "debriefs/calls/enums.py",
           "debriefs/calls/refusals.py", "debriefs/calls/actions/writing.py", "debriefs/interviews/public_views.py",
           "debriefs/interviews/permission_forms.py", "debriefs/findings/public_views.py",
           "debriefs/home/held.py", "debriefs/calls/public_access.py")  # fmt: skip
# Subjects and the calendar's line, of a module whose other sentences are for managers.
PICKED = {
    "debriefs/calls/acts.py": r"^(This conversation|This debrief is paused|A call is booked already|There is no booked call to move|"
    r"The call took place and can|The invitation has not gone out|Your answers are being read)",
    "debriefs/calls/actions/erasure.py": r"^What we held",
    "debriefs/core/words.py": r"^D j M",
    "debriefs/calls/notice_kinds.py": r"Conversation with",
    "debriefs/calls/notice_words.py": r"conversation|Booked: |Moved: |Cancelled: |Tomorrow: |In an hour: |Thank you for your answers",
    "debriefs/findings/notice_kinds.py": r"^May we use",
    "debriefs/findings/quote_forms.py": r"^(May we|Yes, |No, do|Choose an answer|The words as|How far may they go\?|Choose how far|Write the words)",
    "debriefs/findings/quotes.py": r"^(Write the words you|Choose how far|This is not asked|These words name)",
    "debriefs/interviews/enums.py": r"^(Inside the company|Without name|With name)$",
    "debriefs/interviews/refusals.py": r"^(This answer was saved from another|That cannot be chosen|This save belongs to another|Your answers were sent|"
    r"This conversation is over: nothing|Nothing is answered yet|These questions are only asked)",
    "debriefs/interviews/forms.py": r"^(This note is longer than|More was chosen)",
    "debriefs/interviews/choosing.py": r"^(Yes|No)$",
}
# Of the modules above, but read by interviewers and managers only.
OURS = {
    "Away", "Holiday", "Extra hours", "My calendar: busy times", "Holidays: every day in it is off",
    "Somebody saved other words meanwhile. Yours stand below; look at theirs before you save.",
    "Nothing was planned yet. See what stands beside the deals, then plan again.",
    "This person asked not to be written to. Only they can take that back, on their personal page.",
    "Say why mail arrives there now.",
    "Other words were saved here since this page was shown. Both stand here now: keep what you want of them.",
}  # fmt: skip
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip

Key = tuple[str, str]


def read_by_prospects() -> dict[Key, tuple[str, ...]]:
    """(context, msgid) to (msgid,) or (singular, plural), of everything a prospect can read."""
    found: dict[Key, tuple[str, ...]] = {}
    for context, ids in _all():
        if ids[0] in OURS:
            continue
        found.setdefault((context or "", ids[0]), ids)
    return found


def _all() -> Iterator[tuple[str | None, tuple[str, ...]]]:
    for pattern in TEMPLATES:
        for path in sorted((ROOT / "templates").glob(pattern)):
            if not NOT_THEIRS.search(path.name):
                code = templatize(path.read_text(), origin=path.name)
                yield from _of("\n".join(line.strip() for line in code.splitlines()))
    for name in MODULES:
        yield from _of((ROOT / name).read_text())
    for name, wanted in PICKED.items():
        yield from (one for one in _of((ROOT / name).read_text()) if re.search(wanted, one[1][0]))


def _of(source: str) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    for _line, message, _comments, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        yield context, message if isinstance(message, tuple) else (message,)


def catalogue(language: str) -> Catalog:
    """The translations of a language as they are committed."""
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file)
