"""What this room refuses, each by name."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _

from debriefs.foundation.refusals import Refusal, Stale

if TYPE_CHECKING:
    from debriefs.deals.models import Contact, Deal, Need, OwnView


class NotNeutral(Refusal):
    """The person sells this deal, or did, and so cannot interview its buyer; or the other way round."""


class MissingFact(Refusal):
    """A fact without which the deal cannot stand, such as the decision date of a decided deal."""


class DealIsStale(Stale):
    """The deal was changed since its form was shown. `current` is the deal as it is now."""

    def __init__(self, current: "Deal") -> None:
        super().__init__(_("Somebody changed this deal while you were typing. Nothing of yours was saved yet."))
        self.current = current


class OwnViewClosed(Refusal):
    """The interview has begun, so the own view can no longer be adjusted to it."""


class OwnViewIsStale(Stale):
    """The own view was saved from another window since it was shown. `current` is what is saved now."""

    def __init__(self, current: "OwnView") -> None:
        super().__init__(_("This own view was saved from another window meanwhile. Compare both and save again."))
        self.current = current


class NeedIsStale(Stale):
    """The need was changed or taken away since its form was shown. `current` is what it is now, None when it is gone."""

    def __init__(self, current: "Need | None") -> None:
        super().__init__(_("Somebody changed this need while you were typing. Nothing of yours was saved yet."))
        self.current = current


class TooManyNeeds(Refusal):
    """The deal lists as many needs as one conversation can ask about, and more."""


class ContactIsStale(Stale):
    """The contact was changed since its form was shown. `current` is what is saved now."""

    def __init__(self, current: "Contact") -> None:
        super().__init__(_("Somebody changed this contact while you were typing. Nothing of yours was saved yet."))
        self.current = current


class ImportUnderWay(Refusal):
    """A contact is erased while an import reads or writes people: it could bring them back."""


class AskedToBeErased(Refusal):
    """The address, or without one the name in this company, belongs to somebody whom the programme erased at their wish."""

    def __init__(self) -> None:
        super().__init__(_("Whoever has this name or address asked us to erase them and is not written to again."))


class AddressTaken(Refusal):
    """Another contact of the programme has this mailbox."""


class NoAddress(Refusal):
    """The contact has no e-mail address, so nobody can be asked."""


class RecentlyApproached(Refusal):
    """The address is still protected from another approach until `until`."""

    def __init__(self, until: date) -> None:
        super().__init__(
            _("This person was asked for a debrief not long ago and is left alone until %(day)s.")
            % {"day": formats.date_format(until, "D j M Y")}
        )
        self.until = until


class UnreadableFile(Refusal):
    """The file cannot be read as rows; the sentence says where and what to do."""


class NotDecided(Refusal):
    """The deal is not one that could be chosen: open, invalid or excluded."""


class AlreadyPlanned(Refusal):
    """A debrief of the deal is under way, so it can no longer be passed over."""


class NotRunning(Refusal):
    """The import is not in the state in which this can be done."""


class ConflictIsStale(Stale):
    """The deal no longer says what was shown beside the file's value."""


class TooManyViews(Refusal):
    """The person has named as many views of the list as one keeps."""
