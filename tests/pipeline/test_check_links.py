"""`regdocs check --links`: what a build would tell of links, with file and line, without writing the site."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from builder.emit.manifest import read_manifest
from builder.errors import ContentError, UsageError
from builder.model.address import Address
from builder.model.issue import Severity
from builder.pipeline.build import BuildOptions
from builder.pipeline.check import check_links, check_metadata
from builder.pipeline.report import Report
from builder.store import Store
from builder.testing.linkcheck import check_folder
from builder.testing.registry import ISC, RegistryMaker
from builder.testing.repositories import RepositoryMaker, git

BED = "---\nsubcategory: Beds\n---\n\n# bed\n\nSee [soil](soil.md), [mulch](mulch.md) and\n[the map](/map/beds).\n"
SOIL = "# soil\n\n[bed](./bed.md#sizes) and [above](#nothing)\n"
GARDEN = {
    "docs/index.md": "# Garden\n",
    "docs/resources/bed.md": BED,
    "docs/resources/soil.md": SOIL,
}
FOUND = [
    ("LINK001", "docs/resources/bed.md", 7, "mulch.md: there is no such page"),
    ("LINK002", "docs/resources/soil.md", 3, "#nothing: no heading or anchor #nothing"),
    ("LINK002", "docs/resources/soil.md", 3, "./bed.md#sizes: no such heading"),
    ("LINK003", "docs/resources/bed.md", 8, "/map/beds: it is a path of another site"),
]
NET = {"README.md": "# Net\n\n[away](#away)\n"}


@pytest.fixture
def registry(tmp_path: Path) -> RegistryMaker:
    made = RegistryMaker(tmp_path / "registry")
    made.package("acme/garden", {"v1.0.0": GARDEN})
    made.package("acme/net/aws", {"v0.1.0": NET})
    return made


def checked(registry: RegistryMaker, *addresses: str, ingest: bool = True, **section) -> Report:
    config = replace(registry.config(**section), site_dir=registry.site)
    wanted = frozenset(Address.parse(address) for address in addresses)
    return check_links(config, BuildOptions(wanted, ingest=ingest))


def rows(report: Report, address: str = "providers/acme/garden") -> list[tuple[str, str, int, str]]:
    """The warnings and errors about a package (the made-up registry has no keys, which is a note)."""
    told = (found for found in report.sorted_issues() if found.severity is not Severity.NOTE)
    mine = (found for found in told if found.location.address == address)
    return [(f.code, f.location.path, f.location.line, f.message) for f in mine]


def test_every_link_that_leads_nowhere_is_told_with_file_and_line(registry):
    report = checked(registry)
    assert rows(report) == FOUND
    assert [row[:3] for row in rows(report, "modules/acme/net/aws")] == [
        ("LINK002", "README.md", 3)
    ]
    assert (report.packages, report.releases) == (2, 2)
    assert not registry.site.exists()
    assert not list(registry.root.glob(".site*"))


def test_addresses_limit_what_is_looked_at(registry):
    shutil.rmtree(registry.repository("acme/net/aws"))
    report = checked(registry, "acme/garden")
    assert rows(report) == FOUND
    assert len(report.issues) == len(FOUND)
    with pytest.raises(ContentError, match="not in the metadata: providers/acme/nothing"):
        checked(registry, "acme/nothing")


def test_a_build_tells_the_same(registry):
    built = registry.build()
    assert {i for i in built.issues if i.code.startswith("LINK")} == checked(registry).issues
    shutil.rmtree(registry.root / "cache")
    assert {i for i in built.issues if i.code.startswith("LINK")} == checked(registry).issues


def test_what_the_last_build_knows_is_not_made_again(registry, monkeypatch):
    registry.build()
    before = read_manifest(registry.site)
    monkeypatch.setattr("builder.pages.render.render_release", None)
    report = checked(registry)
    assert rows(report) == FOUND
    assert (report.unchanged, report.rendered) == (2, 0)
    assert read_manifest(registry.site) == before


def test_the_site_is_left_alone_when_something_is_new(registry):
    registry.build()
    before = read_manifest(registry.site)
    maker = RepositoryMaker(registry.repository("acme/garden"))
    mended = {**GARDEN, "docs/resources/mulch.md": "# mulch\n", "LICENSE": ISC}
    maker.tag("v1.0.0", maker.commit(mended))
    assert rows(checked(registry)) == FOUND[1:]
    assert read_manifest(registry.site) == before
    assert rows(registry.build()) == FOUND[1:]


def test_without_ingest_the_store_is_all_there_is(registry):
    assert checked(registry, ingest=False).issues == set()
    registry.build()
    shutil.rmtree(registry.root / "repositories")
    assert rows(checked(registry, ingest=False)) == FOUND


def test_what_cannot_be_looked_at_is_told(registry):
    shutil.rmtree(registry.repository("acme/garden"))
    report = checked(registry)
    assert [row[0] for row in rows(report)] == ["GIT001"]
    assert report.exit_code(strict=False) == 0
    assert checked(registry, "acme/garden").exit_code(strict=False) == 3


def test_other_issues_are_for_other_reports(registry):
    odd = {**GARDEN, "docs/resources/odd.md": "---\npage_title: a: b: c\n---\n# Odd\n"}
    registry.package("acme/odd", {"v1.0.0": odd})
    assert {row[0] for row in rows(checked(registry), "providers/acme/odd")} == {
        *("LINK001", "LINK002", "LINK003")
    }


def test_a_text_that_left_the_store_is_read_again(registry):
    registry.build()
    shutil.rmtree(registry.site)
    with Store(registry.root / "cache") as store:
        store._db.executescript("DELETE FROM blob; DELETE FROM memo WHERE space = 'bodies';")
    assert rows(checked(registry)) == FOUND


def test_a_damaged_store_costs_time_only(registry):
    checked(registry)
    (registry.root / "cache/store.sqlite3").write_bytes(b"garbage" * 1000)
    assert rows(checked(registry)) == FOUND


def test_findings_that_left_the_store_are_found_again(registry):
    first = registry.build()
    with Store(registry.root / "cache") as store:
        store._db.execute("DELETE FROM memo WHERE space = 'link-issues'")
    assert rows(checked(registry)) == FOUND
    with Store(registry.root / "cache") as store:
        store._db.execute("DELETE FROM memo WHERE space = 'link-issues'")
    again = registry.build()
    assert (again.issues, again.digest) == (first.issues, first.digest)


def test_metadata_can_be_checked_by_address(registry):
    registry.file("providers/b/bad/bad.json", "{")
    registry.file("providers/w/worse/worse.json", "{")
    config = registry.config()
    asked = frozenset({Address.parse("bad/bad")})
    assert [i.location.address for i in check_metadata(config, asked)] == ["providers/bad/bad"]
    assert len(check_metadata(config)) == 2
    with pytest.raises(ContentError, match="not in the metadata"):
        check_metadata(config, frozenset({Address.parse("no/such")}))


# the command


def configure(folder: Path, section: dict[str, object]) -> None:
    raw = {"site_name": "S", "docs_dir": "none", "plugins": [{"registry": section}]}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(raw))


def call(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "builder.cli", *args],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done


def test_the_command_in_every_format(registry):
    configure(registry.root, registry.section)
    done = call(registry.root, "check", "--links", "acme/garden")
    assert done.returncode == 0
    place = "providers/acme/garden@1.0.0 docs/resources/bed.md:7"
    assert done.stdout.startswith(f"warning LINK001 {place}: mulch.md: there is no such page\n")
    assert "acme/net" not in done.stdout
    assert done.stderr.splitlines()[-1] == "checked 1 release: 0 errors, 4 warnings"
    done = call(registry.root, "check", "--links", "acme/garden", "--format", "json", "--strict")
    assert done.returncode == 1
    found = [(r["code"], r["path"], r["line"], r["message"]) for r in json.loads(done.stdout)]
    assert found == FOUND
    done = call(registry.root, "check", "--links", "--no-ingest", "--format", "github")
    line = (
        "::warning title=LINK001 providers/acme/garden,file=docs/resources/bed.md,line=7::mulch.md"
    )
    assert done.stdout.replace("%3A", ":").startswith(line)
    assert not registry.site.exists()


def test_without_links_no_repository_is_asked(registry):
    shutil.rmtree(registry.root / "repositories")
    configure(registry.root, registry.section)
    done = call(registry.root, "check", "acme/garden")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "checked: 0 errors, 0 warnings\n"
    assert not (registry.root / "cache").exists()
    assert call(registry.root, "check", "acme/nothing").returncode == 1


def test_metadata_behind_a_url_can_have_its_links_checked(registry):
    files = {
        p.relative_to(registry.metadata).as_posix(): p.read_bytes()
        for p in registry.metadata.rglob("*.json")
    }
    maker = RepositoryMaker(registry.root / "repositories/meta.git")
    git(maker.folder, "update-ref", "refs/heads/main", maker.commit(files))
    git(maker.folder, "symbolic-ref", "HEAD", "refs/heads/main")
    section = {**registry.section, "metadata": "https://forge.example/meta.git"}
    configure(registry.root, section)
    done = call(registry.root, "check", "--links", "acme/garden")
    assert done.stderr.splitlines()[-1] == "checked 1 release: 0 errors, 4 warnings"
    with pytest.raises(UsageError, match="only a folder can be checked"):
        check_metadata(registry.config(metadata="https://forge.example/meta.git"))


# effects of the catalog and of other versions


def changed(registry: RegistryMaker, *addresses: str) -> set[str]:
    """Build; the units that differ from those of the build before."""
    before = read_manifest(registry.site).units
    registry.build(*addresses)
    after = read_manifest(registry.site).units
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def page(registry: RegistryMaker, path: str) -> str:
    return (registry.site / f"{path}/index.html").read_text()


def anchors(html: str) -> list[str]:
    """The links in the article: `address text`."""
    article = html[html.index("<article") :]
    return re.findall(r'<a href="([^"]*)"', article[: article.index("</article>")])


def test_a_page_that_another_version_lacks_gives_no_dead_link_there(registry):
    bed = "# bed\n\nSee [soil](soil.md).\n"
    one = {
        "docs/index.md": "# G\n",
        "docs/resources/bed.md": bed,
        "docs/resources/soil.md": "# soil\n",
    }
    two = {"docs/index.md": "# G\n", "docs/resources/bed.md": bed}
    maker = registry.package("acme/plot", {"v1.0.0": one})
    registry.build()
    old = "providers/acme/plot/1.0.0/docs/resources/bed"
    before = page(registry, old)
    assert anchors(before) == ["../../resources/soil/"]
    maker.release("v2.0.0", {"LICENSE": ISC, **two})
    registry.entry("acme/plot", "v2.0.0", "v1.0.0")
    assert "providers/acme/plot/1.0.0" not in changed(registry)
    assert page(registry, old) == before
    new = page(registry, "providers/acme/plot/2.0.0/docs/resources/bed")
    # the page still answers under latest, from the last version that had it
    assert anchors(new) == ["../../../../latest/docs/resources/soil/"]
    assert page(registry, "providers/acme/plot/latest/docs/resources/bed") == new
    assert [str(bad) for bad in check_folder(registry.site).bad if "acme/plot" in bad.page] == []
    assert not rows(registry.build(), "providers/acme/plot")


def test_a_link_to_a_page_of_a_later_version_becomes_alive_with_it(registry):
    bed = "# bed\n\nSee [soil](soil.md).\n"
    files = {"docs/index.md": "# G\n", "docs/resources/bed.md": bed}
    maker = registry.package("acme/plot", {"v1.0.0": files})
    assert [r[0] for r in rows(registry.build(), "providers/acme/plot")] == ["LINK001"]
    old = "providers/acme/plot/1.0.0/docs/resources/bed"
    assert anchors(page(registry, old)) == []
    maker.release("v2.0.0", {"LICENSE": ISC, **files, "docs/resources/soil.md": "# soil\n"})
    registry.entry("acme/plot", "v2.0.0", "v1.0.0")
    assert not rows(registry.build(), "providers/acme/plot")
    assert anchors(page(registry, old)) == ["../../../../latest/docs/resources/soil/"]
    # a further version changes nothing there
    maker.release("v3.0.0", {"LICENSE": ISC, **files})
    registry.entry("acme/plot", "v3.0.0", "v2.0.0", "v1.0.0")
    assert not changed(registry) & {"providers/acme/plot/1.0.0", "providers/acme/plot/2.0.0"}
    assert [str(bad) for bad in check_folder(registry.site).bad if "acme/plot" in bad.page] == []


def test_packages_that_come_and_go_change_only_pages_that_name_them(registry):
    there = "https://registry.terraform.io/providers/acme/late/latest/docs/resources/x"
    module = "https://registry.terraform.io/modules/acme/late/aws/latest"
    text = f"# Uses\n\n[one]({there}) [two]({module}) [three](/docs/providers/late/r/x.html)\n"
    index = {"docs/index.md": "# U\n"}
    registry.package("acme/user", {"v1.0.0": {**index, "docs/resources/uses.md": text}})
    registry.package("acme/reader/aws", {"v1.0.0": {"README.md": f"# R\n\n[one]({there})\n"}})
    registry.build()
    uses = "providers/acme/user/1.0.0/docs/resources/uses"
    reader = "modules/acme/reader/aws/1.0.0"
    outside = [there, module, "https://www.terraform.io/docs/providers/late/r/x.html"]
    assert anchors(page(registry, uses)) == outside
    assert anchors(page(registry, reader))[-1] == there
    others = {f"providers/acme/garden/{v}" for v in ("1.0.0", "latest")} | {
        *("modules/acme/net/aws/0.1.0", "modules/acme/net/aws/latest")
    }
    namers = {
        f"{p}/{v}"
        for p in ("providers/acme/user", "modules/acme/reader/aws")
        for v in ("1.0.0", "latest")
    }

    registry.package("acme/late", {"v1.0.0": {**index, "docs/resources/x.md": "# X\n"}})
    touched = changed(registry)
    assert namers <= touched
    assert not others & touched
    inside = "../" * 7 + "providers/acme/late/latest/docs/resources/x/"
    assert anchors(page(registry, uses)) == [inside, module, inside]
    assert anchors(page(registry, reader))[-1].endswith(
        "providers/acme/late/latest/docs/resources/x/"
    )

    maker = RepositoryMaker(registry.repository("acme/late"))
    maker.release("v2.0.0", {"LICENSE": ISC, **index})  # without the page: not looked at
    registry.entry("acme/late", "v2.0.0", "v1.0.0")
    assert not (namers | others) & changed(registry)

    (registry.metadata / "providers/a/acme/late.json").unlink()
    touched = changed(registry)
    assert namers <= touched
    assert not others & touched
    assert anchors(page(registry, uses)) == outside


# for authors

RECIPE = Path(__file__).parents[2] / "content/handbook/adding-packages.md"


def test_the_recipe_for_authors_works(tmp_path):
    """The handbook's files and commands, in a folder beside a checkout."""
    text = RECIPE.read_text()
    part = text[text.index("## Checking links before a release") :]
    blocks = re.findall(r"```(\w+)\n(.*?)```", part[: part.index("\n## ", 4)], re.DOTALL)
    by_language = dict(reversed(blocks))
    checkout = tmp_path / "terraform-provider-greenhouse"
    maker = RepositoryMaker(checkout / ".git")
    maker.release("v1.2.0", {"LICENSE": ISC, **GARDEN})
    folder = tmp_path / "check"
    entry = folder / "registry/providers/f/fernhill/greenhouse.json"
    entry.parent.mkdir(parents=True)
    entry.write_text(by_language["json"])
    (folder / "mkdocs.yml").write_text(by_language["yaml"])
    command = next(
        line
        for code in (c for lang, c in blocks if lang == "sh")
        for line in code.split("\n")
        if line.startswith("regdocs ")
    )
    done = call(folder, *command.split()[1:])
    found = json.loads(call(folder, *command.split()[1:], "--format", "json").stdout)
    loud = [r for r in found if r["severity"] != "note"]
    assert [(r["code"], r["path"], r["line"], r["message"]) for r in loud] == FOUND
    assert "LINK001 providers/fernhill/greenhouse@1.2.0 docs/resources/bed.md:7" in done.stdout
