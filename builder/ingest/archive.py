"""Archives as trees. Every member is taken for hostile: only plain files below the archive's own root are taken, into
a store of blobs under their ids, so that no name of the archive ever becomes a path on this machine."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
import struct
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from gzip import BadGzipFile, GzipFile
from hashlib import sha1, sha256
from io import BytesIO
from pathlib import Path
from typing import IO, cast

from builder.errors import ContentError, RemoteError
from builder.ingest.vetting import Fault, is_text, path_fault, printable
from builder.model.limits import Limits
from builder.model.snapshot import FileKind, TooLarge, TreeFile

SUFFIXES = (".zip", ".tar.gz", ".tgz", ".tar")
FORMAT = "1"  # of the unpacked form in the cache
MAX_DEPTH = 100  # folders below each other
MAX_LINK = 4096  # bytes of a link's target
MAX_RATIO = 200  # unpacked to packed size
FREE_OF_RATIO = 64 * 1024 * 1024  # unpacked bytes that any archive may have
_SHOWN = 100  # faults that are kept
_CHUNK = 1024 * 1024
_PADDING = 64  # chunks that may follow the last member
_MAX_READ = 16 * 1024 * 1024  # bytes of one header; larger ones are an attack
_CONTENT_ROOTS = frozenset({"docs", "website", "modules", "examples"})
_DRIVE = re.compile(r"[A-Za-z]:")
_BROKEN = (  # what the readers raise for damaged input, on purpose or not
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, struct.error, EOFError, BadGzipFile),
    *(ValueError, LookupError, ArithmeticError, RuntimeError),
)
_OUTSIDE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO})


class ArchiveError(ContentError):
    """An archive cannot be read, or is built to exhaust its reader."""

    code = "ARC002"


class _RefusedError(Exception):
    """One member is left out; the text says why."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member as the archive tells: raw name, what it is, the size it claims, and how to read it."""

    name: str
    kind: FileKind | None  # None: a folder
    size: int
    open: Callable[[], IO[bytes]]
    refused: str = ""  # why it cannot be taken at all


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hex digits. Raises RemoteError when it cannot be read."""
    state = sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                state.update(chunk)
    except OSError as error:
        raise RemoteError(f"{path} cannot be read: {error.strerror}") from error
    return state.hexdigest()


class UnpackedArchive:
    """The files of an archive, unpacked once into `cache` under the hash of its bytes.

    Raises ArchiveError when it cannot be read; `faults` are the members that were left out.
    """

    def __init__(self, archive: Path, cache: Path, limits: Limits) -> None:
        bounds = f"{FORMAT}-{limits.files}-{limits.archive_bytes}"
        self._folder = cache / f"{digest(archive)}-{bounds}"
        index = self._index()
        if index is None:
            unpack(archive, self._folder, limits)
            index = self._index()
        if index is None:
            raise RemoteError(f"{self._folder} cannot be read")
        self._files, self.faults = index

    def files(self) -> tuple[TreeFile, ...]:
        """All files and links, sorted by path."""
        return self._files

    def read(self, file: TreeFile, limit: int) -> bytes:
        """The bytes of a file, or the target of a link. Raises TooLarge above `limit`, RemoteError when unreadable."""
        try:
            with _blob(self._folder, file.blob).open("rb") as stream:
                size = os.fstat(stream.fileno()).st_size
                if size > limit:
                    raise TooLarge(size)
                return stream.read()
        except OSError as error:
            raise RemoteError(f"{printable(file.path)} cannot be read from the cache") from error

    def _index(self) -> tuple[tuple[TreeFile, ...], tuple[Fault, ...]] | None:
        try:
            raw = json.loads((self._folder / "index.json").read_bytes())
            files = tuple(TreeFile(path, blob, FileKind(kind)) for path, blob, kind in raw["files"])
            return files, tuple(Fault(*fault) for fault in raw["faults"])
        except (OSError, ValueError, KeyError, TypeError):
            return None


def unpack(archive: Path, folder: Path, limits: Limits) -> None:
    """Take an archive's files into a new folder: blobs/<id> and index.json. The folder appears when it is whole.

    Raises ArchiveError when the archive cannot be read or exceeds a limit.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f"{folder.name}.tmp-", dir=folder.parent))
    except OSError as error:
        raise RemoteError(f"{folder.parent} cannot be written: {error.strerror}") from error
    try:
        _fill(archive, fresh, limits)
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # another thread was faster: its result is the same
            fresh.rename(folder)
    except _BROKEN as error:
        raise ArchiveError(f"{archive.name} cannot be read: {error}") from error
    except OSError as error:
        kind = RemoteError if error.errno in _OUTSIDE else ArchiveError
        raise kind(f"{archive.name} cannot be unpacked: {error.strerror}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _fill(archive: Path, fresh: Path, limits: Limits) -> None:
    taken = _Taken(fresh, _budget(archive, limits), limits.files)
    for member in members(archive):
        taken.take(member)
    index = {
        "files": sorted([f.path, f.blob, f.kind.value] for f in stripped(taken.files)),
        "faults": [[f.code, f.path, f.message, f.hint] for f in sorted(taken.faults)],
    }
    (fresh / "member").unlink(missing_ok=True)
    (fresh / "index.json").write_text(json.dumps(index), encoding="utf-8")


def _budget(archive: Path, limits: Limits) -> int:
    """The bytes that may come out of this archive."""
    packed = archive.stat().st_size
    return min(limits.archive_bytes, max(FREE_OF_RATIO, packed * MAX_RATIO))


@dataclass(slots=True)
class _Taken:
    """What was taken from an archive so far."""

    folder: Path
    budget: int  # bytes that may still come
    limit: int  # number of members
    files: list[TreeFile] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: int = 0
    names: dict[str, str] = field(default_factory=dict)  # folded path -> path; a folder's ends in /

    def take(self, member: Member) -> None:
        """Take one member, or note why not. Raises ArchiveError when the archive as a whole goes too far."""
        self.seen += 1
        if self.seen > self.limit:
            raise ArchiveError(f"the archive has more than {self.limit} members")
        self.budget -= max(0, member.size)
        if self.budget < 0:
            raise ArchiveError("the archive unpacks to more than its limit of size or ratio")
        if member.kind is None and not member.refused:
            return  # folders come with their files
        try:
            path = self._path(member)
            self.files.append(TreeFile(path, self._store(member), member.kind or FileKind.FILE))
        except _RefusedError as reason:
            if len(self.faults) < _SHOWN:
                self.faults.append(Fault("ARC001", printable(member.name), str(reason)))

    def _path(self, member: Member) -> str:
        """The member's path, when it may be used."""
        path = member.name
        while path.startswith("./"):
            path = path[2:]
        reason = member.refused or _name_fault(path)
        if reason:
            raise _RefusedError(reason)
        parents = path.split("/")[:-1]
        if len(parents) > MAX_DEPTH:
            raise _RefusedError(f"it lies below more than {MAX_DEPTH} folders")
        folders = ["/".join(parents[: n + 1]) + "/" for n in range(len(parents))]
        for folder in folders:
            known = self.names.get(_folded(folder[:-1]), folder)
            if known != folder:
                raise _RefusedError(f"its folder is also called {printable(known)}")
        known = self.names.get(_folded(path), "")
        if known == path:
            raise _RefusedError("the archive has this name twice")
        if known:
            raise _RefusedError(f"the name differs from {printable(known)} in letter case only")
        for name in (*folders, path):
            if self.names.setdefault(_folded(name.removesuffix("/")), name) is name:
                self.budget -= len(name)  # names take memory, too
        return path

    def _store(self, member: Member) -> str:
        """Write the member's bytes into the store and give their id."""
        limit = MAX_LINK if member.kind is FileKind.SYMLINK else member.size
        state = sha1(b"blob %d\0" % member.size, usedforsecurity=False)
        size = 0
        target = self.folder / "member"
        try:
            with target.open("wb") as copy, closing(member.open()) as stream:
                while size <= limit and (chunk := stream.read(_CHUNK)):
                    size += len(chunk)
                    state.update(chunk)
                    copy.write(chunk)
        except (zipfile.BadZipFile, zlib.error, RuntimeError) as error:
            raise _RefusedError(f"its data are damaged: {error}") from error
        if size != member.size or size > limit:
            raise _RefusedError("its data are longer or shorter than stated")
        place = _blob(self.folder, state.hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        target.rename(place)
        return state.hexdigest()


def _blob(folder: Path, blob: str) -> Path:
    return folder / "blobs" / blob[:2] / blob


def _folded(path: str) -> str:
    """Equal for names that some file system takes for the same."""
    return unicodedata.normalize("NFC", path).casefold()


def _name_fault(path: str) -> str:
    if not is_text(path):
        return "the name is not UTF-8"
    if "\\" in path or _DRIVE.match(path):
        return "the name holds a backslash or a drive"
    if not path.isprintable():
        return "the name holds control characters"
    return path_fault(path)


def stripped(files: list[TreeFile]) -> list[TreeFile]:
    """The files without the single top folder that forges put around them (repository-ref/)."""
    tops = {file.path.partition("/")[0] for file in files}
    if len(tops) != 1 or tops <= _CONTENT_ROOTS or any("/" not in file.path for file in files):
        return files
    return [TreeFile(f.path.partition("/")[2], f.blob, f.kind) for f in files]


def members(archive: Path) -> Iterator[Member]:
    """The members of a zip or tar archive, in its order. Raises one of the libraries' errors when it is damaged."""
    if archive.name.endswith(".zip"):
        with zipfile.ZipFile(archive) as opened:
            yield from (_zip_member(opened, info) for info in opened.infolist())
        return
    with _tar_stream(archive) as stream, tarfile.open(fileobj=stream, mode="r:") as tar:
        yield from (_tar_member(tar, info) for info in tar)
        for _ in range(_PADDING):  # to the end, where gzip's checksum is
            if not stream.read(_CHUNK):
                return
        raise ArchiveError("the archive has too much after its end")


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    mode = info.external_attr >> 16
    kind: FileKind | None = FileKind.FILE
    refused = ""
    if info.orig_filename != info.filename and "\0" in info.orig_filename:
        refused = "the name holds a NUL character"
    elif info.flag_bits & 0x1:
        refused = "it is encrypted"
    elif info.filename.endswith("/"):
        kind = None
    elif stat.S_ISLNK(mode):
        kind = FileKind.SYMLINK
    elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        refused = "it is not a plain file"
    return Member(info.filename, kind, info.file_size, lambda: archive.open(info), refused)


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    target = info.linkname.encode("utf-8", "surrogateescape")
    if info.issym():
        return Member(info.name, FileKind.SYMLINK, len(target), lambda: BytesIO(target))
    if info.isdir():
        return Member(info.name, None, 0, lambda: BytesIO(b""))
    refused = "" if info.isreg() else "it is not a plain file"
    return Member(
        info.name,
        FileKind.FILE,
        info.size,
        lambda: cast("IO[bytes]", archive.extractfile(info)),
        refused,
    )


@contextmanager
def _tar_stream(archive: Path) -> Iterator[IO[bytes]]:
    with archive.open("rb") as raw:
        if raw.read(2) == b"\x1f\x8b":
            raw.seek(0)
            with GzipFile(fileobj=raw) as unpacked:
                yield cast("IO[bytes]", _Bounded(unpacked))
        else:
            raw.seek(0)
            yield cast("IO[bytes]", _Bounded(raw))


class _Bounded:
    """A stream that refuses to read very much at once: tar headers may claim any length."""

    def __init__(self, stream: GzipFile | IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _MAX_READ:
            raise ArchiveError("the archive has a header of absurd length")
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()
