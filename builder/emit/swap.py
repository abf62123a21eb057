"""Put a finished folder in the place of another one in a single step."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

_RENAME_EXCHANGE = 2  # linux/fs.h
_AT_FDCWD = -100
_NOT_SUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


def exchange(new: Path, current: Path) -> None:
    """After this `current` is what `new` was, and `new` what `current` was (or gone when there was none).

    Atomic on Linux (renameat2). Elsewhere two renames: a build killed between them leaves the previous folder under
    `new`'s name with `.old` added, from where `recover` puts it back.
    """
    if not current.exists():
        new.rename(current)
    elif not _exchange_in_kernel(new, current):
        old = old_of(new)
        current.rename(old)
        new.rename(current)
        old.rename(new)


def old_of(new: Path) -> Path:
    """Where the previous folder stands for the moment between the two renames."""
    return new.with_name(new.name + ".old")


def recover(new: Path, current: Path) -> None:
    """Undo a swap that was cut between its two renames."""
    old = old_of(new)
    if old.exists() and not current.exists():
        old.rename(current)


def _exchange_in_kernel(new: Path, current: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False  # a C library without the call
    names = (os.fsencode(new), os.fsencode(current))
    if renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NOT_SUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(current))
