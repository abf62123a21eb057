"""The values of the JSON objects, against the contract of the existing docs API and our additions."""

import pytest

from builder.api.docs_v1 import render_package, render_release
from builder.model.address import Address, Kind
from builder.model.docs import Status
from builder.model.document import DOC_KINDS, Document, Part, PartRole
from builder.model.license import LicenseFinding, Outcome, Verdict
from builder.model.snapshot import blob_id
from builder.model.summary import VersionSummary
from builder.model.version import Version

REPOSITORY = "https://forge.example/acme/terraform-provider-garden"

# What readers of the existing API may index into without a check.
ALWAYS = {
    "provider": {
        *("addr", "link", "canonical_addr", "reverse_aliases", "description", "popularity"),
        *("fork_count", "upstream_popularity", "upstream_fork_count", "fork_of", "versions"),
        "is_blocked",
    },
    "module": {
        *("addr", "description", "versions", "is_blocked", "popularity", "fork_count"),
        *("upstream_popularity", "upstream_fork_count", "fork_of"),
    },
    "provider_version": {
        *("id", "published", "docs", "cdktf_docs", "license", "incompatible_license", "link"),
    },
    "docs": {"resources", "datasources", "functions", "guides"},
    "doc_item": {"name", "edit_link", "title", "subcategory", "description"},
    "example": {"readme", "edit_link", "variables", "outputs", "schema_error"},
}
ALWAYS["submodule"] = ALWAYS["example"] | {"providers", "dependencies", "resources"}
ALWAYS["module_version"] = ALWAYS["submodule"] | {
    *("id", "published", "link", "vcs_repository", "licenses", "incompatible_license"),
    *("examples", "submodules"),
}


@pytest.fixture
def version_index(texts, check):
    """The version index of a release."""

    def make(docs):
        found = check(render_release(docs, texts.read))
        return found[f"registry/docs/{docs.address.path}/{docs.version.docs_segment}/index.json"]

    return make


@pytest.fixture
def package_index(check):
    """The index of a package."""

    def make(package):
        return check(render_package(package))[f"registry/docs/{package.address.path}/index.json"]

    return make


@pytest.fixture
def status(texts, check):
    """The status object of a release."""

    def make(docs):
        found = check(render_release(docs, texts.read))
        return next(value for path, value in found.items() if path.endswith("/status.json"))

    return make


def test_barest_objects_have_every_field_that_is_always_present(
    version_index, package_index, provider, module, summary
):
    bare = Verdict(Outcome.ALLOW, "")
    page = Document("guides", "a", "docs/guides/a.md", blob_id(b"# Garden"))
    texts_only = provider(documents=(), verdict=bare, published="")
    version = version_index(texts_only)
    assert version.keys() >= ALWAYS["provider_version"]
    assert version["docs"].keys() >= ALWAYS["docs"]
    assert version["license"] is None
    assert version["cdktf_docs"] == {}
    assert version["published"] == "0001-01-01T00:00:00Z"
    provider()  # stores the text of the page
    item = version_index(provider(documents=(page,)))["docs"]["guides"][0]
    assert item.keys() >= ALWAYS["doc_item"]
    vpc = version_index(module(verdict=bare))
    assert vpc.keys() >= ALWAYS["module_version"]
    assert vpc["licenses"] is None
    assert vpc["submodules"]["b"].keys() >= ALWAYS["submodule"]
    assert vpc["examples"]["full"].keys() >= ALWAYS["example"]
    assert "resources" not in vpc["examples"]["full"]
    assert package_index(summary()).keys() >= ALWAYS["provider"]
    assert package_index(summary(kind=Kind.MODULE)).keys() >= ALWAYS["module"]


def test_what_is_empty_is_left_out_where_the_existing_api_does(
    package_index, version_index, summary, provider
):
    plain = package_index(summary("1.0.0"))
    assert not {"warnings", "blocked_reason", "fork_of_link"} & plain.keys()
    assert "index" not in version_index(provider(documents=()))["docs"]
    assert (
        "link"
        not in version_index(
            provider(
                verdict=Verdict(Outcome.ALLOW, "", (LicenseFinding("MIT", 1, True, "LICENSE"),))
            )
        )["license"][0]
    )


