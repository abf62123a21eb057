"""Whole builds in which pages come and go: `latest` answers for all of them, and what did not change is not made."""

from pathlib import Path

import pytest

from builder.emit.manifest import read_manifest
from builder.model.issue import Severity
from builder.store import Store
from builder.testing.linkcheck import check_folder
from builder.testing.registry import ISC, RegistryMaker
from builder.testing.repositories import RepositoryMaker

INDEX = {"docs/index.md": "# I\n"}
OLD = {**INDEX, "docs/resources/pond.md": "# Pond, old\n", "docs/resources/bed.md": "# Bed\n"}
MID = {**OLD, "docs/resources/pond.md": "# Pond, new\n"}
NEW = {**INDEX, "docs/resources/bed.md": "# Bed\n"}
UNIT = "providers/acme/garden/latest/removed"


@pytest.fixture
def registry(tmp_path: Path) -> RegistryMaker:
    made = RegistryMaker(tmp_path / "registry")
    made.package("acme/garden", {"v1.0.0": OLD, "v1.1.0": MID, "v2.0.0": NEW})
    return made


def pond(registry: RegistryMaker, version: str = "latest") -> str:
    path = registry.site / f"providers/acme/garden/{version}/docs/resources/pond/index.html"
    return path.read_text() if path.is_file() else ""


def release(registry: RegistryMaker, version: str, files: dict[str, str], *older: str) -> None:
    repository = RepositoryMaker(registry.repository("acme/garden"))
    repository.release(f"v{version}", {"LICENSE": ISC, **files})
    registry.entry("acme/garden", f"v{version}", *older)


def test_a_removed_page_answers_under_latest_with_the_last_version_that_had_it(registry):
    registry.build()
    assert "Pond, new" in pond(registry)
    assert "no such page" in pond(registry)
    assert "../../../../1.1.0/docs/resources/pond/" in pond(registry)
    assert check_folder(registry.site).bad == ()


def test_it_is_made_once_and_not_when_another_version_changes_nothing_of_it(registry):
    registry.build()
    before = read_manifest(registry.site).units[UNIT]
    release(registry, "2.1.0", NEW, "v2.0.0", "v1.1.0", "v1.0.0")
    report = registry.build()
    assert read_manifest(registry.site).units[UNIT] == before
    assert report.rendered == 0, "the new version has no new text"


def test_a_page_that_comes_back_has_no_notice(registry):
    registry.build()
    release(registry, "3.0.0", MID, "v2.0.0", "v1.1.0", "v1.0.0")
    registry.build()
    assert "Pond, new" in pond(registry)
    assert "no such page" not in pond(registry)
    assert UNIT not in read_manifest(registry.site).units


def test_no_older_version_is_decoded_when_nothing_changed(registry, monkeypatch):
    registry.build()
    asked: list[str] = []
    release_of = Store.release

    def noted(store, address, version):
        asked.append(version)
        return release_of(store, address, version)

    monkeypatch.setattr(Store, "release", noted)
    registry.build()
    assert asked == []


def test_versions_without_pages_still_answer(registry):
    registry.build(html={"versions": 1})
    assert pond(registry, "1.1.0") == ""
    assert "version 1.1.0" in pond(registry)
    assert check_folder(registry.site).bad == ()


def test_a_page_of_a_pre_release_alone_is_answered_too(registry):
    """Its canonical link names `latest`."""
    more = {**NEW, "docs/resources/well.md": "# Well\n"}
    release(registry, "3.0.0-beta.1", more, "v2.0.0", "v1.1.0", "v1.0.0")
    registry.build()
    well = registry.site / "providers/acme/garden/latest/docs/resources/well/index.html"
    assert "version 3.0.0-beta.1" in well.read_text()


def test_what_leaves_the_metadata_leaves_latest_too(registry):
    registry.build()
    registry.entry("acme/garden", "v2.0.0")
    registry.build()
    assert pond(registry) == ""


def test_a_store_that_lost_a_set_of_pages_heals_itself(registry):
    first = registry.build()
    with Store(registry.root / "cache") as store:
        for space in ("page-sets", "removed-pages"):
            memo = store.memo(space)
            for key in list(memo):
                del memo[key]
    assert registry.build().digest == first.digest


def test_cdktf_pages_are_an_option(registry):
    python = {
        "docs/cdktf/python/resources/bed.md": "# Bed in Python. See [pond](pond.md).\n",
        "docs/cdktf/python/resources/pond.md": "# P\n",
    }
    release(registry, "2.1.0", {**NEW, **python}, "v2.0.0", "v1.1.0", "v1.0.0")
    path = registry.site / "providers/acme/garden/2.1.0/docs/cdktf/python/resources/bed/index.html"
    registry.build()
    assert not path.exists()
    report = registry.build(html={"cdktf": True, "links": "file"})
    assert '"../../resources/pond/index.html"' in path.read_text()
    assert [f for f in report.sorted_issues() if f.severity is not Severity.NOTE] == []
    assert check_folder(registry.site).bad == ()


def test_earlier_addresses_are_an_option(registry):
    old = registry.site / "provider/acme/garden/latest/docs/resources/bed/index.html"
    registry.build()
    assert not old.exists()
    registry.build(html={"legacy_addresses": True})
    assert (
        "url=../../../../../../../providers/acme/garden/latest/docs/resources/bed/"
        in old.read_text()
    )
    assert check_folder(registry.site).bad == ()
