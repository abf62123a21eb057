"""The units that clients install from. They depend on the metadata only, so they are made anew whenever it changes,
whatever has become of the repositories."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from urllib.parse import urlsplit

from builder.api.hosting import HOSTING_VERSION, render_hosting
from builder.api.network_mirror import MIRROR_VERSION, render_mirror
from builder.api.registry_v1 import (
    REGISTRY_VERSION,
    registry_issues,
    render_discovery,
    render_registry,
)
from builder.config import Config
from builder.emit.tree import SiteWriter
from builder.metadata.repository import MetadataRepository, repository_url
from builder.model.address import Kind
from builder.model.artifact import Output
from builder.model.entry import Entry, SigningKey
from builder.model.issue import Location, issue
from builder.pipeline.report import Report

_Outputs = Callable[[], Iterable[Output]]


class RegistryRenderer:
    """Renders what clients install from. One for a whole build."""

    def __init__(
        self, config: Config, metadata: MetadataRepository, writer: SiteWriter, report: Report
    ) -> None:
        self._config, self._metadata, self._writer = config, metadata, writer
        self._report = report
        self._prefix = site_prefix(config.site_url)

    def render(self, entry: Entry) -> None:
        """Make the unit of a package when its metadata or keys are new."""
        if not self._config.registry.enabled or entry.address.kind is Kind.PACKAGE:
            return
        keys: tuple[SigningKey, ...] = ()
        if entry.address.kind is Kind.PROVIDER:
            checked = self._metadata.keys(entry)
            keys = checked.value
            self._report.issues |= {*checked.issues, *registry_issues(entry, keys)}
        url = repository_url(entry, self._config.repositories)
        hosts = self._config.registry.mirror_hosts
        # Everything that the objects show; repr of nouns names all fields and costs a fifth of encoding them.
        shown = (entry.address, entry.releases, entry.warnings, entry.canonical)
        inputs = (REGISTRY_VERSION, MIRROR_VERSION, self._prefix, url, hosts, keys, shown)

        def outputs() -> Iterable[Output]:
            yield from render_registry(entry, keys, repository=url)
            yield from render_mirror(entry, hosts, prefix=self._prefix)

        self._unit(f"{entry.address.path}/registry", repr(inputs), outputs)

    def site(self) -> None:
        """Make the units that belong to no package: service discovery and configuration of hosts."""
        prefix = self._prefix
        if self._config.registry.enabled:
            self._unit(
                "site/registry", f"{REGISTRY_VERSION} {prefix}", lambda: render_discovery(prefix)
            )
        self._unit("site/hosting", f"{HOSTING_VERSION} {prefix}", lambda: render_hosting(prefix))

    def _unit(self, name: str, inputs: str, outputs: _Outputs) -> None:
        key = sha256(inputs.encode("utf-8", "surrogatepass")).hexdigest()
        known = self._writer.known(name)
        if known is not None and known.key == key and self._writer.keep(name):
            self._report.units_unchanged += 1
            return
        try:
            self._writer.write(name, key, outputs())
        except Exception as error:  # noqa: BLE001 - one unit never stops the rest; it is told as our bug
            told = f"cannot be rendered: {type(error).__name__}: {error}"
            self._report.issues.add(issue("BLD001", Location(name), told))
            if self._writer.keep(name):
                kept = "the previous objects are kept"
                self._report.issues.add(issue("BLD002", Location(name), kept))


def site_prefix(site_url: str) -> str:
    """The path of the site at its host, with a slash at both ends."""
    path = urlsplit(site_url).path.strip("/")
    return f"/{path}/" if path else "/"
