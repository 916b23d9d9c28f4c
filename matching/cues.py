"""The words that say whose a contact is: relations, pronouns, verbs of contacting, in the languages people write in."""

from __future__ import annotations

import re

from matching.cues_elsewhere import OTHERS_ELSEWHERE, OWN_ELSEWHERE

_FAMILY = (
    r"husband|wife|spouse|hubby|hubs|wifey|fianc[eé]e?|boyfriend|girlfriend|bf|gf|mom|mum|mama|mommy|mother|dad|daddy|father|parent|brother|sister|sibling|son"
    r"|daughter|cousin|uncle|aunt|auntie|niece|nephew|grandma|grandpa|granny|grandmother|grandfather|(?:mother|father|sister|brother|son|daughter)[ -]in[ -]law"
    r"|step(?:mom|dad|son|daughter|mother|father)|godmother|godfather|roommate|room\s?mate|boss|assistant|secretary|planner|coordinator|co-?ordinator|nanny"
    r"|babysitter|receptionist|bride|groom|maid of honou?r|moh|best man"
    r"|espos[oa]|marido|mam[aá]|pap[aá]|herman[oa]|hij[oa]|novi[oa]|asistente|secretari[oa]|ehemann|ehefrau|(?:mijn|m'n|haar)\s+man"
)
"""Told by themselves: "Dad 916…", "wife: 916…"."""

_OTHER_RELATIONS = (
    r"partner|bff|bestie|bro|sis|twin|kid|child|mil|fil|sil|bil|friend|buddy|flatmate|neighbou?r|supervisor|manager|co-?worker|colleague|teammate|organizer"
    r"|photographer|videographer|florist|decorator|caterer|officiant|dj|coach|trainer|teacher|tutor|therapist|doctor|employer|stylist|driver|client|agent|accountant|bookkeeper|lawyer|attorney|publicist|caretaker|caregiver|tenant|landlord|landlady|realtor|host|hostess|bridesmaid"
    r"|mujer|mami|papi|madre|padre|prim[oa]|t[ií][oa]|abuel[oa]|suegr[oa]|cu[ñn]ad[oa]|amig[oa]|jef[ea]|vecin[oa]|soci[oa]|comadre|compadre|sobrin[oa]|niet[oa]|compa[ñn]er[oa]|client[ea]"
    r"|fot[oó]graf[oa]|vide[oó]graf[oa]|organizadora?|coordinadora?|planeadora?|decoradora?|ch[oó]fer|maquillista|estilista|ni[ñn]er[ao]|padrin[oa]|madrina|florista"
    r"|mari|femme|m[eè]re|p[eè]re|maman|fr[eè]re|s(?:œ|oe)ur|copain|copine|amie?|fils|fille|assistante|patron(?:ne)?|coll[eè]gue"
    r"|mann(?:es)?|frau|mutter|vater|bruder|schwester|sohn|tochter|freund(?:in)?|chefin|kolleg(?:e|in)|assistent(?:in)?|sekret[aä]rin"
    r"|marit[oi]|moglie|fratello|sorella|figli[oa]|amic[oa]|fidanzat[oa]|capo|collega|segretaria"
    r"|irm[aã]o?|namorad[oa]|m[aã]e|pai|filh[oa]|chefe|secret[aá]ria|żon[aęy]|m[ąę]ż(?:a|owi)?|mam[yę]|tat[ay]|brata|siostr[ay]"
    r"|vrouw|moeder|vader|broer|zus|zoon|dochter|vriend(?:in)?|baas|echtgeno(?:o)?te?|verloofde|buurman|buurvrouw|assistente"
    r"|ex(?:[ -]?(?:husband|wife|boyfriend|girlfriend|partner))?"
)
"""Told by a word before them: "my friend", "mon mari", "il capo"."""

_RELATIONS = rf"{_FAMILY}|{_OTHER_RELATIONS}"
_DETERMINERS = (
    r"my|our|his|her|their|your|the|a|an|mi|mis|su|tu|nuestr[oa]|el|la|una?|mon|ma|mes|sa|notre|le|mein(?:e[mnrs]?)?|unser(?:e[mnr]?)?|sein(?:e[mnr]?)?|ihr(?:e[mnr]?)?"
    r"|der|die|dem|den|(?:il |la |i |o |a )?(?:mi[oa]|suo|sua)|o meu|a minha|meu|minha|seu|sua|nosso|nossa|moj(?:a|ej|ego|emu)|m[oó]j|mam"
    r"|mijn|m'n|onze?|zijn|haar"
)
CONTACT_WORDS = (
    r"cell(?:\s?phone)?|mobile|mob|phone|ph|telephone|tel|number|num|nr|no\.?|#|line|e-?mails?|mail|address|contact|info|whats\s?app|wa|insta(?:gram)?|ig"
    r"|handle|account|landline|digits|numbers|phones|n[uú]mero|tel[eé]fono|cel(?:ular)?|m[oó]vil|correo|num[eé]ro|portable|t[eé]l[eé]phone|courriel|nummer"
    r"|handynummer|telefonnummer|handy|telefon|telefone|telem[oó]vel|numero|cellulare|telefono|telefoon(?:nummer)?|mobiel|contacto"
)
_REACH = (
    r"(?:call|text|phone|ring|reach|contact|messag|dm|e-?mail|mail|whats\s?app)(?:e|ed|ing|s)?|msg|buzz|hit\s+up|ping|try|use"
    r"|add|include|invite|loop\s+in|cc(?:'?e?d|ing)?|cop(?:y|ied|ying)|ask(?:\s+for)?|(?:speak|spoke|talk(?:ed)?|reach\s+out|write)\s+(?:to|with)|get\s+(?:a\s?)?hold\s+of|check\s+with|coordinate\s+with|connect\s+with|follow|tag"
)
_REACH_ELSEWHERE = (
    r"ll[aá]m[ae]n?\s+a|llamar\s+a|hablar\s+con|preguntar\s+por|escribir(?:le)?\s+a|m[aá]r(?:c(?:arle|ale|ar|a)|quele)\s+a|(?:ll[aá]me|h[aá]ble)le\s+a|escr[ií]b[ae]n?(?:le)?\s+a|comun[ií](?:car|ca|que)n?(?:se|te)\s+con|habl[ae]n?\s+con|pregunt[ae]n?\s+por|contact(?:ar|[ae]n?)\s+a"
    r"|appele[rz]|contacte[rz]|demande[rz]|rufe?n?\s+sie|ruf|erreichen\s+sie|fragen\s+sie\s+nach|kontaktieren\s+sie|schreiben\s+sie|chiam(?:a|ate|i|are)|contatt(?:a|ate|i|are)"
    r"|(?:za)?dzwo(?:ń|nić|ni[jm]y)\s+do|chiede(?:re|te)\s+di|lig(?:ue|a|ar)\s+(?:para|pra|pro|ao|à)|fal(?:e|a|ar)\s+com|cham(?:e|a|ar)|bel|bereik|app"
)

_POSSESSED = r"(?:'?s'?)?"
_NAME = r"(?-i:(?:(?:Mrs?|Ms|Dr|Sgt|Cpt|Capt|Prof|Rev|Sra?|Srta|Mme|Hr)\.\s?)?[A-Z][\w'-]*)"
_NAMES = rf"{_NAME}(?:\s{_NAME}){{0,2}}"

