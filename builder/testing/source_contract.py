"""What every source must do. A plugin's tests inherit SourceContract and say how its repositories are made."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

import pytest

from builder.errors import ContentError
from builder.ingest.source import RepositoryView, snapshots
from builder.model.address import Address, Kind
from builder.model.entry import Entry, Release
from builder.model.limits import Limits
from builder.model.snapshot import Repository, Snapshot, TooLarge, TreeFile, blob_id
from builder.model.version import Version
from builder.testing.repositories import Files

RELEASES: Mapping[str, Files] = {
    "v1.0.0": {
        "LICENSE": "All rights given.\n",
        "docs/index.md": "# One\n",
        "docs/resources/thing.md": "---\npage_title: Thing\n---\n",
        "docs/resources/Ünïcode näme.md": "Grüße\n",
        "empty": "",
    },
    "v1.1.0": {
        "LICENSE": "All rights given.\n",
        "docs/index.md": "# Two\n",
        "docs-a": "sorts before docs/",
        "docs/binary.md": bytes(range(256)) * 8,
    },
    "2.0.0": {"LICENSE": "All rights given.\n", "big": b"x" * 5_000_000},
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_ENTRY = Entry(Address(Kind.PROVIDER, "example", "thing"))
_REPOSITORY = Repository("https://git.example/example/terraform-provider-thing")


class SourceContract(ABC):
    """Inherit, name the class Test…, and implement `open`."""

    @abstractmethod
    def open(self, releases: Mapping[str, Files], folder: Path) -> RepositoryView:
        """A view of a new repository with exactly these releases. `folder` is empty and belongs to the test."""

    @pytest.fixture
    def view(self, tmp_path: Path) -> RepositoryView:
        """The view under test, with RELEASES."""
        return self.open(RELEASES, tmp_path)

    def test_tags_are_listed_by_name_with_commit_and_time(self, view: RepositoryView) -> None:
        tags = view.tags()
        assert list(tags) == sorted(RELEASES)
        for name, tag in tags.items():
            assert tag.name == name
            assert re.fullmatch(r"[0-9a-f]{40}", tag.commit)
            assert _TIME.fullmatch(tag.created)
        assert len({tag.commit for tag in tags.values()}) == len(RELEASES)
        view.close()

    def test_files_have_the_paths_and_git_ids_of_their_bytes(self, view: RepositoryView) -> None:
        for name, files in RELEASES.items():
            tree = view.tree(view.tags()[name].commit)
            expected = {path: blob_id(_bytes(data)) for path, data in files.items()}
            assert {file.path: file.blob for file in tree.files()} == expected
        view.close()

    def test_reading_gives_the_bytes(self, view: RepositoryView) -> None:
        for name, files in RELEASES.items():
            tree = view.tree(view.tags()[name].commit)
            for file in tree.files():
                assert tree.read(file, 5_000_000) == _bytes(files[file.path])
        view.close()

    def test_a_file_over_the_limit_is_refused_and_the_next_is_read(
        self, view: RepositoryView
    ) -> None:
        tree = view.tree(view.tags()["2.0.0"].commit)
        files = {file.path: file for file in tree.files()}
        with pytest.raises(TooLarge) as refused:
            tree.read(files["big"], 4_999_999)
        assert refused.value.size == 5_000_000
        assert tree.read(files["LICENSE"], 18) == b"All rights given.\n"
        view.close()

    def test_an_unknown_commit_is_refused(self, view: RepositoryView) -> None:
        with pytest.raises(ContentError):
            view.tree("0123456789abcdef0123456789abcdef01234567")
        view.close()

    def test_a_snapshot_lists_its_files_in_byte_order(self, view: RepositoryView) -> None:
        snapshot = self.snapshot(view, "1.1.0")
        paths = [file.path for file in snapshot.tree.files()]
        assert paths == sorted(RELEASES["v1.1.0"], key=str.encode)
        assert snapshot.tag == "v1.1.0"
        view.close()

    def test_the_same_question_gets_the_same_answer(self, view: RepositoryView) -> None:
        assert dict(view.tags()) == dict(view.tags())
        first, second = (view.tree(view.tags()["v1.0.0"].commit) for _ in range(2))
        assert list[TreeFile](first.files()) == list[TreeFile](second.files())
        view.close()

    def test_closing_twice_is_harmless(self, view: RepositoryView) -> None:
        view.tags()
        view.close()
        view.close()

    def test_a_repository_without_releases_has_no_tags(self, tmp_path: Path) -> None:
        view = self.open({}, tmp_path)
        assert view.tags() == {}
        view.close()

    @staticmethod
    def snapshot(view: RepositoryView, written: str) -> Snapshot:
        """The snapshot of one release, which must be there."""
        version = Version.parse(written)
        assert version is not None
        release = Release(version, written)
        (_, checked), *_ = snapshots(_ENTRY, [release], view, _REPOSITORY, Limits())
        assert checked.issues == ()
        assert checked.value is not None
        return checked.value


def _bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data
