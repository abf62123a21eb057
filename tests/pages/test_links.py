"""Where written addresses lead: a row per pattern of real documentation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model.address import Address, Kind
from builder.model.body import LinkState, Resolution
from builder.model.document import Document, Part, PartRole
from builder.model.snapshot import Repository
from builder.pages.links import LinkHosts, PageTargets, Resolver

GOOGLE = Address.of(Kind.PROVIDER, "hashicorp", "google")
VPC = Address.of(Kind.MODULE, "aws-modules", "vpc", "aws")
HOSTED = {
    Address.of(Kind.PROVIDER, "hashicorp", "random"),
    Address.of(Kind.PROVIDER, "hashicorp", "google-beta"),
    Address.of(Kind.MODULE, "aws-modules", "iam", "aws"),
}
HOSTS = LinkHosts(registries=("registry.one.example", "registry.two.example"))
DOCUMENTS = PageTargets.of_documents(
    Document(kind, name, f"docs/{kind}/{name}.md".replace("//", "/"), "0" * 40)
    for kind, name in (
        ("", "index"),
        ("resources", "compute_disk"),
        ("resources", "google_project"),
        ("resources", "Mixed_Case"),
        ("resources", "diskpreviewprovider2.0.0"),
        ("datasources", "compute_disk"),
        ("datasources", "client_config"),
        ("guides", "upgrade"),
        ("guides", "version_4.0_upgrade"),
        ("functions", "region_from_id"),
        ("ephemeral", "token"),
        ("listresources", "instances"),
        ("actions", "stop"),
    )
)
PARTS = PageTargets.of_parts(
    [
        Part(PartRole.ROOT, "", "0" * 40, True, "README.md"),
        Part(PartRole.SUBMODULE, "flow-log", "0" * 40, True, "modules/flow-log/README.md"),
        Part(PartRole.EXAMPLE, "Two Words", "0" * 40, True, "examples/Two Words/README.md"),
    ]
)
HERE = "resources/compute_disk"
ROOT = "../" * 7  # of the site, from a kind page


def resolver(page: str = HERE, *, address: Address = GOOGLE, versions=()) -> Resolver:
    is_module = address.kind is Kind.MODULE
    return Resolver(
        address,
        PARTS if is_module else DOCUMENTS,
        page,
        hosts=HOSTS,
        packages=HOSTED.__contains__,
        versions=versions,
        lasting={"resources/gone", "examples/gone"}.__contains__,
        repository=Repository("https://forge.example/aws-modules/terraform-aws-vpc"),
    )


FROM_A_RESOURCE = """
#frag                                                                -> fragment #frag
https://registry.one.example/providers/hashicorp/google/latest/docs/resources/google_project -> internal ../../resources/google_project/
https://REGISTRY.two.example/providers/HashiCorp/Google/latest/docs/guides/upgrade#x -> internal ../../guides/upgrade/#x
registry.one.example/providers/hashicorp/google/latest/docs/guides/upgrade -> internal ../../guides/upgrade/
//registry.one.example/providers/hashicorp/google/latest/docs/guides/upgrade -> internal ../../guides/upgrade/
https://registry.one.example/providers/hashicorp/google              -> internal ../../
https://registry.one.example/providers/hashicorp/google/latest       -> internal ../../
https://registry.one.example/providers/hashicorp/google/latest/docs  -> internal ../../
https://registry.one.example/providers/hashicorp/google/docs         -> internal ../../
https://registry.one.example/providers/hashicorp/google/4.1.0/docs/resources/x -> other-version ../../../../4.1.0/docs/resources/x/
https://registry.one.example/providers/hashicorp/google/v4.1.0/docs  -> other-version ../../../../4.1.0/docs/
https://registry.one.example/providers/hashicorp/google/3.0.0/docs/resources/x -> other-version https://registry.one.example/providers/hashicorp/google/3.0.0/docs/resources/x
https://registry.one.example/providers/hashicorp/google/latest/docs/resources/none -> broken
https://registry.one.example/browse/providers                        -> external https://registry.one.example/browse/providers
../guides/upgrade.html.markdown                                      -> internal ../../guides/upgrade/
../d/client_config.html                                              -> internal ../../data-sources/client_config/
../data-sources/client_config.md#id                                  -> internal ../../data-sources/client_config/#id
../datasources/client_config                                         -> internal ../../data-sources/client_config/
../r/google_project.html?x=y#z                                       -> internal ../../resources/google_project/#z
../../../../r/google_project.html                                    -> internal ../../resources/google_project/
google_project.html                                                  -> internal ../../resources/google_project/
./google_project.html                                                -> internal ../../resources/google_project/
google_project.html.markdown                                         -> internal ../../resources/google_project/
./google_project                                                     -> internal ../../resources/google_project/
google_project                                                       -> internal ../../resources/google_project/
google_project.html.html                                             -> internal ../../resources/google_project/
GOOGLE_Project.HTML                                                  -> internal ../../resources/google_project/
mixed_case                                                           -> internal ../../resources/mixed_case/
project.html                                                         -> internal ../../resources/google_project/
google_compute_disk.html                                             -> internal ../../resources/compute_disk/
version_4.0_upgrade.html                                             -> internal ../../guides/version_4.0_upgrade/
d/client_config.html                                                 -> internal ../../data-sources/client_config/
guides/upgrade.html                                                  -> internal ../../guides/upgrade/
client_config.html                                                   -> internal ../../data-sources/client_config/
../f/region_from_id.html                                             -> internal ../../functions/region_from_id/
../ephemeral/token.html                                              -> internal ../../ephemeral-resources/token/
../ephemeral-resources/token                                         -> internal ../../ephemeral-resources/token/
../listresources/instances                                           -> internal ../../list-resources/instances/
../list-resources/instances                                          -> internal ../../list-resources/instances/
../actions/stop                                                      -> internal ../../actions/stop/
../index.html                                                        -> internal ../../
../index.html#provider                                               -> internal ../../#provider
index.html.markdown                                                  -> internal ../../
..                                                                   -> internal ../../
none.html                                                            -> broken
../x/compute_disk.html                                               -> broken
../resources/client_config.html                                      -> internal ../../data-sources/client_config/
../d/stop.md                                                         -> internal ../../actions/stop/
./disk%20%28preview%20provider%202.0.0%29                            -> internal ../../resources/diskpreviewprovider2.0.0/
./disk%2520%2528preview%2520provider%25202.0.0%2529.md#x            -> internal ../../resources/diskpreviewprovider2.0.0/#x
../../docs/resources/google_project.md                               -> internal ../../resources/google_project/
../../docs/index.md                                                  -> internal ../../
../../CHANGELOG.md#400                                               -> external {files}/blob/HEAD/CHANGELOG.md#400
../../examples/disk                                                  -> external {files}/blob/HEAD/examples/disk
../../resources/none.md                                              -> broken
../images/disk.png                                                   -> external {files}/blob/HEAD/docs/images/disk.png
gone.html#x                                                          -> other-version ../../../../latest/docs/resources/gone/#x
../resources/google_gone.md                                          -> other-version ../../../../latest/docs/resources/gone/
../d/gone.html                                                       -> broken
/docs/providers/google/r/gone.html                                   -> other-version ../../../../latest/docs/resources/gone/
https://registry.one.example/providers/hashicorp/google/latest/docs/resources/gone?x=y -> other-version ../../../../latest/docs/resources/gone/
{files}/blob/main/docs/resources/gone.md                             -> other-version ../../../../latest/docs/resources/gone/
disk.tf                                                              -> external {files}/blob/HEAD/docs/resources/disk.tf
../cdktf/python/resources/google_project.md                          -> internal ../../resources/google_project/
/docs/providers/google/cdktf/python/index.html                       -> internal ../../
../guides/upgrade.md#user-content-before                             -> internal ../../guides/upgrade/#before
{files}/blob/main/docs/guides/upgrade.md                             -> internal ../../guides/upgrade/
{files}/blob/v4.1.0/docs/guides/upgrade.md#x                         -> other-version ../../../../4.1.0/docs/guides/upgrade/#x
{files}/blob/v3.0.0/docs/guides/upgrade.md                           -> external {files}/blob/v3.0.0/docs/guides/upgrade.md
{files}/blob/main/CHANGELOG.md                                       -> external {files}/blob/main/CHANGELOG.md
{files}/issues/1                                                     -> external {files}/issues/1
../guides/compute_disk.html                                          -> broken
/docs/providers/google/r/google_project.html                         -> internal ../../resources/google_project/
/docs/providers/google/d/client_config.html#x                        -> internal ../../data-sources/client_config/#x
/docs/providers/google/guides/upgrade.html                           -> internal ../../guides/upgrade/
/docs/providers/google/index.html                                    -> internal ../../
/docs/providers/google/                                              -> internal ../../
/docs/providers/google/r/none.html                                   -> broken
https://www.terraform.io/docs/providers/google/r/google_project.html -> internal ../../resources/google_project/
http://terraform.io/docs/providers/google/d/client_config            -> internal ../../data-sources/client_config/
www.terraform.io/docs/providers/google/guides/upgrade.html           -> internal ../../guides/upgrade/
/providers/hashicorp/google/latest/docs/guides/upgrade               -> internal ../../guides/upgrade/
/docs/providers/random/r/pet.html#x                                  -> other-package {root}providers/hashicorp/random/latest/docs/resources/pet/#x
/docs/providers/google-beta/index.html                               -> other-package {root}providers/hashicorp/google-beta/latest/docs/
/docs/providers/aws/r/vpc.html                                       -> other-package https://www.terraform.io/docs/providers/aws/r/vpc.html
https://www.terraform.io/docs/providers/aws/                         -> other-package https://www.terraform.io/docs/providers/aws/
https://registry.one.example/providers/hashicorp/random/latest/docs/resources/pet.html -> other-package {root}providers/hashicorp/random/latest/docs/resources/pet/
https://registry.one.example/providers/hashicorp/random/3.1.0/docs/resources/pet -> other-package {root}providers/hashicorp/random/latest/docs/resources/pet/
https://registry.one.example/providers/hashicorp/aws/latest/docs     -> other-package https://registry.one.example/providers/hashicorp/aws/latest/docs
/providers/hashicorp/random/latest                                   -> other-package {root}providers/hashicorp/random/latest/docs/
/providers/hashicorp/aws/latest/docs                                 -> other-package https://registry.one.example/providers/hashicorp/aws/latest/docs
https://registry.one.example/modules/aws-modules/iam/aws/latest      -> other-package {root}modules/aws-modules/iam/aws/latest/
https://registry.one.example/modules/aws-modules/iam/aws/latest/submodules/Role -> other-package {root}modules/aws-modules/iam/aws/latest/modules/role/
https://registry.one.example/modules/x/y/z/latest                    -> other-package https://registry.one.example/modules/x/y/z/latest
/docs/configuration/data-sources.html                                -> core https://opentofu.org/docs/language/data-sources/
/docs/configuration/interpolation.html#x                             -> core https://opentofu.org/docs/language/#x
/docs/state/sensitive-data.html                                      -> core https://opentofu.org/docs/language/state/sensitive-data/
/website/docs/index.html.markdown                                    -> internal ../../
/docs/state/index.html                                               -> core https://opentofu.org/docs/language/state/
/docs/commands/import.html                                           -> core https://opentofu.org/docs/cli/commands/import/
/docs/whatever.html                                                  -> core https://opentofu.org/docs/
https://www.terraform.io/docs/state/index.html                       -> core https://www.terraform.io/docs/state/index.html
https://terraform.io/language/expressions                            -> core https://terraform.io/language/expressions
/website/docs/r/google_project.html.markdown                         -> internal ../../resources/google_project/
/docs/resources/google_project                                       -> internal ../../resources/google_project/
/docs/images/disk.png                                                -> external {files}/blob/HEAD/docs/images/disk.png
/examples/disk/main.tf                                               -> external {files}/blob/HEAD/examples/disk/main.tf
/CONTRIBUTING.md                                                     -> external {files}/blob/HEAD/CONTRIBUTING.md
/compute/docs/networks#x                                             -> broken
/compute/docs/networks.html                                          -> broken
/                                                                    -> broken
https://example.com/a?b#c                                            -> external https://example.com/a?b#c
//example.com/a                                                      -> external https://example.com/a
mailto:a@b.example                                                   -> external mailto:a@b.example
Cluster.storage_resources                                            -> not-a-link
"""
FROM_THE_INDEX = """
r/google_project.html            -> internal resources/google_project/
resources/google_project         -> internal resources/google_project/
guides/upgrade.html#x            -> internal guides/upgrade/#x
client_config.html               -> internal data-sources/client_config/
../LICENSE.txt                   -> external {files}/blob/HEAD/LICENSE.txt
../docs/guides/upgrade.md        -> internal guides/upgrade/
index.html                       -> internal ./
../index.html#x                  -> internal ./#x
/docs/providers/random/          -> other-package ../../../../../providers/hashicorp/random/latest/docs/
https://registry.one.example/providers/hashicorp/google/4.1.0 -> other-version ../../4.1.0/docs/
"""
FILES = "https://forge.example/aws-modules/terraform-aws-vpc"
FROM_A_MODULE = """
modules/flow-log                 -> internal modules/flow-log/
./modules/flow-log/#inputs       -> internal modules/flow-log/#inputs
modules/flow-log/README.md#x     -> internal modules/flow-log/#x
examples/Two%20Words             -> internal examples/twowords/
/modules/flow-log                -> internal modules/flow-log/
README.md                        -> internal ./
modules/flow-log/main.tf         -> external {files}/blob/HEAD/modules/flow-log/main.tf
LICENSE                          -> external {files}/blob/HEAD/LICENSE
docs/a b.png                     -> external {files}/blob/HEAD/docs/a%20b.png
../../../LICENSE                 -> external {files}/blob/HEAD/LICENSE
test/                            -> external {files}/tree/HEAD/test
/docs/x.md#y                     -> external {files}/blob/HEAD/docs/x.md#y
{files}/tree/master/modules/flow-log -> internal modules/flow-log/
{files}/blob/main/modules/flow-log/README.md -> internal modules/flow-log/
{files}/tree/v4.1.0/modules/flow-log -> other-version ../4.1.0/modules/flow-log/
{files}/tree/4.1.0/examples/Two%20Words#x -> other-version ../4.1.0/examples/twowords/#x
{files}/tree/v4.1.0/modules/none -> external {files}/tree/v4.1.0/modules/none
{files}/blob/master/README.md#Usage -> internal ./#Usage
{files}/tree/master              -> external {files}/tree/master
Modules/Flow-Log                 -> internal modules/flow-log/
README.md#user-content-inputs    -> internal ./#inputs
docs/network.png                 -> external {files}/blob/HEAD/docs/network.png
../../issues                     -> external {files}/issues
../../issues/new?x=y             -> external {files}/issues/new?x=y
../../releases                   -> external {files}/releases
../issues                        -> external {files}/blob/HEAD/issues
{files}/tree/v1.0.0/modules/flow-log -> external {files}/tree/v1.0.0/modules/flow-log
{files}/issues                   -> external {files}/issues
https://registry.one.example/modules/aws-modules/vpc/aws -> internal ./
https://registry.one.example/modules/aws-modules/vpc/aws/latest/submodules/flow-log#x -> internal modules/flow-log/#x
https://registry.one.example/modules/aws-modules/vpc/aws/latest/submodules/none -> broken
https://registry.one.example/modules/aws-modules/vpc/aws/4.1.0/examples/a -> other-version ../4.1.0/examples/a/
https://registry.one.example/modules/aws-modules/iam/aws/latest -> other-package ../../../../../modules/aws-modules/iam/aws/latest/
/docs/providers/random/r/pet.html -> other-package ../../../../../providers/hashicorp/random/latest/docs/resources/pet/
"""
FROM_A_SUBMODULE = """
../../                           -> internal ../../
../../README.md                  -> internal ../../
../..                            -> internal ../../
./                               -> internal ../../modules/flow-log/
../../examples/Two%20Words/README.md -> internal ../../examples/twowords/
main.tf                          -> external {files}/blob/HEAD/modules/flow-log/main.tf
README.md#inputs                 -> internal ../../modules/flow-log/#inputs
../../docs/flows.md#x            -> external {files}/blob/HEAD/docs/flows.md#x
../none                          -> broken
../none/                         -> broken
../none/README.md                -> broken
../../examples/none/main.tf      -> broken
../../examples/gone/main.tf#x    -> other-version ../../../latest/examples/gone/#x
../main.tf                       -> external {files}/blob/HEAD/modules/main.tf
../                              -> external {files}/tree/HEAD/modules
inner/deep                       -> external {files}/blob/HEAD/modules/flow-log/inner/deep
../od%2Bd/main.tf                -> external {files}/blob/HEAD/modules/od%2Bd/main.tf
{files}/tree/master/examples/gone -> other-version ../../../latest/examples/gone/
{files}/tree/master/examples/none -> external {files}/tree/master/examples/none
https://registry.one.example/modules/aws-modules/vpc/aws/latest/examples/gone -> other-version ../../../latest/examples/gone/
../../../../pulls                -> external {files}/pulls
https://registry.one.example/modules/aws-modules/vpc/aws/4.1.0 -> other-version ../../../4.1.0/
"""


def rows(table: str) -> list[tuple[str, str, str]]:
    found = []
    for line in table.strip().replace("{root}", ROOT).replace("{files}", FILES).split("\n"):
        written, _, wanted = line.partition(" -> ")
        state, _, target = wanted.partition(" ")
        found.append((written.strip(), state, target))
    return found


def outcome(resolution: Resolution) -> tuple[str, str]:
    return resolution.state.value, resolution.target


@pytest.mark.parametrize(("written", "state", "target"), rows(FROM_A_RESOURCE))
def test_from_a_resource(written, state, target):
    assert outcome(resolver(versions={"4.1.0"})(written)) == (state, target)


@pytest.mark.parametrize(("written", "state", "target"), rows(FROM_THE_INDEX))
def test_from_the_index(written, state, target):
    assert outcome(resolver("", versions={"4.1.0"})(written)) == (state, target)


@pytest.mark.parametrize(("written", "state", "target"), rows(FROM_A_MODULE))
def test_from_a_module(written, state, target):
    assert outcome(resolver("", address=VPC, versions={"4.1.0"})(written)) == (state, target)


@pytest.mark.parametrize(("written", "state", "target"), rows(FROM_A_SUBMODULE))
def test_from_a_submodule(written, state, target):
    page = "modules/flow-log"
    assert outcome(resolver(page, address=VPC, versions={"4.1.0"})(written)) == (state, target)


def test_a_broken_link_says_what_was_not_found():
    assert resolver()("none.html").message == "there is no such page"
    assert resolver()("/compute/docs").message == "it is a path of another site"
    assert resolver()("").message == "a link without an address"


def test_the_core_table_and_the_hosts_are_data():
    hosts = LinkHosts(registries=(), documentation=("docs.example",), core={"/docs/": "https://x/"})
    resolve = Resolver(GOOGLE, DOCUMENTS, HERE, hosts=hosts, packages=lambda _: False)
    assert outcome(resolve("/docs/state/a.html")) == ("core", "https://x/")
    assert outcome(resolve("https://docs.example/a")) == ("core", "https://docs.example/a")
    assert outcome(resolve("https://www.terraform.io/docs/")) == (
        "external",
        "https://www.terraform.io/docs/",
    )


def test_without_a_repository_a_file_of_a_module_is_broken():
    resolve = Resolver(VPC, PARTS, "", hosts=HOSTS, packages=lambda _: False)
    assert resolve("LICENSE").state is LinkState.BROKEN
    assert outcome(resolve("modules/flow-log")) == ("internal", "modules/flow-log/")


WORDS = f"""
    / // .. . # ? : https: http:// docs providers hashicorp google latest registry.one.example www.terraform.io modules
    r resources compute_disk .html .md %20 % [ ] 1.0.0 index README.md \\ é website tree {FILES} HEAD submodules
"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\0"])


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join)))
def test_any_address_has_an_answer_and_ours_are_relative(written):
    for page, address in ((HERE, GOOGLE), ("", GOOGLE), ("", VPC), ("modules/flow-log", VPC)):
        resolution = resolver(page, address=address)(written)
        if resolution.state is LinkState.INTERNAL:
            assert resolution.target.startswith(("../", "./", "resources/", "data-sources/"
                , "guides/", "functions/", "ephemeral-resources/", "list-resources/", "actions/", "modules/", "examples/"))  # fmt: skip
        if resolution.state in (LinkState.BROKEN, LinkState.NOT_A_LINK):
            assert not resolution.target
        assert not resolution.target.startswith("/")
        assert resolution == resolver(page, address=address)(written)
