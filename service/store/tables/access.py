"""API keys (017, 021) and the secrets of this installation (017)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables.base import Base, id_column


class ApiKey(Base):
    """An API key; only its hash is kept. A revoked one stays, so that what it did keeps its name."""

    __tablename__ = "api_keys"

    id: Mapped[str] = id_column()
    name: Mapped[str] = mapped_column(Text)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: Space-separated: ingest, read, write, admin.
    scopes: Mapped[str] = mapped_column(Text, default="admin", server_default="admin")
    #: To the minute: writing at each request would cost more than the request.
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class InstallationSecret(Base):
    """A secret made once for this installation, where none is configured."""

    __tablename__ = "installation_secrets"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
