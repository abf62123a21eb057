"""The public registry's own files: byte stability, and every edge case that its data page names."""

import pytest

from builder.metadata.check import check
from builder.metadata.codec import decode, dump, encode, load
from builder.metadata.policy import read_policy
from builder.metadata.repository import MetadataRepository
from builder.model.address import Address
from builder.model.version import Version

pytestmark = pytest.mark.real

# Files that a plain re-serialization does not reproduce: both end in newlines.
NOT_STABLE = {
    "providers/t/tdabasinskas/backstage.json",
    "2026-format/versions_blacklist.json",
}


@pytest.fixture(scope="module")
def root(shared_data):
    return shared_data / "opentofu-registry"


@pytest.fixture(scope="module")
def checked(root):
    return MetadataRepository(root).read()


@pytest.fixture
def entry(checked):
    by_name = {str(entry.address): entry for entry in checked.value.entries}
    return by_name.__getitem__


def test_all_files_load_and_dump_to_the_same_bytes(root):
    files = sorted(root.rglob("*.json"))
    odd = set()
    for file in files:
        data = file.read_bytes()
        loaded = load(data)
        assert not loaded.issues
        if dump(loaded.value or {}) != data:
            odd.add(file.relative_to(root).as_posix())
            assert dump(loaded.value or {}) == data.rstrip(b"\n")
    assert len(files) == 38
    assert odd == NOT_STABLE


def test_encoding_what_was_read_gives_the_same_bytes(root):
    for address, path in MetadataRepository(root).paths().items():
        raw = load((root / path).read_bytes()).value or {}
        assert dump(encode(decode(address, raw).value, raw)) == dump(raw)


def test_reading_what_was_written_anew_gives_the_same_entry(root):
    for address, path in MetadataRepository(root).paths().items():
        raw = load((root / path).read_bytes()).value or {}
        entry = decode(address, raw).value
        assert decode(address, encode(entry, {})).value == entry


def test_all_packages_are_read_and_only_doubled_versions_are_odd(checked):
    assert len(checked.value.entries) == 35
    assert (
        sum(len(entry.releases) for entry in checked.value.entries) == 1446
    )  # of 1,450, four of which are doubled
    assert [(one.code, one.location.address, one.location.version) for one in checked.issues] == [
        ("META005", "modules/7factor/concourse/aws", "0.0.5"),
        ("META005", "modules/aidanmelen/eks-auth/aws", "0.9.0"),
        ("META005", "modules/aidanmelen/eks-auth/aws", "1.0.0"),
        ("META005", "providers/chanzuckerberg/okta", "3.7.4"),
    ]


def test_check_finds_what_is_not_canonical(root):
    forms = [(one.code, one.location.address) for one in check(root) if one.code > "META008"]
    assert forms == [
        ("META009", "modules/cristinavz/vpc/aws"),
        ("META009", "providers/hashicorp/hashicups"),
        *(("META010", f"providers/{name}") for name in (
            "hashicorp/terraform", "opentofu/clc", "opentofu/salesforce", "tdabasinskas/backstage"
        )),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "number"),
    [("hashicorp/aws", 425), ("hashicorp/google", 331), ("hashicorp/random", 34)],
)
def test_large_files(entry, name, number):
    releases = entry(name).releases
    assert len(releases) == number
    assert all(release.targets and release.shasums_url for release in releases)
    assert [r.version for r in releases] == sorted((r.version for r in releases), reverse=True)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("hashicorp/terraform", 1),
        ("opentofu/clc", 2),
        ("opentofu/salesforce", 2),
        ("a10networks/vthunder", 1),
        ("tdabasinskas/backstage", 1),
        ("hashicorp/null", 0),
    ],
)
def test_warnings(entry, name, number):
    assert len(entry(name).warnings) == number


@pytest.mark.parametrize(
    ("name", "written", "canonical"),
    [
        ("multani/libvirt", "0.6.3-1+4", "0.6.3-1+4"),
        ("darkedges/fram", "0.1", "0.1.0"),
        ("enriquebelarte/ocm-test", "1.1", "1.1.0"),
        ("azure/aks/azurerm", "v3.0", "3.0.0"),
        ("azure/aks/azurerm", "4.0", "4.0.0"),
        ("10thmagnitude/certs/private", "v0.1", "0.1.0"),
        ("111crb111/consul/google", "1.0", "1.0.0"),
        ("111crb111/consul/google", "4.5.6-ss+alfa", "4.5.6-ss+alfa"),
        (
            "jkroepke/archive/provider",
            "v2.4.2+tar.gz-20240510120400",
            "2.4.2+tar.gz-20240510120400",
        ),
        ("7factor/concourse/aws", "v0.0.5", "0.0.5"),
        ("aidanmelen/eks-auth/aws", "v0.9.0", "0.9.0"),
    ],
)
def test_versions_as_written(entry, name, written, canonical):
    assert (written, canonical) in [(r.written, str(r.version)) for r in entry(name).releases]


