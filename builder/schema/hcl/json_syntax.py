"""JSON syntax: `.tf.json` to the same tree. The standard library's reader knows no positions, so this is our own.

Containers join their parent before their content is read: a file with a fault keeps what came before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal

from builder.schema.hcl.lexer import MAX_DEPTH, TOO_DEEP
from builder.schema.hcl.reader import LABELS, in_order
from builder.schema.hcl.tree import (
    Attribute,
    Block,
    Body,
    Constant,
    Document,
    Expression,
    Malformed,
    Object,
    Source,
    Tuple,
)

_TOKEN = re.compile(
    r"""[ \t\r\n]*+(?:
    ([{}\[\],:=])
    |("(?:[^"\\\x00-\x1f]++|\\[^\x00-\x1f])*+"?)
    |([-+.0-9][-+.eE0-9]*+)
    |([A-Za-z][A-Za-z_]*+)
    |(\Z)
    |(.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_SYMBOL, _STRING, _NUMBER, _KEYWORD, _END, _OTHER = range(1, 7)
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]{1,4}+)?+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_KEYWORDS = {"true": True, "false": False, "null": None}
_NESTED = {"terraform": ("required_providers",), "variable": ("validation",)}


def read_json(text: str) -> Document:
    """The document in JSON syntax. Never raises; what is wrong is in its problems."""
    source = Source(text)
    reader = _Reader(text)
    faults: list[Malformed] = []
    try:
        reader.value(reader.top.items.append)
        if reader.kind != _END:
            raise reader.fault("Extraneous data after value")
    except Malformed as fault:
        faults.append(fault)
    body = Body()
    roots = reader.top.items[:1]
    if roots and not isinstance(roots[0], Object | Tuple) and not faults:
        detail = "A file in JSON syntax is an object, or an array of objects."
        faults.append(Malformed(roots[0].start, "Root value must be object", detail))
    for root in _objects(roots[0]) if roots else []:
        _fill(body, root, tuple(LABELS))
    return Document(source, body, in_order(source, faults))


class _Reader:
    """Reads values one after the other; `kind`, `word` and `start` are the next token's."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.top = Tuple(0, len(text), [])
        self.end = 0
        self.depth = 0
        self.next()

    def next(self) -> None:
        match = _TOKEN.match(self.text, self.end)
        assert match is not None  # some group matches everything
        self.kind = match.lastindex or _OTHER
        self.word = match[self.kind]
        self.start, self.end = match.start(self.kind), match.end()

    def fault(self, summary: str, detail: str = "") -> Malformed:
        return Malformed(self.start, summary, detail)

    def value(self, add: Callable[[Expression], object]) -> None:
        """The next value. It is added before its content is read."""
        start, word, kind = self.start, self.word, self.kind
        if kind == _SYMBOL and word in "{[":
            node = Object(start, start, []) if word == "{" else Tuple(start, start, [])
            add(node)
            self.container(node)
            return
        add(Constant(start, self.end, self.scalar()))
        self.next()

    def scalar(self) -> str | Decimal | bool | None:
        if self.kind == _STRING:
            return self.string()
        if self.kind == _NUMBER:
            if not _JSON_NUMBER.fullmatch(self.word):
                raise self.fault("Invalid JSON number")
            return Decimal(self.word)
        if self.kind == _KEYWORD:
            if self.word not in _KEYWORDS:
                raise self.fault("Invalid JSON keyword", f"{self.word[:50]} is no keyword of JSON.")
            return _KEYWORDS[self.word]
        named = {"}": "Missing JSON value", "]": "Missing array element value"}
        summary = "Missing value" if self.kind == _END else named.get(self.word)
        raise self.fault(summary or "Invalid start of value", "A JSON value is expected here.")

    def string(self) -> str:
        try:
            found = json.loads(self.word)
        except ValueError:
            raise self.fault("Invalid JSON string") from None
        return _SURROGATE.sub("\ufffd", str(found))

    def container(self, node: Object | Tuple) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fault(*TOO_DEEP)
        self.next()
        closer = "}" if isinstance(node, Object) else "]"
        while not (self.kind == _SYMBOL and self.word == closer):
            if isinstance(node, Object):
                self.property(node)
            else:
                self.value(node.items.append)
            self.separator(node, closer)
        node.end = self.end
        self.depth -= 1
        self.next()

    def property(self, node: Object) -> None:
        start, end = self.start, self.end
        name = self.scalar()
        if not isinstance(name, str):
            raise self.fault("Invalid object property name")
        self.next()
        if self.word != ":" or self.kind != _SYMBOL:
            missing = self.kind == _SYMBOL and self.word in "},"
            summary = "Missing object value" if missing else "Missing property value colon"
            raise self.fault(summary, "A colon and a value are expected here.")
        self.next()
        key = Constant(start, end, name)
        self.value(lambda value: node.items.append((key, value)))

    def separator(self, node: Object | Tuple, closer: str) -> None:
        what = "object" if closer == "}" else "array"
        if self.kind == _END:
            raise Malformed(node.start, "Unclosed object", f"This {what} is not closed.")
        if self.kind != _SYMBOL or self.word not in (",", closer):
            if self.kind == _SYMBOL and self.word in "}]":
                raise self.fault("Mismatched brackets" if closer == "]" else "Mismatched braces")
            raise self.fault("Missing attribute seperator comma")
        if self.word == ",":
            comma = self.start
            self.next()
            if self.kind == _SYMBOL and self.word == closer:
                raise Malformed(comma, f"Trailing comma in {what}", "JSON has no trailing commas.")


# -- values to blocks


def _objects(node: Expression) -> list[Object]:
    """The node as objects: itself, or those of the array it is."""
    if isinstance(node, Object):
        return [node]
    return (
        [item for item in node.items if isinstance(item, Object)] if isinstance(node, Tuple) else []
    )


def _name(key: Expression) -> str:
    return str(key.value) if isinstance(key, Constant) else ""


def _fill(body: Body, node: Object, block_types: tuple[str, ...]) -> None:
    """The properties of an object as blocks of these types, and as arguments."""
    for key, value in node.items:
        name = _name(key)
        if name in block_types:
            _add_blocks(body, name, [], value, LABELS.get(name, 0))
        elif name != "//":
            body.attributes[name] = Attribute(name, key.start, value)


def _add_blocks(body: Body, kind: str, labels: list[str], node: Expression, missing: int) -> None:
    """The blocks that a value stands for: an object for each label, arrays of objects at any level."""
    for found in _objects(node):
        if missing:
            for key, value in found.items:
                if _name(key) != "//":
                    _add_blocks(body, kind, [*labels, _name(key)], value, missing - 1)
            continue
        block = Block(kind, labels, found.start, Body())
        body.blocks.append(block)
        _fill(block.body, found, _NESTED.get(kind, ()))
