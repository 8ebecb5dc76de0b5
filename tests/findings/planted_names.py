"""Two hundred remarks of buyers, made up, in four languages; in sixty of them stands a name of our people.

A planted text holds the name between braces: `{Katie}`. Everything else is talk about deals with words that look like names:
nouns with capitals, places, months, products.
"""

OUR_PEOPLE = (
    "Robert Fay", "Katherine Osgood", "Zoë Müller-Sørensen", "Johannes Krämer", "Susanne Weißgerber", "Frédéric Lagarde",
    "Francisco Peña Ruiz", "Ignacio Vidal", "William Brandreth", "Ulrich Hochstätter", "Mark Bishop", "Rose Tennant",
    "Elisabeth Quandt", "Łukasz Dąbrowski", "Siobhán O'Rourke", "Jean-Pierre Castaing",
)  # fmt: skip

ENGLISH = """
We chose the other offer because the plan had dates in it.
In March nobody could tell us what the second year would cost.
The demo on the big screen was fine, the one on our own data was not.
{Robert} promised the list for Monday and it came on Friday.
Honestly, {Bob} never asked what our night shift does.
I liked that {Katie} said no twice.
When {KATHERINE} joined the calls it went better.
The price was fair, but our board in Leeds wanted to see when it pays back.
It was the References from Hotels that we missed.
{Osgood}'s slides were about somebody else's warehouse.
Write to {k.osgood@ours.example}, she knows the case.
We could not compare the three offers line by line.
Security took nine weeks and found an open port.
{Rob} was on holiday in the week that mattered.
The Works Council said no to hosting abroad.
Support at night was the question, and there was no answer.
{Mr Fay} called our director without telling us.
Then {fay, robert} stood on every page of the proposal.
It fitted well with Oracle and with our old label printers.
Nobody showed us the module for returns, though it exists.
I was told by {zoe} that it could not be done.
In the end {Mueller} came to the site himself.
{Zoë Muller-Sorensen} knew our trade.
They had eleven customers of our size in Ohio.
Legal would not accept the cap on liability.
The trial ran for two weeks in Building Seven.
{Will} said the roadmap was certain.
I will say it again: the plan was missing.
{Brandreth’s} answer was a brochure.
We asked twelve Questions and got seven Answers.
Our Head of Logistics left in May.
The rival came in at a little over half.
{Siobhan} rang twice a day at the end of the quarter.
It was {O'Rourke} who repaired it.
{Orourke} understood the picking problem at once.
May is our busiest month, and the start was planned for May.
The mark of a good vendor is that they listen.
A rose by any other name: it was the same tool.
{Mark} wrote the plan himself.
Then came {Rose} with the new figures.
{Tennant} should have been there from the start.
We had a frame contract with the group anyway.
Training in a classroom is no use to drivers.
{Lukasz} built the prototype in an afternoon.
The integration with SAP took one call.
Ask {Dabrowski} about the interface.
Our Finance Director wanted one page.
We looked a year too early.
{Robrt} Fay could not tell us.
Everything else was better than at the last tender.
"""

GERMAN = """
Der Preis war in Ordnung, aber der Nutzen war uns nicht klar.
Im August stand alles still, weil die Messe kam.
{Johannes} hat zugehört, das war der Unterschied.
{Hannes} kannte unsere Branche.
Herr {Kraemer} war immer erreichbar.
{KRÄMER} hat das Angebot selbst gebracht.
Mit {Frau Weißgerber} konnte man reden.
{Weissgerber} hat zweimal nein gesagt.
Die {Susi} hat uns den Plan gezeigt.
{Susannes} Vorführung war die beste.
Die Einführung hätte vier Leute für einen Monat gebunden.
Auf diese Art wollten wir nicht arbeiten.
Der Betriebsrat wollte die Daten im Land behalten.
Unsere Anwälte haben die Haftung nicht angenommen.
Der Wettbewerber war früher da und hat die Liste geschrieben.
{Uli} hat gesagt, das geht nicht.
Dann kam {Hochstaetter} dazu.
{Hochstatter} wusste, was wir brauchen.
Das Lager in Wien hat andere Abläufe.
Die Schnittstelle zur Waage fehlte.
{Lisa} hat die Fragen beantwortet.
Von {Frau Quandt} kam nichts mehr.
Die Referenzen waren zehnmal so groß wie wir.
Am Ende fehlte das Geld, nicht der Wille.
Der Wolf im Schafspelz war die Laufzeit.
Niemand konnte sagen, was mit elf Jahren Daten geschieht.
Wir haben drei Angebote verglichen, Zeile für Zeile.
Die Nachtschicht kann nicht in einen Kurs gehen.
{Elisabeth Quandt} war in jeder Sitzung.
{Quandt, Elisabeth} steht auf dem Deckblatt.
Das Angebot kam einen Tag zu spät.
Der Vertrieb hat gedrängt, jede Woche ein Anruf.
Die Schulung war gut, der Plan war besser.
Unser Vorstand hat es in zehn Minuten verstanden.
Die Sicherheit hat neun Wochen geprüft.
In Bayern machen wir es anders.
Der Kunde nebenan war zufrieden.
Die Kosten über fünf Jahre waren die höchsten.
Es gab eine Fassung ohne Server, die hat uns niemand gezeigt.
Man hat uns nie gefragt, wie wir heute arbeiten.
Der alte Anbieter ist nicht gut, aber er ist da.
Im Frühjahr hat die Leitung gewechselt.
Die Antwort dauerte eine Woche.
Wir wollten einen Menschen am Telefon, nachts um drei.
Das Papier für die Ausschreibung war nicht unterschrieben.
Die Zahlen für den Einkauf fehlten.
Ein Freund aus der Branche hat abgeraten.
Sie haben uns im ersten Jahr geholfen, das war entscheidend.
Unsere eigene IT meinte, sie schafft es bis zum Sommer.
Die Entscheidung fiel im Ausschuss, nicht bei uns.
"""

