"""The example registry exists to show every feature: this holds it to that, through the real rooms."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from builder.ingest.settings import IngestSettings
from builder.ingest.source import open_repository, snapshots
from builder.license.judge import Judge
from builder.license.overrides import parse_overrides
from builder.license.policy import LicensePolicy
from builder.markdown import render
from builder.metadata.repository import MetadataRepository
from builder.model.address import Address, Kind
from builder.model.body import Link, LinkState
from builder.model.document import DOC_KINDS, Document, PageFacts, PartRole
from builder.model.entry import Catalog, Entry
from builder.model.issue import Issue, Severity
from builder.model.license import Outcome, Verdict
from builder.model.limits import Limits
from builder.model.snapshot import UNKNOWN_TIME, Repository, Snapshot
from builder.normalize.normalize import Normalized, normalize
from builder.pages.addresses import document_path, part_path
from builder.pages.links import LinkHosts, PageTargets, Resolver

CONTENT = Path(__file__).parents[2] / "content"
LIMITS = Limits()


@dataclass(frozen=True)
class Read:
    """One version of the example, after all rooms have read it."""

    snapshot: Snapshot
    verdict: Verdict
    normalized: Normalized
    issues: tuple[Issue, ...]

    def text(self, path: str) -> str:
        """The text of a page, with its front matter."""
        file = next(f for f in self.snapshot.tree.files() if f.path == path)
        return self.snapshot.tree.read(file, LIMITS.page_bytes).decode()

    def documents(self, kind: str, language: str = "") -> list[Document]:
        """The documents of one kind ("" for the overview)."""
        mine = (d for d in self.normalized.documents if d.language == language)
        return [d for d in mine if d.kind == kind]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    checked = MetadataRepository(CONTENT / "registry").read()
    assert checked.issues == ()
    return checked.value


@pytest.fixture(scope="module")
def versions(catalog, tmp_path_factory) -> Mapping[str, Snapshot]:
    """The snapshot of every version by `ns/name@version`, aliases left out."""
    mirrors = {"https://github.com/": f"directory:{CONTENT}/repositories/"}
    settings = IngestSettings(cache=tmp_path_factory.mktemp("cache"), mirrors=mirrors)
    entries = (entry for entry in catalog.entries if entry.canonical is None)
    return {
        f"{snapshot.address}@{snapshot.release.version}": snapshot
        for entry in entries
        for snapshot in snapshots_of(entry, settings)
    }


def snapshots_of(entry: Entry, settings: IngestSettings) -> Iterator[Snapshot]:
    """Every version of a package. Fails when one cannot be read or its time is not known."""
    owner = entry.owner or entry.address.namespace
    url = entry.repository or f"https://github.com/{owner}/{entry.address.repository_name}"
    view = open_repository(url, settings)
    for release, checked in snapshots(entry, entry.releases, view, Repository(url), LIMITS):
        assert checked.issues == (), release
        assert checked.value is not None
        assert checked.value.published != UNKNOWN_TIME, release
        yield checked.value


@pytest.fixture(scope="module")
def overrides() -> Any:
    checked = parse_overrides((CONTENT / "registry" / "licences.overrides.json").read_bytes())
    assert checked.issues == ()
    return checked.value


def judge(overrides: Any = ()) -> Judge:
    checked = LicensePolicy.from_config({})
    return Judge(getattr(checked, "value", checked), overrides=overrides, cache={})


@pytest.fixture(scope="module")
def example(versions, overrides) -> Mapping[str, Read]:
    """Every version after it was read and judged."""
    decide = judge(overrides)
    memo: dict[str, PageFacts] = {}
    made = {}
    for name, snapshot in versions.items():
        verdict = decide.judge(snapshot, LIMITS)
        normalized = normalize(snapshot, LIMITS, memo)
        issues = (*verdict.issues, *normalized.issues)
        made[name] = Read(snapshot, verdict.value, normalized.value, issues)
    return made


def entry_of(catalog: Catalog, text: str) -> Entry:
    address = Address.parse(text)
    return next(entry for entry in catalog.entries if entry.address == address)


def test_there_are_providers_and_modules_with_several_versions(catalog):
    several = {e.address.kind for e in catalog.entries if len(e.releases) > 1}
    assert several == {Kind.PROVIDER, Kind.MODULE}
    assert len({e.address.system for e in catalog.entries}) > 3


def test_the_metadata_shows_every_field(catalog):
    releases = [r for e in catalog.entries for r in e.releases]
    targets = [t for r in releases for t in r.targets]
    assert any(e.repository for e in catalog.entries)
    assert all(e.description and e.popularity for e in catalog.entries)
    assert any(e.warnings for e in catalog.entries)
    assert any(e.errors for e in catalog.entries)
    assert any(r.yanked for r in releases)
    assert any(r.commit for r in releases)
    assert any(r.discovered for r in releases)
    assert any(t.h1 and t.size for t in targets)
    assert any(len(r.protocols) > 1 for r in releases)


def test_versions_take_every_form(catalog):
    releases = [r for e in catalog.entries for r in e.releases]
    assert any(r.version.pre for r in releases)
    assert any(r.version.build for r in releases)
    written = {
        r.written for e in catalog.entries if e.address.kind is Kind.MODULE for r in e.releases
    }
    assert {"v1.0", "1.1.0", "v2.0.0-rc.1"} <= written


def test_one_provider_is_blocked_with_a_reason(catalog):
    assert [str(e.address) for e in catalog.entries if e.blocked] == ["brambles/scrape"]


def test_both_kinds_of_alias_are_there(catalog):
    assert entry_of(catalog, "mosswood/weather").canonical == Address.parse("fernhill/weather")
    assert entry_of(catalog, "fernhill-labs/barrel").owner == "fernhill"


def test_an_owner_has_a_signing_key():
    assert list((CONTENT / "registry" / "keys").rglob("*.asc"))


def test_all_licenses_are_allowed_but_one(example):
    withheld = {n: r.verdict for n, r in example.items() if not r.verdict.redistributable}
    assert set(withheld) == {"orchard/press@1.1.0"}
    assert example["orchard/press@1.0.0"].verdict.outcome is Outcome.ALLOW


def test_the_licenses_differ(example):
    ids = {finding.spdx for read in example.values() for finding in read.verdict.findings}
    assert {"MIT", "ISC", "0BSD"} <= ids


def test_the_override_is_needed_and_is_the_reason(example, versions):
    heap = "mosswood/compost@0.2.0"
    assert judge().judge(versions[heap], LIMITS).value.outcome is Outcome.REVIEW
    verdict = example[heap].verdict
    assert "adds no condition" in f"{verdict.reason} {[f.reason for f in verdict.findings]}"


def test_what_is_odd_is_meant_to_be(example):
    """Nothing but the withheld license and one file that is no page: a clean build of the example shows real faults."""
    odd = {
        (name, i.code[:3], i.severity, i.location.path)
        for name, r in example.items()
        for i in r.issues
    }
    notes = {
        (name, path)
        for name, code, severity, path in odd
        if severity is Severity.NOTE and code == "DOC"
    }
    assert ("fernhill/greenhouse@1.2.0", "docs/cli.md") in notes
    rest = {(name, code) for name, code, severity, _ in odd if severity is not Severity.NOTE}
    assert rest <= {("orchard/press@1.1.0", "LIC")}


def test_the_modern_provider_has_every_kind_of_document(example):
    read = example["fernhill/greenhouse@1.2.0"]
    assert [kind.key for kind in DOC_KINDS if not read.documents(kind.key)] == []
    assert len(read.documents("")) == 1
    for language in ("python", "typescript"):
        assert read.documents("", language)
        assert read.documents("resources", language)
    assert len({d.subcategory for d in read.normalized.documents}) > 4


def test_documents_come_and_go_with_versions(example):
    shown = {
        name: {(d.kind, d.name) for d in read.normalized.documents if not d.language}
        for name, read in example.items()
    }
    first, newest, beta = (
        shown[f"fernhill/greenhouse@{v}"] for v in ("1.0.0", "1.2.0", "2.0.0-beta.1")
    )
    assert first < newest
    assert beta - newest == {("guides", "upgrade-to-v2")}


def test_the_legacy_provider_has_the_legacy_layout(example):
    read = example["fernhill/weather@0.4.1"]
    paths = [d.path for d in read.normalized.documents]
    assert all(path.startswith("website/docs/") for path in paths)
    assert {path.partition(".")[2] for path in paths} == {"html.markdown", "html.md"}
    assert [len(read.documents(kind)) for kind in ("resources", "datasources", "guides")] == [
        2,
        3,
        1,
    ]
    assert "docs/release-checklist.md" in {f.path for f in read.snapshot.tree.files()}


def test_front_matter_may_be_thin_or_absent(example):
    titles = {d.path: d.title for d in example["mosswood/compost@0.2.0"].normalized.documents}
    assert titles["docs/functions/carbon_ratio.md"] in ("", "carbon_ratio")
    assert titles["docs/resources/heap.md"] in ("", "heap")


def test_modules_have_submodules_and_examples(example):
    parts = example["fernhill/plot/greenhouse@1.1.0"].normalized.parts
    assert [(part.role, part.name) for part in parts] == [
        (PartRole.ROOT, ""),
        (PartRole.SUBMODULE, "bed"),
        (PartRole.SUBMODULE, "drip-line"),
        (PartRole.EXAMPLE, "simple"),
        (PartRole.EXAMPLE, "two-houses"),
    ]
    assert all(part.readme for part in parts)


def test_one_module_has_no_readme_but_its_example_has(example):
    parts = example["hollow/beehive/local@0.2.0"].normalized.parts
    assert {(part.role, part.readme) for part in parts} == {
        (PartRole.ROOT, False),
        (PartRole.SUBMODULE, False),
        (PartRole.EXAMPLE, True),
    }


CONSTRUCTS = {
    "note": r"^->",
    "important": r"^~>",
    "warning": r"^!>",
    "callout in a list": r"^ +->",
    "alert": r"^> \[!NOTE\]",
    "table": r"^\|.*\|$",
    "task list": r"^- \[x\]",
    "details": r"<details>",
    "placeholder": r"<house-number>",
    "braces": r"\{\{ \w+ \}\}",
    "anchor by id": r'<a id="nestedblock--',
    "anchor by name": r'<a name="',
    "nested list": r"^  \* ",
    "fence of terraform": r"^```terraform",
    "fence of hcl": r"^```hcl",
    "fence of a shell": r"^```shell",
    "fence of json": r"^```json",
    "fence of a diff": r"^```diff",
    "fence without a language": r"^```\n\$ ",
    "relative link": r"\]\(\.\./resources/\w+\.md\)",
    "link in the same kind": r"\]\(\./house\.md\)",
    "link with a fragment": r"\]\([\w./-]+\.md#",
    "fragment": r"\]\(#",
    "legacy link": r"\]\([\w./]+\.html\)",
    "legacy link with its suffix": r"\.html\.markdown\)",
    "absolute legacy link": r"\]\(/docs/providers/weather/",
    "link to another provider": r"\]\(https://registry\.example\.com/providers/fernhill/weather/latest/",
    "link to another version": r"\]\(https://registry\.example\.com/providers/fernhill/greenhouse/1\.2\.0/",
    "link to a module": r"\]\(https://registry\.example\.com/modules/",
}


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_documents_use_every_construct_of_the_dialect(construct, example):
    pages = (read.text(d.path) for read in example.values() for d in read.normalized.documents)
    assert any(re.search(CONSTRUCTS[construct], page, re.MULTILINE) for page in pages)


def links_of(read: Read, catalog: Catalog) -> Iterator[tuple[str, Link]]:
    """(page, link) of all pages of a version, resolved as the pages do."""
    snapshot = read.snapshot
    hosted = {entry.address for entry in catalog.entries}
    releases = next(e.releases for e in catalog.entries if e.address == snapshot.address)
    for path, page, targets in pages_of(read):
        resolver = Resolver(
            snapshot.address,
            targets,
            page,
            hosts=LinkHosts(("registry.example.com",)),
            packages=hosted.__contains__,
            versions=[release.version.segment for release in releases],
            repository=snapshot.repository,
        )
        for link in render(read.text(path), resolve=resolver).links:
            yield path, link


def pages_of(read: Read) -> Iterator[tuple[str, str, PageTargets]]:
    """(path in the repository, path on the site, what it can link to) of every page of a version."""
    for language in {d.language for d in read.normalized.documents}:
        mine = [d for d in read.normalized.documents if d.language == language]
        targets = PageTargets.of_documents(mine)
        yield from ((d.path, document_path(d), targets) for d in mine)
    targets = PageTargets.of_parts(read.normalized.parts)
    yield from ((p.path, part_path(p), targets) for p in read.normalized.parts if p.readme)


def test_every_link_leads_somewhere(example, catalog):
    links = [(n, *found) for n, read in example.items() for found in links_of(read, catalog)]
    lost = {LinkState.BROKEN, LinkState.NOT_A_LINK}
    found = {(n, path, link.written) for n, path, link in links if link.resolution.state in lost}
    assert found == set()
    assert {link.resolution.state for _, _, link in links} == set(LinkState) - lost


def test_the_example_is_small_and_plain():
    files = [path for path in CONTENT.rglob("*") if not path.is_dir()]
    assert len(files) < 260
    assert not [path for path in files if path.is_symlink()]
    texts = [p for p in files if "images" not in p.parts]
    assert max(path.stat().st_size for path in texts) < 32_000