def test_provider(package_index, summary):
    index = package_index(
        summary(
            *("1.0.0", "2.0.0"),
            warnings=("Deprecated",),
            canonical=Address.of(Kind.PROVIDER, "opentofu", "garden"),
            reverse_aliases=(Address.of(Kind.PROVIDER, "hashicorp", "garden"),),
            popularity=7,
            fork_count=3,
        )
    )
    assert index["addr"] == {"display": "acme/garden", "namespace": "acme", "name": "garden"}
    assert index["link"] == REPOSITORY
    assert index["warnings"] == ["Deprecated"]
    assert index["canonical_addr"]["display"] == "opentofu/garden"
    assert [a["display"] for a in index["reverse_aliases"]] == ["hashicorp/garden"]
    assert (index["description"], index["popularity"], index["fork_count"]) == ("Gardens", 7, 3)
    assert index["versions"][0] == {"id": "v2.0.0", "published": "2024-01-01T00:00:00Z"}
    assert (index["is_blocked"], index["status"]) == (False, "ok")


def test_address_that_is_no_alias_has_null_as_canonical(package_index, summary):
    index = package_index(summary("1.0.0"))
    assert index["canonical_addr"] is None
    assert index["reverse_aliases"] == []


def test_module(package_index, summary):
    index = package_index(summary("1.0.0", kind=Kind.MODULE, warnings=("Deprecated",)))
    assert index["addr"] == {
        "display": "acme/vpc/cloud",
        "namespace": "acme",
        "name": "vpc",
        "target": "cloud",
    }
    assert index["link"] == REPOSITORY
    assert index["warnings"] == ["Deprecated"]


@pytest.mark.parametrize("kind", [Kind.PROVIDER, Kind.MODULE])
def test_blocked_package_stays_listed_with_its_reason(package_index, summary, kind):
    index = package_index(summary("1.0.0", kind=kind, blocked="court order"))
    assert (index["is_blocked"], index["blocked_reason"]) == (True, "court order")
    assert (index["status"], index["reason"]) == ("skipped", "court order")
    assert len(index["versions"]) == 1


def test_versions_descend_by_semantic_version_with_pre_releases(package_index, summary):
    numbers = ["1.9.0", "1.10.0", "6.0.0-beta1", "5.98.0", "6.0.0-beta.2", "6.0.0-beta10"]
    ids = [entry["id"] for entry in package_index(summary(*numbers))["versions"]]
    assert ids[-3:] == ["v5.98.0", "v1.10.0", "v1.9.0"]
    assert ids[:3] == ["v6.0.0-beta10", "v6.0.0-beta1", "v6.0.0-beta.2"]


def test_latest_stable_is_no_pre_release(package_index, summary, check):
    package = summary("5.98.0", "6.0.0-beta1")
    index = package_index(package)
    assert index["versions"][0]["id"] == "v6.0.0-beta1"  # as readers of the existing API expect
    assert (index["latest"], index["latest_stable"]) == ("v6.0.0-beta1", "v5.98.0")
    latest = check(render_package(package))["registry/docs/providers/acme/garden/latest.json"]
    assert latest["latest"]["id"] == "v6.0.0-beta1"
    assert latest["latest_stable"] == {
        "id": "v5.98.0",
        "published": "2024-01-01T00:00:00Z",
        "index": "providers/acme/garden/v5.98.0/index.json",
    }


def test_yanked_versions_are_latest_only_when_all_are(package_index, summary):
    yanked = VersionSummary(Version(2, 0, 0), "", yanked="leaks keys")
    index = package_index(summary("1.0.0", yanked))
    assert (index["latest"], index["latest_stable"]) == ("v1.0.0", "v1.0.0")
    assert index["versions"][0]["yanked"] == "leaks keys"
    assert package_index(summary(yanked))["latest_stable"] == "v2.0.0"


def test_only_pre_releases_have_no_latest_stable(package_index, summary, check):
    package = summary("1.0.0-rc1")
    assert package_index(package)["latest_stable"] is None
    latest = check(render_package(package))["registry/docs/providers/acme/garden/latest.json"]
    assert "latest_stable" not in latest


