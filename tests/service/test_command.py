"""The command as a person runs it: served for real, killed for real."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import delete, inspect, text, update

from matching import load_model
from matching.model import dump_model
from service.runtime import utc_now
from service.store.session import Database
from service.store.tables import ContactMethod, MatchKey
from service.usecases.create_customer import create_customer
from service.usecases.typed_contacts import TypedContact
from tests.service.command import COMMAND, environment, run
from tests.service.installation import ACCOUNT, APP_SECRET
from tests.service.signing import hub_signature

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.instagram_api import FakeInstagram


@dataclass
class Server:
    """A served installation."""

    process: subprocess.Popen[bytes]
    url: str
    key: str | None
    output: str

    def get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = httpx.get(self.url + path, headers=headers, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.mark.parametrize("command", ["check", "train", "reindex", "explain", "shadow"])
def test_a_database_that_is_not_there_is_not_made_by_looking_into_it(command: str, tmp_path: Path) -> None:
    path, model = tmp_path / "mistyped.db", tmp_path / "model.json"
    model.write_bytes(dump_model(load_model()))
    more = {"explain": ["00000000-0000-0000-0000-000000000000"], "shadow": [str(model)]}
    result = run(command, *more.get(command, []), database_url=f"sqlite:///{path}")
    assert result.exit_code == 1
    assert f"ISTHISYOU_DATABASE_URL: there is no database {path}." in result.output
    assert not path.exists()


@contextmanager
def served(port: int, key: str | None = None, **variables: str) -> Iterator[Server]:
    """Serve until the block ends, or until the test kills it."""
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, "serve", "--port", str(port)],
            env=environment(**variables),
            stdout=said,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(process, url)
            said.seek(0)
            output = said.read()
            found = re.search(r"ity_\S+", output)
            yield Server(process, url, found[0] if found else key, output)
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "it ended before it served"
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("it never was ready")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def messages(count: int) -> bytes:
    items = [
        {
            "sender": {"id": f"900{number}"},
            "recipient": {"id": ACCOUNT},
            "timestamp": 1772452800000,
            "message": {"mid": f"m-{number}", "text": f"call me at 916 555 {number:04}"},
        }
        for number in range(count)
    ]
    return json.dumps({"object": "instagram", "entry": [{"id": ACCOUNT, "messaging": items}]}).encode()


def test_killed_between_ack_and_resolving_nothing_is_lost_or_doubled(
    database_url: str, port: int, instagram: FakeInstagram
) -> None:
    settings = {
        "database_url": database_url,
        "instagram_app_secret": APP_SECRET,
        "instagram_api_url": instagram.url,
        "instagram_profile_wait": "30",
    }
    body = messages(30)
    # While profiles take this long, the messages are acknowledged, some are being resolved, and most wait.
    instagram.delay = 0.3
    for number in range(30):
        instagram.profiles[f"900{number}"] = {"username": f"sender{number}xyz", "name": None}
    with served(port, **settings) as server:
        acknowledged = httpx.post(
            f"{server.url}/webhooks/instagram",
            content=body,
            headers={"X-Hub-Signature-256": hub_signature(body, APP_SECRET)},
        )
        assert acknowledged.status_code == 200
        time.sleep(0.7)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(timeout=20)
        key = server.key
    instagram.delay = 0.0
    with served(port, key, **settings) as server:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            events = server.get("/api/v1/events?limit=100")["items"]
            if all(each["status"] == "resolved" for each in events):
                break
            time.sleep(0.1)
        assert sorted(each["id"] for each in events) == sorted(acknowledged.json()["events"])
        assert {each["status"] for each in events} == {"resolved"}
        assert len({each["customer_id"] for each in events}) == 30
        for each in events[:5]:
            contacts = server.get(f"/api/v1/customers/{each['customer_id']}/contacts")["contacts"]
            assert [(phone["usage_count"], phone["is_primary"]) for phone in contacts["phones"]] == [
                (1, True)
            ]


def test_serving_says_where_to_look_and_gives_a_key_the_first_time_only(port: int, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/first.db"
    with served(port, database_url=url, demo="1") as server:
        assert f"http://127.0.0.1:{port}/demo" in server.output
        assert server.get("/api/v1/events")["items"] == []
        assert httpx.get(f"{server.url}/demo").status_code == 200
        key = server.key
    with served(port, key, database_url=url) as server:
        assert "ity_" not in server.output
        assert server.get("/api/v1/events")["items"] == []
        assert httpx.get(f"{server.url}/demo").status_code == 404, "off unless asked for"


def test_where_it_listens_is_no_address_for_the_links_of_newsletters(port: int, tmp_path: Path) -> None:
    configured = {"smtp_url": "smtp://127.0.0.1:1", "mail_from": "us@kitchen.example"}
    with served(port, database_url=f"sqlite:///{tmp_path}/first.db", **configured) as server:
        refused = httpx.post(
            f"{server.url}/api/v1/campaigns",
            headers={"Authorization": f"Bearer {server.key}"},
            json={"channel": "email", "subject": "New menu", "body": "We have dumplings."},
        )
        assert (refused.status_code, "ISTHISYOU_PUBLIC_URL" in refused.json()["detail"]) == (409, True)
        assert "newsletters      not before ISTHISYOU_PUBLIC_URL" in server.output


def test_a_second_server_on_one_port_says_so_and_ends(port: int, tmp_path: Path) -> None:
    with served(port, database_url=f"sqlite:///{tmp_path}/first.db"):
        second = subprocess.run(  # noqa: S603 - our own command
            [*COMMAND, "serve", "--port", str(port)],
            env=environment(database_url=f"sqlite:///{tmp_path}/second.db"),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert second.returncode != 0
    assert str(port) in second.stderr
    assert "Traceback" not in second.stderr


def test_a_key_is_the_last_word_that_create_key_prints_and_only_its_hash_is_kept(tmp_path: Path) -> None:
    made = run("create-key", "booking site", database_url=f"sqlite:///{tmp_path}/keys.db")
    assert made.exit_code == 0, made.stderr
    key = made.stdout.split()[-1]
    assert key.startswith("ity_")
    assert key.encode() not in (tmp_path / "keys.db").read_bytes()


def test_migrate_goes_one_revision_at_a_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/steps.db"
    for revision in ("010", "011", "012", "head", "012", "head"):
        moved = run("migrate", revision, database_url=url)
        assert moved.exit_code == 0, moved.stderr
    unknown = run("migrate", "999", database_url=url)
    assert unknown.exit_code != 0
    assert unknown.stderr.startswith("Error: ")


def test_a_legacy_base_with_other_ids_is_refused_in_a_sentence_and_left_as_it_was(
    empty_database: Database,
) -> None:
    with empty_database.transaction() as session:
        session.execute(text("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, phone TEXT)"))
        session.execute(text("INSERT INTO customers VALUES (1, 'John Doe', '916 555 0100')"))
    refused = run("migrate", database_url=empty_database.url)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: customers.id is ")
    for words in ("integer", "nothing was changed", "Give the table a column id of UUIDs first"):
        assert words.casefold() in refused.stderr.casefold()
    with empty_database.reading() as session:
        assert session.execute(text("SELECT * FROM customers")).all() == [(1, "John Doe", "916 555 0100")]
        assert set(inspect(session.connection()).get_table_names()) <= {"customers", "alembic_version"}


@pytest.mark.parametrize(
    "variables",
    [
        {"database_url": "mysql://x"},
        {"database_url": "sqlite:////nowhere/at/all.db"},
        {"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"},
        {"prompt_ttl": "soon", "database_url": "sqlite://"},
        {"database_url": "sqlite:///"},
        {"default_region": "ZZ"},
        {"prompt_hints": "none"},
        {"prompt_proof": "code"},
    ],
)
def test_settings_that_cannot_be_used_are_said_in_a_sentence(variables: dict[str, str]) -> None:
    failed = run("serve", **variables)
    assert failed.exit_code != 0
    assert failed.stderr.startswith("Error: ")


def test_check_finds_nothing_on_a_sound_database_and_names_what_was_broken(
    database_url: str,
) -> None:
    database = Database(database_url)
    with database.transaction() as session:
        made = create_customer(
            session,
            name="Ana Lopez",
            contacts=[TypedContact(type="phone", value="+19165550100")],
            region="US",
            actor="tests",
            now=utc_now(),
        )
    sound = run("check", database_url=database_url)
    assert (sound.exit_code, sound.stdout) == (0, "1 customers checked, 0 findings.\n")
    with database.transaction() as session:
        session.execute(update(ContactMethod).values(is_primary=False, can_sms=True))
        session.execute(delete(MatchKey))
    database.dispose()
    broken = run("check", database_url=database_url)
    assert broken.exit_code == 1
    codes = {line.split(":")[0] for line in broken.stdout.splitlines()[:-1]}
    assert codes == {"primary.count", "mirror.differs", "consent.differs", "index.keys"}
    assert made.id in broken.stdout
    assert "9165550100" not in broken.stdout
