"""Claims of the rendering design, as ratios in one run on a provider's documentation.

    python benchmarks/rendering.py REPOSITORY [EVERY] [--address NAMESPACE/NAME] [--tags OLDER,NEWER]

REPOSITORY is a git repository or a bundle; the two newest releases are taken unless --tags names others, and of each
every EVERY-th page. Every measured build is a process of its own; its figure is CPU time (user and system), children
such as git included. MkDocs and Hugo get the same pages, their front matter taken off; a program that is not installed
is left out, with the reason.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import yaml

from builder.emit.tree import SiteWriter
from builder.ingest.source import IngestSettings, open_repository, snapshots
from builder.markdown import RENDER_VERSION
from builder.markdown.source import prepare
from builder.model.address import Address, Kind
from builder.model.artifact import Artifact
from builder.model.docs import ReleaseDocs
from builder.model.document import KIND_BY_KEY, Document, PageFacts
from builder.model.entry import Entry, Release
from builder.model.license import Outcome, Verdict
from builder.model.limits import Limits
from builder.model.snapshot import FileKind, Repository
from builder.model.version import Version
from builder.normalize.normalize import normalize
from builder.pages.addresses import docs_root, document_path
from builder.pages.bodies import decode
from builder.pages.render import render_release
from builder.pages.site import Site
from builder.pipeline.garbage import seldom_collected
from builder.store import Store, Typed

SITE = Site(name="Benchmark", url="https://docs.example.com/")
HOSTS = ("registry.opentofu.org", "registry.terraform.io")
TAGS_READ = 20
CACHE = Path(tempfile.gettempdir()) / "regdocs-benchmark"  # clones of bundles stay here
FEATURES = ["navigation.prune"]


@dataclass(frozen=True)
class Subject:
    """What is measured: a repository, the package it belongs to, and how many of its pages are left out."""

    repository: str
    address: Address
    every: int


@dataclass(frozen=True)
class Read:
    """One release as it was read."""

    docs: ReleaseDocs
    texts: Mapping[str, bytes]


class CountingMemo(dict[str, bytes]):
    """A body cache that counts what is put into it."""

    def __init__(self, store: Store | None) -> None:
        super().__init__()
        self._memo = store.memo("bodies") if store else None
        self.rendered = 0

    def get(self, key: str) -> bytes | None:  # type: ignore[override]
        return super().get(key) if self._memo is None else self._memo.get(key)

    def __setitem__(self, key: str, value: bytes) -> None:
        self.rendered += 1
        if self._memo is None:
            super().__setitem__(key, value)
        else:
            self._memo[key] = value


def read_release(subject: Subject, tag: str, store: Store | None = None) -> Read:
    """List one tag, read its pages, and take the documents out of them. Nothing is judged."""
    settings = IngestSettings(CACHE, local_addresses=True)
    memo = {} if store is None else Typed(store.memo("facts"), PageFacts)
    view = open_repository(subject.repository, settings, wanted=[tag])
    version = Version.parse(tag)
    if version is None:
        sys.exit(f"{tag} is no version")
    release = Release(version, tag)
    host = Repository("https://github.com/example/example")
    entry = Entry(subject.address, (release,))
    ((_, found),) = snapshots(entry, [release], view, host, Limits())
    snapshot = found.value
    if snapshot is None:
        sys.exit(found.issues[0].message)
    made = normalize(snapshot, Limits(), memo).value
    documents = [d for d in made.documents if not d.language]
    chosen = [d for n, d in enumerate(documents) if not d.kind or n % subject.every == 0]
    files = {file.blob: file for file in snapshot.tree.files()}
    texts = {
        d.blob: made.texts.get(d.blob) or snapshot.tree.read(files[d.blob], Limits().page_bytes)
        for d in chosen
    }
    view.close()
    docs = ReleaseDocs(
        address=subject.address,
        version=version,
        tag=tag,
        commit=snapshot.commit,
        published=snapshot.published,
        repository=host,
        verdict=Verdict(Outcome.ALLOW, ""),
        documents=tuple(chosen),
    )
    return Read(docs, texts)


def outputs(read: Read, bodies: CountingMemo, site: Site = SITE) -> list[Artifact]:
    """All files of a release's pages."""
    segment = read.docs.version.segment
    made = render_release(
        site, read.docs, read.texts.__getitem__, bodies, segment=segment, hosts=HOSTS
    )
    return [output for output in made if isinstance(output, Artifact)]


