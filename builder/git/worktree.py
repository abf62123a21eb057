"""A work tree of a repository that the operator owns (the metadata): one revision, no history.

Packages' repositories never get one; they are read object by object.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from builder.git.clone import check_url
from builder.git.command import Git, GitError, RepositorySlowError, redact


def refresh_worktree(url: str, ref: str, folder: Path, git: Git, *, seconds: float = 900) -> str:
    """Bring `folder` to the newest commit of `ref` (empty: the default branch) and give the commit's id.

    Symbolic links are written as plain files, so nothing outside is reachable through them. Raises RemoteError.
    """
    check_url(url)
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(f"{folder}.lock", timeout=seconds):
            return _refresh(url, ref, folder, git, seconds)
    except Timeout as error:
        raise RepositorySlowError(f"{redact(url)}: another run is fetching it") from error
    except GitError as error:
        raise type(error)(f"{redact(url)}: {error}") from error


def _refresh(url: str, ref: str, folder: Path, git: Git, seconds: float) -> str:
    if not (folder / ".git" / "HEAD").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        git.run("init", "--quiet", "--template=", "--", str(folder), seconds=60)
    inside = (f"--git-dir={folder / '.git'}", f"--work-tree={folder}", "-c", "core.symlinks=false")
    git.run(
        *(
            *inside,
            "fetch",
            "--quiet",
            "--force",
            "--depth=1",
            "--no-tags",
            "--",
            url,
            ref or "HEAD",
        ),
        seconds=seconds,
        network=True,
    )
    git.run(*inside, "reset", "--quiet", "--hard", "FETCH_HEAD", seconds=seconds)
    git.run(*inside, "clean", "--quiet", "-ffdx", seconds=seconds)
    return git.run(*inside, "rev-parse", "HEAD", seconds=60).decode().strip()
