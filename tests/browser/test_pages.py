"""What the pages answer, read without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from tests.service.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.test import TestResponse

MESSAGE = {
    "username": "johndoe_biz",
    "name": "John Doe",
    "text": "10 chefs please. Call me at (916) 555-9999",
}
BOOKING = {"name": "John Doe", "phone": "(916) 555-1234", "email": "john@gmail.com", "date": "2026-03-14"}


def _visit(installation: Installation, path: str) -> TestResponse:
    with installation.app.test_client() as client:
        return client.get(path)


def _post(
    installation: Installation, path: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> TestResponse:
    with installation.app.test_client() as client:
        return client.post(path, data=form, headers=headers)


def _ask(installation: Installation) -> dict[str, Any]:
    """A question that is open; the booking form's answer, which holds it."""
    assert _post(installation, "/demo/message", MESSAGE).status_code == 303
    answer = installation.book(**{name: BOOKING[name] for name in ("name", "phone", "email")})
    assert answer["outcome"] == "prompted"
    return dict(answer)


def _page_of(answer: Mapping[str, Any]) -> str:
    return f"/p/{answer['prompt']['token']}"


# ---------------------------------------------------------------- the hosted page


def test_the_question_shows_its_hints_and_nothing_else_of_the_candidate(
    demo_installation: Installation,
) -> None:
    page = _visit(demo_installation, _page_of(_ask(demo_installation)))

    assert page.status_code == 200
    assert "Is this you?" in page.text
    assert "(•••) •••-••99" in page.text
    for kept in ("johndoe_biz", "9165559999", "555-9999", "John Doe"):
        assert kept not in page.text


def test_no_page_is_kept_framed_indexed_or_told_to_others(demo_installation: Installation) -> None:
    path = _page_of(_ask(demo_installation))

    for page in (
        _visit(demo_installation, path),
        _post(demo_installation, path, {"answer": "maybe"}),
        _post(demo_installation, path, {"answer": "yes"}),
        _visit(demo_installation, "/p/nonsense"),
    ):
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "noindex" in page.headers["X-Robots-Tag"]
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("yes", "Thank you, good to see you again"),
        ("no", "keep you apart"),
        ("on_behalf", "you book for them"),
    ],
)
def test_an_answer_leads_back_to_a_page_that_says_what_became_of_it(
    demo_installation: Installation, word: str, shown: str
) -> None:
    path = _page_of(_ask(demo_installation))

    answered = _post(demo_installation, path, {"answer": word})

    assert answered.status_code == 303
    assert answered.headers["Location"] == path
    page = _visit(demo_installation, path)
    assert shown in page.text
    assert "<form" not in page.text
    assert "••" not in page.text


def test_the_same_answer_twice_is_one_answer_and_another_one_is_refused(
    demo_installation: Installation,
) -> None:
    path = _page_of(_ask(demo_installation))

    statuses = [_post(demo_installation, path, {"answer": word}).status_code for word in ("yes", "yes", "no")]

    assert statuses == [303, 303, 409]
    refused = _post(demo_installation, path, {"answer": "no"})
    assert refused.mimetype == "text/html"
    assert "answered already" in refused.text


def test_an_expired_question_says_so_and_takes_no_answer(demo_installation: Installation) -> None:
    path = _page_of(_ask(demo_installation))
    demo_installation.clock.advance(days=2)

    assert "time to answer has passed" in _visit(demo_installation, path).text
    refused = _post(demo_installation, path, {"answer": "yes"})
    assert refused.status_code == 410
    assert refused.mimetype == "text/html"


def test_a_question_that_an_operator_decided_is_settled(demo_installation: Installation) -> None:
    path = _page_of(_ask(demo_installation))
    proposal = demo_installation.get("/api/v1/proposals", status="pending")["items"][0]
    judged = demo_installation.call(
        "POST", f"/api/v1/proposals/{proposal['id']}/decision", json={"decision": "not_same"}
    )
    assert judged.status_code == 200

    page = _visit(demo_installation, path)
    assert page.status_code == 200
    assert "This question is settled" in page.text
    assert _post(demo_installation, path, {"answer": "yes"}).status_code == 410


@pytest.mark.parametrize(
    "form", [{}, {"answer": ""}, {"answer": "maybe"}, {"answer": "yes", "candidate": "9"}]
)
def test_a_button_that_we_do_not_show_asks_again_and_changes_nothing(
    demo_installation: Installation, form: dict[str, str]
) -> None:
    answer = _ask(demo_installation)

    again = _post(demo_installation, _page_of(answer), form)

    assert again.status_code == 422
    assert 'role="alert"' in again.text
    assert "Is this you?" in again.text
    prompt = demo_installation.get(f"/api/v1/prompts/{answer['prompt']['token']}")
    assert prompt["state"] == "open"


