"""What stands around digits in a text: whether they are announced as a phone number, or as something else."""

from __future__ import annotations

import re

_CONTEXT = 60
"""Characters at a number that are read for what it may be instead."""

_COUNTED_THING = (
    r"order|orden|pedido|invoice|factura|ref|reference|referencia|confirmation|conf|tracking|ticket|case|claim|acct|account"
    r"|card|tarjeta|serial|sku|upc|isbn|id|item|model|license|licen[cs]e|policy|(?<!ko )po|zip|booking|reservation|reserva|flight|vuelo|iban|ein|ssn"
    r"|passport|passeport|reisepass|pas(?:s)?aporte|passaporto|dni|nif|cpf|cnpj|rfc|curp|siret|pesel|đơn\s+hàng|hóa\s+đơn|инн|паспорт\w*"
    r"|code|c[oó]digo|barcode|pin|member|membership|suite|ste|apt|room|unit|table|booth"
    r"|commande|facture|r[ée]servation|dossier|ordine|fattura|prenotazione|encomenda|fatura|bestellung|rechnung|buchung|auftrag|reservierung"
    r"|bestelling|factuur|boeking|reservering|zam[oó]wienie|faktura|rezerwacja|заказ|счёт|счет|бронь|договор|sipariş|rezervasyon|pesanan"
)
_NUMBER_OF = r"(?:n[uú]mero|num[ée]ro|nomero|nº|n°|num|nr|no|c[oó]digo|code|codice|réf(?:érence)?|referencia|kod|numer\w*|номер\w*|№|код\w*)\.?"
_NUMBERED_ELSEWHERE = "|".join(
    (
        # German, Dutch, the Scandinavian languages: one word.
        (
            r"\b(?:auftrags|bestell?|rechnungs|kunden|buchungs|reservierungs|sendungs|konto|artikel|referen[zs]|ticket|vorgangs|vertrags|beleg|liefer|steuer|mitglieds|order|factuur"
            r"|klant|boekings|reserverings|rekening|boknings|faktura|kund|ordre|kunde|booking|bestillings)s?[ -]?(?:nummer(?:et)?|nr)\b"
        ),
        # Romance languages, Polish, Russian, Ukrainian: the number of something.
        (
            rf"\b{_NUMBER_OF}\s*(?:(?:de|del|della|dell|di|do|da|d)\b[' ]?\s*)?(?:(?:la|el|le|mi|ma|mon|meu|minha|mio|mia|mojego|mojej|моего|моей|l)\b[' ]?\s*)?"
            r"(?:commande|facture|r[ée]servation|dossier|client|suivi|compte|billet|ordine|fattura|prenotazione|pratica|cliente|conto|biglietto|spedizione|pedido|encomenda|fatura"
            r"|reserva|conta|orden|factura|cuenta|seguimiento|confirmaci[oó]n|confirma[cç][aã]o|rastreio|zam[oó]wieni\w+|faktury|rezerwacji|klienta|konta|przesyłki|biletu"
            r"|заказа|сч[её]та|брони(?:рования)?|договора|заявки|карты|билета|клиента|отправления|накладной|замовлення|рахунку|бронювання)\b"
        ),
        r"\b(?:sipariş|fatura|rezervasyon|müşteri|takip|kargo|bilet|hesap)\w*\s+(?:no|numara\w*|kod\w*)\b",
        # Arabic, Hebrew, Hindi.
        r"(?:رقم|كود)\s+(?:ال)?(?:طلب|حجز|فاتور|تذكر|حساب|شحن|عميل)\w*",
        r"(?:מספר|מס'|קוד)\s+ה?(?:הזמנה|חשבונית|לקוח|משלוח|כרטיס|חשבון)\w*",
        r"(?:ऑर्डर|बुकिंग|बिल|इनवॉइस)\s*(?:नंबर|संख्या|आईडी)",
        # Chinese, Japanese, Korean, Thai.
        r"(?:订单|訂單|发票|發票|预订|預訂|预约|預約|快递|运单|運單|账|帳|会员|會員|客户|客戶|流水|单|單|卡|身份证|确认|確認|房间|房間)(?:号码|號碼|编号|編號|号|號)",
        r"(?:注文|予約|受付|会員|請求書|伝票|追跡|問い合わせ|口座|顧客|整理|確認|カード|部屋)番号",
        r"(?:주문|예약|송장|회원|고객|계좌|접수|확인|카드|영수증|티켓)\s*번호",
        r"(?:หมายเลข|เลขที่|รหัส)(?:ค\u0e4d\u0e32สั่งซื้อ|ใบสั่งซื้อ|การจอง|บัญชี|พัสดุ)",
        # Vietnamese, Indonesian and Malay.
        r"\b(?:mã|số)\s+(?:đơn(?:\s+hàng)?|đặt\s+\w+|hóa\s+đơn|vận\s+đơn|khách\s+hàng|tài\s+khoản)",
        r"\b(?:nomor|no|kode)\.?\s+(?:pesanan|order|invoice|reservasi|rekening|resi|pelanggan)",
    )
)
_LEADS_TO_DIGITS = r"(?:\s*(?:[:#№=.]|(?:is|was|es|est|ist|lautet|è|é|jest|er|är|adalah|là|هو|הוא|है|是|为|為|は|은|는)(?!\w)))*\s*(?:[A-Z]{1,4}-)?$"
"""Between a word for another number and its digits; "R-" may be a part of that number."""

