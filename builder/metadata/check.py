"""Checks a metadata repository: everything the reading reports, the keys, and the canonical form, which can be mended."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any

from builder.errors import ContentError
from builder.metadata.codec import TOP_LEVEL, decode, dump, dump_yaml
from builder.metadata.findings import Raw
from builder.metadata.repository import MetadataRepository, write_file
from builder.metadata.rewriting import ERROR_FIELDS, RELEASE_FIELDS, TARGET_FIELDS
from builder.model.address import Address, Kind
from builder.model.issue import Issue, Location, issue
from builder.model.version import Version


def check(
    root: Path,
    *,
    fix: bool = False,
    addresses: Collection[Address] | None = None,
    policy: Path | None = None,
) -> tuple[Issue, ...]:
    """Everything odd in the repository, errors first; of some addresses only when they are given.

    With `fix`, files whose versions are not in order (META009) or that are not in canonical form (META010) are
    rewritten, unknown fields and all, and these issues are not among the result. A file that has keys twice or cannot
    be read is never rewritten. Raises UsageError when there is no such folder.
    """
    repository = MetadataRepository(root, policy=policy)
    issues = list(repository.surroundings(addresses))
    for address in repository.paths():
        if addresses is None or address in addresses:
            issues += _check_file(repository, address, fix=fix)
    if addresses is None:
        layout = repository.layout.value
        paths = [path for paths in layout.keys.values() for path in paths]
        issues += repository.decoded_keys(paths).issues
    return tuple(sorted(dict.fromkeys(issues), key=lambda one: one.sort_key))


def _check_file(repository: MetadataRepository, address: Address, *, fix: bool) -> Iterator[Issue]:
    loaded = repository.raw(address)
    yield from loaded.issues
    if loaded.value is None:
        return
    path = repository.paths()[address]
    yield from decode(address, loaded.value, path).issues
    before = (repository.root / path).read_bytes()
    place = Location(address=address.path, path=path)
    try:
        ordered = in_key_order(address.kind, loaded.value)
        formed = _written(path, ordered, before)
        canonical = newest_version_first(ordered)
        after = formed if canonical == ordered else _written(path, canonical, formed)
    except ContentError as error:
        yield issue("META001", place, str(error))
        return
    if fix and not loaded.issues and after != before:
        write_file(repository.root / path, after)
        return
    if formed != before:
        yield issue("META010", place, _difference(loaded.value, ordered, before, formed))
    if after != formed:
        yield issue("META009", place, "versions: not sorted newest first")


def _difference(raw: Raw, ordered: Raw, before: bytes, formed: bytes) -> str:
    """What keeps a file from canonical form, most telling first."""
    if raw.get("version") != ordered.get("version"):
        return f"version: {raw.get('version')!r} is written {ordered.get('version')!r}"
    if json.dumps(raw) != json.dumps(ordered):
        return "the keys are not in the usual order"
    if before.rstrip(b"\r\n") == formed.rstrip(b"\n"):
        return "the end of the file differs"
    return "indentation, line ends or escapes differ"


def _written(path: str, raw: Raw, before: bytes) -> bytes:
    return dump_yaml(raw, before) if path.lower().endswith(".yaml") else dump(raw)


def in_key_order(kind: Kind, raw: Raw) -> Raw:
    """The same values with known keys in the registry's order, then unknown ones as they are. The keys of packages are
    sorted by name, and their version has its v."""
    made = _in_order(raw, sorted(raw) if kind is Kind.PACKAGE else TOP_LEVEL)
    if isinstance(made.get("versions"), list):
        made["versions"] = [_ordered_release(release) for release in made["versions"]]
    if isinstance(made.get("versions_errors"), list):
        made["versions_errors"] = [_ordered(item, ERROR_FIELDS) for item in made["versions_errors"]]
    version = made.get("version")
    if kind is Kind.PACKAGE and isinstance(version, str) and Version.parse(version):
        made["version"] = f"v{version.removeprefix('v')}"
    return made


def _ordered_release(raw: Any) -> Any:
    made = _ordered(raw, RELEASE_FIELDS)
    if isinstance(made, dict) and isinstance(made.get("targets"), list):
        made["targets"] = [_ordered(target, TARGET_FIELDS) for target in made["targets"]]
    return made


def _ordered(raw: Any, order: Iterable[str]) -> Any:
    return _in_order(raw, order) if isinstance(raw, dict) else raw


def _in_order(raw: Raw, order: Iterable[str]) -> Raw:
    return {**{key: raw[key] for key in order if key in raw}, **raw}


def newest_version_first(raw: Raw) -> Raw:
    """The same values with `versions` by version, newest first; items without a version come last, as they are.

    Build metadata does not count and the order of equals is kept, as the registry sorts.
    """
    items = raw.get("versions")
    if not isinstance(items, list):
        return raw
    versions = [_precedence(item) for item in items]
    readable = [(version, i) for i, version in enumerate(versions) if version is not None]
    newest = sorted(readable, key=itemgetter(0), reverse=True)
    if newest == readable:
        return raw
    rest = [item for item, version in zip(items, versions, strict=True) if version is None]
    return {**raw, "versions": [*(items[i] for _, i in newest), *rest]}


def _precedence(item: object) -> Version | None:
    written = item.get("version") if isinstance(item, dict) else None
    version = Version.parse(written) if isinstance(written, str) else None
    return replace(version, build="") if version else None
