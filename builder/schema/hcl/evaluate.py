"""Literal expressions to values, as the language would work them out where no variable is known.

Numbers are exact decimals to 154 digits (512 bits, as in the language), strings are in Unicode's NFC, keys are strings.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from decimal import Context, Decimal, DecimalException, localcontext

from builder.schema.hcl.lexer import BAD, ID, NUM, OQUOTE, STR, literal
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
    Sequence,
    Template,
    Text,
    Tuple,
    Unary,
    Value,
)

_PLAIN_DIGITS = 200  # a number with more digits than this is written with an exponent
_CONTEXT = Context(prec=154, Emax=100_000, Emin=-100_000)
_LINE = re.compile(r"[^\n]*+\n|[^\n]++")
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}


class NotLiteral(Exception):  # noqa: N818 - caught where a value was asked for
    """The expression has no value of its own. `error`: the language forbids it here; else it is only not worked out."""

    def __init__(self, offset: int, summary: str, *, error: bool = False) -> None:
        super().__init__(summary)
        self.offset = offset
        self.summary = summary
        self.error = error


def evaluate(text: str, node: Expression) -> Value:
    """The value of a literal expression. Raises NotLiteral when it is none."""
    try:
        with localcontext(_CONTEXT):
            return _value(text, node)
    except RecursionError:
        raise NotLiteral(node.start, "Configuration nested too deeply") from None
    except DecimalException:
        raise NotLiteral(node.start, "Number out of range") from None


def number_text(number: Decimal) -> str:
    """A number as JSON: plain digits where they are not too many."""
    if number == number.to_integral_value() and number.adjusted() < _PLAIN_DIGITS:
        return str(int(number))
    short = number.normalize(_CONTEXT)
    plain = -_PLAIN_DIGITS < short.adjusted() < _PLAIN_DIGITS
    return f"{short:f}" if plain else str(short).replace("E+", "e").replace("E", "e")


def dump(value: Value) -> str:
    """A value as compact JSON, keys sorted, numbers exact."""
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, list):
        return f"[{','.join(map(dump, value))}]"
    if isinstance(value, dict):
        items = ",".join(f"{quote(k)}:{dump(v)}" for k, v in sorted(value.items()))
        return f"{{{items}}}"
    return quote(value)


def quote(value: str | bool | None) -> str:
    """A string, bool or null as JSON."""
    return json.dumps(value, ensure_ascii=False)


def text_of(value: Value) -> str | None:
    """A scalar as the language converts it to a string; None for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    return value if isinstance(value, str) else None


def _value(text: str, node: Expression) -> Value:
    return _VALUES.get(type(node), _declined)(text, node)


def _leaf(text: str, node: Leaf) -> Value:
    word = text[node.start : node.end]
    if node.kind == STR:
        return unicodedata.normalize("NFC", literal(word[1:-1], quoted=True))
    if node.kind == NUM:
        return number(word, node.start)
    if node.kind == ID and word in _WORDS:
        return _WORDS[word]
    if node.kind == BAD:
        raise NotLiteral(node.start, "")
    raise NotLiteral(node.start, "Variables not allowed", error=True)


def number(word: str, offset: int) -> Decimal:
    """The number written as `word`. Raises NotLiteral when it is too large to be worked out."""
    try:
        found = Decimal(word)
    except DecimalException:
        raise NotLiteral(offset, "Invalid number literal") from None
    if abs(found.adjusted()) > 10_000:
        raise NotLiteral(offset, "Number out of range")
    return found


def _constant(_: str, node: Constant) -> Value:
    return node.value


def _tuple(text: str, node: Tuple) -> Value:
    return [_value(text, item) for item in node.items]


def _object(text: str, node: Object) -> Value:
    found: dict[str, Value] = {}
    for key, item in node.items:
        found[key_of(text, key)] = _value(text, item)
    return found


def key_of(text: str, node: Expression) -> str:
    """The key that an object's item is under: a bare name stands for itself."""
    if isinstance(node, Leaf) and node.kind == ID:
        return unicodedata.normalize("NFC", text[node.start : node.end])
    key = text_of(_value(text, node))
    if key is None:
        raise NotLiteral(node.start, "Incorrect key type", error=True)
    return key


def _paren(text: str, node: Paren) -> Value:
    return _value(text, node.inner)


def _unary(text: str, node: Unary) -> Value:
    operand = _value(text, node.operand)
    if node.operator == "-":
        return -_number(operand, node.operand)
    return not _boolean(operand, node.operand)


def _number(value: Value, node: Expression) -> Decimal:
    if isinstance(value, str) and _NUMERIC.fullmatch(value):
        return number(value, node.start)
    if isinstance(value, Decimal):
        return value
    raise NotLiteral(node.start, "Invalid operand", error=True)


_NUMERIC = re.compile(r"-?[0-9]++(?:\.[0-9]*+)?+(?:[eE][+-]?[0-9]{1,4}+)?+")


def _boolean(value: Value, node: Expression) -> bool:
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value)
    if isinstance(value, bool):
        return value
    raise NotLiteral(node.start, "Invalid operand", error=True)


