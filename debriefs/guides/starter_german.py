"""The starter guides in German: the same questions under the same keys, so that answers compare across languages."""

from debriefs.guides.starter import GUIDES, StarterGuide, StarterQuestion

# Name of the guide, and what the interviewer took no part in, by the English name.
_NAMES = {
    "Won deals": ("Gewonnene Aufträge", "diesem Verkauf"),
    "Lost deals": ("Verlorene Aufträge", "diesem Verkauf"),
    "Withdrawn deals": ("Zurückgezogene Aufträge", "diesem Vorhaben"),
    "Rejected early": ("Früh ausgeschieden", "dieser Auswahl"),
}
_OPENING = (
    "Vielen Dank für Ihre Zeit. Ich war an {purchase} nicht beteiligt und verkaufe nichts.\n"
    "Ihre Entscheidung steht: Ich will sie nicht ändern, und es folgt kein Angebot.\n"
    "Wir fragen, weil wir lernen möchten, wie solche Entscheidungen fallen und was wir anders machen sollten.\n"
    "Es dauert etwa {minutes} Minuten. Sie können jede Frage auslassen und jederzeit aufhören.\n"
    "Bitte behalten Sie für sich, was andere Ihnen vertraulich gesagt haben, etwa deren Preise.\n"
    "Meine Notizen liest, wer sie prüft, und wer dieses Programm leitet. Nichts geht mit Ihrem Namen weiter, wenn Sie nicht zustimmen, "
    "und Sie sehen jedes Zitat, bevor es verwendet wird.\n"
    "Ich möchte mitschreiben. Ist Ihnen das recht?"
)
_CLOSING = (
    "Vielen Dank, das war sehr hilfreich.\n"
    "Zum Schluss frage ich, was wir mit dem Gesagten tun dürfen. Zu jedem Punkt können Sie Ja oder Nein sagen und Ihre Meinung "
    "jederzeit ändern, indem Sie uns schreiben.\n"
    "So geht es weiter: Ich schreibe meine Notizen in den nächsten Tagen auf, jemand anderes prüft sie, und dann lernt das Team daraus. "
    "Ihr persönlicher Link bleibt offen, falls Sie etwas ansehen oder ändern möchten."
)
# Every text of the English guides, by its words.
WORDS = {
    "How it began": "Wie es begann",
    "The decision": "Die Entscheidung",
    "Our part in it": "Unser Anteil",
    "Closing": "Zum Schluss",
    "What lay behind that?": "Was lag dahinter?",
    "From the first reason to the one behind it; up to three times": "Vom ersten Grund zu dem dahinter; bis zu dreimal",
    "Could you give me an example?": "Können Sie mir ein Beispiel geben?",
    "From a judgement to an event": "Vom Urteil zum Ereignis",
    "What happened next?": "Was geschah danach?",
    "The order of events": "Die Reihenfolge der Ereignisse",
    "What made you say so just now?": "Wie kommen Sie gerade darauf?",
    "A word that was chosen with care": "Ein Wort, das bedacht gewählt war",
    "What was going on in your organisation that made you start looking?": "Was ging in Ihrem Haus vor, dass Sie zu suchen begannen?",
    "Warm up, and hear the need in the buyer's words before any product is named.": "Ankommen, und den Bedarf in den Worten des Käufers hören, bevor ein Produkt genannt wird.",
    "Who felt it first?": "Wer spürte es zuerst?",
    "The role that carried the need": "Die Rolle, die den Bedarf trug",
    "How did we come onto your list?": "Wie kamen wir auf Ihre Liste?",
    "How they heard of us, what they heard, and from whom.": "Wie sie von uns hörten, was, und von wem.",
    "From whom did that come?": "Von wem kam das?",
    "The source behind the source": "Die Quelle hinter der Quelle",
    "What had you heard by then?": "Was hatten Sie bis dahin gehört?",
    "The picture of us": "Das Bild von uns",
    "What did a solution have to do for you to take it seriously?": "Was musste eine Lösung können, damit Sie sie ernst nahmen?",
    "The criteria as they stood, sorted by weight, not by length of talk.": "Die Kriterien, wie sie galten: nach Gewicht geordnet, nicht nach Redezeit.",
    "Which of these came first?": "Was davon kam zuerst?",
    "The one that weighed most": "Was am meisten wog",
    "Where did our proposal differ from what you needed?": "Wo wich unser Angebot von Ihrem Bedarf ab?",
    "Gaps: not there at all, or there and not shown.": "Lücken: gar nicht da, oder da und nicht gezeigt.",
    "Where did you notice it?": "Wo fiel es Ihnen auf?",
    "The moment, and who noticed": "Der Augenblick, und wer es bemerkte",
    "How did you settle it in the end?": "Wie haben Sie es schließlich gelöst?",
    "Whether it weighed": "Ob es ins Gewicht fiel",
    "How did dealing with our people compare with the others?": "Wie war der Umgang mit unseren Leuten im Vergleich zu den anderen?",
    "What it was like to buy from us. Roles are enough, no names.": "Wie es war, bei uns zu kaufen. Rollen genügen, keine Namen.",
    "What happened that gave that impression?": "Was ist geschehen, das diesen Eindruck gab?",
    "From an impression to an event": "Vom Eindruck zum Ereignis",
    "What have I not asked that matters here?": "Was habe ich nicht gefragt, das hier wichtig ist?",
    "Leave room. Wait before going on.": "Raum lassen. Warten, bevor es weitergeht.",
    "How do you see the relationship with us from here?": "Wie sehen Sie das Verhältnis zu uns von jetzt an?",
    "Where things stand. A wish to reopen the matter is noted as the buyer's own.": "Wo wir stehen. Ein Wunsch, es wieder aufzunehmen, wird als der des Käufers notiert.",
    "Walk me through the decision, from the first conversation inside your organisation to the signature.": "Führen Sie mich durch die Entscheidung, vom ersten Gespräch in Ihrem Haus bis zur Unterschrift.",
    "Walk me through the decision, from the first conversation inside your organisation to the final choice.": "Führen Sie mich durch die Entscheidung, vom ersten Gespräch in Ihrem Haus bis zur endgültigen Wahl.",
    "The timeline and who took part, by role. Let it run.": "Der Verlauf und wer beteiligt war, nach Rollen. Laufen lassen.",
    "Who joined at that point?": "Wer kam da hinzu?",
    "The buying group, by role": "Die Beteiligten, nach Rollen",
    "Which other ways of solving it did you weigh up, including leaving things as they were?": "Welche anderen Wege haben Sie abgewogen, auch den, alles zu lassen, wie es war?",
    "Rivals, doing it themselves, doing nothing.": "Mitbewerber, es selbst machen, nichts tun.",
    "What separated first from second?": "Was trennte den Ersten vom Zweiten?",
    "How close it was, and on what": "Wie knapp es war, und woran es lag",
    "At the moment of choosing, what tipped it?": "Was gab im Augenblick der Wahl den Ausschlag?",
    "Listen for the moment, and who was in the room. The first reason is seldom the last.": "Auf den Augenblick hören, und wer im Raum war. Der erste Grund ist selten der letzte.",
    "What came closest to stopping you from choosing us?": "Was hätte Sie am ehesten davon abgehalten, uns zu wählen?",
    "The risk nobody told us about: the people who deliver need to hear it before they start.": "Das Risiko, das uns niemand nannte: Wer liefert, muss es vor dem Beginn hören.",
    "What did you picture going wrong?": "Was stellten Sie sich vor, das schiefgehen könnte?",
    "The risk as it was felt": "Das Risiko, wie es empfunden wurde",
    "For whom?": "Für wen?",
    "Who carries the risk": "Wer das Risiko trägt",
    "How did dealing with our people during the evaluation compare with the others?": "Wie war während der Auswahl der Umgang mit unseren Leuten im Vergleich zu den anderen?",
    "Before our team's next bid, what would you advise them to do differently?": "Was würden Sie unserem Team raten, beim nächsten Angebot anders zu machen?",
    "Advice is criticism that comes easily.": "Ein Rat ist Kritik, die leichtfällt.",
    "Which options made the final comparison?": "Welche Lösungen kamen in den letzten Vergleich?",
    "Names are welcome, prices and papers of others are not.": "Namen sind willkommen, Preise und Papiere anderer nicht.",
    "What tipped the decision towards the option you chose?": "Was gab den Ausschlag für die Lösung, die Sie gewählt haben?",
    "Had that been equal, what then?": "Angenommen, das wäre gleich gewesen: was dann?",
    "Whether it decided or only came first": "Ob es entschied oder nur zuerst kam",
    "At what point did you see our chances change?": "An welcher Stelle sahen Sie unsere Aussichten sich ändern?",
    "The event, and what could have been seen from our side.": "Das Ereignis, und was von unserer Seite zu sehen gewesen wäre.",
    "Which concerns were discussed inside your organisation that we may not have heard?": "Welche Bedenken wurden bei Ihnen besprochen, von denen wir womöglich nichts hörten?",
    "Hidden needs, risks and politics. Roles, never names.": "Verdeckter Bedarf, Risiken, Interessen. Rollen, nie Namen.",
    "Which role brought it up?": "Welche Rolle brachte es auf?",
    "Whose concern it was, without a name": "Wessen Sorge es war, ohne Namen",
    "What were you hoping would be different by now?": "Was sollte nach Ihrer Hoffnung heute anders sein?",
    "The need, as it stood before the project stopped.": "Der Bedarf, wie er vor dem Ende des Vorhabens war.",
    "Walk me through how the project came to a stop.": "Führen Sie mich durch, wie das Vorhaben zum Stillstand kam.",
    "The timeline, and whether anybody decided it.": "Der Verlauf, und ob jemand es entschied.",
    "Who raised it first?": "Wer sprach es zuerst an?",
    "Where the stop came from": "Woher der Stillstand kam",
    "What changed along the way?": "Was hat sich unterwegs geändert?",
    "Budget, people, priorities. The first answer is often the polite one.": "Geld, Menschen, Vorrang. Die erste Antwort ist oft die höfliche.",
    "What took its place?": "Was trat an seine Stelle?",
    "What won against the project": "Was gegen das Vorhaben gewann",
    "Which roles had to be in favour for it to go ahead?": "Welche Rollen mussten dafür sein, damit es weiterging?",
    "The buying group, and where it was divided.": "Die Beteiligten, und wo sie uneins waren.",
    "Which of them had doubts?": "Wer von ihnen hatte Zweifel?",
    "The role, no name": "Die Rolle, kein Name",
    "What risk weighed most in the choice to wait?": "Welches Risiko wog bei der Entscheidung zu warten am schwersten?",
    "The fear behind the delay.": "Die Sorge hinter dem Aufschub.",
    "How does the present way of working serve you?": "Wie kommen Sie mit der jetzigen Arbeitsweise zurecht?",
    "What the project lost against.": "Wogegen das Vorhaben verlor.",
    "What part did our own actions play in it?": "Welchen Anteil hatte unser eigenes Handeln daran?",
    "Ask as calmly as all the rest, and take what comes.": "So ruhig fragen wie alles andere, und nehmen, was kommt.",
    "Which question about the project was still unanswered at the end?": "Welche Frage zu dem Vorhaben war am Ende noch offen?",
    "A gap that existed, or one that was only not shown.": "Eine Lücke, die es gab, oder etwas, das nur nicht gezeigt wurde.",
    "How did you draw up the list of suppliers to look at?": "Wie haben Sie die Liste der Anbieter zusammengestellt?",
    "Where the list comes from, and who writes it.": "Woher die Liste kommt, und wer sie schreibt.",
    "Who took part in that?": "Wer war daran beteiligt?",
    "The roles behind the list": "Die Rollen hinter der Liste",
    "How did we come onto that list?": "Wie kamen wir auf diese Liste?",
    "What did a supplier have to show to reach the next round?": "Was musste ein Anbieter zeigen, um in die nächste Runde zu kommen?",
    "Criteria and formalities, told apart.": "Kriterien und Formalien, auseinandergehalten.",
    "Which of these could not be bent?": "Was davon war nicht verhandelbar?",
    "A must, or a wish": "Ein Muss, oder ein Wunsch",
    "What had you seen or heard of us before you decided?": "Was hatten Sie von uns gesehen oder gehört, bevor Sie entschieden?",
    "Reputation and first impression.": "Ruf und erster Eindruck.",
    "What was missing for us to go through?": "Was fehlte uns, um weiterzukommen?",
    "The stated reason. Ask what lay behind it.": "Der genannte Grund. Fragen, was dahinter lag.",
    "Was it missing, or only not shown?": "Fehlte es, oder wurde es nur nicht gezeigt?",
    "A gap in the offer, or in what we showed of it": "Eine Lücke im Angebot, oder in dem, was wir davon zeigten",
    "How did the information we gave match what you were looking for?": "Wie passten unsere Unterlagen zu dem, was Sie suchten?",
    "What was read, and what was looked for in vain.": "Was gelesen wurde, und was vergeblich gesucht.",
    "What kind of request would you advise us to decline next time?": "Welche Art von Anfrage sollten wir nach Ihrem Rat nächstes Mal ablehnen?",
    "When bidding is a waste of both sides' time.": "Wann ein Angebot beide Seiten nur Zeit kostet.",
}  # fmt: skip


def _question(question: StarterQuestion) -> StarterQuestion:
    return question._replace(
        section=WORDS[question.section],
        text=WORDS[question.text],
        intent=WORDS[question.intent],
        probes=tuple((WORDS[text], WORDS[purpose]) for text, purpose in question.probes),
    )


def _guide(guide: StarterGuide) -> StarterGuide:
    name, purchase = _NAMES[guide.name]
    return guide._replace(
        name=name,
        opening=_OPENING.format(purchase=purchase, minutes=guide.minutes),
        closing=_CLOSING,
        questions=tuple(_question(question) for question in guide.questions),
        language="de",
    )


GUIDES_IN_GERMAN: tuple[StarterGuide, ...] = tuple(_guide(guide) for guide in GUIDES)
