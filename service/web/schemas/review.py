"""Proposals and merges."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from service.web.schemas.paging import PageQuery


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
