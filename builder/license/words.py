"""A license text as words: everything that people change without changing the meaning is taken away.

Decoding, quotes and dashes, markup, comment prefixes, numbering, copyright lines, letter case and spelling variants
(SPDX matching guidelines). All patterns are linear in the length of the text.
"""

from __future__ import annotations

import html
import re
import unicodedata

from builder.license.wording import wording

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

_QUOTES = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´ʼ′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−\u2e3a\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
        "©": "(c)",
        "\r": "\n",
    }
)
_TAGS = (
    "a|abbr|address|article|b|big|blockquote|body|br|center|cite|code|dd|del|div|dl|dt|em|font|footer|h[1-6]|head|"
    "header|hr|html|i|img|ins|kbd|li|link|main|meta|ol|p|pre|q|s|samp|section|small|span|strike|strong|sub|sup|"
    "table|tbody|td|th|thead|title|tr|tt|u|ul|var|!doctype"
)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:[\s/][^<>]{{0,500}})?>", re.IGNORECASE)
_PROLOG = re.compile(r"<\?xml[^<>]{0,300}>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(/?)(?:style|script)\b[^<>]{0,300}>", re.IGNORECASE)
_LINK = re.compile(r"\]\([^()\s]{0,300}\)")
_COMMENT_WORD = re.compile(r"^[ \t]*(?:dnl|rem|REM)\b", re.MULTILINE)
_RESERVED = re.compile(r"all rights?\s+(?:[*#/]+\s*)?reserved", re.IGNORECASE)
_SECTION = re.compile(r"^\W{0,8}\d{1,2}(?:\.\d{1,2})+[.)]?(?=[ \t]+[\"'(A-Z])", re.MULTILINE)
_NON = re.compile(r"non[- ]\s*(?=[a-z])")
_SUB = re.compile(r"sub[- ]\s*(?=licen)")
_WORLD = re.compile(r"world[- ]\s*(?=wide)")
_OWNER = re.compile(r"copyright(\s+)owner")
# Numbering and the scheme of an address give nothing; the group is a word.
_TOKEN = re.compile(
    r"(?<![\w.])(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)](?=\s|$)|(?:https?|ftp)://(?:www\.)?|www\.|([^\W_]+(?:'[a-z]+)?)"
)
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")

