"""What becomes of the links of a version: a table of states, the rate of resolved ones, and each that is not.

    python benchmarks/links.py [-v] REPOSITORY TAG

REPOSITORY is a git repository in a folder OWNER/NAME named as on its forge (a link to it will do). The rate is that of
links to pages of the same package: internal ones, against those and the broken ones without links inside a page. With
-v, every link that leads nowhere is listed with its file and line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from builder.config import DEFAULT_HOSTS
from builder.ingest.source import IngestSettings, open_repository, snapshots
from builder.model.address import Address
from builder.model.artifact import Artifact
from builder.model.body import LinkState
from builder.model.docs import ReleaseDocs
from builder.model.entry import Entry, Release
from builder.model.license import Outcome, Verdict
from builder.model.limits import Limits
from builder.model.snapshot import Repository, Snapshot, TreeFile
from builder.model.version import Version
from builder.normalize.normalize import normalize
from builder.pages.render import render_release
from builder.pages.site import Site

LIMITS = Limits(page_bytes=8_000_000)


def snapshot_of(folder: Path, tag: str, cache: Path) -> Snapshot:
    """The snapshot of a tag, without metadata."""
    address = Address.parse("/".join(folder.parts[-2:]))
    version = Version.parse(tag.removeprefix("v")) or Version(0, 0, 0)
    release = Release(version, tag)
    url = "https://github.com/" + "/".join(folder.parts[-2:])
    view = open_repository(str(folder), IngestSettings(cache=cache, local_addresses=True))
    entry = Entry(address, (release,))
    _, checked = next(iter(snapshots(entry, (release,), view, Repository(url), LIMITS)))
    if checked.value is None:
        raise SystemExit(f"{folder}: {checked.issues[0].message}")
    return checked.value


def docs_of(snapshot: Snapshot) -> tuple[ReleaseDocs, dict[str, bytes]]:
    """The documents of a snapshot, whatever its license says, with their texts by blob id."""
    made = normalize(snapshot, LIMITS, {}).value
    paths = {d.blob: d.path for d in made.documents if not d.language}
    paths |= {p.blob: p.path for p in made.parts}
    texts = {
        blob: made.texts.get(blob) or snapshot.tree.read(TreeFile(path, blob), LIMITS.page_bytes)
        for blob, path in paths.items()
    }
    docs = ReleaseDocs(
        address=snapshot.address,
        version=snapshot.release.version,
        tag=snapshot.tag,
        commit=snapshot.commit,
        published=snapshot.published,
        repository=snapshot.repository,
        verdict=Verdict(Outcome.ALLOW, ""),
        documents=made.documents,
        parts=made.parts,
    )
    return docs, texts


def report(docs: ReleaseDocs, texts: dict[str, bytes]) -> tuple[int, Any]:
    """How many pages there are, and links.json."""
    site = Site(name="Links")
    outputs = render_release(
        site, docs, texts.__getitem__, {}, segment=docs.version.segment, hosts=DEFAULT_HOSTS
    )
    pages, links = 0, b"{}"
    for output in outputs:
        assert isinstance(output, Artifact)
        pages += output.path.endswith(".html")
        links = output.body if output.path.endswith("/links.json") else links
    return pages, json.loads(links)


def main(arguments: list[str]) -> None:
    verbose = arguments[:1] == ["-v"]
    repository, tag = arguments[verbose:]
    with TemporaryDirectory() as cache:
        docs, texts = docs_of(snapshot_of(Path(repository).absolute(), tag, Path(cache)))
    pages, found = report(docs, texts)
    states: dict[str, int] = found["states"]
    unresolved: list[dict[str, Any]] = found["unresolved"]
    inside = states[LinkState.INTERNAL]
    lost = sum(1 for row in unresolved if row["code"] != "LINK002")
    headings = sum(1 for row in unresolved if row["code"] == "LINK002")
    rate = f"{100 * inside / (inside + lost):.1f} %" if inside + lost else "-"
    print(f"{docs.address} {tag}: {pages} pages")
    print("  " + ", ".join(f"{state} {count}" for state, count in states.items()))
    print(f"  links to pages {inside + lost}, resolved {rate}; without their heading: {headings}")
    for row in unresolved if verbose else ():
        print(f"  {row['code']} {row['path']}:{row['line']}: {row['message']}")


if __name__ == "__main__":
    main(sys.argv[1:])
