"""What a release would show, before it is made."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from debriefs.calls.models import Debrief
from debriefs.deals.enums import DecisionPart
from debriefs.deals.models import DealContact
from debriefs.findings.closed_words import repeated
from debriefs.findings.masking import Hit, suggestion
from debriefs.findings.models import Finding, Quote
from debriefs.findings.roster import roster_of
from debriefs.interviews.enums import QuoteLevel
from debriefs.interviews.models import Verbatim
from debriefs.interviews.queries import quote_level


@dataclass(frozen=True)
class Text:
    """One text a release would show, the names found in it, and what could stand instead.

    `is_cleared`: a person has looked at exactly these words. `closed` is a stretch of it that repeats words the buyer keeps closed.
    """

    finding: Finding | None
    text: str
    hits: list[Hit]
    is_cleared: bool = False
    closed: str = ""

    @property
    def certain(self) -> list[Hit]:
        """The names that have to go."""
        return [hit for hit in self.hits if hit.is_certain]

    @property
    def doubtful(self) -> list[Hit]:
        """The words that are also somebody's name and that nobody has looked at yet."""
        return [] if self.is_cleared else [hit for hit in self.hits if not hit.is_certain]

    @property
    def suggestion(self) -> str:
        """The text with the names that have to go replaced by roles."""
        return suggestion(self.text, self.hits)


class Story(NamedTuple):
    """What a release says in our words: in short, the buyer's timeline, and what it suggests."""

    summary: str
    timeline: str = ""
    suggests: str = ""

    @property
    def text(self) -> str:
        """All of it, as it is searched for names and closed words."""
        return "\n".join(filter(None, (self.summary, self.timeline, self.suggests)))

    @property
    def digest(self) -> str:
        """By what the text that a person looked at is known again, whatever a browser made of its blanks."""
        return hashlib.sha256(" ".join(self.text.split()).encode()).hexdigest()


@dataclass(frozen=True)
class Plan:
    """What a release would show: remarks as (finding, verbatim, note), labels, and what stands against it."""

    level: QuoteLevel
    remarks: list[tuple[Finding, str, str]]
    texts: list[Text]
    buyer_label: str
    company_label: str
    missing: list[str]
    # The buyer's words that stay closed, whole.
    kept_closed: list[str]

    @property
    def names(self) -> list[str]:
        """The names that remain, each once."""
        return list(dict.fromkeys(hit.found for text in self.texts for hit in text.certain))

    @property
    def doubtful(self) -> list[str]:
        """The words that may be names and wait for a person's eye, each once."""
        return list(dict.fromkeys(hit.found for text in self.texts for hit in text.doubtful))

    @property
    def closed(self) -> list[str]:
        """The stretches that repeat closed words, each once."""
        return list(dict.fromkeys(text.closed for text in self.texts if text.closed))


def plan_release(debrief: Debrief, summary: str = "", *, words_confirmed: bool = False) -> Plan:
    """What releasing the debrief now would show, and why it would be refused. About twelve queries.

    `words_confirmed`: the reviewer says that words of the summary which are also names are no names there.
    """
    level = quote_level(debrief)
    roster = roster_of(debrief, level)
    findings = list(Finding.objects.filter(debrief=debrief).select_related("driver", "competitor"))
    taken_back = words_taken_back(debrief)
    closed = taken_back + (_closed_words(debrief, findings) if level == QuoteLevel.NONE else [])
    remarks = [(finding, *released_words(finding, level, taken_back)) for finding in findings]
    texts = [
        Text(
            finding,
            words,
            roster.find(words),
            finding.cleared_sha256 == words_digest(said),
            repeated(words, closed),
        )
        for finding, *said in remarks
        for words in said
        if words
    ]
    if summary:
        texts.append(Text(None, summary, roster.find(summary), words_confirmed, repeated(summary, closed)))
    buyer, company = labels_of(debrief, level)
    missing = []
    if not findings:
        missing.append(_("There is no finding yet."))
    if not any(finding.is_primary for finding in findings):
        missing.append(_("Say which finding decided."))
    return Plan(level, remarks, texts, buyer, company, missing, closed)


def words_digest(said: Iterable[str]) -> str:
    """Of a finding's `released_words`: what a person has looked at is known by it. Words that stay closed were shown to nobody."""
    return hashlib.sha256("\x00".join(said).encode()).hexdigest()


def released_words(finding: Finding, level: str, taken_back: Iterable[str] = ()) -> tuple[str, str]:
    """(verbatim, note) as they may be released: without permission, or once taken back, the buyer's words stay closed."""
    verbatim, note = finding.masked_verbatim or finding.verbatim, finding.masked_note or finding.note
    if level == QuoteLevel.NONE or any(
        holds(words, text) for words in taken_back for text in (verbatim, finding.verbatim)
    ):
        verbatim = ""
    return verbatim, note


def words_taken_back(debrief: Debrief) -> list[str]:
    """The words of quotes that the buyer wants closed themselves: they stay out of every release. One query."""
    return list(
        Quote.objects.filter(debrief=debrief, words_closed_at__isnull=False).values_list("proposed_words", flat=True)
    )


def holds(words: str, text: str) -> bool:
    """Whether the words of a quote stand in the text, whatever the case and the blanks between them, or a long run of them does."""
    return " ".join(words.split()).casefold() in " ".join(text.split()).casefold() or bool(repeated(text, [words]))


def _closed_words(debrief: Debrief, findings: list[Finding]) -> list[str]:
    """The buyer's words that may not be released: of the findings, and as marked in the answers. One query."""
    marked = Verbatim.objects.filter(answer__sheet__debrief=debrief).values_list("text", flat=True)
    return list(dict.fromkeys([*(finding.verbatim for finding in findings if finding.verbatim), *marked]))


def company_in(segment: str) -> str:
    """A company told by its segment alone: "a company in transport", "a company in the public sector", "a company in SaaS"."""
    if not segment.strip():
        return str(_("a company"))
    words = " ".join(segment.split())
    if words == words.capitalize():
        words = words.lower()
    if words.lower().endswith((" sector", " industry", " market")) and not words.lower().startswith("the "):
        words = f"the {words}"
    return _("a company in %(segment)s") % {"segment": words}


def labels_of(debrief: Debrief, level: QuoteLevel) -> tuple[str, str]:
    """How the buyer and the company are called, as far as the permission goes."""
    contact, deal = debrief.contact, debrief.deal
    if level == QuoteLevel.NAMED:
        return contact.title or contact.name, str(deal.company or deal.name)
    part = DealContact.objects.filter(deal=deal, contact=contact).first()
    buyer = str(DecisionPart(part.part).label) if part and part.part != DecisionPart.UNKNOWN else _("A buyer")
    return buyer, company_in(deal.segment)
