"""Settings: read once, checked at the start, every fault named and no value shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.config import Settings, SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def test_an_empty_environment_gives_an_embedded_database_and_no_demo() -> None:
    settings = Settings.from_variables({})
    assert settings.database_url == "sqlite:///isthisyou.db"
    assert settings.demo is False
    assert settings.asks_for_profiles is False
    assert settings == Settings.from_variables({"ISTHISYOU_DEMO": "", "ISTHISYOU_PROMPT_TTL": " "})


def test_lists_numbers_and_flags_are_read() -> None:
    settings = Settings.from_variables(
        {
            "ISTHISYOU_INSTAGRAM_APP_SECRET": "one, two,",
            "ISTHISYOU_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "ISTHISYOU_PROMPT_TTL": "3600",
            "ISTHISYOU_TRUSTED_PROXIES": "2",
            "ISTHISYOU_DEMO": "yes",
            "ISTHISYOU_DEFAULT_REGION": "gb",
            "ISTHISYOU_PUBLIC_URL": "https://contacts.example/",
            "ISTHISYOU_INSTAGRAM_API_URL": "http://127.0.0.1:9/v1",
        }
    )
    assert settings.instagram_app_secret == ("one", "two")
    assert (settings.prompt_ttl, settings.demo, settings.default_region) == (3600.0, True, "GB")
    assert settings.public_url == "https://contacts.example"
    assert settings.trusted_proxies == 2
    assert settings.asks_for_profiles


def test_every_setting_at_fault_is_named_and_no_value_is_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_variables(
            {
                "ISTHISYOU_DATABASE_URL": "mysql://root:hunter2@db/x",
                "ISTHISYOU_PROMPT_TTL": "soon",
                "ISTHISYOU_COST_WRONG_LINK": "-1",
                "ISTHISYOU_DEMO": "maybe",
                "ISTHISYOU_DEFAULT_REGION": "Utopia",
                "ISTHISYOU_PUBLIC_URL": "contacts.example",
                "ISTHISYOU_TRUSTED_PROXIES": "10.0.0.0/8",
                "ISTHISYOU_WEBHOOK_SECRET": "hunter2",
            }
        )
    text = str(caught.value)
    for name in (
        "DATABASE_URL",
        "PROMPT_TTL",
        "COST_WRONG_LINK",
        "DEMO",
        "DEFAULT_REGION",
        "PUBLIC_URL",
        "TRUSTED_PROXIES",
        "WEBHOOK_SECRET",
    ):
        assert f"ISTHISYOU_{name}" in text
    assert "hunter2" not in text


@pytest.mark.parametrize("costs", [("1", "4", "2"), ("200", "1", "2")])
def test_costs_that_contradict_each_other_are_refused(costs: tuple[str, str, str]) -> None:
    names = ("WRONG_LINK", "MISSED_MATCH", "QUESTION")
    with pytest.raises(SettingsError, match="COST_QUESTION"):
        Settings.from_variables(
            {f"ISTHISYOU_COST_{name}": cost for name, cost in zip(names, costs, strict=True)}
        )


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("ISTHISYOU_DEFAULT_REGION=FR\nISTHISYOU_DEMO=1\n", encoding="utf-8")
    monkeypatch.setenv("ISTHISYOU_DEFAULT_REGION", "DE")
    settings = Settings.from_environment(tmp_path)
    assert (settings.default_region, settings.demo) == ("DE", True)


def test_ways_out_are_set_whole_or_not_at_all() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_variables(
            {"ISTHISYOU_SMTP_URL": "smtp://mail.example:25", "ISTHISYOU_TWILIO_FROM": "+15005550006"}
        )
    assert "ISTHISYOU_SMTP_URL, ISTHISYOU_MAIL_FROM must all be set" in str(caught.value)
    assert "ISTHISYOU_TWILIO_FROM needs ISTHISYOU_TWILIO_ACCOUNT_SID and" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("SMTP_URL", "mail.example:25"),
        ("SMTP_URL", "smtp://mail.example:port"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b@c"),
        ("SENDING_HOURS", "21-8"),
        ("SENDING_HOURS", "8"),
        ("SENDING_HOURS", "8-25"),
        ("SENDING_HOURS_BY_STATE", "Florida=8-20"),
        ("SENDING_HOURS_BY_STATE", "TX-SOMEDAY=8-20"),
        ("CODES_PER_KEY", "0"),
        ("CODES_PER_KEY", "1.5"),
        ("MAILS_PER_SECOND", "-1"),
    ],
)
def test_ways_out_and_hours_that_cannot_be_meant_are_named(name: str, raw: str) -> None:
    with pytest.raises(SettingsError, match=f"ISTHISYOU_{name} must"):
        Settings.from_variables({f"ISTHISYOU_{name}": raw})


def test_hours_by_state_are_read() -> None:
    settings = Settings.from_variables(
        {
            "ISTHISYOU_SENDING_HOURS": "9-18",
            "ISTHISYOU_SENDING_HOURS_BY_STATE": "FL=10-17, TX-SUN=12-17",
            "ISTHISYOU_MAIL_FROM": '"The Kitchen" <hello@localhost>',
            "ISTHISYOU_SMTP_URL": "smtps://user:p%40ss@mail.example",
        }
    )
    assert settings.sending_hours == (9, 18)
    assert settings.sending_hours_by_state == (("FL", (10, 17)), ("TX-SUN", (12, 17)))
