"""Addresses: what a package is called. Lower-case inside; every form that people have at hand is read by `parse`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from builder.errors import UsageError


class Kind(StrEnum):
    """The kinds of package in a registry."""

    PROVIDER = "provider"
    MODULE = "module"
    PACKAGE = "package"  # a Pulumi package; its address is the name alone

    @property
    def plural(self) -> str:
        """The directory and path segment: providers, modules, packages."""
        return f"{self.value}s"


PART = re.compile(r"[a-z0-9](?:[a-z0-9_.-]*[a-z0-9_-])?", re.ASCII)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^/]+/", re.IGNORECASE)
_PARTS = {Kind.PROVIDER: 2, Kind.MODULE: 3, Kind.PACKAGE: 1}


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """`namespace/name` of a provider, `namespace/name/system` of a module, `name` of a package (namespace empty)."""

    kind: Kind
    namespace: str
    name: str
    system: str = ""

    @classmethod
    def of(cls, kind: Kind, *parts: str) -> Address:
        """The address with these parts, lower-cased. Raises UsageError when a part is not a name."""
        lowered = tuple(part.lower() for part in parts)
        bad = next((p for p in lowered if not PART.fullmatch(p) or ".." in p or len(p) > 100), None)
        if len(lowered) != _PARTS[kind] or bad is not None:
            raise UsageError(f"{'/'.join(parts)!r} is not the address of a {kind}")
        if kind is Kind.PACKAGE:
            return cls(kind, "", lowered[0])
        return cls(kind, *lowered)

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read any usual form: hashicorp/aws, terraform-aws-modules/vpc/aws, packages/random,
        providers/h/hashicorp/aws.json, hashicorp/terraform-provider-aws, a registry or repository URL.

        Raises UsageError when the text is none of them.
        """
        parts = [part for part in _URL.sub("", text.strip()).strip("/").split("/") if part]
        if parts and parts[-1].lower().endswith((".json", ".yaml")):
            parts[-1] = parts[-1].rsplit(".", 1)[0]
        kinds = {kind.plural: kind for kind in Kind}
        kind = kinds.get(parts[0].lower()) if parts else None
        if kind is not None:
            parts = parts[1:]
            sharded = len(parts) > _PARTS[kind] and len(parts[0]) == 1
            if sharded and parts[1][:1].lower() == parts[0].lower():
                parts = parts[1:]  # the shard letter
            return cls.of(kind, *parts[: _PARTS[kind]])
        if len(parts) == 2:
            return cls._of_pair(parts[0], parts[1].removesuffix(".git"))
        if len(parts) == 3:
            return cls.of(Kind.MODULE, *parts)
        raise UsageError(
            f"{text!r} is not an address",
            hint="Write namespace/name for a provider, namespace/name/system for a module, packages/name for a package.",
        )

    @classmethod
    def _of_pair(cls, owner: str, name: str) -> Address:
        """owner/name of a provider, or the repository names terraform-provider-NAME and terraform-SYSTEM-NAME."""
        lowered = name.lower()
        if lowered.startswith("terraform-provider-"):
            return cls.of(Kind.PROVIDER, owner, lowered.removeprefix("terraform-provider-"))
        system, dash, rest = lowered.removeprefix("terraform-").partition("-")
        if lowered.startswith("terraform-") and dash:
            return cls.of(Kind.MODULE, owner, rest, system)
        return cls.of(Kind.PROVIDER, owner, name)

    @property
    def display(self) -> str:
        """ns/name, ns/name/system or name."""
        return "/".join(part for part in (self.namespace, self.name, self.system) if part)

    @property
    def path(self) -> str:
        """The address as a path of the site: providers/ns/name."""
        return f"{self.kind.plural}/{self.display}"

    @property
    def repository_name(self) -> str:
        """The name of the repository by convention (registry protocol: terraform-provider-N, terraform-S-N)."""
        if self.kind is Kind.PROVIDER:
            return f"terraform-provider-{self.name}"
        if self.kind is Kind.MODULE:
            return f"terraform-{self.system}-{self.name}"
        return f"pulumi-{self.name}"

    def __str__(self) -> str:
        return self.display
