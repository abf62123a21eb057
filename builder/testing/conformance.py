"""Module schemas against expected facts.

    python -m builder.testing.conformance FILE REPOS

FILE holds cases (format `module-schema-conformance/1`); REPOS is a folder of bare repositories, `<owner>/<name>.git`,
`<owner>/<name>` or `<owner>+<name>/repo`. Each failed case is printed with the facts that differ; the last line is the
number of cases that agreed and their total. Cases whose repository or files are absent are skipped and counted apart.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from builder.git.command import Git
from builder.git.objects import ObjectMissingError, ObjectReader
from builder.model.schema import Diagnostic, ModuleSchema, SchemaLimits, Variable
from builder.model.snapshot import MemoryTree
from builder.schema.hcl.printer import collapsed
from builder.schema.hcl.reader import read_native
from builder.schema.hcl.types import quoted_text
from builder.schema.module.describe import describe
from builder.schema.module.facts import document_of
from builder.schema.module.files import listing, module_files
from builder.schema.module.typing import typed

Facts = dict[str, Any]
_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|((?:#|//)[^\n]*|/\*.*?\*/)', re.DOTALL)
_LONG = {"type": 120, "default": 80}  # longer texts are compared by their hash
_LONG_TEXT = 40
_BLOB_LIMIT = 50_000_000


class Absent(Exception):  # noqa: N818 - the case is skipped
    """The repository or a file of it is not here."""


class Repositories:
    """Reads blobs from a folder of bare repositories."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.readers: dict[str, ObjectReader] = {}

    def blob(self, repository: str, blob: str) -> bytes:
        """The bytes of a blob. Raises Absent."""
        reader = self.readers.get(repository)
        if reader is None:
            reader = self.readers[repository] = ObjectReader(self._path(repository), Git())
        try:
            return reader.read(blob, _BLOB_LIMIT)
        except ObjectMissingError as error:
            raise Absent(f"{repository} {blob}") from error

    def _path(self, name: str) -> Path:
        places = (f"{name}.git", name, f"{name.replace('/', '+')}/repo")
        found = next((self.root / p for p in places if (self.root / p).is_dir()), None)
        if found is None:
            raise Absent(name)
        return found

    def close(self) -> None:
        """End the readers."""
        for reader in self.readers.values():
            reader.close()


# -- what we say


def module_facts(contents: Mapping[str, bytes]) -> Facts:
    """The facts of a directory in the words of the cases."""
    tree = MemoryTree(tuple(contents.items()))
    schema = describe(tree, "", SchemaLimits()).value
    return {
        "variables": dict(_variables(schema, _written_types(tree, contents))),
        "outputs": {
            o.name: {
                "at": f"{o.path}:{o.line}",
                "description": o.description,
                "sensitive": o.sensitive,
                "deprecated": o.deprecated,
                "ephemeral": o.ephemeral,
            }
            for o in schema.outputs
        },
        "module_calls": {
            c.name: {"source": c.source, "version": c.version, "at": f"{c.path}:{c.line}"}
            for c in schema.calls
        },
        "requirements": sorted(
            [["terraform", core] for core in schema.required_core]
            + [[p.name, ", ".join(p.versions)] for p in schema.providers if p.versions]
        ),
        **_resources(schema),
        **_providers(schema),
        "problems": sorted([at(d), d.summary] for d in schema.diagnostics if d.error),
    }


def at(found: Diagnostic) -> str:
    """file:line."""
    return f"{found.path}:{found.line}"


def _variables(schema: ModuleSchema, written: Mapping[str, str]) -> Iterator[tuple[str, Facts]]:
    for found in schema.variables:
        yield (
            found.name,
            {
                "required": found.required,
                "at": f"{found.path}:{found.line}",
                "type": written.get(found.name, ""),
                "default": found.default,
                "description": found.description,
                "sensitive": found.sensitive,
                "deprecated": found.deprecated,
                "nullable": found.nullable if "nullable" in found.arguments else False,
                "ephemeral": found.ephemeral,
            },
        )


def _written_types(tree: MemoryTree, contents: Mapping[str, bytes]) -> dict[str, str]:
    """The slice of each variable's type, as the last file that sets it has it."""
    found: dict[str, str] = {}
    for file in module_files(tree, "", listing(tree), SchemaLimits())[0]:
        document = document_of(contents[file.path], is_json=file.is_json)
        text = document.source.text
        for block in document.body.blocks:
            attribute = block.body.attributes.get("type")
            if block.type == "variable" and attribute is not None and len(block.labels) == 1:
                quoted = quoted_text(text, attribute.value)
                slice_ = text[attribute.value.start : attribute.value.end]
                found[block.labels[0]] = slice_ if quoted is None else quoted
    return found


