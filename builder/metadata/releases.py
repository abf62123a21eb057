"""The `versions` of a metadata file <-> Releases (registry protocol §2.4, §2.5, §2.8)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from sys import intern
from typing import Any

from builder.metadata.findings import Findings, Raw, count, matching, objects, shown
from builder.model.address import Kind
from builder.model.entry import Release, Target
from builder.model.version import Version

_FIVE = ("os", "arch", "filename", "download_url", "shasum")
_five = itemgetter(*_FIVE)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_SUMS = "SHA256SUMS"
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
_H1 = re.compile(r"h1:[A-Za-z0-9+/]{43}=", re.ASCII)
_WORD = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)
_PROTOCOL = re.compile(r"\d{1,4}(?:\.\d{1,4}){0,2}", re.ASCII)
_FILENAME = re.compile(r"(?!\.{1,2}\Z)[^/\\\x00-\x1f\x7f]{1,255}")
# Relative addresses are allowed by the protocol; other schemes and what could end an attribute or a header are not.
URL = re.compile(
    r"(?:https?://|(?![A-Za-z][A-Za-z0-9+.-]*:))[^\s\x00-\x1f\x7f\"<>\\]{1,2000}", re.IGNORECASE
)
# What git takes as an address, but for option-like texts and remote helpers (ext::), which run programs.
REPOSITORY = re.compile(r"(?!-)(?![A-Za-z0-9+.-]*::)[^\s\x00-\x1f\x7f]{1,2000}", re.ASCII)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
NO_REASON = "no reason is given"


class _Broken(Exception):  # noqa: N818 - a required field is wrong; the record is left out
    pass


def read_releases(values: Sequence[Any], kind: Kind, found: Findings) -> list[tuple[int, Release]]:
    """(index, release) for the usable items of `versions`, in the file's order, one per canonical version."""

    def read(raw: Raw, where: str) -> Release | None:
        return _release(raw, where, found)

    readable = objects(list(values), "versions", found, read)
    return _one_per_version(readable, kind, found)


def newest_first(releases: Iterable[Release]) -> tuple[Release, ...]:
    """The releases, newest version first."""
    return tuple(sorted(releases, key=lambda release: release.version, reverse=True))


def _release(raw: Raw, where: str, found: Findings) -> Release | None:
    version = _version(raw, where, found)
    if version is None:
        return None
    try:
        commit = _required(raw, "commit", where, found, _COMMIT, version)
        protocols = _protocols(raw, where, found, version)
        shasums_url = _required(raw, "shasums_url", where, found, URL, version)
        signature_url = _required(raw, "shasums_signature_url", where, found, URL, version)
    except _Broken:
        return None
    return Release(
        version,
        raw["version"],
        commit,
        matching(raw, "discovered", where, found, TIME),
        protocols,
        shasums_url,
        signature_url,
        _targets(raw, where, found, version),
        _yanked(raw, where, found, version),
        matching(raw, "schema_url", where, found, URL),
    )


def _version(raw: Raw, where: str, found: Findings) -> Version | None:
    written = raw.get("version")
    if not isinstance(written, str):
        found.shape(f"{where}version", f"must be a text, not {shown(written)}")
        return None
    version = Version.parse(written)
    if version is None:
        found.add("META004", f"{where}version", f"{shown(written)} is not a version")
    return version


def _required(
    raw: Raw, key: str, where: str, found: Findings, pattern: re.Pattern[str], version: Version
) -> str:
    """A text that a release may lack but that must be right when it is there: a wrong address or pin is never dropped
    silently in favor of none."""
    value = raw.get(key)
    if value is None or value == "":
        return ""
    if isinstance(value, str) and pattern.fullmatch(value):
        return value
    found.shape(f"{where}{key}", f"{shown(value)} is not of the right form", version=version)
    raise _Broken


def _protocols(raw: Raw, where: str, found: Findings, version: Version) -> tuple[str, ...]:
    values = raw.get("protocols")
    if values is None:
        return ()
    try:
        return _checked_protocols(tuple(values) if isinstance(values, list) else None)
    except (TypeError, ValueError):
        message = f"must be a list of texts like 5.0, not {shown(values)}"
        found.shape(f"{where}protocols", message, version=version)
        raise _Broken from None


@lru_cache(maxsize=256)
def _checked_protocols(values: tuple[str, ...] | None) -> tuple[str, ...]:
    if values is None or not all(_PROTOCOL.fullmatch(value) for value in values):
        raise ValueError
    return values


