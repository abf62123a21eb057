"""Pulumi packages: the registry's file, our list of versions, the community list."""

from dataclasses import replace

import pytest

from builder.metadata.codec import decode, encode
from builder.metadata.findings import Findings
from builder.metadata.package import community_entries
from builder.model.address import Address
from builder.model.entry import PackageFacts, Release
from builder.model.issue import Location
from builder.model.version import Version

TEA = Address.parse("packages/tea")
SCHEMA = "https://example.com/tea/v1.2.3/schema.json"


def tea(**more):
    return {
        "category": "Cloud",
        "component": False,
        "description": "Steeps",
        "featured": True,
        "logo_url": "",
        "name": "tea",
        "native": True,
        "package_status": "ga",
        "publisher": "Acme",
        "repo_url": "https://example.com/acme/pulumi-tea",
        "schema_file_url": SCHEMA,
        "title": "Tea",
        "updated_on": 1784746242,
        "version": "v1.2.3",
        **more,
    }


def facts(checked):
    return checked.value.package


def wheres(checked):
    return [one.message.split(":")[0] for one in checked.issues]


def test_all_fields_of_a_package_file():
    checked = decode(TEA, tea())
    assert not checked.issues
    entry = checked.value
    assert entry.releases == (Release(Version(1, 2, 3), "v1.2.3", schema_url=SCHEMA),)
    assert (entry.repository, entry.description) == (
        "https://example.com/acme/pulumi-tea",
        "Steeps",
    )
    assert entry.package == PackageFacts(
        "Tea",
        "Steeps",
        "",
        "Acme",
        "Cloud",
        "ga",
        1784746242,
        "",
        frozenset({"featured", "native"}),
    )


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"name": "coffee"}, "name"),
        ({"publisher": " "}, "publisher"),
        ({"category": "Kitchen"}, "category"),
        ({"package_status": "soon"}, "package_status"),
        ({"featured": "yes"}, "featured"),
        ({"updated_on": "now"}, "updated_on"),
        ({"version": None}, "version"),
        ({"version": "latest"}, "version"),
        ({"logo_url": "data:x"}, "logo_url"),
        ({"schema_file_path": "../../x"}, "schema_file_path"),
        ({"repo_url": "--upload-pack=x"}, "repo_url"),
    ],
)
def test_a_wrong_field_is_reported_and_costs_only_itself(more, where):
    checked = decode(TEA, tea(**more))
    assert wheres(checked) == [where]
    assert facts(checked).title == "Tea"


def test_a_schema_path_may_begin_with_a_slash():
    raw = tea(schema_file_path="/provider/schema.json")
    checked = decode(TEA, raw)
    assert not checked.issues
    assert facts(checked).schema_path == "provider/schema.json"
    assert encode(checked.value, raw) == raw


def test_versions_may_be_listed_and_the_stated_one_is_one_of_them():
    raw = tea(
        versions=[
            {"version": "1.2.3", "commit": "a" * 40},
            {"version": "v1.0.0", "schema_url": "https://example.com/old.json", "yanked": "bad"},
        ]
    )
    checked = decode(TEA, raw)
    assert not checked.issues
    assert [(str(r.version), r.schema_url[-8:], r.yanked) for r in checked.value.releases] == [
        ("1.2.3", "ema.json", ""),
        ("1.0.0", "old.json", "bad"),
    ]
    assert encode(checked.value, raw) == raw


def test_a_list_alone_is_enough():
    raw = tea(versions=[{"version": "v1.0.0"}])
    del raw["version"]
    assert not decode(TEA, raw).issues


def test_a_bump_changes_the_stated_version():
    raw = tea(mine=1)
    entry = decode(TEA, raw).value
    new = Release(Version(1, 3, 0), "v1.3.0", schema_url="https://example.com/new.json")
    made = encode(replace(entry, releases=(new,)), raw)
    assert made == {**raw, "version": "v1.3.0", "schema_file_url": new.schema_url}
    both = encode(replace(entry, releases=(new, *entry.releases)), raw)
    assert [item["version"] for item in both["versions"]] == ["v1.3.0", "v1.2.3"]
    assert decode(TEA, both).value.releases == (new, *entry.releases)


@pytest.mark.parametrize(
    "item",
    [
        {"version": "v1.0.0", "discovered": "2026-04-21T00:00:00Z"},
        {"version": "v1.2.3", "commit": "a" * 40},
        {"version": "v1.2.3", "protocols": ["5.0"]},
        {"version": "v1.2.3", "yanked": "bad"},
    ],
)
def test_reading_what_was_written_gives_the_entry(item):
    entry = decode(TEA, tea(versions=[item])).value
    assert decode(TEA, encode(entry, {})).value == entry


def listed(raw):
    found = Findings(Location(path="community-packages/package-list.json"))
    return [entry for _, entry in community_entries(raw, found)], found.issues


def test_an_item_of_the_community_list_is_a_whole_registration():
    entries, issues = listed(
        {
            "include": [
                {"repoSlug": "Acme/tools", "schemaFile": "p/cmd/pulumi-resource-tea/schema.json"},
                {"repoSlug": "Acme/pulumi-Cup", "schemaFile": "schema.yaml"},
            ]
        }
    )
    assert not issues
    assert [(str(e.address), e.repository, e.package.schema_path) for e in entries] == [
        ("tea", "https://github.com/Acme/tools", "p/cmd/pulumi-resource-tea/schema.json"),
        ("cup", "https://github.com/Acme/pulumi-Cup", "schema.yaml"),
    ]


@pytest.mark.parametrize(
    "item",
    [
        7,
        {},
        {"repoSlug": "a/b"},
        {"repoSlug": "a/b", "schemaFile": "../x"},
        {"repoSlug": "a/b/c", "schemaFile": "x"},
        {"repoSlug": "--x/b", "schemaFile": "x"},
        {"repoSlug": "a/b", "schemaFile": "pulumi-resource-../x"},
    ],
)
def test_an_odd_item_of_the_community_list_costs_only_itself(item):
    good = {"repoSlug": "a/pulumi-cup", "schemaFile": "schema.json"}
    entries, issues = listed({"include": [item, good]})
    assert [str(e.address) for e in entries] == ["cup"]
    assert [one.code for one in issues] == ["META002"]
    assert issues[0].message.startswith("include[0]")
