"""What is odd in one file, collected while it is read: every fault is reported, none stops the reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from builder.model.issue import Issue, Location, issue

Raw = dict[str, Any]
SHOWN = 80  # characters of a foreign value in a message


def shown(value: object) -> str:
    """A foreign value for a message: printable, on one line, cut."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**18 else "a huge number"
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


class Findings:
    """The issues of one file. `where` in the methods is the JSON path of the value: versions[3].targets[0].shasum."""

    def __init__(self, location: Location) -> None:
        self.location = location
        self.issues: list[Issue] = []

    def add(
        self, code: str, where: str, message: str, *, version: object = "", line: int = 0
    ) -> None:
        """Report one thing; `version` is the canonical version it concerns."""
        place = self.location
        if version or line:
            place = Location(place.address, str(version), place.path, line)
        self.issues.append(issue(code, place, f"{where}: {message}" if where else message))

    def shape(self, where: str, message: str, *, version: object = "") -> None:
        """Report a field of the wrong shape."""
        self.add("META002", where, message, version=version)


def text(raw: Mapping[str, Any], key: str, where: str, found: Findings) -> str:
    """An optional text: "" when it is missing, null or not a text (reported)."""
    value = raw.get(key)
    if isinstance(value, str):
        return value
    if value is not None:
        found.shape(f"{where}{key}", f"must be a text, not {shown(value)}")
    return ""


def matching(
    raw: Mapping[str, Any], key: str, where: str, found: Findings, pattern: re.Pattern[str]
) -> str:
    """An optional text of this form: "" when it is missing or not of the form (reported)."""
    value = text(raw, key, where, found)
    if value and not pattern.fullmatch(value):
        found.shape(f"{where}{key}", f"{shown(value)} is not of the right form")
        return ""
    return value


def count(raw: Mapping[str, Any], key: str, where: str, found: Findings) -> int:
    """An optional number that is not negative: 0 when it is missing or wrong (reported)."""
    value = raw.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value
    if value is not None:
        found.shape(f"{where}{key}", f"must be a whole number from 0, not {shown(value)}")
    return 0


def flag(raw: Mapping[str, Any], key: str, where: str, found: Findings) -> bool:
    """An optional true or false: false when it is missing or wrong (reported)."""
    value = raw.get(key)
    if value is not None and not isinstance(value, bool):
        found.shape(f"{where}{key}", f"must be true or false, not {shown(value)}")
    return value is True


def rows(raw: Mapping[str, Any], key: str, where: str, found: Findings) -> list[Any]:
    """An optional list: empty when it is missing, null or not a list (reported)."""
    value = raw.get(key)
    if isinstance(value, list):
        return value
    if value is not None:
        found.shape(f"{where}{key}", f"must be a list, not {shown(value)}")
    return []


def objects(
    values: list[Any], where: str, found: Findings, read: Callable[[Raw, str], object | None]
) -> list[tuple[int, Any]]:
    """(index, what `read` made of it) of every object of a list; others are reported, None is left out."""
    result = []
    for index, value in enumerate(values):
        if not isinstance(value, dict):
            found.shape(f"{where}[{index}]", f"must be an object, not {shown(value)}")
        elif (made := read(value, f"{where}[{index}].")) is not None:
            result.append((index, made))
    return result
