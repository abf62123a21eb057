"""Releases become snapshots: tags as written and with v, pins, links, hostile trees, caches and offline builds."""

import contextlib

import pytest

from builder.errors import RemoteError
from builder.git.command import GitError, RepositoryGoneError
from builder.ingest.source import (
    IngestSettings,
    failure,
    open_repository,
    snapshots,
    tag_names,
    tree_issues,
)
from builder.ingest.vetting import TooManyFilesError
from builder.model.address import Address, Kind
from builder.model.entry import Entry, Release
from builder.model.issue import Location
from builder.model.limits import Limits
from builder.model.snapshot import FileKind, MemoryTree, Repository, Snapshot, TooLarge
from builder.model.version import Version
from builder.testing.git_servers import git_daemon
from builder.testing.repositories import (
    FIRST_TIME,
    RepositoryMaker,
    git,
    make_directory,
    make_repository,
    make_tar,
)

MODULE = Entry(Address(Kind.MODULE, "example", "net", "cloud"))
PLACE = Repository("https://git.example/example/terraform-cloud-net")
URL = "https://git.example/repository"


@pytest.fixture
def maker(tmp_path):
    return RepositoryMaker(tmp_path / "repository")


@pytest.fixture
def view(maker, tmp_path):
    mirrors = {URL: str(maker.folder)}
    with contextlib.closing(open_repository(URL, IngestSettings(tmp_path / "c", mirrors))) as view:
        yield view


def release(written, commit=""):
    version = Version.parse(written)
    assert version is not None
    return Release(version, written, commit=commit)


def taken(view, *releases, limits=None):
    """What snapshots gives, by version as written."""
    found = snapshots(MODULE, releases, view, PLACE, limits or Limits())
    return {rel.written: checked for rel, checked in found}


def snapshot_of(checked) -> Snapshot:
    assert isinstance(checked.value, Snapshot)
    return checked.value


def contents(snapshot):
    return [snapshot.tree.read(file, 1000) for file in snapshot.tree.files()]


def codes(checked):
    return [issue.code for issue in checked.issues]


@pytest.mark.parametrize(("written", "other"), [("1.0.0", "v1.0.0"), ("v1.0.0", "1.0.0")])
def test_a_tag_is_looked_for_as_written_then_with_v_added_or_removed(maker, view, written, other):
    assert tag_names(release(written)) == (written, other)
    commit = maker.release(other, {"a": "1"})
    snapshot = snapshot_of(taken(view, release(written))[written])
    assert (snapshot.tag, snapshot.commit) == (other, commit)


def test_the_tag_as_written_wins(maker, view):
    plain = maker.release("1.0.0", {"a": "plain"})
    maker.release("v1.0.0", {"a": "with v"})
    assert snapshot_of(taken(view, release("1.0.0"))["1.0.0"]).commit == plain


def test_a_missing_tag_costs_only_its_version(maker, view):
    maker.release("v1.0.0", {"a": "1"})
    maker.release("v3.0.0", {"a": "3"})
    found = taken(view, release("v3.0.0"), release("v2.0.0"), release("v1.0.0"))
    assert [checked.value is None for checked in found.values()] == [False, True, False]
    (missing,) = found["v2.0.0"].issues
    assert missing.code == "GIT002"
    assert missing.location == Location("modules/example/net/cloud", "2.0.0")
    assert "v2.0.0 or 2.0.0" in missing.message


def test_published_is_the_tag_s_creator_date_in_utc(maker, view):
    commit = maker.commit({"a": "1"})
    maker.tag("v1.0.0", commit)
    maker.tag("v2.0.0", commit, annotated=True, when=FIRST_TIME + 86_400)
    found = taken(view, release("v1.0.0"), release("v2.0.0"))
    assert snapshot_of(found["v1.0.0"]).published == "2023-11-14T22:13:20Z"
    assert snapshot_of(found["v2.0.0"]).published == "2023-11-15T22:13:20Z"
    assert snapshot_of(found["v2.0.0"]).commit == commit


def test_a_pin_that_agrees_is_silent_whatever_its_case(maker, view):
    commit = maker.release("v1.0.0", {"a": "1"})
    checked = taken(view, release("v1.0.0", commit.upper()))["v1.0.0"]
    assert (snapshot_of(checked).commit, codes(checked)) == (commit, [])


def test_the_pinned_commit_wins_over_a_moved_tag(maker, view):
    pinned = maker.release("v1.0.0", {"a": "first seen"})
    maker.release("v1.0.0", {"a": "moved"})
    checked = taken(view, release("v1.0.0", pinned))["v1.0.0"]
    assert codes(checked) == ["GIT004"]
    snapshot = snapshot_of(checked)
    (file,) = snapshot.tree.files()
    assert snapshot.tree.read(file, 100) == b"first seen"
    assert snapshot.commit == pinned


