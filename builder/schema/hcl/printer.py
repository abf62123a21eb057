"""Expressions in canonical form: one spelling for equal expressions, for search, tables and diffs between versions.

On one line where it fits; else objects and tuples are broken, outermost first, two blanks a level, `=` aligned.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from builder.schema.hcl.evaluate import number_text, quote
from builder.schema.hcl.lexer import ID
from builder.schema.hcl.tree import (
    Binary,
    Call,
    Conditional,
    Constant,
    Expression,
    Leaf,
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


def _flat(text: str, node: Expression) -> str:
    printer = _FLAT.get(type(node))
    return printer(text, node) if printer else text[node.start : node.end]


def _constant(_: str, node: Constant) -> str:
    value = node.value
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, str):
        return quote(value).replace("${", "$${").replace("%{", "%%{")
    return quote(value if isinstance(value, bool) else None)


def _flat_tuple(text: str, node: Tuple) -> str:
    return f"[{', '.join(_flat(text, item) for item in node.items)}]"


def _flat_object(text: str, node: Object) -> str:
    items = [f"{_key(text, key)} = {_flat(text, value)}" for key, value in node.items]
    return f"{{ {', '.join(items)} }}" if items else "{}"


_NAME = re.compile(r"[^\W\d][\w-]*+")


def _key(text: str, node: Expression) -> str:
    if isinstance(node, Constant) and isinstance(node.value, str) and _NAME.fullmatch(node.value):
        return node.value
    return _flat(text, node)


def _flat_call(text: str, node: Call) -> str:
    arguments = ", ".join(_flat(text, argument) for argument in node.arguments)
    return f"{node.name}({arguments}{'...' if node.expand else ''})"


def _flat_binary(text: str, node: Binary) -> str:
    pieces = [_flat(text, node.operands[0])]
    for operator, operand in zip(node.operators, node.operands[1:], strict=True):
        pieces += [operator, _flat(text, operand)]
    return " ".join(pieces)


def _flat_conditional(text: str, node: Conditional) -> str:
    sides = (_flat(text, side) for side in (node.condition, node.then, node.otherwise))
    return "{} ? {} : {}".format(*sides)


def _flat_path(text: str, node: Path) -> str:
    base = _flat(text, node.base)
    return base + collapsed(text[node.base.end : node.end])


_FLAT: dict[type, Callable[..., str]] = {
    Constant: _constant,
    Tuple: _flat_tuple,
    Object: _flat_object,
    Call: _flat_call,
    Binary: _flat_binary,
    Conditional: _flat_conditional,
    Path: _flat_path,
    Paren: lambda text, node: f"({_flat(text, node.inner)})",
    Unary: lambda text, node: f"{node.operator}{_flat(text, node.operand)}",
}


def _broken(text: str, node: Expression, indent: int, column: int) -> str:
    """The node from this column on, its further lines indented by `indent`."""
    flat = _flat(text, node)
    if "\n" not in flat and column + len(flat) <= WIDTH:
        return flat
    if isinstance(node, Call) and node.arguments and not _ends_in_heredoc(node):
        return _broken_call(text, node, indent, column)
    if isinstance(node, Object) and node.items:
        return _broken_object(text, node, indent)
    if isinstance(node, Tuple) and node.items:
        return _broken_tuple(text, node, indent)
    return flat


def _broken_call(text: str, node: Call, indent: int, column: int) -> str:
    pieces: list[str] = []
    column += len(node.name) + 1
    for argument in node.arguments:
        pieces.append(_broken(text, argument, indent, column))
        column = indent + len(pieces[-1].rpartition("\n")[2]) + 2
    return f"{node.name}({', '.join(pieces)}{'...' if node.expand else ''})"


def _broken_object(text: str, node: Object, indent: int) -> str:
    pad = " " * (indent + _INDENT)
    keys = [_key(text, key) for key, _ in node.items]
    width = max(map(len, keys))
    lines = []
    for key, (_, value) in zip(keys, node.items, strict=True):
        head = f"{pad}{key:{width}} = "
        lines.append(head + _broken(text, value, indent + _INDENT, len(head)))
    return "\n".join(["{", *lines, " " * indent + "}"])


def _broken_tuple(text: str, node: Tuple, indent: int) -> str:
    pad = " " * (indent + _INDENT)
    lines = ["["]
    for item in node.items:
        lines.append(pad + _broken(text, item, indent + _INDENT, len(pad)))
        if item is not node.items[-1]:
            lines[-1] += f"\n{pad}," if _ends_in_heredoc(item) else ","
    return "\n".join([*lines, " " * indent + "]"])


def _ends_in_heredoc(node: Expression) -> bool:
    """Whether a heredoc in it forbids that something follows on its last line."""
    if isinstance(node, Call):
        return any(_ends_in_heredoc(argument) for argument in node.arguments)
    return isinstance(node, Template) and node.opener.startswith("<<")


def is_name(text: str, node: Expression, word: str) -> bool:
    """Whether the expression is this bare name."""
    return isinstance(node, Leaf) and node.kind == ID and text[node.start : node.end] == word
