"""A programme's own words for its mails: names in curly brackets are filled in, and nothing in them is ever run.

A paragraph whose name has nothing to stand for (a call without a place) is left out. The frame of the mail, its foot and the way to
stop it are not part of the words.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Programme
from debriefs.calls.models import Debrief, NoticeText
from debriefs.calls.notice_words import ELSEWHERE, WORDS, is_about_a_call
from debriefs.core import words
from debriefs.foundation.enums import RecipientKind

CONTACT, PERSON = str(RecipientKind.CONTACT), str(RecipientKind.PERSON)
_NAME = re.compile(r"\{([a-z_]+)\}")
_BRACKETED = re.compile(r"\{[^{}\n]*\}|[{}]")
_LINK = "{link}"
# Any instant will do: what the delivered text makes of it becomes the name {when}.
_SOME_TIME = datetime(2001, 2, 3, 4, 5, tzinfo=UTC)
# Each mail of this kind says something else, by what came in.
_NOT_EDITABLE = {"mail_came_in"}
_TO_BOTH = {"call_booked", "call_moved", "call_cancelled", "call_reminder_day", "call_reminder_hour"}


@dataclass(frozen=True)
class Text:
    """Words with names in curly brackets: a subject, paragraphs parted by an empty line, what the button says (or none)."""

    subject: str
    body: str
    button: str = ""


@dataclass(frozen=True)
class Filled:
    """The words of one mail."""

    subject: str
    paragraphs: list[str]
    button: str


def editable() -> list[tuple[str, str]]:
    """(kind, audience) of every mail whose words a programme may choose, in the order of a debrief's life."""
    ours = [(kind, audience) for kind in WORDS if kind not in _NOT_EDITABLE for audience in _audiences(kind)]
    return ours + [(kind, PERSON) for kind in ELSEWHERE]


def _audiences(kind: str) -> list[str]:
    if kind in _TO_BOTH:
        return [CONTACT, PERSON]
    return [CONTACT if WORDS[kind].to_prospect else PERSON]


def names_for(kind: str, audience: str) -> list[str]:
    """The names that words of this kind may hold. A buyer's mail never names the deal's people or the interviewer."""
    if kind in ELSEWHERE:
        return list(ELSEWHERE[kind].names)
    if kind == "window_closing":
        return ["name", "our_company", "count", "deals"]
    names = ["name", "our_company", "minutes"]
    if audience == PERSON:
        names += ["company", "contact", "interviewer"]
    if is_about_a_call(kind):
        names += ["when", "place"]
    return names


def mistakes(text: str, allowed: list[str]) -> list[str]:
    """A sentence for each name that nobody could fill in and each bracket that stands alone; empty when the words are right."""
    listed = ", ".join(f"{{{name}}}" for name in allowed)
    found = []
    for part in dict.fromkeys(_BRACKETED.findall(text)):
        name = _NAME.fullmatch(part)
        if name is None and part in "{}":
            found.append(_("A curly bracket stands alone. They only enclose names: %(listed)s.") % {"listed": listed})
        elif name is None or name.group(1) not in allowed:
            found.append(
                _("%(what)s is no name that can be filled in. You can use: %(listed)s.")
                % {"what": part, "listed": listed}
            )
    return found


def current(programme: Programme, kind: str, audience: str, language: str) -> NoticeText | None:
    """The programme's own words, or None while the delivered ones hold. One query."""
    latest = versions(programme, kind, audience, language).first()
    return None if latest is None or latest.is_delivered else latest


def versions(programme: Programme, kind: str, audience: str, language: str) -> QuerySet[NoticeText]:
    """Every version of these words, latest first. No query by itself."""
    return NoticeText.objects.filter(programme=programme, kind=kind, audience=audience, language=language).order_by(
        "-version"
    )


def delivered(kind: str, audience: str, language: str) -> Text:
    """The words that come with the product, names in curly brackets where a mail has values. No query."""
    elsewhere = ELSEWHERE.get(kind)
    template = elsewhere.template if elsewhere else f"emails/calls/{WORDS[kind].template}"
    with translation.override(language), timezone.override("UTC"):
        context = {
            "notice": SimpleNamespace(recipient_name="{name}", kind=kind, recipient_language=language),
            "debrief": SimpleNamespace(
                minutes="{minutes}",
                place="{place}",
                contact=SimpleNamespace(name="{contact}"),
                interviewer=SimpleNamespace(name="{interviewer}"),
            ),
            "deal": SimpleNamespace(company="{company}", name=""),
            "call": SimpleNamespace(starts_at=_SOME_TIME),
            "programme": SimpleNamespace(company_name="{our_company}"),
            "is_prospect": audience == CONTACT,
            "count": "{count}",
            "deals": "{deals}",
            "link": _LINK,
        }
        rendered = render_to_string(
            f"{template}.txt", context | (elsewhere.context(kind, _SOME_TIME) if elsewhere else {})
        )
        names = {"company": "{company}", "deal": "{company}", "when": "{when}", "count": "{count}"}
        subject = str(elsewhere.subject if elsewhere else WORDS[kind].subject) % names
        body = rendered.partition("\n\n-- \n")[0].strip().replace(words.at_time(_SOME_TIME), "{when}")
    before, _end, last = body.rpartition("\n\n")
    if not last.endswith(f":\n{_LINK}"):
        return Text(subject, body)
    return Text(subject, before, last.removesuffix(f":\n{_LINK}").strip())


def in_own_words(own: NoticeText, values: dict[str, str], context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of a mail in the programme's own words; `context` is what frame and foot need. No query."""
    words_of_it = filled(own, values)
    whole = context | {"paragraphs": words_of_it.paragraphs, "button": words_of_it.button}
    return words_of_it.subject, *text_and_html("emails/calls/own_words", whole)


def text_and_html(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """Both bodies of a mail, from the two templates of one name."""
    return str(render_to_string(f"{template}.txt", context)), str(render_to_string(f"{template}.html", context))


def version_header(own: NoticeText | None) -> dict[str, str]:
    """Which words these are stays with the mail, whatever the text becomes later."""
    return {"X-Debriefs-Text": f"{own.language} {own.version}"} if own else {}


def values_for(recipient_name: str, debrief: Debrief, when: str) -> dict[str, str]:
    """What stands behind each name in a mail about this debrief; company, contact and interviewer joined by the caller."""
    return {
        "name": recipient_name,
        "our_company": debrief.programme.company_name,
        "minutes": str(debrief.minutes),
        "company": str(debrief.deal.company or debrief.deal.name),
        "contact": debrief.contact.name,
        "interviewer": debrief.interviewer.name,
        "when": when,
        "place": debrief.place,
    }


def filled(text: "Text | NoticeText", values: dict[str, str]) -> Filled:
    """The words with their values, in one pass: a bracket in somebody's name is a bracket. Unknown names stay as they are."""

    def put(part: str) -> str:
        return _NAME.sub(lambda found: values.get(found.group(1), found.group(0)), part)

    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text.body) if part.strip()]
    kept = [part for part in paragraphs if all(values.get(name, "-") for name in _NAME.findall(part))]
    return Filled(" ".join(put(text.subject).split()), [put(part) for part in kept], put(text.button))