_NOT_OURS_BEFORE = re.compile(
    rf"(?:[#$€£¥@=&]|(?<!\ba )(?<!\ban )\b(?:{_COUNTED_THING})(?:\s+(?:number|num|no|nr|id|code|is|was|es|ending(?:\s+in)?))*\.?)\s*[:#№-]*\s*(?:[A-Z]{{1,4}}-)?$",
    re.IGNORECASE,
)
_NUMBERED_THING_BEFORE = re.compile(
    rf"(?:[$€£¥]|\b(?:{_COUNTED_THING})(?:\s+id)?(?:\s*[#№]|\s+(?:number|num|no|nr|n[uú]mero)\b\.?)(?:\s+(?:is|was|es))?)\s*[:#=-]*\s*(?:[A-Z]{{1,4}}-)?$"
    # Nobody's phone follows these right away, unless one asks for such a thing ("I need an invoice 916-867-5309").
    r"|(?<!\ba )(?<!\ban )\b(?:invoice|tracking|serial|sku|isbn|ssn|factura|facture|fattura|fatura|rechnung)\s*[:#]*\s*$"
    rf"|(?:{_NUMBERED_ELSEWHERE}){_LEADS_TO_DIGITS}",
    re.IGNORECASE,
)
"""What makes an order number even of digits that are grouped like a phone number: "order # 916-867-5309"."""

