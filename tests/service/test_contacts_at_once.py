"""The same contacts changed by many at the same moment: nobody is blocked, nothing is doubled, every promise holds."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from service.store.locks import lock_customers
from service.store.match_index import NOBODY
from service.usecases.check import check_next
from service.usecases.set_primary import set_primary
from tests.service.at_once import at_once
from tests.service.review_desk import create, merge_by_hand, merges, undo

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


def test_a_contact_is_changed_as_it_is_once_others_are_done_with_it(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    installation.clock.advance(minutes=1)
    status(
        installation, "POST", f"{john}/contacts", {"type": "phone", "value": OTHER_PHONE, "is_primary": True}
    )
    held = {each["value"]: each["id"] for each in installation.contacts(john).values()}
    with ThreadPoolExecutor(1) as threads:
        with installation.runtime.database.transaction() as session:
            set_primary(
                session,
                john,
                held[PHONE],
                actor="test",
                now=installation.clock(),
                check=lambda _contact: None,
            )
            relabelled = threads.submit(
                status, installation, "PATCH", f"{john}/contacts/{held[OTHER_PHONE]}", {"label": "home"}
            )
            # It has seen the contact as the primary, and waits for the customer.
            time.sleep(0.5)
        assert relabelled.result(timeout=10) == 200
    assert_promises_hold(installation)
    assert installation.get(f"/api/v1/customers/{john}")["phone"] == PHONE


def test_removing_a_contact_waits_for_nobody_who_was_merged_away(installation: Installation) -> None:
    """Whoever is about to merge the two holds the one and waits for the other, who is here."""
    jane, john = create(installation, "Jane Roe"), create(installation, "John Doe", ("phone", PHONE))
    [contact] = installation.contacts(john).values()
    status(installation, "PATCH", john, {"preferred_contact_id": contact["id"]})
    merge_by_hand(installation, jane, john)
    database = installation.runtime.database
    with ThreadPoolExecutor(1) as threads:
        with database.transaction() as session:
            lock_customers(session, [john])
            removed = threads.submit(status, installation, "DELETE", f"{jane}/contacts/{contact['id']}")
            # The writers of SQLite take turns.
            if not database.is_sqlite:
                assert removed.result(timeout=10) == 204
        assert removed.result(timeout=10) == 204
    [merge] = merges(installation)
    undo(installation, merge["id"])
    assert_promises_hold(installation)
    assert installation.get(f"/api/v1/customers/{john}")["preferred_contact_id"] is None


def test_whoever_stands_again_prefers_only_what_they_have(installation: Installation) -> None:
    """Their preference may have left them by another undo, while they were merged away."""
    ann, bob = create(installation, "Ann Lee"), create(installation, "Bob Ray")
    cy = create(installation, "Cy Fox", ("phone", PHONE))
    [contact] = installation.contacts(cy).values()
    first = merge_by_hand(installation, bob, cy)
    status(installation, "PATCH", bob, {"preferred_contact_id": contact["id"]})
    second = merge_by_hand(installation, ann, bob)
    for merge in (first, second):
        assert undo(installation, merge).status_code == 200
    assert_promises_hold(installation)
    assert installation.get(f"/api/v1/customers/{bob}")["preferred_contact_id"] is None
