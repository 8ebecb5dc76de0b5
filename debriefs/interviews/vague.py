"""What buyers say instead of the reason, in English and German, and the probes that lead on: rules as data.

A note calls for probes when one of its sentences holds a vague phrase and neither that sentence nor the next explains it. Where no
phrase is known, a short sentence that only names a topic (money, liking, time, whoever decides) calls for the probes of that
topic: whoever has a reason to tell needs more words for it. The page's script reads the same tables (data attributes of templates/interviews/_beside.html) and decides alike, so patterns use only
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

    `topics` are words of the topic: they call in a sentence of no more than `TOPIC_WORDS` words where no phrase did, for the kind of the
    lowest `rank` alone. `most_words`: an answer of no more words than this is vague whatever it says, unless another kind was called.
    """

    key: str
    heading: "str | Promise"
    patterns: tuple[str, ...]
    probes: "tuple[str | Promise, ...]"
    most_words: int = 0
    topics: tuple[str, ...] = ()
    rank: int = 9

    @property
    def keyed_probes(self) -> "list[tuple[str, str | Promise]]":
        """The probes with the key by which it is noted that they were asked."""
        return [(f"{self.key}:{place}", probe) for place, probe in enumerate(self.probes)]

    @property
    def topic(self) -> str:
        """All topics as one pattern."""
        return "|".join(self.topics)

    @property
    def pattern(self) -> str:
        """All patterns as one."""
        return "|".join(self.patterns)


BEHIND = _("What lay behind that?")
# A sentence of more words than this has usually begun to explain.
TOPIC_WORDS = 11

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
        topics=(
            r"\bpric|\bcosts?\b|\bcostly\b|\bmoney\b|\bbudget|\bexpens|\bcheap|\bafford|\bspend|\bsav(e|ing|ings)\b",
            r"\bsums?\b|\bbills?\b|\bfees?\b|\blicen[cs]e|\binvoice|\bquot(e|ed|ation)\b|\bbids?\b|\bnumbers\b|\bfigures\b|\brates?\b",
            r"\bdiscount|\bundercut|\bfund(s|ing|ed)?\b|\bfinanc|\bcommercial|\bbusiness case\b|\b(return on investment|roi|payback)\b",
            r"\bworth\b|\bcompetitive\b|\beconomical|\bdearer\b|\bpay(ing)?\b|\bpurchasing\b|\bprocurement\b|\babove the others\b|\bcash\b",
            r"geld|preis|kosten|\bbudget|teuer|billig|(?:^|[^n])günstig|\bsumme|\brechnung\b|gerechnet|\brechne(t|te|n)\b|\bmittel\b",
            r"finanz(en|iell|ier)|wirtschaftlich|\blizenz|\bkonditionen\b|wettbewerbsf|\bausgeben\b|\bsparen\b|\beinkauf|leisten\b|\brabatt",
            r"\b(darüber|über den anderen)\b|\bbezahl|\binvestition|\bpreislich",
        ),
        rank=2,
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
        topics=(
            r"\bfit(s|ted|ting)?\b|\bsuit(s|ed|able)?\b|\bmatch(ed|es)?\b|\bprefer(red)?\b|\blik(e|ed|ing)\b|\bfavou?red\b",
            r"\b(better|stronger|safer|nicer|closer|ahead|superior|best)\b|\bmore (of|complete|mature|natural|convincing|what)\b|\bconvinc",
            r"\bfe(el|eling|els|lt)\b|\bgut\b|\bcomfortable\b|\bclick(ed)?\b|\bchemistry\b|\boverall\b|\bboxes\b|\brounded\b",
            r"\bwhat we (\w+ )?(want|need|look|had in mind|do|expect)|\bhad in mind\b|\blooking for\b|\b(made|built|meant|right) for\b|\bfor us\b|\bgot us\b",
            r"\bpass(te|ten|end|ender|endes)\b|\bpasst\b(?! schon)|gepasst|\bbesser|\bstärker|\brunder|\bnäher\b|\blieber\b|gefallen\b|\bbeste[nrs]?\b",
            r"gefühl|überzeug|\bverstanden\b|\bgestimmt\b|\bsympath|\bmenschlich|\bgeeignet|\bzugeschnitten|\bmehr drauf\b|\bvorn(e)?\b",
            r"\bwas wir (\w+ )?(brauch|such|gesucht|wollt|erwart)|\bnichts für uns\b|\betwas für (größere|kleinere|andere)|\bweiter als ihr\b",
        ),
        rank=4,
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
        topics=(
            r"\b(the|this|that|at the|bad|right|wrong) moment\b|\b(right|for|just) now\b|\bnot now\b|\bcurrently\b|\btoday\b|\blater\b|\byet\b",
            r"\b(this|next|the|in|until|before) (the )?(year|quarter|spring|summer|autumn|fall|winter|month)s?\b|\bfor (a while|now|the time being)\b",
            r"\bpriorit|\burgent|\bcapacity\b|\bresources\b|\bbusy\b|\bbandwidth\b|\bother (things|projects|topics|worries)\b|\bout of time\b|\btime for\b",
            r"\bon (ice|hold)\b|\bpark(ed|ing)?\b|\bshelv|\bpostpon|\bdelay|\bput off\b|\bwait(ing|ed)?\b|\bsit (it|this) out\b|\bpause[ds]?\b",
            r"\breorgani[sz]|\brestructur|\bmerger\b|\bfreeze\b|\bsteam\b|\bmomentum\b|\bdown the list\b|\bmoved? to\b|\bpick (it|this) up\b|\bearly\b|\bfirst$|\bthings first\b",
            r"\bmoment|\b(zur ?zeit|derzeit|aktuell)\b|\bgerade\b|\bjahr|\bherbst|\bfrühjahr|\bsommer|\bspäter\b|\bzeit\b",
            r"\bbaustellen?\b|dringend|\bkapazit|\bpriorit|\bvorrang|\bumstellung|\bumbau|\bumstruktur|\bfusion|\bwarten\b|\babwarten\b",
            r"\bso weit\b|\bsoweit\b|\bauf eis\b|\bverschob|\bverschieb|\bzurückgestellt|\bnach hinten\b|\bliegen geblieben\b|\bpausier|\bfrüh\b|\berst einmal\b",
        ),
        rank=3,
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
        topics=(
            r"\b(board|boss|director|directors|ceo|cfo|cio|coo|executives?|management|leadership|headquarters|head office|corporate|owners?|shareholders?)\b",
            r"\b(parent|holding|mother) company\b|\bgroup (it|policy|level|wide)\b|\bthe group\b|\bcommittee\b|\bupstairs\b|\bhigher up\b|\babove me\b",
            r"\bpolitic|(\bnot|n't) (really )?(up to|with) (me|us)\b|\bover (our|my) heads?\b|\b(were|was|been) told\b|\bmade up (their|his|her) minds?\b",
            r"\b(others|they|somebody else|someone else) decided\b|\bvoted\b|\bpartners (voted|decided|wanted)\b|\blast word\b|\bveto|\boverrul",
            r"\b(chef|chefin|chefetage|vorgesetzte[rn]?)\b|geschäftsführ|geschäftsleit|vorstand|vorständ|\b(leitung|zentrale|beirat|aufsichtsrat)\b|gesellschafter",
            r"konzern|muttergesellschaft|\bholding\b|\bpoliti(k|sch)|\b(weiter |ganz |von )oben\b|köpfe|\b(andere|anderen) entschieden\b|\bentschieden haben\b",
            r"\bnicht (bei|an) (mir|uns)\b|\bdurften\b.{0,30}\bentscheiden\b|\bvorgegeben\b|\bvorgabe|\bvorgeschrieben\b|\bmachtwort\b|\bein veto\b",
        ),
        rank=1,
    ),
    Vague(
        "short",
        _("A very short answer"),
        (
            r"^(it was |that was |was |everything was )?(okay|ok|fine|good|all right|alright|as usual|in ordnung)$",
            r"^(hard to say|not really|nothing special|all good|no comment|can't say|i don't know)$",
            r"^(hard|difficult) to (say|tell|put|pin)\b|^(i )?(wouldn't|don't|couldn't) (know|say)\b|^no idea\b|^nothing (special|much|in particular|comes)",
            r"^(kann ich (so )?nicht sagen|weiß (ich )?nicht|nichts besonderes|keine ahnung|schwer zu sagen)$",
            r"^da fällt mir\b|^kann ich nicht (sagen|beurteilen|einschätzen)\b|^schwer zu (sagen|beschreiben|greifen)\b|^eigentlich (nichts|nicht)\b",
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
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|ninety|twice)\b",
    r"\b(zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|neunzig|zweimal|dreimal)\b",
)

