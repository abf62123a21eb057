"""Writing the registry protocol against a plain write of the same bytes: `python benchmarks/registry.py [SHARE]`.

Makes metadata like that of the public registry (3,931 providers, 51,055 versions, 597,769 targets; 23,534 modules,
200,990 versions), or a SHARE of it (0.02 unless told otherwise), and writes its objects twice in one run: through the
pipeline, and plainly. Then 90 metadata files change (or the same SHARE of them) and the pipeline writes again.

Claims: writing costs at most 3 times the plain write; after the change only the units of changed files are made anew.
The ratio is that of the work, so put TMPDIR into memory: on a busy disk it says more about the disk.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from builder.config import Config, config_of
from builder.emit.tree import SiteWriter
from builder.metadata.codec import dump
from builder.metadata.repository import MetadataRepository
from builder.model.artifact import Item, Manifest
from builder.pipeline.registry import RegistryRenderer
from builder.pipeline.report import Report

PROVIDERS, MODULES, CHANGED = 3931, 23534, 90
PLATFORMS = [
    (os, arch)
    for os in ("darwin", "freebsd", "linux", "windows")
    for arch in ("386", "amd64", "arm")
][:12]


def provider(owner: str, name: str, count: int) -> dict[str, object]:
    """A provider with this many versions."""
    versions = []
    for number in range(count, 0, -1):
        version = f"{number // 10}.{number % 10}.0"
        stem = f"terraform-provider-{name}_{version}"
        base = f"https://example.com/{owner}/terraform-provider-{name}/releases/download/v{version}/{stem}"
        targets = [
            {
                "os": os,
                "arch": arch,
                "filename": f"{stem}_{os}_{arch}.zip",
                "download_url": f"{base}_{os}_{arch}.zip",
                "shasum": "0123456789abcdef" * 4,
            }
            for os, arch in PLATFORMS
        ]
        sums = {
            "shasums_url": f"{base}_SHA256SUMS",
            "shasums_signature_url": f"{base}_SHA256SUMS.sig",
        }
        versions.append({"version": version, "protocols": ["5.0"], **sums, "targets": targets})
    return {"versions": versions}


def make_tree(root: Path, share: float) -> list[Path]:
    """The metadata; gives the providers' files."""
    files = []
    for number in range(round(PROVIDERS * share)):
        owner, name = f"owner{number % 2923}", f"name{number}"
        path = root / "providers" / owner[0] / owner / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dump(provider(owner, name, 13)))
        files.append(path)
    for number in range(round(MODULES * share)):
        owner = f"owner{number % 7995}"
        path = root / "modules" / owner[0] / owner / f"name{number}" / "aws.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        versions = [{"version": f"v1.{minor}.0"} for minor in range(9, 0, -1)]
        path.write_bytes(dump({"versions": versions}))
    return files


@dataclass
class Run:
    """One writing of the registry."""

    manifest: Manifest
    made: int
    render: float
    commit: float


def write(config: Config) -> Run:
    """Read the metadata and write what is new."""
    report = Report()
    with SiteWriter(config.site_dir) as writer:
        metadata = MetadataRepository(Path(config.metadata))
        entries = metadata.read().value.entries
        start = time.perf_counter()
        renderer = RegistryRenderer(config, metadata, writer, report)
        for entry in entries:
            renderer.render(entry)
        renderer.site()
        rendered = time.perf_counter()
        manifest = writer.commit()
    made = len(manifest.units) - report.units_unchanged
    return Run(manifest, made, rendered - start, time.perf_counter() - rendered)


def write_plainly(items: list[Item], site: Path, target: Path) -> float:
    """The same bytes under the same names; gives the seconds without reading them."""
    seconds = 0.0
    folders: set[Path] = set()
    for item in items:
        body, file = (site / item.path).read_bytes(), target / item.path
        start = time.perf_counter()
        if file.parent not in folders:
            file.parent.mkdir(parents=True, exist_ok=True)
            folders.add(file.parent)
        with file.open("xb") as stream:
            stream.write(body)
        seconds += time.perf_counter() - start
    return seconds


def main() -> None:
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 0.02
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = make_tree(root / "metadata", share)
        section = {"metadata": "metadata"}
        raw = {"site_name": "Benchmark", "docs_dir": "none", "plugins": [{"registry": section}]}
        config = config_of(raw, root / "mkdocs.yml")
        first = write(config)
        items = list(first.manifest.items())
        size = sum(item.size for item in items)
        plain = write_plainly(items, config.site_dir, root / "plain")
        again = write(config)
        changed = files[: max(1, round(CHANGED * share))]
        for number, path in enumerate(changed):
            owner = path.parent.name
            path.write_bytes(dump(provider(owner, path.stem, 14 + number % 2)))
        after = write(config)
    seconds = first.render + first.commit
    print(f"{len(items)} files, {size / 1e6:.1f} MB, {len(first.manifest.units)} units")
    print(
        f"written in {seconds:.1f} s, {len(items) / seconds:.0f} files/s; plainly {plain:.1f} s: {seconds / plain:.1f} times"
    )
    print(f"nothing new: {again.made} units made, {again.render:.2f} + {again.commit:.2f} s")
    print(
        f"{len(changed)} files changed: {after.made} units made, {after.render:.2f} + {after.commit:.2f} s"
    )
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    assert again.made == 0
    assert after.made == len(changed)


if __name__ == "__main__":
    main()
