"""What a message quotes, and what its sender wrote."""

from __future__ import annotations

import time

import pytest

from matching import written_by_sender
from matching.quoting import others_words


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Hello\r\nthere", "Hello\nthere"),
        ("Yes!\n\nOn Mon, Ana\nwrote:\n> Come?\n\nBye", "Yes!\n\n\n\nBye"),
        ("No more\nOn Mon, Ana wrote:\n> Come?", "No more"),
        ("> Come?\nNo", "No"),
        ("No more\nOn Mon, Ana <ana@x.com> wrote:\n> Come?", "No more"),
        ("> Does it work:\n> Come?\nNo", "No"),
        ("Yes\n-- \nAna", "Yes"),
        ("Yes\n____________\nFrom: Ana", "Yes"),
        ("Yes\nDe : Ana", "Yes\nDe : Ana"),
        ("Yes\nVon: Ana <a@b.de>\nGesendet: Montag\nAn: Bob\n\nKommst du?", "Yes"),
        ("Name: Ana\nPhone: 916 555 0100\nParty: 4\n", "Name: Ana\nPhone: 916 555 0100\nParty: 4"),
        ("“Half price!” – stop", "stop"),
        ('"Half price!"', '"Half price!"'),
        ("", ""),
    ],
)
def test_what_is_quoted_is_left_out(text: str, written: str) -> None:
    assert written_by_sender(text) == written
    assert written_by_sender(written) == written


@pytest.mark.parametrize(
    "text", ["-" * 20_000 + "x", " " * 20_000 + "x", "a:" * 20_000, "On <a>:" * 20_000, '"' + " " * 20_000]
)
def test_what_looks_like_many_rules_is_read_in_little_time(text: str) -> None:
    assert written_by_sender(text) == text.strip()


_HEAD = "From: Ana <ana@x.com>\nDate: Monday\nTo: Bob\n\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("> Come?\nNo", ["> Come?"]),
        ("Yes\n\nOn Mon, Ana <ana@x.com> wrote:\n> Come?\n\nBye", ["On Mon, Ana <ana@x.com> wrote:\n", "> Come?"]),
        (f"Look\n{_HEAD}Call me", [f"{_HEAD}Call me"]),
        ("Look\nBegin forwarded message:\n\nFrom: Ana\nDate: Monday\nSubject: Hi\n\nCall me", ["Begin forwarded message:\n\nFrom: Ana\nDate: Monday\nSubject: Hi\n\nCall me"]),
        ("Look\n-----Original Message-----\nFrom: Ana\nSent: Monday\nTo: Bob\n\nCall me", ["-----Original Message-----\nFrom: Ana\nSent: Monday\nTo: Bob\n\nCall me"]),
        ('Forwarded from Nina:\n"Call me"\n\nIs it you?', ['Forwarded from Nina:\n"Call me"']),
        ('Nina texted me this: "Call me" so I do', ['Nina texted me this: "Call me"']), ("My sister said, “call me”!", ["My sister said, “call me”"]),
        ('Got this from my boss can you help?\n\n"Call me" ok', ['Got this from my boss can you help?\n\n"Call me"']), ('From my mom: "call me"', ['From my mom: "call me"']),
        ('my mom forwarded me this:\n"call me"', ['my mom forwarded me this:\n"call me"']), ('this is what she sent me "call me"', ['she sent me "call me"']), ('Mi mamá dice: "llámame"', ['Mi mamá dice: "llámame"']),
        ('My message from Monday: "call me"', []), ('I\'m from Austin. "Ana"', []), ('this is from Ana "Nana" Lopez', []),
        # What the writer says: a journey, a form, a signature, a rule, and what one says oneself or without marks.
        ("Trip details:\nFrom: Austin\nTo: Dallas\nDate: June 5\nPhone: 1", []), ("From: Ana\nEmail: ana@x.com\nPhone: 1\nGuests: 5\n", []),
        ("From: Ana <ana@x.com>\nDate: June 5\nPhone: 1\nGuests: 5\n", []), ("Bye\n-- \nAna", []), ("--- My details ---\nName: Ana\nPhone: 1\n", []),
        ("-----------\nFrom: Ana\nParty: 5\nPhone: 1\n", []), ('I said: "call me"', []), ("The site said: leave a number. 1", []), ('a "quiet" table', []),
    ],
)  # fmt: skip
def test_somebody_elses_words_are_told_from_the_writers(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in others_words(text)] == words


@pytest.mark.parametrize(
    "text", ["-" * 9_999, "---a" * 2_500, "Ana said: «" * 900, "From: a@b\n" * 990, "forwarded:\n" * 900]
)
def test_somebody_elses_words_are_sought_in_little_time(text: str) -> None:
    started = time.process_time()
    others_words(text)
    assert time.process_time() - started < 0.5
