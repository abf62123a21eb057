"""The type of a variable as its nouns: canonical text, text as written, cty JSON and the table of attributes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from builder.model.schema import TypeField
from builder.schema.hcl.evaluate import NotLiteral, dump, evaluate
from builder.schema.hcl.printer import as_written, canonical, collapsed, has_comment
from builder.schema.hcl.tree import Expression, Malformed
from builder.schema.hcl.types import (
    Member,
    NotType,
    Type,
    comment_of,
    expression_of,
    objects_in,
    quoted_text,
    type_of,
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A type as Variable has it; `fault` is the offset where it stops being one."""

    text: str = "any"
    source: str = ""
    cty: str = ""
    fields: tuple[TypeField, ...] = ()
    fault: int | None = None


def typed(text: str, node: Expression) -> Typed:
    """The type that an expression names."""
    start = node.start
    quoted = quoted_text(text, node)
    if quoted is not None:
        try:
            text, node = expression_of(quoted)
        except (Malformed, RecursionError):
            return Typed(collapsed(quoted), fault=start)
    printed = canonical(text, node)
    source = as_written(text, node) if has_comment(text, node) else ""
    try:
        found = type_of(text, node)
        cty = json.dumps(found.cty(), ensure_ascii=False, separators=(",", ":"))
        return Typed(printed, source, cty, tuple(_fields(text, found, ())))
    except NotType as fault:
        return Typed(printed, source, fault=fault.offset if quoted is None else start)


def _fields(text: str, type_: Type, path: tuple[str, ...]) -> Iterator[TypeField]:
    for found in objects_in(type_):
        for member in found.members:
            yield _field(text, member, (*path, member.name))
            yield from _fields(text, member.type, (*path, member.name))


def _field(text: str, member: Member, path: tuple[str, ...]) -> TypeField:
    default, source = None, ""
    if member.default is not None:
        source = canonical(text, member.default)
        try:
            value = evaluate(text, member.default)
        except NotLiteral:
            value, default = [], None
        else:
            default = dump(value)
        source = source if isinstance(value, list | dict) else ""
    return TypeField(
        path,
        member.type.label(),
        not member.optional,
        default,
        source,
        comment_of(text, member),
    )