def test_of_the_two_tags_of_okta_the_one_with_v_is_used(entry):
    (release,) = [r for r in entry("chanzuckerberg/okta").releases if r.written == "3.7.4"]
    assert "/v3.7.4/" in release.shasums_url


@pytest.mark.parametrize(
    "name", ["hkantare/ibm", "terraform-registry-test-user/some-valid-releases"]
)
def test_tags_without_v_show_in_the_addresses(entry, name):
    assert all(f"/download/{r.written}/" in r.shasums_url for r in entry(name).releases)


@pytest.mark.parametrize(
    ("name", "protocols"),
    [
        ("tonedefdev/infoblox", ("4.0", "5.0", "6.0")),
        ("tyuntech/petstore", ("1.0.0",)),
        ("dalet-oss/iris", ("1.0",)),
        ("terraform-registry-test-user/good-manifest", ("5.0", "6.0")),
    ],
)
def test_protocols(entry, name, protocols):
    assert protocols in [r.protocols for r in entry(name).releases]


@pytest.mark.parametrize(
    ("name", "targets"),
    [("drarko/mssql", 1), ("apparentlymart/javascript", 12), ("samuelbagattin/oci", 1)],
)
def test_a_single_version_and_its_targets(entry, name, targets):
    assert [len(r.targets) for r in entry(name).releases] == [targets]


@pytest.mark.parametrize("name", ["a10networks/vthunder", "carlpett/sops"])
def test_file_names_with_a_v_are_kept(entry, name):
    files = [t.filename for r in entry(name).releases for t in r.targets]
    assert any("_v" in file for file in files)
    assert not all("_v" in file for file in files)


def test_only_a_pre_release(entry):
    (release,) = entry("samuelbagattin/oci").releases
    assert not release.version.is_stable
    assert entry("samuelbagattin/oci").latest == release.version


def test_tags_with_and_without_v_beside_each_other(entry):
    tags = [r.written for r in entry("00inboxtest/lb-http/google").releases]
    assert {tag.startswith("v") for tag in tags} == {True, False}


def test_an_underscore_in_a_name_and_files_sorted_oldest_first(entry):
    assert entry("ackeecz/cloud-function_pubsub_to_bq/gcp").releases
    newest, *_, oldest = entry("cristinavz/vpc/aws").releases
    assert newest.version > oldest.version


def test_the_format_of_2026(root):
    folder = root / "2026-format"
    module = decode(
        Address.parse("rhythmictech/find-semver-match/terraform"),
        load(
            (folder / "modules/r/rhythmictech/find-semver-match/terraform.json").read_bytes()
        ).value
        or {},
    )
    provider = decode(
        Address.parse("coolify-terraform/coolify"),
        load((folder / "providers/c/coolify-terraform/coolify.excerpt.json").read_bytes()).value
        or {},
    )
    assert not [*module.issues, *provider.issues]
    assert all(len(r.commit) == 40 and r.discovered for r in module.value.releases)
    (release,) = provider.value.releases
    assert release.discovered.endswith("Z")
    assert all(t.h1.startswith("h1:") and t.size > 0 for t in release.targets)


def test_the_blacklist_of_2026(root):
    data = (root / "2026-format/versions_blacklist.json").read_bytes()
    checked = read_policy([("versions_blacklist.json", data)])
    assert not checked.issues
    assert len(checked.value.yanks) == 4
    reason = checked.value.yanked(Address.parse("hashicorp/aws"), Version(6, 1, 0))
    assert reason.startswith("Critical bug")


def test_keys_of_a_mapped_namespace(root, tmp_path):
    (tmp_path / "aliases.json").write_text('{"namespaces": {"hashicorp": "opentofu"}}')
    address = Address.parse("hashicorp/random")

    def key_ids(repository):
        (entry,) = repository.read([address]).value.entries
        return [key.key_id for key in repository.keys(entry).value]

    assert key_ids(MetadataRepository(root)) == []
    assert key_ids(MetadataRepository(root, policy=tmp_path)) == ["0C0AF313E5FD9F80"]
