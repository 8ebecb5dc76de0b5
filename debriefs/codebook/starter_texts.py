"""What belongs to each starter driver, what does not, and a made-up sentence of a buyer that is coded with it.

By key: (include, exclude, example). The exclude line names the neighbour that a coder would otherwise take.
"""

TEXTS: dict[str, tuple[str, str, str]] = {
    "functional-coverage": (
        "How much of the daily work the offer did, task by task.",
        "One thing the buyer could not do without: Missing must-have.",
        "It did nine of our ten routine jobs out of the box.",
    ),
    "missing-must-have": (
        "A single absent capability that ruled the offer out, or nearly.",
        "Several smaller gaps: Functional coverage.",
        "Without customs papers in the same screen we could stop right there.",
    ),
    "usability": (
        "How the buyer's own people got on with it, in the trial or the demonstration.",
        "How hard it is to put in place: Effort and complexity.",
        "The shift leads found everything without asking once.",
    ),
    "integration": (
        "Interfaces, formats and sign-on with what the buyer already runs.",
        "Moving old data over: Migration risk.",
        "Our stock system would have needed an adapter nobody could describe.",
    ),
    "performance": (
        "Volumes, speed, number of sites, growth.",
        "Promised availability: Service levels.",
        "They could not show it with our number of daily orders.",
    ),
    "roadmap": (
        "What is to come, and whether the buyer believed it.",
        "What is missing today: Missing must-have.",
        "Half of what we liked was a slide about next year.",
    ),
    "budget": (
        "The sum was above what could be spent, whatever it bought.",
        "The sum was possible but did not seem worth it: Perceived value.",
        "Nobody here can sign for that amount this year.",
    ),
    "perceived-value": (
        "Doubt or certainty that it is worth its price.",
        "No figures for those who pay: Business case.",
        "We could not say what the extra third would give us.",
    ),
    "total-cost": (
        "Cost over the years: running, upgrades, own staff.",
        "The price of the offer alone: Absolute price or budget.",
        "With our own two people on it, it was the dearest of the three.",
    ),
    "pricing-model": (
        "What is counted and charged, tiers, what has to be bought together.",
        "How far the price moved: Discount and commercial flexibility.",
        "Paying by named user makes no sense with seasonal staff.",
    ),
    "commercial-flexibility": (
        "Movement on price and terms during the talks.",
        "Clauses of law: Legal terms.",
        "They met us on the first year, and that settled it.",
    ),
    "business-case": (
        "Figures, or their absence, that show the return to those who decide on money.",
        "The buyer's own feeling of worth: Perceived value.",
        "Our finance director asked when it pays back, and we had no page for that.",
    ),
    "legal-terms": (
        "Liability, ownership, governing law and other clauses.",
        "Duration and payment: Payment and duration.",
        "Our lawyers would not accept the liability limit.",
    ),
    "payment-duration": (
        "Length of the commitment, notice, when money is due.",
        "Price itself: the category of price.",
        "Five years was two more than we may commit to.",
    ),
    "procurement-process": (
        "How the buyer's purchasing ran, and how each side answered it.",
        "A formal proof that was missing: Formal requirements of the tender.",
        "Purchasing asked for a third quote in the last week.",
    ),
    "tender-formalities": (
        "Forms, proofs and deadlines without which an offer is set aside.",
        "Certificates asked for because of risk: Certifications.",
        "The signed annex came a day late, so we had to exclude it.",
    ),
    "understanding-needs": (
        "Questions asked, and whether the offer spoke of what had been said.",
        "Knowledge of the line of work: Domain experience.",
        "They repeated our problem in better words than ours.",
    ),
    "responsiveness": (
        "Time and completeness of replies before the decision.",
        "Help after the purchase: Support model.",
        "An answer took a week, and by then the meeting was over.",
    ),
    "trust": (
        "Believing the people: candour, saying no, keeping to the facts.",
        "Belief in the company: the category of company.",
        "They told us twice what it cannot do. After that we believed the rest.",
    ),
    "expertise": (
        "What the people knew and how they showed the offer.",
        "The formal presentation to those who decide: Presentation.",
        "The demonstration was run by someone who had worked in a depot.",
    ),
    "chemistry": (
        "How the two groups of people got on.",
        "Whether they were believed: Trust and professionalism.",
        "We looked forward to the meetings.",
    ),
    "follow-through": (
        "Promises during the sale, kept or not.",
        "Speed of replies: Responsiveness.",
        "The list they promised on Monday never came.",
    ),
    "pressure": (
        "Deadlines, calls and contacts the buyer felt as pushing.",
        "Going over the contact's head, if it was welcome: Executive ties.",
        "The third call about the end of their quarter annoyed our director.",
    ),
    "proposal-quality": (
        "The written offer: clear, complete, about this buyer.",
        "The spoken one: Presentation.",
        "Page one had another customer's name on it.",
    ),
    "presentation": (
        "The meeting in which the offer was put to those who decide.",
        "Working demonstrations: Expertise and demonstration.",
        "Our board understood it in ten minutes.",
    ),
    "trial": (
        "What was learned by trying it, with own data or tasks.",
        "Impressions from a demonstration: Usability.",
        "In the two weeks it ran, we found the error we had been hunting for a year.",
    ),
    "references": (
        "Comparable customers, visits, written cases.",
        "What analysts or acquaintances said unasked: Analyst or peer opinion.",
        "The two companies we were given to call were ten times our size.",
    ),
    "answers": (
        "Whether questions were answered straight and in full.",
        "How fast: Responsiveness.",
        "Question twelve was answered with a brochure.",
    ),
    "implementation-effort": (
        "Work that falls on the buyer's own staff, and how complicated it seems.",
        "Dates and steps: Implementation plan and timeline.",
        "We would have had to take four people out of the line for a month.",
    ),
    "implementation-plan": (
        "How the start was planned, how long it takes, who does what.",
        "Effort of the buyer's staff: Effort and complexity.",
        "The other offer had a week-by-week plan; this one had an arrow.",
    ),
    "migration-risk": (
        "Fear of losing data or standing still while changing over.",
        "Connecting to systems that stay: Integration.",
        "Nobody could say what happens to eleven years of records.",
    ),
    "services": (
        "Who does the work beside the buyer, own staff or partners.",
        "Help in daily use: Support model.",
        "The partner had just done the same for our neighbour.",
    ),
    "training": (
        "How people learn it, in time and form.",
        "How easy it is without: Usability.",
        "Night shift cannot come to a classroom.",
    ),
    "support-model": (
        "Who helps, by which way, at what hours.",
        "Figures promised: Service levels.",
        "At three in the morning we need a person, not a form.",
    ),
    "service-levels": (
        "Availability, times of reaction and repair in figures.",
        "How help is organised: Support model.",
        "They would not put four hours in writing.",
    ),
    "local-presence": (
        "Near people, own language, own time zone.",
        "Size of the company: Financial stability and size.",
        "There is somebody forty minutes away.",
    ),
    "account-management": (
        "Who looks after the buyer over the years.",
        "People during the sale: the category of sales experience.",
        "We would have had our third contact person in a year.",
    ),
    "reputation": (
        "What the buyer had heard before the first meeting.",
        "Asked-for customers: References and case studies.",
        "The name was known to everyone at the table.",
    ),
    "stability": (
        "Age, size, money, ownership.",
        "Being known: Brand and reputation.",
        "With thirty people, what if two of them leave?",
    ),
    "domain-experience": (
        "Knowledge of the buyer's line of work in the company.",
        "Grasp of this buyer's own case: Understanding of needs.",
        "They had never moved frozen goods.",
    ),
    "peer-opinion": (
        "Analysts, consultants and acquaintances in the trade.",
        "Customers that we named: References and case studies.",
        "A friend in the same role told me to look elsewhere.",
    ),
    "culture": (
        "Likeness of the two companies in how they work.",
        "The people in the meetings: Team chemistry.",
        "They are a family company, as we are.",
    ),
    "sustainability": (
        "Social and environmental conduct as weighed by the buyer.",
        "Certificates demanded for risk: Certifications.",
        "Ten points of a hundred were for that, and they had nothing.",
    ),
    "certifications": (
        "Proofs by third parties on security or quality.",
        "Formal papers of a tender: Formal requirements.",
        "Without the certificate our security people would not even start.",
    ),
    "data-protection": (
        "Where data lie, who may see them, which law holds.",
        "The buyer's examination as a whole: Security review.",
        "Our works council wants the data in this country.",
    ),
    "security-review": (
        "Course and result of the buyer's own examination.",
        "A missing certificate: Certifications.",
        "The review took nine weeks and then found an open port.",
    ),
    "lock-in": (
        "How hard it would be to leave, formats, dependence.",
        "Length of the contract: Payment and duration.",
        "How do we get our data out again? That was never answered.",
    ),
    "personal-risk": (
        "What the choice could cost the one who makes it.",
        "Risk to the company: Migration risk.",
        "If this fails, it has my name on it.",
    ),
    "incumbent": (
        "The pull of what is already there.",
        "Good or bad years with us in particular: Past experience with us.",
        "The present one is not good, but it is here.",
    ),
    "existing-relationship": (
        "How well and how long the two sides knew each other.",
        "Ties above the project: Partner or executive ties.",
        "We have worked with two of them before.",
    ),
    "executive-ties": (
        "Connections above or beside the project, groups, owners.",
        "The contact's own connections: Existing relationship.",
        "The group has a frame contract with the other one.",
    ),
    "past-experience": (
        "What earlier dealings with us had left.",
        "The supplier now in place: Incumbent advantage.",
        "Five years ago a delivery went wrong, and people remember.",
    ),
    "champion": (
        "Weight and effort of the person who wanted it.",
        "That person has gone: Champion left.",
        "She fought for it in every meeting.",
    ),
    "champion-left": (
        "The person who wanted it changed place or company.",
        "The person was weak: Champion strength.",
        "In May the head of IT left, and nobody took it up.",
    ),
    "consensus": (
        "Those who had to agree did not.",
        "One of them said no alone: say which driver that one named.",
        "Sales wanted one thing and production another, for months.",
    ),
    "priorities": (
        "Other matters became more important.",
        "Money was stopped: Budget freeze.",
        "The move of the warehouse came first.",
    ),
    "budget-freeze": (
        "Money that was there was stopped or cut.",
        "The offer was too dear: Absolute price or budget.",
        "All projects above a certain sum were stopped in June.",
    ),
    "timing": (
        "The moment was wrong, without another reason behind it.",
        "What took its place, if named: Change of priorities.",
        "We looked a year too early.",
    ),
    "in-house": (
        "Doing it with own people and means.",
        "Doing nothing: Change of priorities or Lack of consensus.",
        "Our own two developers said they could do it by spring.",
    ),
    "rival-product": (
        "Something the rival has and we have not.",
        "A gap against the need itself: Missing must-have.",
        "Theirs plans the route while the truck is on the road.",
    ),
    "rival-price": (
        "A rival's price that was below all others.",
        "Our price against the budget: Absolute price or budget.",
        "They came in at a little over half.",
    ),
    "rival-bundle": (
        "Packed together with something else the buyer takes from the rival.",
        "A frame contract of the group: Partner or executive ties.",
        "It came with the scales we were buying anyway.",
    ),
    "rival-earlier": (
        "The rival was there first and shaped the wishes.",
        "The supplier in place: Incumbent advantage.",
        "When you came, the list of requirements was already theirs.",
    ),
    "rival-doubt": (
        "Doubt about us that somebody else spread.",
        "Doubt from the buyer's own experience: Past experience with us.",
        "We were told that you would be sold within the year.",
    ),
}  # fmt: skip
OTHER_NAME = "Other: {category}"
OTHER_DEFINITION = "It belongs to this category, and none of its drivers fits. Say in the note what it was."
