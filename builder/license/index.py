"""Which templates share 4-word sequences with a text."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from builder.license.templates import Template, templates

GRAM = 4  # words of one sequence
_BITS = 15  # of a word's number; the vocabulary has about 11,000 words
_UNKNOWN = 0  # number of a word that is in no template


class Index:
    """The templates with their words as numbers, and for each 4-word sequence the templates that have it."""

    def __init__(self, texts: Mapping[str, tuple[str, ...]]) -> None:
        self.templates: tuple[Template, ...] = templates(texts)
        vocabulary: dict[str, int] = {}
        self.numbers: list[array[int]] = [
            array("H", [vocabulary.setdefault(w, len(vocabulary) + 1) for w in t.words])
            for t in self.templates
        ]
        self._vocabulary = vocabulary
        self._owners: dict[int, array[int]] = {}
        self.core_grams = [self._add(place) for place in range(len(self.templates))]

    def _add(self, place: int) -> int:
        """Note the sequences of one template; returns how many different ones its core has."""
        template, owners = self.templates[place], self._owners
        found = grams(self.numbers[place])
        for gram in set(found):
            known = owners.get(gram)
            if known is None:
                owners[gram] = array("H", (place,))
            else:
                known.append(place)
        return len(set(found[template.start : template.end - GRAM + 1]))

    def encode(self, words: Iterable[str]) -> list[int]:
        """The words as numbers; 0 for a word that no template has."""
        get = self._vocabulary.get
        return [get(word, _UNKNOWN) for word in words]

    def hits(self, found: Iterable[int]) -> Counter[int]:
        """Template -> number of distinct sequences it shares with these."""
        counter: Counter[int] = Counter()
        get = self._owners.get
        for gram in found:
            owners = get(gram)
            if owners is not None:
                counter.update(owners)
        return counter


def grams(numbers: Sequence[int]) -> list[int]:
    """Each 4-word sequence as one number, in order; 0 where one of the words is unknown."""
    return [
        ((a << _BITS | b) << _BITS | c) << _BITS | d if a and b and c and d else 0
        for a, b, c, d in zip(numbers, numbers[1:], numbers[2:], numbers[3:], strict=False)
    ]