FRENCH = """
Le prix était correct, mais personne ne voyait le gain.
En mars, tout était arrêté à cause du déménagement.
{Frédéric} nous a bien écoutés.
{Frederic} a promis la liste pour lundi.
{Fred} connaissait notre métier.
Monsieur {Lagarde} était toujours joignable.
{LAGARDE} a apporté l'offre lui-même.
Avec {Jean-Pierre} on pouvait parler franchement.
{Castaing} a dit non deux fois.
Le plan de démarrage manquait, voilà tout.
La sécurité a pris neuf semaines.
Notre direction à Lyon voulait une page, une seule.
Le comité a décidé sans nous.
Les références étaient dix fois plus grandes que nous.
La garde de nuit ne peut pas suivre un cours.
L'interface avec la balance n'existait pas.
Le concurrent est arrivé plus tôt et a écrit la liste.
{lagarde frédéric} figurait sur chaque page.
Notre avocat a refusé la limite de responsabilité.
On nous a appelés trois fois à la fin du trimestre.
Le logiciel était simple, les chefs d'équipe l'ont compris seuls.
Personne ne nous a montré le module des retours.
La formation était bonne, le calendrier ne l'était pas.
Le Grand Comité se réunit en juin.
Les données devaient rester en France.
Le contrat de cinq ans était trop long.
Il fallait une personne au téléphone à trois heures du matin.
Le prix de l'autre était à peine plus de la moitié.
{Frédéric Lagarde} et son équipe étaient sérieux.
Nous avons comparé les trois offres ligne par ligne.
La réponse a mis une semaine.
Notre responsable informatique est parti en mai.
Le papier de l'appel d'offres n'était pas signé.
Un ami du métier nous l'a déconseillé.
La direction financière demandait quand cela rapporte.
Le fournisseur actuel n'est pas bon, mais il est là.
Les essais ont duré deux semaines à Nantes.
Nous cherchions un an trop tôt.
Les coûts sur cinq ans étaient les plus élevés.
C'était très bien présenté, en dix minutes.
{Jean Pierre} connaissait les entrepôts.
On ne savait pas ce que deviendraient onze ans de données.
{Lagard} a demandé comment nous travaillons.
L'offre est arrivée un jour trop tard.
Le groupe avait déjà un accord avec les autres.
La démonstration sur nos données a convaincu l'atelier.
Nos deux développeurs pensaient y arriver au printemps.
Les clauses ont été discutées pendant un mois.
Le projet a été arrêté avec tous les autres.
La première réunion s'est très bien passée.
"""

SPANISH = """
El precio era correcto, pero nadie veía la ventaja.
En marzo todo estaba parado por la mudanza.
{Francisco} nos escuchó bien.
{Paco} conocía nuestro sector.
El señor {Peña} siempre contestaba.
{Pena Ruiz} trajo la oferta en persona.
Con {Nacho} se podía hablar.
{Vidal} dijo que no dos veces.
{IGNACIO} prometió la lista para el lunes.
El plan de arranque faltaba, eso es todo.
Seguridad tardó nueve semanas.
La dirección en Sevilla quería una página.
El comité decidió sin nosotros.
Las referencias eran diez veces más grandes.
El turno de noche no puede ir a un curso.
No había conexión con la báscula.
El rival llegó antes y escribió la lista.
Escriba a {nacho.vidal@ours.example} si quiere.
Nuestros abogados no aceptaron el límite.
Nos llamaron tres veces al final del trimestre.
El programa era sencillo y los jefes de turno lo entendieron.
Nadie nos enseñó el módulo de devoluciones.
La formación era buena, el calendario no.
El Comité de Compras se reúne en junio.
Los datos tenían que quedarse en España.
Cinco años de contrato eran demasiado.
Hacía falta una persona al teléfono de madrugada.
El otro precio era poco más de la mitad.
{Vidal, Ignacio} firmaba cada página.
Comparamos las tres ofertas línea por línea.
La respuesta tardó una semana.
La responsable de informática se fue en mayo.
El papel de la licitación no estaba firmado.
Un amigo del sector nos lo desaconsejó.
Finanzas preguntó cuándo se amortiza.
El proveedor actual no es bueno, pero está.
Las pruebas duraron dos semanas en Bilbao.
Buscábamos un año antes de tiempo.
El coste a cinco años era el más alto.
Lo presentaron muy bien, en diez minutos.
{Vidál} conocía los almacenes.
No se sabía qué pasaría con once años de datos.
{Ruiz} preguntó cómo trabajamos.
La oferta llegó un día tarde.
El grupo ya tenía un acuerdo con los otros.
La demostración con nuestros datos convenció al taller.
Nuestros dos programadores pensaban lograrlo en primavera.
Las cláusulas se discutieron un mes entero.
El proyecto se paró con todos los demás.
La primera reunión fue muy bien.
"""

TEXTS = [line for block in (ENGLISH, GERMAN, FRENCH, SPANISH) for line in block.strip().splitlines()]