def _targets(raw: Raw, where: str, found: Findings, version: Version) -> tuple[Target, ...]:
    values = raw.get("targets")
    if values is None:
        return ()
    sums = raw.get("shasums_url") or ""  # its form was checked
    stem = sums.removesuffix(_SUMS) if sums.endswith(f"_{_SUMS}") else ""
    listed = read_targets(values, f"{where}targets", found, version, stem)
    targets = tuple([target for _, target in listed])
    if len({(target.os, target.arch) for target in targets}) == len(targets):
        return targets
    made: dict[tuple[str, str], Target] = {}
    for index, target in listed:
        if (target.os, target.arch) in made:
            message = f"{target.os}_{target.arch} occurs twice; the first one is used"
            found.shape(f"{where}targets[{index}]", message, version=version)
        made.setdefault((target.os, target.arch), target)
    return tuple(made.values())


def read_targets(
    values: object, where: str, found: Findings, version: object = "", stem: str = ""
) -> list[tuple[int, Target]]:
    """(index, target) of the usable items of `targets`. `stem` is what the checked addresses of the release's archives
    usually begin with."""
    if not isinstance(values, list):
        found.shape(where, f"must be a list, not {shown(values)}", version=version)
        return []
    made = []
    named = stem.rfind("/") + 1
    for index, value in enumerate(values):
        target = _target(value, stem, named)
        if target is None:
            _target_faults(value, f"{where}[{index}]", found, version)
            continue
        if "h1" in value or "size" in value:
            target = _with_sizes(target, value, f"{where}[{index}].", found)
        made.append((index, target))
    return made


def _target(raw: Any, stem: str, named: int) -> Target | None:
    # The hot path: the public registry has 600,000 targets. Addresses of the usual form need no pattern.
    try:
        system, arch, filename, url, shasum = _five(raw)
        if len(shasum) != 64 or len(bytes.fromhex(shasum)) != 32:
            return None
        system, arch, suffix = _platform(system, arch)
        usual = stem and url == stem + suffix and filename == url[named:]
        if usual or (URL.fullmatch(url) and _FILENAME.fullmatch(filename)):
            return Target(system, arch, filename, url, shasum)
    except (KeyError, TypeError, ValueError):
        pass
    return None


@lru_cache(maxsize=1024)
def _platform(system: str, arch: str) -> tuple[str, str, str]:
    """Both words, shared, and how an archive for them usually ends."""
    if not _WORD.fullmatch(system) or not _WORD.fullmatch(arch):
        raise ValueError
    return intern(system), intern(arch), f"{system}_{arch}.zip"


def _target_faults(raw: object, where: str, found: Findings, version: object) -> None:
    if not isinstance(raw, dict):
        found.shape(where, f"must be an object, not {shown(raw)}", version=version)
        return
    for key, pattern in zip(_FIVE, (_WORD, _WORD, _FILENAME, URL, _SHA256), strict=True):
        value = raw.get(key)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            said = f"{shown(value)} is not of the right form" if key in raw else "is missing"
            found.shape(f"{where}.{key}", said, version=version)


def _with_sizes(target: Target, raw: Raw, where: str, found: Findings) -> Target:
    h1 = matching(raw, "h1", where, found, _H1)
    size = count(raw, "size", where, found)
    return Target(
        target.os, target.arch, target.filename, target.download_url, target.shasum, h1, size
    )


def _yanked(raw: Raw, where: str, found: Findings, version: Version) -> str:
    """The reason, from "yanked": "reason" or {"reason": "reason"}; what is neither still withdraws the version."""
    value = raw.get("yanked")
    if isinstance(value, dict):
        value = value.get("reason", "")
    if value is None or value is False:
        return ""
    if isinstance(value, str) and value.strip():
        return value
    found.shape(f"{where}yanked", "must be a text that gives the reason", version=version)
    return NO_REASON


def _one_per_version(
    readable: list[tuple[int, Release]], kind: Kind, found: Findings
) -> list[tuple[int, Release]]:
    """Keep the tag with a leading v of several that are the same version, else the first (§2.8)."""
    by_version: dict[Version, list[tuple[int, Release]]] = {}
    for row in readable:
        by_version.setdefault(row[1].version, []).append(row)
    if len(by_version) == len(readable):
        return readable
    chosen = []
    for version, same in by_version.items():
        best = next((row for row in same if _has_v(row[1], kind)), same[0])
        chosen.append(best)
        for index, other in same:
            if index != best[0]:
                message = f"{other.written!r} is the same version as versions[{best[0]}] {best[1].written!r}, which is used"
                found.add("META005", f"versions[{index}].version", message, version=version)
    return sorted(chosen, key=itemgetter(0))


def _has_v(release: Release, kind: Kind) -> bool:
    if kind is Kind.PROVIDER:  # their tags show in the download addresses only
        return f"/v{release.written}/" in release.shasums_url
    return release.written.startswith("v")
