"""Every table, as the service sees it. The migrations create them; a test holds the two against each other."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    false,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

if TYPE_CHECKING:
    from sqlalchemy.sql.type_api import TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without its zone reached the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        # A legacy column may hold times without a zone: they are taken for UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: Ids are UUIDs as text in Python; PostgreSQL keeps them as uuid, SQLite with their dashes, as legacy bases have them.
Id: TypeEngine[str] = Uuid(as_uuid=False).with_variant(String(36), "sqlite")
#: Objects and arrays, kept as they were written: their keys in order.
Json: TypeEngine[Any] = JSON()


def new_id() -> str:
    return str(uuid.uuid4())


class Base(DeclarativeBase):
    """Typed columns; constraints named by one convention."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        dict[str, Any]: Json,
    }


def _id() -> Mapped[str]:
    return mapped_column(Id, primary_key=True, default=new_id)


# ---------------------------------------------------------------- 010, 012: customers and their contact methods


class Customer(Base):
    """One person. `phone` and `email` mirror the primaries, for readers of the legacy table.

    `merged_into_id` makes it a tombstone: its id leads to the survivor for as long as the merge stands.
    """

    __tablename__ = "customers"

    id: Mapped[str] = _id()
    name: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    #: No foreign key: it would close a cycle with contact_methods.
    preferred_contact_id: Mapped[str | None] = mapped_column(Id)
    merged_into_id: Mapped[str | None] = mapped_column(Id, index=True)


class ContactMethod(Base):
    """A way to reach a customer.

    `customer_id` holds it now; `origin_customer_id` is the customer it was recorded for, which no merge changes:
    undoing a merge re-derives the holder from it. A row whose customer already had the same value through a
    merge is kept with `collapsed_into_id`, and comes back when the merge is undone. `platform` is '' rather than NULL, or the unique
    index would do nothing.
    """

    __tablename__ = "contact_methods"

    id: Mapped[str] = _id()
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    origin_customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    type: Mapped[str] = mapped_column(String(16))
    platform: Mapped[str] = mapped_column(String(32), default="", server_default="")
    value: Mapped[str] = mapped_column(Text)
    match_value: Mapped[str] = mapped_column(Text)
    #: As it was typed, where that differs.
    raw: Mapped[str | None] = mapped_column(Text)
    #: False where the value could not be normalized and is kept as it came.
    is_normalized: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    label: Mapped[str] = mapped_column(String(16), default="personal", server_default="personal")
    #: Why it has this label: a rule's name and what it saw, for people.
    label_reason: Mapped[str | None] = mapped_column(Text)
    is_primary: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    is_verified: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    verified_at: Mapped[datetime | None]
    can_sms: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    can_call: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    can_marketing: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    is_valid: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    #: Where it first came from: a channel, `api`, `legacy`, `import`.
    source: Mapped[str] = mapped_column(String(32))
    #: The strongest way it reached us (matching.records.Provenance).
    provenance: Mapped[str] = mapped_column(String(16))
    usage_count: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    first_used_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    collapsed_into_id: Mapped[str | None] = mapped_column(Id, ForeignKey("contact_methods.id"), index=True)

    __table_args__ = (
        Index(
            "uq_contact_methods_live_value",
            "customer_id",
            "type",
            "platform",
            "match_value",
            unique=True,
            sqlite_where=text("deleted_at IS NULL AND collapsed_into_id IS NULL"),
            postgresql_where=text("deleted_at IS NULL AND collapsed_into_id IS NULL"),
        ),
        Index(
            "uq_contact_methods_live_primary",
            "customer_id",
            "type",
            unique=True,
            sqlite_where=text("is_primary AND deleted_at IS NULL AND collapsed_into_id IS NULL"),
            postgresql_where=text("is_primary AND deleted_at IS NULL AND collapsed_into_id IS NULL"),
        ),
        Index("ix_contact_methods_match_value", "match_value", "type", "platform"),
    )


# ---------------------------------------------------------------- 011: social accounts and identities


