"""Changes of lessons."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person, Programme
from debriefs.deals.models import Contact
from debriefs.deals.rules import today_in
from debriefs.findings.models import Remark
from debriefs.findings.roster import roster_of_all
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.erasing import Reword, reword_columns
from debriefs.lessons.enums import LessonState
from debriefs.lessons.models import Lesson, LessonEvidence
from debriefs.lessons.refusals import LessonChanged, LessonNames, NoEvidence

SENT_TWICE_WITHIN = timedelta(minutes=1)


@transaction.atomic
def write_lesson(
    *,
    programme: Programme,
    situation: str,
    we_did: str,
    buyers_did: str,
    owner: Person,
    remarks: Iterable[Remark],
    by: Person,
    now: datetime,
    from_now_on: str = "",
    expectation: str = "",
    check_on: date | None = None,
) -> Lesson:
    """A lesson in the product's form, resting on released remarks. Sent twice, it is one.

    Refuses one without evidence (NoEvidence), and one that names one of our people, a buyer or a company of deals it rests on
    whose record the writer reads (LessonNames).
    """
    evidence = list(remarks)
    if not evidence:
        raise NoEvidence(_("Choose at least one remark that the lesson rests on."))
    text: dict[str, Any] = {
        "situation": situation, "we_did": we_did, "buyers_did": buyers_did, "from_now_on": from_now_on, "expectation": expectation,
        "owner": owner, "check_on": check_on,
    }  # fmt: skip
    _refuse_names(by, evidence, [value for value in text.values() if isinstance(value, str)])
    # The writer's row makes two clicks come one after the other.
    Person.objects.select_for_update().get(pk=by.pk)
    just_now = Lesson.objects.filter(programme=programme, written_by=by, written_at__gt=now - SENT_TWICE_WITHIN)
    same = just_now.filter(**text).first()
    if same is not None:
        return same
    lesson = Lesson.objects.create(
        programme=programme,
        **text,
        state=LessonState.AGREED if from_now_on else LessonState.OBSERVED,
        written_at=now,
        written_by=by,
    )
    LessonEvidence.objects.bulk_create(
        LessonEvidence(programme=programme, lesson=lesson, remark=remark, added_at=now, added_by=by)
        for remark in evidence
    )
    _note("lesson.written", lesson, by, now, evidence=len(evidence))
    return lesson


def _refuse_names(writer: Person, evidence: list[Remark], texts: list[str]) -> None:
    roster = roster_of_all(writer, evidence)
    names = dict.fromkeys(hit.found for text in texts for hit in roster.find(text) if hit.is_certain)
    if names:
        raise LessonNames(
            _("Everybody reads a lesson, so it names nobody: %(names)s. Put a role in their place.")
            % {"names": ", ".join(names)}
        )


@transaction.atomic
def set_state(*, lesson: Lesson, state: str, by: Person, now: datetime, version: int) -> Lesson:
    """The lesson stands here from now on; "in force" remembers since when, and saying it again moves no day. Refuses a stale page
    (LessonChanged).
    """
    begins = state == LessonState.IN_FORCE and lesson.state != LessonState.IN_FORCE
    since = today_in(lesson.programme.time_zone, now) if begins else lesson.in_force_since
    changed = Lesson.objects.filter(pk=lesson.pk, version=version).update(
        state=state, in_force_since=since, version=version + 1
    )
    if not changed:
        raise LessonChanged(_("Somebody changed this lesson meanwhile. Look at it again."))
    before = lesson.state
    lesson.refresh_from_db()
    _note("lesson.state_changed", lesson, by, now, before=before, after=state)
    return lesson


def _note(action: str, lesson: Lesson, by: Person, now: datetime, **detail: object) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.id,
        programme_id=lesson.programme_id,
        subject_kind="lesson",
        subject_id=lesson.id,
        detail=detail,
    )


@transaction.atomic
def erase_contact(*, contact: Contact, reword: Reword) -> int:
    """No lesson of the programme names the contact; how many did. Evidence stays as a driver without words. One query, one per change."""
    texts = ("situation", "we_did", "buyers_did", "from_now_on", "expectation")
    return reword_columns(Lesson.objects.filter(programme=contact.programme_id), texts, reword)
