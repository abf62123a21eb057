"""A git repository on this machine, read in place: tags, trees, blobs. Never written to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from builder.git.command import MAX_OUTPUT, Git, GitError, RepositoryTooLargeError
from builder.git.objects import ObjectMissingError, ObjectReader
from builder.model.snapshot import TooLarge

_TAG_FORMAT = "%00".join(
    f"%({name})"
    for name in (
        "refname",
        "objecttype",
        "objectname",
        "*objecttype",
        "*objectname",
        "creatordate:unix",
    )
)
_MAX_COMMIT = 1024 * 1024  # bytes of a commit object
_PATH_BYTES = 512  # room for one entry of a listing, on average
_MIN_LISTING = 1024 * 1024


@dataclass(frozen=True, slots=True)
class TagRef:
    """A tag: its name, the commit it stands for after peeling, when it was made (Unix seconds; None when not
    recorded) and the id that the ref itself holds."""

    name: str
    commit: str
    created: int | None
    target: str


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One entry of a recursive listing, as git gives it: mode ("100644", "120000", "160000"), id and raw path."""

    mode: str
    id: str
    path: bytes


def git_folder(path: Path) -> Path | None:
    """The git directory of a bare repository or of a work tree at this path, or None when it is neither."""
    for candidate in (path / ".git", path):
        if (candidate / "HEAD").is_file() and (candidate / "objects").is_dir():
            return candidate
    linked = path / ".git"  # a file in linked work trees and submodules, which git itself follows
    return linked if linked.is_file() else None


class LocalRepository:
    """A repository in a git directory. May be used by several threads; close it in the end."""

    def __init__(self, folder: Path, git: Git | None = None, *, seconds: float = 600) -> None:
        """`folder` is the git directory itself; `seconds` limits each call."""
        self.folder = folder
        self._git = git or Git()
        self._seconds = seconds
        self._objects = ObjectReader(folder, self._git)

    def tags(self) -> dict[str, TagRef]:
        """All tags that stand for commits, by name, sorted. Names that are not UTF-8 are left out."""
        answer = self._run("for-each-ref", f"--format={_TAG_FORMAT}", "refs/tags/")
        found = (self._tag(line) for line in answer.split(b"\n") if line)
        return {tag.name: tag for tag in sorted(filter(None, found), key=lambda tag: tag.name)}

    def _tag(self, line: bytes) -> TagRef | None:
        try:
            fields = line.decode("utf-8").split("\0")
        except UnicodeDecodeError:
            return None
        if len(fields) != 6:
            return None
        ref, kind, target, peeled_kind, peeled, created = fields
        commit = target if kind == "commit" else peeled
        if "commit" not in (kind, peeled_kind):
            found = self.commit(target)  # a tag of a tag, or a tag of something else
            if found is None:
                return None
            commit = found
        seconds = int(created) if created.removeprefix("-").isdigit() else None
        return TagRef(ref.removeprefix("refs/tags/"), commit, seconds, target)

    def commit(self, name: str) -> str | None:
        """The id of the commit that an object id stands for, or None when there is none."""
        kind, target = self._header(name)
        for _ in range(10):  # tags of tags
            if kind != "tag":
                break
            name = target
            kind, target = self._header(name)
        return name if kind == "commit" else None

    def tree(self, commit: str) -> str | None:
        """The id of the commit's tree, or None when the commit is not here."""
        kind, target = self._header(commit)
        return target if kind == "commit" else None

    def _header(self, name: str) -> tuple[str, str]:
        """What the object is ("commit" or "tag", else "") and the id in its first line."""
        for kind in ("commit", "tag"):
            try:
                first = self._objects.read(name, _MAX_COMMIT, kind=kind).split(b"\n", 1)[0]
            except (ObjectMissingError, TooLarge):
                continue
            return kind, first.split(b" ")[-1].decode("ascii", "replace")
        return "", ""

    def entries(self, tree: str, limit: int) -> Iterator[TreeEntry]:
        """All entries below a tree but trees themselves, in git's order.

        Raises RepositoryTooLargeError above `limit` entries, GitError when a tree is missing or damaged.
        """
        room = max(_MIN_LISTING, _PATH_BYTES * limit)
        listing = self._run("ls-tree", "-r", "-z", "--full-tree", tree, max_output=room)
        records = listing.split(b"\0")[:-1]
        if len(records) > limit:
            raise RepositoryTooLargeError(f"the tree has {len(records)} files, more than {limit}")
        for record in records:
            facts, _, path = record.partition(b"\t")
            mode, _, name = facts.decode("ascii", "replace").split(" ")
            yield TreeEntry(mode, name, path)

    def read(self, blob: str, limit: int) -> bytes:
        """The bytes of a blob. Raises TooLarge above `limit` bytes, ObjectMissingError when it is absent or damaged."""
        return self._objects.read(blob, limit)

    def close(self) -> None:
        """End the reading process."""
        self._objects.close()

    def _run(self, *args: str, max_output: int = MAX_OUTPUT) -> bytes:
        try:
            return self._git.run(
                f"--git-dir={self.folder}", *args, seconds=self._seconds, max_output=max_output
            )
        except GitError as error:
            raise type(error)(f"{self.folder.name}: {error}") from error
