"""What may be sent: grants with evidence, revocations that stand, and the ledger behind the flags."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store.tables import ConsentEvent, ContactMethod
from service.usecases.consent import Action, ActorKind, Channel, State, flags_of, standing_against, state_of
from tests.service.review_desk import create, merge_by_hand, undo

if TYPE_CHECKING:
    from tests.service.installation import Installation

PHONE, OTHER_PHONE, EMAIL = "+19165551234", "+19165559999", "john@gmail.com"
SIGNED = {"source": "paper form", "text": "Yes, text me your offers.", "form": "2026-02"}


def contact(installation: Installation, customer_id: str, value: str) -> Any:
    [found] = [each for (_, held), each in installation.contacts(customer_id).items() if held == value]
    return found


def change(installation: Installation, customer_id: str, value: str, **body: Any) -> Any:
    found = contact(installation, customer_id, value)
    path = f"/api/v1/customers/{customer_id}/contacts/{found['id']}"
    return installation.call("PATCH", path, json=body)


def ledger(installation: Installation, customer_id: str) -> list[Any]:
    items: list[Any] = installation.get(f"/api/v1/customers/{customer_id}/consents")["items"]
    return items


# ---------------------------------------------------------------- staff


def test_a_grant_needs_evidence_and_is_kept_with_it(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    for evidence in (
        None,
        {},
        {"source": "paper form"},
        {"text": "yes"},
        {"source": " ", "text": "yes"},
        {"source": "x", "text": " "},
        "yes",
    ):
        refused = change(installation, john, PHONE, can_sms=True, evidence=evidence)
        assert refused.status_code == 422
        assert all(name.startswith("evidence") for name in refused.get_json()["errors"]), refused.text
    assert ledger(installation, john) == []

    granted = change(installation, john, PHONE, can_sms=True, evidence=SIGNED).get_json()

    assert (granted["can_sms"], granted["can_call"], granted["can_marketing"]) == (True, False, True)
    [act] = ledger(installation, john)
    assert (act["channel"], act["purpose"], act["action"]) == ("sms", "marketing", "grant")
    assert (act["source"], act["text"]) == (SIGNED["source"], SIGNED["text"])
    assert act["evidence"] == {"form": "2026-02"}
    assert (act["actor_kind"], act["actor"]) == ("staff", "key:tests")
    assert (act["value"], act["contact_id"]) == (PHONE, granted["id"])


def test_staff_stop_at_once_and_never_lift_a_revocation(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    change(installation, john, PHONE, can_sms=True, can_call=True, evidence=SIGNED)

    stopped = change(installation, john, PHONE, can_sms=False).get_json()

    assert (stopped["can_sms"], stopped["can_call"], stopped["can_marketing"]) == (False, True, True)
    installation.clock.advance(days=1)
    lifted = change(installation, john, PHONE, label="home", can_sms=True, evidence=SIGNED)
    assert (lifted.status_code, set(lifted.get_json()["errors"])) == (409, {"can_sms"})
    now = contact(installation, john, PHONE)
    assert (now["can_sms"], now["label"]) == (False, "personal"), "nothing of it was done"


def test_what_changes_nothing_is_not_written_down(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    for _ in range(2):
        assert change(installation, john, PHONE, can_sms=False).status_code == 200
        assert [act["action"] for act in ledger(installation, john)] == ["revoke"]
    change(installation, john, PHONE, can_call=True, evidence=SIGNED)
    assert change(installation, john, PHONE, can_call=True).status_code == 200
    assert len(ledger(installation, john)) == 2


def test_no_is_no_also_where_nothing_was_known(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    change(installation, john, PHONE, can_call=False)
    assert change(installation, john, PHONE, can_call=True, evidence=SIGNED).status_code == 409


def test_a_stranger_who_types_a_revoked_number_does_not_open_it(installation: Installation) -> None:
    john = installation.book(name="John Doe", phone=PHONE, consents={"sms": True})["customer_id"]
    change(installation, john, PHONE, can_sms=False)
    installation.clock.advance(days=1)
    stranger = installation.book(name="Total Stranger", phone=PHONE, consents={"sms": True})["customer_id"]
    assert stranger != john
    for customer in (john, stranger):
        assert not contact(installation, customer, PHONE)["can_sms"]
    assert "claimant" in {act["actor_kind"] for act in ledger(installation, john)}


def test_each_flag_belongs_to_its_type(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE), ("email", EMAIL))
    both = change(installation, john, EMAIL, can_sms=True, can_marketing=True)
    assert set(both.get_json()["errors"]) == {"can_sms", "evidence"}
    for value, flag in ((PHONE, "can_marketing"), (EMAIL, "can_sms"), (EMAIL, "can_call")):
        for allowed in (True, False):
            refused = change(installation, john, value, **{flag: allowed}, evidence=SIGNED)
            assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {flag})
    for not_a_flag in ("yes", 1, None):
        refused = change(installation, john, PHONE, can_sms=not_a_flag, evidence=SIGNED)
        assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"can_sms"})
    assert change(installation, john, EMAIL, can_marketing=True, evidence=SIGNED).get_json()["can_marketing"]


def test_evidence_may_be_older_and_never_from_the_future(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    future = {**SIGNED, "occurred_at": (installation.clock() + timedelta(hours=1)).isoformat()}
    refused = change(installation, john, PHONE, can_sms=True, evidence=future)
    assert set(refused.get_json()["errors"]) == {"evidence.occurred_at"}
    never = {**SIGNED, "occurred_at": "0001-01-01T00:00:00+14:00"}
    refused = change(installation, john, PHONE, can_sms=True, evidence=never)
    assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"evidence.occurred_at"})
    past = {**SIGNED, "occurred_at": "2026-02-01T10:00:00-08:00"}
    assert change(installation, john, PHONE, can_sms=True, evidence=past).get_json()["can_sms"]
    [act] = ledger(installation, john)
    assert datetime.fromisoformat(act["occurred_at"]) == datetime(2026, 2, 1, 18, tzinfo=UTC)


def test_a_no_counts_from_now_whenever_it_was_said(installation: Installation) -> None:
    said_at = installation.clock.now.isoformat()
    installation.clock.advance(days=1)
    john = installation.book(name="John Doe", phone=PHONE, consents={"sms": True})["customer_id"]
    installation.clock.advance(days=1)
    stopped = change(
        installation, john, PHONE, can_sms=False, evidence={"source": "phone call", "occurred_at": said_at}
    )
    assert (stopped.status_code, stopped.get_json()["can_sms"]) == (200, False)
    [act] = [each for each in ledger(installation, john) if each["action"] == "revoke"]
    assert datetime.fromisoformat(act["occurred_at"]) == installation.clock.now
    assert act["evidence"] == {"said_at": said_at}


@pytest.mark.parametrize("ending", ["stop", "empty box"])
def test_a_grant_from_before_the_last_no_is_refused_by_name(installation: Installation, ending: str) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    old = {**SIGNED, "occurred_at": installation.clock.now.isoformat()}
    installation.clock.advance(days=1)
    if ending == "stop":
        installation.text(PHONE, "STOP")
        installation.clock.advance(days=1)
        installation.text(PHONE, "START")
    else:
        installation.book(name="John Doe", phone=PHONE, consents={"sms": False})
    installation.clock.advance(days=1)
    refused = change(installation, john, PHONE, can_sms=True, evidence=old)
    assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"evidence.occurred_at"})
    new = {**SIGNED, "occurred_at": installation.clock.now.isoformat()}
    assert change(installation, john, PHONE, can_sms=True, evidence=new).get_json()["can_sms"]
    again = change(installation, john, PHONE, can_sms=True, evidence=old)
    assert (again.status_code, again.get_json()["can_sms"]) == (200, True), "it says what is so"


# ---------------------------------------------------------------- the form


def test_a_form_grants_for_the_values_that_it_names_and_no_other(installation: Installation) -> None:
    booked = installation.book(
        name="John Doe",
        phone=PHONE,
        email=EMAIL,
        message=f"or my office: {OTHER_PHONE}",
        consents={
            "sms": True,
            "marketing": True,
            "call": False,
            "text": "I agree to offers.",
            "form_version": "7",
        },
        client={"ip": "198.51.100.7"},
    )
    john = booked["customer_id"]
    assert contact(installation, john, PHONE)["can_sms"]
    assert not contact(installation, john, PHONE)["can_call"]
    assert contact(installation, john, EMAIL)["can_marketing"]
    assert not contact(installation, john, OTHER_PHONE)["can_sms"]
    acts = {(act["channel"], act["action"]): act for act in ledger(installation, john)}
    assert set(acts) == {("sms", "grant"), ("email", "grant"), ("call", "deny")}
    act = acts["sms", "grant"]
    assert (act["actor_kind"], act["source"], act["text"]) == (
        "claimant",
        "booking_form",
        "I agree to offers.",
    )
    assert act["evidence"]["client"] == {"ip": "198.51.100.7"}
    assert (act["form_version"], act["ip"], act["user_agent"]) == ("7", "198.51.100.7", None)
    assert act["event_id"] == booked["event_id"]


def test_only_the_persons_own_later_word_lifts_a_revocation(installation: Installation) -> None:
    john = installation.book(name="John Doe", phone=PHONE, consents={"sms": True})["customer_id"]
    installation.clock.advance(days=1)
    change(installation, john, PHONE, can_sms=False, evidence={"source": "phone call"})
    installation.clock.advance(days=1)
    installation.book(name="John Doe", phone=PHONE)
    assert not contact(installation, john, PHONE)["can_sms"], "a form without the box says nothing"
    installation.book(name="John Doe", phone=PHONE, consents={"sms": True})
    assert contact(installation, john, PHONE)["can_sms"]


def test_a_form_sent_again_and_again_is_still_a_strangers(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE), ("email", EMAIL))
    installation.clock.advance(days=1)
    change(installation, john, PHONE, can_sms=False)
    change(installation, john, EMAIL, can_marketing=False)
    for _ in range(3):
        installation.clock.advance(days=1)
        stranger = installation.book(
            name="Petra Stranger", phone=PHONE, email=EMAIL, consents={"sms": True, "marketing": True}
        )["customer_id"]
        assert stranger != john
        assert not contact(installation, john, PHONE)["can_sms"]
        assert not contact(installation, john, EMAIL)["can_marketing"]
    grants = [act for act in ledger(installation, john) if act["action"] == "grant"]
    assert (len(grants), {act["actor_kind"] for act in grants}) == (6, {"claimant"})


def test_a_number_that_was_stopped_before_anybody_had_it_is_opened_by_no_form(
    installation: Installation,
) -> None:
    for _ in range(2):
        installation.message_resolved("1254459154682919", f"stop texting me at {PHONE}")
        installation.clock.advance(days=1)
    for _ in range(3):
        stranger = installation.book(name="Petra Stranger", phone=PHONE, consents={"sms": True})[
            "customer_id"
        ]
        assert not contact(installation, stranger, PHONE)["can_sms"]
        installation.clock.advance(days=1)


@pytest.mark.parametrize("proven_for", ["jane", "nobody"])
@pytest.mark.parametrize("revoker", ["jane", "harry"])
def test_of_several_who_have_a_mailbox_only_who_proved_it_lifts_only_what_is_their_own(
    installation: Installation, proven_for: str, revoker: str
) -> None:
    holders = {
        "harry": create(installation, "Harry Home", ("email", EMAIL)),
        "jane": create(installation, "Jane Home", ("email", EMAIL)),
    }
    proven = contact(installation, holders["jane"], EMAIL)["id"]
    with installation.runtime.database.transaction() as session:
        session.get_one(ContactMethod, proven).is_verified = proven_for == "jane"
    installation.clock.advance(days=1)
    change(installation, holders[revoker], EMAIL, can_marketing=False)
    installation.clock.advance(days=1)
    booked = installation.book(name="Jane Home", email=EMAIL, consents={"marketing": True})["customer_id"]
    assert booked == holders["jane"]
    assert contact(installation, booked, EMAIL)["can_marketing"] == (proven_for == revoker)


def test_whoever_revoked_last_does_not_lift_what_another_revoked_before(installation: Installation) -> None:
    harry = create(installation, "Harry Home", ("email", EMAIL))
    jane = create(installation, "Jane Home", ("email", EMAIL))
    for revoker in (harry, jane):
        installation.clock.advance(days=1)
        change(installation, revoker, EMAIL, can_marketing=False, evidence={"source": "phone call"})
    found = contact(installation, harry, EMAIL)
    installation.call("DELETE", f"/api/v1/customers/{harry}/contacts/{found['id']}")
    installation.clock.advance(days=1)
    installation.book(name="Jane Home", email=EMAIL, consents={"marketing": True})
    assert not contact(installation, jane, EMAIL)["can_marketing"]


def test_an_empty_box_ends_a_permission_and_a_signed_paper_brings_it_back(installation: Installation) -> None:
    john = installation.book(name="John Doe", phone=PHONE, consents={"sms": True})["customer_id"]
    installation.clock.advance(days=1)
    installation.book(name="John Doe", phone=PHONE, consents={"sms": False})
    assert not contact(installation, john, PHONE)["can_sms"]
    installation.clock.advance(days=1)
    assert change(installation, john, PHONE, can_sms=True, evidence=SIGNED).get_json()["can_sms"]


def test_a_consent_without_its_contact_is_about_nothing(installation: Installation) -> None:
    john = installation.book(name="John Doe", email=EMAIL, consents={"sms": True, "call": True})[
        "customer_id"
    ]
    assert ledger(installation, john) == []


# ---------------------------------------------------------------- it hangs on the value


def test_a_shared_number_is_revoked_for_all_and_stays_so_when_it_is_added_again(
    installation: Installation,
) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    jane = create(installation, "Jane Doe", ("phone", PHONE))
    change(installation, john, PHONE, can_sms=True, evidence=SIGNED)
    assert contact(installation, jane, PHONE)["can_sms"], "it was granted for the number"
    change(installation, jane, PHONE, can_sms=False)
    assert not contact(installation, john, PHONE)["can_sms"]

    found = contact(installation, john, PHONE)
    installation.call("DELETE", f"/api/v1/customers/{john}/contacts/{found['id']}")
    installation.call("POST", f"/api/v1/customers/{john}/contacts", json={"type": "phone", "value": PHONE})

    refused = change(installation, john, PHONE, can_sms=True, evidence=SIGNED)
    assert refused.status_code == 409
    assert sorted(act["action"] for act in ledger(installation, john)) == ["grant", "revoke"]


def test_an_address_written_another_way_is_the_same_mailbox(installation: Installation) -> None:
    john = create(installation, "John Doe", ("email", "j.doe@gmail.com"))
    change(installation, john, "j.doe@gmail.com", can_marketing=False, evidence={"source": "email"})
    other = create(installation, "John Doe", ("email", "jdoe+offers@gmail.com"))
    refused = change(installation, other, "jdoe+offers@gmail.com", can_marketing=True, evidence=SIGNED)
    assert refused.status_code == 409


def test_merging_and_undoing_do_not_touch_it(installation: Installation) -> None:
    john = create(installation, "John Doe", ("phone", PHONE))
    twin = create(installation, "Johnny Doe", ("phone", PHONE), ("phone", OTHER_PHONE))
    change(installation, john, PHONE, can_sms=True, evidence=SIGNED)
    merge_id = merge_by_hand(installation, john, twin)
    assert contact(installation, john, PHONE)["can_sms"]
    assert not contact(installation, john, OTHER_PHONE)["can_sms"], "a grant never moves to another value"
    change(installation, john, PHONE, can_sms=False)
    undo(installation, merge_id)
    for customer in (john, twin):
        assert not contact(installation, customer, PHONE)["can_sms"]


# ---------------------------------------------------------------- the rules, as laws

START = datetime(2026, 1, 1, tzinfo=UTC)
ACTS = st.builds(
    lambda action, actor, day: ConsentEvent(
        action=action,
        actor_kind=actor,
        occurred_at=START + timedelta(days=day),
        channel="sms",
        purpose="marketing",
    ),
    st.sampled_from(Action),
    st.sampled_from(ActorKind),
    st.integers(0, 5),
)


@given(st.lists(ACTS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_in_which_acts_are_written_down_does_not_matter(
    acts: list[ConsentEvent], random: Any
) -> None:
    shuffled = list(acts)
    random.shuffle(shuffled)
    grants = {(act.occurred_at, act.actor_kind) for act in acts if act.action == Action.GRANT}
    if len({at for at, _ in grants}) == len(grants):
        assert state_of(acts) is state_of(shuffled)


@given(st.lists(ACTS, max_size=8))
def test_nothing_is_allowed_past_a_revocation_but_by_the_person_and_later(acts: list[ConsentEvent]) -> None:
    if state_of(acts) is not State.GRANTED:
        return
    revoked = max((act.occurred_at for act in acts if act.action == Action.REVOKE), default=None)
    grants = [act for act in acts if act.action == Action.GRANT]
    assert grants
    if revoked is not None:
        lifting = [act for act in acts if act.action in {Action.GRANT, Action.REINSTATE}]
        assert any(act.actor_kind is ActorKind.PERSON and act.occurred_at > revoked for act in lifting)


@given(st.lists(ACTS, max_size=8))
def test_a_later_revocation_always_wins(acts: list[ConsentEvent]) -> None:
    last = max((act.occurred_at for act in acts), default=START)
    revocation = ConsentEvent(
        action="revoke", actor_kind="staff", occurred_at=last, channel="sms", purpose="marketing"
    )
    assert state_of([*acts, revocation]) is State.REVOKED
    assert state_of([revocation, *acts]) is State.REVOKED


@given(st.lists(ACTS, max_size=8))
def test_where_nothing_may_be_sent_at_all_no_marketing_may(acts: list[ConsentEvent]) -> None:
    stop = ConsentEvent(
        action="revoke", actor_kind="person", occurred_at=START, channel="sms", purpose="transactional"
    )
    assert not any(flags_of("phone", [*acts, stop]).values())


@given(st.lists(ACTS, max_size=8))
def test_what_stands_against_a_grant_is_there_as_long_as_it_is_revoked(acts: list[ConsentEvent]) -> None:
    standing = standing_against(acts, Channel.SMS, "marketing")
    assert bool(standing) == (state_of(acts) is State.REVOKED)


@pytest.mark.parametrize("kind", ["phone", "email", "social"])
def test_nothing_is_allowed_where_nothing_was_said(kind: str) -> None:
    assert not any(flags_of(kind, []).values())
