# ruff: noqa: S608 - the values in these statements are the test's own
from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from legacy import ANA, JANE, JOHN, contacts, customers, insert, run, select

from migrations import moving_012
from migrations.normalizing_012 import Read, read_contact
from service.store.migrating import current_revision, migrate
from service.store.tables import ContactMethod, Customer

if TYPE_CHECKING:
    from service.store.session import Database


@pytest.fixture
def legacy(empty_database: Database) -> Database:
    """A database at 011, whose customers still have one phone and one email each."""
    migrate(empty_database, "011")
    return empty_database


PHONES = [
    ("+19165551234", "+19165551234"),
    ("(916) 555-1234", "+19165551234"),
    ("916.555.1234 ext 7", "+19165551234"),
    (" 1-916-555-1234 ", "+19165551234"),
    ("9165551234.0", "+19165551234"),
    ("tel:+1-916-555-1234", "+19165551234"),
    ("cell 916 555 1234", "+19165551234"),
    ("0049 30 901820", "+4930901820"),
    ("442079460958", "+442079460958"),
    ("+44 20 7946 0958", "+442079460958"),
    ("\u202a+1 (916) 555\u20111234\u202c", "+19165551234"),
    ("\uff19\uff11\uff16\uff15\uff15\uff15\uff11\uff12\uff13\uff14", "+19165551234"),
]


@pytest.mark.parametrize(("raw", "e164"), PHONES)
def test_a_phone_is_read_in_every_spelling(raw: str, e164: str) -> None:
    assert read_contact("phone", raw, region="US") == Read(value=e164, match_value=e164, is_normalized=True)


EMAILS = [
    ("john@example.com", "john@example.com", "john@example.com"),
    ("John.Doe+shop@GMail.com", "john.doe+shop@gmail.com", "johndoe@gmail.com"),
    ("+@gmail.com", "+@gmail.com", "+@gmail.com"),
    (" JOHN@Example.COM ", "john@example.com", "john@example.com"),
    ("John Doe <john@example.com>", "john@example.com", "john@example.com"),
    ("mailto:john@example.com", "john@example.com", "john@example.com"),
    ("john@b\u00fccher.example", "john@xn--bcher-kva.example", "john@xn--bcher-kva.example"),
    ("ana-shop@yahoo.com", "ana-shop@yahoo.com", "ana@yahoo.com"),
    ("a.na_x@proton.me", "a.na_x@proton.me", "anax@proton.me"),
    ("ana+x@icloud.com", "ana+x@icloud.com", "ana@icloud.com"),
    ("ana+x@example.org", "ana+x@example.org", "ana+x@example.org"),
]


@pytest.mark.parametrize(("raw", "address", "compared"), EMAILS)
def test_an_email_is_read_in_every_spelling(raw: str, address: str, compared: str) -> None:
    assert read_contact("email", raw, region="US") == Read(
        value=address, match_value=compared, is_normalized=True
    )


UNREADABLE = [
    ("phone", "n/a"),
    ("phone", "555"),
    ("phone", "555-1234"),
    ("phone", "call me maybe"),
    ("phone", "+999 123 456 789"),
    ("phone", "99999999999999999999"),
    ("phone", "john@example.com"),
    ("phone", " -x"),
    ("phone", "\U0001f4de"),
    ("phone", "1" * 10_000),
    ("email", "none"),
    ("email", "john@@example.com"),
    ("email", "john@localhost"),
    ("email", "john at example"),
    ("email", "@"),
    ("email", "x" * 10_000),
    ("email", "john@" + "x" * 300 + ".com"),
]


def test_a_dirty_base_is_moved_whole_and_nothing_is_dropped(legacy: Database) -> None:
    legacies = [("phone", raw) for raw, _ in PHONES] + [("email", raw) for raw, *_ in EMAILS] + UNREADABLE
    for index, (kind, raw) in enumerate(legacies):
        insert(legacy, "customers", [{"id": _numbered(index), kind: raw}])
    migrate(legacy)
    with legacy.reading() as session:
        moved = session.scalars(sa.select(ContactMethod).order_by(ContactMethod.customer_id)).all()
        assert [(each.type, each.value if each.raw is None else each.raw) for each in moved] == legacies
        assert all(each.is_primary for each in moved)
        for each in moved:
            # The legacy column mirrors the primary, whatever it is.
            assert getattr(session.get_one(Customer, each.customer_id), each.type) == each.value


