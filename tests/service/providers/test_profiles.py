"""The profile API, spoken by a real server on this machine."""

from __future__ import annotations

import logging
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from service.events import Profile
from service.providers.profiles import (
    MAX_ANSWER_BYTES,
    Failed,
    Failure,
    Found,
    ProfileClient,
    Unavailability,
    Unavailable,
)
from tests.fakes.instagram_api import BAD_TOKEN, NO_CONSENT, NO_SUCH_USER, OUTSIDE_WINDOW, FakeInstagram

if TYPE_CHECKING:
    from collections.abc import Iterator

JOHN = "1254459154682919"
TOKEN = "IGAA-secret-token"


@pytest.fixture
def instagram() -> Iterator[FakeInstagram]:
    with FakeInstagram({JOHN: {"username": "johndoe_biz", "name": "John Doe"}}) as fake:
        yield fake


@pytest.fixture
def client(instagram: FakeInstagram) -> Iterator[ProfileClient]:
    client = ProfileClient(api_url=instagram.url, access_token=TOKEN, timeout=5)
    yield client
    client.close()


def test_a_profile_is_found(instagram: FakeInstagram, client: ProfileClient) -> None:
    assert client.fetch(JOHN) == Found(profile=Profile(username="johndoe_biz", name="John Doe"))
    (request,) = instagram.requests
    assert request.path == f"/v23.0/{JOHN}"
    assert request.query == {"fields": "name,username", "access_token": TOKEN}


def test_without_a_token_none_is_sent(instagram: FakeInstagram) -> None:
    client = ProfileClient(api_url=f"{instagram.url}/", access_token=None, timeout=5)
    assert isinstance(client.fetch(JOHN), Found)
    assert "access_token" not in instagram.requests[0].query
    client.close()


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({"username": "ana", "name": None}, Profile(username="ana")),
        ({"username": "ana"}, Profile(username="ana")),
        ({"username": "ana", "name": "  "}, Profile(username="ana")),
        ({"username": 7, "name": ["Ana"]}, Profile()),
        ({}, Profile()),
        (
            {"username": "ana", "name": "Ana 🌸 \x00\ud83d"},
            Profile(username="ana", name="Ana 🌸 \N{REPLACEMENT CHARACTER}"),
        ),
        ({"username": "ana", "name": "A" * 5000}, Profile(username="ana", name="A" * 200)),
    ],
)
def test_what_a_profile_lacks_is_missing(
    instagram: FakeInstagram, client: ProfileClient, profile: dict[str, Any], expected: Profile
) -> None:
    instagram.profiles[JOHN] = profile
    assert client.fetch(JOHN) == Found(profile=expected)


def _error(code: object, subcode: object = None) -> dict[str, Any]:
    return {"error": {"message": "…", "code": code, "error_subcode": subcode}}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (NO_CONSENT, Unavailable(reason=Unavailability.NO_CONSENT)),
        (_error(230, 99), Unavailable(reason=Unavailability.NO_CONSENT)),
        (NO_SUCH_USER, Unavailable(reason=Unavailability.NO_SUCH_USER)),
        (_error(9010), Unavailable(reason=Unavailability.NO_SUCH_USER)),
        (OUTSIDE_WINDOW, Unavailable(reason=Unavailability.OUTSIDE_WINDOW)),
        (BAD_TOKEN, Failed(reason=Failure.BAD_TOKEN)),
        (_error(190, 463), Failed(reason=Failure.BAD_TOKEN)),
        (_error(10), Failed(reason=Failure.BAD_TOKEN)),
        (_error(4), Failed(reason=Failure.RATE_LIMITED)),
        (_error(613), Failed(reason=Failure.RATE_LIMITED)),
        (_error(2), Failed(reason=Failure.HTTP_5XX)),
        (_error(100), Failed(reason=Failure.REFUSED)),
        (_error("190"), Failed(reason=Failure.REFUSED)),
        (_error(None, []), Failed(reason=Failure.REFUSED)),
        ({"error": {}}, Failed(reason=Failure.REFUSED)),
        ({"error": "no"}, Failed(reason=Failure.REFUSED)),
    ],
)
def test_an_error_of_metas_has_a_reason(
    instagram: FakeInstagram, client: ProfileClient, answer: dict[str, Any], expected: object
) -> None:
    instagram.profiles[JOHN] = answer
    assert client.fetch(JOHN) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (500, Failed(reason=Failure.HTTP_5XX)),
        (503, Failed(reason=Failure.HTTP_5XX)),
        (429, Failed(reason=Failure.RATE_LIMITED)),
        (401, Failed(reason=Failure.BAD_TOKEN)),
        (404, Unavailable(reason=Unavailability.NO_SUCH_USER)),
        (408, Failed(reason=Failure.TIMEOUT)),
        (400, Failed(reason=Failure.REFUSED)),
        (302, Failed(reason=Failure.REFUSED)),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[]"])
