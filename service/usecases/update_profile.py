"""A profile that came late: the sender gets their name and handle, and the question who they are is asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.events import Channel, Profile, Submission
from service.store.clusters import lock_survivor
from service.store.locks import lock_all_values
from service.store.tables import SocialAccount, SocialIdentity
from service.usecases.attach import Origin, attach
from service.usecases.reconsider import reconsider
from service.usecases.refresh import refresh
from service.usecases.set_aside import without_ours
from service.usecases.understand import understand

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from service.store.tables import Customer
    from service.usecases.terms import Terms


def update_profile(
    session: Session, identity_id: str, profile: Profile, *, terms: Terms, now: datetime
) -> None:
    """Take what the platform says of a sender now, and decide anew on a customer who was created without it."""
    # Whose numbers a stop of theirs is carried to, and who their rivals are, is known only later.
    lock_all_values(session)
    # Customers are locked before what hangs on them, as everywhere.
    customer = lock_survivor(session, session.get_one(SocialIdentity, identity_id).customer_id)
    identity = session.get_one(SocialIdentity, identity_id, with_for_update=True, populate_existing=True)
    if identity.profile_due_at is None:
        return  # Another worker had the same answer first.
    identity.username, identity.display_name = profile.username, profile.name
    identity.profile_fetched_at, identity.profile_due_at = now, None
    identity.updated_at = now
    _name_and_handle(session, identity, customer, terms, now)
    reconsider(session, identity, customer, terms=terms, now=now)


def postpone_profile(session: Session, identity_id: str, *, due_at: datetime | None, now: datetime) -> None:
    """Note that a profile could not be had: ask again at `due_at`, or not before the sender writes again."""
    identity = session.get_one(SocialIdentity, identity_id, with_for_update=True, populate_existing=True)
    if identity.profile_due_at is None:
        return  # Another worker had it meanwhile.
    identity.profile_due_at = due_at
    identity.profile_attempts += 1
    identity.updated_at = now


def _name_and_handle(
    session: Session, identity: SocialIdentity, customer: Customer, terms: Terms, now: datetime
) -> None:
    platform = session.get_one(SocialAccount, identity.social_account_id).platform
    told = Submission(channel=Channel(platform), name=identity.display_name, instagram=identity.username)
    reading = without_ours(session, understand(told, region=terms.region))
    customer.name = customer.name or reading.display_name
    attach(
        session,
        customer.id,
        reading.contacts,
        origin=Origin(customer_id=identity.origin_customer_id, actor=platform),
        now=now,
    )
    refresh(session, customer, now=now)
