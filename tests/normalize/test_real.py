"""Real provider repositories: the numbers that were counted by hand."""

from collections import Counter
from functools import cache

import pytest

from builder.ingest.source import IngestSettings, open_repository
from builder.model.address import Address
from builder.model.document import PageFacts
from builder.model.entry import Release
from builder.model.limits import Limits
from builder.model.snapshot import Repository, Snapshot
from builder.model.version import Version
from builder.normalize.normalize import normalize

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def versions(shared_data, tmp_path_factory):
    """Every tag of a bundle, normalized with one memo: (results by tag, memo)."""
    settings = IngestSettings(cache=tmp_path_factory.mktemp("cache"), local_addresses=True)

    @cache
    def read(name, newest=None):
        view = open_repository(
            str(shared_data / f"repos/terraform-provider-{name}.bundle"), settings
        )
        memo: dict[str, PageFacts] = {}
        results = {}
        parsed = [(Version.parse(tag), tag) for tag in view.tags()]
        tags = sorted((version, tag) for version, tag in parsed if version is not None)
        for version, tag in tags[-newest:] if newest else tags:
            found = view.tags()[tag]
            snapshot = Snapshot(
                Address.parse(f"hashicorp/{name}"),
                Release(version, str(version)),
                Repository(f"https://git.example/hashicorp/terraform-provider-{name}"),
                view.tree(found.commit),
                tag,
                found.commit,
                found.created,
            )
            results[tag] = normalize(snapshot, Limits(), memo)
        view.close()
        return results, memo

    return read


def test_all_versions_of_random(versions):
    results, memo = versions("random")
    documents = [d for checked in results.values() for d in checked.value.documents]
    assert len(results) == 41
    assert len(documents) == 546
    assert sum(not d.language for d in documents) == 334
    assert len(memo) == len({d.blob for d in documents}) == 140
    newest = Counter(d.kind for d in results["v3.6.0"].value.documents if not d.language)
    assert newest == {"": 1, "resources": 8}


def test_the_only_issues_of_random_are_the_broken_headers_of_converted_pages(versions):
    """The converter put an HTML comment inside the front matter of every page but the overview."""
    results, _ = versions("random")
    issues = [i for checked in results.values() for i in checked.issues]
    assert Counter(i.code for i in issues) == {"DOC009": 146}
    assert all(i.location.path.startswith("docs/cdktf/") for i in issues)
    assert {i.location.line for i in issues} == {3}
    (bytes_page,) = [
        d
        for d in results["v3.6.0"].value.documents
        if (d.language, d.kind, d.name) == ("python", "resources", "bytes")
    ]
    assert bytes_page.title == "random_bytes Resource - terraform-provider-random"
    assert bytes_page.description.startswith("The resource random_bytes generates random bytes")


def test_the_newest_version_of_google(versions):
    results, memo = versions("google", 1)
    ((tag, checked),) = results.items()
    assert tag == "v7.45.0"
    documents = checked.value.documents
    assert Counter(d.kind for d in documents) == {
        "": 1,
        "resources": 1152,
        "datasources": 496,
        "listresources": 84,
        "guides": 20,
        "functions": 6,
        "ephemeral": 6,
    }
    assert len(documents) == 1765
    assert [(i.code, i.location.path, i.location.line) for i in checked.issues] == [
        ("DOC009", "website/docs/d/compute_region_instance_group_manager.html.markdown", 19),
        ("DOC009", "website/docs/d/organization_iam_custom_roles.html.markdown", 19),
    ]
    assert sum(bool(facts.title) for facts in memo.values()) == 36
    assert not [d for d in documents if d.replaced]
