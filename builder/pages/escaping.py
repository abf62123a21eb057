"""Foreign text in formats other than HTML: XML, Markdown, and JSON inside a script element. Every result is one line."""

from __future__ import annotations

import json
import re
from datetime import datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from markupsafe import Markup

from builder.model.snapshot import UNKNOWN_TIME

# What XML 1.0 does not allow even escaped (its production Char): control characters, lone surrogates, U+FFFE and U+FFFF.
_NO_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Acts anywhere in a line: a mark of emphasis inside a word and an ampersand before a blank do not.
_MARKDOWN = re.compile(
    r"[\\`*\[\]<|~#]|_(?![0-9A-Za-z])|(?<![0-9A-Za-z])_|&(?=#?[0-9A-Za-z]+;)|!(?=\[)"
)
_MARKDOWN_START = re.compile(r"([-+=>:]|\d{1,9}[.)](?=\s|$))")  # acts at the start of a line only
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_JSON_SCRIPT = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def one_line(text: str, length: int = 0) -> str:
    """The text with blanks joined and characters that no format can hold replaced; cut at a word when it is longer than
    `length` characters (0: any length)."""
    line = " ".join(_NO_CHARACTERS.sub("\ufffd", text).split())
    if not length or len(line) <= length:
        return line
    return f"{line[:length].rsplit(' ', 1)[0]} …"


def xml_text(text: str) -> str:
    """For the text of an element, or an attribute in double quotes."""
    return escape(one_line(text), {'"': "&quot;"})


def markdown_text(text: str) -> str:
    """For a paragraph, heading, table cell, list item or label: shown as it is, whatever it holds."""
    line = _MARKDOWN.sub(r"\\\g<0>", one_line(text))
    return _MARKDOWN_START.sub(_escape_last, line, count=1) if _MARKDOWN_START.match(line) else line


def _escape_last(match: re.Match[str]) -> str:
    """The last character is the one that acts: what comes before it is the number of a list item."""
    found = match.group()
    return f"{found[:-1]}\\{found[-1]}"


def markdown_address(address: str) -> str:
    """For the destination of a link: what could end it, or stand for another character, is percent-encoded."""
    return quote(one_line(address), safe="/?#@:!$&'*+,=%~")


def json_text(value: object) -> str:
    """For a script element: no text in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _NO_CHARACTERS.sub("\ufffd", text.translate(_JSON_SCRIPT))


def json_script(value: object) -> Markup:
    """A data block: browsers neither run it nor ask the content security policy about it."""
    return Markup(f'<script type="application/ld+json">{json_text(value)}</script>')  # noqa: S704 - escaped above


def moment(published: str) -> str:
    """The time when it is one of RFC 3339 in UTC and known, else "": metadata and repositories may say anything."""
    if published == UNKNOWN_TIME or not _TIME.fullmatch(published):
        return ""
    try:
        datetime.fromisoformat(published)
    except ValueError:
        return ""
    return published
