"""The syntax tree. Nodes keep offsets into their source; text is cut out only where somebody asks for it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal


class Malformed(Exception):  # noqa: N818 - caught inside the reader, where it becomes a problem
    """The text cannot be read from `offset` on. `summary` is what the language's own tools call it."""

    def __init__(self, offset: int, summary: str, detail: str = "") -> None:
        super().__init__(summary)
        self.offset = offset
        self.summary = summary
        self.detail = detail


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something odd in a source: its line (1-based), what it is called, what it means, and whether it is an error."""

    line: int
    summary: str
    detail: str = ""
    error: bool = True


@dataclass(slots=True)
class Source:
    """One text with the line of every offset. `first` is the line that the text begins with."""

    text: str
    first: int = 1
    _ends: list[int] | None = None

    def line(self, offset: int) -> int:
        """The line of this offset."""
        if self._ends is None:
            self._ends = [i for i, character in enumerate(self.text) if character == "\n"]
        return self.first + bisect_right(self._ends, offset - 1)


@dataclass(slots=True)
class Leaf:
    """A number (`num`), a quoted string without templates (`str`), a name (`id`) or names joined by dots (`trav`)."""

    kind: str
    start: int
    end: int


@dataclass(slots=True)
class Constant:
    """A value of JSON syntax."""

    start: int
    end: int
    value: Value


@dataclass(slots=True)
class Text:
    """A literal piece of a template."""

    start: int
    end: int


@dataclass(slots=True)
class Sequence:
    """`${…}` or `%{…}` in a template. `keyword` is "" for an interpolation, else the directive's."""

    start: int
    end: int
    value: Expression | None
    keyword: str = ""
    trim_before: bool = False
    trim_after: bool = False


@dataclass(slots=True)
class Template:
    """A quoted string with sequences, or a heredoc; `opener` is `"`, `<<` or `<<-`."""

    start: int
    end: int
    opener: str
    parts: list[Text | Sequence]


@dataclass(slots=True)
class Tuple:
    start: int
    end: int
    items: list[Expression]


@dataclass(slots=True)
class Object:
    start: int
    end: int
    items: list[tuple[Expression, Expression]]


@dataclass(slots=True)
class For:
    """`[for …]` or `{for …}`: `parts` are collection, key, value and condition, in source order."""

    start: int
    end: int
    parts: list[Expression]


@dataclass(slots=True)
class Call:
    start: int
    end: int
    name: str
    arguments: list[Expression]
    expand: bool


@dataclass(slots=True)
class Paren:
    start: int
    end: int
    inner: Expression


@dataclass(slots=True)
class Unary:
    start: int
    end: int
    operator: str
    operand: Expression


@dataclass(slots=True)
class Binary:
    """Operands joined by operators of one precedence, from left to right."""

    start: int
    end: int
    operands: list[Expression]
    operators: list[str]


@dataclass(slots=True)
class Conditional:
    start: int
    end: int
    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(slots=True)
class Path:
    """Steps from a value: a name (`.name`, `.*` too), an index expression (`[…]`) or None for `[*]`."""

    start: int
    end: int
    base: Expression
    steps: list[str | Expression | None]


Expression = (
    Leaf
    | Constant
    | Template
    | Tuple
    | Object
    | For
    | Call
    | Paren
    | Unary
    | Binary
    | Conditional
    | Path
)
Value = Decimal | str | bool | list["Value"] | dict[str, "Value"] | None


@dataclass(slots=True)
class Attribute:
    """`name = value`. `start` is the offset of the name."""

    name: str
    start: int
    value: Expression


@dataclass(slots=True)
class Body:
    """What is between the braces of a block, or a whole file."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """`type "label" {…}`. `start` is the offset of the type; in JSON syntax, of the opening brace."""

    type: str
    labels: list[str]
    start: int
    body: Body


@dataclass(slots=True)
class Document:
    """A file that was read: what was understood of it, and its problems in order of position."""

    source: Source
    body: Body
    problems: tuple[Problem, ...] = ()
