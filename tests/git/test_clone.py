"""The cache of bare clones against real servers: what is transferred, what survives, what fails how."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from builder.git.clone import BareClone, FetchPolicy, check_url
from builder.git.command import (
    GitError,
    RepositoryGoneError,
    RepositorySlowError,
    RepositoryTooLargeError,
)
from builder.testing.git_servers import GitOverHttp, git_daemon, silent_server
from builder.testing.repositories import RepositoryMaker, git

QUICK = FetchPolicy(seconds=60, retry_seconds=0.01)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A folder and the address that a git daemon serves it at."""
    base = tmp_path_factory.mktemp("served")
    with git_daemon(base) as url:
        yield base, url


@pytest.fixture
def origin(served, request):
    base, url = served
    name = f"{request.node.name}.git".replace("[", "-").replace("]", "")
    return RepositoryMaker(base / name), f"{url}{name}"


def tags(clone, wanted=None):
    with contextlib.closing(clone.update(wanted)) as repository:
        return {tag.name: tag.commit for tag in repository.tags().values()}


def kept(clone):
    repository = clone.cached()
    assert repository is not None
    return contextlib.closing(repository)


def uploads(base):
    """How many transfers the daemon has made so far (a listing of refs is no transfer of objects)."""
    return (base / "daemon.log").read_text().count("Request upload-pack")


def test_all_tags_are_cloned_without_history(origin, tmp_path):
    maker, url = origin
    old = maker.commit({"a": "old", "gone": "with history"})
    middle = maker.commit({"a": "middle"}, parent=old)
    new = maker.commit({"a": "new"}, parent=middle)
    maker.tag("v1", old)
    maker.tag("v2", new, annotated=True)
    clone = BareClone(url, tmp_path, policy=QUICK)
    assert tags(clone) == {"v1": old, "v2": new}
    with contextlib.closing(clone.update()) as repository:
        assert repository.tree(middle) is None
        assert repository.read(maker.blob("new"), 10) == b"new"


def test_only_wanted_tags_are_transferred(origin, tmp_path):
    maker, url = origin
    wanted = maker.release("v1", {"a": "wanted"})
    other = maker.release("v2", {"b": "other"})
    clone = BareClone(url, tmp_path, policy=QUICK)
    assert tags(clone, {"v1", "1", "absent"}) == {"v1": wanted}
    with kept(clone) as repository:
        assert repository.tree(other) is None
    assert tags(clone, {"v2"}) == {"v1": wanted, "v2": other}


def test_nothing_is_transferred_when_nothing_is_new(origin, served, tmp_path):
    maker, url = origin
    maker.release("v1", {"a": "1"})
    clone = BareClone(url, tmp_path, policy=QUICK)
    clone.update().close()
    before = {p: p.stat().st_mtime_ns for p in clone.folder.rglob("*") if p.is_file()}
    count = uploads(served[0])
    clone.update({"v1"}).close()
    assert uploads(served[0]) == count + 1  # ls-remote alone
    assert {p: p.stat().st_mtime_ns for p in clone.folder.rglob("*") if p.is_file()} == before


def test_new_moved_and_vanished_tags_are_followed(origin, tmp_path):
    maker, url = origin
    first = maker.release("v1", {"a": "1"})
    maker.release("v2", {"a": "2"})
    maker.tag("dir", first)
    clone = BareClone(url, tmp_path, policy=QUICK)
    clone.update().close()
    moved = maker.release("v1", {"a": "moved"})
    maker.delete_tag("v2")
    maker.delete_tag("dir")
    below = maker.release("dir/file", {"a": "a name below a former name"})
    third = maker.release("v3", {"a": "3"})
    assert tags(clone) == {"dir/file": below, "v1": moved, "v3": third}
    with kept(clone) as repository:
        assert repository.read(maker.blob("moved"), 10) == b"moved"


def test_a_repository_without_tags_is_an_empty_clone(origin, tmp_path):
    maker, url = origin
    maker.commit({"a": "untagged"})
    clone = BareClone(url, tmp_path, policy=QUICK)
    assert tags(clone) == {}
    assert tags(clone) == {}


