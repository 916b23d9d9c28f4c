"""/api/v1/campaigns: one message to everybody who may get it."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, request, url_for
from marshmallow import EXCLUDE

from service.campaigning import begin_campaign, try_out
from service.store.campaigns import (
    campaign_view,
    find_campaign,
    list_campaigns,
    list_recipients,
    recipient_view,
)
from service.usecases.consent import Channel
from service.usecases.plan_campaign import Draft, stop_campaign
from service.web.auth import actor, runtime
from service.web.pages import read_page
from service.web.rest import Blueprint
from service.web.schemas import campaigns as schemas
from service.web.schemas.paging import PageQuery

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from service.store.session import Database

blueprint = Blueprint("campaigns", __name__, url_prefix="/api/v1/campaigns", description="Campaigns")

_CSV = "text/csv"
_COLUMNS = (
    "customer_id", "contact_id", "value", "decision", "reason", "reasons", "not_before", "outcome", "sent_at", "error",
)  # fmt: skip
_ROWS_A_PAGE = 1_000


@blueprint.route("", methods=["GET"])
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.CampaignItems)
def show_campaigns(query: dict[str, Any]) -> dict[str, Any]:
    """All campaigns, newest first."""
    page = read_page(query, created_at=datetime, id=UUID)
    with runtime().database.reading() as session:
        rows = list_campaigns(session, after=page.after, limit=page.limit)
    return page.answer(rows, map(campaign_view, rows))


@blueprint.route("", methods=["POST"])
@blueprint.arguments(schemas.RequestHeaders, location="headers", unknown=EXCLUDE)
@blueprint.arguments(schemas.NewCampaign)
@blueprint.response(HTTPStatus.CREATED, schemas.CampaignView)
@blueprint.refuses(
    HTTPStatus.CONFLICT,
    "another campaign came under this key; or PUBLIC_URL is not set, below which the links of newsletters are",
)
def new_campaign(headers: dict[str, Any], body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Send a message to everybody who may get it, or with `dry_run` only decide who that is."""
    draft = Draft(
        channel=Channel(body["channel"]),
        subject=body.get("subject"),
        body=body["body"],
        is_dry_run=body["dry_run"],
        request_key=headers.get("idempotency_key"),
    )
    campaign = begin_campaign(runtime(), draft, actor=actor())
    return campaign_view(campaign), {"Location": url_for("campaigns.show_campaign", campaign_id=campaign.id)}


@blueprint.route("/<uuid:campaign_id>", methods=["GET"])
@blueprint.response(HTTPStatus.OK, schemas.CampaignView)
def show_campaign(campaign_id: UUID) -> dict[str, Any]:
    """A campaign, and how far it is."""
    with runtime().database.reading() as session:
        return campaign_view(find_campaign(session, str(campaign_id)))


@blueprint.route("/<uuid:campaign_id>/recipients", methods=["GET"])
@blueprint.arguments(schemas.RecipientQuery, location="query")
@blueprint.response(HTTPStatus.OK, schemas.RecipientItems)
def show_recipients(query: dict[str, Any], campaign_id: UUID) -> dict[str, Any] | Response:
    """Every contact that was considered, with the decision and each reason; all of them as CSV for `Accept: text/csv`."""
    if request.accept_mimetypes.best_match(["application/json", _CSV]) == _CSV:
        return _table(str(campaign_id), _filter_of(query))
    page = read_page(query, customer_id=UUID, contact_id=UUID)
    with runtime().database.reading() as session:
        find_campaign(session, str(campaign_id))
        rows = list_recipients(
            session,
            str(campaign_id),
            only=_filter_of(query),
            after=page.after,
            limit=page.limit,
        )
    return page.answer(rows, map(recipient_view, rows))


@blueprint.route("/<uuid:campaign_id>/recipients.csv", methods=["GET"])
@blueprint.arguments(schemas.RecipientFilter, location="query")
@blueprint.response(HTTPStatus.OK, {"type": "string"}, content_type=_CSV)
def download_recipients(query: dict[str, Any], campaign_id: UUID) -> Response:
    """Every contact that was considered, as a table."""
    return _table(str(campaign_id), query)


@blueprint.route("/<uuid:campaign_id>/stop", methods=["POST"])
@blueprint.response(HTTPStatus.OK, schemas.CampaignView)
def halt_campaign(campaign_id: UUID) -> dict[str, Any]:
    """Send to nobody more. What went out cannot be taken back; a campaign that is over stays as it is."""
    here = runtime()
    with here.database.transaction() as session:
        return campaign_view(stop_campaign(session, str(campaign_id), actor=actor(), now=here.clock()))


@blueprint.route("/<uuid:campaign_id>/test", methods=["POST"])
@blueprint.arguments(schemas.TrialRequest)
@blueprint.response(HTTPStatus.OK, schemas.TrialView)
@blueprint.refuses(HTTPStatus.CONFLICT, "PUBLIC_URL is not set, below which the links of newsletters are")
@blueprint.refuses(HTTPStatus.BAD_GATEWAY, "the provider refused or broke off")
@blueprint.refuses(HTTPStatus.SERVICE_UNAVAILABLE, "the provider cannot be reached")
def try_campaign(body: dict[str, Any], campaign_id: UUID) -> dict[str, Any]:
    """Send the message to one number or address of your own, as its recipients get it."""
    here = runtime()
    to = try_out(here, str(campaign_id), body["to"], actor=actor())
    return {"to": to, "sender": (here.mail if "@" in to else here.texts).name}


def _filter_of(query: Mapping[str, Any]) -> dict[str, str]:
    """What a query for a page asks for, beside the page."""
    return {name: query[name] for name in schemas.RecipientFilter().fields if name in query}


def _table(campaign_id: str, only: Mapping[str, str]) -> Response:
    database = runtime().database
    with database.reading() as session:
        find_campaign(session, campaign_id)
    return Response(_lines(database, campaign_id, only), content_type=f"{_CSV}; charset=utf-8")


def _lines(database: Database, campaign_id: str, only: Mapping[str, str]) -> Iterator[str]:
    """The table, a page of the database at a time: a million rows are never held."""
    yield _line(_COLUMNS)
    after = None
    while True:
        with database.reading() as session:
            rows = list_recipients(session, campaign_id, only=only, after=after, limit=_ROWS_A_PAGE)
        yield "".join(_line([_cell(view[name]) for name in _COLUMNS]) for view in map(recipient_view, rows))
        if len(rows) < _ROWS_A_PAGE:
            return
        after = (rows[-1].customer_id, rows[-1].contact_id)


def _line(cells: Any) -> str:  # noqa: ANN401 - anything that csv writes
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _cell(value: object) -> str:
    """A cell; an address that a spreadsheet would take for a formula is quoted. A number's plus sign is none."""
    if value is None:
        return ""
    text = " ".join(value) if isinstance(value, list) else str(value)
    return (
        f"'{text}" if text[:1] in {"=", "-", "@"} or (text[:1] == "+" and not text[1:].isdecimal()) else text
    )
