"""What this room refuses, each by name."""

from debriefs.foundation.refusals import Refusal, Stale


class NoEvidence(Refusal):
    """A lesson rests on at least one released remark."""


class LessonNames(Refusal):
    """A lesson is read by everybody: it names none of our people, no buyer and no company it rests on."""


class LessonChanged(Stale):
    """Somebody changed the lesson since its form was shown."""
