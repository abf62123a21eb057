"""A folder of releases as a source: one folder or one archive for each tag, without any git.

    v1.0.0/  v1.1.0.zip  v1.2.0.tar.gz  releases.json

`releases.json` is optional and tells when releases were made: {"v1.0.0": {"created": "2026-01-31T00:00:00Z"}}.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from hashlib import sha1, sha256
from pathlib import Path
from typing import BinaryIO, Protocol

from builder.errors import ContentError, RemoteError
from builder.ingest.archive import SUFFIXES, UnpackedArchive, digest
from builder.ingest.vetting import Fault, TooManyFilesError, printable
from builder.ingest.view import CommitMissingError, Tag
from builder.model.limits import Limits
from builder.model.snapshot import UNKNOWN_TIME, FileKind, SourceTree, TooLarge, TreeFile, blob_id

DATES = "releases.json"
_MAX_DATES = 16 * 1024 * 1024  # bytes of releases.json
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_CHUNK = 1024 * 1024
_MAX_DEPTH = 100  # folders below each other


class _Release(Protocol):
    """One child of the folder."""

    def commit(self) -> str: ...

    def tree(self) -> SourceTree: ...


class ReleaseDirectory:
    """All releases below a folder. `unpacked` is the folder where archives are unpacked to."""

    def __init__(self, folder: Path, unpacked: Path, limits: Limits) -> None:
        self._folder = folder
        self._unpacked = unpacked
        self._limits = limits
        self._releases: dict[str, _Release] = {}
        self._tags: dict[str, Tag] | None = None

    def tags(self) -> Mapping[str, Tag]:
        """A tag for each child, sorted by name; its commit is a hash of the content. A folder wins over an archive.

        Raises ContentError when releases.json is malformed or a release exceeds a limit, RemoteError when the folder
        cannot be read.
        """
        if self._tags is None:
            created = _dates(self._folder / DATES)
            self._releases = dict(self._find())
            self._tags = {
                name: Tag(name, release.commit(), created.get(name, UNKNOWN_TIME), by_content=True)
                for name, release in sorted(self._releases.items())
            }
        return self._tags

    def _find(self) -> Iterator[tuple[str, _Release]]:
        """Children by tag; folders last, so that they win, and archives in the reverse order of SUFFIXES."""
        children = [child for child in _scan(self._folder) if not child.name.startswith(".")]
        for suffix in reversed(SUFFIXES):
            for child in children:
                tag = child.name.removesuffix(suffix)
                if tag and tag != child.name and child.is_file(follow_symlinks=False):
                    yield tag, _Archive(Path(child.path), self._unpacked, self._limits)
        for child in children:
            if child.is_dir(follow_symlinks=False):
                yield child.name, DirectoryTree(Path(child.path), self._limits)

    def tree(self, commit: str) -> SourceTree:
        """The files of the release with this content. Raises CommitMissingError when there is none."""
        for name, tag in self.tags().items():
            if tag.commit == commit:
                return self._releases[name].tree()
        raise CommitMissingError(f"no release in {self._folder.name} has the content {commit}")

    def close(self) -> None:
        """Nothing is held open."""


class _Archive:
    """An archive that is unpacked when its files are asked for."""

    def __init__(self, path: Path, unpacked: Path, limits: Limits) -> None:
        self._path = path
        self._unpacked = unpacked
        self._limits = limits

    def commit(self) -> str:
        return digest(self._path)[:40]

    def tree(self) -> SourceTree:
        return UnpackedArchive(self._path, self._unpacked, self._limits)


class DirectoryTree:
    """The files below a folder. Symbolic links are listed and never followed; `.git` and special files are left out."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._listing: tuple[TreeFile, ...] | None = None
        self.faults: tuple[Fault, ...] = ()

    def tree(self) -> SourceTree:
        """Itself."""
        return self

    def commit(self) -> str:
        """40 hex digits: a hash over all paths, kinds and contents."""
        state = sha256()
        for file in self.files():
            name = file.path.encode("utf-8", "surrogateescape")
            state.update(f"{file.kind} {file.blob} ".encode() + name + b"\0")
        return state.hexdigest()[:40]

    def files(self) -> tuple[TreeFile, ...]:
        """All entries, sorted by path. Raises ContentError above a limit, RemoteError when a file cannot be read."""
        if self._listing is None:
            found: list[TreeFile] = []
            left = self._limits.archive_bytes
            for path, entry in self._walk("", self._folder, 0):
                file, size = self._entry(path, entry)
                left -= size
                if left < 0 or len(found) >= self._limits.files:
                    raise TooManyFilesError(
                        f"{self._folder.name} exceeds a limit of its size or number of files"
                    )
                found.append(file)
            self._listing = tuple(sorted(found, key=lambda file: file.path))
        return self._listing

    def _walk(
        self, prefix: str, folder: Path, depth: int
    ) -> Iterator[tuple[str, os.DirEntry[str]]]:
        for entry in _scan(folder):
            path = f"{prefix}{entry.name}"
            if entry.name == ".git":
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth < _MAX_DEPTH:
                    yield from self._walk(f"{path}/", Path(entry.path), depth + 1)
                else:
                    self.faults += (Fault("DOC015", printable(path), "the folder lies too deep"),)
            elif entry.is_symlink() or entry.is_file(follow_symlinks=False):
                yield path, entry
            else:
                self.faults += (Fault("ARC001", printable(path), "it is not a plain file"),)

    def _entry(self, path: str, entry: os.DirEntry[str]) -> tuple[TreeFile, int]:
        if entry.is_symlink():
            target = os.fsencode(_readlink(entry.path))
            return TreeFile(path, blob_id(target), FileKind.SYMLINK), len(target)
        with _open(Path(entry.path)) as stream:
            size = os.fstat(stream.fileno()).st_size
            if size > self._limits.archive_bytes:
                return TreeFile(path, ""), size
            state = sha1(b"blob %d\0" % size, usedforsecurity=False)
            while chunk := stream.read(_CHUNK):
                state.update(chunk)
            return TreeFile(path, state.hexdigest()), size

    def read(self, file: TreeFile, limit: int) -> bytes:
        """The bytes of a file, or the target of a link. Raises TooLarge above `limit`, RemoteError when unreadable."""
        path = self._folder / file.path
        if file.kind is FileKind.SYMLINK:
            data = os.fsencode(_readlink(path))
        else:
            with _open(path) as stream:
                size = os.fstat(stream.fileno()).st_size
                if size > limit:
                    raise TooLarge(size)
                data = stream.read(limit + 1)
        if len(data) > limit:
            raise TooLarge(len(data))
        return data


