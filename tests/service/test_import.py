"""isthisyou import: what comes in, what stays out, and what a second time changes."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from service.store.match_index import NOBODY
from service.store.session import Database
from service.store.tables import (
    ContactMethod,
    ContactSource,
    Customer,
    ExternalId,
    ImportRun,
    MatchKey,
    MatchRecord,
)
from service.usecases.check import check_next
from service.usecases.create_customer import create_customer
from service.usecases.typed_contacts import TypedContact
from tests.service.command import COMMAND, environment, run

if TYPE_CHECKING:
    from click.testing import Result

    from tests.service.installation import Installation

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def take(url: str, path: Path, *flags: str, status: int = 0, stdin: str | bytes | None = None) -> Result:
    result = run("import", str(path), *flags, stdin=stdin, database_url=url)
    assert result.exit_code == status, result.output
    return result


def counts(result: Result) -> list[int]:
    """Created, updated, unchanged, rejected."""
    line = next(each for each in result.output.splitlines() if " created, " in each)
    return [int(part.split()[0]) for part in line.split(", ")]


def contacts(database: Database, name: str | None) -> list[ContactMethod]:
    with database.reading() as session:
        return list(
            session.scalars(
                select(ContactMethod)
                .join(Customer, Customer.id == ContactMethod.customer_id)
                .where(Customer.name == name)
                .order_by(ContactMethod.created_at, ContactMethod.id)
            )
        )


def everything(database: Database) -> dict[str, list[Any]]:
    tables = (Customer, ContactMethod, ContactSource, ExternalId, MatchKey, MatchRecord)
    with database.reading() as session:
        return {
            table.__tablename__: sorted(map(repr, session.execute(select(*table.__table__.columns)).all()))
            for table in tables
        }


GOOGLE = (
    "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\r\n"
    'Ana,López,* myContacts,Work,ana@lopez.example,Mobile,"+34 612 345 678 ::: +34 611 222 333"\r\n'
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Marketing contact status\n"
    "101,Ana,López,ana@lopez.example,+34 612 345 678,NEW,Marketing contact\n"
)
SQUARE = (
    "Reference ID,First Name,Last Name,Email Address,Phone Number,Square Customer ID,Email Subscription Status\n"
    ",Ana,López,ana@lopez.example,+34 612 345 678,SQ9,subscribed\n"
)
SHOPIFY = (
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Phone,Accepts SMS Marketing\n"
    "'7001,Ana,López,ana@lopez.example,yes,Firm,+34612345678,yes\n"
)
MAILCHIMP = (
    '"Email Address","First Name","Last Name","Phone Number",MEMBER_RATING,OPTIN_TIME\n'
    '"ana@lopez.example","Ana","López","+34 612 345 678",2,"2024-01-01 10:00:00"\n'
)
OUTLOOK = (
    "First Name,Middle Name,Last Name,Company,Business Fax,Mobile Phone,E-mail Address,E-mail Type,E-mail Display Name\n"
    "Ana,,López,Firm,+1 916 555 0000,+34 612 345 678,ana@lopez.example,SMTP,Ana (x)\n"
)
SPANISH = "Nombre;Apellidos;Tel. móvil;Correo electrónico\nAna;López;+34 612 345 678;ana@lopez.example\n"
GERMAN = "Vorname;Nachname;Handy;E-Mail-Adresse\nAna;López;+34 612 345 678;ana@lopez.example\n"
UNTOLD = "a,b,c\nAna López,+34 612 345 678,ana@lopez.example\n"
NO_HEADER = "Ana López,+34 612 345 678,ana@lopez.example\n"


@pytest.mark.parametrize(
    "text",
    [GOOGLE, HUBSPOT, SQUARE, SHOPIFY, MAILCHIMP, OUTLOOK, SPANISH, GERMAN, UNTOLD, NO_HEADER],
    ids=[
        "google",
        "hubspot",
        "square",
        "shopify",
        "mailchimp",
        "outlook",
        "spanish",
        "german",
        "untold",
        "no-header",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_exports_of_other_systems_are_understood(
    text: str, encoding: str, sqlite_template: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/base.db"
    (tmp_path / "base.db").write_bytes(sqlite_template.read_bytes())
    file = tmp_path / "people.csv"
    file.write_bytes(text.encode(encoding))
    assert counts(take(url, file)) == [1, 0, 0, 0]
    database = Database(url)
    held = {(each.type, each.value, each.is_primary) for each in contacts(database, "Ana López")}
    database.dispose()
    assert {("phone", "+34612345678", True), ("email", "ana@lopez.example", True)} <= held
    assert len(held) == (3 if text is GOOGLE else 2)


def test_columns_can_be_named_and_left_out(database: Database, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("Quién,Contacto,Phone\nAna López,916 555 0001,916 555 0002\n", encoding="utf-8")
    result = take(
        database_url, file, "--column", "name=Quién", "--column", "phone=contacto", "--ignore", "Phone"
    )
    assert "you said so" in result.output
    assert [each.value for each in contacts(database, "Ana López")] == ["+19165550001"]
    assert "no column" in take(database_url, file, "--column", "phone=Nada", status=2).output


def lines(*people: dict[str, Any]) -> str:
    return "".join(json.dumps(person) + "\n" for person in people)


JOHN = {
    "id": "c-1",
    "name": "John Doe",
    "contacts": [
        {"type": "phone", "value": "(916) 555-1234"},
        {"type": "email", "value": "J.Doe+x@Gmail.com", "label": "business"},
        {"type": "social", "platform": "instagram", "value": "@johndoe_biz"},
        {"type": "phone", "value": "n/a"},
    ],
}


def test_a_file_again_changes_nothing(database: Database, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text(
        lines(JOHN, {"name": "Jane", "phone": "9165550009"}, {"name": "Jane", "phone": "9165550009"})
    )
    assert counts(take(database_url, file)) == [2, 0, 1, 0]
    before = everything(database)
    assert counts(take(database_url, file)) == [0, 0, 3, 0]
    assert everything(database) == before


def test_an_import_writes_what_the_api_writes_but_where_it_came_from(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text(lines(JOHN))
    take(database_url, file)
    with database.transaction() as session:
        made = create_customer(
            session,
            name="John Doe",
            contacts=[TypedContact(**each) for each in JOHN["contacts"][:3]],  # type: ignore[index, arg-type]
            region="US",
            actor="tests",
            now=NOW,
        )
    with database.reading() as session:
        other = session.scalars(select(Customer).where(Customer.id != made.id)).one()
        assert (other.name, other.phone, other.email) == (made.name, made.phone, made.email)
        keys = {
            customer_id: set(session.scalars(select(MatchKey.key).where(MatchKey.customer_id == customer_id)))
            for customer_id in (made.id, other.id)
        }
        assert keys[made.id] == keys[other.id]
        names = [
            "type",
            "platform",
            "value",
            "match_value",
            "raw",
            "is_normalized",
            "label",
            "is_primary",
            "usage_count",
            "is_valid",
        ]
        shown = [
            {tuple(getattr(each, name) for name in names) for each in session.scalars(
                select(ContactMethod).where(ContactMethod.customer_id == customer_id))}
            for customer_id in (made.id, other.id)
        ]  # fmt: skip
        assert shown[0] == shown[1]
        brought = session.scalars(select(ContactMethod).where(ContactMethod.customer_id == other.id)).all()
        assert {(each.source, each.provenance) for each in brought} == {("import", "imported")}
        assert not any(each.can_sms or each.can_call or each.can_marketing for each in brought)
        sources = session.scalars(
            select(ContactSource.actor).where(ContactSource.origin_customer_id == other.id)
        )
        assert list(sources) == ["import"] * 3


def test_more_of_a_known_customer_is_added_and_peoples_changes_stay(
    installation: Installation, tmp_path: Path
) -> None:
    database, url = installation.runtime.database, installation.runtime.settings.database_url
    file = tmp_path / "people.jsonl"
    file.write_text(lines({"id": "1", "phone": "9165550001", "email": "a@example.com"}))
    take(url, file)
    with database.transaction() as session:
        email = session.scalars(select(ContactMethod).where(ContactMethod.type == "email")).one()
        email.deleted_at, email.is_primary = NOW, False
    file.write_text(lines({"id": "1", "name": "Ana Ruiz", "phone": "9165550002", "email": "a@example.com"}))
    assert counts(take(url, file)) == [0, 1, 0, 0]
    found = installation.get("/api/v1/customers", external_id="1")["items"]
    assert [(each["name"], each["external_id"], each["phone"]) for each in found] == [
        ("Ana Ruiz", "1", "+19165550001")
    ]
    assert set(installation.contacts(found[0]["id"])) == {
        ("phone", "+19165550001"),
        ("phone", "+19165550002"),
    }
    with database.transaction() as session:
        session.scalars(select(Customer)).one().name = "Ana R."
    file.write_text(lines({"id": "1", "name": "Ana Ruiz", "phone": "9165550002"}))
    assert counts(take(url, file)) == [0, 0, 1, 0]
    assert installation.get("/api/v1/customers", external_id="none")["items"] == []


def test_an_imported_customer_is_matched_at_once(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text(lines(JOHN))
    take(installation.runtime.settings.database_url, file)
    answer = installation.book(name="John Doe", phone="+1 916 555 1234", email="jdoe@gmail.com")
    known = installation.get("/api/v1/customers", external_id="c-1")["items"][0]["id"]
    assert answer["outcome"] == "linked"
    assert answer["customer_id"] == known


BAD_JSON = [
    (b"{", "not valid JSON"),
    (b"[1]", "not a JSON object"),
    (b'{"id": "x"}', "neither a name nor a contact"),
    (b'{"name": "A B", "phone": "12"}', "phone: "),
    (b'{"name": "A B", "email": "secret"}', "email: "),
    (b'{"name": ["A"]}', "name: must be a text"),
    (b'{"name": "A", "id": true}', "id: must be a text"),
    (b'{"name": "A", "contacts": {}}', "contacts: must be a list"),
    (b'{"name": "A", "contacts": [1]}', "contacts.0: must be an object"),
    (b'{"name": "A", "contacts": [{"type": "fax", "value": "1"}]}', "contacts.0.type"),
    (b'{"name": "A", "contacts": [{"type": "social", "value": "x"}]}', "contacts.0.platform"),
    (b'{"name": "A", "contacts": [{"type": "phone", "value": "9165550000", "label": "x"}]}', "label"),
    (b'{"name": "A\\u0000B"}', "characters that no text has"),
    (b'{"name": "A\\ud800B"}', ""),
    (b'{"name": "\xff"}', "not valid JSON"),
    (b'{"name": "A", "id": "' + b"9" * 256 + b'"}', "id: longer"),
    (b'{"name": "' + b"n" * 1_000_000 + b'"}', "name: longer"),
    (b"[" * 100_000, "not valid JSON"),
]


def test_bad_lines_are_told_by_number_and_kept_as_they_were(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "people.jsonl"
    good = b'{"name": "Good One"}'
    file.write_bytes(b"\n".join([good, b"", *(raw for raw, _ in BAD_JSON), good]) + b"\n")
    result = take(database_url, file, "--strict", status=1)
    assert counts(result) == [1, 0, 1, len(BAD_JSON)]
    for number, (_, reason) in enumerate(BAD_JSON, start=3):
        line = next(each for each in result.output.splitlines() if each.startswith(f"line {number}: "))
        assert reason in line
        assert "secret" not in line
    kept = (tmp_path / "people.jsonl.rejects.jsonl").read_bytes()
    assert kept == b"".join(raw + b"\n" for raw, _ in BAD_JSON)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 1


UGLY = (
    'Name;Phone;Phone;Email;Notes\r\n'
    '"Doe; John";916-555-0001;916-555-0002;;"two\r\nlines ""quoted"""\r\n'
    "\r\n"
    ";;;;\r\n"
    "Short;916-555-0003\r\n"
    "Long;916-555-0004;;;x;y\r\n"
    "Bad;none;12;x@example.com;\r\n"
    f'Big;;;big@example.com;"{"n" * 1_000_000}"\r\n'
    '5" pipe;916-555-0006;;;\r\n'
    '"Open;916-555-0007;;;\r\n'
)  # fmt: skip


