"""Choosing the words of a programme's mails."""

from datetime import datetime

from django.db import transaction

from accounts.models import Person, Programme
from debriefs.calls.models import NoticeText
from debriefs.calls.notice_texts import Text, current, versions
from debriefs.calls.refusals import TextChanged
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind


@transaction.atomic
def save_notice_text(
    *, kind: str, audience: str, language: str, text: Text | None, base: int, by: Person, now: datetime
) -> NoticeText | None:
    """A further version of the words of this mail; None as `text` returns to the delivered ones.

    `base` is the version the page showed: TextChanged when somebody saved another since. What is the same already stays one version:
    None then. Holds the programme's row, so that versions count up without a gap.
    """
    programme = Programme.objects.select_for_update().get(pk=by.programme_id)
    latest = versions(programme, kind, audience, language).first()
    number = latest.version if latest else 0
    if number != base:
        raise TextChanged
    own = current(programme, kind, audience, language)
    if (text is None and own is None) or (own and text == Text(own.subject, own.body, own.button)):
        return None
    made = NoticeText.objects.create(
        programme=programme,
        kind=kind,
        audience=audience,
        language=language,
        version=number + 1,
        is_delivered=text is None,
        subject=text.subject if text else "",
        body=text.body if text else "",
        button=text.button if text else "",
        written_at=now,
        written_by=by,
    )
    audit.record(
        action="notice_text.saved" if text else "notice_text.reset",
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=programme.pk,
        subject_kind="notice_text",
        subject_id=made.pk,
        detail={"kind": kind, "audience": audience, "language": language, "version": made.version},
    )
    return made
