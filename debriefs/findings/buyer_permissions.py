"""What the buyer permits, changed by the buyer or put right by a correction, and what ends with it at once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from debriefs.calls.actions.record import changed, locked
from debriefs.calls.models import Debrief
from debriefs.calls.notices import to_person
from debriefs.findings.actions import recall
from debriefs.findings.models import Release
from debriefs.foundation import outbox
from debriefs.interviews.actions import set_permissions
from debriefs.interviews.enums import QuoteLevel

NARROWED = gettext_noop("The buyer changed what they permit.")
CORRECTED = gettext_noop("A correction of the write-up says that the buyer permits less.")


@transaction.atomic
def change(*, debrief: Debrief, given: Mapping[str, bool], quote_level: str | None, now: datetime) -> Release | None:
    """The buyer's latest word counts everywhere from this moment; what is not in `given` stays as it was.

    Quotes follow by themselves (`quote_queries.usable_quotes`). A release that shows more than is permitted now, a name or words,
    is taken back and whoever released it is told; it is returned, else None. Harmless if repeated.
    """
    # Deal and debrief first: a release that is being made at this moment is seen, or sees the new permission.
    debrief = locked(debrief)
    if not set_permissions(debrief=debrief, given=given, quote_level=quote_level, by=None, now=now):
        return None
    changed(debrief, "debrief.permissions_changed", by=None, now=now, as_prospect=True)
    return None if quote_level is None else _end_what_shows_more(debrief, quote_level, NARROWED, now)


@transaction.atomic
def follow_correction(debrief: Debrief, quote_level: str, now: datetime) -> Release | None:
    """As `change`, where the interviewer's correction says how far the buyer's words may go. Harmless if repeated."""
    return _end_what_shows_more(locked(debrief), quote_level, CORRECTED, now)


def _end_what_shows_more(debrief: Debrief, quote_level: str, reason: str, now: datetime) -> Release | None:
    """The standing release of the locked debrief is taken back where it shows more than this level, and whoever released it is told."""
    standing = (
        Release.objects.filter(debrief=debrief, recalled_at__isnull=True).select_related("released_by__user").first()
    )
    if standing is None or not shows_more(standing.quote_level, quote_level):
        return None
    ended = recall(release=standing, reason=reason, by=None, now=now)
    if standing.released_by is not None:
        outbox.owe(
            kind="release_ended",
            programme_id=ended.programme_id,
            subject_kind="debrief",
            subject_id=debrief.pk,
            recipient=to_person(standing.released_by),
            due_at=now,
            dedupe_key=f"release_ended:{ended.pk}",
            now=now,
        )
    return ended


def shows_more(released: str, permitted: str) -> bool:
    """Whether a release made at one level shows what another does not permit: a name, or the buyer's words at all."""
    is_named = released == QuoteLevel.NAMED and permitted != QuoteLevel.NAMED
    has_words = released != QuoteLevel.NONE and permitted == QuoteLevel.NONE
    return is_named or has_words
