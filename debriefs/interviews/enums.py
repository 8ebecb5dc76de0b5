"""How a question went, kinds of sheet, what a buyer may permit, and what a write-up judges."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from debriefs.guides.enums import PermissionKind

__all__ = [
    "AnswerState", "AwarenessHow", "CycleTime", "Decision", "DisclosureKind", "KnownBefore", "NeedOutcome", "PermissionKind", "Quality",
    "QuoteLevel", "RecordField", "Said", "SheetKind", "Standing", "Verdict", "Wish",
]  # fmt: skip


class SheetKind(models.TextChoices):
    CALL = "call", _("Notes of the call")
    WRITTEN = "written", _("Written debrief")


class AnswerState(models.TextChoices):
    EMPTY = "empty", _("Not asked yet")
    NOTED = "noted", _("Noted")
    NOT_ASKED = "not_asked", _("Not asked")
    DECLINED = "declined", _("Declined to answer")


class QuoteLevel(models.TextChoices):
    NONE = "none", _("None")
    INTERNAL = "internal", _("Inside the company")
    ANONYMOUS = "anonymous", _("Without name")
    NAMED = "named", _("With name")


class RecordField(models.TextChoices):
    """The fields of the sales record that the buyer's words are held against."""

    REASON = "reason", _("Reason")
    COMPETITOR = "competitor", _("Competitor")
    DECIDING_ROLE = "deciding_role", _("Who decided")
    TIMELINE = "timeline", _("Timeline")
    NEEDS = "needs", _("Needs uncovered")
    AWARENESS_SOURCE = "awareness_source", _("Awareness source")


class Verdict(models.TextChoices):
    RIGHT = "right", _("Right")
    PARTLY = "partly", _("Partly right")
    WRONG = "wrong", _("Wrong")
    MISSING = "missing", _("Missing")


class NeedOutcome(models.TextChoices):
    MET = "met", _("Met")
    PARTLY = "partly", _("Partly met")
    NOT_MET = "not_met", _("Not met")
    NOT_SHOWN = "not_shown", _("Existed but was not shown")


class Decision(models.TextChoices):
    """What the buyer did in the end."""

    US = "us", _("Chose us")
    COMPETITOR = "competitor", _("Chose a competitor")
    IN_HOUSE = "in_house", _("Does it in-house")
    NOTHING = "nothing", _("Bought from nobody")
    UNKNOWN = "unknown", _("Not known")


class Standing(models.TextChoices):
    """How we compared, in the buyer's eyes."""

    BETTER = "better", _("We were ahead")
    LEVEL = "level", _("About level")
    BEHIND = "behind", _("We were behind")
    UNKNOWN = "unknown", _("Not known")


class AwarenessHow(models.TextChoices):
    """How the buyer first heard of us."""

    RECOMMENDATION = "recommendation", _("Recommendation")
    EXISTING = "existing", _("Already a customer or supplier")
    SEARCH = "search", _("Own search")
    PUBLICATION = "publication", _("Press, post or publication")
    EVENT = "event", _("Event or fair")
    ANALYST = "analyst", _("Analyst or comparison page")
    PARTNER = "partner", _("Partner or adviser")
    OUTREACH = "outreach", _("We approached them")
    TENDER = "tender", _("Tender portal")
    OTHER = "other", _("Another way")
    UNKNOWN = "unknown", _("Not known")


class CycleTime(models.TextChoices):
    """How long the decision took against what the buyer had planned."""

    QUICKER = "quicker", _("Quicker than planned")
    AS_PLANNED = "as_planned", _("As planned")
    SLOWER = "slower", _("Slower than planned")
    NO_PLAN = "no_plan", _("There was no plan")


class Wish(models.TextChoices):
    """Whether the buyer wished by themselves that the matter be looked at again."""

    YES = "yes", _("Yes, of their own accord")
    NO = "no", _("No")
    NOT_RAISED = "not_raised", _("Not raised")


class Said(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


class DisclosureKind(models.TextChoices):
    HIDDEN_NEED = "hidden_need", _("Hidden need")
    RISK = "risk", _("Risk nobody spoke of")
    POLITICS = "politics", _("Interests inside the buyer")


class KnownBefore(models.TextChoices):
    """Whether our side knew it before the debrief."""

    YES = "yes", _("We knew")
    PARTLY = "partly", _("We knew in part")
    NO = "no", _("We did not know")
    UNKNOWN = "unknown", _("Cannot say")


class Quality(models.TextChoices):
    """How far the interviewer would rely on the conversation."""

    FRANK = "frank", _("Frank and full")
    GUARDED = "guarded", _("Guarded")
    SHORT = "short", _("Short of time")
    THIN = "thin", _("Little of use")
