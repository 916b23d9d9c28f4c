"""/api/v1/prompts: is this you? The token is all it takes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from service.errors import ErrorCode, Refusal
from service.usecases.answer import answer as answer_prompt
from service.usecases.propose import read_prompt
from service.web.auth import runtime
from service.web.public import public_url
from service.web.rest import Blueprint
from service.web.schemas import prompts as schemas

blueprint = Blueprint("prompts", __name__, url_prefix="/api/v1/prompts", description="Is this you?")


@blueprint.route("/<token>", methods=["GET"])
@blueprint.response(HTTPStatus.OK, schemas.PromptView)
def show_prompt(token: str) -> dict[str, Any]:
    """A prompt; its candidates are shown only while it can be answered."""
    return open_prompt(token)


@blueprint.route("/<token>/answer", methods=["POST"])
@blueprint.arguments(schemas.PromptAnswer)
@blueprint.response(HTTPStatus.OK, schemas.PromptOutcome)
@blueprint.refuses(HTTPStatus.CONFLICT, "It was answered otherwise.")
@blueprint.refuses(HTTPStatus.GONE, "It can no longer be answered, or what the answer did was undone.")
def give_answer(body: dict[str, Any], token: str) -> dict[str, str]:
    """Answer a prompt: yes, no or on_behalf. The same answer again changes nothing."""
    return take_answer(token, body["answer"], body.get("candidate"))


def open_prompt(token: str) -> dict[str, Any]:
    """The prompt that a token opens."""
    here = runtime()
    with here.database.reading() as session:
        return read_prompt(session, _prompt_id(token), now=here.clock())


def take_answer(token: str, word: str, candidate: str | None) -> dict[str, str]:
    """Answer the prompt that a token opens."""
    here = runtime()
    with here.database.transaction() as session:
        answered = answer_prompt(
            session, _prompt_id(token), word=word, candidate_key=candidate, now=here.clock()
        )
    return {"outcome": answered.outcome, "customer_id": answered.customer_id}


def _prompt_id(token: str) -> str:
    prompt_id = runtime().prompt_id(token)
    if prompt_id is None:
        raise Refusal(ErrorCode.NOT_FOUND, "There is no such question.")
    return prompt_id


def form_answer(event_id: str, answer: dict[str, Any]) -> dict[str, Any]:
    """What the form's sender is told: the stored answer, with the prompt's token and page."""
    prompt = answer["prompt"]
    if prompt is not None:
        token = runtime().prompt_token(prompt["id"])
        shown = {name: value for name, value in prompt.items() if name != "id"}
        prompt = {"token": token, "url": public_url("people.prompt_page", token=token), **shown}
    return {"event_id": event_id, **answer, "prompt": prompt}