def _scan(folder: Path) -> list[os.DirEntry[str]]:
    """The entries of a folder, sorted by name."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise RemoteError(f"{folder} cannot be read: {error.strerror}") from error


def _open(path: Path) -> BinaryIO:
    """A plain file for reading; a link or a special file that took its place is refused."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise RemoteError(f"{path} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise RemoteError(f"{path} is not a plain file")
    return os.fdopen(number, "rb")


def _readlink(path: str | Path) -> str:
    try:
        return str(Path(path).readlink())
    except OSError as error:
        raise RemoteError(f"{path} cannot be read: {error.strerror}") from error


def _dates(path: Path) -> dict[str, str]:
    """The release times of releases.json; empty without the file."""
    if not path.exists():
        return {}
    with _open(path) as stream:
        data = stream.read(_MAX_DATES + 1)
    try:
        raw = json.loads(data)
        found = {str(tag): facts["created"] for tag, facts in raw.items() if "created" in facts}
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError) as error:
        raise ContentError(f"{path} is not of the form {{tag: {{created: time}}}}") from error
    for tag, created in found.items():
        if not isinstance(created, str) or not _TIME.fullmatch(created):
            raise ContentError(
                f"{path}: `created` of {tag} is not a time like 2026-01-31T00:00:00Z"
            )
    return found
