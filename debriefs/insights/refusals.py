"""What this room refuses, each by name."""

from debriefs.foundation.refusals import Refusal


class TooManyViews(Refusal):
    """A person keeps a limited number of views."""
