"""What this room refuses, each by name."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from debriefs.foundation.refusals import Refusal, Stale
from debriefs.guides.conditions import Problem
from debriefs.guides.lint import Remark


class VersionIsPublished(Refusal):
    """A published version never changes."""

    def __init__(self) -> None:
        super().__init__(_("This version is published and never changes. Start a draft of the next version instead."))


class NothingToAsk(Refusal):
    """A guide without a question cannot be published."""

    def __init__(self) -> None:
        super().__init__(_("The draft has no question yet. Write at least one before you publish it."))


class NameIsTaken(Refusal):
    """Another guide of the programme is called that."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is a guide called “%(name)s” already.") % {"name": name})


class NothingToUndo(Refusal):
    """The draft stands as it was begun, or as far back as is kept."""

    def __init__(self) -> None:
        super().__init__(_("There is no earlier save of this draft to go back to."))


class PathIsBroken(Refusal):
    """A condition makes no sense, or a question can never be asked. `problems`: which, and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(f"{problem.label or problem.key}: {problem.sentence}" for problem in self.problems))


class NotFitToAsk(Refusal):
    """A question sells again, or none is open: the only two things of the lint that keep a guide from being published."""

    def __init__(self, found: Sequence[tuple[str, Remark]]) -> None:
        super().__init__(
            " ".join(
                f"{text}: {remark.reason} {remark.better}" if text else f"{remark.reason}" for text, remark in found
            )
        )


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