_NOT_OURS_AFTER = re.compile(
    r"[ \t]?(?:[$€£¥%@₹₽₩₫]|(?:円|元|원)|(?:usd|eur|gbp|mxn|dollars?|euros?|pesos?|bucks|guests|people"
    r"|reais|rupees|\u0440\u0443\u0431\w*|грн|zł|lira|tl|yen|rmb|đồng|vnd)\b(?![ \t]*[:=-]))",
    re.IGNORECASE,
)
_LINK_BEFORE = re.compile(r"(?:https?://|www\.|\b[\w-]+\.(?:com|net|org|me|io|ly|co)/)\S*$", re.IGNORECASE)
_PHONE_LINK_BEFORE = re.compile(r"(?:wa\.me/|phone=|tel:)\+?$", re.IGNORECASE)
_SPELLED_AS_PHONE = re.compile(
    r"(?:\+?1[-. ]?)?(?:\(\d{3}\)[-. ]?\d{3}[-. ]?\d{4}|\d{3}([-.])\d{3}\1\d{4})(?:\s*(?:x|ext\.?|#)\s*\d+)?"
)
_PHONE_WORD = (
    r"call(?:ing)?|text(?:ing)?|phone|ph|ring|reach|cell(?:phone)?|mobile|mob|tel|telephone|number|num|contact|whats\s?app"
    r"|wa|sms|dial|line|landline|digits|llam\w*|n[uú]mero|tel[eé]fono|celular|cel|m[oó]vil|ligar?|telefone|telem[oó]vel|whats|zap|telefon|handy|nummer|rufen|anrufen"
    r"|t[ée]l(?:[ée]phone)?|portable|num[ée]ro|(?:r?appel|joign)e[rz]|joindre|cellulare|chiam\w+|mobiel|telefoon\w*|bel|telefon\w*|numer\w*|zadzwoń|dzwoń|kontakt\w*|kom[oó]rk\w+|numara\w*|cep|nomor|hp|telp|số|sđt"
    r"|телефон\w*|тел|номер\w*|моб\w*|(?:по)?звони\w*|ватсап|вотсап|رقم\w*|هاتف\w*|جوال\w*|موبايل\w*|اتصل\w*|ה?טלפון|ה?נייד|ה?מספר|नंबर|फ़ोन|फोन"
)
_PHONE_WORD_UNSPACED = r"电话|電話|手机|手機|携帯|番号|号码|號碼|전화|핸드폰|휴대폰|번호|연락처|โทร|เบอร์"
"""In scripts that put no space between words."""

_PHONE_WORD_BEFORE = re.compile(
    rf"(?:(?:\b(?:{_PHONE_WORD})\b|{_PHONE_WORD_UNSPACED})[^\d.!?\n]{{0,25}}|[☎📞📱📲]\s*)$", re.IGNORECASE
)
_SIGN_OF_A_PHONE = re.compile(
    rf"(?:\b(?:(?:{_PHONE_WORD}|home|work|office|my|me|us|mine)|\w+'s)(?:\s+(?:new|other|cell|home|work|me|us|him|her|at))*"
    r"|[☎📞📱📲]|[(/,;&]|^)\.?\s*(?:[#@=:]\s*){1,3}$",
    re.IGNORECASE,
)
"""A sign right before the digits that belongs to a phone: "my #", "call me @", "cell=", "ph#:"."""


def words_before(text: str, position: int) -> str:
    """What is read before a number."""
    return text[max(0, position - _CONTEXT) : position]


def words_after(text: str, position: int) -> str:
    """What is read behind a number."""
    return text[position : position + _CONTEXT]


def digit_groups(spelled: str) -> tuple[int, ...]:
    """How many digits stand together in a number: 3, 3, 4 of "916-867-5309"."""
    return tuple(len(group) for group in re.findall(r"\d+", spelled))


def is_dialled_link(before: str) -> bool:
    """True right after "wa.me/" and the like: what follows is a phone number, whatever surrounds it."""
    return _PHONE_LINK_BEFORE.search(before) is not None


def is_after_phone_word(before: str) -> bool:
    """True shortly after "call", "my cell is" or a telephone emoji."""
    return _PHONE_WORD_BEFORE.search(before) is not None


def is_spelled_as_phone(spelled: str) -> bool:
    """True for the spellings that Americans give nothing else: "(916) 867-5309", "916-867-5309"."""
    return _SPELLED_AS_PHONE.fullmatch(spelled) is not None


def is_something_else(spelled: str, *, before: str, after: str) -> bool:
    """Say whether the text around digits makes them a price, an order number or part of a link.

    Of an unmistakable spelling only a word for a number of another kind does ("order # 916-867-5309").
    """
    if _LINK_BEFORE.search(before) or _NUMBERED_THING_BEFORE.search(before):
        return True
    if is_spelled_as_phone(spelled):
        return after.startswith("@")
    announced = _NOT_OURS_BEFORE.search(before) and not _SIGN_OF_A_PHONE.search(before)
    return bool(announced or _NOT_OURS_AFTER.match(after))
