"""What somebody wrote themselves in a message: without what they quote, and without a signature. Pure.

What is quoted is mostly what we sent, and that tells how to opt out. It is known by its form, in any language:
lines with a mark before them and the line that introduces them, a rule of dashes, a head of fields, or marks around it.
"""

from __future__ import annotations

import re

#: "On Monday, Glow Salon wrote:", of one line, or two behind an empty one, before lines marked as quoted.
_INTRODUCED = re.compile(r"(?:(?<=\n\n)[^\n>]+\n)?^[^\n>]+:[ \t]*\n(?=\s*>)", re.MULTILINE)
_MARKED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
#: "-----Original Message-----", "________", "-- " above a signature; "From: … Sent: … To: …".
_REST = re.compile(
    r"^[ \t]*(?:---[^\n]*---|_{5,}|-- ?)[ \t]*$"
    r"|^\*?(?:From|Von|De|Da|Van|Fra|Från|Od|От|Від|发件人|寄件者|差出人):\*?[ \t]+\S[^\n]*\n(?:\*?[^\W\d_][\w ]{0,15}:\*?[ \t]+\S[^\n]*\n){2,}",
    re.MULTILINE,
)
#: "50 % off this week" - STOP
_LEADING = re.compile(
    r"^\s*[\"\u201c\u00ab\u201e][^\"\u201c\u201d\u00bb]+[\"\u201d\u00bb\u201c][\s:\u2013\u2014-]*(?=\w)"
)


#: "Forwarded:", "she wrote:": what follows, to the next empty line, are somebody else's words.
_RELAYED = re.compile(
    r"(?:^[ \t]*(?:forwarded(?:[ ]message)?|fwd?|weitergeleitet|reenviado|transf[ée]r[ée])[ \t]*:|\b(?:she|he|they)[ ](?:just[ ])?(?:wrote|said|says|texted|sent(?:[ ]me)?)[ \t]*:)"
    r".*?(?=\n[ \t]*\n|\Z)",
    re.MULTILINE | re.IGNORECASE | re.DOTALL,
)


def others_words(text: str) -> list[tuple[int, int]]:
    """Where somebody else's words stand in a message: in lines marked as quoted, and behind what says that they are relayed."""
    return [match.span() for pattern in (_MARKED, _RELAYED) for match in pattern.finditer(text)]


def written_by_sender(text: str) -> str:
    """The part of a message that its sender wrote."""
    unmarked = _MARKED.sub("", _INTRODUCED.sub("", text.replace("\r\n", "\n")))
    return _LEADING.sub("", _REST.split(unmarked, maxsplit=1)[0]).strip()
