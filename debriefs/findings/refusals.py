"""What this room refuses, each by name."""

from debriefs.foundation.refusals import Refusal


class NotReleasable(Refusal):
    """Something is missing before the debrief can be reviewed or released."""


class NamesRemain(Refusal):
    """A text that would be released still carries a known name."""


class AlreadyReleased(Refusal):
    """The debrief is released; it has to be recalled before its findings change."""