PERSON = rf"(?:(?:{_DETERMINERS})\s+(?:(?!(?:{CONTACT_WORDS})\b)\w+\s+)?(?<![\w'])(?:{_RELATIONS})|(?<![\w'])(?:{_FAMILY}))s?(?!\w)"
"""Somebody by relation or part: "my best friend", "his wife", "Dad", "die Frau", "the groom"."""

#: What somebody whose number follows will do: "my wife will answer, 916…", "Stan will let you in, 916…".
_HELPING = r"answer|help|confirm|coordinate|pick\s+up|be\s+(?:there|hosting|in\s+touch|on\s?site)|(?:meet|call|text|email|contact)\s+you|let\s+you\s+in|reach\s+out|handle\s+\w+"
_LINK = (
    rf"(?:\s*(?:\((?!me\b)[^()\n]{{1,30}}\)|\b(?:can|will|could|would)\s+(?:{_HELPING})\b|[:=,.;#()!@>/—-]|\b(?:is|are|s|es|est|ist|son|sono|at|on|an|al|au|under|unter|via|by|to|can\s+be|reached|reachable|erreichen\s+sie|est\s+le"
    rf"|le|il|el|o|the|new|best|direct|directly|instead|personal|work|home|office|will\s+answer|house|place|desk|here|below|follows|{CONTACT_WORDS})(?![\w'])|[éèà](?!\w)|'s(?!\w)))*+\s*$"
)
LEADING_PERSON = re.compile(
    rf"(?<![\w'-]){PERSON}(?P<owner>'s?)?(?:(?:\s*[,:=-])?\s+(?P<called>{_NAMES})(?P<name_owner>'s)?)?(?P<link>{_LINK})",
    re.IGNORECASE,
)
"""Somebody named right before a value, with nothing between but a name and words that lead on: "my wife Ana's cell is"."""

LINK_THAT_POINTS = re.compile(r"[:=#(@>]|\w")
"""In a link, more than a comma: "my wife: 916…"; "a dinner for my wife, 916…" ends a clause instead."""

_THAT_OF = (
    r"(?:(?:and|or|y|o|et|ou|und|oder|e)\s+)?(?:(?:that|the\s+(?:one|number))\s+of|(?:el|la)\s+del?|cel(?:ui|le)\s+(?:de|d')|(?:die|der|das)(?:\s+von)?|d(?:at|ie)\s+van"
    r"|quell[oa]\s+d(?:i|el)|[oa]\s+d[aeo]|d[ao])"
)
"""What a number is pointed at with, before the one whose it is: "that of", "el de", "die von"."""

STANDS_ALONE = re.compile(
    rf"(?:^|[,;:/|(>\n—-](?:\s*{_THAT_OF})?|^\W*(?:or|and|y|o|ou|et|und|oder|e|ok|okay|so|also|else|it's|here is|here's|its|{_THAT_OF}))\s*$",
    re.IGNORECASE,
)
"""What stands before a person whose number follows without more ado: nothing, or the end of another part."""

IS_ONESELF = re.compile(
    r"\b(?:i'?m|i am|this is|it'?s|soy|je suis|c'est|ich bin|sono|sou|as)(?:\s+(?:the|a|an|his|her|their|la|el|una?|le|die|der|o|actually|also)(?=\s|$))*\s*$",
    re.IGNORECASE,
)
"""Before a person: the writer is that one ("I'm his assistant", "this is the bride")."""

PLACES = r"venue|hotel|restaurant|front\s+desk|reception|concierge|location|airbnb|hall|landlord|leasing\s+office|property|clubhouse"
_NUMBERED = r"hotel|sal[oó]n|restaurante?|tienda|local|iglesia|est[eé]tica|peluquer[ií]a|barber[ií]a|due[ñn][oa]|encargad[oa]|gerente|se[ñn]ora?"
"""Whose a number is only where it says so: whoever wants to speak with the owner leaves a number for that."""

LEADING_PLACE = re.compile(
    rf"(?<!\bmy )(?<!\bour )(?<!\bmi )\b(?:{PLACES})(?:\s+(?:at|of|in)\s+(?:the|my|our)\s+\w+)?"
    rf"(?:(?:'s)?(?:\s+(?:{CONTACT_WORDS}|direct|main|front\s+desk))+(?:\s+(?:is|es))?|\s+(?:is|es|at)|'s)?\s*(?P<colon>[:#-])?\s*(?P<called>(?(colon)[^.!?\n]{{0,60}}))$",
    re.IGNORECASE,
)

PLACE_ENDS_LINE = re.compile(rf"(?:{PLACES})[ \t]*\n", re.IGNORECASE)
"""A signature or an address: "Ashworth Concierge", and the number below it."""

