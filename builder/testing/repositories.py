"""Makers of small repositories for tests: git repositories, folders of releases and archives, the same bytes each time."""

from __future__ import annotations

import io
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from builder.git.command import environment

Files = Mapping[str, str | bytes]
FIRST_TIME = 1_700_000_000  # Unix seconds of the first commit; each further one is a day later
_DAY = 86_400
_NAME, _EMAIL = "Tester", "tester@example.org"


def git(folder: Path, *args: str, given: bytes = b"", when: int = FIRST_TIME) -> str:
    """Run git in a folder as a fixed author at a fixed time, and give what it printed, stripped."""
    identity = {"NAME": _NAME, "EMAIL": _EMAIL, "DATE": f"{when} +0000"}
    who = {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in identity.items()}
    done = subprocess.run(  # noqa: S603 - a vector, no shell
        ["git", "-c", "init.defaultBranch=main", *args],  # noqa: S607
        cwd=folder,
        input=given,
        env={**environment(network=True), **who},
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise AssertionError(f"git {args}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode("utf-8", "replace").strip()


class RepositoryMaker:
    """A bare git repository that grows commit by commit, without a work tree: any path and any entry can be made."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._commits = 0
        git(folder, "init", "--quiet", "--bare", "--template=")

    def commit(
        self,
        files: Files,
        *,
        links: Mapping[str, str] | None = None,
        submodules: Sequence[str] = (),
        parent: str = "",
    ) -> str:
        """A commit with exactly these files, symbolic links (path -> target) and submodules; gives its id.

        Paths may be bytes that are no UTF-8, written with surrogateescape.
        """
        entries = [("100644", path, _bytes(data)) for path, data in files.items()]
        entries += [("120000", path, _bytes(target)) for path, target in (links or {}).items()]
        when = f"committer {_NAME} <{_EMAIL}> {self._next_time()} +0000"
        lines = [b"reset refs/heads/main\n", b"commit refs/heads/main", b"mark :1", when.encode()]
        lines += [_data(b"made"), *([f"from {parent}".encode()] if parent else []), b"deleteall"]
        for mode, path, content in entries:
            lines += [f"M {mode} inline ".encode() + _quoted(path), _data(content)]
        lines += [f"M 160000 {'1' * 40} ".encode() + _quoted(path) for path in submodules]
        stream = b"\n".join([*lines, b"get-mark :1", b""])
        return git(self.folder, "fast-import", "--quiet", "--force", given=stream)

    def _next_time(self) -> int:
        self._commits += 1
        return FIRST_TIME + _DAY * (self._commits - 1)

    def commit_tree(self, tree: str, *, parent: str = "") -> str:
        """A commit of a tree that is there."""
        parents = ("-p", parent) if parent else ()
        when = self._next_time()
        return git(self.folder, "commit-tree", tree, *parents, "-m", "made", when=when)

    def blob(self, data: str | bytes) -> str:
        """Store bytes and give their id."""
        return git(self.folder, "hash-object", "-w", "--stdin", given=_bytes(data))

    def raw_tree(self, *entries: tuple[str, bytes, str]) -> str:
        """A tree object from (mode, name, id) as they are, even such that git itself would refuse; gives its id."""
        data = b"".join(m.encode() + b" " + n + b"\0" + bytes.fromhex(i) for m, n, i in entries)
        return git(
            self.folder, "hash-object", "-t", "tree", "--literally", "-w", "--stdin", given=data
        )

    def tag(
        self, name: str, commit: str, *, annotated: bool = False, when: int | None = None
    ) -> None:
        """Set a tag, or move it. A light tag's date is its commit's; `when` is an annotated tag's, in Unix seconds."""
        options = ("-a", "-m", "tagged") if annotated else ()
        git(self.folder, "tag", "-f", *options, name, commit, when=when or FIRST_TIME)

    def delete_tag(self, name: str) -> None:
        """Remove a tag."""
        git(self.folder, "tag", "-d", name)

    def release(self, name: str, files: Files, *, links: Mapping[str, str] | None = None) -> str:
        """Commit and tag in one; gives the commit's id."""
        commit = self.commit(files, links=links)
        self.tag(name, commit)
        return commit


def make_repository(folder: Path, releases: Mapping[str, Files]) -> Path:
    """A bare git repository with a light tag for each release; gives its folder."""
    maker = RepositoryMaker(folder)
    for tag, files in releases.items():
        maker.release(tag, files)
    return folder


def make_directory(folder: Path, releases: Mapping[str, Files]) -> Path:
    """A folder of releases with one folder for each tag; gives the folder."""
    for tag, files in releases.items():
        for path, data in files.items():
            file = folder / tag / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_bytes(data))
    return folder


def make_zip(files: Files, *, top: str = "") -> bytes:
    """A zip archive, below the folder `top` when one is given."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            info = zipfile.ZipInfo(f"{top}{path}", (2026, 1, 1, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def make_tar(
    files: Files, *, top: str = "", links: Mapping[str, str] | None = None, gzip: bool = True
) -> bytes:
    """A tar archive, below the folder `top` when one is given."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz" if gzip else "w:") as archive:
        for path, data in files.items():
            content = _bytes(data)
            info = tarfile.TarInfo(f"{top}{path}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for path, link in (links or {}).items():
            info = tarfile.TarInfo(f"{top}{path}")
            info.type, info.linkname = tarfile.SYMTYPE, link
            archive.addfile(info)
    return target.getvalue()


def _bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def _data(content: bytes) -> bytes:
    return b"data %d\n%b" % (len(content), content)


def _quoted(path: str) -> bytes:
    """A path for git fast-import, quoted so that any byte may stand in it."""
    raw = path.encode("utf-8", "surrogateescape")
    return (
        b'"' + b"".join(b"\\%03o" % b if b < 33 or b in b'"\\' else bytes([b]) for b in raw) + b'"'
    )