class SocialAccount(Base):
    """One of the business's own accounts, registered by its first authentic event."""

    __tablename__ = "social_accounts"

    id: Mapped[str] = _id()
    platform: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("platform", "account_id"),)


class SocialIdentity(Base):
    """A sender on a platform, scoped to the account that it wrote to.

    `profile_due_at` is when its profile is to be asked for next; NULL when there is nothing to ask.
    """

    __tablename__ = "social_identities"

    id: Mapped[str] = _id()
    social_account_id: Mapped[str] = mapped_column(Id, ForeignKey("social_accounts.id"))
    sender_id: Mapped[str] = mapped_column(String(64))
    username: Mapped[str | None] = mapped_column(Text)
    display_name: Mapped[str | None] = mapped_column(Text)
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    origin_customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    profile_due_at: Mapped[datetime | None] = mapped_column(index=True)
    profile_attempts: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    profile_fetched_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("social_account_id", "sender_id"),)


# ---------------------------------------------------------------- 013: the inbox


class InboxEvent(Base):
    """One inbound event, durable before it is acknowledged, applied exactly once.

    `attempts` counts claims, not failures: a poison event may kill the process that claimed it. `answer` is what
    the sender was told, so that a redelivery is told the same.
    """

    __tablename__ = "inbox_events"

    id: Mapped[str] = _id()
    source: Mapped[str] = mapped_column(String(64))
    account: Mapped[str] = mapped_column(String(64), default="", server_default="")
    event_key: Mapped[str] = mapped_column(Text)
    #: What named the delivery beside the event (an Idempotency-Key, a webhook-id); the same again is a redelivery too.
    delivery_key: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    payload: Mapped[dict[str, Any]]
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    lease_owner: Mapped[str | None] = mapped_column(Text)
    lease_until: Mapped[datetime | None]
    available_at: Mapped[datetime]
    occurred_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    customer_id: Mapped[str | None] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    answer: Mapped[dict[str, Any] | None]
    #: An error's code and class, never its text, which may quote what a person typed.
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("source", "account", "event_key"),
        UniqueConstraint("source", "account", "delivery_key"),
        Index("ix_inbox_events_status_available_at", "status", "available_at"),
        Index("ix_inbox_events_received_at_id", "received_at", "id"),
    )


class InboxConflict(Base):
    """Another body under the key of an event that we have: kept, never applied."""

    __tablename__ = "inbox_conflicts"

    id: Mapped[str] = _id()
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("inbox_events.id"))
    body_hash: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("event_id", "body_hash"),)


# ---------------------------------------------------------------- 014: the match index


class MatchKey(Base):
    """A block key of a customer: one narrow row, read by key."""

    __tablename__ = "match_keys"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), primary_key=True, index=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class MatchRecord(Base):
    """A customer's packed matching.Record, of format `version`."""

    __tablename__ = "match_records"

    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(Integer)


# ---------------------------------------------------------------- 015: decisions, proposals, prompts, judgements


class Decision(Base):
    """What the engine decided of an event, with all it takes to replay it."""

    __tablename__ = "decisions"

    id: Mapped[str] = _id()
    event_id: Mapped[str | None] = mapped_column(Id, ForeignKey("inbox_events.id"), index=True)
    #: The customer that the event ended in, by the id it had then.
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(16))
    #: Why it was made: `event`, `profile`.
    occasion: Mapped[str] = mapped_column(String(16))
    record: Mapped[dict[str, Any]]
    explanation: Mapped[dict[str, Any]]
    model_version: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Prompt(Base):
    """The question "Is this you?", asked of the person who sent an event. Its token is signed from its id, and never stored."""

    __tablename__ = "prompts"

    id: Mapped[str] = _id()
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("inbox_events.id"), unique=True)
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    expires_at: Mapped[datetime]
    #: yes, no or on_behalf; NULL while nobody answered.
    answer: Mapped[str | None] = mapped_column(String(16))
    answered_at: Mapped[datetime | None]
    #: When an operator or another event made the question moot.
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class MatchProposal(Base):
    """Two customers who may be one person: `customer_id` would be merged into `candidate_id`."""

    __tablename__ = "match_proposals"

    id: Mapped[str] = _id()
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    candidate_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    decision_id: Mapped[str] = mapped_column(Id, ForeignKey("decisions.id"))
    prompt_id: Mapped[str | None] = mapped_column(Id, ForeignKey("prompts.id"), index=True)
    #: What the asker calls this candidate: tells nothing of who it is.
    prompt_key: Mapped[str | None] = mapped_column(String(8))
    #: What the prompt shows, masked when it was asked.
    hints: Mapped[dict[str, Any] | None]
    probability: Mapped[float] = mapped_column(Float)
    explanation: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq_match_proposals_pending_pair",
            "customer_id",
            "candidate_id",
            unique=True,
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_match_proposals_status_probability", "status", "probability"),
    )


