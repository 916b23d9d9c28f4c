"""The timeline: everything that happened to an identity, those merged into it included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.service.review_desk import create, merge_by_hand, undo

if TYPE_CHECKING:
    from typing import Any

    from tests.service.installation import Installation


def timeline(installation: Installation, customer_id: str) -> list[Any]:
    """The whole timeline, oldest first, read in small pages."""
    items: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = installation.get(f"/api/v1/customers/{customer_id}/timeline", limit=3, **cursor)
        items += page["items"]
        if page["next"] is None:
            return items[::-1]
        cursor = {"cursor": page["next"]}


def kinds(installation: Installation, customer_id: str) -> list[str]:
    return [each["kind"] for each in timeline(installation, customer_id)]


def test_a_life_is_told_in_order_whoever_did_what(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", "+1 916 555 0100"))
    installation.clock.advance(minutes=1)
    booked = installation.book(
        name="John Doe",
        email="john@gmail.com",
        booking={"id": "b1", "starts_at": "2026-06-01T18:00:00Z"},
        consents={"marketing": True},
    )
    installation.clock.advance(minutes=1)
    installation.answer(booked["prompt"], "yes")
    installation.clock.advance(minutes=1)
    email = installation.contacts(john)["email", "john@gmail.com"]
    path = f"/api/v1/customers/{john}/contacts/{email['id']}"
    installation.call("PATCH", path, json={"label": "business"})
    installation.clock.advance(minutes=1)
    installation.call("PATCH", f"/api/v1/customers/{john}", json={"name": "J. Doe"})
    installation.clock.advance(minutes=1)
    installation.call("DELETE", path)
    told = timeline(installation, john)

    moments = [each["at"] for each in told]
    assert moments == sorted(moments)
    happened = [each["kind"] for each in told]
    assert set(happened[:2]) == {"customer.created", "contact.added"}
    at_once = {"customer.created", "contact.added", "event.resolved", "booking.made", "consent.grant"}
    assert set(happened[2:8]) == at_once | {"proposal.opened"}
    assert set(happened[8:11]) == {"merge.made", "proposal.decided", "prompt.answered"}
    assert happened[11:] == ["contact.relabelled", "customer.changed", "contact.deleted"]
    actors = {each["kind"]: each["actor"] for each in told}
    assert actors["contact.relabelled"] == actors["contact.deleted"] == "key:tests"
    assert actors["proposal.decided"] == "person"
    assert told[0]["actor"] == "key:tests"
    relabelled = told[11]["data"]
    assert relabelled["details"] == {"old": email["label"], "new": "business"}


def test_an_undo_gives_each_side_its_own_history(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", "+1 916 555 0100"))
    jane = create(installation, "Jane Roe", ("email", "jane@x.example"))
    installation.clock.advance(minutes=1)
    merge_id = merge_by_hand(installation, john, jane)
    assert kinds(installation, john).count("customer.created") == 2
    installation.clock.advance(minutes=1)
    email = installation.contacts(john)["email", "jane@x.example"]
    installation.call("PATCH", f"/api/v1/customers/{john}/contacts/{email['id']}", json={"label": "home"})
    installation.clock.advance(minutes=1)
    undo(installation, merge_id)
    ending = ["merge.made", "merge.undone", "judgement.not_same"]
    assert sorted(kinds(installation, john)) == sorted(["customer.created", "contact.added", *ending])
    assert sorted(kinds(installation, jane)) == sorted(
        ["customer.created", "contact.added", "contact.relabelled", *ending]
    )
