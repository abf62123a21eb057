"""The room's door: everything that can be rendered, and the version of what comes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator
from hashlib import sha256
from pathlib import Path

from builder.model.address import Address, Kind
from builder.model.artifact import Artifact, Output
from builder.model.docs import ReleaseDocs
from builder.model.issue import Issue
from builder.pages import navigation
from builder.pages.assets import render_assets
from builder.pages.bodies import Bodies, BodyEntries
from builder.pages.catalog import render_catalog
from builder.pages.environment import folder_digest, template_folder
from builder.pages.linkreport import LinkReport
from builder.pages.links import LinkHosts, PageTargets, Resolver
from builder.pages.package import compact, render_package
from builder.pages.release import Release, module_outputs, provider_outputs
from builder.pages.site import Site

__all__ = [
    "PAGES_VERSION",
    "pages_version",
    "render_assets",
    "render_catalog",
    "render_package",
    "render_release",
]

# Equal for equal templates, assets and code of this room: what was rendered under another version is rendered again.
PAGES_VERSION = folder_digest((template_folder(), Path(__file__).parent), without="new")


def pages_version(site: Site) -> str:
    """PAGES_VERSION together with the site's facts and an operator's own templates: the room's part of a work key."""
    parts = (PAGES_VERSION, site.digest, folder_digest(site.templates))
    return sha256("\0".join(parts).encode()).hexdigest()


def render_release(
    site: Site,
    docs: ReleaseDocs,
    read: Callable[[str], bytes],
    bodies: BodyEntries,
    *,
    segment: str,
    hosts: Collection[str] = (),
    packages: Callable[[Address], bool] = lambda _: False,
    versions: Container[str] = (),
    report: Callable[[Issue], None] = lambda _: None,
) -> Iterator[Output]:
    """All pages of one release under `segment`: its version's segment, or `latest`. Pulumi packages have none here.

    `read` gives the bytes of a text by its blob id; `bodies` is the body cache. `hosts` are those of registries in
    links, `packages` says whether an address is documented here, `versions` are the segments of this package's versions
    with pages (links that name one of them stay inside the site). `report` is told of each link that leads nowhere,
    after the last output was taken.
    """
    documents = navigation.pages(docs)
    is_module = docs.address.kind is Kind.MODULE
    targets = PageTargets.of_parts(docs.parts) if is_module else PageTargets.of_documents(documents)

    def resolver(page: str) -> Resolver:
        return Resolver(
            docs.address,
            targets,
            page,
            hosts=LinkHosts(registries=tuple(hosts)),
            packages=packages,
            versions=versions,
            repository=docs.repository if is_module else None,
        )

    links = LinkReport(docs.address.path, str(docs.version))
    release = Release(
        site=site,
        docs=docs,
        segment=segment,
        read=read,
        bodies=Bodies(bodies, docs.address, read),
        resolver=resolver,
        links=links,
    )
    match docs.address.kind:
        case Kind.PROVIDER:
            yield from provider_outputs(release)
        case Kind.MODULE:
            yield from module_outputs(release)
        case Kind.PACKAGE:
            return
    yield Artifact(f"{release.base}/links.json", compact(links.facts()))
    for found in links.issues():
        report(found)
