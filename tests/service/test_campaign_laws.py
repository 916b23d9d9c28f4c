"""A law of campaigns: whatever was granted, revoked, merged, undone, deleted, imported and added again, nobody is sent to against their word.

No campaign selects a value whose newest act is not a grant, nor one that nobody granted; and each contact gets a decision.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from service.cli import main
from service.store.tables import ContactMethod
from tests.service.test_contact_laws import STEPS, VALUES, Life, begin

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from tests.service.installation import Installation

CAMPAIGNS = (
    {"channel": "sms", "body": "Two for one.", "dry_run": True},
    {"channel": "email", "subject": "New menu", "body": "Dumplings.", "dry_run": True},
)
OF = {"sms": ("phone", "can_sms"), "email": ("email", "can_marketing")}


def bring(life: Life, folder: Path) -> None:
    """Import a customer with some of the values, perhaps one who is known."""
    values = life.random.sample(VALUES, 2)
    person = {"id": life.choose(("a", "b")), "name": "Ana Lopez", "contacts": values}
    file = folder / "people.jsonl"
    file.write_text(json.dumps(person), encoding="utf-8")
    environment = {"ISTHISYOU_DATABASE_URL": life.installation.runtime.database.url}
    taken = CliRunner().invoke(main, ["import", "--yes", str(file)], env=environment)
    assert taken.exit_code == 0, taken.output


def unsubscribe_by_staff(life: Life) -> None:
    """Revoke one channel of a contact, whatever it was."""
    if contact := life.contact():
        flag = {"phone": "can_sms"}.get(contact["type"], "can_marketing")
        path = f"{contact['customer_id']}/contacts/{contact['id']}"
        life.call("PATCH", path, {flag: False})
        key = (contact["type"], contact["platform"] or contact["match_value"], flag)
        # Without evidence, what is revoked already is not revoked again.
        if not life.revoked.get(key):
            life.revoke(key, contact)


def assert_nobody_is_sent_to_against_their_word(life: Life) -> int:
    """How many are sent to."""
    chosen = 0
    with life.installation.runtime.database.transaction() as session:
        # So that consent alone decides.
        session.execute(update(ContactMethod).values(is_verified=True))
    for body in CAMPAIGNS:
        kind, flag = OF[str(body["channel"])]
        made = life.installation.call("POST", "/api/v1/campaigns", json=body).get_json()
        items = life.installation.get(f"/api/v1/campaigns/{made['id']}/recipients", limit=200)["items"]
        assert made["progress"]["considered"] == len(items) == live(life, kind)
        for each in items:
            assert (each["decision"] == "send") == (not each["reasons"])
        sent: list[Any] = [each for each in items if each["decision"] == "send"]
        assert len({each["customer_id"] for each in sent}) == len(sent), "one message each"
        for each in sent:
            key = (kind, canonical(each["value"]), flag)
            assert life.newest.get(key, False), f"{key} was never granted, or was revoked since"
        chosen += len(sent)
    return chosen


def live(life: Life, kind: str) -> int:
    with life.installation.runtime.database.reading() as session:
        return (
            session.query(ContactMethod).filter_by(type=kind, deleted_at=None, collapsed_into_id=None).count()
        )


def canonical(value: str) -> str:
    return "analopez@gmail.com" if value.endswith("@gmail.com") else value


@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(random=st.randoms(use_true_random=True))
def test_no_campaign_goes_against_anybodys_word(
    installation: Installation, tmp_path: Path, random: Random
) -> None:
    life = begin(installation, random)
    steps = (*STEPS, partial(bring, folder=tmp_path), unsubscribe_by_staff)
    for number in range(30):
        random.choice(steps)(life)
        life.installation.clock.advance(minutes=1)
        if number % 5 == 4:
            assert_nobody_is_sent_to_against_their_word(life)
