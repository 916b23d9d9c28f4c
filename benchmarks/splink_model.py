"""Splink, set up and trained as its documentation has it for names, phones and emails.

Values are cleaned (lower case, bare digits, missing ones null); names are compared by its own comparisons, with Jaro-Winkler levels
and term frequencies, phones by Levenshtein distance, emails by its own comparison. u comes from random pairs, the share of
matches from exact agreements, m from expectation maximisation over two or three blockings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from splink import Linker, SettingsCreator, block_on
from splink import comparison_library as cl
from splink.backends.duckdb import DuckDBAPI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from benchmarks.linkage_sets import LinkageSet, Person

COLUMNS = ("unique_id", "given", "family", "full_name", "phone", "email")
RANDOM_PAIRS = 1e7
FEW_BLOCKINGS = [block_on("phone"), block_on("email"), block_on("given", "family")]
"""For one record: equal values alone, which is what takes the least time."""

WEAKEST = -20.0
"""Bits of a pair below which nobody would sweep."""

NAME_COMPARISONS: Mapping[str, list[Any]] = {
    "both names in one comparison": [
        cl.ForenameSurnameComparison("given", "family", forename_surname_concat_col_name="full_name")
    ],
    "a comparison for each name": [cl.NameComparison("given"), cl.NameComparison("family")],
}
"""The two ways that the documentation has for names."""


def linked(linkage_set: LinkageSet, names: str, *, columns: tuple[str, ...]) -> dict[tuple[str, str], float]:
    """Train on both files of a set, and give the match weight of every pair (event, customer) that blocking finds."""
    linker = trained(linkage_set, names, columns)
    weights = {}
    for pair in linker.inference.predict(threshold_match_weight=WEAKEST).as_record_list():
        ids = {pair[f"source_dataset_{side}"]: pair[f"unique_id_{side}"] for side in "lr"}
        weights[ids["events"], ids["customers"]] = float(pair["match_weight"])
    return weights


def trained(linkage_set: LinkageSet, names: str, columns: tuple[str, ...]) -> Linker:
    database = DuckDBAPI()
    files = [
        database.register(table(map(row, people)), dataset_display_name=name)
        for name, people in (("customers", linkage_set.customers), ("events", linkage_set.events))
    ]
    has_email = "email" in columns
    linker = Linker(files, settings("link_only", names, has_email=has_email), log_level=None)
    training = linker.training
    certain = [block_on("full_name", "phone")]
    blockings = [block_on("phone"), block_on("given", "family")]
    if has_email:
        certain += [block_on("full_name", "email"), block_on("phone", "email")]
        blockings.append(block_on("email"))
    training.estimate_probability_two_random_records_match(certain, recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1)
    for blocking in blockings:
        training.estimate_parameters_using_expectation_maximisation(blocking)
    return linker


def settings(link_type: str, names: str, *, has_email: bool) -> SettingsCreator:
    phone = cl.LevenshteinAtThresholds("phone", [1, 2]).configure(term_frequency_adjustments=True)
    blockings = [
        block_on("phone"),
        block_on("given", "family"),
        block_on("family", "substr(given, 1, 1)"),
        block_on("given", "substr(family, 1, 1)"),
        block_on("substr(given, 1, 3)", "substr(family, 1, 3)"),
        "l.given = r.family and l.family = r.given",
    ]
    return SettingsCreator(
        link_type=link_type,
        comparisons=[*NAME_COMPARISONS[names], phone, *([cl.EmailComparison("email")] if has_email else [])],
        blocking_rules_to_generate_predictions=blockings + ([block_on("email")] if has_email else []),
    )


def row(person: Person) -> dict[str, str | None]:
    given, family = (" ".join(part.lower().split()) for part in (person.given, person.family))
    values = {
        "unique_id": person.id,
        "given": given,
        "family": family,
        "full_name": f"{given} {family}" if given and family else "",
        "phone": re.sub(r"\D", "", person.phone),
        "email": person.email.lower(),
    }
    return {name: value or None for name, value in values.items()}


def table(rows: Iterable[dict[str, str | None]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=pa.schema([(name, pa.string()) for name in COLUMNS]))


def one_at_a_time(customers: Iterable[Person]) -> Callable[[Person], object]:
    """Look for one new person among these, as for records that come in: `predict_between`, term frequencies counted beforehand.

    The figures of the model are the defaults, which take as long to apply as trained ones.
    """
    database = DuckDBAPI()
    base = database.register(table(map(row, customers)))
    linker = Linker(
        base, settings("dedupe_only", "both names in one comparison", has_email=True), log_level=None
    )
    for column in COLUMNS[1:]:
        linker.table_management.compute_tf_table(column)

    def find(new: Person) -> object:
        event = database.register(table([row(new)]))
        pairs = linker.inference.predict_between(
            base, event, blocking_rules_to_generate_predictions=FEW_BLOCKINGS, warning_mode="never"
        )
        found = pairs.as_record_list()
        pairs.drop_table_from_database_and_remove_from_cache()
        event.drop_table_from_database_and_remove_from_cache(force_non_splink_table=True)
        return found

    return find
