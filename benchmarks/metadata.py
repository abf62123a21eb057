"""Reading a whole registry's metadata against json.loads of the same files: `python benchmarks/metadata.py [FILES]`.

Makes a tree like the public provider registry (3,931 files unless told otherwise, the same spread of sizes), reads it
both ways in one run and prints the ratios. Claim: reading, checking and typing costs at most 6 times the parsing alone.
"""

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from builder.metadata.codec import dump
from builder.metadata.repository import MetadataRepository
from builder.model.issue import Checked

PLATFORMS = [
    (os, arch)
    for os in ("darwin", "freebsd", "linux", "windows")
    for arch in ("386", "amd64", "arm")
]


def release(owner: str, name: str, version: str) -> dict[str, object]:
    base = f"https://example.com/{owner}/terraform-provider-{name}/releases/download/v{version}"
    files = [(o, a, f"terraform-provider-{name}_{version}_{o}_{a}.zip") for o, a in PLATFORMS]
    return {
        "version": version,
        "protocols": ["5.0"],
        "shasums_url": f"{base}/terraform-provider-{name}_{version}_SHA256SUMS",
        "shasums_signature_url": f"{base}/terraform-provider-{name}_{version}_SHA256SUMS.sig",
        "targets": [
            {
                "os": o,
                "arch": a,
                "filename": f,
                "download_url": f"{base}/{f}",
                "shasum": "0123456789abcdef" * 4,
            }
            for o, a, f in files
        ],
    }


def make_tree(root: Path, files: int) -> None:
    """Mostly a handful of versions, a few files with hundreds."""
    chance = random.Random(7)
    for number in range(files):
        owner, name = f"{chance.choice('abcdefgh')}owner{number % 2923}", f"name{number}"
        count = min(425, int(chance.paretovariate(0.9) * 3))
        versions = [release(owner, name, f"{n // 10}.{n % 10}.0") for n in range(count, 0, -1)]
        path = root / "providers" / owner[0] / owner / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dump({"versions": versions}))


def best(action: Callable[[], object], rounds: int = 3) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 3931
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_tree(root, files)
        paths = sorted(root.rglob("*.json"))
        size = sum(path.stat().st_size for path in paths)

        def parse() -> None:
            for path in paths:
                json.loads(path.read_bytes())

        def stream() -> int:
            return sum(isinstance(one, Checked) for one in MetadataRepository(root).entries())

        plain, typed = best(parse), best(stream)
        one = best(
            lambda: MetadataRepository(root).read([next(iter(MetadataRepository(root).paths()))])
        )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{len(paths)} files, {size / 1e6:.0f} MB")
        print(f"json.loads of all       {plain:6.2f} s   1.0")
        print(f"all entries, streamed   {typed:6.2f} s   {typed / plain:.1f}")
        print(f"one address asked for   {one:6.2f} s   {one / plain:.2f}")
        print(f"peak memory {peak:.0f} MiB")


if __name__ == "__main__":
    main()
