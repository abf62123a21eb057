"""A cache of bare clones: only wanted tags, without history, fetched when something changed, never left broken."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random
from tenacity.nap import sleep_using_event

from builder.errors import RemoteError
from builder.git.command import (
    Git,
    GitError,
    RepositoryGoneError,
    RepositorySlowError,
    RepositoryTooLargeError,
    redact,
)
from builder.git.repository import LocalRepository

T = TypeVar("T")

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TAG = re.compile(r"(?!.*(?:\.\.|@\{|//|\.lock(?:/|$)))[^\x00-\x20\x7f~^:?*\[\\]+")
_SCHEME = re.compile(r"(?:https?|git|ssh|git\+ssh|ssh\+git|file)://", re.IGNORECASE)
_SCP = re.compile(r"(?:[\w.-]+@)?[\w.-]{2,}:(?!:|//)")
_NO_DEPTH = re.compile(r"does not support (?:--depth|shallow)|shallow capabilities", re.IGNORECASE)
_NOT_THERE = re.compile(r"not our ref|unadvertised object|couldn't find remote ref", re.IGNORECASE)
_DAMAGED = "regdocs-damaged"  # a file in the clone: throw it away before the next use


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """How long and how often a server is asked, and how much is taken. `seconds` covers one repository with all
    tries; `retry_seconds` is the first pause, which doubles, with jitter; `max_bytes` is of packed objects."""

    seconds: float = 900
    tries: int = 3
    retry_seconds: float = 1.0
    max_bytes: int = 8 * 1024**3


def check_url(url: str) -> str:
    """The URL itself. Raises RepositoryGoneError for what git would take for an option, a helper program or nonsense."""
    if not url or url.startswith("-") or any(c.isspace() or ord(c) < 32 for c in url):
        raise RepositoryGoneError(f"{redact(url)!r} is not the address of a repository")
    if not (_SCHEME.match(url) or _SCP.match(url) or url.startswith("/")):
        raise RepositoryGoneError(f"{redact(url)!r} is not an address that git may be asked for")
    return url


class BareClone:
    """The cached copy of one repository. `cache` is the folder of all clones."""

    def __init__(
        self, url: str, cache: Path, git: Git | None = None, policy: FetchPolicy | None = None
    ) -> None:
        self.url = check_url(url)
        self._git = git or Git()
        self._policy = policy or FetchPolicy()
        slug = re.sub(r"[^A-Za-z0-9._-]+", "-", redact(url).removesuffix(".git"))[-60:].strip("-.")
        self.folder = cache / f"{slug}-{sha256(url.encode()).hexdigest()[:16]}.git"
        self._ends = 0.0

    def cached(self) -> LocalRepository | None:
        """What the cache holds, without asking the server; None when it holds nothing usable."""
        return self._open() if self._local_tags() is not None else None

    def update(self, wanted: Collection[str] | None = None) -> LocalRepository:
        """Bring the wanted tags (None: all) up to date and open the clone. Transfers nothing when the server's tags
        are those of the cache. Raises RepositoryGoneError, RepositorySlowError, RepositoryTooLargeError or GitError."""
        with self._locked():
            self._sweep()
            remote = self._remote_tags()
            local = self._local_tags()
            names = remote.keys() if wanted is None else remote.keys() & {*wanted, *(local or {})}
            needed = {name: remote[name] for name in sorted(names)}
            if local is None:
                self._clone(needed)
            else:
                self._refresh(local, needed, vanished=sorted(local.keys() - remote.keys()))
            self._refuse_excess(self.folder)
        return self._open()

    def fetch_commit(self, commit: str) -> bool:
        """Take one commit that no tag leads to into the cache. False when the server does not have it."""
        if not _COMMIT.fullmatch(commit):
            return False
        with self._locked():
            try:
                self._retried(lambda: self._fetch(self.folder, [f"+{commit}:refs/pins/{commit}"]))
            except GitError as error:
                if _NOT_THERE.search(str(error)):
                    return False
                raise
        return True

    def mark_damaged(self) -> None:
        """Have the next update throw this clone away and make it anew."""
        with contextlib.suppress(OSError):
            (self.folder / _DAMAGED).touch()

    def _open(self) -> LocalRepository:
        return LocalRepository(self.folder, seconds=self._policy.seconds)

    def _local_tags(self) -> Mapping[str, str] | None:
        """The cached tags with the ids of their refs; None when the clone is absent or damaged."""
        if not (self.folder / "HEAD").is_file() or (self.folder / _DAMAGED).exists():
            return None
        with contextlib.closing(self._open()) as repository:
            try:
                return {tag.name: tag.target for tag in repository.tags().values()}
            except RemoteError:
                return None

    def _remote_tags(self) -> dict[str, str]:
        """The server's tags with the ids of their refs."""

        def ask() -> bytes:
            return self._git.run(
                "ls-remote", "--tags", "--refs", "--", self.url, seconds=self._left(), network=True
            )

        tags = {}
        for line in self._retried(ask).decode("utf-8", "replace").splitlines():
            target, _, ref = line.partition("\t")
            name = ref.removeprefix("refs/tags/")
            if _COMMIT.fullmatch(target) and name != ref and _TAG.fullmatch(name):
                tags[name] = target
        return tags

    def _refresh(
        self, local: Mapping[str, str], needed: Mapping[str, str], vanished: Collection[str]
    ) -> None:
        if vanished:
            given = b"".join(f"delete refs/tags/{name}\0\0".encode() for name in vanished)
            self._git.run(
                f"--git-dir={self.folder}", "update-ref", "-z", "--stdin", given=given, seconds=60
            )
        changed = [name for name, target in needed.items() if local.get(name) != target]
        if not changed:
            return
        try:
            self._retried(lambda: self._fetch(self.folder, _refspecs(changed)))
        except (RepositoryGoneError, RepositorySlowError):
            raise
        except GitError:  # the server answers, so the clone may be to blame: the old one stays until a new one is whole
            self._clone(needed)
            return
        with contextlib.suppress(GitError):
            self._git.run(
                f"--git-dir={self.folder}", "gc", "--auto", "--quiet", seconds=self._left()
            )

    def _clone(self, needed: Collection[str]) -> None:
        """Make the clone beside its place and put it there when it is whole."""
        fresh = Path(tempfile.mkdtemp(prefix=f"{self.folder.name}.tmp-", dir=self.folder.parent))
        try:
            self._git.run("init", "--quiet", "--bare", "--template=", "--", str(fresh), seconds=60)
            if needed:
                self._retried(lambda: self._fetch(fresh, _refspecs(needed)))
            self._refuse_excess(fresh)
            if self.folder.exists():
                self.folder.rename(fresh.with_name(f"{fresh.name}-old"))
            fresh.rename(self.folder)
        finally:
            self._sweep()

    def _fetch(self, folder: Path, refspecs: Collection[str]) -> None:
        """Take refs without history; with it where the transport cannot leave it out."""
        depth = ["--depth=1"]
        for options in (depth, []):
            try:
                self._git.run(
                    *(f"--git-dir={folder}", "fetch", "--quiet", "--force", "--no-tags"),
                    *("--no-write-fetch-head", "--no-auto-gc", "--no-show-forced-updates"),
                    *(*options, "--stdin", "--", self.url),
                    given="".join(f"{refspec}\n" for refspec in refspecs).encode(),
                    seconds=self._left(),
                    network=True,
                    watch=lambda: self._excess(folder),
                )
            except GitError as error:
                if options == depth and _NO_DEPTH.search(str(error)):
                    continue
                raise
            return

    def _refuse_excess(self, folder: Path) -> None:
        excess = self._excess(folder)
        if excess:
            raise RepositoryTooLargeError(f"{redact(self.url)}: {excess}")

    def _excess(self, folder: Path) -> str:
        """The limit that the packs of a repository exceed, or nothing."""
        with contextlib.suppress(OSError), os.scandir(folder / "objects" / "pack") as packs:
            size = sum(pack.stat().st_size for pack in packs)
            if size > self._policy.max_bytes:
                return f"the repository has more than {self._policy.max_bytes} bytes"
        return ""

    def _retried(self, call: Callable[[], T]) -> T:
        pause = self._policy.retry_seconds
        retrying = Retrying(
            stop=stop_after_attempt(max(1, self._policy.tries)),
            wait=wait_exponential(multiplier=pause, max=30) + wait_random(0, pause),
            sleep=sleep_using_event(self._git.cancelled),
            retry=retry_if_exception(self._worth_a_try),
            reraise=True,
        )
        try:
            return retrying(call)
        except (GitError, RepositoryTooLargeError) as error:
            raise type(error)(f"{redact(self.url)}: {error}") from error

    def _worth_a_try(self, error: BaseException) -> bool:
        if not isinstance(error, GitError) or not error.passing or _NOT_THERE.search(str(error)):
            return False
        return time.monotonic() < self._ends and not self._git.cancelled.is_set()

    def _left(self) -> float:
        """The seconds that remain of this repository's time."""
        return max(0.1, self._ends - time.monotonic())

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer a clone. The time limit starts when the lock is held."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{self.folder}.lock", timeout=self._policy.seconds)
        try:
            lock.acquire()
        except Timeout as error:
            raise RepositorySlowError(f"{redact(self.url)}: another run is fetching it") from error
        self._ends = time.monotonic() + self._policy.seconds
        try:
            yield
        finally:
            lock.release()

    def _sweep(self) -> None:
        """Remove what interrupted runs left beside the clone."""
        for left_over in self.folder.parent.glob(f"{self.folder.name}.tmp-*"):
            shutil.rmtree(left_over, ignore_errors=True)


def _refspecs(names: Collection[str]) -> list[str]:
    return [f"+refs/tags/{name}:refs/tags/{name}" for name in names]
