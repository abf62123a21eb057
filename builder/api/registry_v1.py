"""The registry protocol of `terraform` and `tofu` as static objects: what clients install providers and modules from.

Everything comes from the metadata: no repository is asked, and versions that are not documented are there too.

    .well-known/terraform.json                                      where the rest lies
    v1/providers/NS/NAME/versions                                   versions and platforms
    v1/providers/NS/NAME/VERSION/download/OS/ARCH                   one archive: address, checksum, keys
    v1/modules/NS/NAME/SYSTEM/versions                              versions
    v1/modules/NS/NAME/SYSTEM/VERSION/download                      {"location": "git::…?ref=…"}
    v1/modules/NS/NAME/SYSTEM/VERSION/source.html                   the same location as a page

Paths carry the canonical version in its exact letter case, as clients ask for it. Withdrawn versions are in no list, so
that no client chooses them, but their objects stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from urllib.parse import quote, urlsplit

from builder.api.codec import Object, dump, present
from builder.model.address import Address, Kind
from builder.model.artifact import Artifact, CachePolicy, Output
from builder.model.entry import Entry, Release, SigningKey, Target
from builder.model.issue import Issue, Location, issue
from builder.model.version import Version

REGISTRY_VERSION = "1"  # raise it when the same metadata gives other bytes
DISCOVERY = ".well-known/terraform.json"
ROOT = "v1"
SOURCE_PAGE = "source.html"  # beside each module's `download`
JSON = "application/json"

_SCP = re.compile(r"(?:(?P<user>[^@/:]+)@)?(?P<host>[^@/:]{2,}):(?P<path>[^/].*)")
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="terraform-get" content="{location}">
<meta name="robots" content="noindex">
<title>{name} {version}</title></head>
<body><p>{name} {version} is installed from <code>{location}</code>.</p></body></html>
"""


def render_discovery(prefix: str = "/") -> Iterator[Output]:
    """The document that clients read first. `prefix` is the path of the site at its host, with a slash at both ends;
    clients look for the document at the root of the host only. The slashes at the ends are essential."""
    services = {
        f"{kind.plural}.v1": f"{prefix}{ROOT}/{kind.plural}/"
        for kind in (Kind.MODULE, Kind.PROVIDER)
    }
    yield protocol_object(DISCOVERY, dump(services))


def render_registry(
    entry: Entry, keys: Sequence[SigningKey] = (), *, repository: str = ""
) -> Iterator[Output]:
    """All objects of one provider or module; Pulumi packages have none. `keys` are those that sign the provider's
    releases; `repository` is the address that clients fetch a module from with git."""
    match entry.address.kind:
        case Kind.PROVIDER:
            yield from _provider(entry, keys)
        case Kind.MODULE:
            for path in module_paths(entry.address, repository):
                yield from _module(entry, f"{ROOT}/modules/{path}", repository)
        case Kind.PACKAGE:
            return


def protocol_object(path: str, body: bytes, media: str = JSON) -> Artifact:
    """An object that clients read while they install. The media type is stated, because names have no suffix."""
    return Artifact(path, body, media, CachePolicy.PROTOCOL)


def version_segments(version: Version) -> tuple[str, ...]:
    """The version as clients write it into a path, and how hosts may read that: object stores take the literal + of
    build metadata for a blank, and gateways may encode it."""
    text = str(version)
    if not version.build:
        return (text,)
    return (text, text.replace("+", "%2B"), text.replace("+", " "))


def module_paths(address: Address, repository: str) -> tuple[str, ...]:
    """The path of a module, and a second one in its repository's own letter case when that differs: clients ask for
    modules as their users write them."""
    owner, _, name = _repository_path(repository).removesuffix(".git").rpartition("/")
    owner = owner.rpartition("/")[2]
    stem = f"terraform-{address.system}-"
    if f"{owner}/{name}".lower() != f"{address.namespace}/{stem}{address.name}":
        return (address.display,)
    return tuple(dict.fromkeys((address.display, f"{owner}/{name[len(stem) :]}/{address.system}")))


def installable(release: Release) -> bool:
    """True when clients can install this version of a provider: an archive, its checksum list and the signature."""
    return bool(release.targets and release.shasums_url and release.shasums_signature_url)


