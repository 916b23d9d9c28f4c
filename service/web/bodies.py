"""Reading request bodies within bounds, however they are sent: with their length, in chunks, or far too large."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from werkzeug.wsgi import get_content_length

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: The largest body that is taken: a batch of 1,000 messages fits.
MAX_BODY_BYTES = 2 * 1024 * 1024
#: How much of a larger one is read and thrown away, so that its sender gets to see the refusal.
MAX_DISCARDED_BYTES = 32 * 1024 * 1024
_CHUNK = 64 * 1024


class BoundedBodies:
    """WSGI middleware that reads each body before the application sees the request.

    A server answers while its client still sends only at the price of a reset connection; and a body in chunks has no
    length that could be checked before.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        stream = environ["wsgi.input"]
        said = _length(environ)
        body = _read(stream, min(said, MAX_BODY_BYTES + 1))
        # Read whole, it is in chunks no more; werkzeug believes this header before the length.
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["CONTENT_LENGTH"] = str(len(body))
        if len(body) > MAX_BODY_BYTES:
            # The length alone makes the application refuse it.
            _read(stream, min(said - len(body), MAX_DISCARDED_BYTES))
            body = b""
        environ["wsgi.input"] = io.BytesIO(body)
        return self._application(environ, start_response)


def _length(environ: WSGIEnvironment) -> int:
    """How much may be read: what the client said, or as much as comes where the server ends the stream itself."""
    length = get_content_length(environ)
    if length is not None:
        return length
    return MAX_BODY_BYTES + MAX_DISCARDED_BYTES if environ.get("wsgi.input_terminated") else 0


def _read(stream: Any, most: int) -> bytes:  # noqa: ANN401 - a WSGI input
    """Read up to `most` bytes; a stream may give fewer at a time than it is asked for."""
    read = bytearray()
    while len(read) < most:
        chunk = stream.read(min(_CHUNK, most - len(read)))
        if not chunk:
            break
        read += chunk
    return bytes(read)
