"""Expressions in canonical form: one spelling for equal expressions, for search, tables and diffs between versions.

On one line where it fits; else objects and tuples are broken, outermost first, two blanks a level, `=` aligned.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from builder.schema.hcl.evaluate import number_text, quote
from builder.schema.hcl.tree import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    Object,
    Paren,
    Path,
    Template,
    Tuple,
    Unary,
)

WIDTH = 80  # columns
_INDENT = 2
_COMMENT = re.compile(r'"(?:[^"\\\n]++|\\.)*+"|((?:#|//)[^\n]*+|/\*.*?\*/)', re.DOTALL)
_BLANKS = re.compile(r"\s+")
_NAME = re.compile(r"[^\W\d][\w-]*+")


def canonical(text: str, node: Expression) -> str:
    """The expression in canonical form."""
    try:
        return _broken(text, node, 0, 0)
    except RecursionError:
        return text[node.start : node.end]


def collapsed(text: str) -> str:
    """The text with each run of white space as one blank."""
    return _BLANKS.sub(" ", text).strip()


def has_comment(text: str, node: Expression) -> bool:
    """Whether a comment is written inside the expression."""
    found = _COMMENT.finditer(text, node.start, node.end)
    return any(match[1] is not None for match in found)


def as_written(text: str, node: Expression) -> str:
    """The slice of the source, line ends as \\n, lines after the first without the indentation they share."""
    first, *others = text[node.start : node.end].replace("\r\n", "\n").split("\n")
    indents = [len(line) - len(line.lstrip()) for line in others if line.strip()]
    least = min(indents, default=0)
    return "\n".join([first, *(line[least:] for line in others)])


class _TooLong(Exception):  # noqa: N818 - a condition, caught here
    """The line has no room for more."""


class _Line:
    """Prints on one line while there is room, so that trying costs no more than a line."""

    def __init__(self, text: str, room: float) -> None:
        self.text = text
        self.room = room

    def print(self, node: Expression) -> str:
        """The node on one line. Raises _TooLong when it is longer than the room."""
        self.take(1)
        printer = _PRINTERS.get(type(node))
        if printer is not None:
            return printer(self, node)
        self.take(node.end - node.start - 1)
        return self.text[node.start : node.end]

    def take(self, columns: int) -> None:
        self.room -= columns
        if self.room < 0:
            raise _TooLong

    def constant(self, node: Constant) -> str:
        value = node.value
        if isinstance(value, Decimal):
            printed = number_text(value)
        elif isinstance(value, str):
            printed = quote(value).replace("${", "$${").replace("%{", "%%{")
        else:
            printed = quote(value if isinstance(value, bool) else None)
        self.take(len(printed) - 1)
        return printed

    def tuple(self, node: Tuple) -> str:
        return f"[{', '.join(self.print(item) for item in node.items)}]"

    def object(self, node: Object) -> str:
        items = [f"{self.key(key)} = {self.print(value)}" for key, value in node.items]
        return f"{{ {', '.join(items)} }}" if items else "{}"

    def key(self, node: Expression) -> str:
        value = node.value if isinstance(node, Constant) else None
        if isinstance(value, str) and _NAME.fullmatch(value):
            self.take(len(value))
            return value
        return self.print(node)

    def call(self, node: Call) -> str:
        arguments = ", ".join(self.print(argument) for argument in node.arguments)
        return f"{node.name}({arguments}{'...' if node.expand else ''})"

    def binary(self, node: Binary) -> str:
        pieces = [self.print(node.operands[0])]
        for operator, operand in zip(node.operators, node.operands[1:], strict=True):
            pieces += [operator, self.print(operand)]
        return " ".join(pieces)

    def conditional(self, node: Conditional) -> str:
        sides = (self.print(side) for side in (node.condition, node.then, node.otherwise))
        return "{} ? {} : {}".format(*sides)

    def path(self, node: Path) -> str:
        pieces = [self.print(node.base)]
        for step in node.steps:
            if isinstance(step, str):
                self.take(len(step))
                pieces.append(f".{step}")
            else:
                pieces.append("[*]" if step is None else f"[{self.print(step)}]")
        return "".join(pieces)

    def paren(self, node: Paren) -> str:
        return f"({self.print(node.inner)})"

    def unary(self, node: Unary) -> str:
        return f"{node.operator}{self.print(node.operand)}"


_PRINTERS: dict[type, Callable[..., str]] = {
    Constant: _Line.constant,
    Tuple: _Line.tuple,
    Object: _Line.object,
    Call: _Line.call,
    Binary: _Line.binary,
    Conditional: _Line.conditional,
    Path: _Line.path,
    Paren: _Line.paren,
    Unary: _Line.unary,
}
_ENDLESS = float("inf")


def _broken(text: str, node: Expression, indent: int, column: int) -> str:
    """The node from this column on, its further lines indented by `indent`."""
    room = WIDTH - column
    try:
        flat = _Line(text, room).print(node)
    except _TooLong:
        flat = ""
    if flat and len(flat) <= room and "\n" not in flat:
        return flat
    if isinstance(node, Call) and node.arguments and not _ends_in_heredoc(node):
        return _broken_call(text, node, indent, column)
    if isinstance(node, Object) and node.items:
        return _broken_object(text, node, indent)
    if isinstance(node, Tuple) and node.items:
        return _broken_tuple(text, node, indent)
    return _Line(text, _ENDLESS).print(node)


def _broken_call(text: str, node: Call, indent: int, column: int) -> str:
    pieces: list[str] = []
    column += len(node.name) + 1
    for argument in node.arguments:
        pieces.append(_broken(text, argument, indent, column))
        column = indent + len(pieces[-1].rpartition("\n")[2]) + 2
    return f"{node.name}({', '.join(pieces)}{'...' if node.expand else ''})"


def _broken_object(text: str, node: Object, indent: int) -> str:
    pad = " " * (indent + _INDENT)
    keys = [_Line(text, _ENDLESS).key(key) for key, _ in node.items]
    width = max(len(key) for key in keys if len(key) < WIDTH) if min(map(len, keys)) < WIDTH else 0
    lines = []
    for key, (_, value) in zip(keys, node.items, strict=True):
        head = f"{pad}{key:{width}} = "
        lines.append(head + _broken(text, value, indent + _INDENT, len(head)))
    return "\n".join(["{", *lines, " " * indent + "}"])


def _broken_tuple(text: str, node: Tuple, indent: int) -> str:
    pad = " " * (indent + _INDENT)
    lines = ["["]
    for index, item in enumerate(node.items, 1):
        lines.append(pad + _broken(text, item, indent + _INDENT, len(pad)))
        if index < len(node.items):
            lines[-1] += f"\n{pad}," if _ends_in_heredoc(item) else ","
    return "\n".join([*lines, " " * indent + "]"])


def _ends_in_heredoc(node: Expression) -> bool:
    """Whether a heredoc in it forbids that something follows on its last line."""
    if isinstance(node, Call):
        return any(_ends_in_heredoc(argument) for argument in node.arguments)
    return isinstance(node, Template) and node.opener.startswith("<<")
