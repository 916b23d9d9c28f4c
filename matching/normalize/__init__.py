"""From dirty values to compared ones. Nothing here raises on dirty data: what cannot be normalized is `Rejected`."""

from matching.normalize.emails import FoundEmail, find_emails, normalize_email
from matching.normalize.handles import handle_skeleton, normalize_handle
from matching.normalize.names import nicknames_of, normalize_name
from matching.normalize.phone_places import possible_states, possible_time_zones
from matching.normalize.phones import FoundPhone, find_phones, is_region, normalize_phone, read_local_phone
from matching.normalize.text import fold

__all__ = [
    "FoundEmail",
    "FoundPhone",
    "find_emails",
    "find_phones",
    "fold",
    "handle_skeleton",
    "is_region",
    "nicknames_of",
    "normalize_email",
    "normalize_handle",
    "normalize_name",
    "normalize_phone",
    "possible_states",
    "possible_time_zones",
    "read_local_phone",
]
