"""A stand-in for Instagram's profile API: a real HTTP server on this machine."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.serving import Serving

if TYPE_CHECKING:
    from types import TracebackType

Answer = tuple[int, bytes]

NO_CONSENT = {"error": {"message": "User consent is required", "type": "OAuthException", "code": 230}}
NO_SUCH_USER = {
    "error": {"message": "No user", "type": "IGApiException", "code": 100, "error_subcode": 2534014}
}
OUTSIDE_WINDOW = {
    "error": {"message": "Outside", "type": "IGApiException", "code": 10, "error_subcode": 2534022}
}
BAD_TOKEN = {"error": {"message": "Invalid token", "type": "OAuthException", "code": 190}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the server was asked for."""

    path: str
    sender_id: str
    query: dict[str, str]


class FakeInstagram(Serving):
    """Serves `profiles` (sender id -> {"username", "name"}, or {"error": ...}) at `url`.

    An unknown sender is answered as Meta does it. All can be changed while it runs: `delay` (seconds before each
    answer), `status` and `body` (instead of the right ones), `access_token` (the only one that is taken). `requests`
    lists what was asked.
    """

    def __init__(self, profiles: dict[str, dict[str, Any]] | None = None) -> None:
        self.profiles = dict(profiles or {})
        self.requests: list[Request] = []
        self.delay = 0.0
        self.status: int | None = None
        self.body: bytes | None = None
        self.access_token: str | None = None
        self._closing = threading.Event()
        super().__init__(ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v23.0"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        super().__exit__(kind, error, trace)

    def answer(self, target: str) -> Answer:
        """Note a request for `target` (path and query), wait as long as asked, and make the answer."""
        parts = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        request = Request(path=parts.path, sender_id=parts.path.rpartition("/")[2], query=query)
        self.requests.append(request)
        self._closing.wait(self.delay)
        status, document = self._profile(request)
        body = json.dumps(document).encode() if self.body is None else self.body
        return self.status or status, body

    def _profile(self, request: Request) -> tuple[int, dict[str, Any]]:
        if self.access_token is not None and request.query.get("access_token") != self.access_token:
            return 400, BAD_TOKEN
        profile = self.profiles.get(request.sender_id, NO_SUCH_USER)
        if "error" in profile:
            return 400, profile
        wanted = request.query.get("fields", "").split(",")
        return 200, {name: profile.get(name) for name in wanted} | {"id": request.sender_id}


def _handler_of(fake: FakeInstagram) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = fake.answer(self.path)
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=UTF-8")
                self.send_header("Content-Length", str(len(body)))
                if status in {301, 302, 307, 308}:
                    self.send_header("Location", f"{fake.url}/elsewhere")
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                # The client did not wait.
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Keep the test run quiet."""

    return Handler
