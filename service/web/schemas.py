"""The shapes of requests and answers, for validation and for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from service.events import EventStatus
from service.providers.booking_form import LABELS
from service.web.pages import MAX_LIMIT

_TYPES = ("phone", "email", "social")


def _text(length: int) -> fields.String:
    return fields.String(validate=validate.Length(max=length))


class PageQuery(Schema):
    """Where to go on, and how much to show."""

    cursor = fields.String()
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MAX_LIMIT))


class NewContact(Schema):
    """A contact method to create; `platform` is needed for a social one."""

    type = fields.String(required=True, validate=validate.OneOf(_TYPES))
    value = fields.String(required=True, validate=validate.Length(min=1, max=500))
    platform = fields.String(allow_none=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,31}$"))
    label = fields.String(allow_none=True, validate=validate.OneOf(LABELS))
    is_primary = fields.Boolean(allow_none=True)

    @validates_schema
    def _social_names_its_platform(self, contact: dict[str, Any], **_: object) -> None:
        if contact["type"] == "social" and not contact.get("platform"):
            raise ValidationError("A social contact needs its platform, such as instagram.", "platform")
        if contact["type"] != "social" and contact.get("platform"):
            raise ValidationError("Only a social contact has a platform.", "platform")


class NewCustomer(Schema):
    """A customer to create."""

    name = fields.String(required=True, validate=[validate.Length(min=1, max=200), validate.Regexp(r".*\S")])
    contacts = fields.List(fields.Nested(NewContact), load_default=list, validate=validate.Length(max=100))


class CustomerView(Schema):
    """A customer; `phone` and `email` are the primaries, `merged_ids` the ids that lead here."""

    id = fields.UUID(required=True)
    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    preferred_contact_id = fields.UUID(allow_none=True)
    merged_ids = fields.List(fields.UUID())
    created_at = fields.AwareDateTime(allow_none=True)
    updated_at = fields.AwareDateTime(allow_none=True)


class ContactView(Schema):
    """A contact method."""

    id = fields.UUID(required=True)
    customer_id = fields.UUID(required=True)
    type = fields.String(required=True, validate=validate.OneOf(_TYPES))
    platform = fields.String(allow_none=True)
    value = fields.String(required=True)
    match_value = fields.String()
    label = fields.String(validate=validate.OneOf(LABELS))
    label_reason = fields.String(allow_none=True)
    is_primary = fields.Boolean()
    is_verified = fields.Boolean()
    verified_at = fields.AwareDateTime(allow_none=True)
    can_sms = fields.Boolean()
    can_call = fields.Boolean()
    can_marketing = fields.Boolean()
    is_valid = fields.Boolean()
    is_normalized = fields.Boolean()
    source = fields.String()
    usage_count = fields.Integer()
    first_used_at = fields.AwareDateTime(allow_none=True)
    last_used_at = fields.AwareDateTime(allow_none=True)
    created_at = fields.AwareDateTime()
    updated_at = fields.AwareDateTime()


class ContactLists(Schema):
    """Contact methods by type."""

    phones = fields.List(fields.Nested(ContactView))
    emails = fields.List(fields.Nested(ContactView))
    social = fields.List(fields.Nested(ContactView))


class CustomerContacts(Schema):
    """A customer's contact methods."""

    customer_id = fields.UUID(required=True)
    name = fields.String(allow_none=True)
    contacts = fields.Nested(ContactLists, required=True)


class ContactQuery(Schema):
    """One contact, however it is written."""

    phone = _text(100)
    email = _text(400)
    instagram = _text(500)
    social = _text(500)
    platform = _text(32)


class CustomerItems(Schema):
    """Everyone who holds a contact."""

    items = fields.List(fields.Nested(CustomerView), required=True)
    next = fields.String(allow_none=True)


class MatchRequest(Schema):
    """A person as they might come in, to be matched without being kept."""

    name = _text(200)
    phone = _text(100)
    email = _text(400)
    instagram = _text(500)
    text = _text(10_000)
    channel = fields.String(
        load_default="booking_form",
        validate=validate.OneOf(("instagram", "facebook", "sms", "booking_form")),
    )


class CandidateView(Schema):
    """A customer who may be meant."""

    customer_id = fields.UUID()
    probability = fields.Float()
    explanation = fields.Dict()


