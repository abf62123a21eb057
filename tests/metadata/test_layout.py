"""Paths <-> addresses, and what lies where it should not."""

import os

import pytest

from builder.metadata.layout import address_of, key_owner, list_files, path_of
from builder.model.address import Address


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("providers/h/hashicorp/aws.json", "hashicorp/aws"),
        ("Providers/H/HashiCorp/AWS.json", "hashicorp/aws"),
        ("providers/7/7factor/x.json", "7factor/x"),
        ("modules/t/terraform-aws-modules/vpc/aws.json", "terraform-aws-modules/vpc/aws"),
        ("modules/a/acme/cloud-function_pubsub/gcp.json", "acme/cloud-function_pubsub/gcp"),
        ("packages/tea.yaml", "packages/tea"),
        ("packages/tea.json", "packages/tea"),
        ("themes/default/data/registry/packages/tea.yaml", "packages/tea"),
    ],
)
def test_a_path_names_an_address(path, address):
    assert address_of(path) == Address.parse(address)


@pytest.mark.parametrize(
    "path",
    [
        "providers/hashicorp/aws.json",
        "providers/x/hashicorp/aws.json",
        "providers/h/hashicorp/aws.yaml",
        "providers/h/hashicorp/aws",
        "providers/h/hashicorp/deep/aws.json",
        "providers/h/hashicorp/..json",
        "providers/./../aws.json",
        "modules/a/acme/vpc.json",
        "modules/a/acme/../aws.json",
        "packages/a/tea.yaml",
        "packages/tea.yml",
        "keys/h/hashicorp/aws.json",
        "aws.json",
        "",
    ],
)
def test_other_paths_name_none(path):
    assert address_of(path) is None


@pytest.mark.parametrize("text", ["hashicorp/aws", "acme/vpc/aws", "packages/tea"])
def test_an_address_has_one_path(text):
    address = Address.parse(text)
    assert address_of(path_of(address)) == address


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("keys/o/opentofu/a.asc", ("opentofu", "")),
        ("keys/D/Docker/docker/provider-1.ASC", ("docker", "docker")),
        ("keys/o/opentofu/a.gpg", None),
        ("keys/x/opentofu/a.asc", None),
        ("keys/o/opentofu/p/q/a.asc", None),
        ("keys/o/../a.asc", None),
    ],
)
def test_key_files_belong_to_a_namespace_or_a_provider(path, owner):
    assert key_owner(path) == owner


def listed(tmp_path):
    checked = list_files(tmp_path)
    return checked.value, [(one.code, one.location.path) for one in checked.issues]


def test_files_are_sorted_by_address_and_other_folders_are_not_looked_at(tmp_path, write):
    for path in ("providers/b/b/x.json", "providers/a/a/x.json", "src/main.json", ".git/config"):
        write(path, "{}")
    write("providers/a/a/.gitkeep", "")
    write("README.md", "")
    layout, issues = listed(tmp_path)
    assert [str(address) for address in layout.files] == ["a/x", "b/x"]
    assert not issues


def test_keys_are_in_name_order(tmp_path, write):
    for name in ("b.asc", "a.asc", "c.asc"):
        write(f"keys/a/acme/{name}", "")
    write("keys/a/acme/kettle/d.asc", "")
    layout, _ = listed(tmp_path)
    assert layout.keys == {
        ("acme", ""): ("keys/a/acme/a.asc", "keys/a/acme/b.asc", "keys/a/acme/c.asc"),
        ("acme", "kettle"): ("keys/a/acme/kettle/d.asc",),
    }


def test_names_that_differ_only_in_case_are_one_address_and_the_lower_case_file_counts(
    tmp_path, write
):
    write("providers/a/acme/kettle.json", "{}")
    write("providers/a/Acme/Kettle.json", "{}")
    write("packages/tea.yaml", "")
    write("packages/tea.json", "{}")
    layout, issues = listed(tmp_path)
    assert list(layout.files.values()) == ["packages/tea.json", "providers/a/acme/kettle.json"]
    assert issues == [
        ("META006", "packages/tea.yaml"),
        ("META006", "providers/a/Acme/Kettle.json"),
    ]


def test_a_lone_upper_case_file_is_found(tmp_path, write):
    write("modules/A/Azure/Aks/azurerm.json", "{}")
    layout, issues = listed(tmp_path)
    assert list(layout.files.items()) == [
        (Address.parse("azure/aks/azurerm"), "modules/A/Azure/Aks/azurerm.json")
    ]
    assert not issues


def test_stray_files_are_reported_with_where_they_would_lie(tmp_path, write):
    write("providers/x/acme/kettle.json", "{}")
    write("providers/notes.txt", "")
    write("keys/a/acme/key.gpg", "")
    checked = list_files(tmp_path)
    assert not checked.value.files
    assert [(one.code, one.location.path) for one in checked.issues] == [
        ("META003", "keys/a/acme/key.gpg"),
        ("META003", "providers/notes.txt"),
        ("META003", "providers/x/acme/kettle.json"),
    ]
    assert "providers/a/acme/kettle.json" in checked.issues[2].message


def test_links_are_not_followed(tmp_path, write):
    outside = write("elsewhere/kettle.json", "{}")
    write("providers/a/acme/cup.json", "{}")
    (tmp_path / "providers/a/acme/kettle.json").symlink_to(outside)
    (tmp_path / "providers/e").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "modules").symlink_to(tmp_path / "elsewhere")
    layout, issues = listed(tmp_path)
    assert [str(address) for address in layout.files] == ["acme/cup"]
    assert sorted(issues) == [
        ("META003", "providers/a/acme/kettle.json"),
        ("META003", "providers/e"),
    ]


def test_names_that_are_not_text_and_very_deep_folders_are_reported(tmp_path, write):
    write("/".join(["providers", *"abcdefghijkl"]) + "/x.json", "{}")
    write(os.fsdecode(b"providers/z/zed/\xff\n.json"), "{}")
    checked = list_files(tmp_path)
    assert not checked.value.files
    assert [one.code for one in checked.issues] == ["META003", "META003"]
    assert all(one.location.path.isprintable() for one in checked.issues)
    "".join(one.location.path for one in checked.issues).encode()


def test_a_folder_that_cannot_be_read_costs_only_itself(tmp_path):
    checked = list_files(tmp_path / "missing")
    assert not checked.value.files
    assert [one.code for one in checked.issues] == ["META001"]