def test_a_status_without_a_reason_stands_for_itself(
    instagram: FakeInstagram, client: ProfileClient, status: int, body: bytes, expected: object
) -> None:
    instagram.status, instagram.body = status, body
    assert client.fetch(JOHN) == expected
    assert len(instagram.requests) == 1  # no redirect is followed


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>ok</html>",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"username":"' + b"x" * MAX_ANSWER_BYTES + b'"}',
    ],
    ids=["empty", "html", "array", "null", "text", "binary", "deep", "too long"],
)
def test_an_answer_that_is_no_profile_is_malformed(
    instagram: FakeInstagram, client: ProfileClient, body: bytes
) -> None:
    instagram.body = body
    assert client.fetch(JOHN) == Failed(reason=Failure.MALFORMED)


def test_a_slow_answer_is_a_timeout(instagram: FakeInstagram) -> None:
    instagram.delay = 30
    client = ProfileClient(api_url=instagram.url, access_token=TOKEN, timeout=0.1)
    started = time.monotonic()
    assert client.fetch(JOHN) == Failed(reason=Failure.TIMEOUT)
    assert time.monotonic() - started < 5
    client.close()


def _serve_once(listener: socket.socket, answers: Iterator[bytes]) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65_536)
        try:
            for part in answers:
                connection.sendall(part)
        except OSError:
            # The client hung up.
            return


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def _fetch_from(listener: socket.socket, answers: Iterator[bytes], timeout: float = 5) -> object:
    thread = threading.Thread(target=_serve_once, args=(listener, answers))
    thread.start()
    client = ProfileClient(
        api_url=f"http://127.0.0.1:{listener.getsockname()[1]}", access_token=TOKEN, timeout=timeout
    )
    answer = client.fetch(JOHN)
    client.close()
    thread.join()
    return answer


def _drip() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    for _ in range(100):
        time.sleep(0.05)
        yield b" "


def test_an_answer_that_comes_drop_by_drop_is_a_timeout(listener: socket.socket) -> None:
    assert _fetch_from(listener, _drip(), timeout=0.2) == Failed(reason=Failure.TIMEOUT)


@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-OpenSSH_9.6\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"],
    ids=["hangs up", "another protocol", "cut off"],
)
def test_a_server_that_speaks_no_http_is_unreachable(listener: socket.socket, answer: bytes) -> None:
    assert _fetch_from(listener, iter([answer])) == Failed(reason=Failure.UNREACHABLE)


@pytest.mark.parametrize(
    "api_url",
    [
        "http://127.0.0.1:1",
        "http://[::zz]",
        "http://a:b",
        f"http://{'a' * 70}.invalid",
        "nonsense",
        "",
        "ftp://127.0.0.1",
    ],
)
def test_nobody_there_is_unreachable(api_url: str) -> None:
    client = ProfileClient(api_url=api_url, access_token=TOKEN, timeout=1)
    assert client.fetch(JOHN) == Failed(reason=Failure.UNREACHABLE)
    client.close()


@pytest.mark.parametrize(
    "sender_id", ["", "../me", "1/2", "1?fields=x", "1%2F2", "1 2", "١٢٣", "9" * 65, "me\n", "."]
)
def test_an_id_that_is_no_path_segment_is_nobody_and_is_not_asked_for(
    instagram: FakeInstagram, client: ProfileClient, sender_id: str
) -> None:
    assert client.fetch(sender_id) == Unavailable(reason=Unavailability.NO_SUCH_USER)
    assert instagram.requests == []


def test_a_server_on_this_machine_is_not_asked_through_a_proxy(
    instagram: FakeInstagram, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    client = ProfileClient(api_url=instagram.url, access_token=TOKEN, timeout=5)
    assert isinstance(client.fetch(JOHN), Found)
    client.close()


def test_neither_the_token_nor_the_id_gets_into_the_log(
    instagram: FakeInstagram, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = ProfileClient(api_url=instagram.url, access_token=TOKEN, timeout=5)
    client.fetch(JOHN)
    client.close()
    assert TOKEN not in caplog.text
    assert JOHN not in caplog.text


def test_one_client_serves_many_threads(instagram: FakeInstagram, client: ProfileClient) -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(client.fetch(JOHN))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Found(profile=Profile(username="johndoe_biz", name="John Doe"))] * 20
    assert len(instagram.requests) == 20