def test_versions_without_documents_are_listed_apart_with_the_reason(
    package_index, summary, failed
):
    index = package_index(summary("1.0.0", failed("2.0.0", "the tag is missing")))
    assert [entry["id"] for entry in index["versions"]] == ["v1.0.0"]
    assert index["latest"] == "v1.0.0"
    assert index["unavailable_versions"] == [
        {
            "id": "v2.0.0",
            "published": "0001-01-01T00:00:00Z",
            "status": "failed",
            "reason": "the tag is missing",
        }
    ]


def test_package_without_any_documents_says_why(package_index, summary, failed):
    index = package_index(summary(failed("1.0.0", "old"), failed("2.0.0", "repository is gone")))
    assert (index["versions"], index["latest"]) == ([], None)
    assert (index["status"], index["reason"]) == ("failed", "repository is gone")
    assert package_index(summary())["status"] == "skipped"


def test_version_entry_names_its_key_when_it_is_not_the_id(package_index, summary):
    entries = package_index(summary("1.0.0+B.1", "0.9.0"))["versions"]
    assert entries[0] == {
        "id": "v1.0.0+B.1",
        "published": "2024-01-01T00:00:00Z",
        "segment": "v1.0.0_b.1",
    }
    assert "segment" not in entries[1]


def test_withheld_version_stays_in_the_list_with_its_status(package_index, summary):
    withheld = VersionSummary(
        *(Version(1, 0, 0), "", "v1.0.0", Status.SKIPPED, "no license"), withheld=True
    )
    entry = package_index(summary(withheld))["versions"][0]
    assert (entry["status"], entry["reason"]) == ("skipped", "no license")


def test_provider_version(version_index, provider):
    index = version_index(provider(warnings=("Beta",), yanked="leaks keys"))
    assert (index["id"], index["published"]) == ("v1.2.0", "2024-05-06T07:08:09Z")
    assert index["link"] == f"{REPOSITORY}/tree/v1.2.0"
    assert index["incompatible_license"] is False
    assert index["warnings"] == ["Beta"]
    assert index["yanked"] == "leaks keys"
    assert (index["status"], index["tag"], index["commit"]) == ("ok", "v1.2.0", "c" * 40)
    assert index["docs"]["index"]["name"] == "index"
    assert all(len(index["docs"][kind.key]) == 1 for kind in DOC_KINDS)
    assert index["cdktf_docs"].keys() == {"python"}
    assert index["cdktf_docs"]["python"].keys() == index["docs"].keys()


def test_doc_item(version_index, provider, texts):
    blob = texts.add("# A pond")
    path = "website/docs/r/Pond.html.markdown"
    page = Document("resources", "Pond", path, blob, "", "A <pond>", "Water & fish", "Digs.")
    item = version_index(provider(documents=(page,)))["docs"]["resources"][0]
    assert item == {
        "name": "Pond",
        "edit_link": f"{REPOSITORY}/blob/v1.2.0/{path}",
        "title": "A <pond>",
        "subcategory": "Water & fish",
        "description": "Digs.",
        "hash": blob,
    }


def test_hash_of_a_page_is_that_of_its_object(provider, texts, check):
    found = check(render_release(provider(), texts.read))
    base = "registry/docs/providers/acme/garden/v1.2.0"
    item = found[f"{base}/index.json"]["docs"]["actions"][0]
    assert item["hash"] == blob_id(found[f"{base}/actions/my_a.md"])


def test_replaced_page_stays_listed_under_its_name_with_the_reason(version_index, provider, texts):
    blob = texts.add("# 502 File too large")
    page = Document("guides", "big", "docs/guides/big.md", blob, replaced="1048577 bytes")
    item = version_index(provider(documents=(page,)))["docs"]["guides"][0]
    assert (item["title"], item["edit_link"][-18:]) == ("big", "docs/guides/big.md")
    assert (item["status"], item["reason"]) == ("skipped", "1048577 bytes")


def test_pages_are_sorted_bytewise_by_name(version_index, provider, texts):
    names = ["b", "a", "a_b", "a-b", "a.b", "10", "9"]
    documents = tuple(
        Document("resources", name, f"docs/r/{name}.md", texts.add(name)) for name in names
    )
    items = version_index(provider(documents=documents))["docs"]["resources"]
    assert [item["name"] for item in items] == ["10", "9", "a", "a-b", "a.b", "a_b", "b"]


