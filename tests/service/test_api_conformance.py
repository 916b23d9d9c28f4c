"""What the OpenAPI document says is what the API does: schemathesis asks, with values that nobody would type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests.databases import copied_sqlite
from tests.fakes.instagram_api import FakeInstagram
from tests.service.installation import Installation
from tests.service.review_desk import create, merge_by_hand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# An email is sent as it is written.
schemathesis.serializer.alias("message/rfc822", "text/plain")

#: Bounded by examples, not by time, so that every run asks the same.
EXAMPLES = 12

#: Routes that take a key or a signature: without the one the check still gives the other, and makes up signatures.
TWO_PROOFS = ("/webhooks/booking-form", "/webhooks/email")
OF_TWO_PROOFS = [ignored_auth, positive_data_acceptance]
#: Where a header is documented the check makes up a key too, which the right one then replaces unseen.
WITH_HEADERS = ("/api/v1/campaigns",)


@pytest.fixture(scope="module")
def lived_in(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with customers, a merged one, a question, and a proposal."""
    url = copied_sqlite(sqlite_template, tmp_path_factory.mktemp("conformance") / "app.db")
    with FakeInstagram() as instagram:
        started = Installation.start(url, instagram)
        ana = create(started, "Ana Lopez", ("phone", "+12125550142"), ("email", "ana@example.com"))
        merge_by_hand(started, ana, create(started, "Anita Lopez", ("email", "anita@example.com")))
        started.book(name="Ana Lopez", phone="+1 916 555 0123", message="call my assistant at 212 555 0199")
        started.message_resolved("900", "Hi, I am Ana Lopez, call me at 212 555 0142")
        yield started
        started.close()


@pytest.fixture
def schema(lived_in: Installation) -> Any:
    """The document as it is served, asked through the application itself."""
    config = SchemathesisConfig.from_dict(
        {
            "headers": {"Authorization": f"Bearer {lived_in.key}"},
            # NUL is dropped before anything is counted, so a name that is one too long by it is taken; test_customers has more.
            "generation": {"allow-x00": False},
            # What is a phone number, or a cursor of ours, no schema can say: 422 is an answer to text of any shape.
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", 404, 409, 410, 422]}},
        }
    )
    loaded = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", lived_in.app, config=config)
    # Meta's and Twilio's own signatures, and our token, are nothing that a schema can tell.
    return loaded.exclude(path=["/webhooks/instagram", "/webhooks/twilio/sms"])


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_route_answers_as_the_document_says(schema: Any, mode: GenerationMode) -> None:
    faults: dict[str, str] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        try:
            ask(operation.as_strategy(generation_mode=mode))
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, "a route that takes nothing cannot be given what is wrong"
        except (FailureGroup, BaseExceptionGroup, AssertionError) as fault:
            faults[operation.label] = str(fault)
    assert not faults, "\n\n".join(f"{label}: {fault}" for label, fault in faults.items())


def key_of(installation: Installation) -> dict[str, str]:
    """A case that is made by hand carries nothing of the configuration's."""
    return {"Authorization": f"Bearer {installation.key}"}


def ask(cases: Any) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(case=cases)
    def answers_as_documented(case: schemathesis.Case) -> None:
        excluded = OF_TWO_PROOFS if case.path in TWO_PROOFS else []
        case.call_and_validate(excluded_checks=[ignored_auth] if case.path in WITH_HEADERS else excluded)

    answers_as_documented()


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/customers",
        "/api/v1/events",
        "/api/v1/proposals",
        "/api/v1/merges",
        "/api/v1/accounts",
        "/api/v1/api-keys",
        "/api/v1/blocked-values",
    ],
)
def test_what_lived_in_lists_show_is_what_the_document_says(
    lived_in: Installation, schema: Any, path: str
) -> None:
    query = {"phone": "+12125550142"} if path.endswith("customers") else {}
    answer = lived_in.call("GET", path, query_string=query)
    assert answer.get_json()["items"], "there is something to look at"
    case = schema[path]["GET"].Case(query=query, headers=key_of(lived_in))
    assert case.call_and_validate().status_code == 200


def test_what_a_campaign_shows_is_what_the_document_says(lived_in: Installation, schema: Any) -> None:
    offer = {"channel": "sms", "body": "Two for one.", "dry_run": True}
    made = lived_in.call("POST", "/api/v1/campaigns", json=offer).get_json()
    for rest in ("", "/recipients", "/recipients.csv"):
        path = f"/api/v1/campaigns/{{campaign_id}}{rest}"
        ids = {"campaign_id": made["id"]}
        case = schema[path]["GET"].Case(path_parameters=ids, headers=key_of(lived_in))
        assert case.call_and_validate().status_code == 200


def test_what_verifying_answers_is_what_the_document_says(lived_in: Installation, schema: Any) -> None:
    customer = create(lived_in, "Ben Roe", ("phone", "+12125550143"))
    [contact] = lived_in.contacts(customer).values()
    path = "/api/v1/customers/{customer_id}/contacts/{contact_id}/verify"
    ids = {"customer_id": customer, "contact_id": contact["id"]}
    for body, status in (({}, 202), ({"code": "000000"}, 422)):
        case = schema[path]["POST"].Case(
            path_parameters=ids, body=body, media_type="application/json", headers=key_of(lived_in)
        )
        assert case.call_and_validate().status_code == status
