"""How often Python looks for garbage during a build."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLD = (50_000, 20, 100)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cycles seldom: a build makes many objects and hardly a cycle, and the usual rhythm costs it a fifth of
    its time for bodies from the cache."""
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)
