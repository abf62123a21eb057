"""Nouns back into raw records: only what changed is touched, key order and unknown fields stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from builder.metadata.findings import Findings, Raw
from builder.metadata.releases import newest_first, read_releases, read_targets
from builder.model.address import Kind
from builder.model.entry import Release, ReleaseError, Target
from builder.model.issue import Location
from builder.model.version import Version

T = TypeVar("T")
Fields = Mapping[
    str, Callable[[Any], Any]
]  # key in the file, in the file's order -> its value from the noun

TARGET_FIELDS: Fields = {
    "os": lambda target: target.os,
    "arch": lambda target: target.arch,
    "filename": lambda target: target.filename,
    "download_url": lambda target: target.download_url,
    "shasum": lambda target: target.shasum,
    "h1": lambda target: target.h1,
    "size": lambda target: target.size,
}
RELEASE_FIELDS: Fields = {
    "version": lambda release: release.written,
    "commit": lambda release: release.commit,
    "protocols": lambda release: list(release.protocols),
    "shasums_url": lambda release: release.shasums_url,
    "shasums_signature_url": lambda release: release.shasums_signature_url,
    "targets": lambda release: release.targets,
    "discovered": lambda release: release.discovered,
    "yanked": lambda release: release.yanked,
    "schema_url": lambda release: release.schema_url,
}
ERROR_FIELDS: Fields = {
    "version": lambda error: error.version,
    "message": lambda error: error.message,
    "utc_time": lambda error: error.utc_time,
}
NOWHERE = Location()


def put(raw: Raw, key: str, value: object, order: Iterable[str]) -> Raw:
    """`raw` with the value under `key`: in place, else before the first key that comes later in `order`, else last.
    An empty value removes the key."""
    if not value and value is not False:
        return {k: v for k, v in raw.items() if k != key}
    if key in raw:
        return {**raw, key: value}
    known = list(order)
    later = set(known[known.index(key) + 1 :]) if key in known else set()
    made: Raw = {}
    for k, v in raw.items():
        if k in later and key not in made:
            made[key] = value
        made[k] = v
    return made if key in made else {**made, key: value}


def updated(raw: Raw, old: object | None, new: object, fields: Fields) -> Raw:
    """`raw` with the fields in which `new` differs from `old`; with all of them when there is no old noun."""
    for key, value_of in fields.items():
        value = value_of(new)
        if old is None or value != value_of(old):
            if key == "targets":
                value = write_targets(raw.get("targets"), value)
            raw = put(raw, key, value, fields)
    return raw


def write_targets(values: object, targets: Sequence[Target]) -> list[Any]:
    """The raw `targets`, in the order of `targets`; items that cannot be read stay, at the end."""
    known = read_targets(values, "", Findings(NOWHERE)) if isinstance(values, list) else []
    return _in_order(values, known, targets, lambda target: (target.os, target.arch), TARGET_FIELDS)


def write_errors(
    values: object, known: list[tuple[int, ReleaseError]], errors: Sequence[ReleaseError]
) -> list[Any]:
    """The raw `versions_errors`, in the order of `errors`; items that cannot be read stay, at the end."""
    return _in_order(values, known, errors, lambda error: error, ERROR_FIELDS)


def _in_order(
    values: object,
    known: list[tuple[int, T]],
    wanted: Sequence[T],
    identity: Callable[[T], object],
    fields: Fields,
) -> list[Any]:
    items = values if isinstance(values, list) else []
    found = {identity(noun): (items[index], noun) for index, noun in reversed(known)}
    made = []
    for noun in wanted:
        raw, old = found.get(identity(noun), ({}, None))
        made.append(updated(raw, old, noun, fields))
    read = {index for index, _ in known}
    return made + [value for index, value in enumerate(items) if index not in read]


def write_releases(values: object, releases: Sequence[Release], kind: Kind) -> list[Any]:
    """The raw `versions`. Present items keep their place, new ones stand before the next older one, those of versions
    that are gone go; items that cannot be read stay."""
    items = values if isinstance(values, list) else []
    known = dict(read_releases(items, kind, Findings(NOWHERE)))
    had = {release.version for release in known.values()}
    wanted = {release.version: release for release in releases}
    left = dict(wanted)
    made: list[tuple[Any, Version | None]] = []
    for index, item in enumerate(items):
        version = known[index].version if index in known else _version_of(item)
        if version is not None and version not in wanted and version in had:
            continue
        if version in left and (index in known or version not in had):
            new = updated(item, known.get(index), left.pop(version), RELEASE_FIELDS)
            made.append((new, version))
        else:
            made.append((item, version))
    for release in newest_first(left.values()):
        older = (i for i, (_, v) in enumerate(made) if v is not None and v < release.version)
        new = updated({}, None, release, RELEASE_FIELDS)
        made.insert(next(older, len(made)), (new, release.version))
    return [raw for raw, _ in made]


def _version_of(raw: object) -> Version | None:
    written = raw.get("version") if isinstance(raw, dict) else None
    return Version.parse(written) if isinstance(written, str) else None
