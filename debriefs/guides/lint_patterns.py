"""How the patterns of the question lint are put together."""

import re


def any_of(*parts: str) -> re.Pattern[str]:
    """One pattern that finds what any of the parts finds."""
    return re.compile("|".join(f"(?:{part})" for part in parts))
