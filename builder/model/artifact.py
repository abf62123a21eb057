"""What goes out: artifacts and redirects, and the manifest that lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256


class CachePolicy(StrEnum):
    """How long readers may keep an object; the values of Cache-Control are configuration of the host."""

    PAGE = "page"  # revalidated soon
    API = "api"  # an hour, as the existing docs API
    PROTOCOL = "protocol"  # registry protocol documents: minutes
    IMMUTABLE = "immutable"  # named by content: a year


MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".yml": "application/yaml",
    ".ndjson": "application/x-ndjson",
    ".woff2": "font/woff2",
    ".ico": "image/x-icon",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".map": "application/json",
    ".gz": "application/gzip",
}


def media_type(path: str) -> str:
    """The media type by suffix; application/octet-stream for unknown ones."""
    name = path.rsplit("/", 1)[-1]
    dot = name.rfind(".")
    return MEDIA_TYPES.get(name[dot:].lower() if dot >= 0 else "", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Artifact:
    """One object of the site. `path` is relative, with forward slashes, and never starts with one."""

    path: str
    body: bytes
    media: str = ""  # empty: by suffix
    cache: CachePolicy = CachePolicy.PAGE

    @property
    def media_type(self) -> str:
        """The media type, stated or by suffix."""
        return self.media or media_type(self.path)


@dataclass(frozen=True, slots=True)
class Redirect:
    """A permanent move from one path of the site to another path or to an absolute URL."""

    path: str
    to: str
    body: bytes = b""  # the page for hosts that cannot redirect
    cache: CachePolicy = CachePolicy.PAGE


Output = Artifact | Redirect


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """A line of the manifest."""

    path: str
    sha256: str  # over the body
    size: int
    media_type: str
    cache: CachePolicy = CachePolicy.PAGE
    redirect: str = ""  # target, for redirects


@dataclass(frozen=True, slots=True)
class Unit:
    """Outputs that are made together from the same inputs: a release, a package, the lists. `key` names the inputs:
    the same key gives the same items, so a unit with a known key is not made again, unless the answer to one of the
    questions in `uses` (is this address hosted here?) has changed."""

    name: str  # "providers/hashicorp/random/3.6.0", "providers/hashicorp/random", "site/catalog", "site/assets"
    key: str
    items: tuple[Item, ...] = ()
    uses: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """All units of a built site, by name."""

    units: Mapping[str, Unit] = field(default_factory=dict)

    def items(self) -> Iterable[Item]:
        """Every item, sorted by path."""
        return sorted(item for unit in self.units.values() for item in unit.items)

    @property
    def digest(self) -> str:
        """One hash over all items: equal for equal sites."""
        state = sha256()
        for item in self.items():
            state.update(f"{item}\n".encode())
        return state.hexdigest()
