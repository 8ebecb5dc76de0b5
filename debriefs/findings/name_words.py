"""Words around names: what stands between the parts of a name, what follows a company's, and names that are also ordinary words."""

# Alone they name nobody.
PARTICLES = frozenset(
    (
        "al", "af", "ap", "av", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la",
        "le", "les", "of", "san", "st", "ten", "ter", "van", "von", "vom", "und", "y", "zu", "zum", "zur",
    )
)  # fmt: skip

# Left out when a company is called by its name.
LEGAL_FORMS = frozenset(
    (
        "ab", "ag", "and", "aps", "as", "asa", "bv", "co", "company", "corp", "corporation", "et", "fils", "gmbh", "group",
        "gruppe", "holding", "inc", "kg", "kgaa", "limited", "llc", "llp", "ltd", "nv", "oy", "oyj", "partner", "partners",
        "plc", "sa", "sarl", "sas", "se", "sl", "sohn", "son", "sons", "spa", "srl", "the", "und", "y",
    )
)  # fmt: skip

# Names that are also ordinary words of talk about deals. Alone they count only with a capital letter, and a person looks.
ORDINARY = frozenset(
    (
        "another", "april", "art", "august", "bank", "banks", "best", "better", "bill", "black", "blue", "bridge", "brown",
        "bus", "buyer", "camp", "care", "case", "cash", "chance", "chase", "church", "city", "cost", "cross", "data", "dawn",
        "day", "dom", "east", "eastern", "energy", "europe", "european", "faith", "field", "fields", "first", "food", "foods",
        "frank", "free", "freight", "fresh", "friend", "general", "global", "gold", "golden", "good", "grace", "grant",
        "great", "green", "grey", "gray", "group", "hall", "head", "health", "hill", "home", "hope", "hotel", "house",
        "industries", "international", "interviewer", "joy", "june", "just", "king", "lake", "land", "large", "law", "lead",
        "local", "logistics", "long", "love", "major", "manager", "mark", "may", "media", "member", "metal", "miles", "minor",
        "month", "national", "neutral", "new", "nordic", "north", "northern", "office", "old", "other", "outside", "page",
        "park", "person", "poor", "port", "power", "powers", "price", "prices", "program", "programme", "proper", "public",
        "quick", "rail", "read", "real", "regional", "reviewing", "rich", "river", "road", "rock", "rose", "sale", "sales",
        "sea", "selling", "service", "services", "sharp", "short", "silver", "small", "software", "solution", "solutions",
        "south", "southern", "spring", "state", "steel", "still", "stone", "story", "strange", "strong", "summer", "sweet",
        "swift", "systems", "team", "technologies", "technology", "town", "trade", "transport", "travel", "union", "united",
        "user", "wall", "ward", "water", "way", "week", "weeks", "wells", "west", "western", "white", "wild", "will",
        "winner", "winter", "wise", "wood", "work", "works", "world", "worth", "young",
    )
)  # fmt: skip

# Ordinary words that stand for a part in the sale more often than for a person, also with a capital letter.
ROLE_WORDS = frozenset(
    (
        "another", "buyer", "head", "interviewer", "lead", "manager", "member", "neutral", "office", "other", "outside", "person",
        "program", "programme", "reviewing", "sale", "sales", "selling", "team", "user",
    )
)  # fmt: skip
