"""Where things lie in a metadata repository: paths <-> addresses (registry protocol §2.1), without reading a file.

    providers/<c>/<namespace>/<name>.json           modules/<c>/<namespace>/<name>/<system>.json
    packages/<name>.yaml, packages/<name>.json      keys/<c>/<namespace>/*.asc, keys/<c>/<namespace>/<provider>/*.asc

<c> is the first character of the namespace. Names are compared without letter case. Hidden files are not looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.errors import UsageError
from builder.metadata.findings import shown
from builder.model.address import Address, Kind
from builder.model.issue import Checked, Issue, Location, issue

# The second home of package files is that of the existing package registry.
PACKAGE_FOLDERS = ("packages", "themes/default/data/registry/packages")
COMMUNITY_LIST = "community-packages/package-list.json"
MAX_DEPTH = 8  # folders; nothing that counts lies that deep
_DEPTH = {Kind.PROVIDER: 3, Kind.MODULE: 4}


@dataclass(frozen=True, slots=True)
class Layout:
    """The metadata files by address, sorted, and the key files by (namespace, provider or ""), in name order."""

    files: Mapping[Address, str]  # paths relative to the root
    keys: Mapping[tuple[str, str], tuple[str, ...]]


def path_of(address: Address) -> str:
    """Where the file of an address lies: providers/h/hashicorp/aws.json."""
    if address.kind is Kind.PACKAGE:
        return f"packages/{address.name}.yaml"
    return f"{address.kind.plural}/{address.namespace[0]}/{address.display}.json"


def address_of(path: str) -> Address | None:
    """The address that a metadata file's path names, in any letter case; None when it names none."""
    folder, _, name = path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    if folder.lower() in PACKAGE_FOLDERS:
        return _of(Kind.PACKAGE, stem) if suffix.lower() in {"yaml", "json"} else None
    top, *parts = folder.lower().split("/")
    kind = next((kind for kind in _DEPTH if kind.plural == top), None)
    if kind is None or len(parts) != _DEPTH[kind] - 1 or not dot or suffix.lower() != "json":
        return None
    shard, *names = parts
    address = _of(kind, *names, stem)
    return address if address and shard == address.namespace[0] else None


def _of(kind: Kind, *parts: str) -> Address | None:
    try:
        return Address.of(kind, *parts)
    except UsageError:
        return None


def key_owner(path: str) -> tuple[str, str] | None:
    """(namespace, provider) of a key file, provider "" for keys of the whole namespace; None for other paths."""
    *folders, name = path.lower().split("/")
    if len(folders) not in (3, 4) or folders[0] != "keys" or not name.endswith(".asc"):
        return None
    namespace, provider = folders[2], folders[3] if len(folders) == 4 else ""
    # The namespace and the provider make an address of a provider; "x" stands in for any.
    address = _of(Kind.PROVIDER, namespace, provider or "x")
    return (namespace, provider) if address and folders[1] == namespace[0] else None


def list_files(root: Path) -> Checked[Layout]:
    """All metadata and key files below `root`.

    Issues: META003 for files that name no address and for symbolic links, META006 for two files of one address (the
    lower-case path is used), META001 for folders that cannot be read.
    """
    issues: list[Issue] = []
    found: dict[Address, list[str]] = {}
    keys: dict[tuple[str, str], list[str]] = {}
    for path in _walk(root, issues):
        if (address := address_of(path)) is not None:
            found.setdefault(address, []).append(path)
        elif (owner := key_owner(path)) is not None:
            keys.setdefault(owner, []).append(path)
        else:
            issues.append(_stray(path))
    files = {address: _chosen(address, found[address], issues) for address in sorted(found)}
    return Checked(
        Layout(files, {owner: tuple(sorted(keys[owner])) for owner in sorted(keys)}), tuple(issues)
    )


def _chosen(address: Address, paths: list[str], issues: list[Issue]) -> str:
    """The file that counts when several differ only in letter case or suffix."""
    first, *others = sorted(paths, key=lambda path: (path != path.lower(), path))
    for path in others:
        message = f"names {address} as {first} does, which is used"
        issues.append(issue("META006", Location(address.path, path=path), message))
    return first


def _stray(path: str) -> Issue:
    message = "does not name an address"
    if path.lower().startswith("keys/"):
        message = "is not a key file: keys/<letter>/<namespace>/[<provider>/]<any name>.asc"
    elif (address := _meant(path)) is not None:
        message += f"; the file of {address} lies at {path_of(address)}"
    return issue("META003", Location(path=printable(path)), message)


def _meant(path: str) -> Address | None:
    """The address that a file in the wrong folder of its kind probably has."""
    top, *parts = path.removesuffix(".json").lower().split("/")
    kind = next((kind for kind in _DEPTH if kind.plural == top), None)
    if kind is None or not path.endswith(".json"):
        return None
    return _of(kind, *parts[-_DEPTH[kind] + 1 :])


def _walk(root: Path, issues: list[Issue]) -> Iterator[str]:
    """Paths of the regular files in the folders that hold metadata, sorted."""
    wanted = {kind.plural for kind in _DEPTH} | {"keys", PACKAGE_FOLDERS[0]}
    for name, is_folder in _children(root, "", issues, quiet=True):
        if name.lower() in wanted and is_folder:
            yield from _below(root, name, issues)
    elsewhere = root / PACKAGE_FOLDERS[1]
    if elsewhere.is_dir() and elsewhere.resolve() == root.resolve() / PACKAGE_FOLDERS[1]:
        yield from _below(root, PACKAGE_FOLDERS[1], issues)


def _below(root: Path, folder: str, issues: list[Issue]) -> Iterator[str]:
    for name, is_folder in _children(root, folder, issues):
        path = f"{folder}/{name}"
        if is_folder:
            if path.count("/") < MAX_DEPTH:
                yield from _below(root, path, issues)
            else:
                message = "is nested too deeply and is not looked at"
                issues.append(issue("META003", Location(path=printable(path)), message))
        else:
            yield path


def _children(
    root: Path, folder: str, issues: list[Issue], *, quiet: bool = False
) -> list[tuple[str, bool]]:
    """(name, is it a folder) of what lies in a folder, sorted; links and special files are reported, not followed."""
    made = []
    try:
        with os.scandir(root / folder) as entries:
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False)
                if entry.name.startswith("."):
                    continue
                if is_folder or entry.is_file(follow_symlinks=False):
                    made.append((entry.name, is_folder))
                elif not quiet:
                    path = printable(f"{folder}/{entry.name}")
                    message = "a symbolic link or special file is not followed"
                    issues.append(issue("META003", Location(path=path), message))
    except OSError as error:
        place = Location(path=printable(folder))
        issues.append(issue("META001", place, f"folder cannot be read: {error.strerror}"))
    return sorted(made)


def printable(path: str) -> str:
    """A path for a message: names that are not UTF-8 show as escapes."""
    return path if path.isprintable() else shown(path)
