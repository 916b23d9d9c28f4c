"""Laws of contacts: whatever is added, changed, removed, granted, revoked, merged and undone, in whatever order.

One primary per type, mirrors equal to the primaries, keys equal to the contacts, flags equal to the ledger: `check` holds the
database against all of it after every step. And the ledger's own law is held against what this test remembers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from service.store.contacts import live_contacts
from service.store.match_index import NOBODY
from service.store.tables import ApiKey, Base, BlockedValue, ContactMethod, InstallationSecret
from service.usecases.check import check_next
from tests.service.review_desk import create, merges, survivor, undo

if TYPE_CHECKING:
    from random import Random

    from tests.service.installation import Installation

VALUES = (
    {"type": "phone", "value": "+19165550100"},
    {"type": "phone", "value": "+14155550101"},
    {"type": "email", "value": "ana.lopez@gmail.com"},
    {"type": "email", "value": "analopez+x@gmail.com"},
    {"type": "email", "value": "ana@work.example"},
    {"type": "social", "value": "ana.lopez", "platform": "instagram"},
    {"type": "social", "value": "ana.lopez", "platform": "facebook"},
)
LABELS = ("personal", "business", "home", "assistant", "other")
FLAGS = {"phone": ("can_sms", "can_call"), "email": ("can_marketing",), "social": ("can_marketing",)}
SIGNED = {"source": "paper form", "text": "Yes, please."}


#: Type, value and flag.
Key: TypeAlias = "tuple[str, str, str]"


@dataclass
class Life:
    """An installation, who was made, where choices come from, and the newest act on each (type, value, flag).

    `revoked` is what stands against each: whom it was said for, and when.
    """

    installation: Installation
    random: Random
    customers: list[str] = field(default_factory=list)
    newest: dict[Key, bool] = field(default_factory=dict)
    revoked: dict[Key, list[tuple[str, datetime]]] = field(default_factory=dict)

    def choose(self, choices: Any) -> Any:
        return self.random.choice(choices)

    def contact(self) -> dict[str, Any] | None:
        """One contact of somebody, asked for by any id that leads there."""
        held = list(self.installation.contacts(self.choose(self.customers)).values())
        return self.choose(held) if held else None

    def holders(self, **contact: str) -> set[str]:
        """Who holds a contact."""
        return {each["id"] for each in self.installation.get("/api/v1/customers", **contact)["items"]}

    def grant(self, key: Key) -> None:
        self.newest[key] = True
        self.revoked.pop(key, None)

    def revoke(self, key: Key, contact: dict[str, Any]) -> None:
        with self.installation.runtime.database.reading() as session:
            said_for = session.get_one(ContactMethod, contact["id"]).origin_customer_id
        self.newest[key] = False
        self.revoked.setdefault(key, []).append((said_for, self.installation.clock()))

    def call(self, method: str, path: str, body: Any = None) -> int:
        status = self.installation.call(method, f"/api/v1/customers/{path}", json=body).status_code
        assert status in {200, 201, 204, 409}, (method, path, status)
        return status


def make(life: Life) -> None:
    life.customers.append(create(life.installation, life.choose(("Ana Lopez", "Ana Whitfield"))))


def add(life: Life) -> None:
    label, primary = life.choose((None, *LABELS)), life.choose((None, True, False))
    body = {**life.choose(VALUES), "label": label, "is_primary": primary}
    life.call("POST", f"{life.choose(life.customers)}/contacts", body)


def relabel(life: Life) -> None:
    if contact := life.contact():
        path = f"{contact['customer_id']}/contacts/{contact['id']}"
        life.call("PATCH", path, {"label": life.choose(LABELS)})


def make_primary(life: Life) -> None:
    if contact := life.contact():
        life.call("PATCH", f"{contact['customer_id']}/contacts/{contact['id']}/set-primary")


def remove(life: Life) -> None:
    if contact := life.contact():
        life.call("DELETE", f"{contact['customer_id']}/contacts/{contact['id']}")


def prefer(life: Life) -> None:
    if contact := life.contact():
        life.call("PATCH", contact["customer_id"], {"preferred_contact_id": contact["id"]})


def allow(life: Life) -> None:
    """Staff grant or revoke, with evidence."""
    if contact := life.contact():
        flag, allowed = life.choose(FLAGS[contact["type"]]), life.choose((True, False))
        path = f"{contact['customer_id']}/contacts/{contact['id']}"
        status = life.call("PATCH", path, {flag: allowed, "evidence": SIGNED})
        key = (contact["type"], contact["platform"] or contact["match_value"], flag)
        assert not (status == 409 and life.newest.get(key, True)), "only a revocation stands against it"
        if status == 200 and allowed:
            life.grant(key)
        elif status == 200:
            life.revoke(key, contact)


def book(life: Life) -> None:
    """The person books, and ticks boxes."""
    boxes = {"sms": life.choose((None, True)), "marketing": life.choose((None, True))}
    booked = send_form(life, "Ana Lopez", boxes)
    if booked["prompt"]:
        word = life.choose(("yes", "no", "on_behalf", None))
        if word:
            life.installation.answer(booked["prompt"], word, candidate="1")


def type_what_is_somebodys(life: Life) -> None:
    """A stranger, or somebody who shares it, ticks every box, perhaps again and again."""
    name = life.choose(("Petra Stranger", "Ana Whitfield"))
    for _ in range(life.choose((1, 2, 3))):
        send_form(life, name, {"sms": True, "marketing": True})
        life.installation.clock.advance(minutes=1)


def send_form(life: Life, name: str, boxes: dict[str, bool | None]) -> Any:
    phone = life.choose(VALUES[:2])["value"]
    booked = life.installation.book(
        name=name,
        phone=phone,
        email="a.n.a.lopez@gmail.com",
        consents={box: ticked for box, ticked in boxes.items() if ticked is not None},
    )
    life.customers.append(booked["customer_id"])
    for box, key in (
        ("sms", ("phone", phone, "can_sms")),
        ("marketing", ("email", "analopez@gmail.com", "can_marketing")),
    ):
        if boxes[box] and may_grant(life, booked["customer_id"], key):
            life.grant(key)
    return booked


def may_grant(life: Life, customer_id: str, key: Key) -> bool:
    """True where no revocation stands, or only the customer's own, of what they had before and others do not have."""
    if not (revoked := life.revoked.get(key)):
        return True
    kind, value, _ = key
    own = survivor(life.installation, customer_id)
    held = life.installation.contacts(own).values()
    [contact] = [each for each in held if (each["type"], each["match_value"]) == (kind, value)]
    since = datetime.fromisoformat(contact["created_at"])
    is_theirs_alone = life.holders(**{kind: value}) == {own}
    return is_theirs_alone and all(
        survivor(life.installation, who) == own and since < at for who, at in revoked
    )