_EXPLAINED = re.compile("|".join(EXPLAINED))
_SENTENCE_ENDS = re.compile(r"[.!?;\n]+")


def called(text: str) -> list[Vague]:
    """The kinds of vague answer in the note, in the order of the table."""
    sentences = [" ".join(part.split()) for part in _SENTENCE_ENDS.split(text.lower().replace("’", "'"))]
    sentences = [sentence for sentence in sentences if sentence]
    found = [kind for kind in VAGUE if not kind.most_words and _is_said(kind, sentences)]
    found = found or _topic_of(sentences)
    if found or not sentences:
        return found
    words = sum(len(sentence.split(" ")) for sentence in sentences)
    return [
        kind
        for kind in VAGUE
        if kind.most_words
        and (words <= kind.most_words or (len(sentences) == 1 and re.search(kind.pattern, sentences[0])))
    ]


def _topic_of(sentences: list[str]) -> list[Vague]:
    """The kind whose topic a short sentence names: the one of the lowest rank, or none."""
    short = [
        sentence
        for at, sentence in enumerate(sentences)
        if len(sentence.split(" ")) <= TOPIC_WORDS and not _EXPLAINED.search(" ".join(sentences[at : at + 2]))
    ]
    kinds = sorted((kind for kind in VAGUE if kind.topics), key=lambda kind: kind.rank)
    return [kind for kind in kinds if any(re.search(kind.topic, sentence) for sentence in short)][:1]


def _is_said(kind: Vague, sentences: list[str]) -> bool:
    return any(
        re.search(kind.pattern, sentence) and not _EXPLAINED.search(" ".join(sentences[at : at + 2]))
        for at, sentence in enumerate(sentences)
    )
