"""Type expressions: to cty JSON, to a table of attributes, and default values converted to them.

cty JSON is the notation of the docs API: "string", ["list", T], ["object", {name: T}, [names of optional attributes]].
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from builder.schema.hcl.evaluate import NotLiteral, evaluate, key_of, text_of
from builder.schema.hcl.expressions import ExpressionParser
from builder.schema.hcl.lexer import EOF, ID, STR, literal, tokenize
from builder.schema.hcl.tree import (
    Call,
    Constant,
    Expression,
    Leaf,
    Malformed,
    Object,
    Tuple,
    Value,
)

_PRIMITIVES = {"string": "string", "number": "number", "bool": "bool", "any": "dynamic"}
_COLLECTIONS = frozenset(("list", "map", "set"))


class NotType(Exception):  # noqa: N818 - caught where a type was asked for
    """The expression is not a type constraint."""

    def __init__(self, offset: int) -> None:
        super().__init__("Invalid type specification")
        self.offset = offset


@dataclass(slots=True)
class Type:
    """A type. `name` is the constructor or the primitive in cty's words; `inner` what a collection or tuple holds."""

    name: str
    inner: list[Type] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)  # of an object, in source order

    def cty(self) -> object:
        """The type as cty JSON."""
        if self.name == "object":
            optional = sorted(member.name for member in self.members if member.optional)
            members = sorted(self.members, key=lambda member: member.name)
            body: list[object] = ["object", {member.name: member.type.cty() for member in members}]
            return [*body, optional] if optional else body
        if self.name == "tuple":
            return ["tuple", [item.cty() for item in self.inner]]
        return [self.name, self.inner[0].cty()] if self.inner else self.name

    def label(self) -> str:
        """The type in short: object types by that word alone."""
        if self.name == "tuple":
            return f"tuple([{', '.join(item.label() for item in self.inner)}])"
        if self.inner:
            return f"{self.name}({self.inner[0].label()})"
        return "any" if self.name == "dynamic" else self.name


@dataclass(slots=True)
class Member:
    """An attribute of an object type; its expressions for those who show them."""

    name: str
    type: Type
    key: Expression
    value: Expression  # without optional()
    end: int  # where the whole item ends
    optional: bool = False
    default: Expression | None = None


def expression_of(text: str) -> tuple[str, Expression]:
    """A text that is an expression by itself, as source and node. Raises Malformed."""
    parser = ExpressionParser(tokenize(text, line_ends=False))
    node = parser.expression()
    if parser.kinds[parser.at] != EOF or parser.problems:
        raise parser.fault(parser.at, "Extra characters after expression")
    return text, node


def type_of(text: str, node: Expression) -> Type:
    """The type that the expression names. Raises NotType."""
    if isinstance(node, Leaf) and node.kind == ID:
        return _named(text[node.start : node.end], node)
    if isinstance(node, Call) and not node.expand and len(node.arguments) == 1:
        return _constructed(text, node)
    if (quoted := quoted_text(text, node)) is not None:
        try:
            return type_of(*expression_of(quoted))
        except (Malformed, NotType, RecursionError):
            raise NotType(node.start) from None
    raise NotType(node.start)


def quoted_text(text: str, node: Expression) -> str | None:
    """The string that a type was written as before version 0.12, or in JSON syntax."""
    if isinstance(node, Leaf) and node.kind == STR:
        return literal(text[node.start + 1 : node.end - 1], quoted=True)
    if isinstance(node, Constant) and isinstance(node.value, str):
        return node.value
    return None


def _named(name: str, node: Expression) -> Type:
    if name in _PRIMITIVES:
        return Type(_PRIMITIVES[name])
    if name in _COLLECTIONS:
        return Type(name, [Type("dynamic")])
    raise NotType(node.start)


def _constructed(text: str, node: Call) -> Type:
    argument = node.arguments[0]
    if node.name in _COLLECTIONS:
        return Type(node.name, [type_of(text, argument)])
    if node.name == "tuple" and isinstance(argument, Tuple):
        return Type("tuple", [type_of(text, item) for item in argument.items])
    if node.name == "object" and isinstance(argument, Object):
        return Type("object", members=[_member(text, *item) for item in argument.items])
    raise NotType(node.start)


def _member(text: str, key: Expression, value: Expression) -> Member:
    try:
        name = key_of(text, key)
    except NotLiteral:
        raise NotType(key.start) from None
    end = value.end
    if not (isinstance(value, Call) and value.name == "optional" and value.arguments):
        return Member(name, type_of(text, value), key, value, end)
    inner, *default = value.arguments
    if len(default) > 1:
        raise NotType(value.start)
    return Member(
        name, type_of(text, inner), key, inner, end, True, default[0] if default else None
    )


# -- the table of attributes


def objects_in(type_: Type) -> Iterator[Type]:
    """The object types that a value of this type is made of, collections looked through."""
    if type_.name == "object":
        yield type_
    else:
        for inner in type_.inner:
            yield from objects_in(inner)


_BEHIND = re.compile(r"[ \t]*+,?[ \t]*+(?:#|//)([^\n]*+)")
_LEADER = re.compile(r"^[ \t]*+(?:#+|//+)[ \t]?", re.MULTILINE)
_COMMENT_REACH = 4000  # characters that are searched for comments above a line


def comment_of(text: str, member: Member) -> str:
    """The comment that describes an attribute: behind it on its line, or on the lines above it."""
    if behind := _BEHIND.match(text, member.end):
        return behind[1].strip().lstrip("#/").strip()
    start = member.key.start
    lines = text[max(0, start - _COMMENT_REACH) : start].split("\n")
    above: list[str] = []
    while len(lines) > 1 and _LEADER.match(lines[-2]) and not lines[-1].strip():
        above.insert(0, _LEADER.sub("", lines[-2]).strip())
        lines = [*lines[:-2], ""]
    return " ".join(filter(None, above))


# -- conversion


def converted(text: str, value: Value, type_: Type) -> Value:
    """A default converted to its type as the language does: scalars to each other, and literal defaults of optional
    attributes filled in. What cannot be converted stays as it is."""
    if type_.name in ("string", "number", "bool"):
        return _scalar(value, type_.name)
    if isinstance(value, list):
        kinds = type_.inner * len(value) if type_.name in ("list", "set") else type_.inner
        if type_.name in ("list", "set", "tuple") and len(kinds) == len(value):
            return [converted(text, item, kind) for item, kind in zip(value, kinds, strict=True)]
    if isinstance(value, dict) and type_.name == "map":
        return {key: converted(text, item, type_.inner[0]) for key, item in value.items()}
    if isinstance(value, dict) and type_.name == "object":
        return _filled(text, value, type_)
    return value


def _scalar(value: Value, kind: str) -> Value:
    if kind == "string" and (found := text_of(value)) is not None:
        return found
    if kind == "bool" and isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value, value)
    if kind == "number" and isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    return value


_NUMBER = re.compile(r"-?[0-9]{1,100}+(?:\.[0-9]{1,100}+)?+")


def _filled(text: str, value: dict[str, Value], type_: Type) -> Value:
    """An object with its attributes converted; absent optional ones get their default, or null."""
    found: dict[str, Value] = {}
    for member in type_.members:
        item = value.get(member.name)
        if item is None and member.default is not None:
            try:
                item = evaluate(text, member.default)
            except NotLiteral:
                item = None
        if member.name in value or member.optional:
            found[member.name] = converted(text, item, member.type)
    return found
