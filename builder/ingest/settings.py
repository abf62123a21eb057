"""Where repositories really are, and how much of them is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from builder.git.clone import FetchPolicy
from builder.git.command import RepositoryGoneError, redact
from builder.model.limits import Limits

DIRECTORY = "directory:"  # directory:PATH in mirrors: a folder of releases


@dataclass(frozen=True, slots=True)
class Place:
    """Where a repository is fetched or read: a URL for git, or a path on this machine."""

    url: str = ""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """`cache` holds bare clones and unpacked archives. `mirrors` replaces prefixes of addresses, the longest one that
    fits wins; only its values may name places on this machine, unless `local_addresses` trusts the metadata too.
    `offline` uses what is in the cache and asks no server."""

    cache: Path
    mirrors: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    offline: bool = False
    local_addresses: bool = False
    credential_helper: str = ""  # git's credential.helper; empty: none
    tries: int = 3
    retry_seconds: float = 1.0  # the first pause between tries

    @property
    def policy(self) -> FetchPolicy:
        """The limits in the words of the git service."""
        return FetchPolicy(
            seconds=self.limits.fetch_seconds,
            tries=self.tries,
            retry_seconds=self.retry_seconds,
            max_bytes=self.limits.repository_bytes,
        )

    def place(self, url: str) -> Place:
        """Where to look for the repository of this address. Raises RepositoryGoneError when it may not be used."""
        prefix = max((p for p in self.mirrors if url.startswith(p)), key=len, default=None)
        if prefix is None:
            return self._place(url, trusted=self.local_addresses)
        rest = url[len(prefix) :]
        if ".." in unquote(rest).split("/"):
            raise RepositoryGoneError(f"{redact(url)} leads out of its mirror")
        return self._place(self.mirrors[prefix] + rest, trusted=True)

    def _place(self, address: str, *, trusted: bool) -> Place:
        path = local_path(address)
        if path is None:
            return Place(url=address)
        if not trusted:
            raise RepositoryGoneError(
                f"{address} is a place on this machine",
                hint="Addresses in metadata may not name local places; map them under `mirrors:`.",
            )
        return Place(path=path)


def local_path(address: str) -> Path | None:
    """The path that an address names, or None when it is one for a server."""
    lowered = address.lower()
    if lowered.startswith(DIRECTORY):
        return Path(address[len(DIRECTORY) :])
    if lowered.startswith("file://"):
        return Path("/" + unquote(address[7:]).removeprefix("localhost").lstrip("/"))
    if "://" in address or ":" in address.split("/", 1)[0]:
        return None
    return Path(address)
