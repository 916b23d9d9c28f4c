"""What a prompt shows: enough to recognise, nothing that the asker did not bring."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.store.tables import ContactMethod
from service.usecases.hints import masked_hints

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def contact(kind: str, value: str, *, label: str = "personal", primary: bool = True) -> ContactMethod:
    return ContactMethod(
        type=kind,
        platform="instagram" if kind == "social" else "",
        value=value,
        match_value=value,
        label=label,
        is_primary=primary,
        is_normalized=True,
        created_at=NOW,
    )


def shown(name: str | None, *contacts: ContactMethod, asker: str | None = "John Doe") -> dict[str, str]:
    return {hint["type"]: hint["value"] for hint in masked_hints(name, contacts, asker_name=asker)}


@pytest.mark.parametrize(
    ("name", "asker", "hint"),
    [
        ("John Doe", "John Doe", "John D."),
        ("John Doe", "john doe", "John D."),
        ("John Doe", "J. Doe", "J••• D."),
        ("Jonathan Doe", "Jon Doe", "J••• D."),
        ("John Smith", "John Doe", "John"),
        ("José Núñez", "Jose Nunez", "José N."),
        ("John", "John Doe", "John"),
        ("Robert Doe", "Bob Doe", None),
        ("John Doe", None, None),
        (None, "John Doe", None),
    ],
)
def test_no_more_of_a_name_is_shown_than_the_asker_typed(
    name: str | None, asker: str | None, hint: str | None
) -> None:
    assert shown(name, asker=asker).get("name") == hint


@pytest.mark.parametrize(
    ("handle", "hint"),
    [
        ("johndoe_biz", "@jo•••••_biz"),
        ("john.official", "@jo•••••.official"),
        ("john_gonzalez", "@jo•••••"),
        ("maria_gonzalez", "@•••••"),
        ("johndoe_1987", "@jo•••••"),
        ("jd", "@•••••"),
    ],
)
def test_of_a_handle_its_start_and_a_suffix_that_is_no_name(handle: str, hint: str) -> None:
    assert shown("John Doe", contact("social", handle))["instagram"] == hint


def test_of_a_phone_two_digits_whatever_its_length() -> None:
    for phone in ("+19165559999", "+4479111299"):
        assert shown(None, contact("phone", phone))["phone"] == "(•••) •••-••99"


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("john@gmail.com", "j•••@gmail.com"),
        ("john+shop@gmail.com", "j•••@gmail.com"),
        ("john@doe-catering.example", "j•••@•••.example"),
        ("jd@gmail.com", "•••@gmail.com"),
        ("maria@gmail.com", "•••@gmail.com"),
    ],
)
def test_of_an_email_its_first_letter_and_a_public_domain(address: str, hint: str) -> None:
    assert shown("John Doe", contact("email", address))["email"] == hint


def test_one_hint_of_each_kind_the_primary_first_and_no_assistant() -> None:
    assert shown(
        "John Doe",
        contact("phone", "+19165550001", primary=False),
        contact("phone", "+19165550002"),
        contact("email", "john@gmail.com", label="assistant", primary=False),
    ) == {"name": "John D.", "phone": "(•••) •••-••02"}