@pytest.mark.parametrize("token", ["nonsense", "eyJ.x", "%00", "é", "a" * 5_000])
def test_an_unknown_token_is_a_page_that_says_so(demo_installation: Installation, token: str) -> None:
    for page in (
        _visit(demo_installation, f"/p/{token}"),
        _post(demo_installation, f"/p/{token}", {"answer": "yes"}),
    ):
        assert page.status_code == 404
        assert page.mimetype == "text/html"
        assert "nothing at this address" in page.text


# ---------------------------------------------------------------- the demo


def test_there_is_no_demo_unless_it_is_asked_for(database_url: str) -> None:
    class Nobody:
        url = "http://127.0.0.1:9"

    installation = Installation.start(database_url, Nobody())  # type: ignore[arg-type]  # it is never asked
    assert _visit(installation, "/demo").status_code == 404
    assert _post(installation, "/demo/message", MESSAGE).status_code == 404
    installation.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8000"},
    ],
)
@pytest.mark.parametrize("path", ["/demo/message", "/demo/booking", f"/demo/merges/{UUID(int=0)}/undo"])
def test_another_site_cannot_post(
    demo_installation: Installation, path: str, headers: dict[str, str]
) -> None:
    refused = _post(demo_installation, path, {**MESSAGE, **BOOKING}, headers)

    assert refused.status_code == 403
    assert demo_installation.get("/api/v1/events")["items"] == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "http://localhost"}],
)
def test_its_own_page_can(demo_installation: Installation, headers: dict[str, str]) -> None:
    assert _post(demo_installation, "/demo/message", MESSAGE, headers).status_code == 303


def test_a_second_click_sends_nothing_twice_and_a_changed_form_is_another(
    demo_installation: Installation,
) -> None:
    page = str(uuid4())
    forms = [
        {**BOOKING, "page": page},
        {**BOOKING, "page": page},
        {**BOOKING, "page": page, "name": "Jon Doe"},
    ]

    places = [_post(demo_installation, "/demo/booking", form).headers["Location"] for form in forms]

    assert places[0] == places[1] != places[2]
    assert len(demo_installation.get("/api/v1/events")["items"]) == 2


@pytest.mark.parametrize(
    ("path", "form", "complaint"),
    [
        ("/demo/booking", {**BOOKING, "name": " "}, "Must not be empty."),
        ("/demo/booking", {**BOOKING, "date": "someday"}, "Must be a date and time"),
        ("/demo/booking", {**BOOKING, "instagram": "x" * 600}, "at most 500"),
        ("/demo/message", {**MESSAGE, "username": ""}, "Must not be empty."),
        ("/demo/message", {**MESSAGE, "text": "x" * 10_001}, "at most 10000"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(
    demo_installation: Installation, path: str, form: dict[str, str], complaint: str
) -> None:
    refused = _post(demo_installation, path, form)

    assert refused.status_code == 422
    assert complaint in refused.text
    assert demo_installation.get("/api/v1/events")["items"] == []


UGLY = [
    "<script>alert(1)</script>",
    'O"Neil & <Söhne>',
    "\u202eeoD nhoJ",
    "😀" * 40,
    "nul\x00byte",
    "{{ 7 * 7 }}",
    "名無し",
    "a" * 200,
]


@pytest.mark.parametrize("ugly", UGLY)
def test_whatever_is_typed_is_shown_as_text(demo_on_either: Installation, ugly: str) -> None:
    sent = _post(demo_on_either, "/demo/message", {**MESSAGE, "name": ugly, "text": ugly})
    assert sent.status_code == 303
    booked = _post(demo_on_either, "/demo/booking", {**BOOKING, "name": ugly, "message": ugly})
    assert booked.status_code in {303, 422}

    page = _visit(demo_on_either, "/demo")

    assert page.status_code == 200
    assert "<script" not in page.text
    if "{{" in ugly:
        assert ugly in page.text


def test_an_undo_of_nothing_and_a_second_undo_are_refused_readably(demo_on_either: Installation) -> None:
    answer = _ask(demo_on_either)
    _post(demo_on_either, _page_of(answer), {"answer": "yes"})
    merge_id = demo_on_either.get("/api/v1/merges")["items"][0]["id"]

    statuses = [
        _post(demo_on_either, f"/demo/merges/{each}/undo", {}).status_code
        for each in (uuid4(), merge_id, merge_id)
    ]

    assert statuses == [404, 303, 409]


def test_an_unknown_event_shows_the_forms_alone(demo_installation: Installation) -> None:
    for event in (uuid4(), "nonsense", ""):
        page = _visit(demo_installation, f"/demo?event={event}")
        assert page.status_code == 200
        assert 'id="outcome"' not in page.text
    assert _post(demo_installation, f"/demo/events/{uuid4()}/answer", {"answer": "yes"}).status_code == 404


def test_real_messages_and_what_carries_nothing_stand_beside_the_demo(
    demo_on_either: Installation,
) -> None:
    demo_on_either.message_resolved("555001", "hello")
    demo_on_either.message("555001", "our own answer", is_echo=True)

    page = _visit(demo_on_either, "/demo")

    assert page.status_code == 200
    assert "Ignored" in page.text
