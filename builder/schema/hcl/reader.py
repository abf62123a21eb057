"""A file of native syntax to a document, and what can be kept of a file with faults.

A faulty file is cut where a line begins with the header of a top-level block, and each piece is read alone. In a broken
piece the header is read leniently and the arguments, which stand at one indentation, each alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

from builder.schema.hcl.lexer import BAD, EOF, TOO_DEEP, Tokens, tokenize
from builder.schema.hcl.parser import OLD_BRACE, FileParser
from builder.schema.hcl.tree import (
    Attribute,
    Block,
    Body,
    Document,
    Leaf,
    Malformed,
    Problem,
    Source,
)

MAX_BROKEN = 50  # pieces of a file with faults, then the rest is left
MAX_PROBLEMS = 100  # of one file that are told
LABELS = {  # of the blocks of a module; those that are not named here are not looked into
    **dict.fromkeys(("variable", "output", "provider", "module"), 1),
    **dict.fromkeys(("resource", "data", "ephemeral"), 2),
    "terraform": 0,
}
_WARNINGS = frozenset({OLD_BRACE})
_KEYWORDS = "|".join((*LABELS, "locals", "moved", "import", "removed", "check", "action"))
_HEADER = re.compile(
    rf'^(?:{_KEYWORDS})(?=[ \t]*+["{{]|[ \t]++[A-Za-z_])[^\n={{]*+(?:\{{[^\n]*+)?$', re.MULTILINE
)
_LOOSE_HEADER = re.compile(
    rf'({"|".join(LABELS)})[ \t]*+((?:"?[A-Za-z_][\w-]*+"?[ \t]*+)*+)(?:[{{}}][^\n]*+)?$',
    re.MULTILINE,
)
_WORD = re.compile(r"[A-Za-z_][\w-]*+")
_ITEM = re.compile(r"^([ \t]++)([A-Za-z_][\w-]*+)[ \t]*+([=\{])", re.MULTILINE)
_HEREDOC = re.compile(r"^[^\n]*?<<-?([A-Za-z_][\w-]*+)\r?$", re.MULTILINE)
_MARKER = re.compile(r"^[ \t]*+([A-Za-z_][\w-]*+)[ \t]*+\r?$", re.MULTILINE)


def read_native(text: str) -> Document:
    """The document in native syntax. Never raises; what is wrong is in its problems."""
    source = Source(text)
    tokens = tokenize(text)
    body = Body()
    failure, found = _attempt(tokens, body)
    if failure is not None:
        body = Body()
        found = [failure, *found, *_salvage(text, body)]
    return Document(source, body, in_order(source, found))


def in_order(source: Source, found: list[Malformed]) -> tuple[Problem, ...]:
    """Problems by position; each place and summary once, and no more than a reader can use."""
    unique = {(fault.offset, fault.summary): fault for fault in reversed(found)}
    ordered = sorted(unique.items(), key=lambda item: item[0])
    return told(
        Problem(source.line(offset), summary, fault.detail, summary not in _WARNINGS)
        for (offset, summary), fault in ordered
    )


def told(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems, and in place of those that are too many their number."""
    rest = iter(problems)
    first = tuple(islice(rest, MAX_PROBLEMS))
    more = sum(1 for _ in rest)
    if not more:
        return first
    detail = f"{more:,} more problems are not told."
    return (*first, Problem(first[-1].line, "Too many problems", detail, error=False))


def _attempt(tokens: Tokens, body: Body) -> tuple[Malformed | None, list[Malformed]]:
    """Read into `body`: the fault that ended the reading, if any, and the others before it."""
    parser = FileParser(tokens)
    try:
        parser.body(body, EOF, 0)
    except Malformed as fault:
        return fault, [p for p in parser.problems if p.offset < fault.offset]
    except RecursionError:
        return Malformed(parser.spans[parser.at][0], *TOO_DEEP), []
    return None, parser.problems


def _salvage(text: str, body: Body) -> list[Malformed]:
    """Read each piece of a broken file alone. The first broken piece has the fault that is known already."""
    cuts = [0, *_cuts(text), len(text)]
    found: list[Malformed] = []
    broken = 0
    for start, end in pairwise(cuts):
        piece = Body()
        failure, faults = _attempt(tokenize(text, start, end), piece)
        found += faults
        if failure is not None:
            broken += 1
            if broken > 1:
                found.append(failure)
            _repair(text, start, end, piece)
        body.blocks += piece.blocks
        if broken >= MAX_BROKEN:
            break
    return found


def _cuts(text: str) -> Iterator[int]:
    """Where top-level blocks seem to begin; what stands in a heredoc does not count."""
    markers: dict[str, list[int]] = {}
    for match in _MARKER.finditer(text):
        markers.setdefault(match[1], []).append(match.start())
    skipped = 0
    heredocs = _HEREDOC.finditer(text)
    heredoc = next(heredocs, None)
    for header in _HEADER.finditer(text):
        while heredoc is not None and heredoc.end() < header.start():
            if heredoc.start() >= skipped and not heredoc[0].lstrip().startswith(("#", "//")):
                ends = markers.get(heredoc[1], [])
                index = bisect_left(ends, heredoc.end())
                skipped = ends[index] if index < len(ends) else skipped
            heredoc = next(heredocs, None)
        if header.start() >= skipped:
            yield header.start()


def _repair(text: str, start: int, end: int, piece: Body) -> None:
    """Add what can be read of a piece's block beside the fault."""
    if not piece.blocks and (block := _loose_block(text, start)):
        piece.blocks.append(block)
    block = piece.blocks[-1] if piece.blocks else None
    if block is None or block.type not in LABELS:
        return
    items = list(_ITEM.finditer(text, block.start, end))
    items = [item for item in items if item[1] == items[0][1]]
    ends = [item.start() for item in items[1:]]
    read = {inner.start for inner in block.body.blocks}
    for item, stop in zip(items, [*ends, end], strict=False):
        if item[2] not in block.body.attributes and item.start(2) not in read:
            _repair_item(text, item, stop, block.body)


def _loose_block(text: str, start: int) -> Block | None:
    """The block whose header is at `start`, with a bracket or a quote missing; None when it is not clear."""
    header = _LOOSE_HEADER.match(text, start)
    labels = _WORD.findall(header[2]) if header else []
    if header is None or len(labels) != LABELS[header[1]]:
        return None
    return Block(header[1], labels, start, Body())


def _repair_item(text: str, item: re.Match[str], stop: int, body: Body) -> None:
    """Read one argument or nested block alone. An argument that cannot be read is kept as one that is there."""
    start = item.start(2)
    parser = FileParser(tokenize(text, start, stop))
    try:
        if item[3] == "=":
            parser.attribute(body)
        else:
            parser.block(body)
    except (Malformed, RecursionError):
        if item[3] == "=":
            body.attributes[item[2]] = Attribute(item[2], start, Leaf(BAD, item.end(), item.end()))