class Judgement(Base):
    """A person's word that two customers are not the same, by their original ids (`low_id` < `high_id`). Append-only."""

    __tablename__ = "judgements"

    id: Mapped[str] = _id()
    low_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    high_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    #: Who said so: `person`, `operator:…`, `undo`.
    actor: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


# ---------------------------------------------------------------- 016: merges, their journal, sources, bookings


class Merge(Base):
    """A merge of two customers, or an automatic link of an event to a customer (`kind`), until it is undone."""

    __tablename__ = "merges"

    id: Mapped[str] = _id()
    #: merge | link
    kind: Mapped[str] = mapped_column(String(8))
    survivor_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    #: NULL for a link; after a link is undone, the customer who got the event's contributions.
    absorbed_id: Mapped[str | None] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    event_id: Mapped[str | None] = mapped_column(Id, ForeignKey("inbox_events.id"), index=True)
    proposal_id: Mapped[str | None] = mapped_column(Id, ForeignKey("match_proposals.id"))
    #: none | claim | code | operator
    proof: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_merges_created_at_id", "created_at", "id"),)


class MergeEntry(Base):
    """One value that a merge touched: whose it was, whose it became, and how it stood before."""

    __tablename__ = "merge_entries"

    id: Mapped[str] = _id()
    merge_id: Mapped[str] = mapped_column(Id, ForeignKey("merges.id"), index=True)
    #: contact_method | social_identity | booking | contact_source
    entity: Mapped[str] = mapped_column(String(32))
    entity_id: Mapped[str] = mapped_column(Id, index=True)
    #: moved | collapsed | kept | added
    action: Mapped[str] = mapped_column(String(16))
    from_customer_id: Mapped[str | None] = mapped_column(Id, ForeignKey("customers.id"))
    to_customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"))
    before: Mapped[dict[str, Any]]


class ContactSource(Base):
    """What brought a value: an event, or an actor; and with which customer it was proven. A value goes with its last source."""

    __tablename__ = "contact_sources"

    id: Mapped[str] = _id()
    contact_id: Mapped[str] = mapped_column(Id, ForeignKey("contact_methods.id"), index=True)
    event_id: Mapped[str | None] = mapped_column(Id, ForeignKey("inbox_events.id"), index=True)
    origin_customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    provenance: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("contact_id", "event_id"),)


class Booking(Base):
    """What a customer booked; it moves with its customer."""

    __tablename__ = "bookings"

    id: Mapped[str] = _id()
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    origin_customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)
    event_id: Mapped[str] = mapped_column(Id, ForeignKey("inbox_events.id"), index=True)
    source: Mapped[str] = mapped_column(String(64))
    external_id: Mapped[str | None] = mapped_column(Text)
    starts_at: Mapped[datetime | None]
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


# ---------------------------------------------------------------- 017: access


class ApiKey(Base):
    """An API key; only its hash is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = _id()
    name: Mapped[str] = mapped_column(Text)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class InstallationSecret(Base):
    """A secret made once for this installation, where none is configured."""

    __tablename__ = "installation_secrets"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
