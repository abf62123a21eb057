"""The schema of a directory of a repository: its root, a submodule, an example."""

from __future__ import annotations

from collections.abc import MutableMapping
from hashlib import sha256

from builder.errors import RemoteError
from builder.model.issue import Checked, Issue, Location, issue
from builder.model.schema import Diagnostic, ModuleSchema, SchemaLimits
from builder.model.snapshot import SourceTree, TooLarge
from builder.schema.module.facts import FACTS_VERSION, FileFacts, file_facts
from builder.schema.module.files import Listing, ModuleFile, listing, module_files
from builder.schema.module.merge import Merger

SCHEMA_VERSION = f"1.{FACTS_VERSION}"  # of everything that decides about a schema
_LIMITS = SchemaLimits()


def describe(
    tree: SourceTree,
    directory: str,
    limits: SchemaLimits = _LIMITS,
    memo: MutableMapping[str, FileFacts] | None = None,
    *,
    schemas: MutableMapping[str, ModuleSchema] | None = None,
    found: Listing | None = None,
    comments: bool = False,
) -> Checked[ModuleSchema]:
    """The schema of the module in `directory` ("" for the root), and an issue for everything odd in its files.

    `memo` keeps the facts of files by blob id and syntax, `schemas` those of directories by the names and ids of their
    files; both may be shared by all versions and packages, and persist as long as SCHEMA_VERSION stays. `found` is the
    tree's `listing`, to be made once where several directories of a tree are described. With `comments`, comments above
    blocks stand in for missing descriptions. Never raises for what is in the files.
    """
    files, left_out = module_files(
        tree, directory, listing(tree) if found is None else found, limits
    )
    odd = [Diagnostic(path, 0, "Link not followed", why, error=False) for path, why in left_out]
    key = _signature(directory, files, odd, limits, comments=comments)
    schema = schemas.get(key) if schemas is not None else None
    if schema is None:
        schema = _described(tree, directory, files, odd, limits, memo, comments=comments)
        if schemas is not None and not any(d.summary == _UNREADABLE for d in schema.diagnostics):
            schemas[key] = schema
    return Checked(schema, tuple(_issue(found) for found in schema.diagnostics))


def _described(
    tree: SourceTree,
    directory: str,
    files: list[ModuleFile],
    odd: list[Diagnostic],
    limits: SchemaLimits,
    memo: MutableMapping[str, FileFacts] | None,
    *,
    comments: bool,
) -> ModuleSchema:
    merger = Merger(directory, comments, diagnostics=list(odd))
    memo = {} if memo is None else memo
    read = 0
    for file in files:
        facts = _facts(tree, file, limits, memo)
        if isinstance(facts, Diagnostic):
            merger.diagnostics.append(facts)
            continue
        read += facts.size
        if read > limits.module_bytes:
            detail = f"The module's files have more than {limits.module_bytes:,} bytes together."
            merger.diagnostics.append(Diagnostic(file.path, 0, _TOO_LARGE, detail))
            break
        merger.add(file.path, facts, override=file.is_override)
    return merger.schema()


_TOO_LARGE = "Module files too large"
_UNREADABLE = "Module file cannot be read"


def _facts(
    tree: SourceTree,
    file: ModuleFile,
    limits: SchemaLimits,
    memo: MutableMapping[str, FileFacts],
) -> FileFacts | Diagnostic:
    key = f"{file.content.blob}/{'json' if file.is_json else 'native'}"
    try:
        known = memo[key]
    except KeyError:
        pass
    else:
        if known.size <= limits.file_bytes:
            return known
    try:
        data = tree.read(file.content, limits.file_bytes)
    except TooLarge as error:
        detail = f"It has {error.size:,} bytes, more than {limits.file_bytes:,}."
        return Diagnostic(file.path, 0, _TOO_LARGE, detail)
    except RemoteError as error:
        return Diagnostic(file.path, 0, _UNREADABLE, str(error))
    facts = memo[key] = file_facts(data, is_json=file.is_json)
    return facts


def _signature(
    directory: str,
    files: list[ModuleFile],
    odd: list[Diagnostic],
    limits: SchemaLimits,
    *,
    comments: bool,
) -> str:
    """A name for all inputs of a directory's schema; the ids of its files are parts of it."""
    names = [file.path for file in files]
    inputs = (SCHEMA_VERSION, directory, comments, limits, names, odd)
    digest = sha256(repr(inputs).encode()).hexdigest()
    return "/".join([digest, *(file.content.blob for file in files)])


_CODES = {"Link not followed": "SCH003", _TOO_LARGE: "SCH004", _UNREADABLE: "SCH005"}


def _issue(found: Diagnostic) -> Issue:
    code = _CODES.get(found.summary) or ("SCH001" if found.error else "SCH002")
    message = f"{found.summary}: {found.detail}" if found.detail else found.summary
    return issue(code, Location(path=found.path, line=found.line), message)
