"""/api/v1/match: who would this be?"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from service.events import Channel, Submission
from service.usecases.foresee import foresee
from service.usecases.identify import describe_decision
from service.web.auth import runtime
from service.web.rest import Blueprint
from service.web.schemas import match as schemas

blueprint = Blueprint("match", __name__, url_prefix="/api/v1", description="A dry run of the one decision")


@blueprint.route("/match", methods=["POST"])
@blueprint.arguments(schemas.MatchRequest)
@blueprint.response(HTTPStatus.OK, schemas.MatchView)
def match(body: dict[str, Any]) -> dict[str, Any]:
    """Who would this be? Decides as an inbound contact would be decided, and writes nothing."""
    here = runtime()
    submission = Submission(channel=Channel(body.pop("channel")), **{**body, "text": body.get("text", "")})
    with here.database.reading() as session:
        decision = foresee(
            session, submission, identifier=here.identifier, region=here.settings.default_region
        )
    return describe_decision(decision)
