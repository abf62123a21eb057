"""What is found in one license file: a pure function of its bytes, the texts and the matcher, so it is cached."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from builder.license.differences import changes, is_numbering, operative_missing
from builder.license.matcher import Difference, Match, Matcher, Matches
from builder.license.wording import version_of, wording
from builder.license.words import decode, words

# Findings of another version are found again.
MATCHER_VERSION = version_of(
    *("words.py", "templates.py", "index.py", "align.py", "matcher.py", "differences.py"),
    *("findings.py", "templates.json", "wording.json"),
)

_KEPT_WORDS = 400  # of the left-over, for a later policy with further phrases
_TOLERATED = 20  # left-over words that do not lower the confidence
_CHANGES = 5  # listed, at most
_CHANGE_WORDS = 6  # of a change that are quoted


@dataclass(frozen=True, slots=True)
class Found:
    """One license in a file. `missing` words of `words`; `operative` are those missing words that a grant lives by;
    `changes` are the places that differ in meaning, in words."""

    spdx: str
    words: int
    missing: int
    coverage: float
    confidence: float
    operative: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileFindings:
    """All that is found in one file. `left_over` is the number of words that belong to no license, `rest` their runs
    (the first 400 words)."""

    sha256: str
    words: int
    left_over: int
    licenses: tuple[Found, ...] = ()
    rest: tuple[str, ...] = ()
    cut: bool = False  # `rest` is not all of the left-over


def examine(data: bytes, matcher: Matcher) -> FileFindings:
    """Find the licenses in the bytes of a file."""
    result = matcher.match(words(decode(data)))
    titles = _title_words(result)
    runs = [r for r in result.left_over if not is_numbering(r) and not titles.issuperset(r)]
    left_over = sum(map(len, runs))
    certainty = 1 - max(0, left_over - _TOLERATED) / max(1, result.total)
    kept, cut = _first(runs, _KEPT_WORDS)
    return FileFindings(
        sha256=sha256(data).hexdigest(),
        words=result.total,
        left_over=left_over,
        licenses=_licenses(result, certainty),
        rest=kept,
        cut=cut,
    )


def _title_words(result: Matches) -> frozenset[str]:
    """What a heading that names the licenses found is made of: it is not other text."""
    names = {w for m in result.matches for spdx in m.template.ids for w in words(spdx)}
    return frozenset(names | wording()["titles"]) if names else frozenset()


def _licenses(result: Matches, certainty: float) -> tuple[Found, ...]:
    """One row for each id, confidence descending: of a license that is there twice the copy that differs most."""
    rows: dict[str, Found] = {}
    for match in result.matches:
        row = _found(match, certainty)
        known = rows.get(row.spdx)
        if known is None or _harm(row) > _harm(known):
            rows[row.spdx] = row
    return tuple(sorted(rows.values(), key=lambda row: (-row.confidence, row.spdx)))


def _harm(row: Found) -> tuple[int, int, float]:
    return (len(row.operative), len(row.changes), -row.confidence)


def _found(match: Match, certainty: float) -> Found:
    differing = changes(match)
    return Found(
        spdx=match.template.spdx,
        words=match.template.size,
        missing=match.missing,
        coverage=round(match.coverage, 4),
        confidence=round(match.coverage * certainty, 4),
        operative=operative_missing(match),
        changes=tuple(_told(difference) for difference in differing[:_CHANGES]),
    )


def _told(difference: Difference) -> str:
    """A difference in words; what the file says stands between typographic quotes."""
    missing, added = _quote(difference.missing), _quote(difference.added)
    if not difference.added:
        return f"{missing} is missing"
    return f"{added} is added" if not difference.missing else f"{added} in place of {missing}"


def _quote(part: Sequence[str]) -> str:
    shown = " ".join(part[:_CHANGE_WORDS])
    return f"“{shown} …”" if len(part) > _CHANGE_WORDS else f"“{shown}”"


def _first(runs: Sequence[Sequence[str]], limit: int) -> tuple[tuple[str, ...], bool]:
    kept: list[str] = []
    room = limit
    for run in runs:
        if room <= 0:
            return tuple(kept), True
        kept.append(" ".join(run[:room]))
        room -= len(run)
    return tuple(kept), room < 0


def dump(findings: FileFindings) -> str:
    """The findings as one line of JSON."""
    return json.dumps(asdict(findings), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def load(text: str) -> FileFindings:
    """The findings that `dump` wrote. Raises ValueError on anything else."""
    try:
        raw = json.loads(text)
        rows = tuple(
            Found(**{**row, "operative": tuple(row["operative"]), "changes": tuple(row["changes"])})
            for row in raw.pop("licenses")
        )
        return FileFindings(**{**raw, "licenses": rows, "rest": tuple(raw["rest"])})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not findings: {error}") from error
