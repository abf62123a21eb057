"""Does a difference between a text and its template change the meaning? The words to go by are in wording.json.

A difference is harmless when it only fills in a name, changes an article or the numbering, or misspells a word. In a
short text everything else counts; in a longer one a few words that turn nothing around are let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from builder.license.matcher import Difference, Match
from builder.license.wording import wording

SHORT = (
    260  # words of a core: below it every difference counts (the BSD licenses and ICU are under it)
)
_NAME_WORDS = 12  # added in place of a name, at most
_FEW_MISSING, _FEW_ADDED = 3, 8  # words of one harmless difference in a long text
_TOGETHER = 60  # words of all such differences, at most, numbering included
_TYPO_LENGTH = 6  # letters of a word that can be misspelled
_NUMBERING = re.compile(r"\d{1,2}|[a-z]|[ivx]{1,5}")


def is_numbering(words: Iterable[str]) -> bool:
    """True when all words are numbers of sections or list items."""
    return all(_NUMBERING.fullmatch(word) for word in words)


def changes(match: Match) -> tuple[Difference, ...]:
    """The differences that may change the meaning."""
    counting = tuple(d for d in match.differences if not _harmless(d))
    if match.template.size < SHORT:
        return counting
    small = [d for d in counting if _is_small(d)]
    if sum(len(d.missing) + len(d.added) for d in small) > _TOGETHER:
        return counting
    return tuple(d for d in counting if d not in small)


def operative_missing(match: Match) -> tuple[str, ...]:
    """The missing words that a grant lives by, sorted."""
    operative = wording()["operative"]
    return tuple(sorted({w for d in changes(match) for w in d.missing if w in operative}))


def _harmless(difference: Difference) -> bool:
    missing, added = difference.missing, difference.added
    articles = wording()["articles"]
    if all(w in articles or is_numbering((w,)) for w in added) and articles.issuperset(missing):
        return True
    return _is_name(difference) or _is_known(difference) or _is_typo(missing, added)


def _is_small(difference: Difference) -> bool:
    """A few words, of which none turns a meaning around."""
    missing = [w for w in difference.missing if not is_numbering((w,))]
    added = [w for w in difference.added if not is_numbering((w,))]
    turning = wording()["turning"]
    few = len(missing) <= _FEW_MISSING and len(added) <= _FEW_ADDED
    return few and turning.isdisjoint(missing) and turning.isdisjoint(added)


def _is_name(difference: Difference) -> bool:
    """A name in the place of "the copyright holder", "its contributors" and the like."""
    table = wording()
    parties: frozenset[str] = table["parties"]
    around = {difference.before, difference.after, *difference.missing}
    if parties.isdisjoint(around):
        return False
    plain = parties | table["articles"] | table["connectives"]
    turning = table["turning"] - {"all", "any"}
    added = difference.added
    return (
        plain.issuperset(difference.missing)
        and len(added) <= _NAME_WORDS
        and turning.isdisjoint(added)
    )


def _is_known(difference: Difference) -> bool:
    table = wording()
    missing, added = " ".join(difference.missing), " ".join(difference.added)
    if not missing and added in table["harmless_additions"]:
        return True
    return any(
        (missing, added) == (old, new) and before in {"", difference.before}
        for old, new, before in table["harmless_exchanges"]
    )


def _is_typo(missing: Sequence[str], added: Sequence[str]) -> bool:
    """One long word with a letter lost, doubled or changed, which gives no word that matters."""
    if len(missing) != 1 or len(added) != 1 or len(missing[0]) < _TYPO_LENGTH:
        return False
    table = wording()
    right, wrong = missing[0], added[0]
    matters = table["turning"] | table["operative"]
    return right not in matters and wrong not in matters and _distance_is_one(right, wrong)


def _distance_is_one(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    place = 0
    while place < min(len(one), len(other)) and one[place] == other[place]:
        place += 1
    return any(one[place + a :] == other[place + b :] for a, b in ((1, 0), (0, 1), (1, 1)))
