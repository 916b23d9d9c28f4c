"""Asking a mailbox for its consent: the question is written down in one transaction, and handed over outside of any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from service.errors import ErrorCode, Refusal
from service.messages import Fault, Mail, SendingError
from service.usecases.double_opt_in import LINK_LIFE, ask_for_consent, withdraw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from service.runtime import Runtime
    from service.usecases.double_opt_in import Question, Wish

log = structlog.get_logger(__name__)

#: What tokens of links in these emails are signed for.
LINK = "consent"

_REFUSALS: Mapping[Fault, tuple[ErrorCode, str]] = {
    Fault.RECIPIENT: (ErrorCode.INVALID, "The provider cannot deliver to this contact."),
    Fault.MESSAGE: (ErrorCode.PROVIDER_FAILED, "The provider refused the message."),
    Fault.REFUSED: (ErrorCode.PROVIDER_FAILED, "The provider refused to send it; look at its settings."),
    Fault.BUSY: (ErrorCode.UNAVAILABLE, "The provider asks for patience. Try again later."),
    Fault.DELAYED: (ErrorCode.UNAVAILABLE, "The provider will take the message later. Try again later."),
    Fault.UNREACHABLE: (ErrorCode.UNAVAILABLE, "The provider cannot be reached. Try again later."),
    Fault.UNCERTAIN: (ErrorCode.PROVIDER_FAILED, "The provider broke off; the question may still arrive."),
}


def ask(
    runtime: Runtime,
    customer_id: str,
    contact_id: str,
    wish: Wish,
    *,
    actor: str,
    link: Callable[[str], str],
) -> Question:
    """Ask a mailbox. `link` makes the address of a page out of its token.

    Raises:
        Refusal: it cannot be asked (see ask_for_consent), or the provider did not take the question.
    """
    with runtime.database.transaction() as session:
        question = ask_for_consent(session, customer_id, contact_id, wish, actor=actor, now=runtime.clock())
    try:
        runtime.mail.send(_mail(question, link(runtime.token(LINK, question.id))))
    except SendingError as failure:
        log.warning("question.not_sent", question_id=question.id, fault=failure.fault, code=failure.code)
        # It may be on its way: then it can be answered.
        if failure.fault is not Fault.UNCERTAIN:
            with runtime.database.transaction() as session:
                withdraw(session, question.id, why=failure.fault, now=runtime.clock())
        code, detail = _REFUSALS[failure.fault]
        fields = {"contact_id": [detail]} if code is ErrorCode.INVALID else None
        raise Refusal(code, detail, fields=fields) from None
    return question


def _mail(question: Question, url: str) -> Mail:
    return Mail(
        to=question.to,
        subject="Please confirm",
        body=f"Somebody asked for this with your address:\n\n{question.text}\n\n"
        f"If it was you, open this page and press the button there:\n{url}\n\n"
        f"The link is good for {LINK_LIFE.days} days. If it was not you, ignore this: nothing happens.\n",
        key=f"consent-{question.id}",
    )
