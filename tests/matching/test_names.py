"""Personal names, as forms and profiles give them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matching.normalize import fold, nicknames_of, normalize_name
from matching.records import PersonName, Provenance, Rejected

WORDS = [
    "John", "JOHN", "doe", "O'NEIL", "mc", "McDONALD", "de", "la", "Cruz", "GARCÍA", "Márquez", "Jr.", "III", "Mr.", "Dr", "Ma",
    "Smith-Jones", "J.", "J.R.", "王小明", "김", "Иван", "🌸", "|", "&", "and", ",", "(", ")", '"', "-", "_", "✨", "Chef", "jd", "ß",
    "İ", "ŉ", "\u02bcn", "ǆ", "y", "van", "von", "St.", "PhD", "x", "2nd", "N/A", "n", "a", "Instagram", "User",
]  # fmt: skip
NAME_LIKE = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


def name(raw: str) -> PersonName:
    parsed = normalize_name(raw, provenance=Provenance.ASSERTED)
    assert isinstance(parsed, PersonName), parsed
    return parsed


@pytest.mark.parametrize(
    "raw",
    [
        "John Doe", "JOHN DOE", "john doe", "  John   Doe ", "Doe, John", "DOE, JOHN", "✨ John Doe ✨ | Chef", "John Doe 🍕 NYC",
        "Chef | John Doe", "Mr. John Doe", "Dr John Doe, MD", "John Doe, PhD", "John Doe (he/him)", "(John Doe)", '"John Doe"',
        'John "Johnny" Doe', "\U0001d4d9\U0001d4f8\U0001d4f1\U0001d4f7 \U0001d4d3\U0001d4f8\U0001d4ee", "\uff2a\uff4f\uff48\uff4e \uff24\uff4f\uff45", "John Doe 77", "john_doe", "John\u200b Doe", "John Doe • Chef",
        "John Doe - Private Chef", "John & Jane Doe", "John Doe and Jane Doe", "John ✨ Doe", "John Doe\nChef", "Chef John Doe",
        "John Doe, Private Chef", "~*John Doe*~", "𓆩 John Doe 𓆪", "𓆩John Doe𓆪", "ʚ John Doe ɞ", "John Doe ツ", "ღ John Doe ღ", "亗 John Doe",
        "ᥫ᭡ John Doe", "John Doe 𓆩♡𓆪", "John Doe he/him", "John Doe (she/her/hers)", "they / them John Doe", "John Doe iPhone", "John Doe cell", "Capt. John Doe, USN (Ret)",
        "Sgt John Doe", "John Doe, BSN, PMP", "Doe Plumbing LLC - John Doe", "ABC Auto Body | John Doe", "Sunshine Cleaning Services: John Doe", "Doe & Sons Roofing Inc. (John Doe)",
        "John Doe - Sunshine Cleaning Services", "John Doe (Sunshine Cleaning Services)", "John Doe LLC - Best Quality Homes",
    ],
)  # fmt: skip
def test_titles_decoration_and_order_do_not_change_who_it_is(raw: str) -> None:
    parsed = name(raw)
    assert (parsed.given, parsed.family, parsed.tokens) == ("john", "doe", ("john", "doe"))
    assert parsed.display == "John Doe"


@pytest.mark.parametrize(
    ("raw", "given", "middle", "family"),
    [
        ("Ana", "ana", (), ""),
        ("Ana ツ", "ana", (), ""),
        ("Maria Doe's mom", "mom", (), ""),
        ("mother of Maria Doe", "mother", (), ""),
        ("Maria Doe’s assistant Tom Hale", "tom", (), "hale"),
        ("Mia Mann", "mia", (), "mann"),
        ("Mari de la Cruz", "mari", (), "de la cruz"),
        ("hija de Maria Doe", "hija", (), ""),
        ("Ana 王", "ana", (), "wang"),
        ("Mr. Smith", "", (), "smith"),
        ("Chef Ana", "ana", (), ""),
        ("John Q. Public", "john", ("q",), "public"),
        ("J.R.R. Tolkien", "j", ("r", "r"), "tolkien"),
        ("Maria de la Cruz", "maria", (), "de la cruz"),
        ("RamiMakhlouf", "rami", (), "makhlouf"),
        ("MacDonald", "macdonald", (), ""),
        ("LeBron", "lebron", (), ""),
        ("President Erdoğan", "", (), "erdogan"),
        ("राम कुमार", "ram", (), "kumar"),
        ("مُحَمَّد علي", "muhamad", (), "ly"),
        ("عمر خوري", "mr", (), "khwry"),
        ("de la Cruz, Maria", "maria", (), "de la cruz"),
        ("Gabriel García Márquez", "gabriel", (), "garcia marquez"),
        ("García Márquez, Gabriel José", "gabriel", ("jose",), "garcia marquez"),
        ("Juan Ortega y Gasset", "juan", (), "ortega y gasset"),
        ("juan ortega y gasset", "juan", (), "ortega y gasset"),
        ("JUAN ORTEGA Y GASSET", "juan", (), "ortega y gasset"),
        ("João Costa e Silva", "joao", (), "costa e silva"),
        ("John E. Smith", "john", ("e",), "smith"),
        ("John E Smith", "john", ("e",), "smith"),
        ("JOHN E SMITH", "john", ("e",), "smith"),
        ("john e smith", "john", ("e",), "smith"),
        ("John D. Smith", "john", ("d",), "smith"),
        ("Maria Y. Lopez", "maria", ("y",), "lopez"),
        ("Mary Ann E. Smith", "mary", ("ann", "e"), "smith"),
        ("Ludwig van Beethoven", "ludwig", (), "van beethoven"),
        ("Van Morrison", "van", (), "morrison"),
        ("Jean-Luc Picard", "jean luc", (), "picard"),
        ("Mary Smith-Jones", "mary", (), "smith jones"),
        ("Sinéad O\u2019Connor", "sinead", (), "oconnor"),
        ("Łukasz Żółć", "lukasz", (), "zolc"),
        ("Иван Петров", "ivan", (), "petrov"),
        ("王小明", "xiaoming", (), "wang"),
        ("欧阳修", "xiu", (), "ouyang"),
        ("김민수", "minsu", (), "gim"),
        ("김 민수", "minsu", (), "gim"),
        ("Maria 🌸 Lopez", "maria", (), "lopez"),
        ("Martinez Plumbing", "martinez", (), "plumbing"),
        ("Martinez Plumbing (24/7)", "martinez", (), "plumbing"),
        ("Ana Cell", "ana", (), "cell"),
        ("Ana Ruiz (Lopez)", "ana", (), "ruiz"),
        ("She Hers", "she", (), "hers"),
    ],
)
def test_a_name_is_taken_apart(raw: str, given: str, middle: tuple[str, ...], family: str) -> None:
    parsed = name(raw)
    assert (parsed.given, parsed.middle, parsed.family) == (given, middle, family)


@pytest.mark.parametrize(
    ("raw", "display"),
    [
        ("JOHN O'NEIL", "John O'Neil"), ("o'neil", "O'Neil"), ("mcdonald", "McDonald"), ("MACK", "Mack"),
        ("DE LA CRUZ, MARIA", "Maria de la Cruz"), ("mary smith-jones", "Mary Smith-Jones"), ("JD SMITH", "JD Smith"),
        ("WU LI", "Wu Li"), ("JOHN E SMITH", "John E Smith"), ("JUAN ORTEGA Y GASSET", "Juan Ortega y Gasset"), ("john ng", "John Ng"), ("LeBron James", "LeBron James"), ("bell hooks III", "Bell Hooks III"),
        ("john doe jr", "John Doe Jr."), ("JOHN DOE III", "John Doe III"), ("Mr Smith", "Mr Smith"), ("josé", "José"),
        ("王小明", "王小明"),
    ],
)  # fmt: skip
def test_a_name_is_shown_with_capitals_as_typed_or_as_names_have_them(raw: str, display: str) -> None:
    assert name(raw).display == display


@pytest.mark.parametrize(
    ("raw", "suffix"),
    [
        ("John Doe Jr.", "jr"),
        ("John Doe, Sr", "sr"),
        ("John Doe III", "iii"),
        ("Sr. Garcia", ""),
        ("Junior", ""),
    ],
)
def test_a_suffix_is_kept_apart_from_the_name(raw: str, suffix: str) -> None:
    parsed = name(raw)
    assert parsed.suffix == suffix
    assert "jr" not in parsed.tokens


@pytest.mark.parametrize(
    ("raw", "script"),
    [
        ("José", "Latin"),
        ("Иван", "Cyrillic"),
        ("王小明", "Han"),
        ("김민수", "Hangul"),
        ("محمد علي", "Arabic"),
        ("Γιάννης", "Greek"),
    ],
)
def test_the_script_of_a_name_is_told(raw: str, script: str) -> None:
    assert name(raw).script == script


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "name_no_letters"), ("  ", "name_no_letters"), ("🍕🍕", "name_no_letters"), ("12345", "name_no_letters"),
        ("--", "name_no_letters"), ("N/A", "name_placeholder"), ("none", "name_placeholder"), ("Instagram User", "name_placeholder"),
        ("john@gmail.com", "name_is_an_address"), ("@johndoe", "name_is_an_address"), ("https://x.com", "name_is_an_address"),
    ],
)  # fmt: skip
def test_what_is_no_name_is_rejected_with_a_reason(raw: str, code: str) -> None:
    rejected = normalize_name(raw, provenance=Provenance.ASSERTED)
    assert isinstance(rejected, Rejected)
    assert rejected.code == code


@given(st.text(max_size=250) | NAME_LIKE)
@example('CHEF"A ͰͰ')
@example('A"ͰͰ MA')
def test_normalizing_never_raises_and_what_is_shown_reads_the_same_again(raw: str) -> None:
    parsed = normalize_name(raw, provenance=Provenance.ASSERTED)
    if isinstance(parsed, PersonName):
        again = name(parsed.display)
        assert again == parsed


@given(st.text(max_size=250) | NAME_LIKE)
def test_parts_are_folded_and_made_of_the_tokens(raw: str) -> None:
    parsed = normalize_name(raw, provenance=Provenance.ASSERTED)
    if isinstance(parsed, PersonName):
        parts = (parsed.given, *parsed.middle, parsed.family)
        assert all(part == fold(part) for part in parts)
        assert sorted("".join(parts).replace(" ", "")) == sorted("".join(parsed.tokens))


@given(st.text(max_size=100))
def test_folding_gives_plain_ascii_and_is_idempotent(text: str) -> None:
    folded = fold(text)
    assert set(folded) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bob", "robert"),
        ("Liz", "elizabeth"),
        ("pepe", "josé"),
        ("lupita", "Guadalupe"),
        ("bob", "rob"),
        ("sasha", "aleksandr"),
    ],
)
def test_nicknames_work_in_both_directions(one: str, other: str) -> None:
    assert fold(other) in nicknames_of(one)
    assert fold(one) in nicknames_of(other)


def test_other_names_are_no_nicknames() -> None:
    assert nicknames_of("zzyzx") == frozenset()
    assert "bob" not in nicknames_of("bob")
    assert "bill" not in nicknames_of("bob")
    assert "william" not in nicknames_of("robert")


_ASCII_WORD = st.one_of(
    st.sampled_from([word for word in WORDS if word.isascii() and word.isalpha() and len(word) > 1]),
    st.sampled_from(
        ["Sir", "Test", "NoName", "Et", "und", "MD", "Santa", "Garcia", "Baker", "Ng", "Last", "Guest"]
    ),
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=12),
)


@given(_ASCII_WORD, _ASCII_WORD)
def test_the_short_way_for_two_words_reads_what_the_long_way_reads(first: str, second: str) -> None:
    short, long = (
        normalize_name(f"{first}{space}{second}", provenance=Provenance.ASSERTED) for space in (" ", "  ")
    )
    assert short == long


@pytest.mark.parametrize(
    ("text", "given", "words"),
    [
        ("Cuevas García, Pedro", "pedro", {"pedro", "cuevas", "garcia"}),
        ("SMITH JONES, MARY", "mary", {"mary", "smith", "jones"}),
        ("Nguyen Tran, Linh", "linh", {"linh", "nguyen", "tran"}),
        ("Dela Cruz, Maria", "maria", {"maria", "dela", "cruz"}),
        ("Smith Jr., John", "john", {"john", "smith"}),
        ("James Taylor, Sacramento", "james", {"james", "taylor"}),
        ("Thomas Ann, Jones", "thomas", {"thomas", "ann"}),
    ],
)
def test_two_family_names_may_stand_before_a_comma(text: str, given: str, words: set[str]) -> None:
    read = normalize_name(text, provenance=Provenance.ASSERTED)
    assert isinstance(read, PersonName)
    assert (read.given, set(read.tokens)) == (given, words)
