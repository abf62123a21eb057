"""Claim: reading each distinct documentation blob of all tags is faster than unpacking the tags with git archive.

Both ways run over the same bare repository in the same run, alternating; the ratio is what counts.

    python benchmarks/ingest.py REPOSITORY.git [rounds]

The repository is one on this machine, bare or not, or a bundle file.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from builder.git.repository import git_folder
from builder.ingest.source import IngestSettings, open_repository
from builder.ingest.vetting import vet
from builder.ingest.view import RepositoryView
from builder.model.snapshot import FileKind
from builder.testing.repositories import git

DOCS = ("docs/", "website/docs/")
LIMIT = 1_048_576


def read_blobs(view: RepositoryView) -> tuple[int, int, float]:
    """List every tag and read every distinct documentation blob once: tags, blobs, seconds of the listing alone."""
    seen: set[str] = set()
    listing = 0.0
    tags = view.tags()
    for tag in tags.values():
        tree = view.tree(tag.commit)
        started = time.perf_counter()
        files, _ = vet(tree.files(), 500_000)
        listing += time.perf_counter() - started
        for file in files:
            wanted = file.kind is FileKind.FILE and file.path.startswith(DOCS)
            if wanted and file.blob not in seen:
                seen.add(file.blob)
                tree.read(file, LIMIT * 20)
    return len(tags), len(seen), listing


def unpack_tags(repository: Path, tags: list[str]) -> None:
    """The reference: git archive of each tag's documentation, piped into tar."""
    for tag in tags:
        names = git(repository, "ls-tree", "--name-only", tag, "docs", "website/docs").split()
        target = Path(tempfile.mkdtemp())
        try:
            archive = subprocess.Popen(
                ["git", "archive", tag, "--", *names], cwd=repository, stdout=subprocess.PIPE
            )
            subprocess.run(["tar", "-x", "-C", str(target)], stdin=archive.stdout, check=True)
            archive.wait()
        finally:
            shutil.rmtree(target)


def main(source: str, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        settings = IngestSettings(Path(scratch), local_addresses=True)
        place = git_folder(Path(source))
        open_repository(source, settings).close()
        repository = place or next(Path(scratch).rglob("*.git"))
        ours, reference = [], []
        for _ in range(rounds):
            view = open_repository(source, settings)
            started = time.perf_counter()
            tags, blobs, listing = read_blobs(view)
            ours.append((time.perf_counter() - started, listing))
            names = list(view.tags())
            view.close()
            started = time.perf_counter()
            unpack_tags(repository, names)
            reference.append(time.perf_counter() - started)
        (best, listing), other = min(ours), min(reference)
        print(f"{tags} tags, {blobs} distinct blobs, best of {rounds}")
        print(f"listing {listing / tags * 1000:.1f} ms a tag")
        print(f"reading {best:.2f} s, {best / tags * 1000:.1f} ms a tag")
        print(f"git archive | tar {other:.2f} s; ratio {best / other:.3f}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3)
