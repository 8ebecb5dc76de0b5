"""Short forms by which people are called instead of the first name on the roster, in English, German, French and Spanish.

Written without case and accents, as `masking.plain` gives them. What is also an ordinary word stands in `ORDINARY_SHORT`.
"""

_GROUPS = """
abigail abby | adelheid heidi | albert al bert bertie | alberto beto | alejandro alex jandro | alexander alex xander sascha alec
alexandra alex sandra sascha alexa | alfonso fonso | alfred fred alf freddie | andreas andi andy | andrea andi | andrew andy drew
angela angie geli | anna anni annie | anne annie | annika anni | anthony tony | antje anti | antoine tony toine | antonio toni tono
arthur art artie | august gustl | barbara barb babs babsi | bartholomew bart | benedikt bene | benjamin ben benny benji | bernard bernie
bernhard bernd | caroline caro carrie | carolina caro | catherine cathy kate cathie | charles charlie chuck chas | charlotte charlie lotte
christian chris chrissi | christiane chris chrissi | christina chris tina christa | christine chris tina chrissi | christoph chris stoffel
christopher chris kit | concepcion concha conchita | cornelia conny nelly | daniel dan danny dani | daniela dani | david dave davy
deborah deb debbie | dieter didi | dietmar didi | dolores lola | dominik dom domi | dominique dom domi | donald don donny | dorothea doro dorle
dorothee doro | eberhard ebi | edward ed eddie ted ned | eduardo edu | eleanor ellie nell | elisabeth lisa liesel elli lisbeth sissi
elizabeth liz lizzie beth betty lisa eliza | emmanuel manu | emmanuelle manu | enrique quique kike | ernst ernie | eugene gene
eva evi | federico fede | fernando nando fer | ferdinand ferdi | florian flo | francisco paco curro pancho fran | francoise fanchon
franziska franzi sissi | frances fran frankie | franz franzl | frederic fred fredo | frederick fred freddie rick | friedrich fritz fiete
gabriel gabe gabi | gabriele gabi | gabriela gabi | genevieve ginette | georg schorsch | george georgie | gerald gerry jerry | gerhard gerd
gertrud trudi | gregor greg | gregory greg | guadalupe lupe | guillermo memo guille | gustav gustl | hannelore hanne lore | harald harry
heinrich heiner heinz hein | helena lena leni | helene lena leni | henry hal hank harry | herbert herb bert | hubert hubi bert
ignacio nacho | ingrid inge | isabel isa | isabella bella isa | isabelle isa | jacob jake | jacqueline jackie | jakob kobi
james jim jimmy jamie | jean-pierre jp jeanpi | jeffrey jeff | jennifer jen jenny | jeremy jem jerry | jessica jess jessie | jesus chus chuy
joachim jochen achim | joaquin quino | johann hans hannes | johanna hanna hanni jo | johannes hans hannes johann jo | john jack johnny
jonathan jon jonny | jose pepe chepe | josef sepp jupp josi | josefa pepa | joseph joe joey sepp | josephine josie jo
juergen jogi | julia jule julchen | julian jules | justus just | karl kalle charly | karoline caro line | katharina kathi kathrin kati kaethe
katherine kate kathy katie kat | kathleen kathy kath | kenneth ken kenny | konrad conny konni | lawrence larry laurie | leonard leo len lenny
leonardo leo | leonhard leo hardy | lorenz lenz | lorenzo lencho | louise lou lulu | ludwig lutz wiggerl | luis lucho | luisa lu
magdalena lena leni magda | manfred manni fred manne | manuel manu manolo | manuela manu | marcus marc | margaret maggie meg peggy marge
margarete gretel grete gretchen | margarita rita marga | maria mia mitzi | maria-teresa maite | marianne janne | mario mayo
markus mark | martina tina | mathilde tilda | matthew matt matty | matthias matze hias mattes | maximilian max maxi | mechthild mecki
melanie mel melli | mercedes merche | michael mike mick michi micha mickey | michaela michi ela | michel michou | miguel migue
mildred millie | mohammed mo | mohamed mo | monika moni | montserrat montse | natalie nat | nathalie nat nath | nathaniel nate nat
nicholas nick nicky | nicole nicki nicky | nicolas nico | nikolaus klaus nico niko | norbert nobbi | oliver olli ollie | olivia liv livvy
pamela pam | patricia pat trish patty patri | patrick pat paddy | peter pete peterle | philip phil pip | philipp phil lipp | philippe phil
pilar pili | rafael rafa | raimund rai | raymond ray | rebecca becky becca | reinhard reini hardy | reinhold reini | renate reni
ricardo richi ricky | richard dick rick richie rich ricky | robert bob bobby rob robbie | roberto beto rober | rodolfo fito | roland rolli
ronald ron ronnie | rosario charo | rudolf rudi rolf | rupert bertl | samantha sam | samuel sam sammy | santiago santi | sebastian basti seb bastian
sebastien seb | siegfried siggi sigi | sigrid siggi | simone simi mona | sofia sofi | sophie soph | stefan steff steffen | stefanie steffi
stephan steff | stephane steph | stephanie steph steffi stephi | stephen steve steph | steven steve | susan sue suzie susie | susanna susi sanna
susanne susi sanne | suzanne suzie suze | teresa tere tessa | theodor theo | theodore ted theo teddy | theresa tess tessa resi terry
therese resi | thierry titi | thomas tom tommy | timothy tim timmy | tobias tobi | ulrich uli ulli | ulrike uli rike ulli | ursula uschi ulla ursel
valentin valli | veronica vero | veronika vroni vero | veronique vero | vicente chente | victoria vicky tori | viktoria vicky
vincent vince vinnie | virginie virg | walter walt wally | werner werni | wilhelm willi willy wim | wilhelmine mina minna | william bill billy will willie liam
winifred winnie | wolfgang wolfi wolf | xaver xaverl | zachary zach zack
"""


def _table() -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for group in _GROUPS.replace("\n", " | ").split("|"):
        name, *short = group.split() or [""]
        names.setdefault(name, []).extend(short)
    return {name: tuple(dict.fromkeys(short)) for name, short in names.items() if short}


# First name to the short forms it goes by.
SHORT_FORMS = _table()

# Short forms that are words in one of the languages: they count with a capital letter only, and a person looks.
ORDINARY_SHORT = frozenset(
    (
        "al", "anti", "art", "bart", "bella", "bene", "bill", "charo", "concha", "curro", "dick", "dom", "don", "drew", "fede", "fer", "fiete",
        "fran", "gene", "grete", "hardy", "harry", "hein", "herb", "jack", "jo", "just", "kat", "kit", "lena", "len", "line", "lore", "lou", "lu",
        "lupe", "marc", "mark", "marge", "mat", "max", "maxi", "memo", "mia", "mike", "mina", "mo", "mona", "moni", "nat", "nate", "nick", "pat",
        "pepa", "pip", "ray", "rich", "rick", "rike", "rob", "sam", "sue", "tess", "tim", "titi", "tom", "tori", "vero", "will", "wim", "wolf",
    )
)  # fmt: skip