def _resources(schema: ModuleSchema) -> Facts:
    rows = [
        [r.mode, r.type, r.name, f"{r.provider}.{r.alias}" if r.alias else r.provider]
        for r in schema.resources
    ]
    places = [f"{r.path}:{r.line}" for r in schema.resources]
    positioned = zip(rows, places, strict=True)
    return {
        "resources": sorted([*row, place] for row, place in positioned if row[0] != "ephemeral"),
        "resources_no_pos": sorted(rows),
        "resource_addresses": sorted(r.address for r in schema.resources),
    }


def _providers(schema: ModuleSchema) -> Facts:
    return {
        "providers": {
            p.name: {
                "source": p.source,
                "versions": list(p.versions),
                "configuration_aliases": list(p.aliases),
            }
            for p in schema.providers
        },
        "required_core": list(schema.required_core),
        "provider_configs": list(schema.provider_configs),
    }


# -- comparison


def differences(expected: Facts, ours: Facts, *, partial: bool) -> Iterator[str]:
    """What differs between the expected facts of a module and ours."""
    for key in sorted(expected):
        if key in _NAMED:
            yield from _named(key, expected[key], ours[key], partial=partial)
        elif key in ours and expected[key] != ours[key]:
            yield f"{key}: expected {_short(expected[key])}, ours {_short(ours[key])}"
    if not partial:
        for key in ("problems", "required_core", "provider_configs"):
            if ours[key] and key not in expected:
                yield f"{key}: expected none, ours {_short(ours[key])}"


_NAMED = ("variables", "outputs", "module_calls", "providers")


def _named(key: str, expected: Facts, ours: Facts, *, partial: bool) -> Iterator[str]:
    if not partial and set(expected) != set(ours):
        missing, extra = sorted(set(expected) - set(ours)), sorted(set(ours) - set(expected))
        yield f"{key}: missing {missing}, not expected {extra}"
    for name in sorted(expected):
        if name not in ours:
            if partial:
                yield f"{key}.{name}: missing"
            continue
        names = expected[name].keys() if partial else {*expected[name], *ours[name]}
        for fact in sorted(names):
            if not _same(fact, expected[name].get(fact), ours[name].get(fact)):
                theirs, mine = expected[name].get(fact), ours[name].get(fact)
                yield f"{key}.{name}.{fact}: expected {_short(theirs)}, ours {_short(mine)}"


_UNCOMPARED = ("type_or_inferred", "description_or_comment")


def _same(fact: str, expected: Any, ours: Any) -> bool:
    if fact in _UNCOMPARED or (fact == "nullable" and expected is None):
        return True  # the reference does not know nullable
    if expected is None or expected is False:
        return not ours or (fact == "default" and ours == "null")
    if fact == "type":
        return _same_type(expected, str(ours or ""))
    if isinstance(expected, dict):
        return _hashed(str(ours)) == expected
    if fact == "default":
        return bool(_numbers(expected) == _numbers(ours))
    return bool(expected == ours)


def _same_type(expected: Any, ours: str) -> bool:
    if isinstance(expected, dict) and "has_comments" in expected:
        return any(match[1] for match in _COMMENT.finditer(ours))
    if isinstance(expected, dict):
        return _hashed(collapsed(ours)) == expected
    return bool(expected == collapsed(ours))


def _hashed(text: str) -> Facts:
    return {"sha256_16": sha256(text.encode()).hexdigest()[:16], "len": len(text)}


def _numbers(text: Any) -> Any:
    """A JSON text with its numbers as floats."""
    return json.loads(text, parse_int=float) if isinstance(text, str) else text


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 300 else f"{text[:300]}…"


# -- the kinds of case


def _module(case: Facts, repositories: Repositories) -> Iterable[str]:
    contents = {f["name"]: repositories.blob(case["repo"], f["blob"]) for f in case["files"]}
    expected, ours = case["expect"], module_facts(contents)
    if "requirements" in expected or "module_calls_ref_split" in expected:
        return _documented(expected, ours, contents)
    return differences(expected, ours, partial=case.get("partial", False))


