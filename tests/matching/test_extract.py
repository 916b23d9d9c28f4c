"""What a message says of its sender."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.extract import Extraction, Mention, Whose, extract
from matching.labels import LabelName
from matching.records import Email, Handle, Phone, Provenance

_SLOWNESS = 4
"""How much slower than a laptop a machine may be, also while coverage is measured."""

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


def test_words_that_lead_on_to_the_next_value_are_that_ones() -> None:
    assert whose("916 555 0100 is my cell and my wife's is 916 555 0101") == [
        ("+19165550100", "own"),
        ("+19165550101", "other"),
    ]


def test_a_label_may_stand_behind_its_value() -> None:
    assert whose("916 555 0100 cell, 916 555 0101 home") == [("+19165550100", "own"), ("+19165550101", "own")]


def test_somebody_elses_account_is_not_announced_as_ones_own() -> None:
    assert whose("his instagram is chefbob") == []


def test_what_cannot_be_an_address_is_none() -> None:
    assert whose("write to x@example..com, ana@mail.invalid or foo@b.org") == [("foo@b.org", "own")]


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


@pytest.mark.parametrize(
    "text",
    [
        "wife: 916 555 0101", "Dad 916 555 0101", "916 555 0101 (Dad)", "916-555-0101 <- my brother", "my husbands cell is 916 555 0101", "daves cell 9165550101",
        "dave's number is 916 555 0101", "here is Dave's 916 555 0101", "call alex at 916 555 0101", "try him at 916 555 0101", "he can be reached at 916 555 0101",
        "she's at 916 555 0101", "contact person is Joe Black, 916 555 0101", "POC: Joe Black 916 555 0101", "916 555 0101 is for my son Max", "916 555 0101 that's my moms number",
        "916-555-0101, it's my boyfriend's phone, mine broke", "Die Nummer meiner Frau ist (916) 555-0101", "Rufen Sie meinen Mann an: 916 555 0101", "Is 916 555 0101 your number?",
        "I called you guys at 916 555 0101", "Venue: The Grand Hotel, 916 555 0101", "front desk 916 555 0101", "the hotel's number: 916 555 0101",
        "telefono de mi novia 916 555 0101", "appelez ma femme au 916 555 0101", "chiamate mio marito al 916 555 0101", "liga pro meu marido 916 555 0101",
        "pueden marcarle a mi hijo 916 555 0101", "my mother in law's number is 916 555 0101", "My husband: Raj, 916 555 0101", "my neighbor (hosting) is at 916 555 0101",
        "If I don't pick up try my roommate 916 555 0101", "Your website says 916 555 0101", "They gave me 916 555 0101 as your number?", "I found 916-555-0101 on google, is that you guys?",
        "Can you call John Smith back? 916 555 0101", "Call Sgt. Ramirez at 916 555 0101", "add my fiance to the group: 916 555 0101", "I'm Ana. Dave: 916 555 0101",
        "text him 916 555 0101 not me", "got a missed call from 916 555 0101",
        "This is for my boss, Mr. Thompson, his line: 916 555 0101", "Any questions ask my wife, 916 555 0101", "POC - Sue Hall 916 555 0101",
        "mine broke, that of my husband 916 555 0101", "el de mi marido 916 555 0101", "celui de mon mari 916 555 0101", "die von meinem Mann 916 555 0101",
        "el teléfono de Ana es 916 555 0101", "O telefone da Maria é 916 555 0101", "le numéro de Paul est 916 555 0101", "die Nummer von Anna ist 916 555 0101",
        "the number of Marco is 916 555 0101", "dzwonić do Ana 916 555 0101", "my phone broke, hers is 916 555 0101", "call me or Tom at 916 555 0101",
        "contact for the day: Domingo Gilbert 916 555 0101", "Hunter Park recommended you, he is 916 555 0101", "referred by Joe Brown 916 555 0101",
        "Booking on behalf of Joe Brown, 916 555 0101", "you catered for Jisoo (916 555 0101)", "the photographer, Sam Lee, 916 555 0101", "no longer at 916 555 0101",
        "in an emergency call 916 555 0101", "Deliver to her: 916 555 0101", "the bride's mom will be paying: 916 555 0101", "My ex still has 916 555 0101",
        "Forwarded: \"Hi, I'm Maria Vorbelm, my cell is 916 555 0101\"", "> Hi this is Maria Vorbelm, 916 555 0101\nCan you help her?", "She wrote: I'm Maria, call me at 916 555 0101",
        "Booking for my boss, Daniel Reyes, 916 555 0101", "Booking for my boss, Mr. Reyes, 916 555 0101", "I booked for my sister Jane, 916 555 0101",
        "Bitte meine Frau anrufen: 916 555 0101", "Bitte meinen Mann anrufen unter 916 555 0101", "ma femme est joignable au 916 555 0101", "His coach is at 916 555 0101",
        "my trainer's number 916 555 0101", "Her office is 916 555 0101", "their home number is 916 555 0101", "Not my phone but you can text 916 555 0101",
        "Sam Lee is our planner. 916 555 0101", "She's my assistant - 916 555 0101", "booking for Joe Brown (916 555 0101), I'm his PA", "Joe Brown: 916 555 0101. I'm his executive assistant",
        "can you text my husband instead? hes the one home today 916 555 0101", "can you send the receipt to him 916 555 0101", "send the bill to our accounting dept: 916 555 0101",
        "The front desk at the building is 916 555 0101", "para que te pongas de acuerdo con ella 916 555 0101", "number for the planner is 916 555 0101",
        "die meines Mannes 916 555 0101", "quello di mio marito 916 555 0101", "o do meu marido 916 555 0101",
        "My friend Kim needs a cut, 916 555 0101", "mi amiga Marta quiere una cita, 916 555 0101",
        "Can I text you at 916 555 0101?", "can I call u 916 555 0101?", "I messaged you guys yesterday at 916 555 0101",
        "Called the shop at 916 555 0101 twice no answer", "Called 916 555 0101 twice", "tried calling 916 555 0101 but no one answers",
        "I've been calling 916 555 0101 all morning", "we have been trying to call 916 555 0101 since Monday", "left a voicemail at 916 555 0101 yesterday",
        "I saw your flyer w/ this number 916 555 0101, do you groom?", "is this Snip & Wag? 916 555 0101?", "is this Snip & Wag 916 555 0101?",
        "whats ur shop number, is it 916 555 0101?", "Google has you listed at 916 555 0101", "yelp shows 916 555 0101",
        "found this number on a truck 916 555 0101", "do I call 916 555 0101 to book or can I do it here", "should I call 916 555 0101 or just text here?",
        "I usually text 916 555 0101 to book", "the guy at 916 555 0101 told me to message here", "I got your automated text from 916 555 0101",
        "916 555 0101 just rings and rings", "916 555 0101 goes straight to voicemail", "916 555 0101 y nadie contesta",
        "nobody picks up at 916 555 0101", "I was on hold with 916 555 0101 for an hour", "do you guys still use 916 555 0101?",
        "is 916 555 0101 a real number?", "the number on Google 916 555 0101 is disconnected", "I faxed the form to 916 555 0101",
        "I venmoed 916 555 0101", "I have 916 555 0101 saved as your number", "I have you saved as 916 555 0101",
        "the number I had for you was 916 555 0101", "el numero que tengo de ustedes es 916 555 0101", "Is the salon still at 916 555 0101",
        "spoke with Maria at 916 555 0101", "he estado llamando al 916 555 0101 todo el dia", "dejé un recado al 916 555 0101",
        "nadie contesta en el 916 555 0101", "llamé a su oficina al 916 555 0101", "llamo al 916 555 0101 o aqui?",
        "puedo llamar al 916 555 0101 para reservar?", "siempre les escribo al 916 555 0101", "vi su anuncio con este numero 916 555 0101",
        "en google aparece el 916 555 0101", "si no contesto marquele a mi esposo 916 555 0101", "comuniquese con mi esposa 916 555 0101",
        "te paso el numero del fotografo 916 555 0101", "te paso el número del fotógrafo 916 555 0101", "telefono del salon 916 555 0101",
        "el telefono de la tienda 916 555 0101", "el cel de mi cunada es 916 555 0101", "el numero de la organizadora es 916 555 0101",
        "el contacto de la maquillista 916 555 0101", "contacto de emergencia: Marta 916 555 0101", "the decorator's number is 916 555 0101",
        "contact for load in is Lou 916 555 0101", "mi amiga tambien quiere, se llama Marta 916 555 0101", "if you cant reach me try 916 555 0101 my husband",
        "Hit up my brother 916 555 0101", "Sharing my friend's info since she's not on IG. Teresa Vance, 916 555 0101, wants a consult", "Sending you a client! Teresa Vance 916 555 0101 wants highlights",
        "Heres a lead for you - Kim Lee 916 555 0101", "New client for you: Kim Lee, 916 555 0101", "can you add my friend to the list? Teresa Vance 916 555 0101",
        "My coworker wants headshots too. Paul Stein 916 555 0101", "My sister's also interested. Kim Lee 916 555 0101", "a friend of mine is looking for a chef. Kim Lee 916 555 0101",
        "You should talk to my boss. Kim Lee 916 555 0101", "my assistant will handle payment. Kim Lee 916 555 0101", "The invoice goes to my boss. Kim Lee, 916 555 0101",
        "Te mando una clienta! Teresa Vargas 916 555 0101", "Le paso los datos de mi hermana. Marta Vega 916 555 0101", "Mi prima quiere una cita también. Teresa Vargas 916 555 0101",
        'Got this from my coworker can you help him?\n\n"Hi this is Paul Stein, need 20 headshots, 916 555 0101"', 'Got this from my coworker: "Hi this is Paul Stein, 916 555 0101"', 'From my mom: "this is Joan, call me at 916 555 0101"',
        "call 916 555 0101 ask for Denise", "my husband's number 916 555 0101, ask for Dan",
        "Booking together with Raven (916 555 0101)", "Booking for me and Raven 916 555 0101", "coming with Raven (916 555 0101)", "plus one: Luis Mendez 916 555 0101",
        "can you send it to my sister Cherry? 916 555 0101", "can you send it to Tom? 916 555 0101", "Elena told me to write. Elena 916 555 0101", "Me and Elena want to come. Elena 916 555 0101",
        "you can get him at 916 555 0101", "me dijo que la llamara al 916 555 0101", "Elena referred me (916 555 0101)", "Elena Diaz told me about you (916 555 0101)", "Elena me recomendó (916 555 0101)", "me recomendó Elena 916 555 0101", "heard about you from Elena 916 555 0101",
    ],
)  # fmt: skip
def test_somebody_elses_number_is_told_however_it_is_said(text: str) -> None:
    assert whose(text) == [("+19165550101", "other")]


@pytest.mark.parametrize(
    "text",
    [
        "my friend Sarah recommended you, 916 555 0100", "dinner for me and my husband, 916 555 0100", "Retirement party of my boss, 916 555 0100",
        "Quiero sorprender a mi esposa, 916 555 0100", "es el cumple de mi mam\u00e1, 916 555 0100", "at the venue at 6, 916 555 0100", "Reception is at 6pm, 916 555 0100",
        "I am the office manager at Acme: 916 555 0100", "I'm his assistant Joy Kim, 916 555 0100", "This is the bride! 916 555 0100", "I'm the host, 916 555 0100",
        "call me at the hotel, 916 555 0100", "I'm the groom's brother, 916 555 0100", "I texted you yesterday from 916 555 0100", "When can you call me back? 916 555 0100",
        "How can I reach you? 916 555 0100", "My mom loves you. 916 555 0100", "It's for my in-laws' 50th anniversary: 916 555 0100", "Mon mari et moi cherchons un chef, 916 555 0100",
        "My name is Ana, ask for Ana at 916 555 0100", "Bride's (me!): 916 555 0100", "we talked, hi from Erie, PA 916 555 0100", "open 24 hr? 916 555 0100",
        "you guys came recommended by my coworker Pat. 916 555 0100", "my number of choice is 916 555 0100", "mi número de México es 916 555 0100",
        "the number of guests is 12, call 916 555 0100", "reach me at work or home on 916 555 0100", "Me llamo Ana, el teléfono de Ana es 916 555 0100", "my new one is 916 555 0100", "Mari 916 555 0100",
        "This is Ana Reyes. Booking for my boss, Ana Reyes, 916 555 0100", "Dinner for my boss, 916 555 0100", "our son is 5 years old: 916 555 0100", "my office is 916 555 0100",
        "not my best number but you can text me at 916 555 0100", "Not my phone but call me at 916 555 0100", "I'm his coach, 916 555 0100", "My number for the quote is 916 555 0100", "Best number for the gallery: 916 555 0100", "my cell for the day of is 916 555 0100",
        "call me 916 555 0100, I'm her assistant", "Sam Lee is our planner and my cell is 916 555 0100", "I'm Sam Lee. Sam Lee is our planner. 916 555 0100",
        "You called 916 555 0100 and hung up", "you tried calling 916 555 0100 but I was at work", "you left a voicemail on 916 555 0100, returning your call",
        "Called and left a message. 916 555 0100", "I tried calling from 916 555 0100", "I left a voicemail with my number 916 555 0100",
        "please try calling 916 555 0100", "I prefer email, but calling 916 555 0100 is ok too", "prefer texting 916 555 0100",
        "Can I use 916 555 0100 as my number?", "can you call 916 555 0100", "could you text 916 555 0100 when ready",
        "Is that ok? 916 555 0100?", "Is it OK 916 555 0100?", "IS THIS STILL AVAILABLE 916 555 0100?",
        "is this Snip & Wag? I'm Ana, 916 555 0100", "saw your ad, 916 555 0100", "I'd like a business card with the number 916 555 0100",
        "the number I gave you was 916 555 0100", "you have me saved as 916 555 0100", "if 916 555 0100 goes to voicemail leave a msg",
        "if no one answers at 916 555 0100 leave a message", "my cell 916 555 0100 goes straight to voicemail at work", "do you still have 916 555 0100 on file?",
        "deje un mensaje en el 916 555 0100", "mande los precios al 916 555 0100", "soy el fotografo, 916 555 0100",
        "busco fotografo 916 555 0100", "quiero hablar con el dueño, 916 555 0100", "we need a dj, 916 555 0100",
        "mi contacto es 916 555 0100", "My friend recommended you! Teresa Vance 916 555 0100", "My sister loves your work! Teresa Vance 916 555 0100",
        "My friend sent me your info! Teresa Vance 916 555 0100", "My husband wants a surprise party. Teresa Vance 916 555 0100", "My son needs a trim too. Teresa Vance 916 555 0100",
        "My friend wants to come with me. Teresa Vance 916 555 0100", "Can you add my friend to my appointment? Teresa Vance 916 555 0100", "I have a client meeting - Teresa Vance 916 555 0100",
        "I'm Teresa Vance. My coworker wants headshots too. Teresa Vance 916 555 0100", "I'm a photographer and my client needs makeup. Teresa Vance 916 555 0100", "I need to ask my husband first. Teresa Vance 916 555 0100",
        "My husband will be there. Kim Lee 916 555 0100", "Sending you my details. Teresa Vance 916 555 0100", "My coworker wants headshots too. Call me 916 555 0100",
        "Bethany gave me your number :) I'm her coworker Simone, 916-555-0100", "dinner for 2, 916 555 0100 my husband and me", 'I said "call me at 916 555 0100"', 'My message: "Hi this is Paul Stein, 916 555 0100"',
        'Resending my message from Monday: "Hi this is Paul Stein, 916 555 0100"', "CALL ME 916 555 0100 ASK FOR DENISE", "call me at 916 555 0100 and ask for denise",
        "my friend Kim wants to book us in, 916 555 0100", "I'm Kim Lee, my friend Kim needs one, 916 555 0100", "my friend Kim wants a birthday cake, 916 555 0100", "my friend needs a cut, 916 555 0100",
        "I've been trying to reach you, 916 555 0100", "I emailed you last week, 916 555 0100", "I got your info from Yelp, 916 555 0100", "Can you book my bridesmaids? Teresa Vance 916 555 0100",
        "My husband will call you. Teresa Vance 916 555 0100", "I'll text you tomorrow at 7, 916 555 0100",
        "mi numero 916 555 0100 pregunte por Yesenia", "llámame al 916 555 0100 y pregunta por Denise", "my cell 916 555 0100 ask for Denise",
        "Sou a Ana, esqueci o número dela, o meu é 916 555 0100", "vous pouvez me joindre au 916 555 0100", "je voudrais l'appeler demain, mon numéro 916 555 0100", "его номер я не знаю, мой номер 916 555 0100", "ich Nummer 916 555 0100", "其他电话 916-555-0100",
        "Can I book a cut with Raven 916 555 0100", "coming with Raven, 916 555 0100", "Can you fit me and Raven? 916 555 0100", "I'm Raven. Booking for me and Raven 916 555 0100", "all going with Kim Catering 916 555 0100",
        "can you send it to my phone? 916 555 0100", "send it to me! 916 555 0100", "can you send flowers to my sister Cherry? 916 555 0100", "I'm Tom, send it to Tom! 916 555 0100", "send it to Oakridge! 916 555 0100", "going with Madison WI 916 555 0100",
        "Elena told me to write. Marta 916 555 0100", "I'm Elena. Like Elena said. Elena 916 555 0100",
    ],
)  # fmt: skip
def test_a_number_is_the_writers_own_although_others_are_spoken_of(text: str) -> None:
    assert whose(text) == [("+19165550100", "own")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call my wife at 916-555-0101 or 916-555-0102", "xx"), ("My husband's numbers are 916-555-0101 and 916-555-0102", "xx"),
        ("my husband Dave: 916-555-0101, dave@acme.com", "xx"), ("Contact my assistant Karen: karen@acme.com or 212-867-5309", "xx"),
        ("mine 916-555-0100 hubby 916-555-0101", "ox"), ("Dave: 916-555-0101, me: 916-555-0100", "xo"), ("Mine: 916-555-0100, Dave: 916-555-0101", "ox"),
        ("Greg 916-555-0101 / Me 916-555-0100", "xo"), ("Raj: 916-555-0101, Meena: 916-555-0102", "xx"), ("916-555-0101 is my mom, 916-555-0100 is me", "xo"),
        ("916-555-0101 or 916-555-0102 are my husband's", "xx"), ("my wife's cell 916-555-0101, home 916-555-0102", "xx"), ("my cell 916-555-0100, hers is ana@x.com", "ox"),
        ("his line: 212 867 5309. I'm his assistant Joy Kim, 212 867 5310", "xo"), ("My number is 916-555-0100 or my husband's: 916-555-0101", "ox"),
        ("Venue: The Grand Hotel, 916-555-0101. My cell 916-555-0100", "xo"), ("bob@x.com (me), sue@x.com (wife)", "ox"), ("Husband: 916-555-0101\nana@x.com", "xo"),
        ("(916)555-0100 or my husband's: (916)555-0101", "ox"), ("(916)555-0100 or (916)555-0101 (husband)", "ox"), ("(916)555-0100 or (916)555-0101 my husband's", "ox"),
        ("Me: 916-555-0100\nHim: 916-555-0101", "ox"), ("mi número es 916-555-0100 o el de mi esposo 916-555-0101", "ox"), ("meu zap é 916-555-0100, do meu marido 916-555-0101", "ox"),
        ("мой номер 916-555-0100, жены 916-555-0101", "ox"), ("mój numer 916-555-0100, męża 916-555-0101", "ox"), ("old: 916-555-0101 new: 916-555-0100", "xo"),
        ("changed my number from 916-555-0101 to 916-555-0100", "xo"),
        ("9165550101 is my husband's, mine is 9165550100", "xo"), ("mine is 9165550100, hers 9165550101", "ox"), ("reach me at 9165550100 or Tom at 9165550101", "ox"),
        ("Jessica Nguyen\n916-555-0100\njess@x.com", "oo"), ("text my husband Greg (916-555-0101) or me (916-555-0100)", "xo"),
        ("Kids: Tom 916-555-0101, Me 916-555-0100", "xo"), ("My assistant Chloe will send it. chloe@mgmt.la, cc me at ana@x.com", "xo"), ("I'm Chloe, so is my assistant Chloe. chloe@x.com", "o"), ("916-555-0100 is me and 916-555-0101 is Dan", "ox"),
        ("I'm Ana Vorbelm, my husband Tom is at 916-555-0101, email ana.vorbelm@x.com", "xo"), ("I'm Ana Vorbelm, my husband Tom is at 916-555-0101, email ana@x.com", "xo"),
        ("I'm Ana Vorbelm, my husband Tom is at 916-555-0101, email tom.vorbelm@x.com", "xx"), ("I'm Ana Vorbelm, my husband Tom is at 916-555-0101, email tvorbelm@x.com", "xx"),
        ("I'm Ana, my husband Tom is at 916-555-0101, email tom.ana@x.com", "xx"),
        ("On Mon, Oak <info@oak.com> wrote:\n> Your number?\n\nOf course, 916-555-0100.", "xo"),
        ("Call me 916-555-0100\n\n---------- Forwarded message ---------\nFrom: Oak <info@oak.com>\nDate: Mon\nTo: <me@x.com>\n\nCall 916-555-0101", "oxxx"),
        ("From: Austin\nTo: Dallas\nDate: June 5\nPhone: 916-555-0100\nEmail: ana@x.com", "oo"),
    ],
)  # fmt: skip
def test_of_two_values_each_has_its_holder(text: str, expected: str) -> None:
    assert ["o" if holder == "own" else "x" for _, holder in whose(text)] == list(expected)


@pytest.mark.parametrize(
    "text",
    [
        "номер моей жены 916 867 0101", "телефон мужа: 9168670101", "позвоните моей маме 916 867 0101", "муж: 916 867 0101",
        "Столик на моё имя, но звоните жене: 916 867 0101", "916 867 0101 это номер моей жены", "916 867 0101 — телефон мужа",
        "het nummer van mijn vrouw is 916 867 0101", "mijn man: 916 867 0101", "bel mijn vrouw op 916 867 0101", "mijn vrouw haar nummer is 916 867 0101",
        "het nummer van mijn man 916 867 0101", "eşimin numarası 916 867 0101", "kocamın telefonu: 916 867 0101", "eşimi arayın 916 867 0101",
        "annemin numarası 9168670101", "916 867 0101 eşimin numarası", "رقم زوجتي 9168670101", "رقم هاتف زوجي هو 9168670101", "اتصل بزوجتي 9168670101",
        "زوجي: 9168670101", "我老婆的电话是9168670101", "我太太电话：916-867-0101", "请联系我先生 916-867-0101", "老公：9168670101", "9168670101是我老婆的电话", "我妈妈的手机号码是9168670101",
        "妻の電話番号は916-867-0101です", "夫の携帯: 916-867-0101", "妻に連絡してください 916-867-0101", "916-867-0101は妻の番号です", "제 아내 번호는 916-867-0101", "남편 전화번호 916-867-0101",
        "엄마 핸드폰: 916-867-0101", "아내에게 연락주세요 916-867-0101", "916-867-0101 은 아내 번호예요", "meri wife ka number 9168670101 hai",
        "mere bhai ka phone number hai 9168670101", "मेरी पत्नी का नंबर 9168670101", "मेरे पति का फ़ोन नंबर 9168670101 है", "המספר של אשתי 9168670101",
        "הטלפון של בעלי: 9168670101", "תתקשרו לאשתי 9168670101", "số của vợ tôi 9168670101", "số điện thoại của chồng tôi là 9168670101",
        "nomor istri saya 9168670101", "numer mojej żony 916 867 0101", "telefon męża: 916 867 0101", "zadzwoń do mojej siostry 916 867 0101",
        "min frus nummer är 916 867 0101", "min manns telefon: 916 867 0101", "I no longer have 916-867-0101", "Is this still your number? 916-867-0101",
        "this is not my number: 916-867-0101", "Someone from 916-867-0101 called me, is that you?", "Your competitor answered at 916-867-0101", "mein Mann hat die 916 867 0101",
        "I called 916-867-0101 but nobody picked up", "don't use 916-867-0101 anymore, that's my ex's", "916-867-0101 is my ex's",
        "in case of emergency call 916-867-0101", "emergency contact: 916-867-0101", "my old number was 916-867-0101", "I just texted 916-867-0101",
        "tom's is 916-867-0101", "номер мамы, 916 867 0101", "my ex's number is 916 867 0101",
        "is this still the right email for bookings? hello@acme.com", "is this the right number? 916-867-0101", "is hello@acme.com still good?", "is 916-867-0101 good?",
        "is 916-867-0101 the best number?", "este es tu numero? 916 867 0101", "es este su número? 916 867 0101", "I sent an email to hello@acme.com", "we sent the signed contract to bob@acme.com",
        "sent the deposit via zelle to 9168670101, did u get it", "paid $200 to 9168670101", "can I zelle you at 916-867-0101", "I can venmo it to 916-867-0101",
        "Llamé al 916 867 0101 y nadie contestó", "ya llame al 916 867 0101", "mandé un mensaje al 916 867 0101", "j'ai appelé le 916 867 0101", "ho chiamato il 916 867 0101", "liguei para o 916 867 0101",
        "le escribo a tu socia entonces, es el 916 867 0101 verdad?", "I called the salon at 916-867-0101", "the website has 916-867-0101", "someone called me from 916-867-0101",
        "they told me to call 916-867-0101", "she said to text 916-867-0101", "I was referred to you, they sent me to 916-867-0101", "who is 916-867-0101", "whose number is 916-867-0101",
        "My landlord needs a quote. He's Stan, 916-867-0101", "my boss wants it. his name is Stan 916-867-0101", "the tenant is Stan, 916-867-0101", "contact on site: Stan 916-867-0101",
        "Stan will let you in 916-867-0101", "my planner is Kelly Marsh. kelly@acme.com", "my planner Kelly will be in touch, kelly@acme.com", "I cc'd my planner kelly@acme.com",
        "bob@acme.com is my partner he handles the contract", "send the contract to bob@acme.com he handles that", "L'assistante de M. Bernard rappellera. Elle est au 916 867 0101",
        "Thanks!\nJen Smith\nHusband 916-867-0101", "Thanks!\nJen Smith\nHusband: 916-867-0101", "Venue: The Grand Hotel\n916-867-0101", "Venue: The Grand Hotel\nTel: 916-867-0101", "it's outside.\nMom\n916-867-0101",
        'Nina texted me this: "call 916-867-0101"', "Begin forwarded message:\nFrom: Claire\nTo: me\nSubject: hi\n\nYou HAVE to see this. 916-867-0101", "Forwarded from Nina:\n\"the chef's number is 916-867-0101, xo Nina\"\n\nHi",
        "Mi esposa habla español. Ella está en el 916 867 0101", "I'm Ana. 916-867-0101 is Dan",
        "o número dela é 916 867 0101", "el número de ella es 916 867 0101", "mon mari sera là, vous pouvez l'appeler au 916 867 0101", "appelez-le au 916 867 0101", "её номер 916 867 0101", "це його телефон 916 867 0101",
        "jej numer 916 867 0101", "我老公会在家,他的电话是 916-867-0101", "请联系她 916-867-0101", "916 867 0101 это его номер",
    ],
)  # fmt: skip
def test_somebody_elses_number_is_told_in_many_languages(text: str) -> None:
    assert [holder for _, holder in whose(text)] == ["other"]


@pytest.mark.parametrize(
    "text",
    [
        "мой номер 916 867 0100", "столик для моей жены, 916 867 0100", "у мамы день рождения, телефон 916 867 0100", "другой номер 916 867 0100",
        "звоните мне 916 867 0100", "муж просил, мой номер 916 867 0100", "мы с мужем, номер 916 867 0100", "mijn nummer is 916 867 0100",
        "een tafel voor mijn vrouw, 916 867 0100", "mijn man en ik willen reserveren, 916 867 0100", "bel me op 916 867 0100", "benim numaram 916 867 0100",
        "eşim için masa, 9168670100", "numaram 916 867 0100", "رقمي 9168670100", "عشاء مع زوجتي، رقمي 9168670100", "我的电话是9168670100", "我太太生日，我的电话是9168670100",
        "我和老婆想订位，电话9168670100", "我是老板，电话9168670100", "私の電話番号は916-867-0100です", "妻の誕生日です。電話番号は916-867-0100", "母と行きます、電話 916-867-0100", "제 번호는 916-867-0100",
        "남편 생일이에요. 번호는 916-867-0100", "아내와 함께 갑니다, 전화 916-867-0100", "mera number 9168670100 hai", "wife ke liye surprise, mera number 9168670100",
        "मेरा नंबर 9168670100", "המספר שלי 9168670100", "ארוחה עם אשתי, המספר שלי 9168670100", "số của tôi 9168670100", "nomor saya 9168670100",
        "mój numer 916 867 0100", "mitt nummer är 916 867 0100", "middag med min fru, 916 867 0100", "I called yesterday, 916-867-0100",
        "I texted you yesterday from 916 867 0100", "if not, call me 916-867-0100", "my number has not changed: 916-867-0100",
        "I don't have email, 916-867-0100", "it's urgent, do not hesitate to call 916-867-0100", "why not? 916-867-0100",
        "my new number is 916-867-0100, not the old one", "I called and nobody answered, 916-867-0100", "I am not sure. 916-867-0100",
        "call me in case of emergency 916-867-0100", "never mind, 916-867-0100", "let's do Tuesday 916-867-0100", "what's up, 916 867 0100",
        "it is 916-867-0100", "Ana's here, number is 916-867-0100", "vegan, no dairy 916-867-0100", "cell no 916-867-0100", "the ex went wild; 916-867-0100",
        "call me if not too late 916-867-0100",
        "Is this a good number to reach me? 916-867-0100", "is it the right number for me? 916-867-0100", "is the appointment still good? 916-867-0100", "916-867-0100 is the best number",
        "916-867-0100 is a good number for me", "my cell is 916-867-0100, right?", "call me at 916-867-0100, is that good?", "please refund the deposit to 916-867-0100", "you can venmo me at 916-867-0100",
        "you sent the invoice to 916-867-0100", "the code was sent to 916-867-0100", "I sent you the form please reply to 916-867-0100", "I already sent my deposit, 916-867-0100", "I pay for it, call me at 916-867-0100",
        "llame al 916 867 0100", "que me llame al 916 867 0100", "marque al 916 867 0100", "I called the salon from 916-867-0100", "I called you yesterday from 916-867-0100", "my husband told you to call 916-867-0100",
        "Dinner for my daughter, her name is Sofia, 916-867-0100", "my wife turns 40, her name is Ana 916-867-0100", "grooming for my dog. He's Max, 916-867-0100", "my wife loves it. she's Italian, 916-867-0100",
        "I'm Ana and my fiancé is Tom, 916-867-0100", "I'm Dan. 916-867-0100 is Dan", "916-867-0100 is Dan", "call me at 916-867-0100 he handles that", "916-867-0100. She's the one turning 50", "he's Max, 916-867-0100",
        "Somebody will let you in, 916-867-0100", "my mom is Irish, 916-867-0100", "my cell 916-867-0100 is Verizon", "Stan will be there at 6. 916-867-0100", "I'm Stan and Stan will let you in, 916-867-0100",
        "Kind regards,\nVictoria Ashworth\nAshworth Concierge\n+1 916 867 0100", "Best,\nJane Doe\nGeneral Manager, The Driskill Hotel\n916-867-0100", "Best,\nJane Doe\nRose Hall\nTel: 916-867-0100",
        "Thanks!\nJen Smith\nBride\n916-867-0100", "we r staying at the hotel 916-867-0100", "we're at an airbnb 916-867-0100",
        "forwarded this to my mum, she wants two of the vouchers 916-867-0100", "I will pay the balance today, 916-867-0100", "can I pay cash at the door?, 916-867-0100", "ya los marqué as spam, 916-867-0100",
        "Sorry I sent that message to the wrong person! 916-867-0100", "Is this the right number for orders? ana@acme.com", "is this still your email? 916-867-0100",
        "you can text 916-867-0100, is it still good to come at 5?", "Emily will be there, 916-867-0100",
        "who is this? 916-867-0100", "please send the contract to ana@acme.com", "I saw the website and want to book, 916-867-0100",
    ],
)  # fmt: skip
def test_a_number_is_the_writers_own_in_many_languages(text: str) -> None:
    assert [holder for _, holder in whose(text)] == ["own"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mine is 9168670100, Tom's is 9168670101", "ox"), ("Not 916-867-0101 but 916-867-0100", "xo"),
        ("I used to have 916-867-0101 but changed, new one is 916-867-0100", "xo"), ("I lost my phone 916-867-0101, use 916-867-0100 instead", "xo"),
        ("I no longer have 916-867-0101. Use 916-867-0100", "xo"), ("my old number was 916-867-0101, new one 916-867-0100", "xo"),
        ("мой номер 916 867 0100, номер мужа 916 867 0101", "ox"), ("номер мужа 916 867 0101, мой 916 867 0100", "xo"),
        ("916 867 0101 это номер жены, мой 916 867 0100", "xo"), ("我的电话9168670100，我老婆的电话9168670101", "ox"), ("妻の番号は916-867-0101、私の番号は916-867-0100", "xo"),
        ("제 번호 916-867-0100, 남편 번호 916-867-0101", "ox"), ("call me at 916-867-0100, if not 916-867-0102", "oo"),
        ("mijn nummer is 916 867 0100, dat van mijn vrouw 916 867 0101", "ox"), ("my number is 916-867-0100, not 916-867-0101", "ox"),
        ("eşimin numarası 916 867 0101, benim numaram 916 867 0100", "xo"), ("use 916-867-0100, don't use 916-867-0101", "ox"),
    ],
)  # fmt: skip
def test_of_two_numbers_the_words_tell_the_holders(text: str, expected: str) -> None:
    assert ["o" if holder == "own" else "x" for _, holder in whose(text)] == list(expected)


def test_a_toll_free_number_is_a_companys_unless_the_writer_claims_it() -> None:
    assert whose("the app says 1 800 867 5309") == [("+18008675309", "other")]
    assert whose("my number is 800-867-5309") == [("+18008675309", "own")]


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
        ("dm @chefmaria please", [("@chefmaria", "other")]), ("Tag me and @jordan.shoots when u post", [("@jordan.shoots", "other")]), ("tag me @nora.lively", [("@nora.lively", "own")]),
        ("tried emailing info@x.com but it bounced", [("info@x.com", "other")]), ("emailed info@x.com twice", [("info@x.com", "other")]),
        ("my insta: @AnaCooks", [("@anacooks", "own")]),
        ("IG: ana.cooks.", [("@ana.cooks", "own")]),
        ("see https://www.instagram.com/p/Cxyz/", []),
        ("my insta is anacooks", [("@anacooks", "own")]), ("ig @anacooks", [("@anacooks", "own")]), ("IG: anacooks / hi", [("@anacooks", "own")]),
        ("Found you on Instagram: love your food!", []), ("IG: DM me", []), ("insta: follow us", []), ("saw it on insta: looks great", []), ("Insta: yummy!!", []), ("instagram: wow", []),
        ("my Venmo is @jane-smith-4155", []), ("tiktok @ana.cooks", []), ("text me @9165550100", [("+19165550100", "own")]), ("my sister's ig is @mona", [("@mona", "other")]),
        ("jane dot doe at gmail dot com", [("jane.doe@gmail.com", "own")]), ("jane @ gmail.com", [("jane@gmail.com", "own")]), ("Email me at jane dot doe at gmail dot com please", [("jane.doe@gmail.com", "own")]),
        ("see instagram.com/ana.cooks", [("@ana.cooks", "other")]),
        ("Ig is @ana_cooks and I love it", [("@ana_cooks", "own")]), ("im @ana on insta", [("@ana", "own")]), ("on insta im @ana", [("@ana", "own")]), ("scrivimi su ig, sono @ana.bnc", [("@ana.bnc", "own")]),
        ("thats me @ana", [("@ana", "own")]), ("@ana thats me", [("@ana", "own")]), ("https://www.instagram.com/ana_/ this me, look", [("@ana_", "own")]), ("IG: instagram.com/ana", [("@ana", "own")]),
        ("my page is @ana", [("@ana", "own")]), ("dm me on my main @ana", [("@ana", "own")]), ("my other acc is @ana", [("@ana", "own")]), ("@ana is my backup", [("@ana", "own")]),
        ("hmu @ana_", [("@ana_", "own")]), ("we are @ana_", [("@ana_", "own")]), ("Unser Insta ist @hof.linde", [("@hof.linde", "own")]),
        ("IG - ana_", [("@ana_", "own")]), ("my instagram username ana_", [("@ana_", "own")]), ("my ig ana_88", [("@ana_88", "own")]),
        ("we are @thedriskill", [("@thedriskill", "other")]), ("im @soho_house rn, saw u on insta", [("@soho_house", "other")]), ("love @ana", [("@ana", "other")]), ("saw you on @ana", [("@ana", "other")]),
        ("I'm going with @ana", [("@ana", "other")]), ("saw this on insta @ana", [("@ana", "other")]), ("my favorite page is @ana", [("@ana", "other")]), ("my sister's main is @ana", [("@ana", "other")]),
        ("his page @ana is my favourite", [("@ana", "other")]), ("@ana is my page's rival", [("@ana", "other")]), ("su ig es @ana", [("@ana", "other")]), ("my tiktok main is @ana", [("@ana", "other")]), ("it's @ana_", [("@ana_", "other")]),
        ("saw it on IG - 7.30pm ok", []), ("found you on IG - love_it", []), ("my insta 2nd account", []), ("my friend tagged you on ig ana_99", []), ("IG - yummy", []),
        ("Dont hmu @ana", [("@ana", "other")]), ("they were on insta @ana", [("@ana", "other")]), ("I'm on insta @ana", [("@ana", "own")]), ("I'm not who you think I am @ana_bel", [("@ana_bel", "other")]), ("not my shop @ana", [("@ana", "other")]), ("no soy @ana_bel", [("@ana_bel", "other")]), ("aren't what they were @ana_bel", [("@ana_bel", "other")]),
        ("mail ana@x.com", [("ana@x.com", "own")]), ("email itsana @gmail", []), ("email me @gmail.com", []), ("dm @gmailchef", [("@gmailchef", "other")]),
        ("john9165550100@gmail.com", [("john9165550100@gmail.com", "own")]),
        ("9165550100@gmail.com", [("9165550100@gmail.com", "own")]),
    ],
)  # fmt: skip
def test_handles_and_addresses_are_told_apart(text: str, expected: list[tuple[str, str]]) -> None:
    assert whose(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "see you at gmail dot com", "find us at acme dot com", "we met at google dot com", "booked at opentable dot com", "look at joes dot com", "order at doordash dot com",
        "was at acme dot com", "arrive at noon dot com", "email me at gmail dot com", "I saw it at yelp dot com", "your site at chefs dot com",
        "thanks.lunch at ana.com", "see you.meet at hotel.com", "sign in at att.net", "photos.please at acme.com",
    ],
)  # fmt: skip
def test_a_place_on_the_web_is_no_address(text: str) -> None:
    assert whose(text) == []


def test_a_mailbox_may_be_named_after_a_word() -> None:
    assert whose("write to info at acme dot com") == [("info@acme.com", "own")]
    assert whose("the.best at gmail.com") == [("the.best@gmail.com", "own")]
    assert whose("jason.young at sacusd.edu") == [("jason.young@sacusd.edu", "own")]


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
        ("table for 4 on friday, name John Park", ["John Park"]), ("Soy su mamá, Rosa", ["Rosa"]), ("Hi I'm her coworker Simone, do you have time?", ["Simone"]),
        ("Can you do Friday?\n- Danny Cruz, Owner", ["Danny Cruz"]), ("Thanks,\nDanny Cruz, owner", ["Danny Cruz"]),
        ("Hi this is Omya. Can I book for 2?", ["Omya"]), ("Hello this is Tevita", ["Tevita"]), ("Hi this is Priya, I'm Priya", ["Priya"]), ("I'm Chef Ana", ["Ana"]), ("I'm Ana Can you help", ["Ana"]),
        ("Nombre: Luis Ortega Tel: 916 555 1234", ["Luis Ortega"]), ("I'm J.R. Ewing", ["J. R. Ewing"]), ("It's me again, Tom Becker.", ["Tom Becker"]),
        ("Thanks!\n\nJessica Nguyen\n408-555-0188", ["Jessica Nguyen"]), ("Thank you so much!! - Priya Patel", ["Priya Patel"]), ("hi i am mark", ["Mark"]),
        ("hi i am mark johnson 916-555-1234", ["Mark Johnson"]), ("i'm chase, call me", ["Chase"]), ("my name is xochitl", ["Xochitl"]), ("Name - Carla Mendez\nGuests - 4", ["Carla Mendez"]),
        ("hello i'm oluwaseun, need catering", ["Oluwaseun"]), ("Cheers, Jo x", ["Jo"]), ("hi, its grace!", ["Grace"]), ("I'm his assistant Joy Kim", ["Joy Kim"]),
        ("Regards,\nBartholomew Quigley", ["Bartholomew Quigley"]), ("good evening, Jean-Baptiste here", ["Jean-Baptiste"]), ("ich bin der Klaus", ["Klaus"]), ("soy lupita", ["Lupita"]),
        ("I'm Austin, from Austin", ["Austin"]), ("my name is Mud lol", ["Mud"]), ("Thanks, Virginia", ["Virginia"]), ("My name's Nguy\u1ec5n Th\u1ecb Mai", ["Nguy\u1ec5n Th\u1ecb Mai"]),
        ("Merhaba, ben Billie Burkart, numaram", ["Billie Burkart"]), ("Merhaba, ad\u0131m Ayşe Demir", ["Ayşe Demir"]),
        ("你好，我是Eddie Watts，我的电话是", ["Eddie Watts"]), ("你好，我是高静华", ["高静华"]), ("我叫王伟", ["王伟"]), ("我是老师", []),
        ("Oi, aqui é Alma Nanski, meu telefone é", ["Alma Nanski"]), ("sou cliente de vocês", []), ("aqui é muito bom", []),
        ("مرحبا، أنا Jason Johnson، رقمي", ["Jason Johnson"]), ("مرحبا، اسمي يوسف درويش، رقمي", ["يوسف درويش"]),
        ("Cześć, jestem Kasia Nowak", ["Kasia Nowak"]), ("Cześć, jestem Zainteresowana", []), ("Привет, это Ольга", ["Ольга"]), ("это важно", []),
        ("mera naam Raj hai", ["Raj"]), ("שלום, קוראים לי דוד כהן", ["דוד כהן"]), ("山田と申します", ["山田"]), ("私の名前は山田太郎です", ["山田太郎"]), ("私はベジタリアンです", []),
        ("저는 김민수입니다", ["김민수"]), ("제 이름은 이영희입니다", ["이영희"]), ("저는 학생입니다", []), ("저는 한국인입니다", []), ("i'm mrs patel", ["Mrs Patel"]), ("i'm mr grumpy", []),
        ("Hi, I'm Praneel Hora!", ["Praneel Hora"]), ("Hello! I am Praneel Hora. Can I book?", ["Praneel Hora"]), ("Hi, I'm Vegan Friendly, ok?", []),
        ("Hi, I'm Praneel Booking forward", []), ("Hi, I'm Costa Rica bound", []), ("Hi, I'm praneel hora", []),
        ("My name is J.", []),
        ("My name is Ana Maria Del Carmen Lopez Garcia Perez Soto", ["Ana Maria Del Carmen Lopez Garcia"]),
        ("hej, jag heter Björn Åkesson", ["Björn Åkesson"]), ("ako si Maria Santos", ["Maria Santos"]),
        ("Are you open on Sunday? Susan", ["Susan"]), ("Habt ihr am Sonntag offen?\nAgnieszka Kizarsen", ["Agnieszka Kizarsen"]),
        ("My name is Valentine Grenier", ["Valentine Grenier"]), ("Je m'appelle Valentine Grenier", ["Valentine Grenier"]),
        ("See you then! Tom D. \U0001f60a", ["Tom D."]), ("Hola, soy M. García", ["M. García"]), ("Привет, я Анна Петрова, мой номер", ["Анна Петрова"]), ("я вегетарианец", []),
        ("My cell is (916) 555-0134 - Julio Davis", ["Julio Davis"]), ("Please tell ben Smith hi", []), ("Maria Vorbelm here? no, it's her son", []), ("> Hi this is Maria Vorbelm\nCan you help her?", []),
        ("She wrote: I'm Maria Vorbelm\n\nI'm Tom Hale", ["Tom Hale"]), ("I'm Mark Can you help", ["Mark"]), ("I'm Grant Hill", ["Grant Hill"]),
        ("I'm Grace your client from May", ["Grace"]), ("I'm Christian and my wife is Eve", ["Christian"]), ("This is Austin Banks", ["Austin Banks"]), ("Hi, I'm Wei Fan", ["Wei Fan"]), ("I'm Doris Day", ["Doris Day"]), ("Merhaba ben Türkiye'den geliyorum", []),
        ("Can I come at 4? Jessica Smith, 512-834-2291", ["Jessica Smith"]), ("Olivia Grant\n646-342-9908", ["Olivia Grant"]), ("jessica smith 512-834-2291 a table for 4 please", ["Jessica Smith"]),
        ("Olivia Grant 646-342-9908 olivia@grant.com", ["Olivia Grant"]), ("512-834-2291 - Jessica", ["Jessica"]), ("Jen 512-834-2291 / Dan 512-834-2292", []),
        ("All the best,\nMargaret & Phil", ["Margaret", "Phil"]), ("Thanks!\nTom and Kelly", ["Tom", "Kelly"]), ("we're Tom and Kelly Baker, hi", ["Tom Baker", "Kelly Baker"]),
        ("Best, Jessica and the team", ["Jessica"]), ("I'm Ana and Kelly Smith sent me", ["Ana"]), ("I'm Ana, Events are on Friday?", ["Ana"]), ("hi im jessica nails on friday?", ["Jessica"]), ("we're Tom and B_2", ["Tom"]), ("I'm Tom de", ["Tom"]), ("everyone calls me Jo", ["Jo"]),
        ("Acme office, Monica speaking", ["Monica"]), ("Hello. Mrs. Patterson here.", ["Mrs. Patterson"]), ("I am Father Thomas O'Leary", ["Thomas O'Leary"]),
        ("This is Mark's wife, Ellen", ["Ellen"]), ("I'm Tom's assistant Cindy", ["Cindy"]), ("I'm a photographer named Will", ["Will"]), ("i'm the bride (Tessa!)", ["Tessa"]),
        ("put it under Nguyen", ["Nguyen"]), ("a table under the name Sarah Lee", ["Sarah Lee"]), ("SEE YOU ON TUESDAY. LINDA", ["Linda"]), ("regards, A. J. Simmons", ["A. J. Simmons"]),
        ("Thanks! Patience Osei", ["Patience Osei"]), ("sorry this is trey not tre", ["Trey"]), ("ask for Reggie thats me", ["Reggie"]), ("My info: Name: Olivia Grant, Phone: 1", ["Olivia Grant"]),
        ("Bien à vous,\nHélène Marchand", ["Hélène Marchand"]), ("Mit freundlichen Grüßen\nDr. Stefan Brandt", ["Stefan Brandt"]), ("Danke! LG Sabine", ["Sabine"]), ("hoi, met Sanne!", ["Sanne"]),
        ("Спасибо, Ольга", ["Ольга"]), ("le saluda Ernesto Villalobos", ["Ernesto Villalobos"]), ("mình tên Lan", ["Lan"]),
        ("My friend recommended you! Teresa Vance 512-834-2291", ["Teresa Vance"]), ("I'm Ana. My coworker wants one too. Paul Stein 512-834-2291", ["Ana"]),
        ("see you then thanks! - meg", ["Meg"]), ("thank you, meg", ["Meg"]), ("gracias, bella", []), ("cell 804-225-7716 💕 Maddie", ["Maddie"]), ("hey girl its Lety", ["Lety"]), ("512-555-0148. Pozdrawiam Kasia", ["Kasia"]),
        ("the name for the appt is Gwen", ["Gwen"]), ("the booking is under my name, Gwen Hill", ["Gwen Hill"]), ("My info - Priya Raman", ["Priya Raman"]), ("Emily Sandoval", ["Emily Sandoval"]),
        ("Your rates?\n\nDaniel Okafor\nDirector of Sales | Brightline Logistics\nM: 678.904.2215", ["Daniel Okafor"]), ("mi numero 915-533-2087 preguntar por Yesenia", ["Yesenia"]),
        ("First name Shanice last name Pratt", ["Shanice Pratt"]), ("First name: Shanice\nLast name: Pratt", ["Shanice Pratt"]), ("My fiancé Drew and I (Morgan) are here", ["Morgan"]),
        ("안녕하세요 김지훈입니다.", ["김지훈"]), ("Мене звати Ірина", ["Ірина"]), ("Salamat po, Maria", ["Maria"]), ("Hello si Mark po to", ["Mark"]), ("मेरा नाम अंजलि शर्मा है", ["अंजलि शर्मा"]), ("اسمي فاطمة وأريد حجز", ["فاطمة"]),
        ("Hi this is Dongwook, order 12 please", ["Dongwook"]), ("Hi, this is My Tran, can I come", ["My Tran"]), ("this is TREVON HARRIS, I need a cut", ["Trevon Harris"]), ("Hola soy Kou, quiero una cita", ["Kou"]), ("soy Anthony Street, quiero una cita", ["Anthony Street"]),
        ("need to reschedule pls - Amy Villa", ["Amy Villa"]), ("if it's over $600 call me first - Ron", ["Ron"]), ("text me -Ron", ["Ron"]),
        ("heyyy its bri!! i got a new one", ["Bri"]), ("yo its dre, u free", ["Dre"]), ("hey girl its April, can u", ["April"]), ("This is Hope from church. My son", ["Hope"]), ("This is Joy with Blue Door Realty", ["Joy"]),
        ("Thanks,\nMichael D. Foster", ["Michael D. Foster"]), ("Do you have 6?\n\nMichael D. Foster", ["Michael D. Foster"]), ("Saludos,\nFamilia Gutiérrez\nVerónica y Julio", ["Verónica", "Julio"]),
        ("Chào chị, em là Thảo, em muốn", ["Thảo"]), ("em là Việt kiều", []), ("mình là người mới", []), ("Bonjou, mwen rele Wideline.", ["Wideline"]), ("mwen rele salon an", []), ("Cześć, tu Agnieszka.", ["Agnieszka"]), ("Hej, tu Salon Kasia", []), ("me gusta tu Ana", []),
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
        "her name is Sofia Reyes", "my daughter's name is Mia", "My husband's name is John Doe", "my dog's name is Rex", "the restaurant name is Casa Blanca", "Business name is Tasty Bites",
        "Company name: Blue Sky LLC", "I'm Nigerian", "My name is under Smith for the booking", "my name is spelled wrong", "my name is different on instagram", "I'm Texan", "I'm Dutch",
        "I'm Diabetic", "I'm Speechless", "I'm Obsessed with your tacos", "I'm Desperate", "This is Ridiculous", "I'm Finally 21", "This is Goals", "This is Heaven", "This is Art", "I'm Happy!",
        "Hi, I'm Will Be There At Six", "I'm Art Director at Acme", "I'm Grant Writer by trade", "I'm Angel Investor", "I'm Dean of Students", "I'm Christian and Vegan",
        "This is Austin Texas", "This is Rose Garden Events", "I'm Sunny Side Catering", "This is Jordan River Tours", "this is Paris Hotel front desk",
        "This is Sparta!", "It's Paris themed", "It's Christmas time", "It's Gonna be great", "I'm Gluten-free", "It's Complicated", "I'm Literally Crying", "I'm Google Certified", "It's Game Day!",
        "Thanks, Babe", "Thanks, Will Do", "Thanks,\nAcme Events", "Regards, Sales Team", "Gracias, Saludos", "Merci, Bonne Journ\u00e9e", "Grazie, Buona Giornata", "Je suis V\u00e9g\u00e9tarienne",
        "Je suis Fran\u00e7aise", "Ich bin Vegetarier", "Ich bin K\u00f6chin", "Sono Italiana", "Me llamo la atenci\u00f3n su men\u00fa", "i'm jordan based", "i'm georgia born", "Its Max 5th birthday",
        "I'm rita@bigcorp.com", "It's tasha_c", "Thanks, Sounds Good", "I'm Chinese American", "I'm Madison's teacher", "This is Madness!!", "We're the Hendersons", "I'm Super Bowl ready",
        "Who is in today? Maria?", "Can I book? Sunday", "ok. Sure", "Yes! Amen", "Sounds good! Will", "Great! JOHN", "see you. maria",
        "i'm happy", "i'm frank about it", "I'm American", "I'm not sure", "I'm in LA", "This is Regarding the event", "hi Ana, are you free?",
        "Hi Marco, that works. Thanks, Marco", "Thank you so much, Marco!", "Thank you, Chef Marco", "See you then! Jessica rules", "Hi Marco\n512-834-2291", "Chase Bank 512-834-2291",
        "I work for Dr. Lena Hart", "I was referred by Mrs. Lena Hart", "Work was done for Mr. Ron Pike", "de parte de la Sra. Ana Soto", "Booked with St. James Hall",
        "no soy Ana, este número ya es mío", "ya no soy Ana", "non sono Ines", "não sou a Ana", "no me llamo Ana", "ich heiße nicht Anna", "меня зовут не Анна",
        "Elena referred me (512-834-2291)", "Elena knows you, 512-834-2291", "Elena will pay 512-834-2291", "Elena Diaz recommended you. 512-834-2291", "Elena referred me, my cell is 512-834-2291",
        "Sending you a client! Teresa Vance 512-834-2291 wants highlights", "My coworker wants headshots too. Paul Stein 512-834-2291", 'From my mom: "this is Joan, 512-834-2291"',
        "The Grand Hyatt 512-834-2291", "it's Madison Ave right?", "It's Savannah GA", "I met Sarah yesterday", "Lincoln Park", "Brooklyn Bridge", "Happy Birthday", "San Jose", "thanks, hun", "Call Dave 512-834-2291", "I'm a mom of two",
        "Hola soy Enfermera, trabajo", "soy Salvadoreña, hacen trenzas?", "soy Ex, hola", "Hi this is Gorgeous, how much", "Hi this is Botox, right?", "Hi this is Uber, your ride", "Hi this is Photoshoot, how much", "Hi this is My Best, thx", "Hi this is Main Street, hello",
        "Hi this is Nairobi Salon, call me", "this is AMAZING WORK, love it", "this is BLACK FRIDAY, hi", "it's XMAS, yay", "this is SO COOL, right", "Hi this is Main Street Deli Shop, hi",
        "Saturday - Sunday", "Sacramento - Austin", "menu - Rosemary chicken", "my usual stylist please - Jessica", "call my husband first - Ron", "a quote from dallas today - Austin", "is it open - Jessica?", "can she call me back - Maria?", "when will she call me back - Maria", "contact us - Madison", "one chicken please - one beef",
        "hey its tan, not brown", "hey its sun, hot", "hey its lit!", "hey its on, see u", "yo its go time", "Hey love it, thanks", "This is Art from Mexico", "This is Grace from God", "This is art from the studio", "Saludos,\nFamilia Gutiérrez",
    ],
)  # fmt: skip
def test_other_statements_name_nobody(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    "text", ["Elena 512-834-2291", "Elena, cell: 512-834-2291", "Elena Diaz my number 512-834-2291"]
)
def test_a_name_and_a_contact_introduce_their_bearer(text: str) -> None:
    assert names(text)[0].startswith("Elena")


def test_a_title_tells_that_a_name_is_the_familys() -> None:
    (name,) = read("I'm Mrs. Robinson").names
    assert (name.given, name.family) == ("", "robinson")


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
        "a", "1 ", "@", "@a ", "my ", "i'm ", "Ana ", "1", "a@", "(", "\n", ". ", "name's ", "-", "my husband's ", "+1-", "12/", "$1", "\u00e9", " ", "[at]", "thanks ",
        "wife (is)", "my wife cell phone ", "9165551234 ", "#9165551234 ", "call my wife at 916-555-1234 or ", "a dot b at ", "ig: x ", "xo", "J.", "A ", "Venue: ", "POC: Joe Black ",
        "email is ana b ", "email is ana b at gmail dot com ", "ich und 0171 4483920 ", "06 12 ", "email info ", "area code 818 ", "london 0171-448-39-20 ", "00 ", "8(",
        "nine ", "9O", "9 O ", "номер ", "wa.me/34612345678 ", "numéro de la ", "номер мамы ", "meri wife ", "아내 ", "у мамы номер ",
        "I paid the deposit ", "I sent it to ", "is this the right number for ", "my main ", "on insta im ", "my wife is Stan ", "Stan will call you ", "our planner is ", "he's Stan 9165551234 ", "me and Stan ", "text me - Ron ", "text me -", "ana.lopez at ", "ana . ", "send it to Stan ", "Stan told me. Stan ", "coming with Stan 9165551234 ",
    ],
)  # fmt: skip
def test_no_text_takes_long(piece: str) -> None:
    started = time.process_time()
    extract(piece * (200_000 // len(piece)), region="US")
    assert time.process_time() - started < 0.5 * _SLOWNESS
