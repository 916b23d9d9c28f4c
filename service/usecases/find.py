"""Finding customers by any contact they hold, however it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, select, update

from matching import Provenance, Rejected, normalize_email, normalize_handle, normalize_phone
from service.errors import ErrorCode, Refusal
from service.store.clusters import find_survivor
from service.store.tables import ContactMethod, Customer, ExternalId

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

T = TypeVar("T")


def find_customer_by_any_contact(  # noqa: PLR0913 - one of these is given
    session: Session,
    *,
    phone: str | None = None,
    email: str | None = None,
    social_handle: str | None = None,
    platform: str | None = None,
    external_id: str | None = None,
    region: str = "US",
    after: str | None = None,
    limit: int | None = None,
) -> list[Customer]:
    """Everyone who holds the one contact that is given, and count its use; or who was imported under an id.

    One customer is an exact match; several leave the choice to the caller; none is an empty list. A social
    handle needs its `platform`. Holders come in the order of their ids: those behind the id `after`, at most `limit`. The session must be in a transaction that the caller commits, or the use is not counted.

    Raises:
        Refusal: not exactly one contact was given, or it cannot be read; `fields` names it.
    """
    if external_id and not (phone or email or social_handle):
        return _known_as(session, external_id)
    kind, social_platform, match_value = _wanted(phone, email, social_handle, platform, region=region)
    held = (
        ContactMethod.type == kind,
        ContactMethod.platform == social_platform,
        ContactMethod.match_value == match_value,
        ContactMethod.deleted_at.is_(None),
        ContactMethod.collapsed_into_id.is_(None),
    )
    customers = session.scalars(
        select(Customer)
        .join(ContactMethod, ContactMethod.customer_id == Customer.id)
        .where(*held, *([Customer.id > after] if after else []))
        .order_by(Customer.id)
        .limit(limit)
    ).all()
    if customers:
        session.execute(
            update(ContactMethod)
            .where(*held, ContactMethod.customer_id.in_([customer.id for customer in customers]))
            .values(
                usage_count=ContactMethod.usage_count + 1,
                first_used_at=func.coalesce(ContactMethod.first_used_at, func.current_timestamp()),
                last_used_at=func.current_timestamp(),
            )
            .execution_options(synchronize_session=False)
        )
    return list(customers)


def _known_as(session: Session, external_id: str) -> list[Customer]:
    """The customer whom an import brought under this id, or the survivor it was merged into."""
    customer_id = session.scalar(select(ExternalId.customer_id).where(ExternalId.external_id == external_id))
    found = find_survivor(session, customer_id) if customer_id else None
    return [found] if found else []


def _wanted(
    phone: str | None, email: str | None, social_handle: str | None, platform: str | None, *, region: str
) -> tuple[str, str, str]:
    """Type, platform and match value of the one contact that is asked for."""
    given = {name for name, raw in (("phone", phone), ("email", email), ("social", social_handle)) if raw}
    if len(given) != 1:
        complaint = "Give exactly one of phone, email and social (or instagram)."
        raise Refusal(ErrorCode.INVALID, complaint, fields={name: [complaint] for name in given or {"phone"}})
    provenance = Provenance.ASSERTED
    if phone:
        found = normalize_phone(phone, region=region, provenance=provenance)
        return "phone", "", _readable("phone", found).e164
    if email:
        return "email", "", _readable("email", normalize_email(email, provenance=provenance)).canonical
    if not platform:
        complaint = "A social contact needs its platform, such as instagram."
        raise Refusal(ErrorCode.INVALID, complaint, fields={"platform": [complaint]})
    handle = normalize_handle(social_handle or "", platform=platform, provenance=provenance)
    return "social", platform, _readable("social", handle).value


def _readable(field: str, value: T | Rejected) -> T:
    if isinstance(value, Rejected):
        raise Refusal(ErrorCode.INVALID, "This contact cannot be read.", fields={field: [value.detail]})
    return value
