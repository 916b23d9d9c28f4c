"""What somebody wrote themselves in a message: without what they quote, and without a signature. Pure.

What is quoted is mostly what we sent, and that tells how to opt out. It is known by its form, in any language:
lines with a mark before them and the line that introduces them, a rule of dashes, a head of fields, or marks around it.
"""

from __future__ import annotations

import re

#: "On Monday, Glow Salon wrote:", of one line, or two behind an empty one, before lines marked as quoted.
_INTRODUCED = re.compile(
    r"(?:(?<=\n\n)(?![ \t]*>)[^\n]+\n)?^(?![ \t]*>)[^\n]+:[ \t]*\n(?=\s*>)", re.MULTILINE
)
_MARKED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_HEAD = (
    r"\*?(?:From|Von|De|Da|Van|Fra|Från|Od|От|Від|发件人|寄件者|差出人):\*?[ \t]+\S[^\n]*\n"
    r"(?:\*?[^\W\d_][\w ]{0,15}:\*?[ \t]+\S[^\n]*\n){2,}"
)
"""The fields of a message: "From: … Sent: … To: …"."""

#: "-----Original Message-----", "________", "-- " above a signature; or a head.
_REST = re.compile(rf"^[ \t]*(?:---[^\n]*---|_{{5,}}|-- ?)[ \t]*$|^{_HEAD}", re.MULTILINE)
#: "50 % off this week" - STOP
_LEADING = re.compile(
    r"^\s*[\"\u201c\u00ab\u201e][^\"\u201c\u201d\u00bb]+[\"\u201d\u00bb\u201c][\s:\u2013\u2014-]*(?=\w)"
)


#: A head below "Begin forwarded message:" or a rule of dashes with words, or one with an address and a "To:" or
#: "Subject:": a form and a journey have a "From:" as well.
_FORWARDED = re.compile(
    r"^(?:[^\n\d@]{0,40}(?:forwarded|weitergeleitet|reenviado|transf[ée]r[ée]|inoltrato|encaminhad|doorgestuurd)[^\n]{0,40}:[ \t]*\n\s{0,5}"
    r"|-{3,}[ ]?[^\W\d_][^\n-]{0,60}-{3,}[ \t]*\n\s{0,5}"
    r"|(?=[^\n]{0,200}@)(?=(?:[^\n]*\n){1,4}\*?(?:To|An|À|A|Para|Aan|Til|Till|Do|Кому|收件人|宛先|Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Emne|Ämne|Temat|Тема|主题|件名):))"
    rf"{_HEAD}.*",
    re.MULTILINE | re.IGNORECASE | re.DOTALL,
)
#: "Forwarded from Nina:", "she wrote:": what follows, to the next empty line, are somebody else's words.
_RELAYED = re.compile(
    r"(?:^[ \t]*(?:forwarded(?:[ ](?:message|from[ ][^\n:]{1,40}))?|fwd?|weitergeleitet|reenviado|transf[ée]r[ée])[ \t]*:|\b(?:she|he|they)[ ](?:just[ ])?(?:wrote|said|says|texted|sent(?:[ ]me)?)[ \t]*:)"
    r".*?(?=\n[ \t]*\n|\Z)",
    re.MULTILINE | re.IGNORECASE | re.DOTALL,
)
_SOMEBODY = r"(?:[A-Z][^\W\d_]+|(?i:my|his|her|the|our|mi|su|la|el)[ ][\w-]+)"
_SAID = r"(?i:wrote|writes|said|says|texted|sent|messaged|told|asked|replied|forwarded|passed|dijo|dice|escribi[oó]|mand[oó]|envi[oó]|puso)"
#: 'Nina texted me this: "…"', 'she sent me "…"', 'Got this from my boss, can you help? "…"', 'From my mom: "…"'
_CITED = re.compile(
    rf"(?:\b(?:{_SOMEBODY}|(?i:she|he|they))[ ](?:(?:just|me)[ ])?{_SAID}(?:[ ](?i:me|us|esto))?(?:[ ]this)?[ \t]*[:,-]"
    r"|\b(?i:(?:she|he|they|(?:my|his|her|our|mi)[ ][\w-]+)[ ](?:just[ ])?(?:wrote|sent|texted|messaged)[ ](?:me|us))"
    r"|(?:(?<![Mm]y[ ])\b(?i:got|received|sharing|forwarding|this|message|text|e-?mail|note|below|mensaje)\b[^\n\":.!?]{0,30}[ ]|(?:^|(?<=[\n.!?])[ ]?))"
    rf"(?i:from|de)[ ]{_SOMEBODY}(?:[,;]?[ ](?i:can|could|would|please|pls|do|is|are|who|asking)\b[^\n\"\u201c]{{0,60}})?(?:[ \t]*[:,?.!-]|(?=\n)))"
    r"\s{0,3}[\"\u201c\u00ab\u201e][^\"\u201c\u201d\u00bb]{1,600}[\"\u201d\u00bb\u201c]"
)


def others_words(text: str) -> list[tuple[int, int]]:
    """Where somebody else's words stand in a message: quoted, forwarded or relayed, with what introduces them.

    A signature, which `written_by_sender` leaves out as well, tells the sender's own number.
    """
    return [
        match.span()
        for pattern in (_INTRODUCED, _MARKED, _FORWARDED, _RELAYED, _CITED)
        for match in pattern.finditer(text)
    ]


def written_by_sender(text: str) -> str:
    """The part of a message that its sender wrote."""
    unmarked = _MARKED.sub("", _INTRODUCED.sub("", text.replace("\r\n", "\n")))
    return _LEADING.sub("", _REST.split(unmarked, maxsplit=1)[0]).strip()
