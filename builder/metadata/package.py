"""Pulumi packages: the registry's file of one package, and the list of community packages (package schemas §2.2, §2.4).

Ours: `versions`, a list of {version, schema_url, commit?, discovered?, yanked?}, beside or in place of the one `version`
with its `schema_file_url`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from builder.errors import UsageError
from builder.metadata.findings import (
    Findings,
    Raw,
    count,
    flag,
    matching,
    objects,
    rows,
    shown,
    text,
)
from builder.metadata.releases import REPOSITORY, URL, newest_first, read_releases
from builder.metadata.rewriting import Fields, put, write_releases
from builder.model.address import Address, Kind
from builder.model.entry import Entry, PackageFacts, Release
from builder.model.version import Version, latest

FLAGS = ("component", "featured", "native")
CATEGORIES = (
    *("Cloud", "Database", "Infrastructure", "Monitoring", "Network", "Utility"),
    "Version Control System",
)
STATUSES = ("ga", "public_preview")
SCHEMA_PATH = re.compile(r"/?(?!/)(?!(?:.*/)?\.\.?(?:/|\Z))[^\\\x00-\x1f\x7f]{1,1000}")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_][A-Za-z0-9._-]*", re.ASCII)
_RESOURCE = re.compile(r"(?:^|/)pulumi-resource-([^/]+)/")

FACT_FIELDS: Fields = {
    "category": lambda entry: entry.package.category,
    "component": lambda entry: "component" in entry.package.flags,
    "featured": lambda entry: "featured" in entry.package.flags,
    "native": lambda entry: "native" in entry.package.flags,
    "description": lambda entry: entry.description,
    "logo_url": lambda entry: entry.package.logo_url,
    "package_status": lambda entry: entry.package.status,
    "publisher": lambda entry: entry.package.publisher,
    "repo_url": lambda entry: entry.repository,
    "schema_file_path": lambda entry: entry.package.schema_path,
    "title": lambda entry: entry.package.title,
    "updated_on": lambda entry: entry.package.updated_on,
}
KNOWN = frozenset(
    (*FACT_FIELDS, "name", "schema_file_url", "version", "versions", "popularity", "fork_count")
)


def read_package(address: Address, raw: Raw, found: Findings) -> Entry:
    """The entry in the file of one package; everything odd goes to `found`."""
    if raw.get("name") != address.name:
        found.shape(
            "name", f"must be {address.name!r} as the file is called, not {shown(raw.get('name'))}"
        )
    description = text(raw, "description", "", found)
    return Entry(
        address,
        releases=_releases(raw, found),
        repository=matching(raw, "repo_url", "", found, REPOSITORY),
        description=description,
        package=PackageFacts(
            title=text(raw, "title", "", found),
            description=description,
            logo_url=matching(raw, "logo_url", "", found, URL),
            publisher=_publisher(raw, found),
            category=_one_of(raw, "category", found, CATEGORIES),
            status=_one_of(raw, "package_status", found, STATUSES),
            updated_on=count(raw, "updated_on", "", found),
            schema_path=_schema_path(raw, "schema_file_path", "", found),
            flags=frozenset(name for name in FLAGS if flag(raw, name, "", found)),
        ),
        popularity=count(raw, "popularity", "", found),
        fork_count=count(raw, "fork_count", "", found),
        extra={key: value for key, value in raw.items() if key not in KNOWN},
    )


def _schema_path(raw: Raw, key: str, where: str, found: Findings) -> str:
    return matching(raw, key, where, found, SCHEMA_PATH).removeprefix("/")


def _publisher(raw: Raw, found: Findings) -> str:
    publisher = text(raw, "publisher", "", found)
    if not publisher.strip():  # an identity is never made up
        found.shape("publisher", "a name is required")
    return publisher


def _one_of(raw: Raw, key: str, found: Findings, allowed: tuple[str, ...]) -> str:
    value = text(raw, key, "", found)
    if value and value not in allowed:
        found.shape(key, f"{shown(value)} is none of {', '.join(allowed)}")
    return value


def _releases(raw: Raw, found: Findings) -> tuple[Release, ...]:
    listed = read_releases(rows(raw, "versions", "", found), Kind.PACKAGE, found)
    made = {release.version: release for _, release in listed}
    newest = _stated(raw, found)
    if newest is not None:
        known = made.get(newest.version, newest)
        made[newest.version] = replace(known, schema_url=known.schema_url or newest.schema_url)
    return newest_first(made.values())


def _stated(raw: Raw, found: Findings) -> Release | None:
    """The one release that the existing format states at the top."""
    written = raw.get("version")
    if isinstance(written, int) and not isinstance(written, bool):
        written = str(written)  # an unquoted 4 in YAML
    schema_url = matching(raw, "schema_file_url", "", found, URL)
    if not isinstance(written, str):
        if written is not None or not raw.get("versions"):
            found.shape("version", f"must be a text, not {shown(written)}")
        return None
    version = Version.parse(written)
    if version is None:
        found.add("META004", "version", f"{shown(written)} is not a version")
        return None
    return Release(version, written, schema_url=schema_url)


def write_package(entry: Entry, old: Entry, raw: Raw) -> Raw:
    """`raw` with what differs between `entry` and the entry that `raw` holds now, `old`."""
    fresh = not raw
    if fresh:
        raw = {"name": entry.address.name}
    for key, value_of in FACT_FIELDS.items():
        if fresh or value_of(entry) != value_of(old):
            raw = _put(raw, key, value_of(entry))
    if fresh or entry.releases != old.releases:
        raw = _write_releases(entry, raw)
    return raw


def _write_releases(entry: Entry, raw: Raw) -> Raw:
    newest = latest([release.version for release in entry.releases])
    stated = next((r for r in entry.releases if r.version == newest), None)
    # The top of the file holds a version and where its schema lies, nothing else.
    more = any(r != Release(r.version, r.written, schema_url=r.schema_url) for r in entry.releases)
    if more or len(entry.releases) > 1 or raw.get("versions"):
        versions = write_releases(raw.get("versions"), entry.releases, Kind.PACKAGE)
        raw = _put(raw, "versions", versions)
    raw = _put(raw, "version", stated.written if stated else "")
    return _put(raw, "schema_file_url", stated.schema_url if stated else "")


def _put(raw: Raw, key: str, value: object) -> Raw:
    return put(raw, key, value, sorted({*raw, key}))


def community_entries(raw: Raw, found: Findings) -> Iterator[tuple[int, Entry]]:
    """(index, entry) of the packages in a community list: `include`, a list of {repoSlug, schemaFile}.

    The entries name a repository and where the schema lies in it; their releases are what the repository has.
    """

    def read(item: Raw, where: str) -> Entry | None:
        return _community_entry(item, where, found)

    yield from objects(rows(raw, "include", "", found), "include", found, read)


def _community_entry(item: Raw, where: str, found: Findings) -> Entry | None:
    slug = matching(item, "repoSlug", where, found, _SLUG)
    path = _schema_path(item, "schemaFile", where, found)
    if not slug or not path:
        if not item.get("repoSlug") or not item.get("schemaFile"):
            found.shape(where.rstrip("."), "repoSlug and schemaFile are required")
        return None
    stated = _RESOURCE.search(path)
    name = stated[1] if stated else slug.split("/")[1].lower().removeprefix("pulumi-")
    try:
        address = Address.of(Kind.PACKAGE, name)
    except UsageError as error:
        found.shape(where.rstrip("."), str(error))
        return None
    url = f"https://github.com/{slug}"
    return Entry(address, repository=url, package=PackageFacts(schema_path=path))
