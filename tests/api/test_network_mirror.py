"""The network mirror's objects: complete versions only, absolute addresses, one tree for each host."""

import json
from dataclasses import replace

import pytest

from builder.api.network_mirror import render_mirror
from builder.model.address import Address
from builder.model.artifact import Artifact
from builder.model.entry import Entry, Release, Target
from builder.model.version import Version

DEMO = Address.parse("acme/demo")
H1 = f"h1:{'A' * 43}="
URL = "https://forge.example/demo.zip"


def release(text: str, *platforms: str, h1: str = H1, url: str = URL, yanked: str = "") -> Release:
    version = Version.parse(text)
    assert version is not None
    pairs = (platform.split("_") for platform in platforms)
    targets = tuple(Target(system, arch, "demo.zip", url, "AB" * 32, h1) for system, arch in pairs)
    return Release(version, text, targets=targets, yanked=yanked)


def mirrored(*releases: Release, hosts=("r.example",), prefix: str = "/") -> dict[str, object]:
    made = render_mirror(Entry(DEMO, releases), hosts, prefix=prefix)
    outputs = [output for output in made if isinstance(output, Artifact)]
    assert {output.media_type for output in outputs} <= {"application/json"}
    return {output.path: json.loads(output.body) for output in outputs}


def test_shapes():
    assert mirrored(release("1.0.0", "linux_amd64", "darwin_arm64")) == {
        "mirror/r.example/acme/demo/index.json": {"versions": {"1.0.0": {}}},
        "mirror/r.example/acme/demo/1.0.0.json": {
            "archives": {
                platform: {"url": URL, "hashes": [H1, f"zh:{'ab' * 32}"]}
                for platform in ("linux_amd64", "darwin_arm64")
            }
        },
    }


def test_incomplete_versions_are_left_out():
    whole, half = release("1.0.0", "linux_amd64"), release("1.1.0", "linux_amd64", "darwin_arm64")
    half = replace(half, targets=(half.targets[0], replace(half.targets[1], h1="")))
    made = mirrored(whole, half, release("1.2.0"))
    assert made["mirror/r.example/acme/demo/index.json"] == {"versions": {"1.0.0": {}}}
    assert len(made) == 2


def test_nothing_without_a_complete_version_or_a_host():
    assert mirrored(release("1.0.0", "linux_amd64", h1="")) == {}
    assert mirrored(release("1.0.0", "linux_amd64"), hosts=()) == {}
    module = Entry(Address.parse("acme/net/aws"), (release("1.0.0", "linux_amd64"),))
    assert list(render_mirror(module, ["r.example"])) == []


def test_withdrawn_versions_are_not_listed():
    made = mirrored(release("1.0.0", "linux_amd64"), release("1.1.0", "linux_amd64", yanked="Bad."))
    assert made["mirror/r.example/acme/demo/index.json"] == {"versions": {"1.0.0": {}}}


def test_each_host_has_its_tree():
    made = mirrored(release("1.0.0", "linux_amd64"), hosts=("a.example", "b.example:8443"))
    assert {path.split("/")[1] for path in made} == {"a.example", "b.example:8443"}


def test_build_metadata_has_the_names_that_hosts_may_read():
    made = mirrored(release("1.0.0+b1", "linux_amd64"))
    names = {path.rpartition("/")[2] for path in made} - {"index.json"}
    assert names == {"1.0.0+b1.json", "1.0.0%2Bb1.json", "1.0.0 b1.json"}
    assert made["mirror/r.example/acme/demo/index.json"] == {"versions": {"1.0.0+b1": {}}}


@pytest.mark.parametrize(
    ("url", "prefix", "absolute"),
    [
        ("/dl/x.zip", "/", "/dl/x.zip"),
        ("x.zip", "/", "/v1/providers/acme/demo/1.0.0/download/linux/x.zip"),
        ("x.zip", "/sub/", "/sub/v1/providers/acme/demo/1.0.0/download/linux/x.zip"),
        ("http://other.example/x.zip", "/", "http://other.example/x.zip"),
    ],
)
def test_relative_addresses_are_meant_from_the_registry(url, prefix, absolute):
    """Both protocols resolve them against their own document."""
    made = mirrored(release("1.0.0", "linux_amd64", url=url), prefix=prefix)
    document = made["mirror/r.example/acme/demo/1.0.0.json"]
    assert document["archives"]["linux_amd64"]["url"] == absolute  # type: ignore[index]
