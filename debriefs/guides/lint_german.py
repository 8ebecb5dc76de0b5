"""What the question lint looks for in German, by rule. Read as lint_rules.py says."""

from debriefs.guides.lint_patterns import any_of

_ASKS = (
    r"(?:was|wie|warum|wieso|weshalb|wer|wen|wem|wessen|wann|wo|wohin|woher|woran|wofür|wodurch|womit|worin|wovon|worauf|worum|"
    r"wozu|wobei|inwiefern|inwieweit|welche[rsnm]?|seit wann|ab wann)"
)
# A question that begins with none of these and has its subject in the second place can be answered with yes or no.
_NO_VERB = (
    rf"(?:{_ASKS}|wenn|falls|als|da|weil|nachdem|seit|seitdem|bevor|obwohl|während|angenommen|ob|dass|bei|beim|mit|von|vom|aus|an|am|"
    r"auf|in|im|zu|zum|zur|durch|für|gegen|ohne|um|über|unter|vor|zwischen|nach|trotz|wegen|bis|außer|laut|neben|und|oder|aber|"
    r"sie|wir|es|er|man|der|die|das|ein|eine|unser\w{0,2}|ihr\w{0,2}|auch|nur|denken sie bitte|stellen sie sich|jetzt|nun|heute|dann|so|also|hinter|neben|statt|aus|alle|ab|"
    r"welch\w{0,3}|solange|sobald|sofern|bitte|hier|dort|danach|damals|zuletzt|zuerst)"
)
_SUBJECT = (
    r"(?:sie|wir|es|er|man|ich|jemand|irgend\w{1,10}|etwas|niemand|unser\w{0,2}|ihr\w{0,2}|der|die|das|dieser?|diese|ein|eine|alle|"
    r"sich|ihnen|uns|denn|schon|dort|dabei|dazu|darüber|daran|noch)"
)
_TELL = r"(?:beschreiben|erzählen|schildern|sagen|erklären|berichten|erläutern|mitnehmen|nachzeichnen|skizzieren|durchgehen|beispiel geben|beispiel nennen|helfen, zu verstehen|zusammenfassen)"
_TAG = r"(?:oder(?: nicht| doch| etwa)?|nicht wahr|nicht|richtig|stimmt's|stimmt das|stimmt es|ja|gell|korrekt|einverstanden|stimmts)"
_THINGS = (
    r"(?:preis|preise|kosten|produkt|service|support|qualität|vorführung|demo|angebot|vertrieb|technik|team|einführung|zeitplan|"
    r"sicherheit|bedienung|bedienbarkeit|funktion|funktionen|schulung|plan|umfang|geschwindigkeit|oberfläche|vertrag|betreuung|"
    r"berichte|beratung|referenzen|schnittstellen?|dokumentation|zuverlässigkeit|leistung|kommunikation|präsentation|fachkenntnis|testphase|lizenzen|migration)"
)
_RIVAL = (
    r"(?:(?:de[rmns]|die|das|dem|den|ihr\w{0,2}) (?:ander|gewählt|neu|konkurrierend|siegreich|zweit|erfolgreich|ausgewählt)\w{0,2} (?:anbieter|lieferant|partner|dienstleister|hersteller|firma|unternehmen|angebot|vertrag|bieter|haus)\w{0,3}|"
    r"(?:de[rmns]|dem|den|die|ihr\w{0,2}|vom|beim|zum) (?:\w{1,20} )?(?:wettbewerb|mitbewerb|konkurren|gewinner|sieger|rival|bieter|gegenseite)\w{0,4}|deren|wettbewerbers|"
    r"(?:de[rs]|die|den) anderen(?: bieter)?)"
)
_SLIGHT = (
    r"(?:langsam|schlecht|spät|schwach|unklar|verspätet|mangelhaft|schlampig|überhöht|kompliziert|unzuverlässig|unhöflich|unvollständig|"
    r"veraltet|unflexibl|fehlend|umständlich|hohe|aufdringlich|unerfahren|enttäuschend|lückenhaft|verwirrend|teure|mäßig|chaotisch)"
)
_PRAISE = (
    r"(?:hervorragend|ausgezeichnet|überlegen|führend|preisgekrönt|modern|innovativ|großzügig|attraktiv|fair|schnell|günstig|bewährt|"
    r"einzigartig|freundlich|intuitiv|flexibl|stark|leistungsfähig|toll|exzellent|erstklassig|überragend|zuverlässig|beliebt|erfahren)"
)
_FEELING = (
    r"(?:schlecht|toll|schwierig|schwer|einfach|leicht|zufrieden|unzufrieden|enttäusch|begeister|beeindruck|froh|erleichter|hilfreich|schlimm|"
    r"ärgerlich|frustrier|verärger|erfreu|glücklich|schockier|genervt|überzeugend|angenehm|unangenehm|mühsam|lästig|nervig|dankbar|traurig|großartig|störend|attraktiv)"
)
_SELLS = r"(?:schicken|senden|vorstellen|zeigen|präsentieren|anrufen|melden|unterbreiten|machen|vereinbaren|vorlegen|zukommen|besuchen|anbieten|kontaktieren|sprechen)"