_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Value]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


def _binary(text: str, node: Binary) -> Value:
    found = _value(text, node.operands[0])
    for operator, operand in zip(node.operators, node.operands[1:], strict=True):
        found = _apply(operator, found, _value(text, operand), node)
    return found


def _apply(operator: str, left: Value, right: Value, node: Binary) -> Value:
    if operator in ("&&", "||"):
        sides = _boolean(left, node), _boolean(right, node)
        return all(sides) if operator == "&&" else any(sides)
    if operator in ("==", "!="):
        if type(left) is not type(right) or isinstance(left, list | dict):
            raise NotLiteral(node.start, "Values of different types are not compared")
        return (left == right) is (operator == "==")
    if operator in ("/", "%") and right == 0:
        raise NotLiteral(node.start, "Division by zero", error=operator == "/")
    return _ARITHMETIC[operator](_number(left, node), _number(right, node))


def _conditional(text: str, node: Conditional) -> Value:
    condition = _boolean(_value(text, node.condition), node.condition)
    then, otherwise = _value(text, node.then), _value(text, node.otherwise)
    if type(then) is not type(otherwise) or isinstance(then, list | dict):
        raise NotLiteral(node.start, "A conditional over different types is not worked out")
    return then if condition else otherwise


def _path(text: str, node: Path) -> Value:
    found = _value(text, node.base)
    for step in node.steps:
        if step is None or step == "*":
            raise NotLiteral(node.start, "A splat is not worked out")
        key = step if isinstance(step, str) else _value(text, step)
        found = _element(found, key, node)
    return found


def _element(value: Value, key: Value, node: Path) -> Value:
    if isinstance(value, dict) and (name := text_of(key)) is not None and name in value:
        return value[name]
    if isinstance(value, list):
        index = _number(key, node)
        if index == int(index) and 0 <= index < len(value):
            return value[int(index)]
    raise NotLiteral(node.start, "Invalid index", error=True)


def _call(_: str, node: Call) -> Value:
    raise NotLiteral(node.start, "Function calls not allowed", error=True)


def _declined(_: str, node: Expression) -> Value:
    raise NotLiteral(node.start, "The expression is not worked out")


def _template(text: str, node: Template) -> Value:
    pieces = flushed(text, node) if node.opener == "<<-" else raw_pieces(text, node)
    _trim(pieces)
    if len(pieces) == 1 and isinstance(pieces[0], Sequence) and not pieces[0].keyword:
        return _value(text, _inside(pieces[0]))  # "${value}" is the value itself
    return unicodedata.normalize("NFC", "".join(_rendered(text, piece) for piece in pieces))


def _inside(part: Sequence) -> Expression:
    if part.keyword or part.value is None:
        raise NotLiteral(part.start, "Directives are not worked out")
    return part.value


def _rendered(text: str, piece: str | Sequence) -> str:
    if isinstance(piece, str):
        return piece
    found = text_of(_value(text, _inside(piece)))
    if found is None:
        raise NotLiteral(piece.start, "Invalid template interpolation value", error=True)
    return found


def raw_pieces(text: str, node: Template) -> list[str | Sequence]:
    """The literal pieces of a template as characters, and its sequences."""
    quoted = node.opener == OQUOTE
    return [
        literal(text[part.start : part.end], quoted=quoted) if isinstance(part, Text) else part
        for part in node.parts
    ]


def flushed(text: str, node: Template) -> list[str | Sequence]:
    """The pieces of a `<<-` heredoc without the indentation that all its lines share."""
    lines: list[str | Sequence] = []
    for piece in raw_pieces(text, node):
        lines += _LINE.findall(piece) if isinstance(piece, str) else [piece]
    starts: list[int] = []
    least: int | None = None
    begins = True
    for index, piece in enumerate(lines):
        if begins:
            indent = 0
            if isinstance(piece, str):
                stripped = piece.lstrip()
                if not stripped and piece.endswith("\n"):
                    continue
                indent = len(piece) - len(stripped)
                starts.append(index)
            least = indent if least is None else min(least, indent)
        begins = isinstance(piece, str) and piece.endswith("\n")
    for index in starts:
        line = lines[index]
        if isinstance(line, str):
            lines[index] = line[least or 0 :]
    return lines


def _trim(pieces: list[str | Sequence]) -> None:
    """Remove the white space that `~` markers ask to be removed."""
    for index, piece in enumerate(pieces):
        if not isinstance(piece, Sequence):
            continue
        before = pieces[index - 1] if index else None
        if piece.trim_before and isinstance(before, str):
            pieces[index - 1] = before.rstrip()
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        if piece.trim_after and isinstance(after, str):
            pieces[index + 1] = after.lstrip()


_VALUES: dict[type, Callable[..., Value]] = {
    Leaf: _leaf,
    Constant: _constant,
    Template: _template,
    Tuple: _tuple,
    Object: _object,
    Paren: _paren,
    Unary: _unary,
    Binary: _binary,
    Conditional: _conditional,
    Path: _path,
    Call: _call,
}
