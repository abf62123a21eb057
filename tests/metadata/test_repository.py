"""A repository on disk: reading all of it or a part, policy, keys, writing back."""

import os
from dataclasses import replace

import pytest

from builder.errors import ContentError, UsageError
from builder.metadata.repository import MetadataRepository, repository_url, write_file
from builder.model.address import Address
from builder.model.entry import Entry, Release
from builder.model.version import Version

KETTLE, CUP, TEA = (Address.parse(t) for t in ("acme/kettle", "acme/cup/aws", "packages/tea"))
TEMPLATE = "https://example.com/{namespace}/{repository}"
PACKAGE = "name: tea\npublisher: Acme\nversion: v1.0.0\n"


@pytest.fixture
def registry(write, release):
    """A registry with one package of each kind."""
    write("providers/a/acme/kettle.json", {"versions": [release("1.1.0"), release("1.0.0")]})
    write("modules/a/acme/cup/aws.json", {"versions": [{"version": "v1.0.0"}]})
    return write("packages/tea.yaml", PACKAGE).parent.parent


def stored(repository, address):
    return repository.stored(address).value


def read(root, *addresses, **options):
    checked = MetadataRepository(root, **options).read([*addresses] or None)
    return checked.value, [(one.code, one.location.path) for one in checked.issues]


def test_a_registry_is_read_sorted(registry):
    catalog, issues = read(registry)
    assert [entry.address for entry in catalog.entries] == [CUP, TEA, KETTLE]
    assert not issues
    assert list(MetadataRepository(registry).paths().values()) == [
        "modules/a/acme/cup/aws.json",
        "packages/tea.yaml",
        "providers/a/acme/kettle.json",
    ]


def test_a_broken_file_costs_only_itself(registry, write):
    write("providers/a/acme/broken.json", '{"versions": [\n')
    write("providers/a/acme/list.json", "[]")
    write("packages/milk.yaml", "name: [")
    catalog, issues = read(registry)
    assert len(catalog.entries) == 3
    assert issues == [
        ("META001", "packages/milk.yaml"),
        ("META001", "providers/a/acme/broken.json"),
        ("META002", "providers/a/acme/list.json"),
    ]


def test_only_the_files_asked_for_are_read(registry, write):
    write("providers/a/acme/broken.json", "{")
    write("providers/notes.txt", "")
    catalog, issues = read(registry, KETTLE, Address.parse("not/there"))
    assert [entry.address for entry in catalog.entries] == [KETTLE]
    assert not issues
    assert read(registry, Address.parse("acme/broken"))[1] == [
        ("META001", "providers/a/acme/broken.json")
    ]


def test_entries_come_one_by_one(registry, write):
    entries = (checked.value for checked in MetadataRepository(registry).entries())
    assert next(entries) == stored(MetadataRepository(registry), CUP)
    write("packages/tea.yaml", "name: tea\npublisher: Acme\nversion: v2.0.0\n")  # not read yet
    assert next(entries) == stored(MetadataRepository(registry), TEA)


def test_policy_files_apply(registry, write):
    write("blocklist.json", {"modules": {"acme//": "chipped"}, "providers": {"gone/": "x"}})
    write(
        "versions_blacklist.json",
        {
            "providers": [
                {"namespace": "acme", "name": "kettle", "version": "1.0.0", "reason": "leaks"}
            ]
        },
    )
    write(
        "aliases.json", {"namespaces": {"acme": "zeta"}, "providers": {"old/kettle": "acme/kettle"}}
    )
    catalog, issues = read(registry)
    cup, _, kettle, old = catalog.entries
    assert cup.blocked == "chipped"
    assert [r.yanked for r in kettle.releases] == ["", "leaks"]
    assert old == replace(kettle, address=Address.parse("old/kettle"), canonical=KETTLE)
    assert catalog.reverse_aliases(KETTLE) == (old.address,)
    assert issues == [("META007", "blocklist.json")]


