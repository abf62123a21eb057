"""Git repositories as a source: read in place when they are on this machine, else through the cache of bare clones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from builder.git.clone import BareClone
from builder.git.command import GitError
from builder.git.objects import ObjectMissingError
from builder.git.repository import LocalRepository
from builder.ingest.view import CommitMissingError, Tag
from builder.model.limits import Limits
from builder.model.snapshot import UNKNOWN_TIME, FileKind, SourceTree, TreeFile

_KINDS = {"120000": FileKind.SYMLINK, "160000": FileKind.SUBMODULE}


class GitView:
    """Tags and trees of one repository. `clone` is where it was fetched to; None for a repository read in place."""

    def __init__(
        self,
        repository: LocalRepository,
        limits: Limits,
        clone: BareClone | None = None,
        *,
        offline: bool = False,
    ) -> None:
        self._repository = repository
        self._limits = limits
        self._clone = clone
        self._offline = offline
        self._tags: dict[str, Tag] | None = None

    def tags(self) -> Mapping[str, Tag]:
        """All tags by name, sorted. Raises GitError when the repository is damaged."""
        if self._tags is None:
            found = self._repository.tags().values()
            self._tags = {t.name: Tag(t.name, t.commit, _rfc3339(t.created)) for t in found}
        return self._tags

    def tree(self, commit: str) -> SourceTree:
        """The tree of a commit, listed on first use. Raises CommitMissingError when no server has the commit."""
        tree = self._repository.tree(commit)
        if tree is None and self._fetched(commit):
            tree = self._repository.tree(commit)
        if tree is None:
            raise CommitMissingError(f"commit {commit} is not in the repository")
        return GitTree(self._repository, tree, self._limits.files, self._clone)

    def _fetched(self, commit: str) -> bool:
        """Ask the server for a commit. After a fault it is not asked again: each try may take the whole time limit."""
        if self._clone is None or self._offline:
            return False
        try:
            return self._clone.fetch_commit(commit)
        except GitError:
            self._offline = True
            raise

    def close(self) -> None:
        """End the reading process."""
        self._repository.close()


class GitTree:
    """The files of one commit."""

    def __init__(
        self, repository: LocalRepository, tree: str, limit: int, clone: BareClone | None
    ) -> None:
        self._repository = repository
        self._tree = tree
        self._limit = limit
        self._clone = clone

    def files(self) -> Iterator[TreeFile]:
        """All entries in git's order; bytes of names that are not UTF-8 come as lone surrogates."""
        try:
            for entry in self._repository.entries(self._tree, self._limit):
                path = entry.path.decode("utf-8", "surrogateescape")
                yield TreeFile(path, entry.id, _KINDS.get(entry.mode, FileKind.FILE))
        except GitError:
            self._damaged()
            raise

    def read(self, file: TreeFile, limit: int) -> bytes:
        """The bytes of a blob. Raises TooLarge above `limit`, RemoteError when it is missing or damaged."""
        try:
            return self._repository.read(file.blob, limit)
        except ObjectMissingError:
            self._damaged()
            raise

    def _damaged(self) -> None:
        if self._clone is not None:
            self._clone.mark_damaged()


def _rfc3339(seconds: int | None) -> str:
    if seconds is None:
        return UNKNOWN_TIME
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    except (OverflowError, ValueError, OSError):
        return UNKNOWN_TIME
