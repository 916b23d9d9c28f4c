"""What a message says of its sender."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.extract import Extraction, Mention, Whose, extract
from matching.labels import LabelName
from matching.records import Email, Handle, Phone, Provenance

PIECES = [
    "916 555 0100", "my cell is", "my husband's:", "@friend", "ana@x.com", "I'm Ana Lopez", ".", ",", "\n", "(work)",
    "is my wife's", "é", "🍕", "\u202a", "- John", "call", "(916) 555-0101", "instagram.com/ana", "IG: ana", "ask for Maria", "at",
]  # fmt: skip
MESSAGE_LIKE = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)


def read(text: str) -> Extraction:
    return extract(text, region="US")


def spelled(mention: Mention) -> str:
    match mention.value:
        case Phone(e164=e164):
            return e164
        case Email(address=address):
            return address
        case Handle(value=value):
            return f"@{value}"


def whose(text: str) -> list[tuple[str, str]]:
    return [(spelled(mention), mention.whose.value) for mention in read(text).mentions]


def names(text: str) -> list[str]:
    return [name.display for name in read(text).names]


def test_a_direct_message_gives_the_number_and_not_the_party_size() -> None:
    text = "Hi! I want to book 10 chefs for corporate event. \n Call me at (916) 555-9999"
    (mention,) = read(text).mentions
    assert mention.value == Phone(e164="+19165559999", provenance=Provenance.MENTIONED)
    assert (mention.whose, mention.cue, mention.label) == (Whose.OWN, "Call me at", None)
    assert text[mention.start : mention.end] == "(916) 555-9999"


def test_the_nearest_words_before_a_value_say_whose_it_is() -> None:
    own, other = read("my cell is 916 555 0100, or my husband's: 916 555 0101").mentions
    assert (own.whose, own.cue) == (Whose.OWN, "my cell is")
    assert (other.whose, other.cue) == (Whose.OTHER, "my husband's")
    assert own.label is not None
    assert own.label.label is LabelName.PERSONAL


@pytest.mark.parametrize(
    "text",
    [
        "my husband's: 916 555 0101", "call my wife at 9165550101", "his number is 916-555-0101", "ask for Maria at 916 555 0101",
        "mi esposo: 916 555 0101", "el número de mi hermana es 916 555 0101", "my best friend's cell (916) 555-0101",
        "My husband\u2019s number is below.\n\n916 555 0101", "Maria's cell: 916 555 0101", "contact Mark Stevens, 916-555-0101",
        "916 555 0101 (my husband)", "916-555-0101 is my wife's", "9165550101 - my mom", "call 916-555-0101 and ask for Ana",
        "you can call her at 916 555 0101", "is your number still 916 555 0101?", "my assistant Karen at 916 555 0101",
        "The venue's number is 916 555 0101", "Reach Dr. Jones on 916 555 0101", "llama a Maria al 9165550101",
        "my mom's house: 916 555 0101", "call me or my wife at 916 555 0101", "my sister in law is 916 555 0101", "my friend's cell number is 916 555 0101", "call my husband! 916 555 0101",
    ],
)  # fmt: skip
def test_somebody_elses_number_is_told_by_its_words(text: str) -> None:
    assert whose(text) == [("+19165550101", "other")]
    assert read(text).mentions[0].cue


@pytest.mark.parametrize(
    "text",
    [
        "916 555 0100", "my cell is 916 555 0100", "call me at 916 555 0100", "Call/Text: 916 555 0100", "Phone Number: 916 555 0100",
        "Call Now 916-555-0100", "It's my wife's birthday, 916 555 0100", "It's for my mom, reach me at 916 555 0100",
        "my husband and I want dinner, 916 555 0100", "a surprise for my wife! 916-555-0100", "My husband is turning 40. 916 555 0100",
        "mi cel es 916 555 0100", "llámame al 9165550100", "Hi, I'm Ana Lopez. 916-555-0100", "you have no call from Ana. my number: 916 555 0100",
        "We'd love the chef from last time, 916-555-0100", "our office number is 916 555 0100",
        "my husband told me about you, call me at 916 555 0100", "Ask for Ana if you call my cell: 916 555 0100",
    ],
)  # fmt: skip
def test_any_other_number_is_taken_for_the_writers_own(text: str) -> None:
    assert whose(text) == [("+19165550100", "own")]


def test_each_of_several_values_has_its_own_words() -> None:
    text = "reach John at 415 555 0170 or me at 415 555 0171. my sister's email is lucy@x.com but use mine: me@x.com"
    assert whose(text) == [
        ("+14155550170", "other"), ("+14155550171", "own"), ("lucy@x.com", "other"), ("me@x.com", "own"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("(916) 555-0100 (cell) / (916) 555-0101 (office)", ["personal", "business"]),
        ("Cell: 916 555 0100 Office: 916 555 0101", ["personal", "business"]),
        ("home 916-555-0100", ["home"]),
        ("my assistant's number is 916 555 0100", ["assistant"]),
    ],
)
def test_the_words_at_a_value_label_it(text: str, labels: list[str]) -> None:
    assert [mention.label and mention.label.label for mention in read(text).mentions] == labels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dm @chefmaria please", [("@chefmaria", "other")]),
        ("my insta: @AnaCooks", [("@anacooks", "own")]),
        ("IG: ana.cooks.", [("@ana.cooks", "own")]),
        ("see https://www.instagram.com/p/Cxyz/", []),
        ("see instagram.com/ana.cooks", [("@ana.cooks", "other")]),
        ("mail ana@x.com", [("ana@x.com", "own")]),
        ("john9165550100@gmail.com", [("john9165550100@gmail.com", "own")]),
        ("9165550100@gmail.com", [("9165550100@gmail.com", "own")]),
    ],
)
def test_handles_and_addresses_are_told_apart(text: str, expected: list[tuple[str, str]]) -> None:
    assert whose(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi, I'm Ana Lopez", ["Ana Lopez"]), ("Hi, I\u2019m Ana and I want", ["Ana"]), ("this is John Doe from Acme", ["John Doe"]),
        ("my name is john doe and I want", ["John Doe"]), ("John here! text me", ["John"]), ("Hey, John Doe here", ["John Doe"]),
        ("soy Ana García, mi número", ["Ana García"]), ("me llamo Ana de la Cruz", ["Ana de la Cruz"]), ("Thanks,\nJohn Doe", ["John Doe"]),
        ("see you\n- John Doe", ["John Doe"]), ("thanks! -Sarah", ["Sarah"]), ("hi im jessica and i want", ["Jessica"]),
        ("I am Dr. Jane Smith!", ["Jane Smith"]), ("I'm Ana Brown", ["Ana Brown"]), ("I'm Will", ["Will"]), ("It's Kev", ["Kev"]),
        ("THIS IS MARIA GARCIA PLEASE CALL ME", ["Maria Garcia"]), ("je m\u2019appelle Chloé Dubois", ["Chloé Dubois"]),
        ("ich bin Jürgen Müller", ["Jürgen Müller"]), ("name: ana lopez\nphone: 1", ["Ana Lopez"]), ("I'm John, Jane's husband", ["John"]),
        ("Hi this is Priya, I'm Priya", ["Priya"]), ("I'm Chef Ana", ["Ana"]), ("I'm Ana Can you help", ["Ana"]),
    ],
)  # fmt: skip
def test_people_who_introduce_themselves_are_named(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I'm interested", "I'm Interested in a chef", "I'm hungry", "this is great", "This is Amazing!", "I'm Vegan", "i'm vegan", "I'M SO HUNGRY",
        "I'm John's wife", "this is Ana's number", "I am Allergic To Nuts", "I'm from Sacramento", "soy vegana", "soy de Mexico",
        "menu:\n- Chicken Tacos", "Is anyone here", "I'm Looking For A Chef", "Thanks!", "Best regards,", "Happy to be here", "it's Friday",
        "i'm happy", "i'm frank about it", "I'm American", "I'm not sure", "I'm in LA", "This is Regarding the event", "hi Ana, are you free?",
    ],
)  # fmt: skip
def test_other_statements_name_nobody(text: str) -> None:
    assert names(text) == []


def test_a_name_in_a_message_is_only_mentioned() -> None:
    assert read("I'm Ana").names[0].provenance is Provenance.MENTIONED


@given(st.text(max_size=300) | MESSAGE_LIKE)
def test_positions_lie_inside_the_text_in_order_and_apart(text: str) -> None:
    mentions = read(text).mentions
    positions = [position for mention in mentions for position in (mention.start, mention.end)]
    assert positions == sorted(positions)
    assert all(0 <= mention.start < mention.end <= len(text) for mention in mentions)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1 ",
        "@",
        "my ",
        "i'm ",
        "Ana ",
        "1",
        "a@",
        "(",
        "\n",
        ". ",
        "name's ",
        "-",
        "my husband's ",
        "+1-",
        "12/",
        "$1",
        "é",
        " ",
        "[at]",
        "thanks ",
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    started = time.process_time()
    extract(piece * (200_000 // len(piece)), region="US")
    assert time.process_time() - started < 5
