"""Which pages a package once had and its newest version has no more: they still answer under `latest`.

Nothing of an older version is read for this but the names of its pages, once for each set of names that differs, and
only when a version or its set is new.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from hashlib import sha256

from builder.model.summary import PackageSummary, VersionSummary
from builder.store import Store, StoreError, Typed

Removed = tuple[tuple[str, tuple[str, ...]], ...]  # version -> names of pages, in order


def set_name(pages: Iterable[str]) -> str:
    """The name of a set of pages, which are named by their directories below the release's root."""
    return sha256("\n".join(sorted(pages)).encode("utf-8", "replace")).hexdigest()[:32]


class PageSets:
    """Sets of pages by name, in the store."""

    def __init__(self, store: Store) -> None:
        self._kept = store.memo("page-sets")
        self._known = Typed(store.memo("removed-pages"), Removed)

    def keep(self, pages: Iterable[str]) -> None:
        """Keep a set."""
        names = sorted(pages)
        self._kept[set_name(names)] = zlib.compress(json.dumps(names).encode())

    def read(self, name: str) -> frozenset[str]:
        """A set by its name. Raises StoreError when it is not there or cannot be read."""
        try:
            return frozenset(json.loads(zlib.decompress(self._kept[name])))
        except (KeyError, ValueError, TypeError, zlib.error) as error:
            raise StoreError(f"page set {name} is not in the store") from error

    def removed(self, summary: PackageSummary) -> Removed:
        """The pages that the newest version lacks, under the best version that has them: newest stable and not yanked
        before others. Raises StoreError when a set is missing."""
        newest = summary.newest
        if newest is None:
            return ()
        others = [v for v in sorted(summary.documented, key=_rank, reverse=True) if v is not newest]
        rows = "\n".join([newest.page_set, *(f"{v.version} {v.page_set}" for v in others)])
        key = f"{summary.address.path} {sha256(rows.encode()).hexdigest()}"
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._lacking(newest, others)
        return known

    def lasting(self, summary: PackageSummary) -> frozenset[str]:
        """All pages that answer under `latest`: those of the newest version, and those that it lacks. Raises StoreError
        when a set is missing."""
        if summary.newest is None:
            return frozenset()
        older = (name for _, names in self.removed(summary) for name in names)
        return self.read(summary.newest.page_set).union(older)

    def _lacking(self, newest: VersionSummary, others: Iterable[VersionSummary]) -> Removed:
        seen_sets = {newest.page_set}
        seen = set(self.read(newest.page_set))
        found = []
        for version in others:
            if version.page_set in seen_sets:
                continue
            seen_sets.add(version.page_set)
            missing = self.read(version.page_set) - seen
            if missing:
                found.append((str(version.version), tuple(sorted(missing))))
                seen |= missing
        return tuple(found)


def _rank(version: VersionSummary) -> tuple[object, ...]:
    return (not version.yanked, version.version.is_stable, version.version)