def test_license(version_index, provider):
    own = LicenseFinding(
        *("MIT", 0.98769432, True, "docs/LICENSE", "https://forge.example/blob/v1/docs/LICENSE"),
        coverage=0.5,
        left_over_words=3,
        reason="by hand",
        sha256="ab" * 32,
    )
    second = LicenseFinding("ISC", 0.99, True, "docs/LICENSE")
    other = LicenseFinding("Zlib", 1.0, True, "LICENSE")
    verdict = Verdict(Outcome.ALLOW, "", (other, own, second), (), ("docs/LICENSE", "LICENSE"))
    found = version_index(provider(verdict=verdict))["license"]
    assert [entry["spdx"] for entry in found] == ["ISC", "MIT", "Zlib"]
    assert found[1] == {
        "spdx": "MIT",
        "confidence": 0.9876943,
        "is_compatible": True,
        "file": "docs/LICENSE",
        "link": "https://forge.example/blob/v1/docs/LICENSE",
        "coverage": 0.5,
        "left_over_words": 3,
        "reason": "by hand",
        "sha256": "ab" * 32,
    }


def test_module_version(version_index, module):
    index = version_index(module())
    assert (index["readme"], index["schema_error"]) == (True, "")
    assert index["edit_link"] == f"{REPOSITORY}/blob/v1.2.0/README.md"
    assert index["vcs_repository"] == REPOSITORY
    assert index["link"] == f"{REPOSITORY}/tree/v1.2.0"
    assert list(index["submodules"]) == ["A Net", "b"]
    assert index["submodules"]["A Net"]["edit_link"].endswith("/modules/A Net/README.md")
    assert index["licenses"][0]["spdx"] == "MIT"
    assert "license" not in index


def test_module_without_readme_shows_the_placeholder(version_index, module, texts, check):
    blob = texts.add("# 404 Not Found")
    docs = module(parts=(Part(PartRole.ROOT, "", blob),))
    index = version_index(docs)
    assert (index["readme"], index["edit_link"], index["readme_hash"]) == (False, "", blob)
    found = check(render_release(docs, texts.read))
    assert found["registry/docs/modules/acme/vpc/cloud/v1.2.0/README.md"] == b"# 404 Not Found"


def test_hash_of_an_index_changes_with_its_content_only(version_index, provider):
    first = version_index(provider())["hash"]
    assert version_index(provider())["hash"] == first
    assert version_index(provider(yanked="leaks keys"))["hash"] != first


def test_status_says_what_was_found_and_skipped(status, provider, odd):
    found = status(provider(issues=(odd,)))
    assert (found["status"], found["reason"], found["tag"]) == ("ok", "", "v1.2.0")
    assert found["license"]["outcome"] == "allow"
    assert found["license"]["files"] == ["LICENSE"]
    assert [entry["spdx"] for entry in found["license"]["evidence"]] == ["MIT", "BUSL-1.1"]
    assert found["counts"]["resources"] == 2
    assert found["issues"] == [
        {
            "code": "DOC009",
            "severity": "warning",
            "path": "docs/x.md",
            "line": 3,
            "message": "bad YAML",
            "hint": odd.hint,
        }
    ]


def test_status_of_a_withheld_version_gives_reason_and_evidence(status, provider, texts):
    busl = LicenseFinding("BUSL-1.1", 0.9, False, "LICENSE", reason="not in the allow list")
    verdict = Verdict(Outcome.REVIEW, "not yet decided", (busl,), (busl,), ("LICENSE",))
    found = status(provider(verdict=verdict, replacement=texts.add("# 451")))
    assert (found["status"], found["reason"]) == ("skipped", "not yet decided")
    assert found["license"]["outcome"] == "review"
    assert found["license"]["evidence"][0]["reason"] == "not in the allow list"
    assert found["counts"] == {}


def test_status_of_a_blocked_module_names_the_block(status, module):
    found = status(module(blocked="court order"))
    assert found["blocked_reason"] == "court order"
    assert found["counts"] == {"example": 1, "root": 1, "submodule": 2}


def test_forks_and_links_have_no_stray_separators(package_index, version_index, summary, module):
    """The existing API shows `//` as display of no fork, and empty links."""
    index = package_index(summary("1.0.0", kind=Kind.MODULE))
    assert index["fork_of"] == {"display": "", "namespace": "", "name": "", "target": ""}
    assert index["link"]
    assert version_index(module())["vcs_repository"]
