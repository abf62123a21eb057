"""Front matter as the existing registries read it: YAML where it is YAML, line by line where it is not.

The region runs from the first line that is `---`, anywhere in the page, to the next such line or the end. YAML is read
as events and never as objects, so no type is converted (`0123`, `yes` and dates stay text), no alias is
expanded, and depth is bounded before the parser's own cost (it grows with its square) is felt. Merge keys are not
applied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

FIELDS = {"page_title": "title", "subcategory": "subcategory", "description": "description"}
MAX_DEPTH = 64  # nested collections; real front matter has three
BOM = "\ufeff"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
# The white space of Unicode (White_Space=yes). str.strip() alone would take the ASCII separators 1C-1F as well.
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
_MARKER = b"---"


class NotYaml(Exception):  # noqa: N818 - names the condition, caught in this file
    """The region is not a YAML mapping of texts. `line` counts from 0 within the region."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Region:
    """The lines between the markers. `start` is the 1-based line of the first of them; `at_top`: only blank lines and
    HTML comments come before the opening marker; `closed`: there is a second marker."""

    lines: tuple[bytes, ...] = ()
    start: int = 0
    at_top: bool = False
    closed: bool = False
    overlong: int = (
        0  # 1-based number of the line that is over the limit; then there is no front matter
    )

    @property
    def found(self) -> bool:
        """True when an opening marker was met."""
        return self.start > 0


@dataclass(slots=True)
class FrontMatter:
    """The three texts, and why the region is not YAML ("" when it is, or is not even UTF-8) with the 1-based line."""

    values: dict[str, str] = field(default_factory=dict)  # by name of our field
    fault: str = ""
    line: int = 0


def find_region(data: bytes, line_limit: int) -> Region:
    """The front matter region of a page. A line of `line_limit` bytes or more before its end makes it unusable."""
    lines: list[bytes] = []
    start, at_top, prelude = 0, False, _Prelude()
    for number, whole in enumerate(_lines(data), 1):
        if len(whole) >= line_limit:
            return Region((), start, at_top, overlong=number)
        line = whole.removesuffix(b"\r")
        if _is_marker(line):
            if start:
                return Region(tuple(lines), start, at_top, closed=True)
            start, at_top = number + 1, prelude.bare
        elif start:
            lines.append(line)
        else:
            prelude.feed(line.strip())
    return Region(tuple(lines), start, at_top)


def parse(region: Region) -> FrontMatter:
    """The texts of a region: as YAML, else line by line. Values that YAML gave before it failed are kept."""
    raw = b"\n".join(region.lines)
    front = FrontMatter()
    try:
        front.values, fault = _texts(_mapping(raw.decode("utf-8")))
        if fault is None:
            return front
        front.fault, front.line = str(fault), region.start + fault.line
    except NotYaml as error:
        front.fault, front.line = str(error), region.start + error.line
    except UnicodeDecodeError:
        pass  # a fault of the page's encoding, told as such
    front.values.update(_lenient(raw.decode("utf-8", "replace").split("\n")))
    return front


@dataclass(slots=True)
class _Prelude:
    """What comes before the opening marker. `bare`: nothing that readers would see."""

    bare: bool = True
    comment: bool = False

    def feed(self, line: bytes) -> None:
        """Take one stripped line."""
        if self.comment or line.startswith(b"<!--"):
            self.comment = b"-->" not in line
        elif line:
            self.bare = False


def _lines(data: bytes) -> Iterator[bytes]:
    """Lines without their line feed, as they are asked for: most pages need only the first few."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        yield data[start:end]
        start = end + 1


def _is_marker(line: bytes) -> bool:
    return _MARKER in line and line.decode("utf-8", "replace").strip(_SPACE) == "---"


# --- first pass: YAML -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Node:
    """A node of the document. Aliases share it, so nothing is ever expanded."""

    line: int
    scalar: str | None = None
    null: bool = False
    mapping: bool = False
    items: list[_Node] = field(default_factory=list)

    @property
    def pairs(self) -> Iterator[tuple[_Node, _Node]]:
        return zip(self.items[::2], self.items[1::2], strict=False)


def _mapping(text: str) -> _Node:
    """The top-level mapping. Raises NotYaml."""
    try:
        root = _compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise NotYaml(error.problem or str(error), mark.line if mark else 0) from error
    except yaml.YAMLError as error:
        raise NotYaml(str(error).partition("\n")[0]) from error
    if root is None or root.null:
        return _Node(0, mapping=True)
    if not root.mapping:
        raise NotYaml("it is not a mapping of keys to values", root.line)
    return root


def _compose(text: str) -> _Node | None:
    """The first document's node, None when there is none. Iterative: depth costs memory only up to MAX_DEPTH."""
    anchors: dict[str, _Node] = {}
    stack: list[_Node] = []
    root: _Node | None = None
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.DocumentEndEvent):
            break
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        if not isinstance(event, yaml.NodeEvent):
            continue
        node = _node(event, anchors)
        if stack:
            stack[-1].items.append(node)
        root = root or node
        if isinstance(event, yaml.CollectionStartEvent):
            stack.append(node)
            if len(stack) > MAX_DEPTH:
                raise NotYaml(f"it is nested more than {MAX_DEPTH} deep", node.line)
    return root


def _node(event: yaml.NodeEvent, anchors: dict[str, _Node]) -> _Node:
    line = event.start_mark.line if event.start_mark else 0
    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in anchors:
            raise NotYaml(f"alias {event.anchor!r} has no anchor", line)
        return anchors[event.anchor]
    if isinstance(event, yaml.ScalarEvent):
        plain = event.implicit[0] and event.tag is None
        node = _Node(line, event.value, null=plain and event.value in _NULLS)
    else:
        node = _Node(line, mapping=isinstance(event, yaml.MappingStartEvent))
    if event.anchor:
        anchors[event.anchor] = node
    return node


def _texts(root: _Node) -> tuple[dict[str, str], NotYaml | None]:
    """The known keys' texts and the first fault among the values. Raises NotYaml for a key that occurs twice."""
    seen: set[str] = set()
    values: dict[str, str] = {}
    fault: NotYaml | None = None
    for key, value in root.pairs:
        if key.scalar is None:
            fault = fault or NotYaml("a key is not a text", key.line)
            continue
        if key.scalar in seen:
            raise NotYaml(f"key {key.scalar!r} occurs twice", key.line)
        seen.add(key.scalar)
        if key.scalar not in FIELDS:
            continue
        if value.scalar is None:
            fault = fault or NotYaml(f"{key.scalar} is a list or a mapping", key.line)
            continue
        values[FIELDS[key.scalar]] = "" if value.null else value.scalar
    return values, fault


# --- second pass: line by line ----------------------------------------------------------------------------------


def _lenient(lines: Sequence[str]) -> dict[str, str]:
    """Every line with a colon starts a key, every other line continues the value before it."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in lines:
        text = line.strip(_SPACE)
        if ":" in text and not text.startswith("-"):
            key, _, value = text.partition(":")
            value = value.strip(_SPACE)
            current = [] if value in {"|", "|-"} else [value]
            found[key.strip(_SPACE)] = current
        elif text and current is not None:
            current.append(text)
    return {
        FIELDS[key]: "\n".join(parts).strip("\n ").strip("\"'")
        for key, parts in found.items()
        if key in FIELDS
    }
