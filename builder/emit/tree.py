"""Write the site: the new one is put together beside the old one and takes its place in a single step.

Unchanged units are hard links to the files of the previous site, so they cost no writing. Killed at any moment, the
previous site stays as it was, and the next build starts afresh.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from builder.emit.manifest import (
    FOLDER,
    dump_shard,
    read_manifest,
    read_shard,
    shard_of,
    shard_path,
)
from builder.emit.redirects import redirect_page
from builder.emit.swap import exchange, old_of, recover
from builder.errors import RegistryError, RemoteError, UsageError
from builder.model.artifact import (
    MEDIA_TYPES,
    Item,
    Manifest,
    Output,
    Redirect,
    Unit,
    media_type,
)

_NO_LINKS = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP}


class SiteWriter:
    """Use as a context manager; nothing is visible before `commit`. One writer a folder; a second one is refused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next = folder.with_name(f".{folder.name}.next")
        self._lock = FileLock(folder.with_name(f".{folder.name}.lock"), timeout=0)
        self._previous: dict[str, dict[str, Unit]] = {}
        self._units: dict[str, Unit] = {}
        self._kept: dict[str, Unit] = {}  # linked only when the site changes at all
        self._folders: set[Path] = set()

    def __enter__(self) -> SiteWriter:
        refuse_foreign(self._folder)
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise RemoteError(f"{self._folder} is being written by another build") from error
        recover(self._next, self._folder)
        self._clear()
        self._next.mkdir()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clear()
        self._lock.release()

    def _clear(self) -> None:
        shutil.rmtree(self._next, ignore_errors=True)
        if self._folder.exists():
            shutil.rmtree(old_of(self._next), ignore_errors=True)

    def known(self, name: str) -> Unit | None:
        """The unit of the previous site with this name."""
        shard = shard_of(name)
        if shard not in self._previous:
            self._previous[shard] = read_shard(self._folder, shard)
        return self._previous[shard].get(name)

    def keep(self, name: str) -> Unit | None:
        """Take a unit over from the previous site; None (and nothing taken) when a file of it is missing or changed."""
        unit = self.known(name)
        if unit is None or not all(
            _stands(self._folder / item.path, item.size) for item in unit.items
        ):
            return None
        self._units[name] = unit
        self._kept[name] = unit
        return unit

    def write(
        self, name: str, key: str, outputs: Iterable[Output], uses: Iterable[tuple[str, bool]] = ()
    ) -> Unit:
        """Write a unit; what was written or taken over under its name before is replaced. When making its outputs
        fails, nothing of it is left and the error goes on."""
        self._forget(name)
        items: list[Item] = []
        try:
            items.extend(self._write(output) for output in outputs)
        except BaseException:
            _remove(self._next / item.path for item in items)
            raise
        unit = Unit(name, key, tuple(sorted(items)), tuple(sorted(set(uses))))
        self._units[name] = unit
        return unit

    def _forget(self, name: str) -> None:
        unit = self._units.pop(name, None)
        if self._kept.pop(name, None) is None and unit is not None:
            _remove(self._next / item.path for item in unit.items)

    def add_uses(self, name: str, uses: Iterable[tuple[str, bool]]) -> None:
        """State the questions whose answers a unit depends on, known only after it was written."""
        unit = self._units[name]
        self._units[name] = Unit(unit.name, unit.key, unit.items, tuple(sorted(set(uses))))

    def commit(self) -> Manifest:
        """Put the new site, with its manifest, in the place of the old one. A site in which nothing changed stays."""
        made = Manifest(dict(self._units))
        if len(self._kept) == len(self._units) and made == read_manifest(self._folder):
            return made
        for unit in self._kept.values():
            for item in unit.items:
                self._link(item)
        shards: dict[str, list[Unit]] = defaultdict(list)
        for unit in self._units.values():
            shards[shard_of(unit.name)].append(unit)
        for shard, units in shards.items():
            file = shard_path(self._next, shard)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(dump_shard(units))
        exchange(self._next, self._folder)
        return made

    def _link(self, item: Item) -> None:
        source, target = self._folder / item.path, self._place(item.path)
        try:
            _link_or_copy(source, target)
        except FileExistsError as error:
            raise RegistryError(f"two outputs have the path {item.path}") from error
        except FileNotFoundError as error:
            raise RemoteError(f"{source} vanished while the site was built") from error

    def _write(self, output: Output) -> Item:
        target = self._place(output.path)
        redirect, body, media = _content(output)
        try:
            with target.open("xb") as file:
                file.write(body)
        except (FileExistsError, IsADirectoryError) as error:
            raise RegistryError(f"two outputs have the path {output.path}") from error
        digest = sha256(body).hexdigest()
        return Item(output.path, digest, len(body), media, output.cache, redirect)

    def _place(self, path: str) -> Path:
        parts = path.split("/")
        if any(part in ("", ".", "..") for part in parts) or "\0" in path or parts[0] == FOLDER:
            raise RegistryError(f"{path!r} is not a path of the site")
        target = self._next.joinpath(*parts)
        if target.parent not in self._folders:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError) as error:
                raise RegistryError(f"{path} lies below another output") from error
            self._folders.add(target.parent)
        return target


def _content(output: Output) -> tuple[str, bytes, str]:
    """Redirect target ("" for artifacts), body and media type. A redirect with a body of its own is the object itself
    under another name; without one it is a page that leads on."""
    if not isinstance(output, Redirect):
        return "", output.body, output.media_type
    if output.body:
        return output.to, output.body, media_type(output.path)
    return output.to, redirect_page(output), MEDIA_TYPES[".html"]


def refuse_foreign(folder: Path) -> None:
    """Raise UsageError when `folder` exists and is not a site of ours: it would be replaced whole."""
    if folder.exists() and not (folder / FOLDER).is_dir() and any(folder.iterdir()):
        raise UsageError(
            f"{folder} is not empty and was not written by regdocs",
            hint="Name another folder with -d, or remove it.",
        )


def _stands(file: Path, size: int) -> bool:
    try:
        return file.stat().st_size == size
    except OSError:
        return False


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copyfile(source, target)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
