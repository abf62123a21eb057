"""What clients install from, in whole builds: from the metadata alone, and no more made anew than what changed."""

import json
from pathlib import Path

import pytest

from builder.config import RegistryRules
from builder.emit.manifest import read_manifest
from builder.errors import UsageError
from builder.pipeline.registry import site_prefix
from builder.testing.registry import RegistryMaker

GARDEN = {"docs/index.md": "# Garden\n"}
PUBLIC_KEY = (
    Path(__file__).parents[2] / "content/registry/keys/f/fernhill/releases.asc"
).read_bytes()


@pytest.fixture
def registry(tmp_path: Path) -> RegistryMaker:
    """A registry whose repositories do not even exist."""
    made = RegistryMaker(tmp_path / "registry")
    made.entry("acme/garden", "v1.1.0", "v1.0.0")
    made.entry("acme/shed", "v1.0.0")
    made.entry("acme/net/aws", "v1.0.0")
    return made


def versions(site: Path, path: str) -> list[str]:
    body = json.loads((site / "v1" / path / "versions").read_bytes())
    listed = body["versions"] if "versions" in body else body["modules"][0]["versions"]
    return [one["version"] for one in listed]


def codes(report) -> list[str]:
    return sorted({found.code for found in report.issues} - {"REG003"})  # no keys here


def changed(registry: RegistryMaker, **section) -> set[str]:
    """The units that a further build makes anew."""
    before = read_manifest(registry.site).units
    registry.build(ingest=False, **section)
    after = read_manifest(registry.site).units
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def test_the_metadata_is_enough(registry):
    report = registry.build(ingest=False, public_host="Registry.Example")
    assert codes(report) == []
    site = registry.site
    assert versions(site, "providers/acme/garden") == ["1.1.0", "1.0.0"]
    assert versions(site, "modules/acme/net/aws") == ["1.0.0"]
    location = json.loads((site / "v1/modules/acme/net/aws/1.0.0/download").read_bytes())[
        "location"
    ]
    assert location == "git::https://forge.example/acme/terraform-aws-net?ref=v1.0.0"
    services = json.loads((site / ".well-known/terraform.json").read_bytes())
    assert services == {"modules.v1": "/v1/modules/", "providers.v1": "/v1/providers/"}


def test_versions_that_are_not_documented_are_installed_too(registry):
    registry.build(ingest=False, versions={"newest": 1})
    assert versions(registry.site, "providers/acme/garden") == ["1.1.0", "1.0.0"]


def test_repositories_that_cannot_be_reached_change_nothing(registry):
    first = registry.build(ingest=False)
    offline = {
        p: u for p, u in read_manifest(registry.site).units.items() if p.endswith("/registry")
    }
    second = registry.build()
    online = {
        p: u for p, u in read_manifest(registry.site).units.items() if p.endswith("/registry")
    }
    assert "GIT001" in codes(second)
    assert codes(first) == []
    assert offline == online


def test_a_changed_metadata_file_makes_its_own_unit_only(registry):
    registry.build(ingest=False)
    assert changed(registry) == set()
    registry.entry("acme/garden", "v1.2.0", "v1.1.0", "v1.0.0")
    assert {name for name in changed(registry) if name.endswith("/registry")} == {
        "providers/acme/garden/registry"
    }
    assert versions(registry.site, "providers/acme/garden") == ["1.2.0", "1.1.0", "1.0.0"]


@pytest.mark.parametrize("facts", [{"description": "New words."}, {"popularity": 7}])
def test_what_clients_do_not_see_makes_nothing(registry, facts):
    registry.build(ingest=False)
    registry.entry("acme/garden", "v1.1.0", "v1.0.0", **facts)
    assert not [name for name in changed(registry) if name.endswith("/registry")]


def test_a_new_key_makes_the_providers_of_its_namespace(registry):
    registry.build(ingest=False)
    registry.file("keys/a/acme/key.asc", PUBLIC_KEY)
    made = {name for name in changed(registry) if name.endswith("/registry")}
    assert made == {"providers/acme/garden/registry", "providers/acme/shed/registry"}


def test_a_withdrawn_version_leaves_the_list(registry):
    registry.build(ingest=False)
    rule = {"namespace": "acme", "name": "garden", "version": "1.1.0", "reason": "Broken."}
    registry.file("versions_blacklist.json", json.dumps({"providers": [rule]}))
    assert "providers/acme/garden/registry" in changed(registry)
    assert versions(registry.site, "providers/acme/garden") == ["1.0.0"]


def test_what_leaves_the_metadata_leaves_the_site(registry):
    registry.build(ingest=False)
    (registry.metadata / "modules/a/acme/net/aws.json").unlink()
    registry.build(ingest=False)
    assert not (registry.site / "v1/modules").exists()


def test_a_damaged_key_is_told_and_not_published(registry):
    registry.file("keys/a/acme/key.asc", PUBLIC_KEY[:100])
    report = registry.build(ingest=False)
    assert "META008" in codes(report)
    body = (registry.site / "v1/providers/acme/garden/1.0.0/download/linux/amd64").read_bytes()
    assert json.loads(body)["signing_keys"] == {"gpg_public_keys": []}


def test_it_can_be_left_out(registry):
    report = registry.build(ingest=False, registry={"enabled": False})
    assert not (registry.site / "v1").exists()
    assert not (registry.site / ".well-known").exists()
    assert (
        registry.site / "hosting/nginx.conf"
    ).exists()  # the documentation needs headers as well
    assert codes(report) == []


def test_a_fault_of_ours_in_one_package_costs_only_that(registry, monkeypatch):
    registry.build(ingest=False)
    registry.entry("acme/garden", "v1.2.0")

    def broken(entry, keys, *, repository):
        raise RuntimeError("made up")
        yield

    monkeypatch.setattr("builder.pipeline.registry.render_registry", broken)
    report = registry.build(ingest=False)
    assert {"BLD001", "BLD002"} <= set(codes(report))
    assert versions(registry.site, "providers/acme/garden") == ["1.1.0", "1.0.0"]


@pytest.mark.parametrize(
    ("url", "prefix"),
    [("", "/"), ("https://r.example/", "/"), ("https://r.example/a/b/", "/a/b/")],
)
def test_the_path_of_the_site(url, prefix):
    assert site_prefix(url) == prefix


@pytest.mark.parametrize(
    ("section", "hosts"),
    [
        ({}, ()),
        ({"public_host": "R.example"}, ("r.example",)),
        ({"public_host": "r.example", "registry": {"mirror_hosts": []}}, ()),
        (
            {"registry": {"mirror_hosts": ["B.example:8443", "a.example"]}},
            ("a.example", "b.example:8443"),
        ),
    ],
)
def test_hosts_of_the_mirror(registry, section, hosts):
    assert registry.config(**section).registry == RegistryRules(mirror_hosts=hosts)


@pytest.mark.parametrize(
    "section", [{"public_host": "https://r.example/"}, {"registry": {"mirror_hosts": ["../up"]}}]
)
def test_names_of_hosts_are_checked(registry, section):
    """They become a part of paths."""
    with pytest.raises(UsageError, match="does not match"):
        registry.config(**section)
