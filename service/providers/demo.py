"""A direct message played by hand on /demo or told by `isthisyou demo`: Instagram's, with its profile beside it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from service.events import Channel, EventKind, InboundEvent, Sender, Submission

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = "demo"
ACCOUNT = "demo"


def message(*, username: str, name: str, text: str) -> InboundEvent:
    """A message from `username`, who is the same sender each time."""
    return InboundEvent(
        source=SOURCE,
        account=ACCOUNT,
        key=str(uuid.uuid4()),
        kind=EventKind.MESSAGE,
        payload={"username": username, "name": name, "text": text},
    )


def read(payload: Mapping[str, Any]) -> Submission:
    """What the message says; its profile is part of it."""
    return Submission(
        channel=Channel.INSTAGRAM,
        sender=Sender(platform="instagram", account_id=ACCOUNT, sender_id=f"demo-{payload['username']}"[:64]),
        name=payload["name"],
        instagram=payload["username"],
        text=payload["text"],
    )
