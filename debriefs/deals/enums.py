"""Outcomes, parties, parts in a decision and states of an import."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REJECTED = "rejected", _("Rejected")
    INVALID = "invalid", _("Invalid")


# The outcomes that a debrief can follow and that statistics count.
DECIDED = (Outcome.WON, Outcome.LOST, Outcome.WITHDRAWN, Outcome.REJECTED)


class WithdrawnBy(models.TextChoices):
    US = "us", _("by us")
    BUYER = "buyer", _("by the buyer")


class PartyKind(models.TextChoices):
    OWNER = "owner", _("Owner")
    TEAM = "team", _("Deal team")
    INTERVIEWER = "interviewer", _("Interviewer")


class DecisionPart(models.TextChoices):
    ECONOMIC_BUYER = "economic_buyer", _("Economic buyer")
    CHAMPION = "champion", _("Champion")
    EVALUATOR = "evaluator", _("Evaluator")
    USER = "user", _("User")
    PROCUREMENT = "procurement", _("Procurement")
    UNKNOWN = "unknown", _("Part not known")


class NeedWeight(models.TextChoices):
    MUST = "must", _("Must")
    SHOULD = "should", _("Should")


class Approval(models.TextChoices):
    WAITING = "waiting", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Not to be asked")


class DebriefState(models.TextChoices):
    """Where the debrief of a deal stands; `calls` pushes it down so that lists filter in one query."""

    NONE = "none", _("Not planned")
    PLANNED = "planned", _("Planned")
    INVITED = "invited", _("Invited")
    BOOKED = "booked", _("Booked")
    HELD = "held", _("Held")
    WRITTEN_UP = "written_up", _("Written up")
    REVIEWED = "reviewed", _("Reviewed")
    RELEASED = "released", _("Released")
    DECLINED = "declined", _("Declined")
    CLOSED = "closed", _("Closed")


# From here on the interviewer has heard the buyer and can no longer change sides.
HEARD = (DebriefState.HELD, DebriefState.WRITTEN_UP, DebriefState.REVIEWED, DebriefState.RELEASED)


class Selection(models.TextChoices):
    UNDECIDED = "undecided", _("Not decided yet")
    CHOSEN = "chosen", _("Chosen")
    PASSED_OVER = "passed_over", _("Passed over")


class SelectionRule(models.TextChoices):
    """By which rule a decided deal was chosen or passed over, in the order in which the rules are asked."""

    INVALID = "invalid", _("Invalid: outside all statistics")
    NO_STATISTICS = "no_statistics", _("Excluded from all statistics")
    NO_OUTREACH = "no_outreach", _("Excluded from outreach")
    OVERRULED = "overruled", _("Decided by the programme manager")
    BEFORE = "before", _("Before the programme")
    OUTCOME = "outcome", _("Outcome not asked about")
    AMOUNT = "amount", _("Below the smallest amount")
    SEGMENT = "segment", _("Segment not asked about")
    TEAM = "team", _("Team not asked about")
    COMPETITOR = "competitor", _("None of the competitors met")
    EVERY = "every", _("Every deal that the rules describe")
    IN_SAMPLE = "in_sample", _("In the sample")
    OUT_OF_SAMPLE = "out_of_sample", _("Outside the sample")


class ExclusionKind(models.TextChoices):
    OUTREACH = "outreach", _("Out of outreach")
    STATISTICS = "statistics", _("Out of all statistics")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Columns to match")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Stopped")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class ConflictChoice(models.TextChoices):
    """What became of a value that a person changed here and the file says otherwise."""

    OPEN = "open", _("To be decided")
    OURS = "ours", _("Kept as changed here")
    THEIRS = "theirs", _("Taken from the file")
    SETTLED = "settled", _("Settled: a later file agrees")
    ASKED_AGAIN = "asked_again", _("Asked again by a later file")


# What people call the facts of a deal: labels of forms and words of the history.
FACT_NAMES = {
    "name": _("Deal name"),
    "company": _("Company"),
    "team": _("Team"),
    "owner": _("Owner"),
    "offering": _("Offering"),
    "solution_presented": _("Solution presented"),
    "segment": _("Segment"),
    "stage": _("Stage in the CRM"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "outcome": _("Outcome"),
    "withdrawn_by": _("Withdrawn by"),
    "opened_on": _("Opened on"),
    "decided_on": _("Decision date"),
    "implementation_starts_on": _("Implementation starts on"),
    "competitors": _("Competitors met"),
    "winner": _("Competitor who won"),
    "crm_reason": _("Reason in the CRM"),
    "announced_on": _("Announced to the buyer on"),
}
# Further lines of a deal's history, beside its facts.
CHANGE_NAMES = FACT_NAMES | {"needs": _("Needs"), "contact": _("Contact"), "people": _("People")}
# In which languages the product writes to a buyer.
CONTACT_LANGUAGES = {"en": _("English"), "de": _("German"), "fr": _("French"), "es": _("Spanish")}
