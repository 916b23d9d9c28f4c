"""What people write when they want to hear no more, and what only looks like it: tables of sentences in fixtures/wording.

Rules and weights come from `examples/` alone. What is held out was written before any rule read it; `*.independent.jsonl` by
somebody who knew no rule, and the rules have been mended since by what they missed of it; nothing has learnt from `*.unseen.txt`
(hard ones) and `*.everyday.txt`, whose writers knew no rule either (docs/operations.md has the figures).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures.wording.fitting import examples, fitted
from service.usecases.likeness import weights
from service.usecases.wording import Wording, is_answer, read_wording

ROOT = Path(__file__).parents[2]
HELD_OUT = ROOT / "fixtures" / "wording"
#: Either stops marketing at once.
HONOURED = {Wording.STOP, Wording.UNCLEAR, Wording.WRONG_NUMBER}
#: What nobody loses anything by.
ORDINARY = {None, Wording.YES, Wording.START, Wording.HELP}


def sentences(kind: str, part: str) -> list[str]:
    if part == "examples":
        # They are what the weights were fitted to; every tenth tells whether they still are.
        return list(examples(kind))[::10]
    if part == "independent":
        lines = (HELD_OUT / f"{kind}.independent.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["text"] for line in lines]
    return (HELD_OUT / f"{kind}.{part}.txt").read_text(encoding="utf-8").splitlines()


def share_read_as(kind: str, part: str, wanted: set[Wording | None]) -> float:
    found = sentences(kind, part)
    return sum(read_wording(each) in wanted for each in found) / len(found)


@pytest.mark.parametrize("part", ["held_out", "independent", "everyday", "examples"])
def test_at_least_98_of_100_who_want_to_hear_no_more_are_honoured(part: str) -> None:
    assert share_read_as("revokes", part, set(HONOURED)) >= 0.98


def test_of_hard_messages_most_are_read_rightly() -> None:
    assert share_read_as("revokes", "unseen", set(HONOURED)) >= 0.96
    assert share_read_as("harmless", "unseen", set(ORDINARY)) >= 0.95


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to unsubscribe",
        "i dont want to be removed from the list",
        "I'm not opting out, just asking what day the promo starts",
        "Please don't unsubscribe me!",
        "No quiero darme de baja, solo cambiar mi correo",
        "Ich will mich nicht abmelden, nur die Adresse ändern",
        "Non voglio cancellarmi, mi piacciono le vostre offerte",
        "не хочу отписываться, просто сменить номер",
        "don't take me off the list, i like these",
    ],
)
def test_who_says_that_they_want_to_stay_is_not_stopped(text: str) -> None:
    assert read_wording(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to unsubscribe again and again, stop texting me",
        "I do not want to opt out, I want you to delete my number",
        "why should I have to unsubscribe, I never signed up",
        "I tried opting out but it's not working",
        "Ich kann mich nicht abmelden, bitte löschen",
        "ich wollte mich nicht abmelden müssen, bitte löschen Sie mich",
        "why did you not unsubscribe me",
        "you never remove me from the list even though I asked",
        "you still did not unsubscribe me",
        "No quiero publicidad cancelar suscripcion",
        "ich will diese werbung nicht bitte abmelden",
        "non voglio sms cancellarmi",
        "You people do not want to unsubscribe me",
        "I'm not asking to unsubscribe, I'm telling you",
        "I don't want to opt out of reminders, just the promos",
        "I'm not opting out again, this is the last time I ask",
        "Don't unsubscribe me delete my number",
        "I'm not opting out of anything polite. Leave us alone.",
        f"{'We have been coming here for many years and were always happy. ' * 5} I don't want to unsubscribe. No more ads please.",
    ],
)
def test_who_denies_one_way_out_or_complains_that_it_does_not_work_is_heard(text: str) -> None:
    assert read_wording(text) in HONOURED


@pytest.mark.parametrize("text", ["No", "no.", "NO!"])
def test_a_bare_no_stops_nothing(text: str) -> None:
    assert read_wording(text) is None


@pytest.mark.timeout(600)
def test_the_weights_are_those_of_the_examples() -> None:
    """Where this fails: make wording."""
    kept, now = weights(), fitted()
    apart = {each for each in kept.keys() | now.keys() if abs(kept.get(each, 0.0) - now.get(each, 0.0)) > 0.1}
    assert not apart


@pytest.mark.parametrize("part", ["held_out", "independent", "everyday", "examples"])
def test_at_most_5_of_100_harmless_sentences_stop_anything(part: str) -> None:
    assert share_read_as("harmless", part, set(ORDINARY)) >= 0.95


def test_what_may_be_an_opt_out_goes_to_a_person() -> None:
    assert share_read_as("unclear", "held_out", {Wording.UNCLEAR, Wording.CANCEL}) == 1


def test_a_wrong_number_is_heard() -> None:
    assert share_read_as("wrong_number", "held_out", {Wording.WRONG_NUMBER}) >= 0.95


@pytest.mark.parametrize(
    "word",
    [
        "STOP",
        "STOPALL",
        "STOP ALL",
        "QUIT",
        "END",
        "REVOKE",
        "OPTOUT",
        "OPT OUT",
        "OPT-OUT",
        "CANCEL",
        "UNSUBSCRIBE",
        "ARRET",
        "REMOVE",
        "TD",
    ],
)
@pytest.mark.parametrize("dressing", ["{}", " {}. ", "{}!!!", "{} 🛑", "“{}”", "({})", "\u200b{}\n"])
def test_a_keyword_stops_however_it_is_dressed(word: str, dressing: str) -> None:
    for spelt in (word, word.lower(), word.title()):
        assert read_wording(dressing.format(spelt)) is Wording.STOP, spelt


@pytest.mark.parametrize(
    "text",
    [
        "\N{OCTAGONAL SIGN}",
        "Ik wil geen berichtjes meer ontvangen",
        "Sluta skicka sms till mig",
        "Przestańcie do mnie pisać",
        "Отпишите меня от рассылки",
        "Lütfen bana mesaj atmayın",
        "لا ترسلوا لي رسائل بعد الآن",
        "תפסיקו לשלוח לי הודעות",
        "Đừng nhắn tin cho tôi nữa",
        "wag nyo na akong i-text",
        "请不要再给我发短信了",
        "もうメッセージを送らないでください",
        "문자 그만 보내세요",
        "cancel my subscription",
        "quit spaming me",
        "Quero cancelar o recebimento de mensagens",
        "Proszę o wypisanie mnie z newslettera.",
    ],
)
def test_many_languages_signs_and_slips_stop(text: str) -> None:
    assert read_wording(text) is Wording.STOP


@pytest.mark.parametrize(
    "text",
    [
        "\N{OCTAGONAL SIGN} \N{PEANUTS}",
        "Wann hört die Feier auf?",
        "Man hört nur Gutes über euch",
        "¿Quién es el chef?",
        "¿Me puede mandar más información?",
        "Können Sie die zweite Nummer löschen? Das Dessert, nicht das Menü",
        "Не звоните до девяти, я сплю",
        "不要发票",
        "メニューをメールで送ってください",
        "문자로 주소 보내주세요",
        "The chef never contacted me about the allergies",
        "can't get enough of your texts about the specials",
        "stop me if I'm wrong",
    ],
)
def test_what_sounds_like_it_stops_nothing(text: str) -> None:
    assert read_wording(text) is None


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, Apr 7, Glow Salon wrote:\n> Colour is 20% off.\n> Reply STOP to opt out",
        "El 3 de abril,\nPeluquería Sol escribió:\n> Para darse de baja pulse aquí",
        "-----Original Message-----\nUnsubscribe here",
        "-- \nNon-stop Hair, unsubscribe: salon.example",
        "Von: Salon\nGesendet: Montag\nAn: Ana\nBetreff: Rabatt\n\nHier abmelden",
        "\n> Reply STOP to opt out",
    ],
)
def test_what_is_quoted_is_not_what_somebody_says(quoted: str) -> None:
    assert read_wording(f"Sounds great, book me in.\n\n{quoted}") is None
    assert read_wording(f"Unsubscribe\n\n{quoted}") is Wording.STOP


def test_a_stop_under_or_beside_what_it_quotes_is_heard() -> None:
    assert read_wording("> 2 for 1 massages\nSTOP") is Wording.STOP
    assert read_wording('"50% off this week" - STOP') is Wording.STOP


def test_one_sentence_of_many_is_heard() -> None:
    thanks = (
        "I have enjoyed coming to the studio over the years, and so did my daughter and her friends. " * 3
    )
    assert (
        read_wording(f"{thanks}I'd appreciate it if you left me off future mailings. All the best!")
        is not None
    )
    assert read_wording(thanks) is None


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("START", Wording.START),
        ("unstop.", Wording.START),
        ("UNSTOP please", Wording.START),
        ("Yes start", Wording.START),
        ("opt in", Wording.START),
        ("Opt-in!", Wording.START),
        ("Subscribe", Wording.START),
        ("start texting me again", Wording.START),
        ("not start", None),
        ("no, don't start", None),
        ("start over", None),
        ("when do you start?", None),
        ("never start texting me again", Wording.STOP),
        ("Yes!", Wording.YES),
        ("HELP", Wording.HELP),
        ("info?", Wording.HELP),
        ("start at nine", None),
        ("yes at nine", None),
        ("help me choose", None),
        ("please cancel", Wording.CANCEL),
        ("cancel", Wording.STOP),
        ("", None),
        ("👍", None),
        ("\0\ud800", None),
    ],
)
def test_what_else_a_message_may_ask(text: str, wording: Wording | None) -> None:
    assert read_wording(text) is wording


def test_an_answer_is_the_whole_message_or_none() -> None:
    assert is_answer("Yes!", "yes")
    assert is_answer("nope", "no")
    assert not is_answer("yes, and stop by at nine", "yes")


def test_a_long_text_is_read_in_little_time() -> None:
    assert read_wording("no, not ever, stop texting me, my " * 20_000) is not None