STAYING_AT = re.compile(
    r"\b(?:stay(?:ing|ed)?|liv(?:e|ing)|we(?:'?re|\s+r|\s+are)|i'?m|i\s+am)\s+(?:\w+\s+)?(?:at|in)\s+(?:the|an?|our|this)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
"""Before a place: the writer is there."""

_NAMED_PART = (
    r"(?:(?:event|wedding|party|day[- ]of|on[- ]?site|emergency|main|primary|point|site)[\s-]+)*(?:poc|coordinator|planner|bride|groom|host|contact(?:\s+person|\s+on[- ]?site|\s+there|\s+(?:for|at)\s+(?:\w+\s+){0,2}\w+)?|of\s+contact|manager"
    r"|organizer|attn|attention|c/o|driver|photographer|dj|mc|chef|best man|maid of honou?r|supervisor|caretaker|contacto(?:\s+de\s+emergencia)?|ansprechpartner(?:in)?)"
)
NAMED_PART = re.compile(
    rf"\b{_NAMED_PART}\s*(?:(?:'s|is|:|-|=|will be|es|ist)\s*)(?P<name>{_NAMES})[\s,:(—-]*(?:(?:at|on)\s*)?$",
    re.IGNORECASE,
)
"""A part in the event, and who plays it: "POC: Joe Black", "contact person is Joe Black,"."""

CALLED = re.compile(
    rf"(?<![\w'])(?:my|our|the|his|her)\s+(?:\w+\s+)?(?:{_RELATIONS})\s+(?-i:(?P<name>[A-Z][\w'-]+))",
    re.IGNORECASE,
)
"""Somebody by relation and name: an address with that name is theirs ("my assistant Chloe will send it. chloe@…")."""

SPEAKS_FOR = re.compile(
    r"^[)>\]]?\s*[,.;—-]?\s*(?P<words>(?:i'?m|i\s+am|this\s+is)\s+(?:his|her|their)\s+(?:(?:personal|executive)\s+)?(?:p\.?a|e\.?a|assistant|secretary|planner|co-?ordinator|manager|agent|nanny))\b",
    re.IGNORECASE,
)
"""After a value behind a name: "Joe Brown (916…), I'm his PA"."""

NAMED_RIGHT_BEFORE = re.compile(rf"{_NAMES}[\s,:(<\[—-]*$")

#: Parts that are there to be called: of others, the sentence that names them may be about something else.
_CONTACT_ROLES = r"planner|co-?ordinator|assistant|secretary|nanny|manager|agent|organizer|realtor|(?:point\s+of\s+)?contact|contact\s+person"
CONTACT_PERSON = re.compile(
    rf"(?<![\w'])(?:(?P<name>{_NAMES})|he|she)(?:\s+is|'s|\s+will\s+be)\s+(?:{_DETERMINERS})\s+(?:\w+\s+)?(?:{_CONTACT_ROLES})[\s.,;:!(—-]*$"
    rf"|\b(?:{_DETERMINERS})\s+(?:\w+\s+)?(?:{_CONTACT_ROLES})\s+(?:is|will\s+be|es)\s+(?P<called>{_NAMES})[\s.,;:!(—-]*$"
    rf"|\b(?:{_REACH})\s+{PERSON}(?:\s+instead)?\s*[.!?,;]\s*(?:he|she)(?:'?s|\s+is|\s+will)\b[^.!?\n\d]{{0,60}}$",
    re.IGNORECASE,
)
"""Before a value, across the end of a sentence: "Sam Lee is our planner. 916…", "text my husband? he's home today 916…"."""

SOMEBODY_NAMED = re.compile(
    rf"(?:\b(?:he|she)(?:'?s|\s+is)|\b(?:his|her)\s+name(?:'?s|\s+is)|(?<![\w']){PERSON}(?:'s\s+name)?\s+(?:is|es|est|ist)|\bse\s+llama)\s+(?P<name>{_NAMES})[\s,:(—-]*$"
    rf"|(?<![\w'])(?P<helper>{_NAMES})\s+(?:can|will|could|would)\s+(?!be\s+(?:there|hosting)\b)(?:{_HELPING})[\s,:(—-]*$",
    re.IGNORECASE,
)
"""Somebody by name, right before a value: "he's Stan, 718…", "the tenant is Stan, 718…", "Stan will let you in, 718…"."""

SOMEBODY = re.compile(PERSON, re.IGNORECASE)
"""Somebody of whom "he's Stan" may speak."""

CELEBRATED = re.compile(
    r"\b(?:sons?|daughters?|kids?|child(?:ren)?|baby|toddler|boy|girl|nephew|niece|grand(?:son|daughter)|hij[oa]s?|dogs?|pup(?:py)?|cats?|kitten|pet|horse|birthday|b-?day|turn(?:s|ed|ing)"
    r"|anniversary|surprise|shower|quince\w*|graduat\w*|celebrat\w*|cumple\w*)(?!\w)",
    re.IGNORECASE,
)
"""Whom a service is for, and a party: "her name is Sofia, 956…" then names no one to call."""

_TOO = r"too|also|as\s+well|t?ambi[eé]n"
_WANTS = (
    r"wants?|needs?|would\s+(?:like|love)|is\s+(?:looking|interested)"
    r"|quiere|necesita|busca|anda\s+buscando|est[aá]\s+(?:buscando|interesad[oa])"
)
_DETAILS = r"info(?:rmation)?|details|contact(?:\s+info)?|number|cell|phone|email|card|n[uú]mero|contacto|tel[eé]fono|datos"
_SHARING = (
    r"sharing|passing(?:\s+(?:along|on|you))?|sending(?:\s+(?:you|u|over))?|giving\s+(?:you|u)|forwarding|here(?:'?s|\s+is|\s+are)"
    r"|[tl]e\s+(?:paso|mando|comparto|dejo|env[ií]o)|aqu[ií]\s+(?:est[aá]n?|tienes?|va)"
)
_REFERRING = r"send(?:ing)?|sharing|here'?s|refer(?:ring)?|have|got|bringing|mando|env[ií]o|traigo|tengo"
_CUSTOMER = r"client[ae]?|customer|referral|lead"
_TAKING = (
    r"add|put|book|schedule|fit|squeeze|contact|reach\s+out\s+to|call|text|help|see|take"
    r"|agregar?|apuntar?|anotar?|agendar?|ayudar?|atender"
)
_ONE_PERSON = rf"{PERSON}(?<![^s]s)(?![\w'])"
ANNOUNCES_SOMEBODY = re.compile(
    r"(?P<words>"
    # "sharing my friend's info", "te paso el contacto de mi amiga"
    rf"\b(?:{_SHARING})\s+(?:\w+\s+)?{PERSON}{_POSSESSED}\s+(?:\w+\s+)?(?:{_DETAILS})(?!\w)"
    rf"|\b(?:{_SHARING})\s+(?:el|la|los)\s+(?:{_DETAILS})\s+de\s+{PERSON}"
    # "sending you a client", "I have a referral for you"; not "I have a client meeting"
    rf"|\b(?:{_REFERRING})\s+(?:(?:you|u|te|le)\s+)?(?:(?:over|an?(?:other)?|one|some|my|una?|otr[oa])\s+){{0,2}}(?:(?:new|potential|nuev[oa])\s+)?"
    rf"(?:{_CUSTOMER})s?(?=\W*$|\s*[,—-]|\s+(?:for|to)\s+(?:you|u)\b)"
    rf"|^\W*(?:new\s+)?(?:{_CUSTOMER})\s+for\s+(?:you|u)\b"
    # "can you add my friend to the list"
    rf"|\b(?:(?:can|could|will|would)\s+(?:you|u|we|i)|pls|plz|please|puedes?|podr[ií]as?|favor\s+de)\s+(?:\w+\s+)?(?:{_TAKING})\s+(?:in\s+|a\s+)?{_ONE_PERSON}"
    # "you should talk to my boss", "the invoice goes to my boss", "my assistant will handle payment"
    rf"|\b(?:you|u)\s+(?:should|can|could|may)\s+(?:just\s+)?(?:{_REACH})\s+{_ONE_PERSON}"
    rf"|\b(?:invoice|bill|contract|receipt|quote)\b[^.!?\n]{{0,30}}\bto\s+{_ONE_PERSON}"
    rf"|\b(?:my|our|the)\s+(?:\w+\s+)?(?:{_CONTACT_ROLES})\s+(?:will|can|is\s+going\s+to)\s+(?!be\s+(?:there|hosting)\b)(?:{_HELPING}|pay)(?!\w)"
    # "my coworker wants headshots too"; who wants something for a household may be either
    r"|^(?:\W*\b(?:hi|hey|hello|hola|girl|there|also|so|btw|and|oh|ok|omg|y|pues)\b){0,3}\W*"
    rf"(?:{PERSON}(?=[^.!?\n]{{0,99}}\b(?:{_TOO})\b)|(?:my|our|mi|nuestr[oa]|an?|una?)\s+(?:\w+\s+)?(?!partner|kid|child)(?:{_OTHER_RELATIONS}))(?:\s+of\s+mine|\s+m[ií][oa])?"
    rf"(?:\s+(?:(?:{_TOO}|really|just)\s+)?(?:{_WANTS})|'s\s+(?:also\s+)?(?:looking|interested))(?!\w))",
    re.IGNORECASE,
)
"""A sentence after which a name and a number are those of the one it speaks of; not "my friend recommended you"."""

NAMED_AND_WANTING = re.compile(
    rf"(?P<words>\b(?:my|our|mi)\s+(?!partner|kid|child)(?:{_OTHER_RELATIONS})\s+(?P<name>{_NAMES})\s+(?:(?:{_TOO}|really|just)\s+)?(?:{_WANTS}))(?!\w)[^.!?\n]{{0,60}}$",
    re.IGNORECASE,
)
"""The same in one sentence: "my friend Kim needs a cut, 916…"."""

_SENT_THINGS = r"info(?:rmation)?|details|link|quote|estimate|invoice|bill|receipt|contract|form|confirmation|menu|prices?|pric(?:ing|e\s+list)|photos?|pics?"
COMPANION = re.compile(
    # "coming with Raven 916…"; who books with Raven, or comes with her and a comma, gives a number of one's own
    rf"\b(?:(?:together|along|com(?:e|ing)|going|attending)\s+with"
    # a booking for me and Raven 916…
    rf"|me\s+(?:and|&|\+))\s+(?P<name>{_NAMES})[\s:(]*$"
    # "my plus one is Raven 916…"
    rf"|(?<!\w)(?:plus\s+one|plus\s?1|\+\s?1)(?:\s+is)?\s*[:,-]?\s+(?P<guest>{_NAMES})[\s,:(-]*$",
    re.IGNORECASE,
)
"""Somebody who comes along, and whose number follows right behind the name."""

STATE = re.compile(r"[A-Z]{2}")
"""Of the United States, as it is written behind a town."""

SENT_TO = re.compile(
    rf"(?P<words>\b(?:send|forward|e-?mail|mail|text)\s+(?:it|this|that|them|(?:the|a|an|your)\s+(?:\w+\s+)?(?:{_SENT_THINGS}))\s+to\s+(?:{_ONE_PERSON}(?:\s+{_NAMES})?|(?P<name>{_NAMES})))"
    r"[\s,:;(?!.-]*$",
    re.IGNORECASE,
)
"""Whoever is to receive what is sent: "send it to my sister Cherry? 916…"; not flowers, which say nothing of a number."""

SPOKEN_OF = re.compile(
    rf"\bme\s+(?:and|&)\s+(?P<companion>{_NAME})"
    rf"|(?<![\w'])(?P<speaker>{_NAME})\s+(?:(?:just|also|has|already)\s+)?(?:told|said|asked|recommended|referred|suggested|sent|gave|invited)(?!\w)",
    re.IGNORECASE,
)
"""Somebody of whom the writer speaks, so that the same name before a number is not the writer's."""

SPEAKS_OF_ONESELF = re.compile(r"\b(?:i|me|us|we|my|our|mi|nosotr[oa]s|conmigo)\b", re.IGNORECASE)
"""After such words: the sentence is about the writer as well ("my friend wants to come with me")."""

NAMED_ALONE = re.compile(
    r"(?:[.!?:]\s{1,3}|\s[—-]\s|\n\s{0,3})(?P<name>[^\W\d_][\w'-]*(?:\s[^\W\d_][\w'.-]*){0,2})[\s,:;|(<\[—-]*$"
)
"""A name right before a value, and nothing else since the sentence before."""

LABEL_NAME = re.compile(
    rf"(?:^|[,;:/(|—-]|[.!?]\s)\s*(?:(?:and|or|y|o)\s+)?(?P<pointed>{_NAMES})\s*[:=—-]\s*$|(?:^|:)[\s,;/&|]*(?:(?:and|or|y|o)\s+)?(?P<bare>{_NAMES})\s*$"
)
"""Nothing but a name between two values ("Dave "), or a name that points to one ("contacts - Dave: ")."""

#: What one pays by, and the words between "can I zelle" and "at": no verb, which would lead on to another number.
_PAYING = r"zelle|venmo|cash\s?app|pay\s?pal|wire|pay"
_PAID = rf"(?:you|u|ya|it|this|that|the|a|my|your|money|cash|deposit|payment|balance|rest|half|full|remaining|amount|down|first|via|by|with|through|using|\$?\d+|{_PAYING})"
_WRITTEN_TO = (
    # "(I) sent the deposit via zelle to"; "you sent it to" and "was sent to" are the writer's own.
    r"(?:^|[,;:(\n]\s*|\b(?:i|we|i've|we've|just|already|also|have)\s+)(?:sent|forwarded|mailed|faxed|zelled|venmo'?e?d|cash\s?app'?e?d|paid|wired|transferred)"
    r"(?:\s+(?!(?:please|pls|reply|respond|call|text|back|and|so|but|me|us)\b)[\w$'-]+){0,6}?\s+to"
    # "can I zelle you at"
    rf"|\b(?:i|we)\s+(?:\w+\s+)?(?:{_PAYING})(?:\s+{_PAID}){{0,5}}\s+(?:to|at|on)"
    # "llamé al": with the accent, for "llame al" asks to be called; French, Italian and Portuguese
    r"|\b(?:llamé|marqué|(?:ya|les)\s+(?:llame|marque)|llamamos|he\s+llamado|(?:estoy|estuve|intenté|he\s+estado|sigo|puedo|debo|tengo\s+que)\s+(?:llama|marca)(?:ndo|r)|escribí|(?:mandé|envié)(?:\s+\w+){1,3})(?:\s+a\s+su\s+\w+)?\s+al?"
    r"|(?:^|[.!?¿,\n]\s*)(?:llamo|marco)\s+al|\bdejé\s+(?:un\s+)?(?:mensaje|recado)\s+(?:en\s+el|al)|\bnadie\s+contesta\s+(?:en\s+el|al)"
    r"|\bj'ai\s+(?:appelé|essayé)\s+(?:le|au)|\bho\s+chiamato\s+(?:il|al)|\bliguei\s+(?:para|pra|pro|ao)(?:\s+o)?"
)
"""What one says of a number or an address of somebody else: one wrote to it, called it or paid to it."""

_OUR_THINGS = r"ads?|website|site|page|flyer|listing|card|truck|van|sign|poster|profile|post|bio|voicemail|menu|google|yelp"
_DIRECTORIES = r"google(?:\s+maps)?|maps|yelp|facebook|fb|siri|craigslist|the\s+(?:internet|web)"

_WRITER = (
    r"(?:(?:^|[.!?,;:(\n—-]\s*|\b(?:i|we|i'?ve|we'?ve|but|and|so|then)\s+)"
    r"(?:(?:just|already|also|have|had|even|been|literally|actually|only|again)\s+){0,3})"
)
"""What the writer's own doing begins with: "I have just", or nothing; not "you", of whom it would tell the reverse."""

_REACHING = r"(?:call|dial|ring|phon|text|messag|e-?mail|contact|reach)"
_US_AT = r"(?:\s+(?:you(?:\s+guys)?|u)\s+(?:at|on)|\s+(?:the|your|ur|this|that)\s+(?:[\w-]+\s+){0,2}?[\w-]+)?(?:\s+(?:at|on))?"
"""Between "tried calling" and a value: nothing, or whom one called at it."""

_REACHED = (
    # one tried calling the shop at it, or has been calling it
    rf"{_WRITER}(?:tr(?:ied|ying)\s+(?:to\s+{_REACHING}e?|{_REACHING}ing)|(?:been|kept|keep)\s+{_REACHING}ing){_US_AT}"
    # one called it, or left a message there
    rf"|{_WRITER}(?:called|dial+ed|rang|phoned|texted|messaged|e-?mailed|zelled|venmo'?e?d)(?:\s+(?:the|your|ur|this|that)\s+(?:[\w-]+\s+){{1,2}}(?:at|on))?"
    rf"|{_WRITER}left\s+(?:you\s+)?(?:an?|two|\d|several|many|multiple)\s+(?:voice\s?mail|message|vm|msg)s?\s+(?:at|on)"
    # one does so always
    rf"|\b(?:i|we)\s+(?:usually|always|normally|used\s+to)\s+{_REACHING}e?{_US_AT}|\b(?:te|les?)\s+(?:escribo|llamo|marco)\s+al"
    # nobody answers there; "if no one answers at" is of one's own
    r"|(?<!\bif\s)\b(?:no\s?one|nobody)\s+(?:is\s+|ever\s+)?(?:answer|pick|respond)(?:s|ed|ing)?(?:\s+up)?(?:\s+(?:at|on))?|(?<!\bif\s)\bno\s+answer\s+(?:at|on)"
    r"|\bon\s+(?:hold|the\s+phone)\s+with|\bdo\s+(?:you|u|y'?all|they)(?:\s+guys)?\s+(?:still\s+)?(?:use|answer|check)"
    # one asks whether to call it
    rf"|\b(?:do|should|shall|can|could|must|when(?:ever)?|if)\s+(?:i|we)\s+(?:(?:just|also|try|have\s+to|need\s+to)\s+)?{_REACHING}e?(?:\s+(?:(?:the\s+\w+|you|u)\s+)?(?:at|on)|\s+(?:you|u))?"
)
"""A number or an address at which the writer sought us, or asks whether to."""

_THIS_NUMBER = rf"(?:\s+(?:este|el|que|su|{CONTACT_WORDS})){{0,3}}"
_SEEN = (
    # "your flyer w/ this number", "Google has you listed at"
    rf"\b(?:your|ur|the|this|saw\s+an?)\s+(?:\w+\s+)?(?:{_OUR_THINGS})\s+(?:w/|with|that|which)\s*(?:(?:has|had|says|said|lists|shows)\s+)?(?:(?:this|the|a)\s+)?(?:{CONTACT_WORDS})"
    rf"|\b(?:{_DIRECTORIES})\s+(?:has|had|shows?|lists?|listed|gives?|gave|says?|said)(?:\s+(?:me|you(?:\s+guys)?|u|ur|your|it|this|that|the|as|at|under|listed|{CONTACT_WORDS})){{0,4}}"
    rf"|\b(?:su|el|un|tu)\s+(?:anuncio|p[aá]gina|tarjeta|letrero|perfil)\s+(?:con|dice|tiene){_THIS_NUMBER}"
    rf"|\ben\s+(?:google|facebook|internet)\s+(?:sale|aparece|dice|est[aá]|viene){_THIS_NUMBER}"
    # "the number on Google", "saw this number on a truck"
    rf"|\b(?:{CONTACT_WORDS})\s+(?:\w+\s+)?(?:on|from|in)\s+(?:{_DIRECTORIES})(?:\s+(?:is|was))?"
    rf"|\b(?:saw|found|got|see)\s+(?:this|the)\s+(?:{CONTACT_WORDS})\s+(?:posted\s+|listed\s+)?(?:on|in|off|from|at)\s+(?:an?\s+|the\s+|some\s+)?\w+"
    # "I have you saved as", "the number I had for you was", "is the salon still at"
    r"|\b(?:have|had|got)\s+(?:you|u)(?:\s+guys)?\s+(?:saved|listed|down|in\s+my\s+(?:phone|contacts))\s+(?:as|at|under)"
    rf"|\b(?:{CONTACT_WORDS})\s+(?:that\s+)?(?:(?:i|we)\s+(?:(?:have|had|got)\s+(?:for|from)\s+(?:you|u|the\s+\w+)|(?:was|were)\s+given)|que\s+ten(?:go|[ií]a)\s+de\s+ustede?s?)(?:\s+(?:guys|is|was|es|era)){{0,2}}"
    r"|\b(?:is|are)\s+(?:the\s+\w+|you(?:\s+guys)?|u|y'?all)\s+(?:still\s+)?(?:reachable\s+)?at"
)
"""A number or an address that the writer read somewhere, or has for us."""

OTHERS = re.compile(
    rf"\b(?:{_REACH}|{_REACH_ELSEWHERE})\s+(?:me\s+or\s+)?(?:it\s+to\s+)?{PERSON}(?!{_POSSESSED}\s+(?:birthday|bday|party|wedding|house))"
    rf"|\b{PERSON}(?:\s+{_NAME})?{_POSSESSED}\s+(?:\w+\s+)?(?:{CONTACT_WORDS})(?![\w'])"
    rf"|\b(?:send|forward|give|bill|invoice|mail|email)\b[^.!?\n]{{0,40}}\bto\s+(?:{_DETERMINERS})\s+(?:\w+\s+){{0,2}}?(?:{_RELATIONS})(?!\w)"
    rf"|\bforward\b[^.!?\n]{{0,40}}\bto\s*$"
    # "the number for the planner"; "my number for the booking" is one's own
    rf"|(?<!\bmy )(?<!\bour )\b(?:number|cell|phone|email|line)\s+(?:for|of)\s+(?:(?:my|the|our|his|her|their)\s+(?:\w+\s+)?(?:{_RELATIONS}|{PLACES}|{_NUMBERED}|dj|band)(?!\w)|(?:you|u)\b)"
    rf"|\b(?:{CONTACT_WORDS})\s+(?:de|del|di|do|da|von|van)\s+{PERSON}"
    # "of the", in one word
    rf"|\b(?:{CONTACT_WORDS})\s+(?:del|do|da|vom)\s+(?:\w+\s+)?(?:{_RELATIONS}|{_NUMBERED})(?!\w)|\b(?:{CONTACT_WORDS})\s+de\s+la\s+(?:{_NUMBERED})(?!\w)"
    # "send the receipt to him", "invoice our accounting dept"
    rf"|\b(?:send|forward|give|bill|invoice|e-?mail|mail|text)\b[^.!?\n]{{0,40}}\bto\s+(?:him|her|them)(?:\s+at)?\W*$"
    r"|\b(?:our|the|my)\s+(?:accounting|billing|finance|payroll|leasing|accounts\s+payable)(?:\s+(?:dept\.?|department|office|team|person))?(?:\s+(?:is|at))?\s*[:,]?\s*$"
    r"|\bcon\s+(?:ella|él)\s*:?\s*$"
    # a pronoun: "his number", "call him", "she's at"; not "got your number from Ana, 916…"
    rf"|\b(?:his|her|their|your(?!\s+\w+\s+(?:from|off|through)\b[^,]{{1,60}},\s*$)|su(?!\s+(?:ig|insta(?:gram)?)\s*,)|sua|seu|votre|ton|deine?|ihre?|la\s+sua)\s+(?:\w+\s+)?(?:{CONTACT_WORDS})(?!\w)"
    rf"|\b(?:{_REACH}|get|catch|find)\s+(?:him|her|them)\b|\bque\s+l[ao]s?\s+llam(?:e|ara|ase)n?\b|\b(?:ll[aá]mal[oae]s?|escr[ií]bel[ea]s?|m[aá]rcal[ea]s?)\b"
    # "can I text you at"; "I've been trying to reach you, 916…" gives one's own
    rf"|\b(?:{_REACH})\s+(?:you|u|ya)(?:\s+(?!from\b)[\w']+){{0,4}}?(?:\s+(?:at|on|via|by|through|@))(?:\s+(?:this|the|your)\s+(?:{CONTACT_WORDS}))?\s*:?\s*$"
    rf"|\b(?:his|hers|theirs)(?:\s+is|'s)?\s*[:=]?\s*$"
    # "tag me and @ana"
    r"|\b(?:me|us)\s*(?:and|or|&|\+)\s*$"
    # what is ours: "your website says", "the number on your truck"
    rf"|\byour\s+(?:\w+\s+)?(?:{_OUR_THINGS})(?:\s+(?:says|said|lists|listed|shows|has|had|is|at))+\s*:?\s*$"
    rf"|\bthe\s+(?:{_OUR_THINGS})\s+(?:says|said|lists|listed|shows|showed|has|had)\s*:?\s*$"
    rf"|\b(?:{CONTACT_WORDS})\s+(?:\w+\s+){{0,2}}(?:on|from|in|off)\s+your\s+\w+"
    r"|\b(?:he|she|they)(?:'s|'re|\s+is|\s+are|\s+can\s+be|\s+will\s+be|\s+has|\s+uses?)?\s+(?:\w+\s+)?(?:reached\s+|reachable\s+|available\s+)?(?:at|on|by)\s*:?\s*$"
    r"|\b(?:elle|il)\s+est\s+(?:joignable\s+)?(?:au|sur)\s*:?\s*$|\b(?:ella|él)\s+est[áa]\s+en(?:\s+el)?\s*:?\s*$|\b(?:sie|er)\s+ist\s+unter(?:\s+der)?\s*:?\s*$|\b(?:lei|lui)\s+è\s+al\s*:?\s*$"
    r"|\b(?:he|she)(?:'s|\s+is)\s*:?\s*$|\b(?:to|for)\s+(?:her|him|them)\s*[:(]\s*$|(?:^|[\n,;])\s*(?:him|her|them)\s*[:=-]+\s*$"
    rf"|\b{PERSON}\s+(?:still\s+)?has\s*:?\s*$|\b{PERSON}\s+(?:will\s+be|is|are)\s+\w+ing\s*[:(]\s*$"
    r"|\b(?:found|saw|looked\s+up|googled|tried|dialed|is\s+(?:it|this|that)\s+still)\s+(?:(?:this|the)\s+number\s*)?:?\s*$"
    r"|\b(?:got|had|missed|received)\s+(?:(?:an?|your|this|the)\s+)?(?:\w+\s+)?(?:call|text|message)s?\s+from\s*$"
    # a number that was called, that one no longer has, or that is corrected
    rf"|(?:{_WRITTEN_TO}|{_REACHED}|{_SEEN})\s*:?\s*$"
    r"|\b(?:called|texted|messaged|e-?mailed|phoned|rang)\s+(?:me|us)\s+(?:\w+\s+){0,2}?from\s*:?\s*$|\bwho(?:'?s|\s+is|se\s+(?:\w+\s+)?is)\s*$"
    rf"|\b(?:told\s+(?:me|us)|(?:they|he|she|you|u)\s+(?:said|asked\s+(?:me|us)))\s+to\s+(?:{_REACH}|dial)(?:\s+to)?\s*:?\s*$|\b(?:referred|directed|sent|pointed)\s+(?:me|us)\s+to\s*:?\s*$"
    rf"|\bno\s+longer\s+(?:at|on)\s*$|\bchang(?:ed|ing)\s+(?:\w+\s+){{0,2}}(?:{CONTACT_WORDS})\s+from\s*$|(?:^|[\s,;])(?<!years\s)(?<!year\s)old\s*:\s*$|\b(?:no\s+longer|not\s+any\s?more|do\s?n[o']?t|stop(?:ped)?|never|do\s+not)\s+(?:have|had|own|use|using|call|text)\s+(?:(?:my|the|this|that|old|{CONTACT_WORDS})\s*){{0,4}}:?\s*$"
    rf"|\b(?:old|previous|former)\s+(?:\w+\s+)?(?:{CONTACT_WORDS}|one)(?:\s+(?:was|is|used\s+to\s+be))?\s*:?\s*$"
    rf"|\bnot\s+my\s+(?:(?!(?:best|main|primary|usual|only)\b)\w+\s+)?(?:{CONTACT_WORDS})(?:\s*,?\s+but\s+(?:(?:you|u)\s+(?:can|could|may)\s+)?(?:{_REACH})(?:\s+(?:it|this|here))?)?\s*:?\s*$"
    rf"|\b(?:his|her|their)\s+(?:\w+\s+)?(?:office|work|house|home|school|desk|studio|shop)(?:\s+(?:is|at|direct|{CONTACT_WORDS}))*\s*:?\s*$"
    rf"|\b{PERSON}\s+(?:anrufen|kontaktieren|erreichen|anschreiben|fragen)\b|\b{PERSON}\s+est\s+joignable\b"
    rf"|\bused\s+to\s+(?:have|own|use|be)\s+(?:(?:my|the|this|that|{CONTACT_WORDS})\s*){{0,3}}:?\s*$|\blost\s+my\s+(?:{CONTACT_WORDS})\s*$"
    r"|\b(?:some(?:one|body)|(?:an?|the|some)\s+(?:man|woman|guy|girl|lady|person|receptionist))\s+(?:at|from|with|using)\s+(?:(?:the|this)\s+number\s*)?:?\s*$"
    r"|\byour\s+\w+\s+(?:answered|called|texted)(?:\s+me)?\s+(?:at|from|on)\s*$"
    rf"|\b{PERSON}\s+hat\s+(?:die|eine)(?:\s+nummer)?\s*:?\s*$"
    r"|(?:(?<!\bif )(?<!\bor )(?<!\bwhy )\bnot|\bnicht|\bno\s+es|\bpas\s+le)\s*$"
    r"|(?<!\bme )\b(?:in\s+case\s+of\s+(?:an\s+)?emergency|in\s+an\s+emergency|emergency\s+contact)\s*,?\s*(?:(?:please\s+)?(?:call|contact|text|dial|phone|notify)|is)?\s*:?\s*$"
    rf"|{OTHERS_ELSEWHERE}",
    re.IGNORECASE,
)
OTHER_BY_NAME = re.compile(
    # Capitals count here: "ask for Maria at", "Maria's cell", "call Mr. Jones on".
    rf"\b(?i:{_REACH}|{_REACH_ELSEWHERE}|llam[ae]\s+a)\s+(?P<reached>{_NAMES})(?!\w)"
    rf"|\b(?i:referred\s+by|recommended\s+by|on\s+behalf\s+of|(?:got|have)\s+your\s+(?:number|contact|info)\s+from)\s+(?P<behalf>{_NAMES})[\s,:(]*$"
    # "heard about you from Gary (916…)", "Gary referred me (916…)": behind a comma it may be the writer's.
    rf"|\b(?i:(?:heard|know|found\s+out)\s+(?:about|of)\s+(?:you|u)\s+(?:from|through)|(?:me|nos)\s+recomend[oó])\s+(?P<teller>{_NAMES})[\s:(]*$"
    rf"|(?<![\w'])(?P<referrer>{_NAMES})\s+(?i:(?:(?:just|also|has|already|kindly)\s+)?(?:told|recommended|referred|suggested|sent|introduced|gave)\s+(?:me|us|you|u)|(?:me|nos|te|l[eo]s?)\s+(?:recomend|mand|envi|refiri|habl)[oó])(?:\s+(?!(?:my|mi)\b)\w+){{0,6}}[\s(]*$"
    rf"|\b(?i:(?:catered|cooked)\s+for)\s+(?P<guest>{_NAMES})[\s,(]*$"
    rf"|\b(?P<holder>[A-Z][\w-]+)'s(?:\s+(?:\w+\s+)?(?i:{CONTACT_WORDS})(?!\w)|(?:\s+is|\s*[:=])?\s*$)"
)
OF_GIVEN_NAME = re.compile(
    # "the number of Ana is" (hardly ever "my number of …"), "me at …, or Tom at".
    rf"\b(?i:(?:the|el|la|le|il|o|a|die|das|het|de)\s+|l')(?i:{CONTACT_WORDS})\s+(?:(?i:of|de|del|da|do|di|della|von|van)\s+|(?i:d'))(?P<holder>{_NAMES})(?!\w)"
    rf"|\b(?i:or|and|y|o|e|ou|et|oder|und)\s+(?P<reached>{_NAMES})\s+(?i:at|on|al|au|unter|op|no|sul)\s*:?\s*$"
)
OTHER_BY_SMALL_NAME = re.compile(
    rf"\b(?:{_REACH})\s+(?P<reached>[a-z][a-z-]+)(?:\s+[a-z-]+)?\s*(?:at|on|@|:|,|$)|\b(?P<holder>[a-z][a-z-]+?)(?:'?s\s+(?:\w+\s+)?(?:{CONTACT_WORDS})(?!\w)|'s(?:\s+is)?\s*:?\s*$)"
)
OWN = re.compile(
    rf"\b(?:my|our)\s+(?:(?!(?:{_RELATIONS})(?:'?s)?\b)\w+\s+){{0,2}}(?:{CONTACT_WORDS})(?!\w)"
    rf"|\b(?:{_REACH}|hit|find|add|give|cc|copy|send|catch|get)\s+(?:me|us)\b|(?<!dont\s)(?<!don't\s)\bhmu\b|\bmine\b(?!(?:'?s|\s+is|\s+was)?\s+(?:dead|broken?|off|lost|died))|\bme\s+(?:at|on|@)(?!\w)|\bi'?\s?a?m\s+(?:at|on|reachable)\b|\b(?:me|yo|moi|ich|io|eu)\s*[:=—-]+\s*$"
    rf"|\b(?:call|text|phon|messag|writ|reach|contact)(?:e|ed|ing)?\s+(?:(?!(?:me|us)\b)[a-z]+\s+){{0,4}}?from\s*:?\s*$|\bi\s+(?:can|may)\s+be\s+reached\b|\((?:that's\s+)?me\W*\)\W*$"
    rf"|\b(?:mi|nuestro|mon|mein|meine|meu|mio|il\s+mio|mijn)\s+(?:\w+\s+)?(?:{CONTACT_WORDS})(?!\w)"
    r"|\b(?:ll[aá]m[ae]me|escr[ií]b[ae]me|cont[aá]ct[ae]me|m[aá]nd[ae]me|m[aá]rc[ae]me|ll[aá]men?me|appelez?[- ]moi|rufen?\s+sie\s+mich|ruf\s+mich|chiamatemi|chiamami|me\s+(?:liga|ligue|chama)|bel\s+m(?:e|ij))\b"
    rf"|{OWN_ELSEWHERE}",
    re.IGNORECASE,
)
OWN_ALONE = re.compile(
    r"^\W*(?:(?:and|or|y|o|ou|oder|e)\W+)?(?P<words>me|mine|myself|self|yo|m[ií]o|moi|ich|my\s+own)\W*(?:\b(?:and|or|y|o|ou|oder|e)\s*)?$",
    re.IGNORECASE,
)

AFTER = re.compile(
    r"\s*(?:[(\[]\s*(?P<brackets>[^()\[\]\n]{1,60})[)\]]|\s*(?:<-+|←|⬅️?)\s*(?P<arrow>[^.!?;,\n]{1,60})"
    r"|[,.]?\s*(?:(?:that|this|it|which)\s?'?)?(?:(?:is|s|are|es|est|ist|belongs\s+to)\s|this\s(?=me\b))(?P<clause>[^.!?;,\n]{1,60})"
    r"|[,.]?\s+(?:and\s|y\s)?(?P<request>(?:ask\sfor|pregunt[ae]\spor|speak\s(?:to|with))\s[^.!?;,\n]{1,60})"
    r"|\s+[-—]\s+(?P<dash>[^.!?;,\n]{1,60}))",
    re.IGNORECASE,
)
PERSON_AFTER = re.compile(
    rf"^\s*(?:(?:for|to|of|from|that of|die nummer von|celui de|de|da|di)\s+)?(?:{PERSON}{_POSSESSED}|the\s+(?:{PLACES})(?:'s)?|(?-i:[A-Z][\w-]+)'s|his|hers|theirs|yours)"
    rf"(?:\s+(?:{_NAME}|{CONTACT_WORDS}|house|not\s+me|btw|too|though|if\s+needed))*(?:\s+(?:he|she|they|who)\s.*)?\s*$",
    re.IGNORECASE,
)
PERSON_ALONE_AFTER = re.compile(
    rf"^[\s,]*(?P<words>(?P<possessive>(?=(?:my|our|mi)\s))?{PERSON}{_POSSESSED}(?:\s+(?:{CONTACT_WORDS}))?)\s*[.!]?\s*$",
    re.IGNORECASE,
)
ALONE_BEFORE = re.compile(r"\W*(?:\b(?:or|and|y|o|ou|oder)\b\W*)?", re.IGNORECASE)
"""Before a value that is told whose it is behind it: nothing but what joins it to the one before."""

OF_SEVERAL = re.compile(r"\s*(?:both|are|belong(?!s)|son|sind|sont)\b", re.IGNORECASE)
"""After the last of several values that one cue is for: "… or … are my husband's"."""

_SAID_OF_OURS = (
    rf"(?:the|a)\s+(?:right|correct|best|good|current)\s+(?:\w+\s+)?(?:{CONTACT_WORDS}|one)(?![\w'])"
)
"""What one asks of a number of ours, and says of one's own: a question tells which."""

IN_QUESTION = re.compile(
    r"^,?\s*(?:(?:still|also|really|actually|is|it|this|that|as|listed|saved|for)\s+){0,4}(?P<words>"
    # with or without a question mark
    rf"(?:(?:your\s+(?:\w+\s+)?(?:{CONTACT_WORDS}|one)"
    r"|or\s+(?:did|have)\s+you|(?:on|from|in)\s+(?:google|yelp|facebook|your\s+\w+|the\s+(?:web|internet))|a\s+(?:real|working|valid)\s+(?:number|line|e-?mail)|(?:still\s+)?(?:valid|correct|in\s+service|working|yours|you\s+guys))\b[^.!\n]{0,40}?(?:\?|$))"
    # with one
    rf"|{_SAID_OF_OURS}[^.!?\n]{{0,40}}?\?|still\s+(?:good|active|current|in\s+use)(?:\s+(?:for|or)\b[^.!?\n]{{0,30}})?\s*\?)",
    re.IGNORECASE,
)
"""After a value that the writer asks about, or found somewhere: it is ours, or nobody's."""

SAID_AT_LAST = re.compile(
    r"^[\s,.]*(?P<words>(?:still\s+)?(?:good|active|current|right|correct|verdad|cierto)(?=\s*\?)"
    r"|(?:he|she)(?:\s+(?:handles|manages|organi[sz]es|deals\s+with|takes\s+care|will\s+(?:handle|take\s+care|organi[sz]e))|(?:'s|\s+is)\s+(?:the\s+one\s+)?(?:in\s+charge|handling|managing|organi[sz]ing))(?!\w)"
    # a line that one tried
    r"|(?:just\s+|only\s+|always\s+)?(?:rings\b|keeps\s+ringing|goes\s+(?:straight\s+|right\s+)?to\s+(?:voice\s?mail|vm)\b)|(?:is|was)\s+(?:disconnected|out\s+of\s+service|not\s+(?:working|in\s+service))|(?:isn'?t|is\s+not)\s+working"
    r"|(?:\w+\s+){0,3}(?:and|but)\s+(?:no\s?one|nobody|they)\s+(?:\w+\s+)?(?:answer|pick|respond)|y\s+(?:nadie\s+|no\s+)(?:me\s+)?contest[aó]\w*)",
    re.IGNORECASE,
)
"""After a value of which nothing before it tells whose it is: "is it 916…, right?", "916… he handles that", "916… just rings"."""

IF = re.compile(r"\b(?:if|when|si)\b", re.IGNORECASE)
"""Before a value: what is said of it may not be so, "if 916… goes to voicemail"."""

NAMED_AFTER = re.compile(
    rf"^\s+(?:is|es|ist|est)\s+(?P<name>{_NAMES})(?=\s*(?:$|[.,;!)\n]|(?:and|or|y|o|und|et)\b))"
)
"""A name after a value, which may be its holder's or the writer's: "916… is me and 917… is Dan"."""

JOINS_TWO_VALUES = re.compile(
    r"^(?:\s*(?:[,/&|+():-]|\b(?:or|and|y|o|u|ou|et|und|oder|e|also|then|else|otherwise|alternatively|at|on|try|by|if|not|no\s+answer|cell|mobile|home|work|office|"
    r"phone|e-?mail|mail|tel|whats\s?app|wa|insta|ig|instagram|is|his|her|their|another|second|alternate|backup|other)(?!\w)))*+\s*$",
    re.IGNORECASE,
)
"""Between two values that one cue is for: "my wife at … or …", "my husband Dave: …, email …"."""

_LABEL = r"(?:cell(?:\s?phone)?|mobile|office|work|home|landline|business|personal|direct|casa|oficina|trabajo|celular|m[oó]vil)(?:\s+(?:phone|number|line|cell|tel|email))*"
LABEL_AFTER = re.compile(
    rf"^[ \t]*(?:[-—]\s*)?(?P<words>(?:my\s+)?{_LABEL})[ \t]*(?=\n|[.,;/|&]|$|\b(?:or|and)\b)", re.IGNORECASE
)
LABEL_BRACKETED = re.compile(rf"^\s*(?:my\s+)?(?:\w+\s+)?{_LABEL}(?:\s+\w+)?\s*$", re.IGNORECASE)
LABEL_ALONE = re.compile(
    r"\b(?:cell(?:\s?phone)?|mobile|office|work|home|landline|business|personal|direct|casa|oficina|trabajo|celular|m[oó]vil)"
    r"(?:\s+(?:phone|number|line|cell|tel|email|is))*(?=[\s:#=(@-]*$)",
    re.IGNORECASE,
)
"""A label right at the value and nothing else: "Cell: 916…", "office 916…"."""

SPEAKS_OF_CONTACT = re.compile(rf"\b(?:{_REACH}|{CONTACT_WORDS}|ll[aá]ma\w*)(?!\w)", re.IGNORECASE)
ASKS_WHETHER_OURS = re.compile(
    rf"(?:\b(?:is|are)\s+(?:this|that|it|these)\s+(?:still\s+)?(?:your\s+(?:\w+\s+)?(?:{CONTACT_WORDS})|{_SAID_OF_OURS})"
    rf"|\b(?:es|est[aeo]|[eé]ste)\s+(?:(?:sigue\s+siendo|es|aun\s+es|todav[ií]a\s+es)\s+)?(?:tu|su|el)\s+(?:\w+\s+)?(?:{CONTACT_WORDS}))"
    r"(?:\s+(?!(?:me|us)\b)\w+){0,5}\s*\?\s*$",
    re.IGNORECASE,
)
"""Before a value: "Is this still your number? 916…"; not "is this a good number to reach me?"."""

OF_MAIL = re.compile(r"\b(?:e-?mails?|mail|correo|courriel|address)\b", re.IGNORECASE)
"""In such a question: it is about an address, and about a number otherwise."""

ASKS_FOR_US = re.compile(
    rf"\b[Ii]s\s+(?:this|that|it)\s+(?:still\s+)?(?:[Tt]he\s+)?(?!OK\b|Ok\b|Okay\b){_NAME}(?:\s(?:{_NAME}|&|and|of|the|\+|n)){{0,4}}\s*\??[\s,:(]*$"
    r"|\b[Ii]s\s+(?:this|that|it)\s*$|\b[Ee]s\s+(?:el|este)\s*$"
)
"""Before a value that a question mark follows: "is this Snip & Wag? 907…?", "is it 907…?"."""

SPEAKS_TO_US = re.compile(r"\b(?:you|your|u)\b", re.IGNORECASE)
BREAK = re.compile(r"\s*[,;.!?\n]")
"""After the words behind a value: they end, and what follows leads to the next value."""
LEADS_ON = re.compile(r"(?:[:=]|\b(?:at|on|al|is|es|are))\s*$")
NO_ABBREVIATION = r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|Sr|No|no|nr))(?<!\b(?:Mrs|Sgt|Rev|Cpt|Col|Gen|Sra|Dra))(?<!\b(?:Prof|Capt|Srta))"
"""Before a dot that may end a sentence."""
SENTENCE_END = re.compile(rf"{NO_ABBREVIATION}[.!?;]+\s+|[:;]-?[)D]\s+|。|\n\s*\n")
