"""The manifest on disk: one JSON file per package below `.manifest/` of the site, and one for the rest of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from builder.model.address import Kind
from builder.model.artifact import CachePolicy, Item, Manifest, Unit

FOLDER = ".manifest"
FORMAT = 1
_SITE = "site"
_DEPTH = {Kind.PROVIDER.plural: 3, Kind.MODULE.plural: 4, Kind.PACKAGE.plural: 2}


def shard_of(unit: str) -> str:
    """The shard that holds a unit: its package's path, or "site"."""
    parts = unit.split("/")
    depth = _DEPTH.get(parts[0], 0)
    return "/".join(parts[:depth]) if depth and len(parts) >= depth else _SITE


def shard_path(site: Path, shard: str) -> Path:
    """The file of a shard."""
    return site / FOLDER / f"{shard}.json"


def read_shard(site: Path, shard: str) -> dict[str, Unit]:
    """The units of a shard by name. A missing, damaged or foreign file is an empty shard: its units are made again."""
    try:
        raw = json.loads(shard_path(site, shard).read_bytes())
        if raw["format"] != FORMAT:
            return {}
        units = [_unit(row) for row in raw["units"]]
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return {}
    return {unit.name: unit for unit in units}


def dump_shard(units: Iterable[Unit]) -> bytes:
    """The bytes of a shard: sorted, one unit a line."""
    rows = sorted(units, key=lambda unit: unit.name)
    lines = ",\n".join(json.dumps(_row(unit), separators=(",", ":")) for unit in rows)
    return f'{{"format":{FORMAT},"units":[\n{lines}\n]}}\n'.encode()


def read_manifest(site: Path) -> Manifest:
    """All units of a built site; an empty manifest when the folder is none."""
    root = site / FOLDER
    units: dict[str, Unit] = {}
    for file in sorted(root.rglob("*.json")):
        shard = file.relative_to(root).as_posix().removesuffix(".json")
        units.update(read_shard(site, shard))
    return Manifest(units)


def _row(unit: Unit) -> dict[str, object]:
    items = [
        [item.path, item.sha256, item.size, item.media_type, item.cache.value, item.redirect]
        for item in unit.items
    ]
    return {
        "name": unit.name,
        "key": unit.key,
        "uses": [list(u) for u in unit.uses],
        "items": items,
    }


def _unit(row: dict[str, list[list[str]]]) -> Unit:
    items = tuple(
        Item(str(path), str(digest), int(size), str(media), CachePolicy(cache), str(redirect))
        for path, digest, size, media, cache, redirect in row["items"]
    )
    uses = tuple((str(address), bool(answer)) for address, answer in row["uses"])
    return Unit(str(row["name"]), str(row["key"]), items, uses)
