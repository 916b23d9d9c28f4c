"""A stand-in for Twilio's REST API: a real HTTP server on this machine."""

from __future__ import annotations

import base64
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.serving import Serving

ACCOUNT, TOKEN, NUMBER = "AC0123456789", "a token of twilio's", "+15005550006"


class FakeTwilio(Serving):
    """Takes texts at `url`; `texts` lists them.

    `refusals` maps a number to the error that Twilio has for it (status, code); `status` is answered to everything instead;
    `hangs_up` ends each connection after reading.
    """

    def __init__(self) -> None:
        self.texts: list[dict[str, str]] = []
        self.refusals: dict[str, tuple[int, int]] = {}
        self.status: int | None = None
        self.hangs_up = False
        super().__init__(ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def to(self, number: str) -> list[str]:
        """The bodies that came for a number."""
        return [each["Body"] for each in self.texts if each["To"] == number]

    def answer(self, path: str, login: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if login != "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode():
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        if path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json" or form.get("From") != NUMBER:
            return 404, {"code": 20404, "message": "Not found", "status": 404}
        if form["To"] in self.refusals:
            status, code = self.refusals[form["To"]]
            return status, {"code": code, "message": f"not to {form['To']}", "status": status}
        if self.status is not None:
            return self.status, {}
        self.texts.append(form)
        return 201, {"sid": f"SM{len(self.texts):032}", "status": "queued"}


def _handler_of(fake: FakeTwilio) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                # Without its end it is no request.
                self.close_connection = True
                return
            form = {name: values[-1] for name, values in parse_qs(body.decode()).items()}
            status, document = fake.answer(self.path, self.headers.get("Authorization", ""), form)
            if fake.hangs_up:
                self.close_connection = True
                return
            told = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            """Keep the test run quiet."""

    return Handler
