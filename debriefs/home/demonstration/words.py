"""What is said in the demonstration: sales notes, own views, notes under questions, verbatims by driver. Our own words."""

# The buyer's words, by driver key and direction.
VERBATIMS: dict[tuple[str, str], tuple[str, ...]] = {
    ("implementation-plan", "hurt"): (
        "Nobody could tell me who I would call on the first Monday.",
        "Plenara brought a calendar with names for the first ten weeks. Yours had a chart with arrows.",
        "We could see ourselves in their first four weeks. With yours we had to take it on faith.",
        "I asked three times how the depots would be switched over, and got three different answers.",
        "What kept people up at night was who would sit with them in the first month.",
        "Their plan had our holidays in it. Yours could have been for anyone.",
        "Six months to go live was said in passing, and it ended the conversation in our board.",
        "They showed the day we would turn the old system off. You showed a phase.",
        "I needed to tell my night shift what changes on which date. I could not.",
        "You were sure it would go well. I wanted to see what happens if it does not.",
        "Whoever was to set it up for us was not in a single meeting.",
        "Our works council wanted dates before it would say yes, and we had none to give.",
        "When we asked for the plan, a price list came.",
    ),
    ("implementation-plan", "helped"): (
        "Your consultant drew the first month on our whiteboard, and it is still there.",
        "I could show my board a date and a name, and that was the end of the discussion.",
        "You let us start with one depot, and that made it safe to say yes.",
    ),
    ("implementation-effort", "hurt"): (
        "We would have had to free two planners for half a year, and we have three.",
        "The list of what we had to prepare was longer than the offer.",
        "It looked like work for us, and we had bought it to have less of it.",
    ),
    ("perceived-value", "hurt"): (
        "It was not that it cost more. I could not say what the more was for.",
        "When finance asked what we get in the first year, I had nothing to put on the slide.",
        "On paper the two did the same. So we took the one that cost less.",
        "I told your people it was the price. The truth is that I could not explain the difference at home.",
        "I believed in it. I just had no sentence for the people who pay.",
        "You showed us everything it can do and never what it would save us.",
        "Nobody on your side ever asked what an empty shift costs us.",
    ),
    ("perceived-value", "helped"): (
        "You worked out with us what one uncovered night costs, and after that nobody spoke of the price.",
        "I could show in one line what we would save by the spring.",
    ),
    ("budget", "hurt"): (
        "We had a fixed sum, and you were above it. There was nothing more behind it.",
        "The money for this year was simply gone.",
        "It was too expensive, honestly. That is what I told your people.",
    ),
    ("business-case", "hurt"): (
        "The figures in your proposal were from another industry, and my director saw it at once.",
        "We had to make the calculation ourselves, and it came out thin.",
    ),
    ("functional-coverage", "helped"): (
        "It did the rest-time rules for three countries out of the box. Nobody else could.",
        "The weekend swaps alone made my team want it.",
        "It covered our night shifts without a single workaround.",
        "Everything we had on our list was there on the first day we tried it.",
        "Your planner understood part-time rules that our old system never did.",
    ),
    ("functional-coverage", "hurt"): (
        "Half of what we need for on-call duty would have come later.",
        "It was strong for shifts and weak for everything around them.",
    ),
    ("missing-must-have", "hurt"): (
        "Without an offline mode on the ships we could not go on.",
        "We have to report to the regulator every month, and there was no export for it.",
    ),
    ("integration", "hurt"): (
        "Our payroll is old, I know. But the others had connected it before.",
        "The interface to our personnel system was a drawing, not a product.",
        "Our architect asked one question about single sign-on, and the answer took two weeks.",
    ),
    ("integration", "helped"): (
        "It talked to our payroll in the trial. That was the moment for our IT.",
        "Your people had already met our personnel system elsewhere.",
    ),
    ("trust", "helped"): (
        "Your people said no twice, and that is why I believed the rest.",
        "She told us what it would not do, before we found out.",
        "I had the feeling that we would still be speaking to the same people in a year.",
        "They listened to the planners, not only to me.",
        "When something went wrong in the trial, we heard it from you first.",
    ),
    ("trust", "hurt"): (
        "Two things we were promised on the phone were not in the contract.",
        "Every meeting had somebody new who asked the same questions.",
    ),
    ("understanding-needs", "helped"): (
        "You were the only ones who came to a depot at five in the morning.",
        "After the second meeting you knew our shift patterns better than our own head office.",
    ),
    ("understanding-needs", "hurt"): (
        "They presented the version for hospitals. We run ferries.",
        "I said in the first call that weekends are our problem, and never heard the word again.",
        "Nobody spoke to the people who make the rotas.",
    ),
    ("responsiveness", "hurt"): (
        "Questions during the trial took four days. We read that as the support we would get.",
        "In the week when we decided, nobody picked up.",
    ),
    ("references", "helped"): (
        "We rang a ferry company that runs it, and they did not want to hang up.",
        "Somebody of our size, in our line, for three years: that was worth more than the presentation.",
    ),
    ("references", "hurt"): ("There was no one like us among your customers, and my board asked exactly that.",),
    ("support-model", "helped"): ("We knew who would answer at night. That decided it for the wards.",),
    ("support-model", "hurt"): ("Support ended at five, and our trouble begins at six.",),
    ("domain-experience", "helped"): ("You spoke our language: rest times, standby, split shifts.",),
    ("domain-experience", "hurt"): ("Public tendering was new to them, and it showed.",),
    ("incumbent", "hurt"): (
        "Nobody was ever blamed for staying with what we had.",
        "The old supplier came with a new module in the last week, for almost nothing.",
    ),
    ("consensus", "hurt"): (
        "Operations wanted it, finance did not, and nobody had the last word.",
        "The works council came in late, and then it was too late.",
    ),
    ("priorities", "hurt"): (
        "Then came the merger, and everything else stopped.",
        "Our director left in the middle, and the new one wanted to see first.",
    ),
    ("trial", "helped"): ("The trial ran itself. After a week the planners would not give it back.",),
    ("trial", "hurt"): ("In the second week of the trial we were alone with it, and it went quiet.",),
    ("tender-formalities", "hurt"): (
        "One signed form was missing. We were not allowed to ask for it afterwards.",
        "The minimum turnover was a hard line in the tender, and you were below it.",
    ),
    ("security-review", "hurt"): ("Our security people sent sixty questions, and the answers came after the date.",),
    ("usability", "helped"): ("My drivers found the swap button without being told.",),
}

