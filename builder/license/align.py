"""Word-for-word alignment of a text with one template: which words agree, and every place where they differ.

Sequences that are unique in the template are the anchors; the longest increasing chain of them is extended while words
agree, and small gaps are settled exactly. Linear in the text, up to a logarithm.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from builder.license.index import GRAM

_CELLS = 10_000  # of the table that settles one gap
_REACH = 12  # words looked at before the first and after the last anchor

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Gap:
    """A place inside the match where the two differ: `text[begin:end]` stands for `template[start:stop]`."""

    begin: int
    end: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """Agreeing places as (text, template), increasing in both."""

    pairs: tuple[Pair, ...]

    def gaps(self, size: int) -> Iterator[Gap]:
        """The differences, in order, the template's missing start and end included. `size`: words of the template."""
        if not self.pairs:
            yield Gap(0, 0, 0, size)
            return
        last = (self.pairs[0][0] - 1, -1)
        for i, j in self.pairs:
            if (i, j) != (last[0] + 1, last[1] + 1):
                yield Gap(last[0] + 1, i, last[1] + 1, j)
            last = (i, j)
        if last[1] + 1 < size:
            yield Gap(last[0] + 1, last[0] + 1, last[1] + 1, size)


def unique_grams(found: Sequence[int]) -> dict[int, int]:
    """Sequence -> its place, for those that a template has once."""
    counts = Counter(found)
    return {gram: place for place, gram in enumerate(found) if counts[gram] == 1}


def align(
    text: Sequence[int], text_grams: Sequence[int], template: Sequence[int], unique: dict[int, int]
) -> Alignment:
    """Align a text with a template. Words of the text that are taken have the number 0 and agree with nothing."""
    places = unique.get
    anchors = [
        (i, j) for i, gram in enumerate(text_grams) if gram and (j := places(gram)) is not None
    ]
    if not anchors:
        return Alignment(())
    chain = _chain(_one_copy(anchors, len(template)))
    return Alignment(tuple(_extend(chain, text, template)))


def _one_copy(anchors: list[Pair], size: int) -> list[Pair]:
    """The anchors of the best copy, when the text has the template's words several times over."""
    if len({j for _, j in anchors}) == len(anchors):
        return anchors
    width = max(32, size // 4)
    votes = Counter((i - j) // width for i, j in anchors)
    best = max(votes, key=lambda v: (votes[v] + votes.get(v + 1, 0), -v))
    return [(i, j) for i, j in anchors if best - 1 <= (i - j) // width <= best + 2]


def _chain(anchors: Iterable[Pair]) -> list[Pair]:
    """The longest subsequence that increases in both places."""
    items = list(anchors)
    if all(one[1] < other[1] for one, other in pairwise(items)):
        return items
    ends: list[int] = []  # smallest template place that ends a chain of each length
    tops: list[int] = []  # and its anchor
    back: list[int] = []
    for number, (_, j) in enumerate(items):
        length = bisect_left(ends, j)
        back.append(tops[length - 1] if length else -1)
        if length == len(ends):
            ends.append(j)
            tops.append(number)
        else:
            ends[length], tops[length] = j, number
    chain: list[Pair] = []
    number = tops[-1] if tops else -1
    while number >= 0:
        chain.append(items[number])
        number = back[number]
    return chain[::-1]


def _extend(chain: list[Pair], text: Sequence[int], template: Sequence[int]) -> list[Pair]:
    """All agreeing pairs: the anchors' words, what agrees beside them, and the small gaps settled."""
    i, j = chain[0]
    pairs = _fill(text, template, (max(0, i - j - _REACH), 0), (i, j), forward=False)
    for a, b in chain:
        if a <= i and a - b == i - j:
            pairs.extend(zip(range(i, a + GRAM), range(j, b + GRAM), strict=True))
        elif a < i or b < j:
            continue  # overlaps the run before at another distance
        else:
            pairs += _fill(text, template, (i, j), (a, b))
            pairs.extend((a + k, b + k) for k in range(GRAM))
        i, j = a + GRAM, b + GRAM
    stop = min(len(text), i + len(template) - j + _REACH)
    return pairs + _fill(text, template, (i, j), (stop, len(template)), backward=False)


def _fill(
    text: Sequence[int],
    template: Sequence[int],
    start: Pair,
    stop: Pair,
    *,
    forward: bool = True,
    backward: bool = True,
) -> list[Pair]:
    """The agreeing pairs of a gap: from its start forward, from its end backward, and between the two."""
    (i, j), (m, n) = start, stop
    pairs: list[Pair] = []
    while forward and i < m and j < n and text[i] == template[j]:
        pairs.append((i, j))
        i, j = i + 1, j + 1
    tail = 0
    while (
        backward and m - tail > i and n - tail > j and text[m - tail - 1] == template[n - tail - 1]
    ):
        tail += 1
    if 0 < (m - tail - i) * (n - tail - j) <= _CELLS:
        pairs += _common(text[i : m - tail], template[j : n - tail], i, j)
    pairs.extend((m - k, n - k) for k in range(tail, 0, -1))
    return pairs


def _common(text: Sequence[int], template: Sequence[int], i: int, j: int) -> list[Pair]:
    """The longest common subsequence of two short stretches that start at (i, j)."""
    rows, columns = len(text), len(template)
    table = [[0] * (columns + 1) for _ in range(rows + 1)]
    for a in range(rows - 1, -1, -1):
        row, below = table[a], table[a + 1]
        for b in range(columns - 1, -1, -1):
            row[b] = below[b + 1] + 1 if text[a] == template[b] else max(below[b], row[b + 1])
    pairs: list[Pair] = []
    a = b = 0
    while a < rows and b < columns:
        if text[a] == template[b]:
            pairs.append((i + a, j + b))
            a, b = a + 1, b + 1
        elif table[a + 1][b] >= table[a][b + 1]:
            a += 1
        else:
            b += 1
    return pairs
