"""The registry protocol's objects: their shapes, and the client rules that a generator must obey, row by row."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.api.registry_v1 import (
    JSON,
    module_location,
    module_paths,
    registry_issues,
    render_discovery,
    render_registry,
    version_segments,
)
from builder.metadata.codec import decode
from builder.model.address import Address
from builder.model.artifact import Artifact, CachePolicy, Redirect
from builder.model.entry import Entry, Release, SigningKey, Target
from builder.model.version import Version

DEMO = Address.parse("acme/demo")
NET = Address.parse("acme/net/aws")
BASE = "https://forge.example/acme/terraform-provider-demo/releases/download"
KEY = SigningKey("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxx\n-----END…\n", "0123456789ABCDEF", "k")
H1 = f"h1:{'A' * 43}="


def version(text: str) -> Version:
    made = Version.parse(text)
    assert made is not None
    return made


def _target(stem: str, system: str, arch: str, h1: str, size: int) -> Target:
    name = f"{stem}_{system}_{arch}.zip"
    tag = f"v{stem.rpartition('_')[2]}"
    return Target(system, arch, name, f"{BASE}/{tag}/{name}", "Ab" * 32, h1, size)


def release(text: str, *platforms: str, h1: str = "", size: int = 0, **facts) -> Release:
    stem = f"terraform-provider-demo_{text}"
    pairs = (p.split("_") for p in platforms or ("linux_amd64",))
    targets = tuple(_target(stem, system, arch, h1, size) for system, arch in pairs)
    sums = f"{BASE}/v{text}/{stem}_SHA256SUMS"
    made = Release(version(text), text, "", "", ("5.0",), sums, f"{sums}.sig", targets)
    return replace(made, **facts)


def module(*tags: str, **facts) -> Entry:
    return Entry(NET, tuple(Release(version(tag), tag) for tag in tags), **facts)


def rendered(entry: Entry, *keys: SigningKey, repository: str = "") -> dict[str, Artifact]:
    made = list(render_registry(entry, keys, repository=repository))
    assert not [output for output in made if isinstance(output, Redirect)]
    by_path = {output.path: output for output in made if isinstance(output, Artifact)}
    assert len(by_path) == len(made)
    return by_path


def read(outputs: dict[str, Artifact], path: str):
    return json.loads(outputs[f"v1/{path}"].body)


def versions(outputs: dict[str, Artifact], address: Address = DEMO) -> list[str]:
    body = read(outputs, f"{address.path}/versions")
    listed = body["versions"] if "versions" in body else body["modules"][0]["versions"]
    return [one["version"] for one in listed]


# --- shapes


def test_a_provider():
    entry = Entry(DEMO, (release("1.0.0", "linux_amd64", "darwin_arm64"),), warnings=("Moved.",))
    made = rendered(entry, KEY)
    assert sorted(made) == [
        "v1/providers/acme/demo/1.0.0/download/darwin/arm64",
        "v1/providers/acme/demo/1.0.0/download/linux/amd64",
        "v1/providers/acme/demo/versions",
    ]
    assert read(made, "providers/acme/demo/versions") == {
        "versions": [
            {
                "version": "1.0.0",
                "protocols": ["5.0"],
                "platforms": [{"os": "linux", "arch": "amd64"}, {"os": "darwin", "arch": "arm64"}],
            }
        ],
        "warnings": ["Moved."],
    }
    stem = f"{BASE}/v1.0.0/terraform-provider-demo_1.0.0"
    assert read(made, "providers/acme/demo/1.0.0/download/linux/amd64") == {
        "protocols": ["5.0"],
        "os": "linux",
        "arch": "amd64",
        "filename": "terraform-provider-demo_1.0.0_linux_amd64.zip",
        "download_url": f"{stem}_linux_amd64.zip",
        "shasums_url": f"{stem}_SHA256SUMS",
        "shasums_signature_url": f"{stem}_SHA256SUMS.sig",
        "shasum": "ab" * 32,
        "signing_keys": {
            "gpg_public_keys": [{"ascii_armor": KEY.ascii_armor, "key_id": KEY.key_id}]
        },
    }


def test_a_module():
    url = "https://forge.example/acme/terraform-aws-net"
    made = rendered(module("v1.1.0", "1.0.0"), repository=url)
    assert read(made, "modules/acme/net/aws/versions") == {
        "modules": [{"versions": [{"version": "1.1.0"}, {"version": "1.0.0"}]}]
    }
    assert read(made, "modules/acme/net/aws/1.1.0/download") == {
        "location": f"git::{url}?ref=v1.1.0"
    }
    assert read(made, "modules/acme/net/aws/1.0.0/download") == {
        "location": f"git::{url}?ref=1.0.0"
    }
    page = made["v1/modules/acme/net/aws/1.0.0/source.html"]
    assert f'<meta name="terraform-get" content="git::{url}?ref=1.0.0">' in page.body.decode()
    assert page.media_type == "text/html; charset=utf-8"


def test_packages_have_no_objects():
    assert rendered(Entry(Address.parse("packages/random"))) == {}


def test_all_releases_are_there_whether_documented_or_not():
    entry = Entry(DEMO, tuple(release(f"1.{n}.0") for n in range(50)))
    assert len(versions(rendered(entry))) == 50


# --- the client rules, by their numbers


def test_1_unparsable_versions_never_reach_a_list():
    rows = [
        {
            "version": text,
            "protocols": ["5.0"],
            "targets": [],
            "shasums_url": "",
            "shasums_signature_url": "",
        }
        for text in ("1.0.0", "latest", "v", "1.x", "01.0.0")
    ]
    entry = decode(DEMO, {"versions": rows}, "p").value
    assert entry is not None
    releases = (replace(release("1.0.0"), version=one.version) for one in entry.releases)
    listed = versions(rendered(replace(entry, releases=tuple(releases))))
    assert listed == ["1.0.0"]


@pytest.mark.parametrize(("tag", "text"), [("v1.0", "1.0.0"), ("9001", "9001.0.0")])
def test_2_versions_are_normalized_in_lists_and_paths(tag, text):
    made = rendered(module(tag), repository="https://f.example/r")
    assert versions(made, NET) == [text]
    assert read(made, f"modules/acme/net/aws/{text}/download")["location"].endswith(f"?ref={tag}")


def test_3_letter_case_of_versions_is_kept():
    made = rendered(Entry(DEMO, (release("1.0.0-RC1"),)))
    assert versions(made) == ["1.0.0-RC1"]
    assert "v1/providers/acme/demo/1.0.0-RC1/download/linux/amd64" in made


@pytest.mark.parametrize(
    ("repository", "other"),
    [
        ("https://github.com/Acme/terraform-aws-Net", "Acme/Net/aws"),
        ("https://github.com/Acme/terraform-aws-net.git", "Acme/net/aws"),
        ("git@github.com:Acme/Terraform-AWS-Net.git", "Acme/Net/aws"),
        ("https://git.example/group/Acme/terraform-aws-net", "Acme/net/aws"),
        ("https://github.com/acme/terraform-aws-net", ""),
        ("https://github.com/Other/terraform-aws-net", ""),
        ("https://github.com/Acme/monorepo", ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_4_a_module_has_a_second_copy_in_its_repository_s_letter_case(repository, other):
    assert module_paths(NET, repository) == ("acme/net/aws", *([other] if other else []))
    if other:
        made = rendered(module("v1.0.0"), repository=repository)
        for name in ("versions", "1.0.0/download", "1.0.0/source.html"):
            copy = made[f"v1/modules/{other}/{name}"]
            assert copy.body == made[f"v1/modules/acme/net/aws/{name}"].body


def test_5_build_metadata_is_written_as_clients_ask_and_as_hosts_may_read_it():
    assert version_segments(version("1.0.0+b1")) == ("1.0.0+b1", "1.0.0%2Bb1", "1.0.0 b1")
    made = rendered(Entry(DEMO, (release("1.0.0+b1"),)))
    bodies = {a.body for p, a in made.items() if "/download/" in p}
    assert len([p for p in made if "/download/" in p]) == 3
    assert len(bodies) == 1
    assert versions(made) == ["1.0.0+b1"]


def test_5_build_metadata_is_listed_first_of_equals():
    """Of a module clients choose the first of equal versions."""
    entry = Entry(DEMO, (release("1.0.0+b1"), release("2.0.0"), release("1.0.0")))
    assert versions(rendered(entry)) == ["2.0.0", "1.0.0+b1", "1.0.0"]
    made = rendered(module("v1.0.0", "v2.0.0", "v1.0.0+b1"), repository="https://f.example/r")
    assert versions(made, NET) == ["2.0.0", "1.0.0+b1", "1.0.0"]


def test_6_media_types_and_cache_are_stated():
    outputs = [
        *render_discovery(),
        *rendered(Entry(DEMO, (release("1.0.0"),))).values(),
        *rendered(module("1.0.0"), repository="https://f.example/r").values(),
    ]
    pages = [o for o in outputs if o.path.endswith(".html")]
    assert len(pages) == 1
    assert {o.media for o in outputs if o not in pages and isinstance(o, Artifact)} == {JSON}
    assert {o.cache for o in outputs} == {CachePolicy.PROTOCOL}


@pytest.mark.parametrize(("prefix", "base"), [("/", "/v1/"), ("/sub/", "/sub/v1/")])
def test_7_discovery_has_slashes_at_both_ends(prefix, base):
    (document,) = render_discovery(prefix)
    assert isinstance(document, Artifact)
    assert document.path == ".well-known/terraform.json"
    services = {"modules.v1": f"{base}modules/", "providers.v1": f"{base}providers/"}
    assert json.loads(document.body) == services


def test_9_relative_addresses_are_passed_on():
    made = release("1.0.0")
    target = replace(made.targets[0], download_url="/dl/x.zip")
    outputs = rendered(Entry(DEMO, (replace(made, targets=(target,)),)))
    path = "providers/acme/demo/1.0.0/download/linux/amd64"
    assert read(outputs, path)["download_url"] == "/dl/x.zip"


@pytest.mark.parametrize("protocols", [(), ("5",), ("5.0", "6.0"), ("5.0.0",)])
def test_10_protocols_are_passed_on(protocols):
    made = rendered(Entry(DEMO, (release("1.0.0", protocols=protocols),)))
    listed = read(made, "providers/acme/demo/versions")["versions"][0]
    assert listed["protocols"] == list(protocols)


def test_11_12_each_object_echoes_its_platform_and_names_one_checksum():
    made = rendered(Entry(DEMO, (release("1.0.0", "linux_arm64", "windows_386"),)))
    for path, artifact in made.items():
        if "/download/" in path:
            body = json.loads(artifact.body)
            assert path.endswith(f"/{body['os']}/{body['arch']}")
            assert len(bytes.fromhex(body["shasum"])) == 32


def test_15_without_keys_the_list_is_empty_and_that_is_told():
    entry = Entry(DEMO, (release("1.0.0"),))
    assert [found.code for found in registry_issues(entry, [])] == ["REG003"]
    assert not list(registry_issues(replace(entry, releases=()), []))
    made = rendered(entry)
    path = "providers/acme/demo/1.0.0/download/linux/amd64"
    assert read(made, path)["signing_keys"] == {"gpg_public_keys": []}


def test_17_an_alias_with_another_name_is_told():
    entry = Entry(Address.parse("old/forecast"), (release("1.0.0"),), canonical=DEMO)
    assert [i.code for i in registry_issues(entry, [KEY])] == ["REG002"]
    assert not list(registry_issues(replace(entry, address=Address.parse("old/demo")), [KEY]))


def test_18_no_byte_order_mark():
    made = rendered(Entry(DEMO, (release("1.0.0"),)), KEY)
    assert {artifact.body[:1] for artifact in made.values()} == {b"{"}


def test_21_warnings_are_there_only_when_there_are_some():
    body = read(rendered(Entry(DEMO, (release("1.0.0"),))), "providers/acme/demo/versions")
    assert "warnings" not in body


# --- packages, withdrawn and incomplete versions


def test_hashes_of_all_platforms_when_all_are_known():
    made = rendered(Entry(DEMO, (release("1.0.0", "linux_amd64", "darwin_arm64", h1=H1, size=7),)))
    one = {"hashes": [f"zh:{'ab' * 32}", H1], "package_size": 7}
    for platform in ("linux/amd64", "darwin/arm64"):
        body = read(made, f"providers/acme/demo/1.0.0/download/{platform}")
        assert body["packages"] == {"linux_amd64": one, "darwin_arm64": one}


@pytest.mark.parametrize("facts", [{"h1": "", "size": 7}, {"h1": H1, "size": 0}])
def test_no_hashes_unless_complete(facts):
    """A client that reads them refuses a platform that is missing or wrong."""
    whole = release("1.0.0", "linux_amd64", "darwin_arm64", h1=H1, size=7)
    last = replace(whole.targets[1], **facts)
    made = rendered(Entry(DEMO, (replace(whole, targets=(whole.targets[0], last)),)))
    assert "packages" not in read(made, "providers/acme/demo/1.0.0/download/linux/amd64")


def test_withdrawn_versions_are_in_no_list_but_their_objects_stay():
    made = rendered(Entry(DEMO, (release("1.1.0", yanked="Broken."), release("1.0.0"))))
    assert versions(made) == ["1.0.0"]
    assert "v1/providers/acme/demo/1.1.0/download/linux/amd64" in made
    gone = Entry(NET, (Release(version("1.0.0"), "v1.0.0", yanked="Broken."),))
    modules = rendered(gone, repository="https://f.example/r")
    assert versions(modules, NET) == []
    assert "v1/modules/acme/net/aws/1.0.0/download" in modules


@pytest.mark.parametrize(
    "facts", [{"targets": ()}, {"shasums_url": ""}, {"shasums_signature_url": ""}]
)
def test_what_no_client_can_install_is_not_offered_and_told(facts):
    entry = Entry(DEMO, (release("1.1.0", **facts), release("1.0.0")))
    assert versions(rendered(entry)) == ["1.0.0"]
    (found,) = registry_issues(entry, [KEY])
    assert (found.code, found.message) == ("REG001", "1 versions cannot be installed: 1.1.0")


def test_blocked_packages_are_the_same_to_clients():
    entry = Entry(DEMO, (release("1.0.0"),))
    assert rendered(replace(entry, blocked="Removed.")) == rendered(entry)


def test_an_alias_has_the_objects_of_its_target_under_its_own_address():
    alias = Entry(Address.parse("old/demo"), (release("1.0.0"),), canonical=DEMO)
    made = rendered(alias, KEY)
    original = rendered(Entry(DEMO, alias.releases), KEY)
    assert {p.replace("/old/", "/acme/"): a.body for p, a in made.items()} == {
        p: a.body for p, a in original.items()
    }


# --- where a module is


@pytest.mark.parametrize(
    ("repository", "tag", "commit", "location"),
    [
        ("https://h.example/o/r", "v1.0.0", "", "git::https://h.example/o/r?ref=v1.0.0"),
        ("https://h.example/o/r", "v1.0.0", "c" * 40, f"git::https://h.example/o/r?ref={'c' * 40}"),
        ("https://h.example/o/r", "v1.0.0+b", "", "git::https://h.example/o/r?ref=v1.0.0%2Bb"),
        ("https://h.example/o/r?x=1", "v1", "", "git::https://h.example/o/r?x=1&ref=v1"),
        ("git@h.example:o/r.git", "v1", "", "git::ssh://git@h.example/o/r.git?ref=v1"),
        ("ssh://git@h.example/o/r", "v1", "", "git::ssh://git@h.example/o/r?ref=v1"),
        ("/srv/git/o r", "v1", "", "git::file:///srv/git/o%20r?ref=v1"),
    ],
)
def test_locations(repository, tag, commit, location):
    assert module_location(repository, Release(version(tag), tag, commit)) == location


# --- laws

words = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=30)
parts = st.from_regex(r"[0-9A-Za-z-]{1,8}", fullmatch=True)
texts = st.builds(
    lambda n, pre, build: f"1.{n}.0" + (f"-{pre}" if pre else "") + (f"+{build}" if build else ""),
    st.integers(0, 99),
    st.one_of(st.just(""), parts),
    st.one_of(st.just(""), parts),
).filter(lambda text: Version.parse(text) is not None)


@settings(max_examples=100, deadline=None)
@given(st.lists(texts, max_size=6, unique=True), words, words)
def test_every_listed_version_has_its_objects_and_all_of_it_is_json(listed, filename, warning):
    releases = tuple(
        replace(made, targets=(replace(made.targets[0], filename=filename),))
        for made in (release(text) for text in listed)
    )
    made = rendered(Entry(DEMO, releases, warnings=(warning,)), KEY)
    assert sorted(versions(made)) == sorted(listed)
    for text in versions(made):
        body = read(made, f"providers/acme/demo/{text}/download/linux/amd64")
        assert body["filename"] == filename


@settings(max_examples=100, deadline=None)
@given(words, texts, words)
def test_any_repository_gives_a_location_that_ends_in_the_quoted_ref(repository, text, tag):
    made = module_location(repository, Release(version(text), tag))
    assert made.startswith("git::")
    assert made.rpartition("ref=")[2].isascii()
    page = rendered(module(text), repository=repository or "x")
    body = page[f"v1/modules/acme/net/aws/{text}/source.html"].body.decode()
    assert body.count("<meta") == 3
