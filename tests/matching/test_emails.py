"""Email addresses as people write them, in fields and in messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.normalize import emails, find_emails, normalize_email
from matching.normalize.emails import is_public_domain
from matching.records import Email, Provenance, Rejected

ADDRESS_LIKE = st.one_of(
    st.emails(),
    st.text(alphabet="aB.+-_@ßİé1 <>\"'()\uff20\uff0egmail.com", max_size=40),
    st.builds(
        "{}@{}".format,
        st.text(max_size=12),
        st.sampled_from(["gmail.com", "proton.me", "yahoo.com", "bücher.de"]),
    ),
)


def normalized(raw: str) -> Email:
    email = normalize_email(raw, provenance=Provenance.ASSERTED)
    assert isinstance(email, Email), email
    return email


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("John@GMAIL.com", "john@gmail.com"),
        ("  john.doe@gmail.com\u200b ", "john.doe@gmail.com"),
        ("Ana Lopez <Ana@Example.com>", "ana@example.com"),
        ("mailto:ana@example.com?subject=hi", "ana@example.com"),
        ("ana@example.com; bo@example.com", "ana@example.com"),
        ("ana@example.com / bo@example.com", "ana@example.com"),
        ("ana@example.com.", "ana@example.com"),
        ("ana @ example.com", "ana@example.com"),
        (
            "\uff41\uff4e\uff41\uff20\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff43\uff4f\uff4d",
            "ana@example.com",
        ),
        ("john@work.test", "john@work.test"),
        ("j@bücher.de", "j@xn--bcher-kva.de"),
        ("j@xn--bcher-kva.de", "j@xn--bcher-kva.de"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("ana+vip@acme.com", "ana+vip@acme.com"),
        ("ÜNÏ@example.com", "ünï@example.com"),
    ],
)
def test_an_address_is_kept_as_mail_is_delivered_to_it(raw: str, address: str) -> None:
    assert normalized(raw).address == address


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("J.o.h.n+news@googlemail.com", "john@gmail.com"),
        ("john+x@gmail.com", "john@gmail.com"),
        ("+x@gmail.com", "+x@gmail.com"),
        ("ana+x@outlook.com", "ana@outlook.com"),
        ("ana+x@hotmail.co.uk", "ana@hotmail.co.uk"),
        ("ana.b+x@icloud.com", "ana.b@icloud.com"),
        ("j_d-o.e+x@proton.me", "jdoe@proton.me"),
        ("ana-shop@yahoo.com", "ana@yahoo.com"),
        ("ana-shop@yahoo.co.jp", "ana-shop@yahoo.co.jp"),
        ("ana+x@acme.com", "ana+x@acme.com"),
        ("a.n.a@acme.com", "a.n.a@acme.com"),
        ("ana@notgmail.com", "ana@notgmail.com"),
    ],
)
def test_what_the_mailbox_provider_ignores_is_not_compared(raw: str, canonical: str) -> None:
    assert normalized(raw).canonical == canonical


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "email_not_an_address"), ("none", "email_not_an_address"), ("a@b", "email_not_an_address"),
        ("john@@x.com", "email_not_an_address"), ("john doe@x.com", "email_not_an_address"), ("@x.com", "email_not_an_address"),
        ("a@x..com", "email_not_an_address"), ("a@[127.0.0.1]", "email_not_an_address"), ("john@test", "email_not_an_address"),
        ("a" * 300 + "@x.com", "email_not_an_address"), ("a" * 5000, "email_too_long"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_rejected_with_a_reason(raw: str, code: str) -> None:
    rejected = normalize_email(raw, provenance=Provenance.ASSERTED)
    assert isinstance(rejected, Rejected)
    assert rejected.code == code


@given(st.text(max_size=300) | ADDRESS_LIKE)
def test_normalizing_never_raises_and_is_idempotent(raw: str) -> None:
    email = normalize_email(raw, provenance=Provenance.ASSERTED)
    if isinstance(email, Email):
        assert normalized(email.address) == email
        assert normalized(email.canonical).canonical == email.canonical


def test_what_is_spelled_in_words_is_read_as_it_was_meant() -> None:
    spelled = "anna underscore b at yahoo dot com, cc ana dash lopez (at) gmail (dot) com, bo@gmail,com"
    addresses = [found.email.address for found in find_emails(spelled)]
    assert addresses == ["anna_b@yahoo.com", "ana-lopez@gmail.com", "bo@gmail.com"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mail john@gmail.com, or jane@x.co.uk!", ["john@gmail.com", "jane@x.co.uk"]),
        ("email:John@X.com", ["John@X.com"]),
        ("<john@x.com>", ["john@x.com"]),
        ("reach me...john@x.com...", ["john@x.com"]),
        ("it's john@gmail.com.Thanks a lot", ["john@gmail.com"]),
        ("john[at]gmail[dot]com", ["john[at]gmail[dot]com"]),
        ("john (at) gmail.com", ["john (at) gmail.com"]),
        ("ana at gmail dot com", ["ana at gmail dot com"]),
        ("ana arroba gmail punto com", ["ana arroba gmail punto com"]),
        ("josé@correo.es", ["josé@correo.es"]),
        ("jane dot doe at gmail dot com", ["jane dot doe at gmail dot com"]),
        ("it's jane dot doe 88 at hotmail dot com", ["jane dot doe 88 at hotmail dot com"]),
        ("jane at acme dot co dot uk", ["jane at acme dot co dot uk"]),
        ("mail jane @ gmail.com", ["jane @ gmail.com"]),
        ("jane_doe @ yahoo.co.uk please", ["jane_doe @ yahoo.co.uk"]),
        ("my email is jane at gmail.com", ["jane at gmail.com"]),
        ("é ana ponto silva arroba gmail ponto com", ["ana ponto silva arroba gmail ponto com"]),
        ("ana ät gmail punkt com", ["ana ät gmail punkt com"]),
        ("ana at gmail punkt com", ["ana at gmail punkt com"]),
        ("marie point dupont arobase orange point fr", ["marie point dupont arobase orange point fr"]),
        ("ana chiocciola gmail punto com", ["ana chiocciola gmail punto com"]),
        ("ivan собака mail.ru или", ["ivan собака mail.ru"]),
        ("kasia małpa wp kropka pl", ["kasia małpa wp kropka pl"]),
        ("kasia(małpa)wp.pl", ["kasia(małpa)wp.pl"]),
        ("it's anna underscore b at yahoo dot com", ["anna underscore b at yahoo dot com"]),
        ("ana.lopez @ gmail . com thanks", ["ana.lopez @ gmail . com"]),
        ("ana.lopez@gmail,com", ["ana.lopez@gmail,com"]),
        ("ana@gmail.com, net of tax", ["ana@gmail.com"]),
        ("itsana at hotmail . com", ["itsana at hotmail . com"]),
        ("info at acme.com", ["info at acme.com"]),
        ("email us at info at acme.com, thanks", ["info at acme.com"]),
        ("email info at gmail.com", ["info at gmail.com"]),
        ("email: info at acme.com or bo@x.com", ["info at acme.com", "bo@x.com"]),
        ("I'm at jason.zhang at sacusd.edu", ["jason.zhang at sacusd.edu"]),
        ("maria_lopez at acme.co.uk thx", ["maria_lopez at acme.co.uk"]),
        ("wwynkoop at att.net", ["wwynkoop at att.net"]),
        ("thanks! ana . lopez (at) gmail (dot) com", ["ana . lopez (at) gmail (dot) com"]),
    ],
)
def test_addresses_in_a_message_are_found_where_they_stand(text: str, found: list[str]) -> None:
    assert [text[email.start : email.end] for email in find_emails(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "meet me at hotel.com",
        "@johndoe",
        "10@5pm",
        "a@b",
        "look at x dot",
        "me @ gmail",
        "meet me at gmail.com",
        "reach me at gmail.com",
        "lunch @ joes.com",
        "I'm at icloud.com",
        "email at gmail.com",
        "arrive at some point after 6",
        "look at the point of it",
        "estamos at casa punto de encuentro",
        "моя собака точка",
        "see you at opentable.com",
        "more info at acme.com",
        "our team at acme.com",
        "see you at hotmail . co",
        "meet me at hotmail . com",
        "lunch at ana.com",
        "see you at 9 a.m. at acme.com",
        "Dr.Smith at ucla.edu",
        "login at att.net",
        "tom.smith at noon.ok",
        "See you then . lopez (at) gmail (dot) com",
    ],
)
def test_what_is_no_address_is_not_found(text: str) -> None:
    assert find_emails(text) == ()


def test_words_for_dots_and_signs_become_them() -> None:
    (found,) = find_emails("jane dot doe 88 (at) gmail dot com")
    assert found.email.address == "jane.doe88@gmail.com"
    (found,) = find_emails("marie point dupont arobase orange point fr")
    assert found.email.address == "marie.dupont@orange.fr"


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("my email is john smith at gmail dot com", ["johnsmith@gmail.com"]),
        ("email: jane doe 22 @ gmail . com", ["janedoe22@gmail.com"]),
        ("my email is its john smith at gmail.com", ["johnsmith@gmail.com"]),
        ("correo: juan perez arroba gmail punto com", ["juanperez@gmail.com"]),
        ("my email is mary jane dot doe at gmail dot com", ["maryjane.doe@gmail.com"]),
        ("my email is g a b at gmail dot com", ["gab@gmail.com"]),
        # Words that lead to an address are no part of it.
        ("my email is still jane at gmail dot com", ["jane@gmail.com"]),
        ("my email is the one for jane at gmail dot com", ["jane@gmail.com"]),
        ("my email is down, jane at gmail.com works", ["jane@gmail.com"]),
        ("email: 123456 at qq dot com", ["123456@qq.com"]),
        ("text me or jane at gmail dot com", ["jane@gmail.com"]),
        # Too many words, and the end of an address that was not announced.
        ("my email is mary ann lee smith at yahoo dot com", []),
        ("gabby f at gmail dot com", []),
        ("j smith 1980 at yahoo dot com", []),
        ("g a b b y at gmail dot com", []),
    ],
)
def test_an_address_that_is_said_has_all_its_words_or_is_none(text: str, addresses: list[str]) -> None:
    assert [found.email.address for found in find_emails(text)] == addresses


def test_a_mailbox_providers_domain_is_public() -> None:
    assert all(map(is_public_domain, ["gmail.com", "yahoo.co.uk", "hotmail.fr", "icloud.com"]))
    assert not any(map(is_public_domain, ["acme.com", "notgmail.com", "gmail.acme.com", "mail.acme.com"]))


@given(st.text(max_size=200) | st.lists(ADDRESS_LIKE).map(" ".join))
def test_positions_lie_inside_the_text_in_order_and_apart(text: str) -> None:
    positions = [position for email in find_emails(text) for position in (email.start, email.end)]
    assert positions == sorted(positions)
    assert all(0 <= position <= len(text) for position in positions)


@pytest.mark.parametrize(
    "domain", ["gmail.com", "Example.COM", "localhost", "x-.com", "a..com", "é.com", "foo.c"]
)
@pytest.mark.parametrize("local", ["a", "A.b+c", ".a", "a.", "a..b", "x" * 64, "x" * 65, "é", "a b", ""])
def test_the_short_way_to_an_address_gives_what_the_library_gives(local: str, domain: str) -> None:
    typed = f"{local}@{domain}"
    assert emails._delivered_to(typed) == emails._checked(typed)  # noqa: SLF001 - the two must not part
