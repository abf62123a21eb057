"""Which licenses a text consists of. Greedy: the template that explains most words of what is left, six times over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.license.align import Alignment, Gap, align, unique_grams
from builder.license.index import Index, grams
from builder.license.templates import MIN_WORDS, Template
from builder.license.texts import LicenseTexts
from builder.license.wording import wording

ROUNDS = 6
_CANDIDATES = 8  # templates aligned in one round
_SHARE = 0.2  # of a core's sequences that a candidate has, at least
_MISSING_COST = 3  # a missing word weighs as much as three that are there
_NAME_COST = 1  # one that a name may stand for weighs less
_CACHED = 64  # templates whose sequences are kept


@dataclass(frozen=True, slots=True)
class Difference:
    """One place inside a match: `missing` words of the template, `added` words of the text in their place, and the
    template's words just before and after."""

    missing: tuple[str, ...]
    added: tuple[str, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """One template found in a text. `missing` counts words of the core."""

    template: Template
    missing: int
    differences: tuple[Difference, ...]

    @property
    def coverage(self) -> float:
        """Share of the core's words that are present, 0..1."""
        return 1 - self.missing / self.template.size


@dataclass(frozen=True, slots=True)
class Matches:
    """All matches in a text of `total` words, and the runs of words that belong to none."""

    total: int
    matches: tuple[Match, ...]
    left_over: tuple[tuple[str, ...], ...]


class Matcher:
    """Finds the templates of a set of texts. Building one takes a second or two; using one changes nothing but a
    small cache."""

    def __init__(self, texts: Mapping[str, tuple[str, ...]]) -> None:
        self._index = Index(texts)
        table = wording()
        names = table["parties"] | table["articles"] | table["connectives"]
        self._names = frozenset(self._index.encode(sorted(names)))
        self._unique: dict[int, dict[int, int]] = {}
        self.steps = 0  # words looked at, over all alignments: what the time grows with

    @property
    def templates(self) -> tuple[Template, ...]:
        """Every template, sorted by reported id."""
        return self._index.templates

    def match(self, words: Sequence[str]) -> Matches:
        """The templates found in these words."""
        numbers = self._index.encode(words)
        taken = [False] * len(words)
        found: list[Match] = []
        while len(found) < ROUNDS:
            best = self._best(numbers)
            if best is None:
                break
            place, alignment = best
            found.append(self._match(place, alignment, words, taken))
            for i, _ in alignment.pairs:
                numbers[i], taken[i] = 0, True
        return Matches(len(words), tuple(found), tuple(_runs(words, taken)))

    def _best(self, numbers: Sequence[int]) -> tuple[int, Alignment] | None:
        """The candidate with the best balance of covered and missing words; None when no balance is positive."""
        text_grams = grams(numbers)
        left = sum(1 for number in numbers if number)
        best: tuple[int, int, int] | None = None
        chosen = Alignment(())
        for place in self._candidates(text_grams):
            template = self._index.templates[place]
            if best is not None and (min(left, len(template.words)), 0, -place) <= best:
                continue  # even if every word agreed
            unique = self._unique_grams(place)
            alignment = align(numbers, text_grams, self._index.numbers[place], unique)
            self.steps += len(numbers) + len(template.words)
            covered = len(alignment.pairs)
            rank = (covered - self._cost(alignment, place), _density(alignment), -place)
            if covered >= MIN_WORDS and rank[0] > 0 and (best is None or rank > best):
                best, chosen = rank, alignment
        return None if best is None else (-best[2], chosen)

    def _cost(self, alignment: Alignment, place: int) -> int:
        """What the missing words of the core weigh."""
        template, numbers = self._index.templates[place], self._index.numbers[place]
        there = {j for _, j in alignment.pairs}
        missing = [numbers[j] for j in range(template.start, template.end) if j not in there]
        names = sum(number in self._names for number in missing)
        return _MISSING_COST * (len(missing) - names) + _NAME_COST * names

    def _candidates(self, text_grams: Sequence[int]) -> list[int]:
        """The templates worth an alignment, most promising first."""
        hits = self._index.hits(set(text_grams) - {0})
        cores = self._index.core_grams
        ranked = sorted(
            (-(count - 0.75 * max(0, cores[place] - count)), place)
            for place, count in hits.items()
            if count >= max(2, _SHARE * cores[place])
        )
        return [place for _, place in ranked[:_CANDIDATES]]

    def _unique_grams(self, place: int) -> dict[int, int]:
        known = self._unique.get(place)
        if known is None:
            if len(self._unique) >= _CACHED:
                self._unique.clear()
            known = self._unique[place] = unique_grams(grams(self._index.numbers[place]))
        return known

    def _match(
        self, place: int, alignment: Alignment, words: Sequence[str], taken: Sequence[bool]
    ) -> Match:
        template = self._index.templates[place]
        size = len(template.words)
        differences = tuple(
            difference
            for gap in alignment.gaps(size)
            if (difference := _difference(gap, template, words, taken))
        )
        return Match(template, _missing(alignment, template), differences)


def _missing(alignment: Alignment, template: Template) -> int:
    inside = sum(template.start <= j < template.end for _, j in alignment.pairs)
    return template.size - inside


def _density(alignment: Alignment) -> int:
    """Minus the number of words between the first and the last that agree with nothing."""
    pairs = alignment.pairs
    return len(pairs) - (pairs[-1][0] - pairs[0][0] + 1) if pairs else 0


def _difference(
    gap: Gap, template: Template, words: Sequence[str], taken: Sequence[bool]
) -> Difference | None:
    """The difference at a gap; None outside the core."""
    inside_title = 0 < gap.start < gap.stop < template.start
    if not inside_title and (gap.stop <= template.start or gap.start >= template.end):
        return None  # beside the core: what is added there is left over, no more
    start = gap.start if inside_title else max(gap.start, template.start)
    stop = min(gap.stop, template.end)
    missing = template.words[start:stop] if start < stop else ()
    added = tuple(words[i] for i in range(gap.begin, gap.end) if not taken[i])
    if not missing and not added:
        return None
    before = template.words[gap.start - 1] if gap.start else ""
    after = template.words[gap.stop] if gap.stop < len(template.words) else ""
    return Difference(missing, added, before, after)


def _runs(words: Sequence[str], taken: Sequence[bool]) -> Iterator[tuple[str, ...]]:
    """The words that are not taken, as they stand together."""
    run: list[str] = []
    for word, used in zip(words, taken, strict=True):
        if used and run:
            yield tuple(run)
            run = []
        elif not used:
            run.append(word)
    if run:
        yield tuple(run)


_SHARED: dict[str, Matcher] = {}  # by the hash of the data


def shared_matcher(texts: LicenseTexts) -> Matcher:
    """The matcher of these texts: building it takes a second or two, so it is built when first needed and shared."""
    if texts.sha256 not in _SHARED:
        _SHARED[texts.sha256] = Matcher(texts.texts)
    return _SHARED[texts.sha256]
