"""The guides a new programme begins with, as data: won, lost, withdrawn (both ways) and rejected, in English.

A question that means the same has the same key in every guide, so that answers compare across guides.
"""

from typing import NamedTuple

from debriefs.guides.enums import OutcomeGroup


class StarterQuestion(NamedTuple):
    """One question as a new programme gets it; `probes` are pairs of text and what it is for."""

    key: str
    section: str
    text: str
    intent: str
    feeds: tuple[str, ...]
    minutes: int
    probes: tuple[tuple[str, str], ...]
    must_ask: bool = False


class StarterGuide(NamedTuple):
    """One guide with its scripts and questions, in order."""

    name: str
    outcome_groups: tuple[str, ...]
    minutes: int
    opening: str
    closing: str
    questions: tuple[StarterQuestion, ...]
    language: str = "en"


BEGINNING, DECISION, OUR_PART, CLOSING = "How it began", "The decision", "Our part in it", "Closing"

_BEHIND = ("What lay behind that?", "From the first reason to the one behind it; up to three times")
_EXAMPLE = ("Could you give me an example?", "From a judgement to an event")
_NEXT = ("What happened next?", "The order of events")
_JUST_NOW = ("What made you say so just now?", "A word that was chosen with care")

Q = StarterQuestion

_TRIGGER = Q(
    "trigger",
    BEGINNING,
    "What was going on in your organisation that made you start looking?",
    "Warm up, and hear the need in the buyer's words before any product is named.",
    ("trigger", "need"),
    2,
    (_EXAMPLE, ("Who felt it first?", "The role that carried the need")),
)
_AWARENESS = Q(
    "awareness",
    BEGINNING,
    "How did we come onto your list?",
    "How they heard of us, what they heard, and from whom.",
    ("awareness_source",),
    1,
    (
        ("From whom did that come?", "The source behind the source"),
        ("What had you heard by then?", "The picture of us"),
    ),
)
_NEED = Q(
    "need-stated",
    DECISION,
    "What did a solution have to do for you to take it seriously?",
    "The criteria as they stood, sorted by weight, not by length of talk.",
    ("need_stated",),
    2,
    (("Which of these came first?", "The one that weighed most"), _EXAMPLE),
)
_GAP = Q(
    "proposal-gap",
    OUR_PART,
    "Where did our proposal differ from what you needed?",
    "Gaps: not there at all, or there and not shown.",
    ("needs_gap",),
    2,
    (
        ("Where did you notice it?", "The moment, and who noticed"),
        ("How did you settle it in the end?", "Whether it weighed"),
    ),
)
_PEOPLE = Q(
    "our-people",
    OUR_PART,
    "How did dealing with our people compare with the others?",
    "What it was like to buy from us. Roles are enough, no names.",
    ("relationship", "proposal"),
    2,
    (("What happened that gave that impression?", "From an impression to an event"), _EXAMPLE),
)
_ELSE = Q(
    "what-else",
    CLOSING,
    "What have I not asked that matters here?",
    "Leave room. Wait before going on.",
    ("hidden_need",),
    2,
    (_JUST_NOW,),
    must_ask=True,
)
_FROM_HERE = Q(
    "from-here",
    CLOSING,
    "How do you see the relationship with us from here?",
    "Where things stand. A wish to reopen the matter is noted as the buyer's own.",
    ("relationship_strength",),
    1,
    (_BEHIND,),
)

_OPENING = (
    "Thank you for the time. I took no part in this {purchase} and I do not sell.\n"
    "Your decision stands: I am not here to change it, and there will be no offer.\n"
    "We ask because we want to learn how such decisions are made, and what we should do differently.\n"
    "It takes about {minutes} minutes. You can skip any question, and stop whenever you like.\n"
    "Please keep to yourself what others told you in confidence, such as their prices.\n"
    "My notes are read by the person who checks them and by the manager of this programme. Nothing goes further with your "
    "name on it unless you agree, and you see every quotation before it is used.\n"
    "I would like to take notes. Is that all right with you?"
)
_CLOSING = (
    "Thank you, that was very helpful.\n"
    "There are a few things I should ask about what we may do with what you told me. Each is yours to say yes or no to, and you can "
    "change your mind at any time by writing to us.\n"
    "What happens next: I write up my notes within a few days, someone else checks them, and then the team learns from them. "
    "Your personal link stays open, should you wish to see or change anything."
)


