"""Folders of releases: folders and archives side by side, dates, and everything a file system may hold."""

import json
import os

import pytest

from builder.errors import ContentError, RemoteError
from builder.ingest.directory import DirectoryTree, ReleaseDirectory
from builder.model.limits import Limits
from builder.model.snapshot import UNKNOWN_TIME, FileKind, TooLarge, blob_id
from builder.testing.repositories import make_directory, make_tar, make_zip


def view(folder, **limits):
    return ReleaseDirectory(folder, folder.parent / "unpacked", Limits(**limits))


def test_folders_and_archives_are_tags(tmp_path):
    folder = make_directory(tmp_path / "r", {"v1": {"a": "1"}, "v2": {"a": "folder"}})
    (folder / "v2.zip").write_bytes(make_zip({"a": "zip"}))
    (folder / "v3.tar.gz").write_bytes(make_tar({"a": "3"}))
    (folder / "v4.tgz").write_bytes(make_tar({"a": "4"}))
    (folder / ".hidden").mkdir()
    (folder / "notes.txt").write_text("no release")
    (folder / ".zip").write_text("no name")
    opened = view(folder)
    assert list(opened.tags()) == ["v1", "v2", "v3", "v4"]
    (file,) = opened.tree(opened.tags()["v2"].commit).files()
    assert file.blob == blob_id(b"folder")


def test_dates_come_from_releases_json(tmp_path):
    folder = make_directory(tmp_path / "r", {"v1": {"a": "1"}, "v2": {"a": "2"}})
    dates = {"v1": {"created": "2026-01-31T00:00:00Z", "note": 1}, "v2": {"note": 2}}
    (folder / "releases.json").write_text(json.dumps(dates))
    created = {name: tag.created for name, tag in view(folder).tags().items()}
    assert created == {"v1": "2026-01-31T00:00:00Z", "v2": UNKNOWN_TIME}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "3",
        '{"v1": 3}',
        '{"v1": {"created": 3}}',
        '{"v1": {"created": "yesterday"}}',
        '{"v1": {"created": "2026-01-31T00:00:00+01:00"}}',
        '{"v1": "created"}',
        "[" * 100_000,
        "\udcff",
    ],
)
def test_malformed_dates_are_told_with_the_file(tmp_path, text):
    folder = make_directory(tmp_path / "r", {"v1": {"a": "1"}})
    (folder / "releases.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ContentError, match=r"releases\.json"):
        view(folder).tags()


def test_the_commit_is_the_content_and_nothing_else(tmp_path):
    first = make_directory(tmp_path / "x", {"v1": {"a": "1", "b/c": "2"}})
    second = make_directory(tmp_path / "y", {"other": {"b/c": "2", "a": "1"}})
    os.utime(second / "other" / "a", (0, 0))
    assert view(first).tags()["v1"].commit == view(second).tags()["other"].commit
    (second / "other" / "a").write_text("changed")
    assert view(first).tags()["v1"].commit != view(second).tags()["other"].commit


def test_links_are_listed_and_not_followed(tmp_path):
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner").write_text("secret")
    folder = make_directory(tmp_path / "r", {"v1": {"a": "1"}})
    (folder / "v1" / "file").symlink_to(tmp_path / "secret")
    (folder / "v1" / "docs").symlink_to(tmp_path / "folder")
    (folder / "v2").symlink_to(tmp_path / "folder")
    (folder / "v3.zip").symlink_to(tmp_path / "secret")
    opened = view(folder)
    assert list(opened.tags()) == ["v1"]
    tree = opened.tree(opened.tags()["v1"].commit)
    kinds = {file.path: file for file in tree.files()}
    assert {p: f.kind for p, f in kinds.items()} == {
        "a": FileKind.FILE,
        "docs": FileKind.SYMLINK,
        "file": FileKind.SYMLINK,
    }
    assert tree.read(kinds["file"], 1000) == os.fsencode(tmp_path / "secret")


def test_a_link_that_takes_a_file_s_place_later_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text("secret")
    folder = make_directory(tmp_path / "r", {"v1": {"a": "1"}})
    tree = DirectoryTree(folder / "v1", Limits())
    (file,) = tree.files()
    (folder / "v1" / "a").unlink()
    (folder / "v1" / "a").symlink_to(tmp_path / "secret")
    with pytest.raises(RemoteError):
        tree.read(file, 100)


def test_special_files_are_left_out_with_a_reason(tmp_path):
    folder = make_directory(tmp_path / "r", {"v1": {"a": "1", ".git/config": "x", "d/.git": "x"}})
    os.mkfifo(folder / "v1" / "pipe")
    tree = DirectoryTree(folder / "v1", Limits())
    assert [file.path for file in tree.files()] == ["a"]
    assert [(fault.code, fault.path) for fault in tree.faults] == [("ARC001", "pipe")]


def test_limits_hold_for_number_size_and_depth(tmp_path):
    folder = make_directory(tmp_path / "r", {"v1": {"a": "123", "b": "456"}})
    assert len(view(folder, files=2, archive_bytes=6).tags()) == 1
    for limits in ({"files": 1}, {"archive_bytes": 5}, {"archive_bytes": 2}):
        with pytest.raises(ContentError, match="limit"):
            view(folder, **limits).tags()
    deep = folder / "v1" / "/".join("d" * 120)
    deep.mkdir(parents=True)
    (deep / "x").write_text("x")
    tree = DirectoryTree(folder / "v1", Limits())
    assert [file.path for file in tree.files()] == ["a", "b"]
    assert [fault.code for fault in tree.faults] == ["DOC015"]


def test_reading_respects_the_limit_and_a_vanished_file(tmp_path):
    folder = make_directory(tmp_path / "r", {"v1": {"a": "123"}})
    tree = DirectoryTree(folder / "v1", Limits())
    (file,) = tree.files()
    assert tree.read(file, 3) == b"123"
    with pytest.raises(TooLarge):
        tree.read(file, 2)
    (folder / "v1" / "a").unlink()
    with pytest.raises(RemoteError):
        tree.read(file, 3)


def test_a_folder_that_is_not_there_is_a_remote_error(tmp_path):
    with pytest.raises(RemoteError):
        view(tmp_path / "absent").tags()
