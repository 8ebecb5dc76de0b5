"""The mails of this room. They never quote: what was said is read on the page, under its permissions."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.requests import programme_url
from debriefs.findings.models import Release
from debriefs.foundation.models import Notice
from debriefs.foundation.notice_kinds import Draft, NoticeKind, register

LABELS = {
    "debrief_released_owner": gettext_lazy("Released, for the owner first"),
    "debrief_released": gettext_lazy("Released, for the team"),
}


def register_all() -> None:
    """Registers the kinds of notice that findings sends."""
    for kind, label in LABELS.items():
        register(NoticeKind(kind, label, render, still_wanted))


def _release(notice: Notice) -> Release | None:
    return Release.objects.select_related("programme", "deal__company").filter(pk=notice.subject_id).first()


def still_wanted(notice: Notice, now: datetime) -> str | None:
    """None while the release stands. One query."""
    release = _release(notice)
    return None if release is not None and release.recalled_at is None else _("The release was recalled.")


def render(notice: Notice, now: datetime) -> Draft:
    """The mail: that it can be read, and where."""
    release = _release(notice)
    if release is None:
        raise ValueError("the release no longer exists")
    link = settings.BASE_URL + programme_url(release.programme, "findings:release_page", release_id=release.pk)
    context = {
        "notice": notice,
        "programme": release.programme,
        "release": release,
        "deal": release.deal,
        "link": link,
        "is_owner": notice.kind == "debrief_released_owner",
    }
    return Draft(
        subject=_("A debrief can be read: %(deal)s") % {"deal": release.deal.company or release.deal.name},
        text=render_to_string("emails/findings/released.txt", context),
        html=render_to_string("emails/findings/released.html", context),
        from_name="Debriefs",
        reply_to=release.programme.contact_email,
    )
