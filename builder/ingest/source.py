"""Releases become snapshots: the repository is opened wherever it is, the tag found, the pinned commit kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from threading import Event

from builder.errors import RegistryError, RemoteError
from builder.git.clone import BareClone
from builder.git.command import Git, RepositoryGoneError, redact
from builder.git.repository import LocalRepository, git_folder
from builder.ingest.directory import ReleaseDirectory
from builder.ingest.git_source import GitView
from builder.ingest.settings import IngestSettings
from builder.ingest.vetting import VettedTree
from builder.ingest.view import CommitMissingError, RepositoryView, Tag
from builder.model.entry import Entry, Release
from builder.model.issue import Checked, Issue, Location, issue
from builder.model.limits import Limits
from builder.model.snapshot import Repository, Snapshot

__all__ = [
    "CommitMissingError",
    "IngestSettings",
    "RepositoryView",
    "Tag",
    "failure",
    "open_repository",
    "snapshots",
    "tag_names",
    "tree_issues",
]


def open_repository(
    url: str,
    settings: IngestSettings,
    *,
    wanted: Collection[str] | None = None,
    cancelled: Event | None = None,
) -> RepositoryView:
    """The repository of this address, after `mirrors`: a git repository on this machine (read in place), a bundle file
    or any URL that git speaks (fetched into the cache), or a folder of releases.

    `wanted` limits what is fetched to these tags (see `tag_names`); None fetches all. Raises RemoteError when it cannot
    be reached or, offline, is not in the cache; ContentError when it exceeds a limit.
    """
    place = settings.place(url)
    if place.path is not None:
        view = _open_path(place.path, settings)
        if view is not None:
            return view
        location = str(_bundle(place.path) or "")
        if not location:
            raise RepositoryGoneError(f"{place.path} is no repository: the path does not exist")
    else:
        location = place.url
    git = Git(settings.credential_helper, cancelled or Event())
    clone = BareClone(location, settings.cache / "git", git, settings.policy)
    repository = clone.cached() if settings.offline else clone.update(wanted)
    if repository is None:
        raise RemoteError(
            f"{redact(location)} is not in the cache",
            hint="Build once without --no-ingest.",
        )
    return GitView(repository, settings.limits, clone, offline=settings.offline)


def _candidates(path: Path) -> Iterator[Path]:
    yield path
    yield path.with_name(f"{path.name}.git")
    if path.suffix == ".git":
        yield path.with_suffix("")


def _open_path(path: Path, settings: IngestSettings) -> RepositoryView | None:
    for candidate in _candidates(path):
        folder = git_folder(candidate)
        if folder is not None:
            repository = LocalRepository(folder, seconds=settings.limits.fetch_seconds)
            return GitView(repository, settings.limits)
    for candidate in _candidates(path):
        if candidate.is_dir():
            return ReleaseDirectory(candidate, settings.cache / "archives", settings.limits)
    return None


def _bundle(path: Path) -> Path | None:
    candidates = [path, *(p.with_name(f"{p.name}.bundle") for p in _candidates(path))]
    found = (p for p in candidates if p.suffix == ".bundle" and p.is_file())
    return next((p.absolute() for p in found), None)


def tag_names(release: Release) -> tuple[str, str]:
    """The tags to look for, in order: as written, then with the leading v added or removed (docs-normalization 2.2)."""
    written = release.written
    return (written, written[1:] if written.startswith("v") else f"v{written}")


def snapshots(
    entry: Entry,
    releases: Iterable[Release],
    view: RepositoryView,
    repository: Repository,
    limits: Limits,
) -> Iterator[tuple[Release, Checked[Snapshot | None]]]:
    """Each release with its snapshot, or None and the reason. A tree is listed when it is first asked for files, so a
    release that nobody reads costs nothing; `tree_issues` then tells what the listing left out.

    Raises RemoteError when the tags cannot be read at all.
    """
    tags = view.tags()
    for release in releases:
        location = Location(entry.address.path, str(release.version))
        tag = next((tags[name] for name in tag_names(release) if name in tags), None)
        if tag is None:
            looked_for = " or ".join(tag_names(release))
            missing = issue("GIT002", location, f"there is no tag {looked_for} in the repository")
            yield release, Checked(None, (missing,))
            continue
        commit, moved = _commit(release, tag, location)
        try:
            tree = VettedTree(view.tree(commit), location, limits.files)
        except RegistryError as error:
            yield release, Checked(None, (*moved, failure(error, location)))
            continue
        snapshot = Snapshot(entry.address, release, repository, tree, tag.name, commit, tag.created)
        yield release, Checked(snapshot, moved)


def _commit(release: Release, tag: Tag, location: Location) -> tuple[str, tuple[Issue, ...]]:
    """The commit to read: the pinned one wins over a tag that was moved (registry-protocol 2.5)."""
    pinned = release.commit.lower()
    if not pinned or tag.by_content or pinned == tag.commit:
        return tag.commit, ()
    message = f"tag {tag.name} is at {tag.commit}, but the metadata pins {pinned}"
    return pinned, (issue("GIT004", location, message),)


def tree_issues(snapshot: Snapshot) -> tuple[Issue, ...]:
    """What listing the snapshot's tree left out. Ask after the tree was read: it lists the tree otherwise."""
    tree = snapshot.tree
    return tree.issues() if isinstance(tree, VettedTree) else ()


def failure(error: RegistryError, location: Location) -> Issue:
    """The issue for an error that cost a repository or one of its releases."""
    code: str = getattr(error, "code", "GIT001")
    return issue(code, location, str(error), hint=error.hint)
