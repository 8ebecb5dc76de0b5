"""Reads the table of who may open what, and walks the resolver to find what the table must hold."""

from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

TABLE = Path(__file__).with_name("access.txt")


@dataclass(frozen=True)
class Row:
    """What each standing person gets from one route with one method."""

    route: str
    method: str
    answers: dict[str, int]


def people() -> list[str]:
    """The standing people, in the order of the table's columns."""
    return _lines()[0].split()[2:]


def rows() -> list[Row]:
    """The rows of the table."""
    names = people()
    found = []
    for line in _lines()[1:]:
        route, method, *answers = line.split()
        assert len(answers) == len(names), f"{route} {method}: {len(answers)} answers for {len(names)} people"
        found.append(Row(route, method, {name: int(answer) for name, answer in zip(names, answers, strict=True)}))
    return found


def _lines() -> list[str]:
    lines = TABLE.read_text().splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def routes() -> dict[str, list[str]]:
    """Every named route of the resolver with the names of its parameters; a route without a name is an error."""
    found: dict[str, list[str]] = {}

    def walk(resolver: URLResolver, namespaces: tuple[str, ...], parameters: tuple[str, ...]) -> None:
        for entry in resolver.url_patterns:
            names = (*parameters, *entry.pattern.regex.groupindex)
            if isinstance(entry, URLResolver):
                walk(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces, names)
            elif isinstance(entry, URLPattern):
                assert entry.name, f"{entry.pattern} has no name"
                found[":".join((*namespaces, entry.name))] = list(dict.fromkeys(names))

    walk(get_resolver(), (), ())
    return found
