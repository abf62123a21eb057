"""Every listing goes through here: only paths that stay in the repository, once each, in order, not too many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from builder.errors import ContentError, RemoteError
from builder.model.issue import Issue, Location, issue
from builder.model.snapshot import FileKind, SourceTree, TreeFile

SHOWN = 20  # faults of one kind that are named; the rest is counted
MAX_PATH = 4096  # bytes


class TooManyFilesError(ContentError):
    """A tree has more files than the limit."""

    code = "GIT005"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One entry that was left out: the issue code, its path (made printable) and why."""

    code: str
    path: str
    message: str
    hint: str = ""


def path_fault(path: str) -> str:
    """Why a path may not be used, or nothing when it names a file below the root."""
    if not path:
        return "the path is empty"
    if path.startswith("/"):
        return "the path is absolute"
    if "\0" in path:
        return "the path holds a NUL character"
    segments = path.split("/")
    if ".." in segments:
        return "the path leads upwards"
    if "" in segments or "." in segments:
        return "the path has an empty segment"
    if len(path.encode("utf-8", "surrogateescape")) > MAX_PATH:
        return f"the path has more than {MAX_PATH} bytes"
    return ""


def is_text(path: str) -> bool:
    """False for a name that is not UTF-8 (its bytes came through as lone surrogates)."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def printable(path: str) -> str:
    """The path for messages: undecodable bytes and control characters escaped."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown[:300]


def vet(entries: Iterable[TreeFile], limit: int) -> tuple[tuple[TreeFile, ...], tuple[Fault, ...]]:
    """The entries that may be used, sorted by path, and what was left out.

    Raises TooManyFilesError above `limit` entries.
    """
    good: list[TreeFile] = []
    faults: list[Fault] = []
    for count, entry in enumerate(entries, start=1):
        if count > limit:
            raise TooManyFilesError(f"the tree has more than {limit} files")
        fault = _fault(entry.path)
        if fault is None:
            good.append(entry)
        else:
            faults.append(fault)
    good.sort(key=attrgetter("path"))  # code points sort as UTF-8 bytes do
    unique = []
    previous = ""
    for entry in good:
        if entry.path == previous:
            faults.append(Fault("DOC015", printable(entry.path), "the tree names this path twice"))
        else:
            unique.append(entry)
        previous = entry.path
    return tuple(unique), _shortened(faults)


def _fault(path: str) -> Fault | None:
    if not is_text(path):
        hint = "Rename the file with a UTF-8 name."
        return Fault("DOC010", printable(path), "the file name is not UTF-8", hint)
    reason = path_fault(path)
    return Fault("DOC015", printable(path), reason) if reason else None


def _shortened(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Sorted, and at most SHOWN of a code: a hostile tree must not flood the report."""
    by_code: dict[str, list[Fault]] = {}
    for fault in sorted(faults):
        by_code.setdefault(fault.code, []).append(fault)
    shown: list[Fault] = []
    for code, group in by_code.items():
        shown += group[:SHOWN]
        if len(group) > SHOWN:
            shown.append(Fault(code, "", f"{len(group) - SHOWN} more entries like these"))
    return tuple(shown)


class VettedTree:
    """A tree whose listing is vetted on first use and kept. `faults` of the tree itself come first."""

    def __init__(self, tree: SourceTree, location: Location, limit: int) -> None:
        self._tree = tree
        self._location = location
        self._limit = limit
        self._listing: tuple[tuple[TreeFile, ...], tuple[Fault, ...]] | None = None

    def files(self) -> tuple[TreeFile, ...]:
        """All entries, sorted by path. Raises ContentError above the limit, RemoteError when it cannot be read."""
        return self._vetted()[0]

    def read(self, file: TreeFile, limit: int) -> bytes:
        """The bytes of a regular file, or the target that a symbolic link names (it is not followed).

        Raises TooLarge above `limit` bytes, RemoteError when it cannot be read.
        """
        if file.kind is FileKind.SUBMODULE:
            raise RemoteError(f"{printable(file.path)} is a submodule, which is not followed")
        return self._tree.read(file, limit)

    def issues(self) -> tuple[Issue, ...]:
        """What the listing left out. Lists the tree when that was not done yet."""
        faults = (*getattr(self._tree, "faults", ()), *self._vetted()[1])
        place = self._location
        return tuple(
            issue(f.code, Location(place.address, place.version, f.path), f.message, hint=f.hint)
            for f in faults
        )

    def _vetted(self) -> tuple[tuple[TreeFile, ...], tuple[Fault, ...]]:
        if self._listing is None:
            self._listing = vet(self._tree.files(), self._limit)
        return self._listing
