"""What this room refuses, each by name."""

from debriefs.foundation.refusals import Refusal


class LastAdmin(Refusal):
    """A programme without a programme manager could not be helped by anybody."""


class AlreadyMember(Refusal):
    """The address belongs to a live member already."""


class InvitationOver(Refusal):
    """The invitation was accepted, withdrawn or has expired."""


class AnotherAddress(Refusal):
    """The address and the Person named do not belong together."""
