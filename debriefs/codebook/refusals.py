"""What this room refuses, each by name."""

from debriefs.foundation.refusals import Refusal, Stale


class NotInCodebook(Refusal):
    """The driver or category is not one that this change can be made with."""


class NameTaken(Refusal):
    """Another live driver of the category has that name."""


class TooFewOffered(Refusal):
    """A category would be left without a driver to code with."""


class CodebookIsStale(Stale):
    """The codebook was changed since its form was shown. `number` is its version now."""

    def __init__(self, sentence: str, number: int) -> None:
        super().__init__(sentence)
        self.number = number