def test_ugly_tables_are_read_and_their_rejects_can_be_mended(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(UGLY.encode())
    result = take(database_url, file)
    assert counts(result) == [4, 0, 0, 3]
    assert [each.split(":")[0] for each in result.output.splitlines() if each.startswith("line ")] == [
        "line 7",
        "line 8",
        "line 11",
    ]
    assert [each.value for each in contacts(database, "Doe; John")] == ["+19165550001", "+19165550002"]
    rejects = tmp_path / "people.csv.rejects.csv"
    kept = rejects.read_text(encoding="utf-8")
    assert kept.startswith("isthisyou_line;isthisyou_reason;Name;")
    again = take(database_url, rejects, status=1)
    assert counts(again) == [0, 0, 0, 3]
    assert (tmp_path / "people.csv.rejects.csv.rejects.csv").read_text(encoding="utf-8").count(
        "Bad;none"
    ) == 1
    rejects.write_text(
        kept.replace(";x;y", ";x").replace(";12;", ";916-555-0005;").replace('"Open', "Open"),
        encoding="utf-8",
    )
    assert counts(take(database_url, rejects)) == [3, 0, 0, 0]
    assert counts(take(database_url, file)) == [0, 0, 4, 3]


def test_unreadable_values_can_be_kept_flagged(database: Database, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text(lines({"id": "1", "name": "Ana Ruiz", "phone": "12", "email": "a@example.com"}))
    assert counts(take(database_url, file, "--keep-unreadable")) == [1, 0, 0, 0]
    kept = {each.type: each for each in contacts(database, "Ana Ruiz")}
    assert (kept["phone"].value, kept["phone"].is_normalized, kept["phone"].is_valid) == ("12", False, False)
    assert kept["phone"].is_primary
    assert kept["email"].is_normalized
    file.write_text(lines({"id": "1", "phone": "13"}))
    assert counts(take(database_url, file, "--keep-unreadable")) == [0, 1, 0, 0]
    assert [
        (each.value, each.is_normalized) for each in contacts(database, "Ana Ruiz") if each.value == "13"
    ] == [("13", False)]


def test_a_rehearsal_writes_nothing(database: Database, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text(lines(JOHN) + "{\n")
    before = everything(database)
    assert counts(take(database_url, file, "--dry-run")) == [1, 0, 0, 1]
    assert everything(database) == before
    assert [each.name for each in tmp_path.iterdir() if "rejects" in each.name] == []


def test_standard_input_is_read(database: Database, database_url: str, tmp_path: Path) -> None:
    result = take(
        database_url, Path("-"), "--rejects", str(tmp_path / "r.csv"), stdin=SPANISH.encode("cp1252")
    )
    assert counts(result) == [1, 0, 0, 0]
    assert len(contacts(database, "Ana López")) == 2


def big_file(path: Path, people: int) -> int:
    """A file that takes a moment; every 50th line is bad. How many are bad."""
    with path.open("w", encoding="utf-8") as out:
        out.write("id,name,phone,email\n")
        for number in range(people):
            phone = "12" if number % 50 == 7 else f"916555{number:04}"
            out.write(f"c{number},Ana Ruiz{number},{phone},ana{number}@example.com\n")
    return len(range(7, people, 50))


def test_killed_in_the_middle_it_goes_on_and_doubles_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    people = 6_000
    bad = big_file(file, people)
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "import", str(file)],
        env=environment(database_url=database_url),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not count(database, Customer) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=20)
    done = count(database, Customer)
    assert 0 < done < people - bad
    rejects = tmp_path / "people.csv.rejects.csv"
    with rejects.open("ab") as file_of_rejects:
        file_of_rejects.write(b"half a line that was never committed")
    result = take(database_url, file)
    assert "went on" in result.output
    assert counts(result) == [people - bad, 0, 0, bad]
    assert count(database, Customer) == count(database, ExternalId) == people - bad
    kept = rejects.read_text(encoding="utf-8").splitlines()
    assert [int(line.split(",")[0]) for line in kept[1:]] == list(range(9, people + 2, 50))


def count(database: Database, table: Any) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_two_at_once_double_nothing(database: Database, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    bad = big_file(file, 2_500)
    other = tmp_path / "same.csv"
    other.write_bytes(file.read_bytes())
    processes = [
        subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, "import", str(path)],
            env=environment(database_url=database_url),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for path in (file, file, other)
    ]
    statuses = [process.wait(timeout=90) for process in processes]
    assert 0 in statuses[:2]
    assert statuses[2] == 0
    assert count(database, Customer) == count(database, ExternalId) == 2_500 - bad
    assert count(database, ImportRun) == 2


def test_a_customer_merged_away_is_followed(installation: Installation, tmp_path: Path) -> None:
    database, url = installation.runtime.database, installation.runtime.settings.database_url
    file = tmp_path / "people.jsonl"
    file.write_text(lines({"id": "1", "name": "Ana Ruiz", "phone": "9165550001"}))
    take(url, file)
    prompted = installation.book(name="Ana Ruiz", email="ana.ruiz@example.com")
    key = prompted["prompt"]["candidates"][0]["key"]
    assert installation.answer(prompted["prompt"], "yes", candidate=key).status_code == 200
    with database.reading() as session:
        original = session.scalars(select(ExternalId.customer_id)).one()
    file.write_text(lines({"id": "1", "name": "Ana Ruiz", "phone": "9165550001", "email": "new@example.com"}))
    assert counts(take(url, file)) == [0, 1, 0, 0]
    with database.reading() as session:
        added = session.scalars(select(ContactMethod).where(ContactMethod.value == "new@example.com")).one()
        survivor = session.scalars(select(Customer.id).where(Customer.merged_into_id.is_(None))).one()
        assert (added.customer_id, added.origin_customer_id) == (survivor, original)


def test_a_file_grants_nothing_and_lifts_nothing(installation: Installation, tmp_path: Path) -> None:
    database = installation.runtime.database
    installation.book(name="Ana Lopez", phone="+19165550100", consents={"sms": True})
    booked = installation.book(name="Ben Roe", phone="+19165550101", consents={"sms": True})
    [contact] = installation.contacts(booked["customer_id"]).values()
    path = f"/api/v1/customers/{booked['customer_id']}/contacts/{contact['id']}"
    installation.call("PATCH", path, json={"can_sms": False})
    phones = [f"+1916555010{number}" for number in range(3)]
    file = tmp_path / "customers.jsonl"
    file.write_text(
        lines(
            *({"id": phone, "name": "Eve Roe", "phone": phone, "can_sms": True} for phone in phones),
            {"id": "odd", "name": "Odd", "phone": "call me", "email": "odd@x.example"},
        )
    )
    take(database.url, file, "--keep-unreadable")
    with database.reading() as session:
        held = session.scalars(select(ContactMethod).where(ContactMethod.source == "import")).all()
    allowed = {each.value: each.can_sms for each in held if each.type == "phone"}
    assert allowed == {phones[0]: True, phones[1]: False, phones[2]: False, "call me": False}
    with database.snapshot() as session:
        checked = check_next(session, after=NOBODY)
    assert (checked.findings, checked.waiting) == ([], 0)


def test_a_column_of_flags_is_no_contact_and_a_file_of_nothing_but_bad_lines_fails(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "flags.csv"
    file.write_text("id,Full name,Mobile,E-mail,can_sms,SMS\n1,Ana Roe,+19165550100,ana@x.example,true,yes\n")
    assert counts(take(database_url, file)) == [1, 0, 0, 0]
    bad = tmp_path / "bad.csv"
    bad.write_text("id,Full name,Mobile\n1,Ana Roe,call me\n")
    assert counts(take(database_url, bad, status=1)) == [0, 0, 0, 1]
