"""What the pages about the words of mails show."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Person, Programme
from debriefs.calls import notice_texts, window_digest
from debriefs.calls.models import Call, Debrief, NoticeText
from debriefs.calls.notice_texts import Text
from debriefs.calls.notice_words import ELSEWHERE, Sample, is_about_a_call, is_stoppable, label_of
from debriefs.calls.queries import debriefs_visible_to
from debriefs.core import words
from debriefs.foundation.mail import STOP_PLACEHOLDER
from debriefs.foundation.notice_kinds import LINK_PLACEHOLDER


@dataclass(frozen=True)
class Row:
    """One mail with its languages: (code, name, version of the programme's own words or 0)."""

    kind: str
    audience: str
    label: "str | Promise"
    to: str
    languages: list[tuple[str, str, int]]


def rows(programme: Programme) -> list[Row]:
    """Every mail whose words can be chosen. One query."""
    latest: dict[tuple[str, str, str], NoticeText] = {}
    for one in NoticeText.objects.filter(programme=programme).order_by("version"):
        latest[(one.kind, one.audience, one.language)] = one

    def own(kind: str, audience: str, code: str) -> int:
        found = latest.get((kind, audience, code))
        return found.version if found and not found.is_delivered else 0

    return [
        Row(
            kind,
            audience,
            label_of(kind),
            _("to the buyer") if audience == notice_texts.CONTACT else _("to our people"),
            [(code, str(name), own(kind, audience, code)) for code, name in settings.LANGUAGES],
        )
        for kind, audience in notice_texts.editable()
    ]


def sample_of(person: Person, kind: str) -> Debrief | None:
    """The latest debrief the person may see, with a call where the mail is about one. Two queries at most."""
    found = debriefs_visible_to(person).select_related("programme", "deal__company", "contact", "interviewer")
    if is_about_a_call(kind):
        return found.filter(calls__isnull=False).order_by("-calls__starts_at").first() or found.first()
    return found.order_by("-planned_at").first()


def _of_debrief(person: Person, kind: str, audience: str, now: datetime) -> Sample | None:
    debrief = sample_of(person, kind)
    if debrief is None:
        return None
    call = Call.objects.filter(debrief=debrief).order_by("-starts_at").first()
    to = debrief.contact.name if audience == notice_texts.CONTACT else debrief.interviewer.name

    def values() -> dict[str, str]:
        found = notice_texts.values_for(to, debrief, words.at_time(call.starts_at if call else now))
        if kind == "window_closing":
            found |= {"count": "1", "deals": window_digest.line(found["company"], 3)}
        return found

    return Sample(to, debrief.programme, debrief.contact.time_zone or debrief.programme.time_zone, values)


def preview(text: Text, *, person: Person, kind: str, audience: str, language: str, now: datetime) -> dict[str, str]:
    """Subject, text and HTML of the mail with the data of a real debrief; {} while there is none. Four queries, nothing written."""
    sample = (
        ELSEWHERE[kind].sample(person, kind, now) if kind in ELSEWHERE else _of_debrief(person, kind, audience, now)
    )
    if sample is None:
        return {}
    with translation.override(language), timezone.override(sample.time_zone):
        filled = notice_texts.filled(text, sample.values())
        context = {
            "notice": {"recipient_name": sample.to, "recipient_language": language},
            "programme": sample.programme,
            "paragraphs": filled.paragraphs,
            "button": filled.button,
            "is_stoppable": is_stoppable(kind),
            # Nowhere: whoever has a personal link can act as the buyer.
            "link": LINK_PLACEHOLDER,
            "stop_link": STOP_PLACEHOLDER,
        }
        return {
            "to": sample.to,
            "subject": filled.subject,
            "text": render_to_string("emails/calls/own_words.txt", context).strip(),
            "html": render_to_string("emails/calls/own_words.html", context),
        }
