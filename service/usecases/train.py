"""What the installation's own decisions teach the model: read piece by piece, newest first. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from matching import Explanation
from matching.training import Tally, posterior_of, sighting_in_base
from matching.training import train as train_model
from service.store.match_index import CustomerCount
from service.store.past_events import answers_to, merged_otherwise, past_events, undone_links

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from matching import Model
    from matching.prior_estimation import Sighting
    from matching.training import Trained
    from service.events import Submission
    from service.store.past_events import PastEvent

#: Events that are read together.
BATCH = 200


@dataclass(slots=True, kw_only=True)
class Lessons:
    """What was read so far. `readers` tell the channel of an event, by its source."""

    model: Model
    customers: int
    readers: Mapping[str, Callable[[Mapping[str, Any]], Submission]]
    tally: Tally = field(default_factory=Tally)
    sightings: dict[str, list[Sighting]] = field(default_factory=dict)
    #: Events that were weighed, those of them that another model weighed, and answers of people.
    events: int = 0
    by_other_models: int = 0
    answers: int = 0
    _behind: tuple[datetime, str] | None = None

    def read_next(self, session: Session, *, limit: int) -> int:
        """Learn from the next events, at most `limit`; how many there were."""
        found = past_events(session, behind=self._behind, since=None, limit=limit)
        if not found:
            return 0
        weighed = [each for each in found if each.was_weighed]
        answers = answers_to(session, [each.decision_id for each in weighed])
        undone = undone_links(session, [each.id for each in weighed])
        for event in weighed:
            told = answers.get(event.decision_id, {})
            if event.id in undone:
                told = {**told, event.explanation["customer_id"]: False}
            self._learn(event, told)
        self._behind = found[-1].place
        return len(found)

    def read_other_answers(self, session: Session) -> None:
        """Learn from proposals that did not ask who sent an event, as far back as events were read."""
        if self._behind is None:
            return
        for explanation in merged_otherwise(session, since=self._behind[0]):
            self.tally.add_match(Explanation.from_dict(explanation))
            self.answers += 1

    def train(self, *, version: str) -> Trained:
        """The model by all that was read."""
        return train_model(self.model, self.sightings, self.tally, customers=self.customers, version=version)

    def _learn(self, event: PastEvent, answers: Mapping[str, bool]) -> None:
        posterior = posterior_of(event.explanation)
        self.tally.add(posterior, answers)
        self.events += 1
        self.answers += len(answers)
        # Weights mean something beside the model that they are by alone; an older version did not keep all of them.
        if posterior.model_version != self.model.version or "namesake_probability" not in event.explanation:
            self.by_other_models += 1
            return
        channel = self.readers[event.source](event.payload).channel.value
        seen = sighting_in_base(posterior, self.model, channel=channel, customers=self.customers)
        self.sightings.setdefault(channel, []).append(seen)


def begin(
    session: Session, model: Model, *, readers: Mapping[str, Callable[[Mapping[str, Any]], Submission]]
) -> Lessons:
    """Lessons for `model`, in the base as it is now."""
    return Lessons(model=model, customers=CustomerCount().read(session), readers=readers)
