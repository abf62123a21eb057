"""Raw metadata <-> Entry (registry protocol §2.4-2.8; packages: the fields of a Pulumi registry file).

Our own optional fields: at the top `repository` (honored), `description`, `popularity`, `fork_count`; in a version
`yanked`, a text with the reason or {"reason": text}. A record whose required field is wrong is left out and reported;
the rest of the file is used.
"""

from __future__ import annotations

from typing import Any

from builder.metadata.findings import Findings, Raw, count, matching, objects, rows, shown, text
from builder.metadata.package import read_package, write_package
from builder.metadata.releases import REPOSITORY, newest_first, read_releases
from builder.metadata.rewriting import Fields, put, write_errors, write_releases
from builder.metadata.text import dump, dump_yaml, load, load_yaml
from builder.model.address import Address, Kind
from builder.model.entry import Entry, ReleaseError
from builder.model.issue import Checked, Location

__all__ = ["TOP_LEVEL", "decode", "dump", "dump_yaml", "encode", "load", "load_yaml"]

FACT_FIELDS: Fields = {
    "repository": lambda entry: entry.repository,
    "warnings": lambda entry: list(entry.warnings),
    "description": lambda entry: entry.description,
    "popularity": lambda entry: entry.popularity,
    "fork_count": lambda entry: entry.fork_count,
}
TOP_LEVEL = (
    *("repository", "versions", "versions_errors", "warnings"),  # the registry's own order
    *("description", "popularity", "fork_count"),
)


def decode(address: Address, raw: Raw, path: str = "") -> Checked[Entry]:
    """The entry in a metadata file's raw dictionary, before any policy; `path` is the file's, for the issues.

    Issues: META002 wrong shape, META004 not a version, META005 the same version twice. Nothing is raised.
    """
    found = Findings(Location(address=address.path, path=path))
    if address.kind is Kind.PACKAGE:
        entry = read_package(address, raw, found)
    else:
        entry = _entry(address, raw, found)
    return Checked(entry, tuple(found.issues))


def _entry(address: Address, raw: Raw, found: Findings) -> Entry:
    listed = read_releases(rows(raw, "versions", "", found), address.kind, found)
    return Entry(
        address,
        releases=newest_first(release for _, release in listed),
        repository=matching(raw, "repository", "", found, REPOSITORY),
        description=text(raw, "description", "", found),
        warnings=_warnings(raw, found),
        errors=tuple(error for _, error in _errors(raw, found)),
        popularity=count(raw, "popularity", "", found),
        fork_count=count(raw, "fork_count", "", found),
        extra={key: value for key, value in raw.items() if key not in TOP_LEVEL},
    )


def _warnings(raw: Raw, found: Findings) -> tuple[str, ...]:
    made = []
    for index, value in enumerate(rows(raw, "warnings", "", found)):
        if isinstance(value, str):
            made.append(value)
        else:
            found.shape(f"warnings[{index}]", f"must be a text, not {shown(value)}")
    return tuple(made)


def _errors(raw: Raw, found: Findings) -> list[tuple[int, ReleaseError]]:
    def read(item: Raw, where: str) -> ReleaseError:
        return ReleaseError(
            text(item, "version", where, found),
            text(item, "message", where, found),
            text(item, "utc_time", where, found),
        )

    return objects(rows(raw, "versions_errors", "", found), "versions_errors", found, read)


def encode(entry: Entry, raw: Raw) -> Raw:
    """`raw` with what differs from it in `entry`; unknown fields, key order and items that cannot be read stay. An empty
    `raw` gives a new file.

    `entry` is one as `decode` gives it: what policy files add to it (yanks, blocks, owners, aliases) would be written.
    """
    old = decode(entry.address, raw).value
    if entry.address.kind is Kind.PACKAGE:
        made = write_package(entry, old, raw)
    else:
        made = _write_entry(entry, old, raw)
    for key in [*old.extra, *entry.extra]:
        if key not in entry.extra:
            made = {k: v for k, v in made.items() if k != key}
        elif key not in old.extra or old.extra[key] != entry.extra[key]:
            made = {**made, key: entry.extra[key]}
    return made


def _write_entry(entry: Entry, old: Entry, raw: Raw) -> Raw:
    made: Raw = raw or {"versions": []}
    if entry.releases != old.releases:
        versions: list[Any] = write_releases(
            raw.get("versions"), entry.releases, entry.address.kind
        )
        made = {**made, "versions": versions}
    for key, value_of in FACT_FIELDS.items():
        if value_of(entry) != value_of(old):
            made = put(made, key, value_of(entry), TOP_LEVEL)
    if entry.errors != old.errors:
        known = _errors(raw, Findings(Location()))
        errors = write_errors(raw.get("versions_errors"), known, entry.errors)
        made = put(made, "versions_errors", errors, TOP_LEVEL)
    return made
