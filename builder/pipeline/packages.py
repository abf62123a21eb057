"""One package: which of its units are new, and making those. Nothing is decoded or rendered for what is unchanged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from hashlib import sha256
from typing import Protocol

from builder.api import docs_v1
from builder.config import Config
from builder.errors import RegistryError
from builder.markdown import RENDER_VERSION
from builder.model.address import Address
from builder.model.artifact import Output, Unit
from builder.model.docs import ReleaseDocs
from builder.model.issue import Issue, Location, issue
from builder.model.summary import PackageSummary, VersionSummary
from builder.pages import render as pages
from builder.pages.addresses import is_cdktf
from builder.pages.site import Site
from builder.pipeline.collect import Collected
from builder.pipeline.removed import PageSets
from builder.pipeline.report import Report
from builder.schema.module.project import project_v1
from builder.store import Memo, Store, StoreError, Typed, encode

LATEST = "latest"


def unit_key(*inputs: object) -> str:
    """A name for the inputs of a unit. Nouns, and lists of nouns, count by their content."""
    return sha256("\n".join(_text(value) for value in inputs).encode()).hexdigest()


def _text(value: object) -> str:
    return value if isinstance(value, str) else encode(value)


class UnitWriter(Protocol):
    """What takes units of the site: the writer, or nobody."""

    def known(self, name: str) -> Unit | None:
        """The unit as it was made the last time."""
        ...

    def keep(self, name: str) -> Unit | None:
        """Take it over; None when that is not possible."""
        ...

    def write(self, name: str, key: str, outputs: Iterable[Output]) -> Unit:
        """Take a unit that was made now."""
        ...

    def add_uses(self, name: str, uses: Iterable[tuple[str, bool]]) -> None:
        """State the questions whose answers the unit depends on."""
        ...


class Hosted:
    """Answers what is in this registry, and remembers what it was asked: packages, and of the own package versions and
    pages that answer under `latest`."""

    def __init__(
        self,
        packages: Collection[str],
        own: PackageSummary,
        lasting: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        """`packages` are the paths of all packages of the registry; `lasting` gives the names of the pages under
        `latest`."""
        self._packages, self._own = packages, own.address.path
        self._lasting = lasting
        self._versions = frozenset(v.version.segment for v in own.versions if v.has_pages)
        self.asked: dict[str, bool] = {}

    def __call__(self, address: Address) -> bool:
        """True when the package is in this registry."""
        self.asked[address.path] = answer = address.path in self._packages
        return answer

    def __contains__(self, segment: object) -> bool:
        """True when the own package has pages for a version with this segment."""
        answer = segment in self._versions
        self.asked[f"{self._own}/{segment}"] = answer
        return answer

    def lasting(self, page: str) -> bool:
        """True when the own package has this page under `latest`, be it of an older version."""
        self.asked[f"{self._own}/{LATEST}/{page}"] = answer = page in self._lasting()
        return answer

    def still(self, uses: Iterable[tuple[str, bool]]) -> bool:
        """True when earlier answers would be given again."""
        return all(self._answer(path) == answer for path, answer in uses)

    def _answer(self, path: str) -> bool:
        own, _, page = path.partition(f"/{LATEST}/")
        if page and own == self._own:
            return page in self._lasting()
        own, _, segment = path.rpartition("/")
        return path in self._packages or (own == self._own and segment in self._versions)


class CountingBodies:
    """The body cache, counting what is put into it: the bodies that were rendered now."""

    def __init__(self, memo: Memo, report: Report) -> None:
        self._memo, self._report = memo, report

    def get(self, key: str) -> bytes | None:
        """The entry, or None."""
        return self._memo.get(key)

    def __setitem__(self, key: str, value: bytes) -> None:
        self._report.rendered += 1
        self._memo[key] = value


class PackageRenderer:
    """Renders packages into the site. One for a whole build."""

    def __init__(
        self,
        config: Config,
        store: Store,
        writer: UnitWriter,
        site: Site,
        addresses: Collection[Address],
        report: Report,
    ) -> None:
        self._config, self._store, self._writer, self._site = config, store, writer, site
        self._packages = frozenset(address.path for address in addresses)
        self._report = report
        self._project = partial(project_v1, host=next(iter(config.hosts), ""))
        self._bodies = CountingBodies(store.memo("bodies"), report)
        self._link_issues = Typed(store.memo("link-issues"), tuple[Issue, ...])
        self._shown = (pages.pages_version(site), RENDER_VERSION)
        self._lists = pages.lists_version(site)
        self._page_sets = PageSets(store)
        self._lasting_of: tuple[Address | None, frozenset[str]] = (None, frozenset())

    def render(self, collected: Collected) -> None:
        """Make the units of a package that are new, take over the others. Raises StoreError when the store lacks a
        text; any other fault costs the unit, which stays as it was in the previous site."""
        address = collected.entry.address
        read = self._store.read_blob
        for version in collected.summary.documented:
            docs = _Lazy(self._store, address, version)
            key = collected.keys[str(version.version)]
            base = f"{address.path}/{version.version.segment}"
            self._unit(
                f"{base}/api",
                unit_key(key, docs_v1.API_VERSION, self._config.hosts),
                lambda docs=docs: docs_v1.render_release(docs(), read, self._project),  # type: ignore[misc]
            )
            if version.has_pages:
                self._pages(collected.summary, base, key, docs, version.version.segment)
        newest = collected.summary.newest
        if newest is not None:
            key = collected.keys[str(newest.version)]
            docs = _Lazy(self._store, address, newest)
            self._pages(collected.summary, f"{address.path}/{LATEST}", key, docs, LATEST)
            self._removed(collected)
            if self._config.html.legacy_addresses:
                key = unit_key(key, self._lists, collected.summary, "legacy addresses")
                self._unit(
                    f"{address.path}/legacy",
                    key,
                    lambda: pages.render_legacy(self._site, collected.summary, docs()),
                )
        self._package(collected.summary)

    def _removed(self, collected: Collected) -> None:
        """The pages that the newest version no longer has, each from the last version that had it."""
        summary = collected.summary
        removed = tuple(
            (version, kept)
            for version, names in self._page_sets.removed(summary)
            if (kept := tuple(n for n in names if self._site.cdktf or not is_cdktf(n)))
        )
        if not removed:
            return
        by_version = {str(v.version): v for v in summary.documented}
        hosted = Hosted(self._packages, summary, lambda: self._lasting(summary))
        parts = [(collected.keys[v], str(by_version[v].has_pages), *names) for v, names in removed]
        key = unit_key(*self._shown, repr(self._config.hosts), *("\n".join(p) for p in parts))

        def outputs() -> Iterator[Output]:
            for version, names in removed:
                yield from pages.render_removed(
                    self._site,
                    _Lazy(self._store, summary.address, by_version[version])(),
                    self._store.read_blob,
                    self._bodies,
                    names,
                    hosts=self._config.hosts,
                    packages=hosted,
                    versions=hosted,
                    lasting=hosted.lasting,
                    has_pages=by_version[version].has_pages,
                )

        self._unit(f"{summary.address.path}/{LATEST}/removed", key, outputs, hosted)

    def check_links(self, collected: Collected) -> None:
        """Make the pages of all versions, for nothing but what their links lead to. Raises StoreError as render does."""
        address = collected.entry.address
        for version in collected.summary.documented:
            if version.has_pages:
                segment = version.version.segment
                docs = _Lazy(self._store, address, version)
                key = collected.keys[str(version.version)]
                self._pages(collected.summary, f"{address.path}/{segment}", key, docs, segment)

    def _package(self, summary: PackageSummary) -> None:
        path = summary.address.path
        key = unit_key(self._lists, summary)
        self._unit(path, key, lambda: pages.render_package(self._site, summary))
        key = unit_key(docs_v1.API_VERSION, summary)
        self._unit(f"{path}/api", key, lambda: docs_v1.render_package(summary))

    def _pages(
        self, summary: PackageSummary, name: str, key: str, docs: _Lazy, segment: str
    ) -> None:
        hosted = Hosted(self._packages, summary, lambda: self._lasting(summary))
        issues: set[Issue] = set()
        key = unit_key(key, *self._shown, self._config.hosts, segment)

        def outputs() -> Iterator[Output]:
            return pages.render_release(
                self._site,
                docs(),
                self._store.read_blob,
                self._bodies,
                segment=segment,
                hosts=self._config.hosts,
                packages=hosted,
                versions=hosted,
                lasting=hosted.lasting,
                report=issues.add,
            )

        told = f"{name} {key}"
        if self._unit(name, key, outputs, hosted, again=told not in self._link_issues):
            self._link_issues[told] = tuple(sorted(issues, key=lambda i: i.sort_key))
        if segment != LATEST:
            self._report.issues |= set(self._link_issues.get(told, ()))

    def _lasting(self, summary: PackageSummary) -> frozenset[str]:
        """The pages that answer under `latest`."""
        if summary.address != self._lasting_of[0]:
            self._lasting_of = (summary.address, self._page_sets.lasting(summary))
        return self._lasting_of[1]

    def _unit(
        self,
        name: str,
        key: str,
        outputs: Callable[[], Iterator[Output]],
        hosted: Hosted | None = None,
        *,
        again: bool = False,
    ) -> bool:
        """True when the unit was made now, False when it was taken over or could not be made. `again`: it has to be
        made even when it is known."""
        if not again and self._valid(name, key, hosted) and self._writer.keep(name):
            self._report.units_unchanged += 1
            return False
        try:
            with self._store.transaction():
                self._writer.write(name, key, outputs())
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one unit never stops the rest; it is told as our bug
            self._failed(name, error)
            return False
        if hosted is not None:
            self._writer.add_uses(name, hosted.asked.items())
        return True

    def _valid(self, name: str, key: str, hosted: Hosted | None) -> bool:
        known = self._writer.known(name)
        if known is None or known.key != key:
            return False
        return hosted is None or hosted.still(known.uses)

    def _failed(self, name: str, error: Exception) -> None:
        told = (
            f"{error}" if isinstance(error, RegistryError) else f"{type(error).__name__}: {error}"
        )
        self._report.issues.add(issue("BLD001", Location(name), f"cannot be rendered: {told}"))
        if self._writer.keep(name):
            self._report.issues.add(issue("BLD002", Location(name), "the previous pages are kept"))


class _Lazy:
    """A release's docs, decoded only when somebody needs them, and once."""

    def __init__(self, store: Store, address: Address, version: VersionSummary) -> None:
        self._store, self._address, self._version = store, address, version
        self._docs: ReleaseDocs | None = None

    def __call__(self) -> ReleaseDocs:
        if self._docs is None:
            self._docs = self._store.release(self._address, str(self._version.version))
        if self._docs is None:
            raise StoreError(f"{self._address.path} {self._version.version} is not in the store")
        return self._docs
