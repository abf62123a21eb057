"""The source text before an engine sees it: one kind of line end, no front matter, and the repairs that CommonMark needs.

Gives the text with the line numbers of the file it came from, so that a report can name a line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_SURROGATES = re.compile("[\ud800-\udfff]")
_FENCE = re.compile(r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)")
_KEYS = re.compile(
    r"(?:---[ ]*\n)?(?:(?:page_title|subcategory|description|layout|sidebar_current):(?:.*\n(?:[ ]+\S.*\n|[ ]*\n)*))++"
    r"---[ ]*(?:\n|$)"
)
_CLOSING_TAGS = re.compile(
    r"[ \t]*(?:</(?:div|p|details|center|table|section)[ \t]*>[ \t]*)++", re.IGNORECASE
)
_BEGINS_MARKDOWN = re.compile(
    r"[ \t]*(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|`|~{3}|[-~!]>|\*\*|\[|[^\W\d_])"
)
_ENDS_CLOSED = re.compile(r"</[a-z][a-z0-9]*[ \t]*>[ \t]*$", re.IGNORECASE)
_HEADING = re.compile(r"[ ]{0,3}(?:#{1,6}[ \t]|`{3}|~{3})")
_MARKER = re.compile(r"[ ]{0,3}[-~!]>")
_HTML_LINE = re.compile(r"[ \t]*</?[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page's text for an engine. `inserted` are the numbers (0-based) of lines that the file does not have."""

    text: str
    skipped: int = 0  # lines of the file before the text
    inserted: tuple[int, ...] = ()

    def line(self, number: int) -> int:
        """The line of the file (1-based) that line `number` (0-based) of the text came from."""
        return number - bisect_right(self.inserted, number) + self.skipped + 1


def prepare(source: str) -> Prepared:
    """Line ends as LF, no byte order mark, no front matter at the top, blank lines where a block has to end."""
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\0", "\ufffd")
    if not text.isascii():
        text = _SURROGATES.sub("\ufffd", text)
    end = _front_matter_end(text)
    skipped = text.count("\n", 0, end)
    text = text[end:]
    if "</" not in text and "-->" not in text and "|" not in text:
        return Prepared(text, skipped)
    lines, inserted = _end_blocks(text.split("\n"))
    return Prepared("\n".join(lines), skipped, inserted)


def _front_matter_end(text: str) -> int:
    """Where the page begins after a block between two `---` lines at the very top; 0 without one.

    Blank lines and comments may stand before the block, as in the algorithm that reads its keys.
    """
    position = 0
    while True:
        line, position = _line(text, position)
        if line.startswith("<!--"):
            end = text.find("-->", position - len(line) - 1)
            if end < 0:
                return 0
            position = text.find("\n", end) + 1 or len(text)
        elif line == "---":
            break
        elif line or position >= len(text):
            return 0
    end = _next_marker(text, position)
    return _second_block_end(text, end) or end


def _next_marker(text: str, position: int) -> int:
    """Where the page goes on after the next `---` line; 0 without one."""
    while position < len(text):
        line, position = _line(text, position)
        if line == "---":
            return position
    return 0


def _second_block_end(text: str, position: int) -> int:
    """Where a second block ends that directly follows the first one, 0 when what follows is text.

    Generators that put a block of comments on top of a page that has front matter give such pages. Only lines
    of the known keys make a block: text between two rules is content.
    """
    match = _KEYS.match(text, position)
    return match.end() if match else 0


def _line(text: str, start: int) -> tuple[str, int]:
    """The trimmed line that starts at `start`, and where the next one starts."""
    end = text.find("\n", start)
    if end < 0:
        return text[start:].strip(), len(text)
    return text[start:end].strip(), end + 1


def _end_blocks(lines: list[str]) -> tuple[list[str], tuple[int, ...]]:
    """Insert a blank line after closing tags and comments that are followed by Markdown, and before a callout that
    follows a table row. In CommonMark the next line would belong to the HTML block or the table."""
    out: list[str] = []
    inserted: list[int] = []
    fence = ""
    html = False  # an HTML block that only a blank line ends may be open
    before = ""
    for line in lines:
        if not fence and before and _must_separate(before, line, html=html):
            inserted.append(len(out))
            out.append("")
            html = False
        out.append(line)
        if not line.strip():
            html = False
        elif not fence and _HTML_LINE.match(line):
            html = True
        fence = _fence_after(fence, line)
        before = line
    return out, tuple(inserted)


def _must_separate(before: str, line: str, *, html: bool) -> bool:
    if before.lstrip().startswith("|"):
        return _MARKER.match(line) is not None
    if not html:
        return False
    ends = before.rstrip().endswith("-->") or _CLOSING_TAGS.fullmatch(before) is not None
    if ends and _BEGINS_MARKDOWN.match(line):
        return True
    return _ENDS_CLOSED.search(before) is not None and _HEADING.match(line) is not None


def _fence_after(fence: str, line: str) -> str:
    """The fence that is open after this line: its marker, or "" for none."""
    if "```" not in line and "~~~" not in line:
        return fence
    if fence:
        bare = line.strip().lstrip("> ")
        closes = bare.startswith(fence) and not bare.strip(fence[0])
        return "" if closes else fence
    match = _FENCE.match(line)
    if match is None or (match[1][0] == "`" and "`" in match[2]):
        return ""
    return match[1]
