"""Phone numbers as people write them, in fields and in messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.normalize import find_phones, normalize_phone, read_local_phone
from matching.records import Phone, Provenance, Rejected

PHONE_LIKE = st.text(alphabet="0123456789 +-().,/x#:\u00a0\u202a\uff19٣•wa.me", max_size=40)


def e164(raw: str, region: str = "US") -> str:
    phone = normalize_phone(raw, region=region, provenance=Provenance.ASSERTED)
    assert isinstance(phone, Phone), phone
    return phone.e164


@given(
    st.sampled_from(["", "+1", "+1 ", "+1-", "1", "1 "]),
    st.integers(0, 9_999_999_999).map("{:010}".format),
    st.sampled_from(["({}) {}-{}", "{}-{}-{}", "{}{}{}", "{}.{}.{}", "{} {} {}", "({}){}{}", "{}) {}-{}"]),
    st.sampled_from(["US", "CA", "GB", "MX", "AG"]),
)
def test_the_short_way_for_ten_digits_reads_what_the_library_reads(
    prefix: str, digits: str, shape: str, region: str
) -> None:
    raw = prefix + shape.format(digits[:3], digits[3:6], digits[6:])
    # A zero-width space sends it the long way, where it is dropped.
    short, long = (
        normalize_phone(typed, region=region, provenance=Provenance.ASSERTED)
        for typed in (raw, raw + "\u200b")
    )
    assert short == long


def rejection(raw: str, region: str = "US") -> str:
    rejected = normalize_phone(raw, region=region, provenance=Provenance.ASSERTED)
    assert isinstance(rejected, Rejected), rejected
    return rejected.code


@pytest.mark.parametrize(
    "raw",
    [
        "(916) 555-1234", "916-555-1234", "916.555.1234", "916 555 1234", "9165551234", "1 916 555 1234",
        "+1 (916) 555-1234", "+19165551234", "001 916 555 1234", "  916 5551234 ", "(916)555-1234 ext. 12",
        "916 555 1234 x12", "tel:+1-916-555-1234", "tel:+19165551234", "https://wa.me/19165551234",
        "\u202a(916) 555\u20111234\u202c", "+1\u00a0916\u00a0555\u00a01234", "\uff19\uff11\uff16-\uff15\uff15\uff15-\uff11\uff12\uff13\uff14", "٩١٦٥٥٥١٢٣٤",
        "Cell: 916-555-1234", "916-555-1234 (work)", "9165551234 John", "916-555-1234 or 916-555-9999",
        "(+1) 916 555 1234", "1.916.555.1234", "916\u2013555\u20131234", "call me 916 555 1234", "'9165551234", "916-555-1234.",
        "+1 1 (916) 555-1234", "+1 +1 916 555 1234", "1 916 555 1234 5678", "191655512345678", "+1 (19) 165-5512345678", "(916) 555-1234 0935",
        "9165551234/9165551235", "(0)916 555 1234", "+1 (0) 916 555 1234",
    ],
)  # fmt: skip
def test_every_spelling_of_a_number_gives_the_same_number(raw: str) -> None:
    assert e164(raw) == "+19165551234"


@pytest.mark.parametrize(
    ("raw", "region", "expected"),
    [
        ("07911 123456", "GB", "+447911123456"),
        ("+44 (0)20 7946 0018", "US", "+442079460018"),
        ("0044 7911 123456", "US", "+447911123456"),
        ("00 44 7911 123456", "US", "+447911123456"),
        ("011 44 7911 123456", "US", "+447911123456"),
        ("447911123456", "US", "+447911123456"),
        ("5216641234567", "US", "+526641234567"),
        ("+52 1 664 123 4567", "US", "+526641234567"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("+39 06 6982", "US", "+39066982"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("+44 44 20 7946 0018", "US", "+442079460018"),
        ("+49 0049 30 901820", "US", "+4930901820"),
        ("+52 52 664 123 4567", "US", "+526641234567"),
    ],
)
def test_numbers_of_other_countries_are_read_as_they_are_dialled(
    raw: str, region: str, expected: str
) -> None:
    assert e164(raw, region) == expected


@pytest.mark.parametrize(
    ("raw", "digits"),
    [
        ("867-5309", "8675309"), ("612 345 678", "612345678"), ("8 916 123-45-67", "89161234567"), ("13800138000", "13800138000"), ("07911 123456", "07911123456"), ("(06) 12.34.56.78", "0612345678"),
        ("٨٦٧٥٣٠٩", "8675309"),
        ("+1 867 5309", None), ("916 867 5309", None), ("1 916 867 5309", None), ("5309", None), ("867-5309 ask for Ana", None), ("n/a", None), ("", None), ("555-5555", None), ("1" * 12, None),
        ("123456789012", None), ("7" * 5000, None),
    ],
)  # fmt: skip
def test_digits_that_are_no_number_here_may_be_one_elsewhere(raw: str, digits: str | None) -> None:
    local = read_local_phone(raw, region="US", provenance=Provenance.ASSERTED)
    assert (local and local.digits) == digits


def test_a_possible_number_is_taken_although_nobody_has_it() -> None:
    assert e164("(555) 123-4567") == "+15551234567"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "phone_not_a_number"), ("   ", "phone_not_a_number"), ("none", "phone_not_a_number"),
        ("john@x.com", "phone_not_a_number"), ("911", "phone_too_short"), ("555-1234", "phone_local_only"),
        ("916-555-12345", "phone_too_long"), ("9" * 5000, "phone_too_long"), ("+999 123 4567", "phone_unknown_country"),
        ("0000000000", "phone_placeholder"), ("(111) 111-1111", "phone_placeholder"), ("+", "phone_not_a_number"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_rejected_with_a_reason(raw: str, code: str) -> None:
    assert rejection(raw) == code


def test_an_unknown_region_rejects_national_numbers_and_reads_international_ones() -> None:
    assert rejection("916 555 1234", region="ZZ") == "phone_unknown_country"
    assert e164("+1 916 555 1234", region="ZZ") == "+19165551234"


def test_how_a_number_reached_us_is_kept() -> None:
    phone = normalize_phone("9165551234", region="US", provenance=Provenance.VERIFIED)
    assert phone == Phone(e164="+19165551234", provenance=Provenance.VERIFIED)


@given(st.text(max_size=300) | PHONE_LIKE, st.sampled_from(["US", "GB", "MX", "DE", "ZZ", ""]))
def test_normalizing_never_raises_and_is_idempotent(raw: str, region: str) -> None:
    phone = normalize_phone(raw, region=region, provenance=Provenance.ASSERTED)
    if isinstance(phone, Phone):
        assert normalize_phone(phone.e164, region=region, provenance=Provenance.ASSERTED) == phone


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call me at (916) 555-9999", ["(916) 555-9999"]),
        ("916-555-0100/916-555-0101", ["916-555-0100", "916-555-0101"]),
        ("at 7:30 916 555 0100 8pm", ["916 555 0100"]),
        ("on 12/24/2025 9165550100 for 12", ["9165550100"]),
        ("budget $1,500.00 916.555.0100", ["916.555.0100"]),
        ("📞9165550100📞", ["9165550100"]),
        ("9️⃣1️⃣6️⃣ 555 0100", ["9️⃣1️⃣6️⃣ 555 0100"]),
        ("916•555•0100", ["916•555•0100"]),
        ("text \u202a+1 (916) 555\u20110100\u202c ok", ["+1 (916) 555\u20110100"]),
        ("from abroad 0044 7911 123456 ok", ["0044 7911 123456"]),
        ("my number is 001 916 555 0100", ["001 916 555 0100"]),
        ("mi whatsapp es 5216641234567", ["5216641234567"]),
        ("https://wa.me/19165550100", ["19165550100"]),
        ("(555) 867-5309 is my cell", ["(555) 867-5309"]),
        ("call 9165550100", ["9165550100"]),
        ("cel +52 1 664 123 4567", ["+52 1 664 123 4567"]),
        ("916-555-0100x23", ["916-555-0100x23"]),
        ("call me at 916 555 0029", ["916 555 0029"]),
        ("call me at (916) 555 0029", ["(916) 555 0029"]),
        *[
            (text, [text[text.index(next(filter(lambda c: c in "(9", text))) :].rstrip()])
            for text in (
                "my # 916-555-0100", "cell # 916-555-0100", "phone #: 916-555-0100", "Phone # (916) 555-0100", "ph# 9165550100", "call #9165550100", "call me @ 916-555-0100",
                "call me @9165550100", "home # 9165550100", "my hubby's # 9165550100", "my mobile=9165550100", "I need an invoice 916-555-0100", "I need an invoice 9165550100",
                "my business card: 916-555-0100", "#9165550100", "hmu @ (916)555-0100", "Cell-916-555-0100", "my number's 916_555_0100", "contact# 916~555~0100",
            )
        ],
        ("916-555-0100 guests: 20", ["916-555-0100"]),
        ("9165550100\nGuests - 40", ["9165550100"]),
    ],
)  # fmt: skip
def test_numbers_in_a_message_are_found_where_they_stand(text: str, found: list[str]) -> None:
    assert [text[phone.start : phone.end] for phone in find_phones(text, region="US")] == found


@pytest.mark.parametrize(
    "text",
    [
        "10 chefs for 10/12/2025 at 7:30pm, $1,500.00", "2025-10-12 10 people", "2025-10-12 10:30", "party of 1200",
        "order #9165550100", "order number 9165550100", "Invoice: 9165550100", "ref 202 555 0143", "$9165550100",
        "https://x.com/status/9165550100", "instagram.com/p/9165550100", "card 4111 1111 1111 1111",
        "guests: 200 250 300 2000", "555-1234", "1234567890", "we are 12, 14 or 16", "zip 95814-1234",
        "tracking 9400 1000 0000 0000 0000 00", "123 Main St Apt 4, Sacramento CA 95814", "9165550100@txt.att.net",
        "between 6:00 - 10:00 on 12/24", "2024-2025", "9165550100 USD", "tables for 20 25 55 0123", "call 111-111-1111",
        "my order # 916-555-0100", "order number 916-555-0100", "confirmation number: 213-555-0199", "case no. 2135550199", "booking ref 916 555 0100", "invoice 2024123456 is wrong",
        "We need 200-250-3000 for the tables", "call about order #9165550100", "our room # 9165550100", "my account number 9165550100", "xoxoxoxoxoxo",
    ],
)  # fmt: skip
def test_dates_prices_and_order_numbers_are_no_phones(text: str) -> None:
    assert find_phones(text, region="US") == ()


@pytest.mark.parametrize(
    "text",
    [
        "invoice 202-867-0147 attached", "my reservation number: R-9168670123", "Bestellnummer 9168670123", "Meine Rechnungsnummer ist 9168670123", "Bestellung Nr. 9168670123",
        "numéro de commande 9168670123", "numéro de commande : 916-867-0123", "n° de réservation 9168670123", "Commande 9168670123", "numero d'ordine 9168670123", "numero dell'ordine: 9168670123",
        "número de pedido 916-867-0123", "código da encomenda 9168670123", "bestelnummer 9168670123", "mijn ordernummer is 9168670123", "nr zamówienia 9168670123", "numer mojej rezerwacji: 9168670123",
        "номер заказа 9168670123", "номер моего заказа 9168670123", "заказ № 9168670123", "номер брони 9168670123", "sipariş no 9168670123", "sipariş numaram 9168670123",
        "رقم الطلب 9168670123", "رقم طلبي هو 9168670123", "מספר הזמנה 9168670123", "ऑर्डर नंबर 9168670123", "订单号 9168670123", "我的订单号是9168670123", "订单编号：9168670123",
        "注文番号 9168670123", "注文番号は9168670123です", "주문번호 9168670123", "주문 번호는 9168670123", "หมายเลขคำสั่งซื้อ 9168670123", "mã đơn hàng 9168670123", "nomor pesanan 9168670123",
        "order number 34612345678", "номер заказа 79161234567", "订单号8613800138000", "order number nine one six eight six seven five three oh nine",
        "房间号 916-867-0123", "call 99999999990 now", "номер 99999999990",
        "one two three four five six seven eight nine ten", "six or seven, eight at most, at nine", "room one two three, bed four five six seven eight nine",
    ],
)  # fmt: skip
def test_counted_things_are_no_phones_in_any_language(text: str) -> None:
    assert find_phones(text, region="US") == ()


@pytest.mark.parametrize(
    "text",
    [
        "номер телефона 9168670123", "我的电话是9168670123", "電話番号は9168670123です", "전화번호 9168670123", "رقمي 9168670123", "Telefonnummer 9168670123", "numéro de téléphone 9168670123",
        "numero di telefono 9168670123", "telefon numaram 9168670123", "numer telefonu 9168670123", "my reservation is under Ana, text 9168670123", "zum Auftrag: rufen Sie 9168670123 an",
        "916-867-O123", "916 867 ol23", "9l6-867-0123", "nine one six eight six seven zero one two three", "916 867 oh one two three", "(nine one six) 867 0123",
        "my cell: nine-one-six, eight-six-seven, oh-one-twenty-three, thanks", "nine sixteen eight sixty seven oh one twenty three", "plus one nine one six eight six seven zero one two three",
        "mi número es nueve uno seis ocho seis siete cero uno dos tres", "meu número: nove um meia oito meia sete zero um dois três", "neuf un six huit six sept zéro un deux trois",
        "neun eins sechs acht sechs sieben null eins zwei drei", "девять один шесть восемь шесть семь ноль один два три",
        "cinco, seis o siete: 916-867-0123", "O2 9168670123", "l0l 9168670123", "we are six or seven, 9168670123",
    ],
)  # fmt: skip
def test_a_phone_is_read_however_its_digits_are_written(text: str) -> None:
    assert [found.phone.e164 for found in find_phones(text, region="US")] == ["+19168670123"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The country or a big city is named.
        ("We are in Sydney, my mobile is 0412 778 340", "+61412778340"), ("my uk number is 07911 204433", "+447911204433"), ("my German number is 0171 4483920", "+491714483920"),
        ("mi whats en CDMX es 55 4128 9907", "+525541289907"), ("Tel. (81) 8342 5517\nMonterrey", "+528183425517"), ("Soy de Buenos Aires, mi cel 11 5634 2287", "+541156342287"),
        ("Wir kommen aus Wien, 0664 1234567", "+436641234567"), ("Grüße aus Berlin, Tel 030 901820", "+4930901820"), ("Ich wohne in Zürich, 079 123 45 67", "+41791234567"),
        ("رقمي في دبي 050 432 1187", "+971504321187"), ("我在香港，電話 9123 4567", "+85291234567"), ("flying from Paris to Berlin, mobile 0171 4483920", "+491714483920"),
        # The language tells.
        ("Ich heiße Mehmet, mein Handy ist 0176/55512894", "+4917655512894"), ("Bitte rufen Sie mich an: 0151 23456789", "+4915123456789"), ("Bonjour, 04 78 37 22 91", "+33478372291"),
        ("mon numéro: 0612457890", "+33612457890"), ("Bonjour, mon numéro 0781223456", "+33781223456"), ("Bonjour, 079 123 45 67", "+41791234567"), ("Mi teléfono es 612 345 678", "+34612345678"),
        ("Hola, soy Pilar: 646 20 11 93", "+34646201193"), ("Oi, meu whats é (11) 98123-4567", "+5511981234567"), ("Olá, o meu telemóvel é 912 345 667", "+351912345667"),
        ("Мой номер 8 916 345-22-18", "+79163452218"), ("мой номер 8 (916) 345-22-18", "+79163452218"), ("Вітаю, я з Києва, мій телефон 067 443 21 98", "+380674432198"),
        ("Доброго дня, мій номер 067 443 21 98", "+380674432198"), ("Dzień dobry, proszę o kontakt 601 234 567", "+48601234567"), ("Hoi, kan ik reserveren? 06 41235678", "+31641235678"),
        ("你好，电话13812345678", "+8613812345678"), ("手机 138 1234 5678", "+8613812345678"), ("電話番号は090-8765-4321です", "+819087654321"), ("예약 가능한가요? 010-4821-9930", "+821048219930"),
        ("मेरा नंबर 98290 44512", "+919829044512"), ("mera number 98110 23345 hai", "+919811023345"), ("sđt 0908 123 456", "+84908123456"), ("Hi po, magkano? 0917 823 4410", "+639178234410"),
        ("Merhaba, numaram 0532 441 22 90", "+905324412290"), ("mi cel 5541289907", "+525541289907"), ("hej, mitt nummer är 070-123 45 67", "+46701234567"),
        # A number at home is one.
        ("We live in London, my cell is 310-482-9917", "+13104829917"), ("Saludos desde Bogotá, mi celular es 310 482 9917", "+13104829917"), ("hola, mi cel (555) 867-5309", "+15558675309"),
        # Nothing tells a country.
        ("my mobile is 0412778340", None), ("call me 0612457890", None), ("telefon 067 443 21 98", None), ("I'm from New Mexico, call 55 4128 9907", None),
        # Nothing tells a phone, or which country's.
        ("Hola, 912345678", None), ("Buenas, mi numero es 12345678", None), ("مرحبا رقمي 0501234567", None), ("hola, 12 34 56 78", None), ("hallo nummer 0176 55512894", None), ("Hola, mi numero 9 1 2 3 4 5 6 7 8", None),
        # Something else than a phone.
        ("Mexican dinner for 12, 55 4128 9907", None), ("Italian food, 06 12 45 78 90", None), ("Bonjour, libres les 06 12 18 24 30 juin", None), ("Bonjour, ma commande 0612457890", None),
        ("Kundennummer 0171 4483920 bitte, ich und wir", None), ("Dzień dobry, numer zamówienia 601 234 567", None), ("Dzień dobry, budżet 601 234 567 zł", None), ("Oi, meu CPF 12345678909", None),
        ("UK passport number 07911 204433", None), ("trip to Japan, budget 090 1234 5678 yen", None), ("Guten Tag, am 13.09.2025 18:30 bis 23:00 Uhr", None), ("你好，订单13812345678", None),
        ("We are in Sydney, ABN 51 824 753 556", None), ("Hola, mi tarjeta es 4111 1111 1111 1111", None), ("https://x.com/london/07911204433", None), ("soğuk 07911 204433", None),
    ],
)  # fmt: skip
def test_numbers_of_another_country_are_read_where_the_message_tells_it(
    text: str, expected: str | None
) -> None:
    assert [found.phone.e164 for found in find_phones(text, region="US")] == ([expected] if expected else [])


def test_a_told_country_counts_also_where_no_region_is_home() -> None:
    (found,) = find_phones("Ich heiße Mehmet, mein Handy ist 0176/55512894", region="ZZ")
    assert found.phone.e164 == "+4917655512894"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call 123-456-7890", None), ("phone (123) 456-7890", None), ("call 916-155-0100", None), ("call me 0674432198", None), ("call 555 867 5309", "+15558675309"), ("call 5558675309", None),
        ("+1 555 123 4567", "+15551234567"), ("ref 00981-22-7745", None), ("ticket 00442079460958", None), ("call 00442079460958", "+442079460958"), ("call 0044 20 1", None), ("call 00 999 123 4567", None),
        ("call 0044 1 00 00 00 00", None),
        ("(818)3 9 4 - 7 7 1 2", "+18183947712"), ("tables 818 3 9 4 7 7 1 2", None), ("area code 818 then 394 7712", "+18183947712"), ("818 area code, 394-7712", "+18183947712"),
        ("area code is 123, 394-7712", None), ("zip code 818, 394 7712", None), ("8183947712thanks", "+18183947712"), ("8183947712andre", None),
        ("table for 8 (916) 345-2218", "+19163452218"), ("table for 8 (916) 345-22-18", None),
    ],
)  # fmt: skip
def test_a_number_without_a_country_has_an_area_and_an_exchange(text: str, expected: str | None) -> None:
    assert [found.phone.e164 for found in find_phones(text, region="US")] == ([expected] if expected else [])


def test_what_was_typed_into_a_field_needs_no_area_that_exists() -> None:
    assert e164("Cell: 123-456-7890") == "+11234567890"


@pytest.mark.parametrize("region", ["US", "DE", "GB", "JP"])
@pytest.mark.parametrize(
    "text",
    [
        "2026年12月24日 19:30 12人", "2026/12/24 19時30分 12名様 予算150000円", "12월 24일 오후 7시 30분 12명 예산 1500000원", "24 декабря 2026, 19:30, 12 человек, бюджет 150 000 руб",
        "24.12.2026 um 19:30 Uhr, 12 Personen, 1.500,00 €", "le 24/12/2026 à 19h30, 12 personnes, 1 500,00 €", "24/12/2026 saat 19:30, 12 kişi, 15.000,00 TL", "24/12/2026 às 19h30, 12 pessoas, R$ 1.500,00",
        "يوم 24/12/2026 الساعة 19:30 لـ 12 شخص بميزانية 1500 دولار", "24/12/2026 19:30, 12 लोग, 150000 रुपये", "ngày 24/12/2026 lúc 19:30, 12 người, 15.000.000 đồng", "tgl 24-12-2026 jam 19.30, 12 orang, Rp 15.000.000",
        "für sechs oder sieben Personen um acht", "para seis, siete u ocho personas a las nueve", "à sept ou huit, le neuf, pour six", "na 12 osób, 24.12.2026, 19:30, 1500,00 zł", "12 persone il 24.12.2026 alle 19:30, 1.500,00 €",
        "twenty four people, twenty twenty six, two thousand dollars", "fifty to sixty guests at seven thirty, five thousand budget", "two adults three kids four babies at five",
    ],
)  # fmt: skip
def test_dates_prices_and_party_sizes_are_no_phones_in_any_language(text: str, region: str) -> None:
    assert find_phones(text, region=region) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nine one six double five five oh one hundred", "+19165550100"), ("nine one six, triple five, oh one fifty oh", None),
        ("nine one six, triple five, zero one fifty", "+19165550150"), ("wa.me/34612345678", "+34612345678"), ("https://wa.me/6591234567?text=hi", "+6591234567"),
        ("https://api.whatsapp.com/send?phone=34612345678", "+34612345678"), ("wa.me/9168670123", "+19168670123"), ("мой номер 79161234567", "+79161234567"), ("我的电话是8613800138000", "+8613800138000"),
        ("six one two three four five six seven", None),
    ],
)  # fmt: skip
def test_numbers_in_words_and_in_links_are_read(text: str, expected: str | None) -> None:
    assert [found.phone.e164 for found in find_phones(text, region="US")] == ([expected] if expected else [])


def test_words_are_part_of_where_a_number_stands() -> None:
    text = "call nine one six, 867 0123 please"
    assert find_phones(text, region="US")[0].start == text.index("nine")
    assert find_phones(text, region="US")[0].end == text.index(" please")


def test_a_number_in_a_message_is_only_mentioned() -> None:
    (found,) = find_phones("916 555 0100", region="US")
    assert found.phone == Phone(e164="+19165550100", provenance=Provenance.MENTIONED)


@given(st.text(max_size=200) | st.lists(PHONE_LIKE).map(" ".join))
def test_positions_lie_inside_the_text_in_order_and_apart(text: str) -> None:
    found = find_phones(text, region="US")
    positions = [position for phone in found for position in (phone.start, phone.end)]
    assert positions == sorted(positions)
    assert all(0 <= phone.start < phone.end <= len(text) for phone in found)
