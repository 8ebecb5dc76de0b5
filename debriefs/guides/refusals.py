"""What this room refuses, each by name."""

from debriefs.foundation.refusals import Refusal


class Frozen(Refusal):
    """The version is published and never changes."""


class NotPublishable(Refusal):
    """The draft lacks something a guide needs."""


class DraftExists(Refusal):
    """A guide has one draft at a time."""
