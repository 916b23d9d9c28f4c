"""What a contact is for, told from its context, with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.labels import LabelName, label_from_context, label_from_cue


@pytest.mark.parametrize(
    "text",
    [
        "I want to book 10 chefs for corporate event.", "lunch for our office", "Team Building next month", "my company is hosting",
        "please send an invoice", "necesito factura", "una cena de empresa", "mi empresa quiere", "événement d\u2019entreprise",
        "unsere Firma feiert", "evento aziendale", "nossa empresa", "a company\nholiday party", "our clients love you",
        "Q4 kickoff for our sales team", "we're a law firm, lunch for partners", "startup launch party", "B2B mixer", "I want a corporate event", "can you send an invoice?", "Leadership offsite for 20",
        "dinner for our team", "holiday party for 40 employees", "cena de navidad de la oficina", "We are a small tech company", "Client appreciation night", "lunch at our HQ",
    ],
)  # fmt: skip
def test_talk_of_business_makes_a_contact_business(text: str) -> None:
    label = label_from_context(text=text)
    assert label.label is LabelName.BUSINESS
    assert label.reason.startswith("the text speaks of")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a birthday for my mom",
        "this is not a corporate event",
        "no corporate stuff please",
        "good company, good food",
        "I don't need an invoice", "we won't need an invoice", "can't do a corporate invoice", "My husband works at a corporate office", "party for my team of 5 year olds",
        "our team won the game", "dinner with my business partner", "My wife is a corporate lawyer", "she has a startup, we celebrate her birthday", "it isn't a work party",
        "my daughter's soccer team banquet", "we met at a conference", "my husband's company Christmas party was great",
    ],
)  # fmt: skip
def test_without_a_sign_a_contact_is_personal(text: str) -> None:
    label = label_from_context(text=text)
    assert (label.label, label.reason) == (LabelName.PERSONAL, "nothing in the context says otherwise")


@pytest.mark.parametrize(
    ("handle", "reason"),
    [
        ("johndoe_biz", 'the handle ends in "_biz"'), ("@JohnDoe.Biz", 'the handle ends in ".biz"'), ("shop.ana", 'the handle contains "shop"'),
        ("anascatering", 'the handle ends in "catering"'), ("acme_llc2", 'the handle ends in "_llc2"'),
    ],
)  # fmt: skip
def test_a_business_handle_says_so(handle: str, reason: str) -> None:
    label = label_from_context(handle=handle)
    assert (label.label, label.reason) == (LabelName.BUSINESS, reason)


@pytest.mark.parametrize(
    "handle",
    ["johndoe", "bishop", "ana.bizet", "johndoe_official", "shopaholic_ana", "workshop", "photoshop_ana", ""],
)
def test_an_ordinary_handle_says_nothing(handle: str) -> None:
    assert label_from_context(handle=handle).label is LabelName.PERSONAL


@pytest.mark.parametrize(
    ("cue", "label"),
    [
        ("my cell is", LabelName.PERSONAL), ("my work cell is", LabelName.BUSINESS), ("call me at the office", LabelName.BUSINESS),
        ("home phone", LabelName.HOME), ("mi casa", LabelName.HOME), ("my assistant's number", LabelName.ASSISTANT),
        ("my husband's cell", LabelName.OTHER), ("mi celular", LabelName.PERSONAL), ("numéro de bureau", LabelName.BUSINESS),
    ],
)  # fmt: skip
def test_the_words_at_a_value_name_its_label(cue: str, label: LabelName) -> None:
    found = label_from_cue(cue)
    assert found is not None
    assert found.label is label


def test_words_that_name_no_label_leave_it_to_the_context() -> None:
    assert label_from_cue("call me at") is None
    assert label_from_context(cue="call me at", text="a corporate event").label is LabelName.BUSINESS


def test_the_words_at_a_value_beat_the_handle_and_the_text() -> None:
    label = label_from_context(cue="my personal cell", handle="johndoe_biz", text="corporate event")
    assert label.label is LabelName.PERSONAL


@pytest.mark.parametrize(
    "text",
    [
        "I'm the assistant to Jane",
        "on behalf of Jane Doe",
        "I\u2019m her executive assistant",
        "escribo de parte de Juan",
    ],
)
def test_who_writes_for_somebody_else_is_an_assistant(text: str) -> None:
    assert label_from_context(text=text).label is LabelName.ASSISTANT


def test_a_domain_of_ones_own_is_not_yet_a_business() -> None:
    assert label_from_context(email="ana@lopez.family").label is LabelName.PERSONAL
    assert label_from_context(email="john@gmail.com").label is LabelName.PERSONAL
    assert label_from_context(email="info@lopez.com").label is LabelName.BUSINESS
    assert label_from_context(email="john@work.com").label is LabelName.BUSINESS


@pytest.mark.parametrize(
    ("email", "label"),
    [
        ("hello.kitty@gmail.com", LabelName.PERSONAL), ("team.smith@gmail.com", LabelName.PERSONAL), ("marketing.guy@gmail.com", LabelName.PERSONAL),
        ("sales.us@acme.com", LabelName.BUSINESS), ("info@gmail.com", LabelName.BUSINESS), ("info2@gmail.com", LabelName.BUSINESS), ("eventually@acme.com", LabelName.PERSONAL),
    ],
)  # fmt: skip
def test_a_role_is_the_whole_name_of_an_address_or_stands_at_a_companys_domain(
    email: str, label: LabelName
) -> None:
    assert label_from_context(email=email).label is label


@given(st.text(), st.text(), st.text(), st.text())
def test_labelling_never_raises(text: str, handle: str, email: str, cue: str) -> None:
    assert label_from_context(text=text, handle=handle, email=email, cue=cue).label in LabelName