# What our side wrote: note under "why did we win or lose", by CRM reason.
SALES_NOTES: dict[str, tuple[str, ...]] = {
    "Price": (
        "They said we were a fifth above the winner. Asked for a discount in the last week, could not go lower.",
        "Price was the topic in every call with procurement. No budget for more.",
        "Told us openly that the sum was too high for this year.",
    ),
    "Product": (
        "Wanted functions for on-call duty that are on the roadmap.",
        "Product fit was good in the demo, questions about integration stayed open.",
    ),
    "Relationship": ("Good contact to the head of operations from the start.", "We have known them for years."),
    "Timing": ("They want to look at it again next year.", "Project moved, no new date."),
    "Competitor": ("Plenara was in early and had the board's ear.", "Lost to Tamsill at the end, we were second."),
    "": ("Several meetings, good mood throughout. Result came by e-mail.", "Standard cycle, three demonstrations."),
}

OWN_VIEWS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "won": (
        (
            "They liked the product and the people.",
            "That it covers their shift rules.",
            "After the trial.",
            "What nearly stopped them.",
        ),
        (
            "We were the best fit and quick to answer.",
            "Fewer empty shifts.",
            "At the second demonstration.",
            "How they compared us.",
        ),
    ),
    "lost": (
        (
            "Price. The other side came in lower at the end.",
            "Fewer empty shifts at weekends.",
            "In the last two weeks.",
            "What happened in the board.",
        ),
        ("We were too expensive for them.", "A quick start.", "After the proposal.", "Who spoke against us."),
        ("They had decided for the other supplier before the end.", "References.", "Hard to say.", "When they knew."),
    ),
    "withdrawn": (
        (
            "The project was stopped from above.",
            "Calm before the merger.",
            "When the director left.",
            "Whether it comes back.",
        ),
    ),
    "rejected": (
        (
            "A formality in the tender.",
            "The requirements list.",
            "At the opening.",
            "Whether the content mattered at all.",
        ),
    ),
}