def merge(life: Life) -> None:
    life.call("POST", f"{life.choose(life.customers)}/merge", {"other_id": life.choose(life.customers)})


def take_back(life: Life) -> None:
    kind = life.choose(("merge", "link"))
    standing = [each for each in merges(life.installation, kind) if each["undone_at"] is None]
    if standing:
        undone = undo(life.installation, life.choose(standing)["id"])
        assert undone.status_code == 200, undone.text


STEPS = (
    *(make, add, add, relabel, make_primary, remove, prefer, allow, allow),
    *(book, type_what_is_somebodys, merge, take_back),
)


def begin(installation: Installation, random: Random) -> Life:
    """Forget everybody: one test plays many lives on one database."""
    kept = {each.__table__ for each in (ApiKey, InstallationSecret, BlockedValue)}
    with installation.runtime.database.transaction() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table not in kept:
                session.execute(delete(table))
    life = Life(installation=installation, random=random)
    make(life)
    return life


def assert_promises_hold(life: Life) -> None:
    with life.installation.runtime.database.snapshot() as session:
        checked = check_next(session, after=NOBODY)
        assert checked.findings == []
        assert (checked.last, checked.waiting) == (None, 0)
        contacts: list[ContactMethod] = live_contacts(session, life.customers)
        for contact in contacts:
            for flag in FLAGS[contact.type]:
                key = (contact.type, contact.platform or contact.match_value, flag)
                assert getattr(contact, flag) == life.newest.get(key, False)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    # Shrinking a life of thirty requests would take minutes, and a failure prints the step that it failed at.
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(random=st.randoms(use_true_random=True))
def test_any_sequence_keeps_every_promise(installation: Installation, random: Random) -> None:
    life = begin(installation, random)
    for _ in range(30):
        random.choice(STEPS)(life)
        life.installation.clock.advance(minutes=1)
        assert_promises_hold(life)
