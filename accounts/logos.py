"""The logo of a programme: put, taken away, and as it travels with a mail."""

import hashlib
from datetime import datetime

from django.db import transaction

from accounts.logo_images import LogoImage
from accounts.models import Person, Programme, ProgrammeLogo
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.notice_kinds import InlineImage


@transaction.atomic
def put_logo(*, programme: Programme, image: LogoImage, by: Person, now: datetime) -> ProgrammeLogo:
    """Buyers see this logo from now on, on their pages and in mails written from now on."""
    kept, _is_new = ProgrammeLogo.objects.update_or_create(
        programme=programme,
        defaults={
            "content": image.content,
            "sha256": hashlib.sha256(image.content).hexdigest(),
            "width": image.width,
            "height": image.height,
            "uploaded_at": now,
        },
    )
    _note(programme, by, now, "programme.logo_changed")
    return kept


@transaction.atomic
def remove_logo(*, programme: Programme, by: Person, now: datetime) -> None:
    """Buyers see the programme's name again. Harmless if repeated."""
    if ProgrammeLogo.objects.filter(programme=programme).delete()[0]:
        _note(programme, by, now, "programme.logo_removed")


def mail_logo(programme: Programme) -> InlineImage | None:
    """The logo as it travels with a mail, or None. One query, none where it was joined.

    It goes along inside the mail and is not loaded from us: mail programs show it without asking, and nobody learns by it
    when and where a mail was opened.
    """
    logo = getattr(programme, "logo", None)
    return InlineImage(bytes(logo.content), logo.width // 2, logo.height // 2) if logo is not None else None


def _note(programme: Programme, by: Person, now: datetime, action: str) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=programme.pk,
        subject_kind="programme",
        subject_id=programme.pk,
    )
