"""Releases made of dictionaries."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from builder.errors import RemoteError
from builder.model.address import Address, Kind
from builder.model.document import Document, Part
from builder.model.entry import Release
from builder.model.issue import Issue
from builder.model.limits import Limits
from builder.model.snapshot import (
    UNKNOWN_TIME,
    FileKind,
    MemoryTree,
    Repository,
    Snapshot,
    TreeFile,
    blob_id,
)
from builder.model.version import Version
from builder.normalize.normalize import normalize

PROVIDER = Address.of(Kind.PROVIDER, "acme", "garden")
MODULE = Address.of(Kind.MODULE, "acme", "net", "aws")
LIMITS = Limits()


@dataclass(frozen=True)
class OddTree:
    """A tree with submodules and files that cannot be read. Counts what is read."""

    inner: MemoryTree
    submodules: tuple[str, ...]
    damaged: tuple[str, ...]
    reads: list[str]

    def files(self) -> Iterator[TreeFile]:
        yield from self.inner.files()
        for path in self.submodules:
            yield TreeFile(path, blob_id(path.encode()), FileKind.SUBMODULE)

    def read(self, file: TreeFile, limit: int) -> bytes:
        self.reads.append(file.path)
        if file.kind is not FileKind.FILE:
            raise AssertionError(f"read through {file.kind} {file.path}")
        if file.path in self.damaged:
            raise RemoteError("object is corrupt")
        return self.inner.read(file, limit)


def make_snapshot(
    files, *, links=None, address=PROVIDER, version="1.2.3", submodules=(), damaged=()
):
    tree = OddTree(MemoryTree.of(files, links), tuple(submodules), tuple(damaged), [])
    parsed = Version.parse(version)
    assert parsed is not None
    repository = Repository("https://git.example/acme/garden")
    release = Release(parsed, f"v{version}")
    return Snapshot(address, release, repository, tree, f"v{version}", "0" * 40, UNKNOWN_TIME)


@dataclass(frozen=True)
class Result:
    """What came of a release, easy to ask."""

    documents: tuple[Document, ...]
    parts: tuple[Part, ...]
    texts: dict[str, bytes]
    issues: tuple[Issue, ...]
    reads: list[str]

    @property
    def pages(self) -> dict[tuple[str, str, str], Document]:
        """Document by (language, kind, name)."""
        return {(d.language, d.kind, d.name): d for d in self.documents}

    @property
    def codes(self) -> list[tuple[str, str]]:
        """(code, path) of each issue, sorted."""
        return sorted((i.code, i.location.path) for i in self.issues)

    def message(self, code: str) -> str:
        """The message of the only issue with this code."""
        (found,) = [i.message for i in self.issues if i.code == code]
        return found


def run(files, *, limits=LIMITS, memo=None, **options) -> Result:
    snapshot = make_snapshot(files, **options)
    checked = normalize(snapshot, limits, {} if memo is None else memo)
    value = checked.value
    reads = snapshot.tree.reads
    return Result(value.documents, value.parts, dict(value.texts), checked.issues, reads)


@pytest.fixture(scope="session")
def snapshot_of():
    """A snapshot of a release with these files (path -> text or bytes)."""
    return make_snapshot


@pytest.fixture(scope="session")
def normalized():
    """The result of normalizing a provider release with these files."""
    return run


@pytest.fixture(scope="session")
def normalized_module():
    """The result of normalizing a module release with these files."""

    def call(files, **options):
        return run(files, address=MODULE, **options)

    return call


@pytest.fixture(scope="session")
def module_address():
    return MODULE
