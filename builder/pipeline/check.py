"""`regdocs check`: what the metadata says of itself, without asking any repository; what the links of the pages lead to,
without writing the site."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from builder.config import Config, is_url
from builder.emit.manifest import read_shard, shard_of
from builder.errors import UsageError
from builder.license.policy import LicensePolicy
from builder.metadata.check import check
from builder.metadata.repository import MetadataRepository
from builder.model.address import Address
from builder.model.artifact import Output, Unit
from builder.model.issue import Issue
from builder.pipeline.build import BuildOptions, site_of
from builder.pipeline.collect import Collected, Collector
from builder.pipeline.make import Maker
from builder.pipeline.packages import PackageRenderer
from builder.pipeline.progress import SILENT, Progress
from builder.pipeline.report import Report
from builder.pipeline.sources import (
    license_judge,
    metadata_folder,
    on_sound_store,
    open_metadata,
    read_overrides,
    refuse_unknown,
)
from builder.store import Store

_TOLD = (
    "LINK",
    "GIT",
    "ARC",
    "BLD",
)  # what is wrong with links, and what keeps them from being looked at


def check_metadata(
    config: Config, addresses: Collection[Address] = (), *, fix: bool = False
) -> tuple[Issue, ...]:
    """All issues of the metadata folder and the licence policy; with addresses, those of their files only.

    Raises UsageError when it is not a folder here, ContentError when an address is not in it.
    """
    LicensePolicy.from_config(config.license)
    if is_url(config.metadata):
        raise UsageError(
            f"{config.metadata}: only a folder can be checked",
            hint="Check out the metadata repository.",
        )
    folder = Path(config.metadata)
    if not folder.is_dir():
        raise UsageError(
            f"{folder}: there is no such folder", hint="Correct plugins.registry.metadata."
        )
    if addresses:
        refuse_unknown(addresses, MetadataRepository(folder, policy=config.policy).addresses())
    return check(folder, fix=fix, addresses=addresses or None, policy=config.policy)


def check_links(config: Config, options: BuildOptions, progress: Progress = SILENT) -> Report:
    """What the links of the newest state lead to: what is new in the repositories is taken into the store as a build
    does, and every version with pages is rendered for nothing but its links, unless the last build knows them. Only the
    cache is written. Raises RegistryError like a build."""
    return on_sound_store(config, progress, lambda: _check_links(config, options, progress))


def _check_links(config: Config, options: BuildOptions, progress: Progress) -> Report:
    report = Report()
    with Store(config.cache, on_damage=progress.note) as store:
        metadata = metadata_folder(config, ingest=options.ingest)
        catalog = open_metadata(metadata, config, report)
        known = {entry.address for entry in catalog.entries}
        refuse_unknown(options.addresses, known)
        judge = license_judge(config, read_overrides(metadata, config, report), store)
        collector = Collector(config, Maker(config, store, judge), catalog)
        writer = _Nobody(config.site_dir)
        renderer = PackageRenderer(config, store, writer, site_of(config), known, report)
        wanted = options.addresses or known
        entries = [entry for entry in catalog.entries if entry.address in wanted]
        progress.begin("links", len(entries))
        found: Iterator[Collected] = (
            collector.collect(entries) if options.ingest else map(collector.from_store, entries)
        )
        for collected in found:
            collector.completed(collected, renderer.check_links).tell(report)
            progress.step(collected.entry.address.path)
        progress.end()
    report.issues = {found for found in report.issues if found.code.startswith(_TOLD)}
    return report


class _Nobody:
    """Stands where the writer of the site stands in a build: takes all units and writes none. What the site knows since
    the last build need not be made again."""

    def __init__(self, site: Path) -> None:
        self._site = site
        self._shards: dict[str, dict[str, Unit]] = {}

    def known(self, name: str) -> Unit | None:
        """The unit of the site with this name."""
        shard = shard_of(name)
        if shard not in self._shards:
            self._shards[shard] = read_shard(self._site, shard)
        return self._shards[shard].get(name)

    def keep(self, name: str) -> Unit | None:
        """The same: nothing has to be taken over."""
        return self.known(name)

    def write(self, name: str, key: str, outputs: Iterable[Output]) -> Unit:
        """Make the outputs and drop them."""
        for _ in outputs:
            pass
        return Unit(name, key, ())

    def add_uses(self, name: str, uses: Iterable[tuple[str, bool]]) -> None:
        """Nothing: nobody asks again."""
