"""One build, from metadata to a finished site: collect what is to be shown, render what is new, put it in place."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from builder.api import docs_v1
from builder.api.openapi import render_openapi
from builder.config import Config
from builder.emit.tree import SiteWriter
from builder.license.judge import Judge
from builder.license.overrides import Override, repository_path, stale_overrides
from builder.markdown import engine_of
from builder.metadata.repository import MetadataRepository
from builder.model.address import Address
from builder.model.artifact import Output
from builder.model.docs import ReleaseDocs
from builder.model.entry import Catalog, Entry
from builder.model.snapshot import Repository
from builder.model.summary import PackageSummary
from builder.pages import render as pages
from builder.pages.site import Site
from builder.pipeline.collect import Collected, Collector
from builder.pipeline.garbage import seldom_collected
from builder.pipeline.handbook import PREFIX, build_handbook, handbook_key
from builder.pipeline.make import Maker
from builder.pipeline.packages import PackageRenderer, unit_key
from builder.pipeline.progress import SILENT, Progress
from builder.pipeline.registry import RegistryRenderer
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


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What the call says beside the configuration."""

    addresses: frozenset[Address] = frozenset()  # look at these only; empty: at all
    ingest: bool = True  # False: ask no repository
    handbook: Iterable[Output] | None = None  # built already, by `mkdocs build`


def build_site(config: Config, options: BuildOptions, progress: Progress = SILENT) -> Report:
    """Build the whole site. Raises RegistryError when nothing can be built; what is odd is in the report."""
    with seldom_collected():
        return on_sound_store(config, progress, lambda: _build(config, options, progress))


def _build(config: Config, options: BuildOptions, progress: Progress) -> Report:
    started = time.monotonic()
    report = Report()
    with (
        SiteWriter(config.site_dir) as writer,
        Store(config.cache, on_damage=progress.note) as store,
    ):
        metadata = metadata_folder(config, ingest=options.ingest)
        repository = MetadataRepository(metadata, policy=config.policy)
        catalog = open_metadata(metadata, config, report, repository=repository)
        refuse_unknown(options.addresses, {entry.address for entry in catalog.entries})
        overrides = read_overrides(metadata, config, report)
        judge = license_judge(config, overrides, store)
        build = _Build(config, options, progress, report, writer, store, catalog, judge)
        summaries = list(build.packages())
        build.site_units(summaries)
        registry = RegistryRenderer(config, repository, writer, report)
        for entry in catalog.entries:
            registry.render(entry)
        registry.site()
        report.issues |= set(stale_overrides(overrides, build.documented(overrides, summaries)))
        manifest = writer.commit()
    report.units = len(manifest.units)
    report.files = sum(len(unit.items) for unit in manifest.units.values())
    report.bytes = sum(item.size for unit in manifest.units.values() for item in unit.items)
    report.digest = manifest.digest
    report.seconds = time.monotonic() - started
    return report


def site_of(config: Config) -> Site:
    """What pages may know of the whole site. Raises UsageError when a Markdown engine is named that is not installed."""
    engine_of(config.html.engine)
    return Site(
        name=config.site_name,
        url=config.site_url,
        description=config.site_description,
        handbook=PREFIX if config.docs_dir.is_dir() else "",
        terraform_host=config.public_host,
        opentofu_host=config.public_host,
        footer=config.footer,
        file_links=config.html.links == "file",
        cdktf=config.html.cdktf,
        archives=config.html.archives,
        announcement=config.announcement,
        engine=config.html.engine,
        templates=(config.templates,) if config.templates else (),
    )


@dataclass(frozen=True, slots=True)
class _Build:
    """The parts of one running build."""

    config: Config
    options: BuildOptions
    progress: Progress
    report: Report
    writer: SiteWriter
    store: Store
    catalog: Catalog
    judge: Judge

    def packages(self) -> Iterator[PackageSummary]:
        """Collect and render every package; the summaries are sorted by address."""
        entries = self.catalog.entries
        collector = Collector(self.config, Maker(self.config, self.store, self.judge), self.catalog)
        renderer = PackageRenderer(
            self.config,
            self.store,
            self.writer,
            self.site,
            {e.address for e in entries},
            self.report,
        )
        asked = [e for e in entries if self._asked(e)]
        made: dict[Address, PackageSummary] = {}
        self.progress.begin("packages", len(entries))
        for collected in self._collected(collector, asked):
            address = collected.entry.address
            made[address] = self._render(renderer, collector, collected)
            self.progress.step(address.path)
        self.progress.end()
        return (made[entry.address] for entry in entries)

    def _asked(self, entry: Entry) -> bool:
        wanted = self.options.addresses
        return self.options.ingest and (not wanted or entry.address in wanted)

    def _collected(self, collector: Collector, asked: Sequence[Entry]) -> Iterator[Collected]:
        chosen = {entry.address for entry in asked}
        for entry in self.catalog.entries:
            if entry.address not in chosen:
                yield collector.from_store(entry)
        yield from collector.collect(asked)

    def _render(
        self, renderer: PackageRenderer, collector: Collector, collected: Collected
    ) -> PackageSummary:
        collected = collector.completed(collected, renderer.render)
        collected.tell(self.report)
        return collected.summary

    @property
    def site(self) -> Site:
        """What pages may know of the whole site."""
        return site_of(self.config)

    def site_units(self, summaries: Sequence[PackageSummary]) -> None:
        """The units that belong to no package: lists, assets, API description, handbook."""
        site = self.site
        look = pages.lists_version(site)
        named = {summary.address: unit_key(summary) for summary in summaries}
        self._unit(
            "site/pages", unit_key(look, *named.values()), pages.render_catalog(site, summaries)
        )
        totals = Counter(summary.address.kind for summary in summaries)
        for letter, members in pages.shards(summaries).items():
            key = unit_key(look, repr(sorted(totals.items())), *(named[s.address] for s in members))
            made = pages.render_shard(site, letter, members, totals=totals)
            self._unit(f"site/lists/{letter}", key, made)
        self._unit("site/assets", unit_key(look), pages.render_assets(site))
        self._unit(
            "site/api", unit_key(docs_v1.API_VERSION, summaries), docs_v1.render_catalog(summaries)
        )
        self._unit("site/openapi", unit_key(docs_v1.API_VERSION), render_openapi())
        if self.config.docs_dir.is_dir():
            handbook = self.options.handbook or build_handbook(self.config)
            self._unit("site/handbook", handbook_key(self.config), handbook)

    def documented(
        self, overrides: Iterable[Override], summaries: Sequence[PackageSummary]
    ) -> Iterator[ReleaseDocs]:
        """The releases of all repositories that license overrides are about."""
        named = {override.repo for override in overrides}
        for summary in summaries:
            if repository_path(Repository(summary.link)) in named:
                kept = (
                    self.store.release(summary.address, str(v.version)) for v in summary.documented
                )
                yield from filter(None, kept)

    def _unit(self, name: str, key: str, outputs: Iterable[Output]) -> None:
        known = self.writer.known(name)
        if known is not None and known.key == key and self.writer.keep(name):
            self.report.units_unchanged += 1
        else:
            self.writer.write(name, key, outputs)