def _guide(
    name: str, groups: tuple[str, ...], purchase: str, questions: tuple[StarterQuestion, ...], minutes: int = 30
) -> StarterGuide:
    opening = _OPENING.format(purchase=purchase, minutes=minutes)
    return StarterGuide(name, groups, minutes, opening, _CLOSING, (*questions, _ELSE, _FROM_HERE))


WON = _guide(
    "Won deals",
    (OutcomeGroup.WON,),
    "sale",
    (
        _TRIGGER,
        _AWARENESS,
        Q(
            "walk-through",
            DECISION,
            "Walk me through the decision, from the first conversation inside your organisation to the signature.",
            "The timeline and who took part, by role. Let it run.",
            ("process", "cycle_time", "buying_group"),
            5,
            (_NEXT, ("Who joined at that point?", "The buying group, by role")),
            must_ask=True,
        ),
        _NEED,
        Q(
            "alternatives",
            DECISION,
            "Which other ways of solving it did you weigh up, including leaving things as they were?",
            "Rivals, doing it themselves, doing nothing.",
            ("competitor_evaluated", "status_quo"),
            2,
            (("What separated first from second?", "How close it was, and on what"), _EXAMPLE),
        ),
        Q(
            "tipping-point",
            DECISION,
            "At the moment of choosing, what tipped it?",
            "Listen for the moment, and who was in the room. The first reason is seldom the last.",
            ("driver", "direction", "strength", "stated_reason", "root_cause"),
            4,
            (_BEHIND, _JUST_NOW),
            must_ask=True,
        ),
        Q(
            "nearly-not",
            OUR_PART,
            "What came closest to stopping you from choosing us?",
            "The risk nobody told us about: the people who deliver need to hear it before they start.",
            ("driver_hurt", "undisclosed_risk"),
            3,
            (("What did you picture going wrong?", "The risk as it was felt"), ("For whom?", "Who carries the risk")),
        ),
        _PEOPLE._replace(text="How did dealing with our people during the evaluation compare with the others?"),
        _GAP,
        Q(
            "advice",
            OUR_PART,
            "Before our team's next bid, what would you advise them to do differently?",
            "Advice is criticism that comes easily.",
            ("lesson",),
            2,
            (_EXAMPLE,),
        ),
    ),
)

LOST = _guide(
    "Lost deals",
    (OutcomeGroup.LOST,),
    "sale",
    (
        _TRIGGER,
        _AWARENESS,
        Q(
            "walk-through",
            DECISION,
            "Walk me through the decision, from the first conversation inside your organisation to the final choice.",
            "The timeline and who took part, by role. Let it run.",
            ("process", "cycle_time", "buying_group"),
            5,
            (_NEXT, ("Who joined at that point?", "The buying group, by role")),
            must_ask=True,
        ),
        _NEED,
        Q(
            "alternatives",
            DECISION,
            "Which options made the final comparison?",
            "Names are welcome, prices and papers of others are not.",
            ("competitor_evaluated",),
            2,
            (("What separated first from second?", "How close it was, and on what"),),
        ),
        Q(
            "tipping-point",
            DECISION,
            "What tipped the decision towards the option you chose?",
            "Listen for the moment, and who was in the room. The first reason is seldom the last.",
            ("driver", "direction", "strength", "stated_reason", "root_cause"),
            4,
            (_BEHIND, ("Had that been equal, what then?", "Whether it decided or only came first"), _JUST_NOW),
            must_ask=True,
        ),
        Q(
            "turning-point",
            DECISION,
            "At what point did you see our chances change?",
            "The event, and what could have been seen from our side.",
            ("process", "turning_point"),
            3,
            (_NEXT, _JUST_NOW),
        ),
        _GAP,
        _PEOPLE,
        Q(
            "unheard-concerns",
            OUR_PART,
            "Which concerns were discussed inside your organisation that we may not have heard?",
            "Hidden needs, risks and politics. Roles, never names.",
            ("hidden_need", "undisclosed_risk", "politics"),
            3,
            (("Which role brought it up?", "Whose concern it was, without a name"), _BEHIND),
        ),
    ),
)

