r"""Which pages pyromark reads exactly as markdown-it-py does. What is named here is read differently, or was never compared.

The lists come from comparing the two on real documentation and on millions of made-up pages (tests/markdown). They may
name too much: a page that is given to the reference engine costs time only. The rest of a page is not looked at, as one
construct can change what all that follow it mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

MAX_DEPTH = 40  # lists and quotes inside each other; the reference engine shows 50 lists at least
MAX_OPEN = 15  # brackets of one block that may hold others; the reference engine has a limit at 20

_SPACE = "[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_BEFORE = r"[ >*+\d.)-]"  # what stands before the text of a line in quotes and lists
# What must be in a text for the expression to fit at all (most pages have none of it), and the expression. `\n` is
# the start of a line: a text is looked at with a line end before it.
_UNSURE = tuple(
    (needle, re.compile(expression, re.MULTILINE))
    for needle, expression in (
        ("]:", rf"\n(?:{_BEFORE}|\t)*\[[^\]]*\]:"),  # definition of a link
        ("\\", r"\\[ \t]+$|\\\n[ \t>]*\]"),  # backslash at the end of a line, of a label
        ("\t", rf"\n{_BEFORE}*\t(?:{_BEFORE}|\t)*<|\n *>[ >]*\t"),  # tab before HTML, in a quote
        ("\n", r"\n[ \t]+\n*\Z"),  # only blanks in the last line
        (">", r"\n *>[> ]*\n {4}|\n *>.*\n[ \t]{4,}>"),  # indented code right after a quote
        # tables whose head or delimiters do not stand between pipes at the start of the line
        ("|", r"\n(?! {0,3}\|.*\|$)(?=.*\|).*\n[ \t>]*[-:|][-:| \t]*$"),
        ("|", r"\|[^\n]*\n(?! {0,3}\|(?: *:?-+:? *\|)+ *$)[ \t>]*[-:|][-:| \t]*$"),
        ("<!---", ""),  # comment that begins or ends with more than two dashes
        ("--->", ""),
        ("](", r"\]\(\s*<[^>\n]*>[\"'(]"),  # title right after an address
        # characters by number, but for the usual ones of ASCII
        ("&#", r"&#(?!(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]|[xX][2-6][0-9a-fA-F]);)\w"),
        ("", "[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]"),
    )
)
_UNSURE_SPACE = re.compile(  # space that is not ASCII: where text is trimmed, in a tag
    rf"\n(?:{_BEFORE}|[\t#`~|])*{_SPACE}|{_SPACE}[ \t#|\\`~*_]*$|{_SPACE} *\||\| *{_SPACE}"
    rf"|<[A-Za-z/!?][^>\n]*{_SPACE}",
    re.MULTILINE,
)
_STRUCK = re.compile(  # fences, and words struck through with white space around
    rf"^{_BEFORE}*~~~+[^~\n]*$|(?<!\S)~~[A-Za-z0-9](?:[^~\n\\`<\[]*[A-Za-z0-9])?~~(?!\S)",
    re.MULTILINE,
)
_OPEN = re.compile(r"\[(?!(?:[^\[\]\\`<]|\\[^\[\]\\`<\n]|`[^`\[\]\\\n]*`(?!`))*\])")
# The next line of a paragraph is indented by four columns or more, and would begin a block otherwise.
_LAZY = re.compile(
    rb"(?:[ >]{4}|[ >]*\t)[ >\t]*(?:<[A-Za-z/!?]|#{1,6}[ \t\n]|>|```|~~~|\||[*+-][ \t\n]|[-=]+[ \t]*$"
    rb"|(?:[-_*][ \t]*){3,}$|\d{1,9}[.)][ \t\n])",
    re.MULTILINE,
)
_EMPTY = re.compile(rb"(?:[*+-]|\d{1,9}[.)])[ \t]*\n[ \t>]*(?:\n|\Z)")
_BLANK = re.compile(rb"\n[ \t>]*\n")
_INDENTED = re.compile(rb"\n[ \t>]")
_QUOTED = re.compile(rb"\n[ \t]*>")
_ROW = re.compile(rb" {0,3}\|")
_REFUSED = re.compile(r"\s*(?:vbscript|javascript|file|data):", re.IGNORECASE)

Check = Callable[[Any, bytes, int, int], bool]  # payload, text, start, end


def text_agrees(text: str) -> bool:
    """False when the text holds anything that may be read differently, as far as the text alone tells."""
    padded = f"\n{text}"
    if any(needle in padded and pattern.search(padded) for needle, pattern in _UNSURE):
        return False
    if "~~" in text and "~~" in _STRUCK.sub("", text):
        return False
    if not text.isascii() and _UNSURE_SPACE.search(padded):
        return False
    if len(_OPEN.findall(text)) <= MAX_OPEN:
        return True
    return all(len(_OPEN.findall(block)) <= MAX_OPEN for block in text.split("\n\n"))


def _break(_: Any, text: bytes, start: int, end: int) -> bool:
    """The end of a line: without a tab, and without a block's start in the next one."""
    return b"\t" not in text[start - 1 : end] and _LAZY.match(text, end) is None


def _heading(_: Any, text: bytes, start: int, end: int) -> bool:
    return b"\t" not in text[start:end]


def _one_line(_: Any, text: bytes, start: int, end: int) -> bool:
    return _INDENTED.search(text, start, end) is None


def _link(link: Any, text: bytes, start: int, end: int) -> bool:
    return not _REFUSED.match(link["dest_url"]) and not _QUOTED.search(text, start, end)


def _code_block(kind: Any, text: bytes, start: int, end: int) -> bool:
    """A fence without an end is cut off differently."""
    return kind == "Indented" or text[start:end].endswith((b"```", b"~~~"))


def _html_block(_: Any, text: bytes, start: int, end: int) -> bool:
    return _BLANK.search(text, start, end) is None


def _item(_: Any, text: bytes, start: int, __: int) -> bool:
    """One without content, before a blank line, may end its list."""
    return _EMPTY.match(text, start) is None


def _row(_: Any, text: bytes, start: int, __: int) -> bool:
    return _ROW.match(text, text.rfind(b"\n", 0, start) + 1) is not None


def _strikethrough(_: Any, text: bytes, start: int, __: int) -> bool:
    return text.startswith(b"~~", start)


CHECKS: Mapping[
    str, Check
] = {  # by kind of step (fast.py); False when the page may be read differently
    "SoftBreak": _break,
    "HardBreak": _break,
    "Heading": _heading,
    "Code": _one_line,
    "InlineHtml": _one_line,
    "Link": _link,
    "Image": _link,
    "CodeBlock": _code_block,
    "HtmlBlock": _html_block,
    "Item": _item,
    "TableRow": _row,
    "Strikethrough": _strikethrough,
}
