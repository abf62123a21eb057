"""SPDX license expressions: ids joined by AND, OR and WITH, with brackets (SPDX specification, annex on expressions)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_TOKEN = re.compile(r"\s*(\(|\)|[A-Za-z0-9.:+-]+)")
_MAX_TOKENS = 100
_JOINS = {"and", "or", "with"}


class ExpressionError(ValueError):
    """The text is not an SPDX expression; the message says where it stops to be one."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: an id (with its exception), or a join of several."""

    spdx: str = ""
    join: str = ""  # "AND" or "OR"
    parts: tuple[Expression, ...] = ()

    def allowed(self, allows: Callable[[str], bool]) -> bool:
        """With OR one allowed branch is enough, with AND all must be. An id with an exception counts as the id."""
        if not self.parts:
            return allows(self.spdx)
        verdicts = [part.allowed(allows) for part in self.parts]
        return any(verdicts) if self.join == "OR" else all(verdicts)


def parse_expression(text: str) -> Expression:
    """The expression. Raises ExpressionError."""
    tokens = _tokens(text)
    expression, rest = _joined(tokens, "OR")
    if rest:
        raise ExpressionError(f"unexpected {rest[0]!r}")
    return expression


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    place = 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or len(tokens) >= _MAX_TOKENS:
            raise ExpressionError(f"cannot be read from {text[place : place + 20]!r} on")
        tokens.append(match.group(1))
        place = match.end()
    return tokens


def _joined(tokens: list[str], join: str) -> tuple[Expression, list[str]]:
    """Operands of OR are joins of AND, operands of AND are single ones."""
    parts: list[Expression] = []
    rest = tokens
    while True:
        part, rest = _joined(rest, "AND") if join == "OR" else _single(rest)
        parts.append(part)
        if not rest or rest[0].upper() != join:
            break
        rest = rest[1:]
    return (parts[0] if len(parts) == 1 else Expression(join=join, parts=tuple(parts))), rest


def _single(tokens: list[str]) -> tuple[Expression, list[str]]:
    if not tokens:
        raise ExpressionError("ends too early")
    head, *rest = tokens
    if head == "(":
        inner, rest = _joined(rest, "OR")
        if not rest or rest[0] != ")":
            raise ExpressionError("a bracket is not closed")
        return inner, rest[1:]
    if head == ")" or head.lower() in _JOINS:
        raise ExpressionError(f"unexpected {head!r}")
    if len(rest) > 1 and rest[0].upper() == "WITH" and rest[1] not in {"(", ")"}:
        return Expression(spdx=head), rest[2:]
    return Expression(spdx=head), rest
