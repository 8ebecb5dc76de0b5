"""Which probes were asked, under which question: noted as they are used, and taken back when ticked by mistake."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from accounts.models import Person
from debriefs.guides.models import Probe
from debriefs.interviews.actions.marks import writable
from debriefs.interviews.models import Answer, ProbeUse
from debriefs.interviews.refusals import NoSuchProbe
from debriefs.interviews.vague import VAGUE


@transaction.atomic
def note_probe(*, answer: Answer, key: str, used: bool, by: Person, now: datetime) -> None:
    """The probe was asked under this question, with its words as they stood; or it was not after all. Harmless if repeated.

    `key` is the id of a probe of the question, or "kind:place" of one of a vague answer. Raises NoSuchProbe, SheetIsSubmitted.
    """
    text = _words_of(answer, key)
    locked = writable(answer)
    if not used:
        ProbeUse.objects.filter(answer=locked, key=key).delete()
        return
    ProbeUse.objects.get_or_create(
        answer=locked,
        key=key,
        defaults={"programme_id": locked.programme_id, "text": text, "used_at": now, "used_by": by},
    )


def _words_of(answer: Answer, key: str) -> str:
    kind, colon, place = key.partition(":")
    if colon:
        probes = next((one.probes for one in VAGUE if one.key == kind), ())
        # One spelling each, so that a probe is noted once: "00" and "²" are none.
        found = next((probe for number, probe in enumerate(probes) if str(number) == place), None)
        if found is None:
            raise NoSuchProbe
        # The page's language is the interviewer's; what is kept reads alike for everybody.
        with override("en"):
            return str(found)
    try:
        probe = Probe.objects.filter(pk=UUID(key), question=answer.question_id).first()
    except ValueError:
        probe = None
    if probe is None or str(probe.pk) != key:
        raise NoSuchProbe
    return probe.text
