"""flask-smorest in our terms: requests decoded as webhooks are, errors as problem documents, and both told in OpenAPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import flask_smorest
from marshmallow import Schema, fields
from webargs import missing
from webargs.flaskparser import FlaskParser

from service.errors import ErrorCode, Refusal
from service.providers.payloads import decode
from service.web.problems import PROBLEM_TYPE, http_problem

if TYPE_CHECKING:
    from flask import Request
    from werkzeug.exceptions import HTTPException


class _Parser(FlaskParser):
    """webargs, with bodies decoded as webhooks are: bounded in depth, and without what PostgreSQL cannot keep."""

    DEFAULT_VALIDATION_STATUS = 422

    def load_json(self, req: Request, schema: Any) -> Any:  # noqa: ANN401, ARG002 - what webargs declares
        body = req.get_data(cache=True)
        if not body:
            return missing
        if req.mimetype and not req.is_json:
            raise Refusal(ErrorCode.UNSUPPORTED_MEDIA, "The content type must be application/json.")
        return decode(body)

    def load_querystring(self, req: Request, schema: Any) -> Any:  # noqa: ANN401 - what webargs declares
        unusable = [name for name, value in req.args.items(multi=True) if "\0" in name + value]
        if unusable:
            complaints = {name: ["Must not contain NUL."] for name in unusable}
            raise Refusal(ErrorCode.INVALID, "Some parameters cannot be used.", fields=complaints)
        return super().load_querystring(req, schema)


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # it carries no types
    """A flask-smorest blueprint that reads requests so."""

    ARGUMENTS_PARSER = _Parser()


class Problem(Schema):
    """RFC 9457. `errors` holds every field at fault with its complaints."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class Api(flask_smorest.Api):  # type: ignore[misc]  # it carries no types
    """flask-smorest's API with our errors, and with the key that it asks for."""

    ERROR_SCHEMA = Problem
    SPEC_OPTIONS: ClassVar[dict[str, Any]] = {
        "components": {"securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer"}}},
        "security": [{"apiKey": []}],
    }

    DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"

    def handle_http_exception(self, error: HTTPException) -> Any:  # noqa: ANN401 - what flask-smorest declares
        return http_problem(error)

    def _register_responses(self) -> None:
        # Its one setting for the content type serves answers and errors alike.
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM_TYPE
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE
