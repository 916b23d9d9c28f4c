"""The engine: who is this? Pure functions over values; no framework, no database, no clock."""

from matching.attribution import Whose
from matching.blocking import MAX_KEYS, Block, BlockKey, Retrieval, block_keys, search_keys, select_candidates
from matching.decisions import Costs, Decision, Outcome, decide
from matching.explanation import Explanation, Feature
from matching.extract import Extraction, Mention, extract
from matching.labels import Label, LabelName, label_from_context
from matching.model import Model, load_model
from matching.normalize import (
    fold,
    handle_skeleton,
    is_region,
    normalize_email,
    normalize_handle,
    normalize_name,
    normalize_phone,
    possible_states,
    possible_time_zones,
    read_local_phone,
)
from matching.quoting import written_by_sender
from matching.records import (
    Email,
    Handle,
    LocalPhone,
    PersonName,
    Phone,
    Provenance,
    Record,
    Rejected,
    pack,
    unpack,
)
from matching.scoring import Candidate, Population, Posterior, Relation, ScoredCandidate, score
from matching.screening import worth_scoring

__all__ = [
    "MAX_KEYS",
    "Block",
    "BlockKey",
    "Candidate",
    "Costs",
    "Decision",
    "Email",
    "Explanation",
    "Extraction",
    "Feature",
    "Handle",
    "Label",
    "LabelName",
    "LocalPhone",
    "Mention",
    "Model",
    "Outcome",
    "PersonName",
    "Phone",
    "Population",
    "Posterior",
    "Provenance",
    "Record",
    "Rejected",
    "Relation",
    "Retrieval",
    "ScoredCandidate",
    "Whose",
    "block_keys",
    "decide",
    "extract",
    "fold",
    "handle_skeleton",
    "is_region",
    "label_from_context",
    "load_model",
    "normalize_email",
    "normalize_handle",
    "normalize_name",
    "normalize_phone",
    "pack",
    "possible_states",
    "possible_time_zones",
    "read_local_phone",
    "score",
    "search_keys",
    "select_candidates",
    "unpack",
    "worth_scoring",
    "written_by_sender",
]
