"""Reading requests to the API: JSON that every database can keep, or a problem that says what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask_smorest
from webargs import missing
from webargs.flaskparser import FlaskParser

from service.errors import ErrorCode, Refusal
from service.providers.payloads import decode

if TYPE_CHECKING:
    from flask import Request


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
