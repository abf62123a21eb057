"""Policy files: decisions of the operator, kept beside the metadata with a history. All are optional.

`versions_blacklist.json` (registry protocol §2.6), versions that are withdrawn: an update must not add them, and those
that are in the metadata count as yanked.

    {"providers": [{"namespace", "name", "version", "reason"}],
     "modules": [{"namespace", "name", "target_system", "version", "reason"}]}

`blocklist.json`, packages whose documentation is not shown. The most exact rule counts; case does not.

    {"providers": {"ns/name": "reason", "ns/": "reason"},
     "modules": {"ns/name/system": "reason", "ns/name/": "reason", "ns//": "reason"},
     "packages": {"name": "reason"}}

`aliases.json`, ours:

    {"namespaces": {"hashicorp": "opentofu"}, "providers": {"hashicorp/datadog": "datadog/datadog"}}

`namespaces`: providers of the first namespace keep their own metadata files, but their repositories and their signing
keys are those of the second one (modules are not concerned). `providers`: the first address has no file of its own and
stands for the second one, with its releases; a file of its own wins over the alias.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from builder.errors import UsageError
from builder.metadata.findings import Findings, Raw, objects, rows, shown, text
from builder.metadata.releases import NO_REASON
from builder.metadata.text import load
from builder.model.address import PART, Address, Kind
from builder.model.entry import Entry, Release
from builder.model.issue import Checked, Issue, Location, issue
from builder.model.version import Version

BLACKLIST, BLOCKLIST, ALIASES = "versions_blacklist.json", "blocklist.json", "aliases.json"
MAX_CHAIN = 10  # aliases of aliases
POLICY_FILES = (BLACKLIST, BLOCKLIST, ALIASES)


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a policy file, and where it stands."""

    key: str  # what it concerns: an address as `kind/ns/name`, or a prefix of addresses ending in /
    value: str  # the reason, or what the key stands for
    location: Location
    where: str  # JSON path in the file


@dataclass(frozen=True, slots=True)
class Policy:
    """All policy files together. Later files win over earlier ones."""

    yanks: Mapping[tuple[Address, Version], Rule]
    blocks: Mapping[str, Rule]  # by path of an address, or by a prefix of paths ending in /
    namespaces: Mapping[str, Rule]
    aliases: Mapping[Address, Rule]  # as written; `Policy.resolved` follows them

    def yanked(self, address: Address, version: Version) -> str:
        """Why this version is withdrawn; empty when it is not. Updates ask it before they add a version."""
        rule = self.yanks.get((address, version))
        return rule.value if rule else ""

    def blocked(self, address: Address) -> str:
        """Why the package is blocked; empty when it is not."""
        rule = next((self.blocks[key] for key in block_keys(address) if key in self.blocks), None)
        return rule.value if rule else ""

    def owner(self, address: Address) -> str:
        """The namespace whose repositories and keys a provider uses; empty for its own."""
        rule = self.namespaces.get(address.namespace) if address.kind is Kind.PROVIDER else None
        return rule.value if rule else ""

    def applied(self, entry: Entry) -> Entry:
        """The entry with what the policy says of its address."""
        releases = entry.releases
        if any((entry.address, release.version) in self.yanks for release in releases):
            releases = tuple(self._judged(entry.address, release) for release in releases)
        return replace(
            entry,
            releases=releases,
            blocked=self.blocked(entry.address) or entry.blocked,
            owner=self.owner(entry.address) or entry.owner,
        )

    def _judged(self, address: Address, release: Release) -> Release:
        reason = release.yanked or self.yanked(address, release.version)
        return replace(release, yanked=reason)

    def alias_entry(self, alias: Address, target: Entry) -> Entry:
        """The entry of an address that stands for another one, whose entry, with its policy, is `target`."""
        owner = target.owner or target.address.namespace
        entry = replace(target, address=alias, canonical=target.address, owner=owner)
        return replace(self.applied(entry), owner=owner)

    def unmatched(self, known: Collection[Address]) -> Iterator[Issue]:
        """Rules that concern none of the known addresses; versions that are not there yet are no fault."""
        paths = {key for address in known for key in block_keys(address)}
        namespaces = {a.namespace for a in known if a.kind is Kind.PROVIDER}
        for (address, _), rule in self.yanks.items():
            if address not in known:
                yield _unmatched(rule, f"there is no {address.kind} {address}")
        for key, rule in self.blocks.items():
            if key not in paths:
                yield _unmatched(rule, f"no address matches {shown(rule.key)}")
        for key, rule in self.namespaces.items():
            if key not in namespaces:
                yield _unmatched(rule, f"there is no provider in {key}")

    def resolved(self, files: Collection[Address]) -> Checked[dict[Address, Address]]:
        """Each alias with the address of the file that it stands for, sorted. Issues: META007 for those without one."""
        made: dict[Address, Address] = {}
        issues = []
        for alias in sorted(self.aliases):
            target, steps = alias, 0
            while target not in files and target in self.aliases and steps < MAX_CHAIN:
                target = Address.of(Kind.PROVIDER, *self.aliases[target].value.split("/"))
                steps += 1
            if not steps:
                why = f"{alias} has a file of its own, which is used"
                issues.append(_unmatched(self.aliases[alias], why))
            elif target in files:
                made[alias] = target
            else:
                why = (
                    "the alias leads in a circle"
                    if steps == MAX_CHAIN
                    else f"there is no provider {target}"
                )
                issues.append(_unmatched(self.aliases[alias], why))
        return Checked(made, tuple(issues))


