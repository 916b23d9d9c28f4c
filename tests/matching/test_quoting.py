"""What a message quotes, and what its sender wrote."""

from __future__ import annotations

import pytest

from matching import written_by_sender


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Hello\r\nthere", "Hello\nthere"),
        ("Yes!\n\nOn Mon, Ana\nwrote:\n> Come?\n\nBye", "Yes!\n\n\n\nBye"),
        ("No more\nOn Mon, Ana wrote:\n> Come?", "No more"),
        ("> Come?\nNo", "No"),
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


@pytest.mark.parametrize("text", ["-" * 20_000 + "x", " " * 20_000 + "x", "a:" * 20_000, '"' + " " * 20_000])
def test_what_looks_like_many_rules_is_read_in_little_time(text: str) -> None:
    assert written_by_sender(text) == text.strip()