def test_what_cannot_be_normalized_is_kept_as_it_came_and_flagged(legacy: Database) -> None:
    rows = [{"id": _numbered(index), kind: raw} for index, (kind, raw) in enumerate(UNREADABLE)]
    for row in rows:
        insert(legacy, "customers", [row])
    migrate(legacy)
    with legacy.reading() as session:
        kept = session.scalars(sa.select(ContactMethod).order_by(ContactMethod.customer_id)).all()
    assert [(each.type, each.value) for each in kept] == UNREADABLE
    assert {(each.is_normalized, each.is_valid, each.raw) for each in kept} == {(False, False, None)}
    assert all(each.match_value.startswith("raw:") for each in kept)
    assert len({each.match_value for each in kept}) == len(UNREADABLE)


def _numbered(index: int) -> str:
    return f"{index:08x}-0000-4000-8000-000000000000"


def test_an_empty_column_makes_no_contact(legacy: Database) -> None:
    blanks = [None, "", "   ", "\t\n", "\u00a0"]
    insert(
        legacy, "customers", customers((_numbered(index), each, each) for index, each in enumerate(blanks))
    )
    migrate(legacy)
    assert select(legacy, "SELECT * FROM contact_methods") == []
    assert select(legacy, "SELECT phone FROM customers ORDER BY id") == [(each,) for each in blanks]


def test_customers_may_share_a_phone_and_an_email(legacy: Database) -> None:
    shared = ("(916) 555-1234", "Does@example.com")
    insert(legacy, "customers", customers([(JOHN, *shared), (JANE, *shared)]))
    migrate(legacy)
    assert [value for _, value, *_ in contacts(legacy, JOHN)] == ["does@example.com", "+19165551234"]
    assert [value for _, value, *_ in contacts(legacy, JANE)] == ["does@example.com", "+19165551234"]


def test_a_moved_contact_consents_to_nothing_and_says_where_it_came_from(legacy: Database) -> None:
    insert(legacy, "customers", customers([(JOHN, "9165551234", None)]))
    migrate(legacy)
    with legacy.reading() as session:
        moved = session.scalars(sa.select(ContactMethod)).one()
        assert (moved.can_sms, moved.can_call, moved.can_marketing, moved.is_verified) == (False,) * 4
        assert (moved.source, moved.provenance, moved.label) == ("legacy", "imported", "personal")
        assert (moved.origin_customer_id, moved.platform, moved.usage_count) == (JOHN, "", 0)
        assert session.get_one(Customer, JOHN).preferred_contact_id is None


def test_a_moved_contact_is_as_old_as_its_customer(legacy: Database) -> None:
    insert(
        legacy, "customers", [{"id": JOHN, "phone": "9165551234", "created_at": "2020-05-17 10:00:00.000000"}]
    )
    if not legacy.is_sqlite:
        run(legacy, "UPDATE customers SET created_at = '2020-05-17T10:00:00Z'")
    migrate(legacy)
    with legacy.reading() as session:
        created = session.scalars(sa.select(ContactMethod.created_at)).one()
    assert created == datetime(2020, 5, 17, 10, tzinfo=UTC)


def test_a_number_without_a_country_code_is_taken_for_one_of_the_region(legacy: Database) -> None:
    insert(legacy, "customers", customers([(JOHN, "030 901820", None)]))
    migrate(legacy, region="DE")
    assert select(legacy, "SELECT phone FROM customers") == [("+4930901820",)]


def many(count: int) -> list[dict[str, object]]:
    return customers(
        (_numbered(index), f"916555{index:04}", f"c{index}@example.com") for index in range(count)
    )


