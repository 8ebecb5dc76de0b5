"""What this room refuses, each by name."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from debriefs.foundation.refusals import Refusal, Stale
from debriefs.interviews.enums import PermissionKind

if TYPE_CHECKING:
    from debriefs.interviews.models import Answer, AnswerSheet, WriteUpRevision
    from debriefs.interviews.write_up_parts import Part


class AnswerIsStale(Stale):
    """The answer was saved from elsewhere since it was shown. `current` is the answer as it is saved now; the refused text is kept."""

    def __init__(self, current: "Answer") -> None:
        super().__init__(
            _("This answer was saved from another window meanwhile. Both texts are kept; choose what shall stand.")
        )
        self.current = current


class OpeningIsStale(Stale):
    """What was written down before the first question was saved from elsewhere since it was shown. `current` is the sheet as it is now."""

    def __init__(self, current: "AnswerSheet") -> None:
        super().__init__(
            _("This was saved from another window meanwhile. Both texts are shown; choose what shall stand.")
        )
        self.current = current


class PartIsStale(Stale):
    """This part of the write-up was saved from elsewhere since it was shown. `current` is the part as it is; the refused text is kept."""

    def __init__(self, current: "Part", revision: int, last: "WriteUpRevision | None") -> None:
        super().__init__(
            _("This part was saved from another window meanwhile. Both texts are kept; choose what shall stand.")
        )
        self.current, self.revision, self.last = current, revision, last


class PermissionsAreStale(Stale):
    """The buyer said otherwise since the page was shown, and that stands. `torn` by kind: what is recorded now, "yes", "no" or a level."""

    def __init__(self, torn: dict[str, str]) -> None:
        kinds = ", ".join(str(PermissionKind(kind).label) for kind in torn)
        super().__init__(
            _(
                "Somebody else, most likely the buyer, said otherwise meanwhile: %(kinds)s. That stands. Choose again only if it was said to you later."
            )
            % {"kinds": kinds}
        )
        self.torn = torn


class WriteUpIsSubmitted(Refusal):
    """This version of the write-up was handed in, so it no longer changes."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This write-up was handed in and no longer changes. What you typed is kept; correct it with a new version."
            )
        )


class NoSuchPart(Refusal):
    """The part that was typed in was taken out of the write-up."""

    def __init__(self) -> None:
        super().__init__(_("This part was taken out of the write-up meanwhile. What you typed is kept here: copy it."))


class NoReason(Refusal):
    """A correction says why."""

    def __init__(self) -> None:
        super().__init__(_("Say why the write-up is corrected. Whoever checks it reads that first."))


class SheetIsSubmitted(Refusal):
    """The write-up was handed in, so the notes under it no longer change."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The write-up was handed in, so these notes no longer change. What you typed is still here: you can copy it."
            )
        )


class WrittenIsSent(Refusal):
    """The buyer sent their written answers, so these no longer change."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Your answers were sent and no longer change. What you typed is still here: you can copy it and write to us."
            )
        )


class WritingIsOver(Refusal):
    """The debrief takes no written answers any more."""

    def __init__(self) -> None:
        super().__init__(
            _("This conversation is over: nothing more can be sent. What you typed is still here: you can copy it.")
        )


class NothingWritten(Refusal):
    """Nothing was answered yet, so there is nothing to send."""

    def __init__(self) -> None:
        super().__init__(_("Nothing is answered yet. Answer at least one question, then send."))


class NothingToWrite(Refusal):
    """The guide has no question that is fit for writing."""

    def __init__(self) -> None:
        super().__init__(_("These questions are only asked in a conversation. Please choose a time instead."))


class IsErased(Refusal):
    """The buyer was erased at their wish: what is typed about them is kept nowhere, not even as a refused text."""

    def __init__(self) -> None:
        super().__init__(_("What was said here was erased at the buyer’s wish. Nothing more is kept."))


class DebriefIsClosed(Refusal):
    """The debrief ended, or passed to somebody else, so nothing more is noted by this person."""

    def __init__(self) -> None:
        super().__init__(_("This debrief is closed. Nothing more can be noted in it."))


class NoSuchChoice(Refusal):
    """Something was chosen that the question does not offer."""

    def __init__(self) -> None:
        super().__init__(_("That cannot be chosen as an answer to this question. Your note is still here."))


class OperationReused(Refusal):
    """The same operation was already used for another answer: the save is not what it says it is."""

    def __init__(self) -> None:
        super().__init__(
            _("This save belongs to another answer. Reload the page and save again; your text is still here.")
        )


class NotBegun(Refusal):
    """There is no sheet yet: the interview has to be begun first."""

    def __init__(self) -> None:
        super().__init__(_("The interview has not begun yet. Begin it first."))


class WriteUpIncomplete(Refusal):
    """Something that the write-up waits for is missing; the checklist names it."""

    def __init__(self) -> None:
        super().__init__(_("The write-up is not complete. What is missing stands in the list above."))


class NoEvidence(Refusal):
    """A driver stands on the buyer's words or on a note, never on nothing."""

    def __init__(self) -> None:
        super().__init__(_("Say what the driver stands on: the buyer’s words, or a note of your own."))


class UnreadableTranscript(Refusal):
    """The file cannot be read as a transcript; the sentence says why and what to do."""


class TranscriptExists(Refusal):
    """A debrief has one transcript."""

    def __init__(self) -> None:
        super().__init__(_("This debrief has a transcript already. Take it out first if the other one shall stand."))


class IsMarkedIn(Refusal):
    """Words of the transcript are marked, and would lose their source."""

    def __init__(self) -> None:
        super().__init__(_("The buyer’s words are marked in it. Unmark them first."))


class NotAligned(Refusal):
    """What is marked belongs to a question."""

    def __init__(self) -> None:
        super().__init__(_("Say first which question this passage belongs to."))


class NotInPassage(Refusal):
    """The buyer's own words are those that stand there."""

    def __init__(self) -> None:
        super().__init__(_("These words do not stand in the passage. Mark them as they stand there."))


class NoSuchProbe(Refusal):
    """The probe belongs to no question of this guide and to no kind of vague answer."""

    def __init__(self) -> None:
        super().__init__(_("This probe is not known here. Reload the page; your notes are kept."))