def _documented(expected: Facts, ours: Facts, contents: Mapping[str, bytes]) -> Iterator[str]:
    """The view of a generator that hides commented blocks and takes comments for descriptions."""
    tree = MemoryTree(tuple(contents.items()))
    shown = describe(tree, "", SchemaLimits(), comments=True).value
    described: dict[str, dict[str, str]] = {
        "variables": {v.name: v.description for v in shown.variables},
        "outputs": {o.name: o.description for o in shown.outputs},
    }
    for kind, descriptions in described.items():
        for name, facts in expected.get(kind, {}).items():
            wanted = facts.get("description_or_comment") or ""
            mine = descriptions.get(name, "")
            if wanted not in (mine, _hashed(mine)):
                yield f"{kind}.{name}.description_or_comment: expected {wanted!r}, ours {mine!r}"
    resources = sorted([r.mode, r.type, r.name, r.provider] for r in shown.resources)
    if expected.get("resources_no_pos", resources) != resources:
        yield f"resources_no_pos: expected {expected['resources_no_pos']}, ours {resources}"
    rest = {key: value for key, value in expected.items() if key != "resources_no_pos"}
    calls = {call.name: list(call.split) for call in shown.calls}
    yield from differences(rest, {**ours, "module_calls_ref_split": calls}, partial=True)


def _snippet(case: Facts, _: Repositories) -> Iterator[str]:
    contents = {name: text.encode() for name, text in case.get("files_text", {}).items()}
    contents |= {name: bytes.fromhex(code) for name, code in case.get("files_hex", {}).items()}
    schema = describe(MemoryTree(tuple(contents.items())), "", SchemaLimits()).value
    errors = [[at(d), d.summary] for d in schema.diagnostics if d.error]
    expected = case["expect"]
    if "variable" in expected:
        yield from _one_variable(expected["variable"], schema.variables)
        if errors:
            yield f"problems: expected none, ours {errors}"
    for problem in expected.get("problems", []):
        if problem not in errors:
            yield f"problems: expected {problem}, ours {errors}"
    names = sorted(v.name for v in schema.variables)
    if names != sorted(expected.get("variables_kept", names)):
        yield f"variables_kept: expected {sorted(expected['variables_kept'])}, ours {names}"


def _one_variable(wanted: Facts, variables: Iterable[Variable]) -> Iterator[str]:
    found = next((v for v in variables if v.name == wanted["name"]), None)
    if found is None:
        yield f"variable {wanted['name']}: missing"
        return
    if "default" in wanted and _numbers(wanted["default"]) != _numbers(found.default):
        yield f"default: expected {wanted['default']}, ours {found.default}"
    if "required" in wanted and wanted["required"] != found.required:
        yield f"required: expected {wanted['required']}, ours {found.required}"


def _syntax(case: Facts, repositories: Repositories) -> Iterator[str]:
    data = repositories.blob(case["repo"], case["blob"])
    document = document_of(data, is_json=case["path"].endswith(".json"))
    first = next((p for p in document.problems if p.error), None)
    ours = {"first_error_line": first and first.line, "summary": first and first.summary}
    if ours != case["expect"]:
        yield f"expected {case['expect']}, ours {ours}"


def _type(case: Facts, _: Repositories) -> Iterator[str]:
    document = read_native(f"type = {case['text']}\n")
    found = typed(document.source.text, document.body.attributes["type"].value)
    ours = {"type": found.text, "type_cty": json.loads(found.cty) if found.cty else None}
    if ours != case["expect"]:
        yield f"expected {_short(case['expect'])}, ours {_short(ours)}"


_KINDS: dict[str, Callable[[Facts, Repositories], Iterable[str]]] = {
    "module": _module,
    "snippet": _snippet,
    "syntax": _syntax,
    "type": _type,
}


def check_case(case: Facts, repositories: Repositories) -> list[str] | None:
    """What differs in a case; None when its inputs are absent. Never raises: a fault of ours is a difference."""
    try:
        return list(_KINDS[case["kind"]](case, repositories))
    except Absent:
        return None
    except Exception as error:  # noqa: BLE001 - the run goes on; the case has failed
        return [f"{type(error).__name__}: {error}"]


def run(file: Path, root: Path, say: Callable[[str], object]) -> int:
    """Check all cases; the exit code is 0 when all that could be read agreed."""
    cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
    repositories = Repositories(root)
    agreed, skipped = 0, []
    for case in cases:
        found = check_case(case, repositories)
        if found is None:
            skipped.append(case["id"])
        elif not found:
            agreed += 1
        else:
            say("\n  ".join([f"FAILED {case['id']}", *found]))
    repositories.close()
    if skipped:
        say(f"skipped {len(skipped)}, repository or file absent: {', '.join(skipped)}")
    total = len(cases) - len(skipped)
    say(f"agreed {agreed} of {total}")
    return 0 if agreed == total else 1


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), Path(sys.argv[2]), lambda line: sys.stdout.write(f"{line}\n")))
