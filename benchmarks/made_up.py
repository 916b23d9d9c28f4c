"""What benchmarks share of made-up people."""

from __future__ import annotations

from importlib.resources import files
from random import Random

from matching import Provenance, normalize_email, normalize_name, normalize_phone
from matching.records import Email, PersonName, Phone, Record


def seeded(seed: int) -> Random:
    """Chance that is the same for the same seed."""
    return Random(seed)  # noqa: S311 - made-up people, not secrets


def census(rng: Random, kind: str, count: int) -> list[str]:
    """Names (`given` or `family`), drawn as often as people hold them."""
    table = (files("matching") / "data" / f"{kind}_names.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    return rng.choices([row[0] for row in rows], weights=[sum(map(int, row[1:])) for row in rows], k=count)


def person(name: str, phone: str, email: str) -> Record:
    """A record as a form tells it; what cannot be read is left out."""
    asserted = Provenance.ASSERTED
    values = (
        normalize_name(name, provenance=asserted),
        normalize_phone(phone, region="US", provenance=asserted),
        normalize_email(email, provenance=asserted),
    )
    return Record(
        names=tuple(value for value in values if isinstance(value, PersonName)),
        phones=tuple(value for value in values if isinstance(value, Phone)),
        emails=tuple(value for value in values if isinstance(value, Email)),
    )
