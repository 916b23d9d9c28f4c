"""The words, and the places in a message, that announce the name of its writer: patterns that end where the name begins."""

from __future__ import annotations

import re

from matching.cues import CONTACT_WORDS, NO_ABBREVIATION, PERSON

CONTACT = "=="
"""Stands for a contact: no letter, and nothing that parts or ends a name."""

# Letters with their accents, and the vowel signs of Indian scripts.
WORD = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f]|['-](?=[^\W\d_]))*"
_GREETING = (
    r"(?:(?:hi+|hey+|yo+|hello|hola|good (?:morning|afternoon|evening)|buen[oa]s (?:d[ií]as|tardes|noches)"
    r"|bonjour|hallo|ciao|ol[aá])\b(?: there| all| team| everyone| chef| guys| girl(?:y|ie)?| hun| love| babe| lady| ladies| bro| sis| boo)?[ ,.!]*)"
)

_DENIED = "".join(rf"(?<!\b{word} )" for word in ("no", "non", "n[aã]o", "not", "tampoco", "nunca"))
"""Before a verb: "no soy Ana" tells who the writer is not."""

# What follows says outright that it is a name; the last lines are Russian, Greek, Arabic, Hindi, Hebrew and Chinese. "Name is" alone may be a
# dog's, a restaurant's, a daughter's; "mwen rele" is "I call" as well.
OUTRIGHT = re.compile(
    rf"{_DENIED}(?:\bmy (?:full |first |real )?name(?:'?s| is|:| =)|\bme llamo|\bmi nombre(?: completo)? es|\bje m'appelle"
    r"|\bmon nom est|\bmeu nome [eé]|\bme chamo|\bmein name ist|\bich hei(?:ß|ss)e|\bmi chiamo|\bil mio nome [eè]"
    r"|\bmijn naam is|\bik heet|\bnazywam się|\bmam na imię|\bjag heter|\bjeg he(?:dder|ter)|\bmitt namn [aä]r|\bnimeni on"
    r"|\ba nevem|\bjmenuji se|\bm[aă] numesc|\bnumele meu este|\b(?:benim )?ad\u0131m|\bismim|\bnama saya|\bako(?: po)? si"
    r"|\bt[eê]n (?:t[oô]i|m[iì]nh|em|anh|ch[iị]) l[aà]|\bm[iì]nh t[eê]n(?: l[aà])?|\b\u043c\u0435\u043d(?:\u044f \u0437\u043e\u0432\u0443\u0442|\u0435 \u0437\u0432\u0430\u0442\u0438)"
    r"|\b\u043c\u043e[\u0435\u0451] \u0438\u043c\u044f|\b\u03bc\u03b5 \u03bb\u03ad\u03bd\u03b5|\u0627\u0633\u0645\u064a"
    r"|\u092e\u0947\u0930\u093e \u0928\u093e\u092e|\bmera naam|\bles? saluda|\ba nombre de|\bnon mwen se|\bmwen rele(?= (?-i:[A-Z]))|\b\u05e7\u05d5\u05e8\u05d0\u05d9\u05dd \u05dc\u05d9|\b\u05e9\u05de\u05d9)\s+"
    r"|\u6211(?:\u53eb|\u7684\u540d\u5b57(?:\u662f|\u53eb))\s*"
    r"|(?:^|\n|[.:;,|][ \t])[ \t]*(?:full |your |customer |client )?(?:name|nombre(?: completo)?|nom|nome)[ \t]*[:=-][ \t]*"
    r"|\bunder the name(?: of)?[ \t]+|\bname (?:for|on) the \w+ is[ \t]+",
    re.IGNORECASE,
)
# What follows may be anything that one can be.
_ROLE = (
    r"(?:(?:the|his|her|their|an?|(?:(?:mr|mrs|ms|dr)\.? )?\w+'s) (?:[\w-]+ )?(?:assistant|secretary|planner|co-?ordinator|manager|e\.?a|p\.?a|owner|chef|bride|groom|host"
    r"|sister|brother|wife|husband|fianc[eé]e?|mom|mum|mother|dad|father|daughter|son|aunt|uncle|cousin|friend|co-?worker|colleague|room-?mate|neighbou?r|boss|partner),? \(?)?"
)
PERSONAL = re.compile(
    # "I'm a photographer named Will", "ask for Reggie, that's me", "everyone calls me Jo".
    r"\b(?:i'?m|i am) an? (?:[\w-]+ ){1,2}(?:named|called)\s+|\bsoy (?:su|tu|la|el) [a-z\xe0-\xff]+, (?=(?-i:[A-Z]))"
    rf"|\b(?:i'?m|i am)\s+{_ROLE}"
    r"|\b(?:(?:you can|everyone|everybody|people|(?:my )?friends|they) calls?|calls) me\s+"
    r"|\b(?:(?:put|book|reserve) (?:it|me|us|this|that)|(?:booking|appointment|appt|reservation|table|order)(?:'s| is)?) under\s+(?:my name,? )?"
    r"|\b(?:my|here'?s my|here is my) (?:info|details|contact)(?: is)?[ \t]*[:-][ \t]*|\band I \((?=\w+\))"
    rf"|\b(?:main|si)\s+(?={WORD}(?: {WORD})? (?:bol rah[ai]|(?:po )?i?to)\b)"
    rf"|\bask for\s+(?={WORD}(?: {WORD})?[ ,(]{{1,3}}(?:that'?s|it'?s) me\b)"
    rf"|{_DENIED}\b(?:i go by|we'?re|we are|yo soy|soy|somos|les? escribe|[lt]e habla|habla|je suis|moi c'est|ici"
    r"|(?:eu )?sou(?: [oa])?|aqu[ií] [eé](?: [oa])?|(?:merhaba(?:lar)?|selam(?:lar)?|iyi (?:günler|akşamlar))[ ,.!]*ben|ich bin(?: die| der)?|hier spricht|sono|ik ben|jestem|it'?s me(?:,? again)?,?)\s+"
    r"|[,;.]\s{1,3}name (?=(?-i:[A-Z])\w+ (?-i:[A-Z]))"
    r"|(?:^|[.!?\n,]\s{0,3}|\bthe )name(?:'s| is)\s+|(?:^|\n)name\s+(?=\w+ \w+,)"
    # "É a Cida", "Hoi, met Sanne": the same words go on with anything inside a sentence.
    r"|(?:^|[.!?,\n]\s{0,3})é [oa]\s+|(?:^|\n)\s{0,3}(?:hoi|hallo|dag|goede\w+)[ ,!]{1,3}(?:je spreekt )?met\s+"
    # Polish: "tu" alone is Spanish and Portuguese, "your"; Vietnamese: "I am", said to an elder
    r"|(?:^|\n)\s{0,3}(?:cześć|hej|hejka|witam|dzień dobry)[ ,!.]{1,3}(?:tu|z tej strony)\s+|(?:^|[.!?,\n]\s{0,3})(?:em|mình|anh|chị) là\s+(?!Việt (?:kiều|Nam)\b)"
    # "I am" in Russian, in Arabic and in Chinese.
    r"|\b\u044f\s+|(?<!\w)[\u0623\u0627]\u0646\u0627\s+|\u6211\u662f\s*",
    re.IGNORECASE,
)
# Japanese and Korean put the verb after the name, without a space. "私は…です" may be anything that one can be, and so may the
# Korean but for family names that begin no other word.
BEFORE_VERB = re.compile(
    r"안녕하세요[ ,.!~]*(?P<greeted>[김박최윤황권홍][가-힣]{2})(?=(?:입니다|이에요|예요|이?라고))|"
    r"(?:名前は|(?<![\u4e00-\u9fff]))(?P<ja>[\u4e00-\u9fff]{2,6}|[\u30a1-\u30fa\u30fc]{2,10})(?=と(?:申|もう)します)|名前は(?P<named>[\u4e00-\u9fff]{2,6}|[\u30a1-\u30fa\u30fc]{2,10})(?=です)"
    r"|(?:저는|제가|이름은)\s*(?P<ko>[김박최윤황권홍][가-힣]{2})(?=(?:입니다|이에요|예요|이?라고))|이름은\s*(?P<called>[가-힣]{2,4}?)(?=(?:입니다|이에요|예요|이?라고))"
)
IN_TWO_PARTS = re.compile(
    rf"\b(?:first name|given name|nombre)[ \t]*(?:is|[:=-])?[ \t]*(?P<given>{WORD})[\s,;|/]{{1,3}}(?:and )?(?:my )?"
    rf"(?:last name|family name|surname|apellidos?)[ \t]*(?:is|[:=-])?[ \t]*(?P<family>{WORD})",
    re.IGNORECASE,
)
# What follows may be anything at all.
IMPERSONAL = re.compile(rf"\b(?:this is|it'?s|c'est|hier ist|\u044d\u0442\u043e)\s+{_ROLE}", re.IGNORECASE)
GREETED = re.compile(rf"^\s*{_GREETING}(?:this is|it'?s)\s+", re.IGNORECASE)
GREETED_IN_PERSON = re.compile(rf"^\s*{_GREETING}(?:i'?m|i am)\s+", re.IGNORECASE)
THIS_IS_FIRST = re.compile(rf"^\s*{_GREETING}(?<=[\s,.!])this is\s+", re.IGNORECASE)
SOY_FIRST = re.compile(rf"^\s*{_GREETING}?(?:yo )?soy\s+", re.IGNORECASE)

JOINED = r"(?:&|\+|and|y|e|et|und|en|i)"
PARTS = r"owner|manager|founder|ceo|chef|bride|groom"
"""What some write behind their name in a signature."""
_END_OF_SIGNATURE = rf"(?={WORD}\.?(?: (?:[&+] )?{WORD}\.?){{0,4}}(?:, (?i:{PARTS}))?[^\w\n]*(?:\n|\Z))"
_FAMILY_LINE = rf"(?:familia|família|famille|familie|family|fam\.?) {WORD}(?: {WORD})?[ \t]*\n[ \t]*"
"""In whose name somebody signs who signs with their own below."""
_GRATITUDE = r"thanks|salamat(?: po)?|thank you|thx|ty|tysm|gracias|merci|obrigad[oa]|danke|grazie|\u0441\u043f\u0430\u0441\u0438\u0431\u043e|\u0434\u044f\u043a\u0443\u044e|bedankt|dzięki|dziękuję"
_TO_WHAT_DEGREE = (
    r"(?: (?:so|very|much|many|a|lot|again|regards|in advance|you|truly|always|mille|schön|cordiales)){0,3}"
)
_CLOSING = (
    r"regards|best(?: wishes)?|cheers|respectfully|take care|talk soon|sincerely|warmly|yours|love|saludos?|atentamente|besos|abrazos?|cordialement|bises|bisous"
    r"|xo(?:xo)?|bien à (?:vous|toi)|à bientôt|abraços?|abs|beijos|bjs|att|atenciosamente|lg|vg|mfg|gr(?:ü|u)(?:ß|ss)en?|saluti|abbraccio|a presto|groet(?:en|jes)?"
    r"|pozdrawiam|\u0441 \u0443\u0432\u0430\u0436\u0435\u043d\u0438\u0435\u043c|\u0437 \u043f\u043e\u0432\u0430\u0433\u043e\u044e"
)
THANKS = re.compile(
    rf"\b(?:{_GRATITUDE}|{_CLOSING}){_TO_WHAT_DEGREE}[ \t]?(?:[,.!\n—-][ \t]*){{1,6}}(?:{_FAMILY_LINE})?{_END_OF_SIGNATURE}",
    re.IGNORECASE,
)
# Some need no comma: "Danke! LG Sabine".
GREETED_LAST = re.compile(
    rf"(?:^|\n|[.!?,]\s)\s{{0,3}}(?:lg|vg|(?:(?:liebe|viele|beste) )?gr(?:ü|u)(?:ß|ss)e|groetjes|bisous|bises|bjs|beijos|besos|xo(?:xo)?|pozdrawiam|cordialement|regards|saludos) {_END_OF_SIGNATURE}",
    re.IGNORECASE,
)
# A dash may also begin the last item of a list; "… here" may follow any word.
SIGNED = re.compile(rf"(?:^|\n|[.!?)])\s{{0,5}}(?:--?|—|~|xo+x?o*)[ \t]?{_END_OF_SIGNATURE}")
# A name that stands for itself at the end: "Are you open on Sunday? Ana"; the dot of an initial, a title or "no." ends no sentence.
ALONE = re.compile(
    rf"(?:{NO_ABBREVIATION}[.!?\u2600-\u27bf\U0001f300-\U0001faff]\s{{1,3}}|\n[\s,]{{0,5}})(?={WORD}(?: [A-Z]\.)?(?: {WORD}\.?)?[^\w?]*\Z)"
)
# A dash behind the last word of a request: "text me -Ron". After other words, or of somebody else, it is a list, a way or a label:
# "Denver - Jackson", "see my usual stylist today - Jessica".
_LAST_OF_REQUEST = r"pl(?:ea)?s|plz|please|me|back|first|now|asap|again|know|confirm|cancel|reschedule|thanks|thx|porfa|favor|gracias|ll[aá]mame"
_SPEAKS_OF_NAMES = r"s?he|his|her|him|they|stylist|barber|artist|tech|braider|instructor|girl|lady|woman|guy|same|with|by|from|names?|called|spell\w*|writ\w+|says?|saying|engrav\w*|con|nombre|diga"
SIGNED_REQUEST = re.compile(
    rf"(?:\A|[.!?\n])(?![^.!?\n]{{0,200}}?(?:{PERSON}|\b(?:{_SPEAKS_OF_NAMES})\b))[^.!?\n]{{0,200}}\b(?:{_LAST_OF_REQUEST})[ \t]+(?:--?|—|~)[ \t]?"
    rf"(?={WORD}(?: {WORD}\.?)?[^\w?\n]*\Z)",
    re.IGNORECASE,
)
# A whole message that is a name: the answer to "what's your name?"
NOTHING_ELSE = re.compile(rf"\A\s*(?={WORD} {WORD}(?: {WORD})?[^\w?]*\Z)")
# A name above a part or a company, above a contact: a signature without a closing.
IN_BUSINESS = re.compile(
    rf"(?:\A\s{{0,5}}|\n[ \t]*\n\s{{0,5}})(?={WORD}(?: {WORD}\.?){{1,2}}[ \t]*\n(?:[^\n]{{1,60}}\n){{1,2}}[^\n]{{0,12}}\n?{CONTACT}\n)"
)
# "Ask for Denise" right behind one's own number.
ASKED_FOR = re.compile(rf"\n{CONTACT}\n[\s,.]{{0,4}}(?:and |y )?(?:ask for|pregunt\w+ por)\s+", re.IGNORECASE)
# A name and nothing else before a contact of one's own but what kind it is of: "Jessica Smith 512…", "Jessica, cell: 512…".
BEFORE_CONTACT = re.compile(
    rf"[\s.,:;|(/-]{{0,4}}(?:(?:my|mi)\s+)?(?:(?:{CONTACT_WORDS})[\s.,:;|(/-]{{0,4}})?\n{CONTACT}\n",
    re.IGNORECASE,
)
BESIDE = re.compile(
    rf"(?:\A\s{{0,5}}|[.!?]\s{{1,3}}|\n\s{{0,5}})(?={WORD}\.?(?: {WORD}\.?){{0,2}}(?i:{BEFORE_CONTACT.pattern}))"
)
PRESENT = re.compile(
    rf"(?:^|[\n.!?,])\s{{0,5}}{_GREETING}?(?={WORD}\.?(?: {WORD}\.?){{0,2}} (?:here|speaking|calling|aqu[ií]|hier)\b(?! (?:is|are|at|in)\b| ?\?))",
    re.IGNORECASE,
)
# Who is greeted, or thanked by name with an exclamation mark, is us: "Thank you so much, Marco!"
ADDRESSED = re.compile(
    rf"(?:\b(?:hi|hey|hello|dear|hola|bonjour|hallo|ciao|ol[aá]|oi|querid[oa]|estimad[oa]|good (?:morning|afternoon|evening))[ ,]{{1,2}}(?:(?:chef|mr|mrs|ms|dr)\.?[ ])?"
    rf"|\b(?:{_GRATITUDE}){_TO_WHAT_DEGREE}[ ]?,?[ ](?:(?P<chef>chef)[ ])?(?={WORD}(?:[ ]{WORD})?(?(chef)|!)))(?P<name>{WORD})",
    re.IGNORECASE,
)