def test_an_alias_can_be_asked_for_alone(registry, write):
    write("aliases.json", {"providers": {"old/kettle": "acme/kettle", "old/odd": "acme/odd"}})
    write("providers/a/acme/odd.json", {"versions": [{"version": "latest"}]})
    catalog, issues = read(registry, Address.parse("old/odd"))
    assert [(str(e.address), e.canonical) for e in catalog.entries] == [
        ("old/odd", Address.parse("acme/odd"))
    ]
    assert issues == [("META004", "providers/a/acme/odd.json")]
    assert len(catalog.aliases) == 2


def test_an_alias_of_a_broken_file_is_no_entry(registry, write):
    write("aliases.json", {"providers": {"old/kettle": "acme/broken"}})
    write("providers/a/acme/broken.json", "{")
    catalog, issues = read(registry)
    assert len(catalog.entries) == 3
    assert issues == [("META001", "providers/a/acme/broken.json")]


def test_operators_have_policy_files_of_their_own_for_a_registry_of_others(
    registry, write, tmp_path
):
    write("blocklist.json", {"providers": {"acme/kettle": "theirs"}, "packages": {"tea": "theirs"}})
    write("mine/blocklist.json", {"providers": {"acme/kettle": "mine", "gone/": "x"}})
    catalog, issues = read(registry, policy=tmp_path / "mine")
    assert [entry.blocked for entry in catalog.entries] == ["", "theirs", "mine"]
    assert issues == [("META007", "mine/blocklist.json")]


def test_the_community_list_adds_packages(registry, write):
    items = [
        ("acme/pulumi-tea", "t.json"),
        ("acme/pulumi-milk", "m.json"),
        ("b/pulumi-milk", "n.json"),
    ]
    write(
        "community-packages/package-list.json",
        {"include": [{"repoSlug": r, "schemaFile": f} for r, f in items]},
    )
    catalog, issues = read(registry)
    found = {
        e.address.name: (e.repository, e.package.schema_path) for e in catalog.entries if e.package
    }
    assert found == {
        "milk": ("https://github.com/acme/pulumi-milk", "m.json"),
        "tea": ("https://github.com/acme/pulumi-tea", "t.json"),
    }
    assert issues == [("META002", "community-packages/package-list.json")]


def test_policy_files_and_metadata_that_are_links_are_not_read(registry, write, tmp_path):
    secret = write("elsewhere/secret.json", '{"providers": {"acme/": "x"}}')
    (tmp_path / "blocklist.json").symlink_to(secret)
    (tmp_path / "community-packages").symlink_to(tmp_path / "elsewhere")
    catalog, issues = read(registry)
    assert not any(entry.blocked for entry in catalog.entries)
    assert issues == [("META001", "blocklist.json")]


def test_a_folder_where_a_file_should_be_is_reported(registry, tmp_path):
    (tmp_path / "aliases.json").mkdir()
    assert read(registry)[1] == [("META001", "aliases.json")]


def test_there_must_be_a_folder(tmp_path):
    with pytest.raises(UsageError):
        MetadataRepository(tmp_path / "missing")
    with pytest.raises(UsageError):
        MetadataRepository(tmp_path, policy=tmp_path / "missing")


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        (Entry(KETTLE), "https://example.com/acme/terraform-provider-kettle"),
        (Entry(CUP), "https://example.com/acme/terraform-aws-cup"),
        (Entry(KETTLE, owner="zeta"), "https://example.com/zeta/terraform-provider-kettle"),
        (Entry(KETTLE, repository="git@host:x/y"), "git@host:x/y"),
        (
            Entry(Address.parse("old/pot"), canonical=KETTLE, owner="acme"),
            "https://example.com/acme/terraform-provider-kettle",
        ),
        (Entry(TEA), ""),
        (Entry(TEA, repository="https://example.com/t"), "https://example.com/t"),
    ],
)
def test_repositories_are_named_by_convention_or_by_the_entry(entry, url):
    assert repository_url(entry, TEMPLATE) == url