@pytest.mark.parametrize("pinned", ["1" * 40, "not-a-commit", "--help"])
def test_a_pinned_commit_must_be_in_the_repository(maker, view, pinned):
    maker.release("v1.0.0", {"a": "1"})
    checked = taken(view, release("v1.0.0", pinned))["v1.0.0"]
    assert checked.value is None
    assert codes(checked) == ["GIT004", "GIT002"]


def test_a_pin_from_git_says_nothing_of_a_folder(tmp_path):
    folder = make_directory(tmp_path / "r", {"v1.0.0": {"a": "1"}})
    settings = IngestSettings(tmp_path / "c", {URL: f"directory:{folder}"})
    view = open_repository(URL, settings)
    checked = taken(view, release("v1.0.0", "1" * 40))["v1.0.0"]
    assert codes(checked) == []
    assert checked.value is not None


def test_a_pinned_commit_is_fetched_from_the_server(maker, tmp_path):
    pinned = maker.release("v1.0.0", {"a": "first seen"})
    maker.release("v1.0.0", {"a": "moved"})
    with git_daemon(tmp_path) as url:
        settings = IngestSettings(tmp_path / "cache", {URL: f"{url}repository"})
        with contextlib.closing(open_repository(URL, settings, wanted={"v1.0.0"})) as view:
            checked = taken(view, release("v1.0.0", pinned))["v1.0.0"]
            snapshot = snapshot_of(checked)
            (file,) = snapshot.tree.files()
            assert snapshot.tree.read(file, 100) == b"first seen"
            assert codes(checked) == ["GIT004"]
    offline = IngestSettings(tmp_path / "cache", settings.mirrors, offline=True)
    with contextlib.closing(open_repository(URL, offline)) as view:
        assert snapshot_of(taken(view, release("v1.0.0", pinned))["v1.0.0"]).commit == pinned


def test_a_server_that_went_away_is_asked_for_one_pin_only(maker, tmp_path):
    maker.release("v1.0.0", {"a": "1"})
    maker.release("v2.0.0", {"a": "2"})
    settings = IngestSettings(tmp_path / "cache", retry_seconds=0.01)
    with git_daemon(tmp_path) as url:
        view = open_repository(f"{url}repository", settings)
    found = taken(view, release("v1.0.0", "1" * 40), release("v2.0.0", "2" * 40))
    assert codes(found["v1.0.0"]) == ["GIT004", "GIT001"]
    assert codes(found["v2.0.0"]) == ["GIT004", "GIT002"]
    view.close()


def test_links_submodules_and_odd_names_are_never_content(maker, view):
    files = {"docs/a.md": "page", "n\udcff.md": "x", "ok": "y"}
    commit = maker.commit(files, links={"docs/b.md": "../../etc/passwd"}, submodules=["vendored"])
    maker.tag("v1.0.0", commit)
    snapshot = snapshot_of(taken(view, release("v1.0.0"))["v1.0.0"])
    kinds = {file.path: file.kind for file in snapshot.tree.files()}
    assert kinds == {
        "docs/a.md": FileKind.FILE,
        "docs/b.md": FileKind.SYMLINK,
        "ok": FileKind.FILE,
        "vendored": FileKind.SUBMODULE,
    }
    (odd,) = tree_issues(snapshot)
    assert (odd.code, odd.location.path) == ("DOC010", r"n\xff.md")
    assert odd.location.version == "1.0.0"


def test_paths_that_leave_the_repository_are_dropped_and_told(maker, view):
    blob = maker.blob("evil")
    inner = maker.raw_tree(("100644", b"..", blob), ("100644", b"fine.md", blob))
    tree = maker.raw_tree(
        ("100644", b"../../outside", blob),
        ("100644", b"/etc/cron.d/x", blob),
        ("100644", b"a//b", blob),
        ("40000", b"docs", inner),
        ("100644", b"same", blob),
        ("100644", b"same", blob),
    )
    maker.tag("v1.0.0", maker.commit_tree(tree))
    snapshot = snapshot_of(taken(view, release("v1.0.0"))["v1.0.0"])
    assert [file.path for file in snapshot.tree.files()] == ["docs/fine.md", "same"]
    assert [(i.code, i.location.path) for i in tree_issues(snapshot)] == [
        ("DOC015", "../../outside"),
        ("DOC015", "/etc/cron.d/x"),
        ("DOC015", "a//b"),
        ("DOC015", "docs/.."),
        ("DOC015", "same"),
    ]


def test_a_file_over_the_limit_is_told_by_its_size(maker, view):
    maker.release("v1.0.0", {"big.md": b"x" * 5_000_000, "small.md": "y"})
    snapshot = snapshot_of(taken(view, release("v1.0.0"))["v1.0.0"])
    files = {file.path: file for file in snapshot.tree.files()}
    with pytest.raises(TooLarge) as refused:
        snapshot.tree.read(files["big.md"], 1_048_576)
    assert refused.value.size == 5_000_000
    assert snapshot.tree.read(files["small.md"], 1_048_576) == b"y"


