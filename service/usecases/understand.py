"""From what was typed to values: a Submission becomes a Record to match, and contact methods to keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import UNSET, structs

from matching import (
    Email,
    Handle,
    Label,
    LabelName,
    LocalPhone,
    PersonName,
    Phone,
    Provenance,
    Record,
    Rejected,
    Whose,
    label_from_context,
    normalize_email,
    normalize_handle,
    normalize_name,
    normalize_phone,
    read_local_phone,
)
from matching import extract as extract_values
from matching.known_words import is_given_name
from matching.normalize import nicknames_of
from service.events import Channel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from msgspec import UnsetType

    from matching import Extraction, Mention
    from service.events import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactValue:
    """A contact method to keep: normalized, labelled, with how it reached us."""

    type: str
    platform: str = ""
    value: str
    match_value: str
    raw: str | None = None
    label: Label
    provenance: Provenance
    #: False for what could not be read, and is kept as it came.
    is_normalized: bool = True

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes two contact methods of a customer the same one."""
        return self.type, self.platform, self.match_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a submission says, understood.

    `others` are values that the text says are somebody else's: kept as mentions, never attached. `ours` are the
    business's own, which are nobody's. `typed` are those of `contacts` that have a field of their own, by its name.
    `rejected` holds the fields that could not be normalized.
    """

    record: Record
    contacts: tuple[ContactValue, ...] = ()
    typed: Mapping[str, ContactValue] = field(default_factory=dict)
    others: tuple[ContactValue, ...] = ()
    ours: tuple[ContactValue, ...] = ()
    display_name: str | None = None
    rejected: Mapping[str, Rejected] = field(default_factory=dict)


def understand(submission: Submission, *, region: str) -> Reading:
    """Normalize and extract; never raises on what a person typed."""
    fields = _normalize_fields(submission, region=region)
    extraction = extract_values(submission.text, region=region)
    own = tuple(mention for mention in extraction.mentions if mention.whose is Whose.OWN)
    others = tuple(mention for mention in extraction.mentions if mention.whose is Whose.OTHER)
    values = [value for value in fields.values() if not isinstance(value, Rejected)]
    names = _names(values, extraction)
    handle = next((value.value for value in values if isinstance(value, Handle)), None)
    # Read from the whole text, so once for all values.
    context = _label(submission, handle=handle)
    typed = dict(_typed_contacts(submission, values, handle))
    local = _local_phone(submission, region=region)
    contacts = _distinct(
        [
            *typed.values(),
            *([_unread_phone(submission, local)] if local and "phone" not in typed else []),
            *(_mentioned(submission, mention, context) for mention in own),
        ]
    )
    return Reading(
        record=record_of(contacts, names, local_phones=(local,) if local else UNSET),
        contacts=contacts,
        typed=typed,
        others=_distinct(_mentioned(submission, mention, context) for mention in others),
        display_name=names[0].display if names else _name_as_typed(submission),
        rejected={name: value for name, value in fields.items() if isinstance(value, Rejected)},
    )


def complaints_about(submission: Submission, *, region: str) -> dict[str, list[str]]:
    """Every contact that cannot be read, with a sentence for who typed it.

    A name is whatever a person types there: one that tells nothing ("Guest") is kept, and is no evidence. A phone
    without its area or country is kept as it came, and is some.
    """
    fields = _normalize_fields(submission, region=region)
    allowed = {"name", "phone"} if _local_phone(submission, region=region) else {"name"}
    return {
        name: [value.detail]
        for name, value in fields.items()
        if name not in allowed and isinstance(value, Rejected)
    }


def record_of(
    contacts: Iterable[ContactValue],
    names: Iterable[PersonName],
    *,
    local_phones: tuple[LocalPhone, ...] | UnsetType = UNSET,
) -> Record:
    """The Record that these contact methods and names make; one that nobody could read has no part in it."""
    phones, emails, handles = [], [], []
    for contact in contacts:
        if not contact.is_normalized:
            continue
        match contact.type:
            case "phone":
                phones.append(Phone(e164=contact.value, provenance=contact.provenance))
            case "email":
                emails.append(
                    Email(address=contact.value, canonical=contact.match_value, provenance=contact.provenance)
                )
            case _:
                handle = normalize_handle(
                    contact.value, platform=contact.platform, provenance=contact.provenance
                )
                if isinstance(handle, Handle):
                    handles.append(handle)
    return Record(
        names=tuple(names),
        phones=tuple(phones),
        emails=tuple(emails),
        handles=tuple(handles),
        local_phones=local_phones,
    )


def contact_value(
    value: Phone | Email | Handle, *, label: Label, provenance: Provenance, raw: str | None = None
) -> ContactValue:
    """The contact method that a normalized value makes."""
    match value:
        case Phone():
            kind, platform, shown, matched = "phone", "", value.e164, value.e164
        case Email():
            kind, platform, shown, matched = "email", "", value.address, value.canonical
        case Handle():
            kind, platform, shown, matched = "social", value.platform, value.value, value.value
    return ContactValue(
        type=kind,
        platform=platform,
        value=shown,
        match_value=matched,
        raw=raw if raw != shown else None,
        label=label,
        provenance=provenance,
    )


def unread_value(
    kind: str, raw: str, *, platform: str = "", label: Label, provenance: Provenance
) -> ContactValue:
    """The contact method that a value makes which nobody could read: kept as it came."""
    return ContactValue(
        type=kind,
        platform=platform,
        value=raw,
        # What was read has no such prefix.
        match_value=f"raw:{raw.strip().lower()}",
        raw=raw,
        label=label,
        provenance=provenance,
        is_normalized=False,
    )


_Value = PersonName | Phone | Email | Handle


def _normalize_fields(submission: Submission, *, region: str) -> dict[str, _Value | Rejected]:
    """Every field that was filled in, by its name."""
    provenance = Provenance.PLATFORM if submission.channel.is_vouched_for else Provenance.ASSERTED
    fields: dict[str, _Value | Rejected] = {}
    if submission.name:
        fields["name"] = normalize_name(submission.name, provenance=provenance)
    if submission.phone:
        fields["phone"] = normalize_phone(submission.phone, region=region, provenance=provenance)
    if submission.email:
        fields["email"] = normalize_email(submission.email, provenance=provenance)
    if submission.instagram:
        fields["instagram"] = normalize_handle(
            submission.instagram, platform="instagram", provenance=provenance
        )
    return fields


def _local_phone(submission: Submission, *, region: str) -> LocalPhone | None:
    """The phone, where it is one of another town or country."""
    if not submission.phone:
        return None
    return read_local_phone(submission.phone, region=region, provenance=Provenance.ASSERTED)


def _unread_phone(submission: Submission, local: LocalPhone) -> ContactValue:
    label = _label(submission, handle=None)
    return unread_value("phone", submission.phone or local.digits, label=label, provenance=local.provenance)


def _names(values: Iterable[_Value], extraction: Extraction) -> tuple[PersonName, ...]:
    """The name that was typed, and what a text adds to it; a text that names somebody else is not believed."""
    typed = [value for value in values if isinstance(value, PersonName)]
    known = {token for name in typed for token in name.tokens}
    told = [name for name in extraction.names if _may_be_called(name, known)]
    names: dict[tuple[str, ...], PersonName] = {}
    for name in [*typed, *told]:
        names.setdefault(name.tokens, name)
    return tuple(names.values())


def _may_be_called(told: PersonName, known: Collection[str]) -> bool:
    """True where whoever shows the words `known` for a name may be called so: they share a word or a short form, or show no given name."""
    forms = {form for token in told.tokens for form in (token, *nicknames_of(token))}
    return not forms.isdisjoint(known) or not any(map(is_given_name, known))


def _name_as_typed(submission: Submission) -> str | None:
    """What a form's person calls themselves, where nobody can read a name in it."""
    return submission.name if submission.channel is Channel.BOOKING_FORM else None


