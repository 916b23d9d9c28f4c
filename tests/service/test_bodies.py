"""Bodies within bounds, however they are sent."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from service.web.bodies import MAX_BODY_BYTES, BoundedBodies

if TYPE_CHECKING:
    from collections.abc import Iterable


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size if size and size > 0 else 7, 7_000))


def seen(body: bytes, **environ: Any) -> tuple[int, bytes, bool]:
    """What the application sees of a body: its length, its bytes, whether it is said to come in chunks."""
    found: list[tuple[int, bytes, bool]] = []

    def application(environ: dict[str, Any], _start_response: object) -> Iterable[bytes]:
        length = int(environ["CONTENT_LENGTH"])
        found.append((length, environ["wsgi.input"].read(), "HTTP_TRANSFER_ENCODING" in environ))
        return []

    stream = Trickle(body)
    BoundedBodies(application)({"wsgi.input": stream, **environ}, lambda *_: print)  # type: ignore[arg-type]
    assert stream.read() == b"", "a sender that is not heard out sees a reset connection"
    return found[0]


CHUNKED = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}


@pytest.mark.parametrize("environ", [{"CONTENT_LENGTH": "10000"}, CHUNKED])
def test_a_body_arrives_whole(environ: dict[str, Any]) -> None:
    assert seen(b"x" * 10_000, **environ) == (10_000, b"x" * 10_000, False)


@pytest.mark.parametrize("environ", [{"CONTENT_LENGTH": "5000000"}, CHUNKED])
def test_a_large_body_is_heard_out_and_refused_by_its_length(environ: dict[str, Any]) -> None:
    length, body, _ = seen(b"x" * 5_000_000, **environ)
    assert length > MAX_BODY_BYTES
    assert body == b""


@pytest.mark.parametrize(
    "environ", [{}, {"CONTENT_LENGTH": ""}, {"CONTENT_LENGTH": "-1"}, {"CONTENT_LENGTH": "0"}]
)
def test_nothing_is_waited_for_where_no_body_is_announced(environ: dict[str, Any]) -> None:
    assert seen(b"", **environ)[:2] == (0, b"")