# Notes under the questions of the starter guides, in the interviewer's short style.
ANSWER_NOTES: dict[str, tuple[str, ...]] = {
    "trigger": (
        "Began in spring, after two weekends with open shifts. Board asked for a proposal by autumn.",
        "The old contract ran out at the end of the year. Two people who knew the spreadsheets had left.",
        "An audit asked who had approved the overtime, and nobody could say.",
    ),
    "hoped-for": (
        "Wanted planning off paper before the next holidays.",
        "One list for all sites, instead of five that contradict each other.",
    ),
    "long-list": (
        "Asked two sister organisations, added who came up in the trade press.",
        "Procurement keeps a list. We were on it from an earlier request.",
    ),
    "awareness": (
        "Heard of us from a colleague at another company, then saw a talk.",
        "Found us when looking for a replacement. Read two case studies before writing.",
        "A consultant put us on the list.",
    ),
    "walk-through": (
        "Four people decided: operations, finance, IT, works council. Operations led.",
        "Long list in a week, demonstrations in three. Then nothing for a month, until finance had a budget.",
        "Started with operations alone. Procurement joined for the last two meetings and asked for references.",
    ),
    "need-stated": (
        "Had to cover nights and weekends, and run beside payroll without double entry.",
        "Planners must see a change on the phone within minutes. Everything else was second.",
        "Reports the board reads without asking back.",
    ),
    "alternatives": (
        "Looked at several suppliers, two made the final comparison. Staying as they were was on the table too.",
        "Weighed building it themselves for a while, until IT said who would look after it.",
    ),
    "tipping-point": (
        "Long pause. First said it quickly, then came back to it on being asked what lay behind it.",
        "Remembered the meeting and who spoke first. The rest agreed within minutes.",
        "Named one thing at once, another after the second question.",
    ),
    "turning-point": (
        "Saw the chances change after the trial, when the questions of the planners came up.",
        "After the second demonstration. Until then it was open.",
        "When the two proposals lay side by side.",
    ),
    "nearly-not": (
        "The first month. Nobody wanted to plan twice for weeks.",
        "Whether the planners would go along. One of them had been through such a change before.",
    ),
    "proposal-gap": (
        "Differed in the plan for the start and in how the figures were shown.",
        "Asked for two sites, we had offered five.",
        "Nothing large. The appendix was longer than the answer.",
    ),
    "our-people": (
        "Spoke well of the people, named two moments.",
        "Quick answers by mail, slower on the telephone. Knew the trade.",
        "Friendly. A new face at the last meeting, which was noticed.",
    ),
    "unheard-concerns": (
        "Concern in the works council about monitoring that was never raised with us.",
        "Somebody in finance had had a bad start with another supplier. It was talked about, not with us.",
    ),
    "advice": (
        "Bring the person who leads the start to the second meeting.",
        "Ask earlier who else has to agree.",
    ),
    "what-changed": (
        "A new director, and the budget went to the building.",
        "Two sites were merged, and with them the planning.",
    ),
    "who-had-to-agree": (
        "Operations, finance, the works council. The council was asked last.",
        "The director alone, on the word of two heads of department.",
    ),
    "risk-of-going-on": (
        "A change in the busiest season.",
        "Paying for two ways of working at once.",
    ),
    "status-quo": (
        "It works, because two people know it by heart. Both retire within three years.",
        "Good enough for now, was the word. Said with a smile.",
    ),
    "our-own-part": (
        "None, was the first answer. Then: a date for the start would have helped.",
        "We waited with them. A question at the right time might have kept it alive.",
    ),
    "unanswered": (
        "Who does the work in the first month.",
        "What it costs to stop again.",
    ),
    "threshold": (
        "Three references of the same size, and every must of the requirements list.",
        "A price for the whole, and a plan for the first quarter.",
    ),
    "picture-of-us": (
        "Had heard that we are thorough and not quick.",
        "Knew the name, not what we do for organisations of their size.",
    ),
    "what-was-missing": (
        "Two musts of the list, both answered with “planned”.",
        "A reference from their own field.",
    ),
    "information-match": (
        "Much on what it can do, little on how it begins.",
        "Well laid out. The question about interfaces was answered on page forty.",
    ),
    "decline-next-time": (
        "Requests with a list of musts that cannot be met: it takes both sides a week.",
        "Those where the date of the start is fixed already.",
    ),
    "what-else": (
        "Nothing to add. Would speak again.",
        "That they would have liked to be asked sooner.",
        "Thanked for being asked at all.",
    ),
    "from-here": (
        "Relationship is good, door is open.",
        "Would look at us again at the next request.",
        "Wants to hear from us when there is something new, not before.",
    ),
}

DECLINES = ("Too much on at the moment, sorry.", "We do not give feedback on tenders.", "Please ask procurement.")
