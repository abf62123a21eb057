"""Bytes to text. What is not UTF-8 is read with replacement characters, and told where it stands in a value."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from builder.schema.hcl.lexer import NL, tokenize
from builder.schema.hcl.tree import Document, Problem

_UNDECODABLE = re.compile("[\udc80-\udcff]")
SUMMARY = "Invalid character encoding"


@dataclass(frozen=True, slots=True)
class BadBytes:
    """Where a text had bytes that are not UTF-8."""

    offsets: tuple[int, ...]

    def told(self, document: Document) -> Document:
        """The document with the problem, unless all such bytes are in comments."""
        tokens = tokenize(document.source.text)
        spans = tokens.spans
        starts = [start for start, _ in spans]
        for offset in self.offsets:
            index = bisect_right(starts, offset) - 1
            if index >= 0 and offset < spans[index][1] and tokens.kinds[index] != NL:
                line = document.source.line(offset)
                others = [p for p in document.problems if p.summary != "Invalid character"]
                told = Problem(line, SUMMARY, "Module files are UTF-8.")
                return replace(document, problems=tuple(sorted([told, *others])))
        return document


def decoded(data: bytes) -> tuple[str, BadBytes | None]:
    """The text without its byte order mark, and where it was not UTF-8."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode(), None
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
    offsets = tuple(match.start() for match in _UNDECODABLE.finditer(text))
    return _UNDECODABLE.sub("\ufffd", text), BadBytes(offsets)
