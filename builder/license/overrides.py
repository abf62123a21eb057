"""licences.overrides.json: decisions that people took on one license text, tied to its hash."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from builder.license.expression import ExpressionError, parse_expression
from builder.model.docs import ReleaseDocs
from builder.model.issue import Checked, Issue, Location, issue
from builder.model.license import Outcome
from builder.model.snapshot import Repository

FILE = "licences.overrides.json"
FIELDS = ("repo", "sha256", "spdx", "verdict", "reason", "by", "date")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_REPO = re.compile(r"[\w.-]+(?:/[\w.~-]+)+", re.ASCII)
_URL = re.compile(r"^[a-z][a-z0-9+.-]*://[^/]+/|^[^/@:]+@[^/:]+:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Override:
    """One decision: this text (SHA-256 of the file's bytes) in this repository (owner/name, lower case)."""

    repo: str
    sha256: str
    spdx: str  # an SPDX expression
    verdict: Outcome  # ALLOW or REFUSE
    reason: str
    by: str
    date: str  # YYYY-MM-DD

    @property
    def key(self) -> tuple[str, str]:
        """What a decision is found by."""
        return (self.repo, self.sha256)


def repository_path(repository: Repository) -> str:
    """owner/name of a repository (with all groups where the forge nests them), lower-case."""
    return _URL.sub("", repository.url).strip("/").removesuffix(".git").lower()


def parse_overrides(data: bytes) -> Checked[tuple[Override, ...]]:
    """The decisions, sorted by repository and hash. Rows that cannot be used are left out and reported, the others
    stay. Of two decisions on the same text the refusal counts."""
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError) as error:
        return Checked((), (issue("META001", Location(path=FILE), f"not valid JSON: {error}"),))
    rows = raw.get("overrides") if isinstance(raw, dict) else None
    if not isinstance(rows, list):
        return Checked((), (_shape("`overrides` must be a list"),))
    issues: list[Issue] = []
    known: dict[tuple[str, str], Override] = {}
    for number, row in enumerate(rows, 1):
        try:
            found = _override(row)
        except ValueError as error:
            issues.append(_shape(f"entry {number}: {error}"))
            continue
        other = known.get(found.key)
        if other is not None:
            issues.append(_shape(f"entry {number}: {found.repo} has two decisions on one text"))
        if other is None or found.verdict is Outcome.REFUSE:
            known[found.key] = found
    return Checked(tuple(known[key] for key in sorted(known)), tuple(issues))


def stale_overrides(
    overrides: Iterable[Override], releases: Iterable[ReleaseDocs]
) -> tuple[Issue, ...]:
    """An issue for each decision whose repository, or whose text in it, is in none of the releases."""
    texts: dict[str, set[str]] = {}
    for docs in releases:
        seen = texts.setdefault(repository_path(docs.repository), set())
        seen.update(row.sha256 for row in (*docs.verdict.findings, *docs.verdict.evidence))
    issues = []
    for override in overrides:
        if override.repo not in texts:
            issues.append(_stale(override, "the repository is not in the registry"))
        elif override.sha256 not in texts[override.repo]:
            issues.append(_stale(override, "no version has a license file with this hash"))
    return tuple(issues)


def _stale(override: Override, problem: str) -> Issue:
    message = f"{override.repo}, {override.sha256[:12]}: {problem}"
    return issue("LIC004", Location(path=FILE), message)


def _shape(message: str) -> Issue:
    return issue("META002", Location(path=FILE), message)


def _override(row: object) -> Override:
    """One row. Raises ValueError with what is wrong."""
    if not isinstance(row, dict):
        raise ValueError("must be an object")
    for name in FIELDS:
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise ValueError(f"`{name}` must be a text that is not empty")
    values = {name: row[name].strip() for name in FIELDS}
    if not _REPO.fullmatch(values["repo"]):
        raise ValueError("`repo` must be owner/name")
    if not _SHA256.fullmatch(values["sha256"].lower()):
        raise ValueError("`sha256` must be 64 hexadecimal digits")
    if values["verdict"] not in {Outcome.ALLOW, Outcome.REFUSE}:
        raise ValueError("`verdict` must be allow or refuse")
    try:
        parse_expression(values["spdx"])
        date.fromisoformat(values["date"])
    except ExpressionError as error:
        raise ValueError(f"`spdx` is not an SPDX expression: {error}") from error
    except ValueError as error:
        raise ValueError("`date` must be YYYY-MM-DD") from error
    return Override(
        values["repo"].lower(),
        values["sha256"].lower(),
        values["spdx"],
        Outcome(values["verdict"]),
        values["reason"],
        values["by"],
        values["date"],
    )
