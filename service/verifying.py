"""Sending a code: it is made in one transaction, handed over outside of any, and can be used after a second one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from service.errors import ErrorCode, Refusal
from service.messages import Fault, Mail, SendingError, Text
from service.usecases.consent import Channel
from service.usecases.issue_code import CODE_LIFE, SendLimits, issue_code, mark_failed, mark_sent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from service.runtime import Runtime
    from service.usecases.issue_code import Asker, IssuedCode

log = structlog.get_logger(__name__)

#: What tokens of links in emails are signed for.
LINK = "verification"
_MINUTES = int(CODE_LIFE.total_seconds() // 60)

_REFUSALS: Mapping[Fault, tuple[ErrorCode, str]] = {
    Fault.RECIPIENT: (ErrorCode.INVALID, "The provider cannot deliver to this contact."),
    Fault.MESSAGE: (ErrorCode.PROVIDER_FAILED, "The provider refused the message with the code."),
    Fault.REFUSED: (
        ErrorCode.PROVIDER_FAILED,
        "The provider refused to send the code; look at its settings.",
    ),
    Fault.BUSY: (ErrorCode.UNAVAILABLE, "The provider asks for patience; no code was sent. Try again later."),
    Fault.DELAYED: (ErrorCode.UNAVAILABLE, "The provider will take the message later. Try again later."),
    Fault.UNREACHABLE: (
        ErrorCode.UNAVAILABLE,
        "The provider cannot be reached; no code was sent. Try again later.",
    ),
    Fault.UNCERTAIN: (
        ErrorCode.PROVIDER_FAILED,
        "The provider broke off; a code that may still arrive is of no use. Ask for another.",
    ),
}


def send_code(
    runtime: Runtime, customer_id: str, contact_id: str, *, asker: Asker, link: Callable[[str], str]
) -> IssuedCode:
    """Send a code to a contact. `link` makes the address of a page out of its token.

    Raises:
        Refusal: no code can be made (see issue_code), or the provider did not take it.
    """
    settings = runtime.settings
    limits = SendLimits(
        per_key=settings.codes_per_key,
        per_client=settings.codes_per_client,
        per_network=settings.codes_per_network,
        per_number_range=settings.codes_per_number_range,
    )
    with runtime.database.transaction() as session:
        issued = issue_code(
            session,
            customer_id,
            contact_id,
            asker=asker,
            limits=limits,
            secret=runtime.secret_key,
            now=runtime.clock(),
        )
    try:
        _hand_over(runtime, issued, link)
    except SendingError as failure:
        _note_failure(runtime, issued, failure)
        code, detail = _REFUSALS[failure.fault]
        fields = {"contact_id": [detail]} if code is ErrorCode.INVALID else None
        raise Refusal(code, detail, fields=fields) from None
    with runtime.database.transaction() as session:
        mark_sent(session, issued.challenge_id, actor=asker.actor, now=runtime.clock())
    return issued


def sender_name(runtime: Runtime, issued: IssuedCode) -> str:
    """Through what a code went out: `smtp`, `twilio` or `console`."""
    return runtime.texts.name if issued.channel is Channel.SMS else runtime.mail.name


def _hand_over(runtime: Runtime, issued: IssuedCode, link: Callable[[str], str]) -> None:
    if issued.channel is Channel.SMS:
        runtime.texts.send(
            Text(
                to=issued.to,
                body=f"{issued.code} is your code. It is good for {_MINUTES} minutes. If you did not ask for it, ignore this.",
            )
        )
        return
    url = link(runtime.token(LINK, issued.challenge_id))
    runtime.mail.send(
        Mail(
            to=issued.to,
            subject="Your code",
            body=f"Your code is {issued.code}. It is good for {_MINUTES} minutes.\n\n"
            f"Or open this page and press the button there:\n{url}\n\n"
            "If you did not ask for this, ignore it: nothing happens.\n",
            key=f"code-{issued.challenge_id}",
        )
    )


def _note_failure(runtime: Runtime, issued: IssuedCode, failure: SendingError) -> None:
    log.warning("code.not_sent", challenge_id=issued.challenge_id, fault=failure.fault, code=failure.code)
    if failure.fault is Fault.UNCERTAIN:
        # It may be on its way to somebody, and so it counts.
        return
    with runtime.database.transaction() as session:
        mark_failed(session, issued.challenge_id, now=runtime.clock())
