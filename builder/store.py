"""The store: everything that was worked out once, keyed by content, in one SQLite file (WAL) of the cache folder.

It holds the texts that releases show (by git blob id), the ReleaseDocs with the key of the inputs they were made from,
and memos (front matter facts, licence findings, rendered bodies). It holds nothing that may not be redistributed. It is
a cache: damaged or of another format, it is put aside and costs time only.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from builder.errors import RegistryError
from builder.model.address import Address
from builder.model.docs import ReleaseDocs
from builder.model.issue import Issue
from builder.model.summary import VersionSummary

T = TypeVar("T")

_FILE = "store.sqlite3"
FORMAT = 2  # of the tables and of the encoded nouns; another number means another store
_TABLES = """
CREATE TABLE IF NOT EXISTS blob (id TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS release (
    address TEXT NOT NULL, version TEXT NOT NULL, key TEXT NOT NULL, head BLOB NOT NULL, docs BLOB NOT NULL,
    PRIMARY KEY (address, version)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS memo (
    space TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (space, key)
) WITHOUT ROWID;
"""


class Store:
    """The store in `folder`. One process writes at a time; use as a context manager."""

    def __init__(self, folder: Path, *, on_damage: Callable[[str], None] = lambda _: None) -> None:
        self._file = folder / _FILE
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._db = self._open()
        except sqlite3.DatabaseError as error:
            on_damage(f"{self._file}: {error}; it was put aside and a new store begun")
            self.put_aside(folder)
            self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._file, isolation_level=None, timeout=60)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            found = db.execute("PRAGMA user_version").fetchone()[0]
            if found not in (0, FORMAT):
                raise sqlite3.DatabaseError(f"format {found}, not {FORMAT}")
            db.executescript(_TABLES)
            db.execute(f"PRAGMA user_version={FORMAT}")
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    @staticmethod
    def put_aside(folder: Path) -> None:
        """Move the store in `folder` out of the way; the next one begins empty."""
        file = folder / _FILE
        file.replace(file.with_suffix(".damaged"))
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; what was put is kept."""
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything put inside is kept together or not at all; may be nested (the outermost counts)."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def put_blob(self, blob: str, data: bytes) -> None:
        """Keep a text under its git blob id."""
        self._db.execute("INSERT OR REPLACE INTO blob VALUES (?, ?)", (blob, zlib.compress(data)))

    def missing(self, blobs: Iterable[str]) -> list[str]:
        """Those of the ids that the store does not hold, sorted."""
        wanted = sorted(set(blobs))
        held: set[str] = set()
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._db.execute(f"SELECT id FROM blob WHERE id IN ({marks})", part)  # noqa: S608 - marks only
            held.update(row[0] for row in rows)
        return [blob for blob in wanted if blob not in held]

    def read_blob(self, blob: str) -> bytes:
        """The text with this id. Raises StoreError when it is not there or cannot be read."""
        row = self._db.execute("SELECT data FROM blob WHERE id = ?", (blob,)).fetchone()
        if row is None:
            raise StoreError(f"text {blob} is not in the store")
        try:
            return zlib.decompress(row[0])
        except zlib.error as error:
            raise StoreError(f"text {blob} cannot be read: {error}") from error

    def forget_texts(self, blobs: Iterable[str]) -> None:
        """Remove texts that may no longer be shown, and all that was derived from them. A release that still shows one
        of them finds it missing and is made again."""
        gone = set(blobs)
        self._db.executemany("DELETE FROM blob WHERE id = ?", [(blob,) for blob in sorted(gone)])
        rows = self._db.execute("SELECT space, key FROM memo WHERE space != 'licenses'").fetchall()
        derived = [(space, key) for space, key in rows if gone.intersection(key.split("/"))]
        self._db.executemany("DELETE FROM memo WHERE space = ? AND key = ?", derived)

    def put_release(self, docs: ReleaseDocs, head: ReleaseHead) -> None:
        """Keep a release's docs under its address and version; an older row is replaced."""
        packed = zlib.compress(encode(docs).encode(), 3)
        self._db.execute(
            "INSERT OR REPLACE INTO release VALUES (?, ?, ?, ?, ?)",
            (docs.address.path, str(docs.version), head.key, encode(head).encode(), packed),
        )

    def heads(self, address: Address) -> dict[str, ReleaseHead]:
        """version -> head, of all releases kept for this address. Heads that cannot be read are left out."""
        rows = self._db.execute(
            "SELECT version, head FROM release WHERE address = ?", (address.path,)
        )
        found = {}
        for version, data in rows.fetchall():
            with suppress(ValueError, TypeError, KeyError):
                found[version] = decode(ReleaseHead, data.decode())
        return found

    def release(self, address: Address, version: str) -> ReleaseDocs | None:
        """The docs kept for this version, or None when there are none or they cannot be read."""
        row = self._db.execute(
            "SELECT docs FROM release WHERE address = ? AND version = ?", (address.path, version)
        ).fetchone()
        if row is None:
            return None
        try:
            return decode(ReleaseDocs, zlib.decompress(row[0]).decode())
        except (zlib.error, ValueError, TypeError, KeyError):
            return None

    def drop_releases(self, address: Address) -> None:
        """Forget all releases of this address; they are then made again."""
        self._db.execute("DELETE FROM release WHERE address = ?", (address.path,))

    def texts(self, space: str) -> Typed[str]:
        """A mapping of texts to texts that is kept."""
        return Typed(self.memo(space), str)

    def memo(self, space: str) -> Memo:
        """A mapping of texts to bytes that is kept."""
        return Memo(self._db, space)


@dataclass(frozen=True, slots=True)
class ReleaseHead:
    """What a build needs of a release that has not changed, without reading its docs."""

    key: str  # names the inputs the docs were made from
    summary: VersionSummary
    issues: tuple[Issue, ...] = ()


class StoreError(RegistryError):
    """The store lacks something it should hold; making it again from the repositories repairs it."""


def damaged(error: BaseException) -> bool:
    """True for what SQLite raises when the file itself is not (or no longer) a sound database."""
    return type(error) is sqlite3.DatabaseError


class Memo(MutableMapping[str, bytes]):
    """One space of the memo table as a mapping. Values that cannot be read count as absent where they are used."""

    def __init__(self, db: sqlite3.Connection, space: str) -> None:
        self._db, self._space = db, space

    def __getitem__(self, key: str) -> bytes:
        row = self._db.execute(
            "SELECT value FROM memo WHERE space = ? AND key = ?", (self._space, key)
        ).fetchone()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def __setitem__(self, key: str, value: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO memo VALUES (?, ?, ?)", (self._space, key, value))

    def __delitem__(self, key: str) -> None:
        self._db.execute("DELETE FROM memo WHERE space = ? AND key = ?", (self._space, key))

    def __iter__(self) -> Iterator[str]:
        rows = self._db.execute("SELECT key FROM memo WHERE space = ? ORDER BY key", (self._space,))
        return iter([row[0] for row in rows])

    def __len__(self) -> int:
        row = self._db.execute(
            "SELECT count(*) FROM memo WHERE space = ?", (self._space,)
        ).fetchone()
        return int(row[0])


class Typed(MutableMapping[str, T]):
    """A memo whose values are nouns. A value that cannot be decoded counts as absent: it is then made again."""

    def __init__(self, memo: MutableMapping[str, bytes], kind: type[T]) -> None:
        self._memo, self._kind = memo, kind

    def __getitem__(self, key: str) -> T:
        try:
            return decode(self._kind, self._memo[key].decode())
        except (ValueError, TypeError) as error:
            raise KeyError(key) from error

    def __setitem__(self, key: str, value: T) -> None:
        self._memo[key] = encode(value).encode()

    def __delitem__(self, key: str) -> None:
        del self._memo[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._memo)

    def __len__(self) -> int:
        return len(self._memo)


def encode(value: object) -> str:
    """A noun (frozen dataclass of simple values) as compact JSON; equal nouns give equal texts."""
    return json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def decode(kind: type[T], text: str) -> T:
    """The noun that `encode` gave. Raises ValueError, TypeError or KeyError for anything else."""
    reader: _Reader = _reader(kind)  # type: ignore[arg-type]  # types are hashable
    made: T = reader(json.loads(text))
    return made


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return [_plain(getattr(value, f.name)) for f in fields(value)]
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(str(v) for v in value)
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value


_Reader = Callable[[Any], Any]


@cache
def _reader(kind: Any) -> _Reader:
    """How a value of this type is read back from JSON."""
    origin, args = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    if origin in (Union, UnionType):
        inner = _reader(next(a for a in args if a is not NoneType))
        return lambda v: None if v is None else inner(v)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        item = _reader(args[0])
        return lambda v: tuple([item(x) for x in v])
    if origin is tuple:
        items = [_reader(a) for a in args]
        return lambda v: tuple([read(x) for read, x in zip(items, v, strict=True)])
    if origin is frozenset:
        return frozenset
    if isinstance(origin, type) and issubclass(origin, Mapping):
        item = _reader(args[1])
        return lambda v: {k: item(x) for k, x in v.items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    return lambda v: v


def _dataclass_reader(kind: Any) -> _Reader:
    hints = get_type_hints(kind)
    readers = [_reader(hints[f.name]) for f in fields(kind)]

    def read(value: Any) -> Any:
        return kind(*[reader(v) for reader, v in zip(readers, value, strict=True)])

    return read
