"""Which files of a tree may state its license, and which of them govern the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from posixpath import dirname, normpath

from builder.model.address import Kind
from builder.model.snapshot import FileKind, TreeFile

POINTER_BYTES = 128  # a file below this may be the path of the real text

_NAME = re.compile(
    r"(?:licen[cs]es?|copying|unlicense|mit-licen[cs]e|(?:licen[cs]e|copying)[-.][^/]+)", re.ASCII
)
_TEXT_SUFFIX = re.compile(r"\.(?:md|txt|rst|html|markdown|adoc)$")
_OTHER_SUFFIX = re.compile(r"\.(?=[a-z]*[a-z]$)[a-z0-9]+$")
_LICENSE_SUFFIX = re.compile(
    r"\.(?:mit|apache|apache2|bsd|mpl|mpl2|epl|isc|zlib|[al]?gpl|[al]?gplv[23]|lesser|busl|bsl|cc0|unlicense|docs)$"
)
_THIRD_PARTY = re.compile(r"third.*party|3rd.*party")
_EXCLUDED = re.compile(r"vendor|node_modules|\.terraform|test.*|fixtures|examples")


def is_license_name(name: str) -> bool:
    """True for the base name of a license file: LICENSE, LICENCE.md, LICENSE-MIT, COPYING, UNLICENSE …; not for
    NOTICE, PATENTS, COPYRIGHT, third-party lists, tables and source code."""
    name = _TEXT_SUFFIX.sub("", name.lower())
    if _OTHER_SUFFIX.search(name) and not _LICENSE_SUFFIX.search(name):
        return False
    return _NAME.fullmatch(name) is not None and _THIRD_PARTY.search(name) is None


def is_candidate(path: str) -> bool:
    """True for a license file outside of dependencies, tests, fixtures and examples (by path segment)."""
    *segments, name = path.split("/")
    return is_license_name(name) and not any(_EXCLUDED.fullmatch(s.lower()) for s in segments)


def candidates(files: Iterable[TreeFile]) -> tuple[TreeFile, ...]:
    """The license files of a tree, symbolic links included, sorted by depth and then by path without letter case."""
    found = [file for file in files if is_candidate(file.path)]
    return tuple(sorted(found, key=lambda f: (f.path.count("/"), f.path.lower(), f.path)))


def governing(
    kind: Kind, found: Sequence[TreeFile], files: Sequence[TreeFile]
) -> tuple[TreeFile, ...]:
    """The license files that decide: for providers those beside the documentation that is published when there are
    any, otherwise (and for all other kinds) those of the root. `found` as `candidates` gives it."""
    readable = [file for file in found if file.kind is FileKind.FILE]
    if kind is Kind.PROVIDER:
        published = any(file.path.startswith("website/docs/") for file in files)
        folders = ("website/docs", "website") if published else ("docs",)
        beside = [file for folder in folders for file in readable if dirname(file.path) == folder]
        if beside:
            return tuple(beside)
    return tuple(file for file in readable if "/" not in file.path)


def submodules(found: Sequence[TreeFile]) -> dict[str, tuple[TreeFile, ...]]:
    """Directory of a submodule -> the license files of its own, in order of the directory."""
    rows: dict[str, list[TreeFile]] = {}
    for file in found:
        folder = dirname(file.path)
        if file.kind is FileKind.FILE and re.fullmatch(r"modules/[^/]+", folder):
            rows.setdefault(folder, []).append(file)
    return {folder: tuple(rows[folder]) for folder in sorted(rows)}


def pointed_path(path: str, data: bytes) -> str:
    """The path inside the tree that a short file names relative to itself; empty when it names none."""
    text = data.decode("utf-8", errors="replace").strip() if len(data) < POINTER_BYTES else ""
    if not text or "\n" in text or "\\" in text or text.startswith("/") or ":" in text:
        return ""
    target = normpath(f"{dirname(path) or '.'}/{text}")
    leads_out = target.startswith(("..", "/")) or "\0" in target
    return "" if leads_out or target in {".", path} else target
