"""API keys: made once, shown once, kept as a hash, limited to scopes. And the secret that signs tokens, made once."""

from __future__ import annotations

import hashlib
import secrets
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, tuple_, update

from service.errors import ErrorCode, Refusal
from service.store.audit import record_change
from service.store.inserting import insert_once
from service.store.locks import lock_keys
from service.store.tables import ApiKey, InstallationSecret, new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

#: So that a leaked key can be recognised for what it is.
KEY_PREFIX = "ity_"
#: Who makes what is made at the command line, in the audit log.
COMMAND = "command"
MAX_NAME_LENGTH = 200
_FIRST_KEY_LOCK = 1
_SECRET_KEY = "secret_key"  # noqa: S105 - the row's name


class Scope(StrEnum):
    """What a key may do."""

    INGEST = "ingest"
    """Hand in what people sent: the webhooks that take a key."""
    READ = "read"
    """Look, and ask for dry runs."""
    WRITE = "write"
    """Change customers, and decide about them; reading is included."""
    ADMIN = "admin"
    """Everything, and what concerns the installation: keys, own contacts, blocked values."""


_INCLUDES: Mapping[Scope, frozenset[Scope]] = {
    Scope.INGEST: frozenset({Scope.INGEST}),
    Scope.READ: frozenset({Scope.READ}),
    Scope.WRITE: frozenset({Scope.WRITE, Scope.READ}),
    Scope.ADMIN: frozenset(Scope),
}


def create_key(
    session: Session,
    name: str,
    *,
    scopes: Collection[Scope] = (Scope.ADMIN,),
    actor: str = COMMAND,
    now: datetime,
) -> tuple[ApiKey, str]:
    """Make a key of 256 random bits and keep its hash; the secret is returned, and nobody can read it again."""
    secret = KEY_PREFIX + secrets.token_urlsafe(32)
    ordered = [scope.value for scope in Scope if scope in scopes]
    key = ApiKey(id=new_id(), name=name, key_hash=_hash(secret), scopes=" ".join(ordered), created_at=now)
    session.add(key)
    details = {"key_id": key.id, "name": name, "scopes": ordered}
    record_change(session, "key.created", actor=actor, now=now, details=details)
    session.flush()
    return key, secret


def find_key(session: Session, secret: str) -> ApiKey | None:
    """The key that has this secret, unless it was revoked. It is random enough that an unsalted hash may be looked up."""
    return session.scalar(select(ApiKey).where(ApiKey.key_hash == _hash(secret), ApiKey.revoked_at.is_(None)))


def allows(key: ApiKey, scope: Scope) -> bool:
    """True where a key may do what asks for `scope`."""
    return any(scope in _INCLUDES[Scope(each)] for each in key.scopes.split())


def list_keys(
    session: Session, *, after: Sequence[Any] | None = None, limit: int | None = None
) -> list[ApiKey]:
    """Keys, the revoked ones included, newest first, after a (created_at, id)."""
    wanted = select(ApiKey).order_by(ApiKey.created_at.desc(), ApiKey.id.desc()).limit(limit)
    if after is not None:
        wanted = wanted.where(tuple_(ApiKey.created_at, ApiKey.id) < tuple(after))
    return list(session.scalars(wanted))


def named_keys(session: Session, name_or_id: str) -> list[ApiKey]:
    """The keys that are not revoked and have this id or this name."""
    keys = session.scalars(select(ApiKey).where(ApiKey.revoked_at.is_(None)).order_by(ApiKey.created_at))
    return [key for key in keys if name_or_id in {key.id, key.name}]


def revoke_key(session: Session, key_id: str, *, actor: str, now: datetime) -> ApiKey:
    """Make a key useless from the next request on; revoking it again changes nothing.

    Raises:
        Refusal: there is no such key.
    """
    key = session.get(ApiKey, key_id, with_for_update=True)
    if key is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no API key with this id.")
    if key.revoked_at is None:
        key.revoked_at = now
        details = {"key_id": key.id, "name": key.name}
        record_change(session, "key.revoked", actor=actor, now=now, details=details)
        session.flush()
    return key


def refuse_last_admin(session: Session, key_id: str) -> None:
    """Keep the last key that could make another one.

    Raises:
        Refusal: `key_id` is that key.
    """
    lock_keys(session, [_FIRST_KEY_LOCK])  # Two admins who revoke each other take turns.
    standing = session.scalars(select(ApiKey).where(ApiKey.revoked_at.is_(None)))
    admins = {key.id for key in standing if allows(key, Scope.ADMIN)}
    if admins == {key_id}:
        raise Refusal(
            ErrorCode.CONFLICT,
            "This is the last key with the scope admin: make another one first, or revoke it by command.",
        )


def keep_uses(session: Session, uses: Mapping[str, datetime]) -> None:
    """Write down when keys were last used; never backwards."""
    for key_id, minute in sorted(uses.items()):
        session.execute(
            update(ApiKey)
            .where(ApiKey.id == key_id, or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < minute))
            .values(last_used_at=minute)
        )


def create_first_key(session: Session, *, now: datetime) -> str | None:
    """The key of a new installation; None where there is one already, or another process is making it."""
    lock_keys(session, [_FIRST_KEY_LOCK])
    if session.scalar(select(ApiKey.id).limit(1)) is not None:
        return None
    return create_key(session, "first", now=now)[1]


def keep_secret_key(session: Session, *, now: datetime) -> str:
    """The installation's own signing secret, made at the first call."""
    made = {"name": _SECRET_KEY, "value": secrets.token_urlsafe(48), "created_at": now}
    insert_once(session, InstallationSecret, made)
    return session.get_one(InstallationSecret, _SECRET_KEY).value


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
