"""What a prompt may show of a candidate: enough for the person to recognise, nothing that the asker did not bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matching import PersonName, Provenance, fold, handle_skeleton, normalize_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from service.store.tables import ContactMethod

_DOTS = "•"
#: A shorter local part would be as good as told by its first letter (wire-formats.md 5).
_SHORTEST_TOLD = 3
#: Mailbox providers so common that naming them tells nothing.
_PUBLIC_DOMAINS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "hotmail.com",
        "outlook.com",
        "live.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "proton.me",
        "protonmail.com",
    ]
)


def masked_hints(
    name: str | None, contacts: Iterable[ContactMethod], *, asker_name: str | None
) -> list[dict[str, str]]:
    """At most one hint of each type: name, instagram, phone, email; the primary where there is one."""
    asker = _Asker(asker_name)
    chosen: dict[str, str] = {}
    for contact in sorted(contacts, key=lambda each: not each.is_primary):
        kind = contact.platform if contact.type == "social" else contact.type
        mask = _MASKS.get(kind)
        if mask is not None and contact.is_normalized and contact.label != "assistant":
            chosen.setdefault(kind, mask(contact.value, asker))
    shown = mask_name(name, asker) if name else None
    hints = {"name": shown, **{kind: chosen.get(kind) for kind in _MASKS}}
    return [{"type": kind, "value": value} for kind, value in hints.items() if value]


class _Asker:
    """What the asker typed of a name: the only letters of a name that may be shown back."""

    def __init__(self, name: str | None) -> None:
        parsed = normalize_name(name, provenance=Provenance.ASSERTED) if name else None
        self.tokens = parsed.tokens if isinstance(parsed, PersonName) else ()
        self.initials = {token[0] for token in self.tokens if token}

    def typed(self, word: str) -> bool:
        return bool(word) and fold(word) in self.tokens

    def typed_initial(self, word: str) -> bool:
        return fold(word)[:1] in self.initials


def mask_name(name: str, asker: _Asker) -> str | None:
    """`John Doe` becomes `John D.`, as far as the asker typed as much; nothing at all where they did not."""
    words = name.split()
    if not words or not asker.typed_initial(words[0]):
        return None
    first = words[0] if asker.typed(words[0]) else f"{words[0][0]}{_DOTS * 3}"
    last = words[-1]
    return f"{first} {last[0].upper()}." if len(words) > 1 and asker.typed_initial(last) else first


def mask_handle(handle: str, asker: _Asker) -> str:
    """`johndoe_biz` becomes `@jo•••••_biz`: two letters if the asker's name starts so, and a suffix that is no name."""
    skeleton = handle_skeleton(handle)
    start = next((token[:2] for token in asker.tokens if len(token) > 1 and handle.startswith(token[:2])), "")
    separator = max(handle.rfind("_"), handle.rfind("."))
    tail = handle[separator:] if separator > 0 else ""
    decoration = tail if tail[1:] and not tail[1:].isdigit() and fold(tail) not in skeleton else ""
    return f"@{start}{_DOTS * 5}{decoration}"


def mask_phone(phone: str, _asker: _Asker) -> str:
    """The last two digits; country, area code and length stay hidden."""
    return f"({_DOTS * 3}) {_DOTS * 3}-{_DOTS * 2}{phone[-2:]}"


def mask_email(address: str, asker: _Asker) -> str:
    """`john@gmail.com` becomes `j•••@gmail.com`, `jd@doe.example` becomes `•••@•••.example`."""
    local, _, domain = address.partition("@")
    start = local[0] if len(local) >= _SHORTEST_TOLD and asker.typed_initial(local) else ""
    host, dot, top = domain.rpartition(".")
    shown = domain if domain in _PUBLIC_DOMAINS else f"{_DOTS * 3}{dot}{top}" if host else _DOTS * 3
    return f"{start}{_DOTS * 3}@{shown}"


#: How each kind of contact is masked, in the order in which hints are shown.
_MASKS: Mapping[str, Callable[[str, _Asker], str]] = {
    "instagram": mask_handle,
    "phone": mask_phone,
    "email": mask_email,
}