def test_a_commit_that_no_tag_leads_to_is_fetched_by_its_id(origin, tmp_path):
    maker, url = origin
    pinned = maker.release("v1", {"a": "first seen"})
    maker.release("v1", {"a": "moved"})
    clone = BareClone(url, tmp_path, policy=QUICK)
    with contextlib.closing(clone.update()) as repository:
        assert repository.tree(pinned) is None
        assert clone.fetch_commit(pinned)
        assert repository.tree(pinned) is not None
        assert not clone.fetch_commit("1" * 40)
        assert not clone.fetch_commit("--upload-pack=touch")


def test_a_vanished_repository_is_gone_at_once(served, tmp_path):
    clone = BareClone(f"{served[1]}never.git", tmp_path, policy=FetchPolicy(retry_seconds=100))
    with pytest.raises(RepositoryGoneError, match=r"never\.git"):
        clone.update()
    assert clone.cached() is None


def test_a_cache_outlives_its_repository(origin, tmp_path):
    maker, url = origin
    commit = maker.release("v1", {"a": "1"})
    clone = BareClone(url, tmp_path, policy=QUICK)
    clone.update().close()
    maker.folder.rename(maker.folder.with_name("elsewhere"))
    with pytest.raises(RepositoryGoneError):
        clone.update()
    with kept(clone) as repository:
        assert repository.tags()["v1"].commit == commit


def test_a_server_that_never_answers_costs_the_time_limit_only(tmp_path):
    with silent_server() as url:
        clone = BareClone(f"{url}a.git", tmp_path, policy=FetchPolicy(seconds=1))
        with pytest.raises(RepositorySlowError):
            clone.update()
    assert not clone.folder.exists()


def test_a_repository_over_the_size_limit_is_refused_and_leaves_nothing(origin, tmp_path):
    maker, url = origin
    maker.release("v1", {str(n): os.urandom(400_000) for n in range(10)})
    clone = BareClone(url, tmp_path, policy=FetchPolicy(seconds=60, max_bytes=1_000_000))
    with pytest.raises(RepositoryTooLargeError, match="1000000 bytes"):
        clone.update()
    assert [p for p in tmp_path.iterdir() if p.suffix != ".lock"] == []


def test_passing_faults_are_tried_again(tmp_path):
    site = GitOverHttp(tmp_path / "served")
    commit = RepositoryMaker(site.base / "a.git").release("v1", {"a": "1"})
    with site.serve() as url:
        site.answers = [503, 500]
        clone = BareClone(f"{url}a.git", tmp_path / "cache", policy=QUICK)
        assert tags(clone) == {"v1": commit}
        assert [status for _, status in site.requests[:3]] == [503, 500, 200]
        site.answers = [503, 503, 503]
        with pytest.raises(GitError, match="503"):
            clone.update()
        assert site.answers == []


def test_final_answers_are_not_tried_again(tmp_path):
    site = GitOverHttp(tmp_path / "served")
    with site.serve() as url:
        for status in (404, 403):
            site.answers, site.requests = [status], []
            with pytest.raises(RepositoryGoneError):
                BareClone(f"{url}a.git", tmp_path / "cache", policy=QUICK).update()
            assert len(site.requests) == 1


def test_a_repository_that_wants_a_password_is_refused_without_asking(tmp_path):
    site = GitOverHttp(tmp_path / "served")
    commit = RepositoryMaker(site.base / "a.git").release("v1", {"a": "1"})
    site.password = "secret"
    with site.serve() as url:
        with pytest.raises(RepositoryGoneError, match="Username"):
            BareClone(f"{url}a.git", tmp_path / "cache", policy=QUICK).update()
        inside = url.replace("://", "://me:s3cret@")
        clone = BareClone(f"{inside}a.git", tmp_path / "cache", policy=QUICK)
        assert tags(clone) == {"v1": commit}
    for file in (tmp_path / "cache").rglob("*"):
        assert "s3cret" not in file.name
        assert not file.is_file() or b"s3cret" not in file.read_bytes()


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: (folder / "HEAD").unlink(),
        lambda folder: (folder / "HEAD").write_bytes(b"\0\0"),
        lambda folder: [p.unlink() for p in (folder / "objects").rglob("*") if p.is_file()],
        lambda folder: (folder / "packed-refs").write_text("nonsense"),
        lambda folder: (folder / "config").write_text("[core\n"),
    ],
    ids=["no-head", "bad-head", "no-objects", "bad-refs", "bad-config"],
)
def test_a_damaged_cache_is_made_anew(origin, tmp_path, harm):
    maker, url = origin
    commit = maker.release("v1", {"a": "1"})
    clone = BareClone(url, tmp_path, policy=QUICK)
    clone.update().close()
    harm(clone.folder)
    assert tags(clone) == {"v1": commit}
    with kept(clone) as repository:
        assert repository.read(maker.blob("1"), 10) == b"1"


