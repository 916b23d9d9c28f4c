"""Who is asked about, and who is not: decisions over HTTP, on bases of different sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, select

from service.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.service.installation import Installation

#: Nobody's name twice.
NAMES = [
    "Maria Alvarez", "Wei Zhang", "Olga Petrova", "Samuel Okafor", "Lena Fischer",
    "Tomás Herrera", "Aisha Rahman", "Peter Novak", "Grace Kim", "Hugo Martin",
]  # fmt: skip


def create(installation: Installation, name: str, *contacts: tuple[str, str]) -> str:
    body = {"name": name, "contacts": [{"type": kind, "value": value} for kind, value in contacts]}
    response = installation.call("POST", "/api/v1/customers", json=body)
    assert response.status_code == 201, response.text
    return str(response.get_json()["id"])


def base(installation: Installation, *, johns: int, others: int) -> None:
    for number in range(johns):
        create(installation, "John Doe", ("phone", f"+1 415 555 {number:04}"))
    for number in range(others):
        name = f"{NAMES[number % len(NAMES)]}{'' if number < len(NAMES) else 'son'}"
        create(installation, name, ("phone", f"+1 212 555 {number:04}"))


STRANGER = {"name": "John Doe", "phone": "+1 916 555 1234", "email": "stranger@example.com"}


def test_a_stranger_of_the_same_name_is_asked_about_in_a_base_of_ten(installation: Installation) -> None:
    base(installation, johns=1, others=9)
    answer = installation.book(**STRANGER)
    assert answer["outcome"] == "prompted"
    assert len(answer["prompt"]["candidates"]) == 1


def test_the_same_stranger_is_not_asked_about_among_a_hundred_of_that_name(
    installation: Installation,
) -> None:
    base(installation, johns=100, others=10)
    answer = installation.book(**STRANGER)
    assert answer["outcome"] == "created"
    assert answer["prompt"] is None


def test_two_of_that_name_are_asked_about_in_one_prompt(installation: Installation) -> None:
    first = create(installation, "John Doe", ("phone", "+1 415 555 0001"))
    second = create(installation, "John Doe", ("phone", "+1 415 555 0002"))
    answer = installation.book(**STRANGER)

    assert answer["outcome"] == "prompted"
    prompt = answer["prompt"]
    hints = {each["key"]: [hint["value"] for hint in each["hints"]] for each in prompt["candidates"]}
    assert sorted(hints.values()) == [["John D.", "(•••) •••-••01"], ["John D.", "(•••) •••-••02"]]
    assert installation.answer(prompt, "yes").status_code == 422, "which of the two?"
    assert installation.answer(prompt, "yes", candidate="9").status_code == 422
    chosen = next(key for key, values in hints.items() if values[1].endswith("02"))
    assert installation.answer(prompt, "yes", candidate=chosen).get_json()["customer_id"] == second
    assert installation.get("/api/v1/proposals")["items"] == []
    assert installation.get(f"/api/v1/customers/{first}")["merged_ids"] == []


@pytest.mark.parametrize("contact", [("phone", "(916) 555-1234"), ("email", "John.Doe+shop@gmail.com")])
def test_a_contact_value_on_file_with_a_fitting_name_links(
    installation: Installation, contact: tuple[str, str]
) -> None:
    base(installation, johns=0, others=10)
    known = create(installation, "John Doe", ("phone", "+19165551234"), ("email", "johndoe@gmail.com"))
    before = installation.contacts(known)
    form = {"name": "John Doe", contact[0]: contact[1]}
    installation.clock.advance(minutes=1)
    answer = installation.book(**form)

    assert (answer["outcome"], answer["customer_id"]) == ("linked", known)
    link = installation.get("/api/v1/merges", kind="link")["items"]
    assert [(each["event_id"], each["survivor_id"]) for each in link] == [(answer["event_id"], known)]
    assert {entry["action"] for entry in link[0]["entries"]} == {"used"}, (
        "journalled, though it brought nothing new"
    )
    undone = installation.call("POST", f"/api/v1/merges/{link[0]['id']}/undo").get_json()
    assert undone["customer_id"] != known
    after = installation.contacts(known)
    for each in (*before.values(), *after.values()):
        each.pop("updated_at")
    assert after == before
    assert len(installation.contacts(undone["customer_id"])) == 1


@pytest.mark.parametrize("neighbours", [1, 60])
def test_a_number_that_somebody_has_is_no_slip_for_its_neighbour(
    installation: Installation, neighbours: int
) -> None:
    ids = [
        create(installation, "John Doe", ("phone", f"+1 916 555 {3000 + each}"))
        for each in range(neighbours + 1)
    ]
    for _ in range(3):
        answer = installation.book(name="John Doe", phone="(916) 555-3001")
        assert (answer["outcome"], answer["customer_id"]) == ("linked", ids[1])


def test_a_slip_that_was_asked_about_takes_nothing_from_the_number_itself(installation: Installation) -> None:
    leopold = create(installation, "Leopold Farnsworth", ("phone", "+14155550311"))
    create(installation, "Beatrice Farnsworth", ("phone", "+14155550311"))
    form = {"name": "Leopold Farnsworth", "phone": "+14155550311"}
    assert installation.book(**form)["customer_id"] == leopold
    assert installation.book(**{**form, "phone": "+14155550312"})["outcome"] == "prompted"
    again = installation.book(**form)
    assert (again["outcome"], again["customer_id"]) == ("linked", leopold)


@pytest.mark.parametrize("first", ["Jana Kolwitz", "Dr. Kolwitz"])
def test_a_form_sent_again_makes_no_customer_more(installation: Installation, first: str) -> None:
    """Nobody answers the question of the first time."""
    base(installation, johns=0, others=10)
    values = {"phone": "+1 916 555 1234", "email": "kolwitz@example.com"}
    installation.book(name=first, **values)
    made = installation.book(name="Jan Kolwitz", phone=values["phone"])
    assert made["outcome"] == "prompted"
    for brought in ({"phone": values["phone"]}, values, values):
        answer = installation.book(name="Jan Kolwitz", **brought)
        assert (answer["outcome"], answer["customer_id"]) == ("linked", made["customer_id"])


def test_a_family_that_books_from_another_phone_is_kept_twice_at_most(installation: Installation) -> None:
    base(installation, johns=0, others=10)
    family = [f"{given} Zarnow" for given in ("Ada", "Bram", "Cleo", "Dirk")]
    for name in family:
        installation.book(name=name, phone="+1 916 555 1234")
    made = {name: installation.book(name=name, phone="+1 916 555 4321")["customer_id"] for name in family}
    for name in family * 2:
        answer = installation.book(name=name, phone="+1 916 555 4321")
        assert (answer["outcome"], answer["customer_id"]) == ("linked", made[name])


def test_one_of_a_household_who_brings_the_address_of_another_is_linked(installation: Installation) -> None:
    base(installation, johns=0, others=10)
    marta = {"phone": "+1 916 555 1234", "email": "marta@example.com"}
    installation.book(name="Marta Lopes", **marta)
    juan = installation.book(name="Juan Lopes", phone=marta["phone"])
    answer = installation.book(name="Juan Lopes", **marta)
    assert (answer["outcome"], answer["customer_id"]) == ("linked", juan["customer_id"])


@pytest.mark.parametrize("name", ["Q", "A B", "test", "Guest"])
def test_a_name_that_carries_nothing_asks_nobody(installation: Installation, name: str) -> None:
    installation.book(name=name, email="one@example.com")
    assert installation.book(name=name, email="another@example.com")["outcome"] == "created"


def test_somebody_of_the_household_is_not_linked(installation: Installation) -> None:
    base(installation, johns=0, others=10)
    john = create(installation, "John Doe", ("phone", "+19165551234"))
    answer = installation.book(name="Jane Doe", phone="+1 916 555 1234", email="jane@example.com")

    assert answer["outcome"] != "linked"
    assert answer["customer_id"] != john
    event_ = installation.get(f"/api/v1/events/{answer['event_id']}")
    assert event_["decision"]["related_probability"] > 0.5


def test_undoing_an_automatic_link_gives_the_event_a_customer_of_its_own(installation: Installation) -> None:
    base(installation, johns=0, others=10)
    known = create(installation, "John Doe", ("email", "johndoe@gmail.com"))
    before = installation.contacts(known)
    form = {
        "name": "John Doe",
        "phone": "+1 916 555 1234",
        "email": "johndoe@gmail.com",
        "booking": {"id": "b-1"},
    }
    answer = installation.book(**form)
    assert answer["outcome"] == "linked"
    link = installation.get("/api/v1/merges", kind="link")["items"][0]
    assert link["event_id"] == answer["event_id"]

    undone = installation.call("POST", f"/api/v1/merges/{link['id']}/undo").get_json()

    assert set(installation.contacts(known)) == set(before)
    own = installation.contacts(undone["customer_id"])
    assert set(own) == {("phone", "+19165551234"), ("email", "johndoe@gmail.com")}
    assert all(contact["is_primary"] for contact in own.values())
    bookings = installation.get(f"/api/v1/customers/{undone['customer_id']}/bookings")["items"]
    assert [each["external_id"] for each in bookings] == ["b-1"]
    assert installation.get(f"/api/v1/events/{answer['event_id']}")["customer_id"] == undone["customer_id"]


def test_match_tells_what_would_be_decided_and_writes_nothing(installation: Installation) -> None:
    base(installation, johns=1, others=9)
    with installation.runtime.database.reading() as session:
        before = {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }

    response = installation.call("POST", "/api/v1/match", json=STRANGER)

    found = response.get_json()
    assert response.status_code == 200
    assert (found["decision"], found["customer_id"]) == ("prompted", None)
    total = sum(each["probability"] for each in found["candidates"])
    assert total + found["related_probability"] + found["new_probability"] == pytest.approx(1)
    why = found["candidates"][0]["explanation"]
    bits = why["prior_bits"] + sum(each["bits"] + each["tf_bits"] for each in why["features"])
    assert bits == pytest.approx(why["total_bits"])
    with installation.runtime.database.reading() as session:
        after = {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
    assert after == before


@pytest.mark.parametrize(
    ("on_file", "typed", "level", "outcome"),
    [
        ("+1 916 867 5309", "867-5309", "dialled", "prompted"),
        ("+34 612 345 678", "612 345 678", "national", "linked"),
        ("+7 916 123-45-67", "8 916 123-45-67", "national", "linked"),
        ("+44 7911 123456", "07911 123456", "national", "linked"),
    ],
)
def test_a_phone_without_its_country_or_area_is_evidence_and_kept_as_it_came(
    installation: Installation, on_file: str, typed: str, level: str, outcome: str
) -> None:
    base(installation, johns=2, others=1)
    known = create(installation, "John Doe", ("phone", on_file))
    form = {"name": "John Doe", "phone": typed}
    (first, *_) = installation.call("POST", "/api/v1/match", json=form).get_json()["candidates"]
    assert (first["customer_id"], first["probability"] > 0.9) == (known, True)
    assert level in {feature["level"] for feature in first["explanation"]["features"]}

    answer = installation.book(**form, consents={"sms": True})
    assert answer["outcome"] == outcome, (
        "digits that others may dial too do not link, a whole number beside the name does"
    )
    assert (answer["customer_id"] == known) == (outcome == "linked")
    phone = installation.contacts(answer["customer_id"])["phone", typed]
    assert (phone["is_normalized"], phone["can_sms"]) == (False, False)


def test_a_phone_of_nobody_without_its_area_makes_a_customer(installation: Installation) -> None:
    base(installation, johns=1, others=1)
    answer = installation.book(name="Rolf Zett", phone="867-5309")
    assert answer["outcome"] == "created"
    assert set(installation.contacts(answer["customer_id"])) == {("phone", "867-5309")}


def test_match_names_the_field_that_cannot_be_read(installation: Installation) -> None:
    response = installation.call(
        "POST", "/api/v1/match", json={"name": "John", "phone": "12", "email": "x", "channel": "fax"}
    )
    assert response.status_code == 422
    assert "channel" in response.get_json()["errors"]
    response = installation.call("POST", "/api/v1/match", json={"name": "John", "phone": "12", "email": "x"})
    assert set(response.get_json()["errors"]) == {"phone", "email"}


def test_a_message_in_which_somebody_gives_anothers_number_keeps_it_as_a_mention(
    installation: Installation,
) -> None:
    installation.instagram.profiles["9"] = {"name": "Ana Lopez", "username": "ana.lopez"}
    resolved = installation.message_resolved(
        "9", "I'm Ana, my cell is 916 555 0100, or my husband's: 916 555 0101"
    )
    assert set(installation.contacts(resolved["customer_id"])) == {
        ("phone", "+19165550100"),
        ("social", "ana.lopez"),
    }


@pytest.fixture
def statements(installation: Installation) -> Iterator[list[str]]:
    """Every SQL statement that was run."""
    ran: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        ran.append(statement)

    engine = installation.runtime.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield ran
    event.remove(engine, "before_cursor_execute", note)


def test_the_number_of_queries_does_not_grow_with_candidates_or_contacts(
    installation: Installation, statements: list[str]
) -> None:
    def queries_of_a_match() -> int:
        statements.clear()
        assert installation.call("POST", "/api/v1/match", json=STRANGER).status_code == 200
        return len(statements)

    base(installation, johns=2, others=2)
    few = queries_of_a_match()
    base(installation, johns=40, others=0)
    assert queries_of_a_match() == few


def test_listing_contacts_takes_as_many_queries_for_one_as_for_many(
    installation: Installation, statements: list[str]
) -> None:
    one = create(installation, "Ana One", ("phone", "+1 415 555 0001"))
    many = create(installation, "Ana Many", *(("email", f"ana{number}@example.com") for number in range(40)))

    def queries_of(customer_id: str) -> int:
        statements.clear()
        installation.get(f"/api/v1/customers/{customer_id}/contacts")
        return len(statements)

    assert queries_of(one) == queries_of(many)


@pytest.mark.parametrize("shown", ["Sacramento Eats", "chef life", "robbie", "Rob", "Robert H.", ""])
def test_whoever_introduces_themselves_under_a_brand_or_a_short_name_is_believed(
    installation: Installation, shown: str
) -> None:
    robert = create(installation, "Robert Hendricks", ("phone", "+1 415 555 2671"))
    told = {"text": "Hi, this is Robert Hendricks. My cell is 415-555-2671", "channel": "instagram"}
    decided = installation.call(
        "POST", "/api/v1/match", json={**told, **({"name": shown} if shown else {})}
    ).get_json()
    assert (decided["decision"], decided["candidates"][0]["customer_id"]) == ("linked", robert)


def test_whoever_shows_another_given_name_is_not_taken_for_whom_they_name(installation: Installation) -> None:
    create(installation, "Robert Hendricks", ("phone", "+1 415 555 2671"))
    told = {"text": "Hi, this is Robert Hendricks. My cell is 415-555-2671", "channel": "instagram"}
    decided = installation.call("POST", "/api/v1/match", json={**told, "name": "Maria Lopez"}).get_json()
    assert decided["decision"] != "linked"
