"""Calling git: nothing of the caller's settings gets in, nothing runs for ever, nothing secret gets out."""

import os
import time
from pathlib import Path
from threading import Event, Timer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.git.command import (
    Git,
    GitError,
    RepositoryGoneError,
    RepositorySlowError,
    RepositoryTooLargeError,
    environment,
    failure,
    redact,
)


def alias(script: str) -> tuple[str, ...]:
    """Arguments that make git run a shell script: a stand-in for any misbehaving transfer."""
    return ("-c", f"alias.probe=!{script}", "probe")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_output_is_given_and_input_is_passed():
    assert Git().run(*alias("cat"), given=b"a\0b") == b"a\0b"


def test_a_slow_call_ends_with_everything_it_started(tmp_path):
    pids = tmp_path / "pids"
    script = f"sleep 600 & echo $! $$ > {pids}; wait"
    started = time.monotonic()
    with pytest.raises(RepositorySlowError, match="1 seconds"):
        Git().run(*alias(script), seconds=1)
    assert time.monotonic() - started < 60
    found = [int(pid) for pid in pids.read_text().split()]
    assert len(found) == 2
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in found) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(alive(pid) for pid in found)


def test_a_call_that_closes_its_output_and_stays_is_ended_too():
    with pytest.raises(RepositorySlowError):
        Git().run(*alias("exec 1>&- ; sleep 600"), seconds=1)


def test_endless_output_is_cut():
    with pytest.raises(RepositoryTooLargeError, match="more than 1000 bytes"):
        Git().run(*alias("yes"), max_output=1000)


def test_endless_messages_are_cut():
    with pytest.raises(RepositoryTooLargeError, match="without end"):
        Git().run(*alias("yes 1>&2"), seconds=60)


def test_a_watcher_ends_a_call_by_naming_its_limit():
    with pytest.raises(RepositoryTooLargeError, match="too big"):
        Git().run(*alias("sleep 600"), watch=lambda: "it is too big")


def test_cancelling_ends_running_calls():
    cancelled = Event()
    timer = Timer(0.2, cancelled.set)
    timer.start()
    with pytest.raises(GitError, match="cancelled"):
        Git(cancelled=cancelled).run(*alias("sleep 600"))
    timer.join()


def test_settings_of_the_caller_do_not_reach_git(monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "alias.version")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "!echo hooked")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".gitconfig").write_text("[user]\n\tname = Someone\n[core]\n\tpager = false\n")
    assert Git().run("version").startswith(b"git version")
    listed = Git().run("config", "--list").decode()
    assert "user.name" not in listed
    assert "protocol.ext.allow=never" in listed


def test_a_proxy_and_a_certificate_store_reach_git():
    base = {"GIT_SSL_CAINFO": "/ca.pem", "https_proxy": "http://proxy", "GIT_DIR": "/x", "A": "b"}
    made = environment(network=True, base=base)
    assert made["GIT_SSL_CAINFO"] == "/ca.pem"
    assert made["https_proxy"] == "http://proxy"
    assert "GIT_DIR" not in made
    assert made["GIT_TERMINAL_PROMPT"] == "0"


def test_helper_programs_named_in_an_address_are_not_run(tmp_path):
    with pytest.raises(RepositoryGoneError):
        Git().run("ls-remote", "--", f"ext::touch% {tmp_path / 'ran'}", network=True)
    assert list(tmp_path.iterdir()) == []


def test_reading_calls_have_no_transport_at_all(tmp_path):
    with pytest.raises(RepositoryGoneError, match="not allowed"):
        Git().run("ls-remote", "--", str(tmp_path))


def test_a_credential_helper_is_used_only_when_configured():
    assert "credential.helper=store" in Git("store").vector("fetch")
    values = [part for part in Git().vector("fetch") if part.startswith("credential.helper")]
    assert values == ["credential.helper="]


def test_a_missing_program_is_told_as_such(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Exception, match="git program cannot be started"):
        Git().run("version")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("remote: Repository not found.\nfatal: repository 'https://h/a/' not found", RepositoryGoneError),
        ("fatal: could not read Username for 'https://h': terminal prompts disabled", RepositoryGoneError),
        ("fatal: Authentication failed for 'https://h/a'", RepositoryGoneError),
        ("fatal: unable to access 'https://h/': The requested URL returned error: 403", RepositoryGoneError),
        ("fatal: '/x' does not appear to be a git repository", RepositoryGoneError),
        ("fatal: remote error: access denied or repository not exported: /x", RepositoryGoneError),
        ("git@h: Permission denied (publickey).", RepositoryGoneError),
        ("fatal: unable to access 'https://h/': The requested URL returned error: 503", GitError),
        ("fatal: unable to access 'https://h/': The requested URL returned error: 429", GitError),
        ("fatal: unable to access 'https://h/': Could not resolve host: h", GitError),
        ("fatal: couldn't find remote ref refs/tags/v1", GitError),
        ("fatal: the remote end hung up unexpectedly", GitError),
        ("fatal: early EOF", GitError),
        ("", GitError),
        ("error: RPC failed; curl 28 Operation too slow. Less than 1000 bytes/sec", RepositorySlowError),
        ("fatal: unable to connect to h: Connection timed out", RepositorySlowError),
    ],
)  # fmt: skip
def test_git_s_words_tell_gone_from_slow_and_passing(words, expected):
    error = failure(words)
    assert type(error) is expected
    assert error.passing is (expected is not RepositoryGoneError)
    assert str(error)


def test_messages_hold_no_credentials():
    shown = str(failure("fatal: unable to access 'https://me:s3cret@h/a.git/?token=t0p': boom"))
    assert "s3cret" not in shown
    assert "t0p" not in shown
    assert "https://h/a.git/" in shown


@given(st.text())
def test_any_words_give_a_bounded_printable_message(words):
    shown = str(failure(words))
    assert 0 < len(shown) <= 300
    assert not any(ord(c) < 32 for c in shown)


@given(
    st.text(
        alphabet=st.characters(blacklist_characters="/@'\"", blacklist_categories=("Z", "C")),
        min_size=8,
    )
)
def test_user_info_never_survives(secret):
    assert f"{secret}@" not in redact(f"see https://user:{secret}@host.example/path")


def test_an_error_survives_the_way_between_processes():
    import pickle

    copy = pickle.loads(pickle.dumps(RepositorySlowError("m", hint="h")))
    assert (type(copy), str(copy), copy.hint, copy.code) == (
        RepositorySlowError,
        "m",
        "h",
        "GIT003",
    )


def test_ended_processes_are_not_signalled_again(monkeypatch):
    signalled = []
    monkeypatch.setattr(os, "killpg", lambda *args: signalled.append(args))
    Git().run("version")
    assert signalled == []
