"""Fields that take what they say and nothing that merely looks like it."""

from __future__ import annotations

from datetime import UTC, datetime

from marshmallow import ValidationError, fields


class Text(fields.String):
    """A string, never a number: a phone sent as a number has lost its plus sign and its zeros."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if not isinstance(value, str):
            raise ValidationError("Must be a string.")
        return value


class Identifier(fields.String):
    """An opaque id; backends send their row numbers too."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValidationError("Must be a string or an integer.")
        return str(value)


class TrueOrFalse(fields.Boolean):
    """True or false and nothing else: nobody consents by a word that merely looks like yes."""

    def _deserialize(self, value: object, *_: object, **__: object) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value


class Moment(Text):
    """A time with its zone. It stays text, in the one spelling that `datetime.fromisoformat` reads."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        try:
            moment = datetime.fromisoformat(super()._deserialize(value).strip().upper())
            # Times at the very ends of the calendar have no UTC.
            moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValidationError("Must be a date and time such as 2026-03-14T18:30:00-07:00.") from None
        if moment.tzinfo is None:
            raise ValidationError("Must say its time zone, as 2026-03-14T18:30:00-07:00 or a final Z does.")
        return moment.isoformat()


def is_blank(value: object) -> bool:
    """True for None, and for text in which nothing shows (spaces, zero-width characters)."""
    if isinstance(value, str):
        return not any(character.isprintable() and not character.isspace() for character in value)
    return value is None