def build(subject: Subject, tag: str, engine: str, cache: Path, folder: Path) -> None:
    """One build, in this process; its figures as JSON on stdout."""
    with (
        seldom_collected(),
        SiteWriter(folder) as writer,
        Store(cache) as store,
        store.transaction(),
    ):
        started = time.process_time()
        read = read_release(subject, tag, store)
        bodies = CountingMemo(store)
        rendering = time.process_time()
        made = outputs(read, bodies, replace(SITE, engine=engine))
        writing = time.process_time()
        writer.write("benchmark", "", made)
        writer.commit()
        ended = time.process_time()
    figures = {
        "pages": sum(a.path.endswith(".html") for a in made),
        "bodies": bodies.rendered,
        "reading": rendering - started,
        "rendering": writing - rendering,
        "writing": ended - writing,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


def cpu_of(command: Sequence[str], env: Mapping[str, str] | None = None) -> tuple[float, str]:
    """CPU seconds of a command and its children, and what it said."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr or done.stdout}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return spent, done.stdout


def our_build(
    subject: Subject, tag: str, engine: str, cache: Path, folder: Path
) -> tuple[float, dict[str, float]]:
    command = [sys.executable, __file__, subject.repository, str(subject.every)]
    command += [
        "--address",
        subject.address.display,
        "--build",
        tag,
        engine,
        str(cache),
        str(folder),
    ]
    spent, said = cpu_of(command)
    return spent, json.loads(said)


def pages_of(read: Read) -> Iterator[tuple[str, str, str]]:
    """(directory, group, text without front matter) of every page."""
    for document in read.docs.documents:
        if document.kind:
            text = prepare(read.texts[document.blob].decode("utf-8", "replace")).text
            group = document.subcategory or KIND_BY_KEY[document.kind].singular
            yield document_path(document), group, text


def mkdocs_build(read: Read, folder: Path) -> float | str:
    """Material with navigation.prune and without search; the navigation by subcategory, as on our pages."""
    groups: dict[str, list[dict[str, str]]] = {}
    for page, group, text in pages_of(read):
        path = folder / "docs" / f"{page}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        groups.setdefault(group, []).append({path.stem: f"{page}.md"})
    (folder / "docs/index.md").write_text("# Index\n")
    config = {
        "site_name": "Benchmark",
        "theme": {"name": "material", "features": FEATURES, "font": False},
        "plugins": [],
        "markdown_extensions": [
            "admonition",
            {"toc": {"permalink": True}},
            "pymdownx.highlight",
            "pymdownx.superfences",
        ],
        "nav": [{"Index": "index.md"}, *({name: groups[name]} for name in sorted(groups))],
    }
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config))
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(folder / "mkdocs.yml")]
    return cpu_of(command, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"})[0]


HUGO = {
    "hugo.toml": """baseURL = "https://docs.example.com/"
title = "Benchmark"
disableKinds = ["taxonomy", "term", "RSS", "sitemap"]
[markup.goldmark.renderer]
unsafe = true
[markup.highlight]
noClasses = false
""",
    "layouts/_default/single.html": """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>{{ .Title }}</title></head><body><main>{{ .Content }}</main><nav>{{ .TableOfContents }}</nav></body></html>
""",
    "layouts/_default/list.html": """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>{{ .Title }}</title></head><body>{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</body></html>
""",
}


def hugo_build(read: Read, folder: Path) -> float | str:
    """A minimal theme without navigation."""
    if shutil.which("hugo") is None:
        return "hugo is not installed"
    files = dict(HUGO)
    for page, _, text in pages_of(read):
        shown = text.replace("{{<", "{{ <").replace("{{%", "{{ %")  # not its short codes
        files[f"content/{page}.md"] = f"---\ntitle: {json.dumps(page)}\n---\n{shown}"
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "config.toml").write_text(HUGO["hugo.toml"])  # its name before 0.110
    return cpu_of(["hugo", "--quiet", "--source", str(folder)])[0]


def row(claim: str, figure: str, reference: str, ratio: str, target: str, met: bool | None) -> None:
    verdict = {True: "met", False: "NOT MET", None: ""}[met]
    print(f"{claim:<47}{figure:>12}  {reference:<28}{ratio:>9}  {target:<16}{verdict}", flush=True)


def against(claim: str, ours: float, name: str, theirs: float | str, most: float) -> None:
    if isinstance(theirs, str):
        row(claim, f"{ours:.2f} s", theirs, "", f"<= {most:.2f}", None)
        return
    ratio = ours / theirs
    row(
        claim,
        f"{ours:.2f} s",
        f"{name} {theirs:.2f} s",
        f"{ratio:.2f}",
        f"<= {most:.2f}",
        ratio <= most,
    )


def speed(subject: Subject, older: str, newer: str, scratch: Path) -> None:
    """Cold and warm builds and those of others, then a new release beside an old one."""
    read = read_release(subject, newer)
    cold: dict[str, tuple[float, dict[str, float]]] = {}
    for engine in ("reference", "fast"):
        cold[engine] = our_build(subject, newer, engine, scratch / f"c-{engine}", scratch / engine)
    print(f"{cold['fast'][1]['pages']} pages of {newer}; {RENDER_VERSION}\n")
    mkdocs = mkdocs_build(read, scratch / "mkdocs")
    hugo = hugo_build(read, scratch / "hugo")
    against("cold build, reference engine", cold["reference"][0], "MkDocs, prune", mkdocs, 1 / 3)
    against("cold build, fast engine", cold["fast"][0], "MkDocs, prune", mkdocs, 1 / 6)
    against("cold build, fast engine", cold["fast"][0], "Hugo", hugo, 0.9)
    same = trees_differ(scratch / "reference", scratch / "fast")
    row("files that differ between the engines", str(same), "", "", "0", same == 0)
    _, warm = our_build(subject, newer, "auto", scratch / "c-fast", scratch / "warm")
    rate = warm["pages"] / warm["rendering"]
    row("warm: pages per CPU second, made", f"{rate:.0f}", "", "", ">= 3000", rate >= 3000)
    ratio = cold["reference"][1]["rendering"] / warm["rendering"]
    told = f"cold {cold['reference'][1]['rendering']:.2f} s"
    row(
        "warm against cold reference",
        f"{warm['rendering']:.2f} s",
        told,
        f"{ratio:.1f}",
        ">= 15",
        ratio >= 15,
    )
    most = max(part["memory"] for _, part in cold.values())
    row("memory of a cold build", f"{most:.0f} MB", "", "", "", None)
    our_build(subject, older, "auto", scratch / "c-new", scratch / "older")
    spent, new = our_build(subject, newer, "auto", scratch / "c-new", scratch / "newer")
    row(
        f"{newer} after {older}: bodies rendered",
        f"{new['bodies']:.0f}",
        "",
        "",
        "<= 200",
        new["bodies"] <= 200,
    )
    row(f"{newer} after {older}: all", f"{spent:.2f} s", "", "", "<= 2 s", spent <= 2)


def trees_differ(one: Path, other: Path) -> int:
    """How many files are not the same in two folders."""
    found: dict[Path, list[bytes]] = {}
    for number, folder in enumerate((one, other)):
        for path in folder.rglob("*"):
            if path.is_file():
                found.setdefault(path.relative_to(folder), [b"", b""])[number] = path.read_bytes()
    return sum(first != second for first, second in found.values())


def weight(read: Read) -> None:
    """Bytes of pages, and what the page format adds to the body."""
    memo = CountingMemo(None)
    pages = {a.path: a.body for a in outputs(read, memo) if a.path.endswith("/index.html")}
    bodies = {key.split("/")[-2]: decode(data) for key, data in memo.items()}
    raw = median(len(body) for body in pages.values()) / 1000
    packed = median(len(gzip.compress(body, 6)) for body in pages.values()) / 1000
    added = []
    for document in read.docs.documents:
        path = page_path(read, document)
        entry = bodies.get(document.blob)
        if document.kind and entry is not None:
            added.append(len(pages[path]) - len(entry.body.html.encode()))
    over = median(added) / 1000
    row("page bytes, median", f"{raw:.1f} KB", "", "", "<= 12 KB", raw <= 12)
    row("page bytes, median, gzip", f"{packed:.1f} KB", "", "", "<= 3.2 KB", packed <= 3.2)
    row("page format over the body, median", f"{over:.1f} KB", "", "", "<= 2.8 KB", over <= 2.8)


def page_path(read: Read, document: Document) -> str:
    """The path of a document's page in the site."""
    root = docs_root(read.docs.address, read.docs.version.segment)
    return f"{root}/{document_path(document)}/index.html"


def sameness(read: Read, before: Read, scratch: Path) -> None:
    """What does not change: pages when the look does, files of equal texts in two versions."""
    memo = CountingMemo(None)
    pages = {a.path: a.body for a in outputs(read, memo)}
    look = scratch / "look" / "assets"
    look.mkdir(parents=True)
    for name in ("site.css", "shell.js"):
        (look / name).write_text("/* another look */\n")
    other = {a.path: a.body for a in outputs(read, memo, replace(SITE, templates=(look.parent,)))}
    differ = sum(pages.get(path) != other.get(path) for path in pages.keys() | other.keys())
    row(
        "files that differ after a change of look",
        str(differ),
        f"{len(pages)} files",
        "",
        "0",
        differ == 0,
    )
    older = {a.path: a.body for a in outputs(before, memo)}
    known = {document_path(d): d for d in before.docs.documents if d.kind}
    equal = unequal = 0
    for document in read.docs.documents:
        twin = known.get(document_path(document))
        if document.kind and twin is not None and twin.blob == document.blob:
            same = older[page_path(before, twin)] == pages[page_path(read, document)]
            equal, unequal = equal + same, unequal + (not same)
    told = f"{equal} equal of {equal + unequal}"
    row("pages of one text that differ in two versions", str(unequal), told, "", "0", unequal == 0)


def reading(subject: Subject) -> None:
    """CPU seconds a tag for listing it and reading each new text, git's own included."""
    command = [sys.executable, __file__, subject.repository, "--address", subject.address.display]
    spent, said = cpu_of([*command, "--read", str(TAGS_READ)])
    tags, blobs, start = json.loads(said)
    each = (spent - start) / tags
    told = f"{tags} tags, {blobs} texts"
    row("reading, CPU seconds a tag", f"{each:.3f} s", told, "", "<= 0.05", each <= 0.05)


def read_tags(subject: Subject, count: int) -> None:
    """Read the documentation of the newest tags, in this process; tags, texts, and what starting cost, on stdout."""
    start = time.process_time()
    view = open_repository(subject.repository, IngestSettings(CACHE, local_addresses=True))
    seen: set[str] = set()
    tags = newest_tags(subject.repository)[:count]
    for tag in tags:
        tree = view.tree(view.tags()[tag].commit)
        for file in tree.files():
            wanted = file.path.startswith(("docs/", "website/docs/")) and file.kind is FileKind.FILE
            if wanted and file.blob not in seen:
                seen.add(file.blob)
                tree.read(file, Limits().page_bytes * 8)
    view.close()
    print(json.dumps([len(tags), len(seen), start]))


def newest_tags(repository: str) -> list[str]:
    """Tags of stable releases, the newest first."""
    view = open_repository(repository, IngestSettings(CACHE, local_addresses=True))
    tags = list(view.tags())
    view.close()
    found = [
        (version, tag) for tag in tags if (version := Version.parse(tag)) and version.is_stable
    ]
    return [tag for _, tag in sorted(found, reverse=True)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("repository")
    parser.add_argument("every", type=int, nargs="?", default=1)
    parser.add_argument("--address", default="hashicorp/google")
    parser.add_argument("--tags", default="")
    parser.add_argument("--build", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    address = Address.of(Kind.PROVIDER, *options.address.split("/"))
    subject = Subject(options.repository, address, options.every)
    if options.build:
        tag, engine, cache, folder = options.build
        build(subject, tag, engine, Path(cache), Path(folder))
        return
    if options.read:
        read_tags(subject, options.read)
        return
    older, newer = (
        options.tags.split(",") if options.tags else newest_tags(subject.repository)[1::-1]
    )
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        speed(subject, older, newer, scratch)
        read, before = read_release(subject, newer), read_release(subject, older)
        weight(read)
        sameness(read, before, scratch)
        reading(subject)


if __name__ == "__main__":
    main()