_COPYRIGHT = re.compile(
    r"^[^\w\n(]{0,80}(?:(?:portions?|parts?|some parts|this software is|the software is)[ \t]+(?:are[ \t]+)?)?"
    r"(?:\(c\)|copyrights?\b|copr\.)[^\n]*",
    re.MULTILINE | re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d|\(c\)|[<\[{]")
_LISTED = re.compile(r"(?:19|20)\d\d")  # "(c)" alone may number an item of a list
_NAMED = re.compile(r"[^\w\n]*copyrights?[ \t]+(?:by[ \t]+)?[A-Z\d]", re.IGNORECASE)
_MARK = re.compile(
    r"(?:\W|copyrights?\b|copr\b|\bc(?=\))|(?:19|20)\d\d\b|\b\d\d\b|present\b|\bby\b|now\b|year\b|yyyy\b)+"
)
_PLACEHOLDER = re.compile(
    r"[<\[{](?:(?:years?|yyyy|names?|fullname|of|the|copyright|holders?|owners?|authors?|organization|company|your|"
    r"email|e-mail|dates?|here|other|inc|or)[ \t]*)+[>\]}]",
    re.IGNORECASE,
)
_STATEMENT_WORDS = 25  # a longer line is not just a copyright statement

# Words that a copyright statement has no need of: a line with one of them says something more, so it stays.
_WORDING = frozenset(
    [
        "notice",
        "notices",
        "holder",
        "holders",
        "owner",
        "owners",
        "law",
        "laws",
        "license",
        "licenses",
        "licensed",
        "sublicense",
        "licence",
        "licensee",
        "licensor",
        "statement",
        "statements",
        "disclaimer",
        "disclaimers",
        "interest",
        "interests",
        "permission",
        "permissions",
        "permitted",
        "treaty",
        "treaties",
        "patent",
        "trademark",
        "trademarks",
        "patents",
        "hereby",
        "granted",
        "grant",
        "grants",
        "grantor",
        "provided",
        "warranty",
        "warranties",
        "liable",
        "liability",
        "conditions",
        "condition",
        "terms",
        "term",
        "redistribution",
        "redistributions",
        "redistribute",
        "distribution",
        "distribute",
        "distributed",
        "use",
        "used",
        "uses",
        "using",
        "copy",
        "copies",
        "copying",
        "modify",
        "modified",
        "modification",
        "modifications",
        "free",
        "freely",
        "only",
        "not",
        "no",
        "nor",
        "never",
        "none",
        "without",
        "except",
        "unless",
        "any",
        "may",
        "must",
        "shall",
        "should",
        "can",
        "cannot",
        "will",
        "commercial",
        "noncommercial",
        "evaluation",
        "academic",
        "educational",
        "research",
        "trial",
        "proprietary",
        "confidential",
        "prohibited",
        "forbidden",
        "restricted",
        "restriction",
        "restrictions",
        "sell",
        "sold",
        "sale",
        "internal",
        "personal",
        "purpose",
        "purposes",
        "gpl",
        "lgpl",
        "agpl",
        "gnu",
        "public",
        "domain",
        "document",
        "verbatim",
        "apply",
        "applies",
        "claim",
        "claims",
        "subject",
        "material",
        "program",
        "under",
    ]
)

_SPELLING = {
    "acknowledgement": "acknowledgment",
    "acknowledgements": "acknowledgments",
    "analogue": "analog",
    "analyse": "analyze",
    "artefact": "artifact",
    "artefacts": "artifacts",
    "authorisation": "authorization",
    "authorised": "authorized",
    "behaviour": "behavior",
    "cancelled": "canceled",
    "catalogue": "catalog",
    "centre": "center",
    "defence": "defense",
    "expressed": "express",
    "favour": "favor",
    "favourite": "favorite",
    "fulfil": "fulfill",
    "fulfilment": "fulfillment",
    "honour": "honor",
    "initialise": "initialize",
    "judgement": "judgment",
    "labelling": "labeling",
    "labour": "labor",
    "licence": "license",
    "licenced": "licensed",
    "licences": "licenses",
    "licencing": "licensing",
    "maximise": "maximize",
    "merchantibility": "merchantability",
    "modelled": "modeled",
    "modelling": "modeling",
    "offence": "offense",
    "optimise": "optimize",
    "organisation": "organization",
    "organisations": "organizations",
    "organise": "organize",
    "practise": "practice",
    "programme": "program",
    "realise": "realize",
    "recognise": "recognize",
    "recognised": "recognized",
    "signalling": "signaling",
    "sublicence": "sublicense",
    "utilisation": "utilization",
    "whilst": "while",
    "wilful": "willful",
    "wilfull": "willful",
}
_SPELLED = frozenset(_SPELLING)


def decode(data: bytes) -> str:
    """Text of a license file: UTF-8 with or without a byte order mark, UTF-16 with one, else Latin-1. Never raises."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def words(text: str) -> list[str]:
    """The words of a license text in order: lower-case, one spelling, without markup, numbering and copyright lines.
    A character of a script without blanks is a word of its own."""
    text = _RESERVED.sub(" ", _plain(text))
    text = _SECTION.sub(" ", _COPYRIGHT.sub(_without_statement, text)).lower()
    if "non" in text:
        text = _NON.sub("non", text)
    text = _WORLD.sub("world", _SUB.sub("sub", text))
    text = _OWNER.sub(r"copyright\1holder", text)
    found = [token for token in _TOKEN.findall(text.replace("&", " and ")) if token]
    if "'" in text:
        found = [token.replace("'", "") for token in found]
    if not _SPELLED.isdisjoint(found):
        found = [_SPELLING.get(token, token) for token in found]
    return found


def _plain(text: str) -> str:
    """Lower-case ASCII punctuation without markup; lines are kept."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES)
        text = _WIDE.sub(r" \g<0> ", text)
    else:
        text = text.replace("\r", "\n").replace("`", "'")
    if "<" in text:
        text = _TAG.sub(_tag_space, _without_unseen(_PROLOG.sub(" ", text)))
    if "&" in text:
        text = html.unescape(text).translate(_QUOTES)
    if "](" in text:
        text = _LINK.sub("] ", text)
    return _COMMENT_WORD.sub("", text)


def _without_unseen(text: str) -> str:
    """The text without the elements of a page that a reader never sees; without their end they stay."""
    kept: list[str] = []
    shown = 0  # up to here the text is kept or left out
    start = -1
    for tag in _UNSEEN.finditer(text):
        if tag.group(1) and start >= 0:
            kept.append(text[shown:start])
            shown, start = tag.end(), -1
        elif not tag.group(1) and start < 0:
            start = tag.start()
    return " ".join([*kept, text[shown:]])


def _tag_space(match: re.Match[str]) -> str:
    """Block tags end a line, as they do for a reader."""
    name = match.group().strip("</>").split(None, 1)[0].lower().strip("/")
    inline = {"a", "b", "i", "em", "strong", "code", "tt", "u", "s", "span", "small", "sub", "sup"}
    return " " if name in inline else "\n"


def _without_statement(match: re.Match[str]) -> str:
    """Nothing for a line that only states a copyright; the line without its years when it says more."""
    original = match.group()
    line = _PLACEHOLDER.sub(" ", original).lower()
    mark = _LISTED if original.lstrip(" \t*/#;-").startswith("(") else _YEAR
    if mark.search(original.lower()) is None and not _names(original):
        return original
    if _is_statement(line):
        return " "
    start = _MARK.match(line)
    has_year = start is not None and any(c.isdigit() for c in start.group())
    return " " + line[start.end() :] if start is not None and has_year else original


def _names(line: str) -> bool:
    """True for "Copyright Example Inc.": a capital after the word, where the word itself is not all capitals."""
    found = _NAMED.match(line)
    return found is not None and not found.group()[-1].islower() and "COPYRIGHT" not in line


def _is_statement(line: str) -> bool:
    tokens = [token.removesuffix("'s") for token in _TOKEN.findall(line) if token]
    more = wording()["restriction_words"]
    return (
        len(tokens) <= _STATEMENT_WORDS and _WORDING.isdisjoint(tokens) and more.isdisjoint(tokens)
    )
