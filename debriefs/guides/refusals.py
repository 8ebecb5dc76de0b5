"""What this room refuses, each by name."""

from django.utils.translation import gettext as _

from debriefs.foundation.refusals import Refusal, Stale


class VersionIsPublished(Refusal):
    """A published version never changes."""

    def __init__(self) -> None:
        super().__init__(_("This version is published and never changes. Start a draft of the next version instead."))


class NothingToAsk(Refusal):
    """A guide without a question cannot be published."""

    def __init__(self) -> None:
        super().__init__(_("The draft has no question yet. Write at least one before you publish it."))


class NoteMissing(Refusal):
    """Publishing says in a sentence why."""

    def __init__(self) -> None:
        super().__init__(_("Say in a few words what this version changes, for those who read it later."))


class DraftChanged(Stale):
    """Somebody else saved the draft since it was shown; nothing was saved."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else changed this draft while you were typing. Below is what you typed; saving again replaces theirs."
            )
        )
