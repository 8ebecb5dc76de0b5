"""The mails of this room. They never quote: what was said is read on the page, under its permissions."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import logos
from accounts.models import Person
from accounts.requests import programme_url
from debriefs.calls import links, notice_texts, notice_words
from debriefs.calls.models import Debrief
from debriefs.calls.notice_words import Sample, WordsElsewhere
from debriefs.core import words
from debriefs.findings.models import Quote, Release
from debriefs.findings.queries import releases_visible_to
from debriefs.foundation import link_tokens
from debriefs.foundation.mail import STOP_PLACEHOLDER
from debriefs.foundation.models import Notice
from debriefs.foundation.notice_kinds import LINK_PLACEHOLDER, Draft, NoticeKind, register

LABELS = {
    "debrief_released_owner": gettext_lazy("Released, for the owner first"),
    "debrief_released": gettext_lazy("Released, for the team"),
}
RELEASED = gettext_lazy("A debrief can be read: %(deal)s")
# What a programme's own words may hold: only the owner is told when the others read it.
NAMES = {
    "debrief_released_owner": ("name", "our_company", "company", "when"),
    "debrief_released": ("name", "our_company", "company"),
}


def register_all() -> None:
    """Registers the kinds of notice that findings sends."""
    for kind, label in LABELS.items():
        register(NoticeKind(kind, label, render, still_wanted))
        notice_words.register(
            kind, WordsElsewhere(label, RELEASED, "emails/findings/released", NAMES[kind], _with_names, _sample)
        )
    register(NoticeKind("release_ended", gettext_lazy("A release ended by the buyer"), render_ended, waits_for_release))
    register(
        NoticeKind(
            "quote_approval", gettext_lazy("A quote to approve"), render_question, question_stands, waits_for_hours=True
        )
    )


def _release(notice: Notice) -> Release | None:
    return Release.objects.select_related("programme", "deal__company").filter(pk=notice.subject_id).first()


def still_wanted(notice: Notice, now: datetime) -> str | None:
    """None while the release stands and whoever is told may read it. About four queries."""
    release = _release(notice)
    if release is None or release.recalled_at is not None:
        return _("The release was recalled.")
    members = Person.objects.filter(membership__ended_at__isnull=True)
    person = members.filter(pk=notice.recipient_id).first() if notice.recipient_id else None
    if person is None or not releases_visible_to(person, max(now, notice.due_at)).filter(pk=release.pk).exists():
        return _("The person may not read this release now.")
    return None


def render(notice: Notice, now: datetime) -> Draft:
    """The mail: that it can be read, and where."""
    release = _release(notice)
    if release is None:
        raise ValueError("the release no longer exists")
    link = settings.BASE_URL + programme_url(release.programme, "findings:release_page", release_id=release.pk)
    whose = _whose(release, notice.kind)
    context = {
        "notice": notice,
        "programme": release.programme,
        "release": release,
        "whose": whose,
        "link": link,
        "is_owner": notice.kind == "debrief_released_owner",
    }
    own = notice_texts.current(release.programme, notice.kind, notice.recipient_kind, notice.recipient_language)
    if own is not None:
        values = _values(release, notice.kind, notice.recipient_name)
        subject, text, html = notice_texts.in_own_words(own, values, context)
    else:
        subject = str(RELEASED) % {"deal": whose}
        text, html = notice_texts.text_and_html("emails/findings/released", context)
    return Draft(
        subject=subject,
        text=text,
        html=html,
        from_name="Debriefs",
        reply_to=release.programme.contact_email,
        headers=notice_texts.version_header(own),
    )


def _whose(release: Release, kind: str) -> str:
    """The owner knows whose debrief it is; the others are told no more than the release shows."""
    is_owner = kind == "debrief_released_owner"
    return str(release.deal.company or release.deal.name) if is_owner else release.company_label


def _values(release: Release, kind: str, name: str) -> dict[str, str]:
    return {
        "name": name,
        "our_company": release.programme.company_name,
        "company": _whose(release, kind),
        "when": words.at_time(release.others_from),
    }


def _with_names(kind: str, when: datetime) -> dict[str, Any]:
    """What the delivered words are rendered from, names in curly brackets where a mail has values."""
    is_owner = kind == "debrief_released_owner"
    return {"whose": "{company}", "release": SimpleNamespace(others_from=when), "is_owner": is_owner}


def _sample(person: Person, kind: str, now: datetime) -> Sample | None:
    """The latest release that the person reads. One query."""
    readable = releases_visible_to(person, now).filter(recalled_at__isnull=True)
    found = readable.select_related("programme", "deal__company", "deal__owner").order_by("-released_at").first()
    if found is None:
        return None
    to = found.deal.owner.name if found.deal.owner and kind == "debrief_released_owner" else person.name
    return Sample(to, found.programme, found.programme.time_zone, lambda: _values(found, kind, to))


def waits_for_release(notice: Notice, now: datetime) -> str | None:
    """None until the debrief is released again. One query."""
    is_released = Release.objects.filter(debrief=notice.subject_id, recalled_at__isnull=True).exists()
    return _("The debrief was released again.") if is_released else None


def render_ended(notice: Notice, now: datetime) -> Draft:
    """The mail to whoever released it: that the buyer permits less, what happened, and where to go on."""
    debrief = Debrief.objects.select_related("programme", "deal__company").get(pk=notice.subject_id)
    programme, deal = debrief.programme, debrief.deal
    link = settings.BASE_URL + programme_url(programme, "findings:coding", debrief_id=debrief.pk)
    context = {"notice": notice, "programme": programme, "deal": deal, "link": link}
    return Draft(
        subject=_("The buyer permits less: %(deal)s") % {"deal": deal.company or deal.name},
        text=render_to_string("emails/findings/release_ended.txt", context),
        html=render_to_string("emails/findings/release_ended.html", context),
        from_name="Debriefs",
        reply_to=programme.contact_email,
    )


def _quote(notice: Notice) -> Quote | None:
    return (
        Quote.objects.select_related("programme__logo", "release", "contact", "debrief__contact")
        .filter(pk=notice.subject_id)
        .first()
    )


def question_stands(notice: Notice, now: datetime) -> str | None:
    """None while the buyer has not answered, the quote is not withdrawn and its release stands. One query."""
    quote = _quote(notice)
    if quote is None or quote.release.recalled_at is not None:
        return _("The release was recalled.")
    if quote.withdrawn_at is not None:
        return _("The quote was withdrawn.")
    if quote.approved_at is not None or quote.declined_at is not None:
        return _("The buyer answered.")
    if quote.contact.email != notice.recipient_email:
        return _("The contact has another address now.")
    return None


def render_question(notice: Notice, now: datetime) -> Draft:
    """The mail to the buyer: that words of theirs wait for a yes or a no, and where. It does not quote them."""
    quote = _quote(notice)
    if quote is None:
        raise ValueError("the quote no longer exists")
    link = links.issue(quote.debrief, now)
    token = link_tokens.token_for(links.PURPOSE, link.id, link.version)
    where = settings.BASE_URL + reverse("quotes:open", kwargs={"link_id": link.id, "token": token})
    context = {
        "notice": notice,
        "logo": logos.mail_logo(quote.programme),
        "programme": quote.programme,
        "debrief": quote.debrief,
        "link": LINK_PLACEHOLDER,
        "stop_link": STOP_PLACEHOLDER,
        "is_prospect": True,
        "is_stoppable": True,
        "base_url": settings.BASE_URL,
    }
    return Draft(
        subject=_("May we use words of yours?"),
        text=render_to_string("emails/findings/quote_approval.txt", context),
        html=render_to_string("emails/findings/quote_approval.html", context),
        from_name=quote.programme.company_name,
        reply_to=quote.programme.contact_email,
        logo=logos.mail_logo(quote.programme),
        link=lambda: where,
        stop_link=lambda: links.stop_address(link),
    )
