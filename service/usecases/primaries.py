"""Which contact method of each type is the primary: one wherever there is any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store.contacts import ASSISTANT, best_primary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from service.store.tables import ContactMethod


def primary_of(contacts: Iterable[ContactMethod], kind: str) -> ContactMethod | None:
    """The primary among the live `contacts` of one customer."""
    return next((each for each in contacts if each.is_primary and each.type == kind), None)


def make_primary(session: Session, contact: ContactMethod, contacts: Sequence[ContactMethod]) -> None:
    """Make `contact` the primary of its type among the live `contacts` of its customer."""
    for each in contacts:
        if each.type == contact.type and each is not contact:
            each.is_primary = False
    # The unique index holds after each statement: the old one steps down before the new one steps up.
    session.flush()
    contact.is_primary = True
    session.flush()


def settle_primary(
    session: Session,
    contacts: Sequence[ContactMethod],
    kind: str,
    *,
    newcomers: Collection[ContactMethod] = (),
) -> None:
    """See to it that one of a customer's live contacts of a type is the primary.

    Where the primary reaches an assistant, and everything of the customer's own is among `newcomers`, their own takes over; an
    assistant's that was chosen although there was another stays.
    """
    ours = [each for each in contacts if each.type == kind]
    own = [each for each in ours if each.label != ASSISTANT]
    primary = primary_of(ours, kind)
    must_yield = (
        primary is not None and primary.label == ASSISTANT and own and all(each in newcomers for each in own)
    )
    best = best_primary(ours)
    if best is not None and (primary is None or must_yield):
        make_primary(session, best, ours)
