"""flask-smorest in our terms: requests decoded as webhooks are, errors as problem documents, and both told in OpenAPI."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import flask_smorest
from flask import Response
from marshmallow import RAISE, Schema, fields
from webargs import missing
from webargs.flaskparser import FlaskParser

from service.errors import ErrorCode, Refusal
from service.providers.payloads import decode
from service.web.problems import PROBLEM_TYPE, http_problem
from service.web.scopes import scope_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Request
    from werkzeug.exceptions import HTTPException

T = TypeVar("T")


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
    """A flask-smorest blueprint that reads requests so, and documents what every route may refuse."""

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - flask-smorest's
        super().__init__(*arguments, **options)
        self._prepare_doc_cbks.append(self._prepare_refusals)

    def add_url_rule(self, rule: str, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - flask-smorest's
        super().add_url_rule(rule, *arguments, **options)
        endpoint = self._endpoints[-1]
        for method, info in self._docs[endpoint].items():
            if method != "parameters":
                info["place"] = (f"{self.name}.{endpoint}", rule)

    def refuses(self, status: HTTPStatus, when: str) -> Callable[[Callable[..., T]], Callable[..., T]]:
        """Document a refusal that is this route's own."""
        decorate: Callable[[Callable[..., T]], Callable[..., T]] = self.alt_response(
            status, schema=Problem, content_type=PROBLEM_TYPE, description=when
        )
        return decorate

    def _prepare_refusals(
        self,
        doc: dict[str, Any],
        doc_info: dict[str, Any],
        *,
        method: str,
        **_: object,
    ) -> dict[str, Any]:
        endpoint, rule = doc_info["place"]
        scope = scope_of(endpoint, method.upper())
        doc["security"] = [] if scope is None else [{"apiKey": [scope.value]}]
        responses = doc.setdefault("responses", {})
        for status in _refusals(rule, has_scope=scope is not None, has_body="requestBody" in doc):
            responses.setdefault(status, status.name)
        if "<uuid:customer_id>" in rule and method == "get":
            responses[HTTPStatus.TEMPORARY_REDIRECT] = _TO_SURVIVOR
        # In order, numbers before words.
        doc["responses"] = dict(sorted(responses.items()))
        return doc


def _refusals(rule: str, *, has_scope: bool, has_body: bool) -> Iterator[HTTPStatus]:
    """What any route of this shape may answer instead."""
    if has_scope:
        yield from (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    if has_body:
        yield from (
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )
    if "<" in rule:
        yield HTTPStatus.NOT_FOUND


_TO_SURVIVOR: dict[str, Any] = {
    "description": "The customer was merged into another one, to whom this leads.",
    "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}}},
}


def no_content() -> Response:
    """204, with nothing that would describe a body."""
    response = Response(status=HTTPStatus.NO_CONTENT)
    del response.headers["Content-Type"]
    return response


class Body(Schema):
    """A request's body: a field that nobody knows is refused rather than ignored, since it is mostly a slip."""

    class Meta:
        """Told in the document too."""

        unknown = RAISE


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
    #: Every route documents its own refusals; "anything else" would make any answer a true one.
    DEFAULT_ERROR_RESPONSE_NAME = None
    SPEC_OPTIONS: ClassVar[dict[str, Any]] = {
        "components": {
            "securitySchemes": {
                "apiKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key, as `isthisyou create-key` prints it.",
                }
            }
        },
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