def _typed_contacts(
    submission: Submission, values: Iterable[_Value], handle: str | None
) -> Iterable[tuple[str, ContactValue]]:
    """The field of each contact that was typed into one, and what it holds."""
    for value in values:
        if isinstance(value, PersonName):
            continue
        kind = {Phone: "phone", Email: "email", Handle: "instagram"}[type(value)]
        yield (
            kind,
            contact_value(
                value,
                label=_label(
                    submission, handle=handle, email=value.address if isinstance(value, Email) else None
                ),
                provenance=value.provenance,
                raw=getattr(submission, kind),
            ),
        )


def _mentioned(submission: Submission, mention: Mention, context: Label) -> ContactValue:
    """A value out of the text. A form's text was typed by the person who asks, so it is asserted."""
    form = submission.channel is Channel.BOOKING_FORM
    provenance = Provenance.ASSERTED if form else Provenance.MENTIONED
    value = structs.replace(mention.value, provenance=provenance)
    label = mention.label or _label_of_address(value) or context
    return contact_value(
        value, label=label, provenance=provenance, raw=submission.text[mention.start : mention.end]
    )


def _label_of_address(value: Phone | Email | Handle) -> Label | None:
    """What an address itself tells: `info@` is a business's."""
    label = label_from_context(email=value.address) if isinstance(value, Email) else None
    return label if label is not None and label.label is LabelName.BUSINESS else None


def _label(submission: Submission, *, handle: str | None, email: str | None = None) -> Label:
    if submission.label:
        return Label(label=LabelName(submission.label), reason="the form says so")
    label = label_from_context(text=submission.text, handle=handle, email=email)
    if label.label is LabelName.ASSISTANT:
        # Whoever writes for another is a customer all the same, and this is how to reach them at work.
        return Label(label=LabelName.BUSINESS, reason=label.reason)
    return label


def _distinct(contacts: Iterable[ContactValue]) -> tuple[ContactValue, ...]:
    """Each contact method once; the first way it reached us counts (typed before mentioned)."""
    kept: dict[tuple[str, str, str], ContactValue] = {}
    for contact in contacts:
        kept.setdefault(contact.identity, contact)
    return tuple(kept.values())
