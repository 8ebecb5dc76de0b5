"""A clear refusal: an action that may not happen says so in a sentence for the person who tried."""

from django.utils.functional import Promise


class Refusal(Exception):
    """The action was refused and nothing was changed. `str(refusal)` is the sentence shown to the person.

    Each room names its own subclasses, so that callers tell refusals apart by type, never by text.
    """

    def __init__(self, sentence: "str | Promise") -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class NotAllowed(Refusal):
    """The person sees the thing but may not do this to it: views answer 403 with the sentence."""


class Stale(Refusal):
    """Somebody changed the thing since it was shown: views answer 409 with both versions."""
