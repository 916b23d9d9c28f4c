"""API keys: made once, shown once, kept as a hash. And the secret that signs tokens, made once."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select

from service.store.inserting import insert_once
from service.store.locks import lock_keys
from service.store.tables import ApiKey, InstallationSecret, new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

#: So that a leaked key can be recognised for what it is.
KEY_PREFIX = "ity_"
_FIRST_KEY_LOCK = 1
_SECRET_KEY = "secret_key"  # noqa: S105 - the row's name


def create_key(session: Session, name: str, *, now: datetime) -> str:
    """Make a key of 256 random bits, keep its hash, and return it: nobody can read it again."""
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    session.add(ApiKey(id=new_id(), name=name, key_hash=_hash(key), created_at=now))
    session.flush()
    return key


def find_key(session: Session, key: str) -> ApiKey | None:
    """The key that is `key`, unless it was revoked. A key is random enough that an unsalted hash may be looked up."""
    return session.scalar(select(ApiKey).where(ApiKey.key_hash == _hash(key), ApiKey.revoked_at.is_(None)))


def create_first_key(session: Session, *, now: datetime) -> str | None:
    """The key of a new installation; None where there is one already, or another process is making it."""
    lock_keys(session, [_FIRST_KEY_LOCK])
    if session.scalar(select(ApiKey.id).limit(1)) is not None:
        return None
    return create_key(session, "first", now=now)


def keep_secret_key(session: Session, *, now: datetime) -> str:
    """The installation's own signing secret, made at the first call."""
    made = {"name": _SECRET_KEY, "value": secrets.token_urlsafe(48), "created_at": now}
    insert_once(session, InstallationSecret, made)
    return session.get_one(InstallationSecret, _SECRET_KEY).value


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