class MatchView(Schema):
    """What would be decided."""

    decision = fields.String(required=True)
    customer_id = fields.UUID(allow_none=True)
    candidates = fields.List(fields.Nested(CandidateView))
    related_probability = fields.Float()
    new_probability = fields.Float()
    relations = fields.List(fields.Dict())
    thresholds = fields.Dict()
    caps = fields.List(fields.String())
    counterfactual = fields.String(allow_none=True)
    model_version = fields.String()


class EventQuery(PageQuery):
    """Which events to list."""

    status = fields.String(validate=validate.OneOf([status.value for status in EventStatus]))


class EventRow(Schema):
    """An inbound event, as a list shows it."""

    id = fields.UUID()
    source = fields.String()
    account = fields.String()
    kind = fields.String()
    status = fields.String()
    attempts = fields.Integer()
    outcome = fields.String(allow_none=True)
    customer_id = fields.UUID(allow_none=True)
    error = fields.String(allow_none=True)
    occurred_at = fields.AwareDateTime(allow_none=True)
    received_at = fields.AwareDateTime()
    resolved_at = fields.AwareDateTime(allow_none=True)


class EventView(EventRow):
    """An inbound event with its decision; `answer` is what its sender was told."""

    decision = fields.Raw(allow_none=True)
    answer = fields.Raw(allow_none=True)


class ReplayView(Schema):
    """An event that gets another try."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)


class EventItems(Schema):
    """A page of events."""

    items = fields.List(fields.Nested(EventRow), required=True)
    next = fields.String(allow_none=True)


class ProposalQuery(PageQuery):
    """Which proposals to list."""

    status = fields.String(
        load_default="pending",
        validate=validate.OneOf(("pending", "merged", "not_same", "unsure", "withdrawn")),
    )


class ProposalView(Schema):
    """Two customers who may be one person."""

    id = fields.UUID()
    customer_id = fields.UUID()
    candidate_id = fields.UUID()
    status = fields.String()
    probability = fields.Float()
    explanation = fields.Dict()
    customer = fields.Raw()
    candidate = fields.Raw()
    prompt = fields.Raw(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    decided_by = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()


class ProposalItems(Schema):
    """A page of proposals, most probable first."""

    items = fields.List(fields.Nested(ProposalView), required=True)
    next = fields.String(allow_none=True)


class Judging(Schema):
    """An operator's decision on a proposal."""

    decision = fields.String(required=True, validate=validate.OneOf(("merge", "not_same", "unsure")))
    note = fields.String(allow_none=True, validate=validate.Length(max=2_000))


class MergeQuery(PageQuery):
    """Which merges to list."""

    kind = fields.String(validate=validate.OneOf(("merge", "link")))


class MergeView(Schema):
    """A merge or a link, with its journal."""

    id = fields.UUID()
    kind = fields.String()
    survivor_id = fields.UUID()
    absorbed_id = fields.UUID(allow_none=True)
    event_id = fields.UUID(allow_none=True)
    proposal_id = fields.UUID(allow_none=True)
    proof = fields.String()
    actor = fields.String()
    note = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()
    undone_at = fields.AwareDateTime(allow_none=True)
    undone_by = fields.String(allow_none=True)
    entries = fields.List(fields.Dict())


class MergeItems(Schema):
    """A page of merges, newest first."""

    items = fields.List(fields.Nested(MergeView), required=True)
    next = fields.String(allow_none=True)


class UndoView(Schema):
    """What an undo moved back, what stayed, and what needs a person."""

    id = fields.UUID()
    undone_at = fields.AwareDateTime()
    customer_id = fields.UUID(metadata={"description": "who has their own again"})
    survivor_id = fields.UUID()
    moved_back = fields.List(fields.Dict())
    stayed = fields.List(fields.Dict())
    needs_person = fields.List(fields.String())


class PromptAnswer(Schema):
    """The answer to "Is this you?"; `candidate` where there are several."""

    answer = fields.String(required=True, validate=validate.OneOf(("yes", "no", "on_behalf")))
    candidate = fields.String(allow_none=True, validate=validate.Length(max=8))


class PromptOutcome(Schema):
    """How an answer ended."""

    outcome = fields.String(required=True)
    customer_id = fields.UUID(required=True)


class PromptView(Schema):
    """A prompt; its candidates are shown only while it is open."""

    state = fields.String(required=True)
    answer = fields.String(allow_none=True)
    question = fields.String(required=True)
    proof = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    answers = fields.List(fields.String())
    candidates = fields.List(fields.Dict())
