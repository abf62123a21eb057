"""The license policy: what may be redistributed. The defaults are data, in policy.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from builder.errors import UsageError
from builder.license.findings import FileFindings, Found
from builder.license.templates import plain_id
from builder.license.wording import version_of, wording
from builder.license.words import words
from builder.model.license import Outcome

_EXCERPT_WORDS = 10  # quoted of the left-over
_UNREAD_WORDS = 5  # a name has fewer
_SHOWN = 4  # restrictions that are named
RULES_VERSION = version_of("policy.py", "wording.json")


@dataclass(frozen=True, slots=True)
class LicensePolicy:
    """Allow list and thresholds. `allow` holds plain ids (without -only, -or-later, +) in lower case, sorted."""

    allow: tuple[str, ...]
    confidence: float = 0.85  # of each license, at least
    left_over_words: int = 40  # of a file, at most
    pointer_words: int = 60  # a file with fewer words and no license may stand beside allowed ones
    restrictions: tuple[
        str, ...
    ] = ()  # further phrases that must not be in the left-over, as plain words

    @classmethod
    def from_config(cls, config: Mapping[str, object] | None = None) -> LicensePolicy:
        """The policy from `licenses:` in mkdocs.yml; absent keys keep their default.

        Raises UsageError for an unknown key or a value of the wrong shape.
        """
        values = {**_defaults(), **(config or {})}
        unknown = sorted(set(values) - set(_defaults()))
        if unknown:
            raise UsageError(f"licenses: unknown key {', '.join(unknown)}", hint=_keys_hint())
        return cls(
            allow=tuple(sorted({_key(spdx) for spdx in _strings(values, "allow")})),
            confidence=_number(values, "confidence", 1),
            left_over_words=int(_number(values, "left_over_words", 100_000)),
            pointer_words=int(_number(values, "pointer_words", 100_000)),
            restrictions=tuple(
                sorted({" ".join(words(p)) for p in _strings(values, "restrictions")} - {""})
            ),
        )

    @property
    def digest(self) -> str:
        """A hash of the effective policy: a changed one judges again."""
        text = json.dumps([RULES_VERSION, asdict(self)], sort_keys=True)
        return sha256(text.encode()).hexdigest()

    def allows(self, spdx: str) -> bool:
        """True when this id is in the allow list."""
        return _key(spdx) in self.allow

    def judge_file(self, findings: FileFindings) -> tuple[Outcome | None, str]:
        """What this file means and why; None when nothing was recognized in it."""
        if not findings.licenses:
            return None, "no license recognized"
        refused = [row.spdx for row in findings.licenses if not self.allows(row.spdx)]
        if refused:
            return Outcome.REFUSE, f"not in the allow list: {', '.join(sorted(refused))}"
        doubts = [doubt for row in findings.licenses if (doubt := self.doubt(row))]
        doubts += self._doubts_on_rest(findings)
        return (Outcome.REVIEW, "; ".join(doubts)) if doubts else (Outcome.ALLOW, "")

    def doubt(self, row: Found) -> str:
        """Why a license that was found is not certain; empty when it is."""
        if row.operative:
            return f"license words missing: {', '.join(row.operative)}"
        if row.changes:
            return f"{row.spdx} is changed: {row.changes[0]}"
        if row.confidence < self.confidence:
            return f"{row.spdx} is recognized with confidence {row.confidence:.2f} only"
        return ""

    def _doubts_on_rest(self, findings: FileFindings) -> list[str]:
        """Why the words beside the licenses stand in the way."""
        doubts = []
        if findings.left_over > self.left_over_words or findings.cut:
            doubts.append(
                f"{findings.left_over} words of other text, such as “{_excerpt(findings)}”"
            )
        restrictions = self.restrictions_in(findings.rest)
        if restrictions:
            shown = ", ".join(f"“{phrase}”" for phrase in restrictions[:_SHOWN])
            doubts.append(f"words of a restriction: {shown}")
        if _unread(findings.rest) > _UNREAD_WORDS:
            doubts.append("other text in a script that is not read")
        mentions = [spdx for spdx in mentioned(findings.rest) if not self.allows(spdx)]
        if mentions:
            doubts.append(f"mentions another license, such as {', '.join(mentions)}")
        return doubts

    def restrictions_in(self, rest: tuple[str, ...]) -> tuple[str, ...]:
        """The words and phrases of a restriction in the left-over, sorted."""
        single: frozenset[str] = wording()["restriction_words"]
        phrases = (*wording()["restriction_phrases"], *self.restrictions)
        found: set[str] = set()
        for run in rest:
            listed = run.split()
            found |= single.intersection(listed)
            found |= {"only"}.intersection(
                (listed[0], listed[-1])
            )  # it restricts what stands beside it
            found.update(phrase for phrase in phrases if f" {phrase} " in f" {run} ")
        return tuple(sorted(found))


def _excerpt(findings: FileFindings) -> str:
    """The first words of the longest run that belongs to no license."""
    run = max(findings.rest, key=len, default="").split()
    return " ".join(run[:_EXCERPT_WORDS]) + (" …" if len(run) > _EXCERPT_WORDS else "")


def _unread(rest: tuple[str, ...]) -> int:
    """Words in scripts other than Latin: nobody here can tell what they restrict."""
    return sum(any(c > "\u024f" for c in word) for run in rest for word in run.split())


def mentioned(rest: tuple[str, ...]) -> tuple[str, ...]:
    """The licenses that the left-over names, by one id of each family, sorted."""
    rows: dict[str, list[str]] = wording()["mentions"]
    text = f" {' / '.join(rest)} "
    return tuple(sorted(s for s, names in rows.items() if any(f" {n} " in text for n in names)))


def _key(spdx: str) -> str:
    """An id as it is compared. The variant of MPL-2.0 has the same text, so it is one with it."""
    return plain_id(spdx.strip()).lower()


@lru_cache(maxsize=1)
def _defaults() -> dict[str, Any]:
    defaults: dict[str, Any] = json.loads(
        files("builder.license").joinpath("policy.json").read_bytes()
    )
    return defaults


def _keys_hint() -> str:
    return f"Known keys: {', '.join(sorted(_defaults()))}."


def _strings(values: Mapping[str, object], name: str) -> list[str]:
    value = values[name]
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"licenses: {name} must be a list of texts")
    return list(value)


def _number(values: Mapping[str, object], name: str, most: float) -> float:
    value = values[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise UsageError(f"licenses: {name} must be a number from 0 to {most}")
    return value
