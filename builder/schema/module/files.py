"""Which files make up a module, in which order, and where symbolic links among them lead."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from builder.errors import RemoteError
from builder.model.schema import SchemaLimits
from builder.model.snapshot import FileKind, SourceTree, TooLarge, TreeFile

SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")
_HIDDEN_BY = {".tf": ".tofu", ".tf.json": ".tofu.json"}
_MAX_TARGET = 4096  # bytes of a link's target


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """A file of a module: its path in the repository, and the regular file whose bytes are read."""

    path: str
    content: TreeFile

    @property
    def is_json(self) -> bool:
        """JSON syntax or native syntax."""
        return self.path.endswith(".json")

    @property
    def is_override(self) -> bool:
        """Whether its blocks change those of the other files."""
        base = base_name(self.path.rpartition("/")[2])[0]
        return base == "override" or base.endswith("_override")


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a tree that may belong to a module: by directory, and by path."""

    directories: Mapping[str, tuple[TreeFile, ...]] = field(default_factory=dict)
    paths: Mapping[str, TreeFile] = field(default_factory=dict)


def base_name(name: str) -> tuple[str, str]:
    """A module file's name without and with its suffix apart; two empty strings for other files."""
    if name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#")):
        return "", ""
    suffix = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")
    return (name[: -len(suffix)], suffix) if suffix else ("", "")


def listing(tree: SourceTree) -> Listing:
    """The module files of a tree. Make it once for all parts of a version."""
    directories: dict[str, list[TreeFile]] = {}
    paths: dict[str, TreeFile] = {}
    for file in tree.files():
        if file.kind is FileKind.SUBMODULE or not file.path.endswith((".tf", ".tofu", ".json")):
            continue
        directory, _, name = file.path.rpartition("/")
        if base_name(name)[1]:
            directories.setdefault(directory, []).append(file)
            paths[file.path] = file
    return Listing({name: tuple(files) for name, files in directories.items()}, paths)


def module_files(
    tree: SourceTree, directory: str, found: Listing, limits: SchemaLimits
) -> tuple[list[ModuleFile], list[tuple[str, str]]]:
    """The files of a directory in the order they are read, overrides last; and what is left out: (path, reason)."""
    by_name = {
        base_name(f.path.rpartition("/")[2]): f for f in found.directories.get(directory, ())
    }
    files: list[ModuleFile] = []
    left_out: list[tuple[str, str]] = []
    for (base, suffix), file in by_name.items():
        if (base, _HIDDEN_BY.get(suffix, "")) in by_name:
            continue
        target = _followed(tree, file, found, limits)
        if isinstance(target, str):
            left_out.append((file.path, target))
        else:
            files.append(ModuleFile(file.path, target))
    return sorted(files, key=lambda file: (file.is_override, file.path)), left_out


def _followed(
    tree: SourceTree, file: TreeFile, found: Listing, limits: SchemaLimits
) -> TreeFile | str:
    """The regular file that a link leads to inside the tree, by path arithmetic; or why there is none."""
    for _ in range(limits.link_hops + 1):
        if file.kind is FileKind.FILE:
            return file
        try:
            target = tree.read(file, _MAX_TARGET).decode("utf-8", "replace")
        except (TooLarge, RemoteError):
            return "the link cannot be read"
        if target.startswith("/") or "\\" in target:
            return "the link leads out of the repository"
        path = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), target))
        if path.startswith("../"):
            return "the link leads out of the repository"
        following = found.paths.get(path)
        if following is None:
            return "the link leads to no module file"
        file = following
    return "the links lead round in a circle"
