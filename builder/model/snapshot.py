"""A release's repository at its commit, as a tree that is read and never checked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha1
from typing import Protocol

from builder.model.address import Address
from builder.model.entry import Release

UNKNOWN_TIME = "0001-01-01T00:00:00Z"  # what the docs API shows when no time is known


class FileKind(StrEnum):
    """What a tree entry is. Only regular files are ever read."""

    FILE = "file"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"


@dataclass(frozen=True, slots=True, order=True)
class TreeFile:
    """One entry of a tree: path with forward slashes, git blob id (40 hex digits) and kind."""

    path: str
    blob: str
    kind: FileKind = FileKind.FILE


class TooLarge(Exception):  # noqa: N818 - names the condition, caught where the limit was given
    """A file is larger than the limit it was read with. `size` in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes")
        self.size = size


class SourceTree(Protocol):
    """The files of one commit: a git tree, a directory, an archive and a dictionary all fit."""

    def files(self) -> Iterable[TreeFile]:
        """All entries, sorted by path (bytewise)."""
        ...

    def read(self, file: TreeFile, limit: int) -> bytes:
        """The bytes of a regular file. Raises TooLarge above `limit` bytes, RemoteError when it cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class MemoryTree:
    """A tree from a dictionary path -> text or bytes; `links` are symbolic links path -> target."""

    contents: tuple[tuple[str, bytes], ...]
    links: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls, contents: dict[str, str | bytes], links: dict[str, str] | None = None
    ) -> MemoryTree:
        """A tree with these files and links."""
        pairs = ((p, c.encode() if isinstance(c, str) else c) for p, c in contents.items())
        return cls(tuple(pairs), tuple((links or {}).items()))

    def files(self) -> Iterator[TreeFile]:
        """All entries, sorted by path."""
        entries = [TreeFile(path, blob_id(data)) for path, data in self.contents]
        entries += [TreeFile(p, blob_id(t.encode()), FileKind.SYMLINK) for p, t in self.links]
        return iter(sorted(entries))

    def read(self, file: TreeFile, limit: int) -> bytes:
        """The bytes of a file, or the target of a link. Raises TooLarge above `limit`, KeyError for a path that is
        none."""
        if file.kind is FileKind.SYMLINK:
            data = dict(self.links)[file.path].encode()
        else:
            data = dict(self.contents)[file.path]
        if len(data) > limit:
            raise TooLarge(len(data))
        return data


def blob_id(data: bytes) -> str:
    """The id that git gives to these bytes as a blob."""
    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a package's repository can be looked at by people: addresses for links, not for fetching."""

    url: str  # https://github.com/hashicorp/terraform-provider-random
    blob_pattern: str = "{url}/blob/{ref}/{path}"
    tree_pattern: str = "{url}/tree/{ref}"

    def blob_url(self, ref: str, path: str) -> str:
        """The address of a file at a tag."""
        return self.blob_pattern.format(url=self.url, ref=ref, path=path)

    def tree_url(self, ref: str) -> str:
        """The address of the whole tree at a tag."""
        return self.tree_pattern.format(url=self.url, ref=ref)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A release together with the tree of its tag."""

    address: Address
    release: Release
    repository: Repository
    tree: SourceTree
    tag: str  # the tag as it is in the repository
    commit: str  # 40 hex digits, or a hash of the content for sources without commits
    published: str  # RFC 3339 UTC with Z: the tag's creator date
