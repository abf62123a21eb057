"""The site is replaced in one step, keeps unchanged units by linking, and refuses bad paths and foreign folders."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from builder.emit import swap
from builder.emit.manifest import read_manifest, shard_of
from builder.emit.tree import SiteWriter
from builder.errors import RegistryError, RemoteError, UsageError
from builder.model.artifact import Artifact, CachePolicy, Redirect

PAGE = Artifact("providers/acme/garden/index.html", b"<p>one</p>")


def build(folder: Path, *outputs: Artifact | Redirect, name: str = "providers/acme/garden/1.0.0"):
    with SiteWriter(folder) as site:
        site.write(name, "key", outputs)
        return site.commit()


def test_a_site_and_its_manifest_agree(tmp_path):
    made = build(
        tmp_path / "site", PAGE, Artifact("a/b", b"x", "application/json", CachePolicy.API)
    )
    assert (tmp_path / "site/a/b").read_bytes() == b"x"
    read = read_manifest(tmp_path / "site")
    assert read == made
    assert [item.path for item in read.items()] == ["a/b", "providers/acme/garden/index.html"]
    assert read.digest == made.digest
    assert sorted(p.name for p in tmp_path.iterdir()) == [".site.lock", "site"]


def test_an_unchanged_unit_is_the_same_file(tmp_path):
    site_dir = tmp_path / "site"
    build(site_dir, PAGE)
    inode = (site_dir / PAGE.path).stat().st_ino
    with SiteWriter(site_dir) as site:
        assert site.keep("providers/acme/garden/1.0.0") is not None
        site.write("site/pages", "k", [Artifact("index.html", b"")])
        site.commit()
    assert (site_dir / PAGE.path).stat().st_ino == inode


def test_a_unit_that_is_made_or_kept_twice_counts_once(tmp_path):
    """A package whose texts are missing in the store is rendered once more in the same build."""
    site_dir = tmp_path / "site"
    build(site_dir, PAGE)
    new = Artifact("new.html", b"1")
    with SiteWriter(site_dir) as site:
        for body in (b"1", b"2"):
            site.keep("providers/acme/garden/1.0.0")
            site.write("providers/a/b", "k", [Artifact(new.path, body)])
        site.commit()
    assert (site_dir / new.path).read_bytes() == b"2"
    with SiteWriter(site_dir) as site:
        site.keep("providers/a/b")
        site.write("providers/a/b", "k2", [Artifact("other.html", b"3")])
        site.commit()
    assert [item.path for item in read_manifest(site_dir).items()] == ["other.html"]
    assert not (site_dir / new.path).exists()


def test_a_site_in_which_nothing_changed_is_left_alone(tmp_path):
    site_dir = tmp_path / "site"
    made = build(site_dir, PAGE)
    inode = site_dir.stat().st_ino
    with SiteWriter(site_dir) as site:
        site.keep("providers/acme/garden/1.0.0")
        assert site.commit() == made
    assert site_dir.stat().st_ino == inode


def test_a_unit_that_is_not_made_again_goes(tmp_path):
    site_dir = tmp_path / "site"
    with SiteWriter(site_dir) as site:
        site.write("one", "k", [Artifact("one", b"1")])
        site.write("providers/a/b/1.0.0", "k", [Artifact("two", b"2")])
        site.commit()
    with SiteWriter(site_dir) as site:
        site.keep("one")
        site.commit()
    assert [item.path for item in read_manifest(site_dir).items()] == ["one"]
    assert not (site_dir / "two").exists()


def test_a_new_output_at_the_path_of_a_kept_one_is_refused(tmp_path):
    site_dir = tmp_path / "site"
    build(site_dir, PAGE)
    with SiteWriter(site_dir) as site:
        site.keep("providers/acme/garden/1.0.0")
        site.write("other", "k", [PAGE])
        with pytest.raises(RegistryError, match="two outputs have the path"):
            site.commit()
    assert (site_dir / PAGE.path).read_bytes() == PAGE.body


@pytest.mark.parametrize("damage", ["missing", "changed", "no manifest"])
def test_a_damaged_unit_is_not_kept(tmp_path, damage):
    site_dir = tmp_path / "site"
    build(site_dir, PAGE)
    if damage == "missing":
        (site_dir / PAGE.path).unlink()
    elif damage == "changed":
        (site_dir / PAGE.path).write_bytes(b"longer than before")
    else:
        (site_dir / ".manifest/providers/acme/garden.json").write_bytes(b"{")
    with SiteWriter(site_dir) as site:
        assert site.keep("providers/acme/garden/1.0.0") is None
        site.write("providers/acme/garden/1.0.0", "key", [PAGE])
        site.commit()
    assert (site_dir / PAGE.path).read_bytes() == PAGE.body


def test_writing_over_a_kept_file_never_touches_the_previous_site(tmp_path):
    site_dir = tmp_path / "site"
    build(site_dir, PAGE, Artifact("z", b"z"))
    (site_dir / "z").unlink()
    with SiteWriter(site_dir) as site:
        assert site.keep("providers/acme/garden/1.0.0") is None
        site.write("u", "k", [Artifact(PAGE.path, b"<p>two</p>")])
        assert (site_dir / PAGE.path).read_bytes() == PAGE.body


def test_a_failing_unit_leaves_nothing_and_the_previous_site_stays(tmp_path):
    site_dir = tmp_path / "site"
    build(site_dir, PAGE)

    def failing():
        yield Artifact("new.html", b"new")
        raise ValueError("odd")

    with SiteWriter(site_dir) as site:
        with pytest.raises(ValueError, match="odd"):
            site.write("providers/x/y/1.0.0", "key", failing())
        site.write("providers/x/y/1.0.0", "key", [Artifact("new.html", b"again")])
    assert not (site_dir / "new.html").exists()
    assert (site_dir / PAGE.path).read_bytes() == PAGE.body


@pytest.mark.parametrize("path", ["../x", "/x", "a//b", "a/./b", "", "a/\0", ".manifest/x"])
def test_paths_out_of_the_site_are_refused(tmp_path, path):
    with SiteWriter(tmp_path / "site") as site, pytest.raises(RegistryError, match="not a path"):
        site.write("u", "k", [Artifact(path, b"")])


@pytest.mark.parametrize("second", ["a/b", "a/b/c", "a"])
def test_two_outputs_at_one_path_are_refused(tmp_path, second):
    with SiteWriter(tmp_path / "site") as site, pytest.raises(RegistryError, match=r"path|below"):
        site.write("u", "k", [Artifact("a/b", b"1"), Artifact(second, b"2")])


def test_a_foreign_folder_is_refused(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/precious.txt").write_text("mine")
    with pytest.raises(UsageError, match="not written by regdocs"):
        build(tmp_path / "site", PAGE)
    assert (tmp_path / "site/precious.txt").read_text() == "mine"


def test_a_second_writer_is_refused(tmp_path):
    with SiteWriter(tmp_path / "site"), pytest.raises(RemoteError, match="another build"):
        build(tmp_path / "site", PAGE)


def test_a_redirect_page_is_relative(tmp_path):
    build(
        tmp_path / "site",
        Redirect("a/b/index.html", "a/c/"),
        Redirect("x/index.html", "https://o.example/?a&b"),
    )
    assert 'href="../c/"' in (tmp_path / "site/a/b/index.html").read_text()
    assert "https://o.example/?a&amp;b" in (tmp_path / "site/x/index.html").read_text()
    items = {i.path: i.redirect for i in read_manifest(tmp_path / "site").items()}
    assert items == {"a/b/index.html": "a/c/", "x/index.html": "https://o.example/?a&b"}


def test_without_the_kernel_call_a_cut_swap_is_recovered(tmp_path, monkeypatch):
    site_dir = tmp_path / "site"
    build(site_dir, PAGE)
    monkeypatch.setattr(swap, "_exchange_in_kernel", lambda *_: False)
    build(site_dir, Artifact("two.html", b"2"))
    assert (site_dir / "two.html").exists()
    site_dir.rename(tmp_path / ".site.next.old")  # cut between the two renames
    with SiteWriter(site_dir):
        assert (site_dir / "two.html").exists()


def test_killed_at_any_moment_the_previous_site_stands(tmp_path):
    """A child builds a larger site again and again; it is killed at random moments; the site is whole every time."""
    site_dir = tmp_path / "site"
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from builder.emit.tree import SiteWriter
        from builder.model.artifact import Artifact
        for turn in range(10_000):
            with SiteWriter(Path(sys.argv[1])) as site:
                site.write("u", str(turn), (Artifact(f"p/{n}", str(turn).encode()) for n in range(200)))
                site.commit()
            print(turn, flush=True)
        """
    )
    for pause in (0.0, 0.013, 0.029, 0.041, 0.007):
        child = subprocess.Popen(
            [sys.executable, "-c", program, str(site_dir)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(pause)
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        contents = {(site_dir / f"p/{n}").read_bytes() for n in range(200)}
        assert len(contents) == 1
        assert read_manifest(site_dir).units["u"].key.encode() in contents
    build(site_dir, PAGE)
    assert not list(tmp_path.glob(".site.next*"))


@pytest.mark.parametrize(
    ("unit", "shard"),
    [
        ("providers/acme/garden/1.0.0", "providers/acme/garden"),
        ("providers/acme/garden", "providers/acme/garden"),
        ("modules/acme/net/aws/latest", "modules/acme/net/aws"),
        ("site/catalog", "site"),
        ("site/handbook", "site"),
    ],
)
def test_units_lie_in_their_packages_shard(unit, shard):
    assert shard_of(unit) == shard
