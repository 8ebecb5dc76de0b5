"""The rules of the question lint, as data: what each looks for in English and German, why, and a better form.

A question of a language is read in lower case with straight apostrophes and single blanks. Every pattern is linear: no nested
repetition, and whatever may be long is bounded.
"""

import re
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Rule:
    """One thing a question should not do. `patterns` by language; `spares` are kinds it says nothing about; `blocks` publishing."""

    key: str
    reason: "str | Promise"
    better: "str | Promise"
    patterns: dict[str, re.Pattern[str]]
    spares: frozenset[str] = field(default_factory=frozenset)
    blocks: bool = False


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in parts))


_EN_THINGS = (
    r"(?:price|pricing|costs?|products?|services?|support|quality|demos?|demonstrations?|proposals?|salespeople|team|"
    r"implementation|timeline|security|usability|features?|training|plan|offer|scope|speed|interface|contract|onboarding|reports?|documentation)"
)
_DE_THINGS = (
    r"(?:preis|preise|kosten|produkt|service|support|qualität|vorführung|demo|angebot|vertrieb|team|einführung|zeitplan|"
    r"sicherheit|bedienung|bedienbarkeit|funktion|funktionen|schulung|plan|umfang|geschwindigkeit|oberfläche|vertrag|betreuung|berichte)"
)
_DE_ASKS = r"(?:was|wie|warum|wieso|wer|wen|wann|wo|welche[rsnm]?|ob|haben|hat|war|waren|ist|sind)"

