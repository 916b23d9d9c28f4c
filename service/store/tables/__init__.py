"""Every table, as the service sees it. The migrations create them; a test holds the two against each other."""

from service.store.tables.access import ApiKey, InstallationSecret
from service.store.tables.audit import AuditEntry
from service.store.tables.base import Base, new_id
from service.store.tables.campaigns import Campaign, CampaignRecipient
from service.store.tables.consents import ConsentEvent
from service.store.tables.customers import ContactMethod, ContactSource, Customer
from service.store.tables.doubts import DoubtfulMessage
from service.store.tables.imports import ExternalId, ImportRun
from service.store.tables.inbox import InboxConflict, InboxEvent
from service.store.tables.matching import Decision, Judgement, MatchKey, MatchProposal, MatchRecord, Prompt
from service.store.tables.merges import Booking, Merge, MergeEntry
from service.store.tables.own_and_blocked import BlockedValue, OwnContact
from service.store.tables.social import SocialAccount, SocialIdentity
from service.store.tables.verification import VerificationChallenge

__all__ = [
    "ApiKey",
    "AuditEntry",
    "Base",
    "BlockedValue",
    "Booking",
    "Campaign",
    "CampaignRecipient",
    "ConsentEvent",
    "ContactMethod",
    "ContactSource",
    "Customer",
    "Decision",
    "DoubtfulMessage",
    "ExternalId",
    "ImportRun",
    "InboxConflict",
    "InboxEvent",
    "InstallationSecret",
    "Judgement",
    "MatchKey",
    "MatchProposal",
    "MatchRecord",
    "Merge",
    "MergeEntry",
    "OwnContact",
    "Prompt",
    "SocialAccount",
    "SocialIdentity",
    "VerificationChallenge",
    "new_id",
]
