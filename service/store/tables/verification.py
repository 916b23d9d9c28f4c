"""Codes that were sent to prove who reads a phone or a mailbox (023)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Id, id_column


class VerificationChallenge(Base):
    """A code on its way to a contact value. Only a keyed hash of the code is kept.

    It counts against the limits from the moment it is made; `failed_at` is set where the provider certainly did not take it,
    `sent_at` where it did, and only then can the code be used.
    """

    __tablename__ = "verification_challenges"

    id: Mapped[str] = id_column()
    contact_id: Mapped[str] = mapped_column(Id, ForeignKey("contact_methods.id"), index=True)
    type: Mapped[str] = mapped_column(String(16))
    match_value: Mapped[str] = mapped_column(Text)
    #: What a right code does: `contact` verifies the contact.
    purpose: Mapped[str] = mapped_column(String(16))
    code_hash: Mapped[str] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    #: Who asked: the API key, and keyed hashes of the client's address, its network and the number's range.
    api_key_id: Mapped[str | None] = mapped_column(Id, ForeignKey("api_keys.id"))
    client: Mapped[str | None] = mapped_column(String(64))
    network: Mapped[str | None] = mapped_column(String(64))
    number_range: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_verification_challenges_match_value_created_at", "match_value", "created_at"),
    )
