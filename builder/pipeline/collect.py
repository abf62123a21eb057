"""Metadata -> releases with documentation in the store. Repositories are opened in parallel; one that is gone or slow
costs only itself; a release that fails keeps what was built before, and the report says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from builder.config import Config
from builder.errors import RegistryError
from builder.ingest.pool import Job, open_all
from builder.ingest.source import RepositoryView, failure, snapshots, tag_names
from builder.metadata.repository import repository_url
from builder.model.docs import Status
from builder.model.entry import Catalog, Entry, Release
from builder.model.issue import Issue, Location, issue
from builder.model.snapshot import Repository, Snapshot
from builder.model.summary import PackageSummary, VersionSummary
from builder.pipeline.make import Maker, failed
from builder.pipeline.report import Report
from builder.pipeline.sources import ingest_settings
from builder.store import ReleaseHead, StoreError


@dataclass(frozen=True, slots=True)
class Collected:
    """One package with what is now known of its versions. `keys` names the inputs of each documented version."""

    entry: Entry
    summary: PackageSummary
    keys: dict[str, str]
    issues: tuple[Issue, ...]
    unchanged: int
    kept: int
    reachable: bool

    def tell(self, report: Report) -> None:
        """Add this package to the report."""
        documented = self.summary.documented
        report.packages += 1
        report.reachable += self.reachable
        report.releases += len(documented)
        report.unchanged += self.unchanged
        report.kept += self.kept
        report.failed += sum(version.status is Status.FAILED for version in self.summary.versions)
        report.withheld += sum(version.withheld for version in documented)
        report.documents += sum(sum(version.counts.values()) for version in documented)
        report.issues |= set(self.issues)


class Collector:
    """Brings packages into the store. One for a whole build."""

    def __init__(self, config: Config, maker: Maker, catalog: Catalog) -> None:
        self._config, self._maker, self._catalog = config, maker, catalog
        self._store = maker.store

    def from_store(self, entry: Entry) -> Collected:
        """What the store holds of a package, without asking its repository."""
        found = _Found(self._store.heads(entry.address))
        for release in self._releases(entry):
            found.keep(release, "not read yet", Status.SKIPPED)
        return self._collected(entry, found, reachable=True)

    def collect(self, entries: Sequence[Entry]) -> Iterator[Collected]:
        """Open the packages' repositories and take what is new into the store, in the order in which they answer."""
        settings = ingest_settings(self._config, offline=False)
        jobs = [self._job(entry) for entry in entries]
        by_key = {entry.address.path: entry for entry in entries}
        for result in open_all(jobs, settings, workers=self._config.jobs):
            entry = by_key[result.key]
            if result.view is None:
                assert result.error is not None
                yield self._unreachable(entry, result.error)
                continue
            try:
                yield self._read(entry, result.view)
            except RegistryError as error:
                yield self._unreachable(entry, error)
            finally:
                result.view.close()

    def completed(self, collected: Collected, use: Callable[[Collected], None]) -> Collected:
        """Use what was collected. When the store turns out to lack a text of it, the package's releases are forgotten
        and its repository is read once more; the result is what was used in the end."""
        try:
            use(collected)
        except StoreError:
            self._store.drop_releases(collected.entry.address)
            collected = next(iter(self.collect([collected.entry])))
            use(collected)
        return collected

    def _job(self, entry: Entry) -> Job:
        wanted = {name for release in self._releases(entry) for name in tag_names(release)}
        return Job(entry.address.path, self._repository(entry).url, frozenset(wanted))

    def _releases(self, entry: Entry) -> tuple[Release, ...]:
        """The releases to document. Paths carry no letter case, so of two that differ only in it one is left out."""
        unique = {release.version.docs_segment: release for release in reversed(entry.releases)}
        return self._config.versions.select(
            tuple(r for r in entry.releases if unique[r.version.docs_segment] is r)
        )

    def _same_paths(self, entry: Entry) -> Iterator[Issue]:
        kept = {
            release.version.docs_segment: release.version for release in reversed(entry.releases)
        }
        for release in entry.releases:
            other = kept[release.version.docs_segment]
            if other != release.version:
                where = Location(entry.address.path, str(release.version))
                yield issue(
                    "META005", where, f"differs from {other} only in letter case; {other} is used"
                )

    def _repository(self, entry: Entry) -> Repository:
        url = repository_url(entry, self._config.repositories).removesuffix(".git").rstrip("/")
        patterns = {f"{name}_pattern": pattern for name, pattern in self._config.links.items()}
        return Repository(url, **patterns)

    def _read(self, entry: Entry, view: RepositoryView) -> Collected:
        found = _Found(self._store.heads(entry.address))
        repository = self._repository(entry)
        releases = self._releases(entry)
        for release, checked in snapshots(entry, releases, view, repository, self._config.limits):
            found.issues.extend(checked.issues)
            if checked.value is None:
                reason = checked.issues[0].message if checked.issues else "no such tag"
                found.keep(release, reason, Status.FAILED)
            else:
                self._take(entry, release, checked.value, found)
        return self._collected(entry, found, reachable=True)

    def _take(self, entry: Entry, release: Release, snapshot: Snapshot, found: _Found) -> None:
        key = self._maker.key(entry, release, snapshot)
        head = found.before.get(str(release.version))
        if head is not None and head.key == key:
            found.add(head, unchanged=True)
            return
        where = Location(entry.address.path, str(release.version))
        try:
            head = self._maker.make(entry, release, snapshot, key)
        except RegistryError as error:
            found.issues.append(failure(error, where))
            found.keep(release, str(error), Status.FAILED)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one release never stops the rest
            message = f"{type(error).__name__}: {error}"
            found.issues.append(issue("BLD001", where, message))
            found.keep(release, message, Status.FAILED)
        else:
            found.add(head, unchanged=False)

    def _unreachable(self, entry: Entry, error: RegistryError) -> Collected:
        found = _Found(self._store.heads(entry.address))
        found.issues.append(failure(error, Location(entry.address.path)))
        for release in self._releases(entry):
            found.keep(release, str(error), Status.FAILED)
        return self._collected(entry, found, reachable=False)

    def _collected(self, entry: Entry, found: _Found, *, reachable: bool) -> Collected:
        found.issues.extend(self._same_paths(entry))
        versions = sorted(found.versions, key=lambda version: version.version, reverse=True)
        if found.kept:
            text = f"{found.kept} versions failed now; what was built before is kept"
            found.issues.append(issue("BLD002", Location(entry.address.path), text))
        summary = PackageSummary(
            address=entry.address,
            link=self._repository(entry).url,
            versions=tuple(self._with_pages(versions)),
            description=entry.description,
            warnings=entry.warnings,
            blocked=entry.blocked,
            canonical=entry.canonical,
            reverse_aliases=self._catalog.reverse_aliases(entry.address),
            popularity=entry.popularity,
            fork_count=entry.fork_count,
        )
        issues = tuple(found.issues)
        return Collected(entry, summary, found.keys, issues, found.unchanged, found.kept, reachable)

    def _with_pages(self, versions: Sequence[VersionSummary]) -> Iterator[VersionSummary]:
        """Which versions get HTML: the newest N that are documented."""
        most, count = self._config.html.versions, 0
        for version in versions:
            count += version.has_docs
            fits = version.has_docs and (not most or count <= most)
            yield version if version.has_pages == fits else replace(version, has_pages=fits)


class _Found:
    """What is found out of one package while its releases are looked at."""

    def __init__(self, before: dict[str, ReleaseHead]) -> None:
        self.before = before
        self.versions: list[VersionSummary] = []
        self.keys: dict[str, str] = {}
        self.issues: list[Issue] = []
        self.unchanged = 0
        self.kept = 0

    def add(self, head: ReleaseHead, *, unchanged: bool) -> None:
        """A release that is documented."""
        self.versions.append(head.summary)
        self.keys[str(head.summary.version)] = head.key
        self.issues.extend(head.issues)
        self.unchanged += unchanged

    def keep(self, release: Release, reason: str, status: Status) -> None:
        """A release that cannot be read now: what was built before, else nothing but the reason."""
        head = self.before.get(str(release.version))
        if head is None:
            self.versions.append(failed(release, reason, status=status))
            return
        self.add(head, unchanged=True)
        self.kept += status is Status.FAILED
