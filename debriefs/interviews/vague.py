"""What buyers say instead of the reason, in English and German, and the probes that lead on: rules as data.

A note calls for probes when one of its sentences holds a vague phrase and neither that sentence nor the next explains it. The
page's script reads the same tables (data attributes of templates/interviews/_beside.html) and decides alike, so patterns use only
what Python and JavaScript read the same way, are lower-case, and have no word boundary beside an umlaut. Figures are in
docs/interviews.md.
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Vague:
    """One kind of vague answer: the patterns it is known by, and the probes that lead on.

    `most_words`: an answer of no more words than this is vague whatever it says, unless another kind was called.
    """

    key: str
    heading: "str | Promise"
    patterns: tuple[str, ...]
    probes: "tuple[str | Promise, ...]"
    most_words: int = 0

    @property
    def pattern(self) -> str:
        """All patterns as one."""
        return "|".join(self.patterns)


BEHIND = _("What lay behind that?")

VAGUE: tuple[Vague, ...] = (
    Vague(
        "too-expensive",
        _("“Too expensive” was said"),
        (
            r"\b(too|so|more|less|very) (expensive|pric[ei]y|costly)",
            r"\bexpensive\b",
            r"\b(the|your|our|on|by|was|about) (pric(e|es|ing)|costs?)\b|\babout (the )?money\b",
            r"^pric(e|ing)\b",
            r"\bcosts? (too much|more|reasons)",
            r"\bcommercial(ly)?\b",
            r"\b(quote|bid|number|offer|figure)s? (was|were|is) (too |much |a lot |simply )?(high|higher|steep)",
            r"\bsaid no to the (number|quote|figure|offer)\b|\bbetter deal\b|\b(lot of|too much) money\b",
            r"\b(to|of) costs?\b",
            r"\bcheap(er|est)?\b",
            r"\b(came|come|were|was) in lower\b",
            r"\bbudget",
            r"\bafford",
            r"\bvalue for money\b",
            r"\b(viel )?zu (teuer|kostspielig)",
            r"\bpreis",
            r"(?:^|[^a-zäöüß])kosten(gr|frage|punkt)",
            r"\b(zu viel|zuviel) gekostet",
            r"\b(billiger|günstiger|teurer)\b",
            r"\bleisten können|konnten wir uns nicht leisten|nicht leisten\b",
            r"\bfinanziell",
            r"\bzu viel geld\b|\b(am|beim) geld\b|\b(angebot|preis|summe)\b.{0,20}\bschlucken\b",
        ),
        (
            BEHIND,
            _("Compared with what?"),
            _("Which part of the cost?"),
            _("What would have made the sum reasonable to those who pay?"),
            _("Had price been equal, what then?"),
        ),
    ),
    Vague(
        "better-fit",
        _("“A better fit” was said"),
        (
            r"\b(better|best|right|good|perfect|natural|closer) (overall )?(fit|match|partner|choice|solution)\b",
            r"\bfit(s|ted|ting)? (us |our needs |in )?better\b",
            r"\bnot? (really |quite )?fit\b|n't (really |quite )?(a )?fit\b",
            r"\b(more suitable|better suited|suited (us|our \w+) (better|more))\b",
            r"\b(matched|met|covered|understood|served) (us|our \w+|what we \w+) (better|more|best)\b",
            r"\bin line with\b",
            r"\b(more|most) comfortable\b|\b(ticked|checked) (more|all|most)\b|\bclicked with\b",
            r"\bcloser to (what|how|our|us)\b|\b(stronger|better) (overall|all round)\b",
            r"\bfelt (just |simply )?right\b|\bgut feeling\b",
            r"\b(package|offering|solution|product) was (just |simply )?better\b",
            r"\bpass(t|te|ten|end) (einfach )?(besser|nicht)\b|\b(nicht|besser|einfach) (ganz |so |richtig )?(gepasst|passend)\b",
            r"\bnäher an\b|\bpasste\b.{0,12}\b(mehr|eher)\b",
            r"\bgeeigneter\b|\bbesser geeignet\b",
            r"\b(gesamtpaket|paket|lösung|angebot|produkt) war (einfach )?besser\b",
            r"\bbessere (lösung|wahl|partner|alternative)",
            r"\bbesser (aufgehoben|verstanden|zu uns)\b",
            r"\bbauchgef|\bchemie (hat ge)?stimmt",
            r"\bentsprach(en)? (eher|mehr|besser)\b",
        ),
        (BEHIND, _("Which task came first to mind?"), _("Where did you notice it?")),
    ),
    Vague(
        "not-the-time",
        _("“Not the right time” was said"),
        (
            r"\b(right|wrong|bad|best) (time|timing|moment)\b|\btiming\b|\bmoment was\b",
            r"\bpostpon|\bon hold\b|\bpushed (back|out)\b|\bput off\b|\bdelayed\b|\bparked\b|\bshelved\b|\bslipped (down|back)\b",
            r"\bnext (year|quarter|budget)\b|\b(maybe|perhaps) later\b|\blater this year\b",
            r"\btoo (early|soon|late)\b|\bnot (yet )?ready\b",
            r"\bpriorit(y|ies)\b|\bother (things|projects|topics) to\b",
            r"\b(to|and|will|just) wait\b|\b(revisit|come back to|look at) (it|this|that)\b.{0,12}\b(in|next|later|again)\b",
            r"\btoo much (going on|on our plate|else)\b",
            r"\b(no|the|enough|had) time for\b",
            r"\bzeitpunkt\b|\btiming\b",
            r"\b(verschoben|vertagt|zurückgestellt|aufgeschoben|auf eis|geparkt)\b",
            r"\bzu (früh|spät)\b|\bnoch nicht (so weit|soweit|bereit)\b",
            r"(?:^|[^a-zäöüß])nächste[sn]? (jahr|quartal)\b|\bvielleicht später\b",
            r"\bpriorität|\bvorrang\b|\bwichtigere\b",
            r"\bum die ohren\b|\bzu viel (anderes|los|zu tun)\b",
            r"\bkeine zeit\b|\bwarten (noch |erst )?(ab|mal)\b|\babwarten\b",
        ),
        (BEHIND, _("What took its place?"), _("Who raised the timing?")),
    ),
    Vague(
        "management-decided",
        _("“Management decided” was said"),
        (
            r"\b(management|leadership|executive|board|political|group|corporate)('s)? (team )?decision\b",
            r"\bdecision (of|by|from) (the )?(management|leadership|board|executive|ceo|group)",
            r"\b(management|the board|board members|head office|headquarters|hq|corporate|leadership|the group|"
            r"the (ceo|cfo|cio|boss|owner)|(our|the) (directors?|executives?|owners?)|(the )?(executive|steering) committee|(my|the) (boss|manager|superior)) "
            r"(decided|went|wanted|chose|preferred|made|picked|said|signed|took)\b",
            r"\boverruled\b|\bat (group|board|corporate) level\b|(?:^|[^a-zäöüß])überstimmt\b|\betage höher\b",
            r"\bfrom (above|the top)\b|\bhigher up\b|\bdecided (above|elsewhere)\b",
            r"\bnot (my|our) (decision|call|choice)\b|\bout of (my|our) hands\b",
            r"\b(geschäftsführung|geschäftsleitung|vorstand|chef|chefin|management|leitung|zentrale|konzern|konzernleitung|"
            r"vorgesetzter?|vorgesetzten) "
            r"(hat|wollte|entschied|gab|gibt|war|sagte)\b",
            r"\bhat (die|der|das) (geschäftsführung|geschäftsleitung|vorstand|chef|management|leitung|zentrale|konzern)\b",
            r"\bvon (ganz )?oben\b|\bpolitische entscheidung\b|\bpolitisch entschieden\b",
            r"\bnicht (meine|unsere) entscheidung\b|\bnicht in (meiner|unserer) hand\b",
        ),
        (BEHIND, _("Which concern did they bring? A role is enough, no name.")),
    ),
    Vague(
        "short",
        _("A very short answer"),
        (
            r"^(it was |that was |was |everything was )?(okay|ok|fine|good|all right|alright|as usual|in ordnung)$",
            r"^(hard to say|not really|nothing special|all good|no comment|can't say|i don't know)$",
            r"^(kann ich (so )?nicht sagen|weiß (ich )?nicht|nichts besonderes|keine ahnung|schwer zu sagen)$",
        ),
        (BEHIND, _("Can you tell me more about that?"), _("What would be an example?")),
        most_words=6,
    ),
)

# What explains a vague phrase, or says that it was not so.
EXPLAINED: tuple[str, ...] = (
    r"\b(because|since|so that|compared|instead of|for example|which we|namely)\b",
    r"\b(weil|denn|da (wir|die|der|das)|verglichen|zum beispiel|nämlich|statt|anstatt)\b",
    r"\b(not|never|wasn't|isn't) (at all |really )?(too |that )?(expensive|the (price|issue|problem|money))\b",
    r"\bnicht (zu |so )?(teuer|am preis)\b|\bnie das thema\b|\bnever the issue\b",
    r"\d",
)

_EXPLAINED = re.compile("|".join(EXPLAINED))
_SENTENCE_ENDS = re.compile(r"[.!?;\n]+")


def called(text: str) -> list[Vague]:
    """The kinds of vague answer in the note, in the order of the table."""
    sentences = [" ".join(part.split()) for part in _SENTENCE_ENDS.split(text.lower().replace("’", "'"))]
    sentences = [sentence for sentence in sentences if sentence]
    found = [kind for kind in VAGUE if not kind.most_words and _is_said(kind, sentences)]
    if found or not sentences:
        return found
    words = sum(len(sentence.split(" ")) for sentence in sentences)
    return [
        kind
        for kind in VAGUE
        if kind.most_words
        and (words <= kind.most_words or (len(sentences) == 1 and re.search(kind.pattern, sentences[0])))
    ]


def _is_said(kind: Vague, sentences: list[str]) -> bool:
    return any(
        re.search(kind.pattern, sentence) and not _EXPLAINED.search(" ".join(sentences[at : at + 2]))
        for at, sentence in enumerate(sentences)
    )
