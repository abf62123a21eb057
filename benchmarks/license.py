"""Claim: recognizing a license costs less than comparing its words with those of every text of the list.

Reference: the similarity of word sets (Dice) with each SPDX text, over the same files in the same run. Both are asked
for texts of the list, as people have them: with a copyright line and wrapped anew, and for a folder of files if one is
named. Further lines: the index, the memory it takes, and how the time grows on hostile text.

    python benchmarks/license.py [FOLDER]
"""

from __future__ import annotations

import resource
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from builder.license.findings import examine
from builder.license.matcher import Matcher
from builder.license.texts import LicenseTexts, load_texts
from builder.license.words import decode, words

SAMPLE = 7  # every seventh text of the list


def megabytes() -> float:
    """Most memory that was resident so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def samples(texts: LicenseTexts, arguments: Sequence[str]) -> list[bytes]:
    if arguments:
        return [
            path.read_bytes() for path in sorted(Path(arguments[0]).iterdir()) if path.is_file()
        ]
    chosen = [texts.texts[spdx][0] for spdx in sorted(texts.texts)[::SAMPLE]]
    return [f"Copyright 2020 Acme\n\n{textwrap.fill(t, 60)}".encode() for t in chosen]


def percentiles(label: str, seconds: list[float]) -> float:
    ordered = sorted(1000 * value for value in seconds)
    half, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    print(f"{label:<34}median {half:8.2f} ms   p95 {most:8.2f} ms   of {len(ordered)} files")
    return sum(ordered)


def main(arguments: Sequence[str]) -> None:
    texts, issues = load_texts()
    if issues:
        sys.exit(issues[0].message)
    before = megabytes()
    started = time.process_time()
    matcher = Matcher(texts.texts)
    print(
        f"index: {time.process_time() - started:.2f} s, {megabytes():.0f} MB resident ({before:.0f} before)"
    )
    files = samples(texts, arguments)
    sets = [frozenset(words(found[0])) for found in texts.texts.values()]

    def reference(data: bytes) -> float:
        mine = frozenset(words(decode(data)))
        return max(2 * len(mine & other) / (len(mine) + len(other) or 1) for other in sets)

    ours: list[float] = []
    theirs: list[float] = []
    for data in files:
        ours.append(timed(partial(examine, data, matcher)))
        theirs.append(timed(partial(reference, data)))
    mine = percentiles("recognition", ours)
    other = percentiles("reference: similarity of word sets", theirs)
    print(f"ratio over all files: {mine / other:.2f}")
    every = "\n\n".join(found[0] for found in texts.texts.values())
    for label, base in (("one word", "permission "), ("one sequence", "permission is hereby granted "),
                        ("one license", texts.texts["MIT"][0] + "\n\n"), ("every text", every)):  # fmt: skip
        half, whole = (
            timed(partial(examine, (base * (size // len(base) + 1))[:size].encode(), matcher))
            for size in (500_000, 1_000_000)
        )
        print(f"1 MB of {label:<14}{whole:6.2f} s, {whole / half:.1f} times that of half of it")


if __name__ == "__main__":
    main(sys.argv[1:])
