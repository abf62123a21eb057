"""The seam of the sources: what a repository must be able to say, whatever it is kept in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from builder.errors import ContentError
from builder.model.snapshot import SourceTree


class CommitMissingError(ContentError):
    """The repository does not have a commit."""

    code = "GIT002"


@dataclass(frozen=True, slots=True)
class Tag:
    """A name for a commit. `created` is RFC 3339 in UTC with Z, the tag's creator date, or UNKNOWN_TIME."""

    name: str
    commit: str  # 40 hex digits
    created: str
    by_content: bool = (
        False  # `commit` is a hash of the content, so a pinned git commit says nothing of it
    )


class RepositoryView(Protocol):
    """One repository, open for reading. Plugins of the source seam give this too (`builder.testing.SourceContract`)."""

    def tags(self) -> Mapping[str, Tag]:
        """All tags by name, sorted by name."""
        ...

    def tree(self, commit: str) -> SourceTree:
        """The files of a commit. Raises CommitMissingError when the repository does not have it."""
        ...

    def close(self) -> None:
        """Let go of processes and files. Harmless when done twice."""
        ...
