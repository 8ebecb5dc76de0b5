"""How reasons are compared."""


def reason_key(text: str) -> str:
    """The reason as it is compared: lower case, one blank between words, no punctuation at the ends, at most 200 characters."""
    return " ".join(text.casefold().replace("_", " ").split()).strip(" .,;:!?-–\"'")[:200]
