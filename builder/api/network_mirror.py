"""The network mirror protocol as static objects: archives of providers with their hashes, for clients that are told to
install from here whatever the host of an address is. It needs no signatures.

    mirror/HOST/NS/NAME/index.json      {"versions": {"1.0.0": {}}}
    mirror/HOST/NS/NAME/1.0.0.json      {"archives": {"linux_amd64": {"url": "https://…", "hashes": ["h1:…", "zh:…"]}}}

Only versions are there of which the content hash of every archive is known: it is what lock files hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urljoin

from builder.api.codec import Object, dump
from builder.api.registry_v1 import ROOT as REGISTRY
from builder.api.registry_v1 import hashes, protocol_object, version_segments
from builder.model.address import Kind
from builder.model.artifact import Output
from builder.model.entry import Entry, Release, Target

MIRROR_VERSION = "1"  # raise it when the same metadata gives other bytes
ROOT = "mirror"


def render_mirror(entry: Entry, hosts: Sequence[str], *, prefix: str = "/") -> Iterator[Output]:
    """The objects of one provider for each of the hosts; nothing when no version is complete. `prefix` is the path of
    the site at its host, with a slash at both ends."""
    if entry.address.kind is not Kind.PROVIDER:
        return
    complete = [release for release in entry.releases if _complete(release)]
    if not complete:
        return
    versions = sorted(release.version for release in complete if not release.yanked)
    index = dump({"versions": {str(version): {} for version in reversed(versions)}})
    bodies = [(release, dump(_archives(entry, release, prefix))) for release in complete]
    for host in hosts:
        base = f"{ROOT}/{host}/{entry.address.display}"
        for release, body in bodies:
            for segment in version_segments(release.version):
                yield protocol_object(f"{base}/{segment}.json", body)
        yield protocol_object(f"{base}/index.json", index)


def _complete(release: Release) -> bool:
    return bool(release.targets) and all(target.h1 for target in release.targets)


def _archives(entry: Entry, release: Release, prefix: str) -> Object:
    return {
        "archives": {
            f"{target.os}_{target.arch}": {
                "url": _absolute(entry, release, target, prefix),
                "hashes": sorted(hashes(target)),  # h1 first
            }
            for target in release.targets
        }
    }


def _absolute(entry: Entry, release: Release, target: Target, prefix: str) -> str:
    """The archive's address. Relative ones are meant from where the registry protocol has them."""
    base = f"{prefix}{REGISTRY}/{entry.address.path}/{release.version}/download/{target.os}/"
    return urljoin(base, target.download_url)