def test_a_tree_over_the_limit_fails_alone(maker, view):
    maker.release("v1.0.0", {str(n): "" for n in range(20)})
    maker.release("v2.0.0", {"a": "1"})
    found = taken(view, release("v1.0.0"), release("v2.0.0"), limits=Limits(files=10))
    with pytest.raises(TooManyFilesError) as refused:
        snapshot_of(found["v1.0.0"]).tree.files()
    assert failure(refused.value, Location("a")).code == "GIT005"
    assert len(list(snapshot_of(found["v2.0.0"]).tree.files())) == 1


def test_a_broken_archive_fails_alone(tmp_path):
    folder = make_directory(tmp_path / "r", {"v1.0.0": {"a": "1"}})
    (folder / "v2.0.0.zip").write_bytes(b"no archive")
    (folder / "v3.0.0.tgz").write_bytes(make_tar({"a": "1", "../b": "2"}))
    view = open_repository(URL, IngestSettings(tmp_path / "c", {URL: f"directory:{folder}"}))
    found = taken(view, release("1.0.0"), release("2.0.0"), release("3.0.0"))
    assert codes(found["2.0.0"]) == ["ARC002"]
    assert found["2.0.0"].value is None
    assert found["1.0.0"].value is not None
    (refused,) = tree_issues(snapshot_of(found["3.0.0"]))
    assert (refused.code, refused.location.path) == ("ARC001", "../b")


def test_an_empty_repository_has_no_releases(view):
    assert codes(taken(view, release("v1.0.0"))["v1.0.0"]) == ["GIT002"]


def test_mirrors_find_repositories_with_and_without_suffix(tmp_path):
    mirrors = {"https://git.example/": f"file://{tmp_path}/mirror/"}
    settings = IngestSettings(tmp_path / "cache", mirrors)
    make_repository(tmp_path / "mirror" / "one.git", {"v1": {"a": "1"}})
    make_repository(tmp_path / "mirror" / "two", {"v1": {"a": "1"}})
    make_repository(tmp_path / "source", {"v1": {"a": "1"}})
    git(tmp_path / "source", "bundle", "create", str(tmp_path / "mirror" / "three.bundle"), "--all")
    make_directory(tmp_path / "mirror" / "four", {"v1": {"a": "1"}})
    for name in ("one", "one.git", "two", "two.git", "three", "three.git", "four", "four.git"):
        with contextlib.closing(open_repository(f"https://git.example/{name}", settings)) as view:
            assert list(view.tags()) == ["v1"], name
    with pytest.raises(RepositoryGoneError, match="does not exist"):
        open_repository("https://git.example/five", settings)


def test_repositories_on_this_machine_are_read_in_place(maker, view, tmp_path):
    maker.release("v1", {"a": "1"})
    assert list(view.tags()) == ["v1"]
    assert not (tmp_path / "c").exists()


def test_offline_uses_the_cache_and_asks_no_server(maker, tmp_path):
    commit = maker.release("v1.0.0", {"a": "1"})
    offline = IngestSettings(tmp_path / "cache", offline=True)
    with git_daemon(tmp_path) as url:
        address = f"{url}repository"
        with pytest.raises(RemoteError, match="not in the cache") as refused:
            open_repository(address, offline)
        assert "--no-ingest" in refused.value.hint
        open_repository(address, IngestSettings(tmp_path / "cache")).close()
    with contextlib.closing(open_repository(address, offline)) as view:
        assert view.tags()["v1.0.0"].commit == commit
        checked = taken(view, release("v1.0.0", "1" * 40))["v1.0.0"]
        assert codes(checked) == ["GIT004", "GIT002"]


def test_damage_found_while_reading_is_mended_by_the_next_build(maker, tmp_path):
    maker.release("v1.0.0", {"a": "text" * 100, "b": "other" * 100})
    with git_daemon(tmp_path) as url:
        address, settings = f"{url}repository", IngestSettings(tmp_path / "cache")
        open_repository(address, settings).close()
        (pack,) = (tmp_path / "cache").rglob("*.pack")
        pack.chmod(0o644)
        data = bytearray(pack.read_bytes())
        data[-60:-20] = bytes(40)
        pack.write_bytes(data)
        with contextlib.closing(open_repository(address, settings)) as view:
            snapshot = snapshot_of(taken(view, release("v1.0.0"))["v1.0.0"])
            with pytest.raises(RemoteError):
                contents(snapshot)
        with contextlib.closing(open_repository(address, settings)) as view:
            mended = contents(snapshot_of(taken(view, release("v1.0.0"))["v1.0.0"]))
            assert mended == [b"text" * 100, b"other" * 100]


def test_a_tree_that_was_not_made_here_has_no_issues():
    tree = MemoryTree.of({"a": "1"})
    assert tree_issues(Snapshot(MODULE.address, release("1.0.0"), PLACE, tree, "", "", "")) == ()


def test_failures_keep_their_code_and_hint():
    assert failure(GitError("m", hint="do this"), Location("a")).hint == "do this"
    assert failure(RemoteError("m"), Location("a")).code == "GIT001"
