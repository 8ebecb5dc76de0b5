"""The starter codebook: twelve categories with their drivers, and what common CRM reasons mean in them.

Each driver: key, name, definition, whether it stands in the picker. Keys are stable: findings of different programmes and
later versions of the codebook compare by them.
"""

from typing import NamedTuple


class StarterDriver(NamedTuple):
    """One driver as a new programme gets it."""

    key: str
    name: str
    definition: str
    in_picker: bool = False


class StarterCategory(NamedTuple):
    """One category with its drivers, in order."""

    key: str
    name: str
    drivers: tuple[StarterDriver, ...]


D = StarterDriver
CATEGORIES: tuple[StarterCategory, ...] = (
    StarterCategory(
        "fit",
        "Product and solution fit",
        (
            D(
                "functional-coverage",
                "Functional coverage",
                "How much of what the buyer had to do the offer covered.",
                True,
            ),
            D(
                "missing-must-have",
                "Missing must-have",
                "One capability the buyer could not do without was absent. Name it in the note.",
                True,
            ),
            D("usability", "Usability", "How easily the buyer's own people could work with it."),
            D("integration", "Integration and technical fit", "How well it fitted the buyer's other systems.", True),
            D("performance", "Performance and scale", "Whether it would carry the buyer's volumes and places."),
            D("roadmap", "Roadmap and vision", "Where the buyer expected the offer to go."),
        ),
    ),
    StarterCategory(
        "price",
        "Price, value and packaging",
        (
            D("budget", "Absolute price or budget", "The sum itself was above what could be spent.", True),
            D(
                "perceived-value",
                "Perceived value for the price",
                "What the buyer saw for the money, at whatever price.",
                True,
            ),
            D(
                "total-cost",
                "Total cost of ownership",
                "What it would cost over its life, work of the buyer's own staff included.",
            ),
            D(
                "pricing-model",
                "Pricing model and packaging",
                "How the price was built, and what had to be bought together.",
            ),
            D(
                "commercial-flexibility",
                "Discount and commercial flexibility",
                "How far terms moved towards the buyer.",
            ),
            D("business-case", "Business case", "Whether the return could be shown to those who pay.", True),
        ),
    ),
    StarterCategory(
        "contract",
        "Contract and procurement",
        (
            D("legal-terms", "Legal terms", "Clauses the buyer would or would not sign."),
            D("payment-duration", "Payment and duration", "When to pay and for how long to commit."),
            D("procurement-process", "Procurement process", "How the buying itself was run and answered."),
            D(
                "tender-formalities",
                "Formal requirements of the tender",
                "A form, proof or deadline that had to be met.",
            ),
        ),
    ),
    StarterCategory(
        "sales",
        "Sales experience",
        (
            D("understanding-needs", "Understanding of needs", "Whether our side grasped what the buyer needed.", True),
            D("responsiveness", "Responsiveness", "How quickly and fully questions were answered."),
            D("trust", "Trust and professionalism", "Whether the buyer believed the people they dealt with.", True),
            D("expertise", "Expertise and demonstration", "What the people knew, and how they showed the offer."),
            D("chemistry", "Team chemistry", "How the two groups got on."),
            D("follow-through", "Follow-through", "Whether what was promised came."),
            D("pressure", "Pressure", "How hard the buyer felt pushed."),
        ),
    ),
    StarterCategory(
        "proposal",
        "Proposal and proof",
        (
            D("proposal-quality", "Proposal quality", "How clearly the written offer spoke to this buyer."),
            D("presentation", "Presentation", "How it was presented to those who decide."),
            D("trial", "Proof of concept or trial", "What the buyer saw when trying it."),
            D("references", "References and case studies", "What others like the buyer could say about it.", True),
            D("answers", "Answers to questions", "Whether answers were complete and straight."),
        ),
    ),
    StarterCategory(
        "implementation",
        "Implementation and time to value",
        (
            D(
                "implementation-effort",
                "Effort and complexity",
                "What putting it in place asks of the buyer's own staff.",
                True,
            ),
            D(
                "implementation-plan",
                "Implementation plan and timeline",
                "How the start was to go, how long it takes, and with whom.",
                True,
            ),
            D("migration-risk", "Migration risk", "What could be lost on the way from the present system."),
            D("services", "Partner and services", "Who would do the work beside the buyer."),
            D("training", "Training", "How the buyer's people would learn it."),
        ),
    ),
    StarterCategory(
        "support",
        "Support and service",
        (
            D("support-model", "Support model", "Who helps, how and when."),
            D("service-levels", "Service levels", "What was promised in figures."),
            D("local-presence", "Local presence and language", "Whether people were near and spoke the language."),
            D("account-management", "Account management", "Who would look after the buyer over the years."),
        ),
    ),
    StarterCategory(
        "company",
        "Company and trust",
        (
            D("reputation", "Brand and reputation", "What the buyer had heard of the company."),
            D(
                "stability",
                "Financial stability and size",
                "Whether the company would still be there, and large enough.",
            ),
            D("domain-experience", "Domain experience", "How well the company knew the buyer's line of work.", True),
            D("peer-opinion", "Analyst or peer opinion", "What third parties advised."),
            D("culture", "Culture", "Whether the two companies were alike."),
            D("sustainability", "Sustainability", "Social and environmental conduct as it was weighed."),
        ),
    ),
    StarterCategory(
        "risk",
        "Security, compliance and risk",
        (
            D("certifications", "Certifications", "Proofs that had to be shown."),
            D("data-protection", "Data protection and residency", "Where data lie and who may see them."),
            D("security-review", "Security review", "How the buyer's own examination went."),
            D("lock-in", "Lock-in", "How hard it would be to leave."),
            D("personal-risk", "Perceived personal risk", "What the choice could cost the one who makes it."),
        ),
    ),
    StarterCategory(
        "relationship",
        "Relationship and incumbency",
        (
            D("incumbent", "Incumbent advantage", "That somebody was already in place.", True),
            D("existing-relationship", "Existing relationship", "How long and how well the two sides knew each other."),
            D("executive-ties", "Partner or executive ties", "Connections above or beside the project."),
            D("past-experience", "Past experience with us", "What earlier dealings with us had left."),
        ),
    ),
    StarterCategory(
        "organisation",
        "Buyer's organisation",
        (
            D("champion", "Champion strength", "How strong the person was who wanted it."),
            D("champion-left", "Champion left", "The person who wanted it went away."),
            D("consensus", "Lack of consensus", "Those who had to agree did not.", True),
            D("priorities", "Change of priorities", "Something else became more urgent.", True),
            D("budget-freeze", "Budget freeze", "Money was stopped for reasons outside the project."),
            D("timing", "Timing", "The moment was wrong for the buyer."),
            D("in-house", "In-house alternative", "The buyer's own people would do it."),
        ),
    ),
    StarterCategory(
        "rival",
        "Competitor's move",
        (
            D("rival-product", "Product lead of a rival", "A rival's offer did something ours did not."),
            D("rival-price", "Aggressive price of a rival", "A rival cut its price to win."),
            D("rival-bundle", "Bundle", "A rival added something else to the offer."),
            D("rival-earlier", "Earlier in the account", "A rival was there first and shaped the choice."),
            D("rival-doubt", "Doubt spread about us", "A rival raised fears about us."),
        ),
    ),
)

# What common reasons in a CRM mean: category key, driver key or "" where the reason says no more than the category.
REASONS: tuple[tuple[str, str, str], ...] = (
    ("price", "price", ""),
    ("too expensive", "price", "budget"),
    ("budget", "price", "budget"),
    ("no budget", "price", "budget"),
    ("value", "price", "perceived-value"),
    ("roi", "price", "business-case"),
    ("product", "fit", ""),
    ("product fit", "fit", "functional-coverage"),
    ("features", "fit", "functional-coverage"),
    ("missing feature", "fit", "missing-must-have"),
    ("integration", "fit", "integration"),
    ("competitor", "rival", ""),
    ("lost to competitor", "rival", ""),
    ("went with incumbent", "relationship", "incumbent"),
    ("incumbent", "relationship", "incumbent"),
    ("relationship", "relationship", "existing-relationship"),
    ("timing", "organisation", "timing"),
    ("no decision", "organisation", ""),
    ("priorities", "organisation", "priorities"),
    ("implementation", "implementation", "implementation-plan"),
    ("support", "support", ""),
    ("security", "risk", "security-review"),
    ("legal", "contract", "legal-terms"),
    ("trust", "sales", "trust"),
)
