"""Whole builds of real packages: public metadata and the documentation side of their repositories, as git bundles."""

import json
import shutil
import threading
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from builder.emit.manifest import read_manifest
from builder.server.preview import PreviewServer
from builder.testing.linkcheck import check_folder
from builder.testing.registry import RegistryMaker

pytestmark = pytest.mark.real

GITHUB = "https://github.com/"


def real_registry(root: Path, shared_data: Path, *addresses: str) -> RegistryMaker:
    """A registry with the public metadata of these providers and their repositories as bundles."""
    made = RegistryMaker(root)
    made.section |= {
        "repositories": f"{GITHUB}{{namespace}}/{{repository}}",
        "mirrors": {GITHUB: "repositories/"},
    }
    for address in addresses:
        namespace, name = address.split("/")
        path = f"providers/{namespace[0]}/{address}.json"
        made.file(path, (shared_data / "opentofu-registry" / path).read_bytes())
        folder = made.root / "repositories" / namespace
        folder.mkdir(parents=True, exist_ok=True)
        bundle = f"terraform-provider-{name}.bundle"
        shutil.copyfile(shared_data / "repos" / bundle, folder / bundle)
    return made


def test_random_with_all_its_versions(tmp_path, shared_data):
    """Every version of the metadata becomes API objects and pages; what is odd is known; nothing leads nowhere."""
    registry = real_registry(tmp_path / "r", shared_data, "hashicorp/random")
    report = registry.build()
    listed = json.loads((registry.metadata / "providers/h/hashicorp/random.json").read_bytes())
    assert report.releases == len(listed["versions"]) == 34
    assert report.failed == report.withheld == 0
    # comments in the front matter of generated CDKTF pages are no mapping
    # and the registry of this test has no keys
    assert set(report.by_code()) == {"DOC009", "REG003"}
    for version in listed["versions"]:
        number = version["version"]
        index = registry.site / f"registry/docs/providers/hashicorp/random/v{number}/index.json"
        docs = json.loads(index.read_bytes())["docs"]
        for item in docs["resources"]:
            page = f"providers/hashicorp/random/{number}/docs/resources/{item['name']}/index.html"
            assert (registry.site / page).is_file(), page
    checked = check_folder(registry.site)
    assert checked.pages > 250
    assert [str(bad) for bad in checked.bad] == []
    again = registry.build()
    assert (again.unchanged, again.rendered, again.digest) == (34, 0, report.digest)


def test_google_at_its_newest_version(tmp_path, shared_data):
    """A very large provider: 1,765 pages of the newest tag, each with one h1 and unique ids."""
    registry = real_registry(tmp_path / "r", shared_data, "hashicorp/google")
    file = registry.metadata / "providers/h/hashicorp/google.json"
    metadata = json.loads(file.read_bytes())
    metadata["versions"] = [{**metadata["versions"][0], "version": "7.45.0"}]
    file.write_text(json.dumps(metadata, indent=2))
    report = registry.build()
    assert (report.releases, report.withheld, report.failed) == (1, 0, 0)
    assert report.documents == 1765
    codes = report.by_code()
    assert codes.pop("DOC009") == 2
    assert set(codes) <= {"LINK001", "LINK002", "LINK003", "REG003"}
    base = registry.site / "providers/hashicorp/google/7.45.0/docs"
    pages = sorted(base.glob("*/*/index.html"))
    assert len(pages) == 1764  # and the overview
    for page in pages[::40]:
        soup = BeautifulSoup(page.read_bytes(), "html.parser")
        assert len(soup.find_all("h1")) == 1, page
        ids = Counter(str(tag["id"]) for tag in soup.find_all(id=True))
        assert [name for name, count in ids.items() if count > 1] == [], page
    latest = registry.site / "providers/hashicorp/google/latest/docs"
    assert all((latest / p.relative_to(base)).read_bytes() == p.read_bytes() for p in pages[::40])
    checked = check_folder(registry.site)
    assert [str(bad) for bad in checked.bad] == []


def test_two_builds_from_nothing_are_identical(tmp_path, shared_data):
    """Also with another number of fetching threads."""
    registry = real_registry(tmp_path / "r", shared_data, "hashicorp/random")
    registry.build(jobs=1)
    shutil.rmtree(registry.root / "cache")
    registry.build(jobs=8, site="other")
    assert read_manifest(registry.site) == read_manifest(registry.root / "other")


def test_a_client_that_people_use_reads_the_built_site(tmp_path, shared_data, npm_client):
    registry = real_registry(tmp_path / "r", shared_data, "hashicorp/random")
    registry.package("acme/net/aws", {"v0.1.0": {"README.md": "# Net\n"}})
    registry.build(versions={"newest": 2})
    with PreviewServer(registry.site, port=0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            read = npm_client(
                server.address.rstrip("/"),
                providers=["getProviderList"],
                modules=["getModuleList"],
                provider=["getProviderDetails", "hashicorp", "random"],
                module=["getModuleDetails", "acme", "net", "aws"],
                resource=["getResourceDocs", "hashicorp", "random", "pet"],
            )
        finally:
            server.shutdown()
            thread.join()
    assert [p["addr"]["display"] for p in read["providers"]["providers"]] == ["hashicorp/random"]
    assert [m["addr"]["display"] for m in read["modules"]["modules"]] == ["acme/net/aws"]
    newest = read["provider"]["latestVersion"]
    assert newest["id"] == read["provider"]["versions"][0]["id"]
    assert "pet" in [item["name"] for item in newest["docs"]["resources"]]
    assert "random_pet" in read["resource"]
    assert read["module"]["versions"][0]["id"] == "v0.1.0"
