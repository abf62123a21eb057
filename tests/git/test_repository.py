"""Reading a repository in place: tags, listings and blobs, of good, odd, damaged and hostile repositories."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from builder.git.command import GitError, RepositoryTooLargeError
from builder.git.objects import ObjectMissingError, ObjectReader
from builder.git.repository import LocalRepository, git_folder
from builder.model.snapshot import TooLarge, blob_id
from builder.testing.repositories import FIRST_TIME, RepositoryMaker, git


@pytest.fixture
def maker(tmp_path):
    return RepositoryMaker(tmp_path / "repository")


@pytest.fixture
def repository(maker):
    opened = LocalRepository(maker.folder)
    yield opened
    opened.close()


def listing(repository, commit):
    return [(e.mode, e.path) for e in repository.entries(repository.tree(commit), 1000)]


def test_light_and_annotated_tags_stand_for_commits(maker, repository):
    first = maker.commit({"a": "1"})
    second = maker.commit({"a": "2"}, parent=first)
    maker.tag("v1.0.0", first)
    maker.tag("v2.0.0", second, annotated=True, when=FIRST_TIME + 5_000_000)
    tags = repository.tags()
    assert [(t.name, t.commit, t.created) for t in tags.values()] == [
        ("v1.0.0", first, FIRST_TIME),
        ("v2.0.0", second, FIRST_TIME + 5_000_000),
    ]
    assert tags["v2.0.0"].target != second


def test_a_tag_of_a_tag_is_peeled_and_a_tag_of_a_blob_is_none(maker, repository):
    commit = maker.commit({"a": "1"})
    maker.tag("inner", commit, annotated=True)
    maker.tag("outer", "refs/tags/inner", annotated=True)
    maker.tag("blob", maker.blob("text"))
    maker.tag("tree", git(maker.folder, "rev-parse", f"{commit}^{{tree}}"), annotated=True)
    assert {t.name: t.commit for t in repository.tags().values()} == {
        "inner": commit,
        "outer": commit,
    }


def test_a_tag_name_that_is_not_utf8_is_left_out(maker, repository):
    commit = maker.release("v1", {"a": "1"})
    (maker.folder / "packed-refs").write_bytes(commit.encode() + b" refs/tags/v\xff\n")
    assert list(repository.tags()) == ["v1"]


def test_links_and_submodules_are_listed_with_their_modes(maker, repository):
    commit = maker.commit({"docs/a.md": "x"}, links={"link": "/etc/passwd"}, submodules=["sub"])
    assert listing(repository, commit) == [
        ("100644", b"docs/a.md"),
        ("120000", b"link"),
        ("160000", b"sub"),
    ]


def test_odd_names_come_through_as_their_bytes(maker, repository):
    names = ["new\nline", "tab\there", 'quo"te', "back\\slash", "n\udcff", "ü", " blank "]
    commit = maker.commit(dict.fromkeys(names, "x"))
    expected = sorted(name.encode("utf-8", "surrogateescape") for name in names)
    assert [path for _, path in listing(repository, commit)] == expected


def test_a_listing_over_the_limit_is_refused(maker, repository):
    tree = repository.tree(maker.commit({str(n): "x" for n in range(11)}))
    assert len(list(repository.entries(tree, 11))) == 11
    with pytest.raises(RepositoryTooLargeError, match="11 files"):
        list(repository.entries(tree, 10))


def test_a_tree_that_unfolds_without_end_is_refused(maker, repository):
    """Ten names for the same tree, ten levels deep: 10^10 files out of eleven small objects."""
    tree = maker.raw_tree(*(("100644", b"%d" % n, maker.blob("x")) for n in range(10)))
    for _ in range(10):
        tree = maker.raw_tree(*(("40000", b"%d" % n, tree) for n in range(10)))
    with pytest.raises(RepositoryTooLargeError):
        list(repository.entries(tree, 5000))


def test_an_unknown_commit_has_no_tree(maker, repository):
    commit = maker.commit({"a": "1"})
    assert repository.tree(commit) is not None
    for name in ("0" * 40, maker.blob("a blob"), "HEAD^{/x}", "", "-h", "a b", "a\nb", "\0"):
        assert repository.tree(name) is None


def test_blobs_are_read_up_to_the_limit(maker, repository):
    for size in (0, 1, 100_000):
        data = os.urandom(size)
        blob = maker.blob(data)
        assert blob == blob_id(data)
        assert repository.read(blob, size) == data


@pytest.mark.parametrize("size", [101, 5_000_000, 20_000_000])
def test_larger_blobs_are_skipped_and_reading_goes_on(maker, repository, size):
    large, small = maker.blob(b"\n" * size), maker.blob("small")
    with pytest.raises(TooLarge) as refused:
        repository.read(large, 100)
    assert refused.value.size == size
    assert repository.read(small, 100) == b"small"


def test_only_blobs_are_read(maker, repository):
    commit = maker.commit({"a": "1"})
    for name in (commit, repository.tree(commit), "f" * 40, "nonsense", "HEAD\nHEAD", ""):
        with pytest.raises(ObjectMissingError):
            repository.read(name, 100)
    assert repository.read(maker.blob("1"), 100) == b"1"


def test_a_process_that_died_is_started_again(maker):
    reader = ObjectReader(maker.folder, LocalRepository(maker.folder)._git)
    blob = maker.blob("again")
    assert reader.read(blob, 10) == b"again"
    child = reader._child
    assert child is not None
    child.kill()
    child.wait()
    assert reader.read(blob, 10) == b"again"
    assert reader._child is not child
    reader.close()


def test_a_reader_that_nobody_closed_leaves_no_process(maker):
    repository = LocalRepository(maker.folder)
    repository.read(maker.blob("x"), 10)
    child = repository._objects._child
    assert child is not None
    del repository
    assert child.returncode is not None


def test_many_threads_read_each_their_own_bytes(maker, repository):
    texts = [os.urandom(3000 + n) for n in range(40)]
    blobs = [maker.blob(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda blob: repository.read(blob, 10_000), blobs * 5)) == texts * 5


def damage(maker, blob):
    file = maker.folder / "objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-8] + b"damaged!")


def test_a_damaged_blob_costs_only_itself(maker, repository):
    bad, good = maker.blob("x" * 5000), maker.blob("good")
    damage(maker, bad)
    with pytest.raises(ObjectMissingError):
        repository.read(bad, 10_000)
    assert repository.read(good, 100) == b"good"


def test_a_missing_tree_is_an_error_not_an_empty_listing(maker, repository):
    commit = maker.commit_tree(maker.raw_tree(("40000", b"docs", "2" * 40)))
    tree = repository.tree(commit)
    with pytest.raises(GitError):
        list(repository.entries(tree, 100))


def test_nothing_of_the_repository_is_executed(maker, tmp_path):
    """A hostile repository names programs wherever its own configuration can."""
    mark = tmp_path / "executed"
    commit = maker.release("v1", {"a.txt": "text", ".gitattributes": "* filter=x diff=x\n"})
    script = f"touch {mark}"
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "diff.x.textconv",
    ):
        git(maker.folder, "config", key, script)
    for key in (
        "filter.x.smudge",
        "filter.x.clean",
        "credential.helper",
        "core.alternateRefsCommand",
    ):
        git(maker.folder, "config", key, f"!{script}")
    missing = "3" * 40
    git(maker.folder, "config", "core.repositoryFormatVersion", "1")
    git(maker.folder, "config", "extensions.partialClone", "origin")
    git(maker.folder, "config", "remote.origin.url", f"ext::sh -c '{script}'")
    git(maker.folder, "config", "remote.origin.promisor", "true")
    git(maker.folder, "config", "remote.origin.uploadpack", script)
    hooks = maker.folder / "hooks"
    hooks.mkdir()
    for name in ("post-checkout", "reference-transaction", "pre-auto-gc"):
        (hooks / name).write_text(f"#!/bin/sh\n{script}\n")
        (hooks / name).chmod(0o755)
    repository = LocalRepository(maker.folder)
    assert listing(repository, repository.tags()["v1"].commit)
    assert repository.read(maker.blob("text"), 10) == b"text"
    with pytest.raises(ObjectMissingError):
        repository.read(missing, 10)
    assert repository.tree(commit) is not None
    repository.close()
    assert not mark.exists()


def test_bare_repositories_work_trees_and_linked_work_trees_are_found(maker, tmp_path):
    maker.release("v1", {"a": "1"})
    assert git_folder(maker.folder) == maker.folder
    tree = tmp_path / "tree"
    git(tmp_path, "clone", "--quiet", str(maker.folder), str(tree))
    assert git_folder(tree) == tree / ".git"
    linked = tmp_path / "linked"
    git(tree, "worktree", "add", "--quiet", "--detach", str(linked), "v1")
    folder = git_folder(linked)
    assert folder is not None
    assert folder == linked / ".git"
    repository = LocalRepository(folder)
    assert list(repository.tags()) == ["v1"]
    repository.close()
    assert git_folder(tmp_path) is None
    assert git_folder(tmp_path / "absent") is None


def test_a_tag_without_a_date_is_told_as_such(maker, repository):
    commit = maker.commit({"a": "1"})
    text = f"object {commit}\ntype commit\ntag old\n\nwithout a tagger\n".encode()
    made = subprocess.run(
        ["git", "hash-object", "-t", "tag", "--literally", "-w", "--stdin"],
        cwd=maker.folder,
        input=text,
        capture_output=True,
        check=True,
    )
    git(maker.folder, "update-ref", "refs/tags/old", made.stdout.decode().strip())
    assert repository.tags()["old"].created is None
    assert repository.tags()["old"].commit == commit
