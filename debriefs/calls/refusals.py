"""What this room refuses, each by name."""

from django.utils.translation import gettext as _

from debriefs.foundation.refusals import NotAllowed, Refusal, Stale


class NotReady(Refusal):
    """Something must happen first: an approved contact, a published guide, the programme's address."""


class NotChosen(Refusal):
    """The deal was passed over, by rule or by the programme manager, who alone may overrule that."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            _("This deal was passed over (%(reason)s). Only the programme manager can choose it all the same.")
            % {"reason": reason}
        )


class WrongOrder(Refusal):
    """The debrief is not in the state in which this can be done."""


class ReviewTaken(NotAllowed):
    """Somebody else reviews the debrief."""


class SlotTaken(Refusal):
    """Somebody was quicker, or the time is no longer offered."""

    def __init__(self) -> None:
        super().__init__(_("That time was just taken. Please choose another one."))


class BusyElsewhere(Refusal):
    """Somebody else holds the interviewer's bookings or the debrief, longer than one waits for it; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else is changing this at the same moment. Nothing was changed; please try again."))


class TooLate(Refusal):
    """Too close to the call, or moved too often, for the prospect alone."""


class NoSide(Refusal):
    """Nobody was named who did not come."""

    def __init__(self) -> None:
        super().__init__(_("Say which side did not come."))


class NoAnswer(Refusal):
    """A wish of the buyer was settled without a word about how."""

    def __init__(self) -> None:
        super().__init__(_("Say what was done, so that the buyer can read it."))


class AskedToStop(Refusal):
    """A person asked not to be written to; only they can take that back."""

    def __init__(self) -> None:
        super().__init__(
            _("This person asked not to be written to. Only they can take that back, on their personal page.")
        )


class NoReason(Refusal):
    """An act that stays with its reason was given none."""

    def __init__(self) -> None:
        super().__init__(_("Say why mail arrives there now."))


class SeveralRefused(Refusal):
    """Of several plans some cannot be; none was made. `sentences` says why, by the plan's place in the list."""

    def __init__(self, sentences: dict[int, str]) -> None:
        super().__init__(_("Nothing was planned yet. See what stands beside the deals, then plan again."))
        self.sentences = sentences


class CalendarRefused(Refusal):
    """A calendar's address cannot be read, or what it holds is no calendar, or too much."""


class DebriefChanged(Stale):
    """The debrief was changed since the page was shown."""

    def __init__(self) -> None:
        super().__init__(_("This was changed meanwhile. Here is how it stands now."))


class HypothesisChanged(Stale):
    """Another window saved other words since the page was shown; `saved` are those."""

    def __init__(self, saved: str) -> None:
        super().__init__(
            _("Other words were saved here since this page was shown. Both stand here now: keep what you want of them.")
        )
        self.saved = saved


class TextChanged(Stale):
    """Somebody saved other words for this mail since the page was shown."""

    def __init__(self) -> None:
        super().__init__(_("Somebody saved other words meanwhile. Yours stand below; look at theirs before you save."))