PATTERNS = {
    "closed": any_of(
        rf"^(?:also,? |und |oder |aber )?(?!(?:können|könnten|würden|mögen|möchten|wollen|dürfte|dürften|darf) (?:sie|ich)\b[^?]{{0,200}}\b{_TELL}\b)"
        rf"(?!(?:wäre|wären|hätte|hätten|sollte|sollten|würde|würden) [^?]{{3,200}}, (?:so |dann )?{_ASKS}\b)"
        rf"(?!{_NO_VERB}\b)[a-zäöüß]{{2,20}} {_SUBJECT}\b(?![^?.]{{0,40}}, (?:{_ASKS})\b[^?]{{3,200}}\.)[^?.]{{2,300}}\?",
        r"^(?:also,? |und )?(?:hat|haben|hatte|hatten|ist|sind|war|waren|wird|werden|wurde|wurden|kann|konnte|gab|gibt|lag|spielte|kam|reichte|stimmte) (?!sie (?:mir|uns) )[^?.]{2,300}\?",
        r"^(?:hat|haben|hatte|hatten|hätte|hätten|ist|sind|war|waren|wurde|wurden|gab|kann|lag) (?!sie (?:mir|uns) )[^?]{2,300}$(?<!\?)(?<!\.)",
        r"^stimmen sie\b",
        rf"^(?!{_ASKS}\b|wenn\b|falls\b|angenommen\b)[^,?]{{3,60}}, (?:hat|haben|hatte|hatten|ist|sind|war|waren|wäre|wurde|wurden|würden|können|konnten|konnte|kann|gab|lag|kam|hielt|passte|fühlten|spielte) \w[^?,]{{2,200}}\?",
        r"^[^,?]{3,60}, (?:hat|haben|hatte|hatten|ist|sind|war|waren|wurde|wurden|würden|können|konnten) (?:sie|wir|es|er|unser\w{0,2}|ihr\w{0,2}|der|die|das)\b",
        r"\b(?:interessier\w{0,3}|interessant|wissen|hören|sagen sie(?: mir)?|sagen|frage(?: mich)?|neugierig|erfahren|gespannt)(?: zu wissen)?,? ob\b",
        # A statement with a question mark.
        rf"^(?:und |also )?(?:sie|wir|es|man|unser\w{{0,2}} \w{{1,20}}|de[rn] \w{{1,20}}|die \w{{1,20}}|das \w{{1,20}}) (?![^?]{{0,200}}\b{_ASKS}\b)(?![^?]{{0,200}}, {_TAG} ?\?)[^?]{{3,200}}\?",
        r"^(?:irgendwelche|etwas|jemals)\b",
    ),
    "leading": any_of(
        r"^(?:es|das) (?:klingt|scheint|sieht so aus|wirkt|hört sich)\b|^(?:ich|wir) (?:höre|hörten|verstehe|glaube|denke|habe gehört|weiß|wissen|haben gehört)\b|^(?:bei|angesichts) (?:einem |einer |unser\w{0,2} )",
        r"\b(?:macht|machte|machten|machen) (?:unser\w{0,2}|uns) (?:\w{1,20} )?(?:zu[rm]|so|besser|besonders|überlegen)\b|\bschade\b|\bstimmen mir\b|\bmir (?:sicher |doch )?zustimmen\b",
        r"\b(?:wettbewerber|mitbewerber|konkurrenten|andere anbieter|die anderen) (?:sind|ist) (?:bekannt|berüchtigt|dafür)\b|\bhaben sie doch (?:sicher|bestimmt|auch)\b",
        r"\bnicht auch\b",
        # A negation in a question for yes or no asks for yes.
        r"^(?:aber |und )?(?:ist|war|wäre|wären|sind|waren|hat|haben|hatte|hatten|hätte|hätten|finden|meinen|glauben|denken|würden|sollte|sollten|müsste|kann|könnte|fanden|spielte|lag) [^?,]{0,60}\bnicht\b",
        r"^stimmen sie (?:mir |uns )?(?:\w{1,10} )?zu\b|\bwürden sie (?:nicht )?(?:sagen|zustimmen|zugeben)\b",
        r"\bwie viel (?:besser|einfacher|schneller|schlechter)\b|\bwie sehr\b",
        rf", {_TAG} ?\?",
        r"\b(?:sicherlich|natürlich|offensichtlich|selbstverständlich|bekanntlich|wie sie wissen|doch wohl|zweifellos|zweifelsohne|ohne zweifel|gewiss|wohl kaum|ohne frage)\b",
        r"\b(?:war|waren|ist|sind|hat|haben|hatten|muss|müssen|wird|werden) (?:\w{1,20} ){0,2}?(?:doch|sicher|bestimmt|ja) (?:\w{1,20} ){0,3}",
        r"\bich (?:nehme an|vermute|denke mir|gehe davon aus|könnte mir vorstellen|kann mir vorstellen)\b|\bsie müssen (?:doch |sehr |ja )?\w{1,20} gewesen sein\b|\bmuss (?:\w{1,20} ){1,6}gewesen sein\b",
        r"\bwie gut (?:war|waren|ist|sind|fanden|gefiel|gefielen|hat ihnen)\b",
        r"\b(?:die meisten|viele|alle|andere) (?:unserer )?(?:kunden|käufer|menschen|anwender|leute|nutzer|fachleute|unternehmen)? ?(?:sagen|finden|meinen|denken|loben|schätzen|bestätigen|berichten|halten)\b",
        rf"\bunser\w{{0,2}} (?:\w{{1,20}} )?(?:gilt|gelten) als\b|\bist (?:bekanntermaßen|anerkannt)\b|\bmarktführ\w{{1,6}}|\bunser\w{{0,2}} (?:\w{{1,20}} )?{_PRAISE}\w{{0,4}} \w",
        r"\b(?:gefallen|gefiel|begeistert|beeindruckt|überzeugt)\b[^?]{0,30}\bunser|\bunser\w{0,2} \w{1,25} (?:so |besonders |am meisten )(?:gut |sehr )?(?:gefallen|begeistert|beeindruckt|überzeugt|geschätzt)\b",
    ),
    "leading_degree": any_of(rf"\bwie (?:sehr |überaus )?{_FEELING}\w{{0,4}}\b(?! zu (?:sagen|wissen))"),
    "double": any_of(
        r"\b(?:vor- und nachteile|stärken und schwächen|vorteile und nachteile|für und wider)\b",
        r"\bund (?:auf|unter|nach|aus|mit|in|zu|für|bei|von|wegen) (?:welche[rsnm]?|wem|wessen)\b",
        r"\bwie (?:zufrieden|glücklich|wichtig|beteiligt|einverstanden) (?:war|waren|sind|ist) (?:die |der |ihre |unsere |das )?\w{3,25} und (?:die |der |ihre |unsere |das )?\w{3,25}\b",
        r"\b(?:eindruck|meinung|urteil|erwartungen|bild|einschätzung|ansicht|gedanken) (?:von|vom|zu|zum|zur|über|an) (?:\w{2,20} ){1,3}und (?:von|vom|zu|zum|zur|über|an|den|die|das|unser\w{0,2}) ",
        r"\?[^?]{1,500}\?",
        rf"^(?!.{{0,300}}\bzwischen dem,? {_ASKS}\b).{{0,1900}}?\b(?:und|oder) (?:auch )?(?!was gegen\b|was dagegen\b)(?:{_ASKS}|ob|haben|hat|hatten|war|waren|ist|sind|würden|dürfen|können|könnten)\b",
        r"\b(?:und|oder) (?:von|mit|für|bei|zu|an|in|aus|über|durch|auf) (?:wem|wen|welche[rsnm]?|was)\b",
        rf"(?<!zwischen )(?<!zwischen der )(?<!zwischen dem )\b{_THINGS},? (?:und|oder|sowie) (?:vom |zum |am |an den |von )?(?:den |die |das |der |dem |unsere[nmrs]? |unser )?{_THINGS}\b(?! zueinander)",
        r"(?<!zwischen )\bunser\w{0,2} \w{3,25},? (?:und|sowie) (?:unser\w{0,2} |de[rnms] |die |das )(?!ander|wettbew|gewählt|zweit)\w{3,25}\b",
        r"\b(?:sowie|sowohl)\b",
        r"\bwie \w{3,20} und (?:wie )?\w{3,20} (?:war|waren|ist|sind|fanden|erschien|erschienen|wirkte|wirkten|schien|finden|haben|sahen)\b",
        r"\bund (?:davon|darüber|daran|dazu|damit),? ",
        r"^(?:also,? |und )?(?:war|waren|ist|lag|lagen|ging|hing) (?:es|das|dies)\b[^?]{1,120}\boder (?!nicht\b|doch\b|so\b|mehr\b)",
        r"\bwenn (?:ja|nein|nicht),? (?:" + _ASKS + r")\b|\bfalls (?:ja|nein),? ",
    ),
    "blame": any_of(
        r"\bsich (?:eigentlich )?dabei gedacht\b|\bum alles in der welt\b|\bwessen (?:idee|entscheidung|aufgabe|versehen) (?:war|ist)\b|\bzu verantworten\b|\bwie konnten sie\b|\b(?:hinter unserem rücken|unfair zu uns|schlecht beraten)\b",
        r"\b(?:warum|wieso|weshalb|aus welche[mn] (?:grund|gründen)) [a-zäöüß]{2,20} (?:sie|er|wir|unser\w{0,2}|ihr|ihre|ihrer|niemand|keiner)\b",
        r"\b(?:warum|wieso|weshalb|aus welche[mn] (?:grund|gründen))\b(?=[^?]{0,150}\b(?:sie|ihr|ihre\w?|ihnen|uns|unser\w{0,2}|wir)\b)[^?]{0,100}\b(?:nie|niemals|nicht|niemand|kein\w{0,2})\b",
        r"\b(?:wie konnte\w?|wie kam es,? dass|wie kommt es,? dass) (?:sie|ihr\w{0,2}|unser\w{0,2}|niemand|keiner|wir)\b",
        r"\bhätten sie\b[^?]{0,60}\b(?:müssen|sollen)\b",
        r"\b(?:unser\w{0,2}|ihr\w{0,2}|wir|sie)\b[^?]{0,40}\b(?:versagt|versagen)\b|\b(?:versagt|versagen)\b[^?]{0,30}\bunser",
        r"\bfehler\b[^?]{0,12}\b(?:hat|haben|machte|machten|unterlief)\b|\b(?:unser\w{0,2}|ihr\w{0,2}|wessen) fehler\b",
        r"\b(?:schuld|schuldig|schuldige|ausrede\w{0,1})\b",
        r"\b(?:falsch gemacht|versäumt|verbockt|vermasselt|verschlampt|verpatzt|nachlässig\w{0,4}|unfähig\w{0,4}|unprofessionell\w{0,2}|im stich gelassen|hingehalten|getäuscht|belogen)\b",
        r"\b(?:auf ihrer seite|bei ihnen|in ihrem (?:haus|team)|unser\w{0,2} \w{3,20}|wir)\b[^?]{0,30}\b(?:schief\w{0,10}|danebengegangen)\b",
        r"\bwer\b[^?]{0,60}\b(?:vergessen|verzögert|zu fall gebracht|verursacht|verschuldet|enttäuscht|verärgert|gekippt|sabotiert|torpediert|ruiniert|verloren|verbummelt)\b",
        r"\bfür (?:das|den|die|diese\w?) (?:\w{1,20} )?(?:missverständnis|fehler|verzögerung|scheitern|problem|panne|versäumnis|chaos|verwirrung)\w{0,2}\b[^?]{0,20}\bverantwortlich\b|\bverantwortlich für (?:das|den|die|diese\w?) (?:\w{1,20} )?(?:missverständnis|fehler|verzögerung|scheitern|problem|panne|versäumnis|chaos)",
        r"\b(?:ignoriert|übergangen|missachtet|verschwiegen|verheimlicht|vorenthalten|sabotiert)\b",
        r"\b(?:faire|echte|ernsthafte) chance\b",
        r"\b(?:versprechen|zusage|wort|abmachung)\b[^?]{0,20}\b(?:gebrochen|gehalten|eingehalten)\b",
    ),
    "resell": any_of(
        r"\bwas(?: wäre)?,? wenn wir (?!hätten)(?![^?]{0,80}\b(?:hätten|wären|worden)\b)|\btür\b[^?]{0,30}\boffen\b|\bwie (?:können|könnten) wir (?:sie )?(?:doch |noch |dennoch |jetzt ){0,3}(?:überzeugen|gewinnen|umstimmen|zurück\w{0,10})\b",
        r"\b(?:wollen|sollen|können|könnten|dürfen) wir\b[^?]{0,90}\b(?:noch einmal|nochmals?|erneut|neu) (?:zu )?(?:besprechen|verhandeln|aufrollen|sprechen|darüber|reden|anfangen|aufnehmen)\b|\bschmackhaft\b",
        r"\b(?:unser\w{0,2}|die|das|der) neue\w{0,2} \w{1,20} (?:löst|behebt|kann|hat|erledigt|beseitigt)\b",
        r"\b(?:zu|wieder mit) uns (?:zurück\w{0,8}|wechseln|kommen)\b|\b(?:kämen|kehren|kehrten|kommen) sie\b[^?]{0,30}\bzurück\b",
        r"\bwas (?:können|könnten|müssten|müssen|dürfen|dürften) wir (?:(?:jetzt|noch|nun|heute|ihnen|dafür|dazu|denn) ){0,3}(?:tun|ändern|bieten|anbieten|machen|drauflegen)\b",
        r"\bentscheidung (?:noch |nochmals |doch )?(?:einmal |zu )?(?:ändern|überdenken|umzustoßen|zu überdenken|zu ändern|rückgängig)\b|\b(?:zweite|weitere|neue|letzte|noch eine) chance\b",
        r"\b(?:wieder|zurück) (?:ins|in das|im|in die) (?:rennen|spiel|boot|geschäft|auswahl|gespräch)\b",
        r"\bnoch (?:\w{1,10} )?(?:offen für|möglich|spielraum|verhandel\w{1,5}|reden|zu retten|zeit für)\b|\bunterbieten\b|\bunsere? neuen? (?:version|preisliste|preise|release)\b|\bdie neue version\b",
        r"\b(?:wenn|falls) wir (?:den |die |das |ihnen |jetzt |nun )?(?:\w{1,20} ){0,4}(?:senk|reduzier|anbiet|anböt|nachlass|mach|gäb|böt|schenk|dazugäb|verzicht|erlass|halbier|entgegenk|drauf|streich|übernähm|verbesser)\w{0,6}",
        r"\b(?:angenommen|gesetzt den fall|stellen sie sich vor|nehmen wir an),? (?:dass )?wir (?!hätten\b|haben\b|waren\b|wären\b)",
        r"\b(?:noch einmal|nochmals?|erneut|doch noch) (?:überlegen|ansehen|anschauen|prüfen|nachdenken|überdenken|reden|verhandeln)\b",
        r"\bwie hätte (?:ein |unser )?(?:rabatt|nachlass)\b",
        r"\b(?:besser|neu|überarbeitet|günstiger|verbessert|attraktiver|letzt|aktualisiert)e[smnr]? (?:angebot|offerte|vorschlag)\b",
        r"\b(?:über|mit|zu|bei) (?:\w{1,12} )?(?:besser|neu|günstiger|attraktiver)en? (?:konditionen|preis\w{0,2}|bedingungen|angebot|vertrag)\b",
        r"\b(?:wussten|wissen) sie(?: schon| eigentlich| bereits)?,? dass (?:wir|unser\w{0,2})\b",
        r"\b(?:kennen sie (?:schon|bereits|eigentlich) unser\w{0,2}|haben sie (?:schon|bereits|eigentlich|inzwischen) (?:gesehen|gehört|mitbekommen|bemerkt|von unser\w{0,2} neu\w{0,2}|unser\w{0,2} neu\w{0,2}))\b",
        r"\bumstimmen\b|\bzurückgewinnen\b|\bumdenken\b|\bumentscheiden\b|\banders überlegen\b|\bmeinung (?:noch |doch )?(?:zu )?ändern\b",
        r"\bunter welchen (?:umständen|bedingungen|voraussetzungen) (?:würden|kämen|wären|könnten|käme|kauften) (?:sie|wir)\b",
        r"\bwürde (?:ein\w{0,2}|unser\w{0,2}) [^?]{0,60}\b(?:sie|ihnen)\b[^?]{0,30}\b(?:bewegen|umstimmen|überzeugen|helfen|reizen)\b",
        rf"\b(?:darf|dürfen|dürfte|kann|können|könnte|könnten|soll|sollen) (?:ich|wir|sich unser\w{{0,2}}|unser\w{{0,2}})\b[^?]{{0,60}}\b(?:angebot|preisliste|konditionen|vorführung|demo|rabatt|version|modul|nachlass|testphase|termin mit)\b[^?]{{0,40}}\b{_SELLS}\b",
        r"\bwir (?:ihnen )?(?:unser\w{0,2} |ein\w{0,2} )(?:neu|besser|verbessert|überarbeitet)\w{0,2} \w{1,20} (?:vorstellen|zeigen|schicken|senden|vorlegen)\b",
        r"\bwären sie (?:offen|bereit|interessiert)\b[^?]{0,60}\b(?:konditionen|angebot|gespräch mit unser\w{0,2}|vorführung|rabatt|test|preis)\w{0,2}\b",
    ),
    "presume": any_of(
        r"\b(?:schaden|ärger|probleme|schwierigkeiten|aufwand|verwirrung|unmut|frust)\b[^?]{0,12}\b(?:durch|wegen|mit|aus|hat|haben|machte|bereitete)\b(?= unser)|\bunser(?:e|en|em|er)? (?:mangel an|fehlende?\w?|versagen|versäumnis|verspätung|unvermögen|unerfahrenheit|verzug)\w{0,3}\b",
        r"\bwelche (?:probleme|schwierigkeiten|schäden|nachteile|unannehmlichkeiten) (?:hat|haben|hatten|machte|brachte|verursachte) (?:ihnen )?unser\w{0,2}\b|\bwas (?:stimmte|war) (?:\w{1,6} )?(?:mit|an) unser\w{0,2}\b[^?]{0,60}\b(?:nicht|falsch|faul|verkehrt)\b",
        r"\b(?:warum|wieso|weshalb) (?:war|waren|ist|sind|wirkte|erschien) (?:unser\w{0,2}|wir) (?:\w{1,25} ){0,3}(?:zu|so|nicht) \w|\b(?:bergab|schiefzugehen|schief zu gehen)\b",
        r"\bwelche(?:r|n|s)? (?:unserer|ihrer) (?:schwächen|fehler|mängel|probleme|versäumnisse|stärken|vorteile)\b",
        r"\bwelche(?:r|n|s)? (?:\w{1,20} )?(?:vorteile|vorzüge|schwächen|fehler|mängel|nachteile|stärken|defizite|versäumnisse) (?:de[sr]|von|unser\w{0,2}|an unser\w{0,2}|in unser\w{0,2})\b",
        r"\bwas war (?:das|die|der|ihre|ihr) (?:größte|schlimmste|hauptsächliche) (?:problem|fehler|schwäche|mangel|enttäuschung|ärgernis) (?:an|bei|mit|in)\b",
        r"^was hat sie\b[^?]{0,60}\b(?:gestört|geärgert|enttäuscht|verärgert|genervt|abgeschreckt|vergrault)\b|\bwas (?:ärgerte|störte|enttäuschte|nervte) sie\b",
        rf"\bunser\w{{0,2}} (?:\w{{1,20}} )?{_SLIGHT}\w{{0,4}} ",
        r"^(?:da|weil|nachdem) [^:,?]{3,60}\b(?:gab|war|waren|entschied|fehlte)\s?[:,]",
        rf"^(?:da|weil|wo|jetzt,? wo|jetzt,? da|nun,? da|nachdem sie (?:nun|jetzt)) (?:sie|es|der|die|das|unser\w{{0,2}}|ihr\w{{0,2}}|uns) [^?:]{{3,90}}[:,] ?{_ASKS}\b",
        r"\b(?:wann|ab wann|seit wann|wodurch|warum|wie lange)\b[^?]{0,40}\b(?:vertrauen|interesse|geduld|hoffnung|glauben|zuversicht|lust) (?:\w{1,20} ){0,4}verloren\b|\bverloren sie\b",
        r"\b(?:was|warum|wieso|seit wann|wie sehr|wann) (?:bereuen|bedauern) sie\b",
        r"\b(?:wann|ab wann|seit wann|wodurch|warum|wieso)\b[^?]{0,60}\b(?:enttäuscht|aufgehört|nicht mehr|verärgert)\b",
        r"\b(?:gemerkt|bemerkt|festgestellt|erkannt|begriffen|gesehen|klar),? dass (?:unser\w{0,2}|wir)\b",
        r"\b(?:nachdem|weil|obwohl|da) (?:unser\w{0,2}|wir) [^?,]{0,80}\b(?:vergessen|versäumt|verpasst|verloren|abgesagt|enttäuscht|zu spät|ignoriert|versagt|gescheitert|verspätet|nicht)\b",
        r"\bimmer noch (?:verärgert|enttäuscht|unzufrieden|wütend)\b",
    ),
    "confidential": any_of(
        rf"\b(?:wie viel|welche[nrs]?) (?:prozent |euro )?(?:rabatt|nachlass|preis|prozente|konditionen|skonto)\b[^?]{{0,40}}\b(?:von|bei|mit) (?:denen|den anderen|der anderen|{_RIVAL})",
        r"\b(?:was|wie viel|wie hoch) (?:die|der|das|haben die|hat der|hat die) (?:anderen?|konkurren\w{1,4}|wettbewerb\w{0,4}|mitbewerb\w{0,4})(?: \w{1,20})? (?:ge\w{2,12}|verlangt|angeboten|berechnet|kosten|bot|boten|war|waren)\b",
        r"\bwer (?:war|waren|ist) (?:bei ihnen |im haus |in ihrem haus )?(?:unser\w{0,2}|der|die) (?:\w{1,12} )?(?:gegner\w{0,3}|kritiker\w{0,3}|feind\w{0,2}|widersacher\w{0,2}|bremser\w{0,2})\b|\bwelche[rs]? (?:vorstand|chef|leiter|leiterin|manager|person|kollege|kollegin|mitglied|geschäftsführer)\w{0,3}\b[^?]{0,40}\b(?:blockiert|gebremst|abgelehnt|verhindert|gestoppt|dagegen|nein)\b",
        rf"\b(?:roadmap|preisliste|kalkulation|marge)\b(?= (?:{_RIVAL}))(?=[^?]{{0,60}}\?)",
        r"\b(?:wie viel|was) hat (?:der|die|das) (?:andere|gewählte|neue|konkurrierende)\w{0,2} \w{1,30} (?:verlangt|geboten|berechnet|gekostet)\b",
        rf"\b(?:wie viel|was|welchen betrag)\b[^?]{{0,30}}\b(?:zahl|bezahl|kost|verlang|berechn|biet|bot\b)\w{{0,4}}\b[^?]{{0,40}}{_RIVAL}",
        rf"\b(?:wie viel|was) (?:hat|haben) (?:ihnen )?{_RIVAL}[^?]{{0,40}}\b(?:verlangt|geboten|berechnet|gekostet|angeboten|nachgelassen)\b",
        rf"\bwie (?:hoch|teuer|günstig|niedrig|billig)\b[^?]{{0,40}}{_RIVAL}",
        rf"\b(?:was (?:stand|steht|enthielt|enthält|beinhaltet\w{{0,2}})|wie (?:sah|sahen|lautete|lauteten))\b[^?]{{0,40}}\b(?:angebot|vertrag|verträg|unterlagen|folien|preisliste|roadmap|ausschreibung)\w{{0,3}}\b[^?]{{0,15}}{_RIVAL}",
        rf"\b(?:was (?:stand|steht|enthielt)|wie (?:sah|sahen)) (?:in |im )?{_RIVAL}[^?]{{0,20}}\b(?:angebot|vertrag|unterlagen|preisliste)\w{{0,3}}\b",
        rf"\bwas (?:hat|haben|verriet|erzählte|verrieten) (?:ihnen )?{_RIVAL}[^?]{{0,60}}\b(?:verraten|gesagt|erzählt|zugesagt|mitgeteilt|pläne|planungen|versprochen)\b",
        rf"\bwelche[nrs]? (?:rabatt\w{{0,2}}|preis\w{{0,2}}|nachl[aä]ss\w{{0,2}}|vertragsbedingungen|konditionen|bedingungen|klauseln|zugeständnisse)\b[^?]{{0,60}}{_RIVAL}",
        r"\bwelche[nrs]? (?:rabatt|preis|nachlass|vertragsbedingungen|konditionen|bedingungen) (?:hat|haben)\b",
        r"\bwelche (?:kolleg\w{0,6}|personen|leute) (?:war|waren|haben|stimmten)\b",
        r"\b(?:schicken|zeigen|geben|weiterleiten|senden) sie (?:mir|uns) (?:deren|das angebot de[rs])\b|\buns deren\b",
        rf"\b(?:mir|uns|ich|wir)\b[^?]{{0,60}}(?:{_RIVAL}|\bsiegreich\w{{0,2}})[^?]{{0,40}}\b(?:schicken|zeigen|geben|weiterleiten|senden|überlassen|zukommen|sehen|haben|bekommen|weitergeben)\b",
        r"\bwer (?:genau )?(?:hat |war )?(?:\w{1,20} )?gegen uns\b",
        r"\b(?:wer|welche[rs]? (?:person|kolleg\w{0,4}|vorstand\w{0,4}|mitglied\w{0,3}))\b[^?]{0,60}\b(?:dagegen|nein gesagt|abgelehnt|zu fall gebracht|gestimmt|gesträubt|widersetzt|quergestellt|gegen (?:uns|unser\w{0,2})|für (?:den|die) (?:anderen?|konkurren\w{0,3}|wettbewerb\w{0,3}))\b",
        r"\bnennen sie (?:mir |uns |bitte )?(?:die|alle) (?:kolleg\w{0,6}|personen|leute|namen)\b",
    ),
    "absolute": any_of(
        r"\b(?:immer(?! noch)|niemals|jedesmal|jedes mal|ausnahmslos|stets|ständig|alle (?:im|in|bei) \w{1,20})\b"
    ),
    "negative": any_of(
        r"\bnicht un(?!s\b|ser|ter|d\b)\w{1,20}",
        r"\bnicht\b[^?]{0,80}\bohne\b|\bohne\b[^?]{0,80}\bnicht\b",
        r"\bnicht (?:\w{1,12} )?(?:verzichten|missen|entbehren)\b|\bnicht (?:selten|wenig|ohne)\b",
        r"\b(?:nicht|kein\w{0,2})\b[^?]{0,40}\b(?:nicht|kein\w{0,2})\b",
    ),
    "jargon": any_of(
        r"\b(?:tco|roi|dmu|icp|champion|value prop(?:osition)?|upsell\w{0,4}|pipeline|funnel|quick wins?|synerg\w{1,4}|pain ?points?|use cases?|usps?|economic buyers?|customer journey|touchpoints?|go-to-market|"
        r"buying cent(?:er|re)|mehrwert\w{0,3}|leadgenerierung|kpis?|rfps?|rfis?|slas?|nps|stakeholder[ns]?|c-level|c-suite|churn|onboarding|deliverables?|learnings|alignment|pitch|commitment|enablement|benefits?|poc|mvp)\b"
    ),
}
