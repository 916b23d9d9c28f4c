"""The placeholders that revision 020 ships as blocked values."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa

from migrations.columns import ID, MOMENT

_BLOCKED = sa.table(
    "blocked_values",
    sa.column("id", ID),
    sa.column("type", sa.String()),
    sa.column("platform", sa.String()),
    sa.column("kind", sa.String()),
    sa.column("value", sa.Text()),
    sa.column("reason", sa.Text()),
    sa.column("source", sa.String()),
    sa.column("created_at", MOMENT),
)

_PLACEHOLDER = "stands for an address that was not given"
_MACHINE = "a mailbox that nobody reads"
_DIGITS = "digits in a row stand for a number that was not given"

#: (type, kind, value, reason), as they are compared.
SHIPPED = (
    *(
        ("email", "exact", each, _PLACEHOLDER)
        for each in (
            "a@a.com",
            "a@b.com",
            "aa@aa.com",
            "aaa@aaa.com",
            "abc@abc.com",
            "abc@gmail.com",
            "abc@test.com",
            "abc@xyz.com",
            "abcd@gmail.com",
            "asd@asd.com",
            "asdf@asdf.com",
            "email@domain.com",
            "email@email.com",
            "email@example.com",
            "example@domain.com",
            "example@email.com",
            "example@example.com",
            "example@gmail.com",
            "fake@email.com",
            "fake@fake.com",
            "fake@gmail.com",
            "foo@bar.com",
            "guest@guest.com",
            "mail@mail.com",
            "me@me.com",
            "me@here.com",
            "my@email.com",
            "myemail@gmail.com",
            "n@a.com",
            "na@na.com",
            "name@domain.com",
            "name@email.com",
            "name@example.com",
            "no@email.com",
            "no@mail.com",
            "no@no.com",
            "no@thanks.com",
            "noemail@gmail.com",
            "noemail@noemail.com",
            "none@gmail.com",
            "none@none.com",
            "nomail@nomail.com",
            "notgiven@notgiven.com",
            "qwe@qwe.com",
            "qwerty@qwerty.com",
            "test@email.com",
            "test@example.com",
            "test@gmail.com",
            "test@mail.com",
            "test@test.com",
            "test1@test.com",
            "test123@gmail.com",
            "test123@test.com",
            "testing@test.com",
            "tester@test.com",
            "unknown@unknown.com",
            "user@domain.com",
            "user@example.com",
            "user@user.com",
            "x@x.com",
            "xx@xx.com",
            "xxx@xxx.com",
            "xyz@xyz.com",
            "you@example.com",
            "you@email.com",
            "your@email.com",
            "youremail@gmail.com",
            "yourname@example.com",
            "walkin@walkin.com",
            "walk-in@walkin.com",
        )
    ),
    *(
        ("email", "pattern", each, _MACHINE)
        for each in (
            "noreply@*",
            "no-reply@*",
            "no_reply@*",
            "donotreply@*",
            "do-not-reply@*",
            "do_not_reply@*",
            "mailer-daemon@*",
            "postmaster@*",
        )
    ),
    *(("email", "pattern", each, _PLACEHOLDER) for each in ("*@noemail.com", "*@none.com", "*@test.test")),
    *(
        ("phone", "exact", each, _DIGITS)
        for each in (
            "+10123456789",
            "+11234567890",
            "+12345678901",
            "+19876543210",
            "+441234567890",
            "+447123456789",
            "+447123456780",
            "+491234567890",
            "+33123456789",
            "+34123456789",
            "+34612345678",
            "+33612345678",
            "+390123456789",
            "+911234567890",
            "+919876543210",
            "+61412345678",
            "+525512345678",
            "+5511912345678",
        )
    ),
    *(
        ("social", "exact", each, "stands for a handle that was not given")
        for each in (
            "instagram",
            "username",
            "yourusername",
            "your_username",
            "none",
            "n/a",
            "na",
            "test",
            "facebook",
        )
    ),
)


def insert_shipped(connection: sa.Connection) -> None:
    """Fill the new table."""
    now = datetime.now(UTC)  # noqa: TID251 - Alembic calls a revision with nothing
    connection.execute(
        sa.insert(_BLOCKED),
        [
            {
                "id": str(uuid.uuid4()),
                "type": kind_of_contact,
                "platform": "",
                "kind": kind,
                "value": value,
                "reason": reason,
                "source": "shipped",
                "created_at": now,
            }
            for kind_of_contact, kind, value, reason in SHIPPED
        ],
    )


def shipped_only(connection: sa.Connection) -> bool:
    """True where the table holds what was shipped and nothing else, so that it can be made again."""
    shipped = sa.func.sum(sa.case((_BLOCKED.c.source == "shipped", 1), else_=0))
    total, ours = connection.execute(sa.select(sa.func.count(), shipped)).one()
    return bool(total == ours == len(SHIPPED))
