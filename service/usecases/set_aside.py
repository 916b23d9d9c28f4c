"""What takes no part in matching: our own contacts, which are nobody's, and blocked values, which prove nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec import structs

from service.errors import ErrorCode, Refusal
from service.store.own_and_blocked import Value, find_set_aside
from service.usecases.understand import record_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from matching import Record
    from service.usecases.understand import ContactValue, Reading


def without_ours(session: Session, reading: Reading) -> Reading:
    """A reading without the contacts of the business itself: they are attached to nobody, and kept as `ours`."""
    found = (*reading.contacts, *reading.others)
    ours = find_set_aside(session, {_value(each) for each in found}).ours
    if not ours:
        return reading
    contacts = tuple(each for each in reading.contacts if _value(each) not in ours)
    return replace(
        reading,
        record=record_of(contacts, reading.record.names, local_phones=reading.record.local_phones),
        contacts=contacts,
        others=tuple(each for each in reading.others if _value(each) not in ours),
        ours=tuple(each for each in found if _value(each) in ours),
    )


def refuse_ours(session: Session, values: Sequence[ContactValue], *, fields: Sequence[str]) -> None:
    """Refuse to give a customer what is ours; `fields` names each value's field.

    Raises:
        Refusal: INVALID, with every field at fault.
    """
    ours = find_set_aside(session, {_value(each) for each in values}).ours
    complaints = {
        field: ["This is a contact of the business itself."]
        for field, each in zip(fields, values, strict=True)
        if _value(each) in ours
    }
    if complaints:
        raise Refusal(ErrorCode.INVALID, "Some contacts cannot be used.", fields=complaints)


def telling(
    session: Session, record: Record, ours: Sequence[ContactValue] = ()
) -> tuple[Record, tuple[str, ...]]:
    """What of a record may be matched on, and a sentence for each value that may not; `ours` were left out of it before."""
    left_out = {_value(each) for each in ours}
    phones = {each: Value("phone", "", each.e164) for each in record.phones}
    emails = {each: Value("email", "", each.canonical) for each in record.emails}
    delivered = {each: Value("email", "", each.address) for each in record.emails}
    handles = {each: Value("social", each.platform, each.value) for each in record.handles}
    aside = find_set_aside(
        session, {*phones.values(), *emails.values(), *delivered.values(), *handles.values()}
    )
    if not aside and not left_out:
        return record, ()
    kept = structs.replace(
        record,
        phones=tuple(each for each, value in phones.items() if value not in aside),
        emails=tuple(
            each for each, value in emails.items() if value not in aside and delivered[each] not in aside
        ),
        handles=tuple(each for each, value in handles.items() if value not in aside),
    )
    notes = {
        *(f"{value.type} {value.match_value} is ours" for value in aside.ours | left_out),
        *(
            f"{value.type} {value.match_value} is blocked{f': {reason}' if reason else ''}"
            for value, reason in aside.blocked.items()
        ),
    }
    return kept, tuple(sorted(notes))


def _value(contact: ContactValue) -> Value:
    return Value(*contact.identity)