RULES: tuple[Rule, ...] = (
    Rule(
        "closed",
        _("It can be answered with yes or no."),
        _("Begin with what, how, or “tell me about”."),
        {
            "en": _any(
                r"^(?:so,? |and |then,? )?(?:do|does|did|is|are|was|were|have|has|had|can|could|would|will|should|may|might)"
                r"(?:n't)? (?!you (?:please )?(?:tell|walk|talk|describe|take|give (?:me|us an)|share|explain|say more|help me))",
                # The verb may come after a clause of its own.
                r"^[^,?]{3,60}, (?:did|do|does|was|were|is|are|has|have|had|would|will|can|could) (?:you|we|it|they|he|she|our|your)\b",
                r"\b(?:know|hear|tell me|ask(?: you)?) (?:whether|if)\b",
            ),
            "de": _any(
                r"^(?:also,? |und )?(?:hat|haben|hatte|hatten|hätte|hätten|ist|sind|war|waren|wäre|wären|wird|werden|wurde|wurden|würde|"
                r"würden|kann|können|konnte|konnten|könnte|könnten|darf|dürfen|dürfte|soll|sollen|sollte|sollten|gab|gibt|glauben|denken|"
                r"finden|meinen|wussten|wissen|kannten|kennen|spielte|lag|liegt) (?!sie (?:mir|uns) (?:bitte |kurz )?(?:die |den |das |mehr |von |"
                r"einmal |[a-zäöüß]+ ){0,3}(?:\w+ ){0,3}(?:beschreiben|erzählen|schildern|sagen|erklären|zeigen))(?!sie mir )",
                r"^stimmen sie\b",
                r"^[^,?]{3,60}, (?:hat|haben|hatte|hatten|ist|sind|war|waren|wurde|wurden|würden|können|konnten) (?:sie|wir|es|er|unser\w{0,2}|ihr\w{0,2}|der|die|das)\b",
                r"\b(?:interessiert|wissen|hören|sagen sie(?: mir)?),? ob\b",
            ),
        },
        frozenset(("consent", "factual", "yes_no")),
    ),
    Rule(
        "leading",
        _("It suggests the answer."),
        _("Leave the judgement to the buyer: “How did you see …?”"),
        {
            "en": _any(
                r"\b(?:don't|wouldn't|isn't|wasn't|aren't|weren't|didn't|couldn't|doesn't|won't) (?:you|it|that|they|we|our|your|the)\b",
                r"\b(?:would|do) you agree\b",
                r", (?:right|correct|no|wasn't it|isn't it|weren't they|don't you think|didn't (?:it|we|they)) ?\?",
                r"\b(?:surely|obviously|clearly|of course|as you know)\b",
                r"\bhow (?:frustrat\w{0,4}|annoy\w{0,4}|confus\w{0,4}|pleas\w{0,4}|great|good|bad|poor|hard|difficult|easy|disappoint\w{0,9}|satisf\w{0,9}|impress\w{0,9}|happy|much (?:better|worse)|"
                r"much did you (?:like|love|enjoy|value))\b",
                r"\b(?:most (?:of our )?(?:buyers|customers|people|users|clients)|everyone|everybody) (?:say|says|feel|think|find|tell|tells|love|loves|agree)\b",
                r"\b(?:shouldn't|couldn't|haven't) (?:you|it|we|they)\b",
            ),
            "de": _any(
                r"\bnicht auch\b",
                r"^(?:war|waren|ist|sind|hätten|hat|haben)\b[^?]{1,60}\bnicht (?:der|die|das|ein\w{0,2}|früher|besser|klar)\b",
                r"^stimmen sie (?:mir )?zu\b",
                r"\bwie sehr hat (?:ihnen|sie)\b|\bwie viel (?:besser|einfacher|schneller|schlechter)\b",
                r", (?:oder|nicht wahr|richtig|stimmt's|nicht) ?\?",
                r"\b(?:sicherlich|natürlich|offensichtlich|selbstverständlich|bekanntlich|wie sie wissen|doch wohl)\b",
                r"\bwie (?:gut|schlecht|toll|schwierig|schwer|einfach|leicht|zufrieden|unzufrieden|enttäuscht|begeistert|beeindruckt|froh) ",
                r"\b(?:die meisten (?:kunden|käufer|menschen|anwender|leute)|alle) (?:sagen|finden|meinen|denken|loben|schätzen|bestätigen)\b",
            ),
        },
    ),
    Rule(
        "double",
        _("It asks two things, and the answer cannot be coded."),
        _("Ask one after the other."),
        {
            "en": _any(
                r"\?[^?]{1,500}\?",
                r"\b(?:and|or) (?:what|how|why|who|whom|when|where|which|whether|did|was|were|do|is|are|would)\b",
                r"\b(?:and|or) (?:from|by|to|with|in|at|for) (?:which|what|whom|whose)\b",
                rf"(?<!between )(?<!between our )(?<!between the )\b{_EN_THINGS},? (?:and|or) (?:the |our |your )?{_EN_THINGS}\b",
            ),
            "de": _any(
                r"\?[^?]{1,500}\?",
                rf"\b(?:und|oder) {_DE_ASKS}\b",
                rf"(?<!zwischen )(?<!zwischen der )(?<!zwischen dem )\b{_DE_THINGS},? (?:und|oder) (?:den |die |das |der |dem |unseren |unser |unsere )?{_DE_THINGS}\b",
            ),
        },
    ),
    Rule(
        "blame",
        _("It judges or accuses somebody."),
        _("Ask what happened and how it looked from the buyer’s side."),
        {
            "en": _any(
                r"\bwhy (?:did|didn't|do|don't|would|wouldn't|were|weren't|was|wasn't|have|haven't|has|hasn't) "
                r"(?:you|he|she|they|we|our|your)\b",
                r"\b(?:whose|at) fault\b",
                r"\bto blame\b",
                r"\b(?:you|your|we|our|us|he|she|they|who|whose|consultant|salesperson|sales)\b[^?]{0,40}\bfail(?:ed|ure|s)?\b",
                r"\bfail(?:ed|ure|s)?\b[^?]{0,20}\b(?:you|your|our|us)\b",
                r"\b(?:mistakes?|errors?)\b[^?]{0,12}\b(?:did|do|have|has|made|led)\b",
                r"\b(?:our|your|whose|their) (?:mistakes?|errors?)\b",
                r"\bwe (?:go|went) wrong\b|\bignor(?:ed?|ing) (?:our|us)\b",
                r"\bshould(?:n't)? you have\b",
                r"\b(?:neglect\w{0,6}|incompeten\w{0,3}|drop(?:ped)? the ball|mess(?:ed)? up|poor job|let you down|"
                r"screw\w{0,6}|(?:do|did|done) wrong)\b",
                r"\bshould(?:n't)? have (?:known|noticed|told|seen|warned)\b",
            ),
            "de": _any(
                r"\b(?:warum|wieso|weshalb) (?:haben|hat|hatten|sind|waren|wurden) (?:sie|er|wir|unser|unsere|ihr|ihre)\b",
                r"\b(?:warum|wieso|weshalb) \w{3,20} (?:sie|ihr|ihre) nicht\b",
                r"\bhätten sie\b[^?]{0,60}\b(?:müssen|sollen)\b",
                r"\b(?:unser\w{0,2}|ihr\w{0,2}|wir|sie)\b[^?]{0,40}\b(?:versagt|versagen)\b|\b(?:versagt|versagen)\b[^?]{0,30}\bunser",
                r"\bfehler\b[^?]{0,12}\b(?:hat|haben|machte|machten|unterlief)\b|\b(?:unser\w{0,2}|ihr\w{0,2}|wessen) fehler\b",
                r"\b(?:schuld|schuldig)\b",
                r"\b(?:falsch gemacht|versäumt|verbockt|vermasselt|nachlässig\w{0,4}|unfähig\w{0,4}|im stich gelassen)\b",
            ),
        },
    ),
    Rule(
        "resell",
        _("It opens the decision again. The buyer was promised that nobody would."),
        _("Ask about the decision that was made."),
        {
            "en": _any(
                r"\b(?:would|could|might) you (?:now )?(?:re-?consider|look again|give us another)\b",
                r"\bwhat would it take\b",
                r"\bif we (?:now )?(?:lower\w{0,3}|reduc\w{0,3}|cut|drop\w{0,4}|offer\w{0,3}|match\w{0,3}|gave|give|could|can|add\w{0,3}|includ\w{0,3}|threw)\b",
                r"\b(?:change|reverse|revisit|reopen) your (?:mind|decision)\b|\bwin you back\b|\b(?:get|win|have) the contract\b",
                r"\b(?:new|improved|updated|revised|better) (?:offer|proposal|quote)\b|\bour new (?:version|release)\b",
                r"\bmay we offer\b",
                r"\b(?:still|not too late) (?:open|time)\b",
                r"\bdid you know (?:that )?(?:we|our)\b",
                r"\b(?:special offer|better (?:price|deal|offer)|revised (?:proposal|quote|offer))\b",
                r"\b(?:would|could|how would|with) (?:a |another |our )?discount\b",
                r"\b(?:can|could|may|shall) we (?:send|show|set up|schedule|arrange|offer) (?:you )?(?:a|an|our|another) "
                r"(?:new |revised |updated )?(?:proposal|quote|offer|demo|call|trial)\b",
            ),
            "de": _any(
                r"\bzu uns zurück\w{0,8}\b",
                r"\bwas müssten wir (?:tun|ändern|bieten)\b",
                r"\bentscheidung (?:noch )?(?:einmal |zu )?(?:ändern|überdenken|umzustoßen|zu überdenken)\b|\bnoch eine chance\b",
                r"\bnoch offen für\b|\bunterbieten\b|\bdie neue version\b",
                r"\bwenn wir (?:den |die |das |ihnen |jetzt |nun )?(?:\w{1,20} ){0,4}(?:senk|reduzier|anbiet|nachlass|mach|gäb|böt|schenk|dazugäb)\w{0,6}",
                r"\b(?:noch einmal|nochmals?|erneut) (?:überlegen|ansehen|anschauen|prüfen|nachdenken)\b",
                r"\bwie hätte (?:ein |unser )?(?:rabatt|nachlass)\b",
                r"\b(?:besser|neu|überarbeitet|günstiger)e[smnr]? angebot\b",
                r"\bwussten sie,? dass (?:wir|unser\w{0,2})\b",
                r"\bumstimmen\b|\bzurückgewinnen\b",
            ),
        },
        blocks=True,
    ),
    Rule(
        "presume",
        _("It takes something for granted that nobody has said."),
        _("Ask openly first, then after the reason."),
        {
            "en": _any(
                r"\bwhich of (?:our|their) (?:problems|weaknesses|mistakes|shortcomings)\b",
                r"\bwhat was the (?:biggest|main|worst) (?:problem|mistake|weakness|flaw) (?:with|in|of) (?:our|the)\b",
                r"\b(?:when|at which \w{1,20} of our \w{1,20}) did you (?:first )?(?:lose|stop|become (?:unhappy|frustrated))\b",
                r"\bwhat (?:annoyed|bothered|disappointed|frustrated) you\b",
                r"\bour (?:slow|poor|late|bad|weak|confusing|unclear) \w{1,20}",
                r"^(?:since|as|given that|because) [^,?]{3,60}\b(?:was|were|decided)\b[^,?]{0,40},",
            ),
            "de": _any(
                r"\bwelche unserer (?:schwächen|fehler|mängel|probleme|versäumnisse)\b",
                r"\bwas war (?:das|die|der) (?:größte|schlimmste|hauptsächliche) (?:problem|fehler|schwäche|mangel) (?:an|bei|mit|in)\b",
                r"\bwas hat sie an unser\w{0,2}\b[^?]{0,40}\b(?:gestört|geärgert|enttäuscht)\b",
                r"\bunser\w{0,2} (?:langsam|schlecht|spät|schwach|unklar|verspätet)\w{0,3} ",
                r"^(?:da|weil|nachdem) [^:,?]{3,60}\b(?:gab|war|waren|entschied|fehlte)\s?[:,]",
                r"\bwann haben sie (?:\w{1,20} ){0,3}(?:vertrauen|interesse|geduld) (?:\w{1,20} ){0,3}verloren\b",
            ),
        },
    ),
    Rule(
        "confidential",
        _("It asks for what a rival or a colleague told the buyer in confidence."),
        _("Ask how the difference felt, and for roles instead of names."),
        {
            "en": _any(
                r"\b(?:what|how much)(?: price| rate| discount)? (?:did|were) (?:they|the (?:other|winning|competing|chosen)\b[^?]{0,60}|your (?:chosen|new) "
                r"\w{1,20}) (?:quote|charge|offer|bid|charging|quoting)\b",
                r"\b(?:what|which) (?:discounts?|price|rates?|terms|conditions) did (?:\w{1,20} ){1,3}(?:offer|give|quote|write|grant)\b",
                r"\b(?:their|the (?:competitor|rival|other \w{1,12})'s) (?:roadmap|price list|contract|margins?|pricing)\b",
                r"\bwhich (?:colleagues?|people|persons?) (?:voted|were|was|argued|spoke)\b|\bnames of (?:the |those )?(?:people|colleagues|persons)\b",
                r"\b(?:send|show|forward|share) (?:me|us) (?:with )?(?:their|the (?:other|winning|competitor\w{0,3}))\b",
                r"\bwho (?:exactly )?(?:voted|argued|was|spoke) against\b",
                r"\bname (?:the |those )?(?:people|person|colleagues?) who\b",
            ),
            "de": _any(
                r"\b(?:wie viel|was) hat (?:der|die|das) (?:andere|gewählte|neue|konkurrierende)\w{0,2} \w{1,30} (?:verlangt|geboten|berechnet|gekostet)\b",
                r"\bwelche[nrs]? (?:rabatt|preis|nachlass|vertragsbedingungen|konditionen|bedingungen) (?:hat|haben)\b",
                r"\bwelche (?:kolleg\w{0,6}|personen|leute) (?:war|waren|haben|stimmten)\b",
                r"\b(?:schicken|zeigen|geben|weiterleiten|senden) sie (?:mir|uns) (?:deren|das angebot de[rs])\b|\buns deren\b",
                r"\bwer (?:genau )?(?:hat |war )?(?:\w{1,20} )?gegen uns\b",
                r"\bnennen sie (?:mir |uns |bitte )?(?:die|alle) (?:kolleg\w{0,6}|personen|leute|namen)\b",
            ),
        },
    ),
    Rule(
        "absolute",
        _("Words like always and nobody make people disagree with the word."),
        _("Leave the word out."),
        {
            "en": _any(r"(?<!do-)\b(?:always|never|everything|nothing|everyone)\b"),
            "de": _any(r"\b(?:immer|niemals|jedesmal|ausnahmslos)\b"),
        },
    ),
    Rule(
        "negative",
        _("A negation within a question is often misread."),
        _("Say it without the negation."),
        {
            "en": _any(
                r"\bnot un\w{1,20}",
                r"n't\b[^?]{0,80}\bnot\b",
                r"\bnot\b[^?]{0,80}\bwithout\b",
                r"\bless than un\w{1,20}",
            ),
            "de": _any(r"\bnicht un\w{1,20}", r"\bnicht\b[^?]{0,80}\bohne\b"),
        },
    ),
    Rule(
        "jargon",
        _("Buyers do not speak like that."),
        _("Say it in the buyer’s words."),
        {
            "en": _any(
                r"\b(?:tco|roi|dmu|icp|champion|value proposition|upsell|cross-sell|pipeline|funnel|mql|sql|arr|quick wins?|low-hanging|synerg\w{1,4}|usps?|economic buyers?|buyer(?:'s)? journey|touchpoints?|go-to-market|"
                r"pain points?|use cases?|buying cent(?:er|re))\b"
            ),
            "de": _any(
                r"\b(?:tco|roi|dmu|icp|champion|value proposition|upsell\w{0,4}|pipeline|funnel|quick wins?|synerg\w{1,4}|pain points?|use cases?|usps?|economic buyers?|customer journey|touchpoints?|go-to-market|"
                r"buying cent(?:er|re)|mehrwert\w{0,3}|leadgenerierung)\b"
            ),
        },
    ),
)
# The number of words beyond which a question is too long to be heard.
MOST_WORDS = {"en": 28, "de": 26}
# Open questions in a guide.
FEWEST_OPEN, MOST_OPEN = 5, 10
# What the dashboards are made of: measure, and the measures any of which will do.
NEEDED_MEASURES: tuple[tuple[str, frozenset[str]], ...] = (
    ("stated_reason", frozenset(("stated_reason", "driver", "driver_hurt"))),
    ("root_cause", frozenset(("root_cause",))),
    ("needs_gap", frozenset(("needs_gap", "need_stated", "hidden_need"))),
    ("awareness_source", frozenset(("awareness_source",))),
    ("process", frozenset(("process", "buying_group", "cycle_time"))),
    ("relationship", frozenset(("relationship", "relationship_strength", "trust"))),
)
WHAT_ELSE = {
    "en": _any(r"\bwhat (?:else|have i not|did i not|should i have)\b", r"\banything (?:else|i did not)\b"),
    "de": _any(
        r"\bwas (?:noch|habe ich (?:noch )?nicht|hätte ich)\b",
        r"\b(?:sonst|darüber hinaus|außerdem) noch\b",
        r"\bnoch etwas\b",
    ),
}
