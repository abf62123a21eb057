"""What the metadata says of one package: which releases exist, from where, under which conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from builder.model.address import Address
from builder.model.version import Version, latest


@dataclass(frozen=True, slots=True)
class Target:
    """One platform's archive of a provider release."""

    os: str
    arch: str
    filename: str
    download_url: str
    shasum: str  # SHA-256, 64 hex digits
    h1: str = ""  # h1:<base64>, the directory hash of the archive's content
    size: int = 0  # bytes; 0 when not known


@dataclass(frozen=True, slots=True)
class Release:
    """One version of a package as the metadata names it."""

    version: Version
    written: str  # as written in the metadata: the git tag, for providers without its leading v
    commit: str = ""  # 40 hex digits that the tag is pinned to, when recorded
    discovered: str = ""  # RFC 3339, first seen
    protocols: tuple[str, ...] = ()
    shasums_url: str = ""
    shasums_signature_url: str = ""
    targets: tuple[Target, ...] = ()
    yanked: str = ""  # the reason; empty when not yanked
    schema_url: str = ""  # packages: where the Pulumi schema of this version lies


@dataclass(frozen=True, slots=True)
class ReleaseError:
    """A version that an update could not take over (`versions_errors`)."""

    version: str
    message: str
    utc_time: str = ""


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What only Pulumi package metadata says (package-schemas: display facts of the registry file)."""

    title: str = ""
    description: str = ""
    logo_url: str = ""
    publisher: str = ""
    category: str = ""
    status: str = ""
    updated_on: int = 0  # Unix seconds
    schema_path: str = ""  # of the Pulumi schema in the repository, when only that is known
    flags: frozenset[str] = frozenset()  # featured, component, native


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public OpenPGP key that a provider's releases may be signed with."""

    ascii_armor: str  # canonical armour: LF, checksum, final newline
    key_id: str  # 64-bit id of the primary key, 16 upper-case hex digits
    path: str  # of its file in the metadata


@dataclass(frozen=True, slots=True)
class Entry:
    """All that the metadata says of one package. Releases are unique by version, newest first."""

    address: Address
    releases: tuple[Release, ...] = ()
    repository: str = ""  # a custom repository URL; empty: by convention
    owner: str = ""  # namespace whose repositories and keys are used; empty: the address's own
    description: str = ""
    warnings: tuple[str, ...] = ()
    errors: tuple[ReleaseError, ...] = ()
    blocked: str = ""  # the reason from the blocklist; empty when not blocked
    canonical: Address | None = None  # set when this address is an alias of another one
    package: PackageFacts | None = None
    popularity: int = 0
    fork_count: int = 0
    extra: Mapping[str, object] = field(default_factory=dict)  # unknown top-level fields

    @property
    def latest(self) -> Version | None:
        """The newest stable version that is not yanked, else the newest not yanked, else the newest."""
        good = [release.version for release in self.releases if not release.yanked]
        return latest(good or [release.version for release in self.releases])


@dataclass(frozen=True, slots=True)
class Catalog:
    """All entries of the registry, sorted by address, and which addresses stand for another one."""

    entries: tuple[Entry, ...]
    aliases: Mapping[Address, Address] = field(default_factory=dict)  # alias -> canonical

    def reverse_aliases(self, address: Address) -> tuple[Address, ...]:
        """The aliases of an address, sorted."""
        return tuple(sorted(alias for alias, target in self.aliases.items() if target == address))
