"""A metadata repository on disk: its entries one by one, as a catalog, by address; its signing keys; writing back."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from builder.errors import ContentError, UsageError
from builder.metadata.codec import decode, dump, dump_yaml, encode, load, load_yaml
from builder.metadata.findings import Findings, Raw
from builder.metadata.keys import MAX_KEY, signing_keys
from builder.metadata.layout import COMMUNITY_LIST, Layout, list_files, path_of
from builder.metadata.package import community_entries
from builder.metadata.policy import POLICY_FILES, Policy, read_policy
from builder.metadata.text import MAX_JSON
from builder.model.address import Address, Kind
from builder.model.entry import Catalog, Entry, SigningKey
from builder.model.issue import Checked, Issue, Location, issue


class MetadataRepository:
    """The metadata below `root`, a checkout of a registry's repository. `policy` is a folder with policy files of the
    operator's own, read after those of the repository, for a registry that others keep.

    Raises UsageError when either is not a folder.
    """

    def __init__(self, root: Path, *, policy: Path | None = None) -> None:
        for folder in (root, policy or root):
            if not folder.is_dir():
                raise UsageError(f"{folder}: there is no such folder", hint="Correct `metadata`.")
        self.root = root
        self._policy_folders = [root] if policy is None else [root, policy]

    def paths(self) -> Mapping[Address, str]:
        """The file of each address, relative to the root, sorted by address. No file is read."""
        return self.layout.value.files

    def read(self, addresses: Collection[Address] | None = None) -> Checked[Catalog]:
        """The catalog of all entries, or of those asked for (the policy is always read whole).

        Issues are those of the files read and of the policy, errors first.
        """
        entries: list[Entry] = []
        issues = list(self.surroundings(addresses))
        for checked in self.entries(addresses):
            issues += checked.issues
            if checked.value is not None:
                entries.append(checked.value)
        unique = sorted(dict.fromkeys(issues), key=lambda one: one.sort_key)
        return Checked(Catalog(tuple(entries), self.aliases.value), tuple(unique))

    def entries(
        self, addresses: Collection[Address] | None = None
    ) -> Iterator[Checked[Entry | None]]:
        """The entries one by one, sorted by address, with their policy; None for a file that cannot be read."""
        for address in sorted(self.addresses()):
            if addresses is None or address in addresses:
                yield self._entry(address)

    def addresses(self) -> Collection[Address]:
        """All addresses: of files, of aliases and of the community list."""
        return {*self.paths(), *self.aliases.value, *self.community.value}

    def _entry(self, address: Address) -> Checked[Entry | None]:
        policy = self.policy.value
        if address in self.aliases.value:
            target = self._entry(self.aliases.value[address])
            entry = policy.alias_entry(address, target.value) if target.value else None
            return Checked(entry, target.issues)
        listed = self.community.value.get(address)
        checked = self.stored(address) if address in self.paths() else Checked(listed)
        if checked.value is None:
            return checked
        return Checked(policy.applied(_completed(checked.value, listed)), checked.issues)

    def surroundings(self, addresses: Collection[Address] | None = None) -> Iterator[Issue]:
        """What is odd outside the metadata files: policy files, stray files, the community list."""
        yield from self.policy.issues
        yield from self.aliases.issues
        yield from self.policy.value.unmatched(self.addresses())
        if addresses is None:
            yield from self.community.issues
            yield from self.layout.issues
        else:
            asked = {address.path for address in addresses}
            yield from (one for one in self.layout.issues if one.location.address in asked)

    @cached_property
    def layout(self) -> Checked[Layout]:
        """Which files there are."""
        return list_files(self.root)

    @cached_property
    def policy(self) -> Checked[Policy]:
        """The policy files of the repository and of the operator."""
        issues: list[Issue] = []
        files = []
        for folder in self._policy_folders:
            for name in POLICY_FILES:
                path = name if folder is self.root else f"{folder.name}/{name}"
                data = _bytes(folder / name, Location(path=path), issues, optional=True)
                if data is not None:
                    files.append((path, data))
        checked = read_policy(files)
        return Checked(checked.value, (*issues, *checked.issues))

    @cached_property
    def aliases(self) -> Checked[dict[Address, Address]]:
        """The aliases that have no file of their own, each with the address whose file it stands for."""
        return self.policy.value.resolved(self.paths())

    @cached_property
    def community(self) -> Checked[dict[Address, Entry]]:
        """The packages of the community list."""
        found = Findings(Location(path=COMMUNITY_LIST))
        path = self.root / COMMUNITY_LIST
        data = None
        if not path.parent.is_symlink():
            data = _bytes(path, found.location, found.issues, optional=True)
        loaded = load(data, found.location) if data is not None else Checked({})
        made: dict[Address, Entry] = {}
        for index, entry in community_entries(loaded.value or {}, found):
            if entry.address in made:
                found.shape(f"include[{index}]", f"names the package {entry.address} again")
            made.setdefault(entry.address, entry)
        return Checked(made, (*loaded.issues, *found.issues))

    def raw(self, address: Address) -> Checked[Raw | None]:
        """What the file of an address holds. Issues: META001, META002. Raises KeyError for an address without a file."""
        path = self.paths()[address]
        issues: list[Issue] = []
        place = Location(address=address.path, path=path)
        data = _bytes(self.root / path, place, issues)
        if data is None:
            return Checked(None, tuple(issues))
        return (load_yaml if path.lower().endswith(".yaml") else load)(data, place)

    def stored(self, address: Address) -> Checked[Entry | None]:
        """The entry as its file says, before any policy; None when the file cannot be read at all."""
        loaded = self.raw(address)
        if loaded.value is None:
            return Checked(None, loaded.issues)
        decoded = decode(address, loaded.value, self.paths()[address])
        return Checked(decoded.value, (*loaded.issues, *decoded.issues))

    def write(self, entry: Entry) -> bool:
        """Write an entry, as `stored` gives it, to its file, atomically; True when the bytes changed.

        Raises ContentError when the present file is damaged, so that nothing in it is lost.
        """
        path = self.paths().get(entry.address)
        loaded = self.raw(entry.address) if path else Checked({})
        if loaded.value is None or loaded.issues:
            raise ContentError(f"{path}: {loaded.issues[0].message}", hint=loaded.issues[0].hint)
        raw = encode(entry, loaded.value)
        target = self.root / (path or path_of(entry.address))
        before = target.read_bytes() if path else b""
        data = dump_yaml(raw, before) if target.suffix.lower() == ".yaml" else dump(raw)
        if raw == loaded.value and path:
            return False
        if not target.parent.resolve().is_relative_to(self.root.resolve()):
            raise ContentError(f"{path_of(entry.address)}: a symbolic link leads out of the folder")
        write_file(target, data)
        if not path:
            del self.layout
            self.__dict__.pop("aliases", None)
        return data != before

    def keys(self, entry: Entry) -> Checked[tuple[SigningKey, ...]]:
        """The signing keys of a provider: those of its owner's namespace, then those of the provider alone, each in
        name order. Keys that cannot be decoded are left out. Issues: META008."""
        target = entry.canonical or entry.address
        owner = entry.owner or target.namespace
        layout = self.layout.value
        paths = [*layout.keys.get((owner, ""), ()), *layout.keys.get((owner, target.name), ())]
        return self.decoded_keys(paths)

    def decoded_keys(self, paths: Collection[str]) -> Checked[tuple[SigningKey, ...]]:
        """The keys in these files."""
        issues: list[Issue] = []
        read = ((p, _bytes(self.root / p, Location(path=p), issues, MAX_KEY)) for p in paths)
        checked = signing_keys([(path, data) for path, data in read if data is not None])
        return Checked(checked.value, (*issues, *checked.issues))


def repository_url(entry: Entry, template: str) -> str:
    """The address of the repository: the entry's own, else by convention from a template such as
    `https://github.com/{namespace}/{repository}`. Empty for packages that name none: they have no convention."""
    if entry.repository:
        return entry.repository
    target = entry.canonical or entry.address
    if target.kind is Kind.PACKAGE:
        return ""
    owner = entry.owner or target.namespace
    return template.replace("{namespace}", owner).replace("{repository}", target.repository_name)


def _completed(entry: Entry, listed: Entry | None) -> Entry:
    """A package's entry with what only the community list says."""
    if listed is None or listed.package is None or entry.package is None:
        return entry
    path = entry.package.schema_path or listed.package.schema_path
    repository = entry.repository or listed.repository
    return replace(entry, repository=repository, package=replace(entry.package, schema_path=path))


def _bytes(
    path: Path,
    place: Location,
    issues: list[Issue],
    limit: int = MAX_JSON,
    *,
    optional: bool = False,
) -> bytes | None:
    """The bytes of a file, cut after the limit + 1; None when it cannot be read (reported) or is optional and missing."""
    try:
        with open(path, "rb", opener=_not_a_link) as stream:
            return stream.read(limit + 1)
    except OSError as error:
        if not (optional and isinstance(error, FileNotFoundError)):
            issues.append(issue("META001", place, f"cannot be read: {error.strerror}"))
    return None


def _not_a_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def write_file(path: Path, data: bytes) -> None:
    """Put a file in place in one step: readers see the old bytes or the new ones, whatever happens meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