def test_a_base_larger_than_a_batch_is_moved_whole(legacy: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving_012, "BATCH", 7)
    insert(legacy, "customers", many(50))
    migrate(legacy)
    assert select(legacy, "SELECT type, count(*) FROM contact_methods GROUP BY type ORDER BY type") == [
        ("email", 50),
        ("phone", 50),
    ]


class _Interrupted(Exception):  # noqa: N818 - what a kill looks like from inside
    pass


def test_an_interrupted_move_goes_on_where_it_stopped(
    legacy: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving_012, "BATCH", 10)
    insert(legacy, "customers", many(50))
    _interrupt_after(monkeypatch, batches=3)
    with pytest.raises(_Interrupted):
        migrate(legacy)
    committed = select(legacy, "SELECT id FROM contact_methods ORDER BY id")
    assert len(committed) == 60
    with legacy.reading() as session:
        assert current_revision(session) == "011"
    monkeypatch.undo()
    migrate(legacy)
    moved = select(legacy, "SELECT id FROM contact_methods")
    assert len(moved) == 100
    assert set(committed) <= set(moved)


def _interrupt_after(monkeypatch: pytest.MonkeyPatch, *, batches: int) -> None:
    move = moving_012._move  # noqa: SLF001 - the kill has to come in the middle
    left = iter(range(batches))

    def stumbling(*arguments: object) -> None:
        if next(left, None) is None:
            raise _Interrupted
        move(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(moving_012, "_move", stumbling)


def test_what_the_legacy_application_writes_during_the_move_is_brought_over(
    legacy: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert(legacy, "customers", customers([(JANE, "9165550001", None)]))
    ahead = moving_012.move_all

    def with_a_late_write(*arguments: object) -> object:
        yield from ahead(*arguments)  # type: ignore[arg-type]
        connection = arguments[0]
        assert isinstance(connection, sa.Connection)
        # Before and at the place where the move has already been.
        connection.execute(sa.text(f"INSERT INTO customers (id, email) VALUES ('{JOHN}', 'J@example.com')"))
        connection.execute(sa.text("UPDATE customers SET phone = '(916) 555-0002' WHERE phone IS NOT NULL"))

    monkeypatch.setattr(moving_012, "move_all", with_a_late_write)
    _reload_revisions(monkeypatch)
    migrate(legacy)
    assert contacts(legacy, JOHN) == [("email", "j@example.com", "j@example.com", "J@example.com")]
    assert [value for _, value, *_ in contacts(legacy, JANE)] == ["+19165550001", "+19165550002"]
    assert select(legacy, f"SELECT phone FROM customers WHERE id = '{JANE}'") == [("+19165550002",)]


def _reload_revisions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the revisions read again, with what the test has put in the place of their parts."""
    from service.store import migrating  # noqa: PLC0415 - only this test reaches inside

    monkeypatch.setattr(migrating, "_scripts", migrating._scripts.__wrapped__)  # noqa: SLF001


def test_downgrading_gives_the_legacy_columns_back_as_they_were(legacy: Database) -> None:
    rows = [
        (JOHN, "(916) 555-1234", "John.Doe@GMAIL.com"),
        (JANE, "n/a", ""),
        (ANA, None, "ana@example.com"),
    ]
    insert(legacy, "customers", customers(rows))
    before = select(legacy, "SELECT * FROM customers ORDER BY id")
    migrate(legacy)
    migrate(legacy, "011")
    assert select(legacy, "SELECT * FROM customers ORDER BY id") == before


EVERYTHING = "SELECT * FROM contact_methods ORDER BY id"
CUSTOMERS = "SELECT id, phone, email, preferred_contact_id FROM customers ORDER BY id"


@pytest.fixture
def enriched(legacy: Database) -> Database:
    """A base at 012 that has what the legacy columns cannot hold."""
    insert(
        legacy,
        "customers",
        customers(
            [
                (JOHN, "(916) 555-1234", "John@Example.com"),
                (JANE, "n/a", None),
                (ANA, None, "ana@example.com"),
            ]
        ),
    )
    migrate(legacy, "012")
    run(
        legacy,
        "UPDATE contact_methods SET is_verified = true, can_sms = true, usage_count = 3, label = 'business'"
        " WHERE type = 'phone' AND is_normalized",
    )
    with legacy.transaction() as session:
        for type_, platform, value in (("phone", "", "+19165559999"), ("social", "instagram", "johndoe_biz")):
            now = datetime(2024, 1, 1, tzinfo=UTC)
            session.execute(
                sa.insert(ContactMethod).values(
                    customer_id=JOHN,
                    origin_customer_id=JOHN,
                    type=type_,
                    platform=platform,
                    value=value,
                    match_value=value,
                    source="api",
                    provenance="asserted",
                    created_at=now,
                    updated_at=now,
                )
            )
    run(
        legacy,
        "UPDATE customers SET preferred_contact_id ="
        " (SELECT id FROM contact_methods WHERE platform = 'instagram')"
        f" WHERE id = '{JOHN}'",
    )
    return legacy


def test_upgrading_again_brings_everything_back_under_the_same_ids(enriched: Database) -> None:
    contacts_before, customers_before = select(enriched, EVERYTHING), select(enriched, CUSTOMERS)
    for _ in range(2):
        migrate(enriched, "011")
        assert not {"contact_methods"} & set(sa.inspect(enriched.engine).get_table_names())
        migrate(enriched)
        assert select(enriched, EVERYTHING) == contacts_before
        assert select(enriched, CUSTOMERS) == customers_before
        leftovers = [name for name in sa.inspect(enriched.engine).get_table_names() if "archive" in name]
        assert leftovers == []


def test_what_the_legacy_application_changed_in_between_is_brought_over(enriched: Database) -> None:
    migrate(enriched, "010")
    run(
        enriched,
        f"UPDATE customers SET phone = '916-555-7777', email = 'JOHN@example.com' WHERE id = '{JOHN}'",
        f"UPDATE customers SET phone = '+1 916 555 4321' WHERE id = '{JANE}'",
        f"DELETE FROM customers WHERE id = '{ANA}'",
    )
    migrate(enriched)
    assert [value for _, value, *_ in contacts(enriched, JOHN)] == [
        "john@example.com",
        "+19165551234",
        "+19165557777",
        "+19165559999",
        "johndoe_biz",
    ]
    primaries = "SELECT value FROM contact_methods WHERE is_primary ORDER BY value"
    assert select(enriched, primaries) == [("+19165554321",), ("+19165557777",), ("john@example.com",)]
    assert contacts(enriched, ANA) == []
    assert select(enriched, "SELECT phone, email FROM customers ORDER BY id") == [
        ("+19165557777", "john@example.com"),
        ("+19165554321", None),
    ]


def test_a_column_emptied_in_between_takes_its_contact_along_and_the_next_best_follows(
    enriched: Database,
) -> None:
    migrate(enriched, "011")
    run(enriched, "UPDATE customers SET phone = NULL, email = ''")
    migrate(enriched)
    live = "SELECT value FROM contact_methods WHERE is_primary AND deleted_at IS NULL"
    assert select(enriched, live) == [("+19165559999",)]
    assert select(enriched, "SELECT count(*) FROM contact_methods") == [(6,)]
    assert select(enriched, f"SELECT phone FROM customers WHERE id = '{JOHN}'") == [("+19165559999",)]


def test_a_number_that_comes_back_becomes_primary_again(enriched: Database) -> None:
    migrate(enriched, "011")
    run(enriched, f"UPDATE customers SET phone = '916 555 9999' WHERE id = '{JOHN}'")
    migrate(enriched)
    primary = (
        f"SELECT value FROM contact_methods WHERE is_primary AND customer_id = '{JOHN}' AND type = 'phone'"
    )
    assert select(enriched, primary) == [("+19165559999",)]
    assert len(contacts(enriched, JOHN)) == 4
