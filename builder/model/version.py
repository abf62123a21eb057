"""Canonical versions: x.y.z[-pre][+build] without v, missing parts filled with 0 (registry protocol, semver 2.0)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

_PATTERN = re.compile(
    r"v?(0|[1-9]\d{0,17})(?:\.(0|[1-9]\d{0,17}))?(?:\.(0|[1-9]\d{0,17}))?"
    r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?",
    re.ASCII,
)
MAX_LENGTH = 200  # characters; longer versions would break the 255 of object keys

_Identifier = tuple[int, int, str]


def _identifiers(text: str) -> tuple[_Identifier, ...]:
    """Numeric identifiers compare as numbers and sort before the others (semver 2.0 §11)."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in text.split(".") if part
    )


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class Version:
    """A version with its exact letter case. Equal when the canonical text is equal; ordered as semver says."""

    major: int
    minor: int
    patch: int
    pre: str = ""
    build: str = ""

    @classmethod
    def parse(cls, text: str) -> Version | None:
        """The version written as `text` (one leading v and missing parts allowed), or None when it is none."""
        match = _PATTERN.fullmatch(text) if len(text) <= MAX_LENGTH else None
        if match is None:
            return None
        major, minor, patch, pre, build = match.groups()
        return cls(int(major), int(minor or 0), int(patch or 0), pre or "", build or "")

    @property
    def is_stable(self) -> bool:
        """True without a pre-release part."""
        return not self.pre

    @property
    def segment(self) -> str:
        """The version as one segment of a path: + becomes _, which no version contains, so it is reversible."""
        return str(self).replace("+", "_")

    @property
    def docs_id(self) -> str:
        """The id in the docs API: always with v."""
        return f"v{self}"

    @property
    def docs_segment(self) -> str:
        """The docs id as one segment of an object key (lower-case, + as _)."""
        return f"v{self.segment}".lower()

    @property
    def _key(self) -> tuple[object, ...]:
        # Build metadata orders last, as the clients do (1.0.0+b1 is picked before 1.0.0); the text settles the rest.
        return (
            (self.major, self.minor, self.patch),
            not self.pre,
            _identifiers(self.pre),
            _identifiers(self.build),
            str(self),
        )

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return self._key < other._key

    def __str__(self) -> str:
        pre = f"-{self.pre}" if self.pre else ""
        build = f"+{self.build}" if self.build else ""
        return f"{self.major}.{self.minor}.{self.patch}{pre}{build}"


def latest(versions: list[Version]) -> Version | None:
    """The newest stable version, else the newest of all, else None."""
    stable = [version for version in versions if version.is_stable]
    return max(stable or versions, default=None)
