"""All our sources pass the contract that plugins are measured by."""

import pytest

from builder.ingest.source import IngestSettings, open_repository
from builder.testing.git_servers import git_daemon
from builder.testing.repositories import git, make_directory, make_repository, make_tar, make_zip
from builder.testing.source_contract import SourceContract


def opened(folder, url):
    return open_repository(url, IngestSettings(folder / "cache", local_addresses=True))


class TestLocalRepository(SourceContract):
    def open(self, releases, folder):
        return opened(folder, str(make_repository(folder / "repository", releases)))


class TestWorkTree(SourceContract):
    def open(self, releases, folder):
        make_repository(folder / "repository", releases)
        git(folder, "clone", "--quiet", "--no-checkout", "repository", "tree")
        return opened(folder, f"file://{folder}/tree")


class TestRemoteRepository(SourceContract):
    @pytest.fixture(autouse=True)
    def _daemon(self, tmp_path):
        (tmp_path / "served").mkdir()
        with git_daemon(tmp_path / "served") as url:
            self.url = url
            yield

    def open(self, releases, folder):
        make_repository(folder / "served" / "repository.git", releases)
        return opened(folder, f"{self.url}repository.git")


class TestDirectory(SourceContract):
    def open(self, releases, folder):
        (folder / "releases").mkdir()
        make_directory(folder / "releases", releases)
        return opened(folder, f"directory:{folder}/releases")


class TestZip(SourceContract):
    def open(self, releases, folder):
        (folder / "releases").mkdir()
        for tag, files in releases.items():
            (folder / "releases" / f"{tag}.zip").write_bytes(make_zip(files, top=f"thing-{tag}/"))
        return opened(folder, str(folder / "releases"))


class TestTar(SourceContract):
    def open(self, releases, folder):
        (folder / "releases").mkdir()
        for number, (tag, files) in enumerate(releases.items()):
            suffix, gzip = [("tar.gz", True), ("tgz", True), ("tar", False)][number]
            archive = make_tar(files, top=f"thing-{tag}/", gzip=gzip)
            (folder / "releases" / f"{tag}.{suffix}").write_bytes(archive)
        return opened(folder, str(folder / "releases"))
