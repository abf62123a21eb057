"""Reading objects through one long-lived `git cat-file --batch`: no checkout, one process for a whole repository."""

from __future__ import annotations

import subprocess
import weakref
from pathlib import Path
from threading import Lock
from typing import IO

from builder.errors import RemoteError
from builder.git.command import Git, environment, kill_group
from builder.model.snapshot import TooLarge

_CHUNK = 1024 * 1024
_DRAINED = 8 * 1024 * 1024  # bytes; above it a new process is cheaper than reading to the end


class ObjectMissingError(RemoteError):
    """An object is not in the repository, or is damaged."""


class _Ended(Exception):  # noqa: N818 - a condition, caught here
    """The process died."""


class ObjectReader:
    """Reads objects of one repository. May be used by several threads; a process that died is started again."""

    def __init__(self, folder: Path, git: Git) -> None:
        self._folder = folder
        self._git = git
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._finalizer: weakref.finalize[..., ObjectReader] | None = None

    def read(self, name: str, limit: int, *, kind: str = "blob") -> bytes:
        """The bytes of the object. Raises TooLarge above `limit` bytes without holding them, ObjectMissingError when the
        object is absent, damaged or of another kind."""
        if not name or any(c in name for c in "\n\0 "):
            raise ObjectMissingError(f"{name!r} is not the name of an object")
        with self._lock:
            for last in (False, True):
                try:
                    return self._ask(name, limit, kind)
                except (_Ended, OSError) as error:
                    self._stop()
                    if last:
                        raise ObjectMissingError(f"object {name} is damaged") from error
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the process. The reader may be used again."""
        with self._lock:
            self._stop()

    def _ask(self, name: str, limit: int, kind: str) -> bytes:
        child = self._running()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(name.encode("utf-8", "surrogateescape") + b"\n")
        child.stdin.flush()
        header = child.stdout.readline(4096)
        if not header.endswith(b"\n"):
            raise _Ended
        fields = header.split()
        if len(fields) != 3 or not fields[2].isdigit():
            raise ObjectMissingError(f"object {name} is missing")
        found, size = fields[1].decode("ascii", "replace"), int(fields[2])
        if found != kind or size > limit:
            self._skip(child.stdout, size + 1)
            if found != kind:
                raise ObjectMissingError(f"object {name} is a {found}, not a {kind}")
            raise TooLarge(size)
        data = child.stdout.read(size + 1)  # git ends each object with a newline
        if len(data) != size + 1:
            raise _Ended
        return data[:-1]

    def _skip(self, stdout: IO[bytes], size: int) -> None:
        if size > _DRAINED:
            self._stop()
            return
        while size > 0:
            chunk = stdout.read(min(size, _CHUNK))
            if not chunk:
                raise _Ended
            size -= len(chunk)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            try:
                self._child = subprocess.Popen(  # noqa: S603 - a vector without foreign parts
                    self._git.vector(f"--git-dir={self._folder}", "cat-file", "--batch"),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=environment(network=False),
                    start_new_session=True,
                )
            except OSError as error:
                raise RemoteError(f"the git program cannot be started: {error.strerror}") from error
            self._finalizer = weakref.finalize(self, _end, self._child)
        return self._child

    def _stop(self) -> None:
        self._child = None
        if self._finalizer is not None:
            self._finalizer()
            self._finalizer = None


def _end(child: subprocess.Popen[bytes]) -> None:
    """Stop a reading process; it holds nothing that could be lost."""
    kill_group(child)
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:  # unsent bytes for a process that is gone
                continue
