"""Templates: the texts to recognize, as words, each with a core that must be there and a head and tail that may be.

templates.json says where head and tail are, which notices inside a text stand for the whole, and which other wordings
a text is known in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.resources import files
from sys import intern
from typing import Any

from builder.license.words import words

MIN_WORDS = 8
_TITLE_WORDS = 12  # of one paragraph, at most
_TITLE_PARAGRAPHS = 3
_SUFFIX = re.compile(r"(?:-only|-or-later|\+|-invariants|-no-invariants|-no-copyleft-exception)$")


@dataclass(frozen=True, slots=True)
class Template:
    """One text to recognize. `words[start:end]` is the core; `ids` are all SPDX ids with this text, `spdx` is the one
    that is reported."""

    spdx: str
    ids: tuple[str, ...]
    words: tuple[str, ...]
    start: int
    end: int

    @property
    def size(self) -> int:
        """Number of words of the core."""
        return self.end - self.start


def plain_id(spdx: str) -> str:
    """The id without what a text cannot tell: -only, -or-later, + and the like."""
    while (shorter := _SUFFIX.sub("", spdx)) != spdx:
        spdx = shorter
    return spdx


def templates(texts: Mapping[str, tuple[str, ...]]) -> tuple[Template, ...]:
    """All templates of these texts, sorted by reported id; ids with the same words share one."""
    groups: dict[tuple[tuple[str, ...], int, int], list[str]] = {}
    for spdx, originals in sorted(texts.items()):
        for text in originals:
            for key in _forms(spdx, text):
                if key[2] - key[1] >= MIN_WORDS and spdx not in groups.setdefault(key, []):
                    groups[key].append(spdx)
    found = [
        Template(_reported(ids), tuple(ids), form, start, end)
        for (form, start, end), ids in groups.items()
    ]
    return tuple(sorted(found, key=lambda t: (t.spdx, -len(t.words), t.words)))


def _reported(ids: Sequence[str]) -> str:
    """The plain name of the ids that share a text; the shortest id when they do not share a name."""
    return min((plain_id(spdx) for spdx in ids), key=lambda name: (len(name), name))


def _forms(spdx: str, text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """The whole text, its other wordings and the notices in it, as (words, start, end)."""
    whole = tuple(map(intern, words(text)))  # 700,000 words, 11,000 different ones
    start = _head(spdx, text, whole)
    yield whole, start, _tail(spdx, whole)
    for old, new in _rows("variants", spdx):
        place = find(whole, old)
        if place >= 0:
            form = (*whole[:place], *new.split(), *whole[place + len(old.split()) :])
            yield form, start, _tail(spdx, form)
    for first, last in _rows("notices", spdx):
        begin = find(whole, first)
        stop = find(whole, last, begin)
        if 0 <= begin < stop:
            notice = whole[begin : stop + len(last.split())]
            yield notice, 0, len(notice)


def _head(spdx: str, text: str, whole: Sequence[str]) -> int:
    """How many words before the core: up to the phrase in templates.json, else the title."""
    for phrase in _rows("heads", spdx):
        place = find(whole, phrase)
        if place >= 0:
            return place
    return _title(text, whole)


def _title(text: str, whole: Sequence[str]) -> int:
    """Words of the leading paragraphs that are titles: short, and no sentence."""
    count = 0
    paragraphs = re.split(r"\n[ \t]*\n", text.strip(), maxsplit=_TITLE_PARAGRAPHS)
    for paragraph in paragraphs[:-1][:_TITLE_PARAGRAPHS]:
        found = words(paragraph)
        if len(found) > _TITLE_WORDS or paragraph.rstrip().endswith((".", ":", ";", ",")):
            break
        if whole[count : count + len(found)] != tuple(found):
            break
        count += len(found)
    return count if count * 3 < len(whole) else 0


def _tail(spdx: str, whole: Sequence[str]) -> int:
    """Where the core ends: before the last place of the phrase in templates.json that comes first."""
    places = [_last(whole, phrase) for phrase in _rows("tails", spdx)]
    return min((place for place in places if place * 10 > len(whole)), default=len(whole))


def _last(whole: Sequence[str], phrase: str) -> int:
    place = found = find(whole, phrase)
    while place >= 0:
        found, place = place, find(whole, phrase, place + 1)
    return found


def find(whole: Sequence[str], phrase: str, begin: int = 0) -> int:
    """Index of the first place of a phrase at or after `begin`, -1 when there is none."""
    wanted = tuple(phrase.split())
    size = len(wanted)
    for place in range(max(begin, 0), len(whole) - size + 1):
        if whole[place] == wanted[0] and tuple(whole[place : place + size]) == wanted:
            return place
    return -1


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, list[Any]]]:
    data = files("builder.license").joinpath("templates.json").read_bytes()
    table: dict[str, dict[str, list[Any]]] = json.loads(data)
    return table


def _rows(section: str, spdx: str) -> list[Any]:
    """The rows for one id; the names in the table may be patterns."""
    for pattern, rows in _table()[section].items():
        if fnmatchcase(spdx, pattern):
            return rows
    return []
