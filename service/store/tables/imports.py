"""Customers from files (022)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, Id, id_column


class ExternalId(Base):
    """The id that another system has for a customer; for a line without one, `row:` and a hash of what it says."""

    __tablename__ = "external_ids"

    external_id: Mapped[str] = mapped_column(Text, primary_key=True)
    customer_id: Mapped[str] = mapped_column(Id, ForeignKey("customers.id"), index=True)


class ImportRun(Base):
    """How far the import of a file has come, so that one that was interrupted goes on where it stopped."""

    __tablename__ = "import_runs"

    id: Mapped[str] = id_column()
    #: SHA-256 of the file and of how its columns were read.
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    #: Bytes and lines of the file that are done.
    position: Mapped[int] = mapped_column(BigInteger)
    lines: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[int] = mapped_column(BigInteger)
    updated: Mapped[int] = mapped_column(BigInteger)
    unchanged: Mapped[int] = mapped_column(BigInteger)
    rejected: Mapped[int] = mapped_column(BigInteger)
    #: Bytes of the rejects file that are to stay.
    rejects_size: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
