"""The words and phrases that decide whether a text says more, or less, than its license: wording.json."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def wording() -> dict[str, Any]:
    """The table, its lists of single words as frozen sets."""
    raw = json.loads(files("builder.license").joinpath("wording.json").read_bytes())
    return {
        name: frozenset(value.split()) if isinstance(value, str) else value
        for name, value in raw.items()
    }


def version_of(*names: str) -> str:
    """A hash over these files of the room: other rules give another one, so nothing found by old rules is kept."""
    folder = files("builder.license")
    data = b"\0".join(folder.joinpath(name).read_bytes() for name in names)
    return sha256(data).hexdigest()[:16]
