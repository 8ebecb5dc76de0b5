"""The guides a new programme starts with: questions, scripts and probes in our own words.

Keys are stable: answers to one question compare across versions and guides by its key.
"""

from typing import NamedTuple


class StarterQuestion(NamedTuple):
    """One question: key, text, intent, what it feeds, whether it must be asked, planned minutes, probes."""

    key: str
    text: str
    intent: str
    feeds: tuple[str, ...]
    must_ask: bool = False
    minutes: int = 3
    probes: tuple[tuple[str, str], ...] = ()


class StarterGuide(NamedTuple):
    """One guide: name, outcome groups it serves, questions in order."""

    name: str
    outcome_groups: tuple[str, ...]
    questions: tuple[StarterQuestion, ...]


Q = StarterQuestion

_CLOSING = (
    Q(
        "closing-hidden-need",
        "What have I not asked that matters here?",
        "What never reached us: needs, risks, politics.",
        ("hidden_need",),
        True,
        2,
        (),
    ),
    Q(
        "closing-relationship-strength",
        "How do you see the relationship with us from here?",
        "Whether the door is open.",
        ("relationship_strength",),
        False,
        2,
        (),
    ),
)

GUIDES: tuple[StarterGuide, ...] = (
    StarterGuide(
        "Won deals",
        ("won",),
        (
            Q(
                "trigger",
                "What was going on in your organisation that made you start looking?",
                "What set the search going, before any supplier was in the room.",
                ("trigger", "need"),
                False,
                3,
                (),
            ),
            Q(
                "awareness",
                "How did we come onto your list?",
                "How they heard of us, what exactly, and from whom.",
                ("awareness_source",),
                True,
                3,
                (("What exactly did you hear, and from whom?", "the source"),),
            ),
            Q(
                "won-process",
                "Walk me through the decision, from the first conversation inside your organisation to the signature.",
                "The steps and the people, in the buyer's order, not ours.",
                ("process", "cycle_time", "buying_group"),
                False,
                5,
                (
                    ("Who joined at that point?", "roles"),
                    ("What took longest?", "cycle time"),
                    ("Who raised the timing?", "when it was not the right time"),
                ),
            ),
            Q(
                "needs",
                "What did a solution have to do for you to take it seriously?",
                "The needs as the buyer would put them.",
                ("need_stated",),
                False,
                3,
                (),
            ),
            Q(
                "won-competitor-evaluated",
                "Which other ways of solving it did you weigh up, including leaving things as they were?",
                "Who and what else was weighed, doing nothing included.",
                ("competitor_evaluated", "status_quo"),
                False,
                3,
                (),
            ),
            Q(
                "won-driver",
                "At the moment of choosing, what tipped it?",
                "The moment it tipped. The first reason is seldom the last.",
                ("driver", "direction", "strength", "root_cause"),
                True,
                5,
                (
                    ("What lay behind that?", "the reason behind the first one"),
                    ("Compared with what?", "when it was too expensive"),
                    ("Had price been equal, what then?", "when price is named"),
                    ("Which task came first to mind?", "when it was a better fit"),
                ),
            ),
            Q(
                "won-driver-hurt",
                "What came closest to stopping you from choosing us?",
                "What nearly stopped it, or did.",
                ("driver_hurt", "undisclosed_risk"),
                False,
                3,
                (
                    ("What did you picture going wrong? For whom?", "the risk"),
                    ("Which concern did management bring?", "when management decided; a role, no name"),
                ),
            ),
            Q(
                "won-relationship",
                "How did dealing with our people during the evaluation compare with the others?",
                "How our people came across, beside the others.",
                ("relationship", "proposal"),
                False,
                3,
                (("What happened that gave that impression?", "an example"),),
            ),
            Q(
                "needs-gap",
                "Where did our proposal differ from what you needed?",
                "Which needs were met, partly met, not met, or met but never shown.",
                ("needs_gap",),
                True,
                3,
                (
                    ("Where did you notice it?", "the moment"),
                    ("Was it missing, or was it not shown?", "capability or perception"),
                ),
            ),
            Q(
                "won-lesson",
                "Before our team's next bid, what would you advise them to do differently?",
                "One thing our side should do differently.",
                ("lesson",),
                False,
                3,
                (),
            ),
            *_CLOSING,
        ),
    ),
    StarterGuide(
        "Lost deals",
        ("lost",),
        (
            Q(
                "trigger",
                "What was going on in your organisation that made you start looking?",
                "What set the search going, before any supplier was in the room.",
                ("trigger", "need"),
                False,
                3,
                (),
            ),
            Q(
                "awareness",
                "How did we come onto your list?",
                "How they heard of us, what exactly, and from whom.",
                ("awareness_source",),
                True,
                3,
                (("What exactly did you hear, and from whom?", "the source"),),
            ),
            Q(
                "lost-process",
                "Walk me through the decision, from the first conversation inside your organisation to the final choice.",
                "The steps and the people, in the buyer's order, not ours.",
                ("process", "cycle_time", "buying_group"),
                False,
                5,
                (
                    ("Who joined at that point?", "roles"),
                    ("What took longest?", "cycle time"),
                    ("Who raised the timing?", "when it was not the right time"),
                ),
            ),
            Q(
                "needs",
                "What did a solution have to do for you to take it seriously?",
                "The needs as the buyer would put them.",
                ("need_stated",),
                False,
                3,
                (),
            ),
            Q(
                "lost-competitor-evaluated",
                "Which options made the final comparison?",
                "Who and what else was weighed, doing nothing included.",
                ("competitor_evaluated",),
                False,
                3,
                (),
            ),
            Q(
                "lost-driver",
                "What tipped the decision towards the option you chose?",
                "The moment it tipped. The first reason is seldom the last.",
                ("driver", "direction", "strength", "stated_reason"),
                True,
                5,
                (
                    ("What lay behind that?", "the reason behind the first one"),
                    ("Compared with what?", "when it was too expensive"),
                    ("Had price been equal, what then?", "when price is named"),
                    ("Which task came first to mind?", "when it was a better fit"),
                ),
            ),
            Q(
                "lost-process-2",
                "At what point did you see our chances change?",
                "The steps and the people, in the buyer's order, not ours.",
                ("process", "turning_point"),
                False,
                5,
                (
                    ("Who joined at that point?", "roles"),
                    ("What took longest?", "cycle time"),
                    ("Who raised the timing?", "when it was not the right time"),
                ),
            ),
            Q(
                "needs-gap",
                "Where did our proposal differ from what you needed?",
                "Which needs were met, partly met, not met, or met but never shown.",
                ("needs_gap",),
                True,
                3,
                (
                    ("Where did you notice it?", "the moment"),
                    ("Was it missing, or was it not shown?", "capability or perception"),
                ),
            ),
            Q(
                "lost-relationship",
                "How did dealing with our people compare with the others?",
                "How our people came across, beside the others.",
                ("relationship", "proposal"),
                False,
                3,
                (("What happened that gave that impression?", "an example"),),
            ),
            Q(
                "lost-hidden-need",
                "Which concerns were discussed inside your organisation that we may not have heard?",
                "What never reached us: needs, risks, politics.",
                ("hidden_need", "undisclosed_risk", "politics"),
                True,
                3,
                (
                    ("What did you picture going wrong? For whom?", "the risk"),
                    ("Which concern did management bring?", "when management decided; a role, no name"),
                ),
            ),
            *_CLOSING,
        ),
    ),
    StarterGuide(
        "Withdrawn deals",
        ("withdrawn_us", "withdrawn_buyer"),
        (
            Q(
                "withdrawn-trigger",
                "What were you hoping would be different by now?",
                "What set the search going, before any supplier was in the room.",
                ("trigger", "need"),
                False,
                3,
                (),
            ),
            Q(
                "awareness",
                "How did we come onto your list?",
                "How they heard of us, what exactly, and from whom.",
                ("awareness_source",),
                True,
                3,
                (("What exactly did you hear, and from whom?", "the source"),),
            ),
            Q(
                "withdrawn-process",
                "Walk me through how the project came to a stop.",
                "The steps and the people, in the buyer's order, not ours.",
                ("process", "turning_point"),
                False,
                5,
                (
                    ("Who joined at that point?", "roles"),
                    ("What took longest?", "cycle time"),
                    ("Who raised the timing?", "when it was not the right time"),
                ),
            ),
            Q(
                "withdrawn-root-cause",
                "What changed along the way?",
                "What lay behind the reason first named.",
                ("root_cause", "budget_timing"),
                True,
                5,
                (
                    ("What took its place?", "when priorities changed"),
                    ("Who raised the timing?", "when it was not the right time"),
                ),
            ),
            Q(
                "withdrawn-buying-group",
                "Which roles had to be in favour for it to go ahead?",
                "Which roles had to agree. Roles, no names of opponents.",
                ("buying_group", "politics"),
                False,
                3,
                (),
            ),
            Q(
                "withdrawn-undisclosed-risk",
                "What risk weighed most in the choice to wait?",
                "The risk that weighed most, for whom.",
                ("undisclosed_risk", "driver"),
                True,
                5,
                (
                    ("What did you picture going wrong? For whom?", "the risk"),
                    ("Which concern did management bring?", "when management decided; a role, no name"),
                ),
            ),
            Q(
                "withdrawn-status-quo",
                "How does the present way of working serve you?",
                "What staying as they are is worth to them.",
                ("status_quo",),
                False,
                3,
                (),
            ),
            Q(
                "withdrawn-driver",
                "What part did our own actions play in it?",
                "The moment it tipped. The first reason is seldom the last.",
                ("driver", "relationship", "proposal"),
                True,
                5,
                (
                    ("What lay behind that?", "the reason behind the first one"),
                    ("Compared with what?", "when it was too expensive"),
                    ("Had price been equal, what then?", "when price is named"),
                    ("Which task came first to mind?", "when it was a better fit"),
                ),
            ),
            Q(
                "withdrawn-hidden-need",
                "Which question about the project was still unanswered at the end?",
                "What never reached us: needs, risks, politics.",
                ("hidden_need", "needs_gap"),
                True,
                3,
                (
                    ("Where did you notice it?", "the moment"),
                    ("Was it missing, or was it not shown?", "capability or perception"),
                ),
            ),
            *_CLOSING,
        ),
    ),
    StarterGuide(
        "Rejected early",
        ("rejected",),
        (
            Q(
                "rejected-process",
                "How did you draw up the list of suppliers to look at?",
                "The steps and the people, in the buyer's order, not ours.",
                ("process",),
                False,
                5,
                (
                    ("Who joined at that point?", "roles"),
                    ("What took longest?", "cycle time"),
                    ("Who raised the timing?", "when it was not the right time"),
                ),
            ),
            Q(
                "rejected-awareness-source",
                "How did we come onto that list?",
                "How they heard of us, what exactly, and from whom.",
                ("awareness_source",),
                True,
                3,
                (("What exactly did you hear, and from whom?", "the source"),),
            ),
            Q(
                "rejected-need-stated",
                "What did a supplier have to show to reach the next round?",
                "The needs as the buyer would put them.",
                ("need_stated", "criteria"),
                False,
                3,
                (),
            ),
            Q(
                "rejected-awareness-source-2",
                "What had you seen or heard of us before you decided?",
                "How they heard of us, what exactly, and from whom.",
                ("awareness_source", "trust"),
                True,
                3,
                (("What exactly did you hear, and from whom?", "the source"),),
            ),
            Q(
                "rejected-driver-hurt",
                "What was missing for us to go through?",
                "What nearly stopped it, or did.",
                ("driver_hurt", "needs_gap", "stated_reason"),
                True,
                3,
                (
                    ("Where did you notice it?", "the moment"),
                    ("Was it missing, or was it not shown?", "capability or perception"),
                ),
            ),
            Q(
                "rejected-proposal",
                "How did the information we gave match what you were looking for?",
                "How well our information answered their question.",
                ("proposal", "needs_gap"),
                True,
                3,
                (
                    ("Where did you notice it?", "the moment"),
                    ("Was it missing, or was it not shown?", "capability or perception"),
                ),
            ),
            Q(
                "rejected-qualification",
                "What kind of request would you advise us to decline next time?",
                "Which requests are not worth our answer.",
                ("qualification", "lesson"),
                False,
                3,
                (),
            ),
            *_CLOSING,
        ),
    ),
)


OPENING = """Thank you for taking the time. I had no part in this purchase and I do not sell anything.

Your decision stands: nobody will try to change it, and there is no offer at the end. We ask because we want to understand how the choice looked from your side, and do better next time.

It takes about {minutes} minutes. You may skip any question and stop at any time. Please keep other suppliers' prices and documents to yourself.

I take notes. A reviewer reads them first; then the team does, without your name unless you allow it, and you see any quotation before it is used.

Is that all right for you?"""

CLOSING = """That was my last question. Before we end, a few things I may only do if you allow them:

May we use something you said as a quotation, once you have seen the exact words? Would you tell another buyer about your experience? Is there a colleague whose view would help us understand this decision? May I come back to you if my notes leave something unclear? May the company contact you again about future needs? Would you like to hear what was changed because of what you told us?

Thank you. What you said is written up and checked before anybody on the sales side reads it."""