WITHDRAWN = _guide(
    "Withdrawn deals",
    (OutcomeGroup.WITHDRAWN_US, OutcomeGroup.WITHDRAWN_BUYER),
    "project",
    (
        _TRIGGER._replace(
            key="hoped-for",
            text="What were you hoping would be different by now?",
            intent="The need, as it stood before the project stopped.",
        ),
        _AWARENESS,
        Q(
            "walk-through",
            DECISION,
            "Walk me through how the project came to a stop.",
            "The timeline, and whether anybody decided it.",
            ("process", "turning_point"),
            5,
            (_NEXT, ("Who raised it first?", "Where the stop came from")),
            must_ask=True,
        ),
        Q(
            "what-changed",
            DECISION,
            "What changed along the way?",
            "Budget, people, priorities. The first answer is often the polite one.",
            ("root_cause", "stated_reason", "budget_timing"),
            4,
            (_BEHIND, ("What took its place?", "What won against the project")),
            must_ask=True,
        ),
        Q(
            "who-had-to-agree",
            DECISION,
            "Which roles had to be in favour for it to go ahead?",
            "The buying group, and where it was divided.",
            ("buying_group", "politics"),
            3,
            (("Which of them had doubts?", "The role, no name"),),
        ),
        Q(
            "risk-of-going-on",
            DECISION,
            "What risk weighed most in the choice to wait?",
            "The fear behind the delay.",
            ("undisclosed_risk", "driver"),
            3,
            (("What did you picture going wrong?", "The risk as it was felt"), ("For whom?", "Who carries the risk")),
        ),
        Q(
            "status-quo",
            OUR_PART,
            "How does the present way of working serve you?",
            "What the project lost against.",
            ("status_quo",),
            2,
            (_EXAMPLE,),
        ),
        Q(
            "our-own-part",
            OUR_PART,
            "What part did our own actions play in it?",
            "Ask as calmly as all the rest, and take what comes.",
            ("driver", "relationship", "proposal"),
            3,
            (_EXAMPLE, ("What happened that gave that impression?", "From an impression to an event")),
        ),
        Q(
            "unanswered",
            OUR_PART,
            "Which question about the project was still unanswered at the end?",
            "A gap that existed, or one that was only not shown.",
            ("hidden_need", "needs_gap"),
            3,
            (_BEHIND,),
        ),
    ),
)

REJECTED = _guide(
    "Rejected early",
    (OutcomeGroup.REJECTED,),
    "selection",
    (
        Q(
            "long-list",
            BEGINNING,
            "How did you draw up the list of suppliers to look at?",
            "Where the list comes from, and who writes it.",
            ("process",),
            2,
            (("Who took part in that?", "The roles behind the list"),),
        ),
        _AWARENESS._replace(text="How did we come onto that list?"),
        Q(
            "threshold",
            DECISION,
            "What did a supplier have to show to reach the next round?",
            "Criteria and formalities, told apart.",
            ("need_stated", "criteria"),
            3,
            (("Which of these could not be bent?", "A must, or a wish"),),
            must_ask=True,
        ),
        Q(
            "picture-of-us",
            DECISION,
            "What had you seen or heard of us before you decided?",
            "Reputation and first impression.",
            ("awareness_source", "trust"),
            3,
            (_EXAMPLE,),
        ),
        Q(
            "what-was-missing",
            DECISION,
            "What was missing for us to go through?",
            "The stated reason. Ask what lay behind it.",
            ("driver_hurt", "needs_gap", "stated_reason", "root_cause"),
            4,
            (_BEHIND, ("Was it missing, or only not shown?", "A gap in the offer, or in what we showed of it")),
            must_ask=True,
        ),
        Q(
            "information-match",
            OUR_PART,
            "How did the information we gave match what you were looking for?",
            "What was read, and what was looked for in vain.",
            ("proposal", "needs_gap"),
            2,
            (_EXAMPLE,),
        ),
        Q(
            "decline-next-time",
            OUR_PART,
            "What kind of request would you advise us to decline next time?",
            "When bidding is a waste of both sides' time.",
            ("qualification", "lesson"),
            2,
            (_BEHIND,),
        ),
    ),
    minutes=20,
)

GUIDES: tuple[StarterGuide, ...] = (WON, LOST, WITHDRAWN, REJECTED)
