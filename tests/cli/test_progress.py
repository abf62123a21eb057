"""Progress of long work: a line every ten seconds where there is no terminal, every step with -v, nothing with -q."""

import pytest

from builder.cli import output


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("builder.cli.output.time.monotonic", lambda: now[0])
    return now


def run(clock: list[float], *, quiet: bool = False, verbose: bool = False) -> None:
    bar = output.Bar(quiet=quiet, verbose=verbose)
    bar.begin("packages", 30)
    for step in range(30):
        clock[0] += 1
        bar.step(f"acme/p{step}")
    bar.end()


def test_a_line_every_ten_seconds_without_a_terminal(clock, capsys):
    run(clock)
    told = capsys.readouterr()
    lines = told.err.splitlines()
    assert told.out == ""
    assert len(lines) == 3
    assert "packages" in lines[0]
    assert "10/30" in lines[0]
    assert "acme/p9" in lines[0]


def test_every_step_is_named_when_verbose(clock, capsys):
    run(clock, verbose=True)
    assert capsys.readouterr().err.split() == [f"acme/p{step}" for step in range(30)]


def test_nothing_when_quiet(clock, capsys):
    run(clock, quiet=True)
    assert capsys.readouterr().err == ""
