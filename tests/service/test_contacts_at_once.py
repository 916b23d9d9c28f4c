"""The same contacts changed by many at the same moment: nobody is blocked, nothing is doubled, every promise holds."""

from __future__ import annotations

from functools import partial
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from service.store.match_index import NOBODY
from service.usecases.check import check_next
from tests.service.at_once import at_once
from tests.service.review_desk import create, merges, undo

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.installation import Installation

PHONE, OTHER_PHONE = "+19165551234", "+19165559999"
SIGNED = {"source": "paper form", "text": "Yes, please."}


def status(installation: Installation, method: str, path: str, body: Any = None) -> int:
    return installation.call(method, f"/api/v1/customers/{path}", json=body).status_code


def assert_promises_hold(installation: Installation) -> None:
    with installation.runtime.database.snapshot() as session:
        assert check_next(session, after=NOBODY).findings == []


def test_a_contact_that_many_add_at_once_is_added_once(installation: Installation) -> None:
    john = create(installation, "John Doe")
    body = {"type": "phone", "value": PHONE}
    added = at_once([partial(status, installation, "POST", f"{john}/contacts", body)] * 6)
    assert sorted(added) == [201, 409, 409, 409, 409, 409]
    assert_promises_hold(installation)


def test_whatever_is_done_to_one_customer_at_once(installation: Installation) -> None:
    john = create(
        installation, "John Doe", ("phone", PHONE), ("phone", OTHER_PHONE), ("email", "j@x.example")
    )
    ids = [each["id"] for each in installation.contacts(john).values()]
    doings: list[Callable[[], int]] = []
    for contact_id in ids:
        path = f"{john}/contacts/{contact_id}"
        doings += [
            partial(status, installation, "PATCH", f"{path}/set-primary"),
            partial(status, installation, "PATCH", path, {"label": "assistant"}),
            partial(status, installation, "DELETE", path),
            partial(
                status, installation, "PATCH", john, {"name": "J. Doe", "preferred_contact_id": contact_id}
            ),
        ]
    assert set(at_once(doings)) <= {200, 204, 404, 422}
    assert_promises_hold(installation)


def test_a_revocation_reaches_everybody_who_gets_the_number_at_the_same_moment(
    installation: Installation,
) -> None:
    holders = [create(installation, "John Doe", ("phone", PHONE)) for _ in range(3)]
    contacts = [next(iter(installation.contacts(each).values())) for each in holders]
    paths = [f"{each['customer_id']}/contacts/{each['id']}" for each in contacts]
    status(installation, "PATCH", paths[0], {"can_sms": True, "evidence": SIGNED})
    others = [create(installation, "Jane Roe") for _ in range(3)]
    doings: list[Callable[[], Any]] = [
        *(
            partial(status, installation, "POST", f"{each}/contacts", {"type": "phone", "value": PHONE})
            for each in others
        ),
        *(
            partial(status, installation, "PATCH", path, {"can_sms": False, "evidence": SIGNED})
            for path in paths
        ),
        *(partial(installation.book, name="Ana Lopez", phone=PHONE) for _ in range(2)),
        partial(status, installation, "POST", f"{holders[0]}/merge", {"other_id": holders[1]}),
        partial(status, installation, "POST", f"{holders[2]}/merge", {"other_id": holders[1]}),
    ]
    statuses = [each for each in at_once(doings) if isinstance(each, int)]
    assert set(statuses) <= {200, 201, 409}
    assert_promises_hold(installation)
    for customer in (*holders, *others):
        held = installation.contacts(customer)
        assert not any(each["can_sms"] for each in held.values())


def test_undoing_and_revoking_at_once_leave_no_stale_permission(installation: Installation) -> None:
    for number in islice(cycle("0123456789"), 4):
        phone = f"+1916555000{number}"
        john, jane = create(installation, "John Doe", ("phone", phone)), create(installation, "Jane Roe")
        [contact] = installation.contacts(john).values()
        path = f"{john}/contacts/{contact['id']}"
        status(installation, "PATCH", path, {"can_sms": True, "evidence": SIGNED})
        status(installation, "POST", f"{john}/merge", {"other_id": jane})
        installation.book(name="John Doe", phone=phone)
        [merge, *_] = merges(installation)
        done = at_once(
            [
                partial(status, installation, "PATCH", path, {"can_sms": False, "evidence": SIGNED}),
                lambda merge=merge: undo(installation, merge["id"]).status_code,  # type: ignore[misc]
            ]
        )
        assert done == [200, 200]
        assert_promises_hold(installation)
        installation.clock.advance(minutes=1)