def test_an_undecodable_key_is_reported_and_not_given(registry, write):
    write("keys/a/acme/bad.asc", "nothing")
    write("keys/a/acme/kettle/bad.asc", "nothing")
    write("keys/z/zeta/bad.asc", "nothing")
    repository = MetadataRepository(registry)
    entry = repository.read([KETTLE]).value.entries[0]

    def paths(entry):
        checked = repository.keys(entry)
        assert not checked.value
        return [one.location.path for one in checked.issues]

    both = ["keys/a/acme/bad.asc", "keys/a/acme/kettle/bad.asc"]
    assert paths(entry) == both
    assert paths(replace(entry, owner="zeta")) == ["keys/z/zeta/bad.asc"]
    assert paths(Entry(Address.parse("old/x"), canonical=KETTLE, owner="acme")) == both
    assert paths(Entry(Address.parse("none/x"))) == []


# -- writing ----------------------------------------------------------------------------------------------------------


def test_an_unchanged_entry_leaves_its_file_alone(registry, write):
    file = write("modules/a/acme/cup/aws.json", b'{"versions":[{"version":"v1.0.0"}]}\n')
    repository = MetadataRepository(registry)
    assert not repository.write(stored(repository, CUP))
    assert file.read_bytes() == b'{"versions":[{"version":"v1.0.0"}]}\n'


def test_a_changed_entry_is_written_with_its_mode_and_nothing_is_left_behind(registry):
    repository = MetadataRepository(registry)
    file = registry / "modules/a/acme/cup/aws.json"
    file.chmod(0o600)
    entry = stored(repository, CUP)
    new = Release(Version(1, 1, 0), "v1.1.0", commit="a" * 40)
    assert repository.write(replace(entry, releases=(new, *entry.releases)))
    assert stored(repository, CUP).releases[0] == new
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["aws.json"]


def test_new_entries_get_their_files(registry):
    repository = MetadataRepository(registry)
    pot, milk = Address.parse("zeta/pot"), Address.parse("packages/milk")
    assert repository.write(Entry(pot, releases=(Release(Version(1, 0, 0), "1.0.0"),)))
    package = replace(stored(repository, TEA), address=milk)
    assert repository.write(package)
    assert repository.paths()[pot] == "providers/z/zeta/pot.json"
    assert (registry / "packages/milk.yaml").read_text().startswith("component: false\n")
    assert stored(repository, milk) == package


def test_a_yaml_file_keeps_its_lines(registry):
    repository = MetadataRepository(registry)
    (registry / "packages/tea.yaml").write_text("# head\n" + PACKAGE + "x: [1,  2] # mine\n")
    entry = stored(repository, TEA)
    assert repository.write(replace(entry, releases=(Release(Version(2, 0, 0), "v2.0.0"),)))
    assert (registry / "packages/tea.yaml").read_text() == (
        "# head\nname: tea\npublisher: Acme\nversion: v2.0.0\nx: [1,  2] # mine\n"
    )


@pytest.mark.parametrize("content", ["{", '{"versions": [], "versions": []}'])
def test_a_damaged_file_is_never_written_over(registry, write, content):
    file = write("providers/a/acme/kettle.json", content)
    with pytest.raises(ContentError):
        MetadataRepository(registry).write(Entry(KETTLE))
    assert file.read_text() == content


def test_nothing_is_written_through_a_link(registry, tmp_path):
    (tmp_path / "outside").mkdir()
    root = tmp_path / "inner"
    (root / "providers").mkdir(parents=True)
    (root / "providers/z").symlink_to(tmp_path / "outside")
    with pytest.raises(ContentError):
        MetadataRepository(root).write(Entry(Address.parse("zeta/pot")))
    assert not list((tmp_path / "outside").iterdir())


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "a.json"
    file.write_text("old")

    def fail(handle):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_file(file, b"new")
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
