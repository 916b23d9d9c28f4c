"""The words that say whose a contact is, in languages that put them together in other ways than English does.

Where a relation is told by an ending, or nothing stands between the words, "my wife's number" is a pattern of its own. A
relation alone says nothing of whose a number is ("a table for my wife, 916…"): a word for phone or for calling goes with
it, or a colon.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class _Language(NamedTuple):
    """Patterns of one language, or of a few that are alike.

    `between` stands between a relation and a contact, whichever comes first; in `calling`, REL is the relation. `own` is
    what is the writer's. Letters of some scripts are no word characters, and some are written without spaces: these do
    without an `edge`.
    """

    relation: str
    contact: str
    own: str
    calling: str
    between: str = r"\s+"
    edge: str = r"\b"

    @property
    def others(self) -> str:
        relation, contact = f"(?:{self.relation})", f"(?:{self.contact})"
        calling = self.calling.replace("REL", relation)
        label = rf"(?:^|[,;/(\n.!?])\s*{relation}\s*[:=]\s*$|[,;]\s*(?:а\s+|a\s+)?{relation}\s*$"
        return (
            rf"{self.edge}(?:{relation}{self.between}{contact}|{contact}{self.between}{relation}|{calling}){self.edge}"
            rf"|{label}"
        )

    @property
    def owned(self) -> str:
        return rf"{self.edge}(?:{self.own}){self.edge}"


_RUSSIAN = _Language(
    relation=(
        r"(?:муж|жен|мам|пап|отц|брат|сестр|сын|дочер|подруг|парн|девушк|невест|жених|начальни[кц]|босс|шеф|коллег|ассистент|ассистентк|помощни[кц]|секретар|супруг|бабушк|дедушк"
        r"|чолові[кч]|дружин)(?:а|у|ы|е|ой|ом|ем|ю|я|и|ей|ью|ові)?|друг(?:а|у|ом|е)?|мать|матери|отец|дочь|парень"
    ),
    contact=r"(?:номер|телефон|почт|имейл|мобильн|контакт|сотов)\w*|тел|моб|email|e-mail",
    own=r"мо[йяиеё]\w*\s+(?:\w+\s+)?(?:номер|телефон|почт|имейл|мобильн|контакт)\w*|(?:звоните|позвоните|пишите|напишите|наберите)\s+мне|со\s+мной|мій\s+\w+",
    calling=r"(?:(?:по)?звон|(?:на)?пиш|набер|свяж|обращай|спрос|дзвон)\w*\s+(?:(?:мо|наш)\w*\s+|с\s+|со\s+|к\s+){0,2}REL",
    between=r"\s+(?:(?:мо|наш|у|от|её|ее)\w*\s+)?",
)
_POLISH = _Language(
    relation=(
        r"żon(?:a|y|ę|ie|ą)|mąż|męż(?:a|owi|em)|mam(?:a|y|ę|ie|ą)|tat(?:a|y|ę|cie|ą)|brat(?:a|u|em)?|siostr\w+|syn(?:a|owi|em)?|córk\w+|przyjaci\w+|koleg\w+|koleżank\w+"
        r"|szef(?:a|owi|em|owej)?|narzeczon\w+|chłopak(?:a|owi)?|dziewczyn\w+"
    ),
    contact=r"(?:numer|telefon|komórk|mail|adres)\w*|nr|tel",
    own=r"m[oó]j\w*\s+(?:numer|telefon|komórk|mail|adres)\w*|(?:za)?dzwo(?:ń|ni)\w*\s+do\s+mnie",
    calling=r"(?:(?:za)?dzwo(?:ń|ni)\w*|(?:na)?pisz\w*)\s+do\s+(?:moj\w+\s+)?REL",
    between=r"\s+(?:(?:moj|nasz)\w+\s+|do\s+|od\s+)?",
)
_TURKISH = _Language(
    relation=(
        r"(?:eş|koca|karı|anne|baba|kardeş|ağabey|abi|abla|arkadaş|oğl|kız|patron|asistan|nişanlı|sevgili|müdür|teyze|amca|dayı|hala|yeğen|kuzen)[ıiuü]?m(?:[ıiuü]n|[ıiuüea])?"
    ),
    contact=r"(?:numara|telefon|e-?posta|mail|adres)\w*|tel|cep\w*|no",
    own=r"(?:benim\s+)?(?:numaram|telefonum|cebim|mailim|e-?postam)|beni\s+ara\w*|bana\s+(?:ulaş|yaz)\w*",
    calling=r"REL\s+(?:ara|ulaş|yaz|sor)\w*",
)
_ARABIC = _Language(
    relation=(
        "زوجي|زوجتي|أمي|امي|أبي|ابي|والدي|والدتي|أخي|اخي|أختي|اختي|ابني|ابنتي|بنتي|صديقي|صديقتي|خطيبي|خطيبتي|مديري|مديرتي|زميلي|زميلتي|مساعدي|مساعدتي"
    ),
    contact="رقم|هاتف|تلفون|جوال|موبايل|بريد|إيميل|ايميل|رقم هاتف|رقم جوال",
    own=r"رقمي|هاتفي|جوالي|بريدي|(?:اتصل|اتصلوا|تواصلوا|كلموني)\s*(?:بي|معي)?",
    calling=r"(?:اتصل|تواصل|كلم|راسل)\w*\s+(?:مع\s+|على\s+)?ب?REL",
)
_HEBREW = _Language(
    relation=r"אשתי|בעלי|א[מב]א שלי|אמי|אבי|אחי|אחותי|ה(?:בן|בת|חבר|חברה|בוס) שלי|בני|בתי|חברי|חברתי|ארוסי|ארוסתי",
    contact=r"ה?(?:מספר(?: הטלפון)?|טלפון|נייד|פלאפון|מייל|אימייל)",
    own=r"ה?(?:מספר|טלפון|נייד|פלאפון|מייל)(?: הטלפון)? שלי|(?:תתקשרו|התקשרו|צרו קשר)\s+(?:אליי?|איתי)",
    calling=r"(?:תתקשרו?|התקשרו?|דברו|צרו קשר)\s+(?:עם\s+|אל\s+|ל-?)REL",
    between=r"\s+(?:של\s+)?",
)
_HINDI = _Language(
    relation=(
        r"(?:mer[ie]|hamar[ie]|apn[ie]|uski|uske)\s+(?:wife|husband|mummy|mom|mother|papa|dad|father|bhai|brother|behen|bahan|sister|didi|bete|beti|dost|friend|pati|patni|biwi|boss|maa)"
        r"|(?:(?:मेरी|मेरे|हमारी|हमारे|अपनी|अपने)\s+)?(?:पत्नी|बीवी|पति|माँ|मां|मम्मी|पापा|पिता|भाई|बहन|बेटे|बेटी|दोस्त|बॉस)(?:\s+जी)?"
    ),
    contact=r"(?:phone\s+|mobile\s+)?(?:number|no|phone|mobile|email|contact)\b|नंबर|फ\u093c?ोन|मोबाइल|ईमेल",
    own=r"mera\s+(?:phone\s+|mobile\s+)?(?:number|no|phone|mobile|email)\b|मेरा\s+(?:फ\u093c?ोन\s+|मोबाइल\s+)?(?:नंबर|फ\u093c?ोन|मोबाइल|ईमेल)|mujhe\s+call",
    calling=r"REL\s+(?:ko|se|को|से)\s+(?:call|phone|message|contact|baat|कॉल|फ\u093c?ोन|बात)",
    between=r"\s+(?:ka|ki|ke|का|की|के)\s+(?:फ\u093c?ोन\s+|मोबाइल\s+)?",
    edge="",
)
_CHINESE = _Language(
    relation=(
        "(?:我|俺|我的|我们)?(?:老公|老婆|太太|妻子|丈夫|先生|爱人|愛人|妈妈|媽媽|爸爸|母亲|母親|父亲|父親|哥哥|姐姐|弟弟|妹妹|儿子|兒子|女儿|女兒|女朋友|男朋友|朋友|同事|老板|老闆|助理|秘书|秘書|室友)"
    ),
    contact="(?:联系|聯繫)?(?:电话|電話|手机|手機|号码|號碼|微信|邮箱|郵箱)",
    own="我的?(?:联系|聯繫)?(?:电话|電話|手机|手機|号码|號碼|微信|邮箱|郵箱)|(?:联系|聯繫|打给|打給)我",
    calling="(?:联系|聯繫|打给|打給|打电话给|打電話給|致电|找)REL",
    between="的?",
    edge="",
)
_JAPANESE = _Language(
    relation="妻|夫|主人|家内|旦那|嫁|母|父|兄|姉|弟|妹|息子|娘|友達|友人|彼氏|彼女|上司|同僚|秘書|両親",
    contact="電話|携帯|番号|連絡先|メール|スマホ",
    own="(?:私|僕|俺|自分|わたし)の(?:電話|携帯|番号|連絡先|メール|スマホ)",
    calling="RELに(?:電話|連絡|メール)|RELへ",
    between="の",
    edge="",
)
_KOREAN = _Language(
    relation="(?:제|내|우리|저희)?\\s*(?:아내|남편|와이프|엄마|아빠|어머니|아버지|형|누나|오빠|언니|동생|아들|딸|여자친구|남자친구|친구|상사|비서|집사람|신랑)",
    contact="(?:휴대폰|핸드폰|전화|연락처|번호|폰|이메일|메일)",
    own=r"(?:제|내|저의|나의|저희)\s*(?:휴대폰|핸드폰|전화|연락처|번호|폰|이메일)|(?:저|나)(?:에게|한테)\s*(?:연락|전화|문자)",
    calling=r"REL(?:에게|한테|께)\s*(?:연락|전화|문자)",
    between=r"\s*(?:의|꺼)?\s*",
    edge="",
)
_VIETNAMESE = _Language(
    relation=r"(?:vợ|chồng|mẹ|má|bố|ba|anh trai|chị gái|em trai|em gái|con trai|con gái|bạn(?: trai| gái)?|sếp)(?:\s+(?:tôi|mình|em|anh|của tôi))?",
    contact=r"số(?:\s+điện\s+thoại)?|sđt|điện\s+thoại|email",
    own=r"(?:số(?:\s+điện\s+thoại)?|sđt|điện\s+thoại|email)\s+(?:của\s+)?(?:tôi|mình|em)|gọi\s+(?:cho\s+)?(?:tôi|mình|em)",
    calling=r"(?:gọi|liên\s+hệ|nhắn)\s+(?:cho\s+|với\s+)?REL",
    between=r"\s+(?:của\s+)?",
)
_INDONESIAN = _Language(
    relation=r"(?:istri|suami|ibu|ayah|bapak|kakak|adik|anak|teman|bos|atasan|pacar|tunangan|isteri)\s+(?:saya|aku|kami)",
    contact=r"(?:nomor|no|nombor)(?:\s+(?:hp|telepon|telp|wa|telefon))?|telepon|hp|email",
    own=r"(?:nomor|no|nombor|telepon|hp|email)(?:\s+(?:hp|telepon|telp|wa|telefon))?\s+(?:saya|aku)|hubungi\s+(?:saya|aku)",
    calling=r"(?:hubungi|telepon|chat)\s+REL",
)
_SCANDINAVIAN = _Language(
    relation=r"(?:min|mitt|vår)\s+(?:fru|man|mann|kone|mamma|pappa|mor|far|bror|syster|søster|son|sønn|søn|dotter|datter|vän|venn|ven|chef|sjef|sambo|kæreste|kjæreste|flickvän|pojkvän)s?",
    contact=r"(?:nummer|telefon|mobil|mail|e-?post)\w*",
    own=r"(?:mitt|min|mit)\s+(?:nummer|telefon\w*|mobil\w*|mail|e-?post)|ring\s+m[ie]g",
    calling=r"(?:ring|ringa|kontakta|kontakt)\s+(?:til\s+)?REL",
    between=r"\s+(?:till?\s+)?",
)
_LANGUAGES = (
    _RUSSIAN, _POLISH, _TURKISH, _ARABIC, _HEBREW, _HINDI, _CHINESE, _JAPANESE, _KOREAN, _VIETNAMESE, _INDONESIAN, _SCANDINAVIAN,
)  # fmt: skip

# "His number" and "call her"; where the endings of verbs hold the pronoun, the verb is a pattern of its own.
_PRONOUNS = (
    # Portuguese and Spanish
    r"\b(?:n[uú]mero|telefone|tel[eé]fono|celular|whats(?:app)?|zap|contato|contacto|e-?mail|correo)\s+(?:del[ea]s?|de\s+(?:ella|él|ell[oa]s))\b"
    # French
    r"|\b(?:l'|les\s|lui\s)(?:appeler|joindre|contacter|écrire|téléphoner)\b|\b(?:appelez|appelle|contactez|contacte|joignez)-l(?:es?|a)\b"
    # Russian and Ukrainian
    r"|\b(?:его|её|ее|их|його|її|їх)\s+(?:номер|телефон|почт|имейл|мобильн|контакт|сотов)\w*"
    # Polish; "ich" is "I" in German
    r"|\b(?:jego|jej)\s+(?:numer|telefon|mail|adres)\w*"
    # Chinese, where "other" ends in "his"
    r"|(?<!其)[他她](?:们|們)?的?(?:联系|聯繫)?(?:电话|電話|手机|手機|号码|號碼|微信|邮箱|郵箱)|(?:联系|聯繫|打给|打給)[他她]"
)
OTHERS_ELSEWHERE = "|".join([*(language.others for language in _LANGUAGES), _PRONOUNS])
#: "Mine is", right before a value.
_MINE = r"\b(?:o\s+meu|el\s+m[ií]o|le\s+mien|il\s+mio|мой|mój)(?:\s+(?:é|es|est|è|to))?\s*[:—-]?\s*$"
OWN_ELSEWHERE = "|".join([*(language.owned for language in _LANGUAGES), _MINE])
AFTER_ELSEWHERE = re.compile(
    rf"[\s,]*(?P<opener>[(—-]|(?:это|to|هذا|זה|यह|yeh|ye|是|は|이|은|는|가|là|ini|det\s+är|det\s+er)(?!\w)|[是は])?\s*(?P<words>{OTHERS_ELSEWHERE})"
    r"[^.!?;,\n\d()]{0,20}(?=[.!?;,\n。)]|$)",
    re.IGNORECASE,
)
"""After a value: "916… это номер моей жены"."""