def registry_issues(entry: Entry, keys: Sequence[SigningKey]) -> Iterator[Issue]:
    """What keeps clients from installing: REG001 versions without archives or checksums, REG002 aliases under which
    the archive's program is not found, REG003 no key."""
    if entry.address.kind is not Kind.PROVIDER:
        return
    where = Location(entry.address.path)
    missing = [str(r.version) for r in entry.releases if not installable(r)]
    if missing:
        shown = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
        yield issue("REG001", where, f"{len(missing)} versions cannot be installed: {shown}")
    if not keys and len(missing) < len(entry.releases):
        yield issue("REG003", where, "no public key is known")
    if entry.canonical and entry.canonical.name != entry.address.name:
        program = f"terraform-provider-{entry.address.name}"
        text = f"clients look for {program} in the archives of {entry.canonical}"
        yield issue("REG002", where, text)


def _provider(entry: Entry, keys: Sequence[SigningKey]) -> Iterator[Output]:
    base = f"{ROOT}/{entry.address.path}"
    releases = [release for release in entry.releases if installable(release)]
    signing = dump(
        {"gpg_public_keys": [{"ascii_armor": k.ascii_armor, "key_id": k.key_id} for k in keys]}
    )
    for release in releases:
        packages = _packages(release)
        tail = b',"signing_keys":%s%s}' % (signing, b',"packages":' + packages if packages else b"")
        for target in release.targets:
            body = dump(_download(release, target))[:-1] + tail
            for segment in version_segments(release.version):
                path = f"{base}/{segment}/download/{target.os}/{target.arch}"
                yield protocol_object(path, body)
    listed: Object = {
        "versions": [_provider_version(r) for r in _newest_first(releases)],
        **present(warnings=list(entry.warnings)),
    }
    yield protocol_object(f"{base}/versions", dump(listed))


def _newest_first(releases: Iterable[Release]) -> list[Release]:
    """The versions that may be chosen. To clients 1.0.0 and 1.0.0+b1 are equal: of a module they choose the one that
    is listed first, of a provider any (Terraform 1.11.4 throws dice unless the constraint is exact)."""
    chosen = (release for release in releases if not release.yanked)
    return sorted(chosen, key=lambda release: release.version, reverse=True)


def _provider_version(release: Release) -> Object:
    return {
        "version": str(release.version),
        "protocols": list(release.protocols),
        "platforms": [{"os": t.os, "arch": t.arch} for t in release.targets],
    }


def _download(release: Release, target: Target) -> Object:
    return {
        "protocols": list(release.protocols),
        "os": target.os,
        "arch": target.arch,
        "filename": target.filename,
        "download_url": target.download_url,
        "shasums_url": release.shasums_url,
        "shasums_signature_url": release.shasums_signature_url,
        "shasum": target.shasum.lower(),
    }


def _packages(release: Release) -> bytes:
    """The hashes of all platforms, for lock files; empty unless complete, because clients that read them refuse a
    version in which one is missing or wrong."""
    if not all(target.h1 and target.size > 0 for target in release.targets):
        return b""
    return dump(
        {
            f"{target.os}_{target.arch}": {"hashes": hashes(target), "package_size": target.size}
            for target in release.targets
        }
    )


def hashes(target: Target) -> list[str]:
    """The checksums of an archive as lock files have them: of the file, then of its content when known."""
    return [f"zh:{target.shasum.lower()}", *([target.h1] if target.h1 else [])]


def _module(entry: Entry, base: str, repository: str) -> Iterator[Output]:
    for release in entry.releases:
        location = module_location(repository, release)
        body = dump({"location": location})
        page = _PAGE.format(
            name=escape(entry.address.display),
            version=escape(str(release.version)),
            location=escape(location),
        ).encode()
        for segment in version_segments(release.version):
            yield protocol_object(f"{base}/{segment}/download", body)
            yield protocol_object(
                f"{base}/{segment}/{SOURCE_PAGE}", page, "text/html; charset=utf-8"
            )
    versions = [{"version": str(release.version)} for release in _newest_first(entry.releases)]
    yield protocol_object(f"{base}/versions", dump({"modules": [{"versions": versions}]}))


def module_location(repository: str, release: Release) -> str:
    """Where clients fetch a module from, in their own notation: the commit that the tag is pinned to, else the tag."""
    url = repository
    if "://" not in url and (short := _SCP.fullmatch(url)):
        user = f"{short['user']}@" if short["user"] else ""
        url = f"ssh://{user}{short['host']}/{short['path']}"
    elif url.startswith("/"):
        url = f"file://{quote(url)}"
    joint = "&" if "?" in url else "?"
    return f"git::{url}{joint}ref={quote(release.commit or release.written, safe='/')}"


def _repository_path(url: str) -> str:
    """owner/name of a repository's address, with whatever stands before them."""
    if "://" not in url and (short := _SCP.fullmatch(url)):
        return short["path"]
    try:
        return urlsplit(url).path.strip("/")
    except ValueError:
        return ""
