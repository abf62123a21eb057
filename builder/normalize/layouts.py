"""Where documentation may lie in a provider's repository: roots, kind directories, languages and suffixes as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from builder.model.document import CDKTF_LANGUAGES, DOC_KINDS

DOC_ROOTS = ("website/docs", "docs")  # the first that exists is the only one that is read
CDKTF = "cdktf"  # <root>/cdktf/<language>/ repeats the whole layout
SUFFIXES = (".html.md", ".html.markdown", ".md.html", ".markdown.html", ".md", ".markdown")
INDEX_PREFIX = "index."

# directory name -> (key of its kind, reading order); within a kind the later directory wins a collision
KIND_DIRECTORIES = {
    directory: (kind.key, order)
    for kind in DOC_KINDS
    for order, directory in enumerate(kind.directories)
}
# what authors write -> the standard directory
_MEANT = {
    name: kind.directories[-1] for kind in DOC_KINDS for name in (*kind.accepted, kind.segment)
}


class Area(StrEnum):
    """What a path below the documentation root is."""

    PAGE = "page"  # directly in a kind directory
    INDEX = "index"  # directly in the root (or a language's root), named index.*
    STRAY = "stray"  # any other file directly in the root: never a page
    DIRECTORY = "directory"  # the name of a kind or language directory itself: only links and submodules have one
    NESTED = "nested"  # in a sub-directory of a kind directory
    UNKNOWN = "unknown"  # in a directory that is none of the table's


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file lies. `directory` is the one the place is about, relative to the documentation root."""

    area: Area
    directory: str = ""
    language: str = ""
    kind: str = ""
    order: int = 0  # of the directory within its kind


def locate(path: str) -> Place:
    """The place of a path relative to the documentation root (specification of directories, §3.2-3.6)."""
    parts = path.split("/")
    if parts[0] == CDKTF:
        return _locate_cdktf(parts)
    return _locate(parts, "", "")


def _locate_cdktf(parts: Sequence[str]) -> Place:
    """Below cdktf/: a known language repeats the layout, everything else is left out."""
    if len(parts) == 1:
        return Place(Area.DIRECTORY, CDKTF)
    language = parts[1]
    if len(parts) == 2:
        known = language in CDKTF_LANGUAGES
        return Place(Area.DIRECTORY if known else Area.STRAY, CDKTF)
    if language not in CDKTF_LANGUAGES:
        return Place(Area.UNKNOWN, f"{CDKTF}/{language}")
    return _locate(parts[2:], f"{CDKTF}/{language}/", language)


def _locate(rest: Sequence[str], base: str, language: str) -> Place:
    """In one root, of the provider or of a language; `base` is what lies before `rest`."""
    name = rest[0]
    if len(rest) == 1:
        area = Area.INDEX if name.startswith(INDEX_PREFIX) else Area.STRAY
        if name in KIND_DIRECTORIES:
            area = Area.DIRECTORY
        return Place(area, base.rstrip("/"), language)
    if name not in KIND_DIRECTORIES:
        return Place(Area.UNKNOWN, base + name, language)
    kind, order = KIND_DIRECTORIES[name]
    if len(rest) == 2:
        return Place(Area.PAGE, base + name, language, kind, order)
    return Place(Area.NESTED, f"{base}{name}/{rest[1]}", language, kind, order)


def suggestion(directory: str) -> str:
    """The documentation directory that is likely meant by this one, or ""."""
    parent, _, name = directory.rpartition("/")
    name = name.lower().replace("_", "-")
    if parent == CDKTF:
        return name if name in CDKTF_LANGUAGES else ""
    return _MEANT.get(name, "")
