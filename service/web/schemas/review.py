"""Proposals and merges."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.web.rest import Body
from service.web.schemas.customers import ContactView
from service.web.schemas.decisions import ExplanationView
from service.web.schemas.paging import PageQuery, next_cursor


class ProposalQuery(PageQuery):
    """Which proposals to list."""

    status = fields.String(
        load_default="pending",
        validate=validate.OneOf(("pending", "merged", "not_same", "unsure", "withdrawn")),
    )


class SideView(Schema):
    """One of the two: as they are now, or, once merged away, with what they brought."""

    id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True)
    merged_into_id = fields.UUID(required=True, allow_none=True)
    contacts = fields.List(fields.Nested(ContactView), required=True)


class PromptState(Schema):
    """Where the question stands that was asked of the person."""

    state = fields.String(required=True, validate=validate.OneOf(("open", "answered", "closed", "expired")))
    expires_at = fields.AwareDateTime(required=True)


class ProposalView(Schema):
    """Two customers who may be one person."""

    id = fields.UUID()
    customer_id = fields.UUID()
    candidate_id = fields.UUID()
    status = fields.String()
    probability = fields.Float()
    explanation = fields.Nested(ExplanationView, required=True)
    customer = fields.Nested(SideView, required=True)
    candidate = fields.Nested(SideView, required=True)
    prompt = fields.Nested(PromptState, required=True, allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    decided_by = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()


class ProposalItems(Schema):
    """A page of proposals, most probable first."""

    items = fields.List(fields.Nested(ProposalView), required=True)
    next = next_cursor()


class Judging(Body):
    """An operator's decision on a proposal."""

    decision = fields.String(required=True, validate=validate.OneOf(("merge", "not_same", "unsure")))
    note = fields.String(allow_none=True, validate=validate.Length(max=2_000))


class MergeQuery(PageQuery):
    """Which merges to list."""

    kind = fields.String(validate=validate.OneOf(("merge", "link")))


class EntryView(Schema):
    """A row that a merge touched: whose it was, whose it became, and how it stood before."""

    entity = fields.String(required=True)
    entity_id = fields.UUID(required=True)
    action = fields.String(required=True)
    from_customer_id = fields.UUID(required=True, allow_none=True)
    to_customer_id = fields.UUID(required=True)
    before = fields.Dict(
        keys=fields.String(), required=True, metadata={"description": "the columns that were changed"}
    )


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
    entries = fields.List(fields.Nested(EntryView), required=True)


class MergeItems(Schema):
    """A page of merges, newest first."""

    items = fields.List(fields.Nested(MergeView), required=True)
    next = next_cursor()


class UndoneRow(Schema):
    """A row that an undo looked at; `type` and `value` of a contact method."""

    entity = fields.String(required=True)
    id = fields.UUID(required=True)
    type = fields.String()
    value = fields.String()


class UndoView(Schema):
    """What an undo moved back, what stayed, and what needs a person."""

    id = fields.UUID()
    undone_at = fields.AwareDateTime()
    customer_id = fields.UUID(metadata={"description": "who has their own again"})
    survivor_id = fields.UUID()
    moved_back = fields.List(fields.Nested(UndoneRow), required=True)
    stayed = fields.List(fields.Nested(UndoneRow), required=True)
    needs_person = fields.List(fields.String(), required=True)
