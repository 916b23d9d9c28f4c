"""Days 1 and 2, played by hand."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from tests.browser.conftest import Site

ALL_FOUR = ["+19165559999", "+19165551234", "john@gmail.com", "@johndoe_biz"]
DAY_1 = ["+19165559999", "@johndoe_biz"]
DAY_2 = ["+19165551234", "john@gmail.com"]


def _send_message(page: Page) -> None:
    page.get_by_role("button", name="Send the message").click()


def _book(page: Page) -> None:
    page.get_by_role("button", name="Book", exact=True).click()


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def _customers(page: Page) -> Locator:
    return page.locator("article.customer")


def _values(customer: Locator) -> list[str]:
    return sorted(customer.locator(".value").all_inner_texts())


def _ask(page: Page, url: str) -> str:
    """Play both days up to the question; the address of its own page."""
    page.goto(f"{url}/demo")
    _send_message(page)
    _book(page)
    return url + str(page.get_by_role("link", name="on a page of its own").get_attribute("href"))


def _play_to_the_end(page: Page, url: str) -> None:
    """Both days, yes, and undo."""
    _ask(page, url)
    expect(page.get_by_role("heading", name="Is this you?").last).to_be_visible()
    expect(page.locator(".question .hints dd")).to_have_text(["John D.", "@jo•••••_biz", "(•••) •••-••99"])

    _press(page, "Yes, that's me")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(_customers(page)).to_have_count(1)
    assert _values(_customers(page)) == sorted(ALL_FOUR)
    primary = _customers(page).locator("li").filter(has=page.get_by_text("primary", exact=True))
    expect(primary.locator(".value")).to_have_text(["+19165559999", "john@gmail.com", "@johndoe_biz"])

    _press(page, "Undo the merge of John Doe")
    expect(_customers(page)).to_have_count(2)
    assert sorted(map(_values, _customers(page).all())) == sorted([sorted(DAY_1), sorted(DAY_2)])
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_yes_makes_one_customer_with_four_contact_methods_and_undo_gives_them_back(
    page: Page, site: Site
) -> None:
    _play_to_the_end(page, site.url)


def test_the_served_command_plays_the_same_story(page: Page, tmp_path: Path) -> None:
    with _serving(tmp_path) as url:
        _play_to_the_end(page, url)


def test_no_leaves_two_customers_and_the_same_form_is_not_asked_again(page: Page, site: Site) -> None:
    _ask(page, site.url)
    _press(page, "No, that's not me")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(_customers(page)).to_have_count(2)

    page.goto(f"{site.url}/demo")
    _book(page)

    expect(page.locator("#outcome").get_by_role("heading", name="Linked")).to_be_visible()
    expect(page.locator(".question")).to_have_count(0)
    expect(_customers(page)).to_have_count(2)


def test_booking_for_them_gives_their_customer_an_assistant(page: Page, site: Site) -> None:
    _ask(page, site.url)
    _press(page, "I'm booking for them")

    expect(_customers(page)).to_have_count(2)
    theirs = _customers(page).filter(has_text="@johndoe_biz")
    expect(theirs.get_by_text("assistant", exact=True)).to_have_count(2)


def test_a_reload_sends_nothing_again(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/demo")
    _book(page)
    page.reload()

    expect(page.locator("details.event")).to_have_count(1)


def test_the_explanation_shows_bits_and_probabilities(page: Page, site: Site) -> None:
    _ask(page, site.url)

    event = page.locator("details.event").filter(has_text="by the booking form")
    expect(event.locator("caption")).to_contain_text("John Doe")
    expect(event.locator("caption strong")).to_have_text(re.compile(r"\d %"))
    expect(event.get_by_role("rowheader", name="name")).to_be_visible()
    assert event.locator("svg.bits").count() >= 3
    expect(event.locator(".shares")).to_contain_text("someone new")


def test_complaints_stand_at_their_fields_and_keep_what_was_typed(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/demo")
    page.get_by_label("Phone").fill("12")
    page.get_by_label("Email").fill("john@@gmail")
    _book(page)

    for field, typed in {"Phone": "12", "Email": "john@@gmail"}.items():
        faulty = page.get_by_label(field)
        expect(faulty).to_have_value(typed)
        expect(faulty).to_have_attribute("aria-invalid", "true")
        expect(faulty).to_have_accessible_description(re.compile(r"\w+ \w+"))
    expect(_customers(page)).to_have_count(0)


def test_the_hosted_page_works_without_javascript(browser: Browser, page: Page, site: Site) -> None:
    address = _ask(page, site.url)
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address)
    expect(plain.locator("dt")).to_have_text(["Name", "Instagram", "Phone"])

    _press(plain, "Yes, that's me")

    expect(plain).to_have_url(address)
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Thank you")
    context.close()
    page.goto(f"{site.url}/demo")
    expect(_customers(page)).to_have_count(1)


def test_the_hosted_page_can_be_answered_with_the_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(_ask(page, site.url))

    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Yes, that's me")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")

    expect(page.get_by_role("heading", level=1)).to_contain_text("settled")
    page.goto(f"{site.url}/demo")
    expect(_customers(page)).to_have_count(2)


def test_one_of_several_is_chosen_with_the_keyboard_alone(page: Page, site: Site) -> None:
    for number in ("6", "7"):
        site.installation.call(
            "POST",
            "/api/v1/customers",
            json={
                "name": "Maria Lindqvist",
                "contacts": [{"type": "phone", "value": f"916-555-777{number}"}],
            },
        )
    answer = site.installation.book(name="Maria Lindqvist", phone="916-555-0101")
    page.goto(f"{site.url}/p/{answer['prompt']['token']}")
    expect(page.get_by_role("radio")).to_have_count(2)

    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    chosen = page.locator(".choice").nth(1).locator("dd").last.inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    phones = [phone for kind, phone in site.installation.contacts(_survivor(site, answer)) if kind == "phone"]
    assert chosen[-2:] in {phone[-2:] for phone in phones}
    assert len(phones) == 2


def _survivor(site: Site, answer: dict[str, str]) -> str:
    return str(site.installation.get(f"/api/v1/customers/{answer['customer_id']}")["id"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(browser: Browser, page: Page, site: Site, scheme: str) -> None:
    address = _ask(page, site.url)
    shown = page.url
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, color_scheme="dark" if scheme == "dark" else "light"
    )
    phone = context.new_page()
    for url in (shown, address, f"{site.url}/p/nonsense"):
        phone.goto(url)
        width = phone.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, url
    context.close()


def test_the_page_loads_nothing_from_elsewhere_and_breaks_no_policy_of_its_own(
    page: Page, site: Site
) -> None:
    asked, complaints = set(), []
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page.on("console", lambda message: complaints.append(message.text))

    page.goto(_ask(page, site.url))

    assert asked == {site.url.removeprefix("http://")}
    assert complaints == []


# ---------------------------------------------------------------- the command


@contextmanager
def _serving(directory: Path) -> Iterator[str]:
    """`isthisyou serve` on a free port, with a database of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"ISTHISYOU_DEMO": "1", "ISTHISYOU_DATABASE_URL": f"sqlite:///{directory}/served.db"}
    with (directory / "served.log").open("wb") as log:
        command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", str(port)]
        server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)  # noqa: S603, TID251 - our own command, in the environment that the tests run in
    try:
        _await_ready(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def _await_ready(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(url).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail("the server did not get ready")
