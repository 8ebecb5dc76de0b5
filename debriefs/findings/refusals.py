"""What this room refuses, each by name."""

from typing import TYPE_CHECKING

from debriefs.foundation.refusals import NotAllowed, Refusal, Stale

if TYPE_CHECKING:
    from debriefs.findings.models import Finding


class NotReleasable(Refusal):
    """Something is missing before the debrief can be reviewed or released."""


class NamesRemain(Refusal):
    """A text that would be released still carries a known name, or a word that may be one."""


class BatchTooSmall(Refusal):
    """So few companies are released at once that what appears could be told to be one of theirs."""


class AlreadyReleased(Refusal):
    """The debrief is released; it has to be recalled before its findings change."""


class ReviewNotAllowed(NotAllowed):
    """The person may not review this debrief, whatever else they are in the programme."""


class SecondCodingClosed(Refusal):
    """The second coding cannot be begun, changed or compared as it stands."""


class StoryIsStale(Stale):
    """Somebody prepared another text for the release since the page was shown."""


class ConsensusIsStale(Stale):
    """Somebody noted another consensus since the page was shown."""


class QuoteNotPossible(Refusal):
    """The quote cannot be proposed, asked for, approved or used like this."""


class FindingIsStale(Stale):
    """The finding was changed or removed since it was shown. `current`: as it is now, None when it is gone."""

    def __init__(self, sentence: str, current: "Finding | None") -> None:
        super().__init__(sentence)
        self.current = current
