"""The mails of this room. They never quote: what was noted is read on the page, under its permissions."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.requests import programme_url
from debriefs.deals.notices import to_person
from debriefs.foundation import outbox
from debriefs.foundation.models import Notice
from debriefs.foundation.notice_kinds import Draft, NoticeKind, register
from debriefs.interviews.models import WriteUp

CORRECTED = "write_up_corrected"


def register_all() -> None:
    """Registers the kinds of notice that interviews sends."""
    register(NoticeKind(CORRECTED, gettext_lazy("Write-up corrected"), render, still_wanted, waits_for_hours=True))


def owe_correction(write_up: WriteUp, *, now: datetime) -> None:
    """To the reviewer that a corrected version was handed in; to nobody while no reviewer has taken the debrief on."""
    reviewer = write_up.debrief.reviewer
    if reviewer is None:
        return
    outbox.owe(
        kind=CORRECTED,
        programme_id=write_up.programme_id,
        subject_kind="debrief",
        subject_id=write_up.debrief_id,
        recipient=to_person(reviewer),
        due_at=now,
        dedupe_key=f"{CORRECTED}:{write_up.pk}:{reviewer.pk}",
        now=now,
        context={"write_up": str(write_up.pk)},
    )


def _write_up(notice: Notice) -> WriteUp | None:
    return (
        WriteUp.objects.select_related("programme", "debrief__deal__company")
        .filter(pk=notice.context["write_up"])
        .first()
    )


def still_wanted(notice: Notice, now: datetime) -> str | None:
    """None while the debrief is open, theirs to review, and no later version was handed in. Two queries."""
    found = _write_up(notice)
    if found is None or found.debrief.closed_at is not None:
        return _("The debrief was closed.")
    if found.debrief.reviewer_id != notice.recipient_id:
        return _("Somebody else reviews it now.")
    later = WriteUp.objects.filter(debrief=found.debrief_id, number__gt=found.number, submitted_at__isnull=False)
    return _("It was corrected once more since.") if later.exists() else None


def render(notice: Notice, now: datetime) -> Draft:
    """The mail: that a corrected version stands, and where it is read."""
    found = _write_up(notice)
    if found is None:
        raise ValueError("the write-up no longer exists")
    link = settings.BASE_URL + programme_url(found.programme, "interviews:answers", debrief_id=found.debrief_id)
    context = {
        "notice": notice,
        "programme": found.programme,
        "deal": found.debrief.deal,
        "is_released": found.debrief.released_at is not None,
        "link": link,
    }
    return Draft(
        subject=_("Corrected: the write-up of %(company)s")
        % {"company": found.debrief.deal.company or found.debrief.deal.name},
        text=render_to_string("emails/interviews/write_up_corrected.txt", context),
        html=render_to_string("emails/interviews/write_up_corrected.html", context),
        from_name="Debriefs",
        reply_to=found.programme.contact_email,
    )
