"""Search over the released words a person may read: permission first, words second."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchConfig, SearchHeadline, SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import Case, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Greatest, Lower
from django.utils.safestring import SafeString

from accounts.models import Person
from debriefs.deals.models import Competitor
from debriefs.findings.models import SAID, Remark
from debriefs.findings.queries import remarks_visible_to
from debriefs.findings.search import CONFIGS, PLAIN, START, STOP, marked

# A name that so many releases share narrows nothing.
MOST_LABELS = 500


@dataclass(frozen=True)
class Narrowed:
    """What is searched in besides the words: outcome of the deal, category and direction of the driver; "" is any."""

    outcome: str = ""
    category: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Hit:
    """One remark that was found, its words with the hits marked, safe to show."""

    remark: Remark
    verbatim: SafeString
    note: SafeString

    @classmethod
    def of(cls, remark: Any) -> "Hit":
        """From a row of `search`. No query."""
        return cls(remark, marked(remark.verbatim_marked), marked(remark.note_marked))


def search(person: Person, text: str, narrowed: Narrowed, now: datetime) -> tuple[QuerySet[Remark], bool]:
    """Remarks that hold the words, best first, with `verbatim_marked` and `note_marked`; and whether a typing error was forgiven.

    Words are looked for in what was released, and in the names as the release shows them, never in a name it keeps back. What
    one may not read takes no part in the search, so that neither its count nor its order tells of it. One query to decide, two
    more where a typing error is forgiven (a word as like as 0.6 by its trigrams), one to read.
    """
    readable = _narrow(remarks_visible_to(person, now), narrowed)
    wanted = _query(text)
    found = readable.filter(
        Q(words=wanted) | Q(release__company_label__icontains=text) | Q(competitor__name__icontains=text)
    )
    forgiven = not found.exists()
    ranked: Any = _alike(readable, text) if forgiven else found.annotate(rank=SearchRank(F("words"), wanted))
    config = SearchConfig(
        Case(*(When(language=code, then=Value(name)) for code, name in CONFIGS.items()), default=Value(PLAIN))
    )
    return (
        ranked.annotate(
            verbatim_marked=_headline("verbatim", wanted, config), note_marked=_headline("note", wanted, config)
        )
        .select_related("release", "deal", "driver__category", "competitor")
        .order_by("-rank", "-release__released_at", "id")
    ), forgiven


def _narrow(remarks: QuerySet[Remark], narrowed: Narrowed) -> QuerySet[Remark]:
    sought = {
        "deal__outcome": narrowed.outcome,
        "driver__category__key": narrowed.category,
        "direction": narrowed.direction,
    }
    return remarks.filter(**{path: value for path, value in sought.items() if value})


def _query(text: str) -> Any:
    """The words brought to their stems in every language: which one a debrief was held in is its own affair."""
    query: Any = SearchQuery(text, config=PLAIN, search_type="websearch")
    for config in CONFIGS.values():
        query |= SearchQuery(text, config=config, search_type="websearch")
    return query


def _alike(readable: QuerySet[Remark], text: str) -> QuerySet[Remark]:
    """By the trigram index: names are looked up first, so that everything asked of the remarks is theirs. Two queries by itself."""
    plain = text.lower()
    labels = readable.annotate(label=Lower("release__company_label")).filter(label__trigram_word_similar=plain)
    rivals = Competitor.objects.filter(programme__in=readable.values("programme")).annotate(plain=Lower("name"))
    alike = (
        Q(said__trigram_word_similar=plain)
        | Q(competitor__in=list(rivals.filter(plain__trigram_word_similar=plain).values_list("pk", flat=True)))
        | Q(release__in=list(labels.order_by().values_list("release_id", flat=True).distinct()[:MOST_LABELS]))
    )
    likeness = Greatest(
        TrigramWordSimilarity(plain, SAID),
        TrigramWordSimilarity(plain, Lower("release__company_label")),
        TrigramWordSimilarity(plain, Lower("competitor__name")),
    )
    return readable.annotate(said=SAID, rank=likeness).filter(alike)


def _headline(field: str, query: Any, config: SearchConfig) -> SearchHeadline:
    # Marks that somebody wrote into the words themselves are no marks.
    words = Func(F(field), Value(START + STOP), Value(""), function="translate", output_field=TextField())
    return SearchHeadline(words, query, config=config, start_sel=START, stop_sel=STOP, highlight_all=True)