def block_keys(address: Address) -> tuple[str, ...]:
    """The rules that can block an address, most exact first: its path, then prefixes."""
    keys = [address.path]
    if address.kind is Kind.MODULE:
        keys.append(f"modules/{address.namespace}/{address.name}/")
    if address.namespace:
        keys.append(f"{address.kind.plural}/{address.namespace}/")
    return tuple(keys)


def _unmatched(rule: Rule, why: str) -> Issue:
    return issue("META007", rule.location, f"{rule.where}: {why}")


def read_policy(files: Iterable[tuple[str, bytes]]) -> Checked[Policy]:
    """The policy in (path, bytes) of policy files; the last part of the path says which it is.

    Issues: META001, META002 and META004, as for all metadata.
    """
    yanks: dict[tuple[Address, Version], Rule] = {}
    blocks: dict[str, Rule] = {}
    namespaces: dict[str, Rule] = {}
    aliases: dict[Address, Rule] = {}
    issues: list[Issue] = []
    for path, data in files:
        found = Findings(Location(path=path))
        loaded = load(data, found.location)
        raw = loaded.value or {}
        name = path.rpartition("/")[2]
        if name == BLACKLIST:
            yanks.update(_yanks(raw, found))
        elif name == BLOCKLIST:
            blocks.update(_blocks(raw, found))
        elif name == ALIASES:
            namespaces.update(_namespaces(raw, found))
            aliases.update(_aliases(raw, found))
        issues += [*loaded.issues, *found.issues]
    return Checked(Policy(yanks, blocks, namespaces, aliases), tuple(issues))


def _address(found: Findings, where: str, kind: Kind, *parts: object) -> Address | None:
    try:
        return Address.of(kind, *(part if isinstance(part, str) else "" for part in parts))
    except UsageError as error:
        found.shape(where, str(error))
        return None


def _reason(value: object, where: str, found: Findings) -> str:
    """The reason; a rule without one still counts."""
    if isinstance(value, str) and value.strip():
        return value
    found.shape(where, "must be a text that gives the reason")
    return NO_REASON


def _yanks(raw: Raw, found: Findings) -> dict[tuple[Address, Version], Rule]:
    made: dict[tuple[Address, Version], Rule] = {}
    for kind, names in (
        (Kind.PROVIDER, ("namespace", "name")),
        (Kind.MODULE, ("namespace", "name", "target_system")),
    ):

        def read(item: Raw, where: str, kind: Kind = kind, names: tuple[str, ...] = names) -> Any:
            address = _address(found, where.rstrip("."), kind, *(item.get(name) for name in names))
            version = Version.parse(text(item, "version", where, found))
            if version is None:
                written = shown(item.get("version"))
                found.add("META004", f"{where}version", f"{written} is not a version")
            if address is None or version is None:
                return None
            reason = _reason(item.get("reason"), f"{where}reason", found)
            return (address, version), Rule(address.path, reason, found.location, where.rstrip("."))

        listed = objects(rows(raw, kind.plural, "", found), kind.plural, found, read)
        made.update(item for _, item in listed)
    return made


def _pairs(raw: Raw, key: str, found: Findings) -> Iterator[tuple[str, Any, str]]:
    """(key, value, where) of an object of rules."""
    value = raw.get(key)
    if value is not None and not isinstance(value, dict):
        found.shape(key, f"must be an object, not {shown(value)}")
        return
    for name, said in (value or {}).items():
        yield name, said, f"{key}[{shown(name)}]"


def _blocks(raw: Raw, found: Findings) -> dict[str, Rule]:
    made = {}
    for kind in Kind:
        for name, said, where in _pairs(raw, kind.plural, found):
            key = _block_key(kind, name)
            if key is None:
                found.shape(where, f"is not an address or a namespace of {kind.plural}")
                continue
            made[key] = Rule(name, _reason(said, where, found), found.location, where)
    return made


def _block_key(kind: Kind, written: str) -> str | None:
    parts = written.lower().split("/")
    while len(parts) > 1 and not parts[-1] and not parts[-2]:
        parts.pop()  # the form ns// of modules
    prefix = len(parts) > 1 and not parts[-1]
    names = parts[:-1] if prefix else parts
    full = {Kind.PROVIDER: 2, Kind.MODULE: 3, Kind.PACKAGE: 1}[kind]
    if not all(PART.fullmatch(name) for name in names):
        return None
    if prefix and len(names) < full and kind is not Kind.PACKAGE:
        return f"{kind.plural}/{'/'.join(names)}/"
    return f"{kind.plural}/{'/'.join(names)}" if not prefix and len(names) == full else None


def _namespaces(raw: Raw, found: Findings) -> dict[str, Rule]:
    made = {}
    for name, said, where in _pairs(raw, "namespaces", found):
        pair = (name, said if isinstance(said, str) else "")
        if all(PART.fullmatch(part.lower()) for part in pair):
            made[name.lower()] = Rule(name, pair[1].lower(), found.location, where)
        else:
            found.shape(where, f"must map a namespace to a namespace, not to {shown(said)}")
    return made


def _aliases(raw: Raw, found: Findings) -> dict[Address, Rule]:
    made = {}
    for name, said, where in _pairs(raw, "providers", found):
        alias = _address(found, where, Kind.PROVIDER, *name.split("/"))
        parts = said.split("/") if isinstance(said, str) else [""]
        target = _address(found, where, Kind.PROVIDER, *parts)
        if alias and target:
            made[alias] = Rule(alias.path, target.display, found.location, where)
    return made
