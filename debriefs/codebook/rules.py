"""How reasons are compared, what a driver says, and when a codebook asks to be looked at."""

from typing import Any, NamedTuple

# More parts than that are not one driver split but a category.
MOST_PARTS = 5
# Above this share of "other" the codebook misses something; below so many findings the share says nothing.
OTHER_SHARE, OTHER_FROM = 0.10, 10


class DriverText(NamedTuple):
    """What a driver says of itself: name, definition, what belongs to it, what does not, and an example."""

    name: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""

    @classmethod
    def of(cls, driver: Any) -> "DriverText":
        """The texts of a driver as they stand."""
        return cls(driver.name, driver.definition, driver.include, driver.exclude, driver.example)


def asks_for_review(other: int, total: int) -> bool:
    """Whether so many findings coded "other" of all say that the codebook should be reviewed: more than a tenth of ten or more."""
    return total >= OTHER_FROM and other > OTHER_SHARE * total


def reason_key(text: str) -> str:
    """The reason as it is compared: lower case, one blank between words, no punctuation at the ends, at most 200 characters."""
    return " ".join(text.casefold().replace("_", " ").split()).strip(" .,;:!?-–\"'")[:200]
