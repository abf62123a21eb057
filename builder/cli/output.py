"""How things look: results on stdout, story and progress on stderr. The only place that prints."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Never

import click
from tqdm import tqdm

from builder.errors import RegistryError
from builder.model.issue import ISSUE_CODES, Issue, Severity
from builder.model.version import Version
from builder.pipeline.report import Report

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
FORMATS = ("text", "json", "github")
SECONDS_A_LINE = 10  # of progress where there is no terminal


class Bar:
    """Progress on stderr: one rewritten line on a terminal, a line every ten seconds elsewhere, nothing with -q."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet, self._verbose = quiet, verbose
        self._bar: tqdm[Never] | None = None
        self._told = 0.0

    def begin(self, what: str, total: int) -> None:
        """A stage of `total` steps begins."""
        hidden = self._quiet or total == 0 or not sys.stderr.isatty()
        self._bar = tqdm(
            total=total, desc=what, leave=False, file=_Nowhere() if hidden else sys.stderr
        )
        self._told = time.monotonic()

    def step(self, label: str) -> None:
        """One step is done."""
        if self._bar is None:
            return
        self._bar.set_postfix_str(label, refresh=False)
        self._bar.update()
        if self._quiet:
            return
        if self._verbose:
            self._bar.write(label, file=sys.stderr)
        elif not sys.stderr.isatty() and time.monotonic() - self._told >= SECONDS_A_LINE:
            self._told = time.monotonic()
            click.echo(str(self._bar), err=True)

    def end(self) -> None:
        """The stage is over."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def note(self, text: str) -> None:
        """A line of the story."""
        if not self._quiet:
            click.echo(text, err=True)


class _Nowhere(io.StringIO):
    """Takes the bar when there is no terminal to draw it on."""

    def write(self, text: str) -> int:
        return len(text)


def show_issues(issues: Iterable[Issue], form: str, *, verbose: bool) -> None:
    """All issues to stdout: text (notes only with -v), one JSON array, or GitHub's workflow commands.

    Issues that several versions of a package share are told once, of the newest; JSON has them all.
    """
    shown = [i for i in issues if verbose or form == "json" or i.severity is not Severity.NOTE]
    if form == "json":
        click.echo(json.dumps([_row(found) for found in shown], indent=2, ensure_ascii=False))
        return
    for found, others in _grouped(shown):
        click.echo(_github(found, others) if form == "github" else _text(found, others))
    hints = {found.code: found.hint for found in shown if found.hint}
    for code, hint in sorted(hints.items()) if form == "text" else ():
        click.echo(f"{click.style(code, bold=True)} {ISSUE_CODES[code].title}. {hint}")


def _grouped(issues: Iterable[Issue]) -> Iterator[tuple[Issue, int]]:
    """Each issue once over the versions of its package, with the number of further versions that have it."""
    groups: dict[Issue, list[Issue]] = defaultdict(list)
    for found in issues:
        groups[replace(found, location=replace(found.location, version="", line=0))].append(found)
    for same in groups.values():
        newest = max(same, key=_version)
        yield newest, len({found.location.version for found in same}) - 1


def _version(found: Issue) -> Version:
    return Version.parse(found.location.version) or Version(0, 0, 0)


def _row(found: Issue) -> dict[str, object]:
    return {
        "code": found.code,
        "severity": found.severity.value,
        **asdict(found.location),
        "message": found.message,
        "hint": found.hint,
    }


def _text(found: Issue, others: int) -> str:
    label = click.style(
        f"{found.severity.value} {found.code}", fg=_COLORS[found.severity], bold=True
    )
    return f"{label} {_one_line(str(found.location))}{_more(others)}: {_one_line(found.message)}"


def _more(others: int) -> str:
    return f" (and {_number(others, 'more version')})" if others else ""


def _github(found: Issue, others: int) -> str:
    """https://docs.github.com/actions: workflow commands; % and line ends are escaped, in properties : and , too."""
    place = found.location
    properties = {"title": f"{found.code} {place.address}".strip()}
    if place.path:
        properties |= {"file": place.path, "line": str(place.line or 1)}
    listed = ",".join(f"{k}={_escaped(v, ':,')}" for k, v in properties.items())
    told = f"{found.message}{_more(others)} {found.hint}".strip()
    return f"::{_GITHUB[found.severity]} {listed}::{_escaped(told)}"


def _escaped(text: str, more: str = "") -> str:
    for char in f"%\r\n{more}":
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def _one_line(text: str) -> str:
    """Foreign text for a terminal: no control characters."""
    return "".join(char if char.isprintable() else "�" for char in text)


def show_build(report: Report, form: str) -> None:
    """The last line of a build (in JSON on stdout, else on stderr)."""
    if form == "json":
        facts = {k: v for k, v in asdict(report).items() if k != "issues"} | {
            "codes": report.by_code()
        }
        click.echo(json.dumps({"report": facts}), err=True)
        return
    click.echo(build_line(report), err=True)


def build_line(report: Report) -> str:
    """built 1,204 releases (1,190 unchanged), 8,412 files, 3 withheld, 2 warnings, 41 s"""
    parts = [
        f"built {_number(report.releases, 'release')} ({report.unchanged:,} unchanged)",
        _number(report.files, "file"),
    ]
    if report.withheld:
        parts.append(f"{report.withheld:,} withheld")
    if report.failed:
        parts.append(f"{report.failed:,} failed")
    if report.kept:
        parts.append(f"{report.kept:,} kept from before")
    counts = [(report.count(weight), weight.value) for weight in (Severity.ERROR, Severity.WARNING)]
    parts += [_number(count, noun) for count, noun in counts if count]
    if report.units and report.units == report.units_unchanged:
        parts.append("nothing new")
    parts.append(f"{report.seconds:,.0f} s" if report.seconds >= 10 else f"{report.seconds:.1f} s")
    return ", ".join(parts)


def show_check(report: Report) -> None:
    """checked 12 releases: 0 errors, 3 warnings"""
    looked_at = f" {_number(report.releases, 'release')}" if report.releases else ""
    errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
    click.echo(f"checked{looked_at}: {errors:,} errors, {warnings:,} warnings", err=True)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def show_error(error: RegistryError) -> None:
    """An error as a sentence, with what to do."""
    click.echo(f"{click.style('error', fg='red', bold=True)}: {error}", err=True)
    if error.hint:
        click.echo(f"    {error.hint}", err=True)


def show_bug(error: BaseException) -> None:
    """A fault of ours: what it was, without a traceback."""
    click.echo(
        f"{click.style('error', fg='red', bold=True)}: a fault in regdocs: {type(error).__name__}: {error}\n"
        "    Please report it; REGDOCS_DEBUG=1 shows where it happened.",
        err=True,
    )


def say(text: str) -> None:
    """A result, on stdout."""
    click.echo(text)


def debugging() -> bool:
    """True when tracebacks are wanted."""
    return bool(os.environ.get("REGDOCS_DEBUG"))
