"""Bytes of metadata files <-> raw dictionaries. Key order and unknown fields ride along, so that a change of one field
is a change of one line (registry protocol §2.9)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NoReturn

import yaml

from builder.errors import ContentError
from builder.metadata.findings import Findings, Raw, shown
from builder.model.issue import Checked, Location

MAX_JSON = 33_554_432  # bytes; the largest real file has 2.5 MB
MAX_YAML = 262_144  # bytes; the largest real file has 2 kB
NOWHERE = Location()
# As the registry's own writer does; none of these characters can stand outside a JSON text.
_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
_LONE = re.compile("[\ud800-\udfff]")


def load(data: bytes, location: Location = NOWHERE) -> Checked[Raw | None]:
    """The JSON object in `data`; None when there is none. Keys that occur twice are reported, the last one counts.

    Issues: META001 with the line for bad syntax, encoding or size, META002 for anything but an object.
    """
    found = Findings(location)
    if len(data) > MAX_JSON:
        found.add("META001", "", f"{len(data)} bytes, more than {MAX_JSON}")
        return Checked(None, tuple(found.issues))
    twice: dict[str, None] = {}

    def mapping(pairs: list[tuple[str, Any]]) -> Raw:
        made = dict(pairs)
        if len(made) != len(pairs):
            seen: set[str] = set()
            twice.update({key: None for key, _ in pairs if key in seen or seen.add(key)})  # type: ignore[func-returns-value]
        return made

    try:
        raw = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=mapping,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        message = f"{error.msg} (column {error.colno})"
        found.add("META001", "", message, line=error.lineno)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found.add("META001", "", f"not UTF-8 at byte {error.start}", line=line)
    except RecursionError:
        found.add("META001", "", "nested too deeply")
    except ValueError as error:
        found.add("META001", "", str(error)[:200])
    else:
        for key in twice:
            found.shape(shown(key), "occurs twice in one object; the last one counts")
        return Checked(_an_object(raw, found), tuple(found.issues))
    return Checked(None, tuple(found.issues))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _finite(written: str) -> float:
    value = float(written)
    if math.isinf(value):
        raise ValueError(f"the number {shown(written)} is too large")
    return value


def _an_object(raw: object, found: Findings) -> Raw | None:
    if isinstance(raw, dict):
        return raw
    found.shape("", f"the file must hold an object, not {shown(raw)}")
    return None


def dump(raw: Mapping[str, Any]) -> bytes:
    """The bytes of a metadata file: two spaces, no final newline, `<`, `>` and `&` escaped.

    Raises ContentError for values that JSON cannot hold or that are nested too deeply.
    """
    try:
        written = json.dumps(raw, indent=2, ensure_ascii=False, allow_nan=False)
    except (RecursionError, ValueError, TypeError) as error:
        raise ContentError(f"cannot be written as JSON: {error}") from error
    written = written.translate(_ESCAPES) if _must_escape(written) else written
    try:
        return written.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON allows as an escape
        return _LONE.sub(lambda half: f"\\u{ord(half[0]):04x}", written).encode()


def _must_escape(written: str) -> bool:
    # Most files hold none of them, and looking is many times faster than translating.
    return any(character in written for character in "<>&\u2028\u2029")


class _Loader(yaml.SafeLoader):
    """YAML for flat facts: texts, whole numbers, true, false and null. No tags, aliases, dates or floats, so that the
    version 1.10 stays what it is."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library's own form

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.twice: list[tuple[str, int]] = []

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse what could make a small file large or run code."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(
                problem="aliases and tags are not allowed", problem_mark=event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: ARG002
        """A dictionary with the keys as written; keys that occur twice are noted."""
        made: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(
                    problem="a key must be a text", problem_mark=key_node.start_mark
                )
            if key_node.value in made:
                self.twice.append((key_node.value, key_node.start_mark.line + 1))
            made[key_node.value] = self.construct_object(value_node, deep=True)
        return made


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", "-+0123456789"),
    ("null", r"~|null|Null|NULL|", "~nN"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), [*_first, ""]
    )


def load_yaml(data: bytes, location: Location = NOWHERE) -> Checked[Raw | None]:
    """The mapping in `data`, as `load` does it for JSON."""
    found = Findings(location)
    if len(data) > MAX_YAML:
        found.add("META001", "", f"{len(data)} bytes, more than {MAX_YAML}")
        return Checked(None, tuple(found.issues))
    raw: Raw | None = None
    try:
        loader = _Loader(data.decode("utf-8-sig"))
        raw = _an_object(loader.get_single_data(), found)
        for key, line in loader.twice:
            message = "occurs twice; the last one counts"
            found.add("META002", shown(key), message, line=line)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        found.add("META001", "", error.problem or "not YAML", line=line)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found.add("META001", "", f"not UTF-8 at byte {error.start}", line=line)
    except yaml.YAMLError as error:
        found.add("META001", "", " ".join(str(error).split())[:200])
    except RecursionError:
        found.add("META001", "", "nested too deeply")
    return Checked(raw, tuple(found.issues))


class _Dumper(yaml.SafeDumper):
    """Writes an empty text as "", as the existing files have it."""


# The library writes rare line breaks outside double quotes in a form that it reads as a blank.
_QUOTED = re.compile("[\x85\u2028\u2029]")
_Dumper.add_representer(
    str,
    lambda dumper, value: dumper.represent_scalar(
        "tag:yaml.org,2002:str", value, style='"' if not value or _QUOTED.search(value) else None
    ),
)
_KEY = re.compile(r"^([A-Za-z_][\w.-]*)[ \t]*:(?=[ \t\r\n]|\Z)", re.MULTILINE | re.ASCII)


def dump_yaml(raw: Mapping[str, Any], before: bytes = b"") -> bytes:
    """The bytes of a YAML file that holds `raw`, keys sorted. Lines of `before` whose value did not change are kept as
    they are, with their comments."""
    if not raw:
        return b"{}\n"
    head, lines = _lines_by_key(before)
    old = load_yaml(before).value or {}
    usable = list(lines) == list(old)
    kept = [
        lines[key] if usable and key in old and _same(old[key], raw[key]) else _line(key, raw[key])
        for key in sorted(raw)
    ]
    made = (head + "".join(kept)).encode()
    checked = load_yaml(made)
    if not checked.issues and _same(checked.value, dict(sorted(raw.items()))):
        return made
    return "".join(_line(key, raw[key]) for key in sorted(raw)).encode()


def _same(one: object, other: object) -> bool:
    return json.dumps(one, default=repr) == json.dumps(other, default=repr)


def _line(key: str, value: object) -> str:
    return yaml.dump({key: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False)


def _lines_by_key(before: bytes) -> tuple[str, dict[str, str]]:
    """What stands before the first key, and the lines of each key at the left margin."""
    written = before.decode("utf-8-sig", "replace")
    if written and not written.endswith("\n"):
        written += "\n"
    starts = list(_KEY.finditer(written))
    bounds = [*(match.start() for match in starts), len(written)]
    head = written[: bounds[0]] if starts else ""
    return head, {m[1]: written[a:b] for m, (a, b) in zip(starts, pairwise(bounds), strict=True)}
