"""The one gate for listings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import RemoteError
from builder.ingest.vetting import SHOWN, TooManyFilesError, VettedTree, path_fault, printable, vet
from builder.model.issue import Location
from builder.model.snapshot import FileKind, MemoryTree, TreeFile

PATHS = st.one_of(
    st.text(max_size=20),
    st.lists(st.sampled_from(["", ".", "..", "a", "b.md", "\0", "ü", "\udcff"]), max_size=5).map(
        "/".join
    ),
)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/etc/passwd", "../x", "a/../b", "a/..", "..", ".", "./a", "a//b", "a/", "a\0b"],
)
def test_paths_that_leave_the_repository_are_faults(path):
    assert path_fault(path)


@pytest.mark.parametrize("path", ["a", "a/b.md", "..a", "a..b/...", ".github/x", "a b", "ü"])
def test_plain_paths_are_not(path):
    assert path_fault(path) == ""


@given(st.lists(PATHS, max_size=30))
def test_what_passes_is_safe_unique_and_sorted_by_bytes(paths):
    files, faults = vet([TreeFile(path, "0" * 40) for path in paths], 100)
    kept = [file.path for file in files]
    assert kept == sorted(set(kept), key=str.encode)
    assert all(path and not path.startswith("/") and "\0" not in path for path in kept)
    assert not any(segment in ("", ".", "..") for path in kept for segment in path.split("/"))
    assert bool(faults) == (len(kept) < len(paths))
    assert all(fault.path.isprintable() for fault in faults)


@given(PATHS)
def test_any_path_can_be_shown(path):
    assert printable(path).isprintable()


def test_faults_are_counted_when_they_are_many():
    _, faults = vet([TreeFile(f"../{n}", "") for n in range(1000)], 10_000)
    assert len(faults) == SHOWN + 1
    assert "980 more" in faults[-1].message


def test_too_many_entries_are_refused():
    entries = [TreeFile(str(n), "") for n in range(5)]
    assert len(vet(entries, 5)[0]) == 5
    with pytest.raises(TooManyFilesError, match="more than 4"):
        vet(entries, 4)


def test_a_submodule_is_never_read():
    tree = VettedTree(MemoryTree.of({"a": "1"}), Location(), 10)
    with pytest.raises(RemoteError, match="submodule"):
        tree.read(TreeFile("sub", "1" * 40, FileKind.SUBMODULE), 10)
    assert tree.read(next(iter(tree.files())), 10) == b"1"