def test_a_cache_marked_as_damaged_is_made_anew(origin, tmp_path):
    maker, url = origin
    maker.release("v1", {"a": "1"})
    clone = BareClone(url, tmp_path, policy=QUICK)
    clone.update().close()
    clone.mark_damaged()
    assert clone.cached() is None
    clone.update().close()
    assert clone.cached() is not None


def test_a_lock_left_by_a_killed_fetch_does_not_stop_the_next(origin, tmp_path):
    maker, url = origin
    maker.release("v1", {"a": "1"})
    clone = BareClone(url, tmp_path, policy=QUICK)
    clone.update().close()
    (clone.folder / "shallow.lock").touch()
    commit = maker.release("v2", {"a": "2"})
    assert tags(clone)["v2"] == commit
    assert not (clone.folder / "shallow.lock").exists()


CHILD = """
import sys
from pathlib import Path
from builder.git.clone import BareClone
print("started", flush=True)
BareClone(sys.argv[1], Path(sys.argv[2])).update()
"""


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.15])
def test_a_clone_killed_at_any_moment_never_leaves_a_broken_cache(origin, tmp_path, delay):
    maker, url = origin
    files = {f"docs/{n}.md": os.urandom(2000) for n in range(3000)}
    commit = maker.release("v1", files)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    clone = BareClone(url, tmp_path, policy=QUICK)
    assert tags(clone) == {"v1": commit}
    with kept(clone) as repository:
        entries = list(repository.entries(repository.tree(commit), 5000))
        assert len(entries) == 3000
        assert all(repository.read(entry.id, 3000) for entry in entries[::100])
    git(clone.folder, "fsck", "--connectivity-only")


def test_two_runs_at_once_share_one_clone(origin, tmp_path):
    maker, url = origin
    commit = maker.release("v1", {str(n): str(n) for n in range(500)})
    command = [sys.executable, "-c", CHILD, url, str(tmp_path)]
    children = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    assert tags(BareClone(url, tmp_path, policy=QUICK)) == {"v1": commit}


def test_a_bundle_file_is_cloned_like_a_server(tmp_path):
    maker = RepositoryMaker(tmp_path / "repository")
    commit = maker.release("v1", {"a": "1"})
    bundle = tmp_path / "a.bundle"
    git(maker.folder, "bundle", "create", str(bundle), "--all")
    clone = BareClone(str(bundle), tmp_path / "cache", policy=QUICK)
    assert tags(clone) == {"v1": commit}
    newer = maker.release("v2", {"a": "2"})
    git(maker.folder, "bundle", "create", str(bundle), "--all")
    assert tags(clone) == {"v1": commit, "v2": newer}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "-oProxyCommand=touch x",
        "--upload-pack=touch x",
        "ext::sh -c 'touch x'",
        "fd::3",
        "https://host/a b",
        "https://host/a\nb",
        "relative/path",
        "transport::https://host/a",
        "javascript://x/%0a",
    ],
)
def test_addresses_that_are_none_are_refused(url, tmp_path):
    with pytest.raises(RepositoryGoneError):
        BareClone(url, tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "https://host/a.git",
        "HTTPS://host/a",
        "ssh://git@host:22/a",
        "git://host/a",
        "git@host.example:owner/a.git",
        "host:owner/a",
        "/srv/a.bundle",
    ],
)
def test_usual_addresses_are_accepted(url):
    assert check_url(url) == url
