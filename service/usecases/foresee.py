"""What would be decided of an inbound contact, were it to come in now: the same steps, and nothing written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from service.usecases.heed import disowned_number
from service.usecases.set_aside import without_ours
from service.usecases.understand import understand

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from matching import Decision
    from service.events import Submission
    from service.usecases.identify import Identifier


def foresee(
    session: Session,
    submission: Submission,
    *,
    identifier: Identifier,
    region: str,
    asker_id: str | None = None,
) -> Decision:
    """Decide who would write so; a sender whom the platform vouches for is scored like everybody else.

    `asker_id` names the customer that this very event has made, if it is of the past: never a candidate.
    """
    reading = without_ours(session, understand(submission, region=region))
    record = reading.record
    disowned = disowned_number(submission, reading)
    if disowned:
        *_, number = disowned
        record = replace(record, phones=tuple(each for each in record.phones if each.e164 != number))
    return identifier.identify(
        session, record, channel=submission.channel, asker_id=asker_id, ours=reading.ours
    )
