"""Whole builds on real git repositories: what is new is made, what is bad costs only itself, the same input gives the
same site."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from builder.emit.manifest import read_manifest
from builder.errors import ContentError, RemoteError, UsageError
from builder.testing.registry import ISC, RegistryMaker

PAGE = "---\nsubcategory: Beds\n---\n\n# garden_bed\n\nA bed. See [soil](soil.md).\n"
SOIL = "# garden_soil\n\nWhat grows in it: [bed](./bed.md#top)\n"
GARDEN = {
    "docs/index.md": "# Garden\n\nGrows things.\n",
    "docs/resources/bed.md": PAGE,
    "docs/resources/soil.md": SOIL,
}
NET = {
    "README.md": "# Net\n\nCatches [leaves](modules/leaves).\n",
    "modules/leaves/README.md": "# Leaves\n",
    "modules/leaves/main.tf": 'variable "x" {}\n',
    "examples/simple/main.tf": "",
}


@pytest.fixture
def registry(tmp_path: Path) -> RegistryMaker:
    made = RegistryMaker(tmp_path / "registry")
    made.package(
        "acme/garden", {"v1.0.0": GARDEN, "v1.1.0": {**GARDEN, "docs/guides/a.md": "# A\n"}}
    )
    made.package("acme/net/aws", {"v0.1.0": NET})
    return made


def codes(report) -> list[str]:
    return sorted({found.code for found in report.issues if found.severity != "note"})


def page(site: Path, path: str) -> str:
    return (site / path).read_text(encoding="utf-8")


def api(site: Path, path: str):
    return json.loads((site / "registry/docs" / path).read_bytes())


def test_a_registry_becomes_pages_and_objects(registry):
    report = registry.build()
    assert codes(report) == []
    assert (report.packages, report.releases, report.unchanged, report.failed) == (2, 3, 0, 0)
    site = registry.site
    assert "A bed." in page(site, "providers/acme/garden/1.1.0/docs/resources/bed/index.html")
    assert "A bed." in page(site, "providers/acme/garden/latest/docs/resources/bed/index.html")
    assert "Catches" in page(site, "modules/acme/net/aws/0.1.0/index.html")
    assert "Leaves" in page(site, "modules/acme/net/aws/0.1.0/modules/leaves/index.html")
    assert [v["id"] for v in api(site, "providers/acme/garden/index.json")["versions"]] == [
        "v1.1.0",
        "v1.0.0",
    ]
    docs = api(site, "providers/acme/garden/v1.1.0/index.json")["docs"]
    assert [d["name"] for d in docs["resources"]] == ["bed", "soil"]
    assert (
        site / "registry/docs/providers/acme/garden/v1.0.0/resources/bed.md"
    ).read_text() == PAGE


def test_the_same_input_gives_the_same_site(registry):
    first = registry.build()
    shutil.rmtree(registry.root / "cache")
    second = registry.build(site="other")
    assert first.digest == second.digest
    assert read_manifest(registry.site) == read_manifest(registry.root / "other")


def test_a_build_with_nothing_new_makes_nothing(registry):
    first = registry.build()
    second = registry.build()
    assert second.digest == first.digest
    assert (second.releases, second.unchanged, second.rendered) == (3, 3, 0)
    assert second.units == second.units_unchanged
    assert second.issues == first.issues


def test_one_new_version_touches_its_own_package_only(registry):
    registry.build()
    before = read_manifest(registry.site).units
    new = registry.repository("acme/garden")
    from builder.testing.repositories import RepositoryMaker

    RepositoryMaker(new).release("v1.2.0", {"LICENSE": ISC, **GARDEN})
    registry.entry("acme/garden", "v1.2.0", "v1.1.0", "v1.0.0")
    report = registry.build()
    after = read_manifest(registry.site).units
    changed = {name for name, unit in after.items() if before.get(name) != unit}
    assert (report.releases, report.unchanged) == (4, 3)
    assert not [name for name in changed if name.startswith("modules/")]
    assert "providers/acme/garden/1.0.0" not in changed
    assert {"providers/acme/garden", "providers/acme/garden/1.2.0"} <= changed


def test_a_changed_template_renders_again_without_git(registry, monkeypatch):
    registry.build()
    shutil.rmtree(registry.root / "repositories")
    monkeypatch.setattr("builder.pages.render.PAGES_VERSION", "another look")
    report = registry.build(ingest=False)
    assert (report.releases, report.unchanged, report.rendered) == (3, 3, 0)
    assert report.units_unchanged < report.units
    assert "A bed." in page(
        registry.site, "providers/acme/garden/1.1.0/docs/resources/bed/index.html"
    )


def test_without_ingest_and_without_a_store_there_is_nothing_to_show(registry):
    report = registry.build(ingest=False)
    assert (report.releases, report.failed) == (0, 0)
    assert api(registry.site, "providers/acme/garden/index.json")["versions"] == []


def test_an_address_limits_what_is_looked_at(registry):
    registry.build()
    shutil.rmtree(registry.repository("acme/net/aws"))
    report = registry.build("acme/garden")
    assert codes(report) == []
    assert "Catches" in page(registry.site, "modules/acme/net/aws/0.1.0/index.html")
    with pytest.raises(ContentError, match="not in the metadata: providers/acme/nothing"):
        registry.build("acme/nothing")


def test_what_leaves_the_metadata_leaves_the_site(registry):
    registry.build()
    registry.entry("acme/garden", "v1.1.0")
    (registry.metadata / "modules/a/acme/net/aws.json").unlink()
    registry.build()
    left = {item.path for item in read_manifest(registry.site).items()}
    assert not [path for path in left if "1.0.0" in path or "acme/net" in path]
    assert "acme/net" not in (registry.site / "registry/docs/modules/index.json").read_text()


def test_versions_and_pages_can_be_limited(registry):
    report = registry.build(versions={"newest": 1})
    assert report.releases == 2
    report = registry.build(html={"versions": 1})
    assert report.releases == 3
    assert not (registry.site / "providers/acme/garden/1.0.0/docs/index.html").exists()
    assert (registry.site / "registry/docs/providers/acme/garden/v1.0.0/index.json").exists()


BAD = [
    ("malformed JSON", {"META001"}),
    ("missing tag", {"GIT002"}),
    ("missing repository", {"GIT001"}),
    ("front matter that is not YAML", {"DOC009"}),
    ("page of 5 MB", {"DOC006"}),
    ("binary file", {"DOC011"}),
    ("link out of the tree", {"DOC005"}),
    ("not UTF-8", {"DOC010"}),
    ("names that differ in case", {"DOC008"}),
    ("unknown license", {"LIC001"}),
    ("path with ..", {"DOC015"}),
    ("metadata path with ..", {"META002", "META003"}),
]


def spoil(registry: RegistryMaker, what: str) -> None:
    """Add one package with this fault (or spoil the metadata)."""
    secret = registry.root / "secret.md"
    secret.write_text("the secret of this machine")
    pages: dict[str, dict[str, str | bytes]] = {
        "front matter that is not YAML": {
            "docs/resources/odd.md": "---\npage_title: a: b: c\n---\n# Odd\n"
        },
        "page of 5 MB": {"docs/resources/odd.md": "# Odd\n" + "x" * 5_000_000},
        "binary file": {"docs/resources/odd.md": b"\x89PNG\0\0\0" * 50},
        "not UTF-8": {"docs/resources/odd.md": b"# Odd \xff\xfe\n"},
        "names that differ in case": {
            "docs/resources/Odd.md": "# 1\n",
            "docs/resources/odd.md": "# 2\n",
        },
    }
    good: dict[str, str | bytes] = {
        "docs/index.md": "# Fine\n",
        "docs/resources/fine.md": "# Fine\n",
    }
    if what == "malformed JSON":
        registry.file("providers/b/bad/bad.json", '{"versions": [')
    elif what == "metadata path with ..":
        registry.file("providers/b/bad/x..y.json", '{"versions": []}')
    elif what == "missing tag":
        registry.package("bad/bad", {"v1.0.0": good})
        registry.entry("bad/bad", "v2.0.0", "v1.0.0")
    elif what == "missing repository":
        registry.entry("bad/bad", "v1.0.0")
    elif what == "link out of the tree":
        registry.package("bad/bad", {"v1.0.0": good}, links={"docs/resources/odd.md": str(secret)})
    elif what == "unknown license":
        registry.package(
            "bad/bad", {"v1.0.0": {**good, "LICENSE": "Ask us nicely.\n"}}, licensed=False
        )
    elif what == "path with ..":
        maker = registry.package("bad/bad", {"v1.0.0": good})
        blob = maker.blob("# out\n")
        inner = maker.raw_tree(("100644", b"..", blob), ("100644", b"odd.md", blob))
        fine = maker.raw_tree(("100644", b"fine.md", maker.blob("# Fine\n")))
        docs = maker.raw_tree(("40000", b"guides", inner), ("40000", b"resources", fine))
        license_blob = maker.blob(ISC)
        tree = maker.raw_tree(("100644", b"LICENSE", license_blob), ("40000", b"docs", docs))
        maker.tag("v1.0.0", maker.commit_tree(tree))
    else:
        registry.package("bad/bad", {"v1.0.0": {**good, **pages[what]}})


@pytest.mark.parametrize(("what", "expected"), BAD, ids=[what for what, _ in BAD])
def test_bad_input_is_told_and_the_rest_is_built(registry, what, expected):
    spoil(registry, what)
    report = registry.build()
    assert set(codes(report)) & expected, sorted(report.issues, key=lambda i: i.sort_key)
    told = [found for found in report.sorted_issues() if found.code in expected]
    assert all(found.message and found.hint for found in told)
    assert "A bed." in page(
        registry.site, "providers/acme/garden/1.1.0/docs/resources/bed/index.html"
    )
    files = [p for p in registry.site.rglob("*") if p.is_file()]
    assert not [p for p in files if b"the secret of this machine" in p.read_bytes()]
    fine = registry.site / "providers/bad/bad/1.0.0/docs/resources/fine/index.html"
    has_good_pages = what not in {
        *("malformed JSON", "metadata path with ..", "missing repository", "unknown license"),
    }
    assert fine.exists() == has_good_pages
    again = registry.build()
    assert again.issues == report.issues
    assert again.digest == report.digest


def test_withheld_prose_is_nowhere(registry):
    words = "the prose that may not be shown"
    registry.package(
        "acme/closed",
        {
            "v1.0.0": {
                "docs/index.md": f"---\ndescription: {words}\n---\n# Closed\n\n{words}\n",
                "LICENSE": "No.\n",
            }
        },
        licensed=False,
    )
    registry.package("acme/blocked", {"v1.0.0": {"docs/index.md": f"# {words}\n"}})
    registry.package(
        "acme/shut/aws",
        {"v1.0.0": {"README.md": f"# {words}\n", "LICENSE": "No.\n"}},
        licensed=False,
    )
    registry.file(
        "blocklist.json", json.dumps({"providers": {"acme/blocked": "by order"}, "modules": {}})
    )
    report = registry.build()
    assert report.withheld == 3
    for file in (p for p in registry.root.rglob("*") if p.is_file()):
        if "repositories" not in file.parts:
            assert words.encode() not in file.read_bytes(), file
    from builder.store import Store

    with Store(registry.root / "cache") as store:
        rows = store._db.execute("SELECT id FROM blob").fetchall()
        texts = [store.read_blob(row[0]) for row in rows]
        assert not [text for text in texts if words.encode() in text]
        for space in ("facts", "licenses", "bodies"):
            assert not [v for v in store.memo(space).values() if words.encode() in v]
    assert "451" in page(registry.site, "providers/acme/closed/1.0.0/docs/index.html")
    assert "by order" in page(registry.site, "providers/acme/blocked/1.0.0/docs/index.html")


def test_a_repository_that_vanishes_keeps_its_last_good_pages(registry):
    first = registry.build()
    shutil.rmtree(registry.repository("acme/garden"))
    report = registry.build()
    assert codes(report) == ["BLD002", "GIT001"]
    assert (report.kept, report.releases) == (2, 3)
    assert report.digest == first.digest
    assert report.exit_code(strict=False) == 0
    assert report.exit_code(strict=True) == 1


def test_exit_code_3_when_nothing_can_be_reached(registry):
    shutil.rmtree(registry.root / "repositories")
    assert registry.build().exit_code(strict=False) == 3


def test_a_moved_tag_is_read_again(registry):
    registry.build()
    from builder.testing.repositories import RepositoryMaker

    maker = RepositoryMaker(registry.repository("acme/garden"))
    changed = {"LICENSE": ISC, **GARDEN, "docs/resources/bed.md": "# garden_bed\n\nMoved.\n"}
    maker.tag("v1.0.0", maker.commit(changed))
    report = registry.build()
    assert report.unchanged == 2
    assert "Moved." in page(
        registry.site, "providers/acme/garden/1.0.0/docs/resources/bed/index.html"
    )


def test_a_license_that_is_mended_brings_the_pages_back(registry):
    maker = registry.package(
        "acme/closed", {"v1.0.0": {"docs/index.md": "# Open\n"}}, licensed=False
    )
    assert codes(registry.build()) == ["LIC001"]
    maker.tag("v1.0.0", maker.commit({"docs/index.md": "# Open at last\n", "LICENSE": ISC}))
    assert codes(registry.build()) == []
    assert "Open at last" in page(registry.site, "providers/acme/closed/1.0.0/docs/index.html")


def test_prose_that_may_no_longer_be_shown_leaves_the_store(registry):
    words = "once this was free"
    files = {
        "docs/index.md": f"# {words}\n",
        "docs/resources/a.md": f"---\npage_title: {words}\n---\n",
    }
    maker = registry.package("acme/closing", {"v1.0.0": files, "v1.1.0": files})
    registry.build()
    closed = {**files, "LICENSE": "Ours.\n"}
    for tag in ("v1.0.0", "v1.1.0"):
        maker.tag(tag, maker.commit(closed))
    assert registry.build().withheld == 2
    from builder.store import Store

    with Store(registry.root / "cache") as store:
        texts = [
            store.read_blob(row[0]) for row in store._db.execute("SELECT id FROM blob").fetchall()
        ]
        assert not [text for text in texts if words.encode() in text]
        rows = store._db.execute("SELECT space, key, value FROM memo").fetchall()
        assert not [row for row in rows if words.encode() in row[2]]
    assert registry.build().withheld == 2


def test_forgetting_a_text_that_another_version_shows_heals_itself(registry):
    files = {"docs/index.md": "# Shared\n"}
    maker = registry.package("acme/half", {"v1.0.0": files, "v1.1.0": files})
    registry.build()
    maker.tag("v1.1.0", maker.commit({**files, "LICENSE": "Ours.\n"}))
    report = registry.build()
    assert report.withheld == 1
    assert "Shared" in page(registry.site, "providers/acme/half/1.0.0/docs/index.html")
    again = registry.build()
    assert (again.digest, again.withheld) == (report.digest, 1)
    shutil.rmtree(registry.site)
    assert registry.build().digest == report.digest


@pytest.mark.parametrize("damage", ["truncated", "emptied tables", "garbage"])
def test_a_damaged_store_costs_time_only(registry, damage):
    first = registry.build()
    file = registry.root / "cache/store.sqlite3"
    if damage == "truncated":
        file.write_bytes(file.read_bytes()[:5000])
    elif damage == "garbage":
        file.write_bytes(b"garbage" * 1000)
    else:
        import sqlite3

        db = sqlite3.connect(file)
        db.executescript("DELETE FROM blob; DELETE FROM memo;")
        db.close()
        shutil.rmtree(registry.site)
    assert registry.build().digest == first.digest


def test_killed_at_any_moment_the_next_build_is_right(registry):
    wanted = registry.build(site="wanted").digest
    shutil.rmtree(registry.root / "cache")
    (registry.root / "site").mkdir()
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from builder.testing.registry import RegistryMaker
        made = RegistryMaker.__new__(RegistryMaker)
        made.root = Path(sys.argv[1]); made.metadata = made.root / "metadata"
        made.section = eval(sys.argv[2])
        print("ready", flush=True)
        made.build()
        """
    )
    for pause in (0.05, 0.2, 0.35, 0.5, 0.8):
        child = subprocess.Popen(
            [sys.executable, "-c", program, str(registry.root), repr(registry.section)],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(pause)
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        if any(registry.site.iterdir()):
            assert read_manifest(registry.site).digest == wanted
    assert registry.build().digest == wanted
    assert not list(registry.root.glob(".site.next*"))


def test_metadata_that_is_not_there_is_told(registry):
    with pytest.raises(UsageError, match="no such folder"):
        registry.build(metadata="nowhere")


def test_metadata_from_a_git_repository(registry):
    from builder.testing.repositories import RepositoryMaker

    files = {
        path.relative_to(registry.metadata).as_posix(): path.read_bytes()
        for path in registry.metadata.rglob("*.json")
    }
    wanted = registry.build().digest
    maker = RepositoryMaker(registry.root / "repositories/meta.git")
    commit = maker.commit(files)
    from builder.testing.repositories import git

    git(maker.folder, "update-ref", "refs/heads/main", commit)
    git(maker.folder, "symbolic-ref", "HEAD", "refs/heads/main")
    url = "https://forge.example/meta.git"
    assert registry.build(metadata=url).digest == wanted
    assert registry.build(metadata=url, ingest=False).digest == wanted
    with pytest.raises(RemoteError, match="not in the cache"):
        registry.build(metadata="https://forge.example/other.git", ingest=False)


def test_links_to_other_packages_follow_the_catalog(registry):
    text = "# Uses\n\n[there](https://registry.terraform.io/providers/acme/late/latest/docs/resources/x)\n"
    registry.package(
        "acme/user", {"v1.0.0": {"docs/index.md": "# U\n", "docs/resources/uses.md": text}}
    )
    registry.build()
    uses = "providers/acme/user/1.0.0/docs/resources/uses/index.html"
    assert "registry.terraform.io/providers/acme/late" in page(registry.site, uses)
    registry.package(
        "acme/late", {"v1.0.0": {"docs/index.md": "# L\n", "docs/resources/x.md": "# X\n"}}
    )
    before = read_manifest(registry.site).units
    registry.build()
    after = read_manifest(registry.site).units
    assert "registry.terraform.io/providers/acme/late" not in page(registry.site, uses)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {
        "providers/acme/user/1.0.0",
        "providers/acme/user/latest",
        "site/api",
        "site/lists/a",
        "site/pages",
    }


SHELF = """
variable "rows" {
  type        = list(object({ width = number, label = optional(string, "none") }))
  description = "What stands on it"
}
variable "color" {
  default = "green"
}
output "id" {
  value     = 1
  sensitive = true
}
terraform {
  required_version = ">= 1.5"
  required_providers {
    garden = { source = "acme/garden", version = "~> 1.0" }
  }
}
resource "garden_bed" "this" {}
module "leaves" {
  source = "./modules/leaves"
}
"""


def test_modules_have_their_inputs_and_outputs(registry):
    registry.package(
        "acme/shelf/garden",
        {
            "v1.0.0": {
                "main.tf": SHELF,
                "modules/leaves/x.tf": 'variable "n" {}\n',
                "examples/a/b.tf": "x {",
            }
        },
    )
    report = registry.build()
    assert any(code.startswith("SCH") for code in codes(report))
    module = api(registry.site, "modules/acme/shelf/garden/v1.0.0/index.json")
    assert module["variables"]["rows"]["type"] == [
        "list",
        ["object", {"label": "string", "width": "number"}, ["label"]],
    ]
    assert (module["variables"]["rows"]["required"], module["variables"]["color"]["default"]) == (
        True,
        "green",
    )
    assert module["outputs"]["id"]["sensitive"] is True
    assert [r["address"] for r in module["resources"]] == ["garden_bed.this"]
    assert module["dependencies"] == [
        {"name": "leaves", "version_constraint": "", "source": "./modules/leaves"}
    ]
    assert module["providers"][0]["full_name"] == "registry.opentofu.org/acme/garden"
    assert list(module["submodules"]["leaves"]["variables"]) == ["n"]
    assert "examples/a/b.tf:1" in module["examples"]["a"]["schema_error"]
    assert registry.build().unchanged == report.releases


def test_what_a_withheld_module_takes_is_not_told(registry):
    registry.package(
        "acme/shelf/garden", {"v1.0.0": {"main.tf": SHELF, "LICENSE": "No.\n"}}, licensed=False
    )
    registry.build()
    module = api(registry.site, "modules/acme/shelf/garden/v1.0.0/index.json")
    assert (module["variables"], module["outputs"], module["schema_error"]) == ({}, {}, "")
    for file in (
        p for p in registry.root.rglob("*") if p.is_file() and "repositories" not in p.parts
    ):
        assert b"What stands on it" not in file.read_bytes()
