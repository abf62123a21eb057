"""Calls of the git program: a clean environment, a time limit that ends the whole process group, bounded answers."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import IO

from builder.errors import ContentError, RemoteError

MAX_OUTPUT = 64 * 1024 * 1024  # bytes of one answer
_MAX_STDERR = 1024 * 1024  # bytes; a server may talk without end
_SHOWN = 300  # characters of git's own words in a message
_POLL = 0.2  # seconds between two looks at the limits
_CHUNK = 1024 * 1024

_KEPT = (  # of git's own variables only those that say how to reach a server
    *("GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH"),
    *("GIT_SSL_CERT", "GIT_SSL_KEY", "GIT_SSL_NO_VERIFY", "GIT_PROXY_COMMAND", "GIT_EXEC_PATH"),
)
_SET = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}
_CONFIG = (
    "protocol.ext.allow=never",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.bigFileThreshold=8m",  # larger blobs are streamed, not held in memory
    "gc.autoDetach=false",
    "fetch.recurseSubmodules=false",
    "fetch.unpackLimit=1",  # always a pack: faster to read, and one place to measure
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
    "http.followRedirects=initial",
    "advice.graftFileDeprecated=false",
    "credential.helper=",
)
_GONE = re.compile(
    r"not found|does not exist|does not appear to be a git repository|no such file|not exported"
    r"|authentication failed|could not read (?:username|password)|permission denied|access denied"
    r"|terminal prompts disabled|host key verification failed|returned error: 4(?:0[0134]|10)"
    r"|not a git repository|transport '[^']*' not allowed|protocol '[^']*' is not supported"
    r"|unable to find remote helper|is not a valid bundle|not look like a v\d",
    re.IGNORECASE,
)
_PASSING_NOT_FOUND = re.compile(r"couldn't find remote ref|could not resolve", re.IGNORECASE)
_SLOW = re.compile(r"timed out|too slow|less than \d+ bytes/sec", re.IGNORECASE)
_USER_INFO = re.compile(r"(?<=://)[^/@\s'\"]+@")
_QUERY = re.compile(r"(://[^\s'\"?]+)\?[^\s'\"]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class GitError(RemoteError):
    """A repository could not be reached or read. `code` is the issue code; `passing` says a further try may help."""

    code = "GIT001"
    passing = True


class RepositoryGoneError(GitError):
    """There is no repository at this address, or this program may not read it. A further try does not help."""

    passing = False


class RepositorySlowError(GitError):
    """The time limit was used up, or the server stopped answering."""

    code = "GIT003"


class RepositoryTooLargeError(ContentError):
    """The repository exceeds a limit."""

    code = "GIT005"


def redact(text: str) -> str:
    """The text without user names, passwords and queries in URLs."""
    return _QUERY.sub(r"\1", _USER_INFO.sub("", text))


@dataclass(frozen=True)
class Git:
    """How the git program is called. `credential_helper` is git's `credential.helper` value, empty for none;
    setting `cancelled` ends every running call."""

    credential_helper: str = ""
    cancelled: Event = field(default_factory=Event, compare=False)

    def vector(self, *args: str) -> list[str]:
        """The whole argument vector."""
        configured = (
            [f"credential.helper={self.credential_helper}"] if self.credential_helper else []
        )
        settings = [part for value in (*_CONFIG, *configured) for part in ("-c", value)]
        return ["git", "--no-pager", *settings, *args]

    def run(
        self,
        *args: str,
        given: bytes = b"",
        seconds: float = 600,
        network: bool = False,
        max_output: int = MAX_OUTPUT,
        watch: Callable[[], str] | None = None,
    ) -> bytes:
        """What the call wrote to its standard output.

        `given` goes to its standard input; `watch` is asked all the time and ends the call by naming the limit that
        is exceeded. Raises RepositorySlowError after `seconds`, RepositoryTooLargeError above `max_output` bytes or when `watch`
        says so, RepositoryGoneError or GitError when git fails.
        """
        with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as stdin:
            stdin.write(given)
            stdin.seek(0)
            child = self._start(args, stdin, told, network=network)
            try:
                deadline = _Deadline(self, time.monotonic() + seconds, seconds, told, watch)
                output = _drain(child, max_output, deadline)
            finally:
                kill_group(child)
            if child.returncode != 0:
                raise failure(_words(told))
            return output

    def _start(
        self, args: tuple[str, ...], stdin: IO[bytes], told: IO[bytes], *, network: bool
    ) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 - a vector, never a shell; addresses follow --
                self.vector(*args),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=told,
                env=environment(network=network),
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise RemoteError(f"the git program cannot be started: {error.strerror}") from error


@dataclass(frozen=True)
class _Deadline:
    """Everything that ends a call early."""

    git: Git
    at: float
    seconds: float
    told: IO[bytes]
    watch: Callable[[], str] | None

    def check(self) -> None:
        if self.git.cancelled.is_set():
            raise GitError("cancelled")
        if time.monotonic() > self.at:
            raise RepositorySlowError(f"no result within {self.seconds:.0f} seconds")
        if os.fstat(self.told.fileno()).st_size > _MAX_STDERR:
            raise RepositoryTooLargeError("the server sends messages without end")
        excess = self.watch() if self.watch else ""
        if excess:
            raise RepositoryTooLargeError(excess)


def _drain(child: subprocess.Popen[bytes], max_output: int, deadline: _Deadline) -> bytes:
    """The child's whole output, after it has ended."""
    assert child.stdout is not None
    chunks: list[bytes] = []
    size = 0
    with selectors.DefaultSelector() as selector, child.stdout as stdout:
        selector.register(stdout, selectors.EVENT_READ)
        while True:
            ready = selector.select(_POLL)
            deadline.check()
            if not ready:
                continue
            chunk = os.read(stdout.fileno(), _CHUNK)
            if not chunk:
                break
            size += len(chunk)
            if size > max_output:
                raise RepositoryTooLargeError(f"git's answer has more than {max_output} bytes")
            chunks.append(chunk)
    while True:  # it closed its output; let it end by itself, within the same limits
        try:
            child.wait(_POLL)
        except subprocess.TimeoutExpired:
            deadline.check()
        else:
            return b"".join(chunks)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """End the child and everything it started, and wait for it. Harmless when it has ended."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def environment(*, network: bool, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables for git: nothing of the caller's git settings, no way to ask, and no transport at all for calls
    that only read (so that a hostile repository cannot make git fetch)."""
    source = os.environ if base is None else base
    kept = {k: v for k, v in source.items() if not k.startswith("GIT_") or k in _KEPT}
    kept.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
    return {**kept, **_SET, "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh" if network else "none"}


def failure(words: str) -> GitError:
    """The error for what git said on its standard error."""
    shown = _CONTROL.sub(" ", redact(words)).strip()[-_SHOWN:] or "git failed without a message"
    if _SLOW.search(words):
        return RepositorySlowError(shown)
    if _GONE.search(words) and not _PASSING_NOT_FOUND.search(words):
        return RepositoryGoneError(shown)
    return GitError(shown)


def _words(told: IO[bytes]) -> str:
    """The lines that say what went wrong; all lines when none is marked."""
    told.seek(0)
    lines = told.read(_MAX_STDERR).decode("utf-8", "replace").splitlines()
    marked = [line for line in lines if line.startswith(("fatal:", "error:", "remote: ", "ERR "))]
    return " ".join(marked or lines)
