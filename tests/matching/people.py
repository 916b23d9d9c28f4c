"""Records for the tests of the engine, and a base of customers small enough to hold in a dictionary."""

from __future__ import annotations

from dataclasses import dataclass, field

from matching import (
    Block,
    Candidate,
    Costs,
    Decision,
    Email,
    Handle,
    Model,
    PersonName,
    Phone,
    Population,
    Posterior,
    Provenance,
    Record,
    block_keys,
    decide,
    load_model,
    score,
    search_keys,
    select_candidates,
)


def name(display: str, provenance: Provenance = Provenance.ASSERTED) -> PersonName:
    """'Given Middle Family, suffix'; the last word is the family name."""
    plain, _, suffix = display.partition(", ")
    words = plain.lower().replace(".", "").split()
    given, *rest = words or [""]
    return PersonName(
        display=display,
        given=given,
        family=rest[-1] if rest else "",
        middle=tuple(rest[:-1]),
        suffix=suffix.lower(),
        tokens=tuple(words),
        provenance=provenance,
    )


def phone(e164: str, provenance: Provenance = Provenance.ASSERTED) -> Phone:
    return Phone(e164=e164, provenance=provenance)


def email(address: str, provenance: Provenance = Provenance.ASSERTED) -> Email:
    return Email(address=address, canonical=address, provenance=provenance)


def handle(
    value: str,
    provenance: Provenance = Provenance.PLATFORM,
    *,
    skeleton: str | None = None,
    platform: str = "instagram",
) -> Handle:
    bare = value.removesuffix("_biz").replace("_", "").replace(".", "")
    return Handle(
        platform=platform,
        value=value,
        skeleton=bare if skeleton is None else skeleton,
        provenance=provenance,
    )


def person(*values: PersonName | Phone | Email | Handle | str) -> Record:
    """A record of values of any kind; a string is a name, as typed into a form."""
    typed = [name(value) if isinstance(value, str) else value for value in values]
    return Record(
        names=tuple(value for value in typed if isinstance(value, PersonName)),
        phones=tuple(value for value in typed if isinstance(value, Phone)),
        emails=tuple(value for value in typed if isinstance(value, Email)),
        handles=tuple(value for value in typed if isinstance(value, Handle)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """Customers by id; `size` where the base has more customers than are spelled out (none of them shares a key)."""

    customers: dict[str, Record]
    size: int | None = None
    vetoes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def posterior(
        self,
        query: Record,
        *,
        channel: str = "booking_form",
        joined: list[set[str]] | None = None,
        model: Model | None = None,
    ) -> Posterior:
        """Block, then score, as the service does."""
        found = select_candidates(self._blocks(query))
        population = Population(
            customers=self.size or len(self.customers),
            channel=channel,
            holders=found.holders,
            missed=found.missed,
        )
        candidates = [
            Candidate(customer_id=each, record=self.customers[each], vetoes=self.vetoes.get(each, ()))
            for each in found.customer_ids
        ]
        return score(query, candidates, population, model or load_model(), joined=joined or [])

    def decide(
        self, query: Record, *, channel: str = "booking_form", joined: list[set[str]] | None = None
    ) -> Decision:
        posterior = self.posterior(query, channel=channel, joined=joined)
        return decide(posterior, can_ask=channel == "booking_form", costs=Costs())

    def _blocks(self, query: Record) -> list[Block]:
        holders: dict[int, list[str]] = {}
        for customer, record in self.customers.items():
            for key in block_keys(record):
                holders.setdefault(key.hash, []).append(customer)
        return [
            Block(key=key, customer_ids=tuple(holders.get(key.hash, ())[: key.kind.cap + 1]))
            for key in search_keys(query)
        ]


def strangers(count: int) -> dict[str, Record]:
    """Customers who share nothing with anybody in the tests."""
    return {
        f"stranger-{number}": person(
            f"Q{chr(97 + number % 26)}xa Z{chr(97 + number // 26 % 26)}rr{chr(97 + number // 676)}v",
            phone(f"+4420{number:08d}"),
        )
        for number in range(count)
    }
