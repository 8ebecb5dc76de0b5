"""The lessons of the demonstration, each resting on the remarks that gave rise to it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from debriefs.findings.models import Remark
from debriefs.lessons.models import Lesson, LessonEvidence

if TYPE_CHECKING:
    from debriefs.home.demonstration.build import Stage

# Days from today on which a lesson of each state came into force and is, or was, to be checked.
IN_FORCE = {"in_force": -24, "learned": -56}
CHECKED = {"in_force": 65, "agreed": 65, "learned": -7}

# driver, direction, situation, what we did, what buyers did, from now on, expectation, state, owner
LESSONS = (
    (
        "implementation-plan", "hurt", "a rival shows the first weeks with names and dates", "showed phases without people",
        "doubted that it would start well", "every proposal names the person and shows the first four weeks",
        "Implementation plan hurts in fewer than 2 of 10 debriefs", "in_force", "manager",
    ),
    (
        "perceived-value", "hurt", "finance asks what the first year brings", "answered with functions",
        "could not explain the difference at home and called it price",
        "pre-sales works out the cost of an empty shift with the buyer before the proposal",
        "Perceived value helps as often as it hurts", "agreed", "manager.south",
    ),
    (
        "trust", "helped", "something does not work in a trial", "said so before the buyer found out",
        "believed the rest of what we said", "we write to the buyer within the hour", "", "learned", "rep.lasse",
    ),
    (
        "understanding-needs", "hurt", "the first presentation is held", "showed what suits another industry",
        "felt that nobody had listened", "", "", "observed", "manager.public",
    ),
)  # fmt: skip


def make_lessons(stage: "Stage") -> None:
    """Writes the lessons with at most six remarks each."""
    for number, (driver, direction, situation, we, buyers, from_now, expect, state, owner) in enumerate(LESSONS):
        lesson = stage.rows.add(
            Lesson,
            situation=situation,
            we_did=we,
            buyers_did=buyers,
            from_now_on=from_now,
            expectation=expect,
            owner=stage.people[owner],
            state=state,
            in_force_since=stage.today + timedelta(days=IN_FORCE[state]) if state in IN_FORCE else None,
            check_on=stage.today + timedelta(days=CHECKED[state]) if state in CHECKED else None,
            written_at=stage.now - timedelta(days=30 + 20 * number),
            written_by=stage.people["admin"],
        )
        remarks = Remark.objects.filter(programme=stage.programme, driver__key=driver, direction=direction)
        for remark in remarks.order_by("release__released_at")[:6]:
            stage.rows.add(
                LessonEvidence, lesson=lesson, remark=remark, added_at=lesson.written_at, added_by=stage.people["admin"]
            )
    stage.rows.write()
